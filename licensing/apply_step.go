package licensing

import (
	"context"
	"maps"
	"slices"
	"time"

	"seatdeck/model"
)

const (
	// actTime is the longest that sending a step may take, and then reading back.
	// An activation waits 60 s for its answer (contract §2.4); a sync on the server
	// takes the start of GitLab's Ruby, two minutes at most, and then as long as
	// the profile watches, which is four at most.
	actTime = 7 * time.Minute
	// actGrace is how long reading back goes on after somebody lost patience.
	actGrace = 10 * time.Second
	// keepTime bounds how long a result waits for the journal's lock.
	keepTime = 10 * time.Second
)

// stepping is one step under way.
type stepping struct {
	r    *applying
	a    Attempt
	res  model.StepResult
	wait model.ActProgress // what the newest stage waits for
	left bool              // nobody waited for the outcome
}

// step carries out one step. Without a result nothing was recorded or sent, and
// the error says why; with one, the error is that it could not be recorded.
func (r *applying) step(ctx context.Context, i int) (*model.StepResult, error) {
	head, now := r.plan.Head(), r.d.now()
	s := &stepping{r: r, a: Attempt{Plan: head, Step: r.plan.Steps[i], Index: i, Of: len(r.plan.Steps), Began: now}}
	s.a.Tell, s.a.Looked, s.a.Waiting = s.stage, s.looked, ctx
	s.res = model.StepResult{Plan: head.ID, Hash: head.Hash, Index: i, Of: s.a.Of, Began: now, Stages: []model.StageRun{}}
	s.stage(model.StageRecord, "")
	if err := s.intend(ctx); err != nil {
		return nil, err
	}
	s.res.Verdict = s.attempt(ctx)
	s.res.Changes = nonNil(s.res.Changes)
	if s.res.Details == nil {
		s.res.Details = s.a.Reply.Details
	}
	err := s.keep(ctx)
	s.report(model.ActProgress{Stage: model.StageKeep, Note: s.res.Note, Outcome: s.res.Outcome})
	return &s.res, err
}

// intend makes the intent durable. A step whose intent is there already was
// begun before, by whomever, and is not begun again.
func (s *stepping) intend(ctx context.Context) error {
	in := model.Intent{Plan: s.a.Plan, Step: s.a.Step, Index: s.a.Index, Of: s.a.Of, Consent: s.r.consent.How(), At: s.a.Began}
	e, err := in.Entry()
	if err != nil {
		return err
	}
	added, err := s.r.d.append(ctx, e)
	if err == nil && added == 0 {
		return model.Fail(model.ClassRefused, applyPlan, "this plan was used before", "make the plan anew")
	}
	return err
}

// attempt does what follows a durable intent, up to the verdict.
func (s *stepping) attempt(ctx context.Context) model.Verdict {
	s.stage(model.StageCheck, "")
	if v, ok := s.check(ctx); !ok {
		return v
	}
	if _, own := s.r.act.(staged); !own {
		s.stage(model.StageTrigger, "")
	}
	s.send(ctx)
	switch {
	case refusal(s.a.Lost):
		return model.Verdict{Outcome: model.OutcomeRefused, Err: s.a.Lost}
	case s.a.Lost != nil && s.a.Reply.NotSent:
		return model.Verdict{Outcome: model.OutcomeNotSent, Err: s.a.Lost}
	}
	s.stage(model.StageConfirm, "")
	if len(s.a.Before) == 0 && s.a.Reply.Before != nil {
		s.a.Before, s.res.Before = s.a.Reply.Before, s.a.Reply.Before
	}
	v := s.confirm(ctx)
	if ctx.Err() != nil && (v.Outcome == model.OutcomeUnconfirmed || v.Outcome == model.OutcomeUnknown) {
		s.left = true
		v.Note = model.Clean("nobody waited for the outcome; the next readings of the instance tell it")
	}
	return v
}

// confirm reads what became of what was sent.
func (s *stepping) confirm(ctx context.Context) model.Verdict {
	ctx, done := s.r.d.lasting(ctx)
	defer done()
	v, err := confirmed(ctx, s.r.act, s.a)
	if err == nil {
		return v
	}
	v = model.Verdict{Outcome: model.OutcomeUnknown, Err: s.a.Lost, Note: model.Clean("what became of it could not be read; the next reading of the instance settles it")}
	if v.Err == nil {
		v.Err = model.AsError(applyPlan, err)
	}
	return v
}

// send lets the step leave, once. From here on cancelling only shortens things.
func (s *stepping) send(ctx context.Context) {
	ctx, done := s.r.d.lasting(ctx)
	defer done()
	s.res.Sent = true
	err := guarded(applyPlan, func() (err error) {
		s.a.Reply, err = s.r.act.Send(ctx, s.a)
		return err
	})
	if err != nil && ctx.Err() != nil && !refusal(model.AsError(applyPlan, err)) {
		// Our own patience ended it. That says nothing about how far it came,
		// whatever its error looks like.
		s.a.Reply.NotSent = false
		err = model.Fail(model.ClassChanged, applyPlan, "there was no answer in time", "the request may have arrived: look at the instance before asking again").Because(err)
	}
	s.a.Lost, s.res.Sent = model.AsError(applyPlan, err), !s.a.Reply.NotSent
}

