package ui

import (
	"image"
	"strings"

	tea "charm.land/bubbletea/v2"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

// View draws the frame. All modes of the terminal are declared here and nowhere
// else, on the one path that returns.
func (m *root) View() tea.View {
	lines, cursor := m.lines()
	v := tea.NewView(kit.Join(kit.FitLines(lines, m.w, m.h)))
	v.AltScreen = true
	if m.mouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	if cursor.X >= 0 && cursor.Y >= 0 && cursor.In(image.Rect(0, 0, m.w, m.h)) {
		v.Cursor = tea.NewCursor(cursor.X, cursor.Y)
		v.Cursor.Blink = false
	}
	return v
}

// lines draws the whole screen, with the cursor's place on it.
func (m *root) lines() ([]string, image.Point) {
	switch {
	case m.w <= 0 || m.h <= 0:
		return nil, nowhere
	case m.layout.Class == kit.XS:
		return m.tiny(), nowhere
	case m.layout.Class == kit.S && len(m.dialogs) == 0:
		return m.small(), nowhere
	}
	out := []string{m.header(m.w)}
	if !m.layout.Ribbon.Empty() {
		out = append(out, m.ribbon(m.w))
	}
	body, cursor := m.bodyLines()
	out = append(out, body...)
	if m.layout.Talk != m.layout.Footer {
		out = append(out, m.talkLine(m.w))
	}
	out = append(out, m.footer(m.w))
	return m.overlay(out, cursor)
}

// bodyLines draws what stands between header and talk row.
func (m *root) bodyLines() ([]string, image.Point) {
	b := m.layout.Body
	if m.full {
		lines, cursor := m.pane().Full(b.Dx(), b.Dy())
		if cursor.X >= 0 {
			cursor = cursor.Add(b.Min)
		}
		return kit.FitLines(lines, b.Dx(), b.Dy()), cursor
	}
	if m.layout.Class < kit.L {
		return m.tabbed(b.Dx(), b.Dy()), nowhere
	}
	return m.quarters(), nowhere
}

// quarters draws the four panes, two by two.
func (m *root) quarters() []string {
	var blocks [paneCount][]string
	for i, p := range m.panes {
		r := m.layout.Panes[i]
		blocks[i] = m.framed(i, p, r.Dx(), r.Dy())
	}
	return append(kit.Beside(blocks[0], blocks[1]), kit.Beside(blocks[2], blocks[3])...)
}

// framed draws one pane of the dashboard in its frame.
func (m *root) framed(i int, p pane, w, h int) []string {
	tab := p.Tab()
	notes, body := m.compact(i, p, max(w-4, 0), max(h-2, 0))
	f := kit.Frame{Number: tab.Number, Title: tab.Name, Left: notes.Left, Right: notes.Right, Warn: notes.Warn, Focus: i == m.focus}
	return f.Pane(m.th, w, h, kit.Part{Lines: body})
}

// compact draws the body of a pane. While the first accounts come in, the pane
// they belong to shows how far they are: what the talk row says is progress of
// work, here it is why the rest of the pane is missing.
func (m *root) compact(i int, p pane, w, h int) (kit.Frame, []string) {
	notes, body := p.Compact(w, h)
	pr := m.work.progress
	about, known := pr.About.Get()
	if i != paneUsers || !m.work.reading || pr.Stage != model.StageRoster || m.view.Facts.Breakdown.Known() || !known || about <= 0 {
		return notes, body
	}
	done := min(pr.Done, about)
	for len(body) > 1 && strings.TrimSpace(body[len(body)-1]) == "" {
		body = body[:len(body)-1]
	}
	return notes, append(body[:min(len(body), max(h-3, 0))], "",
		kit.NewLine(m.th, w).Label("accounts read").Right().Value(words.Int(pr.Done)+" of about "+words.Int(about)).String(),
		kit.Rule{Value: float64(done), Whole: float64(about), Track: true, Style: m.th.Accent}.Render(m.th, w))
}

// tabbed draws the focused pane with the others as tabs.
func (m *root) tabbed(w, h int) []string {
	notes, body := m.compact(m.focus, m.pane(), max(w-4, 0), max(h-2, 0))
	f := kit.Frame{Tabs: m.tabs(), Active: m.focus, Left: notes.Left, Right: notes.Right, Warn: notes.Warn, Focus: true}
	return f.Pane(m.th, w, h, kit.Part{Lines: body})
}

// shortNames are the panes' names where four stand in one line.
var shortNames = map[string]string{"Users & seats": "Seats", "Sync history": "Sync"}

func (m *root) tabs() []kit.Tab {
	tabs := make([]kit.Tab, paneCount)
	for i, p := range m.panes {
		tabs[i] = p.Tab()
		if short, ok := shortNames[tabs[i].Name]; ok {
			tabs[i].Name = short
		}
	}
	return tabs
}

// footer draws the keys that work here and now.
func (m *root) footer(w int) string {
	if n := len(m.dialogs); n > 0 {
		return kit.Footer(m.th, m.dialogs[n-1].actions(), w, 1)
	}
	if m.full && m.pane().Typing() {
		return kit.Footer(m.th, m.typingActions(), w, 1)
	}
	return kit.Footer(m.th, m.actions(), w, 1)
}
