package cache

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Each single bit of the facts, and each length they may be cut to.
func TestEveryByteOfTheFacts(t *testing.T) {
	t.Parallel()
	c := newCache(t)
	mustSave(t, c, "one", "r1", nil)
	whole, err := os.ReadFile(factsHalf.path(c.cfg.Place.Dir))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parseKept(whole); err != nil {
		t.Fatal(err)
	}
	for i := range whole {
		if _, err := parseKept(whole[:i]); !errors.Is(err, ErrDamaged) {
			t.Fatalf("cut to %d bytes: %v", i, err)
		}
		for bit := range 8 {
			whole[i] ^= 1 << bit
			if _, err := parseKept(whole); !errors.Is(err, ErrDamaged) {
				t.Fatalf("byte %d, bit %d: %v", i, bit, err)
			}
			whole[i] ^= 1 << bit
		}
	}
}

// Facts that come back from another reading, such as out of a backup, are never
// shown with rows that are not theirs.
func TestFactsOfAnotherGeneration(t *testing.T) {
	t.Parallel()
	c := newCache(t)
	mustSave(t, c, "one", "r1", testRoster("r1", 10, true))
	other := newCache(t) // the same generations, other rows
	mustSave(t, other, "two", "r2", testRoster("r2", 10, true))
	older := copyOf(t, c.cfg.Place.Dir)
	mustSave(t, c, "three", "r3", testRoster("r3", 20, true))
	for name, tt := range map[string]struct{ facts, rows, label string }{
		"older":  {older, c.cfg.Place.Dir, "one"},
		"newer":  {c.cfg.Place.Dir, older, "three"},
		"as new": {other.cfg.Place.Dir, older, "two"},
	} {
		dir := copyOf(t, tt.rows)
		b, err := os.ReadFile(factsHalf.path(tt.facts))
		if err == nil {
			err = os.WriteFile(factsHalf.path(dir), b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		mixed := New(testConfig(t, dir))
		if f, err := mixed.Facts(t.Context()); err != nil || f.Instance != tt.label {
			t.Errorf("%s: facts %q, %v", name, f.Instance, err)
		}
		if r, err := mixed.Roster(t.Context()); err == nil {
			t.Errorf("%s: facts of %q with %d rows of another reading", name, tt.label, r.Len())
		}
		r := testRoster("r9", 5, true)
		mustSave(t, mixed, "nine", "r9", r)
		wantSame(t, mixed, testFacts("nine", "r9"), r)
	}
}

// What a killed writer of facts, or an earlier version, left behind goes with the
// next save, but not what another writer may be at work on.
func TestLeftBehind(t *testing.T) {
	t.Parallel()
	c := newCache(t)
	mustSave(t, c, "one", "r1", nil)
	left := func(name string) string { return filepath.Join(c.cfg.Place.Dir, name) }
	for name, age := range map[string]time.Duration{leftPrefix + "old": 2 * leftAfter, "facts.seal": 2 * leftAfter, leftPrefix + "new": 0} {
		at := time.Now().Add(-age)
		if err := errors.Join(os.WriteFile(left(name), nil, 0o600), os.Chtimes(left(name), at, at)); err != nil {
			t.Fatal(err)
		}
	}
	mustSave(t, c, "two", "r1", nil)
	if exists(left(leftPrefix+"old")) || exists(left("facts.seal")) || !exists(left(leftPrefix+"new")) {
		t.Error("what was left behind stays, or what is being written goes")
	}
	if err := c.Purge(t.Context()); err != nil || exists(left(leftPrefix+"new")) {
		t.Errorf("purging leaves a file of facts: %v", err)
	}
}
