package kit

import (
	"image"

	"seatdeck/ui/theme"
)

// Dialog is a box with a heavy square frame: the only heavy thing there is.
type Dialog struct {
	Title string
	// Danger draws the frame in the colour of what is bad: levels 2 and 3, errors.
	Danger bool
	// Flat leaves out the blank row at the top, for boxes that begin with a field.
	Flat bool
}

// dialogCols are a dialog's edges: a line and two columns on each side.
const dialogCols = 6

// Inner returns the room for the body in a dialog of w by h cells.
func (d Dialog) Inner(w, h int) (int, int) {
	return max(w-dialogCols, 0), max(h-d.rows(), 0)
}

// Outer returns the size of a dialog around a body of w by h cells.
func (d Dialog) Outer(w, h int) (int, int) { return w + dialogCols, h + d.rows() }

func (d Dialog) rows() int {
	if d.Flat {
		return 2
	}
	return 3
}

// Place returns the rectangle for a dialog of w by h cells in the middle of the
// screen's body, cut to it. A body too small for a margin is filled.
func (d Dialog) Place(body image.Rectangle, w, h int) image.Rectangle {
	w, h = min(w, body.Dx()), min(h, body.Dy())
	x := body.Min.X + (body.Dx()-w)/2
	y := body.Min.Y + (body.Dy()-h)/2
	return image.Rect(x, y, x+w, y+h)
}

// Box draws the dialog of w by h cells.
func (d Dialog) Box(th *theme.Theme, w, h int, body Part) []string {
	if h <= 0 || w <= 0 {
		return nil
	}
	if w <= dialogCols || h < 2 {
		return FitLines(nil, w, h)
	}
	line := th.Accent
	if d.Danger {
		line = th.Bad
	}
	g := &th.Glyph
	title := spanPieces(th, []Span{{th.Figure, d.Title}}, w-6)
	out := make([]string, 0, h)
	out = append(out, line.Render(g.HeavyTopLeft+g.HeavyHorizontal)+d.heading(th, line, title, w-3)+
		line.Render(g.HeavyTopRight))
	side := line.Render(g.HeavyVertical)
	if !d.Flat && h > 2 {
		out = append(out, side+spaces(w-2)+side)
	}
	inner := w - dialogCols
	for i := 0; len(out) < h-1; i++ {
		mark, text := " ", spaces(inner)
		if i+1 == body.Cursor {
			mark = th.Accent.Render(g.Cursor)
		}
		if i < len(body.Lines) {
			text = Pad(body.Lines[i], inner)
		}
		out = append(out, side+" "+mark+text+"  "+side)
	}
	return append(out, line.Render(g.HeavyBottomLeft+repeat(g.HeavyHorizontal, w-2)+g.HeavyBottomRight))
}

// heading is the title between heavy dashes, w cells wide.
func (d Dialog) heading(th *theme.Theme, line theme.Style, title []piece, w int) string {
	n := total(title)
	if n == 0 {
		return line.Render(repeat(th.Glyph.HeavyHorizontal, w))
	}
	return string(appendPieces([]byte{' '}, title)) + " " +
		line.Render(repeat(th.Glyph.HeavyHorizontal, w-n-2))
}
