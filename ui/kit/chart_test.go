package kit

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
)

// shape is what a picture of the chart shows, without the exact counts behind it.
type shape struct {
	limits map[string]int // label of a limit → row from the bottom where it stands
	value  int            // row of the last count's label
	peak   int            // row of the highest crest
	months string
}

func rowOf(lines []string, text string) int {
	for i, l := range lines {
		if strings.Contains(l, text) {
			return len(lines) - 2 - i // above the axis
		}
	}
	return -1
}

// The rows are counted in the pictures of the dashboard at four sizes.
func TestChartHasTheShapeOfThePictures(t *testing.T) {
	th := plainTheme(t)
	for _, tt := range []struct {
		name string
		w, h int
		want shape
	}{
		{"dashboard 120×40", 56, 7, shape{map[string]int{"800": 0, "900": 2, "1,000": 5}, 4, 4, "Dec Feb Apr Jun Aug Oct"}},
		{"dashboard 80×24", 76, 9, shape{map[string]int{"800": 0, "900": 3, "1,000": 7}, 5, 6, "Dec Feb Apr Jun Aug Oct"}},
		{"dashboard 200×60", 96, 11, shape{map[string]int{"800": 0, "900": 4, "1,000": 9}, 7, 8, "Dec Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov"}},
		{"subscription 120×40", 116, 13, shape{map[string]int{"800": 0, "900": 5, "1,000": 10}, 8, 10, "Dec Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			lines := bare(year().Lines(th, tt.w, tt.h))
			for label, row := range tt.want.limits {
				if got := rowOf(lines, label); got != row {
					t.Errorf("%s stands in row %d, want %d", label, got, row)
				}
			}
			if got := rowOf(lines, " 962"); got != tt.want.value {
				t.Errorf("962 stands in row %d, want %d", got, tt.want.value)
			}
			if got := rowOf(lines, "987 · 9 Jun"); got != tt.want.peak+1 {
				t.Errorf("the peak's label stands in row %d, want one above %d", got, tt.want.peak)
			}
			if got := strings.Join(strings.Fields(lines[len(lines)-1]), " "); got != tt.want.months {
				t.Errorf("months %q, want %q", got, tt.want.months)
			}
		})
	}
}

// A day above its limit shows, even the smallest excess; a day at it does not.
func TestChartOverTheLimitIsBadAndSolid(t *testing.T) {
	th := plainTheme(t)
	for _, tt := range []struct {
		peak int
		over bool
	}{{950, false}, {951, true}, {990, true}} {
		for h := chartMinRows; h < 14; h++ {
			c := Chart{
				Points: polyline(corner{date(2026, 1, 1), 860}, corner{date(2026, 2, 1), tt.peak}, corner{date(2026, 3, 1), 870}),
				Limits: []Limit{{date(2025, 1, 1), 950}},
			}
			bad := false
			for _, line := range c.Lines(th, 60, h) {
				for _, cell := range styledCells(line) {
					if !strings.HasPrefix(cell, th.Bad.Open()) {
						continue
					}
					bad = true
					if strings.HasSuffix(cell, th.Glyph.Body) {
						t.Errorf("peak %d, height %d: a shaded cell over the limit", tt.peak, h)
					}
				}
			}
			if bad != tt.over {
				t.Errorf("peak %d, height %d: over the limit shows %v, want %v", tt.peak, h, bad, tt.over)
			}
		}
	}
}

// One day's peak among hundreds must reach the same height as if it lasted.
func TestChartNeverAveragesAPeakAway(t *testing.T) {
	th := plainTheme(t)
	flat := polyline(corner{date(2026, 1, 1), 100}, corner{date(2026, 12, 31), 100})
	flat[200].Value = 180
	lines := bare(Chart{Points: flat}.Lines(th, 52, 9))
	if got := rowOf(lines, "180 · 20 Jul"); got != 7 {
		t.Errorf("the label of a one-day peak stands in row %d, want the top one\n%s", got, strings.Join(lines, "\n"))
	}
	if got := strings.Count(lines[1], "█"); got != 1 {
		t.Errorf("%d columns reach the peak, want 1\n%s", got, strings.Join(lines, "\n"))
	}
}

