package ui

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"seatdeck/licensing/sandbox"
	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
	"seatdeck/ui/kit"
)

// writes are the requests that asked for a change.
func writes(r *rig.Rig) (out []sandbox.Request) {
	for _, req := range r.Sandbox.Requests() {
		if req.Writes {
			out = append(out, req)
		}
	}
	return out
}

// wantWrites fails the test unless exactly n requests asked for a change.
func wantWrites(t *testing.T, r *rig.Rig, n int) {
	t.Helper()
	if w := writes(r); len(w) != n {
		t.Errorf("%d requests asked for a change, want %d: %v", len(w), n, w)
	}
}

// acting is a console on an instance that may be changed.
func acting(t testing.TB, o rig.Options) *scene {
	o.Mode = model.ModeWrite
	if o.Users == 0 {
		o.Users = 60
	}
	return newScene(t, o).read().at(120, 40)
}

// begins hands an act over as a pane does, and lets it come to its plan.
func (s *scene) begins(act, choice string) *scene {
	s.t.Helper()
	s.drain(s.wrap(s.focus, func() tea.Msg { return kit.Begin{Act: act, Choice: choice} }))
	s.View()
	s.drain(func() tea.Msg { return nil })
	return s
}

// TestOptIn: the key plans, the plan says what is sent and shared, y carries it
// out, and the screen shows what was read back.
func TestOptIn(t *testing.T) {
	s := acting(t, rig.Options{Name: "lab", Scenario: "free"})
	s.press("3", "enter", "r")
	s.wants("━ Opt in to registration features ━", "lab  lab.gitlab.example", "– off", "→", "25 features begin to work", "not anonymous",
		"usage_ping_features_enabled = true and nothing else", "Service Ping payload: 169,252 bytes, 5,086 values, 2 of them sensitive", "the token of root (id 1)")
	s.press("p").wants("! hostname", "names this server", "169,252 bytes", "recorded at")
	s.press("p")
	wantWrites(t, s.rig, 0)
	s.press("y")
	wantWrites(t, s.rig, 1)
	if got := writes(s.rig)[0]; got.Method != "PUT" || got.Path != "/api/v4/application/settings" || got.Operation != `{"usage_ping_features_enabled":true}` {
		t.Errorf("%s %s %s", got.Method, got.Path, got.Operation)
	}
	s.wants("✓ Opt in to registration features: confirmed", "opted in", "switched here", "r opt out")
	s.press("r").wants("━ Opt out of registration features ━", "25 features stop working").press("y")
	wantWrites(t, s.rig, 2)
	s.wants("not opted in", "Opt out of registration features: confirmed")
}

// TestPlanCancelled: every key that is no yes leaves the plan without a trace.
func TestPlanCancelled(t *testing.T) {
	s := acting(t, rig.Options{Scenario: "free"})
	for _, key := range []string{"enter", "n", "q", "esc"} {
		s.home().begins("registration.enable", "")
		if s.asking() == nil {
			t.Fatal("there is no plan to cancel")
		}
		s.press(key)
		if s.asking() != nil || s.act != nil {
			t.Errorf("%s does not cancel", key)
		}
	}
	wantWrites(t, s.rig, 0)
}

// TestNothingToChange: what is so already is told and not asked about.
func TestNothingToChange(t *testing.T) {
	s := acting(t, rig.Options{Scenario: "free"})
	s.begins("registration.disable", "").wants("nothing to change · the instance is not opted in")
	s.lacks("━ Opt out")
	wantWrites(t, s.rig, 0)
}

// TestPinned: an instance that says yes and does nothing is never believed.
func TestPinned(t *testing.T) {
	s := acting(t, rig.Options{Scenario: "free", Set: map[string]string{"pinned": "true"}})
	s.begins("registration.enable", "").press("y")
	s.wants("! accepted but not effective", "pinned by gitlab_rails['usage_ping_enabled']", "sent once, never repeated · journal")
	s.press("esc").lacks("confirmed")
	s.press("m").wants("accepted but not effective")
	wantWrites(t, s.rig, 1)
}

// TestRefused: what the instance refuses is told with its reason.
func TestRefused(t *testing.T) {
	s := acting(t, rig.Options{Scenario: "free"})
	s.begins("registration.enable", "")
	s.rig.Turn("fault", "403:/application/settings")
	s.press("y")
	s.wants("━ Opt in to registration features ━", "nothing was sent")
	s.lacks("confirmed")
	s = acting(t, rig.Options{Scenario: "free"})
	s.begins("sync", "host").wants("Sync with the vendor", "cannot be done now", "nothing was sent, nothing changed")
	s.press("esc").begins("sync", "carrier pigeon").wants("there is no sync driver carrier pigeon", "one of host, activation, browser, none")
	wantWrites(t, s.rig, 0)
}

