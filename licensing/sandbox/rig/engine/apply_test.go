package engine

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"seatdeck/licensing"
	"seatdeck/model"
)

func apply(t testing.TB, d *licensing.Desk, p model.ChangePlan) (model.Result, error) {
	t.Helper()
	return d.Apply(t.Context(), p, agree(t, p), nil)
}

// class is the class of an error, "" for none.
func class(err error) model.Class {
	if e := model.AsError("", err); e != nil {
		return e.Class
	}
	return ""
}

// TestOrder: each thing happens after the one before is durable.
func TestOrder(t *testing.T) {
	s := newServer(t)
	w := newWorld(t, s)
	var seen points
	w.reach = seen.reach
	d := w.opened(t)
	var stages []model.Stage
	p := plan(t, d, "a")
	res, err := d.Apply(t.Context(), p, agree(t, p), func(x model.ActProgress) {
		if x.Plan != p.ID || x.Of != 1 || x.At.IsZero() {
			t.Errorf("%+v", x)
		}
		stages = append(stages, x.Stage)
	})
	if err != nil || res.Outcome != model.OutcomeConfirmed || res.ExitCode() != 0 || res.Done != 1 || !res.Sent() {
		t.Fatalf("%+v, %v", res, err)
	}
	want := "[operator operator before the intent after the intent check send answered confirm before the result after the result]"
	if seen.String() != want {
		t.Errorf("went by\n%s, want\n%s", &seen, want)
	}
	if want := []model.Stage{model.StageWait, model.StageRecord, model.StageCheck, model.StageTrigger, model.StageConfirm, model.StageKeep}; !slices.Equal(stages, want) {
		t.Errorf("stages %q, want %q", stages, want)
	}
	acts := d.View().History.Acts
	if len(acts) != 1 || acts[0].Outcome != model.OutcomeConfirmed || acts[0].Open || acts[0].Plan.Hash != p.Hash().String() || acts[0].Steps[0].Consent != "phrase" {
		t.Errorf("the view tells %+v", acts)
	}
	r, _ := acts[0].Steps[0].Result.Get()
	if len(r.Stages) != 4 || !r.Sent || r.Settled || r.Before["value"] != "off" || r.After["value"] != "on" || len(r.Changes) != 1 {
		t.Errorf("the result is %+v", r)
	}
}

// TestBehaviours: what the server does decides the word, and what it says does
// not. Nothing is ever sent twice.
func TestBehaviours(t *testing.T) {
	tests := map[behaviour]struct {
		now, later model.Outcome // at the end of the act, and once the request is long over
		exit       int
	}{
		honest:    {model.OutcomeConfirmed, model.OutcomeConfirmed, 0},
		liar:      {model.OutcomeNoEffect, model.OutcomeNoEffect, 3},
		cutBefore: {model.OutcomeUnknown, model.OutcomeFailed, 5},
		cutAfter:  {model.OutcomeConfirmed, model.OutcomeConfirmed, 0},
		cutHalf:   {model.OutcomeConfirmed, model.OutcomeConfirmed, 0},
		refuses:   {model.OutcomeRefused, model.OutcomeRefused, 4},
		fails:     {model.OutcomeFailed, model.OutcomeFailed, 1},
		failsDone: {model.OutcomeConfirmed, model.OutcomeConfirmed, 0},
		other:     {model.OutcomeNoEffect, model.OutcomeNoEffect, 3},
	}
	for _, b := range behaviours {
		t.Run(string(b), func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			s.behave(b)
			w := newWorld(t, s)
			d, want := w.opened(t), tests[b]
			res, err := apply(t, d, plan(t, d, "a"))
			if err != nil || res.Outcome != want.now || res.ExitCode() != want.exit {
				t.Errorf("%s (exit %d), %v; want %s (exit %d)", res.Outcome, res.ExitCode(), err, want.now, want.exit)
			}
			if got := runs(t, w)[0]; got.Outcome != want.now || got.Open != (want.now == model.OutcomeUnknown) {
				t.Errorf("the journal tells %s, open %v", got.Outcome, got.Open)
			}
			if got := settled(t, w.later()); got[0].Outcome != want.later || got[0].Open {
				t.Errorf("later it tells %s, open %v; want %s", got[0].Outcome, got[0].Open, want.later)
			}
			if names, _ := s.got(); len(names) != 1 {
				t.Errorf("sent %q", names)
			}
		})
	}
}

// TestClaims: a server that says yes and does nothing is never believed, however
// often.
func TestClaims(t *testing.T) {
	s := newServer(t)
	s.behave(liar)
	w := newWorld(t, s)
	d := w.opened(t)
	words := map[model.Outcome]int{}
	for range claims {
		res, err := apply(t, d, plan(t, d, "a"))
		if err != nil {
			t.Fatal(err)
		}
		words[res.Outcome]++
	}
	if words[model.OutcomeNoEffect] != claims {
		t.Errorf("%v", words)
	}
}

