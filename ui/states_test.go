package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"

	"seatdeck/licensing/sandbox"
	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
)

// state is one of the designed states of the console, and what must be read on
// its dashboard at 120×40, 80×24 and 60×15.
type state struct {
	name  string
	make  func(t testing.TB) *scene
	wants []string
	lacks []string
}

// afterReading is the state of an instance that was asked for everything.
func afterReading(o rig.Options) func(testing.TB) *scene {
	return func(t testing.TB) *scene { return newScene(t, o).read() }
}

// afterRefusal reads twice: the first time, several questions are refused at
// once, and how each refusal is worded hangs on which answer came first.
func afterRefusal(o rig.Options) func(testing.TB) *scene {
	return func(t testing.TB) *scene { return newScene(t, o).read().read() }
}

// readBefore is a console on an instance that was read 15 hours ago.
func readBefore(t testing.TB, change ...func(*Options)) *scene {
	r := newRig(t, rig.Options{})
	r.Refreshed(t.Context())
	r.Clock.Advance(15 * time.Hour)
	r.Cut(true)
	return sceneOf(t, r, change...)
}

func offlineByWish(o *Options) { o.Offline = true }

var states = []state{
	{name: "fresh", make: afterReading(rig.Options{}), wants: []string{"962", "1,000", "125 days left", "live 09:52", "read-only"}},
	{name: "write-mode", make: afterReading(rig.Options{Mode: model.ModeWrite}), wants: []string{"write"}, lacks: []string{"read-only"}},
	{name: "nothing-yet", make: func(t testing.TB) *scene { return newScene(t, rig.Options{}) },
		wants: []string{"not read yet", "R reads", "never read"}},
	{name: "first-read", make: func(t testing.TB) *scene {
		s := newScene(t, rig.Options{Set: map[string]string{"fault": "drop:/users"}}).read()
		s.retry, s.talk = retry{}, talk{}
		s.work.reading, s.work.progress = true, halfway
		return s
	}, wants: []string{"742 of about 1,220", "310 a second"}},
	{name: "stale", make: func(t testing.TB) *scene { return readBefore(t) }, wants: []string{"15 h old"}},
	{name: "offline", make: func(t testing.TB) *scene { return readBefore(t).read() },
		wants: []string{"! offline", "15 h old", "sync unknown", "next try 00:53", "R tries now"}},
	{name: "offline-by-wish", make: func(t testing.TB) *scene { return readBefore(t, offlineByWish) },
		wants: []string{"! offline", "sync unknown"}, lacks: []string{"next try"}},
	{name: "no-admin-mode", make: afterRefusal(rig.Options{Scenario: "admin-mode", Token: sandbox.TokenNoAdminMode}),
		wants: []string{"no rights", "admin_mode"}},
	{name: "no-administrator", make: afterRefusal(rig.Options{Token: sandbox.TokenNonAdmin}), wants: []string{"no rights", "administrator"}},
	{name: "token-expired", make: afterReading(rig.Options{Token: sandbox.TokenExpired}),
		wants: []string{"no rights", "expired"}, lacks: []string{"next try", "offline"}},
	{name: "partial", make: afterReading(rig.Options{Set: map[string]string{"fault": "cut:/users"}}), wants: []string{"next try", "R tries now"}},
	{name: "community", make: afterRefusal(rig.Options{Set: map[string]string{"edition": "ce"}}),
		wants: []string{"not available here", "Enterprise"}, lacks: []string{"sync unknown"}},
	{name: "no-licence", make: afterReading(rig.Options{Scenario: "free"}), wants: []string{"no licence", "no sync"}},
	{name: "offline-licence", make: afterReading(rig.Options{Scenario: "offline"}), wants: []string{"offline cloud licence", "no sync"}},
	{name: "expired", make: afterReading(rig.Options{Scenario: "expired"}), wants: []string{"✗ ended", "2026-11-29"}},
	{name: "ending", make: afterReading(rig.Options{Scenario: "expiring"}), wants: []string{"9 days left"}},
	{name: "over-limit", make: afterReading(rig.Options{Scenario: "over-limit"}),
		wants: []string{"✗ 12", "✗ 37", "37 seats owed at renewal", "✗ 12 seats over"}},
	{name: "maintenance", make: afterReading(rig.Options{Scenario: "maintenance"}), wants: []string{"962"}},
	{name: "plain-http", make: func(t testing.TB) *scene {
		r := newRig(t, rig.Options{})
		r.Info.PlainHTTP = true
		return sceneOf(t, r).read()
	}, wants: []string{"! http"}},
	{name: "sandbox", make: func(t testing.TB) *scene {
		r := newRig(t, rig.Options{Mode: model.ModeWrite})
		r.Info.Sandbox = true
		return sceneOf(t, r, func(o *Options) { o.Ribbon, o.Connect = "made-up data", "connect yours: seatdeck config init" }).read()
	}, wants: []string{"made-up data", "write"}},
}