// TestLostAnswer: an answer that was lost is settled by reading, and the request
// is not sent again; one that never arrived is told as such.
func TestLostAnswer(t *testing.T) {
	for fault, want := range map[string]string{"lost": "Opt in to registration features: confirmed", "drop": "nothing changed"} {
		t.Run(fault, func(t *testing.T) {
			lose := &losing{}
			s := acting(t, rig.Options{Scenario: "free", Transport: func(next http.RoundTripper) http.RoundTripper {
				lose.next, lose.arrives = next, fault == "lost"
				return lose
			}})
			s.begins("registration.enable", "").press("y")
			if fault == "lost" {
				s.wants(want)
				wantWrites(t, s.rig, 1)
			} else {
				s.lacks("confirmed")
				s.wants("━ Opt in to registration features ━", "state")
				wantWrites(t, s.rig, 0)
			}
			if lose.sent != 1 {
				t.Errorf("it was sent %d times", lose.sent)
			}
		})
	}
}

// losing is a way to the instance on which the answers to changes are lost, or
// the changes themselves.
type losing struct {
	next    http.RoundTripper
	arrives bool
	sent    int
}

// RoundTrip loses what asks for a change.
func (l *losing) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method != http.MethodPut {
		return l.next.RoundTrip(req)
	}
	l.sent++
	if l.arrives {
		if resp, err := l.next.RoundTrip(req); err == nil {
			_ = resp.Body.Close()
		}
	}
	return nil, errors.New("connection reset by peer")
}

// TestReadOnlyServer: with a way to the server configured, nothing that can be
// begun by key or palette in a read-only profile starts a program there that
// changes something.
func TestReadOnlyServer(t *testing.T) {
	framesOnly(t)
	for _, driver := range model.Drivers() {
		s := newScene(t, rig.Options{Users: 60}).read().at(120, 40)
		for i := range s.everything() {
			a := s.home().everything()[i]
			if a.Danger > 0 && a.Operation == "" && a.ID != "sync.run" { // what that does depends on the driver
				t.Errorf("%s asks before it runs, and does not say what it does", a.ID)
			}
			s.drain(a.Run()) // whatever it says about itself
			s.View()
			for _, key := range []string{"y", "enter"} {
				if s.asking() != nil {
					s.press(key)
				}
			}
		}
		s.home().begins("sync", string(driver))
		wantWrites(t, s.rig, 0)
	}
}

// TestReadOnlyProfile: nothing is planned, and everywhere the reason stands.
func TestReadOnlyProfile(t *testing.T) {
	s := newScene(t, rig.Options{Scenario: "free", Users: 60}).read().at(120, 40)
	before := len(s.rig.Sandbox.Requests())
	for _, b := range []kit.Begin{{Act: "registration.enable"}, {Act: "registration.disable"}, {Act: "registration.optional", Choice: "off"},
		{Act: "users.recount"}, {Act: "sync", Choice: "host"}, {Act: "sync", Choice: "activation"}} {
		s.begins(b.Act, b.Choice).wants("this profile is read-only")
		if s.act != nil || len(s.dialogs) != 0 {
			t.Errorf("%v was begun", b)
		}
	}
	if n := len(s.rig.Sandbox.Requests()) - before; n != 0 {
		t.Errorf("%d requests", n)
	}
	s.press("3", "enter", "r").wants("opt in: this profile is read-only").lacks("r opt in")
	s.press("?").wants("not now", "read-only")
}

// TestRecount: the palette counts anew, and says what that is worth.
func TestRecount(t *testing.T) {
	s := acting(t, rig.Options{})
	s.press(":", "r", "e", "c", "o", "u", "n").wants("recount billable users").press("enter")
	s.wants("Count the billable users anew", "not what a sync sends").press("y")
	wantWrites(t, s.rig, 1)
}

// TestSyncByHost: the plan shows the packet, and the run ends with its word.
func TestSyncByHost(t *testing.T) {
	s := acting(t, rig.Options{})
	s.begins("sync", "host").wants("Have the instance sync with the vendor", "newest daily row")
	s.press("p").wants("license_key", "never shown here", "billable_users_count").press("p", "y")
	s.wants("Sync with the vendor: unchanged")
	if n := len(writes(s.rig)); n != 1 {
		t.Errorf("%d writes: %v", n, writes(s.rig))
	}
}

