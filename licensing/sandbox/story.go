package sandbox

import (
	"math"
	"time"
)

// storyPlan is what a year and more of daily counts is told from.
type storyPlan struct {
	seed  uint64
	from  time.Time // start of the term before
	term  time.Time // start of the current term
	now   time.Time
	final int // the count of the last day, which the crowd decides
}

// turn is a point of the story: at this share of the term, this share of the
// final count.
type turn struct{ when, size float64 }

// The story of a term: people join, a project peaks half-way, its contractors
// leave, and hiring goes on. The peak is 987 where the end is 962.
var (
	pastTerm    = []turn{{0, 0.742}, {0.3, 0.801}, {0.55, 0.868}, {0.7, 0.861}, {1, 0.914}}
	currentTerm = []turn{{0, 0.916}, {0.30, 0.972}, {0.52, 987.0 / 962}, {0.60, 1.019}, {0.76, 0.979}, {1, 1}}
)

// tellStory writes one row a day, shortly after noon, up to now.
func tellStory(p storyPlan) []dayRow {
	var rows []dayRow
	peak := int(math.Round(float64(p.final) * 987 / 962))
	for day := p.from; ; day = day.AddDate(0, 0, 1) {
		at := noonRow(p.seed, day)
		if at.After(p.now) {
			break
		}
		rows = append(rows, dayRow{at, p.countOn(day, peak)})
	}
	if len(rows) > 0 {
		rows[len(rows)-1].count = p.final
	}
	return rows
}

// countOn is the count of one day: the curve and a small weekly breath, never
// above the peak, which the day of the peak reaches.
func (p storyPlan) countOn(day time.Time, peak int) int {
	curve, from, length := pastTerm, p.from, p.term.Sub(p.from)
	if !day.Before(p.term) {
		curve, from, length = currentTerm, p.term, p.now.Sub(p.term)
	}
	if length <= 0 {
		return p.final
	}
	share := float64(day.Sub(from)) / float64(length)
	if half := float64(12*time.Hour) / float64(length); math.Abs(share-0.52) <= half && !day.Before(p.term) {
		return peak
	}
	breath := int(mix(p.seed, "breath", uint64(day.Unix()/86400))%5) - 3
	return max(0, min(peak-1, int(math.Round(float64(p.final)*along(curve, share)))+breath))
}

// along reads a curve between its points.
func along(curve []turn, when float64) float64 {
	for i := 1; i < len(curve); i++ {
		a, b := curve[i-1], curve[i]
		if when <= b.when {
			return a.size + (b.size-a.size)*(when-a.when)/(b.when-a.when)
		}
	}
	return curve[len(curve)-1].size
}

// noonRow is when the row of a day is written: 12:00 and a few seconds.
func noonRow(seed uint64, day time.Time) time.Time {
	return day.Truncate(24 * time.Hour).Add(12*time.Hour + time.Duration(2+mix(seed, "row", uint64(day.Unix()/86400))%9)*time.Second)
}
