package model_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"seatdeck/model"
)

func TestOutcomes(t *testing.T) {
	// The words and exit codes of the design; none may be missing, and no other
	// word passes for one.
	all := map[model.Outcome]struct {
		exit int
		good bool
	}{
		"changed": {0, true}, "unchanged": {0, true}, "terms refreshed": {0, true}, "confirmed": {0, true}, "nothing changed": {0, true},
		"unconfirmed": {5, false}, "unknown": {5, false}, "refused": {4, false}, "failed": {1, false}, "not sent": {3, false},
		"accepted but not effective": {3, false}, "cancelled": {130, false}, "first seen": {0, true}, "overdue": {1, false},
	}
	for o, want := range all {
		if o.ExitCode() != want.exit || o.Good() != want.good || !o.Valid() {
			t.Errorf("%q: exit %d, good %v, valid %v", o, o.ExitCode(), o.Good(), o.Valid())
		}
	}
	for _, o := range []model.Outcome{"", "Changed", "done", "ok"} {
		if o.Valid() || o.Good() || o.ExitCode() != 70 {
			t.Errorf("%q passes for an outcome", o)
		}
	}
}

func TestJudge(t *testing.T) {
	step := model.Step{Precondition: model.Reading{"a": "off", "b": "1"}, Wanted: model.Reading{"a": "on"}, Changes: []model.Change{{Field: "a"}}}
	before, wanted, other := model.Reading{"a": "off", "b": "1", "more": "x"}, model.Reading{"a": "on", "b": "2"}, model.Reading{"a": "dim", "b": "1"}
	lost := map[model.Class]bool{ // classes after which nothing is under way any more
		model.ClassFailed: true, model.ClassNotGitLab: true, model.ClassLocked: true, model.ClassUnreachable: true, model.ClassConfig: true,
		model.ClassChanged: false, model.ClassCancelled: false, model.ClassMalformed: false, model.ClassInternal: false,
	}
	judge := func(after model.Reading, class model.Class, late bool, want model.Outcome) {
		t.Helper()
		var e *model.Error
		if class != "" {
			e = model.Fail(class, "", "no yes", "")
		}
		v := step.Judge(after, e, late)
		if v.Outcome != want || (v.Outcome == model.OutcomeConfirmed) != (v.Err == nil && len(v.Changes) == 1) {
			t.Errorf("%v after %q, late %v: %+v, want %s", after, class, late, v, want)
		}
	}
	for _, late := range []bool{false, true} {
		judge(wanted, "", late, model.OutcomeConfirmed)
		for class, over := range lost {
			judge(wanted, class, late, model.OutcomeConfirmed)
			judge(other, class, late, model.OutcomeUnknown)
			judge(nil, class, late, model.OutcomeUnknown)
			if over || late {
				judge(before, class, late, model.OutcomeFailed)
			} else {
				judge(before, class, late, model.OutcomeUnknown)
			}
		}
	}
	// A yes without an effect, whatever is read instead.
	if v := step.Judge(before, nil, false); v.Outcome != model.OutcomeNoEffect || v.Outcome.Good() {
		t.Errorf("a yes that did nothing: %+v", v)
	}
	if v := step.Judge(other, nil, false); v.Outcome != model.OutcomeNoEffect {
		t.Errorf("a yes that did something else: %+v", v)
	}
	step.Wanted = nil
	if v := step.Judge(before, nil, true); v.Outcome != model.OutcomeUnknown {
		t.Errorf("nothing to be recognised by: %+v", v)
	}
}

// act plays what the engine records of one plan.
type act struct {
	t    testing.TB
	plan model.ChangePlan
}

func newAct(t testing.TB, kind model.ActKind, id string, steps int, when string) act {
	p := aPlan(t, model.DangerMany, steps)
	p.ID, p.Kind, p.Made = id, kind, at(t, when)
	return act{t, p}
}

