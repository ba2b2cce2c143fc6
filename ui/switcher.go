package ui

import (
	"image"

	tea "charm.land/bubbletea/v2"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/theme"
)

// switcher chooses another instance.
type switcher struct {
	plain
	m      *root
	rows   []licensing.InstanceInfo
	list   kit.List
	height int
}

func (m *root) doSwitcher() tea.Cmd {
	s := &switcher{m: m, rows: m.o.Instances.List()}
	for i, r := range s.rows {
		if r.Name == m.view.Info.Name {
			s.list.Cursor = i
		}
	}
	return m.push(s)
}

func (s *switcher) draw(m *root, body image.Rectangle) ([]string, image.Point, image.Point) {
	cursor := nowhere
	box, r := m.boxed(kit.Dialog{Title: "Instances"}, body, min(64, max(body.Dx()-8, 16)), min(len(s.rows)+2, max(body.Dy()-6, 3)), func(w, h int) kit.Part {
		s.height = max(h-2, 1)
		s.list.Len, s.list.Line = len(s.rows), s.line
		part := s.list.View(m.th, w, s.height)
		if part.Cursor > 0 {
			cursor = image.Pt(2, part.Cursor+1)
		}
		part.Lines = append(part.Lines, "", kit.NewLine(m.th, w).Label("what is kept of it shows at once, and is read again behind it").String())
		return part
	})
	return box, r.Min, cursor
}

func (s *switcher) line(th *theme.Theme, i, w int, selected bool) string {
	r := s.rows[i]
	name := th.Value
	if selected {
		name = th.Figure
	}
	badge := th.Badge(r.Colour)
	if r.Sandbox {
		badge = th.Sandbox
	}
	mode := r.Mode
	if mode == "" {
		mode = model.ModeReadOnly
	}
	return kit.NewLine(th, w).Space(1).Put(badge, " ").Space(1).Put(name, r.Name).At(20).Label(r.Host).Right().Label(string(mode)).String()
}

func (s *switcher) key(m *root, k tea.KeyPressMsg) tea.Cmd {
	if k.String() != "enter" {
		s.list.Move(kit.MotionOf(k.String()), s.height)
		return nil
	}
	if len(s.rows) == 0 {
		return nil
	}
	name := s.rows[s.list.Cursor].Name
	if name == m.view.Info.Name {
		m.pop()
		return nil
	}
	focus := m.focus
	if err := m.open(name); err != nil {
		m.pop()
		return m.fail("Instance "+name+" could not be opened", s.rows[s.list.Cursor], model.AsError("open the instance", err),
			"nothing was sent, nothing changed · "+m.view.Info.Name+" stays open")
	}
	m.focus = focus
	return m.Init()
}

func (s *switcher) actions() []kit.Action {
	none := func() tea.Cmd { return nil }
	return closeActions(s.m,
		kit.Action{ID: "switch.open", Title: "open", Keys: []string{"enter"}, Run: none},
		kit.Action{ID: "switch.choose", Title: "choose", Keys: []string{"up", "down"}, Run: none})
}
