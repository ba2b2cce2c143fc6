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
	helps  []bool // line by line: what helps stands in it, and not what was said
	at     []int  // line by line: the row
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
	for i, msg := range l.rows {
		l.at, l.helps = append(l.at, i), append(l.helps, false)
		if msg.Next != "" {
			l.at, l.helps = append(l.at, i), append(l.helps, true)
		}
	}
	// What stands in the list has been seen.
	m.talk.trouble = nil
	return m.push(l)
}

func (l *messageList) draw(m *root, body image.Rectangle) ([]string, image.Point, image.Point) {
	box, r := m.boxed(kit.Dialog{Title: "Messages"}, body, min(108, max(body.Dx()-8, 16)), min(max(len(l.at), 1), max(body.Dy()-6, 3)), func(w, h int) kit.Part {
		l.height = max(h, 1)
		if len(l.rows) == 0 {
			return kit.Part{Lines: []string{kit.NewLine(m.th, w).Label("Nothing was said yet, and nothing wants attention.").String()}}
		}
		l.list.Len, l.list.NoCursor, l.list.Line = len(l.at), true, l.line
		return l.list.View(m.th, w, l.height)
	})
	return box, r.Min, nowhere
}

// line draws one line of a message: what was said, or below it what helps.
func (l *messageList) line(th *theme.Theme, i, w int, _ bool) string {
	msg := l.rows[l.at[i]]
	if l.helps[i] {
		return kit.NewLine(th, w).At(15).Label(msg.Next).String()
	}
	line := kit.NewLine(th, w).Label(words.Moment(msg.at, l.m.view.Now, l.m.loc)).At(13)
	s := msg.Say
	s.Next = ""
	if s.Level < kit.Done {
		line.Space(2) // where the others have their glyph
	}
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
