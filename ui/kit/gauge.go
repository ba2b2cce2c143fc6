package kit

import (
	"math"

	"seatdeck/ui/theme"
)

// Gauge is the hero gauge: what is taken of a limit, with a tick at the peak.
// There is one on a screen.
type Gauge struct {
	Value int
	Known bool // false draws the track alone
	Limit int  // 100 %; 0 or less is no limit
	Peak  int  // highest value so far; 0 for none
}

// over says that the gauge passes its limit, now or at its peak.
func (g Gauge) over() bool { return g.Known && g.Limit > 0 && g.Value > g.Limit }

// full is what the whole width stands for: the limit, or the peak once the
// limit is passed.
func (g Gauge) full() int {
	if g.over() || g.Limit <= 0 {
		return max(g.Value, g.Peak)
	}
	return g.Limit
}

// gaugeCells is a gauge in cells: positions are -1 where there is no tick.
type gaugeCells struct {
	halves, limit, peak int
}

func (g Gauge) cells(w int) gaugeCells {
	c := gaugeCells{limit: -1, peak: -1}
	full := float64(g.full())
	if !g.Known || full <= 0 {
		return c
	}
	share := func(n int) float64 { return min(max(float64(n)/full, 0), 1) * float64(w) }
	c.halves = int(math.Round(2 * share(g.Value)))
	if g.Value > 0 {
		c.halves = max(c.halves, 1)
	}
	if g.Peak > g.Value {
		c.peak = min(int(share(g.Peak)), w-1)
	}
	if g.over() {
		// One cell of what is over must remain between the limit and the end.
		end := (c.halves + 1) / 2
		if c.peak >= 0 {
			end = min(end, c.peak)
		}
		c.limit = max(min(int(share(g.Limit)), end-2), 0)
	}
	if c.peak == c.limit {
		c.peak = -1
	}
	return c
}

// Bar draws the gauge on w cells.
func (g Gauge) Bar(th *theme.Theme, w int) string {
	if w <= 0 {
		return ""
	}
	c := g.cells(w)
	gl := &th.Glyph
	l := NewLine(th, w)
	for i := range w {
		style := th.Accent
		if c.limit >= 0 && i > c.limit {
			style = th.Bad
		}
		switch {
		case i == c.limit:
			l.raw(th.Figure, gl.HeroLimit)
		case i == c.peak:
			l.raw(th.Figure, gl.HeroHalf)
		case 2*i+1 < c.halves:
			l.raw(style, gl.Hero)
		case 2*i < c.halves && style == th.Bad:
			l.raw(style, gl.Hero)
		case 2*i < c.halves:
			l.raw(style, gl.HeroHalf)
		default:
			l.raw(th.Label, gl.HeroTrack)
		}
	}
	return l.String()
}

// Caption is the line below the gauge: blank, or the limit under its tick when
// the gauge is over it.
func (g Gauge) Caption(th *theme.Theme, w int) string {
	if w <= 0 {
		return ""
	}
	c := g.cells(w)
	l := NewLine(th, w)
	if c.limit >= 0 {
		text := "limit " + Thousands(g.Limit)
		end := min(max(c.limit+1, len(text)), w)
		l.Number(end, th.Label, text)
	}
	return l.String()
}
