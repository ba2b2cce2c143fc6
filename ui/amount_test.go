//go:build !lab

package ui

// How much the random tests do in an ordinary run; the labs do all of it.
const (
	manySizes    = 800
	manyKeys     = 2_000
	manyConsents = 500
	// Of what carries hostile text, every so many-th is looked at: account, text
	// in the facts, and text on the screens beside the first.
	accountSteps = 12
	textSteps    = 40
	placeSteps   = 5
)
