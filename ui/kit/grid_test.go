package kit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"charm.land/bubbles/v2/table"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"seatdeck/ui/theme"
)

// people is a grid of n made-up rows, with the columns of a table of persons.
func people(th *theme.Theme, n int) *Grid {
	return &Grid{
		Columns: []Column{
			{Title: "name", Min: 12, Max: 24, Priority: 0},
			{Title: "username", Min: 10, Max: 18, Priority: 1},
			{Title: "activity", Min: 10, Right: true, Priority: 3},
			{Title: "days", Min: 4, Right: true, Priority: 2},
			{Title: "sign-in", Min: 10, Right: true, Priority: 4},
			{Title: "via", Min: 4, Priority: 5},
		},
		Len: n, Sorted: 2,
		Row: func(i int, r *Row) {
			id := strconv.Itoa(i)
			r.Marked = i%7 == 3
			r.Cells[0] = Cell{Text: "Person " + id}
			r.Cells[1] = Cell{Text: "person" + id, Style: th.Label}
			r.Cells[2] = Cell{Text: "2026-07-13"}
			r.Cells[3] = Cell{Text: strconv.Itoa(i % 900)}
			r.Cells[4] = Cell{Text: "2026-07-02", Style: th.Label}
			r.Cells[5] = Cell{Text: "ldap", Style: th.Label}
		},
	}
}

func TestGridAsksForVisibleRowsOnly(t *testing.T) {
	th := plainTheme(t)
	g := people(th, 1_000_000)
	fill := g.Row
	asked := map[int]int{}
	g.Row = func(i int, r *Row) {
		asked[i]++
		fill(i, r)
	}
	g.Select(765_432, 31)
	g.View(th, 74, 31)
	if len(asked) != 30 {
		t.Errorf("%d rows asked for, want the 30 in the window", len(asked))
	}
	for i, n := range asked {
		if n != 1 || i > 765_432 || i < 765_432-29 {
			t.Errorf("row %d asked for %d times", i, n)
		}
	}
}

// changes lists what differs between two frames, cell by cell: "row:from-to".
func changes(a, b []string) []string {
	var out []string
	for i := range a {
		if a[i] == b[i] {
			continue
		}
		from, to := -1, -1
		x, y := styledCells(a[i]), styledCells(b[i])
		for c := range x {
			if x[c] != y[c] {
				if from < 0 {
					from = c
				}
				to = c
			}
		}
		out = append(out, fmt.Sprintf("%d:%d-%d", i, from, to))
	}
	return out
}

// styledCells splits a line of one-cell runes into its cells, each with the
// style it is shown in, as a terminal would hold it.
func styledCells(s string) []string {
	var out []string
	style := ""
	for len(s) > 0 {
		if n := strings.IndexByte(s, 'm') + 1; s[0] == escape {
			style = strings.TrimPrefix(s[:n], "\x1b[m")
			s = s[n:]
			continue
		}
		_, n := utf8.DecodeRuneInString(s)
		out = append(out, style+s[:n])
		s = s[n:]
	}
	return out
}

func TestCursorMoveChangesMarkerAndFirstCell(t *testing.T) {
	th := plainTheme(t)
	g := people(th, 100)
	frame := func() []string {
		return Frame{Title: "people", Focus: true}.Pane(th, 80, 24, g.View(th, 76, 22))
	}
	g.Select(10, 22)
	before := frame()
	g.Move(LineDown, 22)
	// Rows 10 and 11 stand below border and header. Columns: 1 is the padding
	// with the marker; the first cell begins at 4, "Person 10" is 9 cells.
	want := []string{"12:1-12", "13:1-12"}
	got := changes(before, frame())
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("a step changes %v, want %v", got, want)
	}
	for i, line := range frame() {
		if marked := strings.Contains(line, "▌"); marked != (i == 13) {
			t.Errorf("line %d: marker is %v", i, marked)
		}
	}
}

func TestGridColumnsGoByPriority(t *testing.T) {
	th := plainTheme(t)
	g := people(th, 1)
	for _, tt := range []struct {
		w    int
		want string
	}{
		{14, "name"},
		{26, "name username"},
		{32, "name username days"},
		{44, "name username activity ↑ days"},
		{56, "name username activity ↑ days sign-in"},
		{62, "name username activity ↑ days sign-in via"},
		{80, "name username activity ↑ days sign-in via"},
	} {
		head := ansi.Strip(g.View(th, tt.w, 2).Lines[0])
		if got := strings.Join(strings.Fields(head), " "); got != tt.want {
			t.Errorf("at %d: %q, want %q", tt.w, got, tt.want)
		}
	}
}

func TestSortedColumnHasRoomForItsArrow(t *testing.T) {
	th := plainTheme(t)
	g := people(th, 1)
	g.Sorted, g.Descending = 3, true
	lines := bare(g.View(th, 70, 2).Lines)
	at := strings.Index(lines[0], "days ↓")
	if at < 0 {
		t.Fatalf("no arrow after days: %q", lines[0])
	}
	// The column is right-aligned: its count ends where the arrow stands.
	if end := len([]rune(lines[0][:at])) + len([]rune("days ↓")); []rune(lines[1])[end-1] != '0' {
		t.Errorf("the count does not end below the arrow:\n%s\n%s", lines[0], lines[1])
	}
}

