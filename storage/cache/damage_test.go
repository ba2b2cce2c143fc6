package cache

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/sys/unix"

	"seatdeck/model"
)

// snapshotRows makes a snapshot of two chunks.
const snapshotRows = 4200

// template is a folder with a snapshot, to be copied and damaged. With unclean
// the last writer was killed, so that the log of its memory table is there.
func template(t *testing.T, unclean bool) string {
	t.Helper()
	c := newCache(t)
	mustSave(t, c, "zero", "r0", testRoster("r0", snapshotRows, true))
	mustSave(t, c, "one", "r1", testRoster("r1", snapshotRows, true))
	if !unclean {
		return c.cfg.Place.Dir
	}
	for us := 4000; ; us += 1000 {
		killed := c.cfg
		killed.Argv = []string{c.cfg.Argv[0], argDying, fmt.Sprint(us)}
		err := New(killed).Save(t.Context(), testFacts("one", "r1"), testRoster("r1", snapshotRows, true))
		mem, _ := filepath.Glob(filepath.Join(c.cfg.Place.Dir, "roster", "*.mem"))
		if len(mem) > 0 {
			return c.cfg.Place.Dir
		}
		if err == nil {
			mustSave(t, c, "one", "r1", testRoster("r1", snapshotRows, true))
		}
		if us > 400000 {
			t.Fatal("no kill left a log behind")
		}
	}
}

func copyOf(t testing.TB, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "instance")
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(to, 0o700); err != nil {
		t.Fatal(err)
	}
	return to
}

// wantHonest loads from a damaged folder: the saved snapshot, or an error that
// says what is wrong; then a save must work without anybody's help.
func wantHonest(t *testing.T, dir string) (kept bool) {
	t.Helper()
	c := New(testConfig(t, dir))
	kept = honestFacts(t, c)
	kept = honestRoster(t, c) && kept
	r := testRoster("r9", 50, true)
	if err := c.Save(t.Context(), testFacts("nine", "r9"), r); err != nil {
		t.Errorf("the next save: %v", err)
		return kept
	}
	wantSame(t, c, testFacts("nine", "r9"), r)
	return kept
}

func honestFacts(t *testing.T, c *Cache) bool {
	t.Helper()
	f, err := c.Facts(t.Context())
	if err != nil {
		wantWorded(t, err)
		return false
	}
	if f.Instance != "one" || f.Host != "r1" || f.License.Value.Seats != model.Some(120) {
		t.Errorf("wrong facts: %q beside %q", f.Instance, f.Host)
	}
	return true
}

func honestRoster(t *testing.T, c *Cache) bool {
	t.Helper()
	r, err := c.Roster(t.Context())
	if err != nil {
		wantWorded(t, err)
		return false
	}
	if !slices.Equal(accounts(r), accounts(testRoster("r1", snapshotRows, true))) {
		t.Error("wrong accounts")
	}
	return true
}

func wantWorded(t *testing.T, err error) {
	t.Helper()
	if errors.Is(err, model.ErrNoCache) {
		return
	}
	e, ok := errors.AsType[*model.Error](err)
	if !ok || e.Class != model.ClassStorage || e.Msg.Empty() {
		t.Errorf("the error is not worded: %v", err)
	}
}

// hurt is a way to damage a file.
type hurt struct {
	name string
	do   func(path string) error
}

var hurts = []hurt{
	{"deleted", os.RemoveAll},
	{"emptied", func(p string) error { return os.Truncate(p, 0) }},
	{"cut in half", func(p string) error {
		info, err := os.Stat(p)
		if err != nil {
			return err
		}
		return os.Truncate(p, info.Size()/2)
	}},
	{"first byte flipped", func(p string) error { return flip(p, 0, 0xff) }},
	{"middle byte flipped", func(p string) error { return flip(p, 0.5, 0xff) }},
	{"last byte flipped", func(p string) error { return flip(p, 1, 0xff) }},
}

// flip changes one byte at the given share of the file.
func flip(path string, at float64, mask byte) error {
	b, err := os.ReadFile(path)
	if err != nil || len(b) == 0 {
		return err
	}
	b[int(at*float64(len(b)-1))] ^= mask
	return os.WriteFile(path, b, 0o600)
}

