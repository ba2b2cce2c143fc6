package kit

import "seatdeck/ui/theme"

const (
	helpKeyCols = 11 // room for the key
	helpColumn  = 34 // narrowest useful column
	notNow      = "not now"
)

// Help draws every visible action on w cells, in up to three columns: by group,
// in the order of the list, and last what cannot run now, by reason. The result
// is as tall as it needs; put it into a List to scroll.
func Help(th *theme.Theme, actions []Action, w int) []string {
	if w <= 0 {
		return nil
	}
	columns := min(max((w+gap)/(helpColumn+gap), 1), 3)
	colW := (w - gap*(columns-1)) / columns
	blocks := helpBlocks(th, actions, colW)
	if later := helpLater(th, actions, colW); later != nil {
		blocks = append(blocks, later)
	}
	return spread(blocks, columns, colW, w)
}

// helpBlocks draws one block of lines for each group of what can run.
func helpBlocks(th *theme.Theme, actions []Action, w int) [][]string {
	var order []string
	groups := map[string][]string{}
	for i := range actions {
		a := &actions[i]
		if a.Hidden || a.Reason() != "" {
			continue
		}
		if _, ok := groups[a.Group]; !ok {
			order = append(order, a.Group)
			groups[a.Group] = []string{NewLine(th, w).Label(a.Group).String()}
		}
		groups[a.Group] = append(groups[a.Group], NewLine(th, w).Figure(a.KeyText()).At(helpKeyCols).Value(a.Title).String())
	}
	blocks := make([][]string, 0, len(order))
	for _, g := range order {
		blocks = append(blocks, groups[g])
	}
	return blocks
}

// helpLater draws what cannot run now: each reason once, and below it the keys it
// stands in the way of.
func helpLater(th *theme.Theme, actions []Action, w int) []string {
	var order []string
	blocked := map[string][]string{}
	for i := range actions {
		a := &actions[i]
		why := a.Reason()
		if a.Hidden || why == "" {
			continue
		}
		if blocked[why] == nil {
			order = append(order, why)
		}
		blocked[why] = append(blocked[why], NewLine(th, w).Value(a.KeyText()).At(helpKeyCols).Label(a.Title).String())
	}
	if len(order) == 0 {
		return nil
	}
	out := []string{NewLine(th, w).Label(notNow).String()}
	for _, why := range order {
		out = append(append(out, Wrap(th, th.Label, why, w)...), blocked[why]...)
	}
	return out
}

// spread sets blocks into columns from left to right, never splitting one, at
// the smallest height that holds them.
func spread(blocks [][]string, columns, colW, w int) []string {
	tallest, sum := 0, 0
	for _, b := range blocks {
		tallest = max(tallest, len(b))
		sum += len(b) + 1
	}
	for height := max(tallest, sum/columns); height <= sum; height++ {
		if cols, ok := fill(blocks, columns, height); ok {
			return weave(cols, colW, w)
		}
	}
	return nil
}

// fill puts blocks into columns of a height, or says that they do not fit.
func fill(blocks [][]string, columns, height int) ([][]string, bool) {
	cols := make([][]string, 1, columns)
	for _, b := range blocks {
		c := len(cols) - 1
		if used := len(cols[c]); used > 0 && used+1+len(b) > height {
			if len(cols) == columns {
				return nil, false
			}
			cols = append(cols, nil)
			c++
		}
		if len(cols[c]) > 0 {
			cols[c] = append(cols[c], "")
		}
		cols[c] = append(cols[c], b...)
	}
	return cols, true
}

// weave puts columns side by side on w cells.
func weave(cols [][]string, colW, w int) []string {
	height := 0
	for _, c := range cols {
		height = max(height, len(c))
	}
	out := make([]string, height)
	for i := range out {
		row := ""
		for n, c := range cols {
			cell := ""
			if i < len(c) {
				cell = c[i]
			}
			if n > 0 {
				row += spaces(gap)
			}
			row += Pad(cell, colW)
		}
		out[i] = Pad(row, w)
	}
	return out
}
