// Package theme holds every colour, attribute and glyph of the screen.
//
// It knows roles ("accent", "label", "bad"), never places. Parts of the screen
// ask a Theme for a role and a Glyphs for a mark; nothing else in the tree may
// write an escape sequence. Colours are the sixteen of the terminal's own
// palette in their short codes (30-37, 90-97), because these are what people
// remap and they cost the fewest bytes.
//
// The package never reads the environment, never asks the terminal anything
// and has no state: Choose is given what it must know.
package theme

import (
	"fmt"
	"strings"
)

// Theme names a Style for every role and the Glyphs that go with it. It is a
// plain value; make one with Choose or Named and pass a pointer around.
type Theme struct {
	Name string

	// Levels of type.
	Figure Style // the one number or word of a pane, keys, values after a change
	Value  Style // everything that is a fact
	Label  Style // labels, captions, units, separators, notes, unchanged rows
	Place  Style // active chip, text cursor
	Match  Style // matched letters, the field to type into

	// Roles of colour. They sit on glyphs, rules and bars, never on words.
	Accent      Style // focused frame, gauge fill, crest, cursor marker, marks
	AccentQuiet Style // chart body, ordinary day of a strip
	OK          Style // the glyphs for done and changed
	Warn        Style // the warning glyph, stale notes, bars that need a look
	Bad         Style // what is missing, over a limit or dangerous
	Frame       Style // lines of a frame without focus

	// Sandbox is the badge of made-up data; no profile can have its colour.
	Sandbox Style
	// SandboxBar marks the line that says so.
	SandboxBar Style

	// Glyph is the set of marks in use.
	Glyph Glyphs

	mono bool // badges are reversed instead of coloured
}

// Names lists the themes Named knows, the default first.
func Names() []string {
	return []string{"default", "light", "colour-blind", "high-contrast", "none"}
}

// Named returns the theme of that name with the Unicode glyphs. An empty name
// is the default theme; an unknown one is an error that lists the known names.
func Named(name string) (Theme, error) {
	t := standard()
	switch name {
	case "", "default":
	case "light":
		t.Label, t.Frame = sgr("90"), sgr("90")
	case "colour-blind":
		t.OK, t.Warn, t.Bad = sgr("36"), sgr("33"), sgr("35")
		t.Accent, t.AccentQuiet = sgr("1"), sgr("2")
	case "high-contrast":
		t.Label, t.Frame, t.Value = Style{}, Style{}, sgr("1")
		t.AccentQuiet = sgr("36")
	case "none":
		t = t.WithoutColour()
	default:
		return Theme{}, fmt.Errorf("unknown theme %q: use one of %s", name, strings.Join(Names(), ", "))
	}
	if name != "" {
		t.Name = name
	}
	return t, nil
}

func standard() Theme {
	return Theme{
		Name:   "default",
		Figure: sgr("1"), Label: sgr("2"), Place: sgr("7"), Match: sgr("4"),
		Accent: sgr("36"), AccentQuiet: sgr("36;2"),
		OK: sgr("32"), Warn: sgr("33"), Bad: sgr("31"),
		Frame: sgr("2"), Sandbox: sgr("97;45"), SandboxBar: sgr("35"),
		Glyph: Unicode(),
	}
}

// WithoutColour returns the theme with every colour taken off. Attributes stay,
// so hierarchy survives, and badges become reverse.
func (t Theme) WithoutColour() Theme {
	for _, s := range []*Style{
		&t.Figure, &t.Value, &t.Label, &t.Place, &t.Match, &t.Accent,
		&t.AccentQuiet, &t.OK, &t.Warn, &t.Bad, &t.Frame,
	} {
		*s = s.withoutColour()
	}
	if t.Name == "light" {
		t.Label, t.Frame = sgr("2"), sgr("2")
	}
	t.Sandbox, t.SandboxBar, t.mono, t.Name = sgr("7"), Style{}, true, "none"
	return t
}

// withoutColour keeps the parameters that are attributes: those below 10.
func (s Style) withoutColour() Style {
	params := strings.TrimSuffix(strings.TrimPrefix(s.open, "\x1b["), "m")
	var kept []string
	for p := range strings.SplitSeq(params, ";") {
		if len(p) == 1 {
			kept = append(kept, p)
		}
	}
	return sgr(strings.Join(kept, ";"))
}

// badges maps a profile's colour to its badge: black on the light four, bright
// white on the dark ones. Magenta is missing on purpose: it is the sandbox's.
var badges = map[string]Style{
	"red":    sgr("97;41"),
	"green":  sgr("30;42"),
	"yellow": sgr("30;43"),
	"blue":   sgr("97;44"),
	"cyan":   sgr("30;46"),
	"white":  sgr("30;47"),
}

// Badge returns the style of an instance's badge for the colour word of its
// profile. Unknown or empty colours, and every colour in a theme without
// colour, give reverse.
func (t Theme) Badge(colour string) Style {
	if s, ok := badges[colour]; ok && !t.mono {
		return s
	}
	return sgr("7")
}
