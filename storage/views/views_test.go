package views

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"seatdeck/model"
	"seatdeck/storage"
)

func newStore(t *testing.T) *Store {
	t.Helper()
	caller := storage.Self(func(string) (string, bool) { return "", false })
	return In(caller, storage.Place{Dir: filepath.Join(t.TempDir(), "instance"), Modes: storage.Private}, "alice")
}

func save(t *testing.T, s *Store, name string) {
	t.Helper()
	_, err := s.ChangeViews(t.Context(), func(v model.SavedViews) (model.SavedViews, error) {
		return v.Save(model.SavedView{Name: name, Filter: "billable:yes", Sort: "idle", Desc: true, Columns: []string{"id"}}, false)
	})
	if err != nil {
		t.Fatalf("save %s: %v", name, err)
	}
}

func names(t *testing.T, s *Store) string {
	t.Helper()
	v, err := s.Views(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(v.Names(), " ")
}

func TestKept(t *testing.T) {
	s := newStore(t)
	if got := names(t, s); got != "" {
		t.Fatalf("of nobody: %q", got)
	}
	if _, err := os.Stat(s.place.Dir); err == nil {
		t.Error("looking made a folder")
	}
	save(t, s, "quiet")
	save(t, s, "bots")
	if got := names(t, In(s.caller, s.place, "")); got != "bots quiet" {
		t.Errorf("another process sees %q", got)
	}
	v, _ := s.Views(t.Context())
	q, err := v.Find("quiet")
	if err != nil || q.Filter != "billable:yes" || q.Sort != "idle" || !q.Desc || len(q.Columns) != 1 {
		t.Errorf("%+v, %v", q, err)
	}
	if info, err := os.Stat(s.path(fileName)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v", info.Mode(), err)
	}
}

// TestRefusedChange: an error of the change leaves the file as it is, byte by
// byte, and comes back as it is.
func TestRefusedChange(t *testing.T) {
	s := newStore(t)
	save(t, s, "quiet")
	before, err := os.ReadFile(s.path(fileName))
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.ChangeViews(t.Context(), func(v model.SavedViews) (model.SavedViews, error) { return v.Delete("quit") })
	if model.ExitCode(err) != 2 || !strings.Contains(err.Error(), "did you mean quiet?") {
		t.Errorf("%v", err)
	}
	after, err := os.ReadFile(s.path(fileName))
	if err != nil || string(before) != string(after) {
		t.Errorf("the file changed, %v", err)
	}
}

// TestDamaged: said once, kept aside under a name of its own every time, and
// what is saved next begins anew.
func TestDamaged(t *testing.T) {
	s := newStore(t)
	save(t, s, "quiet")
	for i, text := range []string{"{", "", `{"schema":0,"views":[]}`, `{"schema":1,"views":[{"name":"a b"}]}`, "\x00\xff"} {
		if err := os.WriteFile(s.path(fileName), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		aside := s.path(fileName) + ".damaged"
		if i > 0 {
			aside += fmt.Sprintf("-%d", i+1)
		}
		var err error
		if i%2 == 0 {
			_, err = s.Views(t.Context())
		} else {
			_, err = s.ChangeViews(t.Context(), func(v model.SavedViews) (model.SavedViews, error) { return v, nil })
		}
		e, ok := errors.AsType[*model.Error](err)
		if !ok || e.Class != model.ClassStorage || !strings.Contains(e.Next.String(), "kept as") || !strings.Contains(e.Next.String(), filepath.Base(aside)) {
			t.Errorf("%q: %v", text, err)
		}
		if kept, err := os.ReadFile(aside); err != nil || string(kept) != text {
			t.Errorf("%q: kept is %q, %v", text, kept, err)
		}
		if got := names(t, s); got != "" {
			t.Errorf("%q: asked again: %q", text, got)
		}
		save(t, s, "again")
	}
}

func TestNewerIsLeft(t *testing.T) {
	s := newStore(t)
	save(t, s, "quiet")
	const newer = `{"schema":2,"views":{}}`
	for _, text := range []string{`{"schema":2,"views":[]}`, newer} {
		if err := os.WriteFile(s.path(fileName), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, read := s.Views(t.Context())
		_, changed := s.ChangeViews(t.Context(), func(v model.SavedViews) (model.SavedViews, error) { return v, nil })
		for _, err := range []error{read, changed} {
			if err == nil || !strings.Contains(err.Error(), "newer version") {
				t.Errorf("%s: %v", text, err)
			}
		}
		if b, err := os.ReadFile(s.path(fileName)); err != nil || string(b) != text {
			t.Errorf("it is not left: %q, %v", b, err)
		}
	}
}

func TestLinkIsNotFollowed(t *testing.T) {
	s := newStore(t)
	save(t, s, "quiet")
	elsewhere := filepath.Join(t.TempDir(), "other")
	if err := os.Rename(s.path(fileName), elsewhere); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, s.path(fileName)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Views(t.Context()); err == nil {
		t.Error("a link is followed")
	}
}

// TestTwoConsoles: nobody's view is lost when many save at once.
func TestTwoConsoles(t *testing.T) {
	s := newStore(t)
	save(t, s, "first")
	const each = 12
	var all sync.WaitGroup
	for who := range 4 {
		mine := In(s.caller, s.place, "")
		all.Go(func() {
			for i := range each {
				_, err := mine.ChangeViews(t.Context(), func(v model.SavedViews) (model.SavedViews, error) {
					return v.Save(model.SavedView{Name: fmt.Sprintf("v-%d-%d", who, i)}, false)
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if v, err := s.Views(t.Context()); err != nil || v.Len() != 4*each+1 {
		t.Errorf("%d views, %v", v.Len(), err)
	}
	left, err := filepath.Glob(s.path(".views.json-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
