package users

import (
	"context"
	"errors"
	"strings"
	"sync"

	tea "charm.land/bubbletea/v2"

	"seatdeck/model"
	"seatdeck/ui/kit"
)

// inPlace is up to how many accounts a filter is applied before the next frame;
// above it works in the background, so that keys never wait.
const inPlace = 100_000

// choice is which accounts are shown, and in which order.
type choice struct {
	chip   string
	view   string // the saved view that is shown, "" for none
	input  kit.Input
	typing bool
	offers offers
	sort   model.SortKey
	desc   bool
	marked int // the marked stand together: 1 first, -1 last, 0 where the order puts them

	columns []string // by name, in their order; none for as many as fit

	query model.Query
	fault *model.QueryError // of what is typed
	found model.Index       // ascending result of an earlier query, for narrowing
	rows  model.Index       // what is shown, in order
	shown bitmap            // the same as a set
	gen   int
	stop  context.CancelFunc
}

func newChoice() choice {
	c := choice{chip: chipAll, sort: model.SortActivity}
	c.input.Prompt = "name, username, e-mail, id, state:blocked"
	return c
}

// cancel ends the work under way; its reply will be late.
func (c *choice) cancel() {
	c.gen++
	if c.stop != nil {
		c.stop()
		c.stop = nil
	}
}

// want is the whole query: the chip's and what is typed, as far as it is
// understood. The error is about what is typed.
func (p *Pane) want() (model.Query, error) {
	base, err := model.ParseQuery(p.chip().query)
	if err != nil {
		return base, err
	}
	text := strings.TrimSpace(p.choice.input.Value())
	typed, err := model.ParseQuery(text)
	if err != nil {
		typed, _ = model.ParseQuery(withoutFault(text, err))
	}
	return base.And(typed), err
}

// withoutFault is a query without the term that is not understood. While a
// filter is being typed the others go on to hold.
func withoutFault(text string, err error) string {
	var fault *model.QueryError
	if !errors.As(err, &fault) || fault.Start > len(text) {
		return ""
	}
	start, _ := model.QueryTokenAt(text, fault.Start)
	_, rest, _ := strings.Cut(text[max(start, min(fault.End, len(text))):], " ")
	return text[:start] + rest
}

// refilter works the rows out anew. It returns a command when that is done in
// the background, and otherwise has done it.
func (p *Pane) refilter() tea.Cmd {
	c := &p.choice
	q, err := p.want()
	c.fault = nil
	if err != nil {
		c.fault = faultOf(err)
	}
	if c.found != nil && !q.Narrows(c.query) {
		c.found = nil
	}
	c.query = q
	return p.choose()
}

func faultOf(err error) *model.QueryError {
	var fault *model.QueryError
	if errors.As(err, &fault) {
		return fault
	}
	return &model.QueryError{Fault: model.AsError("filter", err)}
}

// choose runs filter and sort, here or in the background.
func (p *Pane) choose() tea.Cmd {
	c := &p.choice
	if p.newest == nil {
		return nil
	}
	c.cancel()
	ctx, stop := context.WithCancel(p.ctx)
	c.stop = stop
	job := task{choice: *c, roster: p.newest, env: p.env, from: p.roster}
	if p.env.Seats != p.seats {
		job.judge = true
	}
	if p.roster != nil && (p.roster != p.newest || p.choice.marked != 0) {
		job.marks = p.marks.snapshot()
	}
	if p.newest.Len() > inPlace {
		return func() tea.Msg {
			defer stop()
			return job.work(ctx)
		}
	}
	defer stop()
	p.filtered(job.work(ctx))
	return nil
}

// task is what is worked out when the rows are chosen: a copy of all it needs,
// so that it may run beside the screen.
type task struct {
	choice
	roster *model.Roster
	env    model.QueryEnv
	judge  bool          // the seats are to be worked out anew
	from   *model.Roster // shown until then
	marks  marks         // of from, to be carried over when it is another
}

// work filters and sorts, and does with the whole roster whatever else would
// keep a key waiting.
func (t *task) work(ctx context.Context) filtered {
	f := filtered{gen: t.gen, roster: t.roster, seats: t.env.Seats}
	var judged sync.WaitGroup
	if t.judge {
		judged.Go(func() { f.seated = seatedIn(t.roster, t.env.Seats) })
	}
	if f.marks = t.marks; t.from != nil && t.from != t.roster && ctx.Err() == nil {
		f.marks = t.marks.carried(t.from, t.roster)
	}
	f.found, f.err = model.Filter(ctx, t.roster, t.query, t.env, t.choice.found)
	if f.err == nil {
		f.rows = t.env.Sort(t.roster, f.found, t.sort, t.desc)
		f.rows = together(f.rows, f.marks.rows, t.marked)
		f.shown = bitmapOf(t.roster.Len(), f.found)
	}
	judged.Wait()
	return f
}

// filtered is the result of a filter.
type filtered struct {
	gen    int
	roster *model.Roster
	found  model.Index
	rows   model.Index
	shown  bitmap
	seats  *model.Seating
	seated bitmap // nil: as before
	marks  marks  // carried over to the roster
	err    error
}

// filtered puts a result on the screen, unless it is late. The cursor stays on
// its account.
func (p *Pane) filtered(f filtered) {
	if f.gen != p.choice.gen || errors.Is(f.err, context.Canceled) {
		return
	}
	id, had := p.underCursor()
	if f.roster != p.roster {
		p.adopt(f)
	}
	if p.seats = f.seats; f.seated != nil {
		p.seated = f.seated
	}
	if f.err != nil {
		p.choice.fault = faultOf(f.err)
		if p.basis.roles == nil && p.choice.query.Uses(model.QueryRole) {
			p.choice.fault.Fault = model.Fail(model.ClassUsage, "filter", "nobody has read roles yet", "r reads them on the GitLab server")
		}
	} else {
		p.choice.found, p.choice.rows, p.choice.shown = f.found, f.rows, f.shown
	}
	p.settle(id, had)
}
