package model_test

import (
	"slices"
	"strings"
	"testing"

	"seatdeck/model"
)

func TestViewNames(t *testing.T) {
	for _, name := range []string{"a", "dormant", "Quiet_people-2026.1", "7days", "écoliers", "田中", strings.Repeat("x", 40)} {
		if err := (model.SavedView{Name: name}).Check(); err != nil {
			t.Errorf("%q is refused: %v", name, err)
		}
	}
	for _, name := range []string{"", "-a", ".hidden", "_x", "two words", "a/b", "a:b", "x\n", "a\u202eb", "\xff", "a\xff", "…", strings.Repeat("x", 41), "a'b", "$x", "*"} {
		err := (model.SavedView{Name: name}).Check()
		if model.ExitCode(err) != 2 || !strings.Contains(err.Error(), "1 to 40 letters") {
			t.Errorf("%q is taken: %v", name, err)
		}
	}
}

func TestSavedViews(t *testing.T) {
	var s model.SavedViews
	save := func(name, filter string, replace bool) (err error) {
		t.Helper()
		next, err := s.Save(model.SavedView{Name: name, Filter: filter, Sort: "idle"}, replace)
		if err == nil {
			s = next
		}
		return err
	}
	for _, name := range []string{"quiet", "Bots", "admins"} {
		if err := save(name, "kind:human", false); err != nil {
			t.Fatal(err)
		}
	}
	before := s
	if got := s.Names(); !slices.Equal(got, []string{"admins", "Bots", "quiet"}) {
		t.Errorf("names %v", got)
	}
	if err := save("QUIET", "kind:bot", false); model.ExitCode(err) != 2 || !strings.Contains(err.Error(), "already") {
		t.Errorf("the same name in capitals: %v", err)
	}
	if err := save("QUIET", "kind:bot", true); err != nil || s.Len() != 3 {
		t.Errorf("replacing: %v, %d views", err, s.Len())
	}
	if v, err := s.Find("Quiet"); err != nil || v.Name != "QUIET" || v.Filter != "kind:bot" {
		t.Errorf("found %+v, %v", v, err)
	}
	if v, _ := before.Find("quiet"); v.Filter != "kind:human" {
		t.Error("views that were handed on were changed")
	}
	if _, err := s.Find("quit"); model.ExitCode(err) != 2 || !strings.Contains(err.Error(), "did you mean QUIET?") {
		t.Errorf("a slip: %v", err)
	}
	if _, err := s.Find("zebra"); model.ExitCode(err) != 2 || !strings.Contains(err.Error(), "there is admins, Bots, QUIET") {
		t.Errorf("an unknown name: %v", err)
	}
	if _, err := (model.SavedViews{}).Find("x"); !strings.Contains(err.Error(), "nothing is saved yet") {
		t.Errorf("of none: %v", err)
	}
	for _, bad := range []model.SavedView{{Name: "x", Filter: "stat:blocked"}, {Name: "x", Sort: "colour"}, {Name: "x y"}} {
		if _, err := s.Save(bad, false); model.ExitCode(err) != 2 {
			t.Errorf("%+v is saved: %v", bad, err)
		}
	}
	if _, err := s.Rename("admins", "bots"); model.ExitCode(err) != 2 {
		t.Errorf("renamed over another: %v", err)
	}
	r, err := s.Rename("admins", "ADMINS")
	if err != nil || !slices.Equal(r.Names(), []string{"ADMINS", "Bots", "QUIET"}) {
		t.Errorf("renamed to itself: %v, %v", r.Names(), err)
	}
	if r, err = r.Rename("bots", "zombies"); err != nil || !slices.Equal(r.Names(), []string{"ADMINS", "QUIET", "zombies"}) {
		t.Errorf("renamed: %v, %v", r.Names(), err)
	}
	if r, err = r.Delete("quiet"); err != nil || r.Len() != 2 || r.Has("quiet") {
		t.Errorf("deleted: %v, %v", r.Names(), err)
	}
	if _, err := r.Delete("quiet"); model.ExitCode(err) != 2 {
		t.Errorf("deleted twice: %v", err)
	}
}

func TestTooManyViews(t *testing.T) {
	var list []model.SavedView
	for i := range model.MaxViews {
		list = append(list, model.SavedView{Name: "v" + strings.Repeat("x", i/26) + string(rune('a'+i%26))})
	}
	s, left := model.NewSavedViews(append(list, model.SavedView{Name: "a b"}))
	if s.Len() != model.MaxViews || left != 1 {
		t.Fatalf("%d views, %d left out", s.Len(), left)
	}
	if _, err := s.Save(model.SavedView{Name: "one-more"}, false); err == nil {
		t.Error("one more is taken")
	}
	if _, err := s.Save(list[3], true); err != nil {
		t.Errorf("replacing one of them: %v", err)
	}
}

// A file that somebody edited gives nothing that acts on a terminal.
func TestKeptViewsAreClean(t *testing.T) {
	columns := []string{"id\x1b[2J", "name"}
	views, left := model.NewSavedViews([]model.SavedView{
		{Name: "odd", Filter: "\x1b]0;owned\x07anna", Sort: "id\u202e", Columns: columns}, {Name: "\x1b[31m"},
	})
	v, err := views.Find("odd")
	if err != nil || left != 1 {
		t.Fatal(err, left)
	}
	for _, text := range append([]string{v.Filter, v.Sort}, v.Columns...) {
		if model.CleanN(text, 1000).String() != text {
			t.Errorf("%q is not clean", text)
		}
	}
	if columns[0] != "id\x1b[2J" {
		t.Error("the list that was handed in has changed")
	}
}
