package model_test

import (
	"encoding/json"
	"testing"
	"time"

	"seatdeck/model"
)

func TestNames(t *testing.T) {
	// Access levels in GitLab's own numbers.
	roles := map[model.Role]string{
		0: "no role", 5: "Minimal Access", 10: "Guest", 15: "Planner", 20: "Reporter", 30: "Developer", 40: "Maintainer", 50: "Owner",
		model.RoleUnknown: "–",
	}
	for r, want := range roles {
		if got := r.String(); got != want {
			t.Errorf("role %d is %q, want %q", r, got, want)
		}
	}
	for s, want := range map[model.State]string{
		model.StateActive: "active", model.StateLDAPBlocked: "blocked by LDAP", model.StatePending: "waiting for approval", model.StateOther: "unknown",
	} {
		if got := s.Title(); got != want {
			t.Errorf("state %s is titled %q, want %q", s, got, want)
		}
	}
	if model.TierStarter.Title() != "Premium" || model.TierUltimate.Title() != "Ultimate" {
		t.Error("tiers are sold under other names")
	}
}

func TestReleaseJSON(t *testing.T) {
	for _, want := range []string{`null`, `"14.1"`, `"16.11"`} {
		var r model.Release
		if err := json.Unmarshal([]byte(want), &r); err != nil {
			t.Fatal(err)
		}
		if b, err := json.Marshal(r); err != nil || string(b) != want {
			t.Errorf("%s writes %s, %v", want, b, err)
		}
	}
	for _, bad := range []string{`""`, `"16"`, `16.0.1`, `"0.9"`, `"16.x"`, `"-1.2"`} {
		var r model.Release
		if err := json.Unmarshal([]byte(bad), &r); err == nil {
			t.Errorf("%s reads as %s", bad, r)
		}
	}
}

func TestOutcomeExitCodes(t *testing.T) {
	// One word per run, with the exit code that the design gives it.
	for o, want := range map[model.Outcome]int{
		model.OutcomeChanged: 0, model.OutcomeUnchanged: 0, model.OutcomeTermsRefreshed: 0, model.OutcomeUnconfirmed: 5, model.OutcomeUnknown: 5,
		model.OutcomeRefused: 4, model.OutcomeFailed: 1, model.OutcomeNotSent: 3, model.OutcomeCancelled: 130, model.OutcomeFirst: 0,
	} {
		if got := o.ExitCode(); got != want {
			t.Errorf("%s exits with %d, want %d", o, got, want)
		}
	}
}

func TestFutureTermsInTheKey(t *testing.T) {
	now := at(t, "2026-11-21 09:52")
	f := model.Facts{Future: model.Read([]model.Term{
		{Plan: model.PlanUltimate, Seats: model.Some(1050), Starts: day(t, "2027-02-28"), Ends: day(t, "2028-02-28")},
		{Plan: model.PlanPremium, Starts: day(t, "2028-02-28"), Ends: day(t, "2029-02-28")},
	}, model.Live(now))}
	want := "Premium, no limit, 2028-02-28 → 2029-02-28; Ultimate, 1,050 seats, 2027-02-28 → 2028-02-28"
	if got := model.TermsKeyOf(&f).Future; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestNextWindowInTheMiddleOfOne(t *testing.T) {
	tests := []struct{ last, now, want string }{
		{"2026-11-20 03:17", "2026-11-21 02:59", "2026-11-21 03:00"},
		{"2026-11-20 03:17", "2026-11-21 03:30", "2026-11-21 03:00"}, // running, nothing yet
		{"2026-11-21 03:17", "2026-11-21 03:30", "2026-11-22 03:00"}, // running, and done
		{"2026-11-20 03:17", "2026-11-21 05:00", "2026-11-22 03:00"},
	}
	for _, tt := range tests {
		h := newDiary(t).sync(tt.last).history(1, tt.now, tt.now)
		if got := h.NextFrom.Or(time.Time{}); !got.Equal(at(t, tt.want)) {
			t.Errorf("last %s, now %s: next %s, want %s", tt.last, tt.now, got, tt.want)
		}
	}
}

// TestOutflowNextNeverLiesInThePast: in the middle of a window that has brought
// its sync, the next one is tomorrow's.
func TestOutflowNextNeverLiesInThePast(t *testing.T) {
	now := at(t, "2026-11-21 03:30")
	l := model.License{Kind: model.KindOnlineCloud, Ends: day(t, "2027-02-28"), LastSync: model.Some(at(t, "2026-11-21 03:17"))}
	o := model.OutflowsOf(&model.Facts{License: model.Read(l, model.Live(now))}, now)[0]
	if next := o.Next.Or(now); !next.Equal(at(t, "2026-11-22 03:00")) {
		t.Errorf("next %s", next)
	}
}

func TestVersionReadsBackOnlyVersions(t *testing.T) {
	var v model.Version
	for _, bad := range []string{`"x"`, `7`, `"0.0.0"`} {
		if err := json.Unmarshal([]byte(bad), &v); err == nil || v.Known() {
			t.Errorf("%s reads as %s", bad, v)
		}
	}
}

// BenchmarkHistory derives the history of three years of daily syncs.
func BenchmarkHistory(b *testing.B) {
	d := newDiary(b)
	first := at(b, "2023-11-21 03:17")
	for i := range 3 * 365 {
		s := first.AddDate(0, 0, i)
		d.license.LastSync = model.Some(s)
		for _, look := range []time.Duration{time.Hour, 2 * time.Hour} {
			now := s.Add(look)
			recent := d.entries[max(0, len(d.entries)-4):]
			if e, ok := model.ObservationOf(recent, d.facts(now), now); ok {
				d.entries = append(d.entries, e)
			}
		}
	}
	now := first.AddDate(0, 0, 3*365-1).Add(6 * time.Hour)
	license := d.facts(now).License
	b.ReportMetric(float64(len(d.entries)), "entries")
	for b.Loop() {
		if h := model.HistoryOf(d.entries, license, 12, now); len(h.Records) != 3*365 {
			b.Fatalf("%d records", len(h.Records))
		}
	}
}
