package licensing

import (
	"context"
	"errors"
	"sync"

	"seatdeck/model"
)

// factReaders is how many small questions are asked at a time.
const factReaders = 3

// RefreshOptions says how much to read.
type RefreshOptions struct {
	NoRoster bool // leave the accounts as they are
}

// Refresh reads the instance anew, keeps what was read, and returns the view of
// it. tell is called with progress from several goroutines, one at a time.
//
// The error is the reason why nothing could be read at all, or why the roster
// is partial; single parts that failed carry their own. Cancelling ctx stops
// soon; what was whole by then is kept.
func (d *Desk) Refresh(ctx context.Context, opt RefreshOptions, tell func(model.Progress)) (View, error) {
	r := &refresh{d: d, tell: serial(tell)}
	err := r.identity(ctx)
	if err == nil {
		r.parts(ctx)
		d.observe(ctx)
		r.save(ctx, nil)
		if !opt.NoRoster {
			err = r.roster(ctx)
		}
	}
	r.tell(model.Progress{Stage: model.StageDone})
	return d.View(), err
}

// refresh is one run of Desk.Refresh.
type refresh struct {
	d    *Desk
	tell func(model.Progress)
}

func serial(tell func(model.Progress)) func(model.Progress) {
	if tell == nil {
		return func(model.Progress) {}
	}
	var mu sync.Mutex
	return func(p model.Progress) {
		mu.Lock()
		defer mu.Unlock()
		tell(p)
	}
}

// identity asks who answers and as whom. Without an answer to the first
// question there is no point in asking more.
func (r *refresh) identity(ctx context.Context) error {
	d := r.d
	meta, err := d.p.Instance.Metadata(ctx)
	d.mu.Lock()
	defer d.mu.Unlock()
	if err != nil {
		e := model.AsError(model.OpMetadata.What, err)
		d.facts.Metadata.Err = e
		if e.Class != model.ClassCancelled {
			d.offline = e
		}
		return e
	}
	d.offline = nil
	d.facts.Metadata = model.Read(meta, model.Live(d.now()))
	return nil
}

// parts asks all small questions, a few at a time, and reports after each.
func (r *refresh) parts(ctx context.Context) {
	d, in := r.d, r.d.p.Instance
	first := []func(){
		func() { ask(ctx, r, model.OpToken, &d.facts.Token, in.Token) },
		func() { ask(ctx, r, model.OpOperator, &d.facts.Operator, in.Operator) },
		func() { ask(ctx, r, model.OpLicense, &d.facts.License, in.License) },
	}
	then := []func(){
		func() { ask(ctx, r, model.OpSettings, &d.facts.Settings, in.Settings) },
		func() { ask(ctx, r, model.OpUsageExport, &d.facts.Daily, r.daily) },
		func() { ask(ctx, r, model.OpLicenses, &d.facts.Terms, in.Terms) },
		func() { ask(ctx, r, model.OpFuture, &d.facts.Future, in.Future) },
		func() { ask(ctx, r, model.OpAddOns, &d.facts.AddOns, in.AddOns) },
		func() { ask(ctx, r, model.OpStatistics, &d.facts.Statistics, in.Statistics) },
		func() { ask(ctx, r, model.OpPing, &d.facts.Ping, in.Ping) },
		func() { ask(ctx, r, model.OpPromotions, &d.facts.Promotions, in.Promotions) },
	}
	together(first)
	together(then)
	d.mu.Lock()
	d.facts.License.Value.PeakOn = d.facts.Daily.Value.PeakDay(d.facts.License.Value)
	d.facts.ReadAt = d.now()
	d.mu.Unlock()
}

// together runs the questions, a few at a time.
func together(questions []func()) {
	var wg sync.WaitGroup
	slots := make(chan struct{}, factReaders)
	for _, q := range questions {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			q()
		})
	}
	wg.Wait()
}

// ask puts one question and stores the answer, or the reason for none beside
// the older answer.
func ask[T any](ctx context.Context, r *refresh, op model.Operation, part *model.Part[T], question func(context.Context) (T, error)) {
	v, err := question(ctx)
	d := r.d
	d.mu.Lock()
	if err != nil {
		*part = part.Failed(model.AsError(op.What, err))
	} else {
		*part = model.Read(v, model.Live(d.now()))
	}
	facts := d.facts
	d.mu.Unlock()
	r.tell(model.Progress{Stage: model.StageFacts, Facts: &facts})
}

