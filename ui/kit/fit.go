package kit

import "strings"

// Fit returns s as exactly h lines of exactly w cells: longer lines are cut,
// shorter ones filled, missing ones blank. It is the guarantee of last resort
// and what tests compare a part's own output with.
func Fit(s string, w, h int) string {
	return Join(FitLines(strings.Split(s, "\n"), w, h))
}

// FitLines is Fit for lines.
func FitLines(lines []string, w, h int) []string {
	if h <= 0 {
		return nil
	}
	out := make([]string, h)
	for i := range out {
		if i < len(lines) {
			out[i] = Pad(lines[i], w)
		} else {
			out[i] = spaces(w)
		}
	}
	return out
}
