package house_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"seatdeck/licensing/sandbox/rig/house"
)

// TestThisHouse runs the rules over this repository.
func TestThisHouse(t *testing.T) {
	found, err := house.Check(filepath.Join("..", "..", "..", ".."), "seatdeck")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range found {
		t.Error(v)
	}
}

// TestBrokenHouses runs them over small trees, each of which breaks one rule.
// The file WANT in each holds a part of the violation that must be found.
func TestBrokenHouses(t *testing.T) {
	trees, err := filepath.Glob(filepath.Join("testdata", "*", "WANT"))
	if err != nil || len(trees) < 12 {
		t.Fatalf("only %d broken trees, %v", len(trees), err)
	}
	for _, want := range trees {
		root := filepath.Dir(want)
		t.Run(filepath.Base(root), func(t *testing.T) {
			b, err := os.ReadFile(want)
			if err != nil {
				t.Fatal(err)
			}
			found, err := house.Check(root, "seatdeck")
			if err != nil {
				t.Fatal(err)
			}
			if len(found) != 1 || !strings.Contains(found[0].String(), strings.TrimSpace(string(b))) {
				t.Errorf("found %v, want exactly one with %q", found, strings.TrimSpace(string(b)))
			}
		})
	}
}

// TestSoundHouse is the counterpart: a tree that keeps every rule.
func TestSoundHouse(t *testing.T) {
	found, err := house.Check(filepath.Join("testdata", "sound"), "seatdeck")
	if err != nil || len(found) > 0 {
		t.Errorf("found %v, %v in a sound tree", found, err)
	}
}
