package model_test

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"
	"time"

	"seatdeck/model"
)

// series makes one row a day at noon, starting on a day.
func series(t testing.TB, from string, counts ...int) []model.DayCount {
	t.Helper()
	first := day(t, from)
	var out []model.DayCount
	for i, c := range counts {
		out = append(out, model.DayCount{At: first.Add(i).Time().Add(12 * time.Hour), Count: c})
	}
	return out
}

// growing makes n rows that begin at base and grow by one every "every" days.
func growing(t testing.TB, from string, n, base, every int) []model.DayCount {
	counts := make([]int, n)
	for i := range counts {
		counts[i] = base + i/every
	}
	return series(t, from, counts...)
}

func TestMergeCounts(t *testing.T) {
	export := series(t, "2026-03-03", 930, 931)
	kept := series(t, "2026-03-01", 900, 901, 999, 931)
	noise := []model.DayCount{{}, {At: at(t, "2026-03-09 12:00"), Count: -1}}
	twice := model.DayCount{At: at(t, "2026-03-04 18:00"), Count: 929} // a second row of a day, lower
	c := model.MergeCounts(append(append(noise, export...), twice), append(kept, noise...))
	want := []struct {
		day   string
		count int
	}{{"2026-03-01", 900}, {"2026-03-02", 901}, {"2026-03-03", 930}, {"2026-03-04", 931}}
	if len(c.Rows) != len(want) {
		t.Fatalf("%d rows, want %d: %+v", len(c.Rows), len(want), c.Rows)
	}
	for i, w := range want {
		if r := c.Rows[i]; r.Day().String() != w.day || r.Count != w.count {
			t.Errorf("row %d is %s %d, want %s %d", i, r.Day(), r.Count, w.day, w.count)
		}
	}
}

func TestDailyCounts(t *testing.T) {
	var none model.DailyCounts
	if _, ok := none.Newest(); ok || none.On(day(t, "2026-03-01")).Known() || len(none.Between(0, 0)) != 0 {
		t.Error("no rows give a count")
	}
	rows := append(series(t, "2026-03-01", 10, 12, 12), series(t, "2026-03-07", 11)...)
	c := model.MergeCounts(rows, nil)
	if r, ok := c.Newest(); !ok || r.Count != 11 {
		t.Errorf("newest %+v", r)
	}
	if p, ok := c.Peak(0, 0); !ok || p.Day() != day(t, "2026-03-02") {
		t.Errorf("the peak is on %s, want the first day that reached it", p.Day())
	}
	if p, ok := c.Peak(day(t, "2026-03-03"), day(t, "2026-03-06")); !ok || p.Day() != day(t, "2026-03-03") {
		t.Errorf("peak of a span: %+v", p)
	}
	if _, ok := c.Peak(day(t, "2026-03-04"), day(t, "2026-03-06")); ok {
		t.Error("days nobody kept have a peak")
	}
	if n := c.NotKept(day(t, "2026-03-01"), day(t, "2026-03-07")); n != 3 {
		t.Errorf("%d days not kept, want 3", n)
	}
	if c.On(day(t, "2026-03-05")).Known() || c.On(day(t, "2026-03-03")) != model.Some(12) {
		t.Error("a day nobody kept has a count, or a kept one has none")
	}
	l := model.License{Kind: model.KindOnlineCloud, Starts: day(t, "2026-03-01"), Ends: day(t, "2027-02-28"), Maximum: model.Some(12)}
	if d := c.PeakDay(l); d != day(t, "2026-03-02") {
		t.Errorf("peak day %s", d)
	}
	l.Maximum = model.Some(13) // D, which is not a row yet
	if d := c.PeakDay(l); d.Known() {
		t.Errorf("a maximum that no row shows is dated %s", d)
	}
}

func TestCountEntries(t *testing.T) {
	row := series(t, "2026-03-01", 10)[0]
	e, err := row.Entry()
	if err != nil || e.Kind != model.EntryCount || e.Key != "count:2026-03-01" {
		t.Fatalf("%+v, %v", e, err)
	}
	bad := []model.Entry{
		{Kind: model.EntryCount, Body: json.RawMessage(`{"at":"2026-03-02T12:00:00Z","billable_users":-5}`)},
		{Kind: model.EntryCount, Body: json.RawMessage(`broken`)},
		{Kind: model.EntryWatched, Body: e.Body},
	}
	got := model.CountsIn(append(bad, e))
	if len(got) != 1 || !got[0].At.Equal(row.At) || got[0].Count != 10 {
		t.Errorf("%+v", got)
	}
}

