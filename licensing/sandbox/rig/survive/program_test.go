package survive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"seatdeck/storage"
)

// program is the program, built by TestMain.
var program string

// holdEnv makes this test binary a process that holds kernel locks: its value
// lists the files, separated like PATH.
const holdEnv = "SURVIVE_HOLD"

func TestMain(m *testing.M) {
	if files := os.Getenv(holdEnv); files != "" {
		os.Exit(hold(filepath.SplitList(files)))
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
	return m.Run()
}

// hold takes the locks, says so, and keeps them until its input ends.
func hold(files []string) int {
	for _, name := range files {
		f, err := os.OpenFile(name, os.O_RDWR, 0)
		if err == nil {
			err = unix.Flock(int(f.Fd()), unix.LOCK_EX)
		}
		if err != nil {
			fmt.Println(err)
			return 1
		}
		defer f.Close()
	}
	fmt.Println("held")
	_, _ = io.Copy(io.Discard, os.Stdin)
	return 0
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
	return cmd
}
