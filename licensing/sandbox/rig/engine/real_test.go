package engine

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"seatdeck/licensing"
	"seatdeck/licensing/gitlab"
	"seatdeck/licensing/sandbox"
	"seatdeck/model"
)

func activationCode(context.Context) (string, error) { return sandbox.ActivationCode, nil }

// door is the real adapter, over a road that this world has its hands on.
func (w world) door() *gitlab.Client {
	c, err := gitlab.Dial(gitlab.Options{
		BaseURL: w.url, Mode: w.mode, Base: road{w}, Token: func(context.Context) (string, error) { return sandbox.TokenAdmin, nil },
	})
	if err != nil {
		panic(err)
	}
	return c
}

// road tells when a request that writes leaves and when it is over, and cuts it
// off if the world wants it so.
type road struct{ w world }

var wire = &http.Transport{DisableKeepAlives: true}

var errCut = &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}

func (r road) RoundTrip(q *http.Request) (*http.Response, error) {
	if q.Method == http.MethodGet {
		return wire.RoundTrip(q)
	}
	b, err := io.ReadAll(q.Body)
	if err != nil {
		return nil, err
	}
	q.Body = io.NopCloser(bytes.NewReader(b))
	if q.Method == http.MethodPost && !bytes.Contains(b, []byte("mutation")) {
		return wire.RoundTrip(q)
	}
	r.w.reach("send")
	defer r.w.reach("over")
	if r.w.road == cutBefore {
		return nil, errCut
	}
	resp, err := wire.RoundTrip(q)
	if err == nil && r.w.road == cutAfter {
		_ = resp.Body.Close()
		return nil, errCut
	}
	return resp, err
}

// realKinds are the acts of the API with their plans, and what the instance shows
// once one of them has happened.
var realKinds = []struct {
	name string
	plan func(context.Context, *licensing.Desk) (model.ChangePlan, error)
	done func(*sandbox.Server, *licensing.Desk) bool
}{
	{"registration", func(ctx context.Context, d *licensing.Desk) (model.ChangePlan, error) {
		p, err := d.PlanRegistration(ctx, model.WishEnable)
		return p.ChangePlan, err
	}, func(_ *sandbox.Server, d *licensing.Desk) bool {
		v, err := d.Refresh(context.Background(), licensing.RefreshOptions{NoRoster: true}, nil)
		return err == nil && v.Facts.Settings.Value.Features.Or(false)
	}},
	{"activation", func(ctx context.Context, d *licensing.Desk) (model.ChangePlan, error) {
		p, err := d.PlanSync(ctx, model.DriverActivation, model.TriggerYou)
		return p.ChangePlan, err
	}, func(s *sandbox.Server, _ *licensing.Desk) bool {
		for _, e := range s.Events() {
			if e.Kind == "activation" && e.Time.After(time.Now().Add(-time.Hour)) {
				return true
			}
		}
		return false
	}},
}

// realPlaces are the points at which a process is killed that applies a real
// plan, by how its road behaves. After "over" it watches for minutes what a cut
// request brings, so that it is killed there at the latest.
var realPlaces = map[behaviour][]string{
	honest:    {"before the intent", "after the intent", "send", "over", "before the result", "after the result"},
	cutBefore: {"send", "over"},
	cutAfter:  {"over", "before the result", "after the result"},
}

// TestKillReal kills a process at every point of a real act on a made-up GitLab.
// The request arrives once or never, and the next start tells the truth.
func TestKillReal(t *testing.T) {
	for _, kind := range realKinds {
		for b, places := range realPlaces {
			for _, place := range places {
				t.Run(kind.name+", "+string(b)+", "+place, func(t *testing.T) {
					t.Parallel()
					s, err := sandbox.New(sandbox.Config{Users: 40, Set: map[string]string{"registration": "off", "optional_metrics": "off"}})
					if err != nil {
						t.Fatal(err)
					}
					w := world{dir: t.TempDir(), mode: model.ModeWrite, real: true, reach: func(string) {}}
					if w.url, err = s.Start("127.0.0.1:0"); err != nil {
						t.Fatal(err)
					}
					t.Cleanup(func() { _ = s.Close() })
					p, err := kind.plan(t.Context(), w.opened(t))
					if err != nil || p.Empty() {
						t.Fatalf("%+v, %v", p, err)
					}
					c := start(t, errand{Dir: w.dir, URL: w.url, Plan: p, Die: place, Real: true, Road: b})
					if word := c.line(); word != "here" {
						t.Fatalf("%q instead of reaching %q", word, place)
					}
					c.kill(t)
					all := settled(t, w.later())
					done := kind.done(s, w.opened(t))
					switch {
					case place == "before the intent" && len(all) != 0:
						t.Errorf("the journal tells %+v", all)
					case place == "before the intent":
					case len(all) != 1 || all[0].Open:
						t.Fatalf("the journal tells %+v", all)
					case all[0].Outcome.Good() != done:
						t.Errorf("%s, and at the instance it is %v that it happened", all[0].Outcome, done)
					}
					if place != "before the intent" {
						if res, err := apply(t, w.opened(t), p); class(err) != model.ClassRefused || res.Sent() {
							t.Errorf("applied again: %+v, %v", res, err)
						}
					}
					if n := writesAt(s); n > 1 || (n == 1) != done {
						t.Errorf("%d requests that write, and it is %v that it happened", n, done)
					}
				})
			}
		}
	}
}

// writesAt counts the requests that write by the instance's own log.
func writesAt(s *sandbox.Server) (n int) {
	for _, q := range s.Requests() {
		if q.Writes && !strings.Contains(q.Path, "usage_export") {
			n++
		}
	}
	return n
}
