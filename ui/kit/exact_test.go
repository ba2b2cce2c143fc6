package kit

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"seatdeck/ui/theme"
)

// drawing is one part of the kit drawn at random; it says which size it owes.
type drawing struct {
	what  string
	lines []string
	w, h  int
}

// drawers draw every part of the kit with random content at a random size.
var drawers = []func(r *rand.Rand, th *theme.Theme, w, h int) drawing{
	func(r *rand.Rand, th *theme.Theme, w, h int) drawing {
		f := randomFrame(r)
		return drawing{"Frame.Screen", f.Screen(th, w, h, Parts{randomPart(r, th), randomPart(r, th), randomPart(r, th)}), w, h}
	},
	func(r *rand.Rand, th *theme.Theme, w, h int) drawing {
		f := randomFrame(r)
		return drawing{"Frame.Pane", f.Pane(th, w, h, randomPart(r, th)), w, h}
	},
	func(r *rand.Rand, th *theme.Theme, w, h int) drawing {
		d := Dialog{Title: randomText(r), Danger: r.IntN(2) == 0, Flat: r.IntN(2) == 0}
		return drawing{"Dialog.Box", owed(d.Box(th, w, h, randomPart(r, th)), w, h), w, h}
	},
	func(r *rand.Rand, th *theme.Theme, w, h int) drawing {
		base := randomPart(r, th).Lines
		box := FitLines(nil, r.IntN(20), r.IntN(6))
		return drawing{"Overlay", Overlay(th, base, box, r.IntN(30)-3, r.IntN(12)-2, w), w, len(base)}
	},
	func(r *rand.Rand, th *theme.Theme, w, h int) drawing {
		g := randomGrid(r, th)
		return drawing{"Grid.View", owed(g.View(th, w, h).Lines, w, h), w, h}
	},
	func(r *rand.Rand, th *theme.Theme, w, h int) drawing {
		g := randomGrid(r, th)
		rows := make([][]Cell, r.IntN(5))
		for i := range rows {
			row := Row{Cells: make([]Cell, r.IntN(7))}
			fillCells(r, th, row.Cells)
			rows[i] = row.Cells
		}
		return drawing{"Table.Lines", owed(Table{Columns: g.Columns, Rows: rows}.Lines(th, w), w, len(rows)+1), w, len(rows) + 1}
	},
	func(r *rand.Rand, th *theme.Theme, w, h int) drawing {
		l := List{Len: r.IntN(9), Scroll: Scroll{Cursor: r.IntN(12) - 2, Top: r.IntN(12) - 2},
			Line: func(*theme.Theme, int, int, bool) string { return randomText(r) }}
		return drawing{"List.View", owed(l.View(th, w, h).Lines, w, h), w, h}
	},
	func(r *rand.Rand, th *theme.Theme, w, h int) drawing {
		in := randomInput(r)
		text, _ := in.View(th, w)
		return drawing{"Input.View", []string{text}, w, 1}
	},
	func(r *rand.Rand, th *theme.Theme, w, h int) drawing {
		lines := randomChart(r).Lines(th, w, h)
		if lines == nil {
			return drawing{"Chart.Lines, left out", nil, w, 0}
		}
		return drawing{"Chart.Lines", lines, w, h}
	},
	func(r *rand.Rand, th *theme.Theme, w, h int) drawing {
		bars := make([]Bar, r.IntN(15))
		for i := range bars {
			bars[i] = Bar{randomText(r), r.IntN(2000) - 100, r.IntN(4) > 0}
		}
		lines := Bars(th, bars, w, h)
		if lines == nil {
			return drawing{"Bars, left out", nil, w, 0}
		}
		return drawing{"Bars", lines, w, h}
	},
	func(r *rand.Rand, th *theme.Theme, w, h int) drawing {
		stats := make([]Stat, r.IntN(6))
		for i := range stats {
			stats[i] = Stat{randomText(r), []Span{{randomStyle(r, th), randomText(r)}}}
		}
		a, b := Stats(th, w, stats)
		return drawing{"Stats", []string{a, b}, w, 2}
	},
	func(r *rand.Rand, th *theme.Theme, w, h int) drawing {
		a, b := Strip(th, w, date(2026, time.November, r.IntN(30)), func(time.Time) Day { return Day(r.IntN(5)) })
		return drawing{"Strip", []string{a, b}, w, 2}
	},
	func(r *rand.Rand, th *theme.Theme, w, h int) drawing {
		actions := randomActions(r)
		return drawing{"Footer", []string{Footer(th, actions, w, r.IntN(4)-1)}, w, 1}
	},
	func(r *rand.Rand, th *theme.Theme, w, h int) drawing {
		lines := Help(th, randomActions(r), w)
		return drawing{"Help", lines, w, len(lines)}
	},
	func(r *rand.Rand, th *theme.Theme, w, h int) drawing {
		var lines []string
		for _, m := range Search(randomActions(r), "") {
			m.Hits = []int{0, 2, 40}
			lines = append(lines, m.Line(th, w, r.IntN(2) == 0))
		}
		return drawing{"Match.Line", lines, w, len(lines)}
	},
	func(r *rand.Rand, th *theme.Theme, w, h int) drawing {
		rule := Rule{Value: r.NormFloat64() * 100, Whole: r.NormFloat64() * 100, Offset: r.NormFloat64() * 50,
			Track: r.IntN(2) == 0, Style: th.Accent}
		return drawing{"Rule", []string{rule.Render(th, w)}, w, 1}
	},
	func(r *rand.Rand, th *theme.Theme, w, h int) drawing {
		lengths := make([]float64, r.IntN(6))
		for i := range lengths {
			lengths[i] = r.NormFloat64() * 10
		}
		return drawing{"Timeline", []string{Timeline(th, th.Accent, lengths, w)}, w, 1}
	},
	func(r *rand.Rand, th *theme.Theme, w, h int) drawing {
		g := Gauge{Value: r.IntN(2000) - 100, Known: r.IntN(5) > 0, Limit: r.IntN(1500) - 100, Peak: r.IntN(2000)}
		return drawing{"Gauge", []string{g.Bar(th, w), g.Caption(th, w)}, w, 2}
	},
	func(r *rand.Rand, th *theme.Theme, w, h int) drawing {
		lines := randomPart(r, th).Lines
		if w <= 0 || h <= 0 {
			return drawing{"Tail", Tail(th, lines, w, h, "enter"), w, 0}
		}
		return drawing{"Tail", Tail(th, lines, w, h, "enter"), w, min(h, len(lines))}
	},
	func(r *rand.Rand, th *theme.Theme, w, h int) drawing {
		chips := make([]Chip, r.IntN(6))
		for i := range chips {
			chips[i] = Chip{randomText(r), randomText(r)}
		}
		return drawing{"Chips", []string{Chips(th, w, chips, r.IntN(7)-1)}, w, 1}
	},
	func(r *rand.Rand, th *theme.Theme, w, h int) drawing {
		return drawing{"FitLines", FitLines(randomPart(r, th).Lines, w, h), w, max(h, 0)}
	},
}

