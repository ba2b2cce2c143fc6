//go:build !lab

package engine

// How often the long tests go round when they must be quick.
const (
	claims = 25
	kills  = 1
	// realKills is how often a real act is killed at each place.
	realKills = 1
)
