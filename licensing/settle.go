package licensing

import (
	"context"
	"time"

	"seatdeck/model"
)

const (
	// settleLate is how old a request must be before what it has not done counts
	// as never done: GitLab ends its own requests after 60 s.
	settleLate = 90 * time.Second
	// settleTime bounds reading what became of one intent.
	settleTime = 30 * time.Second
)

// Settle finds out by reading what became of steps whose result nobody recorded:
// their process was killed, or could not read it any more. Nothing is ever sent
// again. What cannot be told yet stays open and is shown as unknown; so does
// what another process is at work on. A refresh does the same.
//
// The journal must have been read. The error is that the desk is closed; trouble
// with the journal becomes a notice.
func (d *Desk) Settle(ctx context.Context) error {
	ctx, done, err := d.begin(ctx, string(TaskSettle))
	if err != nil {
		return err
	}
	defer done()
	d.settleIntents(ctx)
	return nil
}

func (d *Desk) settleIntents(ctx context.Context) {
	if d.p.RunLock == nil || len(model.OpenIntents(d.journaled())) == 0 {
		return
	}
	// Whoever holds the lock is at work on what is open. Once it is ours, all
	// that is open in this journal has been left behind.
	release, err := d.p.RunLock.Acquire(ctx, 0)
	if e := model.AsError(string(TaskSettle), err); e != nil && e.Class == model.ClassLocked {
		return
	}
	d.settle(TaskSettle, err)
	if err != nil {
		return
	}
	defer release()
	_, err = d.settleLeft(ctx)
	d.settle(TaskReadRecord, err)
}

// settleLeft settles what is open in this process's own journal, with the run
// lock held: whoever began it has left it behind. It returns what stays open.
func (d *Desk) settleLeft(ctx context.Context) (left []model.OpenIntent, err error) {
	own, err := d.p.Journal.Own(ctx)
	if err != nil {
		return nil, err
	}
	all := model.OpenIntents(own)
	for _, open := range all {
		if !d.settleIntent(ctx, open) {
			left = append(left, open)
		}
	}
	if len(left) < len(all) {
		d.readJournal(ctx)
	}
	return left, nil
}

// settleIntent settles one intent, if it can be done now.
func (d *Desk) settleIntent(ctx context.Context, open model.OpenIntent) bool {
	now := d.now()
	v := model.Verdict{Outcome: model.OutcomeUnknown, Note: model.Clean("another instance answers under this address now")}
	if uuid := d.planInstance().UUID; open.Current && (uuid.Empty() || open.Plan.Instance.UUID.Empty() || uuid == open.Plan.Instance.UUID) {
		var ok bool
		if v, ok = d.judgeOpen(ctx, open, now); !ok {
			return false
		}
	}
	v.Changes = nonNil(v.Changes)
	r := model.StepResult{
		Plan: open.Plan.ID, Hash: open.Plan.Hash, Index: open.Index, Of: open.Of, Sent: true, Settled: true,
		Before: open.Step.Precondition, Stages: []model.StageRun{}, Began: open.At, Ended: now, Verdict: v,
	}
	if left, ok := open.Left.Get(); ok { // what was known when its act ended stays
		r.Before, r.Stages, r.Details = left.Before, left.Stages, left.Details
	}
	return d.keepResult(context.WithoutCancel(ctx), r) == nil
}

// judgeOpen reads what became of an intent. It reports false while that cannot
// be told.
func (d *Desk) judgeOpen(ctx context.Context, open model.OpenIntent, now time.Time) (model.Verdict, bool) {
	act, known := d.acts[open.Plan.Kind]
	if !known {
		return model.Verdict{}, false
	}
	ctx, done := context.WithTimeout(ctx, settleTime)
	defer done()
	a := Attempt{
		Plan: open.Plan, Step: open.Step, Index: open.Index, Of: open.Of, Began: open.At, Before: open.Step.Precondition,
		Lost:     model.Fail(model.ClassChanged, applyPlan, "the answer was lost", "look at the instance"),
		Settling: true, Late: now.Sub(open.At) >= d.lateAfter(open.Plan.Kind),
		Waiting: ctx, Tell: func(model.Stage, string) {}, Looked: func(int, time.Time) {},
	}
	if left, ok := open.Left.Get(); ok {
		a.Before = left.Before
		if left.Outcome == model.OutcomeUnconfirmed { // there was a plain yes, and nobody waited for more
			a.Lost = nil
		}
	}
	v, err := confirmed(ctx, act, a)
	if err != nil || !a.Late && (v.Outcome == model.OutcomeUnknown || v.Outcome == model.OutcomeUnconfirmed) {
		return v, false
	}
	return v, true
}

// lateAfter is how old a request of a kind must be before what it has not done
// counts as never done. A sync has as long as a run watches.
func (d *Desk) lateAfter(kind model.ActKind) time.Duration {
	if kind.Syncs() {
		return max(settleLate, d.SyncPatience())
	}
	return settleLate
}

// journaled returns what was read of the journal.
func (d *Desk) journaled() []model.Entry {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.entries
}
