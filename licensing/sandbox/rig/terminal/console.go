package terminal

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// Limit is after how long in which it draws nothing a program that is waited
// for counts as hanging.
const Limit = time.Minute

// Console is a program on a pseudo-terminal of its own, which ends with the
// test at the latest. To who asks, the terminal says that it shows a frame at
// once, so that nobody looks at one that is half drawn.
type Console struct {
	t      testing.TB
	cmd    *exec.Cmd
	master *os.File
	fd     int
	before unix.Termios
	ended  chan struct{}
	err    error // how it ended

	mu      sync.Mutex
	screen  *Screen
	raw     bytes.Buffer
	changed chan struct{} // closed and replaced when something was drawn
	touched time.Time     // when something was drawn or typed last
	drained bool          // nothing more will be drawn
}

// Open starts a program on a terminal of w columns and h rows. The test is
// skipped where there are no pseudo-terminals.
func Open(t testing.TB, cmd *exec.Cmd, w, h int) *Console {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Skipf("no pseudo-terminal here: %v", err)
	}
	c := &Console{t: t, cmd: cmd, master: master, ended: make(chan struct{}), screen: NewScreen(w, h), changed: make(chan struct{}), touched: time.Now()}
	// Asking for the descriptor makes reads uninterruptible; undo that, so that
	// closing it really takes the terminal away.
	c.fd = int(master.Fd())
	if err := unix.SetNonblock(c.fd, true); err != nil {
		t.Fatal(err)
	}
	c.size(w, h)
	c.before = c.modes()
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = slave.Close()
	go c.collect()
	go func() {
		c.err = cmd.Wait()
		close(c.ended)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-c.ended
		_ = master.Close()
	})
	return c
}

// canSync asks whether the terminal knows synchronized output, and doesSync is
// the answer of one that does and is not in the middle of a frame (DECRQM).
const (
	canSync  = "\x1b[?2026$p"
	doesSync = "\x1b[?2026;2$y"
)

func (c *Console) collect() {
	buf := make([]byte, 64<<10)
	for {
		n, err := c.master.Read(buf)
		if bytes.Contains(buf[:n], []byte(canSync)) {
			_, _ = c.master.WriteString(doesSync) // who is gone needs no answer
		}
		c.mu.Lock()
		_, _ = c.screen.Write(buf[:n]) // never fails
		c.raw.Write(buf[:n])
		c.drained = err != nil // EIO: nobody has the terminal any more
		c.touched = time.Now()
		close(c.changed)
		c.changed = make(chan struct{})
		c.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// look is the screen now, whether nothing more comes, and what is closed at the
// next change.
func (c *Console) look() (rows []string, drained bool, changed <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.screen.Rows(), c.drained, c.changed
}

// Rows is what the terminal shows now.
func (c *Console) Rows() []string {
	rows, _, _ := c.look()
	return rows
}

// Raw is every byte that was sent so far.
func (c *Console) Raw() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.raw.String()
}

// Wait waits until the screen is as it should be. Otherwise names what it never
// became, for the failure.
func (c *Console) Wait(otherwise string, is func(rows []string) bool) {
	c.t.Helper()
	limit := time.NewTimer(Limit)
	defer limit.Stop()
	for {
		rows, drained, changed := c.look()
		if is(rows) {
			return
		}
		if drained {
			c.t.Fatalf("%s: the program is gone:\n%s", otherwise, strings.Join(rows, "\n"))
		}
		select {
		case <-changed:
			limit.Reset(Limit)
		case <-limit.C:
			c.t.Fatalf("%s:\n%s", otherwise, strings.Join(rows, "\n"))
		}
	}
}

// Until waits until the screen shows every text.
func (c *Console) Until(texts ...string) {
	c.t.Helper()
	c.Wait("it never shows "+strings.Join(texts, " and "), func(rows []string) bool {
		all := strings.Join(rows, "\n")
		for _, text := range texts {
			if !strings.Contains(all, text) {
				return false
			}
		}
		return true
	})
}

// Rest waits until nothing was drawn or typed for d.
func (c *Console) Rest(d time.Duration) {
	c.t.Helper()
	limit := time.NewTimer(Limit)
	defer limit.Stop()
	for {
		c.mu.Lock()
		left := d - time.Since(c.touched)
		c.mu.Unlock()
		_, drained, changed := c.look()
		if drained || left <= 0 {
			return
		}
		select {
		case <-changed:
		case <-time.After(left):
		case <-limit.C:
			c.t.Fatalf("it never comes to rest:\n%s", strings.Join(c.Rows(), "\n"))
		}
	}
}

// Alive fails the test when the program has ended.
func (c *Console) Alive() {
	c.t.Helper()
	select {
	case <-c.ended:
		c.t.Fatalf("it ended with %v:\n%s", c.err, strings.Join(c.Rows(), "\n"))
	default:
	}
}

// Press types keys.
func (c *Console) Press(keys string) {
	c.t.Helper()
	c.mu.Lock()
	c.touched = time.Now()
	c.mu.Unlock()
	if _, err := c.master.WriteString(keys); err != nil {
		c.t.Fatal(err)
	}
}

// Signal sends a signal to the program.
func (c *Console) Signal(s os.Signal) {
	c.t.Helper()
	if err := c.cmd.Process.Signal(s); err != nil {
		c.t.Fatal(err)
	}
}

// Resize gives the terminal another size, which its program is told.
func (c *Console) Resize(w, h int) {
	c.t.Helper()
	c.mu.Lock()
	c.screen = NewScreen(w, h)
	c.mu.Unlock()
	c.size(w, h)
}

func (c *Console) size(w, h int) {
	c.t.Helper()
	if err := unix.IoctlSetWinsize(c.fd, unix.TIOCSWINSZ, &unix.Winsize{Row: uint16(h), Col: uint16(w)}); err != nil {
		c.t.Fatal(err)
	}
}

// Cut takes the terminal away from its program.
func (c *Console) Cut() { _ = c.master.Close() }

// End waits for the end of the program and of what it sent, and returns how it
// ended.
func (c *Console) End() error {
	c.t.Helper()
	limit := time.After(Limit)
	select {
	case <-c.ended:
	case <-limit:
		c.t.Fatalf("it is still there:\n%s", strings.Join(c.Rows(), "\n"))
	}
	for {
		_, drained, changed := c.look()
		if drained {
			return c.err
		}
		select {
		case <-changed:
		case <-limit:
			c.t.Fatal("somebody still has the terminal")
		}
	}
}

// Restored fails the test unless the terminal is as it was found: the usual
// screen, a visible cursor, no mode left on, and nothing asked of it on the way
// that it does not know. It is asked after [Console.End].
func (c *Console) Restored() {
	c.t.Helper()
	out := c.Raw()
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
	if after := c.modes(); after != c.before {
		c.t.Errorf("the terminal's modes are %+v, were %+v", after, c.before)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if strange := c.screen.Strange(); len(strange) > 0 {
		c.t.Errorf("sequences that this terminal does not know: %q", strange)
	}
}

func (c *Console) modes() unix.Termios {
	c.t.Helper()
	m, err := unix.IoctlGetTermios(c.fd, unix.TCGETS)
	if err != nil {
		c.t.Fatal(err)
	}
	return *m
}