// TestStates draws every state at every size that shows panes, and once more as
// a whole frame that is compared.
func TestStates(t *testing.T) {
	for _, st := range states {
		t.Run(st.name, func(t *testing.T) {
			t.Parallel()
			s := st.make(t)
			for _, size := range [][2]int{{200, 60}, {120, 40}, {80, 24}, {60, 15}} {
				s.at(size[0], size[1]).fits(st.name)
				s.wants(st.wants...)
				s.lacks(st.lacks...)
			}
			// The pauses between tries are drawn by lot, and with them the second of
			// the next one.
			s.retry.at = s.retry.at.Truncate(time.Minute).Add(11 * time.Second)
			for _, size := range sized {
				t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
					golden.RequireEqual(t, s.at(size[0], size[1]).text())
				})
			}
			for _, size := range [][2]int{{40, 10}, {20, 5}, {1, 1}, {0, 0}} {
				s.at(size[0], size[1]).fits(st.name)
			}
		})
	}
}

// TestMaintenanceIsSaid: an alert that is not the worst is in the messages.
func TestMaintenanceIsSaid(t *testing.T) {
	s := newScene(t, rig.Options{Scenario: "maintenance"}).read().at(120, 40).press("m")
	s.wants("Messages", "maintenance")
}

// TestOfflineSendsNothing: with Offline not one request leaves, whatever is
// pressed.
func TestOfflineSendsNothing(t *testing.T) {
	r := newRig(t, rig.Options{})
	r.Refreshed(t.Context())
	before := len(r.Sandbox.Requests())
	s := sceneOf(t, r, offlineByWish).at(120, 40)
	s.drain(s.Init())
	s.press("R", "2", "enter", "enter", "esc", "esc", "R")
	if n := len(r.Sandbox.Requests()) - before; n != 0 {
		t.Errorf("%d requests were sent", n)
	}
	if s.retry.waiting {
		t.Error("it waits to try by itself")
	}
	if why := s.cannotRead(); !strings.Contains(why, "--offline") {
		t.Errorf("R says %q", why)
	}
}

// TestDeniedIsNotTriedAgain: time does not heal a refused token, a cut
// connection it may.
func TestDeniedIsNotTriedAgain(t *testing.T) {
	for class, again := range map[model.Class]bool{
		model.ClassUnreachable: true, model.ClassLocked: true, model.ClassFailed: true,
		model.ClassDenied: false, model.ClassNotGitLab: false, model.ClassUnsupported: false, model.ClassMalformed: false, model.ClassConfig: false,
	} {
		s := newScene(t, rig.Options{Users: 60})
		cmd := s.later(model.Fail(class, "read the version", "no", ""))
		if s.retry.waiting != again || (cmd != nil) != again {
			t.Errorf("%s: waits %v, want %v", class, s.retry.waiting, again)
		}
	}
}

// TestBackingOff: each failure in a row waits longer, to a bound; one success
// begins anew.
func TestBackingOff(t *testing.T) {
	s := newScene(t, rig.Options{})
	e := model.Fail(model.ClassUnreachable, "read the version", "no answer", "")
	last := time.Duration(0)
	for range 8 {
		s.later(e)
		wait := s.retry.at.Sub(s.rig.Clock.Now())
		if wait < last || wait > 10*time.Minute {
			t.Fatalf("waits %s after %s", wait, last)
		}
		last = wait
	}
	s.refreshed(s.view, nil)
	s.later(e)
	if wait := s.retry.at.Sub(s.rig.Clock.Now()); wait != time.Minute {
		t.Errorf("after a success it waits %s", wait)
	}
}
