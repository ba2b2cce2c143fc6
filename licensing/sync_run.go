package licensing

import (
	"context"
	"time"

	"seatdeck/model"
)

// SyncOrder says how one sync is run.
type SyncOrder struct {
	Driver   model.Driver
	Trigger  model.Trigger // you or timer
	Patience time.Duration // how long another act may still take; 0 does not wait
	Watch    time.Duration // how long a driver that sends nothing watches; 0 is as long as a run
	// Agree is asked for consent to the plan, once everything about it is known.
	Agree func(SyncPlan) (model.Consent, error)
}

// RunSync carries out one sync, or watches for one where the driver sends
// nothing. The result has one word in any case; the error beside it says why
// nothing was sent, or that the result could not be recorded.
//
// With patience, it joins a sync that another process has under way: the result
// is then that of the other.
func (d *Desk) RunSync(ctx context.Context, o SyncOrder, tell func(model.ActProgress)) (model.Result, error) {
	began := d.now()
	if !o.Driver.Sends() {
		return d.watchInstead(ctx, o, tell)
	}
	result, err := d.sendSync(ctx, o, tell)
	e := model.AsError(askForSync, err)
	if e == nil || e.Class != model.ClassLocked || o.Patience <= 0 {
		return result, err
	}
	if tell != nil {
		tell(model.ActProgress{Stage: model.StageWait, Of: 1, Note: e.Msg, At: d.now()})
	}
	if err := d.Await(ctx, o.Patience); err != nil {
		return d.notSent(o.Driver, err)
	}
	d.readJournal(ctx)
	if other, ok := syncSince(d.journaled(), began); ok {
		return other, nil
	}
	return d.sendSync(ctx, o, tell)
}

// sendSync plans, asks and applies.
func (d *Desk) sendSync(ctx context.Context, o SyncOrder, tell func(model.ActProgress)) (model.Result, error) {
	plan, err := d.PlanSync(ctx, o.Driver, o.Trigger)
	if err != nil {
		return d.notSent(o.Driver, err)
	}
	consent, err := o.Agree(plan)
	if err != nil {
		return d.notSent(o.Driver, err)
	}
	return d.Apply(ctx, plan.ChangePlan, consent, tell)
}

// notSent is the result of a sync that never began: refused where the instance
// or our own mode says no, not sent otherwise.
func (d *Desk) notSent(driver model.Driver, err error) (model.Result, error) {
	e := model.AsError(askForSync, err)
	r := model.Result{Plan: model.PlanHead{Kind: model.SyncKind(driver), Instance: d.planInstance()}, Outcome: model.OutcomeNotSent, Steps: []model.StepResult{}, Err: e}
	switch e.Class {
	case model.ClassRefused, model.ClassDenied:
		r.Outcome = model.OutcomeRefused
	case model.ClassCancelled:
		r.Outcome = model.OutcomeCancelled
	}
	return r, e
}

// watchInstead is a run of a driver that sends nothing: whatever is seen, it was
// not us, so the word is never more than "not sent". A sync that is seen is in
// the record as an observation.
func (d *Desk) watchInstead(ctx context.Context, o SyncOrder, tell func(model.ActProgress)) (model.Result, error) {
	if err := d.ReadForSync(ctx); err != nil {
		return d.notSent(o.Driver, err)
	}
	if err := d.driverContext().Refuse(o.Driver); err != nil {
		return d.notSent(o.Driver, err)
	}
	if o.Watch == 0 {
		o.Watch = d.SyncPatience()
	}
	moved, err := d.WatchSync(ctx, o.Watch, tell)
	if err != nil {
		return d.notSent(o.Driver, err)
	}
	r := model.Result{Plan: model.PlanHead{Kind: model.SyncKind(o.Driver), Instance: d.planInstance()}, Outcome: model.OutcomeNotSent, Steps: []model.StepResult{}}
	r.Note = model.Clean("the last sync time did not move meanwhile")
	if at, ok := d.snapshot().License.Value.LastSync.Get(); ok && moved {
		r.Note = model.Clean("a sync was seen at " + at.UTC().Format("15:04:05 UTC") + "; it is in the history as observed")
	}
	return r, nil
}

// syncSince is the newest sync that ended since a moment, by the record.
func syncSince(entries []model.Entry, since time.Time) (model.Result, bool) {
	for _, run := range model.RunsOf(entries) {
		if !run.Plan.Kind.Syncs() || run.Open || run.Ended.Before(since) {
			continue
		}
		r := model.Result{Plan: run.Plan, Outcome: run.Outcome, Note: run.Note, Done: run.Done, Of: run.Of, Steps: []model.StepResult{}, Err: run.Err}
		for _, s := range run.Steps {
			if res, ok := s.Result.Get(); ok {
				r.Steps = append(r.Steps, res)
			}
		}
		return r, true
	}
	return model.Result{}, false
}