// Every kind of file, every kind of damage (faults F8, R-05).
func TestDamage(t *testing.T) {
	t.Parallel()
	for _, unclean := range []bool{false, true} {
		from := template(t, unclean)
		kinds := []string{"roster/MANIFEST", "roster/*.sst", "roster/*.vlog", "roster/KEYREGISTRY", "roster/DISCARD", "facts"}
		if unclean {
			kinds = []string{"roster/MANIFEST", "roster/*.vlog", "roster/*.mem"}
		}
		for k, kind := range kinds {
			for n, h := range hurts {
				if !thorough && kind != "facts" && (k+n)%3 != 0 {
					continue
				}
				t.Run(fmt.Sprintf("unclean=%v/%s %s", unclean, kind, h.name), func(t *testing.T) {
					t.Parallel()
					dir := copyOf(t, from)
					files, err := filepath.Glob(filepath.Join(dir, kind))
					if err != nil || len(files) == 0 {
						t.Fatalf("no %s there: %v", kind, err)
					}
					if err := h.do(files[len(files)-1]); err != nil {
						t.Fatal(err)
					}
					t.Logf("snapshot kept: %v", wantHonest(t, dir))
				})
			}
		}
	}
}

// Damage around the database.
func TestDamagedFolder(t *testing.T) {
	t.Parallel()
	from := template(t, false)
	replace := func(path string) error {
		return errors.Join(os.RemoveAll(path), os.WriteFile(path, []byte("not a folder"), 0o600))
	}
	for _, tt := range []struct {
		name string
		do   func(dir string) error
		kept bool
	}{
		{"locks deleted", func(d string) error {
			return errors.Join(os.Remove(rosterHalf.lockPath(d)), os.Remove(factsHalf.lockPath(d)))
		}, true},
		{"lock full of rubbish", func(d string) error { return os.WriteFile(factsHalf.lockPath(d), []byte("{\x00"), 0o600) }, true},
		{"facts longer by a byte", func(d string) error { return lengthen(factsHalf.path(d)) }, false},
		{"facts behind a link", func(d string) error {
			return errors.Join(os.Rename(factsHalf.path(d), d+"-facts"), os.Symlink(d+"-facts", factsHalf.path(d)))
		}, false},
		{"pipe instead of the facts", func(d string) error {
			return errors.Join(os.Remove(factsHalf.path(d)), unix.Mkfifo(factsHalf.path(d), 0o600))
		}, false},
		{"folder instead of the facts", func(d string) error {
			return errors.Join(os.Remove(factsHalf.path(d)), os.MkdirAll(filepath.Join(factsHalf.path(d), "deep"), 0o700))
		}, false},
		{"seal of accounts deleted", removeSeal, true},
		{"seal of accounts emptied", func(d string) error { return os.Truncate(sealPath(d), 0) }, true},
		{"seal of accounts flipped", func(d string) error { return flip(sealPath(d), 0.5, 1) }, true},
		{"strange file in the database", func(d string) error { return os.WriteFile(filepath.Join(d, "roster", "note"), nil, 0o600) }, true},
		{"folder in the database", func(d string) error { return os.Mkdir(filepath.Join(d, "roster", "000099.sst"), 0o700) }, false},
		{"accounts emptied", func(d string) error { return emptied(filepath.Join(d, "roster")) }, false},
		{"accounts deleted", func(d string) error { return os.RemoveAll(filepath.Join(d, "roster")) }, false},
		{"file instead of the accounts", func(d string) error { return replace(filepath.Join(d, "roster")) }, false},
		{"another file instead of the facts", func(d string) error { return replace(factsHalf.path(d)) }, false},
		{"left behind by a killed writer", func(d string) error {
			return os.WriteFile(filepath.Join(d, leftPrefix+"1"), []byte("half"), 0o600)
		}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := copyOf(t, from)
			if err := tt.do(dir); err != nil {
				t.Fatal(err)
			}
			if kept := wantHonest(t, dir); kept != tt.kept {
				t.Errorf("snapshot kept: %v, want %v", kept, tt.kept)
			}
		})
	}
}

