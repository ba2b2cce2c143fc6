// Package subscription draws the contract: plan, term, seats, the peak of the
// term, both overages and why they differ, terms to come and past, add-ons, and
// the daily counts under the limit in force.
//
// It works nothing out that the view does not already say, reads no clock, and
// sends nothing. A number nobody could read is a dash, never a zero.
package subscription

import (
	"image"
	"time"

	tea "charm.land/bubbletea/v2"

	"seatdeck/licensing"
	"seatdeck/ui/kit"
	"seatdeck/ui/theme"
	"seatdeck/ui/words"
)

// Pane is the Subscription pane.
type Pane struct {
	th    *theme.Theme
	loc   *time.Location
	v     *licensing.View
	email bool // show the licensee's e-mail address
	list  kit.List
	rows  int // height of the scrolled part of the last full screen
}

// New returns an empty pane. loc is the zone of clock times.
func New(th *theme.Theme, loc *time.Location) *Pane {
	return &Pane{th: th, loc: loc, v: &licensing.View{}}
}

// Show takes in the newest view.
func (p *Pane) Show(v *licensing.View) tea.Cmd {
	p.v = v
	return nil
}

// Tab is the pane's name with the days left.
func (p *Pane) Tab() kit.Tab {
	t := kit.Tab{Number: "1", Name: "Subscription"}
	if left, ok := p.v.Facts.License.Value.DaysLeft(p.v.Now).Get(); ok {
		text := words.Int(left) + " d"
		if left <= 0 {
			text = "ended"
		}
		t.Figure = append(p.endMark(left), kit.Span{Text: text})
	}
	return t
}

// Full draws the full screen.
func (p *Pane) Full(w, h int) ([]string, image.Point) {
	f := kit.Frame{Number: "1", Title: "Subscription", Focus: true}
	note := p.note(w >= 100)
	f.Right, f.Warn = note.Text, note.Stale
	in := f.Inner(w, h)
	body := p.wide(in.LeftW, in.LeftH)
	if body == nil {
		body = p.scrolled(in.LeftW, in.LeftH)
		if first, last := p.list.Window(p.list.Len, in.LeftH); last-first < p.list.Len {
			f.Left = words.Int(first+1) + "–" + words.Int(last) + " of " + words.Int(p.list.Len)
		}
	}
	return f.Screen(p.th, w, h, kit.Parts{Left: kit.Part{Lines: body}}), image.Pt(-1, -1)
}

// Actions lists what can be done here.
func (p *Pane) Actions(full bool) []kit.Action {
	const group = "subscription"
	list := []kit.Action{
		{ID: "subscription.copy", Title: "copy a summary", Short: "copy", Desc: "four lines for a ticket", Keys: []string{"y"}, Group: group, Quiet: !full,
			Run: func() tea.Cmd { return func() tea.Msg { return kit.Copy{Text: p.summary(), What: "a summary"} } }},
	}
	if full {
		list = append([]kit.Action{{ID: "subscription.email", Title: "show or hide e-mail", Short: "e-mail", Desc: "of the licensee", Keys: []string{"e"}, Group: group,
			Why: p.noEmail, Run: p.toggleEmail}}, list...)
	}
	return list
}

// noEmail says why there is no address to show.
func (p *Pane) noEmail() string {
	if p.v.Facts.License.Value.Email.Empty() {
		return "no address of a licensee is known"
	}
	return ""
}

// toggleEmail shows or hides the address, and says so: its row may be out of
// sight.
func (p *Pane) toggleEmail() tea.Cmd {
	p.email = !p.email
	text := "e-mail hidden"
	if p.email {
		text = "e-mail shown beside the contact"
	}
	return func() tea.Msg { return kit.Say{Text: text} }
}

// Key scrolls the full screen where it is taller than the terminal.
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

// note says where the numbers are from; long adds what the chart rests on.
func (p *Pane) note(long bool) words.Note {
	lic := &p.v.Facts.License
	n := words.PartOf(lic.AsOf, lic.Err, p.v.Now, p.loc)
	if n.Stale || !lic.Known() || !lic.Value.Present() {
		return n
	}
	switch at := lic.Value.DailyAt; {
	case !at.IsZero():
		n.Text += " · newest daily count " + words.Moment(at.At, p.v.Now, p.loc)
	case at.Source != "":
		n.Text += " · " + words.Age(at, p.v.Now, p.loc).Text
	}
	if long && len(p.v.Observed.Rows) > 0 {
		n.Text += " · history from the usage export and kept here"
	}
	return n
}

// endMark is the warning before the days left: from 90 days on it warns, from
// 15 it is bad (visual rules, states). A term that another one follows ends
// without harm.
func (p *Pane) endMark(left int) []kit.Span {
	switch {
	case left > 0 && p.followed():
		return nil
	case left <= 15:
		return []kit.Span{{Style: p.th.Bad, Text: p.th.Glyph.Missing}, {Text: " "}}
	case left <= 90:
		return []kit.Span{{Style: p.th.Warn, Text: p.th.Glyph.Warning}, {Text: " "}}
	}
	return nil
}

// followed reports whether the next term is known, and begins before this one
// would leave a day uncovered.
func (p *Pane) followed() bool {
	return p.v.Facts.Followed()
}

// summary is the contract in four lines of plain text.
func (p *Pane) summary() string {
	l := &p.v.Facts.License.Value
	s := p.v.Info.Host + ", GitLab " + p.v.Facts.Metadata.Value.Version.String() + "\n"
	if !l.Present() {
		return s + "no licence\n"
	}
	s += l.Plan.Title() + ", " + l.Kind.Title() + ", " + words.Term(l.Starts, l.Ends) + "\n"
	s += words.Taken(*l) + ", peak " + words.Count(l.Maximum) + ", over now " + words.Count(l.OverNow) + ", over at peak " + words.Count(l.OverPeak) + "\n"
	return s + "last sync " + words.EventOpt(l.LastSync, p.v.Now, p.loc) + " " + words.Zone(p.v.Now, p.loc) + "\n"
}
