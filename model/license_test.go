package model_test

import (
	"encoding/json"
	"strings"
	"testing"

	"seatdeck/model"
)

func TestNearLimit(t *testing.T) {
	// Thresholds of contract §4.4: remaining seats.
	tests := []struct {
		seats, daily int
		want         bool
	}{
		{1, 1, false}, {1, 0, false}, // no threshold below two seats
		{2, 1, true}, {15, 14, true}, {15, 13, false},
		{16, 14, true}, {25, 23, true}, {25, 22, false},
		{26, 24, true}, {26, 23, false}, {50, 45, true}, {50, 44, false}, {99, 90, true}, {99, 89, false},
		{100, 92, true}, {100, 91, false}, {999, 920, true}, {999, 919, false},
		{1000, 950, true}, {1000, 949, false}, {1000, 962, true},
		{1000, 1000, true}, {1000, 1001, false}, // over is not near
	}
	for _, tt := range tests {
		l := model.License{Kind: model.KindOnlineCloud, Seats: model.Some(tt.seats), Daily: model.Some(tt.daily)}
		if got := l.NearLimit(); got != tt.want {
			t.Errorf("%d of %d: near %v, want %v", tt.daily, tt.seats, got, tt.want)
		}
	}
	if (model.License{Kind: model.KindOnlineCloud, Daily: model.Some(5)}).NearLimit() {
		t.Error("near a limit that is not known")
	}
}

func TestExpired(t *testing.T) {
	ends := day(t, "2027-02-28")
	tests := []struct {
		name string
		now  string
		said model.Opt[bool]
		want bool
	}{
		{"the day before, unsaid", "2027-02-27 23:59", model.None[bool](), false},
		{"on the day, unsaid", "2027-02-28 00:00", model.None[bool](), true},
		{"the server is still on the day before", "2027-02-28 05:00", model.Some(false), false},
		{"the server is a day ahead", "2027-02-27 20:00", model.Some(true), true},
		{"read long before the end", "2027-03-05 00:00", model.Some(false), true},
		{"said so", "2027-03-05 00:00", model.Some(true), true},
	}
	for _, tt := range tests {
		l := model.License{Kind: model.KindOnlineCloud, Ends: ends, ExpiredFlag: tt.said}
		if got := l.Expired(at(t, tt.now)); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	now := at(t, "2027-03-05 00:00")
	if (model.License{Ends: ends}).Expired(now) || (model.License{Kind: model.KindLegacy}).Expired(now) {
		t.Error("no licence, or one without an end, is expired")
	}
}

func TestDaysLeftAndFree(t *testing.T) {
	now := at(t, "2026-11-21 23:59")
	l := model.License{Kind: model.KindOnlineCloud, Ends: day(t, "2027-02-28"), Seats: model.Some(1000), Daily: model.Some(1012)}
	if n, ok := l.DaysLeft(now).Get(); !ok || n != 99 {
		t.Errorf("%d days left, %v; want 99", n, ok)
	}
	if n, ok := l.Free().Get(); !ok || n != -12 {
		t.Errorf("%d free, %v; want −12", n, ok)
	}
	l.Ends, l.Seats = 0, model.None[int]()
	if l.DaysLeft(now).Known() || l.Free().Known() {
		t.Error("an unknown end or limit gives a number")
	}
}

func TestSyncEligible(t *testing.T) {
	ends := day(t, "2027-02-28")
	tests := []struct {
		l    model.License
		want bool
	}{
		{model.License{Kind: model.KindOnlineCloud, Ends: ends}, true},
		{model.License{Kind: model.KindOnlineCloud, Ends: ends, Trial: model.Some(true)}, true}, // trials are not excluded
		{model.License{Kind: model.KindOnlineCloud}, false},
		{model.License{Kind: model.KindOfflineCloud, Ends: ends}, false},
		{model.License{Kind: model.KindLegacy, Ends: ends}, false},
		{model.License{Kind: model.KindNone}, false},
		{model.License{}, false},
		{model.License{Kind: "future_kind", Ends: ends}, false},
	}
	for _, tt := range tests {
		got, why := tt.l.SyncEligible()
		if got != tt.want || got == (why != "") {
			t.Errorf("%s: %v (%q), want %v", tt.l.Kind, got, why, tt.want)
		}
	}
}

func TestLicenseJSONNames(t *testing.T) {
	b, err := json.Marshal(model.License{Kind: model.KindNone})
	if err != nil {
		t.Fatal(err)
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(b, &members); err != nil {
		t.Fatal(err)
	}
	for name, v := range members {
		if name != strings.ToLower(name) {
			t.Errorf("member %q is not in lower case", name)
		}
		if string(v) == "0" {
			t.Errorf("member %q of an empty licence is 0, not null", name)
		}
	}
}

func TestPlanAndKindTitles(t *testing.T) {
	plans := map[model.Plan]string{"ultimate": "Ultimate", "gold": "Ultimate", "silver": "Premium", "bronze": "Starter", "free": "Free", "": "–", "x\x1b": "x¿"}
	for p, want := range plans {
		if got := p.Title(); got != want {
			t.Errorf("plan %q is %q, want %q", string(p), got, want)
		}
	}
	kinds := map[model.Kind]string{model.KindOnlineCloud: "online cloud licence", model.KindOfflineCloud: "offline cloud licence", model.KindLegacy: "licence file", model.KindNone: "no licence", "x": "kind unknown"}
	for k, want := range kinds {
		if got := k.Title(); got != want {
			t.Errorf("kind %q is %q, want %q", string(k), got, want)
		}
	}
}

func TestStates(t *testing.T) {
	for _, name := range []string{"active", "blocked", "ldap_blocked", "deactivated", "blocked_pending_approval", "banned"} {
		if got := model.ParseState(name); got.String() != name || got == model.StateOther {
			t.Errorf("%q reads as %s", name, got)
		}
	}
	for _, name := range []string{"", "unknown", "ACTIVE", "new"} {
		if model.ParseState(name) != model.StateOther {
			t.Errorf("%q is a known state", name)
		}
	}
	if model.State(99).String() != "unknown" || model.Recency(99).String() != "unknown" || model.Role(77).String() != "unknown role" {
		t.Error("values out of range have no name")
	}
}

func TestRecency(t *testing.T) {
	today := day(t, "2026-11-21")
	tests := []struct {
		activity, signIn model.Day
		want             model.Recency
	}{
		{0, 0, model.RecencyNever},
		{today, 0, model.RecencyRecent},
		{today.Add(-30), 0, model.RecencyRecent},
		{today.Add(-31), 0, model.RecencyIdle},
		{today.Add(-89), 0, model.RecencyIdle},
		{today.Add(-90), 0, model.RecencyDormant},
		{0, today.Add(-400), model.RecencyDormant},
		{0, today.Add(-1), model.RecencyRecent},
		{today.Add(2), 0, model.RecencyRecent}, // a clock ahead of ours
	}
	for _, tt := range tests {
		if got := model.RecencyOf(tt.activity, tt.signIn, today, 90); got != tt.want {
			t.Errorf("activity %s, sign-in %s: %s, want %s", tt.activity, tt.signIn, got, tt.want)
		}
	}
}

func TestSeatFlag(t *testing.T) {
	if (model.Account{Flags: model.FlagSeat}).SeatFlag().Known() {
		t.Error("a flag that was not sent is known")
	}
	if v, ok := (model.Account{Flags: model.FlagSeatKnown}).SeatFlag().Get(); !ok || v {
		t.Error("a sent false is not a known false")
	}
}