// TestStrayKeys: pasted text agrees to nothing, nor does a key that came before
// the plan was seen, however long it is held down.
func TestStrayKeys(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := inBubble(t, rig.Options{Scenario: "free", Mode: model.ModeWrite})
		run := start(t, sceneOf(t, r))
		time.Sleep(10 * time.Second)
		run.strike("3", "enter", "r", "y", "y", "enter", "y")
		for range 100 { // held down
			time.Sleep(guardFor / 2)
			run.strike("y")
		}
		run.see(func(s *scene) {
			if s.asking() == nil {
				t.Error("the plan is not there any more")
			}
		})
		run.p.Send(tea.PasteMsg{Content: "y\n"})
		time.Sleep(time.Minute)
		run.p.Send(tea.PasteMsg{Content: "y\n"})
		time.Sleep(time.Minute)
		if text := run.frame(); !strings.Contains(text, "pasted text does not count") {
			t.Errorf("nobody says what became of the paste\n%s", text)
		}
		wantWrites(t, r, 0)
		run.strike("y")
		time.Sleep(time.Minute)
		if text := run.frame(); !strings.Contains(text, "opted in") {
			t.Errorf("a key that was meant did not agree\n%s", text)
		}
		wantWrites(t, r, 1)
		if err := run.end(t); err != nil {
			t.Error(err)
		}
	})
}

// TestTyped: the last letter of the phrase begins the countdown by itself; esc and
// any edit stop it, enter cancels the plan, and only its end sends.
func TestTyped(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := inBubble(t, rig.Options{Mode: model.ModeWrite})
		run := start(t, sceneOf(t, r))
		time.Sleep(10 * time.Second)
		begin := func() {
			run.p.Send(reply{run.gen, func(m *root) tea.Cmd { return m.begin(kit.Begin{Act: "sync", Choice: "activation"}) }})
			time.Sleep(10 * time.Second)
		}
		says := func(want, why string) {
			t.Helper()
			if text := run.frame(); !strings.Contains(text, want) {
				t.Errorf("%s: %s", why, text)
			}
			wantWrites(t, r, 0)
		}
		phrase := strings.Split("prod.gitlab.example", "")
		last := phrase[len(phrase)-1]
		begin()
		run.strike(phrase[:len(phrase)-1]...)
		run.p.Send(tea.PasteMsg{Content: last})
		time.Sleep(time.Minute)
		says("pasted text does not count", "a paste that would make it whole")
		run.strike("enter")
		time.Sleep(time.Minute)
		run.see(func(s *scene) {
			if s.asking() != nil {
				t.Error("enter does not cancel")
			}
		})
		wantWrites(t, r, 0)
		begin()
		run.strike(phrase...)
		time.Sleep(countdown*time.Second - time.Millisecond)
		says("sends in 1 second", "no countdown")
		run.strike("esc")
		time.Sleep(time.Minute)
		says("stopped: nothing was sent", "esc did not stop it")
		run.strike(phrase...)
		time.Sleep(time.Second)
		run.strike("x")
		time.Sleep(time.Minute)
		says("stopped: nothing was sent", "an edit did not stop it")
		run.strike("backspace")
		time.Sleep(time.Second)
		run.strike("enter")
		time.Sleep(time.Minute)
		wantWrites(t, r, 0) // enter cancelled while it counted
		begin()
		run.strike(phrase...)
		run.strike("down", "up") // reading on is no edit
		time.Sleep(5 * time.Minute)
		wantWrites(t, r, 1)
		run.see(func(s *scene) {
			if log := s.talk.log; len(log) == 0 || log[len(log)-1].Text != "Activate again: terms refreshed" {
				t.Errorf("no outcome: %v", log)
			}
		})
		if err := run.end(t); err != nil {
			t.Error(err)
		}
	})
}

