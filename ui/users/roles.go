package users

import (
	"context"
	"image"
	"time"

	tea "charm.land/bubbletea/v2"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

// roles is the page about everybody's highest role, and their reading. It is
// read when somebody presses the key for it there, and never otherwise.
type roles struct {
	grid     kit.Grid
	height   int
	stop     context.CancelFunc // ends the reading under way; nil for none
	n        int                // number of the newest reading
	progress model.Progress
	err      *model.Error // why the newest reading brought nothing
}

// rolesProgress is a report of a reading, with where the next ones come from.
type rolesProgress struct {
	n    int
	p    model.Progress
	next <-chan model.Progress
}

// rolesRead is what a reading came to.
type rolesRead struct {
	n    int
	view *licensing.View
	err  *model.Error
}

// rolesPace is how many roles a second are spoken of: what a server of its size
// reads (gitlab-host §5.3).
const rolesPace = 10_000

// reading reports whether roles are being read.
func (r *roles) reading() bool { return r.stop != nil }

func (p *Pane) doRolesPage() tea.Cmd {
	p.page, p.choice.typing = pageRoles, false
	p.roles.grid.Scroll = kit.Scroll{}
	return nil
}

// doReadRoles starts the one program on the server. Keys work on meanwhile, and
// esc stops it.
func (p *Pane) doReadRoles() tea.Cmd {
	ctx, stop := context.WithCancel(p.ctx)
	p.roles.n++
	p.roles.stop, p.roles.progress, p.roles.err = stop, model.Progress{}, nil
	n, src, reports := p.roles.n, p.src, make(chan model.Progress, 1)
	read := func() tea.Msg {
		defer stop()
		defer close(reports)
		v, err := src.ReadRoles(ctx, func(r model.Progress) {
			select {
			case <-reports: // nobody has taken the one before
			default:
			}
			reports <- r
		})
		return rolesRead{n, v, model.AsError(model.OpHostRoles.What, err)}
	}
	return tea.Batch(read, nextReport(n, reports))
}

// nextReport waits for the next report of a reading.
func nextReport(n int, from <-chan model.Progress) tea.Cmd {
	return func() tea.Msg {
		if r, ok := <-from; ok {
			return rolesProgress{n, r, from}
		}
		return nil
	}
}

// rolesReported takes a report in.
func (p *Pane) rolesReported(r rolesProgress) tea.Cmd {
	if r.n == p.roles.n && p.roles.reading() {
		p.roles.progress = r.p
	}
	return nextReport(r.n, r.next)
}

// rolesRead takes the end of a reading in, unless it was stopped.
func (p *Pane) rolesRead(r rolesRead) tea.Cmd {
	if r.n != p.roles.n || !p.roles.reading() {
		return nil
	}
	p.roles.stop, p.roles.err = nil, r.err
	if r.err != nil {
		return nil
	}
	said := kit.Say{Level: kit.Done, Text: "roles of " + words.Accounts(r.view.Roles.Len()) + " read on the GitLab server"}
	return tea.Batch(p.Show(r.view), func() tea.Msg { return said })
}

// stopRoles ends the reading and reports whether there was one.
func (p *Pane) stopRoles() bool {
	if !p.roles.reading() {
		return false
	}
	p.roles.stop()
	p.roles.stop = nil
	return true
}

// noReadRoles says why roles cannot be read now.
func (p *Pane) noReadRoles() string {
	if p.roles.reading() {
		return "they are being read"
	}
	if e := p.src.NoRoles(); e != nil {
		return e.Msg.String()
	}
	return p.noRoster()
}

// rolesPage says what reading roles does and what it brought.
func (p *Pane) rolesPage(w, h int) ([]string, image.Point) {
	f := p.frame("everybody's roles")
	at := p.v.Roles.AsOf()
	note := words.Age(at, p.v.Now, p.loc)
	f.Right, f.Warn = "roles "+note.Text, note.Stale && !at.IsZero()
	above := p.aboutRoles(f.Inner(w, h).LeftW)
	counts, known := p.v.Facts.Breakdown.Value.Roles.Get()
	if !known {
		return f.Screen(p.th, w, h, kit.Parts{Left: kit.Part{Lines: above}}), nowhere
	}
	f.Band = min(len(above), max(h-4-len(counts.Counts), 3))
	in := f.Inner(w, h)
	g := &p.roles.grid
	p.roles.height = in.LeftH
	g.Columns, g.Sorted, g.Len = roleColumns, -1, len(counts.Counts)+1
	g.Row = func(i int, r *kit.Row) { p.roleRow(counts, i, r) }
	g.Select(g.Cursor, in.LeftH)
	part := g.View(p.th, in.LeftW, in.LeftH)
	cursor := nowhere
	if part.Cursor > 0 {
		cursor = image.Pt(1, in.BandH+1+part.Cursor)
	}
	return f.Screen(p.th, w, h, kit.Parts{Band: kit.Part{Lines: kit.Tail(p.th, above, in.LeftW, in.BandH, "")}, Left: part}), cursor
}

// roleColumns keep the two populations apart.
var roleColumns = []kit.Column{
	{Title: "highest role", Min: 16, Max: 24, Priority: 0}, {Title: "accounts", Min: 9, Right: true, Priority: 1},
	{Title: "billable users", Min: 14, Right: true, Priority: 2},
}

func (p *Pane) roleRow(c model.RoleCounts, i int, r *kit.Row) {
	seats, counted := p.v.Facts.Breakdown.Value.Seats.Or(model.SeatBreakdown{}).Roles.Get()
	billable := words.Unknown
	if i == len(c.Counts) {
		if counted {
			billable = words.Int(seats.Other)
		}
		r.Cells[0], r.Cells[1], r.Cells[2] = kit.Cell{Text: "not read"}, kit.Cell{Text: words.Int(c.Other)}, kit.Cell{Text: billable}
		return
	}
	if counted {
		billable = words.Int(seats.Counts[i].Count)
	}
	r.Cells[0], r.Cells[1], r.Cells[2] = kit.Cell{Text: c.Counts[i].Role.String()}, kit.Cell{Text: words.Int(c.Counts[i].Count)}, kit.Cell{Text: billable}
}

// aboutRoles says what the key does and how long it may take, how far a reading
// is, and what came of the last one.
func (p *Pane) aboutRoles(w int) []string {
	out := kit.Wrap(p.th, p.th.Value, "Lists of accounts carry no roles. One program on the GitLab server tells everybody's highest role, and the rules then decide where the list cannot.", w)
	long := "It changes nothing and prints no names. GitLab's Ruby takes from seconds to a minute to start"
	if p.roster != nil {
		long += "; " + words.Accounts(p.roster.Len()) + " take " + about(p.roster.Len()) + " more"
	}
	out = append(out, kit.Wrap(p.th, p.th.Label, long+".", w)...)
	switch {
	case p.roles.reading():
		out = append(out, "", p.rolesLine(w))
	case p.roles.err != nil:
		out = append(append(out, ""), p.trouble(p.roles.err, w)...)
	case p.noReadRoles() != "":
		out = append(append(out, ""), p.cannotRead(w)...)
	default:
		line := kit.NewLine(p.th, w).Figure("r").Label(" reads them now")
		if p.v.Roles == nil {
			line.Label("; nobody has, yet")
		}
		out = append(out, "", line.String())
	}
	return out
}

// cannotRead says why the key is not offered, and what helps.
func (p *Pane) cannotRead(w int) []string {
	if e := p.src.NoRoles(); e != nil {
		return p.trouble(e, w)
	}
	return kit.Wrap(p.th, p.th.Label, p.noReadRoles(), w)
}

// rolesLine is how far a reading is.
func (p *Pane) rolesLine(w int) string {
	line := kit.NewLine(p.th, w).Mark(p.th.Accent, p.th.Glyph.Running)
	r := p.roles.progress
	if r.Done == 0 {
		return line.Value("starting GitLab's Ruby on the server").Label(" · esc stops").String()
	}
	line.Value(words.Int(r.Done))
	if n, ok := r.About.Get(); ok {
		line.Value(" of about " + words.Int(n))
	}
	if r.Rate >= 1 {
		line.Label(" · " + words.Int(int(r.Rate)) + " a second")
	}
	if r.Left >= time.Second {
		line.Label(" · " + words.Took(r.Left.Round(time.Second)) + " left")
	}
	return line.Label(" · esc stops").String()
}

// about is how long so many roles take.
func about(n int) string {
	if s := n / rolesPace; s > 1 {
		return "about " + words.Took(time.Duration(s)*time.Second)
	}
	return "a second or two"
}

// doListRole shows the accounts with the role under the cursor.
func (p *Pane) doListRole() tea.Cmd {
	counts := p.v.Facts.Breakdown.Value.Roles.Or(model.RoleCounts{}).Counts
	word := "unknown"
	if i := p.roles.grid.Cursor; i < len(counts) {
		word = counts[i].Role.Word().Or(word)
	}
	return p.listThese("role:" + word)
}

func (p *Pane) noRoleRows() string {
	if !p.v.Facts.Breakdown.Value.Roles.Known() {
		return "nobody has read roles"
	}
	return p.noRoster()
}

// rolesActions are those of the page.
func (p *Pane) rolesActions() []kit.Action {
	return []kit.Action{
		{ID: "users.roles.read", Title: "read everybody's roles", Short: "read", Desc: "one program on the GitLab server; a minute", Keys: []string{"r"},
			Group: group, Operation: model.OpHostRoles.Name, Run: p.doReadRoles, Why: p.noReadRoles},
		{ID: "users.roles.list", Title: "list these", Desc: "the accounts with this role, in the grid", Keys: []string{"enter"}, Group: group,
			Run: p.doListRole, Why: p.noRoleRows},
		{ID: "users.grid", Title: "back to the grid", Short: "grid", Desc: "of accounts", Keys: []string{"i"}, Group: group, Run: p.doGrid},
		p.searchAction(),
	}
}
