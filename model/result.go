package model

import (
	"encoding/json"
	"time"
)

// The stages of an act, beside those of its own that an act reports by name
// (a sync has "packet" and "pull", for example).
const (
	StageWait    Stage = "wait"    // for another act on this instance to end
	StageRecord  Stage = "record"  // the intent becomes durable
	StageCheck   Stage = "check"   // is everything still as the plan says?
	StagePacket  Stage = "packet"  // what GitLab will send
	StageTrigger Stage = "trigger" // the request leaves, once
	StageConfirm Stage = "confirm" // reading what became of it
	StagePull    Stage = "pull"    // reading the instance anew
	StageKeep    Stage = "keep"    // the result becomes durable
)

// ActProgress is one report from an act: the stage that begins, or news within
// it.
type ActProgress struct {
	Plan    string    `json:"plan"`  // id
	Step    int       `json:"step"`  // from 0
	Of      int       `json:"of"`    // steps of the plan
	Batch   int       `json:"batch"` // from 1: 1 step, then 10, then the rest
	Stage   Stage     `json:"stage"`
	Note    Text      `json:"note"`    // in plain words, may be empty
	At      time.Time `json:"at"`      // UTC
	Outcome Outcome   `json:"outcome"` // set in the last report of a step

	Stages []StageRun     `json:"stages"` // of the step so far; the last one goes on
	Sent   bool           `json:"sent"`   // a request of the step left, or may have left
	Looks  int            `json:"looks"`  // how often the stage has looked for what it waits for
	Until  Opt[time.Time] `json:"until"`  // when the stage stops waiting
}

// StageRun is one stage as it happened.
type StageRun struct {
	Stage Stage     `json:"stage"`
	Began time.Time `json:"began_at"`
	Ended time.Time `json:"ended_at"`
	Note  Text      `json:"note"` // the newest of the stage
}

// Verdict is what reading back shows of a step.
type Verdict struct {
	Outcome Outcome  `json:"outcome"`
	Note    Text     `json:"note"`    // what the word alone does not say, such as "pinned by gitlab.rb"
	After   Reading  `json:"after"`   // what reading showed
	Changes []Change `json:"changes"` // what became different, for people
	Err     *Error   `json:"error,omitempty"`
	// Details are what else is worth keeping, in a form that belongs to the kind
	// of the plan; never a secret. Null when there is nothing.
	Details json.RawMessage `json:"details"`
}

// PlanHead is what every record of an act repeats of its plan.
type PlanHead struct {
	ID       string       `json:"id"`
	Kind     ActKind      `json:"kind"`
	Hash     string       `json:"hash"`
	Title    string       `json:"title"`
	Level    Danger       `json:"level"`
	Instance PlanInstance `json:"instance"`
	Operator PlanOperator `json:"operator"`
	Trigger  Trigger      `json:"trigger"`
	Made     time.Time    `json:"made_at"`
	Shown    []Receipt    `json:"shown"`
}

// Head returns the plan without its steps.
func (p ChangePlan) Head() PlanHead {
	return PlanHead{
		ID: p.ID, Kind: p.Kind, Hash: p.Hash().String(), Title: p.Title, Level: p.Level, Instance: p.Instance,
		Operator: p.Operator, Trigger: p.Trigger, Made: p.Made.UTC(), Shown: p.Shown,
	}
}

// Intent is the body of an [EntryIntent] record: this step is about to be sent.
// It is durable before anything leaves, and holds all that is needed to settle
// the step by reading.
type Intent struct {
	Plan    PlanHead  `json:"plan"`
	Step    Step      `json:"step"`
	Index   int       `json:"index"` // of the step, from 0
	Of      int       `json:"of"`    // steps of the plan
	Consent string    `json:"consent"`
	At      time.Time `json:"at"` // UTC
}

// StepResult is the body of an [EntryResult] record: what became of an intent.
type StepResult struct {
	Plan    string     `json:"plan"` // id
	Hash    string     `json:"plan_hash"`
	Index   int        `json:"index"`
	Of      int        `json:"of"`
	Sent    bool       `json:"sent"`    // a request left, or may have left
	Settled bool       `json:"settled"` // by reading, after the act itself had ended
	Before  Reading    `json:"before"`  // what reading showed before
	Stages  []StageRun `json:"stages"`
	Began   time.Time  `json:"began_at"`
	Ended   time.Time  `json:"ended_at"`
	Verdict
}

// Result is how applying a plan ended.
type Result struct {
	Plan    PlanHead     `json:"plan"`
	Outcome Outcome      `json:"outcome"` // that of the step that stopped it, else of the plan as a whole
	Note    Text         `json:"note"`
	Done    int          `json:"done"` // steps that ended as planned
	Of      int          `json:"of"`
	Steps   []StepResult `json:"steps"` // those that were begun
	Err     *Error       `json:"error,omitempty"`
}

// Add takes in a step that has ended.
func (r *Result) Add(step StepResult) {
	r.Steps = append(r.Steps, step)
	var sum summary
	for _, s := range r.Steps {
		sum.add(s.Verdict)
	}
	r.Outcome, r.Note, r.Err, r.Done = sum.outcome, sum.note, sum.err, sum.done
}

// Sent reports whether anything left, or may have left, this machine.
func (r Result) Sent() bool {
	for _, s := range r.Steps {
		if s.Sent {
			return true
		}
	}
	return false
}

// ExitCode returns the exit code for the result: that of the outcome, or of the
// reason why nothing was sent; 3 when only a part of many was done.
func (r Result) ExitCode() int {
	code := r.Outcome.ExitCode()
	switch {
	case r.Outcome == OutcomeNotSent && r.Err != nil && r.Done == 0:
		return r.Err.Class.ExitCode()
	case r.Done > 0 && !r.Outcome.Good() && code != OutcomeUnknown.ExitCode():
		return ClassPartial.ExitCode()
	}
	return code
}
