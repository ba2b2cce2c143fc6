package model

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// SavedView is a way to look at the accounts of one instance, kept under a name.
type SavedView struct {
	Name    string    `json:"name"`
	Filter  string    `json:"filter"` // in the language of [Query], in canonical form
	Sort    string    `json:"sort"`   // a [SortKey] by name
	Desc    bool      `json:"descending"`
	Columns []string  `json:"columns"` // by name, see [AccountColumns]; none: the usual ones
	SavedAt time.Time `json:"saved_at"`
}

// Limits of saved views.
const (
	MaxViews    = 200
	maxViewName = 40 // characters
)

// Query returns the filter. The error is that of [ParseQuery]: another version
// may have written a filter that this one does not know.
func (v SavedView) Query() (Query, error) { return ParseQuery(v.Filter) }

// Order returns the sort key; see [ParseSortKey].
func (v SavedView) Order() (SortKey, error) {
	if v.Sort == "" {
		return SortID, nil
	}
	return ParseSortKey(v.Sort)
}

// Check says what keeps the view from being saved or applied.
func (v SavedView) Check() error {
	if err := checkViewName(v.Name); err != nil {
		return err
	}
	if _, err := v.Query(); err != nil {
		return err
	}
	if _, err := ParseColumns(v.Columns); err != nil {
		return err
	}
	_, err := v.Order()
	return err
}

const opView = "saved views"

// checkViewName holds a name to what is typed without quotes in every shell.
func checkViewName(name string) error {
	first, _ := utf8.DecodeRuneInString(name)
	odd := strings.IndexFunc(name, func(r rune) bool { return !wordRune(r) && !strings.ContainsRune("._-", r) })
	if n := utf8.RuneCountInString(name); n == 0 || n > maxViewName || odd >= 0 || !wordRune(first) {
		return Fail(ClassUsage, opView, fmt.Sprintf("%q is no name for a view", CleanN(name, maxViewName)),
			fmt.Sprintf("1 to %d letters, digits, dots, dashes or underscores, a letter or digit first", maxViewName))
	}
	return nil
}

func wordRune(r rune) bool { return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// SavedViews are the views of one instance, by name. The zero value has none; it
// is immutable.
type SavedViews struct{ list []SavedView }

// NewSavedViews returns views as they were kept. Of several with one name the
// last wins; those without a proper name are left out and counted. The file they
// come from may have been edited, so their texts are cleaned.
func NewSavedViews(list []SavedView) (views SavedViews, left int) {
	for _, v := range list {
		if checkViewName(v.Name) != nil {
			left++
			continue
		}
		views = views.with(v.cleaned())
	}
	return views, left
}

// cleaned returns the view with texts that may be shown, whoever wrote them.
func (v SavedView) cleaned() SavedView {
	v.Filter, v.Sort = CleanN(v.Filter, maxQuery).s, Clean(v.Sort).s
	v.Columns = slices.Clone(v.Columns)
	for i, name := range v.Columns {
		v.Columns[i] = Clean(name).s
	}
	return v
}

// All returns the views by name.
func (s SavedViews) All() []SavedView { return slices.Clone(s.list) }

// Len is how many views there are.
func (s SavedViews) Len() int { return len(s.list) }

// Names returns their names.
func (s SavedViews) Names() []string {
	out := make([]string, len(s.list))
	for i, v := range s.list {
		out[i] = v.Name
	}
	return out
}

// Find returns the view of a name; upper and lower case are the same. The error
// is a *[Error] of class usage and names the nearest.
func (s SavedViews) Find(name string) (SavedView, error) {
	if i, ok := s.at(name); ok {
		return s.list[i], nil
	}
	next := "nothing is saved yet: seatdeck users views save NAME --filter FILTER"
	if len(s.list) > 0 {
		next = "there is " + strings.Join(s.Names()[:min(len(s.list), 8)], ", ")
	}
	if near := Nearest(name, s.Names()); near != "" {
		next = "did you mean " + near + "?"
	}
	return SavedView{}, Fail(ClassUsage, opView, fmt.Sprintf("no view is called %q", CleanN(name, maxViewName)), next)
}

// Has reports whether there is a view of the name.
func (s SavedViews) Has(name string) bool {
	_, ok := s.at(name)
	return ok
}

// Save adds a view. One of the same name is only replaced where that is meant.
func (s SavedViews) Save(v SavedView, replace bool) (SavedViews, error) {
	if err := v.Check(); err != nil {
		return s, err
	}
	switch has := s.Has(v.Name); {
	case has && !replace:
		return s, Fail(ClassUsage, opView, "there is a view "+v.Name+" already", "replace it with --force, or choose another name")
	case !has && len(s.list) >= MaxViews:
		return s, Fail(ClassUsage, opView, fmt.Sprintf("there are %d views already", len(s.list)), "delete one first")
	}
	return s.with(v), nil
}

// Delete leaves a view out; see [SavedViews.Find] for the error.
func (s SavedViews) Delete(name string) (SavedViews, error) {
	if _, err := s.Find(name); err != nil {
		return s, err
	}
	i, _ := s.at(name)
	return SavedViews{slices.Delete(slices.Clone(s.list), i, i+1)}, nil
}

// Rename gives a view another name, which no other may have.
func (s SavedViews) Rename(name, to string) (SavedViews, error) {
	v, err := s.Find(name)
	if err != nil {
		return s, err
	}
	if s.Has(to) && foldName(to) != foldName(name) {
		return s, Fail(ClassUsage, opView, "there is a view "+to+" already", "choose another name, or delete that one first")
	}
	rest, err := s.Delete(name)
	if err != nil {
		return s, err
	}
	v.Name = to
	return rest.Save(v, false)
}

func (s SavedViews) with(v SavedView) SavedViews {
	list := slices.Clone(s.list)
	i, ok := s.at(v.Name)
	if ok {
		list[i] = v
		return SavedViews{list}
	}
	return SavedViews{slices.Insert(list, i, v)}
}

func (s SavedViews) at(name string) (int, bool) {
	return slices.BinarySearchFunc(s.list, foldName(name), func(v SavedView, n string) int { return strings.Compare(foldName(v.Name), n) })
}

func foldName(name string) string { return strings.ToLower(name) }
