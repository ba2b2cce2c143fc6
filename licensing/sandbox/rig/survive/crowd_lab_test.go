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
	t.Parallel()
	const runs, days = 60, 6
	var day atomic.Int64
	start := time.Now().AddDate(0, 0, -days-2)
	s, err := sandbox.New(sandbox.Config{Scenario: "ultimate", Seed: 1, Users: users, Now: func() time.Time { return start.AddDate(0, 0, int(day.Load())) }})
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, newInstance(t, s))
	d.exits(0, "status")
	one, two := d.console(), d.console()
	one.Until("seats taken", "accounts ─")
	two.Until("seats taken", "accounts ─")
	expected := map[string]bool{lastSync(t, d.exits(0, "status", "-o", "json")): true}
	for run := range runs {
		day.Store(int64(run * days / runs))
		one.Press("R")
		if run%2 == 0 {
			two.Press("R")
		}
		r := d.exits(0, "status", "-o", "json")
		if len(r.said()) > 0 {
			t.Errorf("run %d says %q", run, r.said())
		}
		expected[lastSync(t, r)] = true
		one.Alive()
		two.Alive()
	}
	for _, c := range []*console{one, two} {
		c.untroubled()
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

// untroubled waits until the console tells of nothing: that it is reading
// already is a toast, which goes; trouble would stay.
func (c *console) untroubled() {
	c.t.Helper()
	c.Wait("it tells of trouble", func(rows []string) bool { return strings.TrimSpace(talkOf(rows)) == "" })
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
