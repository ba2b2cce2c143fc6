package journal

import (
	"os"
	"path/filepath"
	"testing"

	"seatdeck/model"
)

func TestLazyOpensAtFirstUse(t *testing.T) {
	b := newBench(t)
	unused := Later(b.caller, b.place(), b.o)
	if err := unused.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(b.dir); !os.IsNotExist(err) {
		t.Errorf("an unused journal made its folder: %v", err)
	}
	l := Later(b.caller, b.place(), b.o)
	if added, err := l.Append(t.Context(), note(1)); added != 1 || err != nil {
		t.Errorf("added %v, %v", added, err)
	}
	if list, err := l.Read(t.Context()); len(list) != 1 || err != nil {
		t.Errorf("%d entries, %v", len(list), err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
}

func TestLazySaysWhyEveryTime(t *testing.T) {
	b := newBench(t)
	if err := os.Symlink(t.TempDir(), b.dir); err != nil {
		t.Fatal(err)
	}
	l := Later(b.caller, b.place(), b.o)
	for range 2 {
		if _, err := l.Append(t.Context(), note(1)); model.AsError("", err).Class != model.ClassStorage {
			t.Errorf("append: %v", err)
		}
		if _, err := l.Read(t.Context()); err == nil {
			t.Error("read without a journal")
		}
	}
	if left, _ := filepath.Glob(filepath.Join(b.dir, "*")); len(left) > 0 {
		t.Errorf("written through a link: %v", left)
	}
}