func TestChartLeavesUnknownDaysEmpty(t *testing.T) {
	th := plainTheme(t)
	c := year()
	for i := 120; i < 240; i++ {
		c.Points[i].Known = false
	}
	lines := bare(c.Lines(th, 56, 7))
	bottom := []rune(lines[5])
	if got := strings.Count(lines[5], notKept); got != 1 {
		t.Errorf("%q stands there %d times, want once\n%s", notKept, got, strings.Join(lines, "\n"))
	}
	// Days 120 to 239 of 365 are columns 15 to 27 of 44; the first may hold day 119.
	for col := 16; col < 28; col++ {
		if r := bottom[chartGutter+col]; r == '░' || r == '█' {
			t.Errorf("column %d of unknown days holds %q", col, r)
		}
	}
	for i := range c.Points {
		c.Points[i].Known = false
	}
	if got := c.Lines(th, 56, 7); got != nil {
		t.Errorf("a chart of nothing draws %q", got)
	}
}

func TestChartLastUnknownHasNoLabel(t *testing.T) {
	th := plainTheme(t)
	c := year()
	for i := len(c.Points) - 10; i < len(c.Points); i++ {
		c.Points[i].Known = false
	}
	for _, l := range bare(c.Lines(th, 56, 7)) {
		if tail := strings.TrimSpace(ansi.Cut(l, 50, 56)); tail != "" && tail != "1,000" {
			t.Errorf("the right gutter says %q where the last count is unknown", tail)
		}
	}
}

func TestChartBase(t *testing.T) {
	for _, tt := range []struct{ low, high, want int }{
		{851, 1000, 800}, {928, 1031, 880}, {10, 12, 9}, {5, 5, 4}, {0, 0, 0}, {3, 5000, 0}, {40, 43, 39},
	} {
		got := roundBase(tt.low, tt.high)
		if got != tt.want {
			t.Errorf("roundBase(%d, %d) = %d, want %d", tt.low, tt.high, got, tt.want)
		}
	}
	if base, ok := year().Base(56, 7); !ok || base != 800 {
		t.Errorf("Base() = %d, %v", base, ok)
	}
	if _, ok := (Chart{}).Base(56, 7); ok {
		t.Error("an empty chart has a base")
	}
}

func TestMonthsStandApart(t *testing.T) {
	th := plainTheme(t)
	for w := 20; w < 220; w++ {
		p := newPlot(th, year(), w-2*chartGutter, 6)
		labels := p.months()
		if w >= 24 && len(labels) < 2 {
			t.Errorf("at %d there are %d months", w, len(labels))
		}
		if !apart(labels) {
			t.Errorf("at %d the months are too close: %v", w, labels)
		}
	}
}

func TestChartSurvivesOddData(t *testing.T) {
	th := plainTheme(t)
	day := date(2026, time.May, 1)
	for name, c := range map[string]Chart{
		"one day":         {Points: []Point{{day, 5, true}}},
		"a day of zero":   {Points: []Point{{day, 0, true}}},
		"wrong order":     {Points: []Point{{day, 5, true}, {day.AddDate(0, 0, -9), 5, true}}},
		"limit below all": {Points: []Point{{day, 50, true}, {day.AddDate(0, 1, 0), 60, true}}, Limits: []Limit{{day, 10}}},
		"limit far above": {Points: []Point{{day, 50, true}, {day.AddDate(0, 1, 0), 60, true}}, Limits: []Limit{{day, 100000}}},
	} {
		lines := c.Lines(th, 40, 6)
		if name == "wrong order" {
			if lines != nil {
				t.Errorf("%s draws %q", name, lines)
			}
			continue
		}
		wantSize(t, name, lines, 40, 6)
		body := strings.Join(bare(lines), "")
		if !strings.ContainsAny(body, "▁▂▃▄▅▆▇█") {
			t.Errorf("%s shows no column:\n%s", name, strings.Join(bare(lines), "\n"))
		}
	}
}
