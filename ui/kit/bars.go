package kit

import (
	"math"

	"seatdeck/ui/theme"
)

// Bar is one bar of a small bar chart.
type Bar struct {
	Label string // below the bar, three letters: a month
	Value int
	Known bool
}

// barCols is a bar and the blank after it.
const barCols = 4

// Bars draws bars with the number on top on w by h cells, the labels in the
// last line. The newest bars, at the end, are kept when there is too little
// room. Below three lines the result is nil.
func Bars(th *theme.Theme, bars []Bar, w, h int) []string {
	fit := (w + 1) / barCols
	if h < 3 || fit < 1 || len(bars) == 0 {
		return nil
	}
	bars = bars[max(len(bars)-fit, 0):]
	top := 1
	for _, b := range bars {
		if b.Known {
			top = max(top, b.Value)
		}
	}
	// One row above the highest crest is for its number.
	rows := h - 1
	heights := make([]int, len(bars))
	for i, b := range bars {
		if b.Known && b.Value > 0 {
			e := math.Round(float64(b.Value) / float64(top) * float64((rows-1)*eighths))
			heights[i] = max(int(e), 1)
		}
	}
	out := make([]string, 0, h)
	for r := rows - 1; r >= 0; r-- {
		l := NewLine(th, w)
		for i, b := range bars {
			l.At(i * barCols)
			barCell(l, b, heights[i], r)
		}
		out = append(out, l.String())
	}
	axis := NewLine(th, w)
	for i, b := range bars {
		axis.At(i * barCols).Label(Cut(b.Label, barCols-1, ""))
	}
	return append(out, axis.String())
}

// barCell draws row r of a bar that is e eighths high.
func barCell(l *Line, b Bar, e, r int) {
	g := &l.th.Glyph
	crest := (e+eighths-1)/eighths - 1
	switch {
	case r == crest+1:
		text := g.None
		if b.Known {
			text = Thousands(b.Value)
		}
		l.Number(l.Used()+barCols-1, l.th.Value, text)
	case r == crest:
		l.Put(l.th.Accent, repeat(g.Crest[(e-1)%eighths], barCols-1))
	case r < crest:
		l.Put(l.th.AccentQuiet, repeat(g.Body, barCols-1))
	}
}
