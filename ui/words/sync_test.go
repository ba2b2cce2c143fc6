package words

import (
	"strings"
	"testing"
	"time"

	"seatdeck/model"
)

func TestAddOnList(t *testing.T) {
	for list, want := range map[string]string{
		"DUO_ENTERPRISE 60":             "Duo Enterprise 60",
		"DUO_CORE 5; DUO_ENTERPRISE 60": "Duo Core 5 and Duo Enterprise 60",
		"none":                          "none",
		"":                              "",
	} {
		if got := AddOnList(list); got != want {
			t.Errorf("%q: %q, want %q", list, got, want)
		}
	}
}

// Each row of the history says in a few words who set it off and what came of it.
func TestRowsOfTheHistory(t *testing.T) {
	run := func(kind model.ActKind, o model.Outcome, change func(*model.Run)) model.Record {
		r := &model.Run{Plan: model.PlanHead{Kind: kind, Title: "an act"}, Outcome: o}
		if change != nil {
			change(r)
		}
		return model.Record{Kind: model.RecordSync, Trigger: model.TriggerYou, Outcome: o, Run: r, Changes: r.Changes()}
	}
	act := func(r model.Record) model.Record { r.Kind = model.RecordAct; return r }
	changed := func(r *model.Run) {
		r.Steps = []model.RunStep{{Result: model.Some(model.StepResult{Verdict: model.Verdict{Changes: []model.Change{{Field: "billable users", Before: "949", After: "951"}}}})}}
	}
	sent := func(r *model.Run) {
		told := model.HostSync{Packet: model.Some(model.Packet{Billable: model.Some(953), Maximum: model.Some(987)})}
		r.Steps = []model.RunStep{{Result: model.Some(model.StepResult{Sent: true, Verdict: model.Verdict{Details: told.Details()}})}}
	}
	fails := func(r *model.Run) { r.Err = model.Fail(model.ClassFailed, "", "HTTP status code: 403", "") }
	noted := func(r *model.Run) { r.Note = model.Clean("pinned by gitlab.rb") }
	for name, c := range map[string]struct {
		row      model.Record
		by, what string
	}{
		"observed":      {model.Record{Kind: model.RecordSync, Trigger: model.TriggerObserved, Billable: model.Some(962), Maximum: model.Some(987)}, "observed", "962, peak 987"},
		"overdue":       {model.Record{Kind: model.RecordOverdue, Days: 3}, Unknown, "3 syncs missed"},
		"ours":          {run(model.ActSyncHost, model.OutcomeUnchanged, sent), "you, host", "sent 953, peak 987"},
		"not told":      {run(model.ActSyncHost, model.OutcomeUnchanged, nil), "you, host", "counts not read"},
		"failed":        {run(model.ActSyncHost, model.OutcomeFailed, fails), "you, host", "HTTP status code: 403"},
		"open":          {run(model.ActActivate, model.OutcomeUnknown, func(r *model.Run) { r.Open = true }), "you, activation", NotSettled},
		"recount":       {act(run(model.ActRecount, model.OutcomeChanged, changed)), "you", "recount: 949 → 951"},
		"pinned":        {act(run(model.ActRegistrationEnable, model.OutcomeNoEffect, noted)), "you", "opt in: pinned by gitlab.rb"},
		"opted out":     {act(run(model.ActRegistrationDisable, model.OutcomeConfirmed, nil)), "you", "opt out of registration features"},
		"of a newer us": {act(run("users.block", model.OutcomeConfirmed, noted)), "you", "an act"},
	} {
		if by, what := By(c.row), Record(c.row); by != c.by || what != c.what {
			t.Errorf("%s: %q, %q, want %q, %q", name, by, what, c.by, c.what)
		}
	}
}

