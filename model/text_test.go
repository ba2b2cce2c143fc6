package model_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"seatdeck/model"
	"seatdeck/model/hostile"
)

func TestCleanCorpus(t *testing.T) {
	all := hostile.Strings()
	for _, s := range all {
		got := model.Clean(s).String()
		if err := hostile.Check(got); err != nil {
			t.Errorf("Clean(%.60q) = %.60q: %v", s, got, err)
		}
		if n := utf8.RuneCountInString(got); n > 256 {
			t.Errorf("Clean(%.60q) has %d runes", s, n)
		}
	}
	t.Logf("%d strings", len(all))
}

func TestClean(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "Ida Lindqvist", "Ida Lindqvist"},
		{"empty", "", ""},
		{"letters", "Tomasz Wójcik 田中 Ωmega", "Tomasz Wójcik 田中 Ωmega"},
		{"escape", "a\x1b[31mb", "a¿[31mb"},
		{"line end", "a\r\nb", "a¿¿b"},
		{"tab", "a\tb", "a¿b"},
		{"delete", "a\x7fb", "a¿b"},
		{"C1 as a character", "a\u009bb", "a¿b"},
		{"C1 as a byte", "a\x9bb", "a¿b"},
		{"broken", "a\xc3(b", "a¿(b"},
		{"overlong", "a\xc0\x80b", "a¿¿b"},
		{"bidi", "a\u202eb", "a¿b"},
		{"joiner", "a\u200db", "a¿b"},
		{"tag", "a\U000e0041b", "a¿b"},
		{"private use", "a\ue000b", "a¿b"},
		{"variation selector", "a\ufe0fb", "a¿b"},
		{"Mongolian variation selector", "a\u180bb\u180fc", "a¿b¿c"},
		{"blank letter", "\u3164", "¿"},
		{"soft hyphen", "a\u00adb", "a¿b"},
		{"replacement character", "a\ufffdb", "a\ufffdb"},
		{"four marks", "a\u0300\u0301\u0302\u0303b", "a\u0300\u0301\u0302\u0303b"},
		{"five marks", "a\u0300\u0301\u0302\u0303\u0304b", "a\u0300\u0301\u0302\u0303b"},
		{"marks without a base", "\u0300\u0301a", "a"},
		{"marks on a second base", "a\u0300\u0300\u0300\u0300\u0300b\u0300", "a\u0300\u0300\u0300\u0300b\u0300"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := model.Clean(tt.in).String(); got != tt.want {
				t.Errorf("Clean(%+q) = %+q, want %+q", tt.in, got, tt.want)
			}
		})
	}
}

func TestCleanNCaps(t *testing.T) {
	tests := []struct {
		in   string
		max  int
		want string
	}{
		{"abcdef", 6, "abcdef"},
		{"abcdef", 5, "abcd…"},
		{"äbcdéf", 5, "äbcd…"},
		{"abcde\u0300f", 6, "abcd…"}, // the base goes with its mark
		{"abc", 1, "…"},
		{"abc", 0, ""},
		{"é", -1, ""},
		{"", 3, ""},
	}
	for _, tt := range tests {
		if got := model.CleanN(tt.in, tt.max).String(); got != tt.want {
			t.Errorf("CleanN(%+q, %d) = %+q, want %+q", tt.in, tt.max, got, tt.want)
		}
	}
}

func TestTextJSON(t *testing.T) {
	b, err := json.Marshal(model.Clean("Ida <b>"))
	if err != nil {
		t.Fatal(err)
	}
	var back model.Text
	if err := json.Unmarshal(b, &back); err != nil || back.String() != "Ida <b>" {
		t.Errorf("round trip gives %q, %v", back, err)
	}
	// A file that somebody edited must not become a way in.
	if err := json.Unmarshal([]byte(`"a\u001b[31mb\u202e"`), &back); err != nil || back.String() != "a¿[31mb¿" {
		t.Errorf("edited text gives %q, %v", back, err)
	}
	if err := json.Unmarshal([]byte(`7`), &back); err == nil {
		t.Error("a number passes as text")
	}
	if !(model.Text{}).Empty() || model.Clean("x").Empty() {
		t.Error("Empty is wrong")
	}
}

func TestCleanPlainDoesNotAllocate(t *testing.T) {
	s := strings.Repeat("plain ascii name ", 10)
	if n := testing.AllocsPerRun(100, func() { model.Clean(s) }); n != 0 {
		t.Errorf("%v allocations for plain ASCII, want 0", n)
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range hostile.Strings() {
		if len(s) <= 512 {
			f.Add(s, 256)
		}
	}
	f.Add("abcdef", 3)
	f.Add("a\u0300\u0300", 2)
	f.Fuzz(func(t *testing.T, s string, n int) {
		n %= 1024
		got := model.CleanN(s, n).String()
		if err := hostile.Check(got); err != nil {
			t.Errorf("CleanN(%+q, %d) = %+q: %v", s, n, got, err)
		}
		if c := utf8.RuneCountInString(got); c > max(0, n) {
			t.Errorf("CleanN(%+q, %d) has %d runes", s, n, c)
		}
		if again := model.CleanN(got, n).String(); again != got {
			t.Errorf("a second cleaning turns %+q into %+q", got, again)
		}
	})
}

func BenchmarkCleanPlain(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		model.Clean("Marta Nowakowska")
	}
}

func BenchmarkCleanLetters(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		model.Clean("Tomasz Wójcik-Żółkiewski")
	}
}
