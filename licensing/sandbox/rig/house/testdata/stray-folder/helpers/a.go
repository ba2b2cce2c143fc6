// Package helpers is an example.
package helpers
