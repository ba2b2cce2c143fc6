package survive

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"seatdeck/licensing/sandbox/rig/terminal"
)

func TestKills(t *testing.T) {
	t.Parallel()
	killRounds(t, 10, 3, 0)
}

// killRounds kills the program at random moments of a refresh, with or without
// the process that writes the cache, or that one alone. What is kept afterwards
// is the reading before or the one that was under way, whole; the record stays
// sound; nobody cleans up (faults R-01). So many generations take turns: a
// reading that is neither the one before nor the next one is a mistake.
func killRounds(t *testing.T, rounds, generations int, seed uint64) {
	rng := rand.New(rand.NewPCG(5, seed))
	in := newInstance(t, generation(t, 0, users))
	d := newDesk(t, in)
	verbs := [][]string{{"users", "counts"}, {"users", "counts"}, {"status"}} // the last leaves the accounts as they are
	took := map[string]time.Duration{}
	for _, verb := range verbs {
		took[verb[0]] = d.exits(0, verb...).took
	}
	now := truthOf(t, 0)

	var tally struct{ rounds, killed, fresh, writers int }
	for i := 1; tally.killed < rounds; i++ {
		tally.rounds++
		g := i % generations
		in.now.Store(generation(t, g, users))
		verb, next := verbs[i%len(verbs)], truthOf(t, g)
		if verb[0] == "status" {
			next.rows = now.rows
		}
		killed, writers := d.kill(verb, time.Duration(rng.Int64N(int64(took[verb[0]])*5/4)), way(rng.IntN(int(ways))))
		if killed {
			tally.killed++
		}
		tally.writers += writers
		d.loosen()
		working := len(d.leashes) > 0
		first := d.kept()
		got := first
		if working { // what is kept may still change
			d.settled()
			got = d.kept()
		}
		for _, seen := range []truth{first, got} {
			if why := neither(seen, now, next); why != "" {
				t.Fatalf("round %d (%s): %s", i, verb, why)
			}
		}
		if first == next && got != next {
			t.Fatalf("round %d: the new reading was there and is gone", i)
		}
		if got == next {
			tally.fresh++
		}
		now = got
	}
	d.sound()
	in.now.Store(generation(t, 1, users))
	if r := d.exits(0, "users", "counts"); len(r.said()) > 0 {
		t.Errorf("after all kills a refresh says %q", r.said())
	}
	if d.kept() != truthOf(t, 1) {
		t.Error("after all kills a refresh is not kept")
	}
	t.Logf("%d kills in %d rounds, %d of a writer, %d times the new reading, never a mix, nothing to clean up", tally.killed, tally.rounds, tally.writers, tally.fresh)
}

// neither says what is wrong with a reading that is not the one before nor the
// next one. The facts of a refresh are kept first, then facts and accounts
// together; so new facts beside the accounts of before are no mix: each carries
// its own age.
func neither(got, before, next truth) string {
	switch {
	case got.facts == "" || got.rows == "":
		return fmt.Sprintf("a reading is lost: %+v", got)
	case got.facts != before.facts && got.facts != next.facts:
		return fmt.Sprintf("facts are a mix:\n%s\nbefore %s\nnext   %s", got.facts, before.facts, next.facts)
	case got.rows != before.rows && got.rows != next.rows:
		return fmt.Sprintf("accounts are a mix:\n%s\nbefore %s\nnext   %s", got.rows, before.rows, next.rows)
	case got.rows == next.rows && next.rows != before.rows && got.facts != next.facts:
		return "new accounts beside old facts"
	}
	return ""
}

// way is whom a kill hits.
type way int

const (
	programOnly way = iota // its process group
	both
	writerOnly
	ways
)

// kill starts a verb and kills at the moment. It reports whether somebody was
// hit, and how many writers.
func (d *desk) kill(verb []string, at time.Duration, w way) (hit bool, writers int) {
	d.t.Helper()
	cmd := d.command(d.t.Context(), verb...)
	if err := cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	time.Sleep(at) // the moment is what this is about
	children := childrenOf(cmd.Process.Pid)
	if w != writerOnly {
		// The group, not only its leader. It fails when all are gone already.
		hit = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) == nil
	}
	if w != programOnly {
		for _, pid := range children {
			if syscall.Kill(pid, syscall.SIGKILL) == nil {
				hit, writers = true, writers+1
			}
		}
	}
	err := cmd.Wait()
	if w == writerOnly && err != nil {
		d.t.Errorf("the program ends with %v when its writer is killed", err)
	}
	return hit && (w == writerOnly || err != nil), writers
}

// childrenOf lists the processes that a process started.
func childrenOf(pid int) (found []int) {
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, task := range tasks {
		b, _ := os.ReadFile(task) // gone when the process is
		for _, f := range strings.Fields(string(b)) {
			if n, err := strconv.Atoi(f); err == nil {
				found = append(found, n)
			}
		}
	}
	return found
}

// The children that the test above kills are really found.
func TestChildrenAreFound(t *testing.T) {
	t.Parallel()
	cmd := exec.Command("sh", "-c", "sleep 60 & wait")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait()
	}()
	limit := time.Now().Add(terminal.Limit)
	for len(childrenOf(cmd.Process.Pid)) == 0 {
		if time.Now().After(limit) {
			t.Fatal("the child is not found")
		}
		time.Sleep(time.Millisecond)
	}
}
