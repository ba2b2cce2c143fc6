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
		if cols := closeColumns(widths[:n], w); cols != nil {
			return cols
		}
	}
	return nil
}

// closeColumns gives up equal steps for equal gaps, so that one wide stat does
// not push the last one off the row; nil when even that is too tight.
func closeColumns(widths []int, w int) []int {
	room := w
	for _, n := range widths {
		room -= n
	}
	gaps := len(widths) - 1
	if gaps < 1 || room < gaps*gap {
		return nil
	}
	cols := make([]int, len(widths))
	at := 0
	for i, n := range widths {
		cols[i] = at
		if i < gaps {
			at += n + room*(i+1)/gaps - room*i/gaps
		}
	}
	return cols
}
