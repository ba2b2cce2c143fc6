package users

import (
	"math"
	"time"

	tea "charm.land/bubbletea/v2"

	"seatdeck/model"
	"seatdeck/ui/kit"
)

// restFor is how long the cursor must rest before the side panel follows it.
const restFor = 150 * time.Millisecond

// subject is the account that keys are about: on a page of its own that one,
// else the one under the cursor.
func (p *Pane) subject() int64 {
	if p.page == pageAccount {
		return p.about
	}
	id, _ := p.underCursor()
	return id
}

func (p *Pane) doSearch() tea.Cmd {
	p.page, p.choice.typing = pageGrid, true
	return nil
}

// doField gives the keys back to the grid.
func (p *Pane) doField() tea.Cmd {
	p.choice.typing = false
	return nil
}

func (p *Pane) doComplete() tea.Cmd {
	p.complete()
	return p.refilter()
}

func (p *Pane) doBreakdown() tea.Cmd {
	p.page, p.choice.typing = pageBreakdown, false
	return p.reckon()
}

// doTable turns from the drawings to the table and back.
func (p *Pane) doTable() tea.Cmd {
	p.book = book{table: !p.book.table}
	return nil
}

func (p *Pane) doCounts() tea.Cmd {
	p.page, p.choice.typing, p.text = pageCounts, false, kit.Scroll{}
	return p.reckon()
}

func (p *Pane) doGrid() tea.Cmd {
	p.page = pageGrid
	p.about, _ = p.underCursor()
	return nil
}

// doLeave goes back to where the page was opened.
func (p *Pane) doLeave() tea.Cmd {
	if p.page == pageAccount && p.origin == pageWaiting {
		p.page = pageWaiting
		return p.reckon()
	}
	return p.doGrid()
}

func (p *Pane) doOpen() tea.Cmd {
	p.about, _ = p.underCursor()
	p.origin, p.page, p.text = pageGrid, pageAccount, kit.Scroll{}
	return nil
}

// doList shows the accounts behind a row of the breakdown, or the rows behind its
// chart.
func (p *Pane) doList() tea.Cmd {
	if p.book.chart() {
		p.book = book{table: true, at: math.MaxInt}
		return nil
	}
	q, _ := p.book.query()
	return p.listThese(q)
}

// listThese shows the accounts of a filter in the grid.
func (p *Pane) listThese(query string) tea.Cmd {
	p.page, p.choice.chip, p.choice.view = pageGrid, chipAll, ""
	p.choice.input.Set(query)
	p.grid.Cursor, p.grid.Top = 0, 0
	return p.refilter()
}

// doPanel shows or hides the side panel, or opens it as a page where there is
// no room beside the grid.
func (p *Pane) doPanel() tea.Cmd {
	if !p.roomy {
		return p.doOpen()
	}
	p.panel = !p.panel
	p.about, _ = p.underCursor()
	return nil
}

func (p *Pane) doChip(by int) tea.Cmd {
	chips := p.chips()
	p.choice.view = ""
	p.choice.chip = chips[(p.chipAt()+by+len(chips))%len(chips)].name
	return p.refilter()
}

// doMark marks the account under the cursor, or the range, and steps on.
func (p *Pane) doMark() tea.Cmd {
	if p.reach.on {
		return p.doRange()
	}
	row := int(p.choice.rows[p.grid.Cursor])
	p.marks.set(row, !p.marks.has(row))
	p.grid.Move(kit.LineDown, p.height)
	return p.moved()
}

// doMarkHere marks the account of the page.
func (p *Pane) doMarkHere() tea.Cmd {
	if row, ok := p.roster.ByID(p.about); ok {
		p.marks.set(row, !p.marks.has(row))
	}
	return nil
}

