package users

import (
	"image"
	"slices"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/theme"
)

const (
	bookMin   = 100 // narrowest body in parts side by side
	bookTall  = 22  // lowest body in parts
	bookShare = 48  // percent of the width for the left part
)

// book is the cursor over the rows of the breakdown, through all its parts.
type book struct {
	at      int   // row under the cursor, counted through all parts
	tops    []int // first row shown, by part
	starts  []int // first row, by part
	heads   []int // first row of each block, through all parts
	rows    []bookRow
	heights []int
	table   bool // every row as a number, also those that the drawings leave out
}

// bookRow is one line of the breakdown.
type bookRow struct {
	text  string
	head  bool   // a block begins here
	stop  bool   // the cursor halts here
	list  bool   // accounts stand behind it: those of query
	query string // in the language of filters
	chart bool   // its bars are rows at the end of the table
}

// chart reports whether the cursor is on the chart of months.
func (b *book) chart() bool { return !b.table && b.at < len(b.rows) && b.rows[b.at].chart }

// query is the filter of the row under the cursor.
func (b *book) query() (string, bool) {
	if b.at < 0 || b.at >= len(b.rows) || !b.rows[b.at].list {
		return "", false
	}
	return b.rows[b.at].query, true
}

// move goes from stop to stop.
func (b *book) move(m kit.Motion) {
	by := 0
	switch page := max(slices.Max(append(b.heights, 1))-1, 1); m {
	case kit.LineUp:
		by = -1
	case kit.LineDown:
		by = 1
	case kit.HalfUp:
		by = -max(page/2, 1)
	case kit.HalfDown:
		by = max(page/2, 1)
	case kit.PageUp:
		by = -page
	case kit.PageDown:
		by = page
	case kit.Home:
		by = -len(b.rows)
	case kit.End:
		by = len(b.rows)
	}
	b.step(by)
}

// step goes by so many stops, as far as there are any.
func (b *book) step(by int) {
	dir := 1
	if by < 0 {
		dir, by = -1, -by
	}
	for i := b.at + dir; by > 0 && i >= 0 && i < len(b.rows); i += dir {
		if b.rows[i].stop {
			b.at = i
			by--
		}
	}
}

// block goes to the first stop of another block and brings the block's first
// row to the top, as far as there are rows below it.
func (b *book) block(by int) {
	n := len(b.heads)
	if n == 0 {
		return
	}
	k := n - 1
	for k > 0 && b.heads[k] > b.at {
		k--
	}
	b.at = b.heads[(k+by+n)%n]
	part := b.partOf(b.at)
	b.tops[part] = b.at - b.starts[part]
	b.settle()
}

// partOf is the part a row is in.
func (b *book) partOf(row int) int {
	k := len(b.starts) - 1
	for k > 0 && b.starts[k] > row {
		k--
	}
	return max(k, 0)
}

// settle puts the cursor on a stop.
func (b *book) settle() {
	b.at = min(max(b.at, 0), max(len(b.rows)-1, 0))
	if len(b.rows) == 0 || b.rows[b.at].stop {
		return
	}
	was := b.at
	if b.step(1); b.at == was {
		b.step(-1)
	}
}

// lay takes the parts of a frame in, each with its height, and puts the cursor
// on a stop.
func (b *book) lay(parts [][]bookRow, heights []int) {
	b.rows, b.starts, b.heads, b.heights = b.rows[:0], b.starts[:0], b.heads[:0], heights
	for _, part := range parts {
		b.starts = append(b.starts, len(b.rows))
		b.rows = append(b.rows, part...)
	}
	for i, row := range b.rows {
		if row.head {
			b.heads = append(b.heads, i)
		}
	}
	b.tops = slices.Grow(b.tops, len(parts))[:len(parts)]
	b.settle()
}

// show draws part k on w cells.
func (b *book) show(th *theme.Theme, k, w int) kit.Part {
	start, end := b.starts[k], len(b.rows)
	if k+1 < len(b.starts) {
		end = b.starts[k+1]
	}
	here := b.at >= start && b.at < end
	s := kit.Scroll{Top: b.tops[k], Cursor: b.tops[k]}
	if here {
		s.Cursor = b.below(b.at, end) - start
	}
	if here && b.at-start <= 2 {
		s.Top = 0 // what stands above the first stop belongs to it
	}
	first, last := s.Window(end-start, b.heights[k])
	b.tops[k] = first
	part := kit.Part{}
	for _, row := range b.rows[start+first : end] {
		part.Lines = append(part.Lines, kit.Pad(row.text, w))
	}
	if len(b.starts) > 1 {
		part.Lines = kit.Tail(th, part.Lines, w, last-first, "down")
	}
	part.Lines = part.Lines[:last-first]
	if here {
		part.Cursor = b.at - start - first + 1
	}
	return part
}

// below is the last row that has to be in sight for a stop to be: the lines that
// explain it, and the one after them, where a part says how many more there are.
func (b *book) below(at, end int) int {
	last := at
	for last+1 < end && !b.rows[last+1].stop && !b.rows[last+1].head && b.rows[last+1].text != "" {
		last++
	}
	return min(last+1, end-1)
}

