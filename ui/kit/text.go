package kit

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"seatdeck/ui/theme"
)

const (
	escape = 0x1b
	reset  = "\x1b[m"
	// minCut is how many characters a cut must leave, or the text is left out.
	minCut = 4
	// gap stands between things that must not touch.
	gap = 2
)

func itoa(n int) string { return strconv.Itoa(n) }

// Width is the number of cells s takes. Escape sequences take none, glyphs of
// ambiguous width one, East Asian wide characters two.
func Width(s string) int {
	m := measure(s)
	return m.width
}

// measured is what one pass over a styled line finds out.
type measured struct {
	width int
	// safe: nothing in the line but printable text and complete style sequences.
	safe bool
	// open: a style is still on at the end.
	open bool
	// simple: every rune is one cell and joins with nothing beside it.
	simple bool
}

// measure walks over s once. Text of ordinary letters and our own glyphs is
// counted directly; anything else asks x/ansi, which knows grapheme clusters.
func measure(s string) measured {
	m := measured{safe: true, simple: true}
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c >= 0x20 && c < 0x7f:
			m.width++
			i++
		case c == escape:
			n := styleLen(s[i:])
			if n == 0 {
				return measureSlow(s, false)
			}
			m.open = n > 3 && s[i:i+n] != "\x1b[0m"
			i += n
		case c < utf8.RuneSelf:
			return measureSlow(s, false)
		default:
			r, n := utf8.DecodeRuneInString(s[i:])
			if !oneCell(r) {
				return measureSlow(s, printable(s))
			}
			m.width++
			i += n
		}
	}
	return m
}

func measureSlow(s string, safe bool) measured {
	open := false
	if i := strings.LastIndexByte(s, escape); i >= 0 {
		n := styleLen(s[i:])
		open = n == 0 || n > 3 && s[i:i+n] != "\x1b[0m"
	}
	return measured{width: ansi.StringWidth(s), safe: safe, open: open}
}

// styleLen is the length of the style sequence s begins with, or 0.
func styleLen(s string) int {
	if len(s) < 3 || s[0] != escape || s[1] != '[' {
		return 0
	}
	for i := 2; i < len(s); i++ {
		switch c := s[i]; {
		case c == 'm':
			return i + 1
		case c != ';' && c != ':' && (c < '0' || c > '9'):
			return 0
		}
	}
	return 0
}

// oneCell says that r is known to be one cell wide whatever follows it. The
// ranges are Latin letters and the glyphs of ui/theme; a mark that combines
// with one of them lies outside and sends the line to the slow measure.
func oneCell(r rune) bool {
	switch {
	case r >= 0xc0 && r <= 0x24f, r == 0xb7, r >= 0x2010 && r <= 0x2026,
		r >= 0x2190 && r <= 0x2193, r == 0x2212, r == 0x2248,
		r >= 0x2500 && r <= 0x259f, r == 0x25aa, r == 0x25b8, r == 0x25cf,
		r == 0x25c6, r == 0x2713, r == 0x2717:
		return true
	}
	return false
}

// dropped says that r never reaches the screen. Control characters would move
// the terminal's cursor. Joiners, variation selectors and skin tones are left
// out because terminals disagree about the width of what they build; without
// them every terminal counts the same cells.
func dropped(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0:
		return true
	case r == 0x200d, r >= 0xfe00 && r <= 0xfe0f, r >= 0x1f3fb && r <= 0x1f3ff:
		return true
	case r == 0x2028, r == 0x2029, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return true
	}
	return false
}

// printable says that s holds only style sequences and text that may be shown.
func printable(s string) bool {
	for i := 0; i < len(s); {
		if s[i] == escape {
			n := styleLen(s[i:])
			if n == 0 {
				return false
			}
			i += n
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 || dropped(r) {
			return false
		}
		i += n
	}
	return true
}

// clean makes plain text fit for a line: line breaks and tabs become spaces,
// other control characters vanish, broken UTF-8 becomes "?". A lone escape
// therefore loses its power and what follows it stands there as text.
func clean(s string) string {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] >= 0x7f {
			return cleanSlow(s)
		}
	}
	return s
}

