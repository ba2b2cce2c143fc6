//go:build lab

package survive

import (
	"encoding/json"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"seatdeck/licensing/sandbox"
)

// Two consoles and a timer share one desk: nobody is shut out, and each sync
// that was seen is in the record once, whoever saw it first.
func TestLabCrowd(t *testing.T) {
	const lasts, days = 20 * time.Second, 6
	var day atomic.Int64
	start := time.Now().AddDate(0, 0, -days-2)
	s, err := sandbox.New(sandbox.Config{Scenario: "ultimate", Seed: 1, Users: users, Now: func() time.Time { return start.AddDate(0, 0, int(day.Load())) }})
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, newInstance(t, s))
	d.exits(0, "status")
	one, two := d.console(), d.console()
	one.until("seats taken", "accounts ─")
	two.until("seats taken", "accounts ─")
	expected := map[string]bool{lastSync(t, d.exits(0, "status", "-o", "json")): true}
	runs := 0
	for began := time.Now(); time.Since(began) < lasts; runs++ {
		day.Store(int64(time.Since(began) * days / lasts))
		one.press("R")
		if runs%2 == 0 {
			two.press("R")
		}
		r := d.exits(0, "status", "-o", "json")
		if len(r.said()) > 0 {
			t.Errorf("run %d says %q", runs, r.said())
		}
		expected[lastSync(t, r)] = true
		one.alive()
		two.alive()
	}
	for _, c := range []*console{one, two} {
		// That it is reading already is a toast, which goes; trouble would stay.
		c.wait("it tells of trouble", func() bool { return strings.TrimSpace(c.talk()) == "" })
		c.quit()
	}
	seen := observed(t, d.exits(0, "sync", "history", "-o", "json"))
	for at, n := range seen {
		if n != 1 || !expected[at] {
			t.Errorf("the sync of %s is recorded %d times, and was seen: %v", at, n, expected[at])
		}
	}
	for at := range expected {
		if seen[at] == 0 {
			t.Errorf("the sync of %s was seen and is not recorded", at)
		}
	}
	if len(expected) < days-1 {
		t.Errorf("only %d syncs happened", len(expected))
	}
	d.sound()
	t.Logf("%d runs of status beside two consoles: %d syncs, each recorded once", runs, len(expected))
}

func lastSync(t *testing.T, r result) string {
	t.Helper()
	var s struct {
		Subscription struct {
			Value struct {
				LastSync string `json:"last_sync"`
			}
		}
	}
	if err := json.Unmarshal([]byte(r.out), &s); err != nil || s.Subscription.Value.LastSync == "" {
		t.Fatalf("status: %v in %s", err, r.out)
	}
	return s.Subscription.Value.LastSync
}

// observed counts the records of each sync by its time.
func observed(t *testing.T, r result) map[string]int {
	t.Helper()
	var h struct {
		History struct {
			Records []struct{ Kind, At string }
		}
	}
	if err := json.Unmarshal([]byte(r.out), &h); err != nil {
		t.Fatalf("sync history: %v in %s", err, r.out)
	}
	seen := map[string]int{}
	for _, rec := range h.History.Records {
		if rec.Kind == "sync" {
			seen[rec.At]++
		}
	}
	return seen
}
