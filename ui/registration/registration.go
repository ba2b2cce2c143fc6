// Package registration draws what an instance shares with the vendor and what
// it gets for it: Service Ping, the switches behind registration features, the
// features with what each lacks, and what leaves the server and when.
//
// It switches nothing itself: its keys ask the root to begin an act, with
// kit.Begin. It shows effective values, because the instance tells no others,
// and says what cannot be known by reading.
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
	v      *licensing.View
	list   kit.List // the one-column full screen
	grid   kit.Grid // the ledger of features beside the decision
	wide   bool     // the last full screen had both
	rows   int      // lines of list or grid in the last full screen
	locked bool     // only features that do not work

	change model.RegistrationChange // what the switch would come to
	fault  *model.Error             // why that cannot be said
}

// New returns an empty pane. loc is the zone of clock times.
func New(th *theme.Theme, loc *time.Location) *Pane {
	return &Pane{th: th, loc: loc, v: &licensing.View{}}
}

// Show takes in the newest view.
func (p *Pane) Show(v *licensing.View) tea.Cmd {
	p.v = v
	p.change, p.fault = p.v.Registration.Outlook(&p.v.Facts)
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

const group = "registration"

// Actions lists what can be done here.
func (p *Pane) Actions(full bool) []kit.Action {
	list := []kit.Action{p.optIn()}
	if !full {
		return list
	}
	list = append(list, p.look(), p.optional())
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
	p.list.Scroll, p.grid.Scroll = kit.Scroll{}, kit.Scroll{}
	text := "showing " + words.Int(len(p.shown())) + " of " + words.Int(len(p.v.Registration.Features)) + " features"
	return func() tea.Msg { return kit.Say{Text: text} }
}

// Key moves the cursor in the ledger, or scrolls where there is one column.
func (p *Pane) Key(k tea.KeyPressMsg) (tea.Cmd, bool) {
	m := kit.MotionOf(k.String())
	if p.wide {
		return nil, p.grid.Move(m, p.rows)
	}
	return nil, p.list.Move(m, p.rows)
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
	n := words.PartOf(p.v.Facts.Settings.AsOf, p.v.Facts.Settings.Err, p.v.Now, p.loc)
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
	if w >= wideMin {
		f.Divide = w * decisionShare / 100
	}
	in := f.Inner(w, h)
	cursor := image.Pt(-1, -1)
	p.wide = in.RightW > 0
	if !p.wide {
		lines := append(append(p.decision(in.LeftW, 0), ""), p.features(in.LeftW)...)
		p.rows = in.LeftH
		part := kit.Part{Lines: p.window(lines, in.LeftW, in.LeftH)}
		first, last := p.list.Window(p.list.Len, p.rows)
		f.Left = span(first, last, p.list.Len)
		return f.Screen(p.th, w, h, kit.Parts{Left: part}), cursor
	}
	parts := kit.Parts{
		Left:  kit.Part{Lines: kit.Tail(p.th, p.decision(in.LeftW, in.LeftH), in.LeftW, in.LeftH, "")},
		Right: p.ledger(in.RightW, in.RightH),
	}
	first, last := p.grid.Shown(p.rows)
	f.Left = span(first, last, p.grid.Len)
	if parts.Right.Cursor > 0 {
		cursor = image.Pt(f.Divide+2, parts.Right.Cursor)
	}
	return f.Screen(p.th, w, h, parts), cursor
}

// The full screen in two parts.
const (
	wideMin       = 110 // narrowest
	decisionShare = 38  // percent of the width for the decision; beside it the longest name has room
)

// span is the note of a window over n rows, "1–31 of 58"; none when it shows
// all of them.
func span(first, last, n int) string {
	if last-first >= n {
		return ""
	}
	return words.Int(first+1) + "–" + words.Int(last) + " of " + words.Int(n)
}

// window shows a part of lines and lets the keys move it.
func (p *Pane) window(lines []string, w, h int) []string {
	p.list.Len, p.list.NoCursor = len(lines), true
	p.list.Line = func(_ *theme.Theme, i, _ int, _ bool) string { return lines[i] }
	return p.list.View(p.th, w, h).Lines
}