func TestLimitSteps(t *testing.T) {
	term := func(from, to, added string, seats int) model.Term {
		return model.Term{Starts: day(t, from), Ends: day(t, to), Added: day(t, added), Seats: model.Some(seats), Plan: model.PlanUltimate}
	}
	terms := []model.Term{ // as the instance lists them: newest first
		term("2026-03-01", "2027-02-28", "2026-11-06", 1000),
		term("2026-03-01", "2027-02-28", "2026-02-27", 950),
		term("2025-03-01", "2026-03-01", "2025-03-01", 900),
	}
	future := []model.Term{{Starts: day(t, "2027-02-28"), Ends: day(t, "2028-02-28"), Seats: model.Some(1050), Plan: model.PlanUltimate}}
	steps := model.LimitSteps(terms, future)
	want := []struct {
		from  string
		seats model.Opt[int]
	}{
		{"2025-03-01", model.Some(900)}, {"2026-03-01", model.Some(950)}, {"2026-11-06", model.Some(1000)},
		{"2027-02-28", model.Some(1050)}, {"2028-02-28", model.None[int]()},
	}
	if len(steps) != len(want) {
		t.Fatalf("%+v", steps)
	}
	for i, w := range want {
		if steps[i].From != day(t, w.from) || steps[i].Seats != w.seats {
			t.Errorf("step %d: %s %v, want %s %v", i, steps[i].From, steps[i].Seats, w.from, w.seats)
		}
	}
	for d, want := range map[string]int{"2025-06-01": 900, "2026-02-28": 900, "2026-03-01": 950, "2026-11-05": 950, "2026-11-06": 1000, "2027-03-01": 1050} {
		if s, ok := model.LimitAt(steps, day(t, d)); !ok || s.Seats != model.Some(want) {
			t.Errorf("on %s: %v, want %d", d, s.Seats, want)
		}
	}
	if _, ok := model.LimitAt(steps, day(t, "2025-02-28")); ok {
		t.Error("a limit before the first term")
	}
	endless := model.LimitSteps([]model.Term{{Starts: day(t, "2026-03-01"), NoLimit: true}}, nil)
	if len(endless) != 1 || !endless[0].NoLimit {
		t.Errorf("a term without limit and end: %+v", endless)
	}
	if model.LimitSteps([]model.Term{{Seats: model.Some(5)}}, nil) != nil {
		t.Error("a term without dates gives a step")
	}
}

func TestPace(t *testing.T) {
	today := day(t, "2026-11-21")
	spike := growing(t, "2026-10-23", 30, 930, 1)
	spike[10].Count, spike[20].Count = 5000, 1
	tests := []struct {
		name string
		rows []model.DayCount
		want float64
		ok   bool
	}{
		{"one a day", growing(t, "2026-10-23", 30, 930, 1), 7, true},
		{"flat", series(t, "2026-11-01", 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9), 0, true},
		{"two odd days do not move it", spike, 7, true},
		{"too few", series(t, "2026-11-15", 1, 2, 3, 4, 5, 6), 0, false},
		{"too short", growing(t, "2026-11-09", 12, 930, 1), 0, false},
		{"too old", growing(t, "2026-10-10", 30, 930, 1), 0, false},
		{"none", nil, 0, false},
	}
	for _, tt := range tests {
		p, ok := model.MergeCounts(tt.rows, nil).Pace(today).Get()
		if ok != tt.ok || math.Abs(p.PerWeek-tt.want) > 0.01 {
			t.Errorf("%s: %.2f a week, %v; want %.2f, %v", tt.name, p.PerWeek, ok, tt.want, tt.ok)
		}
	}
}

