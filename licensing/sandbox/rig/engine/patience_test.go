package engine

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"seatdeck/licensing"
	"seatdeck/model"
)

// sleeper is an act whose request, and whose reading back, last until somebody
// ends them; what it sets is set all the same.
type sleeper struct {
	on           *bool
	sends, reads time.Duration // how long each takes by itself
}

func (s sleeper) Check(context.Context, licensing.Attempt) (model.Reading, error) {
	return model.Reading{"value": "off"}, nil
}

func (s sleeper) Send(ctx context.Context, _ licensing.Attempt) (licensing.Reply, error) {
	*s.on = true
	return licensing.Reply{}, licensing.SystemClock{}.Sleep(ctx, s.sends)
}

func (s sleeper) Confirm(ctx context.Context, a licensing.Attempt) (model.Verdict, error) {
	if !a.Settling {
		if err := (licensing.SystemClock{}).Sleep(ctx, s.reads); err != nil {
			return model.Verdict{}, err
		}
	}
	value := "off"
	if *s.on {
		value = "on"
	}
	return a.Step.Judge(model.Reading{"value": value}, a.Lost, a.Late), nil
}

// TestPatience runs in fake time: how long an act goes on once something was
// sent, whoever loses patience when. What was sent is never forgotten.
func TestPatience(t *testing.T) {
	const never, second = 24 * time.Hour, time.Second
	tests := []struct {
		name         string
		sends, reads time.Duration
		cancel       time.Duration // when somebody loses patience
		close        time.Duration // when the desk is closed
		took         time.Duration
		want         model.Outcome
	}{
		{"nobody interferes", 20 * second, 90 * second, never, never, 110 * second, model.OutcomeConfirmed},
		{"the request never ends", never, second, never, never, 7*time.Minute + second, model.OutcomeConfirmed},
		{"reading never ends", second, never, never, never, 7*time.Minute + second, model.OutcomeUnknown},
		{"neither ends", never, never, never, never, 14 * time.Minute, model.OutcomeUnknown},
		{"cancelled while it is sent", never, second, 3 * second, never, 14 * second, model.OutcomeConfirmed},
		{"cancelled while it is sent, and it is quick", 5 * second, 2 * second, 3 * second, never, 7 * second, model.OutcomeConfirmed},
		{"cancelled while reading", second, never, 3 * second, never, 13 * second, model.OutcomeUnknown},
		{"closed while it is sent", never, second, never, 3 * second, 8 * second, model.OutcomeUnknown},
		{"closed while reading", second, never, never, 3 * second, 8 * second, model.OutcomeUnknown},
		{"closed, and it is quick", 2 * second, 3 * second, never, 3 * second, 5 * second, model.OutcomeConfirmed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				on := false
				w := world{dir: dir, mode: model.ModeWrite, user: 1, reach: func(string) {}, act: sleeper{&on, tt.sends, tt.reads}}
				d := w.desk()
				p := plan(t, d, "a")
				ctx, cancel := context.WithCancel(t.Context())
				var others sync.WaitGroup
				ended := make(chan struct{})
				later := func(after time.Duration, do func()) {
					others.Go(func() {
						select {
						case <-ended:
						case <-time.After(after):
							do()
						}
					})
				}
				later(tt.cancel, cancel)
				later(tt.close, func() { _ = d.Close() })
				began := time.Now()
				res, err := d.Apply(ctx, p, agree(t, p), nil)
				if took := time.Since(began); took != tt.took {
					t.Errorf("took %s, want %s", took, tt.took)
				}
				if err != nil || res.Outcome != tt.want || !res.Sent() {
					t.Errorf("%s, %v; want %s", res.Outcome, err, tt.want)
				}
				close(ended)
				others.Wait()
				cancel()
				_ = d.Close()
				d = w.later().desk()
				d.Load(t.Context())
				if err := d.Settle(t.Context()); err != nil {
					t.Error(err)
				}
				if acts := d.View().History.Acts; len(acts) != 1 || acts[0].Open || acts[0].Outcome != model.OutcomeConfirmed {
					t.Errorf("afterwards %+v", acts)
				}
				_ = d.Close()
			})
		})
	}
}

// TestNoRepetition: as long as nobody can tell what became of a request, the
// same is not sent again under a new plan.
func TestNoRepetition(t *testing.T) {
	s := newServer(t)
	s.behave(cutBefore)
	w := newWorld(t, s)
	d := w.opened(t)
	if res, err := apply(t, d, plan(t, d, "a")); err != nil || res.Outcome != model.OutcomeUnknown {
		t.Fatalf("%+v, %v", res, err)
	}
	s.behave(honest)
	for range 3 {
		if res, err := apply(t, d, plan(t, d, "a")); class(err) != model.ClassLocked || res.Sent() {
			t.Errorf("%+v, %v", res, err)
		}
	}
	if res, err := apply(t, d, plan(t, d, "b")); err != nil || res.Outcome != model.OutcomeConfirmed {
		t.Errorf("something else: %+v, %v", res, err)
	}
	d = w.later().opened(t)
	if res, err := apply(t, d, plan(t, d, "a")); err != nil || res.Outcome != model.OutcomeConfirmed {
		t.Errorf("once it is known: %+v, %v", res, err)
	}
	if got, _ := s.got(); len(got) != 3 {
		t.Errorf("sent %q", got)
	}
	if all := runs(t, w); len(all) != 3 || all[2].Open || all[2].Outcome != model.OutcomeFailed {
		t.Errorf("%+v", all)
	}
}
