package kit

import (
	"fmt"
	"image"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/exp/golden"

	"seatdeck/ui/theme"
)

// look is one part drawn at the sizes it must be good at.
type look struct {
	name  string
	sizes [][2]int
	draw  func(th *theme.Theme, w, h int) []string
}

var looks = []look{
	{"line", [][2]int{{56, 2}, {36, 2}, {20, 2}, {9, 2}}, func(th *theme.Theme, w, _ int) []string {
		return []string{
			NewLine(th, w).Figure("962").Value(" of 1,000 seats taken").Right().Mark(th.Warn, th.Glyph.Warning).
				Figure("38").Label(" free").String(),
			NewLine(th, w).Value("6 Nov 14:02").At(14).Label("you").At(24).Mark(th.Warn, "!").
				Value("unconfirmed").At(38).Value("950 → 1,000").String(),
		}
	}},
	{"pane", [][2]int{{58, 5}, {40, 4}, {16, 3}}, func(th *theme.Theme, w, h int) []string {
		f := Frame{Number: "1", Title: "Subscription", Right: "live 09:52 · count 20 Nov", Left: "1–3 of 58", Focus: true}
		return f.Pane(th, w, h, Part{Lines: []string{"first", "second", "third"}, Cursor: 2})
	}},
	{"tabs", [][2]int{{80, 3}, {60, 3}, {44, 3}, {30, 3}}, func(th *theme.Theme, w, h int) []string {
		f := Frame{Focus: true, Active: 1, Right: "! 15 h old", Warn: true, Tabs: []Tab{
			{"1", "Subscription", []Span{{Text: "99 d"}}}, {"2", "Seats", []Span{{th.Warn, "!"}, {Text: " 96 %"}}},
			{"3", "Registration", []Span{{Text: "off"}}}, {"4", "Sync", []Span{{th.OK, th.Glyph.Done}, {Text: " 03:41"}}},
		}}
		return f.Pane(th, w, h, Part{})
	}},
	{"screen", [][2]int{{76, 8}, {40, 7}, {20, 4}}, func(th *theme.Theme, w, h int) []string {
		f := Frame{Number: "4", Title: "Sync", Focus: true, Band: 2, Divide: w * 62 / 100, Right: "journal · 214 entries"}
		return f.Screen(th, w, h, Parts{
			Band: Part{Lines: []string{"in step", "strip"}},
			Left: Part{Lines: []string{"when", "today", "yesterday"}, Cursor: 3}, Right: Part{Lines: []string{"6 Nov 14:10"}},
		})
	}},
	{"gauge", [][2]int{{56, 2}, {12, 2}, {3, 2}}, func(th *theme.Theme, w, _ int) []string {
		within := Gauge{Value: 962, Known: true, Limit: 1000, Peak: 987}
		over := Gauge{Value: 1012, Known: true, Limit: 1000, Peak: 1031}
		return []string{within.Bar(th, w), over.Bar(th, w), over.Caption(th, w), Gauge{Limit: 1000}.Bar(th, w)}
	}},
	{"rule", [][2]int{{53, 4}, {20, 4}}, func(th *theme.Theme, w, _ int) []string {
		r := Rule{Value: 266, Whole: 365, Track: true, Style: th.Accent}
		length := Rule{Value: 68, Whole: 812, Style: th.Accent}
		step := Rule{Value: 112, Offset: 1102, Whole: 1214, Style: th.Label}
		return []string{r.Render(th, w), length.Render(th, w), step.Render(th, w),
			Timeline(th, th.Accent, []float64{2.1, 16.4, 12.3, 10.2}, w)}
	}},
	{"chart", [][2]int{{96, 11}, {56, 7}, {40, 4}}, func(th *theme.Theme, w, h int) []string {
		return year().Lines(th, w, h)
	}},
	{"chart-gap", [][2]int{{56, 7}}, func(th *theme.Theme, w, h int) []string {
		c := year()
		c.Points = append([]Point{{Day: c.Points[0].Day}}, c.Points[100:]...)
		return c.Lines(th, w, h)
	}},
	{"strip", [][2]int{{56, 2}, {96, 2}, {20, 2}}, func(th *theme.Theme, w, _ int) []string {
		a, b := Strip(th, w, date(2026, time.November, 21), storyDays)
		return []string{a, b}
	}},
	{"bars", [][2]int{{48, 7}, {20, 4}}, func(th *theme.Theme, w, h int) []string {
		var bars []Bar
		for i, n := range []int{31, 24, 38, 41, 52, 47, 63, 58, 29, 33, 36, 34} {
			bars = append(bars, Bar{time.Month((i+11)%12 + 1).String()[:3], n, i != 8})
		}
		return Bars(th, bars, w, h)
	}},
	{"stats", [][2]int{{56, 2}, {76, 2}, {30, 2}}, func(th *theme.Theme, w, _ int) []string {
		a, b := Stats(th, w, []Stat{
			{"seats", []Span{{th.Value, "1,000"}}}, {"billable", []Span{{th.Value, "962"}}},
			{"peak 9 Jun", []Span{{th.Value, "987"}}}, {"over now", []Span{{th.Bad, th.Glyph.Missing}, {th.Figure, " 12"}}},
			{"over at peak", []Span{{th.Value, "0"}}},
		})
		return []string{a, b}
	}},
	{"grid", [][2]int{{74, 6}, {50, 6}, {20, 4}}, func(th *theme.Theme, w, h int) []string {
		g := people(th, 1000)
		g.Select(5, h)
		return g.View(th, w, h).Lines
	}},
	{"table", [][2]int{{60, 3}, {30, 3}}, func(th *theme.Theme, w, _ int) []string {
		return Table{
			Columns: []Column{{Title: "before and after", Min: 16, Max: 20}, {Title: "before", Min: 10, Right: true, Priority: 1}, {Min: 1, Priority: 1},
				{Title: "after", Min: 10, Right: true, Priority: 1}, {Title: "change", Min: 7, Right: true, Priority: 2}},
			Rows: [][]Cell{
				{{Text: "seats"}, {Text: "950", Style: th.Label}, {Text: "→"}, {Text: "1,000", Style: th.Figure}, {Text: "+50"}},
				{{Text: "a name that is far too long"}, {Text: "1"}, {Text: "→"}, {Text: "–"}},
			},
		}.Lines(th, w)
	}},
	{"tail", [][2]int{{40, 2}}, func(th *theme.Theme, w, h int) []string {
		return Tail(th, []string{"one", "two", "three", "four"}, w, h, "enter")
	}},
	{"input", [][2]int{{20, 4}}, func(th *theme.Theme, w, _ int) []string {
		empty, filled, long := Input{Prompt: "name, e-mail"}, Input{Underline: true}, Input{}
		filled.Set("mbian")
		long.Set("0123456789 0123456789 0123456789")
		var out []string
		for _, in := range []*Input{&empty, &filled, &long} {
			text, at := in.View(th, w)
			out = append(out, text, fmt.Sprintf("cursor %d", at))
		}
		return out
	}},
	{"dialog", [][2]int{{50, 6}, {24, 5}}, func(th *theme.Theme, w, h int) []string {
		return Dialog{Title: "Deactivate one account", Danger: true}.
			Box(th, w, h, Part{Lines: []string{"on     prod", "type the username"}, Cursor: 1})
	}},
	{"overlay", [][2]int{{60, 9}, {30, 9}}, func(th *theme.Theme, w, h int) []string {
		base := []string{th.Accent.Render("header")}
		for len(base) < h {
			base = append(base, th.OK.Render("✓")+" 字幕 word "+strings.Repeat("字", 30))
		}
		box := Dialog{Title: "Keys", Flat: true}.Box(th, 20, 4, Part{Lines: []string{"a", "b"}})
		at := Dialog{}.Place(image.Rect(0, 1, w, h), 20, 4)
		return Overlay(th, base, box, at.Min.X, at.Min.Y, w)
	}},
	{"chips", [][2]int{{74, 1}, {36, 1}}, func(th *theme.Theme, w, _ int) []string {
		return []string{Chips(th, w, []Chip{{"all", "1,214"}, {"billable", "962"}, {"dormant", "58"},
			{"idle", "68"}, {"never", "24"}, {"blocked", "130"}}, 2)}
	}},
	{"footer", [][2]int{{110, 1}, {60, 1}, {20, 1}, {8, 1}}, func(th *theme.Theme, w, _ int) []string {
		return []string{Footer(th, storyActions(), w, 1)}
	}},
	{"help", [][2]int{{108, 0}, {72, 0}, {36, 0}}, func(th *theme.Theme, w, _ int) []string {
		return Help(th, storyActions(), w)
	}},
	{"palette", [][2]int{{70, 0}, {40, 0}}, func(th *theme.Theme, w, _ int) []string {
		var out []string
		for i, m := range Search(storyActions(), "sy") {
			out = append(out, m.Line(th, w, i == 0))
		}
		return out
	}},
}