// TestStopWaiting: after a request has left, esc ends the waiting for what becomes
// of it: one honest word, the record holds what is known, nothing is sent twice.
func TestStopWaiting(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := inBubble(t, rig.Options{Mode: model.ModeWrite, Set: map[string]string{"portal": "unsaved"}})
		run := start(t, sceneOf(t, r))
		time.Sleep(10 * time.Second)
		run.strike("4", "enter")
		run.p.Send(reply{run.gen, func(m *root) tea.Cmd { return m.begin(kit.Begin{Act: "sync", Choice: "host"}) }})
		time.Sleep(10 * time.Second)
		run.strike("y")
		for waits := false; !waits; {
			time.Sleep(time.Second)
			run.see(func(s *scene) { waits = s.act != nil && s.act.report.Looks > 0 })
		}
		text := run.frame()
		for _, want := range []string{"esc stops waiting", "▸ syncing", "▸ running", "Sync now on prod", "✓ packet", "waits until 2:00"} {
			if !strings.Contains(text, want) {
				t.Errorf("%q is missing\n%s", want, text)
			}
		}
		run.strike("esc")
		time.Sleep(time.Minute)
		run.see(func(s *scene) {
			if s.act != nil {
				t.Error("it waits on")
			}
			if log := s.talk.log; len(log) == 0 || !strings.Contains(log[len(log)-1].Text, "unconfirmed · stopped waiting") {
				t.Errorf("%v", log)
			}
		})
		if text := run.frame(); !strings.Contains(text, "not settled yet") || strings.Contains(text, "▸ running") {
			t.Errorf("the ledger does not tell\n%s", text)
		}
		run.strike("R")
		time.Sleep(5 * time.Minute)
		run.strike("R")
		time.Sleep(time.Minute)
		if text := run.frame(); strings.Contains(text, "not settled yet") || !strings.Contains(text, "! unconfirmed") {
			t.Errorf("the next reading does not settle it\n%s", text)
		}
		wantWrites(t, r, 1)
		if err := run.end(t); err != nil {
			t.Error(err)
		}
	})
}

// TestPlanningCancelled: esc ends the planning, and nothing opens later.
func TestPlanningCancelled(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := inBubble(t, rig.Options{Scenario: "free", Mode: model.ModeWrite})
		run := start(t, sceneOf(t, r))
		time.Sleep(10 * time.Second)
		r.Turn("latency", "20s")
		run.strike("3", "r")
		time.Sleep(time.Second)
		if text := run.frame(); !strings.Contains(text, "▸ planning: opt in to registration features") || !strings.Contains(text, "esc cancels") {
			t.Errorf("nothing says that it plans\n%s", text)
		}
		run.strike("2", "1", "esc") // the screen stays usable
		time.Sleep(time.Second)
		if text := run.frame(); !strings.Contains(text, "stopped · nothing was sent") {
			t.Errorf("esc did not stop it\n%s", text)
		}
		time.Sleep(10 * time.Minute)
		run.see(func(s *scene) {
			if len(s.dialogs) != 0 || s.act != nil || s.focus != paneSubscription {
				t.Error("the plan came all the same")
			}
		})
		wantWrites(t, r, 0)
		if err := run.end(t); err != nil {
			t.Error(err)
		}
	})
}

// TestLeavingWarns: while a request may be under way the first q warns and the
// second leaves; the record keeps the intent.
func TestLeavingWarns(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := inBubble(t, rig.Options{Scenario: "free", Mode: model.ModeWrite})
		run := start(t, sceneOf(t, r))
		time.Sleep(10 * time.Second)
		run.strike("3", "r")
		time.Sleep(10 * time.Second)
		r.Turn("latency", "20s")
		run.strike("y")
		for sent := false; !sent; {
			time.Sleep(time.Second)
			run.see(func(s *scene) { sent = s.act.report.Sent })
		}
		run.strike("q")
		text := run.frame()
		if !strings.Contains(text, leavingAct) {
			t.Errorf("the first q does not warn\n%s", text)
		}
		if strings.Contains(text, "esc cancel") {
			t.Errorf("what was sent cannot be cancelled\n%s", text)
		}
		run.p.Send(keyOf("q"))
		if err := <-run.done; err != nil {
			t.Error(err)
		}
		run.close()
		if n := len(writes(r)); n > 1 {
			t.Errorf("%d writes", n)
		}
		if acts := r.Reopen().Load(t.Context()).History.Acts; len(acts) != 1 {
			t.Errorf("%d acts are in the record", len(acts))
		}
	})
}

// TestWatching: the driver browser names the page and watches; it sends nothing,
// even in a read-only profile.
func TestWatching(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := inBubble(t, rig.Options{})
		run := start(t, sceneOf(t, r))
		time.Sleep(10 * time.Second)
		run.p.Send(reply{run.gen, func(m *root) tea.Cmd { return m.begin(kit.Begin{Act: "sync", Choice: "browser"}) }})
		time.Sleep(10 * time.Second)
		if text := run.frame(); !strings.Contains(text, "▸ press Sync on https://prod.gitlab.example/admin/subscription · watching since") || !strings.Contains(text, "esc stops") {
			t.Errorf("the page is not named\n%s", text)
		}
		time.Sleep(3 * time.Minute)
		run.see(func(s *scene) {
			if log := s.talk.log; len(log) == 0 || !strings.Contains(log[len(log)-1].Text, "nothing was sent from here") {
				t.Errorf("%v", log)
			}
		})
		wantWrites(t, r, 0)
		if err := run.end(t); err != nil {
			t.Error(err)
		}
	})
}
