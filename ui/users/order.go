package users

import (
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
	cols := columns
	if len(p.choice.columns) > 0 {
		cols = p.wanted()
	}
	passed := p.choice.marked != 0 || p.sortedAmong(cols) == nil
	for _, c := range cols {
		if passed && !c.asked {
			return p.sortBy(c)
		}
		passed = passed || !c.asked && c.key == p.choice.sort
	}
	return p.sortBy(nil)
}

// sortedAmong is the one of some columns that the rows are sorted by, nil for
// none of them.
func (p *Pane) sortedAmong(cols []*column) *column {
	for _, c := range cols {
		if !c.asked && c.key == p.choice.sort {
			return c
		}
	}
	return nil
}

// sortBy sorts by a column, or brings the marked together in the order there is,
// for nil; again turns the order. Fewest days first is the newest date first.
func (p *Pane) sortBy(c *column) tea.Cmd {
	switch h := &p.choice; {
	case c == nil && h.marked != 0, c != nil && h.marked == 0 && h.sort == c.key:
		return p.doTurn()
	case c == nil:
		h.marked = 1
	default:
		h.marked, h.sort, h.desc = 0, c.key, c.turned
	}
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
		return " · marked first"
	case p.choice.marked < 0:
		return " · marked last"
	case p.grid.Sorted < 0:
		return " · by " + p.orderName(p.choice.sort, p.choice.desc)
	}
	return ""
}

// orderName is an order with the arrow that its column's title has.
func (p *Pane) orderName(key model.SortKey, desc bool) string {
	arrow := p.th.Glyph.Up
	if desc != (key == model.SortSeen) {
		arrow = p.th.Glyph.Down
	}
	return key.String() + " " + arrow
}
