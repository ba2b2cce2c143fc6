package kit

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"seatdeck/ui/theme"
)

// The expectations in this file are the visual design's own lines.

func wantLines(t *testing.T, got, want []string) {
	t.Helper()
	got = bare(got)
	for i := range got {
		got[i] = strings.TrimRight(got[i], " ")
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestGaugeLooksLikeThePictures(t *testing.T) {
	u, a := themes(t)
	year := Gauge{Value: 962, Known: true, Limit: 1000, Peak: 987}
	over := Gauge{Value: 1012, Known: true, Limit: 1000, Peak: 1031}
	wantLines(t, []string{
		year.Bar(u, 56), year.Bar(u, 96), year.Bar(u, 76), over.Bar(u, 56), over.Caption(u, 56), year.Bar(a, 56),
	}, []string{
		strings.Repeat("▄", 54) + "▁▖",
		strings.Repeat("▄", 92) + "▖▁▖▁",
		strings.Repeat("▄", 73) + "▁▁▖",
		strings.Repeat("▄", 53) + "▌▄▖",
		strings.Repeat(" ", 43) + "limit 1,000",
		strings.Repeat("#", 54) + ".:",
	})
}

func TestGaugeOverTheLimitShowsIt(t *testing.T) {
	th := plainTheme(t)
	for w := 3; w < 130; w++ {
		for _, g := range []Gauge{
			{Value: 1001, Known: true, Limit: 1000, Peak: 1001}, {Value: 1001, Known: true, Limit: 1000, Peak: 1001},
			{Value: 1012, Known: true, Limit: 1000, Peak: 1031}, {Value: 5000, Known: true, Limit: 10, Peak: 5000},
		} {
			bar := styledCells(g.Bar(th, w))
			bad, limit := 0, 0
			for _, c := range bar {
				switch {
				case strings.HasSuffix(c, th.Glyph.HeroLimit):
					limit++
				case strings.HasPrefix(c, th.Bad.Open()):
					bad++
				}
			}
			if bad < 1 || limit != 1 {
				t.Fatalf("%+v at %d: %d cells over, %d limits: %q", g, w, bad, limit, ansi.Strip(g.Bar(th, w)))
			}
		}
	}
}

func TestStripLooksLikeThePictures(t *testing.T) {
	th := plainTheme(t)
	dates, marks := Strip(th, 96, date(2026, time.November, 21), storyDays)
	wantLines(t, []string{dates, marks}, []string{
		"31 Aug  7 Sep   14 Sep  21 Sep  28 Sep  5 Oct   12 Oct  19 Oct  26 Oct  2 Nov   9 Nov   16 Nov",
		"▪▪▪▪▪▪▪ ▪▪▪▪▪▪▪ ▪▪▪▪▪▪▪ ▪▪▪···▪ ▪▪▪▪▪▪▪ ▪▪▪▪▪▪▪ ▪▪▪▪▪▪▪ ▪▪▪▪▪▪▪ ▪▪▪▪▪▪▪ ▪▪▪▪◆▪▪ ▪▪▪▪▪▪▪ ▪▪✗✗▪▪·",
	})
	for w, want := range map[int]int{-1: 0, 0: 0, 6: 0, 7: 1, 56: 7, 62: 7, 63: 8, 95: 12, 400: 12} {
		if got := StripWeeks(w); got != want {
			t.Errorf("StripWeeks(%d) = %d, want %d", w, got, want)
		}
	}
}

func TestStripAsksForNoDayToCome(t *testing.T) {
	today := date(2026, time.November, 18)
	asked := 0
	Strip(plainTheme(t), 56, today, func(day time.Time) Day {
		asked++
		if day.After(today) {
			t.Errorf("asked for %v", day)
		}
		return DayOrdinary
	})
	if asked != 6*7+3 {
		t.Errorf("asked for %d days, want six weeks and Monday to Wednesday", asked)
	}
}

func TestTabsLookLikeThePictures(t *testing.T) {
	th := plainTheme(t)
	f := Frame{Focus: true, Right: "live 09:52 · count 20 Nov 23:50", Tabs: []Tab{
		{"1", "Subscription", []Span{{Text: "99 d"}}}, {"2", "Seats", []Span{{th.Warn, "!"}, {Text: " 96 %"}}},
		{"3", "Registration", []Span{{Text: "off"}}}, {"4", "Sync", []Span{{th.OK, "✓"}, {Text: " 03:41"}}},
	}}
	wide := f.Pane(th, 80, 2, Part{})
	f.Right = "roster 09:41 · 1,214 accounts"
	wantLines(t, append(wide, f.Pane(th, 60, 2, Part{})...), []string{
		"╭─ 1 Subscription 99 d ─ 2 Seats ! 96 % ─ 3 Registration off ─ 4 Sync ✓ 03:41 ─╮",
		"╰──────────────────────────────────────────── live 09:52 · count 20 Nov 23:50 ─╯",
		"╭─ 1 Subscription ─ 2 Seats ─ 3 Registration ─ 4 Sync ─────╮",
		"╰────────────────────────── roster 09:41 · 1,214 accounts ─╯",
	})
}

func TestScreenLooksLikeThePictures(t *testing.T) {
	th := plainTheme(t)
	people := Frame{Number: "2", Title: "Seats", Left: "1–31 of 58", Right: "roster 09:41 · complete", Divide: 75}
	run := Frame{Number: "4", Title: "Sync", Right: "journal · 214 entries, chain verified", Band: 1, Divide: 73}
	wantLines(t, append(people.Screen(th, 120, 2, Parts{}), run.Screen(th, 120, 5, Parts{})...), []string{
		"╭─ 2 Seats ─────────────────────────────────────────────────────────────────┬──────────────────────────────────────────╮",
		"╰─ 1–31 of 58 ──────────────────────────────────────────────────────────────┴──────────────── roster 09:41 · complete ─╯",
		"╭─ 4 Sync ─────────────────────────────────────────────────────────────────────────────────────────────────────────────╮",
		"│" + strings.Repeat(" ", 118) + "│",
		"├─────────────────────────────────────────────────────────────────────────┬────────────────────────────────────────────┤",
		"│" + strings.Repeat(" ", 73) + "│" + strings.Repeat(" ", 44) + "│",
		"╰─────────────────────────────────────────────────────────────────────────┴──── journal · 214 entries, chain verified ─╯",
	})
}

// The waterfall of the pictures: every rule begins where the one above ended,
// from the right, and the last row is what remains.
func TestWaterfallLooksLikeThePictures(t *testing.T) {
	th := plainTheme(t)
	const all, w = 1214, 78
	left := all
	lines := []string{Rule{Value: all, Whole: all}.Render(th, w)}
	for _, n := range []int{112, 11, 5, 2, 60, 44, 18} {
		left -= n
		lines = append(lines, Rule{Value: float64(n), Offset: float64(left), Whole: all}.Render(th, w))
	}
	lines = append(lines, Rule{Value: float64(left), Whole: all}.Render(th, w))
	if left != 962 {
		t.Fatalf("the story's rows leave %d", left)
	}
	at := func(n int) string { return strings.Repeat(" ", n) }
	wantLines(t, lines, []string{
		strings.Repeat("━", 78),
		at(71) + "━━━━━━━",
		at(70) + "━",
		at(69) + "╺",
		at(69) + "╺",
		at(66) + "━━━╸",
		at(63) + "━━━",
		at(62) + "━",
		strings.Repeat("━", 62),
	})
}

func TestTimelineLooksLikeThePictures(t *testing.T) {
	th := plainTheme(t)
	wantLines(t, []string{Timeline(th, th.Accent, []float64{2.1, 16.4, 12.3, 10.2}, 53)},
		[]string{"━━╸━━━━━━━━━━━━━━━━━━━━━╺━━━━━━━━━━━━━━━╺━━━━━━━━━━━━"})
}

func TestRuleShowsEveryValueAboveZero(t *testing.T) {
	th := plainTheme(t)
	for w := 1; w < 80; w++ {
		for _, r := range []Rule{{Value: 1, Whole: 1e6}, {Value: 1, Offset: 1e6 - 1, Whole: 1e6}, {Value: 1e-9, Offset: 5e5, Whole: 1e6}} {
			if strings.TrimSpace(ansi.Strip(r.Render(th, w))) == "" {
				t.Errorf("%+v on %d cells is not to be seen", r, w)
			}
		}
		if got := ansi.Strip(Rule{Value: 0, Whole: 10}.Render(th, w)); strings.TrimSpace(got) != "" {
			t.Errorf("nothing on %d cells looks like %q", w, got)
		}
		if got := ansi.Strip(Rule{Value: 20, Whole: 10}.Render(th, w)); got != strings.Repeat("━", w) {
			t.Errorf("more than the whole on %d cells looks like %q", w, got)
		}
	}
}

// overlayBase is a screen of which every cell can be recognised.
func overlayBase(th *theme.Theme, w, h int) []string {
	out := []string{th.Accent.Render(strings.Repeat("h", w))}
	for len(out) < h {
		out = append(out, th.OK.Render("│")+th.Figure.Render(strings.Repeat("b", w-2))+"│")
	}
	return out
}

func TestOverlayClearsAMargin(t *testing.T) {
	th := plainTheme(t)
	box := FitLines([]string{"[AAAA]", "[BBBB]"}, 6, 2)
	b := func(n int) string { return strings.Repeat("b", n) }
	wantLines(t, Overlay(th, overlayBase(th, 40, 8), box, 14, 3, 40), []string{
		strings.Repeat("h", 40),
		"│" + b(38) + "│",
		"│" + b(11) + "          " + b(17) + "│",
		"│" + b(11) + "  [AAAA]  " + b(17) + "│",
		"│" + b(11) + "  [BBBB]  " + b(17) + "│",
		"│" + b(11) + "          " + b(17) + "│",
		"│" + b(38) + "│",
		"│" + b(38) + "│",
	})
	// With fewer than eight columns beside it the rows are cleared edge to edge.
	wantLines(t, Overlay(th, overlayBase(th, 24, 4), box, 9, 2, 24)[1:], []string{
		"│" + strings.Repeat(" ", 22) + "│",
		"│        [AAAA]        │",
		"│        [BBBB]        │",
	})
}

func TestOverlayFadesAllBelowTheHeader(t *testing.T) {
	th := plainTheme(t)
	out := Overlay(th, overlayBase(th, 40, 6), FitLines(nil, 4, 1), 18, 3, 40)
	if !strings.HasPrefix(out[0], th.Accent.Open()) {
		t.Errorf("the header lost its colour: %q", out[0])
	}
	for i, line := range out[1:] {
		for _, c := range styledCells(line) {
			if c != " " && !strings.HasPrefix(c, th.Label.Open()) {
				t.Fatalf("line %d holds %q, which is not faint", i+1, c)
			}
		}
	}
}