func cleanSlow(s string) string {
	var sb strings.Builder
	sb.Grow(len(s))
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			sb.WriteByte('?')
		case r == '\n', r == '\r', r == '\t':
			sb.WriteByte(' ')
		case !dropped(r):
			sb.WriteString(s[i : i+n])
		}
		i += n
	}
	return sb.String()
}

// scrub is clean for styled lines: complete style sequences stay.
func scrub(s string) string {
	var sb strings.Builder
	sb.Grow(len(s))
	for len(s) > 0 {
		i := strings.IndexByte(s, escape)
		if i < 0 {
			i = len(s)
		}
		sb.WriteString(clean(s[:i]))
		s = s[i:]
		if n := styleLen(s); n > 0 {
			sb.WriteString(s[:n])
			s = s[n:]
		} else if len(s) > 0 {
			s = s[1:]
		}
	}
	return sb.String()
}

// Pad returns the styled line s at exactly w cells: cut or filled with spaces,
// with no style left open and no control character in it.
func Pad(s string, w int) string {
	if w <= 0 {
		return ""
	}
	m := measure(s)
	if !m.safe {
		s = scrub(s)
		m = measure(s)
	}
	if m.width > w {
		s = ansi.Truncate(s, w, "")
		m = measure(s)
	}
	if !m.simple {
		s = reset + s + reset // no letter may join with what stands beside it
	} else if m.open {
		s += reset
	}
	return s + spaces(w-m.width)
}

// appendText adds text in a style. Runes that could join with what stands
// beside them are set apart by a reset, so that widths add up.
func appendText(dst []byte, style theme.Style, text string) []byte {
	if style.Open() == "" && !measure(text).simple {
		dst = append(dst, reset...)
		dst = append(dst, text...)
		return append(dst, reset...)
	}
	return style.Append(dst, text)
}

// PadLeft is Pad with the text at the right end.
func PadLeft(s string, w int) string {
	s = Pad(s, min(w, Width(s)))
	return spaces(w-Width(s)) + s
}

const blank = "                                                                                "

func spaces(n int) string {
	switch {
	case n <= 0:
		return ""
	case n <= len(blank):
		return blank[:n]
	}
	return strings.Repeat(" ", n)
}

// repeat is strings.Repeat for any n.
func repeat(s string, n int) string { return strings.Repeat(s, max(n, 0)) }

// Cut shortens plain text to w cells. What does not fit ends in mark, which is
// one cell wide; if fewer than four characters would remain, nothing does. A
// cut never falls inside a number: half a number is a wrong number.
func Cut(s string, w int, mark string) string {
	if w <= 0 {
		return ""
	}
	if Width(s) <= w {
		return s
	}
	head := ansi.Truncate(s, w-1, "")
	if len(head) < len(s) && inNumber(s, len(head)) {
		head = strings.TrimRightFunc(head, numeric)
	}
	head = strings.TrimRight(head, " ")
	if Width(head) < minCut {
		return ""
	}
	return head + mark
}

// CutMiddle shortens plain text to w cells at its middle: of a sentence that
// names a thing and then what is wrong with it, both ends stay. If less than
// four characters would remain at an end, it is [Cut].
func CutMiddle(s string, w int, mark string) string {
	width := Width(s)
	if width <= w {
		return s
	}
	tail := (w - 1) / 2
	if tail < minCut {
		return Cut(s, w, mark)
	}
	end := strings.TrimLeft(ansi.TruncateLeft(s, width-tail, ""), " ")
	if from := len(s) - len(end); inNumber(s, from) {
		end = strings.TrimLeftFunc(end, numeric)
	}
	head := Cut(s, w-Width(end), mark)
	if head == "" {
		return Cut(s, w, mark)
	}
	return head + end
}

func numeric(r rune) bool { return r >= '0' && r <= '9' || r == ',' || r == '.' }

// inNumber says that byte i of s stands inside a run of digits.
func inNumber(s string, i int) bool {
	return i > 0 && i < len(s) && numeric(rune(s[i-1])) && numeric(rune(s[i]))
}