// breakdownPage leads from accounts to billable users and sets every known
// count side by side.
func (p *Pane) breakdownPage(w, h int) ([]string, image.Point) {
	f := p.frame("breakdown")
	if !p.v.Facts.Breakdown.Known() {
		p.book = book{table: p.book.table}
		return f.Screen(p.th, w, h, kit.Parts{Left: kit.Part{Lines: p.waiting(f.Inner(w, h).LeftW)}}), nowhere
	}
	at := p.book.at
	lines, cursor := p.breakdownSheets(f, w, h)
	if p.book.at != at {
		// The cursor found no row where it stood: what is bold changed with it.
		lines, cursor = p.breakdownSheets(f, w, h)
	}
	return lines, cursor
}

// breakdownSheets draws all parts side by side, or as one list where there is
// no room for that.
func (p *Pane) breakdownSheets(f kit.Frame, w, h int) ([]string, image.Point) {
	in := f.Inner(w, h)
	blocks := []func(*sheet){p.waterfall, p.activity, p.clockRows, p.counts, p.groups, p.monthsOf(monthRows)}
	switch {
	case p.book.table:
		blocks = p.tableSheets()
	case in.LeftW >= bookMin && in.LeftH >= bookTall:
		return p.breakdownParts(f, w, h)
	}
	rows := p.sheets(in.LeftW, blocks...)
	p.book.lay([][]bookRow{rows}, []int{in.LeftH})
	part := p.book.show(p.th, 0, in.LeftW)
	if top := p.book.tops[0]; len(part.Lines) < len(rows) {
		f.Left = span(top, top+len(part.Lines), len(rows))
	}
	return f.Screen(p.th, w, h, kit.Parts{Left: part}), bookCursor(part, image.Pt(1, 0))
}

// breakdownParts draws the waterfall above, and below it the seats by activity
// beside the counts.
func (p *Pane) breakdownParts(f kit.Frame, w, h int) ([]string, image.Point) {
	band := p.sheets(f.Inner(w, h).LeftW, p.waterfall)
	f.Band, f.Divide = len(band), w*bookShare/100
	in := f.Inner(w, h)
	above := len(p.sheetsFrom(len(band), in.LeftW, p.activity)) + 1
	left := p.sheetsFrom(len(band), in.LeftW, p.activity, p.monthsOf(in.LeftH-above))
	right := p.sheetsFrom(len(band)+len(left), in.RightW, p.counts, p.groups, p.clockRows)
	p.book.lay([][]bookRow{band, left, right}, []int{in.BandH, in.LeftH, in.RightH})
	parts := kit.Parts{
		Band: p.book.show(p.th, 0, in.BandW), Left: p.book.show(p.th, 1, in.LeftW), Right: p.book.show(p.th, 2, in.RightW),
	}
	cursor := nowhere
	for _, c := range []image.Point{
		bookCursor(parts.Band, image.Pt(1, 0)), bookCursor(parts.Left, image.Pt(1, in.BandH+1)), bookCursor(parts.Right, image.Pt(f.Divide+1, in.BandH+1)),
	} {
		if c != nowhere {
			cursor = c
		}
	}
	return f.Screen(p.th, w, h, parts), cursor
}

// bookCursor is where the terminal's cursor belongs: on the marker of a part
// whose frame line is at a point.
func bookCursor(part kit.Part, at image.Point) image.Point {
	if part.Cursor == 0 {
		return nowhere
	}
	return at.Add(image.Pt(0, part.Cursor))
}

// sheet gathers rows. It knows which of them is under the cursor, so that the
// row's name can be drawn bold.
type sheet struct {
	p    *Pane
	w    int
	base int // rows in the parts before
	rows []bookRow
}

// name is the style of the next row's first words.
func (s *sheet) name() theme.Style {
	if s.base+len(s.rows) == s.p.book.at {
		return s.p.th.Figure
	}
	return s.p.th.Value
}

// line begins a row with its name.
func (s *sheet) line(name string) *kit.Line { return kit.NewLine(s.p.th, s.w).Put(s.name(), name) }

// say adds a line that is passed by.
//
//go:noinline
func (s *sheet) say(text string) { s.rows = append(s.rows, bookRow{text: text}) }

// stop adds a row with no accounts of its own behind it.
//
//go:noinline
func (s *sheet) stop(line *kit.Line) {
	s.rows = append(s.rows, bookRow{text: line.String(), stop: true})
}

// list adds a row with the accounts of a filter behind it. A filter that the
// language cannot write, of a name with a quotation mark, is no filter.
func (s *sheet) list(line *kit.Line, query string) {
	_, err := model.ParseQuery(query)
	s.rows = append(s.rows, bookRow{text: line.String(), stop: true, list: err == nil, query: query})
}

// sheets draws blocks below each other, a blank line between.
func (p *Pane) sheets(w int, blocks ...func(s *sheet)) []bookRow {
	return p.sheetsFrom(0, w, blocks...)
}

func (p *Pane) sheetsFrom(base, w int, blocks ...func(s *sheet)) []bookRow {
	s := &sheet{p: p, w: w, base: base}
	for _, block := range blocks {
		before := len(s.rows)
		if before > 0 {
			s.say("")
		}
		first := len(s.rows)
		block(s)
		if len(s.rows) > first {
			s.rows[first].head = true
		} else {
			s.rows = s.rows[:before] // nothing to part
		}
	}
	return s.rows
}