func (a act) intent(i int) model.Entry {
	return a.entry(model.Intent{Plan: a.plan.Head(), Step: a.plan.Steps[i], Index: i, Of: len(a.plan.Steps), Consent: "phrase", At: a.plan.Made.Add(time.Duration(i) * time.Minute)})
}

func (a act) result(i int, o model.Outcome, after model.Reading) model.Entry {
	return a.entry(model.StepResult{
		Plan: a.plan.ID, Hash: a.plan.Hash().String(), Index: i, Of: len(a.plan.Steps), Sent: true,
		Began: a.plan.Made, Ended: a.plan.Made.Add(time.Duration(i)*time.Minute + 30*time.Second),
		Verdict: model.Verdict{Outcome: o, After: after, Changes: []model.Change{{Field: "seats", Before: "950", After: "1,000"}}},
	})
}

func (a act) entry(x interface{ Entry() (model.Entry, error) }) model.Entry {
	a.t.Helper()
	e, err := x.Entry()
	if err != nil {
		a.t.Fatal(err)
	}
	return e
}

func TestRuns(t *testing.T) {
	a := newAct(t, model.ActRegistrationEnable, "A", 1, "2026-11-20 10:00")
	b := newAct(t, model.ActRecount, "B", 3, "2026-11-20 11:00")
	tests := []struct {
		name    string
		entries []model.Entry
		outcome model.Outcome
		open    bool
		done    int
	}{
		{"an intent alone", []model.Entry{a.intent(0)}, model.OutcomeUnknown, true, 0},
		{"with its result", []model.Entry{a.intent(0), a.result(0, model.OutcomeConfirmed, nil)}, model.OutcomeConfirmed, false, 1},
		{"the other way round", []model.Entry{a.result(0, model.OutcomeConfirmed, nil), a.intent(0)}, model.OutcomeConfirmed, false, 1},
		{"the first result counts", []model.Entry{a.intent(0), a.result(0, model.OutcomeFailed, nil), a.result(0, model.OutcomeConfirmed, nil)}, model.OutcomeFailed, false, 0},
		{"twice the same intent", []model.Entry{a.intent(0), a.intent(0)}, model.OutcomeUnknown, true, 0},
		{"a result of another", []model.Entry{a.intent(0), b.result(0, model.OutcomeConfirmed, nil)}, model.OutcomeUnknown, true, 0},
		{"all of three", []model.Entry{b.intent(0), b.result(0, model.OutcomeUnchanged, nil), b.intent(1), b.result(1, model.OutcomeChanged, nil), b.intent(2), b.result(2, model.OutcomeUnchanged, nil)}, model.OutcomeChanged, false, 3},
		{"stopped by the second", []model.Entry{b.intent(0), b.result(0, model.OutcomeConfirmed, nil), b.intent(1), b.result(1, model.OutcomeRefused, nil)}, model.OutcomeRefused, false, 1},
		{"killed at the second", []model.Entry{b.intent(1), b.intent(0), b.result(0, model.OutcomeConfirmed, nil)}, model.OutcomeUnknown, true, 1},
		{"killed before the second", []model.Entry{b.intent(0), b.result(0, model.OutcomeConfirmed, nil)}, model.OutcomeCancelled, false, 1},
	}
	for _, tt := range tests {
		runs := model.RunsOf(tt.entries)
		if len(runs) != 1 {
			t.Errorf("%s: %d runs", tt.name, len(runs))
			continue
		}
		r := runs[0]
		if r.Outcome != tt.outcome || r.Open != tt.open || r.Done != tt.done || r.Ended.Before(r.Began) {
			t.Errorf("%s: %s, open %v, %d done, %s to %s", tt.name, r.Outcome, r.Open, r.Done, r.Began, r.Ended)
		}
		if open := model.OpenIntents(tt.entries); (len(open) > 0) != tt.open {
			t.Errorf("%s: %d open intents", tt.name, len(open))
		}
	}
	both := model.RunsOf([]model.Entry{a.intent(0), b.intent(0)})
	if len(both) != 2 || both[0].Plan.ID != "B" {
		t.Errorf("not the newest first: %+v", both)
	}
}

