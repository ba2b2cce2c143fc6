package model

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

var oddNames = []string{
	"", "plain", "PLAIN", "Åsa ÖBERG", "İbrahim", "ΑΘΗΝΆ", "Омар", "鈴木", "Straße", "ẞ", "ⱥȺ", "K", // the Kelvin sign
	"ǅ", "ΣΑΣ", "Ω", "\u0345", "mcDonald O'Neil-Ångström", "a\u0301B\u0301",
	"e\u0301\u0301\u0301\u0301\u0301\u0301", "\u0301x", "a\u202eb", "\xff\xfe", strings.Repeat("Ä", 300), strings.Repeat("A", 300),
	strings.Repeat("a", 255) + "B", strings.Repeat("ß", 127) + "aB", strings.Repeat("ß", 128) + "B", strings.Repeat("鈴", 200) + "Z",
}

// However a record gets in, it is searched by its lower-cased fields and shown
// as it came.
func TestSearchRecords(t *testing.T) {
	for _, name := range oddNames {
		r := NewRoster([]Account{{ID: 12, Username: Clean("U"), Name: Clean(name), Email: Clean("E@X.example")}}, sampleAsOf(), true)
		back, err := DecodeRoster(encodeForTest(t, r))
		if err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		for _, r := range []*Roster{r, back} {
			want := "u\x00" + strings.ToLower(Clean(name).String()) + "\x00e@x.example\x00"
			if got := string(r.search(0)); got != want {
				t.Errorf("%q is searched as %q, want %q", name, got, want)
			}
			if got := r.At(0); got.Name != Clean(name) || got.Username != Clean("U") || got.Email != Clean("E@X.example") {
				t.Errorf("%q is shown as %+v", name, got)
			}
		}
	}
}

// Every letter there is comes back as it was.
func TestEveryCapitalComesBack(t *testing.T) {
	b := newTextBlock(1, 0)
	var want []string
	for r := rune(0); r <= utf8.MaxRune; r++ {
		if !unicode.IsLetter(r) && unicode.ToLower(r) == r || Clean(string(r)).String() != string(r) {
			continue
		}
		rec := "x" + string(r) + "Y\x00\x00Z\x00"
		b.add([]byte(rec))
		want = append(want, rec)
	}
	for row, rec := range want {
		if got := string(b.appendShown(nil, row)); got != rec {
			t.Fatalf("%q is shown as %q", rec, got)
		}
		if got := string(b.searchOf(row)); got != strings.ToLower(rec) {
			t.Fatalf("%q is searched as %q", rec, got)
		}
	}
	if len(want) < 100_000 {
		t.Errorf("only %d letters", len(want))
	}
}

// Eight bytes are lower-cased at a time; every byte must come out as if alone.
func TestFoldByteByByte(t *testing.T) {
	for _, around := range []string{"aaaaaaaaaaaaa", "ZZZZZZZZZZZZZ", "~~~~~~~~~~~~~", "@@@@@@@@@@@@@", "[[[[[[[[[[[[["} {
		for at := range around {
			for c := range rune(utf8.RuneSelf) {
				rec := around[:at] + string(c) + around[at+1:]
				text, caps, exact := appendFolded([]byte("before"), nil, []byte(rec))
				b := textBlock{text: text[6:], ends: []uint32{uint32(len(text) - 6)}, caps: caps, capEnds: []uint32{uint32(len(caps)) << 1}}
				if got := string(b.text); !exact || got != strings.ToLower(rec) {
					t.Fatalf("%q is searched as %q", rec, got)
				}
				if got := string(b.appendShown(nil, 0)); got != rec {
					t.Fatalf("%q is shown as %q", rec, got)
				}
			}
		}
	}
}

// Whatever a file says of capitals, what is shown stays clean and has its three
// fields.
func TestForeignCapitalsAreHarmless(t *testing.T) {
	rec := "ann\x00Ångström İ\x00a@b.example\x00"
	b := newTextBlock(1, 0)
	b.add([]byte(strings.ToLower(rec)))
	random := sampleRand(11)
	for range 20_000 {
		b.caps = b.caps[:0]
		for range random.IntN(6) {
			b.caps = append(b.caps, byte(random.IntN(40)))
		}
		b.capEnds[0] = uint32(len(b.caps)) << 1
		got := b.appendShown(nil, 0)
		if !isClean(got) || strings.Count(string(got), sep) != recordFields || got[len(got)-1] != sepByte {
			t.Fatalf("%v gives %q", b.caps, got)
		}
		if low := strings.ToLower(string(got)); low != string(b.searchOf(0)) {
			t.Fatalf("%v gives other letters: %q", b.caps, low)
		}
	}
}

// Ids are found by any of their digits, beside texts that have them too.
func TestDigitsFindIDs(t *testing.T) {
	var accounts []Account
	for id := range int64(3 * blockRows) {
		accounts = append(accounts, Account{ID: id*7 + 7, State: StateActive, Username: Clean("u"), Name: Clean(strings.Repeat("70", int(id%500/499)))})
	}
	r := NewRoster(accounts, sampleAsOf(), true)
	for _, word := range []string{"7", "70", "007", "00", "8601", "2867", "12345678901234567890"} {
		for _, query := range []string{word, "state:active " + word, "-" + word, "id:7,70,700,2807 " + word} {
			q, err := ParseQuery(query)
			if err != nil {
				t.Fatal(err)
			}
			got, err := Filter(t.Context(), r, q, QueryEnv{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			var want Index
			for i := range r.Len() {
				a := r.At(i)
				has := strings.Contains(a.Name.String(), word) || strings.Contains(strconv.FormatInt(a.ID, 10), word)
				listed := !strings.HasPrefix(query, "id:") || slices.Contains([]int64{7, 70, 700, 2807}, a.ID)
				if has != strings.HasPrefix(query, "-") && listed {
					want = append(want, int32(i))
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%q finds %d rows, want %d", query, len(got), len(want))
			}
		}
	}
}
