package kit

import "seatdeck/ui/theme"

// arrowCols are the blank and the arrow after the sorted column's title.
const arrowCols = 2

// Column describes one column of a grid or a table.
type Column struct {
	Title string
	// Min and Max bound the width in cells; a Max below Min means fixed at Min.
	Min, Max int
	// Right aligns the cells and the title at the right edge.
	Right bool
	// Priority orders columns by importance, 0 first: the last ones go when the
	// grid is narrow, and the first ones grow first.
	Priority int
	// Spill keeps a name whole that is wider than its column: it runs on, and
	// what stands behind it moves aside where it still fits whole, else it is
	// left out of this row.
	Spill bool
}

// Cell is what stands in one column of one row.
type Cell struct {
	Text  string
	Style theme.Style
	// Glyph stands before the text with a blank between, in its own style.
	Glyph      string
	GlyphStyle theme.Style
}

// placed is a column with its place on the row.
type placed struct {
	index, at, width int
}

// placeColumns chooses the columns that fit into w cells, gives them their
// widths and returns them in the order they stand in. The sorted column, -1 for
// none, is at least as wide as its title with the arrow.
func placeColumns(cols []Column, w, sorted int) []placed {
	order := byPriority(cols)
	used := 0
	shown := make([]bool, len(cols))
	widths := make([]int, len(cols))
	for n, i := range order {
		least := max(cols[i].Min, 1)
		if i == sorted {
			least = max(least, Width(clean(cols[i].Title))+arrowCols)
		}
		need := least
		if n > 0 {
			need += gap
		}
		if used+need > w {
			break
		}
		used += need
		shown[i], widths[i] = true, least
	}
	for _, i := range order {
		if grow := min(cols[i].Max-widths[i], w-used); shown[i] && grow > 0 {
			widths[i] += grow
			used += grow
		}
	}
	out := make([]placed, 0, len(cols))
	at := 0
	for i := range cols {
		if shown[i] {
			out = append(out, placed{index: i, at: at, width: widths[i]})
			at += widths[i] + gap
		}
	}
	return out
}

// room returns where a cell of the column begins on a row of w cells whose first
// used ones are taken, and how wide it is: its place, unless a name that spilled
// stands in the way. It has no width where it would have to be cut for that.
func (c *Column) room(th *theme.Theme, cell Cell, at, width, used, w int) (from, wide int) {
	from, wide = at, width
	if used > 0 && used+gap > at {
		from, wide = used+gap, at+width-used-gap
		if cellWidth(th, cell) > wide {
			return from, 0
		}
	}
	if c.Spill {
		wide = min(max(wide, cellWidth(th, cell)), w-from)
	}
	return from, wide
}

// cellWidth is the room that a cell takes uncut.
func cellWidth(th *theme.Theme, c Cell) int {
	n := Width(clean(th.Glyph.Text(c.Text)))
	if c.Glyph != "" {
		n += 2
	}
	return n
}

// byPriority returns the columns' indexes, the most important first. Columns of
// one priority keep their order. There are a dozen at most.
func byPriority(cols []Column) []int {
	order := make([]int, len(cols))
	for i := range cols {
		order[i] = i
		for k := i; k > 0 && cols[order[k]].Priority < cols[order[k-1]].Priority; k-- {
			order[k], order[k-1] = order[k-1], order[k]
		}
	}
	return order
}

// headings draws the line of titles: faint, the sorted one plain with its arrow.
func headings(th *theme.Theme, cols []Column, places []placed, lead, w, sorted int, descending bool) string {
	out := make([]byte, 0, 2*w+16)
	out = append(out, spaces(min(lead, w))...)
	used := min(lead, w)
	for _, p := range places {
		c := cols[p.index]
		text, style := clean(th.Glyph.Text(c.Title)), th.Label
		if p.index == sorted {
			arrow := th.Glyph.Up
			if descending {
				arrow = th.Glyph.Down
			}
			text, style = Cut(text, p.width-arrowCols, th.Glyph.Cut)+" "+arrow, th.Value
		}
		out = appendCell(out, th, Cell{Text: text, Style: style}, c.Right, lead+p.at-used, p.width)
		used = lead + p.at + p.width
	}
	return string(append(out, spaces(w-used)...))
}

// appendCell adds blank cells up to a column and the cell's text at its width.
func appendCell(dst []byte, th *theme.Theme, c Cell, right bool, before, width int) []byte {
	text := clean(th.Glyph.Text(c.Text))
	room := width
	if c.Glyph != "" {
		room -= 2
	}
	tw := Width(text)
	if tw > room {
		text = Cut(text, room, th.Glyph.Cut)
		tw = Width(text)
	}
	fill := max(room-tw, 0)
	if room < 0 {
		return append(dst, spaces(before+width)...)
	}
	if right {
		before += fill
	}
	dst = append(dst, spaces(before)...)
	if c.Glyph != "" {
		dst = c.GlyphStyle.Append(dst, c.Glyph)
		dst = append(dst, ' ')
	}
	dst = appendText(dst, c.Style, text)
	if !right {
		dst = append(dst, spaces(fill)...)
	}
	return dst
}
