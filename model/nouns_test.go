package model_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"seatdeck/model"
)

// at reads a UTC time such as "2026-11-21 09:52".
func at(t testing.TB, s string) time.Time {
	t.Helper()
	v, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// day reads a date such as "2026-11-21".
func day(t testing.TB, s string) model.Day {
	t.Helper()
	d, err := model.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestOptJSON(t *testing.T) {
	type doc struct {
		Seats model.Opt[int]  `json:"seats"`
		Trial model.Opt[bool] `json:"trial,omitzero"`
	}
	tests := []struct {
		v    doc
		want string
	}{
		{doc{}, `{"seats":null}`},
		{doc{model.Some(0), model.Some(false)}, `{"seats":0,"trial":false}`},
	}
	for _, tt := range tests {
		b, err := json.Marshal(tt.v)
		if err != nil || string(b) != tt.want {
			t.Errorf("%+v gives %s, %v; want %s", tt.v, b, err, tt.want)
		}
		var back doc
		if err := json.Unmarshal(b, &back); err != nil || back != tt.v {
			t.Errorf("%s reads back as %+v, %v", b, back, err)
		}
	}
	bad := doc{Seats: model.Some(7)}
	if err := json.Unmarshal([]byte(`{"seats":"many"}`), &bad); err == nil || bad.Seats.Known() {
		t.Errorf("text for a number: %v, known %v", err, bad.Seats.Known())
	}
}

func TestOpt(t *testing.T) {
	if v, ok := model.Some(3).Get(); !ok || v != 3 {
		t.Errorf("Some(3) gives %d, %v", v, ok)
	}
	if model.None[int]().Known() || model.None[int]().Or(5) != 5 || model.Some(0).Or(5) != 0 {
		t.Error("unknown and zero are mixed up")
	}
}

func TestDay(t *testing.T) {
	tests := []struct{ in, want string }{
		{"2026-03-01", "2026-03-01"},
		{"1970-01-01", "1970-01-01"},
		{"2028-02-29", "2028-02-29"},
		{"9999-12-31", "9999-12-31"},
		{"2038-01-20", "2038-01-20"},
		{"2026-03-01T23:30:00.000-02:00", "2026-03-02"}, // the day in UTC
		{"2026-03-01T00:30:00+02:00", "2026-02-28"},
	}
	for _, tt := range tests {
		d, err := model.ParseDay(tt.in)
		if err != nil || d.String() != tt.want {
			t.Errorf("ParseDay(%q) = %s, %v; want %s", tt.in, d, err, tt.want)
		}
		if model.DayOf(d.Time()) != d {
			t.Errorf("%s does not survive Time and DayOf", d)
		}
	}
	for _, bad := range []string{"", "2026-02-30", "01/03/2026", "yesterday", "2026-13-01"} {
		if d, err := model.ParseDay(bad); err == nil || d.Known() {
			t.Errorf("ParseDay(%q) = %s, want an error", bad, d)
		}
	}
	if _, err := model.ParseDay("\x1b]0;x\x07"); err == nil || strings.ContainsAny(err.Error(), "\x1b\x07") {
		t.Errorf("hostile text in the error: %q", err)
	}
}

func TestDayArithmetic(t *testing.T) {
	if n := day(t, "2027-02-28").Sub(day(t, "2026-11-21")); n != 99 {
		t.Errorf("21 Nov to 28 Feb is %d days, want 99", n)
	}
	if d := day(t, "2027-02-28").Add(-15); d.String() != "2027-02-13" {
		t.Errorf("15 days before is %s", d)
	}
	if d := model.Day(0).Add(3); d.Known() {
		t.Errorf("the unknown day plus three is %s", d)
	}
	if (model.Day(0)).String() != "–" || !model.Day(0).Time().IsZero() || model.DayOf(time.Time{}).Known() {
		t.Error("the unknown day is not unknown")
	}
	if d := model.DayOf(time.Date(1960, 1, 1, 23, 0, 0, 0, time.UTC)); d.String() != "1960-01-01" {
		t.Errorf("before 1970: %s", d)
	}
}

func TestDayJSON(t *testing.T) {
	for _, want := range []string{`null`, `"2026-03-01"`} {
		var d model.Day
		if err := json.Unmarshal([]byte(want), &d); err != nil {
			t.Fatal(err)
		}
		if b, _ := json.Marshal(d); string(b) != want {
			t.Errorf("%s writes %s", want, b)
		}
	}
	d := model.Day(5)
	if err := json.Unmarshal([]byte(`"soon"`), &d); err == nil || d.Known() {
		t.Errorf("a bad date gives %s, %v", d, err)
	}
}

func TestVersion(t *testing.T) {
	tests := []struct {
		in, full, short string
	}{
		{"19.5.1-ee", "19.5.1-ee", "19.5"},
		{"18.4.0", "18.4.0", "18.4"},
		{"16.11.10-ce", "16.11.10-ce", "16.11"},
		{"17.0.0-pre", "17.0.0-pre", "17.0"},
		{"15.2", "15.2.0", "15.2"},
	}
	for _, tt := range tests {
		v, err := model.ParseVersion(tt.in)
		if err != nil || v.String() != tt.full || v.Short() != tt.short {
			t.Errorf("ParseVersion(%q) = %s (%s), %v", tt.in, v, v.Short(), err)
		}
		b, _ := json.Marshal(v)
		var back model.Version
		if err := json.Unmarshal(b, &back); err != nil || back != v {
			t.Errorf("%s reads back as %+v, %v", b, back, err)
		}
	}
	for _, bad := range []string{"", "19", "19.x", "1.2.3.4", "-1.2", "99999999.1", "0.0.0", "<html>"} {
		if v, err := model.ParseVersion(bad); err == nil || v.Known() {
			t.Errorf("ParseVersion(%q) = %s, want an error", bad, v)
		}
	}
}

func TestVersionAtLeast(t *testing.T) {
	v := model.Version{Major: 18, Minor: 9, Patch: 0}
	tests := []struct {
		major, minor int
		want         bool
	}{{18, 9, true}, {18, 10, false}, {17, 11, true}, {19, 0, false}, {18, 8, true}}
	for _, tt := range tests {
		if got := v.AtLeast(tt.major, tt.minor); got != tt.want {
			t.Errorf("18.9 at least %d.%d: %v", tt.major, tt.minor, got)
		}
	}
	var none model.Version
	if none.AtLeast(0, 0) || none.String() != "–" || none.Short() != "–" {
		t.Error("an unknown version is at least something")
	}
	if b, _ := json.Marshal(none); string(b) != "null" {
		t.Errorf("an unknown version writes %s", b)
	}
}

func TestAsOf(t *testing.T) {
	now := at(t, "2026-11-21 09:52")
	a := model.Live(now.In(time.FixedZone("", 3600)))
	b, err := json.Marshal(a)
	if err != nil || string(b) != `{"as_of":"2026-11-21T09:52:00Z","source":"live"}` {
		t.Errorf("a reading writes %s, %v", b, err)
	}
	b, _ = json.Marshal(model.AsOf{})
	if string(b) != `{"as_of":null,"source":null}` {
		t.Errorf("what was never read writes %s", b)
	}
	var back model.AsOf
	if err := json.Unmarshal(b, &back); err != nil || !back.IsZero() {
		t.Errorf("and reads back as %+v, %v", back, err)
	}
	if a.Age(now.Add(time.Hour)) != time.Hour || a.Age(now.Add(-time.Hour)) != 0 {
		t.Error("ages are wrong")
	}
	if a.FromCache().Source != model.SourceCache || (model.AsOf{Source: model.SourceDailyJob}).FromCache().Source != model.SourceDailyJob {
		t.Error("only live becomes cache")
	}
}

func TestPart(t *testing.T) {
	asOf := model.Live(at(t, "2026-11-21 09:52"))
	p := model.Read(7, asOf)
	if !p.Known() || p.Value != 7 {
		t.Errorf("%+v", p)
	}
	f := p.Failed(model.Fail(model.ClassDenied, "read", "no", ""))
	if !f.Known() || f.Value != 7 || f.Err == nil || p.Err != nil {
		t.Errorf("a failed part loses its reading or changes the first: %+v, %+v", f, p)
	}
	if (model.Part[int]{}).Known() {
		t.Error("an empty part is known")
	}
	if p.FromCache().AsOf.Source != model.SourceCache {
		t.Error("not marked as cached")
	}
}
