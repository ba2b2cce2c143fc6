package users

import (
	"image"
	"slices"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"seatdeck/ui/kit"
)

// picker is the dialog that says which columns the grid shows.
type picker struct {
	grid   kit.Grid
	height int
}

// The dialog's room inside its frame, and what of it stands below the list.
const (
	pickerWidth = 52
	pickerFoot  = 2
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
	part.Lines = append(part.Lines, "", p.label(iw, p.aboutColumns(there)))
	// The overlay leaves the colours of the first line, which is the screen's
	// header: that is above this page.
	over := kit.Overlay(p.th, append([]string{""}, base...), d.Box(p.th, ow, oh, part), at.X, at.Y+1, w)
	return over[1:], cursor
}

// there are the columns on the grid, from left to right, by name.
//
//go:noinline
func (p *Pane) there() (names []string) {
	for _, i := range p.grid.Drawn {
		names = append(names, p.cols[i].name)
	}
	return names
}

// pickerRow is the mark, which always stays, or a column.
func (p *Pane) pickerRow(i int, r *kit.Row, there []string) {
	name, title, place := "mark", p.th.Glyph.Marked, "always"
	if i > 0 {
		name, title, place = columns[i-1].name, columns[i-1].Title, ""
		if at := slices.Index(there, name); at >= 0 {
			place = strconv.Itoa(at + 1)
		} else if slices.Contains(p.chosen(), name) {
			place = "no room"
		}
	}
	r.Marked = place != ""
	r.Cells[0].Text = name
	for k, text := range [2]string{title, place} {
		r.Cells[k+1] = p.faint(text)
	}
}

// aboutColumns says who chose the columns.
func (p *Pane) aboutColumns(there []string) string {
	n := len(p.chosen())
	if n == 0 {
		return "automatic: the most important ones that fit"
	}
	said := strconv.Itoa(n) + " chosen"
	if len(there) < n {
		said += ", " + strconv.Itoa(len(there)) + " of them fit"
	}
	return said
}

// picked is the column under the dialog's cursor, nil for the mark.
func (p *Pane) picked() *column {
	if i := p.picker.grid.Cursor; i > 0 {
		return columns[i-1]
	}
	return nil
}

// doPick moves the column by so many places, or for none shows it or leaves it
// out.
func (p *Pane) doPick(by int) tea.Cmd {
	list, name := append([]string(nil), p.chosen()...), p.picked().name
	if len(list) == 0 {
		list = p.there() // the choice begins with what is on the grid
	}
	switch at := slices.Index(list, name); {
	case at < 0:
		list = append(list, name)
	case by == 0:
		list = append(list[:at], list[at+1:]...)
	default:
		to := min(max(at+by, 0), len(list)-1)
		list[at], list[to] = list[to], list[at]
	}
	p.choice.columns = list
	return nil
}

// noPick says why the column stays as it is.
func (p *Pane) noPick(by int) string {
	switch c := p.picked(); {
	case c == nil || by == 0 && c.name == pinned:
		return "mark and username always stay"
	case by != 0 && !slices.Contains(p.chosen(), c.name) && !slices.Contains(p.there(), c.name):
		return "space shows the column first"
	}
	return ""
}

func (p *Pane) noOrder() string {
	if c := p.picked(); c != nil && c.asked {
		return "there is no order by this column"
	}
	return ""
}

func (p *Pane) noAutomatic() string {
	if len(p.choice.columns) == 0 {
		return "they are automatic"
	}
	return ""
}

// pickAction shows, leaves out or moves the column under the cursor.
//
//go:noinline
func (p *Pane) pickAction(id, title, key string, by int) kit.Action {
	return kit.Action{ID: "users.column." + id, Title: title, Short: id, Keys: []string{key}, Group: group,
		Run: func() tea.Cmd { return p.doPick(by) }, Why: func() string { return p.noPick(by) }}
}

// columnsActions are those of the dialog.
func (p *Pane) columnsActions() []kit.Action {
	return []kit.Action{
		p.pickAction("show", "show or leave out", "space", 0),
		p.pickAction("left", "to the left", "left", -1),
		p.pickAction("right", "to the right", "right", 1),
		{ID: "users.column.sort", Title: "sort by this column", Short: "sort", Keys: []string{"o"}, Group: group,
			Run: func() tea.Cmd { return p.sortBy(p.picked()) }, Why: p.noOrder},
		{ID: "users.column.automatic", Title: "automatic columns", Short: "automatic", Keys: []string{"a"}, Group: group,
			Run: func() tea.Cmd { p.choice.columns = nil; return nil }, Why: p.noAutomatic},
		{ID: "users.grid", Title: "back to the grid", Short: "grid", Desc: "of accounts", Keys: []string{"enter", "C"}, Group: group, Run: p.doGrid},
	}
}