func TestForecast(t *testing.T) {
	now := at(t, "2026-11-21 09:52")
	base := func() *model.Facts {
		asOf := model.Live(now)
		return &model.Facts{
			License: model.Read(model.License{
				Kind: model.KindOnlineCloud, Starts: day(t, "2026-03-01"), Ends: day(t, "2027-02-28"),
				Seats: model.Some(1000), Daily: model.Some(962),
			}, asOf),
			Daily: model.Read(model.MergeCounts(growing(t, "2026-10-23", 30, 933, 1), nil), asOf),
		}
	}
	tests := []struct {
		name   string
		change func(*model.Facts)
		limit  string
		why    string
	}{
		{"one a day, 38 free", func(*model.Facts) {}, "2026-12-29", ""},
		{"at the limit", func(f *model.Facts) { f.License.Value.Daily = model.Some(1000) }, "", "no seat is left now"},
		{"no limit", func(f *model.Facts) { f.License.Value.NoLimit = true }, "", "this licence has no limit"},
		{"shrinking", func(f *model.Facts) {
			rows := growing(t, "2026-10-23", 30, 933, 1)
			for i := range rows {
				rows[i].Count = 990 - i
			}
			f.Daily.Value = model.MergeCounts(rows, nil)
		}, "", "not growing"},
		{"no counts", func(f *model.Facts) { f.Daily = model.Part[model.DailyCounts]{} }, "", "too few daily counts to say"},
		{"no counts at all", func(f *model.Facts) {
			f.Daily, f.License.Value.Daily = model.Part[model.DailyCounts]{}, model.None[int]()
		}, "", "no daily counts are known"},
		{"licence not read", func(f *model.Facts) { f.License = model.Part[model.License]{} }, "", "the licence is not known"},
		{"no licence", func(f *model.Facts) { f.License.Value = model.License{Kind: model.KindNone} }, "", "no licence, no limit"},
		{"the term ends first", func(f *model.Facts) { f.License.Value.Ends = day(t, "2026-12-01") }, "", "not before the term ends"},
		{"the next term has more seats", func(f *model.Facts) {
			f.License.Value.Ends = day(t, "2026-12-01")
			f.Future = model.Read([]model.Term{{Starts: day(t, "2026-12-01"), Ends: day(t, "2027-12-01"), Seats: model.Some(1050)}}, model.Live(now))
		}, "2027-02-17", ""},
		{"the next term has fewer seats", func(f *model.Facts) {
			f.License.Value.Ends = day(t, "2026-12-01")
			f.Future = model.Read([]model.Term{{Starts: day(t, "2026-12-01"), Ends: day(t, "2027-12-01"), Seats: model.Some(900)}}, model.Live(now))
		}, "2026-12-01", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := base()
			tt.change(f)
			got := model.ForecastOf(f, now)
			limit := ""
			if got.LimitOn.Known() {
				limit = got.LimitOn.String()
			}
			if limit != tt.limit || got.Why != tt.why {
				t.Errorf("limit on %q (%q), want %q (%q)", limit, got.Why, tt.limit, tt.why)
			}
		})
	}
	if d := model.ForecastOf(base(), now).RenewalOpens; d != day(t, "2027-02-13") {
		t.Errorf("renewal opens on %s, want 15 days before the end", d)
	}
	if d := model.ForecastOf(&model.Facts{}, now).RenewalOpens; d.Known() {
		t.Errorf("renewal of nothing opens on %s", d)
	}
}

// What is read at a glance is what is decoded, and what cannot be read at a
// glance is decoded all the same.
func TestCountsAsDecoded(t *testing.T) {
	whole, err := model.DayCount{At: time.Date(2026, 3, 1, 12, 0, 5, 0, time.UTC), Count: 1204}.Entry()
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{
		string(whole.Body), `{"billable_users":5,"at":"2026-03-01T12:00:05Z"}`, `{"at":"2026-03-01T12:00:05Z","billable_users": 5}`,
		`{"at":"2026-03-01T12:00:05Z","billable_users":0}`, `{"at":"2026-03-01T12:00:05Z","billable_users":05}`,
		`{"at":"2026-03-01T12:00:05Z","billable_users":-5}`, `{"at":"2026-03-01T12:00:05Z","billable_users":}`,
		`{"at":"2026-03-01T12:00:05Z","billable_users":5,"more":1}`, `{"at":"2026-03-01T12:00:05+02:00","billable_users":5}`,
		`{"at":"2026-03-01","billable_users":5}`, `{"at":"0001-01-01T00:00:00Z","billable_users":5}`,
		`{"at":"2026-03-01T12:00:05Z","billable_users":12345678901}`, `{"at":"2026-03-01T12:00:05Z","billable_users":5}}`, `null`, ``,
	} {
		var want []model.DayCount
		var c model.DayCount
		if json.Unmarshal([]byte(body), &c) == nil && !c.At.IsZero() && c.Count >= 0 {
			want = append(want, c)
		}
		if got := model.CountsIn([]model.Entry{{Kind: model.EntryCount, Body: json.RawMessage(body)}}); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, decoded %v", body, got, want)
		}
	}
}

