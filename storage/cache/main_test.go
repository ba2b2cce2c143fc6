package cache

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"seatdeck/model"
	"seatdeck/storage"
)

// The test binary is its own child: the first argument says so.
const (
	argChild = "cache-child"
	argDying = "cache-child-dying" // the same, killed after so many microseconds
	argBench = "cache-load"        // load facts and roster from a folder, print memory
)

func TestMain(m *testing.M) {
	verb := ""
	if len(os.Args) > 1 {
		verb = os.Args[1]
	}
	switch verb {
	case argChild:
		endAtOnce()
		os.Exit(Child(context.Background(), os.Stdin, os.Stdout, os.Args[2:]))
	case argDying:
		us, err := strconv.Atoi(os.Args[2])
		if err != nil {
			os.Exit(3)
		}
		time.AfterFunc(time.Duration(us)*time.Microsecond, func() { _ = unix.Kill(os.Getpid(), unix.SIGKILL) })
		os.Exit(Child(context.Background(), os.Stdin, os.Stdout, nil))
	case argBench:
		os.Exit(printPeak(os.Args[2]))
	}
	preferMemory()
	os.Exit(m.Run())
}

// endAtOnce starts a child anew that looks for races: a child has no environment,
// and without a word in it each would wait a second at its end for more of them.
func endAtOnce() {
	const word = "GORACE=atexit_sleep_ms=0"
	info, ok := debug.ReadBuildInfo()
	if ok && len(os.Environ()) == 0 && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		_ = unix.Exec("/proc/self/exe", os.Args, []string{word})
	}
}

// preferMemory has the tests keep their files on a disk in memory where there
// is one with room: they make and remove thousands. What a killed process or a
// damaged file leaves behind is the same there. Benchmarks use the real disk.
func preferMemory() {
	flag.Parse()
	const disk = "/dev/shm"
	free, err := storage.Free(disk)
	if flag.Lookup("test.bench").Value.String() == "" && err == nil && free > 1<<30 && unix.Access(disk, unix.W_OK) == nil {
		_ = os.Setenv("TMPDIR", disk)
	}
}

// today is the clock of all tests.
var today = time.Date(2026, 3, 2, 9, 52, 0, 0, time.UTC)

func testCaller() storage.Caller {
	return storage.Self(func(string) (string, bool) { return "", false })
}

func testConfig(t testing.TB, dir string) Config {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return Config{
		Place:  placeOf(dir),
		Caller: testCaller(),
		User:   "alice",
		Argv:   []string{self, argChild},
		Now:    func() time.Time { return today },
	}
}

// newCache returns a cache in a folder of its own.
func newCache(t testing.TB) *Cache {
	t.Helper()
	return New(testConfig(t, filepath.Join(t.TempDir(), "instance")))
}

// testFacts are facts that name the roster they were saved beside.
func testFacts(label, roster string) *model.Facts {
	return &model.Facts{
		Instance: label, Host: roster, ReadAt: today,
		Metadata: model.Read(model.Metadata{Version: model.Version{Major: 18, Minor: 2, Suffix: "ee"}}, model.Live(today)),
		License:  model.Read(model.License{Kind: model.KindOnlineCloud, Seats: model.Some(120), Daily: model.None[int]()}, model.Live(today)),
	}
}

// testRoster is a roster in which every account carries the label.
func testRoster(label string, n int, complete bool) *model.Roster {
	type key struct {
		label    string
		n        int
		complete bool
	}
	k := key{label, n, complete}
	if n > 10_000 {
		return makeRoster(label, n, complete)
	}
	if r, ok := rosters.Load(k); ok {
		return r.(*model.Roster)
	}
	r := makeRoster(label, n, complete)
	rosters.Store(k, r)
	return r
}

// rosters keeps the rosters that tests compare with again and again.
var rosters sync.Map

func makeRoster(label string, n int, complete bool) *model.Roster {
	b := model.NewRosterBuilder(n)
	for i := range n {
		b.Add(model.Account{
			ID:       int64(i + 1),
			Username: model.Clean(fmt.Sprintf("user%06d", i)),
			Name:     model.Clean(fmt.Sprintf("%s Person %d", label, i)),
			Email:    model.Clean(fmt.Sprintf("user%06d@example.com", i)),
			State:    model.StateActive, Created: model.Date(2024, 1, 1) + model.Day(i%700),
			LastActivity: model.Date(2026, 1, 1) + model.Day(i%60), Flags: model.FlagSeatKnown | model.Flags(i%2)*model.FlagSeat,
		})
	}
	return b.Build(model.Live(today), complete)
}

func mustSave(t testing.TB, c *Cache, label, rosterLabel string, r *model.Roster) {
	t.Helper()
	if err := c.Save(t.Context(), testFacts(label, rosterLabel), r); err != nil {
		t.Fatalf("save %s: %v", label, err)
	}
}

func placeOf(dir string) storage.Place { return storage.Place{Dir: dir, Modes: storage.Private} }
