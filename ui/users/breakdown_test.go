package users

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// The row under the cursor is in sight on every step, with what explains it: the
// line that says how many rows there are below never stands in its place.
func TestBreakdownRowsInSight(t *testing.T) {
	for _, size := range [][2]int{{200, 57}, {120, 37}, {110, 30}, {80, 21}, {60, 12}} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			p := storyPane(t)
			press(t, p, "b")
			p.Full(size[0], size[1])
			at := -1
			for p.book.at != at {
				at = p.book.at
				lines, cursor := p.Full(size[0], size[1])
				for i := at; i == at || i < len(p.book.rows) && !p.book.rows[i].stop && !p.book.rows[i].head; i++ {
					want := strings.TrimSpace(ansi.Strip(p.book.rows[i].text))
					y := cursor.Y + i - at
					if want == "" {
						break
					}
					if y >= len(lines) || !strings.Contains(ansi.Strip(lines[y]), want) {
						t.Errorf("row %d: %q is not in sight", i, want)
					}
				}
				press(t, p, "down")
			}
		})
	}
}

// The chart of months leads to their rows, and each of those to its accounts.
func TestMonthsOfTheChart(t *testing.T) {
	for _, size := range [][2]int{{120, 37}, {80, 21}} {
		p := storyPane(t)
		press(t, p, "b")
		p.Full(size[0], size[1])
		for at := -1; !p.book.chart() && p.book.at != at; {
			at = p.book.at
			press(t, p, "down")
			p.Full(size[0], size[1])
		}
		press(t, p, "enter")
		lines, cursor := p.Full(size[0], size[1])
		if !p.book.table || cursor == nowhere || !strings.Contains(ansi.Strip(strings.Join(lines, "\n")), "earlier") {
			t.Fatalf("at %v the chart leads to\n%s", size, fullText(p, size[0], size[1]))
		}
		press(t, p, "up", "enter")
		if p.page != pageGrid || !strings.HasPrefix(p.choice.input.Value(), "created:") || p.choice.fault != nil {
			t.Errorf("at %v the month leads to page %d, %q", size, p.page, p.choice.input.Value())
		}
	}
}
