package licensing

import (
	"cmp"
	"context"
	"sync"

	"seatdeck/model"
)

// readInstance is what a refresh does, in errors about the whole of it.
const readInstance = "read the instance"

// factReaders is how many small questions are asked at a time.
const factReaders = 3

// RefreshOptions says how much to read.
type RefreshOptions struct {
	NoRoster bool // leave the accounts as they are
}

// Refresh reads the instance anew, keeps what was read, and returns the view of
// it. tell is called with progress from several goroutines, one at a time and
// at most four times a second within a stage; it must not block.
//
// The error is the reason why nothing could be read at all, or why the roster
// is partial; single parts that failed carry their own. Cancelling ctx stops
// soon; what was whole by then is kept.
func (d *Desk) Refresh(ctx context.Context, opt RefreshOptions, tell func(model.Progress)) (*View, error) {
	ctx, done, err := d.begin(ctx, readInstance)
	if err != nil {
		return d.View(), err
	}
	defer done()
	r := &refresh{d: d, reporter: reporter{clock: d.p.Clock, tell: tell}}
	err = r.run(r.waiting(ctx), opt)
	r.report(model.Progress{Stage: model.StageDone})
	return d.View(), err
}

// refresh is one run of Desk.Refresh.
type refresh struct {
	d *Desk
	reporter
}

func (r *refresh) run(ctx context.Context, opt RefreshOptions) error {
	if err := r.identity(ctx); err != nil {
		return err
	}
	if err := r.parts(ctx); err != nil {
		return err
	}
	r.d.observe(ctx)
	r.d.settleIntents(ctx)
	r.save(ctx, nil)
	if err := ctx.Err(); err != nil {
		return model.AsError(readInstance, err)
	}
	if opt.NoRoster {
		return nil
	}
	return r.roster(ctx)
}

// identity asks who answers. Without an answer there is no point in asking
// more.
func (r *refresh) identity(ctx context.Context) error {
	d := r.d
	meta, err := d.p.Instance.Metadata(ctx)
	e := model.AsError(model.OpMetadata.What, err)
	if e != nil && e.Class == model.ClassCancelled {
		return e
	}
	d.change(func(f *model.Facts) {
		d.offline = e
		if e != nil {
			f.Metadata = f.Metadata.Failed(e)
		} else {
			f.Metadata = model.Read(meta, model.Live(d.now()))
		}
	})
	if e != nil {
		return e
	}
	return nil
}

// parts asks all small questions, a few at a time, and reports after each. The
// error is a fault of this program; what questions brought is in the facts.
func (r *refresh) parts(ctx context.Context) error {
	d, in, f := r.d, r.d.p.Instance, &r.d.facts
	err := together(
		func() { ask(ctx, r, model.OpToken, &f.Token, in.Token) },
		func() { ask(ctx, r, model.OpOperator, &f.Operator, in.Operator) },
		func() { ask(ctx, r, model.OpLicense, &f.License, in.License) },
	)
	if err != nil {
		return err
	}
	err = together(
		func() { ask(ctx, r, model.OpSettings, &f.Settings, in.Settings) },
		func() { ask(ctx, r, model.OpUsageExport, &f.Daily, r.daily) },
		func() { ask(ctx, r, model.OpLicenses, &f.Terms, in.Terms) },
		func() { ask(ctx, r, model.OpFuture, &f.Future, in.Future) },
		func() { ask(ctx, r, model.OpAddOns, &f.AddOns, in.AddOns) },
		func() { ask(ctx, r, model.OpStatistics, &f.Statistics, in.Statistics) },
		func() { ask(ctx, r, model.OpPing, &f.Ping, in.Ping) },
		func() { ask(ctx, r, model.OpPromotions, &f.Promotions, in.Promotions) },
	)
	d.change(func(f *model.Facts) {
		f.License.Value.PeakOn = f.Daily.Value.PeakDay(f.License.Value)
		if f.License.Known() && f.License.Err == nil {
			f.License.Value.DailyAt = countedAt(f.License.Value, f.Daily)
		}
		if ctx.Err() == nil {
			f.ReadAt = d.now()
		}
	})
	return err
}

