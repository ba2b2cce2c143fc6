package licensing

import (
	"context"

	"seatdeck/model"
)

// batches is how many steps a plan of many goes on with before it is checked
// anew: 1, then 10, then the rest (design §4).
var batches = []int{1, 10}

// applying is one run of Desk.Apply. Its methods run in one goroutine.
type applying struct {
	d       *Desk
	plan    model.ChangePlan
	consent model.Consent
	act     Act
	tell    func(model.ActProgress)

	batch  int
	result model.Result
}

// run carries out the steps, with the run lock held.
func (r *applying) run(ctx context.Context) error {
	if err := r.clear(ctx); err != nil {
		return r.stop(0, err)
	}
	next := 0 // the step before which the plan is checked again
	for i := range r.plan.Steps {
		if i == next {
			next = r.batchEnd(i)
			if err := r.valid(ctx); err != nil {
				return r.stop(i, err)
			}
		}
		step, err := r.step(ctx, i)
		if err != nil && step == nil {
			return r.stop(i, err)
		}
		r.result.Add(*step)
		if err != nil || !step.Outcome.Good() {
			return r.ended(err)
		}
	}
	return nil
}

// batchEnd begins the batch at step i and returns where the next one begins.
func (r *applying) batchEnd(i int) int {
	r.batch++
	if r.batch <= len(batches) {
		return i + batches[r.batch-1]
	}
	return len(r.plan.Steps)
}

// valid holds the plan against the clock, the instance and the account that the
// token belongs to right now.
func (r *applying) valid(ctx context.Context) error {
	o, err := r.d.p.Instance.Operator(ctx)
	if err != nil {
		return err
	}
	now := model.PlanOperator{ID: o.ID, Username: o.Username}
	if e := r.plan.Check(r.d.now(), r.d.planInstance(), now); e != nil {
		return e
	}
	return nil
}

// clear settles what was begun earlier. While a request of the same kind to the
// same target may still be under way, another one would be its repetition.
func (r *applying) clear(ctx context.Context) error {
	left, err := r.d.settleLeft(ctx)
	if err != nil {
		return err
	}
	for _, open := range left {
		for _, s := range r.plan.Steps {
			if open.Plan.Kind == r.plan.Kind && open.Step.Target == s.Target {
				return model.Fail(model.ClassLocked, applyPlan, "what became of an earlier request is not known yet: "+s.Target,
					"nothing was sent; try again in two minutes, when reading can tell")
			}
		}
	}
	return nil
}

// stop ends the act before step i was begun.
func (r *applying) stop(i int, err error) error {
	_, err = r.nothingSent(err)
	if i > 0 && r.result.Outcome != model.OutcomeCancelled {
		r.result.Outcome = model.OutcomeNotSent
	}
	if r.result.Sent() {
		return nil // a part was done: the result says which
	}
	return err
}

// ended ends the act after the last step that was begun. err is that its result
// could not be recorded.
func (r *applying) ended(err error) error {
	if err != nil {
		return err
	}
	if r.result.Sent() || r.result.Err == nil {
		return nil
	}
	return r.result.Err
}

// progress reports news of a step.
func (r *applying) progress(step int, p model.ActProgress) {
	if r.tell == nil {
		return
	}
	p.Plan, p.Step, p.Of, p.Batch, p.At = r.plan.ID, step, len(r.plan.Steps), r.batch, r.d.now()
	r.tell(p)
}
