package theme

import "strings"

// Wish is what a person asked for in the profile or on the command line.
type Wish struct {
	Theme string // a name of Names; "" leaves the choice to the surroundings
	ASCII bool   // true asks for the ASCII glyphs
}

// Choose picks a theme from a wish and the surroundings. getenv answers like
// os.Getenv and is asked for NO_COLOR, TERM, LC_ALL, LC_CTYPE and LANG.
//
// A non-empty NO_COLOR, and the terminals "dumb" and "" take all colour off,
// whatever was wished. ASCII glyphs are used on wish, on the Linux console,
// on a dumb terminal and when the locale is not UTF-8.
// The error is Named's, for an unknown theme.
func Choose(getenv func(string) string, wish Wish) (Theme, error) {
	t, err := Named(wish.Theme)
	if err != nil {
		return Theme{}, err
	}
	term := getenv("TERM")
	dumb := term == "" || term == "dumb"
	if dumb || getenv("NO_COLOR") != "" {
		t = t.WithoutColour()
	}
	if wish.ASCII || dumb || term == "linux" || !utf8Locale(getenv) {
		t.Glyph = ASCII()
	}
	return t, nil
}

// utf8Locale follows POSIX: the first of the three that is set decides.
func utf8Locale(getenv func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := getenv(name); v != "" {
			v = strings.ToLower(v)
			return strings.Contains(v, "utf-8") || strings.Contains(v, "utf8")
		}
	}
	return false
}
