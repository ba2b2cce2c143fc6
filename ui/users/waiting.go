package users

import (
	"image"

	tea "charm.land/bubbletea/v2"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

// queue is the page of people who wait for a role that takes a seat.
type queue struct {
	grid   kit.Grid
	height int
	answer sum[promotions]
}

// promotions is the queue of roles with what approving it would mean.
type promotions struct {
	list []licensing.Waiting
	all  model.WhatIfAnswer
}

// queueColumns are those of the queue.
var queueColumns = []kit.Column{
	{Title: "username", Min: 14, Max: 24, Priority: 0}, {Title: "name", Min: 12, Max: 28, Priority: 3}, {Title: "role", Min: 10, Max: 20, Priority: 1},
	{Title: "state", Min: 8, Max: 20, Priority: 5}, {Title: "billable now", Min: 12, Priority: 4}, {Title: "if approved", Min: 11, Priority: 2},
}

// waitingList is who waits. What approving means is unknown until it is worked
// out.
func (p *Pane) waitingList() []licensing.Waiting {
	if s := &p.queue.answer; s.done && s.err == nil && !s.stale(p.grounds()) {
		return s.value.list
	}
	out := make([]licensing.Waiting, len(p.v.Facts.Promotions.Value))
	for i, w := range p.v.Facts.Promotions.Value {
		out[i].Promotion = w
	}
	return out
}

// waitingPage lists who waits for a role, below what approving everybody would
// do to the seats. Nothing can be approved here.
func (p *Pane) waitingPage(w, h int) ([]string, image.Point) {
	f := p.frame("roles waiting")
	note := words.PartOf(p.v.Facts.Promotions.AsOf, p.v.Facts.Promotions.Err, p.v.Now, p.loc)
	f.Right, f.Warn = note.Text, note.Stale
	list := p.waitingList()
	if len(list) == 0 {
		p.queue.grid.Len = 0
		return f.Screen(p.th, w, h, kit.Parts{Left: kit.Part{Lines: p.nobodyWaits(f.Inner(w, h).LeftW)}}), nowhere
	}
	above := p.approved(f.Inner(w, h).LeftW)
	f.Band = len(above)
	in := f.Inner(w, h)
	p.queue.height = in.LeftH
	g := &p.queue.grid
	g.Columns, g.Sorted, g.Len = queueColumns, -1, len(list)
	g.Row = func(i int, r *kit.Row) { p.queueRow(list[i], r) }
	g.Select(g.Cursor, in.LeftH)
	part := g.View(p.th, in.LeftW, in.LeftH)
	if first, last := g.Shown(in.LeftH); last-first < g.Len {
		f.Left = span(first, last, g.Len)
	}
	cursor := nowhere
	if part.Cursor > 0 {
		cursor = image.Pt(1, part.Cursor)
		if in.BandH > 0 {
			cursor.Y += in.BandH + 1
		}
	}
	return f.Screen(p.th, w, h, kit.Parts{Band: kit.Part{Lines: above}, Left: part}), cursor
}

func (p *Pane) queueRow(w licensing.Waiting, r *kit.Row) {
	state := words.Unknown
	if w.Listed {
		state = w.State.Title()
	}
	r.Cells[0] = kit.Cell{Text: named(w.Username, words.Unknown)}
	r.Cells[1] = p.faint(named(w.Name, words.Unknown))
	r.Cells[2] = kit.Cell{Text: named(w.Role, words.Unknown)}
	r.Cells[3] = p.faint(state)
	r.Cells[4] = p.faint(words.YesNo(w.Before))
	r.Cells[5] = kit.Cell{Text: words.YesNo(w.After)}
}

// nobodyWaits says why the queue is empty: nobody waits, or nobody could look.
func (p *Pane) nobodyWaits(w int) []string {
	switch q := p.v.Facts.Promotions; {
	case q.Known():
		return kit.Wrap(p.th, p.th.Value, "Nobody waits for a role that takes a seat.", w)
	case q.Err != nil:
		return p.trouble(q.Err, w)
	}
	return kit.Wrap(p.th, p.th.Label, "The queue of roles that wait for approval is not read yet.", w)
}

// approved says what approving everybody would mean.
func (p *Pane) approved(w int) []string {
	s := &p.queue.answer
	head := p.label(w, "if all were approved; nothing is approved here")
	switch {
	case p.roster == nil:
		return []string{head, p.label(w, "the accounts are not read yet")}
	case !s.done:
		return []string{head, p.label(w, "being worked out")}
	case s.err != nil:
		return append([]string{head}, p.trouble(s.err, w)...)
	}
	return append([]string{head}, p.effects(s.value.all, w, false)...)
}

func (p *Pane) doWaiting() tea.Cmd {
	p.page, p.choice.typing = pageWaiting, false
	p.queue.grid.Scroll = kit.Scroll{}
	return p.reckon()
}

// doOpenWaiting opens the account of who waits.
func (p *Pane) doOpenWaiting() tea.Cmd {
	p.about = p.waitingList()[p.queue.grid.Cursor].UserID
	p.origin, p.page, p.text = pageWaiting, pageAccount, kit.Scroll{}
	return nil
}

func (p *Pane) nobodyToOpen() string {
	list, at := p.waitingList(), p.queue.grid.Cursor
	switch {
	case at >= len(list):
		return "nobody waits for a role"
	case !p.exists(list[at].UserID):
		return "the account is not in the list"
	}
	return ""
}

// waitingActions are those of the page.
func (p *Pane) waitingActions() []kit.Action {
	return []kit.Action{
		{ID: "users.waiting.open", Title: "open the account", Short: "open", Desc: "everything known of who waits", Keys: []string{"enter"}, Group: group,
			Run: p.doOpenWaiting, Why: p.nobodyToOpen},
		{ID: "users.grid", Title: "back to the grid", Short: "grid", Desc: "of accounts", Keys: []string{"p"}, Group: group, Run: p.doGrid},
		p.searchAction(),
	}
}
