//go:build linux

package ui

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"seatdeck/licensing"
	"seatdeck/licensing/sandbox/rig"
	"seatdeck/licensing/sandbox/rig/terminal"
)

// childVar tells this test binary to be the console on the terminal it was
// given, and of what kind.
const childVar = "SEATDECK_UI_TEST_CHILD"

// children are the kinds of consoles a child process can be.
var children = map[string]func(t *testing.T, ctx context.Context) error{
	"plain": plainConsole,
	"deaf":  plainConsole,
	"panic": func(t *testing.T, ctx context.Context) error {
		fragile := &fragile{Instances: rig.Instances{newRig(t, rig.Options{Users: 60})}}
		return runConsole(ctx, Options{Instances: fragile, Clock: licensing.SystemClock{}, In: fuse{hangup{os.Stdin}, &fragile.broken}})
	},
}

// TestChild is the console in the child process; without the variable it has
// nothing to do.
func TestChild(t *testing.T) {
	kind := os.Getenv(childVar)
	if kind == "" {
		return
	}
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT}
	if kind == "deaf" {
		signal.Ignore(syscall.SIGHUP)
		signals = signals[:2]
	}
	ctx, stop := signal.NotifyContext(context.Background(), signals...)
	defer stop()
	if err := children[kind](t, ctx); err != nil {
		os.Stdout.WriteString("ended: " + err.Error() + "\n")
	}
}

func plainConsole(t *testing.T, ctx context.Context) error {
	return runConsole(ctx, Options{Instances: rig.Instances{newRig(t, rig.Options{Users: 60})}, Clock: licensing.SystemClock{}})
}

// runConsole is the console on the terminal of this process.
func runConsole(ctx context.Context, o Options) error {
	o.Getenv, o.Environ = os.Getenv, os.Environ()
	return Run(ctx, o)
}

// fragile instances panic from a moment on.
type fragile struct {
	licensing.Instances
	broken atomic.Bool
}

// List panics when broken.
func (f *fragile) List() []licensing.InstanceInfo {
	if f.broken.Load() {
		panic("a fault of the test")
	}
	return f.Instances.List()
}

// fuse is a terminal on which the key 3 breaks something before the console
// takes it.
type fuse struct {
	hangup
	broken *atomic.Bool
}

func (f fuse) Read(p []byte) (int, error) {
	n, err := f.hangup.Read(p)
	if bytes.ContainsRune(p[:n], '3') {
		f.broken.Store(true)
	}
	return n, err
}

// openTTY starts a console of a kind on a pseudo-terminal and waits until it
// has read its instance.
func openTTY(t *testing.T, kind string, w, h int, env ...string) *terminal.Console {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestChild$")
	cmd.Env = append(os.Environ(), append([]string{childVar + "=" + kind, "TERM=xterm-256color", "LANG=C.UTF-8", "LC_ALL=", "NO_COLOR="}, env...)...)
	c := terminal.Open(t, cmd, w, h)
	// As long as it reads, the footer offers to stop that.
	c.Wait("it never comes to the end of reading", footerSays("R read again"))
	return c
}

// footerSays is whether the last row has a text.
func footerSays(text string) func([]string) bool {
	return func(rows []string) bool { return strings.Contains(rows[len(rows)-1], text) }
}

func TestTerminalRestored(t *testing.T) {
	endings := map[string]func(*terminal.Console){
		"q":       func(c *terminal.Console) { c.Press("q") },
		"ctrl+c":  func(c *terminal.Console) { c.Press("\x03") },
		"mouse":   func(c *terminal.Console) { c.Press("M"); c.Until("mouse on"); c.Press("q") },
		"SIGTERM": func(c *terminal.Console) { c.Signal(syscall.SIGTERM) },
		"SIGHUP":  func(c *terminal.Console) { c.Signal(syscall.SIGHUP) },
		"SIGQUIT": func(c *terminal.Console) { c.Signal(syscall.SIGQUIT) },
	}
	for name, ending := range endings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := openTTY(t, "plain", 120, 40)
			ending(c)
			_ = c.End()
			c.Restored()
		})
	}
	t.Run("panic", func(t *testing.T) {
		t.Parallel()
		c := openTTY(t, "panic", 120, 40)
		c.Press("3")
		_ = c.End()
		c.Restored()
		if !strings.Contains(c.Raw(), "a fault of its own") {
			t.Error("nobody says what happened")
		}
	})
}

// TestTerminalGone: a console whose terminal went away ends, also where nobody
// sends it a signal.
func TestTerminalGone(t *testing.T) {
	for _, kind := range []string{"plain", "deaf"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := openTTY(t, kind, 120, 40)
			c.Cut()
			_ = c.End()
		})
	}
}

// TestIdle: a console that is left alone sends nothing.
func TestIdle(t *testing.T) {
	t.Parallel()
	c := openTTY(t, "plain", 120, 40)
	c.Rest(300 * time.Millisecond)
	before := len(c.Raw())
	time.Sleep(2 * time.Second)
	if sent := c.Raw()[before:]; sent != "" {
		t.Errorf("%d bytes in two seconds: %q", len(sent), sent)
	}
}

// TestResizeStorm: hundreds of sizes a second, odd ones among them, and it is
// still the same console afterwards.
func TestResizeStorm(t *testing.T) {
	t.Parallel()
	c := openTTY(t, "plain", 120, 40)
	sizes := [][2]int{{1, 1}, {300, 100}, {40, 10}, {0, 0}, {80, 24}, {1000, 300}, {12, 3}, {200, 60}}
	for i := range 200 {
		s := sizes[i%len(sizes)]
		c.Resize(s[0], s[1])
		time.Sleep(5 * time.Millisecond)
	}
	c.Resize(100, 24)
	// Frames of earlier sizes have the same footer, and a smaller one that is still
	// to come would close the help again.
	c.Wait("it does not take the last size", func(rows []string) bool {
		return footerSays("q quit")(rows) && slices.ContainsFunc(rows, func(row string) bool {
			return strings.HasSuffix(row, "╮") && utf8.RuneCountInString(row) == 100
		})
	})
	c.Press("?")
	c.Until("narrows this page")
	c.Press("qq") // out of the help, and out
	_ = c.End()
	c.Restored()
}

// TestEnding words how a program ended.
func TestEnding(t *testing.T) {
	for _, err := range []error{errGone, syscall.EIO} {
		if e := ending(t.Context(), errors.Join(errors.New("program was killed"), err)); e == nil || !strings.Contains(e.Error(), "terminal is gone") {
			t.Errorf("%v: %v", err, e)
		}
	}
	if err := ending(t.Context(), nil); err != nil {
		t.Error(err)
	}
}
