package users

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"seatdeck/model"
)

// together puts the marked rows in front of the others, or behind them; both
// keep their order.
func together(rows model.Index, marked bitmap, side int) model.Index {
	if side == 0 {
		return rows
	}
	out := make(model.Index, 0, len(rows))
	for _, first := range [2]bool{side > 0, side < 0} {
		for _, row := range rows {
			if marked.has(int(row)) == first {
				out = append(out, row)
			}
		}
	}
	return out
}

// doSort goes to the next column that the grid may show, from left to right; the
// marks, which stand left of all, come after the last one.
func (p *Pane) doSort() tea.Cmd {
	cols := p.sortable()
	at := -1
	if p.choice.marked == 0 {
		at = slices.IndexFunc(cols, func(c column) bool { return c.key == p.choice.sort })
		if at == len(cols)-1 {
			return p.sortByMarks()
		}
	}
	return p.sortBy(cols[at+1])
}

// sortable are the columns of the grid that accounts can be sorted by.
func (p *Pane) sortable() []column {
	cols := slices.Clone(columns)
	if len(p.choice.columns) > 0 {
		cols = p.wanted()
	}
	return slices.DeleteFunc(cols, func(c column) bool { return c.asked })
}

// sortBy sorts by a column; again turns the order. Fewest days first is the
// newest date first.
func (p *Pane) sortBy(c column) tea.Cmd {
	if p.choice.marked == 0 && p.choice.sort == c.key {
		return p.doTurn()
	}
	p.choice.marked, p.choice.sort, p.choice.desc = 0, c.key, c.turned
	return p.choose()
}

// sortByMarks brings the marked accounts together, in the order there is.
func (p *Pane) sortByMarks() tea.Cmd {
	if p.choice.marked != 0 {
		return p.doTurn()
	}
	p.choice.marked = 1
	return p.choose()
}

func (p *Pane) doTurn() tea.Cmd {
	if p.choice.marked != 0 {
		p.choice.marked = -p.choice.marked
	} else {
		p.choice.desc = !p.choice.desc
	}
	return p.choose()
}

// hiddenOrder names an order that no title of the grid shows, "" for none.
func (p *Pane) hiddenOrder() string {
	switch {
	case p.choice.marked > 0:
		return "marked first"
	case p.choice.marked < 0:
		return "marked last"
	case len(p.choice.columns) > 0 && !slices.ContainsFunc(p.sortable(), func(c column) bool { return c.key == p.choice.sort }):
		return "by " + p.orderName(p.choice.sort, p.choice.desc)
	}
	return ""
}

// orderName is an order with the arrow that its column's title has.
func (p *Pane) orderName(key model.SortKey, desc bool) string {
	if desc != slices.ContainsFunc(columns, func(c column) bool { return c.turned && c.key == key }) {
		return key.String() + " " + p.th.Glyph.Down
	}
	return key.String() + " " + p.th.Glyph.Up
}
