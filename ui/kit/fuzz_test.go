package kit

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"seatdeck/ui/theme"
)

// bricks are what hostile and foreign text is made of.
var bricks = []string{
	"a", "Z", " ", "7", ",", "seats", "1,214", "2026-03-01", "…", "→", "–", "é", "ß", "Łódź",
	"漢", "字幕", "가", "ｗ", "e\u0301", "\u0301", "\u0308\u0323", "👍", "👍🏽", "👨\u200d👩\u200d👧", "🇩", "🇪", "❤\ufe0f",
	"क्ष", "\u0600", "\u200b", "\u202e", "\u2066", "\u2028", "\u00ad", "\u009b", "\x9b", "\xff\xfe",
	"\x1b", "\x1b[", "\x1b[2J", "\x1b]0;x\x07", "\x1b[31m", "\x1b[m", "\x1b]52;c;", "\t", "\n", "\r", "\x00", "\x7f",
}

func randomText(r *rand.Rand) string {
	var sb strings.Builder
	for range r.IntN(12) {
		sb.WriteString(bricks[r.IntN(len(bricks))])
	}
	return sb.String()
}

func randomStyle(r *rand.Rand, th *theme.Theme) theme.Style {
	all := []theme.Style{{}, th.Figure, th.Label, th.Accent, th.Bad, th.Match}
	return all[r.IntN(len(all))]
}

// random is a property's source of sizes and texts, the same on every run.
func random() *rand.Rand { return rand.New(rand.NewPCG(3, 141592)) }

func wantQuiet(t *testing.T, what string, lines []string) {
	t.Helper()
	for _, l := range lines {
		for _, r := range ansi.Strip(l) {
			if r < 0x20 || r >= 0x7f && r < 0xa0 {
				t.Fatalf("%s: control character %U in %q", what, r, l)
			}
		}
		if rest := styleless(l); strings.ContainsRune(rest, escape) {
			t.Fatalf("%s: a sequence that is no style in %q", what, l)
		}
	}
}

// styleless removes style sequences, found without the kit's own scanner.
func styleless(s string) string {
	var sb strings.Builder
	for {
		before, after, found := strings.Cut(s, "\x1b[")
		sb.WriteString(before)
		if !found {
			return sb.String()
		}
		end := strings.TrimLeft(after, "0123456789;:")
		if !strings.HasPrefix(end, "m") {
			sb.WriteString("\x1b")
			s = after
			continue
		}
		s = end[1:]
	}
}

func TestWidthAgreesWithAnsi(t *testing.T) {
	for r := rune(0x20); r < 0x2fff; r++ {
		if !oneCell(r) {
			continue
		}
		if got := ansi.StringWidth(string(r)); got != 1 {
			t.Errorf("%U counts as one cell, x/ansi says %d", r, got)
		}
		if got := ansi.StringWidthWc(string(r)); got != 1 {
			t.Errorf("%U counts as one cell, x/ansi's rune-wise method says %d", r, got)
		}
	}
	r := random()
	for range 5000 {
		s := randomText(r)
		if got, want := Width(s), ansi.StringWidth(s); got != want {
			t.Fatalf("Width(%q) = %d, want %d", s, got, want)
		}
	}
}

func TestPadIsExactAndQuiet(t *testing.T) {
	r := random()
	for range 20000 {
		s, w := randomText(r), r.IntN(24)-2
		got := Pad(s, w)
		wantSize(t, "Pad", []string{got}, w, 1)
		wantQuiet(t, "Pad", []string{got})
		got = PadLeft(s, w)
		wantSize(t, "PadLeft", []string{got}, w, 1)
		if t.Failed() {
			t.Fatalf("with %q at %d", s, w)
		}
	}
}

func TestLineIsExactAndQuiet(t *testing.T) {
	u, a := themes(t)
	r := random()
	for range 20000 {
		th := u
		if r.IntN(2) == 0 {
			th = a
		}
		w := r.IntN(50) - 2
		l := NewLine(th, w)
		var log []string
		for range r.IntN(6) {
			s := randomText(r)
			log = append(log, s)
			switch r.IntN(6) {
			case 0:
				l.At(r.IntN(40))
			case 1:
				l.Number(r.IntN(40), randomStyle(r, th), s)
			case 2:
				l.Styled(s)
			case 3:
				l.Right()
			default:
				l.Put(randomStyle(r, th), s)
			}
		}
		got := l.String()
		wantSize(t, "Line", []string{got}, w, 1)
		wantQuiet(t, "Line", []string{got})
		if t.Failed() {
			t.Fatalf("with %q", log)
		}
	}
}

func FuzzPad(f *testing.F) {
	for _, b := range bricks {
		f.Add(b, 5)
	}
	f.Fuzz(func(t *testing.T, s string, w int) {
		w %= 200
		got := Pad(s, w)
		wantSize(t, "Pad", []string{got}, w, 1)
		wantQuiet(t, "Pad", []string{got})
	})
}
