package survive

import (
	"bytes"
	"os/exec"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"seatdeck/licensing/sandbox"
)

// TestOverlap starts several syncs at once.
func TestOverlap(t *testing.T) {
	t.Parallel()
	overlap(t, 6)
}

// overlap starts so many processes that sync at the same moment, every second
// one with patience. One syncs; who waits gets its result, and who does not is
// told to come later.
func overlap(t *testing.T, processes int) {
	began := time.Now()
	var goes atomic.Bool // the instance's clock, so that no sync ends before all have begun
	s, d := actorAt(t, "ultimate", "write", func() time.Time {
		if goes.Load() {
			return time.Now()
		}
		return began
	})
	d.exits(0, "status")
	already := licenceReads(s)
	gate := make(chan bool)
	codes := make(chan [2]int, processes)
	for i := range processes {
		args := []string{"sync", "run", "--yes", "--quiet"}
		if i%2 == 1 {
			args = append(args, "--wait=2m")
		}
		go func() {
			<-gate
			var errs bytes.Buffer
			cmd := d.command(t.Context(), args...)
			cmd.Stderr = &errs
			code := 0
			if err := cmd.Run(); err != nil {
				code = -1
				if exit, ok := err.(*exec.ExitError); ok {
					code = exit.ExitCode()
				}
			}
			if code != 0 && code != 75 {
				t.Errorf("seatdeck %q ends with %d: %s", args, code, &errs)
			}
			codes <- [2]int{i % 2, code}
		}()
	}
	close(gate)
	for licenceReads(s)-already <= processes { // each reads it once before it waits, and who syncs once more
		time.Sleep(5 * time.Millisecond) // other processes begin when they begin
	}
	goes.Store(true)
	ended := map[[2]int]int{}
	for range processes {
		ended[<-codes]++
	}
	asked, syncs := asks(s), 0
	for _, e := range s.Events() {
		if e.Kind == "seat_link" && e.Job != "" && !e.Time.Before(began) {
			syncs++
		}
	}
	if asked != 1 || syncs != 1 {
		t.Errorf("the server was asked %d times and synced %d times", asked, syncs)
	}
	if n := ended[[2]int{1, 0}]; n != processes/2 {
		t.Errorf("%d of %d that wait get the result", n, processes/2)
	}
	d.sound()
	t.Logf("%d at once in %s: 1 sync; without patience %d done and %d told to come later; with it %d done and %d told",
		processes, time.Since(began).Round(time.Second), ended[[2]int{0, 0}], ended[[2]int{0, 75}], ended[[2]int{1, 0}], ended[[2]int{1, 75}])
}

func licenceReads(s *sandbox.Server) int {
	return len(slices.DeleteFunc(s.Requests(), func(q sandbox.Request) bool { return q.Path != "/api/v4/license" }))
}

// asks counts how often the instance was asked to sync by the server.
func asks(s *sandbox.Server) int {
	return len(slices.DeleteFunc(s.Requests(), func(q sandbox.Request) bool { return q.Operation != "host.sync" }))
}
