//go:build linux

package ui

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"seatdeck/licensing"
	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model/hostile"
)

// childVar tells this test binary to be the console on the terminal it was
// given, and of what kind.
const childVar = "SEATDECK_UI_TEST_CHILD"

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
	o := rig.Options{Users: 60}
	if kind == "hostile" {
		o.Set = map[string]string{"fault": "hostile"}
	}
	r := newRig(t, o)
	instances := &fragile{Instances: rig.Instances{r}}
	if kind == "panic" {
		time.AfterFunc(time.Second, func() { instances.broken.Store(true) })
	}
	err := Run(ctx, Options{Instances: instances, Getenv: os.Getenv, Environ: os.Environ(), Clock: licensing.SystemClock{}})
	if err != nil {
		os.Stdout.WriteString("ended: " + err.Error() + "\n")
	}
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

// tty is a console on a pseudo-terminal.
type tty struct {
	t      *testing.T
	cmd    *exec.Cmd
	master *os.File
	fd     int
	before *unix.Termios

	mu  sync.Mutex
	out bytes.Buffer
	end chan error
}

func openTTY(t *testing.T, kind string, w, h int, env ...string) *tty {
	t.Helper()
	c := &tty{t: t, end: make(chan error, 1)}
	c.cmd = exec.Command(os.Args[0], "-test.run=^TestChild$")
	c.cmd.Env = append(os.Environ(), append([]string{childVar + "=" + kind, "TERM=xterm-256color", "LANG=C.UTF-8", "LC_ALL=", "NO_COLOR="}, env...)...)
	master, slave, err := pty.Open()
	if err != nil {
		t.Skipf("no pseudo-terminal here: %v", err)
	}
	c.master = master
	if err := pty.Setsize(master, &pty.Winsize{Rows: uint16(h), Cols: uint16(w)}); err != nil {
		t.Fatal(err)
	}
	// Asking for the descriptor makes reads uninterruptible; undo that, so that
	// closing it really takes the terminal away.
	c.fd = int(master.Fd())
	if err := unix.SetNonblock(c.fd, true); err != nil {
		t.Fatal(err)
	}
	c.before = c.modes()
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = slave, slave, slave
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = slave.Close()
	go c.collect()
	go func() { c.end <- c.cmd.Wait() }()
	t.Cleanup(func() { _ = c.cmd.Process.Kill(); _ = master.Close() })
	c.until("settings live")
	return c
}

func (c *tty) modes() *unix.Termios {
	c.t.Helper()
	m, err := unix.IoctlGetTermios(c.fd, unix.TCGETS)
	if err != nil {
		c.t.Fatal(err)
	}
	return m
}

