package model

import "slices"

// LimitStep says which number of seats is in force from a day on, until the
// next step.
type LimitStep struct {
	From    Day      `json:"from"`
	Seats   Opt[int] `json:"seats"`    // unknown: no term in force, or one without a limit
	NoLimit bool     `json:"no_limit"` // a term is in force that records no limit
	Plan    Plan     `json:"plan"`
}

// LimitSteps returns the seats in force over time, oldest first, from licence
// rows and terms to come. A row is in force from the later of its start and
// the day it reached the instance, until its end (it is expired on that day,
// contract §4.4); where rows overlap, the one received last counts.
func LimitSteps(terms, future []Term) []LimitStep {
	all := append(slices.Clone(terms), future...)
	var days []Day
	for _, t := range all {
		if f := t.inForce(); f.Known() {
			days = append(days, f)
			if t.Ends > f {
				days = append(days, t.Ends)
			}
		}
	}
	slices.Sort(days)
	var steps []LimitStep
	for _, d := range slices.Compact(days) {
		s := limitOn(all, d)
		if n := len(steps); n > 0 && sameLimit(steps[n-1], s) {
			continue
		}
		steps = append(steps, s)
	}
	return steps
}

func (t Term) inForce() Day { return max(t.Starts, t.Added) }

func sameLimit(a, b LimitStep) bool {
	return a.Seats == b.Seats && a.NoLimit == b.NoLimit && a.Plan == b.Plan
}

func limitOn(terms []Term, d Day) LimitStep {
	best := -1
	for i, t := range terms {
		f := t.inForce()
		if !f.Known() || f > d || t.Ends.Known() && t.Ends <= d {
			continue
		}
		if best < 0 || f > terms[best].inForce() || f == terms[best].inForce() && t.Added > terms[best].Added {
			best = i
		}
	}
	if best < 0 {
		return LimitStep{From: d}
	}
	t := terms[best]
	return LimitStep{From: d, Seats: t.Seats, NoLimit: t.NoLimit, Plan: t.Plan}
}

// LimitAt returns the step in force on a day; ok is false before the first.
func LimitAt(steps []LimitStep, d Day) (LimitStep, bool) {
	i, found := slices.BinarySearchFunc(steps, d, func(s LimitStep, d Day) int { return s.From.Sub(d) })
	if found {
		return steps[i], true
	}
	if i == 0 {
		return LimitStep{}, false
	}
	return steps[i-1], true
}
