package model

import (
	"bytes"
	"encoding/binary"
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
	b.text, b.search = appendRecord(b.text, b.search, id, rec)
	b.textEnds = append(b.textEnds, uint32(len(b.text)))
	b.searchEnds = append(b.searchEnds, uint32(len(b.search)))
}

// appendRecord appends a record as it is shown to text, and as it is searched
// to search: the id, then the texts lower-cased.
func appendRecord(text, search []byte, id int64, rec []byte) (newText, newSearch []byte) {
	search = append(strconv.AppendInt(search, id, 10), sepByte)
	at := len(search)
	search, settled := appendFolded(search, rec)
	if !settled {
		rec = cleanRecord(rec)
		search = appendLower(search[:at], rec)
	}
	return append(text, rec...), search
}

// cleanRecord cleans every field of a record.
func cleanRecord(rec []byte) []byte {
	out := make([]byte, 0, len(rec))
	for field := range bytes.SplitSeq(rec[:len(rec)-1], []byte(sep)) {
		out = append(append(out, Clean(string(field)).s...), sepByte)
	}
	return out
}

// appendFolded appends a record lower-cased. settled is false when the record
// may not be clean; what was appended is of no use then. It tells quickly: clean
// for sure is what is short and has only letters that [Clean] leaves alone, which
// spares most names of the world the full treatment.
func appendFolded(out, rec []byte) (_ []byte, settled bool) {
	if len(rec) > textMax {
		return out, false
	}
	at := len(out)
	out = append(out, rec...)
	done := foldPlain(out[at:])
	if done == len(rec) {
		return out, true
	}
	out, rec = out[:at+done], rec[done:]
	for len(rec) > 0 {
		if f := foldTable[rec[0]]; f != notPlain {
			out, rec = append(out, f), rec[1:]
			continue
		}
		r, size := utf8.DecodeRune(rec)
		if !settledRune(r) {
			return out, false
		}
		out, rec = utf8.AppendRune(out, unicode.ToLower(r)), rec[size:]
	}
	return out, true
}

// appendLower appends a clean record lower-cased.
func appendLower(out, rec []byte) []byte {
	for len(rec) > 0 {
		r, size := utf8.DecodeRune(rec)
		out, rec = utf8.AppendRune(out, unicode.ToLower(r)), rec[size:]
	}
	return out
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

// foldPlain lower-cases plain ASCII in place, up to the first byte that is
// neither that nor a separator, and returns how many bytes are done. It takes
// eight bytes at a time: a start spends most of its time here.
func foldPlain(b []byte) (done int) {
	for ; done+8 <= len(b); done += 8 {
		w := binary.LittleEndian.Uint64(b[done:])
		f, plain := foldWord(w)
		if !plain {
			break
		}
		binary.LittleEndian.PutUint64(b[done:], f)
	}
	for ; done < len(b); done++ {
		f := foldTable[b[done]]
		if f == notPlain {
			break
		}
		b[done] = f
	}
	return done
}

// foldWord is [foldTable] for eight bytes. The top bit of each byte of a sum
// below tells whether that byte has reached a limit; since plain bytes leave
// their own top bit free, no sum runs over into the next byte.
func foldWord(w uint64) (folded uint64, plain bool) {
	const each, top = 0x0101010101010101, 0x8080808080808080
	bad := (w + (0x80-1)*each) &^ (w + (0x80-0x20)*each) // 1 … 0x1f
	bad |= w + (0x80-0x7f)*each                          // 0x7f
	upper := (w + (0x80-'A')*each) &^ (w + (0x80-'Z'-1)*each)
	return w | upper&top>>2, (w|bad)&top == 0
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
