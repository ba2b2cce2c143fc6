package kit

import (
	"bytes"
	"slices"

	"seatdeck/ui/theme"
)

// markLead is the room before the first column: the mark and a blank. The
// cursor's marker stands left of it, on the frame's padding column.
const markLead = 2

// Row is one row of a grid while it is filled in. Cells has one entry for each
// column, cleared before the grid's Row function is called.
type Row struct {
	Cells  []Cell
	Marked bool
}

// Grid is a table over any number of rows. It keeps no rows: Row is called for
// the rows in the window only, so a million cost what a thousand cost. It keeps
// no identity either: after a reload the caller finds its row again and calls
// Select.
//
// A step of the cursor changes two short things on the screen, the marker and
// the weight of the first cell.
type Grid struct {
	Columns []Column
	Len     int
	// Row fills row i, 0 <= i < Len.
	Row func(i int, r *Row)
	// Sorted is the column whose title carries the arrow, -1 for none.
	Sorted     int
	Descending bool
	// Drawn are the columns that the last view had room for, from left to right.
	Drawn []int
	// NoHeader leaves the line of titles out.
	NoHeader bool
	// NoMarks leaves the room of the marks to the columns: no row is ever marked.
	NoMarks bool
	Scroll
}

// lead is the room before the first column.
func (g *Grid) lead() int {
	if g.NoMarks {
		return 0
	}
	return markLead
}

// Rows is how many rows fit into a view of height h.
func (g *Grid) Rows(h int) int {
	if !g.NoHeader {
		h--
	}
	return max(h, 0)
}

// Move moves the cursor in a view of height h and reports whether it did.
func (g *Grid) Move(m Motion, h int) bool {
	return g.Scroll.Move(m, g.Len, g.Rows(h))
}

// Select puts the cursor on row i, as after a reload or a search.
func (g *Grid) Select(i, h int) {
	g.Cursor = min(max(i, 0), max(g.Len-1, 0))
	g.Top, _ = g.Window(g.Len, g.Rows(h))
}

// Shown returns the rows a view of height h shows, the last one excluded, for
// notes such as "1–31 of 58".
func (g *Grid) Shown(h int) (first, last int) { return g.Window(g.Len, g.Rows(h)) }

// View draws the grid on w by h cells.
func (g *Grid) View(th *theme.Theme, w, h int) Part {
	g.Drawn = g.Drawn[:0]
	if w <= 0 || h <= 0 {
		return Part{}
	}
	lead := g.lead()
	places := placeColumns(g.Columns, w-lead, g.Sorted)
	for _, p := range places {
		g.Drawn = append(g.Drawn, p.index)
	}
	lines := make([]string, 0, h)
	if !g.NoHeader {
		lines = append(lines, headings(th, g.Columns, places, lead, w, g.Sorted, g.Descending))
	}
	first, last := g.Window(g.Len, g.Rows(h))
	part := Part{}
	row := Row{Cells: make([]Cell, len(g.Columns))}
	var buf []byte
	for i := first; i < last; i++ {
		clear(row.Cells)
		row.Marked = false
		g.Row(i, &row)
		at := i == g.Cursor
		buf = g.appendRow(buf[:0], th, places, &row, w, at)
		lines = append(lines, string(buf))
		if at {
			part.Cursor = len(lines)
		}
	}
	for len(lines) < h {
		lines = append(lines, spaces(w))
	}
	part.Lines = lines
	return part
}

// appendRow draws one row. Blanks stay outside the styles, so that equal cells
// of two rows are equal on the screen and cost nothing to repaint. Only between
// two faint cells they are faint as well: nobody sees that, and a row that
// scrolls into sight is sent with two sequences less for each.
func (g *Grid) appendRow(dst []byte, th *theme.Theme, places []placed, r *Row, w int, cursor bool) []byte {
	used, wasFaint, lead := 0, false, g.lead()
	if r.Marked && lead > 0 && w > 0 {
		dst = th.Accent.Append(dst, th.Glyph.Marked)
		used = 1
	}
	for n, p := range places {
		c := r.Cells[p.index]
		if n == 0 && cursor {
			c.Style = th.Figure
		}
		col := &g.Columns[p.index]
		taken := used
		if n == 0 {
			taken = 0 // the mark has its own place
		}
		at, width := col.room(th, c, lead+p.at, p.width, taken, w)
		if width <= 0 {
			continue
		}
		from := len(dst)
		dst = appendCell(dst, th, c, col.Right, at-used, width)
		faint := c.Style == th.Label && c.Glyph == ""
		if faint && wasFaint {
			dst = joinFaint(dst, from, th.Label)
		}
		wasFaint = faint
		used = at + width
	}
	return append(dst, spaces(w-used)...)
}

// joinFaint takes the two sequences out that part the cell from dst[from:] on
// from the one before it, when nothing but blanks is between them.
func joinFaint(dst []byte, from int, faint theme.Style) []byte {
	ends := bytes.LastIndex(dst[:from], []byte(faint.Close()))
	begins := bytes.Index(dst[from:], []byte(faint.Open()))
	if faint.Open() == "" || ends < 0 || begins < 0 {
		return dst
	}
	begins += from
	gap := dst[ends+len(faint.Close()) : begins]
	if len(bytes.TrimLeft(gap, " ")) > 0 {
		return dst
	}
	dst = slices.Delete(dst, begins, begins+len(faint.Open()))
	return slices.Delete(dst, ends, ends+len(faint.Close()))
}
