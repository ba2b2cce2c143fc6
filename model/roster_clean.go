package model

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// isClean reports whether the fields of a record are as [Clean] leaves them. What
// is short and has only settled letters is for sure, which spares most names of
// the world the full treatment.
func isClean(rec []byte) bool {
	return len(rec) <= textMax && settledUpTo(rec) == len(rec) || bytes.Equal(cleanRecord(rec), rec)
}

// cleanRecord cleans every field of a record.
func cleanRecord(rec []byte) []byte {
	out := make([]byte, 0, len(rec))
	for field := range bytes.SplitSeq(rec[:len(rec)-1], []byte(sep)) {
		out = append(append(out, Clean(string(field)).s...), sepByte)
	}
	return out
}

// settledUpTo returns how many bytes at the front of an arena are separators and
// characters that [Clean] leaves alone wherever they stand.
func settledUpTo(b []byte) int {
	for at := 0; ; {
		at += plainUpTo(b[at:])
		r, size := utf8.DecodeRune(b[at:])
		if !settledRune(r) { // the end of b too
			return at
		}
		at += size
	}
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

// plainUpTo returns how many bytes at the front are plain ASCII or separators.
// It takes eight at a time: a start goes through all texts of an instance here.
func plainUpTo(b []byte) (at int) {
	for ; at+8 <= len(b); at += 8 {
		if bad := notPlain(binary.LittleEndian.Uint64(b[at:])); bad != 0 {
			return at + bits.TrailingZeros64(bad)/8
		}
	}
	for ; at < len(b); at++ {
		if notPlain(uint64(b[at])) != 0 {
			break
		}
	}
	return at
}

// What looks at eight bytes at a time: the top bit of each byte of a sum tells
// whether that byte has reached a limit. ASCII leaves the top bit free, so no sum
// runs over into the byte behind, up to the first byte that is not ASCII.
const (
	eachByte = 0x0101010101010101
	topBits  = 0x8080808080808080
)

// notPlain returns eight bytes of which the first that has its top bit is the
// first that is neither plain ASCII nor a separator; 0 when all are.
func notPlain(w uint64) uint64 {
	low := (w + (0x80-1)*eachByte) &^ (w + (0x80-0x20)*eachByte) // 1 … 0x1f
	last := w + (0x80-0x7f)*eachByte                             // 0x7f
	return (w | low | last) & topBits
}

// capitalsIn returns the top bits of the capital letters among eight bytes of
// ASCII. A quarter of each bit is what makes a letter small.
func capitalsIn(w uint64) uint64 {
	return (w + (0x80-'A')*eachByte) &^ (w + (0x80-'Z'-1)*eachByte) & topBits
}
