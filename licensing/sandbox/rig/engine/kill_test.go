package engine

import (
	"slices"
	"testing"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/storage/journal"
)

// places are the points at which a process is killed. In flight is while the
// server has the request and has not acted on it yet.
var places = []string{
	"operator", "before the intent", "after the intent", "check", "send", "in flight", "answered", "confirm", "before the result", "after the result",
}

// afterSend reports whether the request has left when a process dies there.
func afterSend(place string) bool {
	return slices.Index(places, place) >= slices.Index(places, "in flight")
}

// reaches reports whether an act comes to the place at all: an answer that is
// cut does not arrive, and unknown is no result.
func reaches(place string, b behaviour) bool {
	switch place {
	case "answered":
		return !b.cuts()
	case "before the result", "after the result":
		return b != cutBefore
	}
	return true
}

// TestKill kills a process that applies a plan at every point, with a server
// that behaves in several ways. The next start settles what it left behind, and
// the plan is not applied again.
func TestKill(t *testing.T) {
	for _, place := range places {
		for _, b := range []behaviour{honest, liar, cutBefore, cutAfter} {
			if !reaches(place, b) {
				continue
			}
			t.Run(place+", "+string(b), func(t *testing.T) {
				t.Parallel()
				for range kills {
					killAt(t, place, b)
				}
			})
		}
	}
}

func killAt(t *testing.T, place string, b behaviour) {
	s := newServer(t)
	s.behave(b)
	w := newWorld(t, s)
	p := plan(t, w.opened(t), "a")
	arrived, resume := make(<-chan bool), func() {}
	if place == "in flight" {
		arrived, resume = s.halt("")
	}
	c := start(t, errand{Dir: w.dir, URL: w.url, Plan: p, Die: place})
	if place == "in flight" {
		<-arrived
	} else if word := c.line(); word != "here" {
		t.Fatalf("%q instead of reaching %q", word, place)
	}
	c.kill(t)
	resume()
	s.idle()
	checkAftermath(t, w, s, p, place)
}

// checkAftermath looks at what a kill has left behind.
func checkAftermath(t *testing.T, w world, s *server, p model.ChangePlan, place string) {
	t.Helper()
	writes := 0
	if afterSend(place) {
		writes = 1
	}
	begun := place != "operator" && place != "before the intent"
	want := model.OutcomeFailed
	if s.shows("a") == "on" {
		want = model.OutcomeConfirmed
	}
	all := settled(t, w.later())
	switch {
	case !begun && len(all) != 0:
		t.Errorf("nothing was begun, and the journal tells %+v", all)
	case begun && len(all) != 1:
		t.Fatalf("%d runs on record", len(all))
	case begun && place == "after the result":
		// The process had its own word: later reading adds nothing.
		if r, _ := all[0].Steps[0].Result.Get(); r.Settled || s.shows("a") == "on" && all[0].Outcome != model.OutcomeConfirmed {
			t.Errorf("%s, settled %v", all[0].Outcome, r.Settled)
		}
	case begun && (all[0].Open || all[0].Outcome != want):
		t.Errorf("%s, open %v; the server shows %q", all[0].Outcome, all[0].Open, s.shows("a"))
	}
	res, err := apply(t, w.opened(t), p)
	if begun && (class(err) != model.ClassRefused || res.Sent()) {
		t.Errorf("applied again: %+v, %v", res, err)
	}
	if !begun {
		writes++
	}
	if names, repeated := s.got(); len(names) != writes || repeated {
		t.Errorf("the server got %q, want %d", names, writes)
	}
	report, err := journal.Check(t.Context(), w.dir)
	if err != nil || !report.Harmless {
		t.Errorf("the journal is %+v, %v", report, err)
	}
}

// TestSettlingTwice: several processes settle one intent, and one result is kept.
func TestSettlingTwice(t *testing.T) {
	s := newServer(t)
	s.behave(cutBefore)
	w := newWorld(t, s)
	d := w.opened(t)
	p := plan(t, d, "a")
	if res, err := apply(t, d, p); err != nil || res.Outcome != model.OutcomeUnknown {
		t.Fatalf("%+v, %v", res, err)
	}
	// Two processes have read the open intent before either settles it.
	one, two := w.later().opened(t), w.later().opened(t)
	one.Load(t.Context())
	two.Load(t.Context())
	for _, d := range []*licensing.Desk{one, two} {
		if err := d.Settle(t.Context()); err != nil {
			t.Error(err)
		}
	}
	results := 0
	for _, e := range entries(t, w) {
		if e.Kind == model.EntryResult {
			results++
		}
	}
	if results != 1 {
		t.Errorf("%d results for one step", results)
	}
}

// TestYoungIntentStaysOpen: right after a lost answer the request may still be
// at work, so that nothing to be seen proves nothing yet. What it has done
// counts at once.
func TestYoungIntentStaysOpen(t *testing.T) {
	s := newServer(t)
	s.behave(cutBefore)
	w := newWorld(t, s)
	d := w.opened(t)
	if _, err := apply(t, d, plan(t, d, "a")); err != nil {
		t.Fatal(err)
	}
	if all := settled(t, w); !all[0].Open || all[0].Outcome != model.OutcomeUnknown {
		t.Errorf("at once: %s, open %v", all[0].Outcome, all[0].Open)
	}
	s.goDeaf(true)
	if all := settled(t, w.later()); !all[0].Open {
		t.Errorf("settled without reading: %s", all[0].Outcome)
	}
	s.goDeaf(false)
	s.set("a", "on")
	if all := settled(t, w); all[0].Open || all[0].Outcome != model.OutcomeConfirmed {
		t.Errorf("once it shows: %s, open %v", all[0].Outcome, all[0].Open)
	}
}

// TestSettlingLeavesTheLivingAlone: an intent whose process is at work is not
// settled by another.
func TestSettlingLeavesTheLivingAlone(t *testing.T) {
	s := newServer(t)
	w := newWorld(t, s)
	arrived, resume := s.halt("")
	c := start(t, errand{Dir: w.dir, URL: w.url, Plan: plan(t, w.opened(t), "a"), Die: ""})
	<-arrived
	if all := settled(t, w.later()); len(all) != 1 || !all[0].Open {
		t.Errorf("%+v", all)
	}
	resume()
	if word := c.line(); word != string(model.OutcomeConfirmed) {
		t.Errorf("the process says %q", word)
	}
	if err := c.cmd.Wait(); err != nil {
		t.Error(err)
	}
	if all := settled(t, w.later()); all[0].Open || all[0].Outcome != model.OutcomeConfirmed {
		t.Errorf("%+v", all)
	}
}
