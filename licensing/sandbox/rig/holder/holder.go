// Package holder has a test binary start itself once more, as another process
// that holds something: a lock, most of the time.
//
// Only tests may import it. What is held, and how, the tests know; a holder that
// its test forgets ends with it.
package holder

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
)

// verb is the argument by which a test binary knows that it is a holder; the one
// after it says of what.
const verb = "rig-hold"

// Asked returns what this process was started to hold, "" when it is none.
// TestMain asks it first.
func Asked() string {
	if len(os.Args) != 3 || os.Args[1] != verb {
		return ""
	}
	return os.Args[2]
}

// Hold says how taking it went, keeps it until the process is killed or let go,
// and returns the code to exit with.
func Hold(err error) int {
	fmt.Println("holding", err)
	_, _ = io.Copy(io.Discard, os.Stdin)
	return 0
}

// Process is a process that holds something.
type Process struct {
	PID int
	cmd *exec.Cmd
	in  io.Closer // its end lets go
}

// Start starts a holder and returns once it holds.
func Start(t testing.TB, what string) *Process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, verb, what)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	p := &Process{PID: cmd.Process.Pid, cmd: cmd, in: in}
	t.Cleanup(p.Release)
	var word, state string
	if _, err := fmt.Fscan(out, &word, &state); err != nil || state != "<nil>" {
		t.Fatalf("the holder says %q %q, %v", word, state, err)
	}
	return p
}

// Kill ends the process in the way that cannot be caught.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill()
	p.Release()
}

// Release has the process let go, and waits for its end. The second time there
// is nothing to do.
func (p *Process) Release() {
	_ = p.in.Close()
	_ = p.cmd.Wait()
}
