package kit

import (
	"time"

	"seatdeck/ui/theme"
)

// Day is what is known about one day of a strip.
type Day int

// The kinds of days. DayNothing is a day nobody watched or one to come.
const (
	DayNothing Day = iota
	DayOrdinary
	DayChanged
	DayMissing
)

// MaxWeeks is the longest a strip gets.
const MaxWeeks = 12

// weekCols is a week of seven marks and the space after it.
const weekCols = 8

// StripWeeks is how many whole weeks fit into w cells.
func StripWeeks(w int) int { return min(max((w+1)/weekCols, 0), MaxWeeks) }

// Strip draws one mark a day in weeks from Monday, the week of today last, and
// the Mondays' dates above. Both lines are w cells wide. at is asked for days up
// to today, as midnights in today's location; later days are to come.
func Strip(th *theme.Theme, w int, today time.Time, at func(day time.Time) Day) (dates, marks string) {
	weeks := StripWeeks(w)
	y, m, d := today.Date()
	sinceMonday := (int(today.Weekday()) + 6) % 7
	top, row := NewLine(th, w), NewLine(th, w)
	for week := range weeks {
		for day := range 7 {
			offset := (week-weeks+1)*7 + day - sinceMonday
			date := time.Date(y, m, d+offset, 0, 0, 0, 0, today.Location())
			if day == 0 {
				top.At(week * weekCols).Label(date.Format("2 Jan"))
				row.At(week * weekCols)
			}
			kind := DayNothing
			if offset <= 0 {
				kind = at(date)
			}
			style, glyph := dayMark(th, kind)
			row.raw(style, glyph)
		}
	}
	return top.String(), row.String()
}

// dayMark is the look of a day.
func dayMark(th *theme.Theme, d Day) (theme.Style, string) {
	switch d {
	case DayOrdinary:
		return th.AccentQuiet, th.Glyph.Ordinary
	case DayChanged:
		return th.OK, th.Glyph.Changed
	case DayMissing:
		return th.Bad, th.Glyph.Missing
	}
	return th.Label, th.Glyph.Nothing
}
