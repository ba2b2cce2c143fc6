package licensing

import (
	"context"
	"strconv"
	"time"

	"seatdeck/model"
)

// Names in the readings of a recount.
const (
	readingBillable = "billable users"
	readingRow      = "licence row"
)

// recountWatch is how long the daily count is looked at after it was asked to
// be made anew. Nothing but the count itself tells that it was (contract §1.9).
const recountWatch = 30 * time.Second

// PlanRecount reads the licence and returns the plan of counting the billable
// users anew. Nothing has been sent.
func (d *Desk) PlanRecount(ctx context.Context) (model.ChangePlan, error) {
	if err := d.ReadForSync(ctx); err != nil {
		return model.ChangePlan{}, err
	}
	lic := d.snapshot().License.Value
	row, ok := lic.RowID.Get()
	if !ok {
		return model.ChangePlan{}, model.Fail(model.ClassRefused, model.OpRecount.What, "there is no licence to count for", "")
	}
	plan, err := d.NewPlan(ctx, model.ActRecount, model.DangerOne, "Count the billable users anew")
	if err != nil {
		return plan, err
	}
	plan.Warnings = []string{
		"this changes the daily count on the instance's pages, not what a sync sends: that is the newest daily row, written at 12:00 UTC",
		"the instance does not say when it is done; only a count that differs shows it",
	}
	plan.Steps = []model.Step{{
		Operation: model.OpRecount.Name, Target: "the licence with the row id " + strconv.Itoa(row), Changes: []model.Change{},
		Precondition: model.Reading{readingRow: strconv.Itoa(row)}, Settle: "the daily count is read again; the request is never repeated",
	}}
	return plan, nil
}

// recount is the act of counting anew.
type recount struct{ d *Desk }

func (r recount) Check(ctx context.Context, _ Attempt) (model.Reading, error) {
	return r.reading(ctx)
}

func (r recount) reading(ctx context.Context) (model.Reading, error) {
	lic, err := r.d.p.Instance.License(ctx)
	if err != nil {
		return nil, err
	}
	out := model.Reading{}
	if row, ok := lic.RowID.Get(); ok {
		out[readingRow] = strconv.Itoa(row)
	}
	if n, ok := lic.Daily.Get(); ok {
		out[readingBillable] = strconv.Itoa(n)
	}
	return out, nil
}

func (r recount) Send(ctx context.Context, a Attempt) (Reply, error) {
	row, err := strconv.Atoi(a.Step.Precondition[readingRow])
	if err != nil {
		return Reply{NotSent: true}, model.Fail(model.ClassInternal, model.OpRecount.What, "the plan names no licence", "report this as a bug")
	}
	err = r.d.p.Instance.Recount(ctx, row)
	return Reply{NotSent: neverBegan(model.AsError(model.OpRecount.What, err))}, err
}

// Confirm looks whether the count moves. One that reads the same may be new
// all the same, so that is never more than unconfirmed.
func (r recount) Confirm(ctx context.Context, a Attempt) (model.Verdict, error) {
	began := r.d.now()
	for look := 0; ; look++ {
		after, err := r.reading(ctx)
		if err != nil {
			return model.Verdict{}, err
		}
		was, is := a.Before[readingBillable], after[readingBillable]
		switch {
		case was != is && was != "" && is != "":
			return model.Verdict{Outcome: model.OutcomeChanged, After: after, Changes: []model.Change{{Field: readingBillable, Before: was, After: is}},
				Note: model.Clean("a sync sends it only after the next daily row")}, nil
		case a.Settling:
			return model.Verdict{Outcome: model.OutcomeUnknown, After: after, Err: a.Lost}, nil
		case r.d.now().Add(pollPause(look, r.d.now().Sub(began))).Sub(began) > recountWatch:
			return unmovedCount(a, after), nil
		}
		if err := r.d.p.Clock.Sleep(ctx, pollPause(look, r.d.now().Sub(began))); err != nil {
			return unmovedCount(a, after), nil
		}
	}
}

func unmovedCount(a Attempt, after model.Reading) model.Verdict {
	v := model.Verdict{Outcome: model.OutcomeUnconfirmed, After: after, Err: a.Lost, Note: model.Clean("accepted; the count reads the same, as it does when it is new and equal")}
	if a.Lost != nil {
		v.Outcome, v.Note = model.OutcomeUnknown, model.Clean("the answer was lost, and the count reads the same")
	}
	return v
}
