package model

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// Texts are looked at eight bytes at a time; every byte must be told as if it had
// come alone, at each place of a word and behind words, beside plain neighbours
// and beside the largest ones.
func TestPlainByteByByte(t *testing.T) {
	for _, around := range []string{"a", "~", " ", "\x00"} {
		around = strings.Repeat(around, 19)
		for at := range around {
			for c := range 256 {
				want := at
				if c == sepByte || c >= 0x20 && c < 0x7f {
					want = len(around)
				}
				b := []byte(around)
				b[at] = byte(c)
				if got := plainUpTo(b); got != want {
					t.Fatalf("%q with %#x at %d is plain up to %d, want %d", around, c, at, got, want)
				}
				if at+1 < len(b) { // whatever comes behind must not change it
					b[at+1] = 0xff
					if got := plainUpTo(b); got != min(want, at+1) {
						t.Fatalf("%q with %#x at %d and 0xff behind it is plain up to %d", around, c, at, got)
					}
				}
			}
		}
	}
}

// The quick way may only pass what the full treatment leaves alone.
func TestSettledRunesAreClean(t *testing.T) {
	passed := 0
	for r := rune(0x80); r <= utf8.MaxRune; r++ {
		if !settledRune(r) {
			continue
		}
		passed++
		if s := "a" + string(r); Clean(s).String() != s {
			t.Errorf("%U is taken for a letter, but is cleaned to %q", r, Clean(s))
		}
	}
	if passed < 30_000 {
		t.Errorf("only %d letters pass", passed)
	}
}
