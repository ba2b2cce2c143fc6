package kit

import (
	"seatdeck/ui/theme"
)

// Frame is a thin rounded frame. A pane is one frame around one part; a full
// screen is one frame around up to three parts with single lines between them.
type Frame struct {
	Number string // "1"; may be empty
	Title  string
	// Tabs, if there are any, stand in the top border instead of the title.
	Tabs   []Tab
	Active int // index of the tab shown

	Left  string // note in the bottom border, such as "1–31 of 58"
	Right string // note in the bottom border: where the data is from, and when
	Warn  bool   // the right note is a warning
	Focus bool

	// Band is the height of a full-width part at the top, 0 for none.
	Band int
	// Divide is the width of the left part with its padding, 0 for one part.
	Divide int
}

// Inner gives the width and height of the parts inside a frame of w by h cells.
type Inner struct {
	BandW, BandH   int
	LeftW, LeftH   int
	RightW, RightH int
}

// edges of a frame: a line and a column of padding on each side.
const frameCols = 4

// Inner returns the room inside the frame, part by part. Parts that do not
// exist or have no room are 0 by 0. Without Divide the left part is the whole.
func (f Frame) Inner(w, h int) Inner {
	band, divide := f.split(w, h)
	var in Inner
	rows := h - 2
	if band > 0 {
		in.BandW, in.BandH = w-frameCols, band
		rows -= band + 1
	}
	if rows <= 0 || w <= frameCols {
		return Inner{BandW: in.BandW, BandH: in.BandH}
	}
	in.LeftW, in.LeftH = w-frameCols, rows
	if divide > 0 {
		in.LeftW = divide - 2
		in.RightW, in.RightH = w-divide-frameCols-1, rows
	}
	return in
}

// split returns band and divide, or 0 where the frame is too small for them.
func (f Frame) split(w, h int) (band, divide int) {
	if f.Band > 0 && f.Band+4 <= h && w > frameCols {
		band = f.Band
	}
	if f.Divide > 2 && f.Divide+frameCols+1 < w {
		divide = f.Divide
	}
	return band, divide
}

// Parts are the contents of a frame.
type Parts struct {
	Band, Left, Right Part
}

// Pane draws the frame of w by h cells around one part.
func (f Frame) Pane(th *theme.Theme, w, h int, body Part) []string {
	f.Band, f.Divide = 0, 0
	return f.Screen(th, w, h, Parts{Left: body})
}

// Screen draws the frame of w by h cells around its parts. Below 3 by 5 cells
// there is nothing to draw a frame around and the result is blank.
func (f Frame) Screen(th *theme.Theme, w, h int, parts Parts) []string {
	if h <= 0 {
		return nil
	}
	if w <= frameCols || h < 2 {
		return FitLines(nil, w, h)
	}
	d := frameDrawing{f: f, th: th, w: w, line: th.Frame}
	if f.Focus {
		d.line = th.Accent
	}
	d.band, d.divide = f.split(w, h)
	in := f.Inner(w, h)
	out := make([]string, 0, h)
	out = append(out, d.top())
	if d.band > 0 {
		for i := range d.band {
			out = append(out, d.row(parts.Band, i, in.BandW))
		}
		out = append(out, d.separator())
	}
	for i := range h - 1 - len(out) {
		if d.divide > 0 {
			out = append(out, d.pair(parts, i, in))
		} else {
			out = append(out, d.row(parts.Left, i, w-frameCols))
		}
	}
	return append(out, d.bottom())
}

// frameDrawing is a frame while it is drawn.
type frameDrawing struct {
	f            Frame
	th           *theme.Theme
	w            int
	line         theme.Style
	band, divide int
}

func (d *frameDrawing) edge() string { return d.line.Render(d.th.Glyph.Vertical) }

// cell is line i of a part with its padding columns: width is the inner width.
func (d *frameDrawing) cell(p Part, i, width int) string {
	lead := " "
	if i+1 == p.Cursor {
		lead = d.th.Accent.Render(d.th.Glyph.Cursor)
	}
	if i >= len(p.Lines) {
		return lead + spaces(width+1)
	}
	return lead + Pad(p.Lines[i], width) + " "
}

