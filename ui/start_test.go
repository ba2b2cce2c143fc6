package ui

import (
	"context"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"seatdeck/licensing/sandbox/rig"
)

// begin is a console that has not read what is kept yet.
func begin(t *testing.T) *root {
	t.Helper()
	r := newRig(t, rig.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	m, err := newRoot(ctx, Options{Instances: rig.Instances{r}, Getenv: env(), Clock: r.Clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); m.close() })
	return m
}

// Before what is kept was read nothing is painted, so the first frame is whole;
// what happened in the meantime is not lost.
func TestStartHoldsMessages(t *testing.T) {
	m := begin(t)
	s := m.start()
	for _, msg := range []tea.Msg{tea.WindowSizeMsg{Width: 133, Height: 41}, keyOf("3")} {
		if next, cmd := s.Update(msg); next != s || cmd != nil {
			t.Fatalf("%T did something before there is a console", msg)
		}
	}
	if v := s.View(); v.Content != "" || !v.AltScreen {
		t.Errorf("painted %q", v.Content)
	}
	next, cmd := s.Update(s.Init()())
	if next != m || cmd == nil {
		t.Fatal("the console does not follow")
	}
	if m.w != 133 || m.h != 41 || m.focus != paneRegistration || m.view.Now.IsZero() {
		t.Errorf("size %d×%d, focus %d, view of %s", m.w, m.h, m.focus, m.view.Now)
	}
}

// Somebody else may hold the cache: ctrl+c leaves even then.
func TestStartCanBeLeft(t *testing.T) {
	s := &starting{m: begin(t), kept: make(chan reading)}
	if _, cmd := s.Update(keyOf("ctrl+c")); cmd == nil {
		t.Fatal("ctrl+c was held back")
	} else if _, ok := cmd().(tea.InterruptMsg); !ok {
		t.Errorf("ctrl+c is %T", cmd())
	}
}

// A fault while reading reaches the runtime, which restores the terminal.
func TestStartFault(t *testing.T) {
	m := begin(t)
	_ = m.desk.Close()
	m.desk = nil // Load of no desk panics
	cmd := m.start().Init()
	defer func() {
		if recover() == nil {
			t.Error("the fault went unnoticed")
		}
	}()
	cmd()
}

// The collector rests at the start only: its first run puts back what was.
func TestCalmStartEnds(t *testing.T) {
	was := debug.SetGCPercent(usualPercent)
	defer debug.SetGCPercent(was)
	calmStart()
	if got := debug.SetGCPercent(calmPercent); got != calmPercent {
		t.Errorf("at the start it is %d", got)
	}
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		runtime.GC()
		if got := debug.SetGCPercent(calmPercent); got == usualPercent {
			return
		}
		if time.Now().After(end) {
			t.Fatal("it stays so for ever")
		}
	}
}

// A GOGC that somebody set stays.
func TestCalmStartLeavesWishes(t *testing.T) {
	was := debug.SetGCPercent(50)
	defer debug.SetGCPercent(was)
	calmStart()
	if got := debug.SetGCPercent(50); got != 50 {
		t.Errorf("50 became %d", got)
	}
}
