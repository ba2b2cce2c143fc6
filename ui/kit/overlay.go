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
	boxW := 0
	if len(box) > 0 {
		boxW = Width(box[0])
	}
	from, to := x-marginCols, x+boxW+marginCols
	if from < minBeside || w-to < minBeside {
		from, to = 1, w-1
	}
	from, to = max(from, 0), min(max(to, x+boxW), w)
	for i, line := range base {
		if i == 0 {
			out[i] = Pad(line, w)
			continue
		}
		plain := ansi.Strip(Pad(line, w))
		row := i - y
		if row < -marginRows || row >= len(box)+marginRows || len(box) == 0 {
			out[i] = th.Label.Render(plain)
			continue
		}
		middle := spaces(to - from)
		if row >= 0 && row < len(box) {
			middle = spaces(x-from) + box[row] + spaces(to-x-boxW)
		}
		out[i] = Pad(th.Label.Render(cells(plain, 0, from))+middle+th.Label.Render(cells(plain, to, w)), w)
	}
	return out
}

// cells returns the cells from..to of plain text. Halves of wide characters at
// the edges become blanks.
func cells(s string, from, to int) string {
	if to <= from {
		return ""
	}
	var sb strings.Builder
	col := 0
	for len(s) > 0 && col < to {
		cluster, n := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
		if cluster == "" {
			break
		}
		s = s[len(cluster):]
		switch {
		case col >= from && col+n <= to:
			sb.WriteString(cluster)
		case col+n > from:
			sb.WriteString(spaces(min(col+n, to) - max(col, from)))
		}
		col += n
	}
	sb.WriteString(spaces(to - max(col, from)))
	return sb.String()
}
