package ui

import (
	tea "charm.land/bubbletea/v2"

	"seatdeck/ui/kit"
)

// Update routes a message: sizes and focus to the root, replies to their owner,
// keys to the top dialog, else to a text field, else to the actions.
func (m *root) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.resize(msg.Width, msg.Height)
	case tea.ResumeMsg:
		return m, m.refresh()
	case tea.KeyPressMsg:
		return m, m.key(msg)
	case tea.PasteMsg:
		return m, m.paste(msg.Content)
	case tea.MouseWheelMsg:
		return m, m.wheel(msg)
	case tea.MouseClickMsg:
		return m, m.click(msg)
	case kit.Say:
		return m, m.say(msg)
	case kit.Copy:
		return m, m.copy(msg)
	case envelope:
		if msg.gen == m.gen {
			return m, m.wrap(msg.pane, m.panes[msg.pane].Update(msg.msg))
		}
	case toastOver:
		if msg.gen == m.gen && msg.seq == m.talk.seq {
			m.talk.now = kit.Say{}
		}
	case reply:
		if msg.gen == m.gen {
			return m, msg.take(m)
		}
	}
	return m, nil
}

// envelope carries the reply of a pane's command back to that pane.
type envelope struct {
	gen, pane int
	msg       tea.Msg
}

// reply is a message to the root itself. Its work is a function so that each
// kind stands beside the command it answers.
type reply struct {
	gen  int
	take func(*root) tea.Cmd
}

// wrap makes the reply of a pane's command find its way back. Batches are taken
// apart: an envelope around one would hide it from the runtime.
//
//go:noinline
func (m *root) wrap(pane int, cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	gen := m.gen
	return m.safe(func() tea.Msg {
		switch msg := cmd().(type) {
		case nil:
			return nil
		case tea.BatchMsg:
			for i, c := range msg {
				msg[i] = m.wrap(pane, c)
			}
			return msg
		case kit.Begin:
			return reply{gen, func(m *root) tea.Cmd { return m.begin(msg) }}
		case kit.LayOpen:
			return reply{gen, (*root).layOpen}
		default:
			if forRuntime(msg) {
				return msg
			}
			return envelope{gen, pane, msg}
		}
	})
}

// forRuntime reports whether a message is for the runtime or the root and must
// not be put into an envelope.
func forRuntime(msg tea.Msg) bool {
	switch msg.(type) {
	case tea.QuitMsg, tea.SuspendMsg, kit.Say, kit.Copy:
		return true
	}
	return false
}

// key routes one key press.
func (m *root) key(k tea.KeyPressMsg) tea.Cmd {
	name := k.String()
	m.pressed = name
	if name == "ctrl+c" {
		return m.interrupt()
	}
	m.talk.key()
	if m.act != nil && name != "q" {
		m.act.warned = false
	}
	if n := len(m.dialogs); n > 0 {
		return m.dialogKey(m.dialogs[n-1], k)
	}
	if m.full && m.pane().Typing() && !control(name) {
		cmd, _ := m.pane().Key(k)
		return m.wrap(m.focus, cmd)
	}
	if a := kit.Find(m.actions(), name); a != nil {
		return m.run(a)
	}
	if m.full {
		cmd, _ := m.pane().Key(k)
		return m.wrap(m.focus, cmd)
	}
	return nil
}

// control reports whether a key may be an action while text is typed: only what
// cannot be text.
func control(key string) bool {
	switch key {
	case "esc", "tab", "shift+tab":
		return true
	}
	return false
}

// run starts an action, or says why it cannot be started.
func (m *root) run(a *kit.Action) tea.Cmd {
	if why := a.Reason(); why != "" {
		return m.say(kit.Say{Text: a.Title + ": " + why})
	}
	return a.Run()
}

func (m *root) paste(text string) tea.Cmd {
	if n := len(m.dialogs); n > 0 {
		m.dialogs[n-1].paste(text)
		return nil
	}
	if m.full && m.pane().Typing() {
		return m.wrap(m.focus, m.pane().Paste(text))
	}
	return nil
}
