package survive

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"seatdeck/licensing/sandbox/rig/holder"
	"seatdeck/licensing/sandbox/rig/terminal"
	"seatdeck/storage"
)

// program is the program, built by TestMain.
var program string

func TestMain(m *testing.M) {
	if files := holder.Asked(); files != "" {
		os.Exit(holder.Hold(lockAll(filepath.SplitList(files))))
	}
	os.Exit(buildAndRun(m))
}

// preferMemory has the desks lie on a disk in memory where there is one with
// room. What faults leave behind is the same there, and nobody else's work on
// the real disk slows them down.
func preferMemory() {
	const disk = "/dev/shm"
	free, err := storage.Free(disk)
	if err == nil && free > 1<<30 && unix.Access(disk, unix.W_OK) == nil {
		_ = os.Setenv("TMPDIR", disk)
	}
}

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "survive")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	program = filepath.Join(dir, "seatdeck")
	if out, err := exec.Command("go", "build", "-o", program, "seatdeck").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, out)
		return 1
	}
	preferMemory()
	// Most of the time is spent in waiting for locks, jobs and screens, not in
	// computing. A flag of the command line still wins.
	if err := flag.Set("test.parallel", strconv.Itoa(2*runtime.GOMAXPROCS(0))); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// lockAll takes the kernel locks of files, for as long as the process lives.
func lockAll(files []string) error {
	for _, name := range files {
		fd, err := unix.Open(name, unix.O_RDWR, 0)
		if err != nil {
			return err
		}
		if err := unix.Flock(fd, unix.LOCK_EX); err != nil {
			return err
		}
	}
	return nil
}

// result is how a verb ended.
type result struct {
	code     int // -1 when a signal ended it
	out, err string
	took     time.Duration
}

// said is what was told beside the data, line by line.
func (r result) said() (lines []string) {
	for line := range strings.Lines(r.err) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// verbLimit is far beyond what any verb takes; one that reaches it hangs.
const verbLimit = time.Minute

// run starts a verb at the desk's places and waits for its end.
func (d *desk) run(args ...string) result {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), verbLimit)
	defer cancel()
	var out, errs bytes.Buffer
	cmd := d.command(ctx, args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	began := time.Now()
	err := cmd.Run()
	d.loosen()
	r := result{out: out.String(), err: errs.String(), took: time.Since(began)}
	if err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok || ctx.Err() != nil {
			d.t.Fatalf("seatdeck %q: %v, %v\n%s", args, err, ctx.Err(), r.err)
		}
		r.code = exit.ExitCode()
	}
	d.healthy(args, r)
	return r
}

// healthy looks for the traces of a crash.
func (d *desk) healthy(args []string, r result) {
	d.t.Helper()
	for _, bad := range []string{"panic", "goroutine ", "SIGBUS", "SIGSEGV", "fatal error", "unexpected fault"} {
		if strings.Contains(r.out+r.err, bad) {
			d.t.Errorf("seatdeck %q crashed: %d\n%s", args, r.code, r.err)
			return
		}
	}
	if r.code == -1 || r.code == 70 {
		d.t.Errorf("seatdeck %q ends with %d\n%s", args, r.code, r.err)
	}
}

// exits runs a verb that must end with a code.
func (d *desk) exits(code int, args ...string) result {
	d.t.Helper()
	r := d.run(args...)
	if r.code != code {
		d.t.Errorf("seatdeck %q ends with %d, want %d\n%s", args, r.code, code, r.err)
	}
	return r
}

// command is a verb in a process group of its own.
func (d *desk) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir, cmd.Env = d.dir, d.environ()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.WaitDelay = 10 * time.Second
	d.tie(cmd)
	return cmd
}

// leash is a pipe whose far end a process holds, and whatever that starts: it
// ends when the last of them has ended.
type leash struct{ ours, theirs *os.File }

// tie ties a process, before it is started, to the desk.
func (d *desk) tie(cmd *exec.Cmd) {
	d.t.Helper()
	ours, theirs, err := os.Pipe()
	if err != nil {
		d.t.Fatal(err)
	}
	cmd.ExtraFiles = []*os.File{theirs}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.leashes = append(d.leashes, leash{ours, theirs})
}

// loosen lets go of the processes that have ended already.
func (d *desk) loosen() { d.release(time.Millisecond) }

// settled waits until no process works at this desk any more: a writer whose
// program was killed may finish what it began.
func (d *desk) settled() {
	d.t.Helper()
	d.release(terminal.Limit)
	if n := len(d.leashes); n > 0 {
		d.t.Fatalf("%d processes are still at work", n)
	}
}

// release waits for the ends of what was started, so long for each, and keeps
// those that do not come.
func (d *desk) release(patience time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.leashes = slices.DeleteFunc(d.leashes, func(l leash) bool {
		_ = l.theirs.Close() // the second time there is nothing left to close
		_ = l.ours.SetReadDeadline(time.Now().Add(patience))
		_, err := l.ours.Read(make([]byte, 1))
		return errors.Is(err, io.EOF) && l.ours.Close() == nil
	})
}
