package licensing

import (
	"context"
	"crypto/rand"
	"time"

	"seatdeck/model"
)

const (
	applyPlan = "apply the plan"
	// planLife is how long a plan made here may wait for its consent.
	planLife = 15 * time.Minute
	// lockPatience is how long an act waits for another to end: only as long as
	// settling what is open may take it. Who wants to wait longer calls Await.
	lockPatience = time.Second
)

// NewPlan returns a plan without steps, bound to this instance, the token's
// account and a quarter of an hour. level is how consent is given.
func (d *Desk) NewPlan(ctx context.Context, kind model.ActKind, level model.Danger, title string) (model.ChangePlan, error) {
	operator := d.snapshot().Operator.Value
	if operator.ID == 0 {
		var err error
		if operator, err = d.p.Instance.Operator(ctx); err != nil {
			return model.ChangePlan{}, err
		}
	}
	now := d.now().Round(0)
	return model.ChangePlan{
		Schema: model.PlanSchema, Version: model.PlanVersion, ID: rand.Text(), Kind: kind, Level: level, Title: title,
		Instance: d.planInstance(), Operator: model.PlanOperator{ID: operator.ID, Username: operator.Username},
		Trigger: model.TriggerYou, Made: now, Expires: now.Add(planLife),
	}, nil
}

func (d *Desk) planInstance() model.PlanInstance {
	info := d.p.Info
	return model.PlanInstance{Name: info.Name, Host: info.Host, Key: info.Key, UUID: d.snapshot().Ping.Value.UUID}
}

// Apply carries out a plan: it alone sends anything that changes an instance.
// For each step the intent becomes durable, the precondition is read again, the
// request leaves once, what became of it is read, and the result becomes
// durable. It stops at the first step that does not end as planned.
//
// Until something is sent, ending ctx ends the act. Afterwards it only shortens
// it: reading back and the record go on for a bounded time.
//
// The error says why nothing was sent, or that a result could not be recorded;
// otherwise the result says all. tell, which may be nil, is called with each
// stage, from one goroutine; it must not block.
func (d *Desk) Apply(ctx context.Context, plan model.ChangePlan, consent model.Consent, tell func(model.ActProgress)) (model.Result, error) {
	r := &applying{d: d, plan: plan, consent: consent, tell: tell}
	r.result = model.Result{Plan: plan.Head(), Outcome: model.OutcomeNotSent, Of: len(plan.Steps), Steps: []model.StepResult{}}
	if plan.Empty() {
		r.result.Outcome = model.OutcomeNothingToDo
		return r.result, nil
	}
	err := r.permitted(ctx)
	if err != nil {
		return r.nothingSent(err)
	}
	ctx, done, err := d.begin(ctx, applyPlan)
	if err != nil {
		return r.nothingSent(err)
	}
	defer done()
	r.progress(0, model.ActProgress{Stage: model.StageWait})
	release, err := d.turn(ctx, lockPatience)
	if err != nil {
		return r.nothingSent(err)
	}
	defer release()
	err = r.run(ctx)
	d.readJournal(context.WithoutCancel(ctx))
	return r.result, err
}

// Await waits until no change of the instance is under way, at most as long as
// patience says; then the error is of class locked and names who holds it. Plan
// anew afterwards: what was true before may not be any more.
func (d *Desk) Await(ctx context.Context, patience time.Duration) error {
	release, err := d.turn(ctx, patience)
	if err == nil {
		release()
	}
	return err
}

// turn waits for the run lock.
func (d *Desk) turn(ctx context.Context, patience time.Duration) (release func(), err error) {
	if d.p.RunLock == nil {
		return nil, model.Fail(model.ClassInternal, applyPlan, "there is no lock to take turns by", "report this as a bug")
	}
	return d.p.RunLock.Acquire(ctx, patience)
}

// permitted tells what stands in the way beforehand: the mode, the consent, whether
// this program knows the act at all, the token's scopes. Nothing has been recorded
// yet, and nothing that changes anything is sent.
func (r *applying) permitted(ctx context.Context) error {
	for _, s := range r.plan.Steps {
		op, _ := model.OperationNamed(s.Operation)
		if err := r.d.p.Info.Mode.Allow(op); err != nil {
			return err
		}
	}
	act, known := r.d.acts[r.plan.Kind]
	switch {
	case !r.consent.Covers(r.plan):
		return model.Fail(model.ClassPartial, applyPlan, "nobody has agreed to this plan as it is", "nothing was sent; look at the plan and confirm it")
	case !known:
		return model.Fail(model.ClassUnsupported, applyPlan, "this program does not know how to do this: "+string(r.plan.Kind), "make the plan with the version that is to apply it")
	}
	r.act = act
	return r.d.inScope(ctx, r.plan)
}

// inScope tells why the token's scopes are too small for a plan. Where they were
// not just read they are asked for; an instance that does not tell decides by
// itself.
func (d *Desk) inScope(ctx context.Context, plan model.ChangePlan) error {
	token := d.snapshot().Token
	for _, s := range plan.Steps {
		op, _ := model.OperationNamed(s.Operation)
		if op.Scope == "" {
			continue
		}
		if token.Err != nil || token.AsOf.Source != model.SourceLive {
			t, err := d.p.Instance.Token(ctx)
			if err != nil {
				return nil
			}
			token = model.Read(t, model.Live(d.now()))
		}
		if e := token.Value.Allow(op); e != nil {
			return e
		}
	}
	return nil
}

// nothingSent ends an act before anything left.
func (r *applying) nothingSent(err error) (model.Result, error) {
	e := model.AsError(applyPlan, err)
	r.result.Err = e
	if e.Class == model.ClassCancelled {
		r.result.Outcome = model.OutcomeCancelled
	}
	return r.result, e
}
