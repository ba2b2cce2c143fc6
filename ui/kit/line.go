package kit

import (
	"seatdeck/ui/theme"
)

// Line builds one row of exact width out of styled pieces: a group at the left
// edge and a group at the right edge. What does not fit is cut by the rule of
// Cut, the left group first as long as a third of the row is left to it.
//
// A Line is used once: make it, put pieces in, take its String.
type Line struct {
	th          *theme.Theme
	width       int
	left, right []piece
	lw, rw      int
	toRight     bool
}

type piece struct {
	style  theme.Style
	text   string
	width  int
	styled bool // text carries its own styles
	simple bool // plain text of one-cell runes
}

// plainPiece measures clean text.
func plainPiece(style theme.Style, text string) piece {
	m := measure(text)
	return piece{style: style, text: text, width: m.width, simple: m.simple}
}

// NewLine begins a row of w cells.
//
//go:noinline
func NewLine(th *theme.Theme, w int) *Line {
	return &Line{th: th, width: max(w, 0)}
}

// Put adds plain text in a style to the group being built.
func (l *Line) Put(s theme.Style, text string) *Line {
	return l.add(plainPiece(s, clean(l.th.Glyph.Text(text))))
}

// Spans adds several pieces.
func (l *Line) Spans(spans ...Span) *Line {
	for _, s := range spans {
		l.Put(s.Style, s.Text)
	}
	return l
}

// Value adds text at the level of facts.
//
//go:noinline
func (l *Line) Value(text string) *Line { return l.Put(l.th.Value, text) }

// Label adds text at the level of labels.
//
//go:noinline
func (l *Line) Label(text string) *Line { return l.Put(l.th.Label, text) }

// Figure adds text at the level of figures.
//
//go:noinline
func (l *Line) Figure(text string) *Line { return l.Put(l.th.Figure, text) }

// Mark adds a glyph in its colour and one space after it.
func (l *Line) Mark(s theme.Style, glyph string) *Line {
	return l.Put(s, glyph).Put(theme.Style{}, " ")
}

// Styled adds text that has its styles already, such as a Rule. It is cut
// without a mark.
func (l *Line) Styled(text string) *Line {
	m := measure(text)
	if !m.safe || m.open {
		text = Pad(text, m.width)
		m = measure(text)
	}
	if !m.simple {
		text = reset + text + reset // nothing may join across its edges
	}
	return l.add(piece{text: text, width: m.width, styled: true})
}

// Space adds n blank cells.
func (l *Line) Space(n int) *Line {
	if n <= 0 {
		return l
	}
	return l.add(piece{text: spaces(n), width: n, simple: true})
}

// Right turns to the group at the right edge.
func (l *Line) Right() *Line {
	l.toRight = true
	return l
}

// At moves the left group to column col, counted from 0. What stands beyond it
// already is cut to leave one blank cell, so columns stay columns.
func (l *Line) At(col int) *Line {
	if l.lw >= col && l.lw > 0 {
		l.left = cutPieces(l.left, col-1, l.th.Glyph.Cut)
		l.lw = total(l.left)
	}
	return l.Space(col - l.lw)
}

// Number puts text so that it ends before column end: right-aligned figures in
// a column. Text that does not fit between what is there and end is cut.
func (l *Line) Number(end int, s theme.Style, text string) *Line {
	text = clean(l.th.Glyph.Text(text))
	w := Width(text)
	if room := end - l.lw; w > room {
		text = Cut(text, room, l.th.Glyph.Cut)
		w = Width(text)
	}
	return l.Space(end - l.lw - w).add(piece{style: s, text: text, width: w})
}

// Used is the number of cells the left group takes so far.
func (l *Line) Used() int { return l.lw }

func (l *Line) add(p piece) *Line {
	if p.width == 0 {
		return l
	}
	if l.toRight {
		l.right, l.rw = append(l.right, p), l.rw+p.width
	} else {
		l.left, l.lw = append(l.left, p), l.lw+p.width
	}
	return l
}

// String returns the row, exactly as wide as asked.
func (l *Line) String() string {
	if l.width == 0 {
		return ""
	}
	l.squeeze()
	size := l.width + 8
	for _, group := range [][]piece{l.left, l.right} {
		for _, p := range group {
			size += len(p.text) + 8
		}
	}
	out := make([]byte, 0, size)
	out = appendPieces(out, l.left)
	out = append(out, spaces(l.width-l.lw-l.rw)...)
	out = appendPieces(out, l.right)
	return string(out)
}

// squeeze cuts the groups until they fit beside each other.
func (l *Line) squeeze() {
	between := 0
	if l.lw > 0 && l.rw > 0 {
		between = gap
	}
	if l.lw+between+l.rw <= l.width {
		return
	}
	room := l.width - between
	keep := min(l.lw, room/3)
	if l.rw > room-keep {
		keep = min(l.lw, room/2)
		l.right = cutPieces(l.right, room-keep, l.th.Glyph.Cut)
		l.rw = total(l.right)
	}
	if l.rw == 0 {
		between = 0
	}
	l.left = cutPieces(l.left, l.width-between-l.rw, l.th.Glyph.Cut)
	l.lw = total(l.left)
}

// appendPieces writes pieces one after the other. Neighbours of one style share
// their sequences as long as their letters cannot join.
func appendPieces(dst []byte, pieces []piece) []byte {
	for i := 0; i < len(pieces); i++ {
		p := pieces[i]
		switch {
		case p.styled:
			dst = append(dst, p.text...)
		case !p.simple:
			dst = appendText(dst, p.style, p.text)
		default:
			dst = append(dst, p.style.Open()...)
			dst = append(dst, p.text...)
			for i+1 < len(pieces) && pieces[i+1].simple && pieces[i+1].style == p.style {
				i++
				dst = append(dst, pieces[i].text...)
			}
			dst = append(dst, p.style.Close()...)
		}
	}
	return dst
}

func total(pieces []piece) int {
	sum := 0
	for _, p := range pieces {
		sum += p.width
	}
	return sum
}

// cutPieces shortens a group to w cells. The piece that crosses the edge is cut
// by Cut's rule; blank pieces left at the end go too.
func cutPieces(pieces []piece, w int, mark string) []piece {
	used := 0
	for i, p := range pieces {
		if used+p.width <= w {
			used += p.width
			continue
		}
		kept := pieces[:i:i]
		if p.styled {
			text := Pad(p.text, w-used)
			p.text, p.width = text, Width(text)
		} else {
			p = plainPiece(p.style, Cut(p.text, w-used, mark))
		}
		if p.width > 0 {
			return append(kept, p)
		}
		return trimBlank(kept)
	}
	return pieces
}

func trimBlank(pieces []piece) []piece {
	for n := len(pieces); n > 0; n-- {
		p := pieces[n-1]
		if p.styled || Width(p.text) > 0 && p.text != spaces(p.width) {
			return pieces[:n]
		}
	}
	return nil
}
