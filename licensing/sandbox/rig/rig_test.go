package rig_test

import (
	"context"
	"errors"
	"os"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"seatdeck/licensing"
	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
)

func TestMain(m *testing.M) { os.Exit(rig.Main(m)) }

func TestWholeHouse(t *testing.T) {
	for name, o := range map[string]rig.Options{
		"direct": {Users: 120}, "sockets": {Users: 120, Sockets: true}, "memory": {Users: 120, Memory: true},
	} {
		t.Run(name, func(t *testing.T) {
			r := rig.New(t, o)
			v := r.Refreshed(t.Context())
			if v.Empty || v.Facts.Roster.Value.Accounts != 120 || !v.Now.Equal(rig.Start) || len(v.Notices) != 0 {
				t.Fatalf("empty %t, %d accounts, at %s, notices %v", v.Empty, v.Facts.Roster.Value.Accounts, v.Now, v.Notices)
			}
			again := r.Reopen()
			kept := again.Load(t.Context())
			if kept.Facts.License.AsOf.Source != model.SourceCache || !kept.Facts.License.AsOf.At.Equal(rig.Start) {
				t.Errorf("the licence of a new process is of %+v", kept.Facts.License.AsOf)
			}
			rows, err := again.Roster(t.Context())
			if err != nil || rows.Len() != 120 || len(kept.History.Records) == 0 {
				t.Errorf("%v, %d records", err, len(kept.History.Records))
			}
		})
	}
}

func TestInstances(t *testing.T) {
	in := rig.Instances{rig.New(t, rig.Options{Memory: true}), rig.New(t, rig.Options{Name: "lab", Scenario: "free", Memory: true})}
	var names []string
	for _, i := range in.List() {
		names = append(names, i.Name)
	}
	if !slices.Equal(names, []string{"prod", "lab"}) {
		t.Errorf("%q", names)
	}
	d, err := in.Open(t.Context(), "lab")
	if err != nil || d.Info().Host != "lab.gitlab.example" {
		t.Errorf("%v", err)
	}
	if _, err := in.Open(t.Context(), "laboratory"); model.AsError("", err).Class != model.ClassConfig {
		t.Errorf("%v", err)
	}
}

func TestCutAndHealed(t *testing.T) {
	r := rig.New(t, rig.Options{Users: 40, Memory: true})
	r.Cut(true)
	if v, err := r.Desk.Refresh(t.Context(), licensing.RefreshOptions{}, nil); err == nil || v.Offline == nil || !v.Empty {
		t.Errorf("%v, %+v", err, v.Offline)
	}
	r.Cut(false)
	if v := r.Refreshed(t.Context()); v.Offline != nil || v.Empty {
		t.Errorf("%+v", v.Offline)
	}
	r.Turn("fault", "cut:/users")
	if _, err := r.Desk.Refresh(t.Context(), licensing.RefreshOptions{}, nil); model.AsError("", err).Class != model.ClassUnreachable {
		t.Errorf("half an answer: %v", err)
	}
}

// In a bubble a refresh of a slow instance costs only fake time.
func TestBubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Scenario: "slow", Users: 250, Bubble: true})
		if !r.Clock.Now().Equal(rig.Start) {
			t.Errorf("begins at %s", r.Clock.Now())
		}
		v := r.Refreshed(t.Context())
		if took := v.Now.Sub(rig.Start); took < 2*time.Second || took > 20*time.Second {
			t.Errorf("took %s at 400 ms an answer", took)
		}
		if v.Facts.Roster.Value.Accounts != 250 {
			t.Errorf("%d accounts", v.Facts.Roster.Value.Accounts)
		}
	})
}

func TestHeldClock(t *testing.T) {
	r := rig.New(t, rig.Options{Users: 40, Memory: true})
	if err := r.Clock.Sleep(t.Context(), time.Minute); err != nil || !r.Clock.Now().Equal(rig.Start.Add(time.Minute)) {
		t.Errorf("%v, %s", err, r.Clock.Now())
	}
	r.Clock.Hold()
	done := make(chan error)
	go func() { done <- r.Clock.Sleep(t.Context(), time.Hour) }()
	// Whether the sleeper is there already or not, half of its time is not enough.
	end := r.Clock.Now().Add(time.Hour)
	for r.Clock.Now().Before(end.Add(-time.Minute)) {
		r.Clock.Advance(time.Minute)
		select {
		case err := <-done:
			t.Fatalf("woke at %s: %v", r.Clock.Now(), err)
		default:
		}
	}
	for {
		r.Clock.Advance(time.Hour)
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if err := r.Clock.Sleep(ctx, time.Hour); !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
			return
		default:
		}
	}
}
