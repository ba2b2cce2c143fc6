package survive

import (
	"bytes"
	"context"
	"fmt"
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

// The terminal of every console here.
const (
	wideCols = 120
	highRows = 40
)

// consoleLimit is far beyond what the console takes for anything.
const consoleLimit = 30 * time.Second

// console is the program on a pseudo-terminal.
type console struct {
	t      *testing.T
	cmd    *exec.Cmd
	pty    *os.File // our end
	tty    *os.File // its end, kept open to look at the modes afterwards
	before unix.Termios
	ended  chan struct{}
	err    error // how it ended

	mu      sync.Mutex
	screen  *screen
	raw     bytes.Buffer
	touched time.Time // when something was drawn last
}

// console starts the program on a terminal.
func (d *desk) console(args ...string) *console {
	t := d.t
	t.Helper()
	c := &console{t: t, screen: newScreen(wideCols, highRows), ended: make(chan struct{}), touched: time.Now()}
	var err error
	if c.pty, c.tty, err = pty.Open(); err != nil {
		t.Fatal(err)
	}
	if err := pty.Setsize(c.pty, &pty.Winsize{Rows: highRows, Cols: wideCols}); err != nil {
		t.Fatal(err)
	}
	c.before = c.modes()
	ctx, cancel := context.WithCancel(context.Background())
	c.cmd = exec.CommandContext(ctx, program, args...)
	c.cmd.Dir, c.cmd.Env = d.dir, d.environ()
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = c.tty, c.tty, c.tty
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go c.read()
	go func() {
		c.err = c.cmd.Wait()
		close(c.ended)
	}()
	t.Cleanup(func() {
		cancel()
		<-c.ended
		_ = c.tty.Close()
		_ = c.pty.Close()
	})
	return c
}

func (c *console) modes() unix.Termios {
	c.t.Helper()
	m, err := unix.IoctlGetTermios(int(c.tty.Fd()), unix.TCGETS)
	if err != nil {
		c.t.Fatal(err)
	}
	return *m
}

func (c *console) read() {
	b := make([]byte, 64<<10)
	for {
		n, err := c.pty.Read(b)
		c.mu.Lock()
		c.screen.write(b[:n])
		c.raw.Write(b[:n])
		c.touched = time.Now()
		c.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// rows is what the terminal shows now.
func (c *console) rows() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.screen.lines()
}

func (c *console) shows(text string) bool {
	return strings.Contains(strings.Join(c.rows(), "\n"), text)
}

// until waits until the screen shows every text.
func (c *console) until(texts ...string) {
	c.t.Helper()
	c.wait("it never shows "+strings.Join(texts, " and "), func() bool {
		for _, text := range texts {
			if !c.shows(text) {
				return false
			}
		}
		return true
	})
}

// still waits until nothing was drawn for a while, and returns the screen.
func (c *console) still() []string {
	c.t.Helper()
	c.wait("it never comes to rest", func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return time.Since(c.touched) > 400*time.Millisecond
	})
	return c.rows()
}

// wait looks again and again until what is true, for as long as the console
// lives. It gives up only on one that rests: that neither drew nor computed
// anything for the limit, however slow the machine is.
func (c *console) wait(otherwise string, what func() bool) {
	c.t.Helper()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	began, rests, sign := time.Now(), time.Now(), ""
	for !what() {
		if now := c.sign(); now != sign {
			rests, sign = time.Now(), now
		}
		if time.Since(rests) > consoleLimit || time.Since(began) > 10*consoleLimit {
			c.t.Fatalf("the console: %s:\n%s", otherwise, strings.Join(c.rows(), "\n"))
		}
		select {
		case <-c.ended:
			c.t.Fatalf("the console ended with %v:\n%s", c.err, strings.Join(c.rows(), "\n"))
		case <-look.C:
		}
	}
}

// sign is a sign of life: it changes whenever the console has drawn, has used
// the processor, or has started or lost a child.
func (c *console) sign() string {
	c.mu.Lock()
	drawn := c.raw.Len()
	c.mu.Unlock()
	used := ""
	// The times in user and system mode are the 14th and 15th field; the name
	// before them is ours and has no blanks.
	if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", c.cmd.Process.Pid)); err == nil {
		if f := strings.Fields(string(stat)); len(f) > 14 {
			used = f[13] + " " + f[14]
		}
	}
	return fmt.Sprint(drawn, used, childrenOf(c.cmd.Process.Pid))
}

func (c *console) press(keys string) {
	c.t.Helper()
	if _, err := c.pty.WriteString(keys); err != nil {
		c.t.Fatal(err)
	}
}

// alive fails the test when the console has ended.
func (c *console) alive() {
	c.t.Helper()
	select {
	case <-c.ended:
		c.t.Fatalf("the console ended with %v:\n%s", c.err, strings.Join(c.rows(), "\n"))
	default:
	}
}

// talk is the row above the last one, where trouble is told.
func (c *console) talk() string { return c.rows()[highRows-2] }

// quit presses q: the console ends well and leaves the terminal as it was.
func (c *console) quit() {
	c.t.Helper()
	c.alive()
	c.press("q")
	select {
	case <-c.ended:
	case <-time.After(consoleLimit):
		c.t.Fatalf("q does not end the console:\n%s", strings.Join(c.rows(), "\n"))
	}
	if c.err != nil {
		c.t.Errorf("the console ends with %v", c.err)
	}
	limit := time.Now().Add(consoleLimit)
	for _, restored := range []string{"\x1b[?1049l", "\x1b[?25h"} { // the usual screen, a visible cursor
		for !c.drew(restored) && time.Now().Before(limit) {
			time.Sleep(time.Millisecond) // the last bytes may still be on their way
		}
		if !c.drew(restored) {
			c.t.Errorf("%q is missing at the end: the terminal stays changed", restored)
		}
	}
	if after := c.modes(); after != c.before {
		c.t.Errorf("the terminal's modes were %+v and are %+v", c.before, after)
	}
	if len(c.screen.strange) > 0 {
		c.t.Errorf("sequences that this terminal does not know: %q", c.screen.strange)
	}
}

func (c *console) drew(text string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return bytes.Contains(c.raw.Bytes(), []byte(text))
}
