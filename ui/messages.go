package ui

import (
	"image"
	"slices"

	tea "charm.land/bubbletea/v2"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/theme"
	"seatdeck/ui/words"
)

// messageList shows everything that was said, and what wants attention.
type messageList struct {
	plain
	m      *root
	rows   []message
	list   kit.List
	height int
}

func (m *root) doMessages() tea.Cmd {
	l := &messageList{m: m}
	for _, a := range m.view.Alerts {
		level := kit.Trouble
		if a.Level == model.LevelBad {
			level = kit.Failure
		} else if a.Level == model.LevelInfo {
			level = kit.Note
		}
		l.rows = append(l.rows, message{at: m.view.Now, Say: kit.Say{Level: level, Text: a.Long}})
	}
	for _, p := range m.view.Facts.PartStates() {
		if p.Err != nil {
			l.rows = append(l.rows, message{at: m.view.Now, Say: kit.Say{Level: kit.Trouble, Text: p.Err.Op + ": " + p.Err.Msg.String(), Next: p.Err.Next.String()}})
		}
	}
	for i := len(m.talk.log) - 1; i >= 0; i-- {
		msg := m.talk.log[i]
		if !slices.ContainsFunc(l.rows, func(o message) bool { return o.Say == msg.Say && o.Level >= kit.Trouble }) {
			l.rows = append(l.rows, msg)
		}
	}
	// What stands in the list has been seen.
	m.talk.trouble = nil
	return m.push(l)
}

func (l *messageList) draw(m *root, body image.Rectangle) ([]string, image.Point, image.Point) {
	wide := min(108, max(body.Dx()-8, 16))
	box, r := m.boxed(kit.Dialog{Title: "Messages"}, body, wide, min(max(len(l.lines(m.th, wide)), 1), max(body.Dy()-6, 3)), func(w, h int) kit.Part {
		l.height = max(h, 1)
		if len(l.rows) == 0 {
			return kit.Part{Lines: []string{kit.NewLine(m.th, w).Label("Nothing was said yet, and nothing wants attention.").String()}}
		}
		lines := l.lines(m.th, w)
		l.list.Len, l.list.NoCursor, l.list.Line = len(lines), true, func(_ *theme.Theme, i, _ int, _ bool) string { return lines[i] }
		return l.list.View(m.th, w, l.height)
	})
	return box, r.Min, nowhere
}

// lines are the messages on w cells: what was said, and below it what helps.
func (l *messageList) lines(th *theme.Theme, w int) []string {
	var out []string
	for _, msg := range l.rows {
		line := kit.NewLine(th, w).Label(words.Moment(msg.at, l.m.view.Now, l.m.loc)).At(13)
		sayLine(th, line, kit.Say{Level: msg.Level})
		for _, part := range []struct {
			style theme.Style
			text  string
		}{{th.Value, msg.Text}, {th.Label, msg.Next}} {
			for _, text := range kit.Wrap(th, part.style, part.text, max(w-15, 1)) {
				out = append(out, line.At(15).Styled(text).String())
				line = kit.NewLine(th, w)
			}
		}
	}
	return out
}

func (l *messageList) key(m *root, k tea.KeyPressMsg) tea.Cmd {
	if name := k.String(); name == "m" || name == "q" {
		m.pop()
	} else {
		l.list.Move(kit.MotionOf(name), l.height)
	}
	return nil
}

func (l *messageList) actions() []kit.Action {
	return closeActions(l.m, kit.Action{ID: "messages.scroll", Title: "scroll", Keys: []string{"up", "down"}, Run: func() tea.Cmd { return nil }})
}