func (c *tty) collect() {
	buf := make([]byte, 32<<10)
	for {
		n, err := c.master.Read(buf)
		c.mu.Lock()
		c.out.Write(buf[:n])
		c.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (c *tty) text() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.out.String()
}

// until waits for text to arrive.
func (c *tty) until(want string) {
	c.t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !strings.Contains(sequences.ReplaceAllString(c.text(), ""), want) {
		if time.Now().After(deadline) {
			c.t.Fatalf("%q never came: %q", want, c.text())
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func (c *tty) keys(s string) {
	c.t.Helper()
	if _, err := c.master.WriteString(s); err != nil {
		c.t.Fatal(err)
	}
	c.quiet(50 * time.Millisecond)
}

// quiet waits until nothing was sent for d, and says how many bytes came
// before.
func (c *tty) quiet(d time.Duration) {
	for n := -1; n != len(c.text()); {
		n = len(c.text())
		time.Sleep(d)
	}
}

// gone waits for the end of the child.
func (c *tty) gone(within time.Duration) {
	c.t.Helper()
	select {
	case <-c.end:
	case <-time.After(within):
		c.t.Fatalf("it is still there after %s: %q", within, c.text())
	}
}

// restored fails the test unless the terminal is as it was found.
func (c *tty) restored() {
	c.t.Helper()
	c.quiet(50 * time.Millisecond)
	out := c.text()
	if last := strings.LastIndex(out, "\x1b[?1049h"); last < 0 || !strings.Contains(out[last:], "\x1b[?1049l") {
		c.t.Error("the alternate screen was not left")
	}
	if hidden := strings.LastIndex(out, "\x1b[?25l"); hidden >= 0 && !strings.Contains(out[hidden:], "\x1b[?25h") {
		c.t.Error("the cursor stays hidden")
	}
	for _, mode := range []string{"1000", "1002", "1003", "1006", "2004"} {
		if on := strings.LastIndex(out, "\x1b[?"+mode+"h"); on >= 0 && !strings.Contains(out[on:], "\x1b[?"+mode+"l") {
			c.t.Errorf("mode %s stays on", mode)
		}
	}
	if after := c.modes(); *after != *c.before {
		c.t.Errorf("the terminal's modes are %+v, were %+v", after, c.before)
	}
}

func TestTerminalRestored(t *testing.T) {
	endings := map[string]func(*tty){
		"q":       func(c *tty) { c.keys("q") },
		"ctrl+c":  func(c *tty) { c.keys("\x03") },
		"mouse":   func(c *tty) { c.keys("M"); c.keys("q") },
		"SIGTERM": func(c *tty) { _ = c.cmd.Process.Signal(syscall.SIGTERM) },
		"SIGHUP":  func(c *tty) { _ = c.cmd.Process.Signal(syscall.SIGHUP) },
		"SIGQUIT": func(c *tty) { _ = c.cmd.Process.Signal(syscall.SIGQUIT) },
	}
	for name, ending := range endings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := openTTY(t, "plain", 120, 40)
			ending(c)
			c.gone(3 * time.Second)
			c.restored()
		})
	}
	t.Run("panic", func(t *testing.T) {
		t.Parallel()
		c := openTTY(t, "panic", 120, 40)
		time.Sleep(time.Second)
		_, _ = c.master.WriteString("2")
		c.gone(3 * time.Second)
		c.restored()
		if !strings.Contains(c.text(), "a fault of its own") {
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
			_ = c.master.Close()
			c.gone(2 * time.Second)
		})
	}
}

// TestIdle: a console that is left alone sends nothing.
func TestIdle(t *testing.T) {
	t.Parallel()
	c := openTTY(t, "plain", 120, 40)
	c.quiet(300 * time.Millisecond)
	before := len(c.text())
	time.Sleep(2 * time.Second)
	if n := len(c.text()) - before; n != 0 {
		t.Errorf("%d bytes in two seconds: %q", n, c.text()[before:])
	}
}

// TestResizeStorm: hundreds of sizes a second, odd ones among them, and it is
// still the same console afterwards.
func TestResizeStorm(t *testing.T) {
	t.Parallel()
	c := openTTY(t, "plain", 120, 40)
	sizes := [][2]uint16{{1, 1}, {300, 100}, {40, 10}, {0, 0}, {80, 24}, {1000, 300}, {12, 3}, {200, 60}}
	for i := range 200 {
		s := sizes[i%len(sizes)]
		if err := pty.Setsize(c.master, &pty.Winsize{Cols: s[0], Rows: s[1]}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Millisecond)
	}
	if err := pty.Setsize(c.master, &pty.Winsize{Cols: 100, Rows: 24}); err != nil {
		t.Fatal(err)
	}
	c.quiet(200 * time.Millisecond)
	c.keys("?")
	if !strings.Contains(sequences.ReplaceAllString(c.text(), ""), "narrows this page") {
		t.Error("it does not answer any more")
	}
	c.keys("q")
	c.keys("q")
	c.gone(3 * time.Second)
	c.restored()
}

// sequences are the only ones that may reach the terminal: styles, places,
// erasing, scrolling, repeated letters, tab stops, modes, questions about modes, the
// keyboard protocol and the shape of the cursor. No title, no clipboard, no
// link, no string of any kind.
var sequences = regexp.MustCompile("\x1b\\[(?:[0-9;]*[mHABCDGdKJXPLMST@Zbr]|\\?[0-9;]+[hl]|\\?5W|\\?[0-9]+\\$p|[<>=?][0-9;]*u|[0-9]* q|>[0-9;]*m)|\x1bM|\x1b[78]|\x1b[=>]")

// TestHostileOnTheWire: whatever the instance puts into names, e-mails,
// licensees and errors, no control, no invisible and no turned letter reaches
// the terminal outside our own sequences.
func TestHostileOnTheWire(t *testing.T) {
	t.Parallel()
	c := openTTY(t, "hostile", 120, 40)
	for _, keys := range []string{"1\r", "e", "\x1b", "2\r", "\x04", "\r", "\x1b", "b", "\x1b", "\x1b", "3\r", "\x1b", "4\r", "\r", "\x1b", "\x1b", "m", "\x1b", ":", "\x1b", "?", "\x1b"} {
		c.keys(keys)
		time.Sleep(60 * time.Millisecond) // a lone escape is one only after a pause
	}
	c.keys("q")
	c.gone(3 * time.Second)
	rest := sequences.ReplaceAllString(c.text(), "\n")
	for line := range strings.FieldsFuncSeq(rest, func(r rune) bool { return strings.ContainsRune("\r\n\b\t", r) }) {
		if err := hostile.Check(line); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
	}
	if len(rest) < 10_000 {
		t.Errorf("only %d bytes were looked at", len(rest))
	}
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
