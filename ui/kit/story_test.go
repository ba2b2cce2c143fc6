package kit

import (
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"seatdeck/ui/theme"
)

// unicode and ascii are the default theme in both glyph sets.
func themes(t testing.TB) (unicode, ascii *theme.Theme) {
	t.Helper()
	u, err := theme.Named("")
	if err != nil {
		t.Fatal(err)
	}
	a := u
	a.Glyph = theme.ASCII()
	return &u, &a
}

func plainTheme(t testing.TB) *theme.Theme {
	u, _ := themes(t)
	return u
}

// bare strips the styles of lines, for comparing shapes.
func bare(lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = ansi.Strip(l)
	}
	return out
}

// wantSize checks that lines are exactly w by h cells, measured by x/ansi and
// not by our own Width.
func wantSize(t *testing.T, what string, lines []string, w, h int) {
	t.Helper()
	if len(lines) != max(h, 0) {
		t.Errorf("%s: %d lines, want %d", what, len(lines), h)
	}
	for i, l := range lines {
		if got := ansi.StringWidth(l); got != max(w, 0) {
			t.Errorf("%s: line %d is %d cells wide, want %d: %q", what, i, got, w, l)
		}
	}
}

func date(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

// corner is a day and a count between which the story is a straight line.
type corner struct {
	day   time.Time
	count int
}

// polyline joins corners into one point a day.
func polyline(corners ...corner) []Point {
	var out []Point
	for i := 1; i < len(corners); i++ {
		a, b := corners[i-1], corners[i]
		n := daysBetween(a.day, b.day)
		for d := range n {
			out = append(out, Point{Day: a.day.AddDate(0, 0, d), Value: a.count + (b.count-a.count)*d/n, Known: true})
		}
	}
	last := corners[len(corners)-1]
	return append(out, Point{Day: last.day, Value: last.count, Known: true})
}

// year is the story of the pictures: growth, a peak of 987 on 9 June, people
// leaving, growth again to 962; 900 seats, then 950, then 1,000.
func year() Chart {
	return Chart{
		Points: polyline(
			corner{date(2025, time.November, 21), 852}, corner{date(2025, time.December, 12), 866},
			corner{date(2025, time.December, 28), 860}, corner{date(2026, time.February, 5), 880},
			corner{date(2026, time.April, 20), 925}, corner{date(2026, time.May, 20), 950},
			corner{date(2026, time.June, 9), 987}, corner{date(2026, time.June, 20), 975},
			corner{date(2026, time.July, 1), 925}, corner{date(2026, time.August, 5), 872},
			corner{date(2026, time.September, 20), 910}, corner{date(2026, time.November, 20), 962},
		),
		Limits: []Limit{
			{date(2025, time.March, 1), 900}, {date(2026, time.March, 1), 950},
			{date(2026, time.November, 6), 1000},
		},
	}
}
