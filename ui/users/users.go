// Package users draws the accounts of an instance and the seats they take: a
// grid over the whole roster with search, filters and sorting, one account in
// full, and the breakdown from accounts to billable users, every count beside
// the others, what a change would cost, and who waits for a role.
//
// It never guesses a reason: where the list of accounts cannot decide, it says
// that the instance counts the user and that the deciding role is not in the
// list. It changes nothing, and asks the network nothing but the memberships
// somebody wants to see.
//
// Invariants: the cursor and the marks belong to accounts, not to rows, so they
// survive a refresh; only visible rows become text; replies carry a number and
// a late one is dropped.
package users

import (
	"context"
	"image"
	"maps"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/theme"
	"seatdeck/ui/words"
)

// Source is where the pane's accounts come from. A Desk is one.
type Source interface {
	// Rows returns the accounts in memory, nil when there are none.
	Rows() *model.Roster
	// Memberships asks the instance for one account's direct memberships.
	Memberships(ctx context.Context, id int64) ([]model.Membership, error)
	// WhatIf answers what a change would do to the seats. Nothing is sent.
	WhatIf(r *model.Roster, q model.WhatIf) (model.WhatIfAnswer, error)
	// Promotions says who waits for a role, and what approving would mean.
	Promotions(r *model.Roster) ([]licensing.Waiting, model.WhatIfAnswer, error)
	// NoRoles says why roles cannot be read; nil when they can.
	NoRoles() *model.Error
	// ReadRoles reads everybody's highest role on the GitLab server.
	ReadRoles(ctx context.Context, tell func(model.Progress)) (*licensing.View, error)
	// SavedViews returns the saved views; the others change them, and return all
	// there are then.
	SavedViews(ctx context.Context) (model.SavedViews, error)
	SaveView(ctx context.Context, v model.SavedView, replace bool) (model.SavedViews, error)
	RenameView(ctx context.Context, name, to string) (model.SavedViews, error)
	DeleteView(ctx context.Context, name string) (model.SavedViews, error)
}

// page is what the full screen shows.
type page int

const (
	pageGrid page = iota
	pageAccount
	pageBreakdown
	pageCounts
	pageWhatIf
	pageWaiting
	pageRoles
	pageViews
	pageColumns
)

// paneTitle is the pane's name, as everywhere.
const paneTitle = "Users & seats"

// nowhere is the cursor position of a screen without one.
var nowhere = image.Pt(-1, -1)

// Pane is the Users & seats pane. It is for one goroutine.
type Pane struct {
	// Clock is what the pane waits by: the machine's, unless set.
	Clock licensing.Clock

	ctx context.Context
	th  *theme.Theme
	loc *time.Location
	src Source
	v   *licensing.View

	roster *model.Roster  // what the grid shows; nil until there is one
	newest *model.Roster  // what it shows as soon as its rows are chosen
	basis  basis          // what the rows were chosen with
	seats  *model.Seating // of the roster that is shown
	seated bitmap         // the rows of it that the instance counts
	env    model.QueryEnv // of the newest roster
	choice choice
	marks  marks
	reach  reach // the range being marked

	grid   kit.Grid
	cols   []*column // the columns of the last frame
	height int       // lines of the grid in the last frame, its titles included
	roomy  bool      // the last frame had room for a side panel
	panel  bool      // the side panel is wanted

	page    page
	about   int64 // the account that panel and account page are about
	rest    int   // number of the newest cursor move
	members map[int64]members
	reads   int        // number of the newest reading of memberships
	text    kit.Scroll // the account page's window
	textLen int
	textH   int
	book    book // the breakdown's cursor
	counted sum[model.UserCounts]
	whatIf  whatIf
	queue   queue
	roles   roles
	views   views
	picker  picker
	origin  page // where the account page was opened
}

// New returns an empty pane. ctx ends its background work; loc is the zone of
// clock times.
func New(ctx context.Context, th *theme.Theme, loc *time.Location, src Source) *Pane {
	p := &Pane{Clock: licensing.SystemClock{}, ctx: ctx, th: th, loc: loc, src: src, v: &licensing.View{}, panel: true, members: map[int64]members{}}
	p.choice, p.whatIf = newChoice(), newWhatIf()
	p.grid.Row = p.row
	return p
}

// basis is what filters depend on beside the roster: when it changes, the rows
// are chosen anew.
type basis struct {
	seat    model.SeatContext
	dormant int
	today   model.Day
	roles   *model.HostRoles
}

func basisOf(v *licensing.View) basis {
	return basis{v.SeatContext(), v.Facts.Settings.Value.DormantPeriod(), model.DayOf(v.Now), v.Roles}
}

// Show takes in the newest view, and the newest accounts if there are some. The
// rows of many accounts are chosen in the background, and until then those
// shown stay. The cursor stays on its account, at its height on the screen.
func (p *Pane) Show(v *licensing.View) tea.Cmd {
	p.v = v
	rows, now := p.src.Rows(), basisOf(v)
	if rows == nil {
		rows = p.newest
	}
	if rows == p.newest && now == p.basis {
		return p.reckon()
	}
	p.basis, p.newest = now, rows
	if rows != nil {
		p.env = v.QueryEnv(rows)
	}
	p.choice.found = nil // what was found belongs to other accounts, or to another day
	return tea.Batch(p.choose(), p.reckon())
}

// adopt makes a roster the one that is shown. Its rows come after it.
func (p *Pane) adopt(f filtered) {
	switch {
	case p.roster == nil: // nothing could be marked
	case f.marks.made == p.marks.made:
		p.marks = f.marks
	default: // somebody marked meanwhile
		p.marks = p.marks.carried(p.roster, f.roster)
	}
	p.roster = f.roster
	maps.DeleteFunc(p.members, func(_ int64, m members) bool { return !m.reading() })
	p.choice.found, p.choice.rows, p.choice.shown = nil, nil, nil
}

