package ui

import (
	"image"

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
		l.rows = append(l.rows, m.talk.log[i])
	}
	// What stands in the list has been seen.
	m.talk.trouble = nil
	return m.push(l)
}

func (l *messageList) draw(m *root, body image.Rectangle) ([]string, image.Point, image.Point) {
	box, r := m.boxed(kit.Dialog{Title: "Messages"}, body, min(108, max(body.Dx()-8, 16)), min(max(2*len(l.rows), 1), max(body.Dy()-6, 3)), func(w, h int) kit.Part {
		l.height = max(h, 1)
		if len(l.rows) == 0 {
			return kit.Part{Lines: []string{kit.NewLine(m.th, w).Label("Nothing was said yet, and nothing wants attention.").String()}}
		}
		l.list.Len, l.list.NoCursor, l.list.Line = 2*len(l.rows), true, l.line
		return l.list.View(m.th, w, l.height)
	})
	return box, r.Min, nowhere
}

// line draws a message on two rows: what was said, and what helps.
func (l *messageList) line(th *theme.Theme, i, w int, _ bool) string {
	msg := l.rows[i/2]
	if i%2 == 1 {
		return kit.NewLine(th, w).At(15).Label(msg.Next).String()
	}
	line := kit.NewLine(th, w).Label(words.Moment(msg.at, l.m.view.Now, l.m.loc)).At(13)
	s := msg.Say
	s.Next = ""
	sayLine(th, line, s)
	return line.String()
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
