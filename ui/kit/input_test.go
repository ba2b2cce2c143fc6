package kit

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// press types keys: single runes as text, names by their meaning.
func press(in *Input, keys ...string) (used bool) {
	named := map[string]tea.KeyPressMsg{
		"left": {Code: tea.KeyLeft}, "right": {Code: tea.KeyRight}, "home": {Code: tea.KeyHome}, "end": {Code: tea.KeyEnd},
		"backspace": {Code: tea.KeyBackspace}, "delete": {Code: tea.KeyDelete}, "enter": {Code: tea.KeyEnter},
		"esc": {Code: tea.KeyEscape}, "tab": {Code: tea.KeyTab}, "up": {Code: tea.KeyUp}, "space": {Code: tea.KeySpace, Text: " "},
		"ctrl+u": {Code: 'u', Mod: tea.ModCtrl}, "ctrl+w": {Code: 'w', Mod: tea.ModCtrl}, "ctrl+k": {Code: 'k', Mod: tea.ModCtrl},
		"ctrl+c": {Code: 'c', Mod: tea.ModCtrl}, "alt+x": {Code: 'x', Mod: tea.ModAlt, Text: "x"},
	}
	for _, k := range keys {
		msg, ok := named[k]
		if !ok {
			msg = tea.KeyPressMsg{Code: []rune(k)[0], Text: k}
		}
		used = in.Key(msg)
	}
	return used
}

func TestInputEdits(t *testing.T) {
	for _, tt := range []struct {
		name, start string
		keys        []string
		want        string
		cursor      int
	}{
		{"type", "", []string{"m", "b", "space", "é"}, "mb é", 4},
		{"insert in the middle", "abc", []string{"left", "left", "x"}, "axbc", 2},
		{"backspace takes a rune", "aé漢", []string{"backspace", "backspace"}, "a", 1},
		{"backspace at the start", "ab", []string{"home", "backspace"}, "ab", 0},
		{"delete", "abc", []string{"home", "delete"}, "bc", 0},
		{"delete at the end", "abc", []string{"delete"}, "abc", 3},
		{"ctrl+u", "one two", []string{"left", "ctrl+u"}, "o", 0},
		{"ctrl+k", "one two", []string{"home", "right", "ctrl+k"}, "o", 1},
		{"ctrl+w", "one two  ", []string{"ctrl+w"}, "one ", 4},
		{"ends", "abc", []string{"home", "left", "end", "right"}, "abc", 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var in Input
			in.Set(tt.start)
			press(&in, tt.keys...)
			_, cursor := in.View(plainTheme(t), 20)
			if in.Value() != tt.want || cursor != tt.cursor {
				t.Errorf("%q with the cursor at %d, want %q at %d", in.Value(), cursor, tt.want, tt.cursor)
			}
		})
	}
}

func TestInputLeavesOtherKeysAlone(t *testing.T) {
	for _, k := range []string{"enter", "esc", "tab", "up", "ctrl+c", "alt+x"} {
		var in Input
		if press(&in, k) || in.Value() != "" {
			t.Errorf("%s was used: %q", k, in.Value())
		}
	}
}

func TestInputTakesPasteAsText(t *testing.T) {
	var in Input
	in.Set("ab")
	press(&in, "left")
	in.Insert("1\n2\t\x1b[31m\x00")
	if got, want := in.Value(), "a1 2 [31mb"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	in.Insert(strings.Repeat("x", 2*MaxInput))
	if got := len([]rune(in.Value())); got != MaxInput {
		t.Errorf("%d characters, want %d", got, MaxInput)
	}
}

func TestInputCursorStaysInTheField(t *testing.T) {
	th := plainTheme(t)
	r := random()
	for range 5000 {
		in, w := randomInput(r), 1+r.IntN(20)
		if _, at := in.View(th, w); at < 0 || at >= w {
			t.Fatalf("cursor at %d in a field of %d: %q", at, w, in.Value())
		}
	}
}
