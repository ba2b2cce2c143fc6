package model

import (
	"encoding/json"
	"slices"
	"sort"
	"time"
)

// RecordAct is the kind of a row that tells of an act of ours that is no sync:
// registration switched, users counted anew. Such rows are no part of
// [History.Records]; [History.WithActs] has them.
const RecordAct RecordKind = "act"

// SyncDetails is what a sync by way of the server keeps beside its verdict: what
// GitLab said it sends, without the licence key, and the job as it was last
// seen.
type SyncDetails struct {
	Packet Opt[Packet]   `json:"packet"`
	Job    Opt[JobState] `json:"job"`
	Joined bool          `json:"joined"` // an identical job waited already
}

// Details returns what of a sync on the server is kept, nil when there is
// nothing.
func (s HostSync) Details() json.RawMessage {
	if !s.Packet.Known() && !s.Job.Known() {
		return nil
	}
	raw, err := json.Marshal(SyncDetails{s.Packet, s.Job, s.Joined})
	if err != nil { // a time outside the years that JSON can hold
		return nil
	}
	return raw
}

// SyncDetails returns what the run kept of the server's answers; the zero value
// when nothing was kept or it does not read as what it should be.
func (r *Run) SyncDetails() SyncDetails {
	for _, s := range r.Steps {
		var d SyncDetails
		if res, ok := s.known(); ok && len(res.Details) > 0 && r.Plan.Kind.Syncs() && json.Unmarshal(res.Details, &d) == nil {
			return d
		}
	}
	return SyncDetails{}
}

// Sent reports whether anything of the run left this machine, or may have: what
// became of an open step is not known.
func (r *Run) Sent() bool {
	return slices.ContainsFunc(r.Steps, func(s RunStep) bool {
		res, ok := s.known()
		return !ok || res.Sent
	})
}

// Settled reports whether a part of the run was settled by reading, after the
// process that had begun it was gone.
func (r *Run) Settled() bool {
	return slices.ContainsFunc(r.Steps, func(s RunStep) bool {
		res, _ := s.Result.Get()
		return res.Settled
	})
}

// Left reports whether the run's act has ended without a result: nobody waited
// for the outcome, or it could not be read.
func (r *Run) Left() bool {
	return r.Open && !slices.ContainsFunc(r.Steps, func(s RunStep) bool { return !s.Result.Known() && !s.Left.Known() })
}

// Took returns how long the run took; unknown while a step is open, and for one
// that was settled later, because nobody knows when it ended.
func (r *Run) Took() Opt[time.Duration] {
	if r.Open || r.Settled() || r.Ended.Before(r.Began) {
		return None[time.Duration]()
	}
	return Some(r.Ended.Sub(r.Began))
}

// Stages returns the stages of the run's steps in their order. Writing the
// intent and the result down is left out, and what came back under one name is
// one stage: the engine names the stages of every act, and some acts tell of the
// same ones again in more detail.
func (r *Run) Stages() []StageRun {
	out := []StageRun{}
	for _, s := range r.Steps {
		res, _ := s.known()
		out = append(out, joinedStages(res.Stages)...)
	}
	return out
}

// Stages returns the stages of the steps that were begun, as those of a [Run].
func (r Result) Stages() []StageRun {
	var out []StageRun
	for _, s := range r.Steps {
		out = append(out, joinedStages(s.Stages)...)
	}
	return out
}

func joinedStages(all []StageRun) []StageRun {
	var out []StageRun
	var from Opt[time.Time] // when a stage began that is part of the next one kept
	for i, g := range all {
		again := slices.ContainsFunc(all[i+1:], func(later StageRun) bool { return later.Stage == g.Stage })
		switch {
		case g.Stage == StageRecord || g.Stage == StageKeep:
			continue
		case again && g.Note.Empty():
			from = Some(from.Or(g.Began))
			continue
		}
		g.Began = from.Or(g.Began)
		from = None[time.Time]()
		out = append(out, g)
	}
	return out
}

// Before is what reading showed right before the run, as far as it was kept.
func (r *Run) Before() Reading {
	if len(r.Steps) == 0 {
		return nil
	}
	first := r.Steps[0]
	if res, ok := first.known(); ok && len(res.Before) > 0 {
		return res.Before
	}
	return first.Step.Precondition
}

// After is what reading showed last, nil when nobody read.
func (r *Run) After() Reading {
	for _, s := range slices.Backward(r.Steps) {
		if res, ok := s.known(); ok && len(res.After) > 0 {
			return res.After
		}
	}
	return nil
}

// ToldByHost reports whether what was read after the run is the word of the GitLab
// server itself, because the instance's API showed nothing.
func (r *Run) ToldByHost() bool { return r.After()[ReadingSource] == string(SourceHost) }

// Compared parts the names of [TermNames] into those that were read on both
// sides of the run, and those that were not.
func (r *Run) Compared() (both, other []string) {
	was, is := r.Before(), r.After()
	for _, name := range TermNames() {
		if was[name] != "" && is[name] != "" {
			both = append(both, name)
		} else {
			other = append(other, name)
		}
	}
	return both, other
}

// TermNames are the names of what "changed" compares, in the order in which they
// are shown, as they stand in a [SyncReading].
func TermNames() []string {
	var out []string
	for _, f := range (TermsKey{}).fields() {
		out = append(out, f.name)
	}
	return out
}

// Driver is the way in which acts of this kind ask for a sync, "" for others.
func (k ActKind) Driver() Driver {
	for _, d := range Drivers() {
		if SyncKind(d) == k {
			return d
		}
	}
	return ""
}

// Driver is the way in which the sync of a row was asked for, "" where it was
// not asked for by us.
func (r Record) Driver() Driver {
	if r.Run == nil {
		return ""
	}
	return r.Run.Plan.Kind.Driver()
}

// WithActs returns the rows of the history together with those of the acts that
// are no syncs, newest first.
func (h History) WithActs() []Record {
	out := slices.Clone(h.Records)
	for i := range h.Acts {
		if run := &h.Acts[i]; !run.Plan.Kind.Syncs() {
			row := run.record()
			row.Kind = RecordAct
			out = append(out, row)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].At.After(out[j].At) })
	return out
}
