package users

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"seatdeck/licensing"
)

// TestSearchBeforeTheAccounts: a search begun before there are accounts keeps
// what is typed, runs none of it as a command, and holds when they come.
func TestSearchBeforeTheAccounts(t *testing.T) {
	src := &desk{}
	p := New(t.Context(), themeOf(t), time.UTC, src)
	p.Show(&licensing.View{Now: now})
	p.Full(120, 37)
	press(t, p, "/", "m", "a", "r", "c", "o", "up", "down")
	if !p.Typing() || p.choice.input.Value() != "marco" {
		t.Fatalf("typing %v, %q", p.Typing(), p.choice.input.Value())
	}
	for _, size := range [][2]int{{120, 37}, {80, 20}, {30, 5}, {3, 2}} {
		lines, cursor := p.Full(size[0], size[1])
		if text := ansi.Strip(strings.Join(lines, "\n")); size[0] > 40 && (!strings.Contains(text, "/ marco") || !strings.Contains(text, "accounts appear here")) {
			t.Errorf("the field or what it waits for is missing:\n%s", text)
		}
		if size[0] > 40 && !strings.HasPrefix(string([]rune(ansi.Strip(lines[cursor.Y]))[:cursor.X]), "│ / marco") {
			t.Errorf("the cursor stands at %v", cursor)
		}
	}
	src.roster = storyRoster(t)
	p.Show(view(t, src.roster))
	p.Full(120, 37)
	if !p.Typing() || len(p.choice.rows) == 0 || len(p.choice.rows) >= src.roster.Len() {
		t.Errorf("typing %v, %d of %d accounts", p.Typing(), len(p.choice.rows), src.roster.Len())
	}
	if id, _ := p.underCursor(); id != marco {
		t.Errorf("the cursor is on %d", id)
	}
	if p.marks.len() != 0 {
		t.Errorf("%d accounts are marked", p.marks.len())
	}
}

// TestSearchBeforeTheAccountsIsLeft: esc leaves the field, then the text, and
// with neither the page is as before.
func TestSearchBeforeTheAccountsIsLeft(t *testing.T) {
	p := New(t.Context(), themeOf(t), time.UTC, &desk{})
	p.Show(&licensing.View{Now: now})
	before, _ := p.Full(120, 37)
	press(t, p, "/", "x", "esc")
	if p.Typing() || p.choice.input.Value() != "x" {
		t.Errorf("typing %v, %q", p.Typing(), p.choice.input.Value())
	}
	press(t, p, "esc")
	after, _ := p.Full(120, 37)
	if strings.Join(before, "\n") != strings.Join(after, "\n") {
		t.Error("the page is another one afterwards")
	}
}