// daily reads the daily counts when there is a licence to have them.
func (r *refresh) daily(ctx context.Context) (model.DailyCounts, error) {
	r.d.mu.Lock()
	lic := r.d.facts.License
	r.d.mu.Unlock()
	if lic.Err != nil {
		return model.DailyCounts{}, lic.Err
	}
	if !lic.Value.Present() {
		return model.DailyCounts{}, nil
	}
	rows, err := r.d.p.Instance.Daily(ctx, lic.Value.Kind)
	if err != nil {
		return model.DailyCounts{}, err
	}
	return model.MergeCounts(rows, nil), nil
}

// roster pulls all accounts and works out the breakdown. A partial roster
// replaces nothing but another partial one.
func (r *refresh) roster(ctx context.Context) error {
	d := r.d
	d.mu.Lock()
	op, stats := d.facts.Operator, d.facts.Statistics.Value
	d.mu.Unlock()
	if effective, ok := op.Value.Effective.Get(); op.Err == nil && ok && !effective {
		return r.noRoster(model.Fail(model.ClassDenied, model.OpUsers.What,
			"the instance does not treat this token as an administrator's", remedy(op.Value)))
	}
	p := newPuller(d.p.Instance, d.p.Cache, d.p.Clock, d.p.Workers, stats.Users, r.tell)
	rows, err := p.pull(ctx)
	if err != nil {
		e := model.AsError(model.OpUsers.What, err)
		r.partial(rows, e)
		return e
	}
	r.keepRoster(rows)
	r.save(ctx, rows)
	return nil
}

// remedy says what a token lacks that is not treated as an administrator's.
func remedy(op model.Operator) string {
	if op.Admin {
		return "Admin Mode is on: use a token with the scope admin_mode as well"
	}
	return "use a token of an administrator account"
}

func (r *refresh) noRoster(e *model.Error) error {
	r.d.mu.Lock()
	defer r.d.mu.Unlock()
	r.d.facts.Roster = r.d.facts.Roster.Failed(e)
	r.d.facts.Breakdown = r.d.facts.Breakdown.Failed(e)
	return e
}

func (r *refresh) keepRoster(rows *model.Roster) {
	d := r.d
	d.mu.Lock()
	facts := d.facts
	d.mu.Unlock()
	breakdown := model.BreakdownOf(rows, queryEnv(facts, rows, d.p.Clock.Now()))
	d.mu.Lock()
	defer d.mu.Unlock()
	d.roster = rows
	d.facts.Roster = model.Read(model.RosterSummary{Accounts: rows.Len(), Complete: true}, rows.AsOf())
	d.facts.Breakdown = model.Read(breakdown, rows.AsOf())
}

// partial keeps what was read of an interrupted pull for looking at, but only
// where there is no whole roster to look at.
func (r *refresh) partial(rows *model.Roster, e *model.Error) {
	d := r.d
	d.mu.Lock()
	defer d.mu.Unlock()
	d.facts.Breakdown = d.facts.Breakdown.Failed(e)
	if d.facts.Roster.Value.Complete || rows.Len() == 0 {
		d.facts.Roster = d.facts.Roster.Failed(e)
		return
	}
	d.roster = rows
	sum := model.RosterSummary{Accounts: rows.Len(), About: d.facts.Statistics.Value.Users}
	d.facts.Roster = model.Read(sum, rows.AsOf()).Failed(e)
}

// save keeps the facts, with rows when given, in the cache. Errors become a
// notice: what was read is on the screen already.
func (r *refresh) save(ctx context.Context, rows *model.Roster) {
	d := r.d
	d.mu.Lock()
	facts := d.facts
	d.mu.Unlock()
	if rows == nil && !facts.Roster.Value.Complete {
		// A partial roster's summary must not outlive its rows.
		facts.Roster, facts.Breakdown = model.Part[model.RosterSummary]{}, model.Part[model.Breakdown]{}
	}
	r.tell(model.Progress{Stage: model.StageSave, Facts: &facts})
	err := d.p.Cache.Save(context.WithoutCancel(ctx), facts, rows)
	if err != nil && !errors.Is(err, context.Canceled) {
		d.mu.Lock()
		d.note("write the cache", err)
		d.mu.Unlock()
	}
}
