package kit

import (
	"strings"

	"seatdeck/ui/theme"
)

// Wrap sets a sentence on lines of at most w cells, broken between words; a
// word longer than a line is cut. Only sentences wrap: values never do. Lines
// are padded to w, and their glyphs are the theme's.
func Wrap(th *theme.Theme, style theme.Style, text string, w int) []string {
	if w <= 0 {
		return nil
	}
	var out []string
	line := ""
	flush := func() {
		if line != "" {
			out = append(out, Pad(style.Render(Cut(line, w, th.Glyph.Cut)), w))
			line = ""
		}
	}
	for word := range strings.FieldsSeq(clean(th.Glyph.Text(text))) {
		if line != "" && Width(line)+1+Width(word) > w {
			flush()
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	flush()
	return out
}

// Remark sets a sentence on lines of at most w cells behind a mark.
func Remark(th *theme.Theme, w int, style theme.Style, glyph, text string) []string {
	out := Wrap(th, th.Value, text, max(w-2, 1))
	for i, sentence := range out {
		line := NewLine(th, w)
		if i == 0 {
			line.Mark(style, glyph)
		}
		out[i] = line.At(2).Styled(sentence).String()
	}
	return out
}
