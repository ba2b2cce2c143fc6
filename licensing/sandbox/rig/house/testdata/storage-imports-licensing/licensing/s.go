// Package licensing is an example.
package licensing
