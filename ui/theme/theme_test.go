package theme

import (
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// styles returns every style of a theme by its role.
func styles(t Theme) map[string]Style {
	out := map[string]Style{}
	v := reflect.ValueOf(t)
	for i := range v.NumField() {
		if !v.Type().Field(i).IsExported() {
			continue
		}
		if s, ok := v.Field(i).Interface().(Style); ok {
			out[v.Type().Field(i).Name] = s
		}
	}
	for _, c := range append(slices.Collect(maps.Keys(badges)), "magenta", "") {
		out["badge "+c] = t.Badge(c)
	}
	return out
}

// glyphs returns every glyph of a set by its name.
func glyphs(g Glyphs) map[string]string {
	out := map[string]string{}
	v := reflect.ValueOf(g)
	for i := range v.NumField() {
		if !v.Type().Field(i).IsExported() {
			continue
		}
		if s, ok := v.Field(i).Interface().(string); ok {
			out[v.Type().Field(i).Name] = s
		}
	}
	for i, s := range g.Crest {
		out["Crest "+string(rune('1'+i))] = s
	}
	return out
}

// short is a sequence of attributes and the basic palette's short codes only.
var short = regexp.MustCompile(`^(\x1b\[(1|2|4|7|3[0-7]|4[0-7]|9[0-7])(;(1|2|4|7|3[0-7]|4[0-7]|9[0-7]))*m)?$`)

func TestOnlyShortCodesOfTheBasicPalette(t *testing.T) {
	for _, name := range Names() {
		th, err := Named(name)
		if err != nil {
			t.Fatal(err)
		}
		for role, s := range styles(th) {
			if !short.MatchString(s.Open()) {
				t.Errorf("%s, %s: %q", name, role, s.Open())
			}
			if strings.Contains(s.Open(), "34") {
				t.Errorf("%s, %s: blue letters cannot be read on old palettes", name, role)
			}
		}
	}
}

func TestBoldNeverComesWithColour(t *testing.T) {
	for _, name := range Names() {
		th, _ := Named(name)
		for role, s := range styles(th) {
			params := strings.Split(strings.Trim(s.Open(), "\x1b[m"), ";")
			bold, colour := false, false
			for _, p := range params {
				bold = bold || p == "1"
				colour = colour || len(p) == 2
			}
			if bold && colour {
				t.Errorf("%s, %s: %q", name, role, s.Open())
			}
		}
	}
}

func TestRolesOfEachTheme(t *testing.T) {
	for _, tt := range []struct {
		theme string
		want  map[string]string
	}{
		{"default", map[string]string{"Accent": "36", "AccentQuiet": "36;2", "OK": "32", "Warn": "33", "Bad": "31",
			"Label": "2", "Figure": "1", "Place": "7", "Match": "4", "Value": "", "Frame": "2", "Sandbox": "97;45",
			"badge red": "97;41", "badge green": "30;42", "badge yellow": "30;43", "badge blue": "97;44",
			"badge cyan": "30;46", "badge white": "30;47", "badge magenta": "7", "badge ": "7"}},
		{"light", map[string]string{"Label": "90", "Frame": "90", "Accent": "36"}},
		{"colour-blind", map[string]string{"OK": "36", "Warn": "33", "Bad": "35", "Accent": "1"}},
		{"high-contrast", map[string]string{"Label": "", "Frame": "", "Value": "1", "Figure": "1", "Bad": "31"}},
		{"none", map[string]string{"Accent": "", "AccentQuiet": "2", "OK": "", "Warn": "", "Bad": "", "Label": "2",
			"Figure": "1", "Place": "7", "Match": "4", "Sandbox": "7", "badge red": "7"}},
	} {
		th, err := Named(tt.theme)
		if err != nil {
			t.Fatal(err)
		}
		have := styles(th)
		for role, want := range tt.want {
			if got := have[role]; got != sgr(want) {
				t.Errorf("%s: %s is %q, want %q", tt.theme, role, got.Open(), want)
			}
		}
	}
}

func TestHighContrastHasNoFaint(t *testing.T) {
	th, _ := Named("high-contrast")
	for role, s := range styles(th) {
		if strings.Contains(s.Open(), "2m") && !strings.Contains(s.Open(), "42m") && !strings.Contains(s.Open(), "32m") {
			t.Errorf("%s is faint: %q", role, s.Open())
		}
	}
}

func TestWithoutColourLeavesNoColour(t *testing.T) {
	colour := regexp.MustCompile(`\d\d`)
	for _, name := range Names() {
		th, _ := Named(name)
		plain := th.WithoutColour()
		for role, s := range styles(plain) {
			if colour.MatchString(s.Open()) {
				t.Errorf("%s without colour: %s is %q", name, role, s.Open())
			}
		}
	}
	light, _ := Named("light")
	if got := light.WithoutColour().Label; got != sgr("2") {
		t.Errorf("the light theme's labels lose their level: %q", got.Open())
	}
}

func TestChoose(t *testing.T) {
	utf8Env := map[string]string{"TERM": "xterm", "LANG": "en_GB.UTF-8"}
	with := func(pairs ...string) map[string]string {
		env := map[string]string{}
		maps.Copy(env, utf8Env)
		for i := 0; i < len(pairs); i += 2 {
			env[pairs[i]] = pairs[i+1]
		}
		return env
	}
	for _, tt := range []struct {
		name  string
		env   map[string]string
		wish  Wish
		theme string
		ascii bool
	}{
		{"plain", with(), Wish{}, "default", false},
		{"wished", with(), Wish{Theme: "light", ASCII: true}, "light", true},
		{"NO_COLOR", with("NO_COLOR", "1"), Wish{Theme: "light"}, "none", false},
		{"empty NO_COLOR", with("NO_COLOR", ""), Wish{}, "default", false},
		{"Linux console", with("TERM", "linux"), Wish{}, "default", true},
		{"dumb", with("TERM", "dumb"), Wish{}, "none", true},
		{"no terminal type", with("TERM", ""), Wish{}, "none", true},
		{"C locale", with("LANG", "C"), Wish{}, "default", true},
		{"LC_ALL wins", with("LC_ALL", "POSIX"), Wish{}, "default", true},
		{"LC_CTYPE before LANG", with("LANG", "C", "LC_CTYPE", "C.utf8"), Wish{}, "default", false},
		{"nothing set", map[string]string{"TERM": "xterm"}, Wish{}, "default", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			th, err := Choose(func(k string) string { return tt.env[k] }, tt.wish)
			if err != nil {
				t.Fatal(err)
			}
			if th.Name != tt.theme || th.Glyph.ASCII != tt.ascii {
				t.Errorf("theme %s, ASCII %v; want %s, %v", th.Name, th.Glyph.ASCII, tt.theme, tt.ascii)
			}
		})
	}
	if _, err := Choose(func(string) string { return "" }, Wish{Theme: "solar"}); err == nil || !strings.Contains(err.Error(), "colour-blind") {
		t.Errorf("an unknown theme gives %v, want the known names", err)
	}
}

