package ui

import (
	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

// leavingAct is said when somebody wants to leave while an act is carried out.
const leavingAct = "a request may be under way; q again leaves, the record keeps the intent"

// actLine writes how far the act on its way has come: what it is, its stage,
// what that found, its time. Where it is narrow what does not fit is left out,
// and what stops it stays.
func (m *root) actLine(l *kit.Line, w int) {
	a := m.act
	if a.warned {
		sayLine(m.th, l, kit.Say{Level: kit.Trouble, Text: leavingAct})
		return
	}
	l.Mark(m.th.Accent, m.th.Glyph.Running)
	room, word := w, ""
	if a.stoppable() {
		word = a.escWord()
		room -= kit.Width("  esc ") + kit.Width(word) + 2
	}
	for i, part := range m.actParts() {
		if i > 0 {
			part = " · " + part
		}
		if i > 0 && l.Used()+kit.Width(part) > room {
			continue // left out whole, not cut
		}
		if i == 0 {
			l.Value(part)
		} else {
			l.Label(part)
		}
	}
	if word != "" {
		l.Right().Figure("esc").Label(" " + word).Space(1)
	}
}

// escWord is what esc does to the act.
func (a *act) escWord() string {
	switch {
	case a.watch != nil:
		return "stops"
	case a.sent():
		return "stops waiting"
	}
	return "cancels"
}

// actParts words the act on its way, the most important first.
func (m *root) actParts() []string {
	a := m.act
	running := words.Running(a.report.At.Sub(a.began))
	live := model.RunningAct{ActProgress: a.report}
	if waited, most, ok := live.Waited(); ok {
		running = words.Running(waited) + " of " + words.Running(most)
	}
	switch {
	case a.stopped:
		return []string{"stopping: " + lowered(a.title)}
	case !a.running:
		parts := []string{"planning: " + lowered(a.title), "reading the instance"}
		if a.op == model.OpSettingsWrite && m.desk.PinsDue() {
			parts = append(parts, "asking the server for pins, which may take a minute")
		}
		return parts
	case a.page != "":
		return []string{"press Sync on " + a.page, "watching since " + words.Clock(a.began, m.loc)}
	case a.report.Stage == "":
		return []string{lowered(a.title)}
	}
	if a.report.Looks > 0 { // it waits for one thing: what that is says more than the title
		return []string{string(a.report.Stage), words.Looks(live, m.view.Facts.License.Value.LastSync, m.view.Now, m.loc), running}
	}
	parts := []string{lowered(a.title), string(a.report.Stage)}
	if note := a.report.Note.String(); note != "" {
		parts = append(parts, note)
	}
	return append(parts, running)
}
