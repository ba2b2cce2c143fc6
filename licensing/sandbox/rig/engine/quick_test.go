//go:build !lab

package engine

// How often the long tests go round when they must be quick.
const (
	claims = 25
	kills  = 1
)
