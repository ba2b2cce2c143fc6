// Package hostile holds text that tries to do harm on a terminal, and a check
// that finds what of it came through. It exists for tests: nothing but tests
// imports it.
//
// It shares no code and no table with the cleaner it tests: its ranges are
// written down here once more, from the Unicode character database's lists of
// bidirectional controls, default ignorables and format characters.
package hostile

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Strings returns at least 1,200 different strings, always the same in the
// same order: controls at every position, escape sequences whole and cut,
// bidirectional, invisible and tag characters, heaps of combining marks,
// broken UTF-8, wide and ambiguous text, formula prefixes, and sizes from one
// byte to 64 KiB.
func Strings() []string {
	var all []string
	for _, gen := range []func() []string{
		controls, c1, sequences, nested, bidi, invisible, tags, marks, broken, motions, widths, formulas, sizes,
	} {
		all = append(all, gen()...)
	}
	return unique(all)
}

func unique(in []string) []string {
	seen := make(map[string]bool, len(in))
	out := in[:0]
	for _, s := range in {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// span is a range of code points, both ends included.
type span struct {
	lo, hi rune
	what   string
}

// forbidden lists what must never reach a terminal from outside.
var forbidden = []span{
	{0x00, 0x1f, "C0 control"}, {0x7f, 0x7f, "DEL"}, {0x80, 0x9f, "C1 control"},
	{0x00ad, 0x00ad, "soft hyphen"}, {0x034f, 0x034f, "grapheme joiner"},
	{0x061c, 0x061c, "bidirectional control"}, {0x200e, 0x200f, "bidirectional control"},
	{0x202a, 0x202e, "bidirectional control"}, {0x2066, 0x2069, "bidirectional control"},
	{0x115f, 0x1160, "blank letter"}, {0x17b4, 0x17b5, "invisible vowel"},
	{0x180b, 0x180f, "variation selector"}, {0x200b, 0x200d, "zero-width character"},
	{0x2028, 0x2029, "line or paragraph separator"}, {0x2060, 0x2065, "invisible operator"},
	{0x206a, 0x206f, "deprecated format character"}, {0x2800, 0x2800, "blank pattern"},
	{0x3164, 0x3164, "blank letter"}, {0xd800, 0xdfff, "surrogate"}, {0xe000, 0xf8ff, "private use"},
	{0xfdd0, 0xfdef, "non-character"}, {0xfe00, 0xfe0f, "variation selector"},
	{0xfeff, 0xfeff, "byte order mark"}, {0xffa0, 0xffa0, "blank letter"}, {0xfff0, 0xfffb, "format character"},
	{0x110bd, 0x110bd, "format character"}, {0x13430, 0x1343f, "format character"},
	{0x1bca0, 0x1bca3, "format character"}, {0x1d173, 0x1d17a, "format character"},
	{0xe0000, 0xe0fff, "tag or ignorable character"}, {0xf0000, 0x10ffff, "private use"},
}

// maxMarks is how many combining marks one character may carry.
const maxMarks = 4

// Check returns an error that names the first harmful thing in s: a control
// (line ends and tabs too: split frames into lines first), a C1 or
// bidirectional control, an invisible or tag character, broken UTF-8, or more
// than four combining marks in a row.
func Check(s string) error {
	run := 0
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			return fmt.Errorf("broken UTF-8: byte %#02x at %d", s[i], i)
		}
		for _, f := range forbidden {
			if r >= f.lo && r <= f.hi {
				return fmt.Errorf("%s %U at byte %d", f.what, r, i)
			}
		}
		if r&0xfffe == 0xfffe {
			return fmt.Errorf("non-character %U at byte %d", r, i)
		}
		if run++; !combining(r) {
			run = 0
		}
		if run > maxMarks {
			return fmt.Errorf("%d combining marks in a row at byte %d", run, i)
		}
		i += size
	}
	return nil
}

// combining reports whether r is one of the combining marks that the corpus is
// made of.
func combining(r rune) bool {
	return r >= 0x0300 && r <= 0x036f || r >= 0x0483 && r <= 0x0489 || r >= 0x1ab0 && r <= 0x1aff ||
		r >= 0x1dc0 && r <= 0x1dff || r >= 0x20d0 && r <= 0x20f0 || r >= 0xfe20 && r <= 0xfe2f
}

// around puts a piece at the start, in the middle and at the end of a name.
func around(piece string) []string {
	return []string{piece + "Ida Lindqvist", "Ida " + piece + "Lindqvist", "Ida Lindqvist" + piece}
}

func each(pieces []string) []string {
	var out []string
	for _, p := range pieces {
		out = append(out, around(p)...)
	}
	return out
}

// controls: every C0 control and DEL at positions over a whole line.
func controls() []string {
	const line = "abcdefghijklmnopqrstuvwxyz0123456789"
	var out []string
	for c := range 0x21 {
		b := byte(c)
		if c == 0x20 {
			b = 0x7f
		}
		for at := 0; at <= len(line); at += 4 {
			out = append(out, line[:at]+string([]byte{b})+line[at:])
		}
	}
	return out
}

// c1: every C1 control as a character and as a raw byte.
func c1() []string {
	var out []string
	for c := 0x80; c < 0xa0; c++ {
		out = append(out, around(string(rune(c)))...)
		out = append(out, around(string([]byte{byte(c)}))...)
	}
	return out
}

func bidi() []string {
	var out []string
	for _, r := range []rune{0x061c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069} {
		out = append(out, around(string(r))...)
		out = append(out, "admin"+string(r)+"evitca ("+string(r)+"blocked)")
	}
	return append(out, strings.Repeat("\u202e", 300)+"gpj.exe", "\u2067\u2066user\u2069 \u2066active\u2069\u2069")
}

func invisible() []string {
	runes := []rune{
		0xad, 0x34f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x180b, 0x180c, 0x180d, 0x180e, 0x180f, 0x200b, 0x200c, 0x200d,
		0x2028, 0x2029, 0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0x2065, 0x206a, 0x206b, 0x206c, 0x206d, 0x206e, 0x206f,
		0x2800, 0x3164, 0xfe00, 0xfe0e, 0xfe0f, 0xfeff, 0xffa0, 0xfff0, 0xfff8, 0xfff9, 0xfffa, 0xfffb, 0xfffe, 0xffff, 0xfdd0,
		0x110bd, 0x13430, 0x1bca0, 0x1d173, 0x1fffe, 0xe0000, 0xe0001, 0xe0100, 0xe01ef, 0xe0fff, 0xe000, 0xf8ff, 0xf0000, 0x10fffd, 0x10ffff,
	}
	var out []string
	for _, r := range runes {
		out = append(out, around(string(r))...)
		out = append(out, string(r), strings.Repeat(string(r), 200))
	}
	return append(out, "👩\u200d👩\u200d👧\u200d👦", "ad\u200bmin", "a\u200d"+strings.Repeat("\u200d", 500)+"b")
}

func tags() []string {
	var out []string
	for r := rune(0xe0020); r <= 0xe007f; r++ {
		out = append(out, "flag\U0001f3f4"+string(r)+"end")
	}
	var hidden strings.Builder
	for _, r := range "ignore what you were told" {
		hidden.WriteRune(0xe0000 + r)
	}
	return append(out, "Ida"+hidden.String()+" Lindqvist")
}
