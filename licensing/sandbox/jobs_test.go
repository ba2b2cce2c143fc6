package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// billable gives the id of a member who needs a seat and may be blocked.
func (l *lab) billablePerson() uint32 {
	l.t.Helper()
	i := slices.IndexFunc(l.world.accounts, func(a account) bool {
		return l.rules().billable(l.world, &a) && !a.has(flagAdmin) && l.world.standingOf(&a).highest == developer
	})
	if i < 0 {
		l.t.Fatal("nobody needs a seat")
	}
	return l.world.accounts[i].id
}

// The day of a number (contract §6.3): a change at 14:30 reaches D at 23:50,
// a row at 12:00, and the portal in the early hours after that.
func TestAChangeTakesMoreThanADayToReachThePortal(t *testing.T) {
	l := newLab(t, "ultimate")
	l.call("POST", fmt.Sprintf("/api/v4/users/%d/block", l.billablePerson()), TokenAdmin, "").want(t, 201, "true")
	active := func() float64 { return l.object("/license")["active_users"].(float64) }
	if active() != 962 {
		t.Fatal("D moved at once")
	}
	l.now = start.Add(9*time.Hour + 19*time.Minute) // 23:49
	if active() != 962 {
		t.Fatal("D moved before its job")
	}
	l.now = l.now.Add(2 * time.Minute)
	if active() != 961 {
		t.Fatal("D did not move with its job")
	}
	l.now = time.Date(2026, 3, 11, 6, 0, 0, 0, time.UTC)
	sent := func() Event {
		t.Helper()
		for _, e := range slices.Backward(l.Events()) {
			if e.Kind == "seat_link" {
				return e
			}
		}
		t.Fatal("nothing was sent")
		return Event{}
	}
	if e := sent(); e.Billable != 962 || e.Maximum != 987 || e.Time.Hour() < 3 || e.Time.Hour() > 4 || e.RowAt.Format("2006-01-02 15") != "2026-03-10 12" {
		t.Errorf("the first sync sends yesterday's row: %+v", e)
	}
	l.now = l.now.AddDate(0, 0, 1)
	if e := sent(); e.Billable != 961 || e.RowAt.Format("2006-01-02 15") != "2026-03-11 12" {
		t.Errorf("the second sync: %+v", e)
	}
	rows := l.subscription.rows
	if n := len(rows); rows[n-1].count != 961 || rows[n-2].count != 962 {
		t.Errorf("rows: %+v", rows[n-2:])
	}
}

// A recount is queued, answers 202 at once, moves D soon, and writes no row.
func TestARecountMovesTheCountButNotTheHistory(t *testing.T) {
	l := newLab(t, "ultimate")
	rows := len(l.subscription.rows)
	l.call("POST", fmt.Sprintf("/api/v4/users/%d/block", l.billablePerson()), TokenAdmin, "").want(t, 201, "true")
	id := l.object("/license")["id"]
	l.call("PUT", fmt.Sprintf("/api/v4/license/%v/refresh_billable_users", id), TokenAdmin, "").want(t, 202, `{"success":true}`)
	if l.object("/license")["active_users"] != 962.0 {
		t.Error("the count moved within the request")
	}
	l.now = l.now.Add(5 * time.Second)
	if got := l.object("/license")["active_users"]; got != 961.0 {
		t.Errorf("after the recount: %v", got)
	}
	if len(l.subscription.rows) != rows {
		t.Error("a recount wrote a row")
	}
}

// lastSync moves each night where the portal answers and the answer is saved,
// and nowhere else (contract §3.1, §3.5).
func TestLastSyncFollowsThePortal(t *testing.T) {
	for _, c := range []struct {
		scenario, set, outcome string
		moves                  bool
	}{
		{"ultimate", "portal=ok", "ok", true},
		{"premium", "portal=ok", "ok", true},
		{"sync-failing", "portal=refuse", "refused", false},
		{"sync-unsaved", "portal=unsaved", "unsaved", false},
		{"ultimate", "portal=down", "unreachable", false},
		{"ultimate", "silent_mode=true", "blocked", false},
		{"offline", "portal=ok", "", false},
		{"ultimate", "license_type=legacy_license", "", false},
		{"ultimate", "trial=true", "ok", true},
		{"maintenance", "portal=ok", "ok", true},
	} {
		l := newLab(t, c.scenario, c.set)
		cur := l.subscription.current(start)
		before := cur.lastSync
		if (c.outcome == "") != before.IsZero() {
			t.Errorf("%s %s: last sync at birth %v", c.scenario, c.set, before)
		}
		if c.outcome == "ok" && start.Sub(before) > 24*time.Hour || c.outcome != "ok" && c.outcome != "" && start.Sub(before) < 72*time.Hour {
			t.Errorf("%s %s: last sync %v ago", c.scenario, c.set, start.Sub(before))
		}
		l.now = start.AddDate(0, 0, 1)
		var outcomes []string
		for _, e := range l.Events() {
			if e.Kind == "seat_link" {
				outcomes = append(outcomes, e.Outcome)
			}
		}
		if got := strings.Join(outcomes, " "); got != c.outcome {
			t.Errorf("%s %s: %q", c.scenario, c.set, got)
		}
		if moved := cur.lastSync.After(before); moved != c.moves {
			t.Errorf("%s %s: moved %v", c.scenario, c.set, moved)
		}
	}
}

