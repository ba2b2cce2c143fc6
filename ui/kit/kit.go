// Package kit holds the parts of the screen that know no GitLab: lines, frames,
// gauges, charts, grids, dialogs, and the arithmetic that places them.
//
// Everything here is pure. The same input gives the same text; nothing reads a
// clock, an environment or a terminal, and nothing keeps state that a caller
// cannot see. The currency is a slice of lines, each exactly as wide as was
// asked, in cells; sizes of zero or less give empty results and never a panic.
//
// Two kinds of text meet here. Plain text (a name, a number) goes into a Line,
// a Cell or a Span and is cleaned of control characters on the way in. Styled
// lines are what the kit returns; wherever one is put into another part it is
// measured again, so that one wrong line can never bend a frame.
//
// No style is built here and no escape sequence is spelled out except the
// reset: styles come from ui/theme.
package kit

import (
	"strings"

	"seatdeck/ui/theme"
)

// Span is a piece of plain text in one style.
type Span struct {
	Style theme.Style
	Text  string
}

// Part is a block of lines that goes into a frame or a dialog.
type Part struct {
	// Lines are styled lines of the inner width.
	Lines []string
	// Cursor is the line, counted from 1, that carries the cursor's marker on
	// the padding column left of it; 0 is none.
	Cursor int
}

// Join makes one text of lines.
func Join(lines []string) string { return strings.Join(lines, "\n") }

// Beside puts blocks of equal height next to each other, line by line. A block
// that ends early leaves its place out, so give blocks of exact size.
func Beside(blocks ...[]string) []string {
	height := 0
	for _, b := range blocks {
		height = max(height, len(b))
	}
	out := make([]string, height)
	var sb strings.Builder
	for i := range out {
		sb.Reset()
		for _, b := range blocks {
			if i < len(b) {
				sb.WriteString(b[i])
			}
		}
		out[i] = sb.String()
	}
	return out
}

// Thousands writes n with a comma between groups of three: 1,214.
func Thousands(n int) string {
	digits := itoa(n)
	sign := ""
	if n < 0 {
		sign, digits = digits[:1], digits[1:]
	}
	var sb strings.Builder
	sb.WriteString(sign)
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			sb.WriteByte(',')
		}
		sb.WriteByte(digits[i])
	}
	return sb.String()
}