// countedAt is when the daily count of a licence was taken. The instance tells
// no time beside the number: it is that of the newest daily row where that shows
// the same number, and otherwise only the source is known (contract §6.3).
func countedAt(l model.License, daily model.Part[model.DailyCounts]) model.AsOf {
	n, ok := l.Daily.Get()
	if !ok {
		return model.AsOf{}
	}
	at := model.AsOf{Source: model.SourceDailyJob}
	if row, ok := daily.Value.Newest(); ok && daily.Err == nil && row.Count == n {
		at.At = row.At
	}
	return at
}

// together runs the questions, a few at a time. The error is that of one that
// met a fault of this program.
func together(questions ...func()) error {
	var wg sync.WaitGroup
	slots := make(chan struct{}, factReaders)
	faults := make([]error, len(questions))
	for i, q := range questions {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			faults[i] = guarded(readInstance, func() error { q(); return nil })
		})
	}
	wg.Wait()
	return cmp.Or(faults...)
}

// ask puts one question and stores the answer in part, which is one of the
// desk's facts, or the reason for none beside the older answer.
func ask[T any](ctx context.Context, r *refresh, op model.Operation, part *model.Part[T], question func(context.Context) (T, error)) {
	var v T
	r.settle(op, func() (err error) {
		v, err = question(ctx)
		return err
	}, func(e *model.Error) {
		if e != nil {
			*part = part.Failed(e)
		} else {
			*part = model.Read(v, model.Live(r.d.now()))
		}
	})
}

// settle is what every question has in common. One that was cancelled leaves no
// trace: it says nothing about the instance.
func (r *refresh) settle(op model.Operation, question func() error, keep func(*model.Error)) {
	e := model.AsError(op.What, guarded(op.What, question))
	if e != nil && e.Class == model.ClassCancelled {
		return
	}
	facts := r.d.change(func(*model.Facts) { keep(e) })
	r.report(model.Progress{Stage: model.StageFacts, Facts: facts})
}

// daily reads the daily counts when there is a licence to have them.
func (r *refresh) daily(ctx context.Context) (model.DailyCounts, error) {
	lic := r.d.snapshot().License
	if lic.Err != nil {
		return model.DailyCounts{}, lic.Err
	}
	var rows []model.DayCount
	if lic.Value.Present() {
		// Where reading marks the usage as exported, that is a change like any
		// other: no reading makes it by itself, whatever the mode (contract §1.10).
		// What is never asked for is no trouble, but something this licence lacks.
		if err := model.ModeReadOnly.Allow(model.UsageExportOf(lic.Value.Kind)); err != nil {
			return model.DailyCounts{}, model.Fail(model.ClassUnsupported, model.OpUsageExport.What, "reading them would mark the usage of this licence as exported", "")
		}
		var err error
		if rows, err = r.d.p.Instance.Daily(ctx, lic.Value.Kind); err != nil {
			return model.DailyCounts{}, err
		}
	}
	return model.MergeCounts(rows, nil), nil
}

// save keeps the facts, with rows when given, in the cache. Errors become a
// notice: what was read is on the screen already.
func (r *refresh) save(ctx context.Context, rows *model.Roster) {
	facts := r.d.snapshot()
	if rows == nil && !facts.Roster.Value.Complete {
		// A partial roster's summary must not outlive its rows.
		facts.Roster, facts.Breakdown = model.Part[model.RosterSummary]{}, model.Part[model.Breakdown]{}
	}
	r.report(model.Progress{Stage: model.StageSave, Facts: facts})
	r.d.settle(TaskSave, r.d.p.Cache.Save(context.WithoutCancel(ctx), facts, rows))
}