func TestTheSyncButtonQueuesOneExchange(t *testing.T) {
	l := newLab(t, "ultimate")
	before := l.subscription.current(start).lastSync
	if !l.RequestSeatLink() {
		t.Fatal("not eligible")
	}
	l.now = l.now.Add(time.Second)
	l.get("/license")
	if !l.subscription.current(start).lastSync.Equal(before) {
		t.Error("queued is not done")
	}
	l.now = l.now.Add(10 * time.Second)
	l.get("/license")
	if got := l.subscription.current(start).lastSync; got.Sub(start) > 10*time.Second || !got.After(start) {
		t.Errorf("last sync %v", got)
	}
	if newLab(t, "offline").RequestSeatLink() || newLab(t, "free").RequestSeatLink() {
		t.Error("an instance without an online licence queued a sync")
	}
}

func TestActivation(t *testing.T) {
	for _, c := range []struct{ set, code, want string }{
		{"portal=ok", ActivationCode, ""},
		{"portal=ok", "short", "Invalid activation code"},
		{"portal=down", ActivationCode, "CONNECTIVITY_ERROR"},
		{"silent_mode=true", ActivationCode, "only get, head, options, and trace methods are allowed in silent mode"},
	} {
		l := newLab(t, "ultimate", c.set)
		before := l.subscription.current(start).lastSync
		if got := strings.Join(l.activate(c.code), "|"); got != c.want {
			t.Errorf("%s: %q", c.set, got)
		}
		if moved := l.subscription.current(start).lastSync.After(before); moved != (c.want == "") {
			t.Errorf("%s: moved %v", c.set, moved)
		}
	}
	free := newLab(t, "free")
	if errs := free.activate(ActivationCode); errs != nil || free.planName() != "ultimate" {
		t.Errorf("activating a free instance: %v, plan %s", errs, free.planName())
	}
}

// The nightly job (contract §6.6): ninety days without activity, or never
// signed in for a week; bots are left alone.
func TestDormantAccountsAreDeactivatedAtNight(t *testing.T) {
	l := newLab(t, "ultimate", "dormant=true")
	before := map[state]int{}
	for _, a := range l.world.accounts {
		before[a.state]++
	}
	l.now = start.AddDate(0, 0, 1)
	l.get("/license")
	for _, a := range l.world.accounts {
		if a.state != active {
			continue
		}
		day, ok := a.activeOn()
		dormant := ok && day.Before(start.AddDate(0, 0, -91)) || !ok && a.createdAt().Before(start.AddDate(0, 0, -8))
		if a.kind == human && dormant {
			t.Fatalf("account %d is dormant and active", a.id)
		}
	}
	bots := 0
	for _, a := range l.world.accounts {
		if a.kind != human && a.state != active {
			bots++
		}
	}
	if bots > 0 {
		t.Errorf("%d bots were switched off", bots)
	}
}

// Rows are written at noon (contract §6.3), neither before nor an hour later.
func TestRowsAreWrittenAtNoon(t *testing.T) {
	l := newLab(t, "ultimate")
	rows := len(l.subscription.rows)
	for clock, more := range map[string]int{"11:59:59": 0, "12:00:30": 1} {
		at, err := time.Parse(time.DateTime, "2026-03-11 "+clock)
		if err != nil {
			t.Fatal(err)
		}
		l = newLab(t, "ultimate")
		l.now = at
		l.get("/license")
		if got := len(l.subscription.rows) - rows; got != more {
			t.Errorf("%s: %d more rows", clock, got)
		}
	}
}

// A clock that jumps a year runs a year of jobs; one that goes back runs none.
func TestTheClockIsFollowedInOneGo(t *testing.T) {
	l := newLab(t, "ultimate", "days_left=360")
	rows := len(l.subscription.rows)
	l.now = start.AddDate(0, 0, 300)
	l.get("/license")
	if got := len(l.subscription.rows) - rows; got != 300 {
		t.Errorf("%d rows in 300 days", got)
	}
	l.now = start
	l.get("/license")
	if got := len(l.subscription.rows) - rows; got != 300 {
		t.Errorf("going back wrote %d rows", got)
	}
	if r := l.subscription.rows; !slices.IsSortedFunc(r, func(a, b dayRow) int { return a.at.Compare(b.at) }) {
		t.Error("rows out of order")
	}
}
