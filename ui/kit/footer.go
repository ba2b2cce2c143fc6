package kit

import (
	"slices"

	"seatdeck/ui/theme"
)

// Footer draws the line of keys on w cells: keys bold, words faint, two spaces
// between. What cannot run now is left out. The way back, help and quit, the
// actions of the keys "esc", "?" and "q", always stay and come last; the rest
// goes from the right when the line is too short. The list of commands, ":",
// stands between the way back and help, and goes first. indent is the blank
// before the first key.
func Footer(th *theme.Theme, actions []Action, w, indent int) string {
	e := footerEntries(actions)
	last := slices.Concat(e.back, e.end)
	room := w - indent - footerWidth(th, last)
	l := NewLine(th, w).Space(min(max(indent, 0), max(w, 0)))
	shown := 0
	put := func(a *Action) {
		if shown > 0 {
			l.Space(gap)
		}
		l.Figure(a.KeyText()).Label(" " + a.word())
		shown++
	}
	for _, a := range append(e.first, e.commands...) {
		if room -= entryWidth(th, a) + gap; room < 0 {
			break
		}
		if a.Keys[0] == ":" {
			last = slices.Concat(e.back, e.commands, e.end)
			break
		}
		put(a)
	}
	for _, a := range last {
		if l.Used()+gap+entryWidth(th, a) > w && shown > 0 {
			break
		}
		put(a)
	}
	return l.String()
}

// word is what stands after the key in the footer.
func (a *Action) word() string {
	if a.Short != "" {
		return a.Short
	}
	return a.Title
}

// entries are the actions of a footer, by where they stand in it.
type entries struct{ first, back, commands, end []*Action }

// footerEntries sorts what can run now into the ordinary ones and those that
// have a place of their own.
func footerEntries(actions []Action) (e entries) {
	var help, quit []*Action
	for i := range actions {
		a := &actions[i]
		switch {
		case a.Hidden, a.Quiet, len(a.Keys) == 0, a.Reason() != "":
		case a.Keys[0] == "esc":
			e.back = append(e.back, a)
		case a.Keys[0] == ":":
			e.commands = append(e.commands, a)
		case a.Keys[0] == "?":
			help = append(help, a)
		case a.Keys[0] == "q":
			quit = append(quit, a)
		default:
			e.first = append(e.first, a)
		}
	}
	e.end = append(help, quit...)
	return e
}

func entryWidth(th *theme.Theme, a *Action) int {
	return Width(clean(th.Glyph.Text(a.KeyText()))) + 1 + Width(clean(th.Glyph.Text(a.word())))
}

func footerWidth(th *theme.Theme, actions []*Action) int {
	n := max(gap*(len(actions)-1), 0)
	for _, a := range actions {
		n += entryWidth(th, a)
	}
	return n
}
