package sandbox

import (
	"testing"
	"time"
)

// The published example of the weekly schedule: this uuid means "44 10 * * 4".
func TestPingScheduleOfAKnownInstance(t *testing.T) {
	if got := newPingSchedule("d9e2f4e8-db1f-4e51-b03d-f427e1965c4a"); got != (pingSchedule{weekday: 4, hour: 10, minute: 44}) {
		t.Errorf("%+v", got)
	}
}

// A licence with operational metrics sends whatever the toggle says; without
// one, the toggle decides (contract §7.4).
func TestWhoSendsServicePing(t *testing.T) {
	for _, c := range []struct {
		scenario, set, outcome string
	}{
		{"ultimate", "service_ping=true", "ok"},
		{"ultimate", "service_ping=false", "ok"},
		{"ultimate", "pinned=true", "ok"},
		{"free", "service_ping=true", "ok"},
		{"free", "service_ping=false", "switched_off"},
		{"free", "pinned=true", "switched_off"},
		{"free", "silent_mode=true", "blocked"},
	} {
		l := newLab(t, c.scenario, c.set)
		born := l.object("/usage_data/service_ping")["recorded_at"]
		l.now = start.AddDate(0, 0, 7)
		n := 0
		for _, e := range l.Events() {
			if e.Kind == "service_ping" {
				n++
				if e.Outcome != c.outcome {
					t.Errorf("%s %s: %s", c.scenario, c.set, e.Outcome)
				}
			}
		}
		if n != 1 {
			t.Errorf("%s %s: %d in a week", c.scenario, c.set, n)
		}
		if l.object("/usage_data/service_ping")["recorded_at"] == born {
			t.Errorf("%s %s: the payload was not made anew", c.scenario, c.set)
		}
	}
	old := newLab(t, "free", "service_ping=false", "gitlab_version=17.0.0")
	if a := old.get("/usage_data/service_ping"); a.status != 200 || len(a.body) != 0 {
		t.Errorf("nothing is cached, yet %d bytes came", len(a.body))
	}
	if at := newLab(t, "ultimate").pingAt; at.After(start) || start.Sub(at) >= 7*24*time.Hour {
		t.Errorf("the first payload is of %v", at)
	}
}
