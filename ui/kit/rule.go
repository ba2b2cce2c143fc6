package kit

import (
	"math"

	"seatdeck/ui/theme"
)

// MaxRule is the longest a rule gets in a list, in cells.
const MaxRule = 60

// Rule is a heavy line in half cells: a share of a whole.
type Rule struct {
	Value float64 // length, in the unit of Whole
	Whole float64 // what the full width stands for
	// Offset moves the beginning, for waterfalls: each rule begins where the one
	// above it ended.
	Offset float64
	// Track draws a thin line where the rule is not: for parts of a whole.
	Track bool
	Style theme.Style
}

// Render draws the rule on w cells. Any value above zero gets at least half a
// cell; a whole of zero or less draws nothing but the track.
func (r Rule) Render(th *theme.Theme, w int) string {
	if w <= 0 {
		return ""
	}
	from, to := halves(r.Offset, r.Offset+r.Value, r.Whole, w)
	return drawHalves(th, r.Style, w, r.Track, func(half int) bool { return half >= from && half < to })
}

// halves turns an interval of a whole into half cells of w cells.
func halves(from, to, whole float64, w int) (int, int) {
	if !(whole > 0) || !(to > from) {
		return 0, 0
	}
	n := float64(2 * w)
	a := int(math.Round(min(max(from/whole, 0), 1) * n))
	b := int(math.Round(min(max(to/whole, 0), 1) * n))
	switch {
	case a < b:
	case a > 0:
		a-- // to the left: in a waterfall the rule above stands on the right
	default:
		b++
	}
	return a, b
}

// drawHalves draws w cells whose half cells are on or off.
func drawHalves(th *theme.Theme, style theme.Style, w int, track bool, on func(half int) bool) string {
	g := &th.Glyph
	off, end := " ", g.RuleLeft
	if track {
		off, end = g.Track, g.RuleEnd
	}
	l := NewLine(th, w)
	for i := range w {
		switch left, right := on(2*i), on(2*i+1); {
		case left && right:
			l.raw(style, g.Rule)
		case left:
			l.raw(style, end)
		case right:
			l.raw(style, g.RuleRight)
		default:
			l.raw(th.Label, off)
		}
	}
	return l.String()
}

// raw adds one glyph of the theme, known to be one cell.
func (l *Line) raw(s theme.Style, glyph string) *Line {
	if glyph == " " {
		s = theme.Style{}
	}
	return l.add(piece{style: s, text: glyph, width: 1, simple: true})
}

// Timeline draws lengths one after the other in one rule of w cells with half a
// cell between them, as the stages of a run.
func Timeline(th *theme.Theme, style theme.Style, lengths []float64, w int) string {
	if w <= 0 {
		return ""
	}
	sum := 0.0
	for _, n := range lengths {
		sum += max(n, 0)
	}
	breaks := make(map[int]bool, len(lengths))
	at := 0.0
	for i, n := range lengths {
		at += max(n, 0)
		if i < len(lengths)-1 && sum > 0 {
			breaks[int(math.Round(at/sum*float64(2*w)))] = true
		}
	}
	return drawHalves(th, style, w, false, func(half int) bool { return sum > 0 && !breaks[half] })
}
