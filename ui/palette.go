package ui

import (
	"image"

	tea "charm.land/bubbletea/v2"

	"seatdeck/ui/kit"
	"seatdeck/ui/theme"
	"seatdeck/ui/words"
)

// paletteWidth is the room inside the palette's frame (visual rules, dialogs).
const paletteWidth = 72

// palette finds an action by its name.
type palette struct {
	m      *root
	pool   []kit.Action
	input  kit.Input
	found  []kit.Match
	list   kit.List
	height int
}

func (m *root) doPalette() tea.Cmd {
	p := &palette{m: m}
	for _, a := range m.everything() {
		if a.ID != "commands" && a.ID != "focus" {
			p.pool = append(p.pool, a)
		}
	}
	p.pool = append(p.pool, m.otherPanes()...)
	p.input.Prompt = "type a part of a command"
	p.search()
	return m.push(p)
}

// otherPanes offers every pane by its name.
func (m *root) otherPanes() []kit.Action {
	var list []kit.Action
	for i, p := range m.panes {
		tab := p.Tab()
		list = append(list, kit.Action{ID: "go." + tab.Number, Title: tab.Name, Desc: "full screen", Keys: []string{tab.Number},
			Why: m.tooSmall, Run: func() tea.Cmd { m.focus, m.full = i, true; return nil }})
	}
	return list
}

func (p *palette) search() {
	p.found = kit.Search(p.pool, p.input.Value())
	p.list.Scroll = kit.Scroll{}
}

func (p *palette) draw(m *root, body image.Rectangle) ([]string, image.Point, image.Point) {
	d := kit.Dialog{Title: "Commands", Flat: true}
	want := min(max(len(p.found), 1)+4, 18, max(body.Dy()-6, 5))
	var cursor image.Point
	box, r := m.boxed(d, body, min(paletteWidth, max(body.Dx()-8, 16)), want, func(w, h int) kit.Part {
		p.height = max(h-4, 1)
		text, at := p.input.View(m.th, max(w-14, 1))
		cursor = image.Pt(at+2, 0)
		head := kit.NewLine(m.th, w).Figure(": ").Styled(text).Right().
			Label(words.Int(len(p.found)) + " of " + words.Int(len(p.pool))).String()
		p.list.Len = len(p.found)
		p.list.Line = func(th *theme.Theme, i, w int, sel bool) string { return p.found[i].Line(th, w, sel) }
		part := p.list.View(m.th, w, p.height)
		part.Lines = append([]string{head, ""}, part.Lines...)
		if part.Cursor > 0 {
			part.Cursor += 2
		}
		foot := kit.NewLine(m.th, w).Label("runs on ").Put(m.badge(), " "+m.view.Info.Name+" ").Label("  " + p.level()).String()
		part.Lines = append(part.Lines, "", foot)
		return part
	})
	at := r.Min
	if m.layout.Class >= kit.L {
		at.Y = body.Min.Y + 2
	}
	return box, at, cursor.Add(image.Pt(3, 1))
}

// level says what choosing the command under the cursor leads to.
func (p *palette) level() string {
	if p.list.Cursor >= len(p.found) {
		return ""
	}
	switch a := p.found[p.list.Cursor].Action; {
	case a.Danger > 0:
		return "level " + words.Int(a.Danger) + ": shows the plan and asks"
	case a.Operation != "":
		return "reads from the instance"
	}
	return "changes nothing"
}

func (p *palette) key(m *root, k tea.KeyPressMsg) tea.Cmd {
	switch k.String() {
	case "enter":
		if p.list.Cursor < len(p.found) {
			a := p.found[p.list.Cursor].Action
			m.pop()
			return m.run(a)
		}
	case "up", "ctrl+p":
		p.list.Move(kit.LineUp, p.height)
	case "down", "ctrl+n":
		p.list.Move(kit.LineDown, p.height)
	case "pgup", "pgdown":
		p.list.Move(kit.MotionOf(k.String()), p.height)
	case "tab":
		if p.list.Cursor < len(p.found) {
			p.input.Set(p.found[p.list.Cursor].Action.Title)
			p.search()
		}
	default:
		if p.input.Key(k) {
			p.search()
		}
	}
	return nil
}

func (p *palette) back() bool { return false }

func (p *palette) paste(text string) {
	p.input.Insert(text)
	p.search()
}

func (p *palette) actions() []kit.Action {
	none := func() tea.Cmd { return nil }
	return closeActions(p.m,
		kit.Action{ID: "palette.run", Title: "run", Keys: []string{"enter"}, Run: none},
		kit.Action{ID: "palette.choose", Title: "choose", Keys: []string{"up", "down"}, Run: none},
		kit.Action{ID: "palette.complete", Title: "complete", Keys: []string{"tab"}, Run: none})
}

// badge is the style of the open instance's name.
func (m *root) badge() theme.Style {
	if m.view.Info.Sandbox {
		return m.th.Sandbox
	}
	return m.th.Badge(m.view.Info.Colour)
}