// settle puts the cursor back on its account after the rows changed, at the
// same height on the screen. Where the account is gone the cursor keeps its
// place in the list.
func (p *Pane) settle(id int64, had bool) {
	offset := p.grid.Cursor - p.grid.Top
	p.grid.Len = len(p.choice.rows)
	at := min(p.grid.Cursor, max(p.grid.Len-1, 0))
	if had {
		if k := p.indexOf(id); k >= 0 {
			at = k
		}
	}
	p.grid.Top = at - offset
	p.grid.Select(at, p.height)
	p.reach.settle(p)
	if p.page == pageGrid || !p.exists(p.about) {
		p.about, _ = p.underCursor()
	}
}

// indexOf is the place of an account in the rows shown, -1 when it is not among
// them.
func (p *Pane) indexOf(id int64) int {
	if row, ok := p.roster.ByID(id); ok {
		return slices.Index(p.choice.rows, int32(row))
	}
	return -1
}

// underCursor is the id of the account the cursor is on.
//
//go:noinline
func (p *Pane) underCursor() (int64, bool) {
	if i := p.grid.Cursor; p.roster != nil && i >= 0 && i < len(p.choice.rows) {
		return p.roster.ID(int(p.choice.rows[i])), true
	}
	return 0, false
}

func (p *Pane) exists(id int64) bool {
	_, ok := p.account(id)
	return ok
}

// account returns one account by id.
func (p *Pane) account(id int64) (model.Account, bool) {
	if p.roster == nil {
		return model.Account{}, false
	}
	row, ok := p.roster.ByID(id)
	if !ok {
		return model.Account{}, false
	}
	return p.roster.At(row), true
}

// Tab is the pane's name with how much is taken.
func (p *Pane) Tab() kit.Tab {
	t := kit.Tab{Number: "2", Name: paneTitle}
	l := &p.v.Facts.License.Value
	seats, okS := l.Seats.Get()
	daily, okD := l.Daily.Get()
	switch {
	case !okS || !okD || seats == 0:
	case daily > seats:
		t.Figure = []kit.Span{{Style: p.th.Bad, Text: p.th.Glyph.Missing}, {Text: " " + words.Int(daily-seats) + " over"}}
	case l.NearLimit():
		t.Figure = []kit.Span{{Style: p.th.Warn, Text: p.th.Glyph.Warning}, {Text: " " + words.Percent(daily, seats)}}
	default:
		t.Figure = []kit.Span{{Text: words.Percent(daily, seats)}}
	}
	return t
}

// Full draws the full screen.
func (p *Pane) Full(w, h int) ([]string, image.Point) {
	p.roomy = w >= panelMin
	var lines []string
	cursor := nowhere
	switch p.page {
	case pageBreakdown:
		lines, cursor = p.breakdownPage(w, h)
	case pageAccount:
		lines = p.accountPage(w, h)
	case pageCounts:
		lines, cursor = p.countsPage(w, h)
	case pageWhatIf:
		lines, cursor = p.whatIfPage(w, h)
	case pageWaiting:
		lines, cursor = p.waitingPage(w, h)
	case pageRoles:
		lines, cursor = p.rolesPage(w, h)
	case pageViews:
		lines, cursor = p.viewsPage(w, h)
	case pageColumns:
		lines, cursor = p.columnsPage(w, h)
	default:
		lines, cursor = p.gridPage(w, h)
	}
	if !cursor.In(image.Rect(0, 0, w, h)) {
		cursor = nowhere
	}
	return lines, cursor
}

// Typing reports whether a field has the keys: the search, the number of new
// accounts, or the name of a view.
func (p *Pane) Typing() bool {
	return p.page == pageGrid && p.choice.typing || p.page == pageWhatIf && p.whatIf.typing || p.page == pageViews && p.views.naming != notNaming
}

// Paste puts text into the search field. It may come from anywhere, so it is
// cleaned as remote text is.
func (p *Pane) Paste(text string) tea.Cmd {
	if p.Typing() && p.page == pageViews {
		p.views.input.Insert(model.Clean(text).String())
		p.views.replace, p.views.fault = "", nil
		return nil
	}
	if !p.Typing() || p.page != pageGrid {
		return nil
	}
	p.choice.input.Insert(model.Clean(text).String())
	p.choice.offers, p.choice.view = offers{}, ""
	return p.refilter()
}

// Back stops a reading, or leaves the field, a page, a range, the search, the
// marks or the filter: one at a time.
func (p *Pane) Back() (tea.Cmd, bool) {
	switch {
	case p.Typing():
		p.choice.typing, p.whatIf.typing, p.views.naming, p.views.fault = false, false, notNaming, nil
	case p.stopMembers():
	case p.page == pageRoles && p.stopRoles():
	case p.page != pageGrid:
		return p.doLeave(), true
	case p.reach.on:
		p.reach = reach{}
	case p.choice.input.Value() != "":
		p.choice.input.Set("")
		p.choice.view = ""
		return p.refilter(), true
	case p.marks.len() > 0:
		p.marks.clear()
	case p.choice.chip != chipAll:
		p.choice.chip = chipAll
		return p.refilter(), true
	default:
		return nil, false
	}
	return nil, true
}

// note says what the accounts are and when they were read.
func (p *Pane) note() words.Note { return words.Roster(p.v.Facts.Roster, p.v.Now, p.loc) }

// frame is the frame of a full screen.
func (p *Pane) frame(sub string) kit.Frame {
	n := p.note()
	title := paneTitle
	if sub != "" {
		title += " · " + sub
	}
	return kit.Frame{Number: "2", Title: title, Focus: true, Right: n.Text, Warn: n.Stale}
}
