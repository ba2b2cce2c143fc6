//go:build !lab

package ui

// How much the random tests do in an ordinary run; the labs do all of it.
const (
	manySizes = 800
	manyKeys  = 2_000
)