// doRange begins a range at the cursor, or marks the one that was begun.
func (p *Pane) doRange() tea.Cmd {
	if !p.reach.on {
		id, _ := p.underCursor()
		p.reach = reach{on: true, from: id, at: p.grid.Cursor}
		return nil
	}
	first, last := p.reach.ends(p.grid.Cursor)
	p.marks.setAll(bitmapOf(p.roster.Len(), p.choice.rows[first:last+1]), true)
	p.reach = reach{}
	return nil
}

// doMarkAll marks what is shown; when all of it is marked, it takes the marks
// off.
func (p *Pane) doMarkAll() tea.Cmd {
	p.marks.setAll(p.choice.shown, !p.marks.all(p.choice.shown))
	return nil
}

// doStep goes to the next account in the order of the grid.
func (p *Pane) doStep(m kit.Motion) tea.Cmd {
	if p.grid.Move(m, p.height) {
		p.about, _ = p.underCursor()
		p.text = kit.Scroll{}
	}
	return nil
}

// Key moves the cursor, or types into the search field.
func (p *Pane) Key(k tea.KeyPressMsg) (tea.Cmd, bool) {
	switch {
	case p.Typing() && p.page == pageWhatIf:
		return p.typedNumber(k)
	case p.Typing() && p.page == pageViews:
		return p.typedName(k)
	case p.Typing():
		return p.typed(k)
	}
	motion := kit.MotionOf(k.String())
	if motion == kit.Stay {
		return nil, false
	}
	switch p.page {
	case pageBreakdown:
		p.book.move(motion)
	case pageAccount, pageCounts:
		p.text.Shift(motion, p.textLen, p.textH)
	case pageWhatIf:
		p.moveQuestion(motion)
	case pageWaiting:
		p.queue.grid.Move(motion, p.queue.height)
	case pageRoles:
		p.roles.grid.Move(motion, p.roles.height)
	case pageViews:
		p.views.grid.Move(motion, p.views.height)
	case pageColumns:
		p.picker.grid.Move(motion, p.picker.height)
	default:
		if p.grid.Move(motion, p.height) {
			return p.moved(), true
		}
	}
	return nil, true
}

// typed takes a key of the search field. Enter gives the keys back to the grid;
// up and down move in it without leaving the field.
func (p *Pane) typed(k tea.KeyPressMsg) (tea.Cmd, bool) {
	name := k.String()
	switch name {
	case "enter":
		return p.doField(), true
	case "tab":
		return p.doComplete(), true
	case "up", "down", "pgup", "pgdown":
		if p.grid.Move(kit.MotionOf(name), p.height) {
			return p.moved(), true
		}
		return nil, true
	}
	before := p.choice.input.Value()
	used := p.choice.input.Key(k)
	if p.choice.input.Value() != before {
		p.choice.offers, p.choice.view = offers{}, ""
		return p.refilter(), true
	}
	return nil, used
}

// moved lets the side panel follow once the cursor rests.
func (p *Pane) moved() tea.Cmd {
	p.rest++
	n, ctx, clock := p.rest, p.ctx, p.Clock
	if !p.panel || !p.roomy {
		p.about, _ = p.underCursor()
		return nil
	}
	return func() tea.Msg {
		if clock.Sleep(ctx, restFor) != nil {
			return nil
		}
		return rested{n}
	}
}

// rested says that the cursor has not moved for a moment.
type rested struct{ move int }

// Update takes the reply of a command in.
func (p *Pane) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case filtered:
		p.filtered(msg)
		p.whatIf.answer.at = grounds{} // it may be about other accounts now
		return p.reckon()
	case reckoned[model.UserCounts]:
		p.counted.take(msg)
	case reckoned[whatIfAnswer]:
		p.whatIf.answer.take(msg)
	case reckoned[promotions]:
		p.queue.answer.take(msg)
	case rested:
		if msg.move == p.rest && p.page == pageGrid {
			p.about, _ = p.underCursor()
		}
	case membersRead:
		p.membersRead(msg)
	case rolesProgress:
		return p.rolesReported(msg)
	case rolesRead:
		return p.rolesRead(msg)
	case viewsKept:
		return p.viewsKept(msg)
	}
	return nil
}