// owed replaces the nil of a part without room by the blank lines it stands for.
func owed(lines []string, w, h int) []string {
	if lines == nil && (w <= 0 || h <= 0) {
		return make([]string, max(h, 0))
	}
	return lines
}

func randomFrame(r *rand.Rand) Frame {
	f := Frame{Number: randomText(r), Title: randomText(r), Left: randomText(r), Right: randomText(r),
		Warn: r.IntN(2) == 0, Focus: r.IntN(2) == 0, Band: r.IntN(8) - 1, Divide: r.IntN(50) - 1}
	for range r.IntN(5) {
		f.Tabs = append(f.Tabs, Tab{randomText(r), randomText(r), []Span{{Text: randomText(r)}}})
	}
	f.Active = r.IntN(6) - 1
	return f
}

func randomPart(r *rand.Rand, th *theme.Theme) Part {
	p := Part{Cursor: r.IntN(10)}
	for range r.IntN(10) {
		p.Lines = append(p.Lines, randomStyle(r, th).Render(randomText(r))+randomText(r))
	}
	return p
}

func fillCells(r *rand.Rand, th *theme.Theme, cells []Cell) {
	for i := range cells {
		cells[i] = Cell{Text: randomText(r), Style: randomStyle(r, th)}
		if r.IntN(4) == 0 {
			cells[i].Glyph, cells[i].GlyphStyle = th.Glyph.Done, th.OK
		}
	}
}

func randomGrid(r *rand.Rand, th *theme.Theme) *Grid {
	g := &Grid{Len: r.IntN(30), Sorted: r.IntN(8) - 1, Descending: r.IntN(2) == 0, NoHeader: r.IntN(4) == 0, NoMarks: r.IntN(3) == 0,
		Scroll: Scroll{Cursor: r.IntN(40) - 5, Top: r.IntN(40) - 5, Half: r.IntN(2) == 0}}
	for range r.IntN(7) {
		g.Columns = append(g.Columns, Column{randomText(r), r.IntN(14), r.IntN(30), r.IntN(2) == 0, r.IntN(4), r.IntN(4) == 0})
	}
	g.Row = func(i int, row *Row) {
		row.Marked = r.IntN(3) == 0
		fillCells(r, th, row.Cells)
	}
	return g
}

func randomInput(r *rand.Rand) *Input {
	in := &Input{Prompt: randomText(r), Underline: r.IntN(2) == 0}
	for range r.IntN(4) {
		in.Insert(randomText(r))
		in.Key(tea.KeyPressMsg{Code: tea.KeyLeft})
	}
	return in
}

func randomChart(r *rand.Rand) Chart {
	var c Chart
	day := date(2025, time.January, 1).AddDate(0, 0, r.IntN(400))
	for range r.IntN(500) {
		day = day.AddDate(0, 0, r.IntN(3))
		c.Points = append(c.Points, Point{day, r.IntN(3000) - 200, r.IntN(5) > 0})
	}
	for i := range r.IntN(4) {
		c.Limits = append(c.Limits, Limit{date(2025, time.Month(1+4*i), 1), r.IntN(4000) - 100})
	}
	return c
}

func randomActions(r *rand.Rand) []Action {
	actions := make([]Action, r.IntN(20))
	for i := range actions {
		reason := ""
		if r.IntN(4) == 0 {
			reason = "because " + randomText(r)
		}
		actions[i] = Action{ID: fmt.Sprint(i), Title: randomText(r), Desc: randomText(r),
			Keys: []string{[]string{"?", "q", "s", "up", "enter", "漢"}[r.IntN(6)]}, Group: fmt.Sprint("group ", i%5),
			Why: func() string { return reason }, Hidden: r.IntN(9) == 0}
	}
	return actions
}

func TestEveryPartIsExactAtAnySize(t *testing.T) {
	u, a := themes(t)
	r := random()
	for round := range 300 {
		for _, draw := range drawers {
			th := u
			if r.IntN(2) == 0 {
				th = a
			}
			w, h := r.IntN(70)-3, r.IntN(14)-2
			if round%10 == 0 {
				w, h = r.IntN(220), r.IntN(60)
			}
			d := draw(r, th, w, h)
			what := fmt.Sprintf("%s at %d×%d", d.what, w, h)
			wantSize(t, what, d.lines, d.w, d.h)
			wantQuiet(t, what, d.lines)
			if t.Failed() {
				t.FailNow()
			}
		}
	}
}