// The same of whole lists.
func TestDailyCountsAsDecoded(t *testing.T) {
	const a, b = `{"at":"2026-03-01T12:00:05Z","billable_users":7}`, `{"at":"2026-03-02T12:00:05Z","billable_users":8}`
	for _, list := range []string{
		`{"rows":[]}`, `{"rows":[` + a + `]}`, `{"rows":[` + a + `,` + b + `]}`, `{"rows":null}`, `{}`, `null`, `[]`, ``, `{"rows":[` + a + `]`,
		`{"rows":[` + a + `,]}`, `{"rows":[,` + a + `]}`, `{"rows":[` + a + b + `]}`, `{"rows":[` + a + `,,` + b + `]}`, `{"rows":[` + a + ` , ` + b + `]}`,
		`{"rows":[` + a + `,{}]}`, `{"rows":[` + a + `,null]}`, `{"rows":[` + a + `],"rows":[` + b + `]}`, `{"rows":[[]]}`, `{"rows":[` + a + `}]}`, `{"rows":[}]}`,
		`{"rows":[{"billable_users":5,"at":"2026-03-01T12:00:05Z"}]}`, `{"Rows":[` + a + `]}`,
	} {
		type plain model.DailyCounts
		var want plain
		wantErr := json.Unmarshal([]byte(list), &want)
		var got, quick model.DailyCounts
		if err := json.Unmarshal([]byte(list), &got); (err == nil) != (wantErr == nil) || err == nil && !reflect.DeepEqual(plain(got), want) {
			t.Errorf("%s: %v, %v; decoded %v, %v", list, got, err, want, wantErr)
		}
		if err := model.DecodeJSON([]byte(list), &quick); (err == nil) != (wantErr == nil) || err == nil && !reflect.DeepEqual(plain(quick), want) {
			t.Errorf("quickly %s: %v, %v; decoded %v, %v", list, quick, err, want, wantErr)
		}
	}
}

// What follows from one daily count is as old as that count, wherever it is
// quoted; what follows from roles that were read earlier is as old as those.
func TestCountsTellTheirAge(t *testing.T) {
	now, noon, earlier := at(t, "2026-11-21 09:52"), at(t, "2026-11-20 12:00"), at(t, "2026-11-21 09:00")
	taken := model.AsOf{At: noon, Source: model.SourceDailyJob}
	f := model.Facts{License: model.Read(model.License{
		Kind: model.KindOnlineCloud, Plan: model.PlanUltimate, Seats: model.Some(10), Daily: model.Some(1), DailyAt: taken, Active: model.Some(1),
		Maximum: model.Some(12), OverNow: model.Some(0), OverPeak: model.Some(2),
	}, model.Live(now))}
	r := model.NewRoster([]model.Account{{ID: 7, Username: model.Clean("u"), State: model.StateActive, Flags: model.FlagSeat | model.FlagSeatKnown}}, model.Live(now), true)
	counts := func(roles *model.HostRoles) map[string]model.AsOf {
		out := map[string]model.AsOf{}
		seats := model.NewSeating(r, model.SeatContextOf(&f), roles)
		for _, c := range model.UserCountsOf(&f, r, seats.Env(model.DayOf(now), 90)).Counts {
			out[c.Key] = c.AsOf
		}
		return out
	}
	listed := counts(nil)
	for _, key := range []string{model.CountBillable, model.CountLicenseActive, model.CountMaximum, "users_over_now", "users_over_subscription"} {
		if listed[key] != taken {
			t.Errorf("%s is of %+v, the daily count of %+v", key, listed[key], taken)
		}
	}
	if listed[model.CountSeats] != model.Live(now) || listed[model.CountByRule] != model.Live(now) {
		t.Errorf("seats %+v, by rule %+v", listed[model.CountSeats], listed[model.CountByRule])
	}
	read := model.AsOf{At: earlier, Source: model.SourceHost}
	ruled := counts(hostTells(t, model.PlanUltimate, model.HighestRole{UserID: 7, Level: levelOf(30), Billable: model.Some(true)}))
	if ruled[model.CountByRule] != read || ruled[model.CountByFlag] != model.Live(now) {
		t.Errorf("by rule %+v, the roles are of %+v; by flag %+v", ruled[model.CountByRule], read, ruled[model.CountByFlag])
	}
}
