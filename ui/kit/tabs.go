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

// tabSpans writes the tabs into w cells. If they are too long all figures go at
// once, then the names are cut to four letters, then tabs go from the right.
func tabSpans(th *theme.Theme, tabs []Tab, active int, line theme.Style, w int) []Span {
	for _, form := range []struct {
		figures bool
		letters int
	}{{true, 0}, {false, 0}, {false, 4}} {
		spans := tabForm(th, tabs, active, line, form.figures, form.letters)
		if spansWidth(th, spans) <= w {
			return spans
		}
	}
	return tabForm(th, tabs, active, line, false, 4)
}

func tabForm(th *theme.Theme, tabs []Tab, active int, line theme.Style, figures bool, letters int) []Span {
	var out []Span
	for i, t := range tabs {
		number, name, figure := th.Label, th.Label, th.Label
		if i == active {
			number, name, figure = th.Accent, th.Figure, th.Value
		}
		if i > 0 {
			out = append(out, Span{Text: " "}, Span{line, th.Glyph.Horizontal}, Span{Text: " "})
		}
		text := t.Name
		if runes := []rune(text); letters > 0 && len(runes) > letters {
			text = string(runes[:letters])
		}
		out = append(out, Span{number, t.Number + " "}, Span{name, text})
		if !figures || len(t.Figure) == 0 {
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
