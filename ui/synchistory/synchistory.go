// Package synchistory draws the syncs with the vendor, those that were observed
// and those that were set off here: whether the daily one is in step, a strip of
// days, the ledger, one record in full, and the ways to have the instance sync.
//
// It shows what somebody saw and says where nobody looked; it never infers a
// sync, a failure or a cause. Nothing is sent from here: a sync is asked for by a
// message to whoever shows the pane.
package synchistory

import (
	"image"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/theme"
	"seatdeck/ui/words"
)

// Pane is the Sync history pane.
type Pane struct {
	th   *theme.Theme
	loc  *time.Location
	v    *licensing.View
	rows []model.Record    // shown in the ledger, newest first
	live *model.RunningAct // the sync that goes on, begun in this console; nil for none

	grid    kit.Grid
	height  int
	changed bool // only rows that changed something or want a look
	detail  bool // one record has the screen
	drivers bool // the ways to sync have the screen
	panel   bool // the side panel is wanted
	narrow  bool // the last full screen had no room for it

	text     kit.List // the page of a record, or of the drivers
	textRows int      // its height in the last full screen
}

// New returns an empty pane. loc is the zone of clock times.
func New(th *theme.Theme, loc *time.Location) *Pane {
	return &Pane{th: th, loc: loc, v: &licensing.View{}, panel: true}
}

// Show takes in the newest view. The cursor stays on its record, or on the
// newest one if that is where it stood.
func (p *Pane) Show(v *licensing.View) tea.Cmd {
	at, had := p.record()
	p.v = v
	p.choose()
	if !had || p.grid.Cursor == 0 && !p.detail {
		return nil
	}
	if i := slices.IndexFunc(p.rows, func(r model.Record) bool { return same(&r, at) }); i >= 0 {
		p.grid.Select(i, p.height)
	}
	return nil
}

// same reports whether two records tell of the same thing. The time of a run's
// row moves when the sync that it brought is seen.
func same(a, b *model.Record) bool {
	if a.Run != nil && b.Run != nil {
		return a.Run.Plan.ID == b.Run.Plan.ID
	}
	return a.Kind == b.Kind && a.At.Equal(b.At)
}

// choose fills the ledger by the filter: syncs, and what else was done here.
func (p *Pane) choose() {
	p.rows = p.rows[:0:0]
	if p.live != nil {
		p.rows = append(p.rows, p.liveRow())
	}
	for _, r := range p.v.History.WithActs() {
		if p.isLive(&r) {
			continue // it has its row already
		}
		if !p.changed || r.Outcome != model.OutcomeUnchanged {
			p.rows = append(p.rows, r)
		}
	}
	p.grid.Len = len(p.rows)
	p.grid.Select(min(p.grid.Cursor, max(len(p.rows)-1, 0)), p.height)
}

// record is the one under the cursor.
func (p *Pane) record() (*model.Record, bool) {
	if i := p.grid.Cursor; i >= 0 && i < len(p.rows) {
		return &p.rows[i], true
	}
	return nil, false
}

// Tab is the pane's name with the newest sync.
func (p *Pane) Tab() kit.Tab {
	t := kit.Tab{Number: "4", Name: "Sync history"}
	h := &p.v.History
	switch last, ok := h.LastSync.Get(); {
	case p.live != nil:
		t.Figure = []kit.Span{{Style: p.th.Accent, Text: p.th.Glyph.Running}, {Text: " " + p.liveWord()}}
	case p.v.Offline != nil && h.Health != model.HealthNotEligible:
		t.Figure = []kit.Span{{Text: p.th.Glyph.Unknown}} // only a live answer would tell
	case h.Health == model.HealthOverdue:
		t.Figure = []kit.Span{{Style: p.th.Bad, Text: p.th.Glyph.Missing}, {Text: " overdue"}}
	case h.Health == model.HealthInStep && ok:
		t.Figure = []kit.Span{{Style: p.th.OK, Text: p.th.Glyph.Done}, {Text: " " + words.Clock(last, p.loc)}}
	case h.Health == model.HealthNotEligible:
		t.Figure = []kit.Span{{Text: p.th.Glyph.None}}
	}
	return t
}

