package kit

// FitLines returns lines as exactly h of exactly w cells: longer ones are cut,
// shorter ones filled, missing ones blank. It is the guarantee of last resort.
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
