package model

import (
	"encoding/binary"
	"math"
	"math/bits"
	"sort"
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

// textBlock holds the texts of up to blockRows accounts once, lower-cased as
// they are searched, and beside them what makes the shown texts of them again:
// where the capitals are.
type textBlock struct {
	text    []byte   // records: username, name and e-mail, each ended by the separator
	ends    []uint32 // offsets behind each record
	caps    []byte   // see capitals
	capEnds []uint32 // offsets behind each account's piece of caps, doubled; plus 1 for whole records
}

func newTextBlock(rows, bytes int) textBlock {
	return textBlock{
		text: make([]byte, 0, bytes), ends: make([]uint32, 0, rows),
		caps: make([]byte, 0, 4*rows), capEnds: make([]uint32, 0, rows),
	}
}

func (b *textBlock) rows() int { return len(b.ends) }

// start returns where the record of a row begins.
func (b *textBlock) start(row int) uint32 {
	if row == 0 {
		return 0
	}
	return b.ends[row-1]
}

// searchOf returns the record of a row as it is searched.
func (b *textBlock) searchOf(row int) []byte { return b.text[b.start(row):b.ends[row]] }

// capitals returns how a row's shown record differs from the searched one: the
// record itself when whole, else the distances from one capital letter to the
// next, each from behind the letter before.
func (b *textBlock) capitals(row int) (caps []byte, whole bool) {
	var start uint32
	if row > 0 {
		start = b.capEnds[row-1] >> 1
	}
	return b.caps[start : b.capEnds[row]>>1], b.capEnds[row]&1 != 0
}

// appendShown appends the record of a row as it is shown. A distance that leads
// to no letter was not written here; what follows it stays as it is searched.
func (b *textBlock) appendShown(out []byte, row int) []byte {
	rec := b.searchOf(row)
	caps, whole := b.capitals(row)
	if whole {
		return append(out, caps...)
	}
	for _, skip := range caps {
		if int(skip) >= len(rec) || !utf8.RuneStart(rec[skip]) {
			break
		}
		r, size := utf8.DecodeRune(rec[skip:])
		out = utf8.AppendRune(append(out, rec[:skip]...), unicode.ToUpper(r))
		rec = rec[int(skip)+size:]
	}
	return append(out, rec...)
}

// rowAt returns the row whose record holds the offset.
func (b *textBlock) rowAt(offset int) int {
	return sort.Search(len(b.ends), func(i int) bool { return int(b.ends[i]) > offset })
}

// add appends one account's record as it is shown: three fields, each ended by
// the separator. It is cleaned here when it is not clean already.
func (b *textBlock) add(rec []byte) {
	if !isClean(rec) {
		rec = cleanRecord(rec)
	}
	from, whole := len(b.caps), uint32(0)
	var exact bool
	if b.text, b.caps, exact = appendFolded(b.text, b.caps, rec); !exact {
		b.caps, whole = append(b.caps[:from], rec...), 1
	}
	b.ends = append(b.ends, uint32(len(b.text)))
	b.capEnds = append(b.capEnds, uint32(len(b.caps))<<1|whole)
}

// appendFolded appends a clean record lower-cased to text and where its capitals
// are to caps. exact is false when these do not tell all: a capital that the
// small letter does not lead back to, or too far from the one before.
func appendFolded(text, caps, rec []byte) (_, _ []byte, exact bool) {
	exact = true
	last := len(text) // behind the capital before
	capital := func(at, size int) {
		exact = exact && at-last <= math.MaxUint8
		caps, last = append(caps, byte(at-last)), at+size
	}
	for len(rec) > 0 {
		if len(rec) >= 8 { // most texts are ASCII
			if w := binary.LittleEndian.Uint64(rec); w&topBits == 0 {
				upper := capitalsIn(w)
				for left := upper; left != 0; left &= left - 1 {
					capital(len(text)+bits.TrailingZeros64(left)/8, 1)
				}
				text, rec = binary.LittleEndian.AppendUint64(text, w|upper>>2), rec[8:]
				continue
			}
		}
		r, size := utf8.DecodeRune(rec)
		rec = rec[size:]
		low := unicode.ToLower(r)
		if low != r {
			exact = exact && unicode.ToUpper(low) == r
			capital(len(text), utf8.RuneLen(low))
		}
		text = utf8.AppendRune(text, low)
	}
	return text, caps, exact
}

// fold is how text and words are lower-cased before they are compared.
func fold(s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf || s[i] >= 'A' && s[i] <= 'Z' {
			return strings.ToLower(s)
		}
	}
	return s
}
