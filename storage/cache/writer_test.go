package cache

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/table"

	"seatdeck/model"
	"seatdeck/storage"
)

// deadWriter is a child that ends in some way without an answer.
func TestDeadWriter(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		script string
		want   string
	}{
		"killed":        {"kill -9 $$", "signal: killed"},
		"bus error":     {"echo '[signal SIGBUS: bus error]' >&2; exit 2", "the disk is full or failing"},
		"silent":        {"cat >/dev/null", "exit status 0"},
		"rubbish":       {"cat >/dev/null; echo hello", "exit status 0"},
		"does not read": {"exit 1", "exit status 1"},
		"endless":       {"cat >/dev/null; yes | head -c 3000000", "exit status 0"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCache(t)
			mustSave(t, c, "one", "r1", testRoster("r1", 100, true))
			dying := c.cfg
			dying.Argv = []string{"/bin/sh", "-c", tt.script}
			err := New(dying).Save(t.Context(), testFacts("two", "r2"), testRoster("r2", 100, true))
			if e := model.AsError("", err); e == nil || e.Class != model.ClassStorage || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want class storage and %q", err, tt.want)
			}
			wantSame(t, c, testFacts("one", "r1"), testRoster("r1", 100, true))
		})
	}
}

// A child that says that all is well and then breaks is believed nothing.
func TestWriterThatBreaksAfterItsAnswer(t *testing.T) {
	t.Parallel()
	cfg := newCache(t).cfg
	cfg.Argv = []string{"/bin/sh", "-c", cfg.Argv[0] + " " + argChild + "; exit 2"}
	err := New(cfg).Save(t.Context(), testFacts("one", ""), nil)
	if d, ok := errors.AsType[*death](err); !ok || !d.crashed() {
		t.Errorf("got %v, want a dead child", err)
	}
}

// A table that is named and was not opened is damage: the database has gone on
// without it, and its seal would have the console open that table itself.
func TestTableLeftOut(t *testing.T) {
	t.Parallel()
	c := newCache(t)
	mustSave(t, c, "one", "r1", testRoster("r1", 10, true))
	db := filepath.Join(c.cfg.Place.Dir, "roster")
	tables, err := filepath.Glob(filepath.Join(db, "*.sst"))
	if err != nil || len(tables) == 0 {
		t.Fatal(tables, err)
	}
	// What no manifest names was left by somebody who was killed. Badger removes
	// it, and gives its number away again.
	if err := os.WriteFile(filepath.Join(db, "000099.sst"), []byte("unborn"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := openWriter(db)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.whole(); err != nil || len(s.tables) != len(tables) {
		t.Errorf("tables %v of %v, all opened: %v", s.tables, tables, err)
	}
	s.abandon()

	// The index ends in its length, its checksum and the checksum's length.
	if err := flip(tables[0], 1-6./float64(sizeOf(t, tables[0])), 0xff); err != nil {
		t.Fatal(err)
	}
	if s, err = openWriter(db); err == nil {
		err = s.whole()
		s.abandon()
	}
	if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), filepath.Base(tables[0])) {
		t.Errorf("one with a broken index: %v", err)
	}
}

// A table that was taken away is not damage, though its file stays for as
// long as somebody reads from it.
func TestTableTakenAway(t *testing.T) {
	t.Parallel()
	c := newCache(t)
	mustSave(t, c, "one", "r1", testRoster("r1", 10, true))
	s, err := openWriter(filepath.Join(c.cfg.Place.Dir, "roster"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.abandon()
	reader := s.db.NewTransaction(false)
	defer reader.Discard()
	it := reader.NewIterator(badger.DefaultIteratorOptions)
	defer it.Close()
	if err := s.db.DropAll(); err != nil {
		t.Fatal(err)
	}
	if left := s.db.Tables(); len(left) > 0 || len(s.tables) == 0 || sizeOf(t, filepath.Join(s.db.Opts().Dir, table.IDToFilename(s.tables[0]))) == 0 {
		t.Fatalf("of the tables %v there are left %v", s.tables, left)
	}
	if err := s.whole(); err != nil {
		t.Error(err)
	}
}

func sizeOf(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func TestWriterThatCannotStart(t *testing.T) {
	t.Parallel()
	cfg := newCache(t).cfg
	cfg.Argv = []string{"/nonexistent/seatdeck"}
	err := New(cfg).Save(t.Context(), testFacts("one", ""), nil)
	if e := model.AsError("", err); e == nil || e.Class != model.ClassStorage || !strings.Contains(err.Error(), "cannot be started") {
		t.Errorf("got %v", err)
	}
}

// The child gets no environment, so no token.
func TestChildEnvironment(t *testing.T) {
	t.Setenv("SEATDECK_TOKEN", "canary-4711")
	c := newCache(t)
	c.cfg.Argv = []string{"/bin/sh", "-c", "cat >/dev/null; cat /proc/$$/environ >&2; exit 3"}
	err := c.Save(t.Context(), testFacts("one", ""), nil)
	d, ok := errors.AsType[*death](err)
	if !ok {
		t.Fatalf("got %v, want a dead child", err)
	}
	if strings.Contains(d.talk, "canary") || strings.Contains(d.talk, "SEATDECK") {
		t.Errorf("the child's environment: %q", d.talk)
	}
}

// A repair that breaks the child means damage; one that was killed does not.
func TestRepairThatDies(t *testing.T) {
	t.Parallel()
	for script, aside := range map[string]bool{"exit 2": true, "kill -9 $$": false} {
		c := newCache(t)
		mustSave(t, c, "one", "r1", testRoster("r1", 10, true))
		if err := removeSeal(c.cfg.Place.Dir); err != nil {
			t.Fatal(err)
		}
		// Dies for a repair; sets aside when asked to.
		dying := c.cfg
		dying.Argv = []string{"/bin/sh", "-c", `f=$(mktemp); cat >$f; if grep -q '"op":"repair"' $f; then rm $f; ` + script + `; fi; ` +
			c.cfg.Argv[0] + " " + argChild + " <$f; rm $f"}
		_, err := New(dying).Roster(t.Context())
		if err == nil || errors.Is(err, ErrDamaged) != aside {
			t.Errorf("%s: %v, want damage: %v", script, err, aside)
		}
		if _, err := c.Roster(t.Context()); aside != errors.Is(err, model.ErrNoCache) {
			t.Errorf("%s: afterwards %v", script, err)
		}
	}
}

// Below the floor nothing is started, and the refusal has figures.
func TestNoSpaceIsWorded(t *testing.T) {
	t.Parallel()
	err := failure(opSave, noSpace(3<<20, spaceFloor+1, "/cache"))
	if e := model.AsError("", err); e.Class != model.ClassStorage || !strings.Contains(err.Error(), "3 MiB free, 65 MiB needed in /cache") {
		t.Errorf("got %v", err)
	}
	free, err := storage.Free(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := room(os.TempDir(), int(free)); err == nil {
		t.Error("a batch as large as the free space fits")
	}
}

// Group scope: files carry the group's bits whatever Badger asks for.
func TestSharedModes(t *testing.T) {
	t.Parallel()
	c := newCache(t)
	c.cfg.Place.Modes = storage.Shared
	for range 2 {
		mustSave(t, c, "one", "r1", testRoster("r1", 10, true))
	}
	err := filepath.Walk(c.cfg.Place.Dir, func(path string, info os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		want := os.FileMode(0o660)
		if info.IsDir() {
			want = 0o770
		}
		if info.Mode().Perm() != want || info.IsDir() && info.Mode()&os.ModeSetgid == 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Facts(t.Context()); err != nil {
		t.Error(err)
	}
}
