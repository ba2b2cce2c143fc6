package kit

import "seatdeck/ui/theme"

// Tab is one pane's name in the top border of a frame that shows another.
type Tab struct {
	Number string
	Name   string
	// Figure is the pane's one figure, glyph and word as spans; it keeps its own
	// styles for glyphs and is faint otherwise unless the tab is active.
	Figure []Span
}

// tabForm is how much of the tabs is written.
type tabForm struct{ figures, names bool }

// tabForms are tried from the first on: all figures go at once, then the names
// are cut.
var tabForms = []tabForm{{true, true}, {false, true}, {false, false}}

// tinyName cuts a name to four letters.
func tinyName(name string) string {
	const letters = 4
	if runes := []rune(name); len(runes) > letters {
		return string(runes[:letters])
	}
	return name
}

// tabSpans writes the tabs into w cells, in the longest form that fits.
func tabSpans(th *theme.Theme, tabs []Tab, active int, line theme.Style, w int) []Span {
	var spans []Span
	for _, form := range tabForms {
		spans = form.spans(th, tabs, active, line)
		if spansWidth(th, spans) <= w {
			break
		}
	}
	return spans
}

func (f tabForm) spans(th *theme.Theme, tabs []Tab, active int, line theme.Style) []Span {
	var out []Span
	for i, t := range tabs {
		number, name, figure, text := th.Label, th.Label, th.Label, t.Name
		if i == active {
			number, name, figure = th.Accent, th.Figure, th.Value
		}
		if !f.names {
			text = tinyName(text)
		}
		if i > 0 {
			out = append(out, Span{Text: " "}, Span{line, th.Glyph.Horizontal}, Span{Text: " "})
		}
		out = append(out, Span{number, t.Number + " "}, Span{name, text})
		if !f.figures || len(t.Figure) == 0 {
			continue
		}
		out = append(out, Span{Text: " "})
		for _, s := range t.Figure {
			if s.Style == (theme.Style{}) || s.Style == th.Value {
				s.Style = figure
			}
			out = append(out, s)
		}
	}
	return out
}

// spansWidth is the width of spans as a Line would write them.
func spansWidth(th *theme.Theme, spans []Span) int {
	sum := 0
	for _, s := range spans {
		sum += Width(clean(th.Glyph.Text(s.Text)))
	}
	return sum
}
