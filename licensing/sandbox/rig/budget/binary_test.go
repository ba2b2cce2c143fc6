package budget

import (
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"
)

// initMax and initsMax are budget B4, in milliseconds.
const (
	initMax  = 2
	initsMax = 4
)

var initLine = regexp.MustCompile(`(?m)^init (\S+) @\S+ ms, (\S+) ms clock`)

// inits runs the program and returns how long each package's init took, in
// milliseconds.
func inits(tb testing.TB) map[string]float64 {
	tb.Helper()
	cmd := exec.CommandContext(tb.Context(), program(tb, seatdeck), "version")
	cmd.Env = []string{"GODEBUG=inittrace=1"}
	out, err := cmd.CombinedOutput()
	if err != nil {
		tb.Fatalf("%v\n%s", err, out)
	}
	all := map[string]float64{}
	for _, m := range initLine.FindAllStringSubmatch(string(out), -1) {
		if all[m[1]], err = strconv.ParseFloat(m[2], 64); err != nil {
			tb.Fatal(err)
		}
	}
	if len(all) < 10 {
		tb.Fatalf("only %d inits in the trace:\n%s", len(all), out)
	}
	return all
}

// Nothing may be worked out before main: every verb and every frame waits for
// it. Each package counts with the best of some runs, because a run that is
// interrupted by another process says nothing about the package.
func TestInits(t *testing.T) {
	best := inits(t)
	for range 9 {
		for pkg, took := range inits(t) {
			best[pkg] = min(best[pkg], took)
		}
	}
	sum, worst, slowest := 0.0, 0.0, ""
	for pkg, took := range best {
		if sum += took; took > worst {
			worst, slowest = took, pkg
		}
	}
	t.Logf("%d inits take %.2f ms, budget %d; the slowest is %s with %.2f ms, budget %d", len(best), sum, initsMax, slowest, worst, initMax)
	// A time is no fact about the program on a machine that others use. Five
	// times the budget is: the table that go-runewidth once worked out took 25 ms.
	if worst > 5*initMax || sum > 5*initsMax {
		t.Error("something is worked out before main")
	}
}

// Budget B18, in bytes, and what the test refuses. The budget is for the release
// build, to the byte, and .ci/run holds it; this test leaves room for untrimmed
// paths and other compilers.
const (
	binaryBudget = 20_000_000
	binaryMax    = 21_000_000
)

// The stripped program does not become large at once. What does that is a call
// of a method by a name that the linker cannot see, as text/template and resolvers
// found by reflection have it: every exported method of every library is kept
// then, some 6 MB. Paths are not trimmed here, so that the program is, if
// anything, larger than a release.
func TestBinary(t *testing.T) {
	info, err := os.Stat(program(t, seatdeck))
	if err != nil {
		t.Fatal(err)
	}
	size := float64(info.Size()) / 1e6
	t.Logf("the program has %.1f MB, budget %.1f", size, binaryBudget/1e6)
	if info.Size() > binaryMax {
		t.Errorf("the program has %.1f MB, more than %.1f", size, binaryMax/1e6)
	}
}
