package kit

import (
	"math"
	"slices"
	"time"

	"seatdeck/ui/theme"
)

// plot is a chart while it is drawn: columns of cells, row 0 at the bottom.
type plot struct {
	th         *theme.Theme
	cols, rows int
	first      time.Time // midnight UTC of the first day
	days       int
	column     []column
	limits     []Limit
	base       int
	perRow     float64
	cell       [][]dot // by row, then column
	left       []mark  // labels by row
	right      []mark
}

// column is what one column of the chart shows: the highest day in it.
type column struct {
	value, limit int       // the highest count and the limit on the last day
	last         int       // the newest count
	day          time.Time // of the highest count
	known        bool
	passed       int // the limit a day of it lay over, 0 for none
}

// dot is one cell.
type dot struct {
	style theme.Style
	glyph string
}

// mark is a label in a gutter.
type mark struct {
	style theme.Style
	text  string
}

func midnight(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func daysBetween(a, b time.Time) int { return int(b.Sub(a).Hours()) / 24 }

// newPlot sorts the days into columns and finds the scale. It returns nil when
// no day is known.
func newPlot(th *theme.Theme, c Chart, cols, rows int) *plot {
	if len(c.Points) == 0 {
		return nil
	}
	p := &plot{th: th, cols: cols, rows: rows, first: midnight(c.Points[0].Day)}
	p.days = daysBetween(p.first, midnight(c.Points[len(c.Points)-1].Day)) + 1
	for _, l := range c.Limits {
		if l.Value > 0 {
			p.limits = append(p.limits, Limit{From: midnight(l.From), Value: l.Value})
		}
	}
	if p.days <= 0 || !p.collect(c.Points) {
		return nil
	}
	p.scale()
	return p
}

// limitOn is the limit in force on a day, 0 for none.
func (p *plot) limitOn(day time.Time) int {
	value := 0
	for _, l := range p.limits {
		if l.From.After(day) {
			break
		}
		value = l.Value
	}
	return value
}

// collect gives every column the highest count of its days, so that a peak is
// never averaged away, and the limit of the last one.
func (p *plot) collect(points []Point) bool {
	p.column = make([]column, p.cols)
	any := false
	byDay := make([]Point, p.days)
	for _, pt := range points {
		if d := daysBetween(p.first, midnight(pt.Day)); d >= 0 && d < p.days {
			byDay[d] = pt
		}
	}
	for i := range p.column {
		from, to := p.daysOf(i)
		c := &p.column[i]
		for d := from; d < to; d++ {
			day := p.first.AddDate(0, 0, d)
			c.limit = p.limitOn(day)
			pt := byDay[d]
			if !pt.Known {
				continue
			}
			if !c.known || pt.Value > c.value {
				c.value, c.day = pt.Value, day
			}
			c.last, c.known, any = pt.Value, true, true
			if c.limit > 0 && pt.Value > c.limit {
				c.passed = c.limit
			}
		}
	}
	return any
}

// daysOf are the days of a column, the last one excluded; at least one.
func (p *plot) daysOf(i int) (from, to int) {
	from = i * p.days / p.cols
	return from, max((i+1)*p.days/p.cols, from+1)
}

// headroom keeps the highest limit clear of the upper edge.
const headroom = 1.07

// scale chooses the base and the height of a row. The row above the peak stays
// free for its label; the highest limit has its place below the upper edge.
func (p *plot) scale() {
	low, high, limit := math.MaxInt, math.MinInt, 0
	for _, c := range p.column {
		if c.known {
			low, high = min(low, c.value), max(high, c.value)
			if c.limit > 0 {
				low = min(low, c.limit)
			}
		}
		limit = max(limit, c.limit)
	}
	p.base = roundBase(low, max(high, limit))
	top := float64(limit-p.base) * headroom / (float64(p.rows) - 0.25)
	peak := float64(high-p.base) / float64(p.rows-1)
	p.perRow = max(top, peak, 1e-9)
}

// roundBase is a round number below low, a third of the span from it or a bit
// more, so that the smallest column still has a body; never below zero.
func roundBase(low, high int) int {
	span := max(high-low, 1)
	unit := 1
	for unit*10 <= span/5 {
		unit *= 10
	}
	step := unit
	for _, k := range []int{2, 5} {
		if unit*k <= span/5 {
			step = unit * k
		}
	}
	below := low - max(span/3, 1)
	return max(below-((below%step)+step)%step, 0)
}

// eighthsOf is the height of a count in eighths of a row, at least one.
func (p *plot) eighthsOf(value int) int {
	e := int(math.Round(float64(value-p.base) / p.perRow * eighths))
	return min(max(e, 1), p.rows*eighths)
}

// rowOf is the row a count lies in.
func (p *plot) rowOf(value int) int {
	return min(max(int(float64(value-p.base)/p.perRow), 0), p.rows-1)
}

// paint fills the cells: limit line first, columns over it.
func (p *plot) paint() {
	p.cell = make([][]dot, p.rows)
	for r := range p.cell {
		p.cell[r] = make([]dot, p.cols)
	}
	kept := p.firstKept()
	for i, c := range p.column {
		if c.limit > 0 && i >= kept {
			p.cell[p.rowOf(c.limit)][i] = dot{p.th.Label, p.th.Glyph.Limit}
		}
		if c.known {
			p.paintColumn(i, c)
		}
	}
}

// firstKept is the first column with a known day.
func (p *plot) firstKept() int {
	return slices.IndexFunc(p.column, func(c column) bool { return c.known })
}

func (p *plot) paintColumn(i int, c column) {
	g := &p.th.Glyph
	e := p.eighthsOf(c.value)
	bad := p.rows
	if c.passed > 0 {
		bad = p.rowOf(c.passed)
		e = max(e, bad*eighths+1)
	}
	crest := (e - 1) / eighths
	for r := range crest + 1 {
		d := dot{p.th.AccentQuiet, g.Body}
		switch {
		case r == crest:
			d = dot{p.th.Accent, g.Crest[(e-1)%eighths]}
		case r >= bad:
			d.glyph = g.Crest[eighths-1]
		}
		if r >= bad {
			d.style = p.th.Bad
		}
		p.cell[r][i] = d
	}
}
