package ui

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
)

// look asks the running program for something, in its own goroutine.
type look func(*scene)

// probe is the console with a door for tests. Everything else goes to the
// console unchanged.
type probe struct{ s *scene }

func (p probe) Init() tea.Cmd  { return p.s.Init() }
func (p probe) View() tea.View { return p.s.View() }

// Update runs a look, or hands the message on.
func (p probe) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if l, ok := msg.(look); ok {
		l(p.s)
		return p, nil
	}
	_, cmd := p.s.root.Update(msg)
	return p, cmd
}

// running is a whole program in fake time: real loop, real commands, no
// terminal.
type running struct {
	*scene
	p    *tea.Program
	done chan error
}

// start runs the console of a scene until the test ends it.
func start(t *testing.T, s *scene) *running {
	t.Helper()
	p := tea.NewProgram(probe{s}, tea.WithContext(s.ctx), tea.WithInput(nil), tea.WithOutput(io.Discard),
		tea.WithWindowSize(120, 40), tea.WithoutSignalHandler(), tea.WithFPS(120), tea.WithEnvironment([]string{"TERM=xterm-256color"}))
	r := &running{s, p, make(chan error, 1)}
	go func() { _, err := p.Run(); r.done <- err }()
	return r
}

// frame is what stands on the screen now.
func (r *running) frame() (text string) {
	r.see(func(s *scene) { text = s.text() })
	return text
}

// see looks at the program when everything that goes on by itself has come to
// rest.
func (r *running) see(f func(*scene)) {
	seen := make(chan struct{})
	r.p.Send(look(func(s *scene) { f(s); close(seen) }))
	<-seen
}

func (r *running) strike(keys ...string) {
	for _, k := range keys {
		r.p.Send(keyOf(k))
	}
	r.frame()
}

// end leaves and waits until nothing of the program is left.
func (r *running) end(t *testing.T) error {
	t.Helper()
	r.p.Quit()
	err := <-r.done
	r.close()
	return err
}

func bubble(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, test)
}

func inBubble(t *testing.T, o rig.Options) *rig.Rig {
	o.Bubble, o.Price = true, price
	if o.Users == 0 {
		o.Users = 60
	}
	r := rig.New(t, o)
	remember(t, r)
	return r
}

// TestFirstFrame: what is kept stands on the screen before any answer, whole,
// while the instance is dead.
func TestFirstFrame(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := inBubble(t, rig.Options{})
		r.Refreshed(t.Context())
		r.Cut(true)
		s := sceneOf(t, r).at(120, 40)
		s.wants("Ultimate", "seats taken", "not opted in", "in step", "who takes a seat", "accounts")
		s.lacks("not read yet", "never read")
	})
}

// TestRefreshFills: an empty console fills by itself and then stands still.
func TestRefreshFills(t *testing.T) {
	bubble(t, func(t *testing.T) {
		run := start(t, sceneOf(t, inBubble(t, rig.Options{})))
		time.Sleep(10 * time.Second)
		text := run.frame()
		for _, want := range []string{"Ultimate", "who takes a seat", "not opted in", "✓ in step", "live 09:52"} {
			if !strings.Contains(text, want) {
				t.Errorf("%q is not on the screen\n%s", want, text)
			}
		}
		if err := run.end(t); err != nil {
			t.Error(err)
		}
	})
}

// TestRetries: without an answer the console says when it tries again, tries
// then, waits longer, and is back when the instance is.
func TestRetries(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := inBubble(t, rig.Options{})
		r.Refreshed(t.Context())
		r.Cut(true)
		run := start(t, sceneOf(t, r))
		time.Sleep(30 * time.Second)
		if text := run.frame(); !strings.Contains(text, "! offline") || !strings.Contains(text, "next try") {
			t.Fatalf("no next try is named\n%s", text)
		}
		var failed int
		time.Sleep(40 * time.Minute)
		run.see(func(s *scene) { failed = s.retry.failed })
		if failed < 5 || failed > 9 {
			t.Errorf("%d tries in 40 minutes", failed)
		}
		r.Cut(false)
		time.Sleep(11 * time.Minute)
		if text := run.frame(); strings.Contains(text, "offline") || !strings.Contains(text, "live") {
			t.Errorf("it did not come back\n%s", text)
		}
		requests := len(r.Sandbox.Requests())
		time.Sleep(20 * time.Minute)
		if n := len(r.Sandbox.Requests()) - requests; n != 0 {
			t.Errorf("%d requests while nobody asked", n)
		}
		if err := run.end(t); err != nil {
			t.Error(err)
		}
	})
}