// Actions lists what can be done here.
func (p *Pane) Actions(full bool) []kit.Action {
	const group = "sync history"
	list := []kit.Action{{ID: "sync.run", Title: "sync now", Short: "sync", Desc: "ask the instance to sync with the vendor", Keys: []string{"s"}, Group: group,
		Operation: p.operation(), Danger: int(model.DangerOne), Why: p.noSync, Run: func() tea.Cmd { return begin }}}
	if !full {
		return list
	}
	none := func() string {
		if len(p.rows) == 0 {
			return "no sync is known yet"
		}
		return ""
	}
	nothing := func() string {
		if p.changed {
			return ""
		}
		return none()
	}
	copied := func() string {
		if r, ok := p.record(); ok && r.Kind == recordLive {
			return "it still goes on"
		}
		return none()
	}
	title := "only what changed"
	if p.changed {
		title = "every sync"
	}
	if p.drivers {
		return list
	}
	list = append(list,
		kit.Action{ID: "sync.drivers", Title: "ways to sync", Short: "drivers", Desc: "which drivers are usable here, and why not", Keys: []string{"d"}, Group: group,
			Run: func() tea.Cmd { p.drivers = true; p.text.Scroll = kit.Scroll{}; return nil }},
		kit.Action{ID: "sync.filter", Title: title, Short: "filter", Desc: "leave quiet days out, or show all", Keys: []string{"f"}, Group: group,
			Run: p.toggleChanged, Why: nothing},
		kit.Action{ID: "sync.copy", Title: "copy as text", Short: "copy", Desc: "the record, to the terminal's clipboard", Keys: []string{"y"}, Group: group, Why: copied,
			Run: func() tea.Cmd { return p.copy() }})
	if p.detail {
		return append(list,
			kit.Action{ID: "sync.newer", Title: "newer record", Short: "newer", Desc: "the one before in the ledger", Keys: []string{"left", "h"}, Group: group,
				Why: p.newest, Run: func() tea.Cmd { return p.turn(kit.LineUp) }},
			kit.Action{ID: "sync.older", Title: "older record", Short: "older", Desc: "the next one in the ledger", Keys: []string{"right", "l"}, Group: group,
				Why: p.oldest, Run: func() tea.Cmd { return p.turn(kit.LineDown) }})
	}
	return append(list,
		kit.Action{ID: "sync.panel", Title: "side panel", Short: "panel", Desc: "show or hide the record beside the ledger", Keys: []string{"i"}, Group: group, Why: p.noPanel,
			Run: func() tea.Cmd { p.panel = !p.panel; return nil }},
		kit.Action{ID: "sync.open", Title: "open the record", Short: "open", Desc: "one sync in full", Keys: []string{"enter"}, Group: group, Why: none,
			Run: func() tea.Cmd { p.detail = true; p.text.Scroll = kit.Scroll{}; return nil }})
}

// begin asks for a sync by the profile's driver.
func begin() tea.Msg { return kit.Begin{Act: "sync"} }

// turn goes to the record before or after, from its first line on.
func (p *Pane) turn(m kit.Motion) tea.Cmd {
	p.grid.Move(m, p.height)
	p.text.Scroll = kit.Scroll{}
	return nil
}

// toggleChanged changes the filter and says how much it leaves.
func (p *Pane) toggleChanged() tea.Cmd {
	p.changed = !p.changed
	p.choose()
	text := "showing " + words.Int(len(p.rows)) + " of " + words.Int(len(p.v.History.WithActs())) + " records"
	return func() tea.Msg { return kit.Say{Text: text} }
}

func (p *Pane) newest() string {
	if p.grid.Cursor <= 0 {
		return "this is the newest one shown"
	}
	return ""
}

func (p *Pane) oldest() string {
	if p.grid.Cursor >= len(p.rows)-1 {
		return "this is the oldest one shown"
	}
	return ""
}

// noPanel says why the side panel cannot be shown.
func (p *Pane) noPanel() string {
	switch {
	case p.narrow:
		return "no room for it here; enter opens the record"
	case len(p.rows) == 0:
		return "no sync is known yet"
	}
	return ""
}

func (p *Pane) copy() tea.Cmd {
	r, ok := p.record()
	if !ok {
		return nil
	}
	text := p.plain(r)
	return func() tea.Msg { return kit.Copy{Text: text, What: "the record"} }
}

// Key moves the cursor; on a page it scrolls.
func (p *Pane) Key(k tea.KeyPressMsg) (tea.Cmd, bool) {
	motion := kit.MotionOf(k.String())
	if p.detail || p.drivers {
		return nil, p.text.Move(motion, p.textRows)
	}
	return nil, p.grid.Move(motion, p.height)
}

// Paste goes nowhere: the pane has no text field.
func (p *Pane) Paste(string) tea.Cmd { return nil }

// Update takes nothing: the pane gives out no commands with replies.
func (p *Pane) Update(tea.Msg) tea.Cmd { return nil }

// Typing is never true.
func (p *Pane) Typing() bool { return false }

// Back leaves the drivers, then a record.
func (p *Pane) Back() (tea.Cmd, bool) {
	switch {
	case p.drivers:
		p.drivers = false
	case p.detail:
		p.detail = false
	default:
		return nil, false
	}
	return nil, true
}

// Full draws the full screen.
func (p *Pane) Full(w, h int) ([]string, image.Point) {
	if p.drivers {
		return p.driversPage(w, h), image.Pt(-1, -1)
	}
	if r, ok := p.record(); ok && p.detail {
		if r.Kind == recordLive {
			return p.liveFull(w, h), image.Pt(-1, -1)
		}
		return p.full(r, w, h), image.Pt(-1, -1)
	}
	return p.ledger(w, h)
}

// note says how much is kept here.
func (p *Pane) note() words.Note {
	h := &p.v.History
	if p.v.Offline != nil {
		return words.Age(h.ReadAt, p.v.Now, p.loc)
	}
	if h.Entries == 0 {
		return words.Note{Text: "nothing is kept yet", Stale: false}
	}
	return words.Note{Text: "journal · " + words.Entries(h.Entries)}
}