func TestGridGrowsTheMostImportantFirst(t *testing.T) {
	th := plainTheme(t)
	g := people(th, 1)
	// Fixed: 10+4+10+4 and five gaps of 2; name and username take 22 at least.
	for _, tt := range []struct{ w, name, username int }{{62, 12, 10}, {70, 20, 10}, {74, 24, 10}, {79, 24, 15}, {99, 24, 18}} {
		p := placeColumns(g.Columns, tt.w-markLead, -1)
		if p[0].width != tt.name || p[1].width != tt.username {
			t.Errorf("at %d: name %d, username %d; want %d and %d", tt.w, p[0].width, p[1].width, tt.name, tt.username)
		}
	}
}

// BenchmarkGridStep is budget B9: one key and one view at 120×40, ours over a
// thousand and a million rows beside the table of bubbles over a hundred
// thousand. Run with -bench GridStep; ratios are printed as metrics.
func BenchmarkGridStep(b *testing.B) {
	const w, h = 116, 36
	th := plainTheme(b)
	ours := func(n int) func() {
		g := people(th, n)
		down := true
		return func() {
			m := LineUp
			if down {
				m = LineDown
			}
			if !g.Move(m, h) {
				down = !down
			}
			Frame{Title: "people"}.Pane(th, w+4, h+2, g.View(th, w, h))
		}
	}
	rows := make([]table.Row, 100_000)
	for i := range rows {
		id := strconv.Itoa(i)
		rows[i] = table.Row{"Person " + id, "person" + id, "2026-07-13", strconv.Itoa(i % 900), "2026-07-02", "ldap"}
	}
	theirs := table.New(table.WithColumns([]table.Column{
		{Title: "name", Width: 24}, {Title: "username", Width: 18}, {Title: "activity", Width: 10},
		{Title: "days", Width: 4}, {Title: "sign-in", Width: 10}, {Title: "via", Width: 4},
	}), table.WithRows(rows), table.WithHeight(h), table.WithWidth(w), table.WithFocused(true))

	thousand, million := ours(1000), ours(1_000_000)
	bubbles := func() {
		theirs, _ = theirs.Update(tea.KeyPressMsg{Code: 'j', Text: "j"})
		_ = theirs.View()
	}
	var small, large, other []time.Duration
	for b.Loop() {
		small = append(small, timed(thousand))
		large = append(large, timed(million))
		other = append(other, timed(bubbles))
	}
	ours1k, ours1m, bubbles100k := median(small), median(large), median(other)
	b.ReportMetric(ours1m*1e6, "µs/step")
	b.ReportMetric(bubbles100k/ours1m, "×bubbles/table")
	b.ReportMetric(ours1m/ours1k, "1M/1k")
}

func timed(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}

// median is the middle of the times, in seconds.
func median(d []time.Duration) float64 {
	slices.Sort(d)
	return d[len(d)/2].Seconds()
}

// TestNamesThatSpill: a name wider than its column stays whole; what stands
// behind it moves aside, and is left out only where it would have to be cut.
func TestNamesThatSpill(t *testing.T) {
	th := plainTheme(t)
	cols := []Column{{Title: "now", Min: 4}, {Title: "name", Min: 8, Priority: 1, Spill: true}, {Title: "what", Min: 8, Priority: 2}}
	rows := [][]Cell{
		{{Text: "on"}, {Text: "short"}, {Text: "eight ch"}},
		{{Text: "on"}, {Text: "eleven char"}, {Text: "five5"}},
		{{Text: "on"}, {Text: "eleven char"}, {Text: "sixsix"}},
		{{Text: "on"}, {Text: "a name beyond all columns"}, {Text: "x"}},
	}
	want := []string{
		"now   name      what    ",
		"on    short     eight ch",
		"on    eleven char  five5",
		"on    eleven char       ",
		"on    a name beyond all…",
	}
	g := Grid{Columns: cols, Len: len(rows), Sorted: -1, NoMarks: true, Row: func(i int, r *Row) { copy(r.Cells, rows[i]) }}
	for name, got := range map[string][]string{"table": Table{Columns: cols, Rows: rows}.Lines(th, 24), "grid": g.View(th, 24, 5).Lines} {
		for i := range want {
			if text := ansi.Strip(got[i]); text != want[i] {
				t.Errorf("%s, line %d: %q, want %q", name, i, text, want[i])
			}
		}
	}
}

// The last line of a block that was shortened is whole or not there.
func TestTailCutsNoWords(t *testing.T) {
	th := plainTheme(t)
	lines := []string{"one", "a line that reaches far to the right", "three", "four"}
	for h, want := range map[int]string{1: "one                  … 3 more, enter", 2: "                     … 3 more, enter", 3: "three                … 1 more, enter"} {
		if got := bare(Tail(th, lines, 36, h, "enter")); got[h-1] != want {
			t.Errorf("%d lines end in %q, want %q", h, got[h-1], want)
		}
	}
}

// No chip but the active one moves when another is chosen.
func TestChipsStay(t *testing.T) {
	th := plainTheme(t)
	chips := []Chip{{"all", "1,214"}, {"billable", "962"}, {"dormant", "58"}}
	first := bare([]string{Chips(th, 60, chips, 0)})[0]
	for i := range chips {
		if got := bare([]string{Chips(th, 60, chips, i)})[0]; got != first {
			t.Errorf("with %s the line is %q, else %q", chips[i].Name, got, first)
		}
	}
}

// A sentence that is set on lines has the theme's own marks.
func TestWrapSpeaksTheTheme(t *testing.T) {
	_, ascii := themes(t)
	for _, line := range bare(Wrap(ascii, ascii.Value, "962 → 959 · ≈ $948 – later, accommodatingly…", 12)) {
		for _, r := range line {
			if r > 0x7e {
				t.Errorf("%q in %q", r, line)
			}
		}
	}
}
