package cache

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"seatdeck/model"
)

// walked is every account that the cache gives one chunk after the other.
func walked(t *testing.T, c *Cache) ([]model.Account, error) {
	t.Helper()
	w, err := c.Walk(t.Context())
	if err != nil {
		return nil, err
	}
	var all []model.Account
	for r, err := range w.Parts() {
		if err != nil {
			return all, err
		}
		all = append(all, accounts(r)...)
	}
	if len(all) != w.Len() {
		t.Errorf("%d accounts of %d, and no error", len(all), w.Len())
	}
	return all, nil
}

// TestWalkIsTheRoster: accounts of several stretches, each in one chunk or more,
// are those that [Cache.Roster] gives.
func TestWalkIsTheRoster(t *testing.T) {
	c := newCache(t)
	if _, err := c.Walk(t.Context()); !errors.Is(err, model.ErrNoCache) {
		t.Errorf("an empty cache: %v", err)
	}
	for _, n := range []int{0, 1, snapshotRows, stretchChunks*4096 + 4096 + 5} {
		r := testRoster("r1", n, n != 1)
		mustSave(t, c, "one", "r1", r)
		got, err := walked(t, c)
		if err != nil || !slices.Equal(got, accounts(r)) {
			t.Errorf("%d accounts: got %d, %v", n, len(got), err)
		}
		w, err := c.Walk(t.Context())
		if err != nil || w.Complete() != r.Complete() || w.AsOf() != r.AsOf().FromCache() {
			t.Errorf("%d accounts: complete %v, as of %v, %v", n, w.Complete(), w.AsOf(), err)
		}
	}
	mustSave(t, c, "two", "r1", nil)
	c.cfg.Now = func() time.Time { return today.Add(MaxAge + time.Hour) }
	if _, err := c.Walk(t.Context()); !errors.Is(err, model.ErrNoCache) {
		t.Errorf("too old: %v", err)
	}
}

// TestWalkHoldsNothing: while somebody looks at a part others may write. Facts
// alone change nothing for the walk; other accounts end it, and nothing of them
// is mixed in.
func TestWalkHoldsNothing(t *testing.T) {
	const n = stretchChunks*4096 + 5
	c := newCache(t)
	mustSave(t, c, "one", "r1", testRoster("r1", n, true))
	w, err := c.Walk(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for r, err := range w.Parts() {
		if err != nil {
			t.Fatal(err)
		}
		if seen == 0 {
			f, err := os.Open(rosterHalf.lockPath(c.cfg.Place.Dir))
			if err != nil {
				t.Fatal(err)
			}
			if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
				t.Errorf("the lock is held beside a part: %v", err)
			}
			f.Close()
			mustSave(t, c, "two", "r1", nil)
		}
		seen += r.Len()
	}
	if seen != n {
		t.Errorf("%d accounts of %d", seen, n)
	}
	seen = 0
	for r, err := range w.Parts() {
		if err != nil {
			if e := model.AsError("", err); e.Class != model.ClassLocked || e.Next.Empty() {
				t.Errorf("accounts were replaced: %v", err)
			}
			break
		}
		if seen == 0 {
			mustSave(t, c, "three", "r2", testRoster("r2", n, true))
		}
		seen += r.Len()
	}
	if seen != n-5 {
		t.Errorf("%d accounts before the error, want the %d of the first stretch", seen, n-5)
	}
	if got, err := walked(t, c); err != nil || !slices.Equal(got, accounts(testRoster("r2", n, true))) {
		t.Errorf("the next walk: %d accounts, %v", len(got), err)
	}
}

// TestWalkNoticesDamage: a byte anywhere in the tables ends the walk with the
// error that [Cache.Roster] has for it, after right accounts only.
func TestWalkNoticesDamage(t *testing.T) {
	dir := template(t, false)
	want := accounts(testRoster("r1", snapshotRows, true))
	failed := 0
	for _, at := range []float64{0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95} {
		copies := [2]string{copyOf(t, dir), copyOf(t, dir)}
		for _, to := range copies {
			tables, err := filepath.Glob(filepath.Join(to, "roster", "*.sst"))
			if err != nil || len(tables) == 0 {
				t.Fatal(tables, err)
			}
			for _, path := range tables {
				if err := flip(path, at, 0x55); err != nil {
					t.Fatal(err)
				}
			}
		}
		got, err := walked(t, New(testConfig(t, copies[0])))
		if !slices.Equal(got, want[:len(got)]) {
			t.Errorf("at %v: wrong accounts", at)
		}
		_, whole := New(testConfig(t, copies[1])).Roster(t.Context())
		if (err == nil) != (whole == nil) || errors.Is(err, model.ErrNoCache) != errors.Is(whole, model.ErrNoCache) {
			t.Errorf("at %v: the walk ends with %v, the roster with %v", at, err, whole)
		}
		if err != nil {
			wantWorded(t, err)
			failed++
		}
	}
	if failed == 0 {
		t.Error("no damage was met")
	}
}

// TestWalkCanBeCancelled: who gives up gets the error of that.
func TestWalkCanBeCancelled(t *testing.T) {
	c := newCache(t)
	mustSave(t, c, "one", "r1", testRoster("r1", snapshotRows, true))
	ctx, cancel := contextEnding(t, time.Hour)
	w, err := c.Walk(ctx)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	for _, err := range w.Parts() {
		if e := model.AsError("", err); e == nil || e.Class != model.ClassCancelled {
			t.Errorf("cancelled: %v", err)
		}
	}
}
