package ui

import (
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

// leavingAct is said when somebody wants to leave while an act is carried out.
const leavingAct = "a request may be under way; q again leaves, the record keeps the intent"

// actLine writes how far the act on its way has come: what it is, its stage,
// what that found, its time. Where it is narrow the end goes first, and what
// stops it stays.
func (m *root) actLine(l *kit.Line, w int) {
	a := m.act
	if a.warned {
		sayLine(m.th, l, kit.Say{Level: kit.Trouble, Text: leavingAct})
		return
	}
	l.Mark(m.th.Accent, m.th.Glyph.Running)
	room := w
	if a.stoppable() {
		room -= kit.Width("  esc cancels ")
	}
	for i, part := range m.actParts() {
		if i > 0 {
			part = " · " + part
		}
		if i > 0 && l.Used()+kit.Width(part) > room {
			break // left out whole, not cut
		}
		if i == 0 {
			l.Value(part)
		} else {
			l.Label(part)
		}
	}
	if a.stoppable() {
		word := " cancels"
		if a.watch != nil {
			word = " stops"
		}
		l.Right().Figure("esc").Label(word).Space(1)
	}
}

// actParts words the act on its way, the most important first.
func (m *root) actParts() []string {
	a := m.act
	running := words.Running(a.report.At.Sub(a.began))
	switch {
	case a.stopped:
		return []string{"stopping: " + lowered(a.title)}
	case !a.running:
		return []string{"planning: " + lowered(a.title), "reading the instance"}
	case a.page != "":
		return []string{"press Sync on " + a.page, "watching since " + words.Clock(a.began, m.loc)}
	case a.report.Stage == "":
		return []string{lowered(a.title)}
	}
	parts := []string{lowered(a.title), string(a.report.Stage)}
	if note := a.report.Note.String(); note != "" {
		parts = append(parts, note)
	}
	return append(parts, running)
}
