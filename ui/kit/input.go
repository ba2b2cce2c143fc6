package kit

import (
	"slices"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"seatdeck/ui/theme"
)

// MaxInput is the most characters a field takes; a paste is cut there.
const MaxInput = 1024

// Input is a text field of one line. It draws no cursor of its own: View says
// where the terminal's cursor belongs, and nothing blinks.
type Input struct {
	runes []rune
	pos   int
	// Prompt is what an empty field shows, faint.
	Prompt string
	// Underline draws the whole field underlined, for words to be typed exactly.
	Underline bool
}

// Value returns the text.
func (in *Input) Value() string { return string(in.runes) }

// Set replaces the text and puts the cursor at its end.
func (in *Input) Set(s string) {
	in.runes, in.pos = nil, 0
	in.Insert(s)
}

// Insert adds text at the cursor, cleaned like every text of the kit.
func (in *Input) Insert(s string) {
	add := []rune(clean(s))
	if room := MaxInput - len(in.runes); len(add) > room {
		add = add[:max(room, 0)]
	}
	in.runes = slices.Insert(in.runes, in.pos, add...)
	in.pos += len(add)
}

// Key edits the text with a key and reports whether it was used. Keys that are
// not about editing, such as enter, esc, tab and up, are left to the caller.
func (in *Input) Key(k tea.KeyPressMsg) bool {
	switch k.String() {
	case "left", "ctrl+b":
		in.pos = max(in.pos-1, 0)
	case "right", "ctrl+f":
		in.pos = min(in.pos+1, len(in.runes))
	case "home", "ctrl+a":
		in.pos = 0
	case "end", "ctrl+e":
		in.pos = len(in.runes)
	case "backspace", "ctrl+h":
		in.remove(max(in.pos-1, 0), in.pos)
	case "delete", "ctrl+d":
		in.remove(in.pos, min(in.pos+1, len(in.runes)))
	case "ctrl+u":
		in.remove(0, in.pos)
	case "ctrl+k":
		in.remove(in.pos, len(in.runes))
	case "ctrl+w", "alt+backspace":
		in.remove(in.wordStart(), in.pos)
	default:
		if k.Text == "" || k.Mod&(tea.ModCtrl|tea.ModAlt) != 0 {
			return false
		}
		in.Insert(k.Text)
	}
	return true
}

func (in *Input) remove(from, to int) {
	in.runes = slices.Delete(in.runes, from, to)
	in.pos = from
}

// wordStart is where the word before the cursor begins, with blanks after it.
func (in *Input) wordStart() int {
	i := in.pos
	for i > 0 && unicode.IsSpace(in.runes[i-1]) {
		i--
	}
	for i > 0 && !unicode.IsSpace(in.runes[i-1]) {
		i--
	}
	return i
}

// View draws the field on w cells and returns the cell of the cursor. A longer
// text is shown around the cursor.
func (in *Input) View(th *theme.Theme, w int) (text string, cursor int) {
	if w <= 0 {
		return "", 0
	}
	if len(in.runes) == 0 {
		return NewLine(th, w).Put(in.style(th, th.Label), in.empty(th, w)).String(), 0
	}
	from := max(in.pos-w+1, 0) // no rune is needed further left than one cell each
	for from < in.pos && Width(string(in.runes[from:in.pos])) > w-1 {
		from++
	}
	shown := Pad(string(in.runes[from:]), w)
	return in.style(th, th.Value).Render(shown), Width(string(in.runes[from:in.pos]))
}

func (in *Input) style(th *theme.Theme, otherwise theme.Style) theme.Style {
	if in.Underline {
		return th.Match
	}
	return otherwise
}

// empty is the text of a field without text.
func (in *Input) empty(th *theme.Theme, w int) string {
	prompt := Cut(clean(th.Glyph.Text(in.Prompt)), w, th.Glyph.Cut)
	if !in.Underline {
		return prompt
	}
	return Pad(prompt, w)
}
