package ui

import (
	"image"

	tea "charm.land/bubbletea/v2"
)

// wheel scrolls as the arrow keys do.
func (m *root) wheel(msg tea.MouseWheelMsg) tea.Cmd {
	key := tea.KeyPressMsg{Code: tea.KeyDown}
	if msg.Button == tea.MouseWheelUp {
		key.Code = tea.KeyUp
	}
	if n := len(m.dialogs); n > 0 {
		return m.dialogs[n-1].key(m, key)
	}
	if m.full {
		cmd, _ := m.pane().Key(key)
		return m.wrap(m.focus, cmd)
	}
	return nil
}

// click focuses the pane under the mouse; a click on the focused one opens it.
func (m *root) click(msg tea.MouseClickMsg) tea.Cmd {
	if len(m.dialogs) > 0 || m.full || msg.Button != tea.MouseLeft {
		return nil
	}
	at := image.Pt(msg.X, msg.Y)
	for i, r := range m.layout.Panes {
		if !at.In(r) {
			continue
		}
		if i == m.focus && m.tooSmall() == "" {
			return m.doOpen()
		}
		return m.doFocus(i)
	}
	return nil
}