// Whatever a run came to, something is said of it, and only a run that is open
// has anything to come.
func TestMeaningOfEveryWord(t *testing.T) {
	for _, o := range []model.Outcome{model.OutcomeChanged, model.OutcomeUnchanged, model.OutcomeTermsRefreshed, model.OutcomeUnconfirmed, model.OutcomeUnknown,
		model.OutcomeRefused, model.OutcomeFailed, model.OutcomeNotSent, model.OutcomeConfirmed, model.OutcomeNoEffect, model.OutcomeNothingToDo, model.OutcomeCancelled} {
		for _, kind := range []model.ActKind{model.ActSyncHost, model.ActActivate, model.ActRecount} {
			r := model.Run{Plan: model.PlanHead{Kind: kind}, Outcome: o}
			if Meaning(r) == "" || Next(r) != "" {
				t.Errorf("%s of %s: %q, %q", o, kind, Meaning(r), Next(r))
			}
			if sync := strings.Contains(Meaning(r), "sync"); sync && !kind.Syncs() {
				t.Errorf("%s of %s speaks of a sync: %q", o, kind, Meaning(r))
			}
		}
	}
	for _, o := range []model.Outcome{model.OutcomeUnconfirmed, model.OutcomeUnknown} {
		left := model.Run{Open: true, Outcome: o, Steps: []model.RunStep{{Left: model.Some(model.StepResult{Sent: true, Verdict: model.Verdict{Outcome: o}})}}}
		if !left.Left() || strings.Contains(Meaning(left), "under way") || !strings.Contains(Next(left), "next reading") {
			t.Errorf("left as %s: %q, %q", o, Meaning(left), Next(left))
		}
	}
	if open := (model.Run{Open: true, Steps: []model.RunStep{{}}}); !strings.Contains(Meaning(open), "under way") || Next(open) == "" {
		t.Errorf("open: %q, %q", Meaning(open), Next(open))
	}
}

// A packet names every member, the key without its value, and says of which day
// its counts are.
func TestPacketWords(t *testing.T) {
	p := model.Packet{Row: model.Some(time.Date(2026, 11, 19, 12, 0, 9, 0, time.UTC)), Billable: model.Some(953), Others: []model.Text{model.Clean("new_member")}}
	got := map[string]string{}
	for _, f := range Packet(p, time.UTC) {
		got[f.Name] = f.Value
	}
	for name, want := range map[string]string{"license_key": "never shown here", "billable_users_count": "953", "max_historical_user_count": "", "timestamp": "2026-11-19 12:00 UTC", "new_member": "not read"} {
		if v, ok := got[name]; !ok || v != want {
			t.Errorf("%s: %q, want %q", name, v, want)
		}
	}
	if note := PacketNote(p); !strings.Contains(note, "daily row of 2026-11-19") || !strings.Contains(note, "inactive counts") {
		t.Error(note)
	}
	if note := PacketNote(model.Packet{}); strings.Contains(note, "daily row of") {
		t.Error(note)
	}
}

func TestShortHash(t *testing.T) {
	for hash, want := range map[string]string{"afbfbf32c0fe8dc1": "afbfbf32c0fe", "afb": Unknown, "": Unknown, "afbfbf32c0\x1b[2J": Unknown} {
		if got := ShortHash(hash); got != want {
			t.Errorf("%q: %q, want %q", hash, got, want)
		}
	}
}

// A running sync says in each stage what it found, or what it is for, and how
// often it has looked.
func TestLiveStageWords(t *testing.T) {
	began := time.Date(2026, 11, 21, 9, 52, 4, 0, time.UTC)
	last := model.Some(began.Add(-6 * time.Hour))
	l := model.RunningAct{Driver: model.DriverActivation, Began: began, ActProgress: model.ActProgress{
		Stage: model.StageConfirm, Looks: 6, At: began.Add(24 * time.Second), Until: model.Some(began.Add(2 * time.Minute)),
		Stages: []model.StageRun{{Stage: model.StageCheck, Note: model.Clean("this licence syncs")}, {Stage: model.StageTrigger}, {Stage: model.StageConfirm, Began: began}}}}
	want := []string{"this licence syncs", "no counts in this exchange", "the one request", "asked 6 times, last sync still 03:52", "reads the terms again"}
	for i, s := range l.SyncStages() {
		if got := LiveStage(l, s, last, began, time.UTC); got != want[i] {
			t.Errorf("%s: %q, want %q", s.Stage, got, want[i])
		}
	}
	if waited, most, ok := l.Waited(); !ok || waited != 24*time.Second || most != 2*time.Minute {
		t.Errorf("waited %s of %s (%v)", waited, most, ok)
	}
	l.Note, l.Looks = model.Clean("the job runs"), 1
	if got := Looks(l, last, began, time.UTC); got != "the job runs, looked 1 time" {
		t.Errorf("%q", got)
	}
	watch := model.RunningAct{Driver: model.DriverBrowser, ActProgress: model.ActProgress{Stages: []model.StageRun{{Stage: model.StageConfirm}}}}
	for _, s := range watch.SyncStages()[:3] {
		if s.State != model.StageOmitted || LiveStage(watch, s, last, began, time.UTC) == "" {
			t.Errorf("a watch: %+v", s)
		}
	}
}
