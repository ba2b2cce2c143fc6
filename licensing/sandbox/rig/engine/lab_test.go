//go:build lab

package engine

// How often the long tests go round in a lab: 500 claims, and 1,200 kills over
// all places and behaviours (faults S-14, R-15).
const (
	claims = 500
	kills  = 35
	// realKills, at each of the places of the real acts, come to 1,200 as well.
	realKills = 22
)
