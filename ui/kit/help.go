package kit

import "seatdeck/ui/theme"

const (
	helpKeyCols = 10 // room for the key
	helpColumn  = 34 // narrowest useful column
	notNow      = "not now"
)

// Help draws every visible action on w cells: in up to three columns by group,
// in the order of the list, and below them what cannot run now, by reason. The
// result is as tall as it needs; put it into a List to scroll.
func Help(th *theme.Theme, actions []Action, w int) []string {
	if w <= 0 {
		return nil
	}
	columns := min(max((w+gap)/(helpColumn+gap), 1), 3)
	colW := (w - gap*(columns-1)) / columns
	out := spread(helpBlocks(th, actions, colW), columns, colW, w)
	later := helpLater(th, actions, w)
	if len(out) > 0 && len(later) > 0 {
		out = append(out, spaces(w))
	}
	return append(out, later...)
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

// helpLater draws what cannot run now: each reason once, with the keys it
// stands in the way of. Reasons are sentences, so they have the whole width.
func helpLater(th *theme.Theme, actions []Action, w int) []string {
	var order []string
	blocked := map[string][]*Action{}
	col := 0
	for i := range actions {
		a := &actions[i]
		why := a.Reason()
		if a.Hidden || why == "" {
			continue
		}
		if blocked[why] == nil {
			order = append(order, why)
			col = max(col, Width(clean(th.Glyph.Text(why)))+gap)
		}
		blocked[why] = append(blocked[why], a)
	}
	if len(order) == 0 {
		return nil
	}
	out := []string{NewLine(th, w).Label(notNow).String()}
	for _, why := range order {
		out = append(out, helpReason(th, why, blocked[why], w, col)...)
	}
	return out
}

// helpReason draws a reason and, from column col on, the keys it is about; on
// narrow screens the keys stand below it.
func helpReason(th *theme.Theme, why string, blocked []*Action, w, col int) []string {
	if w-col < helpColumn {
		col = gap
	}
	dot := " " + th.Glyph.Dot + " "
	line := NewLine(th, w).Label(why)
	var out []string
	if line.Used() > col {
		out = append(out, line.String())
		line = NewLine(th, w)
	}
	for i, a := range blocked {
		entry := []Span{{th.Value, a.KeyText()}, {th.Label, " " + a.Title}}
		switch {
		case i == 0:
			line.At(col)
		case line.Used()+Width(dot)+spansWidth(th, entry) > w:
			out = append(out, line.String())
			line = NewLine(th, w).At(col)
		default:
			line.Label(dot)
		}
		line.Spans(entry...)
	}
	return append(out, line.String())
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
