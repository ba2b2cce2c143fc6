package licensing

import (
	"context"
	"strconv"
	"time"

	"seatdeck/model"
)

// readingRow is the name of the licence's row id in the readings of a recount.
const readingRow = "licence row"

// recountWatch is how long the daily count is looked at after it was asked to
// be made anew. Nothing but the count itself tells that it was (contract §1.9).
const recountWatch = 30 * time.Second

// recountLate is how long after the request a count that moved is taken for its
// work: the instance counts by itself once a day.
const recountLate = 10 * time.Minute

// PlanRecount reads the licence and returns the plan of counting the billable
// users anew. Nothing has been sent.
func (d *Desk) PlanRecount(ctx context.Context) (model.ChangePlan, error) {
	if err := d.ReadForSync(ctx); err != nil {
		return model.ChangePlan{}, err
	}
	lic := d.snapshot().License.Value
	row, ok := lic.RowID.Get()
	if !ok {
		return model.ChangePlan{}, model.Fail(model.ClassRefused, model.OpRecount.What, "there is no licence to count for", "without one nobody takes a seat; seatdeck users counts tells the accounts")
	}
	plan, err := d.NewPlan(ctx, model.ActRecount, model.DangerOne, "Count the billable users anew")
	if err != nil {
		return plan, err
	}
	plan.Warnings = []string{
		"this changes the daily count on the instance's pages, not what a sync sends: that is the newest daily row, written at 12:00 UTC",
		"the instance does not say when it is done; only a count that differs shows it",
	}
	// The count is part of what must still be true: should this process be killed,
	// the next one has something to compare with.
	before := model.Reading{readingRow: strconv.Itoa(row)}
	if n, ok := lic.Daily.Get(); ok {
		before[model.ReadingBillable] = model.Thousands(int64(n))
	}
	plan.Steps = []model.Step{{
		Operation: model.OpRecount.Name, Target: "the licence with the row id " + strconv.Itoa(row), Changes: []model.Change{},
		Precondition: before, Settle: "the daily count is read again; the request is never repeated",
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
		out[model.ReadingBillable] = model.Thousands(int64(n))
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
		if !a.Settling {
			a.Looked(look, began.Add(recountWatch))
		}
		after, err := r.reading(ctx)
		if err != nil {
			return model.Verdict{}, err
		}
		pause := pollPause(look, r.d.now().Sub(began))
		switch was, is := a.Before[model.ReadingBillable], after[model.ReadingBillable]; {
		case was != is && was != "" && is != "":
			return r.moved(a, after), nil
		case a.Settling, r.d.now().Add(pause).Sub(began) > recountWatch:
			return unmovedCount(a, after), nil
		}
		if err := r.d.rest(ctx, a.Waiting, pause); err != nil {
			return unmovedCount(a, after), nil
		}
	}
}

// moved judges a count that reads differently. When nobody was there to look,
// one that is read late may come from the instance's own daily count.
func (r recount) moved(a Attempt, after model.Reading) model.Verdict {
	v := model.Verdict{Outcome: model.OutcomeChanged, After: after, Note: model.Clean("a sync sends it only after the next daily row"),
		Changes: []model.Change{{Field: model.ReadingBillable, Before: a.Before[model.ReadingBillable], After: after[model.ReadingBillable]}}}
	if a.Settling && r.d.now().Sub(a.Began) > recountLate {
		v = unmovedCount(a, after)
		v.Note = model.Clean("the count reads differently, which may be the instance's own daily count")
	}
	return v
}

func unmovedCount(a Attempt, after model.Reading) model.Verdict {
	v := model.Verdict{Outcome: model.OutcomeUnconfirmed, After: after, Err: a.Lost, Note: model.Clean("accepted; the number is the same as before, so it does not show whether it was counted anew")}
	if a.Lost != nil {
		v.Outcome, v.Note = model.OutcomeUnknown, model.Clean("the answer was lost, and the number is the same as before")
	}
	return v
}
