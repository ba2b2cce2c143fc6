package model

import (
	"bytes"
	"testing"
	"unicode"
)

// Folding takes eight bytes at a time; every byte must come out as if it had
// come alone, at each place of a word and behind words, beside plain neighbours
// and beside the largest ones.
func TestFoldPlainByteByByte(t *testing.T) {
	for _, around := range []string{"aaaaaaaaaaaaaaaaaaa", "ZZZZZZZZZZZZZZZZZZZ", "~~~~~~~~~~~~~~~~~~~", "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"} {
		for at := range around {
			for c := range 256 {
				b := []byte(around)
				b[at] = byte(c)
				want := bytes.ToLower([]byte(around[:at]))
				plain := c == sepByte || c >= 0x20 && c < 0x7f
				if plain {
					want = append(append(want, byte(unicode.ToLower(rune(c)))), bytes.ToLower([]byte(around[at+1:]))...)
				}
				if done := foldPlain(b); done != len(want) || !bytes.Equal(b[:done], want) {
					t.Fatalf("%q with %#x at %d: %q, want %q", around, c, at, b[:done], want)
				}
			}
		}
	}
}