// TestTryNow: R does not wait, and the planned try does not follow it.
func TestTryNow(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := inBubble(t, rig.Options{})
		r.Cut(true)
		run := start(t, sceneOf(t, r))
		time.Sleep(30 * time.Second)
		r.Cut(false)
		run.strike("R")
		time.Sleep(5 * time.Second)
		if text := run.frame(); !strings.Contains(text, "who takes a seat") {
			t.Errorf("R did not read\n%s", text)
		}
		requests := len(r.Sandbox.Requests())
		time.Sleep(20 * time.Minute)
		if n := len(r.Sandbox.Requests()) - requests; n != 0 {
			t.Errorf("%d requests after it", n)
		}
		_ = run.end(t)
	})
}

// TestSwitchDropsLateReplies: an answer for the instance that was left changes
// nothing of the one that is open.
func TestSwitchDropsLateReplies(t *testing.T) {
	bubble(t, func(t *testing.T) {
		prod := inBubble(t, rig.Options{Set: map[string]string{"latency": "3s"}})
		lab := inBubble(t, rig.Options{Name: "lab", Scenario: "free"})
		s := sceneOf(t, prod, func(o *Options) { o.Instances = rig.Instances{prod, lab} })
		run := start(t, s)
		time.Sleep(4 * time.Second) // in the middle of reading
		run.see(func(s *scene) {
			if !s.work.reading {
				t.Error("it is not reading any more")
			}
		})
		run.strike("I", "down", "enter")
		time.Sleep(5 * time.Minute)
		text := run.frame()
		if !strings.Contains(text, "lab") || !strings.Contains(text, "no licence") || strings.Contains(text, "Ultimate") {
			t.Errorf("a late reply of the other instance is on the screen\n%s", text)
		}
		if strings.Contains(text, "stopped reading") || strings.Contains(text, "reading accounts") {
			t.Errorf("the reading that was left still speaks\n%s", text)
		}
		if err := run.end(t); err != nil {
			t.Error(err)
		}
	})
}

// TestInterrupt: ctrl+c first stops what goes on, the next one leaves.
func TestInterrupt(t *testing.T) {
	bubble(t, func(t *testing.T) {
		run := start(t, sceneOf(t, inBubble(t, rig.Options{Set: map[string]string{"latency": "20s"}})))
		time.Sleep(time.Second)
		run.strike("ctrl+c")
		time.Sleep(time.Second)
		if text := run.frame(); !strings.Contains(text, "stop") {
			t.Errorf("it does not say that it stops\n%s", text)
		}
		run.see(func(s *scene) {
			if s.work.reading {
				t.Error("it still reads")
			}
		})
		run.p.Send(keyOf("ctrl+c"))
		if err := <-run.done; !errors.Is(err, tea.ErrInterrupted) {
			t.Errorf("the second one ended with %v", err)
		}
		if e := model.AsError("", ending(run.ctx, tea.ErrInterrupted)); e.Class.ExitCode() != 130 {
			t.Errorf("exit code %d", e.Class.ExitCode())
		}
		run.close()
	})
}

// TestPanicsStay: a fault in background work is a message, not the end.
func TestPanicsStay(t *testing.T) {
	bubble(t, func(t *testing.T) {
		run := start(t, sceneOf(t, inBubble(t, rig.Options{})))
		time.Sleep(10 * time.Second)
		run.see(func(s *scene) {
			cmd := s.safe(func() tea.Msg { panic("a fault") })
			go func() { run.p.Send(cmd()) }()
		})
		time.Sleep(time.Second)
		if text := run.frame(); !strings.Contains(text, "a fault in this program") {
			t.Errorf("nobody was told\n%s", text)
		}
		if err := run.end(t); err != nil {
			t.Error(err)
		}
	})
}

// TestContextEnds: when its context ends the program does.
func TestContextEnds(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := inBubble(t, rig.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		s := sceneOf(t, r)
		s.ctx = ctx
		run := start(t, s)
		time.Sleep(time.Second)
		cancel()
		if err := ending(ctx, <-run.done); model.AsError("", err).Class != model.ClassCancelled {
			t.Errorf("it ended with %v", err)
		}
		run.close()
	})
}
