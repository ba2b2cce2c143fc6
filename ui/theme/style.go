package theme

// reset ends every style. The empty parameter list is the shortest form.
const reset = "\x1b[m"

// Style is one set of terminal attributes. The zero Style changes nothing.
// Styles are small comparable values; rendering is one concatenation.
type Style struct {
	open string
}

// sgr makes a style of the given parameters, for example "1" or "36;2".
func sgr(params string) Style {
	if params == "" {
		return Style{}
	}
	return Style{open: "\x1b[" + params + "m"}
}

// Render returns s in this style, ended by a reset. Empty text stays empty, so
// that a missing value costs no bytes.
func (s Style) Render(text string) string {
	if s.open == "" || text == "" {
		return text
	}
	return s.open + text + reset
}

// Append adds text in this style to dst and returns the longer slice.
func (s Style) Append(dst []byte, text string) []byte {
	if s.open == "" || text == "" {
		return append(dst, text...)
	}
	dst = append(dst, s.open...)
	dst = append(dst, text...)
	return append(dst, reset...)
}

// Open returns the sequence that switches the style on, "" for the zero Style.
func (s Style) Open() string { return s.open }

// Close returns the sequence that switches the style off, "" for the zero Style.
func (s Style) Close() string {
	if s.open == "" {
		return ""
	}
	return reset
}

// And returns a style with the attributes of both.
func (s Style) And(t Style) Style {
	switch {
	case s.open == "":
		return t
	case t.open == "":
		return s
	}
	// "\x1b[1m" and "\x1b[4m" become "\x1b[1;4m".
	return Style{open: s.open[:len(s.open)-1] + ";" + t.open[2:]}
}
