//go:build lab

package ui

// How much the random tests do in the labs.
const (
	manySizes    = 10_000
	manyKeys     = 10_000
	manyConsents = 10_000

	// Of what carries hostile text, every so many-th is looked at: account, text
	// in the facts, and text on the screens beside the first.
	accountSteps = 1
	textSteps    = 1
	placeSteps   = 1
)
