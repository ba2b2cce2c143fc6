package model

import (
	"slices"
	"time"
)

// RunningAct is an act that is being carried out here, as its newest report tells it.
// Whoever shows it needs nothing else; the record has its own words for it once
// it is over.
type RunningAct struct {
	Plan    string  // id; empty for a watch, which has no plan
	Driver  Driver  // of a sync
	Trigger Trigger // what set it off
	Began   time.Time
	Page    string // that a person opens meanwhile; "" for none
	ActProgress
}

// StageState says where a stage of a running act is.
type StageState string

// The states of a stage. One that is left out is not part of this act.
const (
	StagePassed  StageState = "done"
	StageCurrent StageState = "running"
	StageOmitted StageState = "left out"
	StageAhead   StageState = "to come"
)

// LiveStage is one stage of a running act. Its times are zero where it has not
// begun.
type LiveStage struct {
	StageRun
	State StageState
}

// Took is how long the stage has taken.
func (s LiveStage) Took() time.Duration { return max(0, s.Ended.Sub(s.Began)) }

// syncStages are the stages of a sync in their order (design: an honest sync).
var syncStages = []Stage{StageCheck, StagePacket, StageTrigger, StageConfirm, StagePull}

// SyncStages are the five stages of a running sync, in their order. The engine
// names some stages for every act, and the server tells the same ones again in
// more detail: the newest of each name counts.
func (l RunningAct) SyncStages() []LiveStage {
	told, now := map[Stage]StageRun{}, -1
	for _, g := range l.Stages {
		if at := slices.Index(syncStages, g.Stage); at >= 0 {
			told[g.Stage], now = g, at
		}
	}
	out := make([]LiveStage, len(syncStages))
	for i, name := range syncStages {
		s := LiveStage{StageRun: StageRun{Stage: name}, State: StageAhead}
		g, was := told[name]
		switch {
		case i == now:
			s.StageRun, s.State = g, StageCurrent
			s.Ended = l.At
		case i < now && was:
			s.StageRun, s.State = g, StagePassed
		case i < now:
			s.State = StageOmitted
		}
		out[i] = s
	}
	return out
}

// Stand is the number of the stage that goes on, from 1, and how many there are;
// 0 before the first.
func (l RunningAct) Stand() (now, of int) {
	for i, s := range l.SyncStages() {
		if s.State == StageCurrent {
			now = i + 1
		}
	}
	return now, len(syncStages)
}

// Waited is how far the stage that goes on has come towards its deadline, and
// how long it waits at most; false where it does not wait.
func (l RunningAct) Waited() (waited, most time.Duration, ok bool) {
	until, ok := l.Until.Get()
	if !ok || len(l.Stages) == 0 {
		return 0, 0, false
	}
	began := l.Stages[len(l.Stages)-1].Began
	return max(0, l.At.Sub(began)), max(0, until.Sub(began)).Round(time.Second), true
}
