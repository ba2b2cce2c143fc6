package engine

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"seatdeck/licensing"
	"seatdeck/licensing/sandbox"
	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
)

// gitlabHere is a made-up GitLab that tells when nobody asks it anything.
type gitlabHere struct {
	*sandbox.Server
	url    string
	epoch  time.Time
	ahead  atomic.Int64 // of its clock, in nanoseconds
	inside atomic.Int64 // requests being served
}

func newGitLab(t testing.TB, set map[string]string) *gitlabHere {
	t.Helper()
	g := &gitlabHere{epoch: time.Now()}
	var err error
	g.Server, err = sandbox.New(sandbox.Config{Users: 40, Set: set, Now: func() time.Time {
		return clock{time.Duration(g.ahead.Load()), g.epoch}.Now()
	}})
	if err != nil {
		t.Fatal(err)
	}
	inner := g.Handler()
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.inside.Add(1)
		defer g.inside.Add(-1)
		inner.ServeHTTP(w, r)
	}))
	t.Cleanup(web.Close)
	g.url = web.URL
	return g
}

// world is a folder and the way to this GitLab.
func (g *gitlabHere) world(t testing.TB) world {
	return world{dir: t.TempDir(), url: g.url, mode: model.ModeWrite, real: true, epoch: g.epoch, reach: func(string) {}}
}

// rest waits until nothing is being served, and for what was asked for until
// then to happen: w is the world at that time.
func (g *gitlabHere) rest(w world) world {
	for look := time.NewTicker(time.Millisecond); ; <-look.C {
		if g.inside.Load() == 0 {
			look.Stop()
			break
		}
	}
	const long = 3 * time.Minute
	g.ahead.Add(int64(long))
	w.ahead += long
	w.reach, w.road = func(string) {}, honest
	return w
}

// happened counts events of a kind since the beginning that a test set off.
func (g *gitlabHere) happened(kind string) (n int) {
	for _, e := range g.Events() {
		if e.Kind == kind && e.Time.After(rig.Start) && (kind != "seat_link" || e.Job != "") {
			n++
		}
	}
	return n
}

// asked counts the requests that write, by the instance's own log.
func (g *gitlabHere) asked() (n int) {
	for _, q := range g.Requests() {
		if q.Writes && q.Operation != "usage_export" && q.Path != "/api/v4/license/usage_export.csv" {
			n++
		}
	}
	return n
}

// realKind is an act of the program as it is, with its plan, and what happened
// at the instance because of it.
type realKind struct {
	name   string
	plan   func(context.Context, *licensing.Desk) (model.ChangePlan, error)
	done   func(*gitlabHere) int
	places map[behaviour][]string // where it is killed, by how its road behaves
	// tells reports whether a settled word is true: "yes" means that it happened.
	tells func(word model.Outcome, yes bool) bool
}

// goodIfDone is the word of an act that reading back can tell for sure.
func goodIfDone(word model.Outcome, yes bool) bool { return word.Good() == yes }

// apiPlaces are the points at which a process is killed that sends over the
// API. After "over" it watches for minutes what a cut request brings, so that
// it is killed there at the latest.
var apiPlaces = map[behaviour][]string{
	honest:    {"before the intent", "after the intent", "send", "over", "before the result", "after the result"},
	cutBefore: {"send", "over"},
	cutHalf:   {"over", "before the result", "after the result"},
	cutAfter:  {"over", "before the result", "after the result"},
}

func planSync(driver model.Driver) func(context.Context, *licensing.Desk) (model.ChangePlan, error) {
	return func(ctx context.Context, d *licensing.Desk) (model.ChangePlan, error) {
		p, err := d.PlanSync(ctx, driver, model.TriggerYou)
		return p.ChangePlan, err
	}
}

func counting(kind string) func(*gitlabHere) int {
	return func(g *gitlabHere) int { return g.happened(kind) }
}

