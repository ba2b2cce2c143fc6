package budget

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// programs is where the programs are built, once for all tests.
var programs struct {
	sync.Mutex
	dir   string
	built map[string]string
}

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "seatdeck-budget-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	programs.dir, programs.built = dir, map[string]string{}
	return m.Run()
}

// The programs: ours, and the yardsticks.
const (
	seatdeck = "seatdeck"
	bare     = "./testdata/bare"
	hello    = "./testdata/hello"
)

// program returns a program's path, stripped and without C as a release is; the
// yardsticks are built alike. Release builds also trim paths, which changes sizes
// by a few kilobytes only, but would have every package compiled a second time
// here.
func program(tb testing.TB, pkg string) string {
	tb.Helper()
	programs.Lock()
	defer programs.Unlock()
	if path, ok := programs.built[pkg]; ok {
		return path
	}
	path := filepath.Join(programs.dir, filepath.Base(pkg))
	cmd := exec.CommandContext(tb.Context(), "go", "build", "-ldflags", "-s -w", "-o", path, pkg)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		tb.Fatalf("build %s: %v\n%s", pkg, err, out)
	}
	programs.built[pkg] = path
	return path
}

// installed returns a program's path after it was copied, as whatever installs it
// does. The linker writes through a memory map, page by page, and the kernel keeps
// such a file in single pages, which makes each start of a large program slower
// than it is for anybody who did not just build it.
func installed(tb testing.TB, pkg string) string {
	tb.Helper()
	built := program(tb, pkg)
	path := built + ".installed"
	b, err := os.ReadFile(built)
	if err == nil {
		err = os.WriteFile(path, b, 0o700)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return path
}
