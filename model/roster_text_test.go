package model

import (
	"strings"
	"testing"
	"unicode/utf8"
)

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

// However a record gets in, it is searched by its lower-cased fields.
func TestSearchRecords(t *testing.T) {
	for _, name := range []string{
		"", "plain", "PLAIN", "Åsa ÖBERG", "İbrahim", "ΑΘΗΝΆ", "Омар", "鈴木", "Straße", "ẞ", "ⱥȺ", "K", // the Kelvin sign
		"e\u0301\u0301\u0301\u0301\u0301\u0301", "\u0301x", "a\u202eb", "\xff\xfe", strings.Repeat("Ä", 300), strings.Repeat("A", 300),
	} {
		r := NewRoster([]Account{{ID: 12, Username: Clean("U"), Name: Clean(name), Email: Clean("E@X.example")}}, sampleAsOf(), true)
		want := "12\x00u\x00" + strings.ToLower(Clean(name).String()) + "\x00e@x.example\x00"
		if got := string(r.search(0)); got != want {
			t.Errorf("%q is searched as %q, want %q", name, got, want)
		}
		if got := r.At(0).Name; got != Clean(name) {
			t.Errorf("%q is shown as %q", name, got)
		}
	}
}
