package survive

import (
	"os/exec"
	"testing"
	"time"

	"seatdeck/licensing/sandbox/rig/terminal"
)

// The terminal of every console here.
const (
	wideCols = 120
	highRows = 40
)

// quietFor is how long a console that has nothing to do draws nothing.
const quietFor = 400 * time.Millisecond

// console is the program on a pseudo-terminal.
type console struct {
	*terminal.Console
	t   *testing.T
	cmd *exec.Cmd
}

// console starts the program on a terminal.
func (d *desk) console(args ...string) *console {
	d.t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Dir, cmd.Env = d.dir, d.environ()
	d.tie(cmd)
	return &console{terminal.Open(d.t, cmd, wideCols, highRows), d.t, cmd}
}

// still waits until nothing was drawn for a while, and returns the screen.
func (c *console) still() []string {
	c.t.Helper()
	c.Rest(quietFor)
	c.Alive()
	return c.Rows()
}

// talk is the row above the last one, where trouble is told.
func (c *console) talk() string { return talkOf(c.Rows()) }

func talkOf(rows []string) string { return rows[highRows-2] }

// quit presses q: the console ends well and leaves the terminal as it was.
func (c *console) quit() {
	c.t.Helper()
	c.Alive()
	c.Press("q")
	if err := c.End(); err != nil {
		c.t.Errorf("the console ends with %v", err)
	}
	c.Restored()
}
