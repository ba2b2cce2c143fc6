package model

import (
	"bytes"
	"sort"
	"strconv"
	"strings"
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
	for field := range bytes.SplitSeq(rec[:len(rec)-1], []byte(sep)) {
		t := Clean(string(field)).s
		b.text = append(append(b.text, t...), sepByte)
		b.search = append(append(b.search, fold(t)...), sepByte)
	}
	b.textEnds = append(b.textEnds, uint32(len(b.text)))
	b.searchEnds = append(b.searchEnds, uint32(len(b.search)))
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