// TestOpenIntentsOfAnEarlierChapter: what was begun with an installation that is
// gone is not to be settled by reading another.
func TestOpenIntentsOfAnEarlierChapter(t *testing.T) {
	a := newAct(t, model.ActRecount, "A", 1, "2026-11-20 10:00")
	b := newAct(t, model.ActRecount, "B", 1, "2026-11-20 12:00")
	chapter := model.Entry{Kind: model.EntryChapter, Body: json.RawMessage(`{"seen":"2026-11-20T11:00:00Z","uuid":"two","before":"one"}`)}
	first := model.Entry{Kind: model.EntryChapter, Body: json.RawMessage(`{"seen":"2026-11-20T11:00:00Z","uuid":"one","before":""}`)}
	open := model.OpenIntents([]model.Entry{a.intent(0), first, chapter, b.intent(0)})
	if len(open) != 2 || open[0].Current || !open[1].Current {
		t.Errorf("%+v", open)
	}
	if open = model.OpenIntents([]model.Entry{a.intent(0), first}); len(open) != 1 || !open[0].Current {
		t.Errorf("remembering the first uuid begins no chapter: %+v", open)
	}
}

func TestDamagedActs(t *testing.T) {
	var all []model.Entry
	for _, kind := range []model.EntryKind{model.EntryIntent, model.EntryResult} {
		for _, body := range []string{``, `null`, `[]`, `{}`, `{"plan":7}`, `{"plan":{"id":""}}`, `{"plan":""}`} {
			all = append(all, model.Entry{Kind: kind, Body: json.RawMessage(body)})
		}
	}
	if runs, open := model.RunsOf(all), model.OpenIntents(all); len(runs)+len(open) != 0 {
		t.Errorf("%+v, %+v", runs, open)
	}
}

// TestHistoryOfOurSyncs: a sync that we set off is one row, with our word; one
// that came to nothing is a row of its own.
func TestHistoryOfOurSyncs(t *testing.T) {
	d := newDiary(t)
	d.sync("2026-11-09 03:17").look("2026-11-09 09:00")
	ours := newAct(t, model.ActSyncHost, "A", 1, "2026-11-09 14:10")
	d.entries = append(d.entries, ours.intent(0), ours.result(0, model.OutcomeChanged, model.Reading{model.ReadingLastSync: "2026-11-09T14:10:30Z"}))
	d.license.LastSync = model.Some(at(t, "2026-11-09 14:10").Add(30 * time.Second))
	d.look("2026-11-09 14:11")
	failed := newAct(t, model.ActSyncHost, "B", 1, "2026-11-09 15:00")
	d.entries = append(d.entries, failed.intent(0), failed.result(0, model.OutcomeUnconfirmed, nil))
	open := newAct(t, model.ActActivate, "C", 1, "2026-11-09 16:00")
	open.plan.Trigger = model.TriggerTimer
	d.entries = append(d.entries, open.intent(0))
	toggle := newAct(t, model.ActRegistrationEnable, "D", 1, "2026-11-09 17:00")
	d.entries = append(d.entries, toggle.intent(0), toggle.result(0, model.OutcomeConfirmed, nil))

	h := d.history(1, "2026-11-09 17:00", "2026-11-09 17:00")
	var rows []string
	for _, r := range h.Records {
		id := ""
		if r.Run != nil {
			id = " " + r.Run.Plan.ID
		}
		rows = append(rows, r.At.Format("15:04:05 ")+string(r.Trigger)+" "+string(r.Outcome)+id)
	}
	want := []string{"16:00:00 timer unknown C", "15:00:00 you unconfirmed B", "14:10:30 you changed A", "03:17:00 observed first seen"}
	if !slices.Equal(rows, want) {
		t.Errorf("rows\n%q, want\n%q", rows, want)
	}
	if len(h.Acts) != 4 || h.Acts[0].Plan.ID != "D" || h.Entries != len(d.entries) {
		t.Errorf("%d acts of %d entries", len(h.Acts), h.Entries)
	}
	if strip(h) != "◆______" {
		t.Errorf("strip %q", strip(h))
	}
	// Not looked at yet: the run alone tells of the sync.
	h = model.HistoryOf([]model.Entry{ours.intent(0), ours.result(0, model.OutcomeUnchanged, model.Reading{model.ReadingLastSync: "2026-11-09T14:10:30Z"})}, model.Part[model.License]{}, 1, at(t, "2026-11-09 15:00"))
	if len(h.Records) != 1 || h.Records[0].Outcome != model.OutcomeUnchanged || !h.Records[0].At.Equal(at(t, "2026-11-09 14:10").Add(30*time.Second)) {
		t.Errorf("%+v", h.Records)
	}
}

