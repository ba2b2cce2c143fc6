package licensing

import (
	"context"
	"encoding/json"
	"time"

	"seatdeck/model"
)

// Act is what the write engine must know about one kind of plan: how to read
// its target, how to send a step, how to tell what became of it. An act keeps
// nothing between calls and writes nothing to the journal; [Desk.Apply] alone
// calls it, in this order, and holds it to its promises.
//
// Errors are *model.Error.
type Act interface {
	// Check reads what the step's precondition is compared with, right before
	// it is sent. It only reads.
	Check(ctx context.Context, a Attempt) (model.Reading, error)
	// Send sends the step: at most one request that writes, never repeated. A
	// nil error is a plain yes of the instance.
	Send(ctx context.Context, a Attempt) (Reply, error)
	// Confirm reads what became of the step and judges it. It only reads; unless
	// a.Settling it may read several times and wait in between, on the desk's
	// clock, as long as a.Waiting and ctx last. An error says that nothing could be
	// read. Many acts end with a.Step.Judge(after, a.Lost, a.Late).
	Confirm(ctx context.Context, a Attempt) (model.Verdict, error)
}

// staged is an act whose Send tells of the stages up to the request itself, because
// more than the request is in it.
type staged interface{ tellsStages() }

// Reply is what sending a step came to, beside its error.
type Reply struct {
	NotSent bool            // surely nothing left, or was begun: it was refused before
	Before  model.Reading   // what the answer tells of the time before, for a Check that could read nothing
	Told    any             // what else there is to know, for the act's own Confirm
	Details json.RawMessage // kept with the result, whatever it is; see model.Verdict
}

// Attempt is one step on its way, as far as it has come.
type Attempt struct {
	Plan   model.PlanHead
	Step   model.Step
	Index  int       // of the step, from 0
	Of     int       // steps of the plan
	Began  time.Time // when the intent was recorded
	Before model.Reading
	Reply  Reply
	Lost   *model.Error // why there was no plain yes; nil when there was

	// Settling: whoever sent the step is gone, and an open intent is all there
	// is. Before is then the precondition, and Reply is empty.
	Settling bool
	// Late: the request is long over. What it has not done by now it will not do.
	Late bool
	// Waiting ends when nobody waits for the outcome any more. Reading may go on
	// for a moment, waiting in between may not.
	Waiting context.Context
	// Tell reports a stage that begins, or news within it, in plain words.
	Tell func(stage model.Stage, note string)
	// Looked reports how often the stage has looked for what it waits for, and
	// until when it goes on.
	Looked func(looks int, until time.Time)
}

// actsOf is the table of acts: what this program can do to an instance. What is
// not in it cannot be applied.
func actsOf(d *Desk) map[model.ActKind]Act {
	return map[model.ActKind]Act{
		model.ActRegistrationEnable:   switches{d},
		model.ActRegistrationDisable:  switches{d},
		model.ActRegistrationOptional: switches{d},
		model.ActSyncHost:             hostSync{d},
		model.ActActivate:             activation{d},
		model.ActRecount:              recount{d},
	}
}
