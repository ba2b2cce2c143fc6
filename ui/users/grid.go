package users

import (
	"image"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

const (
	gridShare  = 63  // percent of the width beside a side panel
	panelMost  = 54  // widest the panel is: what it leaves are more columns
	gridWide   = 130 // cells from which names need not be cut for further columns
	panelMin   = 106 // narrowest screen with a side panel
	tallEnough = 12  // height from which a blank line stands below the search
	fieldAt    = 2   // cells before the search field's text
)

// gridPage draws the grid with its filters, and the side panel where there is
// room.
func (p *Pane) gridPage(w, h int) ([]string, image.Point) {
	f := p.frame("")
	beside := p.panel && p.roomy && p.roster != nil
	if beside {
		f.Divide = max(w*gridShare/100, w-panelMost)
	}
	in := f.Inner(w, h)
	if p.roster == nil {
		return p.unreadPage(f, w, h)
	}
	p.setUp(beside, in.LeftW)
	search, at := p.searchLine(in.LeftW)
	lines := []string{p.chipLine(in.LeftW), search}
	if hint := p.hintLine(in.LeftW, fieldAt); hint != "" || in.LeftH >= tallEnough {
		lines = append(lines, hint)
	}
	p.height = max(in.LeftH-len(lines), 1)
	grid := p.grid.View(p.th, in.LeftW, p.height)
	if first, last := p.grid.Shown(p.height); last-first < p.grid.Len {
		f.Left = span(first, last, p.grid.Len)
	}
	cursor := nowhere
	parts := kit.Parts{Left: kit.Part{Lines: append(lines, grid.Lines...)}}
	if p.grid.Len == 0 && in.LeftH > len(lines)+1 {
		parts.Left.Lines[len(lines)+1] = kit.NewLine(p.th, in.LeftW).Space(2).Label(p.nobody()).String()
	}
	if grid.Cursor > 0 {
		parts.Left.Cursor = grid.Cursor + len(lines)
		cursor = image.Pt(1, parts.Left.Cursor)
	}
	if p.choice.typing {
		cursor = image.Pt(fieldAt+at+2, 2)
	}
	if in.RightW > 0 {
		parts.Right.Lines = p.sidePanel(in.RightW, in.RightH)
	}
	return f.Screen(p.th, w, h, parts), cursor
}

// unreadPage says why there are no accounts, below the search that waits for
// them, if there is one.
func (p *Pane) unreadPage(f kit.Frame, w, h int) ([]string, image.Point) {
	width := f.Inner(w, h).LeftW
	lines, cursor := p.unread(width), nowhere
	if p.choice.typing || p.choice.input.Value() != "" {
		search, at := p.searchLine(width)
		lines = append([]string{search, p.hintLine(width, fieldAt)}, lines...)
		if p.choice.typing {
			cursor = image.Pt(fieldAt+at+2, 1)
		}
	}
	return f.Screen(p.th, w, h, kit.Parts{Left: kit.Part{Lines: lines}}), cursor
}

// span is the note of what a window shows: "1–31 of 58".
func span(first, last, of int) string {
	return words.Int(first+1) + "–" + words.Int(last) + " of " + words.Int(of)
}

// nobody says why the grid is empty, and what helps.
func (p *Pane) nobody() string {
	if p.choice.fault != nil {
		return "The search is not understood. What is understood of it finds nobody."
	}
	if p.choice.input.Value() != "" {
		return "No account matches. esc clears the search."
	}
	return "No account is " + p.choice.chip + ". f goes to the next filter."
}

// searchLine draws the field with shown, total and marked at its right, and
// says where in the field the cursor stands.
func (p *Pane) searchLine(w int) (string, int) {
	var counts []kit.Span
	if p.roster != nil {
		shown := words.Int(p.grid.Len)
		if p.choice.fault != nil {
			shown = words.Unknown // the rows are those of what is understood
		}
		total := " of " + words.Int(p.roster.Len())
		if !p.roster.Complete() {
			total += " read"
		}
		counts = append(counts, kit.Span{Style: p.th.Figure, Text: shown}, kit.Span{Style: p.th.Label, Text: total + p.hiddenOrder()})
	}
	if n := p.marks.len(); n > 0 {
		counts = append(counts, kit.Span{Style: p.th.Label, Text: " · "},
			kit.Span{Style: p.th.Figure, Text: words.Int(n)}, kit.Span{Style: p.th.Label, Text: " marked"})
	}
	if p.reach.on {
		first, last := p.reach.ends(p.grid.Cursor)
		counts = append(counts, kit.Span{Style: p.th.Label, Text: " · "},
			kit.Span{Style: p.th.Figure, Text: words.Int(last - first + 1)}, kit.Span{Style: p.th.Label, Text: " in range"})
	}
	used := kit.NewLine(p.th, w).Spans(counts...).Used()
	field, at := p.choice.input.View(p.th, max(w-used-fieldAt-2, 1))
	return kit.NewLine(p.th, w).Figure("/ ").Styled(field).Right().Spans(counts...).String(), at
}

// setUp gives the grid its columns for this frame, w cells wide. On a wide screen
// names stand whole before the last columns come in.
func (p *Pane) setUp(beside bool, w int) {
	p.cols, p.grid.Columns = p.cols[:0], p.grid.Columns[:0]
	p.grid.Sorted, p.grid.Descending = -1, p.choice.desc
	own := len(p.choice.columns) > 0
	for _, c := range p.wanted() {
		col := c.Column
		if w >= gridWide && col.Priority <= 2 {
			col.Min = min(col.Min+4, col.Max)
		}
		switch sorted := !c.asked && c.key == p.choice.sort && p.choice.marked == 0; {
		case sorted:
			p.grid.Sorted = len(p.cols)
			p.grid.Descending = p.choice.desc != c.turned
			col.Priority = min(col.Priority, sortedPriority)
		case c.key == model.SortRole && p.basis.roles == nil && !own:
			col.Priority = unreadPriority
		}
		if own && c.name == pinned {
			col.Priority = -1
		}
		p.cols = append(p.cols, c)
		p.grid.Columns = append(p.grid.Columns, col)
	}
	p.grid.Half = beside
}

// row fills row i of the grid.
func (p *Pane) row(i int, r *kit.Row) {
	row := int(p.choice.rows[i])
	a := p.roster.At(row)
	r.Marked = p.marks.has(row) || p.reach.has(i, p.grid.Cursor)
	for k := range p.cols {
		r.Cells[k] = p.cols[k].cell(p, a)
	}
}

// unread says why there are no accounts to show.
func (p *Pane) unread(w int) []string {
	if err := p.v.Facts.Roster.Err; err != nil {
		return p.trouble(err, w)
	}
	if p.v.Facts.Roster.Known() && p.v.Facts.Roster.Value.Complete {
		return kit.Wrap(p.th, p.th.Label, "The accounts are being taken from the cache.", w)
	}
	return append(p.progress(w), kit.Wrap(p.th, p.th.Label, "The accounts appear here when they are read.", w)...)
}

// trouble words a failure: what is wrong, and what helps.
func (p *Pane) trouble(err *model.Error, w int) []string {
	var out []string
	for i, l := range kit.Wrap(p.th, p.th.Value, err.Msg.String(), max(w-2, 1)) {
		line := kit.NewLine(p.th, w)
		if i == 0 {
			line.Mark(p.th.Bad, p.th.Glyph.Missing)
		}
		out = append(out, line.At(2).Styled(l).String())
	}
	if !err.Next.Empty() {
		out = append(out, "")
		for _, l := range kit.Wrap(p.th, p.th.Label, err.Next.String(), max(w-2, 1)) {
			out = append(out, kit.NewLine(p.th, w).At(2).Styled(l).String())
		}
	}
	return out
}