// TestNothingLeaves: each reason for which nothing may be sent, and what the
// journal and the server know of it afterwards.
func TestNothingLeaves(t *testing.T) {
	tests := []struct {
		name   string
		world  func(*world)
		plan   func(*model.ChangePlan)
		server func(*server)
		bare   bool // with the zero consent
		class  model.Class
		kept   bool // the intent is on record
	}{
		{name: "read-only", world: func(w *world) { w.mode = model.ModeReadOnly }, class: model.ClassRefused},
		{name: "no mode", world: func(w *world) { w.mode = "" }, class: model.ClassRefused},
		{name: "no consent", bare: true, class: model.ClassPartial},
		{name: "unknown kind", plan: func(p *model.ChangePlan) { p.Kind = "users.delete" }, class: model.ClassUnsupported},
		{name: "another account", world: func(w *world) { w.user = 2 }, class: model.ClassRefused},
		{name: "expired", world: func(w *world) { w.ahead += 16 * time.Minute }, class: model.ClassChanged},
		{name: "clock went back", world: func(w *world) { w.ahead -= time.Minute }, class: model.ClassChanged},
		{name: "another instance", plan: func(p *model.ChangePlan) { p.Instance.Key = "else" }, class: model.ClassRefused},
		{name: "changed since", server: func(s *server) { s.set("a", "on") }, class: model.ClassChanged, kept: true},
		{name: "cannot be read", server: func(s *server) { s.goDeaf(true) }, class: model.ClassFailed, kept: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			w := newWorld(t, s)
			p := plan(t, w.opened(t), "a")
			if tt.plan != nil {
				tt.plan(&p)
			}
			var c model.Consent
			if !tt.bare {
				c = agree(t, p)
			}
			if tt.world != nil {
				tt.world(&w)
			}
			if tt.server != nil {
				tt.server(s)
			}
			res, err := w.opened(t).Apply(t.Context(), p, c, nil)
			if class(err) != tt.class || res.Outcome != model.OutcomeNotSent || res.Sent() || res.ExitCode() != model.ExitCode(err) {
				t.Errorf("%s, exit %d, %v", res.Outcome, res.ExitCode(), err)
			}
			if names, _ := s.got(); len(names) != 0 {
				t.Errorf("sent %q", names)
			}
			all := runs(t, w)
			if (len(all) == 1) != tt.kept || tt.kept && (all[0].Open || all[0].Outcome != model.OutcomeNotSent) {
				t.Errorf("the journal tells %+v", all)
			}
		})
	}
}

// TestEmptyPlan: what is so already takes no consent and leaves no record.
func TestEmptyPlan(t *testing.T) {
	w := newWorld(t, newServer(t))
	w.mode = model.ModeReadOnly
	d := w.opened(t)
	res, err := d.Apply(t.Context(), plan(t, d), model.Consent{}, nil)
	if err != nil || res.Outcome != model.OutcomeNothingToDo || res.ExitCode() != 0 || len(runs(t, w)) != 0 {
		t.Errorf("%+v, %v", res, err)
	}
}

// TestPlanIsUsedOnce: by this process or by any other.
func TestPlanIsUsedOnce(t *testing.T) {
	s := newServer(t)
	w := newWorld(t, s)
	d := w.opened(t)
	p := plan(t, d, "a")
	if _, err := apply(t, d, p); err != nil {
		t.Fatal(err)
	}
	s.set("a", "off")
	for _, d := range []*licensing.Desk{d, w.opened(t)} {
		res, err := apply(t, d, p)
		if class(err) != model.ClassRefused || !strings.Contains(err.Error(), "used before") || res.Sent() {
			t.Errorf("%+v, %v", res, err)
		}
	}
	if names, _ := s.got(); len(names) != 1 {
		t.Errorf("sent %q", names)
	}
}

// TestCancel: until something is sent, cancelling ends the act. Afterwards the
// result is still read and recorded.
func TestCancel(t *testing.T) {
	for _, at := range []string{"operator", "before the intent", "after the intent", "check", "send", "answered", "confirm", "before the result", "in flight"} {
		t.Run(at, func(t *testing.T) {
			s := newServer(t)
			w := newWorld(t, s)
			p := plan(t, w.opened(t), "a")
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			w.reach = func(point string) {
				if point == at {
					cancel()
				}
			}
			s.holdAt(func(*http.Request) {
				if at == "in flight" {
					cancel()
				}
			})
			res, err := w.opened(t).Apply(ctx, p, agree(t, p), nil)
			sent := slices.Contains([]string{"send", "answered", "confirm", "before the result", "in flight"}, at)
			switch {
			case sent && (err != nil || res.Outcome != model.OutcomeConfirmed):
				t.Errorf("sent: %s, %v", res.Outcome, err)
			case !sent && (class(err) != model.ClassCancelled || res.Outcome != model.OutcomeCancelled || res.ExitCode() != 130):
				t.Errorf("not sent: %s, %v", res.Outcome, err)
			}
			if names, _ := s.got(); (len(names) == 1) != sent {
				t.Errorf("sent %q", names)
			}
			for _, r := range runs(t, w) {
				if r.Open || r.Outcome != res.Outcome {
					t.Errorf("the journal tells %s, open %v", r.Outcome, r.Open)
				}
			}
		})
	}
}

// TestPanicInAnAct: a fault of ours in the middle is no result, and the next
// reading settles what happened.
func TestPanicInAnAct(t *testing.T) {
	for _, at := range []string{"check", "send", "answered", "confirm"} {
		s := newServer(t)
		w := newWorld(t, s)
		p := plan(t, w.opened(t), "a")
		broken := w
		broken.reach = func(point string) {
			if point == at {
				panic("a fault")
			}
		}
		res, err := broken.opened(t).Apply(t.Context(), p, agree(t, p), nil)
		want := map[string]model.Outcome{"check": model.OutcomeNotSent, "send": model.OutcomeUnknown, "answered": model.OutcomeConfirmed, "confirm": model.OutcomeUnknown}[at]
		if res.Outcome != want || (at == "check") != (class(err) == model.ClassInternal) {
			t.Errorf("%s: %s, %v; want %s", at, res.Outcome, err, want)
		}
		want = map[string]model.Outcome{"check": model.OutcomeNotSent, "send": model.OutcomeFailed, "answered": model.OutcomeConfirmed, "confirm": model.OutcomeConfirmed}[at]
		if all := settled(t, w.later()); all[0].Open || all[0].Outcome != want {
			t.Errorf("%s: later %s, open %v", at, all[0].Outcome, all[0].Open)
		}
	}
}