func (d *frameDrawing) row(p Part, i, width int) string {
	return d.edge() + d.cell(p, i, width) + d.edge()
}

func (d *frameDrawing) pair(p Parts, i int, in Inner) string {
	return d.edge() + d.cell(p.Left, i, in.LeftW) +
		d.th.Frame.Render(d.th.Glyph.Vertical) +
		d.cell(p.Right, i, in.RightW) + d.edge()
}

// separator is the line below the band, joined to the frame and to the line
// between the parts.
func (d *frameDrawing) separator() string {
	g := &d.th.Glyph
	mid := repeat(g.Horizontal, d.w-2)
	if d.divide > 0 {
		mid = repeat(g.Horizontal, d.divide) + g.TeeDown + repeat(g.Horizontal, d.w-3-d.divide)
	}
	return d.line.Render(g.TeeRight) + d.th.Frame.Render(mid) + d.line.Render(g.TeeLeft)
}

// top is the border with the title or the tabs.
func (d *frameDrawing) top() string {
	tee := -1
	if d.divide > 0 && d.band == 0 {
		tee = d.divide
	}
	head := d.title()
	if len(d.f.Tabs) > 0 {
		head = tabSpans(d.th, d.f.Tabs, d.f.Active, d.line, d.w-5)
	}
	return d.border(d.th.Glyph.TopLeft, d.th.Glyph.TopRight, d.th.Glyph.TeeDown, tee, head, nil)
}

func (d *frameDrawing) title() []Span {
	number, title := d.th.Label, d.th.Value
	if d.f.Focus {
		number, title = d.th.Accent, d.th.Figure
	}
	if d.f.Number == "" {
		return []Span{{title, d.f.Title}}
	}
	return []Span{{number, d.f.Number}, {title, " " + d.f.Title}}
}

// bottom is the border with the notes.
func (d *frameDrawing) bottom() string {
	tee := -1
	if d.divide > 0 {
		tee = d.divide
	}
	var left, right []Span
	if d.f.Left != "" {
		left = []Span{{d.th.Label, d.f.Left}}
	}
	if d.f.Right != "" {
		style := d.th.Label
		if d.f.Warn {
			style = d.th.Warn
		}
		right = []Span{{style, d.f.Right}}
	}
	return d.border(d.th.Glyph.BottomLeft, d.th.Glyph.BottomRight, d.th.Glyph.TeeUp, tee, left, right)
}

// border draws one horizontal border: corner, dash, left text, dashes, right
// text, dash, corner. Texts have a blank on both sides and cover the tee; when
// there is no room for both, the left one goes first, and one that stands alone
// may reach the corner.
func (d *frameDrawing) border(from, to, join string, tee int, left, right []Span) string {
	run := d.w - 2
	room := run - 1
	rp := spanPieces(d.th, right, room-3)
	rw := total(rp)
	if rw > 0 {
		room -= rw + 4
	}
	lp := spanPieces(d.th, left, room-2)
	lw := total(lp)

	g := &d.th.Glyph
	dashes := []byte(nil)
	dashes = append(dashes, d.line.Open()...)
	dashes = append(dashes, from...)
	col := 0
	dash := func(until int) {
		for ; col < until; col++ {
			if col == tee {
				dashes = append(dashes, join...)
			} else {
				dashes = append(dashes, g.Horizontal...)
			}
		}
	}
	text := func(p []piece, w int) {
		dashes = append(dashes, d.line.Close()...)
		dashes = append(dashes, ' ')
		dashes = appendPieces(dashes, p)
		dashes = append(dashes, ' ')
		dashes = append(dashes, d.line.Open()...)
		col += w + 2
	}
	if lw > 0 {
		dash(1)
		text(lp, lw)
	}
	if rw > 0 {
		dash(run - 1 - rw - 2)
		text(rp, rw)
	}
	dash(run)
	dashes = append(dashes, to...)
	dashes = append(dashes, d.line.Close()...)
	return string(dashes)
}

// spanPieces measures spans and cuts them to w cells.
func spanPieces(th *theme.Theme, spans []Span, w int) []piece {
	l := NewLine(th, max(w, 0)).Spans(spans...)
	if w <= 0 {
		return nil
	}
	return cutPieces(l.left, w, th.Glyph.Cut)
}
