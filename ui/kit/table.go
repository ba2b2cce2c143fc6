package kit

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"seatdeck/ui/theme"
)

// Table is a small table without a cursor: terms, stages, before and after.
type Table struct {
	Columns []Column
	// NoHeader leaves the titles out.
	NoHeader bool
	Rows     [][]Cell
}

// Lines draws the table on w cells, one line for the header and one for each
// row. Cells beyond the columns are ignored, missing ones blank.
func (t Table) Lines(th *theme.Theme, w int) []string {
	if w <= 0 {
		return nil
	}
	places := placeColumns(t.Columns, w, -1)
	out := make([]string, 0, len(t.Rows)+1)
	if !t.NoHeader {
		out = append(out, headings(th, t.Columns, places, 0, w, -1, false))
	}
	for _, cells := range t.Rows {
		var row []byte
		used := 0
		for _, p := range places {
			var c Cell
			if p.index < len(cells) {
				c = cells[p.index]
			}
			col := &t.Columns[p.index]
			if at, width := col.room(th, c, p.at, p.width, used, w); width > 0 {
				row = appendCell(row, th, c, col.Right, at-used, width)
				used = at + width
			}
		}
		out = append(out, string(append(row, spaces(w-used)...)))
	}
	return out
}

// Tail shortens a block of lines to h of them. If some are left out, the last
// line shown says how many at its right end, with the key that shows them:
// "… 2 more, enter". A line whose own words reach that far gives its place up:
// half a line beside the note reads like a whole one.
func Tail(th *theme.Theme, lines []string, w, h int, key string) []string {
	if h <= 0 || w <= 0 {
		return nil
	}
	if len(lines) <= h {
		return FitLines(lines, w, len(lines))
	}
	out := FitLines(lines, w, h)
	note := func(left int) string {
		text := th.Glyph.Cut + " " + Thousands(left) + " more"
		if key != "" {
			text += ", " + key
		}
		return clean(th.Glyph.Text(text))
	}
	text, last := note(len(lines)-h), out[h-1]
	if words := Width(strings.TrimRight(ansi.Strip(last), " ")); words > w-Width(text)-gap {
		text, last = note(len(lines)-h+1), ""
	}
	if n := Width(text); n+gap <= w {
		out[h-1] = Pad(last, w-n-gap) + spaces(gap) + th.Label.Render(text)
	}
	return out
}
