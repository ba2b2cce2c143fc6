// Package words turns facts into the short texts that panes and verbs share:
// numbers, dates, ages, money, states and outcomes, so that both front ends
// say the same thing in the same words.
//
// It never styles: no colour, no width, no escape sequence. It reads no clock
// and no zone of its own: now and the location are parameters. What is not
// known is [Unknown], never a zero.
package words

import (
	"fmt"
	"math"
	"strings"

	"seatdeck/model"
)

// Unknown stands for a value that nobody could read.
const Unknown = "–"

// Int returns a number with thousands commas: 1,214.
func Int(n int) string { return model.Thousands(int64(n)) }

// Count returns a number, or [Unknown].
func Count(n model.Opt[int]) string {
	if v, ok := n.Get(); ok {
		return Int(v)
	}
	return Unknown
}

// Signed returns a difference with its sign: +50, −37, 0.
func Signed(n int) string {
	if n > 0 {
		return "+" + Int(n)
	}
	return Int(n)
}

// Percent returns a share as a whole number with a space: 96 %. It
// rounds to the nearest, except for what would look like nothing or like
// everything: a share above 0 is at least 1 %, one below the whole at most 99 %,
// one above it at least 101 %. Without a whole it is [Unknown].
func Percent(part, whole int) string {
	if whole <= 0 || part < 0 {
		return Unknown
	}
	p := int((int64(part)*200 + int64(whole)) / (2 * int64(whole)))
	switch {
	case part > 0 && p == 0:
		p = 1
	case part < whole:
		p = min(p, 99)
	case part > whole:
		p = max(p, 101)
	}
	return Int(p) + " %"
}

// Plural returns a number with its noun: 1 seat, 38 seats.
//
//go:noinline
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Int(n) + " " + many
}

// Seats returns "38 seats".
func Seats(n int) string { return Plural(n, "seat", "seats") }

// Days returns "99 days".
func Days(n int) string { return Plural(n, "day", "days") }

// Accounts returns "1,214 accounts".
func Accounts(n int) string { return Plural(n, "account", "accounts") }

// Entries returns "214 entries".
func Entries(n int) string { return Plural(n, "entry", "entries") }

// DaysLeft returns "99 days left", "ended today" or "ended 3 days ago": a licence
// has ended from the first minute of its last day on (contract §4.4).
func DaysLeft(left model.Opt[int]) string {
	n, ok := left.Get()
	switch {
	case !ok:
		return Unknown
	case n == 0:
		return "ended today"
	case n < 0:
		return "ended " + Days(-n) + " ago"
	}
	return Days(n) + " left"
}

// Free returns what is left of the seats: "38 free", "12 over" or [Unknown].
func Free(free model.Opt[int]) string {
	n, ok := free.Get()
	switch {
	case !ok:
		return Unknown
	case n < 0:
		return Int(-n) + " over"
	}
	return Int(n) + " free"
}

// SeatLimit returns the seats of a licence or term: a number, "no limit" or
// [Unknown].
func SeatLimit(seats model.Opt[int], noLimit bool) string {
	if noLimit {
		return "no limit"
	}
	return Count(seats)
}

// Taken returns the headline of the seats: "962 of 1,000 seats taken", and
// "962 seats taken" where no limit is recorded.
func Taken(l model.License) string {
	switch {
	case !l.Present():
		return "no licence"
	case l.NoLimit:
		return Count(l.Daily) + " seats taken, no limit"
	}
	return fmt.Sprintf("%s of %s seats taken", Count(l.Daily), Count(l.Seats))
}

// Change returns "950 → 1,000".
func Change(before, after string) string { return before + " → " + after }

// Pace returns growth in plain words: "about 7 more a week", "about 2 fewer a
// week", "steady".
func Pace(p model.Opt[model.Pace]) string {
	v, ok := p.Get()
	if !ok {
		return Unknown
	}
	n := int(math.Round(math.Abs(v.PerWeek)))
	switch {
	case n == 0:
		return "steady"
	case v.PerWeek > 0:
		return "about " + Int(n) + " more a week"
	}
	return "about " + Int(n) + " fewer a week"
}

// About returns an amount that is an estimate: ≈ $54,984.
func About(m model.Money) string { return "≈ " + m.String() }

// AYear returns an estimate for a year: ≈ $54,984 a year.
func AYear(m model.Money) string { return About(m) + " a year" }

// List joins items as a sentence does: a, b and c.
func List(items []string) string {
	switch n := len(items); n {
	case 0:
		return ""
	case 1:
		return items[0]
	default:
		return strings.Join(items[:n-1], ", ") + " and " + items[n-1]
	}
}

// Short joins at most n items with commas and says how many more there are:
// a, b and 3 more.
func Short(items []string, n int) string {
	if n < 1 || len(items) <= n {
		return List(items)
	}
	return strings.Join(items[:n], ", ") + " and " + Int(len(items)-n) + " more"
}

// Capital returns s with its first letter as a capital, for titles.
func Capital(s string) string {
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return s
}
