package kit

import (
	"time"

	"seatdeck/ui/theme"
)

// Point is the count of one day.
type Point struct {
	Day   time.Time // only the date counts
	Value int
	Known bool // false: nobody kept this day
}

// Limit is the limit in force from a day on, until the next one.
type Limit struct {
	From  time.Time
	Value int
}

// Chart is a column chart of daily counts under a limit that steps.
type Chart struct {
	Points []Point // by day, oldest first
	Limits []Limit // by day, oldest first; the first may begin before the points
}

const (
	chartGutter  = 6 // left and right of the columns
	chartMinRows = 4 // with the axis
	chartMinCols = 8 // of the plot
	eighths      = 8
)

// Lines draws the chart on w by h cells, the axis of months in the last line.
// Below four lines, below 20 columns or without one known day there is nothing
// to see and the result is nil: the chart is left out.
func (c Chart) Lines(th *theme.Theme, w, h int) []string {
	if h < chartMinRows || w < 2*chartGutter+chartMinCols {
		return nil
	}
	p := newPlot(th, c, w-2*chartGutter, h-1)
	if p == nil {
		return nil
	}
	p.paint()
	p.label()
	return append(p.lines(w), p.axis(w))
}

// Base returns the count the axis of a chart of this width starts at, for the
// caption "axis starts at 800"; false when nothing is drawn.
func (c Chart) Base(w, h int) (int, bool) {
	if h < chartMinRows || w < 2*chartGutter+chartMinCols {
		return 0, false
	}
	p := newPlot(nil, c, w-2*chartGutter, h-1)
	if p == nil {
		return 0, false
	}
	return p.base, true
}
