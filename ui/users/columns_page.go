package users

import (
	"image"
	"slices"

	tea "charm.land/bubbletea/v2"

	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

// picker is the dialog that says which columns the grid shows.
type picker struct {
	grid   kit.Grid
	height int
}

// The dialog's room inside its frame, and what of it stands below the list.
const (
	pickerWidth = 52
	pickerFoot  = 3
)

var pickerColumns = []kit.Column{
	{Title: "column", Min: 16, Max: 20, Priority: 0}, {Title: "title", Min: 8, Max: 12, Priority: 2}, {Title: "place", Min: 7, Right: true, Priority: 1},
}

// doColumns opens the dialog over the grid.
func (p *Pane) doColumns() tea.Cmd {
	p.page, p.choice.typing = pageColumns, false
	p.picker.grid.Scroll = kit.Scroll{}
	return nil
}

// columnsPage draws the dialog over the grid, which shows at once what is
// chosen. On a narrow screen it covers the grid.
func (p *Pane) columnsPage(w, h int) ([]string, image.Point) {
	base, cursor := p.gridPage(w, h)
	d := kit.Dialog{Title: "Columns"}
	ow, oh := d.Outer(pickerWidth, len(columns)+2+pickerFoot)
	if !p.roomy {
		ow, oh = w, h
	}
	ow, oh = min(ow, w), min(oh, h)
	at := image.Pt((w-ow)/2, h-oh)
	iw, ih := d.Inner(ow, oh)
	if iw == 0 {
		return base, cursor
	}
	g := &p.picker.grid
	g.Columns, g.Sorted, g.Len, p.picker.height = pickerColumns, -1, len(columns)+1, max(ih-pickerFoot, 2)
	there := p.there()
	g.Row = func(i int, r *kit.Row) { p.pickerRow(i, r, there) }
	g.Select(g.Cursor, p.picker.height)
	part := g.View(p.th, iw, p.picker.height)
	cursor = nowhere
	if part.Cursor > 0 {
		cursor = at.Add(image.Pt(2, part.Cursor+1))
	}
	part.Lines = append(part.Lines, "", kit.NewLine(p.th, iw).Label(p.aboutColumns(there)).String(),
		kit.NewLine(p.th, iw).Label("the same names as users list --columns").String())
	// The overlay leaves the colours of the first line, which is the screen's
	// header: that is above this page.
	over := kit.Overlay(p.th, append([]string{""}, base...), d.Box(p.th, ow, oh, part), at.X, at.Y+1, w)
	return over[1:], cursor
}

// there are the columns on the grid, from left to right, by name.
func (p *Pane) there() []string {
	var out []string
	for _, i := range p.grid.Fitting(p.width) {
		out = append(out, p.cols[i].name)
	}
	return out
}

// pickerRow is the mark, which always stays, or a column.
func (p *Pane) pickerRow(i int, r *kit.Row, there []string) {
	if i == 0 {
		r.Marked = true
		r.Cells[0], r.Cells[1], r.Cells[2] = kit.Cell{Text: "mark"}, p.faint(p.th.Glyph.Marked), p.faint("always")
		return
	}
	c := columns[i-1]
	place := ""
	if at := slices.Index(there, c.name); at >= 0 {
		place = words.Int(at + 1)
	} else if slices.Contains(p.chosen(), c.name) {
		place = "no room"
	}
	r.Marked = place != ""
	r.Cells[0], r.Cells[1], r.Cells[2] = kit.Cell{Text: c.name}, p.faint(c.Title), p.faint(place)
}

// aboutColumns says who chose the columns.
func (p *Pane) aboutColumns(there []string) string {
	n := len(p.chosen())
	switch {
	case n == 0:
		return "automatic: the most important ones that fit"
	case len(there) < n:
		return words.Int(n) + " chosen, " + words.Int(len(there)) + " of them fit"
	}
	return words.Int(n) + " chosen"
}

// picked is the column under the dialog's cursor; none for the mark.
func (p *Pane) picked() (column, bool) {
	if i := p.picker.grid.Cursor; i > 0 && i <= len(columns) {
		return columns[i-1], true
	}
	return column{}, false
}

// doPick shows the column or leaves it out. The choice begins with what is on
// the grid.
func (p *Pane) doPick() tea.Cmd {
	c, _ := p.picked()
	list := slices.Clone(p.chosen())
	if list == nil {
		list = p.there()
	}
	if at := slices.Index(list, c.name); at >= 0 {
		list = slices.Delete(list, at, at+1)
	} else {
		list = append(list, c.name)
	}
	p.choice.columns = list
	return nil
}

// noPick says why the column stays.
func (p *Pane) noPick() string {
	if c, ok := p.picked(); !ok || c.name == pinned {
		return "mark and username always stay"
	}
	return ""
}

// doShift moves a column to the left or to the right.
func (p *Pane) doShift(by int) tea.Cmd {
	c, _ := p.picked()
	list := slices.Clone(p.chosen())
	if list == nil {
		list = p.there()
	}
	if at := slices.Index(list, c.name); at+by >= 0 && at+by < len(list) {
		list[at], list[at+by] = list[at+by], list[at]
	}
	p.choice.columns = list
	return nil
}

// noShift says why a column has no place of its own.
func (p *Pane) noShift() string {
	c, ok := p.picked()
	switch {
	case !ok:
		return "the mark stands first"
	case !slices.Contains(p.chosen(), c.name) && !slices.Contains(p.there(), c.name):
		return "space shows the column first"
	}
	return ""
}

func (p *Pane) doAutomatic() tea.Cmd {
	p.choice.columns = nil
	return nil
}

func (p *Pane) noAutomatic() string {
	if len(p.choice.columns) == 0 {
		return "they are automatic"
	}
	return ""
}

// doSortPicked sorts by the column under the cursor; again turns the order.
func (p *Pane) doSortPicked() tea.Cmd {
	if c, ok := p.picked(); ok {
		return p.sortBy(c)
	}
	return p.sortByMarks()
}

func (p *Pane) noSortPicked() string {
	if c, _ := p.picked(); c.asked {
		return "there is no order by this column"
	}
	return ""
}

// columnsActions are those of the dialog.
func (p *Pane) columnsActions() []kit.Action {
	return []kit.Action{
		{ID: "users.column.show", Title: "show or leave out", Short: "show", Desc: "the column under the cursor", Keys: []string{"space"}, Group: group,
			Run: p.doPick, Why: p.noPick},
		{ID: "users.column.left", Title: "column to the left", Short: "left", Desc: "one place", Keys: []string{"left", "h"}, Group: group,
			Run: func() tea.Cmd { return p.doShift(-1) }, Why: p.noShift},
		{ID: "users.column.right", Title: "column to the right", Short: "right", Desc: "one place", Keys: []string{"right", "l"}, Group: group,
			Run: func() tea.Cmd { return p.doShift(1) }, Why: p.noShift},
		{ID: "users.column.sort", Title: "sort by this column", Short: "sort", Desc: "again turns the order", Keys: []string{"o"}, Group: group,
			Run: p.doSortPicked, Why: p.noSortPicked},
		{ID: "users.column.automatic", Title: "automatic columns", Short: "automatic", Desc: "the most important ones that fit", Keys: []string{"a"}, Group: group,
			Run: p.doAutomatic, Why: p.noAutomatic},
		{ID: "users.grid", Title: "back to the grid", Short: "grid", Desc: "of accounts", Keys: []string{"enter", "C"}, Group: group, Run: p.doGrid},
	}
}
