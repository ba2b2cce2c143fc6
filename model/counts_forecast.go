package model

import (
	"math"
	"slices"
	"time"
)

// How a pace is measured.
const (
	paceDays    = 30 // the window in days
	paceMinRows = 8  // fewer rows say too little
	paceMinSpan = 14 // days between first and last row of the window
	paceMaxAge  = 7  // an older newest row is no base for a forecast
)

// renewalOpens is how many days before the end of a term its renewal opens
// (contract §6.5).
const renewalOpens = 15

// horizon is how far a forecast looks, in days. Beyond it a straight line says
// nothing.
const horizon = 2 * 365

// Pace is how fast the billable count grows.
type Pace struct {
	PerWeek float64 `json:"per_week"` // users a week, negative when it shrinks
	Rows    int     `json:"rows"`     // daily counts it rests on
	From    Day     `json:"from"`
	To      Day     `json:"to"`
}

// Pace returns the growth over the newest 30 days: the median of the slopes
// between all pairs of rows (Theil–Sen), which a single odd day cannot move.
// It is unknown with fewer than 8 rows, less than 14 days between the first and
// the last of them, or a newest row older than a week.
func (c DailyCounts) Pace(today Day) Opt[Pace] {
	rows := c.Between(today.Add(-paceDays), today)
	if len(rows) < paceMinRows {
		return None[Pace]()
	}
	first, last := rows[0].Day(), rows[len(rows)-1].Day()
	if last.Sub(first) < paceMinSpan || today.Sub(last) > paceMaxAge {
		return None[Pace]()
	}
	slopes := make([]float64, 0, len(rows)*(len(rows)-1)/2)
	for i, a := range rows {
		for _, b := range rows[i+1:] {
			slopes = append(slopes, float64(b.Count-a.Count)/float64(b.Day().Sub(a.Day())))
		}
	}
	return Some(Pace{PerWeek: 7 * median(slopes), Rows: len(rows), From: first, To: last})
}

func median(v []float64) float64 {
	slices.Sort(v)
	if n := len(v); n%2 == 1 {
		return v[n/2]
	}
	return (v[len(v)/2-1] + v[len(v)/2]) / 2
}

// Forecast is what is coming: an estimate, except for the dates of the
// contract.
type Forecast struct {
	Pace         Opt[Pace] `json:"pace"`
	LimitOn      Day       `json:"limit_reached_on"` // the day on which no seat is left at this pace
	Why          string    `json:"why,omitempty"`    // why there is no such day
	RenewalOpens Day       `json:"renewal_opens_on"` // 15 days before the end
}

// ForecastOf works out when the seats run out at the present pace, from the
// daily counts, the seats in force and the terms to come.
func ForecastOf(f *Facts, now time.Time) Forecast {
	today := DayOf(now)
	l := f.License.Value
	var out Forecast
	if f.License.Known() && l.Present() {
		out.RenewalOpens = l.Ends.Add(-renewalOpens)
	}
	out.Pace = f.Daily.Value.Pace(today)
	out.LimitOn, out.Why = limitDay(f, out.Pace, today)
	return out
}

func limitDay(f *Facts, pace Opt[Pace], today Day) (Day, string) {
	l := f.License.Value
	switch {
	case !f.License.Known():
		return 0, "the licence is not known"
	case !l.Present():
		return 0, "no licence, no limit"
	case l.NoLimit:
		return 0, "this licence has no limit"
	case !l.Seats.Known():
		return 0, "the seats are not known"
	}
	base, ok := f.Daily.Value.Newest()
	if d, known := l.Daily.Get(); known {
		base, ok = DayCount{At: today.Time(), Count: d}, true
	}
	if !ok {
		return 0, "no daily counts are known"
	}
	if base.Count >= l.Seats.Or(0) {
		return 0, "no seat is left now"
	}
	p, ok := pace.Get()
	if !ok {
		return 0, "too few daily counts to say"
	}
	if p.PerWeek <= 0 {
		return 0, "not growing"
	}
	return crossing(l, f.Future.Value, base, p.PerWeek/7, today)
}

// crossing walks the line day by day, because the seats in force step where a
// term to come begins.
func crossing(l License, future []Term, base DayCount, perDay float64, today Day) (Day, string) {
	now := Term{Starts: l.Starts, Ends: l.Ends, Seats: l.Seats}
	if now.Starts > today || !now.Starts.Known() {
		now.Starts = today // the licence in force is in force, whatever its dates say
	}
	steps := LimitSteps([]Term{now}, future)
	start := base.Day()
	for n := 0; n <= horizon; n++ {
		d := start.Add(n)
		s, _ := LimitAt(steps, d)
		seats, known := s.Seats.Get()
		if !known {
			if s.NoLimit {
				return 0, "not before a term without a limit begins"
			}
			return 0, "not before the term ends"
		}
		if int(math.Floor(float64(base.Count)+float64(n)*perDay+1e-9)) >= seats && d >= today {
			return d, ""
		}
	}
	return 0, "not within two years"
}
