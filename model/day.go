package model

import (
	"encoding/json"
	"fmt"
	"time"
)

// Day is a calendar day in UTC, as days since 1970-01-01 plus one. The zero
// value is unknown, so that a column of days needs no second column of flags.
// The price is 1969-12-31, which cannot be told from unknown; nothing that
// GitLab dates is that old.
type Day int32

// DayOf returns the UTC day of t; the zero time gives the unknown day.
func DayOf(t time.Time) Day {
	if t.IsZero() {
		return 0
	}
	return Day(floorDiv(t.Unix(), 86400) + 1)
}

// Date returns the day of a calendar date.
func Date(y int, m time.Month, d int) Day {
	return DayOf(time.Date(y, m, d, 0, 0, 0, 0, time.UTC))
}

// ParseDay reads YYYY-MM-DD, or an RFC 3339 time whose UTC day is taken:
// GitLab documents last_activity_on as one and sends the other (contract §14).
func ParseDay(s string) (Day, error) {
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return DayOf(t), nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return 0, fmt.Errorf("%q is not a date like 2026-03-01", CleanN(s, 40))
	}
	return DayOf(t.UTC()), nil
}

// Known reports whether there is a day.
func (d Day) Known() bool { return d != 0 }

// Time returns midnight UTC at the start of the day; the unknown day gives the
// zero time.
func (d Day) Time() time.Time {
	if d == 0 {
		return time.Time{}
	}
	return time.Unix(int64(d-1)*86400, 0).UTC()
}

// Sub returns the whole days from e to d. Both must be known.
func (d Day) Sub(e Day) int { return int(d) - int(e) }

// Add returns the day n days later; the unknown day stays unknown.
func (d Day) Add(n int) Day {
	if d == 0 {
		return 0
	}
	return d + Day(n)
}

// String returns YYYY-MM-DD, or "–" for the unknown day.
func (d Day) String() string {
	if d == 0 {
		return "–"
	}
	return d.Time().Format(time.DateOnly)
}

// MarshalJSON writes "YYYY-MM-DD" or null.
func (d Day) MarshalJSON() ([]byte, error) {
	if d == 0 {
		return []byte("null"), nil
	}
	return json.Marshal(d.String())
}

// UnmarshalJSON reads "YYYY-MM-DD" or null.
func (d *Day) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*d = 0
		return nil
	}
	var s string
	if err := DecodeJSON(b, &s); err != nil {
		return err
	}
	v, err := ParseDay(s)
	*d = v
	return err
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
