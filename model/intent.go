package model

import (
	"fmt"
	"time"
)

// Entry returns the journal record of the intent. Its natural key makes every
// step of a plan sendable once, whoever tries.
func (in Intent) Entry() (Entry, error) {
	return actEntry(EntryIntent, in.Plan.ID, in.Index, in, in.At)
}

// resultMax is the most bytes of a result that go to the journal, whose records
// hold 64 KiB.
const resultMax = 48 << 10

// Entry returns the journal record of the result. Its natural key lets several
// processes settle the same intent and keep one result. A result that is too
// long for the journal loses its details and stages: what became of the step
// must never be lost for them.
func (r StepResult) Entry() (Entry, error) {
	e, err := actEntry(EntryResult, r.Plan, r.Index, r, r.Ended)
	if err == nil && len(e.Body) > resultMax {
		r.Details, r.Stages, r.Changes = nil, []StageRun{}, r.Changes[:min(len(r.Changes), 20)]
		return actEntry(EntryResult, r.Plan, r.Index, r, r.Ended)
	}
	return e, err
}

// OpenEntry returns the journal record of a step that stays open: its act has
// ended, and what became of it is not known. Details and stages that are too
// long for the journal are left out.
func (r StepResult) OpenEntry() (Entry, error) {
	e, err := actEntry(EntryOpen, r.Plan, r.Index, r, r.Ended)
	if err == nil && len(e.Body) > resultMax {
		r.Details, r.Stages = nil, []StageRun{}
		return actEntry(EntryOpen, r.Plan, r.Index, r, r.Ended)
	}
	return e, err
}

func actEntry(kind EntryKind, plan string, index int, body any, at time.Time) (Entry, error) {
	e, ok := newEntry(kind, fmt.Sprintf("%s:%s:%d", kind, plan, index), body, at)
	if !ok {
		return e, Fail(ClassInternal, "keep the record", fmt.Sprintf("the %s cannot be written down", kind), "report this as a bug")
	}
	return e, nil
}

// OpenIntent is an intent without a result.
type OpenIntent struct {
	Intent
	Who     Who
	Seq     uint64
	Current bool // of the installation that answers now, as far as the journal knows
	// Left is what was known when its act ended; unknown for one whose process was
	// killed.
	Left Opt[StepResult]
}

// OpenIntents returns the intents without a result, oldest first.
func OpenIntents(entries []Entry) []OpenIntent {
	done, left := results(entries, EntryResult), results(entries, EntryOpen)
	var open []OpenIntent
	for _, e := range entries {
		switch e.Kind {
		case EntryChapter:
			var c Chapter
			if DecodeJSON(e.Body, &c) == nil && !c.Before.Empty() {
				for i := range open {
					open[i].Current = false
				}
			}
		case EntryIntent:
			var in Intent
			if DecodeJSON(e.Body, &in) != nil || in.Plan.ID == "" {
				continue
			}
			key := stepKey{in.Plan.ID, in.Index}
			if _, ok := done[key]; !ok {
				open = append(open, OpenIntent{Intent: in, Who: e.Who, Seq: e.Seq, Current: true, Left: optional(left, key)})
			}
		}
	}
	return open
}
