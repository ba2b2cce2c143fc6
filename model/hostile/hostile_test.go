package hostile_test

import (
	"slices"
	"testing"

	"seatdeck/model/hostile"
)

func TestStringsAreManyAndDifferent(t *testing.T) {
	all := hostile.Strings()
	if len(all) < 1200 {
		t.Fatalf("%d strings, want at least 1,200", len(all))
	}
	seen := map[string]bool{}
	harmful, longest := 0, 0
	for _, s := range all {
		if seen[s] {
			t.Errorf("%.40q is there twice", s)
		}
		seen[s] = true
		if hostile.Check(s) != nil {
			harmful++
		}
		longest = max(longest, len(s))
	}
	if harmful < 1000 {
		t.Errorf("only %d of %d strings are harmful", harmful, len(all))
	}
	if longest < 64<<10 {
		t.Errorf("the longest has %d bytes, want 64 KiB", longest)
	}
	if !slices.Equal(all, hostile.Strings()) {
		t.Error("a second call gives other strings")
	}
	t.Logf("%d strings, %d of them harmful", len(all), harmful)
}

func TestCheck(t *testing.T) {
	for _, bad := range []string{
		"\x00", "a\tb", "a\nb", "\x1b[31m", "\x7f", "\u0085", "\u009b", "\x9b", "\xff", "\u202e", "\u2066", "\u200f", "\u061c",
		"\u200b", "\u200d", "\ufeff", "\u00ad", "\u2028", "\U000e0041", "\U000e0100", "\ufe0f", "\u180b", "\u3164", "\ue000", "\ufffe", "\U0010ffff",
		"a\u0300\u0300\u0300\u0300\u0300",
	} {
		if hostile.Check(bad) == nil {
			t.Errorf("%+q passes", bad)
		}
	}
	for _, good := range []string{"", "Ida Lindqvist", "Tomasz Wójcik", "田中", "עברית", "a\u0300\u0300\u0300\u0300b\u0300", "≈ … – → ▸ ✓", "\ufffd"} {
		if err := hostile.Check(good); err != nil {
			t.Errorf("%+q: %v", good, err)
		}
	}
}
