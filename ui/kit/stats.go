package kit

import "seatdeck/ui/theme"

// Stat is a faint label above a value.
type Stat struct {
	Label string
	Value []Span
}

// Stats draws a row of stats on two lines of w cells: equal steps, the last one
// flush with the right edge. Those that do not fit go from the end.
func Stats(th *theme.Theme, w int, stats []Stat) (labels, values string) {
	top, row := NewLine(th, w), NewLine(th, w)
	for i, col := range statColumns(th, w, stats) {
		top.At(col).Label(stats[i].Label)
		row.At(col).Spans(stats[i].Value...)
	}
	return top.String(), row.String()
}

// statColumns returns where each stat begins, for as many as fit.
func statColumns(th *theme.Theme, w int, stats []Stat) []int {
	widths := make([]int, len(stats))
	for i, s := range stats {
		widths[i] = max(Width(clean(th.Glyph.Text(s.Label))), spansWidth(th, s.Value))
	}
	for n := len(stats); n > 0; n-- {
		cols := make([]int, n)
		last := w - widths[n-1]
		next := 0
		for i := range n {
			cols[i] = next
			if i == n-1 && n > 1 {
				cols[i] = max(next, last)
			} else if n > 1 {
				cols[i] = max(next, i*last/(n-1))
			}
			next = cols[i] + widths[i] + gap
		}
		if next-gap <= w || n == 1 {
			return cols
		}
	}
	return nil
}
