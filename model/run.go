package model

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"time"
)

// Run is one act as the journal tells it: every step whose intent was recorded,
// with what became of it.
type Run struct {
	Plan    PlanHead  `json:"plan"`
	Began   time.Time `json:"began_at"`
	Ended   time.Time `json:"ended_at"` // of the newest thing known
	Outcome Outcome   `json:"outcome"`  // unknown as long as a step is open
	Open    bool      `json:"open"`     // a step has no result: under way, or left behind
	Note    Text      `json:"note"`
	Err     *Error    `json:"error,omitempty"`
	Done    int       `json:"done"` // steps that ended as planned
	Of      int       `json:"of"`
	Steps   []RunStep `json:"steps"`
	Who     Who       `json:"who"`
	Seq     uint64    `json:"journal_seq"` // of the first intent
}

// RunStep is one step of a run.
type RunStep struct {
	Index   int             `json:"index"`
	Step    Step            `json:"step"`
	Consent string          `json:"consent"`
	At      time.Time       `json:"at"`
	Result  Opt[StepResult] `json:"result"` // unknown: the intent is open
	Left    Opt[StepResult] `json:"left"`   // what was known when the act ended without a result
}

// known is the result, or what was known when there was none.
func (s RunStep) known() (StepResult, bool) {
	if res, ok := s.Result.Get(); ok {
		return res, true
	}
	return s.Left.Get()
}

// Syncs reports whether acts of this kind fetch the terms from the vendor, so
// that the time of the last sync moves.
func (k ActKind) Syncs() bool { return k == ActSyncHost || k == ActActivate }

// LastSync is the time of the sync that the run is known to have brought.
func (r *Run) LastSync() Opt[time.Time] {
	if !r.Plan.Kind.Syncs() || !r.Outcome.Good() {
		return None[time.Time]()
	}
	for _, s := range r.Steps {
		res, _ := s.Result.Get()
		if t, err := time.Parse(time.RFC3339, res.After[ReadingLastSync]); err == nil {
			return Some(t.UTC())
		}
	}
	return None[time.Time]()
}

// Changes returns what the run changed, of all its steps.
func (r *Run) Changes() []Change {
	out := []Change{}
	for _, s := range r.Steps {
		res, _ := s.Result.Get()
		out = append(out, res.Changes...)
	}
	return out
}

type stepKey struct {
	plan  string
	index int
}

// results reads the records of a kind whose body is a result. Of several for one
// step the first counts.
func results(entries []Entry, kind EntryKind) map[stepKey]StepResult {
	out := map[stepKey]StepResult{}
	for _, e := range entries {
		var r StepResult
		if e.Kind != kind || DecodeJSON(e.Body, &r) != nil {
			continue
		}
		if k := (stepKey{r.Plan, r.Index}); out[k].Plan == "" {
			out[k] = r
		}
	}
	return out
}

// RunsOf joins intents and results (of one or several journals, in any order)
// to runs, newest first. Records that do not read as what they claim to be are
// left out: the journal's own check names them.
func RunsOf(entries []Entry) []Run {
	done, left := results(entries, EntryResult), results(entries, EntryOpen)
	runs := map[string]*Run{}
	for _, e := range entries {
		var in Intent
		if e.Kind != EntryIntent || DecodeJSON(e.Body, &in) != nil || in.Plan.ID == "" {
			continue
		}
		r := runs[in.Plan.ID]
		if r == nil {
			r = &Run{Plan: in.Plan, Began: in.At.UTC(), Of: in.Of, Who: e.Who, Seq: e.Seq}
			runs[in.Plan.ID] = r
		}
		key := stepKey{in.Plan.ID, in.Index}
		step := RunStep{Index: in.Index, Step: in.Step, Consent: in.Consent, At: in.At.UTC(), Result: optional(done, key)}
		if !step.Result.Known() {
			step.Left = optional(left, key)
		}
		if !slices.ContainsFunc(r.Steps, func(s RunStep) bool { return s.Index == step.Index }) {
			r.Steps = append(r.Steps, step)
		}
		if in.Index == 0 {
			r.Who, r.Seq = e.Who, e.Seq
		}
	}
	out := []Run{}
	for _, r := range runs {
		r.conclude()
		out = append(out, *r)
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := &out[i], &out[j]
		return cmp.Or(b.Began.Compare(a.Began), cmp.Compare(b.Plan.ID, a.Plan.ID)) < 0
	})
	return out
}

// optional is the value of a key, unknown when there is none.
func optional[K comparable, V any](m map[K]V, k K) Opt[V] {
	if v, ok := m[k]; ok {
		return Some(v)
	}
	return None[V]()
}

// conclude works out how the run ended from its steps.
func (r *Run) conclude() {
	sort.Slice(r.Steps, func(i, j int) bool { return r.Steps[i].Index < r.Steps[j].Index })
	sum := summary{}
	for _, s := range r.Steps {
		if s.At.Before(r.Began) {
			r.Began = s.At
		}
		res, ok := s.known()
		if !ok {
			res.Verdict = Verdict{Outcome: OutcomeUnknown, Note: Clean("no result is known")}
			res.Ended = s.At
		}
		r.Open = r.Open || !s.Result.Known()
		if res.Ended.After(r.Ended) {
			r.Ended = res.Ended.UTC()
		}
		sum.add(res.Verdict)
	}
	r.Outcome, r.Note, r.Err, r.Done = sum.outcome, sum.note, sum.err, sum.done
	if r.Outcome.Good() && r.Done < r.Of {
		r.Outcome, r.Note = OutcomeCancelled, Clean(fmt.Sprintf("it ended after %d of %d", r.Done, r.Of))
	}
}

// summary is the one word for several steps: the first that is not good stops
// all; of good ones the word that says most stays.
type summary struct {
	outcome Outcome
	note    Text
	err     *Error
	done    int
}

func (s *summary) add(v Verdict) {
	switch {
	case s.outcome != "" && !s.outcome.Good():
		return
	case !v.Outcome.Good():
		s.outcome, s.note, s.err = v.Outcome, v.Note, v.Err
		return
	case s.done == 0, s.outcome == OutcomeNothingToDo, s.outcome == OutcomeUnchanged:
		s.outcome, s.note = v.Outcome, v.Note
	}
	s.done++
}
