package ui

import (
	"image"

	tea "charm.land/bubbletea/v2"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/theme"
)

// failure is the box of something that was asked for and did not work: what,
// where, why, what helps, and what state everything is in.
type failure struct {
	plain
	m     *root
	title string
	at    licensing.InstanceInfo
	err   *model.Error
	fact  string // what it came to, in a few words
	mild  bool   // it is not bad, only not as wished
	note  string // what else is known of the cause
	state string

	list   kit.List
	height int
}

// fail opens the box and keeps the failure among the messages.
func (m *root) fail(title string, at licensing.InstanceInfo, err *model.Error, state string) tea.Cmd {
	f := &failure{m: m, title: title, at: at, err: err, fact: err.Op + " failed", state: state}
	m.remember(f, title+": "+f.why())
	return m.push(f)
}

// remember keeps what a box says among the messages: it may be closed unread.
func (m *root) remember(f *failure, text string) {
	level := kit.Failure
	if f.mild {
		level = kit.Trouble
	}
	m.talk.remember(message{at: m.o.Clock.Now(), Say: kit.Say{Level: level, Text: text, Next: f.err.Next.String()}})
}

// why is the cause, as far as it is known.
func (f *failure) why() string {
	if f.note != "" && !f.err.Msg.Empty() {
		return f.note + ": " + f.err.Msg.String()
	}
	return f.err.Msg.String()
}

func (f *failure) draw(m *root, body image.Rectangle) ([]string, image.Point, image.Point) {
	w := min(74, max(body.Dx()-8, 16))
	box, r := m.boxed(kit.Dialog{Title: f.title, Danger: !f.mild}, body, w, min(len(f.lines(m.th, w)), max(body.Dy()-6, 3)), func(w, h int) kit.Part {
		lines := f.lines(m.th, w)
		f.height = max(h, 1)
		f.list.Len, f.list.NoCursor = len(lines), true
		f.list.Line = func(_ *theme.Theme, i, _ int, _ bool) string { return lines[i] }
		return kit.Part{Lines: f.list.View(m.th, w, f.height).Lines}
	})
	return box, r.Min, nowhere
}

// lines is the text of the box on w cells.
func (f *failure) lines(th *theme.Theme, w int) []string {
	badge := th.Badge(f.at.Colour)
	if f.at.Sandbox {
		badge = th.Sandbox
	}
	out := []string{kit.NewLine(th, w).Label("on").At(planLabel).Put(badge, " "+f.at.Name+" ").Space(1).Value(f.at.Host).String(), ""}
	mark, glyph := th.Bad, th.Glyph.Missing
	if f.mild {
		mark, glyph = th.Warn, th.Glyph.Warning
	}
	out = append(out, kit.NewLine(th, w).Mark(mark, glyph).Figure(f.fact).String(), "")
	out = append(out, labelled(th, w, "why", f.why())...)
	if !f.err.Next.Empty() {
		out = append(append(out, ""), labelled(th, w, "do", f.err.Next.String())...)
	}
	out = append(append(out, ""), labelled(th, w, "state", f.state)...)
	return append(out, "", kit.NewLine(th, w).Figure("m").Label(" messages     ").Figure("esc").Label(" close").String())
}

// labelled wraps a text beside its label.
func labelled(th *theme.Theme, w int, label, text string) []string {
	out := kit.Wrap(th, th.Value, text, max(w-planLabel, 1))
	for i, line := range out {
		l := kit.NewLine(th, w)
		if i == 0 {
			l.Label(label)
		}
		out[i] = l.At(planLabel).Styled(line).String()
	}
	return out
}

func (f *failure) key(m *root, k tea.KeyPressMsg) tea.Cmd {
	switch name := k.String(); name {
	case "enter", "q":
		m.pop()
	case "m":
		m.pop()
		return m.doMessages()
	default:
		f.list.Move(kit.MotionOf(name), f.height)
	}
	return nil
}

func (f *failure) actions() []kit.Action {
	return closeActions(f.m, kit.Action{ID: "failure.messages", Title: "messages", Keys: []string{"m"}, Run: f.m.doMessages})
}