func TestResultAdds(t *testing.T) {
	step := func(o model.Outcome, sent bool) model.StepResult {
		return model.StepResult{Sent: sent, Verdict: model.Verdict{Outcome: o}}
	}
	tests := []struct {
		steps []model.StepResult
		err   *model.Error
		want  model.Outcome
		exit  int
	}{
		{[]model.StepResult{step(model.OutcomeConfirmed, true)}, nil, model.OutcomeConfirmed, 0},
		{[]model.StepResult{step(model.OutcomeNothingToDo, true), step(model.OutcomeConfirmed, true), step(model.OutcomeNothingToDo, true)}, nil, model.OutcomeConfirmed, 0},
		{[]model.StepResult{step(model.OutcomeRefused, true)}, nil, model.OutcomeRefused, 4},
		{[]model.StepResult{step(model.OutcomeConfirmed, true), step(model.OutcomeRefused, true)}, nil, model.OutcomeRefused, 3},
		{[]model.StepResult{step(model.OutcomeConfirmed, true), step(model.OutcomeUnknown, true)}, nil, model.OutcomeUnknown, 5},
		{[]model.StepResult{step(model.OutcomeNotSent, false)}, model.Fail(model.ClassChanged, "", "changed", ""), model.OutcomeNotSent, 5},
		{[]model.StepResult{step(model.OutcomeNotSent, false)}, nil, model.OutcomeNotSent, 3},
		{[]model.StepResult{step(model.OutcomeCancelled, false)}, nil, model.OutcomeCancelled, 130},
	}
	for _, tt := range tests {
		r := model.Result{Of: len(tt.steps)}
		sent := false
		for _, s := range tt.steps {
			s.Err = tt.err
			r.Add(s)
			sent = sent || s.Sent
		}
		if r.Outcome != tt.want || r.ExitCode() != tt.exit || r.Sent() != sent {
			t.Errorf("%v: %s, exit %d, sent %v", tt.steps, r.Outcome, r.ExitCode(), r.Sent())
		}
	}
}

// TestLongResults: a result is kept however much there is to tell beside it.
func TestLongResults(t *testing.T) {
	details, err := json.Marshal(strings.Repeat("x", 60<<10))
	if err != nil {
		t.Fatal(err)
	}
	r := model.StepResult{Plan: "A", Verdict: model.Verdict{Outcome: model.OutcomeChanged, Details: details}}
	e, err := r.Entry()
	var back model.StepResult
	if err != nil || len(e.Body) > 48<<10 || json.Unmarshal(e.Body, &back) != nil || back.Outcome != model.OutcomeChanged || back.Plan != "A" {
		t.Errorf("%d bytes, %v", len(e.Body), err)
	}
	r.Details = details[:20<<10]
	r.Details = append(r.Details, '"')
	if e, err = r.Entry(); err != nil || len(e.Body) < 20<<10 {
		t.Errorf("%d bytes of a result that fits, %v", len(e.Body), err)
	}
}
