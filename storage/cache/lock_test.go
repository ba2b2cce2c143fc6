package cache

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"seatdeck/model"
	"seatdeck/storage"
)

// hold takes a lock of c's folder as another process would.
func hold(t *testing.T, c *Cache, h half, how int) {
	t.Helper()
	f, err := os.OpenFile(h.lockPath(c.cfg.Place.Dir), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	if err := unix.Flock(int(f.Fd()), how); err != nil {
		t.Fatal(err)
	}
	if how == unix.LOCK_SH {
		return
	}
	j, err := json.Marshal(storage.Holder{PID: 4711, User: "bob", Since: today})
	if err == nil {
		_, err = f.WriteAt(j, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestHeldByAWriter(t *testing.T) {
	t.Parallel()
	c := newCache(t)
	mustSave(t, c, "one", "r1", testRoster("r1", 10, true))
	hold(t, c, rosterHalf, unix.LOCK_EX)
	hold(t, c, factsHalf, unix.LOCK_EX)
	var got [4]error
	done := make(chan int)
	for i, f := range []func() error{
		func() error { _, err := c.Facts(t.Context()); return err },
		func() error { return c.Save(t.Context(), testFacts("two", ""), nil) },
		func() error { _, err := c.Roster(t.Context()); return err },
		func() error { return c.Purge(t.Context()) },
	} {
		go func() { got[i] = f(); done <- i }()
	}
	for range got {
		<-done
	}
	for i, err := range got {
		e := model.AsError("", err)
		if e == nil || e.Class != model.ClassLocked || !strings.Contains(err.Error(), "held by process 4711 of user bob since 09:52:00 UTC") {
			t.Errorf("call %d: %v, want class locked and the holder", i, err)
		}
	}
}

// Whoever holds on to the locks is waited for once, not once for each thing that
// a start does; later there is patience again.
func TestPatienceIsShared(t *testing.T) {
	t.Parallel()
	c := newCache(t)
	mustSave(t, c, "one", "r1", testRoster("r1", 10, true))
	var p patience
	if p.left(today) != lockWait {
		t.Errorf("at first there is %v", p.left(today))
	}
	p.learn(errors.New("the disk is full"), today)
	p.learn(nil, today)
	if p.left(today) != lockWait {
		t.Errorf("after other trouble there is %v", p.left(today))
	}
	hold(t, c, rosterHalf, unix.LOCK_EX)
	hold(t, c, factsHalf, unix.LOCK_EX)
	began := time.Now()
	for i, f := range []func() error{
		func() error { _, err := c.Facts(t.Context()); return err },
		func() error { return c.Save(t.Context(), testFacts("two", ""), nil) },
		func() error { _, err := c.Draft(t.Context()); return err },
		func() error { return c.Save(t.Context(), testFacts("two", "r2"), testRoster("r2", 10, true)) },
	} {
		err := f()
		if e := model.AsError("", err); e == nil || e.Class != model.ClassLocked {
			t.Errorf("call %d: %v, want class locked", i, err)
		}
		p.learn(err, today)
		if p.left(today) != lostWait || p.left(today.Add(lostFor)) != lockWait {
			t.Errorf("call %d: there is %v, and later %v", i, p.left(today), p.left(today.Add(lostFor)))
		}
	}
	if took := time.Since(began); took >= 3*lockWait { // four times without; in between is room for a busy machine
		t.Errorf("four calls took %v", took)
	}
}

// A reader beside a reader never waits; a writer beside a reader does, and
// gets in when the reader is done.
func TestReadersShare(t *testing.T) {
	t.Parallel()
	c := newCache(t)
	mustSave(t, c, "one", "r1", testRoster("r1", 10, true))
	f, err := os.Open(factsHalf.lockPath(c.cfg.Place.Dir))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := unix.Flock(int(f.Fd()), unix.LOCK_SH); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Facts(t.Context()); err != nil {
		t.Errorf("a second reader: %v", err)
	}
	released := make(chan struct{})
	time.AfterFunc(100*time.Millisecond, func() {
		defer close(released)
		_ = unix.Flock(int(f.Fd()), unix.LOCK_UN)
	})
	if err := c.Save(t.Context(), testFacts("two", ""), nil); err != nil {
		t.Errorf("a writer after the reader: %v", err)
	}
	<-released
}

// While accounts are written, facts can be read and saved at once.
func TestFactsDoNotWaitForAccounts(t *testing.T) {
	t.Parallel()
	c := newCache(t)
	mustSave(t, c, "one", "r1", testRoster("r1", 10, true))
	hold(t, c, rosterHalf, unix.LOCK_EX)
	mustSave(t, c, "two", "r1", nil)
	if f, err := c.Facts(t.Context()); err != nil || f.Instance != "two" {
		t.Errorf("got %q, %v", f.Instance, err)
	}
}

// Two that save facts at once both build on what they saw; who comes second
// builds again, so that no save is lost and the newest roster stays.
func TestSavesAtOnce(t *testing.T) {
	t.Parallel()
	c := newCache(t)
	mustSave(t, c, "one", "r1", testRoster("r1", 10, true))
	errs := make(chan error, 8)
	for range cap(errs) {
		go func() { errs <- New(c.cfg).Save(t.Context(), testFacts("two", "r1"), nil) }()
	}
	for range cap(errs) {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	s, err := c.Stat(t.Context())
	if err != nil || s.Facts != 1+uint64(cap(errs)) || s.Roster != 1 {
		t.Errorf("Stat: %+v, %v, want one generation for each save", s, err)
	}
	if names, err := filepath.Glob(filepath.Join(c.cfg.Place.Dir, leftPrefix+"*")); err != nil || len(names) != 0 {
		t.Errorf("files of facts left: %v, %v", names, err)
	}
}

// Many consoles and timers at once: everybody gets a turn, and what is loaded
// is always a whole pair.
func TestTogether(t *testing.T) {
	t.Parallel()
	c := newCache(t)
	mustSave(t, c, "one", "r1", testRoster("r1", 5000, true))
	const each = 5
	errs := make(chan error, 6*each)
	for w := range 6 {
		go func() {
			other := New(c.cfg)
			for range each {
				switch w {
				case 0:
					errs <- other.Save(t.Context(), testFacts("one", "r1"), testRoster("r1", 5000, true))
				case 1:
					errs <- other.Save(t.Context(), testFacts("one", "r1"), nil)
				case 2, 3:
					r, err := other.Roster(t.Context())
					if err == nil && r.Len() != 5000 {
						err = errors.New("half a roster")
					}
					errs <- err
				default:
					_, err := other.Facts(t.Context())
					errs <- err
				}
			}
		}()
	}
	for range 6 * each {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

// A file system without locks is never blamed on another process (faults F9).
func TestCannotLock(t *testing.T) {
	defer func(f func(int, int) error) { flock = f }(flock)
	c := newCache(t)
	mustSave(t, c, "one", "r1", nil)
	for _, errno := range []unix.Errno{unix.EBADF, unix.ENOLCK, unix.ENOTSUP} {
		flock = func(int, int) error { return errno }
		_, err := c.Facts(t.Context())
		if e := model.AsError("", err); e == nil || e.Class != model.ClassStorage || !errors.Is(err, errno) ||
			!strings.Contains(err.Error(), "cannot lock files") || strings.Contains(err.Error(), "process") {
			t.Errorf("%v: %v", errno, err)
		}
	}
	tries := 0
	flock = func(fd, how int) error {
		if tries++; tries < 3 {
			return unix.EINTR
		}
		return unix.Flock(fd, how)
	}
	if _, err := c.Facts(t.Context()); err != nil {
		t.Errorf("after two interruptions: %v", err)
	}
}

func TestWaitingCanBeCancelled(t *testing.T) {
	t.Parallel()
	c := newCache(t)
	mustSave(t, c, "one", "r1", nil)
	hold(t, c, factsHalf, unix.LOCK_EX)
	ctx, cancel := contextEnding(t, 30*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, err := c.Facts(ctx); err == nil {
		t.Error("read while a writer holds the lock")
	}
	if err := c.Save(ctx, testFacts("two", ""), nil); err == nil {
		t.Error("saved with an ended context")
	}
	if took := time.Since(start); took > lockWait {
		t.Errorf("cancelling took %v", took)
	}
}
