package licensing_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"seatdeck/licensing"
	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
)

// stopped runs a sync and stops waiting when a report says so.
func stopped(t *testing.T, r *rig.Rig, driver model.Driver, when func(model.ActProgress) bool) (model.Result, error) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	return r.Desk.RunSync(ctx, licensing.SyncOrder{Driver: driver, Trigger: model.TriggerYou, Agree: agreed(r)}, func(p model.ActProgress) {
		if when(p) {
			stop()
		}
	})
}

func waits(p model.ActProgress) bool {
	return p.Stage == model.StageConfirm && p.Until.Known() && p.Sent
}

// Whoever stops waiting gets the honest word at once: it was sent, and what
// became of it is not known yet. The record says so, and a later reading that can
// tell completes it; nothing is sent again.
func TestStopWaiting(t *testing.T) {
	for name, c := range map[string]struct {
		driver model.Driver
		portal string // meanwhile
		later  model.Outcome
	}{
		"host, comes later": {model.DriverHost, "ok", model.OutcomeUnchanged},
		"host, never comes": {model.DriverHost, "unsaved", model.OutcomeUnconfirmed},
		"activation":        {model.DriverActivation, "unsaved", model.OutcomeUnconfirmed},
	} {
		t.Run(name, func(t *testing.T) {
			r := rig.New(t, rig.Options{Users: 60, Memory: true, Mode: model.ModeWrite, Set: map[string]string{"portal": c.portal}})
			r.Refreshed(t.Context())
			began := r.Clock.Now()
			got, err := stopped(t, r, c.driver, waits)
			took := r.Clock.Now().Sub(began)
			if err != nil || got.Outcome != model.OutcomeUnconfirmed || got.ExitCode() != 5 || !got.Sent() || !strings.Contains(got.Note.String(), "nobody waited") {
				t.Fatalf("%s (%s), exit %d, sent %v, %v", got.Outcome, got.Note, got.ExitCode(), got.Sent(), err)
			}
			if took > 15*time.Second {
				t.Errorf("it went on for %s", took)
			}
			kinds := record(t, r.Journal)
			if len(kinds[model.EntryIntent]) != 1 || len(kinds[model.EntryOpen]) != 1 || len(kinds[model.EntryResult]) != 0 {
				t.Fatalf("the record: %d intents, %d left open, %d results", len(kinds[model.EntryIntent]), len(kinds[model.EntryOpen]), len(kinds[model.EntryResult]))
			}
			run := r.Desk.View().History.Acts[0]
			if !run.Open || !run.Left() || run.Outcome != model.OutcomeUnconfirmed || len(run.Stages()) == 0 || run.SyncDetails().Packet.Known() != (c.driver == model.DriverHost) {
				t.Errorf("as the record tells it: open %v, left %v, %s, stages %v", run.Open, run.Left(), run.Outcome, run.Stages())
			}
			r.Clock.Advance(10 * time.Second)
			r.Refreshed(t.Context())
			if early := r.Desk.View().History.Acts[0]; early.Open == (c.later == model.OutcomeUnchanged) {
				t.Errorf("ten seconds later: open %v, %s", early.Open, early.Outcome)
			}
			r.Clock.Advance(3 * time.Minute)
			r.Refreshed(t.Context())
			run = r.Desk.View().History.Acts[0]
			if run.Open || run.Outcome != c.later || !run.Settled() || len(run.Stages()) == 0 || run.SyncDetails().Packet.Known() != (c.driver == model.DriverHost) {
				t.Errorf("three minutes later: open %v, %s (%s), want %s", run.Open, run.Outcome, run.Note, c.later)
			}
			if n := len(exchanges(r, began)); n != 1 {
				t.Errorf("%d exchanges", n)
			}
		})
	}
}

// Before anything was sent, stopping is a cancel: exit 130 and nothing left.
func TestStopBeforeSending(t *testing.T) {
	for _, driver := range []model.Driver{model.DriverHost, model.DriverActivation} {
		r := rig.New(t, rig.Options{Users: 60, Memory: true, Mode: model.ModeWrite})
		r.Refreshed(t.Context())
		began := r.Clock.Now()
		got, _ := stopped(t, r, driver, func(p model.ActProgress) bool { return p.Stage == model.StageCheck })
		if got.Outcome != model.OutcomeCancelled || got.ExitCode() != 130 || got.Sent() || len(exchanges(r, began)) != 0 {
			t.Errorf("%s: %s, exit %d, sent %v, %v", driver, got.Outcome, got.ExitCode(), got.Sent(), got.Err)
		}
	}
}

// A running sync tells its five stages in their order, each once it begins, and
// until when it waits: as long as the profile says.
func TestRunningStages(t *testing.T) {
	for driver, want := range map[model.Driver]string{
		model.DriverHost:       "check packet trigger confirm pull",
		model.DriverActivation: "check trigger confirm pull",
		model.DriverBrowser:    "confirm",
	} {
		r := rig.New(t, rig.Options{Users: 60, Memory: true, Mode: model.ModeWrite})
		r.Info.SyncWatch = 40 * time.Second
		desk := r.Reopen()
		var order []string
		_, err := desk.RunSync(t.Context(), licensing.SyncOrder{Driver: driver, Trigger: model.TriggerYou, Agree: agreed(r)}, func(p model.ActProgress) {
			l := model.RunningAct{Driver: driver, ActProgress: p}
			stages := l.SyncStages()
			if now, of := l.Stand(); of != 5 || now > 0 && stages[now-1].State != model.StageCurrent {
				t.Errorf("%s: stage %d of %d, %+v", driver, now, of, stages)
			}
			for _, s := range stages {
				if name := string(s.Stage); s.State == model.StageCurrent && (len(order) == 0 || order[len(order)-1] != name) {
					order = append(order, name)
				}
			}
			waited, most, ok := l.Waited()
			if ok && (most > 41*time.Second || waited > most+2*time.Second) {
				t.Errorf("%s: waited %s of %s", driver, waited, most)
			}
			if got := p.Stage == model.StageConfirm && driver != model.DriverHost && p.Looks > 0; got && !ok {
				t.Errorf("%s looks %d times without an end", driver, p.Looks)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(order, " "); got != want {
			t.Errorf("%s: stages %q, want %q", driver, got, want)
		}
	}
}

// A sync whose answer is lost keeps what it would have sent, and so does one
// that GitLab itself refuses.
func TestLostAndRefusedKeepThePacket(t *testing.T) {
	r := rig.New(t, rig.Options{Users: 60, Memory: true, Mode: model.ModeWrite})
	r.Refreshed(t.Context())
	plan, err := r.Desk.PlanSync(t.Context(), model.DriverHost, model.TriggerYou)
	if err != nil {
		t.Fatal(err)
	}
	r.Turn("silent_mode", "true")
	consent, _ := plan.Agree("y", r.Clock.Now())
	got, _ := r.Desk.Apply(t.Context(), plan.ChangePlan, consent, nil)
	run := r.Desk.View().History.Acts[0]
	row, _ := r.Desk.View().Facts.Daily.Value.Newest()
	packet, ok := run.SyncDetails().Packet.Get()
	if got.Outcome != model.OutcomeRefused || run.Sent() || !ok || packet.Billable != model.Some(row.Count) {
		t.Errorf("%s, sent %v, packet %+v (%v)", got.Outcome, run.Sent(), packet, ok)
	}
}
