package words

import (
	"fmt"
	"time"

	"seatdeck/model"
)

// Date returns a date of a contract in full: 2026-03-01, or [Unknown].
func Date(d model.Day) string { return d.String() }

// Term returns the dates of a term: 2026-03-01 → 2027-02-28.
func Term(from, to model.Day) string {
	if !to.Known() {
		return Change(Date(from), "no end")
	}
	return Change(Date(from), Date(to))
}

// DayMonth returns a day of the last or next twelve months as "9 Jun", one
// further away as "Jun 2025", or [Unknown].
func DayMonth(d, today model.Day) string {
	if !d.Known() {
		return Unknown
	}
	if yearAway(d, today) {
		return d.Time().Format("Jan 2006")
	}
	return d.Time().Format("2 Jan")
}

// yearAway reports whether d lies twelve months or more from today, so that
// its day and month alone could name another year's day.
func yearAway(d, today model.Day) bool {
	a, b := d.Time(), today.Time()
	if b.Before(a) {
		a, b = b, a
	}
	return !b.Before(a.AddDate(1, 0, 0))
}

// Event returns when something happened: "today 03:41", "20 Nov 14:10" with
// the day in two columns, or "Nov 2025" from twelve months on. The zero time
// is [Unknown].
func Event(t, now time.Time, loc *time.Location) string {
	if t.IsZero() {
		return Unknown
	}
	return near(t, now, loc, "_2 Jan 15:04", "Jan 2006")
}

// near formats a time as "today 03:41" on the day itself, from twelve months on
// as far, and in between as usual.
func near(t, now time.Time, loc *time.Location, usual, far string) string {
	t, now = t.In(loc), now.In(loc)
	switch day, today := localDay(t), localDay(now); {
	case day == today:
		return "today " + t.Format("15:04")
	case yearAway(day, today):
		return t.Format(far)
	}
	return t.Format(usual)
}

// EventOpt is [Event] of a time that may be unknown.
func EventOpt(t model.Opt[time.Time], now time.Time, loc *time.Location) string {
	return Event(t.Or(time.Time{}), now, loc)
}

// localDay returns the calendar day that t shows in its own location.
func localDay(t time.Time) model.Day { return model.Date(t.Date()) }

// Coming returns when something will happen, with the weekday: "Thu 26 Nov
// 10:44"; "today 10:44" on the day itself; "2028-02-28" from twelve months on.
func Coming(t, now time.Time, loc *time.Location) string {
	if t.IsZero() {
		return Unknown
	}
	return near(t, now, loc, "Mon 2 Jan 15:04", time.DateOnly)
}

// Window returns a span of GitLab's own jobs, whose end is not part of it:
// "22 Nov 03:00–04:59". Its zone is UTC unless loc is another; where there is
// room, say so with [Zone].
func Window(from, to time.Time, loc *time.Location) string {
	if from.IsZero() || to.IsZero() {
		return Unknown
	}
	from, to = from.In(loc), to.Add(-time.Minute).In(loc)
	return from.Format("2 Jan 15:04") + "–" + to.Format("15:04")
}

// WindowOpt is [Window] of times that may be unknown.
func WindowOpt(from, to model.Opt[time.Time], loc *time.Location) string {
	return Window(from.Or(time.Time{}), to.Or(time.Time{}), loc)
}

// Clock returns the time of day: 09:52, or [Unknown].
func Clock(t time.Time, loc *time.Location) string {
	if t.IsZero() {
		return Unknown
	}
	return t.In(loc).Format("15:04")
}

// ClockSecond returns the time of day to the second, for a moment that is being
// waited for: 10:02:11, or [Unknown].
func ClockSecond(t time.Time, loc *time.Location) string {
	if t.IsZero() {
		return Unknown
	}
	return t.In(loc).Format(time.TimeOnly)
}

// Zone returns the name of the zone in force at t: UTC, CET, +0330.
func Zone(t time.Time, loc *time.Location) string { return t.In(loc).Format("MST") }

// Stamp returns a moment in full with its zone, for plain output and records:
// 2026-11-21 09:52 UTC, or [Unknown].
func Stamp(t time.Time, loc *time.Location) string {
	if t.IsZero() {
		return Unknown
	}
	return t.In(loc).Format("2006-01-02 15:04 MST")
}

// Took returns how long something took or is: 1.9 s, 38 s, 2 min, 6 h, 4 days.
// Below a tenth of a second it is "0.1 s" unless nothing passed at all. It cuts
// rather than rounds, so that 119 s is not two minutes.
func Took(d time.Duration) string {
	switch {
	case d <= 0:
		return "0 s"
	case d < 10*time.Second:
		t := max(1, d/(100*time.Millisecond))
		if t%10 == 0 {
			return fmt.Sprintf("%d s", t/10)
		}
		return fmt.Sprintf("%d.%d s", t/10, t%10)
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s", d/time.Second)
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", d/time.Minute)
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", d/time.Hour)
	}
	return Days(int(d / (24 * time.Hour)))
}

// Running returns the time of something that goes on: 0:24, 12:05, 1:02:03.
func Running(d time.Duration) string {
	s := int(max(0, d) / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// Waiting returns what the instance asks to wait for: "the instance asks to wait
// 30 s · next try 09:52:30".
func Waiting(w model.Wait, loc *time.Location) string {
	return "the instance asks to wait " + Took(w.For) + " · next try " + w.Until.In(loc).Format(time.TimeOnly)
}
