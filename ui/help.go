package ui

import (
	"image"
	"strings"

	tea "charm.land/bubbletea/v2"

	"seatdeck/ui/kit"
	"seatdeck/ui/theme"
	"seatdeck/ui/words"
)

// helpPage lists every key of the place it was opened from.
type helpPage struct {
	m      *root
	list   []kit.Action
	filter kit.Input
	typing bool
	scroll kit.List
	height int
}

func (m *root) doHelp() tea.Cmd {
	h := &helpPage{m: m, list: append(m.everything(), m.motionHelp()...)}
	h.filter.Prompt = "part of a name"
	return m.push(h)
}

// motionHelp are the keys that move; they belong to no action.
func (m *root) motionHelp() []kit.Action {
	none := func() tea.Cmd { return nil }
	rows := []struct{ id, title, key string }{
		{"move.row", "row", "↑↓"}, {"move.page", "page", "pgup pgdn"}, {"move.half", "half a page", "^d ^u"}, {"move.ends", "first, last", "g G"},
	}
	list := make([]kit.Action, 0, len(rows)+1)
	for _, r := range rows {
		list = append(list, kit.Action{ID: r.id, Title: r.title, Keys: []string{r.key}, Group: groupMoving, Run: none})
	}
	if !m.full {
		list = append(list, kit.Action{ID: "move.pane", Title: "next pane", Keys: []string{"tab"}, Group: groupMoving, Run: none})
	}
	return list
}

func (h *helpPage) draw(m *root, body image.Rectangle) ([]string, image.Point, image.Point) {
	shown := h.shown()
	cursor := nowhere
	wide := min(106, max(body.Dx()-10, 20))
	tall := len(kit.Help(m.th, shown, wide)) + 2
	box, r := m.boxed(kit.Dialog{Title: "Keys"}, body, wide, min(body.Dy()-6, tall), func(w, ih int) kit.Part {
		h.height = max(ih-2, 1)
		lines := kit.Help(m.th, shown, w)
		h.scroll = kit.List{Len: len(lines), NoCursor: true, Scroll: h.scroll.Scroll,
			Line: func(_ *theme.Theme, i, _ int, _ bool) string { return lines[i] }}
		part := h.scroll.View(m.th, w, h.height)
		part.Cursor = 0
		more := ""
		if first, last := h.scroll.Window(len(lines), h.height); last-first < len(lines) {
			more = words.Int(first+1) + "–" + words.Int(last) + " of " + words.Int(len(lines))
		}
		foot := helpFoot(m.th, w, more)
		if h.typing {
			text, at := h.filter.View(m.th, w-2)
			foot = kit.NewLine(m.th, w).Figure("/ ").Styled(text).String()
			cursor.X = 3 + at + 2 // after frame, padding and prompt
		}
		part.Lines = append(part.Lines, "", foot)
		return part
	})
	if h.typing {
		cursor.Y = r.Dy() - 2 // the row above the bottom line of the box
	}
	return box, r.Min, cursor
}

// helpFoot is the last line of the page, shorter where it is narrow; more says
// which lines are shown, when not all are.
func helpFoot(th *theme.Theme, w int, more string) string {
	l := kit.NewLine(th, w).Figure("/").Label(" narrows this page")
	put := func(text, key string) {
		if l.Used()+kit.Width(text+key)+kit.Width(more)+2 <= w {
			l.Label(text).Figure(key)
		}
	}
	put(" · every key is also a command under ", ":")
	put(" · seatdeck help names the verbs", "")
	return l.Right().Label(more).String()
}

// shown are the actions whose words hold the filter.
func (h *helpPage) shown() []kit.Action {
	want := strings.ToLower(h.filter.Value())
	if want == "" {
		return h.list
	}
	var out []kit.Action
	for _, a := range h.list {
		if strings.Contains(strings.ToLower(a.Title+" "+a.Desc+" "+strings.Join(a.Keys, " ")), want) {
			out = append(out, a)
		}
	}
	return out
}

func (h *helpPage) key(m *root, k tea.KeyPressMsg) tea.Cmd {
	switch name := k.String(); {
	case h.typing && name == "enter":
		h.typing = false
	case h.typing:
		h.filter.Key(k)
	case name == "/":
		h.typing = true
	case name == "?", name == "q":
		m.pop()
	default:
		h.scroll.Move(kit.MotionOf(name), h.height)
	}
	return nil
}

func (h *helpPage) paste(text string) {
	if h.typing {
		h.filter.Insert(text)
	}
}

// back leaves the field; what it holds goes with it.
func (h *helpPage) back() bool {
	was := h.typing || h.filter.Value() != ""
	h.typing = false
	h.filter.Set("")
	return was
}

func (h *helpPage) actions() []kit.Action {
	none := func() tea.Cmd { return nil }
	return closeActions(h.m,
		kit.Action{ID: "help.search", Title: "search keys", Keys: []string{"/"}, Run: none},
		kit.Action{ID: "help.scroll", Title: "scroll", Keys: []string{"up", "down"}, Run: none})
}
