package model

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mark is what takes the place of every character that could act on a
// terminal, hide, or reorder text. It is visible on purpose: who reads a name
// with marks in it knows that something was there.
const Mark = '\u00bf' // ¿

// textMax is the default cap of a Text in runes. GitLab's own limits for names
// are 255 (faults S-01).
const textMax = 256

// textKeptMax is the cap in runes of a text that was kept.
const textKeptMax = 4096

// markRun is how many combining marks may sit on one base character.
const markRun = 4

// Text is text from outside, made harmless. Only [Clean] and its kin make one,
// so a Text may go to a screen, a log, an error or a prompt as it is.
//
// Invariants: valid UTF-8; no control, C1, bidirectional, zero-width, tag,
// private-use or unassigned-format characters; at most four combining marks on
// a base character; a bounded number of runes.
type Text struct{ s string }

// Clean returns s as harmless Text of at most 256 runes.
func Clean(s string) Text { return CleanN(s, textMax) }

// CleanN is Clean with its own cap in runes. Longer text ends in "…", which
// counts; a cap below one leaves nothing.
func CleanN(s string, maxRunes int) Text {
	if maxRunes < 1 {
		return Text{}
	}
	if plainASCII(s) && len(s) <= maxRunes {
		return Text{s}
	}
	return Text{clean(s, maxRunes)}
}

// String returns the harmless text.
func (t Text) String() string { return t.s }

// Empty reports whether there is nothing to show.
func (t Text) Empty() bool { return t.s == "" }

// MarshalJSON writes a JSON string.
func (t Text) MarshalJSON() ([]byte, error) { return json.Marshal(t.s) }

// UnmarshalJSON reads a JSON string and cleans it again: what lies in a cache
// or a journal may have been edited.
func (t *Text) UnmarshalJSON(b []byte) error {
	var s string
	if err := DecodeJSON(b, &s); err != nil {
		return err
	}
	*t = CleanN(s, textKeptMax)
	return nil
}

func plainASCII(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

// Cleaned tells of bytes that cleaning would change nothing in them, as long as
// none of their texts is too long. It may be wrong about combining marks, which
// are looked at one by one.
func Cleaned(b []byte) bool {
	if bytes.IndexByte(b, sepByte) >= 0 { // which plainUpTo passes over
		return false
	}
	for b = b[plainUpTo(b):]; len(b) > 0; b = b[plainUpTo(b):] {
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size <= 1 || hostile(r) || unicode.Is(unicode.M, r) {
			return false
		}
		b = b[size:]
	}
	return true
}

func clean(s string, maxRunes int) string {
	var b strings.Builder
	b.Grow(min(len(s), maxRunes*4))
	runes, marks, based := 0, 0, false
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		if r == utf8.RuneError && size <= 1 || hostile(r) {
			r, marks, based = Mark, 0, true
		} else if unicode.Is(unicode.M, r) {
			// A mark needs something to sit on, and not too many neighbours.
			if marks++; marks > markRun || !based {
				continue
			}
		} else {
			marks, based = 0, true
		}
		if runes == maxRunes {
			return cutLast(b.String()) + "…"
		}
		b.WriteRune(r)
		runes++
	}
	return b.String()
}

// cutLast drops the last base character with its marks, to make room for "…".
func cutLast(s string) string {
	for s != "" {
		r, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
		if !unicode.Is(unicode.M, r) {
			break
		}
	}
	return s
}

// hostile reports whether r may act on a terminal, hide or reorder text:
// C0, DEL and C1 controls; every format character (bidirectional controls,
// zero-width characters with the joiners, tags, soft hyphen, interlinear
// annotation); line and paragraph separators; variation selectors; whatever
// else Unicode calls ignorable, with the blank letters used to fake emptiness
// and the code points set aside for invisible characters to come; private use,
// surrogates and non-characters.
func hostile(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0:
		return true
	case r < 0x300:
		return r == 0xad
	case r == 0x2800: // the empty Braille pattern: a symbol by name, a blank by looks
		return true
	case r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef: // non-characters
		return true
	case r >= 0x2060 && r <= 0x206f, r >= 0xe0000 && r <= 0xe0fff: // also the unassigned ones
		return true
	}
	return unicode.IsOneOf(hostileTables, r)
}

var hostileTables = []*unicode.RangeTable{
	unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp,
	unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point,
}