// check reads the precondition again. It is the last moment at which nothing
// has happened.
func (s *stepping) check(ctx context.Context) (model.Verdict, bool) {
	var before model.Reading
	err := guarded(applyPlan, func() (err error) {
		before, err = s.r.act.Check(ctx, s.a)
		return err
	})
	if err == nil {
		err = ctx.Err()
	}
	s.a.Before, s.res.Before = before, before
	e := model.AsError(applyPlan, err)
	switch {
	case e != nil && e.Class == model.ClassCancelled:
		return model.Verdict{Outcome: model.OutcomeCancelled, Err: e}, false
	case e != nil:
		return model.Verdict{Outcome: model.OutcomeNotSent, Err: e}, false
	case !before.Holds(s.a.Step.Precondition):
		return model.Verdict{Outcome: model.OutcomeNotSent, Err: changedSince(s.a.Step, before), After: before}, false
	}
	return model.Verdict{}, true
}

// changedSince says what differs from what the plan expects.
func changedSince(step model.Step, now model.Reading) *model.Error {
	what := ""
	for _, name := range slices.Sorted(maps.Keys(step.Precondition)) {
		if want, have := step.Precondition[name], now[name]; want != have {
			what = name + " was " + orNothing(want) + " and is " + orNothing(have)
			break
		}
	}
	return model.Fail(model.ClassChanged, applyPlan, step.Target+" has changed since the plan was made: "+what, "nothing was sent; look at a new plan")
}

func orNothing(s string) string {
	if s == "" {
		return "not set"
	}
	return s
}

// refusal reports an answer after which nothing is to be read: the instance, or
// our own gate, said no.
func refusal(e *model.Error) bool {
	return e != nil && (e.Class == model.ClassRefused || e.Class == model.ClassDenied || e.Class == model.ClassUnsupported)
}

// confirmed reads what became of an attempt. A word that is none makes the
// verdict unknown: nothing is ever good by mistake.
func confirmed(ctx context.Context, act Act, a Attempt) (model.Verdict, error) {
	var v model.Verdict
	err := guarded(applyPlan, func() (err error) {
		v, err = act.Confirm(ctx, a)
		return err
	})
	if !v.Outcome.Valid() {
		v.Outcome = model.OutcomeUnknown
	}
	return v, err
}

// keep makes the result durable. Unknown is no result, and neither is an outcome
// for which nobody waited: the intent stays open until a reading settles it, and
// what is known so far is kept beside it.
func (s *stepping) keep(ctx context.Context) error {
	s.endStage()
	s.res.Ended = s.r.d.now()
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), keepTime)
	defer done()
	if s.res.Outcome != model.OutcomeUnknown && !s.left {
		return s.r.d.keepResult(ctx, s.res)
	}
	if e, err := s.res.OpenEntry(); err == nil {
		// The intent is durable already, so nothing is lost for want of this one;
		// trouble with the journal becomes a notice.
		_, _ = s.r.d.append(ctx, e)
	}
	return nil
}

// stage notes that a stage begins, or news within it.
func (s *stepping) stage(stage model.Stage, note string) {
	now, text := s.r.d.now(), model.Clean(note)
	if n := len(s.res.Stages); n > 0 && s.res.Stages[n-1].Stage == stage {
		if !text.Empty() { // what was found so far stays
			s.res.Stages[n-1].Note = text
		}
	} else {
		s.endStage()
		s.res.Stages, s.wait = append(s.res.Stages, model.StageRun{Stage: stage, Began: now, Ended: now, Note: text}), model.ActProgress{}
	}
	s.report(model.ActProgress{Stage: stage, Note: text})
}

// looked notes that the stage has looked for what it waits for.
func (s *stepping) looked(looks int, until time.Time) {
	s.wait = model.ActProgress{Looks: looks, Until: model.Some(until)}
	last := s.res.Stages[len(s.res.Stages)-1]
	s.report(model.ActProgress{Stage: last.Stage, Note: last.Note})
}

// report reports news of the step.
func (s *stepping) report(p model.ActProgress) {
	p.Stages, p.Sent, p.Looks, p.Until = slices.Clone(s.res.Stages), s.res.Sent, s.wait.Looks, s.wait.Until
	s.r.progress(s.a.Index, p)
}

func (s *stepping) endStage() {
	if n := len(s.res.Stages); n > 0 {
		s.res.Stages[n-1].Ended = s.r.d.now()
	}
}

func nonNil(c []model.Change) []model.Change {
	if c == nil {
		return []model.Change{}
	}
	return c
}

// keepResult appends a result; one that another process has added first stays.
func (d *Desk) keepResult(ctx context.Context, r model.StepResult) error {
	e, err := r.Entry()
	if err != nil {
		return err
	}
	_, err = d.append(ctx, e)
	return err
}

// append adds an entry of an act to the journal, as this process.
func (d *Desk) append(ctx context.Context, e model.Entry) (added int, err error) {
	e.Who = d.p.Who
	added, err = d.p.Journal.Append(ctx, e)
	d.settle(TaskWriteRecord, err)
	return added, err
}

// lasting returns the context of what must come to its end once something was
// sent: it outlives ctx by a grace, has a limit of its own, and ends with the
// desk's writers.
func (d *Desk) lasting(ctx context.Context) (context.Context, func()) {
	out, cancel := context.WithTimeout(context.WithoutCancel(ctx), actTime)
	stopGrace := context.AfterFunc(ctx, func() {
		grace, done := context.WithTimeout(out, actGrace)
		defer done()
		<-grace.Done()
		cancel()
	})
	stopEnd := context.AfterFunc(d.writing, cancel)
	return out, func() { stopGrace(); stopEnd(); cancel() }
}
