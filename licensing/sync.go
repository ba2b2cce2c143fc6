package licensing

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"seatdeck/model"
)

// askForSync is what a sync run does, in errors about the whole of it.
const askForSync = "sync"

// SyncDrivers tells of each way to ask for a sync whether it can be used now,
// as far as is known without asking.
func (d *Desk) SyncDrivers() []model.DriverState {
	return model.DriverStates(d.driverContext())
}

// SyncDriver is the driver to use: the named one, else the profile's.
func (d *Desk) SyncDriver(name string) model.Driver {
	switch {
	case name != "":
		return model.Driver(name)
	case d.p.Info.Driver != "":
		return model.Driver(d.p.Info.Driver)
	}
	return model.DriverBrowser
}

func (d *Desk) driverContext() model.DriverContext {
	return d.driversIn(d.snapshot(), d.journaled(), d.now())
}

// driversIn is what decides about the drivers, by these facts and this record.
func (d *Desk) driversIn(f *model.Facts, entries []model.Entry, now time.Time) model.DriverContext {
	return model.DriverContext{
		Mode: d.p.Info.Mode, Configured: d.SyncDriver(""), HostCommand: d.p.Host != nil, ActivationCode: d.p.ActivationCode != nil,
		License: f.License, Settings: f.Settings, LastActivation: lastActivation(entries, ""), Now: now,
	}
}

// lastActivation is when an activation was last begun by any process that
// shares the journal, whatever came of it: a code that was refused was tried at the
// portal all the same. What surely never left, and the plan named, are left out.
func lastActivation(entries []model.Entry, but string) (last model.Opt[time.Time]) {
	for _, e := range slices.Backward(entries) {
		if e.Kind != model.EntryIntent {
			continue
		}
		var in model.Intent
		if json.Unmarshal(e.Body, &in) == nil && in.Plan.Kind == model.ActActivate && in.Plan.ID != but && !neverLeft(entries, in.Plan.ID) {
			return model.Some(in.At)
		}
	}
	return last
}

// neverLeft reports whether the result of a plan's one step says that nothing was
// sent.
func neverLeft(entries []model.Entry, plan string) bool {
	return slices.ContainsFunc(entries, func(e model.Entry) bool {
		var r model.StepResult
		return e.Kind == model.EntryResult && json.Unmarshal(e.Body, &r) == nil && r.Plan == plan && !r.Sent
	})
}

// SyncPlan is the plan of a sync with what is shown of it.
type SyncPlan struct {
	model.ChangePlan
	Disclosures []model.Disclosure // what GitLab will send; none for an activation
}

// PlanSync reads the instance's licence anew and returns the plan of one sync by
// a driver that sends. Nothing has been sent; an error says why the driver
// cannot be used, class refused when the instance would not sync at all.
//
// The packet in the plan is what the newest daily row lets expect: reading the
// one that GitLab itself would build takes a start of its Ruby, so the run
// itself tells it.
func (d *Desk) PlanSync(ctx context.Context, driver model.Driver, trigger model.Trigger) (SyncPlan, error) {
	if !driver.Sends() {
		return SyncPlan{}, model.Fail(model.ClassUsage, askForSync, "the driver "+string(driver)+" sends nothing, so there is nothing to plan", "choose host or activation with --driver")
	}
	if err := d.ReadForSync(ctx); err != nil && !(driver == model.DriverHost && model.AsError(askForSync, err).Class == model.ClassDenied) {
		return SyncPlan{}, err
	}
	if err := d.driverContext().Refuse(driver); err != nil {
		return SyncPlan{}, err
	}
	if driver == model.DriverHost && trigger == model.TriggerTimer {
		if err := d.tooSoon(); err != nil {
			return SyncPlan{}, err
		}
	}
	kind, level, title := model.ActSyncHost, model.DangerOne, "Have the instance sync with the vendor"
	if driver == model.DriverActivation {
		kind, level, title = model.ActActivate, model.DangerName, "Activate again, which fetches the terms"
	}
	plan, err := d.NewPlan(ctx, kind, level, title)
	if err != nil {
		return SyncPlan{}, err
	}
	plan.Trigger = trigger
	out := SyncPlan{ChangePlan: model.PlanOfSync(plan, driver, d.snapshot(), d.now())}
	if driver == model.DriverHost {
		out.Disclosures = []model.Disclosure{model.SyncPacketOf(d.snapshot(), d.now())}
	}
	return out, nil
}

