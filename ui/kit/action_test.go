package kit

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

func TestCheckFindsBrokenLists(t *testing.T) {
	run := func() tea.Cmd { return nil }
	good := Action{ID: "a", Title: "first", Keys: []string{"a"}, Run: run}
	for _, tt := range []struct {
		name   string
		second Action
		want   string
	}{
		{"fine", Action{ID: "b", Title: "second", Keys: []string{"b"}, Run: run}, ""},
		{"a key twice", Action{ID: "b", Title: "second", Keys: []string{"x", "a"}, Run: run}, `b: key "a" belongs to a`},
		{"a key of a hidden action", Action{ID: "b", Keys: []string{"a"}, Hidden: true, Run: run}, `b: key "a" belongs to a`},
		{"an id twice", Action{ID: "a", Title: "second", Run: run}, "a: the id is used twice"},
		{"no id", Action{Title: "second", Run: run}, `action 1 ("second") has no id`},
		{"no title", Action{ID: "b", Run: run}, "b: no title"},
		{"nothing to run", Action{ID: "b", Title: "second"}, "b: nothing to run"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := strings.Join(Check([]Action{good, tt.second}), "; "); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
	if faults := Check(storyActions()); faults != nil {
		t.Errorf("the story's actions: %v", faults)
	}
}

func TestFind(t *testing.T) {
	actions := storyActions()
	for key, want := range map[string]string{"3": "focus", "j": "row", "a": "code", "M": "mouse"} {
		if a := Find(actions, key); a == nil || a.ID != want {
			t.Errorf("Find(%q) = %+v, want %s", key, a, want)
		}
	}
	if a := Find(actions, "z"); a != nil {
		t.Errorf("Find of a free key = %s", a.ID)
	}
}

func TestKeyText(t *testing.T) {
	for _, tt := range []struct {
		keys []string
		want string
	}{
		{nil, ""}, {[]string{"enter"}, "enter"}, {[]string{"up", "down", "k", "j"}, "↑↓"}, {[]string{"left", "right"}, "←→"},
		{[]string{"1", "2", "3", "4"}, "1–4"}, {[]string{"1", "3"}, "1"}, {[]string{"s", "S"}, "s"},
	} {
		if got := keyText(tt.keys); got != tt.want {
			t.Errorf("keyText(%q) = %q, want %q", tt.keys, got, tt.want)
		}
	}
}

func TestSearchPutsWhatCannotRunLast(t *testing.T) {
	ids := func(ms []Match) string {
		var out []string
		for _, m := range ms {
			out = append(out, m.Action.ID)
		}
		return strings.Join(out, " ")
	}
	if got, want := ids(Search(storyActions(), "")), "help open focus quit row sync history summary code"; got != want {
		t.Errorf("all: %q, want %q", got, want)
	}
	found := Search(storyActions(), "sy")
	if got := ids(found); !strings.HasPrefix(got, "sync history") || !strings.HasSuffix(got, " code") {
		t.Errorf("for sy: %q", got)
	}
	if found[len(found)-1].Reason == "" {
		t.Error("what cannot run has no reason")
	}
	if got := Search(storyActions(), "mouse"); len(got) != 0 {
		t.Errorf("a hidden action was found: %v", ids(got))
	}
}

func TestMatchedLettersAreUnderlined(t *testing.T) {
	th := plainTheme(t)
	m := Search([]Action{{ID: "x", Title: "größe synchron"}}, "sy")[0]
	line := m.Line(th, 60, false)
	var under string
	for _, c := range styledCells(line) {
		if strings.HasPrefix(c, "\x1b[4m") {
			under += strings.TrimPrefix(c, "\x1b[4m")
		}
	}
	if under != "sy" {
		t.Errorf("underlined %q in %q", under, line)
	}
}

func TestFooterKeepsHelpAndQuit(t *testing.T) {
	th := plainTheme(t)
	for w := 16; w < 90; w++ {
		line := strings.TrimRight(ansi.Strip(Footer(th, storyActions(), w, 1)), " ")
		if !strings.HasSuffix(line, "? help  q quit") {
			t.Errorf("at %d the line ends otherwise: %q", w, line)
		}
		if strings.Contains(line, "activation") || strings.Contains(line, "mouse") {
			t.Errorf("at %d it offers what cannot run or is hidden: %q", w, line)
		}
	}
}

func TestHelpShowsEveryActionOnce(t *testing.T) {
	th := plainTheme(t)
	for _, w := range []int{40, 80, 110, 200} {
		text := ansi.Strip(Join(Help(th, storyActions(), w)))
		for _, a := range storyActions() {
			want := 1
			if a.Hidden {
				want = 0
			}
			if got := strings.Count(text, a.Title[:min(len(a.Title), 20)]); a.ID != "sync" && a.ID != "quit" && got != want {
				t.Errorf("at %d %q stands there %d times", w, a.Title, got)
			}
		}
	}
}