// storyDays is the strip of the pictures: missing on 18 and 19 November,
// changed on the 6th, three days nobody watched in September.
func storyDays(day time.Time) Day {
	switch day.Format("01-02") {
	case "11-06":
		return DayChanged
	case "11-18", "11-19":
		return DayMissing
	case "09-24", "09-25", "09-26":
		return DayNothing
	}
	return DayOrdinary
}

func storyActions() []Action {
	run := func() tea.Cmd { return nil }
	return []Action{
		{ID: "help", Title: "this page", Short: "help", Keys: []string{"?"}, Group: "everywhere", Run: run},
		{ID: "open", Title: "open", Keys: []string{"enter"}, Group: "everywhere", Run: run},
		{ID: "focus", Title: "pane", Short: "focus", Keys: []string{"1", "2", "3", "4"}, Group: "everywhere", Run: run},
		{ID: "quit", Title: "quit", Keys: []string{"q"}, Group: "everywhere", Run: run},
		{ID: "row", Title: "row", Keys: []string{"up", "down", "k", "j"}, Group: "moving", Run: run},
		{ID: "sync", Title: "sync now", Short: "sync", Desc: "check, trigger, confirm, read", Keys: []string{"s"}, Group: "sync", Danger: 1, Run: run},
		{ID: "history", Title: "sync history", Desc: "the ledger, full screen", Group: "sync", Run: run},
		{ID: "code", Title: "sync by activation code", Keys: []string{"a"}, Group: "sync",
			Why: func() string { return "no code in the profile" }, Run: run},
		{ID: "summary", Title: "summary for a ticket", Desc: "four lines, copied", Keys: []string{"y"}, Group: "sync", Run: run},
		{ID: "mouse", Title: "mouse", Keys: []string{"M"}, Hidden: true, Run: run},
	}
}

func TestGolden(t *testing.T) {
	unicode, ascii := themes(t)
	for _, l := range looks {
		t.Run(l.name, func(t *testing.T) {
			var sb strings.Builder
			for _, th := range []*theme.Theme{unicode, ascii} {
				for _, size := range l.sizes {
					fmt.Fprintf(&sb, "%d×%d\n%s\n", size[0], size[1], Join(bare(l.draw(th, size[0], size[1]))))
				}
			}
			fmt.Fprintf(&sb, "styled\n%s\n", Join(l.draw(unicode, l.sizes[0][0], l.sizes[0][1])))
			golden.RequireEqual(t, sb.String())
		})
	}
}
