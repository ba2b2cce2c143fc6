//go:build lab

package ui

// How much the random tests do in the labs.
const (
	manySizes = 10_000
	manyKeys  = 10_000
)
