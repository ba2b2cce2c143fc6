package licensing_test

import (
	"strings"
	"testing"
	"time"

	"seatdeck/licensing"
	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
)

// pinRuns is how often the server was asked for its pins.
func pinRuns(r *rig.Rig) (n int) {
	for _, q := range r.Sandbox.Requests() {
		if q.Operation == model.OpHostPins.Name {
			n++
		}
	}
	return n
}

// byHost is a rig on an instance that syncs by way of its server.
func byHost(t *testing.T, set map[string]string) (*rig.Rig, *licensing.Desk) {
	t.Helper()
	r := rig.New(t, rig.Options{Scenario: "free", Users: 40, Memory: true, Mode: model.ModeWrite, Set: set})
	r.Info.Driver = string(model.DriverHost)
	return r, r.Reopen()
}

// TestPinsInThePlan: with a way to the server the plan says before a try that
// gitlab.rb pins the switch; the trial then says the same. A refresh never asks
// the server, and plans that follow each other ask it once.
func TestPinsInThePlan(t *testing.T) {
	for _, pinned := range []string{"true", "false"} {
		t.Run("pinned "+pinned, func(t *testing.T) {
			r, desk := byHost(t, map[string]string{"service_ping": "off", "pinned": pinned})
			for range 3 {
				if _, err := desk.Refresh(t.Context(), licensing.RefreshOptions{NoRoster: true}, nil); err != nil {
					t.Fatal(err)
				}
			}
			if n := pinRuns(r); n != 0 || desk.View().Registration.PinsAsOf.Source == model.SourceHost {
				t.Fatalf("refreshing asked the server %d times", n)
			}
			if !desk.PinsDue() {
				t.Error("a plan would not ask")
			}
			var plan licensing.RegistrationPlan
			var err error
			for range 3 {
				if plan, err = desk.PlanRegistration(t.Context(), model.WishEnable); err != nil {
					t.Fatal(err)
				}
				r.Clock.Advance(5 * time.Second)
			}
			if n := pinRuns(r); n != 1 {
				t.Errorf("three plans asked the server %d times", n)
			}
			said := strings.Contains(strings.Join(plan.Warnings, " "), "pinned in gitlab.rb")
			if v := desk.View(); said != (pinned == "true") || v.Registration.Pinned != model.Some(pinned == "true") || v.Facts.Pins.AsOf.Source != model.SourceHost {
				t.Errorf("warnings %q, the view says %v", plan.Warnings, v.Registration.Pinned)
			}
			res, err := applied(t, &rig.Rig{Desk: desk, Clock: r.Clock}, plan)
			if want := map[string]model.Outcome{"true": model.OutcomeNoEffect, "false": model.OutcomeConfirmed}[pinned]; err != nil || res.Outcome != want {
				t.Errorf("%s (%s), %v", res.Outcome, res.Note, err)
			}
			// The next process knows it from the cache, and asks again only where that
			// stands in the way.
			next := r.Reopen()
			next.Load(t.Context())
			r.Clock.Advance(2 * time.Minute)
			if next.PinsDue() != (pinned == "true") || !next.View().Facts.Pins.Known() {
				t.Errorf("two minutes later: due %v", next.PinsDue())
			}
		})
	}
}

// TestPinsOnlyWhereTheServerIsAsked: a profile with another driver never starts
// GitLab's Ruby for a plan, and a server that cannot be asked keeps nobody from
// planning.
func TestPinsOnlyWhereTheServerIsAsked(t *testing.T) {
	r, _ := byHost(t, nil)
	r.Info.Driver = string(model.DriverBrowser)
	other := r.Reopen()
	if _, err := other.PlanRegistration(t.Context(), model.WishEnable); err != nil || pinRuns(r) != 0 || other.PinsDue() {
		t.Errorf("asked %d times, %v", pinRuns(r), err)
	}
	none := rig.New(t, rig.Options{Scenario: "free", Users: 40, Memory: true, NoHost: true})
	none.Info.Driver = string(model.DriverHost)
	desk := none.Reopen()
	if plan, err := desk.PlanRegistration(t.Context(), model.WishEnable); err != nil || plan.Empty() || desk.View().Registration.PinsAsOf.Source == model.SourceHost {
		t.Errorf("%v, %v", plan.Steps, err)
	}
}

// TestTimersKeepTheirDistance: of two timers only one has the server sync within
// a minute; a person is not kept waiting.
func TestTimersKeepTheirDistance(t *testing.T) {
	r := rig.New(t, rig.Options{Users: 60, Memory: true, Mode: model.ModeWrite})
	order := licensing.SyncOrder{Driver: model.DriverHost, Trigger: model.TriggerTimer, Agree: agreed(r)}
	for i, want := range []model.Outcome{model.OutcomeUnchanged, model.OutcomeNotSent} {
		got, err := r.Reopen().RunSync(t.Context(), order, nil)
		if got.Outcome != want || (want == model.OutcomeNotSent) != (class(err) == model.ClassLocked && got.ExitCode() == 75) {
			t.Errorf("timer %d: %s, exit %d, %v", i, got.Outcome, got.ExitCode(), err)
		}
	}
	order.Trigger = model.TriggerYou
	if got, err := r.Reopen().RunSync(t.Context(), order, nil); got.Outcome != model.OutcomeUnchanged {
		t.Errorf("a person: %s, %v", got.Outcome, err)
	}
	r.Clock.Advance(time.Minute)
	order.Trigger = model.TriggerTimer
	if got, err := r.Reopen().RunSync(t.Context(), order, nil); got.Outcome != model.OutcomeUnchanged {
		t.Errorf("a minute later: %s, %v", got.Outcome, err)
	}
}
