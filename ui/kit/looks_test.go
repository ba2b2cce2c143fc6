package kit

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
)

// A line of tabs that is too long gives up all figures at once, then all but four
// letters of the names (visual rules, frames and titles).
func TestTabsGiveUpFiguresFirst(t *testing.T) {
	th := plainTheme(t)
	tabs := func(days, seats, sync string) []Tab {
		return []Tab{
			{"1", "Subscription", []Span{{Text: days}}}, {"2", "Seats", []Span{{Text: seats}}},
			{"3", "Registration", []Span{{Text: "off"}}}, {"4", "Sync", []Span{{Text: sync}}},
		}
	}
	for _, tt := range []struct {
		w    int
		tabs []Tab
		want string
	}{
		{80, tabs("99 d", "! 96 %", "✓ 03:41"), "╭─ 1 Subscription 99 d ─ 2 Seats ! 96 % ─ 3 Registration off ─ 4 Sync ✓ 03:41 ─╮"},
		{80, tabs("125 d", "! 96 %", "✓ 03:41"), "╭─ 1 Subscription 125 d ─ 2 Seats ! 96 % ─ 3 Registration off ─ 4 Sync ✓ 03:41 ╮"},
		{80, tabs("125 d", "✗ 12 over", "✗ overdue"), "╭─ 1 Subscription ─ 2 Seats ─ 3 Registration ─ 4 Sync ─────────────────────────╮"},
		{52, tabs("99 d", "! 96 %", "✓ 03:41"), "╭─ 1 Subs ─ 2 Seat ─ 3 Regi ─ 4 Sync ──────────────╮"},
	} {
		f := Frame{Tabs: tt.tabs}
		if got := ansi.Strip(f.Pane(th, tt.w, 2, Part{})[0]); got != tt.want {
			t.Errorf("got\n%s, want\n%s", got, tt.want)
		}
	}
}

func TestCutMiddle(t *testing.T) {
	for _, tt := range []struct {
		text string
		w    int
		want string
	}{
		{"short", 20, "short"},
		{"open the cache /var/cache/seatdeck/4f2a9c: no space left on device", 40, "open the cache /var/…pace left on device"},
		{"keeps 1,234,567 and 7,654,321 whole", 20, "keeps… whole"},
		{"no room for two ends", 8, "no room…"},
		{"anything", 3, ""},
		{"日本語日本語日本語日本語", 12, "日本…日本語"},
	} {
		got := CutMiddle(tt.text, tt.w, "…")
		if got != tt.want || Width(got) > tt.w {
			t.Errorf("CutMiddle(%q, %d) = %q, want %q", tt.text, tt.w, got, tt.want)
		}
	}
}

func TestFooterKeepsTheWayBack(t *testing.T) {
	th := plainTheme(t)
	actions := append([]Action{{ID: "back", Title: "back", Keys: []string{"esc"}}}, storyActions()...)
	for w := 26; w < 120; w++ {
		if line := strings.TrimRight(ansi.Strip(Footer(th, actions, w, 1)), " "); !strings.HasSuffix(line, "esc back  ? help  q quit") {
			t.Errorf("at %d: %q", w, line)
		}
	}
}

// A reason is a sentence: it stands whole, once, with the keys it is about.
func TestHelpShowsReasonsWhole(t *testing.T) {
	th := plainTheme(t)
	why := func(s string) func() string { return func() string { return s } }
	const long, other = "the accounts of this instance are not read yet", "this version only watches"
	actions := []Action{
		{ID: "a", Title: "mark", Keys: []string{"space"}, Group: "seats", Why: why(long)},
		{ID: "b", Title: "open the account", Keys: []string{"enter"}, Group: "seats", Why: why(long)},
		{ID: "c", Title: "sync now", Keys: []string{"s"}, Group: "sync", Why: why(other)},
		{ID: "d", Title: "quit", Keys: []string{"q"}, Group: "everywhere"},
	}
	for _, w := range []int{50, 76, 106, 180} {
		lines := Help(th, actions, w)
		text := strings.Join(strings.Fields(ansi.Strip(Join(lines))), " ")
		for _, want := range []string{long, other, "space mark", "enter open the account", "s sync now"} {
			if strings.Count(text, want) != 1 {
				t.Errorf("at %d %q does not stand there once:\n%s", w, want, text)
			}
		}
		for _, l := range lines {
			if Width(l) != w {
				t.Errorf("at %d a line is %d wide: %q", w, Width(l), ansi.Strip(l))
			}
		}
	}
}

// The peak's label stands apart from the limit line when it lies on its row.
func TestPeakLabelTouchesNoLine(t *testing.T) {
	th := plainTheme(t)
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	c := Chart{Limits: []Limit{{From: from, Value: 1000}}}
	for d := range 300 {
		c.Points = append(c.Points, Point{Day: from.AddDate(0, 0, d), Value: 900 + min(d, 300-d)/2, Known: true})
	}
	seen := false
	for h := 4; h < 20; h++ {
		for _, line := range c.Lines(th, 70, h) {
			text := ansi.Strip(line)
			if i := strings.Index(text, "975 · "); i >= 0 && strings.Contains(text, "┄") {
				seen = true
				if strings.Contains(text, "┄975") || strings.Contains(text, "May┄") {
					t.Errorf("at %d rows: %q", h, text)
				}
			}
		}
	}
	if !seen {
		t.Error("no height puts the label on the limit's row: nothing was tested")
	}
}