var realKinds = []realKind{
	{
		name: "registration", places: apiPlaces, tells: goodIfDone,
		plan: func(ctx context.Context, d *licensing.Desk) (model.ChangePlan, error) {
			p, err := d.PlanRegistration(ctx, model.WishEnable)
			return p.ChangePlan, err
		},
		done: func(g *gitlabHere) (n int) {
			for _, q := range g.Requests() {
				if q.Writes && q.Method == http.MethodPut && q.Status == http.StatusOK {
					n++
				}
			}
			return n
		},
	},
	{name: "activation", places: apiPlaces, tells: goodIfDone, plan: planSync(model.DriverActivation), done: counting("activation")},
	{
		name: "recount", plan: func(ctx context.Context, d *licensing.Desk) (model.ChangePlan, error) { return d.PlanRecount(ctx) },
		done: counting("recount"),
		places: map[behaviour][]string{
			honest:    {"before the intent", "after the intent", "send", "over", "before the result", "after the result"},
			cutBefore: {"send", "over"},
			cutHalf:   {"over"},
			cutAfter:  {"over"},
		},
		// A count that reads the same tells nothing, so that unknown is the word
		// for what nobody saw (contract §1.9); a good one needs that it happened.
		tells: func(word model.Outcome, yes bool) bool { return yes || !word.Good() },
	},
	{
		name: "sync by the host", plan: planSync(model.DriverHost), done: counting("seat_link"), tells: goodIfDone,
		places: map[behaviour][]string{
			honest:    {"before the intent", "after the intent", "send", "begun", "queued", "over", "before the result", "after the result"},
			cutBefore: {"send", "over"},
			cutHalf:   {"queued", "over", "before the result", "after the result"},
			cutAfter:  {"begun", "over", "before the result", "after the result"},
		},
	},
}

// TestKillReal kills a process at every point of a real act on a made-up GitLab.
// The request arrives once or never, and the next start tells the truth.
func TestKillReal(t *testing.T) {
	var runs, repeated, happened atomic.Int64
	t.Run("all", func(t *testing.T) {
		for _, kind := range realKinds {
			for b, places := range kind.places {
				for _, place := range places {
					t.Run(kind.name+", "+string(b)+", "+place, func(t *testing.T) {
						t.Parallel()
						for range realKills {
							runs.Add(1)
							n := killReal(t, kind, b, place)
							happened.Add(int64(n))
							repeated.Add(int64(max(0, n-1)))
						}
					})
				}
			}
		}
	})
	t.Logf("%d kills: %d acts happened, %d were repeated", runs.Load(), happened.Load(), repeated.Load())
}

// killReal is one kill. It returns how often the act happened at the instance.
func killReal(t *testing.T, kind realKind, b behaviour, place string) (done int) {
	g := newGitLab(t, map[string]string{"registration": "off", "optional_metrics": "off"})
	w := g.world(t)
	p, err := kind.plan(t.Context(), w.opened(t))
	if err != nil || p.Empty() {
		t.Fatalf("%+v, %v", p, err)
	}
	c := start(t, errand{Dir: w.dir, URL: w.url, Plan: p, Die: place, Real: true, Road: b, Time: g.epoch})
	if word := c.line(); word != "here" {
		t.Fatalf("%q instead of reaching %q", word, place)
	}
	c.kill(t)
	after := g.rest(w)
	all := settled(t, after)
	done = kind.done(g)
	if place == "before the intent" {
		if len(all) != 0 || done != 0 {
			t.Errorf("done %d times, and the journal tells %+v", done, all)
		}
		return done
	}
	switch {
	case len(all) != 1 || all[0].Open:
		t.Fatalf("the journal tells %+v", all)
	case !kind.tells(all[0].Outcome, done > 0):
		t.Errorf("%s (%s), and it happened %d times", all[0].Outcome, all[0].Note, done)
	case slices.Contains([]string{"after the intent", "send"}, place) && done > 0:
		t.Errorf("it happened although nothing had left")
	}
	if res, err := apply(t, after.opened(t), p); class(err) != model.ClassRefused || res.Sent() {
		t.Errorf("applied again: %+v, %v", res, err)
	}
	if n := g.asked(); n > 1 || done > n {
		t.Errorf("%d requests that write, and it happened %d times", n, done)
	}
	return done
}
