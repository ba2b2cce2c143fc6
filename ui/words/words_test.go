package words_test

import (
	"testing"
	"time"

	"seatdeck/model"
	"seatdeck/ui/words"
)

func at(t testing.TB, s string) time.Time {
	t.Helper()
	v, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

type pair struct{ got, want string }

func pairs(t *testing.T, ps []pair) {
	t.Helper()
	for i, p := range ps {
		if p.got != p.want {
			t.Errorf("%d: %q, want %q", i, p.got, p.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	none, some := model.None[int](), model.Some[int]
	pairs(t, []pair{
		{words.Int(1214), "1,214"}, {words.Int(0), "0"}, {words.Int(1000000), "1,000,000"},
		{words.Count(none), "–"}, {words.Count(some(0)), "0"}, {words.Count(some(962)), "962"},
		{words.Signed(50), "+50"}, {words.Signed(-37), "−37"}, {words.Signed(0), "0"},
		{words.Percent(962, 1000), "96 %"}, {words.Percent(1, 1000), "1 %"}, {words.Percent(999, 1000), "99 %"},
		{words.Percent(1012, 1000), "101 %"}, {words.Percent(0, 10), "0 %"}, {words.Percent(5, 0), "–"}, {words.Percent(-1, 10), "–"},
		{words.Percent(10, 10), "100 %"}, {words.Percent(139, 1099), "13 %"}, {words.Percent(1, 3), "33 %"}, {words.Percent(1001, 1000), "101 %"}, {words.Percent(1, 2), "50 %"},
		{words.Seats(1), "1 seat"}, {words.Seats(0), "0 seats"}, {words.Days(99), "99 days"}, {words.Accounts(1214), "1,214 accounts"},
		{words.Entries(1), "1 entry"}, {words.Entries(214), "214 entries"},
		{words.DaysLeft(some(99)), "99 days left"}, {words.DaysLeft(some(1)), "1 day left"}, {words.DaysLeft(some(0)), "ended today"},
		{words.DaysLeft(some(-3)), "ended 3 days ago"}, {words.DaysLeft(none), "–"},
		{words.Free(some(38)), "38 free"}, {words.Free(some(-12)), "12 over"}, {words.Free(some(0)), "0 free"}, {words.Free(none), "–"},
		{words.SeatLimit(none, true), "no limit"}, {words.SeatLimit(none, false), "–"}, {words.SeatLimit(some(1000), false), "1,000"},
		{words.Change("950", "1,000"), "950 → 1,000"},
	})
}

func TestTaken(t *testing.T) {
	l := model.License{Kind: model.KindOnlineCloud, Seats: model.Some(1000), Daily: model.Some(962)}
	endless := model.License{Kind: model.KindOnlineCloud, NoLimit: true, Daily: model.Some(962)}
	pairs(t, []pair{
		{words.Taken(l), "962 of 1,000 seats taken"},
		{words.Taken(endless), "962 seats taken, no limit"},
		{words.Taken(model.License{Kind: model.KindOnlineCloud}), "– of – seats taken"},
		{words.Taken(model.License{Kind: model.KindNone}), "no licence"},
	})
}

func TestPaceAndMoney(t *testing.T) {
	pace := func(w float64) model.Opt[model.Pace] { return model.Some(model.Pace{PerWeek: w}) }
	m := model.Money{Cents: 5498400, Currency: "USD"}
	pairs(t, []pair{
		{words.Pace(model.None[model.Pace]()), "–"}, {words.Pace(pace(0.4)), "steady"}, {words.Pace(pace(6.5)), "about 7 more a week"}, {words.Pace(pace(-2)), "about 2 fewer a week"},
		{words.About(m), "≈ $54,984"}, {words.AYear(m), "≈ $54,984 a year"},
	})
}

func TestLists(t *testing.T) {
	pairs(t, []pair{
		{words.List(nil), ""}, {words.List([]string{"a"}), "a"}, {words.List([]string{"a", "b"}), "a and b"}, {words.List([]string{"a", "b", "c"}), "a, b and c"},
		{words.Short([]string{"a", "b", "c"}, 2), "a, b and 1 more"}, {words.Short([]string{"a", "b"}, 2), "a and b"}, {words.Short([]string{"a", "b"}, 0), "a and b"},
		{words.Capital("élan"), "Élan"}, {words.Capital(""), ""}, {words.Capital("sync"), "Sync"},
	})
}

// TestDates restates visual §8.
func TestDates(t *testing.T) {
	now := at(t, "2026-11-21 09:52")
	utc := time.UTC
	berlin := time.FixedZone("CET", 3600)
	d := func(y int, m time.Month, day int) model.Day { return model.Date(y, m, day) }
	today := model.DayOf(now)
	ev := func(s string) string { return words.Event(at(t, s), now, utc) }
	co := func(s string) string { return words.Coming(at(t, s), now, utc) }
	pairs(t, []pair{
		{words.Date(d(2026, 3, 1)), "2026-03-01"}, {words.Date(0), "–"},
		{words.Term(d(2026, 3, 1), d(2027, 2, 28)), "2026-03-01 → 2027-02-28"}, {words.Term(d(2026, 3, 1), 0), "2026-03-01 → no end"},
		{words.DayMonth(d(2026, 6, 9), today), "9 Jun"}, {words.DayMonth(d(2025, 11, 21), today), "Nov 2025"}, {words.DayMonth(d(2025, 11, 22), today), "22 Nov"},
		{words.DayMonth(d(2027, 2, 13), today), "13 Feb"}, {words.DayMonth(d(2028, 2, 13), today), "Feb 2028"}, {words.DayMonth(0, today), "–"},
		{ev("2026-11-21 03:41"), "today 03:41"}, {ev("2026-11-20 14:10"), "20 Nov 14:10"}, {ev("2026-11-06 14:10"), " 6 Nov 14:10"},
		{ev("2025-11-22 10:00"), "22 Nov 10:00"}, {ev("2025-11-21 10:00"), "Nov 2025"}, {words.Event(time.Time{}, now, utc), "–"},
		{co("2026-11-26 10:44"), "Thu 26 Nov 10:44"}, {co("2026-11-21 10:44"), "today 10:44"}, {co("2028-02-28 00:00"), "2028-02-28"}, {words.Coming(time.Time{}, now, utc), "–"},
		{words.Window(at(t, "2026-11-22 03:00"), at(t, "2026-11-22 05:00"), utc), "22 Nov 03:00–04:59"},
		{words.Window(at(t, "2026-11-22 03:00"), at(t, "2026-11-22 05:00"), berlin), "22 Nov 04:00–05:59"},
		{words.WindowOpt(model.None[time.Time](), model.None[time.Time](), utc), "–"},
		{words.Clock(now, utc), "09:52"}, {words.Clock(now, berlin), "10:52"}, {words.Clock(time.Time{}, utc), "–"},
		{words.Zone(now, utc), "UTC"}, {words.Zone(now, berlin), "CET"},
		{words.Stamp(now, utc), "2026-11-21 09:52 UTC"}, {words.Stamp(time.Time{}, utc), "–"},
		{words.Read(now, now, utc), "read 09:52 UTC"}, {words.Read(time.Time{}, now, utc), "never read"},
		{words.Read(at(t, "2026-11-20 18:02"), now, utc), "read 20 Nov 18:02 UTC"},
		{words.Moment(at(t, "2026-11-06 14:10"), now, utc), "6 Nov 14:10"},
		{words.EventOpt(model.None[time.Time](), now, utc), "–"},
		// Midnight belongs to the zone that is shown.
		{words.Event(at(t, "2026-11-20 23:30"), now, berlin), "today 00:30"},
	})
}

func TestLeapDayAndYearEnd(t *testing.T) {
	leap := at(t, "2028-02-29 12:00")
	newYear := at(t, "2027-01-01 00:30")
	pairs(t, []pair{
		{words.Event(at(t, "2027-03-01 12:00"), leap, time.UTC), " 1 Mar 12:00"},
		{words.Event(at(t, "2027-02-28 12:00"), leap, time.UTC), "Feb 2027"},
		{words.Event(at(t, "2026-12-31 23:59"), newYear, time.UTC), "31 Dec 23:59"},
		{words.Coming(at(t, "2027-01-02 00:00"), newYear, time.UTC), "Sat 2 Jan 00:00"},
	})
}

func TestDurations(t *testing.T) {
	const ms = time.Millisecond
	pairs(t, []pair{
		{words.Took(0), "0 s"}, {words.Took(-time.Second), "0 s"}, {words.Took(20 * ms), "0.1 s"}, {words.Took(1900 * ms), "1.9 s"}, {words.Took(1999 * ms), "1.9 s"},
		{words.Took(2 * time.Second), "2 s"}, {words.Took(38 * time.Second), "38 s"}, {words.Took(119 * time.Second), "119 s"}, {words.Took(2 * time.Minute), "2 min"},
		{words.Took(119 * time.Minute), "119 min"}, {words.Took(6 * time.Hour), "6 h"}, {words.Took(47 * time.Hour), "47 h"}, {words.Took(99 * 24 * time.Hour), "99 days"},
		{words.Running(24 * time.Second), "0:24"}, {words.Running(0), "0:00"}, {words.Running(-time.Hour), "0:00"}, {words.Running(725 * time.Second), "12:05"}, {words.Running(3723 * time.Second), "1:02:03"},
	})
}

// TestEventsStandInOneColumn: within a year, events of one table are equally
// wide.
func TestEventsStandInOneColumn(t *testing.T) {
	now := at(t, "2026-11-21 09:52")
	for d := range 364 {
		got := words.Event(now.AddDate(0, 0, -d-1), now, time.UTC)
		if len(got) != len("20 Nov 14:10") {
			t.Errorf("%d days ago is %q", d+1, got)
		}
	}
}
