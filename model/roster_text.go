package model

import (
	"bytes"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The separator ends every field in an arena. Clean text cannot hold it, so no
// search runs from one field into the next.
const (
	sep     = "\x00"
	sepByte = 0
)

// recordFields is how many texts a record has: username, name, e-mail.
const recordFields = 3

// textBlock holds the texts of up to blockRows accounts. The ends are offsets
// behind each record.
type textBlock struct {
	text       []byte
	search     []byte
	textEnds   []uint32
	searchEnds []uint32
}

func newTextBlock(rows, bytes int) textBlock {
	return textBlock{
		text:       make([]byte, 0, bytes),
		search:     make([]byte, 0, bytes+8*rows),
		textEnds:   make([]uint32, 0, rows),
		searchEnds: make([]uint32, 0, rows),
	}
}

func (b *textBlock) rows() int { return len(b.textEnds) }

func (b *textBlock) textOf(row int) []byte {
	var start uint32
	if row > 0 {
		start = b.textEnds[row-1]
	}
	return b.text[start:b.textEnds[row]]
}

func (b *textBlock) searchStart(row int) uint32 {
	if row == 0 {
		return 0
	}
	return b.searchEnds[row-1]
}

func (b *textBlock) searchOf(row int) []byte {
	return b.search[b.searchStart(row):b.searchEnds[row]]
}

// rowAt returns the row whose search record holds the offset.
func (b *textBlock) rowAt(offset int) int {
	return sort.Search(len(b.searchEnds), func(i int) bool { return int(b.searchEnds[i]) > offset })
}

// add appends one account's record. rec must be three fields, each ended by
// the separator; it is cleaned here when it is not clean already.
func (b *textBlock) add(id int64, rec []byte) {
	start := len(b.search)
	b.search = strconv.AppendInt(b.search, id, 10)
	b.search = append(b.search, sepByte)
	at := len(b.search)
	b.search = append(b.search, rec...)
	if foldRecord(b.search[at:]) && len(rec) <= textMax {
		b.text = append(b.text, rec...)
	} else {
		b.search = b.search[:start]
		b.addSlow(id, rec)
		return
	}
	b.textEnds = append(b.textEnds, uint32(len(b.text)))
	b.searchEnds = append(b.searchEnds, uint32(len(b.search)))
}

// addSlow is add for a record that is not short plain ASCII.
func (b *textBlock) addSlow(id int64, rec []byte) {
	b.search = strconv.AppendInt(b.search, id, 10)
	b.search = append(b.search, sepByte)
	if !settled(rec) {
		rec = cleanRecord(rec)
	}
	b.text = append(b.text, rec...)
	for len(rec) > 0 {
		if f := foldTable[rec[0]]; f != notPlain {
			b.search, rec = append(b.search, f), rec[1:]
			continue
		}
		r, size := utf8.DecodeRune(rec)
		b.search, rec = utf8.AppendRune(b.search, unicode.ToLower(r)), rec[size:]
	}
	b.textEnds = append(b.textEnds, uint32(len(b.text)))
	b.searchEnds = append(b.searchEnds, uint32(len(b.search)))
}

// cleanRecord cleans every field of a record.
func cleanRecord(rec []byte) []byte {
	out := make([]byte, 0, len(rec))
	for field := range bytes.SplitSeq(rec[:len(rec)-1], []byte(sep)) {
		out = append(append(out, Clean(string(field)).s...), sepByte)
	}
	return out
}

// settled reports whether a record is clean as it is, as far as that can be
// told quickly: it is short and has only letters that [Clean] leaves alone. It
// spares most names of the world the full treatment.
func settled(rec []byte) bool {
	if len(rec) > textMax {
		return false
	}
	for len(rec) > 0 {
		if foldTable[rec[0]] != notPlain {
			rec = rec[1:]
			continue
		}
		r, size := utf8.DecodeRune(rec)
		if !settledRune(r) {
			return false
		}
		rec = rec[size:]
	}
	return true
}

// settledRune names blocks that hold letters only: no marks, no controls, no
// format characters, nothing unassigned.
func settledRune(r rune) bool {
	switch {
	case r >= 0xc0 && r <= 0x24f: // Latin
		return true
	case r >= 0x391 && r <= 0x3c9 && r != 0x3a2: // Greek
		return true
	case r >= 0x400 && r <= 0x481: // Cyrillic
		return true
	case r >= 0x1e00 && r <= 0x1eff: // Latin with more diacritics
		return true
	case r >= 0x3041 && r <= 0x3096, r >= 0x30a1 && r <= 0x30fa: // kana
		return true
	case r >= 0x4e00 && r <= 0x9fff, r >= 0xac00 && r <= 0xd7a3: // Han, Hangul
		return true
	}
	return false
}

// foldRecord lower-cases a record of plain ASCII in place and reports whether
// it was one. Otherwise the bytes are left half done.
func foldRecord(rec []byte) bool {
	for i, c := range rec {
		f := foldTable[c]
		if f == notPlain {
			return false
		}
		rec[i] = f
	}
	return true
}

// notPlain marks bytes that are neither plain ASCII nor the separator.
const notPlain = 0xff

var foldTable = func() (t [256]byte) {
	for c := range t {
		switch {
		case c == sepByte:
			t[c] = sepByte
		case c >= 'A' && c <= 'Z':
			t[c] = byte(c) + 'a' - 'A'
		case c >= 0x20 && c <= 0x7e:
			t[c] = byte(c)
		default:
			t[c] = notPlain
		}
	}
	return t
}()

// fold is how text and words are lower-cased before they are compared.
func fold(s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf || s[i] >= 'A' && s[i] <= 'Z' {
			return strings.ToLower(s)
		}
	}
	return s
}
