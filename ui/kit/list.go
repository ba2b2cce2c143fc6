package kit

import "seatdeck/ui/theme"

// List is a scrolling list of lines: the palette, the messages, a page of help.
type List struct {
	Len int
	// Line draws row i on w cells; selected is the row under the cursor.
	Line func(th *theme.Theme, i, w int, selected bool) string
	// NoCursor makes the list a text: moving it moves the window.
	NoCursor bool
	Scroll
}

// Move moves the cursor, or the window of a list without one, in a view of
// height h and reports whether anything changed.
func (l *List) Move(m Motion, h int) bool {
	if l.NoCursor {
		return l.Shift(m, l.Len, h)
	}
	return l.Scroll.Move(m, l.Len, h)
}

// View draws the list on w by h cells.
func (l *List) View(th *theme.Theme, w, h int) Part {
	if w <= 0 || h <= 0 {
		return Part{}
	}
	part := Part{Lines: make([]string, 0, h)}
	first, last := l.Window(l.Len, h)
	for i := first; i < last; i++ {
		selected := i == l.Cursor && !l.NoCursor
		part.Lines = append(part.Lines, Pad(l.Line(th, i, w, selected), w))
		if selected {
			part.Cursor = len(part.Lines)
		}
	}
	for len(part.Lines) < h {
		part.Lines = append(part.Lines, spaces(w))
	}
	return part
}
