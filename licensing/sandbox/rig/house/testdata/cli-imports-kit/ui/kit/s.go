// Package kit is an example.
package kit