// ReadForSync reads what decides about a sync, and the record, without the
// accounts: licence, terms to come, add-ons, settings, and the daily counts, of
// which a sync sends the newest.
func (d *Desk) ReadForSync(ctx context.Context) error {
	ctx, done, err := d.begin(ctx, askForSync)
	if err != nil {
		return err
	}
	defer done()
	r := &refresh{d: d, reporter: reporter{clock: d.p.Clock}}
	if err := r.identity(ctx); err != nil {
		return err
	}
	d.readJournal(ctx)
	in, f := d.p.Instance, &d.facts
	err = together(
		func() { ask(ctx, r, model.OpLicense, &f.License, in.License) },
		func() { ask(ctx, r, model.OpFuture, &f.Future, in.Future) },
		func() { ask(ctx, r, model.OpAddOns, &f.AddOns, in.AddOns) },
		func() { ask(ctx, r, model.OpSettings, &f.Settings, in.Settings) },
	)
	if err == nil {
		err = together(func() { ask(ctx, r, model.OpUsageExport, &f.Daily, r.daily) })
	}
	if err != nil {
		return err
	}
	if e := d.snapshot().License.Err; e != nil {
		return e
	}
	if err := ctx.Err(); err != nil {
		return model.AsError(askForSync, err)
	}
	return nil
}

// WatchSync waits until the last sync time differs from the one known when it
// began, at most for the given time, and then reads the licence. It sends
// nothing. moved reports whether it did; the error says that nothing could be
// read.
func (d *Desk) WatchSync(ctx context.Context, patience time.Duration, tell func(model.ActProgress)) (moved bool, err error) {
	if tell == nil {
		tell = func(model.ActProgress) {}
	}
	before := model.SyncReading(d.snapshot().License.Value.LastSync, model.TermsKeyOf(d.snapshot()))
	w := &watching{d: d, tell: tell}
	w.stage(model.StageConfirm)
	after, err := d.pollSync(ctx, ctx, before, patience, w.looked)
	if err != nil {
		return false, err
	}
	if !model.SyncMoved(before, after) {
		return false, nil
	}
	w.stage(model.StagePull)
	_, err = d.Refresh(ctx, RefreshOptions{NoRoster: true}, nil)
	return true, err
}

// watching tells of the stages of a watch, as the engine does of those of an act.
type watching struct {
	d    *Desk
	tell func(model.ActProgress)
	news model.ActProgress
}

func (w *watching) stage(stage model.Stage) {
	now := w.d.now()
	if n := len(w.news.Stages); n > 0 {
		w.news.Stages[n-1].Ended = now
	}
	w.news = model.ActProgress{Of: 1, Stage: stage, Stages: append(w.news.Stages, model.StageRun{Stage: stage, Began: now, Ended: now})}
	w.report()
}

func (w *watching) looked(looks int, until time.Time) {
	w.news.Looks, w.news.Until = looks, model.Some(until)
	w.report()
}

func (w *watching) report() {
	p := w.news
	p.At, p.Stages = w.d.now(), slices.Clone(p.Stages)
	w.tell(p)
}

// How often the last sync time is looked at: every second at first, when a
// quick answer is likely, then rarely (design §4).
const (
	pollQuick  = time.Second
	pollQuicks = 10
	pollSlow   = 5 * time.Second
	pollLong   = time.Minute // once a watch goes on for longer than a run
	syncWatch  = 2 * time.Minute
)

// pollSync looks at the last sync time until it is later than before, patience
// ends, or waiting does; the newest reading is then the answer. One look that
// fails is no answer, and the next may work; when none worked the error is that
// of the last. looked is told of each look.
func (d *Desk) pollSync(ctx, waiting context.Context, before model.Reading, patience time.Duration, looked func(int, time.Time)) (model.Reading, error) {
	began := d.now()
	var after model.Reading
	var failed error
	for look := 0; ; look++ {
		looked(look, began.Add(patience))
		last, err := d.p.Instance.LastSync(ctx)
		switch e := model.AsError(askForSync, err); {
		case e == nil:
			if after = model.SyncReading(last, model.TermsKey{}); model.SyncMoved(before, after) {
				return after, nil
			}
		case e.Class == model.ClassCancelled, e.Class == model.ClassDenied:
			return after, e
		default:
			failed = e
		}
		pause := pollPause(look, d.now().Sub(began))
		if d.now().Add(pause).Sub(began) > patience {
			break
		}
		if err := d.rest(ctx, waiting, pause); err != nil {
			failed = cmp.Or(failed, err)
			break
		}
	}
	if after == nil {
		return nil, model.AsError(askForSync, failed)
	}
	return after, nil
}

// rest waits between two looks, until nobody waits any more.
func (d *Desk) rest(ctx, waiting context.Context, pause time.Duration) error {
	if err := waiting.Err(); err != nil {
		return err
	}
	ctx, release := joined(ctx, waiting)
	defer release()
	return d.p.Clock.Sleep(ctx, pause)
}

// SyncPatience is how long the last sync time is watched after a sync.
func (d *Desk) SyncPatience() time.Duration {
	if d.p.Info.SyncWatch > 0 {
		return d.p.Info.SyncWatch
	}
	return syncWatch
}

func pollPause(look int, since time.Duration) time.Duration {
	switch {
	case look < pollQuicks:
		return pollQuick
	case since < syncWatch:
		return pollSlow
	}
	return pollLong
}

// SyncPage is the page whose button a person presses for the driver browser.
func (d *Desk) SyncPage(driver model.Driver) (string, bool) {
	return d.p.Info.URL + "/admin/subscription", driver == model.DriverBrowser
}
