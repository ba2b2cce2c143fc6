package kit

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"seatdeck/ui/theme"
)

const (
	marginRows = 1
	marginCols = 2
	// minBeside is how much of the base must remain on each side of a box; with
	// less, the rows of the box are cleared from edge to edge.
	minBeside = 8
)

// Overlay paints a box over base with its upper left corner at column x of row
// y. The first row of base, the header, keeps its colours; everything below
// turns faint and colourless. Around the box one row and two columns are
// cleared. The result has base's lines, each w cells wide.
func Overlay(th *theme.Theme, base, box []string, x, y, w int) []string {
	out := make([]string, len(base))
	x = max(x, 0)
	boxW := 0
	if len(box) > 0 {
		boxW = Width(box[0])
	}
	from, to := x-marginCols, x+boxW+marginCols
	if from < minBeside || w-to < minBeside {
		from, to = 1, w-1
	}
	from, to = max(min(from, x), 0), min(max(to, x+boxW), w)
	for i, line := range base {
		if i == 0 {
			out[i] = Pad(line, w)
			continue
		}
		faint := fade(th, Pad(line, w))
		row := i - y
		if row < -marginRows || row >= len(box)+marginRows || len(box) == 0 {
			out[i] = faint
			continue
		}
		middle := spaces(to - from)
		if row >= 0 && row < len(box) {
			middle = spaces(x-from) + Pad(box[row], boxW) + spaces(to-x-boxW)
		}
		out[i] = Pad(Pad(faint, from)+middle+after(faint, to, w), w)
	}
	return out
}

// fade takes the colours off a line and makes it faint. Where a style ended a
// sequence stays, so that letters it kept apart do not join now.
func fade(th *theme.Theme, s string) string {
	if measure(s).simple {
		return th.Label.Render(ansi.Strip(s))
	}
	open := reset + th.Label.Open()
	out := []byte(open)
	for len(s) > 0 {
		if n := styleLen(s); n > 0 {
			out = append(out, open...)
			s = s[n:]
			continue
		}
		n := strings.IndexByte(s[1:], escape) + 1
		if n == 0 {
			n = len(s)
		}
		out = append(out, s[:n]...)
		s = s[n:]
	}
	return string(append(out, reset...))
}

// after returns the cells of a styled line from n to its width w; the half of a
// wide character at the edge becomes a blank.
func after(s string, n, w int) string {
	right := ansi.TruncateLeft(s, n, "")
	if Width(right) > w-n {
		right = ansi.TruncateLeft(s, n+1, "")
	}
	return PadLeft(right, w-n)
}
