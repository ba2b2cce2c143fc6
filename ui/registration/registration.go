// Package registration draws what an instance shares with the vendor and what
// it gets for it: Service Ping, the switches behind registration features, the
// features with what each lacks, and what leaves the server and when.
//
// It switches nothing: the keys say why. It shows effective values, because the
// instance tells no others, and says what cannot be known by reading.
package registration

import (
	"image"
	"time"

	tea "charm.land/bubbletea/v2"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/theme"
	"seatdeck/ui/words"
)

// Pane is the Registration pane.
type Pane struct {
	th     *theme.Theme
	loc    *time.Location
	v      licensing.View
	list   kit.List // the one-column full screen
	rows   int
	locked bool // only features that do not work
}

// New returns an empty pane. loc is the zone of clock times.
func New(th *theme.Theme, loc *time.Location) *Pane { return &Pane{th: th, loc: loc} }

// Show takes in the newest view.
func (p *Pane) Show(v licensing.View) tea.Cmd {
	p.v = v
	return nil
}

// Tab is the pane's name with its verdict.
func (p *Pane) Tab() kit.Tab {
	t := kit.Tab{Number: "3", Name: "Registration"}
	switch p.v.Registration.State {
	case model.RegistrationOn:
		t.Figure = []kit.Span{{Text: "on"}}
	case model.RegistrationOff:
		t.Figure = []kit.Span{{Text: "off"}}
	}
	return t
}

// Actions lists what can be done here. Switching is named with the reason it
// cannot be done yet, so that the key is known where it will be.
func (p *Pane) Actions(full bool) []kit.Action {
	const group = "registration"
	list := []kit.Action{{ID: "registration.switch", Title: "opt in or out", Short: "registration", Desc: "registration features, in return for Service Ping", Keys: []string{"r"}, Group: group, Danger: 1,
		Why: func() string { return "this version only reads the switches" }, Run: func() tea.Cmd { return nil }}}
	if !full {
		return list
	}
	title := "only what is missing"
	if p.locked {
		title = "all features"
	}
	return append(list, kit.Action{ID: "registration.filter", Title: title, Short: "filter", Desc: "features that do not work, or all", Keys: []string{"f"}, Group: group,
		Why: p.noFeatures, Run: p.toggleLocked})
}

// noFeatures says why there is nothing to filter.
func (p *Pane) noFeatures() string {
	if len(p.v.Registration.Features) == 0 {
		return "the features are not known yet"
	}
	return ""
}

// toggleLocked changes the filter, and says so: on small screens the list is
// out of sight.
func (p *Pane) toggleLocked() tea.Cmd {
	p.locked = !p.locked
	p.list.Scroll = kit.Scroll{}
	text := "showing " + words.Int(len(p.shown())) + " of " + words.Int(len(p.v.Registration.Features)) + " features"
	return func() tea.Msg { return kit.Say{Text: text} }
}

// Key scrolls the full screen.
func (p *Pane) Key(k tea.KeyPressMsg) (tea.Cmd, bool) {
	return nil, p.list.Move(kit.MotionOf(k.String()), p.rows)
}

// Paste goes nowhere: the pane has no text field.
func (p *Pane) Paste(string) tea.Cmd { return nil }

// Update takes nothing: the pane gives out no commands.
func (p *Pane) Update(tea.Msg) tea.Cmd { return nil }

// Typing is never true.
func (p *Pane) Typing() bool { return false }

// Back has nothing to leave.
func (p *Pane) Back() (tea.Cmd, bool) { return nil, false }

// note says when the settings were read.
func (p *Pane) note() words.Note {
	n := words.Part(p.v.Facts.Settings, p.v.Now, p.loc)
	if !n.Stale {
		n.Text = "settings " + n.Text
	}
	return n
}

// Full draws the full screen: the decision on the left, the ledger of features
// on the right, or one below the other.
func (p *Pane) Full(w, h int) ([]string, image.Point) {
	n := p.note()
	f := kit.Frame{Number: "3", Title: "Registration", Focus: true, Right: n.Text, Warn: n.Stale}
	if w >= 106 {
		f.Divide = w * 39 / 100
	}
	in := f.Inner(w, h)
	var parts kit.Parts
	if in.RightW > 0 {
		parts.Left = kit.Part{Lines: p.decision(in.LeftW)}
		lines := p.features(in.RightW)
		p.rows = max(in.RightH-2, 1)
		parts.Right = kit.Part{Lines: append(lines[:2:2], p.window(lines[2:], in.RightW, p.rows)...)}
	} else {
		lines := append(append(p.decision(in.LeftW), ""), p.features(in.LeftW)...)
		p.rows = in.LeftH
		parts.Left = kit.Part{Lines: p.window(lines, in.LeftW, in.LeftH)}
	}
	if first, last := p.list.Window(p.list.Len, p.rows); last-first < p.list.Len {
		f.Left = words.Int(first+1) + "–" + words.Int(last) + " of " + words.Int(p.list.Len)
	}
	return f.Screen(p.th, w, h, parts), image.Pt(-1, -1)
}

// window shows a part of lines and lets the keys move it.
func (p *Pane) window(lines []string, w, h int) []string {
	p.list.Len, p.list.NoCursor = len(lines), true
	p.list.Line = func(_ *theme.Theme, i, _ int, _ bool) string { return lines[i] }
	return p.list.View(p.th, w, h).Lines
}
