package cache

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"seatdeck/model"
)

func TestKilledWriter(t *testing.T) { killRounds(t, 10, 5000) }

// killRounds kills the writer at random moments. What is loaded then must be
// the snapshot before or the one that was being written, facts and roster of
// the same flip, and the new one if the save was acknowledged (faults R-01).
func killRounds(t *testing.T, rounds, accountsMax int) {
	c := newCache(t)
	rng := rand.New(rand.NewPCG(3, 4))
	mustSave(t, c, "f0", "r0", testRoster("r0", accountsMax, true))
	start := time.Now()
	mustSave(t, c, "f0", "r0", testRoster("r0", accountsMax, true))
	whole := time.Since(start)

	label, roster, killed, fresh := "f0", "r0", 0, 0
	reach := float64(whole.Microseconds()) // kills fall within this; it follows how busy the machine is
	var reopen []time.Duration
	for i := 1; killed < rounds; i++ {
		nextLabel, nextRoster := fmt.Sprintf("f%d", i), roster
		var r *model.Roster
		if i%3 != 0 {
			nextRoster = fmt.Sprintf("r%d", i)
			r = testRoster(nextRoster, accountsMax-rng.IntN(accountsMax/2), true)
		}
		dying := c.cfg
		// More kills early than late: closing takes longer than writing.
		early := rng.Float64()
		dying.Argv = []string{c.cfg.Argv[0], argDying, strconv.Itoa(int(early * early * reach))}
		err := New(dying).Save(t.Context(), testFacts(nextLabel, nextRoster), r)
		reach *= 0.9
		if err != nil {
			reach *= 1.2
			if killed++; !errors.As(err, new(*death)) {
				t.Fatalf("round %d: %v, want that the writer died", i, err)
			}
		}
		start := time.Now()
		f, errFacts := c.Facts(t.Context())
		reopen = append(reopen, time.Since(start))
		if errFacts != nil {
			t.Fatalf("round %d: facts: %v", i, errFacts)
		}
		switch {
		case f.Instance == nextLabel:
			label, roster = nextLabel, nextRoster
			fresh++
		case f.Instance != label || err == nil:
			t.Fatalf("round %d: loaded %q; before %q, saved %q with %v", i, f.Instance, label, nextLabel, err)
		}
		wantPair(t, c, f, roster)
	}
	slices.Sort(reopen)
	t.Logf("%d kills in %d rounds, %d times the new snapshot, never a mix; reopen median %v, worst %v",
		killed, len(reopen), fresh, reopen[len(reopen)/2].Round(time.Millisecond), reopen[len(reopen)-1].Round(time.Millisecond))
}

func wantPair(t *testing.T, c *Cache, f *model.Facts, roster string) {
	t.Helper()
	if f.Host != roster {
		t.Fatalf("facts %q are of roster %q, want %q", f.Instance, f.Host, roster)
	}
	r, err := c.Roster(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.Len() {
		if want := fmt.Sprintf("%s Person %d", roster, i); r.At(i).Name.String() != want {
			t.Fatalf("row %d is %q, want %q", i, r.At(i).Name, want)
		}
	}
}
