package ui

import (
	"image"

	tea "charm.land/bubbletea/v2"

	"seatdeck/ui/kit"
)

// dialog is a box over the screen. Keys go to the last one opened; what lies
// below keeps its focus, so closing restores it.
type dialog interface {
	// draw returns the box, where it stands, and where the terminal's cursor
	// belongs in it (negative: nowhere).
	draw(m *root, body image.Rectangle) (box []string, at, cursor image.Point)
	// key takes a key; esc is taken by the root.
	key(m *root, k tea.KeyPressMsg) tea.Cmd
	// paste takes pasted text, which goes to a text field or nowhere: it never
	// confirms anything.
	paste(text string)
	// back leaves a field inside the dialog and reports whether there was one;
	// esc closes the dialog only when there was not.
	back() bool
	// actions are the keys of the footer while the dialog is open.
	actions() []kit.Action
}

// plain is the part of dialogs without a text field to leave.
type plain struct{}

func (plain) paste(string) {}
func (plain) back() bool   { return false }

func (m *root) push(d dialog) tea.Cmd {
	m.dialogs = append(m.dialogs, d)
	return nil
}

func (m *root) pop() {
	if n := len(m.dialogs); n > 0 {
		m.dialogs = m.dialogs[:n-1]
	}
}

func (m *root) dialogKey(d dialog, k tea.KeyPressMsg) tea.Cmd {
	if k.String() == "esc" {
		if !d.back() {
			m.pop()
		}
		return nil
	}
	return d.key(m, k)
}

// overlay paints the top dialog over the screen.
func (m *root) overlay(base []string, cursor image.Point) ([]string, image.Point) {
	if len(m.dialogs) == 0 {
		return base, cursor
	}
	box, at, cur := m.dialogs[len(m.dialogs)-1].draw(m, m.body())
	footer := base[len(base)-1]
	out := kit.Overlay(m.th, base, box, at.X, at.Y, m.w)
	if len(out) > 0 {
		out[len(out)-1] = footer
	}
	if cur.X < 0 {
		return out, nowhere
	}
	return out, cur.Add(at)
}

// boxed draws a dialog around a body of w by h cells in the middle of the
// screen, or filling it where there is no room for a margin.
func (m *root) boxed(d kit.Dialog, body image.Rectangle, w, h int, draw func(w, h int) kit.Part) ([]string, image.Rectangle) {
	ow, oh := d.Outer(w, h)
	if m.layout.Class < kit.L {
		ow, oh = body.Dx(), body.Dy()
	}
	r := d.Place(body, ow, oh)
	iw, ih := d.Inner(r.Dx(), r.Dy())
	return d.Box(m.th, r.Dx(), r.Dy(), draw(iw, ih)), r
}

// closeActions is the footer of dialogs that are only read.
func closeActions(m *root, more ...kit.Action) []kit.Action {
	return append(more, kit.Action{ID: "close", Title: "close", Keys: []string{"esc"}, Run: func() tea.Cmd { m.pop(); return nil }})
}