func emptied(path string) error { return errors.Join(os.RemoveAll(path), os.Mkdir(path, 0o700)) }

func lengthen(path string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(b, ' '), 0o600)
}

// Damage to the accounts alone leaves the facts readable: facts without rows.
func TestFactsOutliveTheRows(t *testing.T) {
	t.Parallel()
	dir := template(t, false)
	if err := emptied(filepath.Join(dir, "roster")); err != nil {
		t.Fatal(err)
	}
	c := New(testConfig(t, dir))
	if !honestFacts(t, c) {
		t.Error("the facts went with the rows")
	}
	if honestRoster(t, c) {
		t.Error("rows out of nowhere")
	}
	if !honestFacts(t, c) {
		t.Error("the facts went when the rows were set aside")
	}
	mustSave(t, c, "two", "r1", nil)
	if _, err := c.Roster(t.Context()); !errors.Is(err, model.ErrNoCache) {
		t.Errorf("rows beside new facts: %v, want ErrNoCache", err)
	}
	if s, err := c.Stat(t.Context()); err != nil || s.Accounts != 0 {
		t.Errorf("Stat: %+v, %v, want no accounts", s, err)
	}
}

func TestFileInsteadOfTheFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "instance")
	if err := os.WriteFile(dir, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := New(testConfig(t, dir))
	_, errFacts := c.Facts(t.Context())
	errSave := c.Save(t.Context(), testFacts("one", ""), nil)
	for _, err := range []error{errFacts, errSave, c.Purge(t.Context())} {
		if err == nil || !strings.Contains(err.Error(), "is not a folder") {
			t.Errorf("got %v, want that it is not a folder", err)
		}
	}
	if b, err := os.ReadFile(dir); err != nil || string(b) != "mine" {
		t.Errorf("the file was touched: %q, %v", b, err)
	}
}

// Random damage; the lab repeats it often.
func TestRandomDamage(t *testing.T) { randomDamage(t, 4) }

func randomDamage(t *testing.T, rounds int) {
	from := template(t, false)
	var kept atomic.Int32
	workers := runtime.GOMAXPROCS(0)
	t.Run("all", func(t *testing.T) {
		for w := range workers {
			t.Run(fmt.Sprint(w), func(t *testing.T) {
				t.Parallel()
				for i := w; i < rounds && !t.Failed(); i += workers {
					if damageOnce(t, from, i) {
						kept.Add(1)
					}
				}
			})
		}
	})
	t.Logf("%d rounds of damage: %d times the snapshot was kept, otherwise an error; 0 wrong values", rounds, kept.Load())
}

// damageOnce does the damage of one round to a copy: the same in every run.
func damageOnce(t *testing.T, from string, round int) (kept bool) {
	rng := rand.New(rand.NewPCG(1, uint64(round)))
	dir := copyOf(t, from)
	defer os.RemoveAll(dir)
	files, err := filepath.Glob(filepath.Join(dir, [...]string{"roster/*", "facts"}[round%2]))
	if err != nil {
		t.Fatal(err)
	}
	path := files[rng.IntN(len(files))]
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if round%4 == 3 {
		err = os.Truncate(path, rng.Int64N(info.Size()+1))
	} else {
		err = flip(path, rng.Float64(), 1<<rng.IntN(8))
	}
	if err != nil {
		t.Fatal(err)
	}
	if kept = wantHonest(t, dir); t.Failed() {
		t.Logf("round %d: %s", round, filepath.Base(path))
	}
	return kept
}

// A folder in the place of a seal is in nobody's interest: it counts as no seal
// at all, and the next save puts the seal back.
func TestFolderInsteadOfASeal(t *testing.T) {
	dir := template(t, false)
	if err := os.Remove(sealPath(dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(sealPath(dir), "deep"), 0o700); err != nil {
		t.Fatal(err)
	}
	wantHonest(t, dir)
	if info, err := os.Lstat(sealPath(dir)); err != nil || !info.Mode().IsRegular() {
		t.Errorf("the seal was not put back: %v, %v", info, err)
	}
}
