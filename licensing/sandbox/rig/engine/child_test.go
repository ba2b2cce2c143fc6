package engine

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"seatdeck/licensing/sandbox"
	"seatdeck/model"
)

// envChild makes the test binary a process that applies one plan.
const envChild = "ENGINE_TEST_CHILD"

// errand is what such a process does, and where it stops for good.
type errand struct {
	Dir  string
	URL  string
	Plan model.ChangePlan
	Die  string // a point on the way; "" goes to the end
	Real bool
	Road behaviour
	Time time.Time // epoch of the clock
}

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == sandbox.RunnerVerb {
		os.Exit(sandbox.Runner(context.Background(), os.Args[2:], os.Stdin, os.Stdout, os.Stderr))
	}
	if order := os.Getenv(envChild); order != "" {
		child(order)
		return
	}
	// Nearly all of these tests wait for processes, not for the processor.
	flag.Parse()
	_ = flag.Set("test.parallel", "8")
	os.Exit(m.Run())
}

// child applies the plan. It says when it has reached the point where it is to
// be killed, or how it ended.
func child(order string) {
	var e errand
	if err := json.Unmarshal([]byte(order), &e); err != nil {
		panic(err)
	}
	w := world{dir: e.Dir, url: e.URL, mode: model.ModeWrite, user: 1, real: e.Real, road: e.Road, epoch: e.Time, reach: func(point string) {
		if point == e.Die {
			fmt.Println("here")
			select {}
		}
	}}
	consent, err := e.Plan.Agree(e.Plan.Phrase(), e.Plan.Made)
	if err != nil {
		panic(err)
	}
	d := w.desk()
	defer d.Close()
	res, failed := d.Apply(context.Background(), e.Plan, consent, nil)
	fmt.Println(res.Outcome)
	os.Exit(max(res.ExitCode(), model.ExitCode(failed)))
}

// process is a child at work.
type process struct {
	cmd  *exec.Cmd
	said *bufio.Scanner
}

func start(t testing.TB, e errand) process {
	t.Helper()
	b, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), envChild+"="+string(b))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return process{cmd, bufio.NewScanner(out)}
}

// line waits for what the child says next.
func (p process) line() string {
	if !p.said.Scan() {
		return ""
	}
	return p.said.Text()
}

// kill ends the child as kill -9 does.
func (p process) kill(t testing.TB) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.cmd.Wait()
}
