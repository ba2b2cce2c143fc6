package model

import (
	"strconv"
	"strings"
	"time"
)

// maxQueryDays bounds a number of days in a query: more than GitLab has users.
const maxQueryDays = 99999

// looksTimed tells a date or a number of days from a name.
func looksTimed(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// timedValue reads what stands behind a comparison, or a date without one.
func (p *queryParser) timedValue(spec queryKeySpec, start int, op, text string) (QueryValue, error) {
	switch op {
	case "", "<", ">", "<=", ">=":
	case "=<", "=>", "=":
		mended := map[string]string{"=<": "<=", "=>": ">=", "=": ""}[op] + text
		return QueryValue{}, p.fault(start, p.at, "there is no comparison "+op, mended, "")
	default:
		return QueryValue{}, p.fault(start, start+len(op), "there is no comparison "+op, "", "comparisons are <, >, <= and >=")
	}
	if text == "" {
		return QueryValue{}, p.fault(start, p.at, "there is nothing to compare with", "", spec.takes())
	}
	if digits, ok := strings.CutSuffix(text, "d"); ok {
		return p.daysValue(spec, start, op, digits)
	}
	if spec.kind == valueDays {
		near := ""
		if _, err := strconv.ParseUint(text, 10, 16); err == nil {
			near = orOp(op, ">") + text + "d"
		}
		return QueryValue{}, p.fault(start, p.at, text+" is not a number of days", near, spec.takes())
	}
	if _, _, ok := period(text); !ok {
		return QueryValue{}, p.fault(start, p.at, text+" is not a date", "", "dates are 2026, 2026-03 or 2026-03-31; days are 90d")
	}
	return QueryValue{Text: text, Op: op}, nil
}

func (p *queryParser) daysValue(spec queryKeySpec, start int, op, digits string) (QueryValue, error) {
	n, err := strconv.ParseUint(digits, 10, 32)
	if err != nil || n > maxQueryDays {
		return QueryValue{}, p.fault(start, p.at, digits+"d is not a number of days", "", "days are 0d to 99999d")
	}
	if op == "" {
		near := "<=" + digits + "d"
		if spec.kind == valueDays {
			near = ">=" + digits + "d"
		}
		return QueryValue{}, p.fault(start, p.at, "days need a comparison", near, "")
	}
	return QueryValue{Op: op, Days: int(n)}, nil
}

func orOp(op, other string) string {
	if op == "" {
		return other
	}
	return op
}

func (p *queryParser) idValue(spec queryKeySpec, start int, text string) (QueryValue, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n <= 0 {
		return QueryValue{}, p.fault(start, p.at, text+" is not an account id", "", spec.takes())
	}
	return QueryValue{Text: strconv.FormatInt(n, 10)}, nil
}

// period returns the first and last day of a year, a month or a day.
func period(s string) (first, last Day, ok bool) {
	for _, f := range [...]struct {
		layout string
		years  int
		months int
		days   int
	}{{"2006", 1, 0, 0}, {"2006-01", 0, 1, 0}, {time.DateOnly, 0, 0, 1}} {
		if len(s) != len(f.layout) {
			continue
		}
		t, err := time.Parse(f.layout, s)
		if err != nil || t.Year() < 1 {
			return 0, 0, false
		}
		return DayOf(t), DayOf(t.AddDate(f.years, f.months, f.days)).Add(-1), true
	}
	return 0, 0, false
}

// dayRange is a range of days, both ends in it; never holds unknown days.
type dayRange struct{ first, last Day }

const (
	firstDay Day = -1 << 31
	lastDay  Day = 1<<31 - 1
)

// rangeOf returns the days that a value asks for. Numbers of days count back
// from today: more days ago is earlier.
func rangeOf(v QueryValue, today Day) dayRange {
	if v.Text == "" {
		d := today.Add(-v.Days)
		switch v.Op {
		case "<":
			return dayRange{d + 1, lastDay}
		case "<=":
			return dayRange{d, lastDay}
		case ">":
			return dayRange{firstDay, d - 1}
		}
		return dayRange{firstDay, d}
	}
	first, last, _ := period(v.Text)
	switch v.Op {
	case "<":
		return dayRange{firstDay, first - 1}
	case "<=":
		return dayRange{firstDay, last}
	case ">":
		return dayRange{last + 1, lastDay}
	case ">=":
		return dayRange{first, lastDay}
	}
	return dayRange{first, last}
}
