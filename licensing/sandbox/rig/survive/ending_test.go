package survive

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"seatdeck/licensing/sandbox/rig/terminal"
)

// ending is a way in which a console ends.
type ending struct {
	name   string
	end    func(*terminal.Console)
	gone   bool // its terminal went away: it must end soon, and there is nothing to restore
	killed bool // it cannot be caught
	deaf   bool // the console was started to ignore SIGHUP
}

func keys(all ...string) func(*terminal.Console) {
	return func(c *terminal.Console) {
		for i, k := range all {
			if i > 0 {
				c.Rest(50 * time.Millisecond)
			}
			c.Press(k)
		}
	}
}

func signalled(s os.Signal) func(*terminal.Console) {
	return func(c *terminal.Console) { c.Signal(s) }
}

// endings are the thirteen ways to end a console.
var endings = []ending{
	{name: "q", end: keys("q")},
	{name: "ctrl+c", end: keys("\x03")},
	{name: "ctrl+c in a pane", end: keys("2", "\r", "\x03")},
	{name: "ctrl+c in the help", end: keys("?", "\x03")},
	{name: "ctrl+c in the palette", end: keys(":", "\x03")},
	{name: "q with the mouse on", end: keys("M", "q")},
	{name: "SIGINT", end: signalled(os.Interrupt)},
	{name: "SIGTERM", end: signalled(syscall.SIGTERM)},
	{name: "SIGHUP", end: signalled(syscall.SIGHUP)},
	{name: "SIGQUIT", end: signalled(syscall.SIGQUIT)},
	{name: "SIGKILL", end: signalled(syscall.SIGKILL), killed: true},
	{name: "the connection drops", end: (*terminal.Console).Cut, gone: true},
	{name: "the connection drops, and SIGHUP is ignored", end: (*terminal.Console).Cut, gone: true, deaf: true},
}

// soon is within which a console is gone whose terminal went away (faults R-10).
const soon = 2 * time.Second

func TestEndings(t *testing.T) {
	t.Parallel()
	endConsoles(t, 1)
}

// endConsoles ends consoles in each way so often. Whatever can be caught leaves
// the terminal as it was.
func endConsoles(t *testing.T, times int) {
	d := plainDesk(t)
	d.exits(0, "users", "counts")
	slowest := make(chan time.Duration, times*len(endings))
	t.Run("all", func(t *testing.T) {
		for _, e := range endings {
			t.Run(e.name, func(t *testing.T) {
				t.Parallel()
				for range times {
					took := e.once(t, d)
					if e.gone {
						slowest <- took
					}
				}
			})
		}
	})
	close(slowest)
	var most time.Duration
	for took := range slowest {
		most = max(most, took)
	}
	t.Logf("%d ways to end, %d times each; gone %s after the connection at the latest", len(endings), times, most.Round(time.Millisecond))
}

// once ends one console, and returns how long that took.
func (e ending) once(t *testing.T, d *desk) time.Duration {
	t.Helper()
	cmd := exec.Command(program)
	if e.deaf {
		cmd = exec.Command("sh", "-c", `trap "" HUP; exec "$0"`, program)
	}
	cmd.Dir, cmd.Env = d.dir, d.environ()
	c := terminal.Open(t, cmd, wideCols, highRows)
	c.Wait("it never comes to the end of reading", func(rows []string) bool {
		return strings.Contains(rows[len(rows)-1], "R read again")
	})
	began := time.Now()
	e.end(c)
	_ = c.End()
	took := time.Since(began)
	switch {
	case e.gone && took > soon:
		t.Errorf("%s after its terminal it is still there", took)
	case !e.gone && !e.killed:
		c.Restored()
	}
	return took
}