func TestGlyphsAndTwinsAreOneCell(t *testing.T) {
	twin := glyphs(ASCII())
	for name, g := range glyphs(Unicode()) {
		a, ok := twin[name]
		if !ok || len(a) != 1 || a[0] < 0x20 || a[0] > 0x7e {
			t.Errorf("%s: twin %q of %q is not one ASCII character", name, a, g)
		}
		if utf8.RuneCountInString(g) != 1 || ansi.StringWidth(g) != 1 {
			t.Errorf("%s: %q is not one cell", name, g)
		}
	}
}

func TestTextReplacesMarksOnly(t *testing.T) {
	const s = "950 → 1,000 · 0–30 d ≈ −$2,844 Łódź 漢…"
	u, a := Unicode(), ASCII()
	if got := u.Text(s); got != s {
		t.Errorf("the Unicode set changed %q", got)
	}
	got, want := a.Text(s), "950 > 1,000 . 0-30 d ~ -$2,844 Łódź 漢~"
	if got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Every glyph that words may hold has a twin that Text knows.
func TestTextKnowsTheWordsGlyphs(t *testing.T) {
	u, a := Unicode(), ASCII()
	for _, pair := range [][2]string{
		{u.Done, a.Done}, {u.Missing, a.Missing}, {u.None, a.None}, {u.Running, a.Running}, {u.Cut, a.Cut}, {u.Dot, a.Dot},
		{u.About, a.About}, {u.Up, a.Up}, {u.Down, a.Down}, {u.Left, a.Left}, {u.Right, a.Right}, {u.Minus, a.Minus},
		{u.Dash, a.Dash}, {u.Changed, a.Changed}, {u.Marked, a.Marked}, {u.Ordinary, a.Ordinary}, {u.Cursor, a.Cursor},
	} {
		if got := a.Text(pair[0]); got != pair[1] {
			t.Errorf("Text(%q) = %q, want %q", pair[0], got, pair[1])
		}
	}
}

// Signs that stand in sentences have twins, too.
func TestTextKnowsTheSignsInSentences(t *testing.T) {
	a := ASCII()
	if got := a.Text("contract §6.1 — needs 60×15"); got != "contract #6.1 - needs 60x15" {
		t.Errorf("%q", got)
	}
}

func TestStyle(t *testing.T) {
	bold, under := sgr("1"), sgr("4")
	if got := bold.Render("x"); got != "\x1b[1mx\x1b[m" {
		t.Errorf("%q", got)
	}
	if got := string(bold.Append([]byte("a"), "x")); got != "a"+bold.Render("x") {
		t.Errorf("%q", got)
	}
	if got := bold.And(under).Render("x"); got != "\x1b[1;4mx\x1b[m" {
		t.Errorf("%q", got)
	}
	if bold.And(Style{}) != bold || (Style{}).And(under) != under {
		t.Error("the zero style adds something")
	}
	for _, s := range []Style{{}, bold} {
		if got := s.Render(""); got != "" {
			t.Errorf("empty text costs %q", got)
		}
	}
	if got := (Style{}).Render("x"); got != "x" {
		t.Errorf("the zero style gives %q", got)
	}
}

func BenchmarkRender(b *testing.B) {
	s := sgr("36")
	b.ReportAllocs()
	for b.Loop() {
		_ = s.Render("billable")
	}
}
