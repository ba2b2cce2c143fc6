package users

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"seatdeck/model"
)

// titles are the words of the grid's line of titles.
func titles(p *Pane, w, h int) []string {
	frame, _ := p.Full(w, h)
	left, _, _ := strings.Cut(strings.TrimPrefix(ansi.Strip(frame[4]), "│"), "│")
	return strings.Fields(left)
}

// point puts the dialog's cursor on a column.
func point(t testing.TB, p *Pane, name string) {
	t.Helper()
	p.Full(120, 37) // what is drawn can be moved about in
	press(t, p, "home")
	for range 1 + slices.IndexFunc(columns, func(c *column) bool { return c.name == name }) {
		press(t, p, "down")
	}
	if c := p.picked(); c == nil || c.name != name {
		t.Fatalf("on %+v, want %q", c, name)
	}
}

// apply shows a saved view.
func apply(t testing.TB, p *Pane, name string) {
	t.Helper()
	press(t, p, "V")
	p.Full(120, 37)
	press(t, p, "home")
	for p.viewUnderCursor().Name != name {
		press(t, p, "down")
	}
	press(t, p, "enter")
}

// The grid knows every column that lists know, by the same name.
func TestColumnsAsInLists(t *testing.T) {
	var names []string
	for _, c := range columns {
		names = append(names, c.name)
	}
	slices.Sort(names)
	want := model.AccountColumns()
	if slices.Sort(want); !slices.Equal(names, want) {
		t.Errorf("%v\nwant %v", names, want)
	}
}

// A view's columns are those of the grid, in their order, and the order of the
// accounts is told where no title tells it.
func TestColumnsOfAView(t *testing.T) {
	p := viewsPane(t)
	apply(t, p, "partners")
	if got := titles(p, 120, 37); !slices.Equal(got, []string{"username", "e-mail"}) {
		t.Errorf("titles %q", got)
	}
	if text := fullText(p, 120, 37); !strings.Contains(text, "· by idle ↑") {
		t.Errorf("no word of the order:\n%s", text)
	}
	press(t, p, "o")
	if got := titles(p, 120, 37); !slices.Equal(got, []string{"username", "↑", "e-mail"}) || strings.Contains(fullText(p, 120, 37), "· by ") {
		t.Errorf("titles %q", got)
	}
	if got := p.exportCommand(); !strings.HasSuffix(got, " --columns username,email") {
		t.Errorf("exported by %s", got)
	}
	apply(t, p, "blocked") // with the usual columns
	if got := titles(p, 120, 37); len(got) < 5 || !slices.Contains(got, "activity") {
		t.Errorf("titles %q", got)
	}
}

// The choice begins with what is on the grid, shows at once, and is kept with a
// view. Without a choice the columns are automatic again.
func TestChooseColumns(t *testing.T) {
	p := viewsPane(t)
	before := titles(p, 120, 37)
	press(t, p, "C")
	point(t, p, "last_sign_in_on")
	press(t, p, "space")
	point(t, p, "why")
	press(t, p, "space", "left", "left", "enter")
	if p.page != pageGrid {
		t.Fatal("enter does not close")
	}
	want := []string{"name", "username", "last_activity_on", "why", "idle_days", "provider"}
	if !slices.Equal(p.choice.columns, want) {
		t.Errorf("chosen %v, want %v", p.choice.columns, want)
	}
	if got := titles(p, 200, 57); !slices.Contains(got, "why") || slices.Contains(got, "sign-in") {
		t.Errorf("titles %q", got)
	}
	if text := fullText(p, 200, 57); !strings.Contains(text, " role-not-listed ") {
		t.Errorf("no reason on the grid:\n%s", text)
	}
	press(t, p, "s")
	typeName(t, p, "mine")
	press(t, p, "enter")
	if v, err := p.src.(*desk).saved.Find("mine"); err != nil || !slices.Equal(v.Columns, want) {
		t.Errorf("saved %+v, %v", v, err)
	}
	press(t, p, "esc", "C", "a", "C")
	if got := titles(p, 120, 37); !slices.Equal(got, before) {
		t.Errorf("titles %q, want %q", got, before)
	}
	apply(t, p, "mine")
	if !slices.Equal(p.choice.columns, want) {
		t.Errorf("applied: %v", p.choice.columns)
	}
}

// Mark and username stay, whatever is chosen; what does not fit goes by
// importance, and the dialog says so.
func TestWhatStaysOfTheColumns(t *testing.T) {
	p := viewsPane(t)
	p.choice.columns = model.AccountColumns()
	for _, w := range []int{200, 120, 80, 60, 40, 24} {
		if got := titles(p, w, 20); !slices.Contains(got, "username") && !slices.Contains(got, "usernam…") {
			t.Errorf("%d cells: %q", w, got)
		}
	}
	p.Full(80, 21)
	press(t, p, "C")
	if text := fullText(p, 80, 21); !strings.Contains(text, "no room") || !strings.Contains(text, "20 chosen, ") {
		t.Errorf("not said:\n%s", text)
	}
	press(t, p, "home")
	for _, column := range []string{"mark", "username"} {
		if column == "username" {
			point(t, p, column)
		}
		if why := p.noPick(0); why == "" {
			t.Errorf("%s can be left out", column)
		}
	}
	p.choice.columns = []string{"role"}
	if got := titles(p, 120, 37); !slices.Equal(got, []string{"username", "role"}) {
		t.Errorf("titles %q", got)
	}
}

// Every column sorts from the dialog, both ways, and those that nothing sorts by
// say so.
func TestSortFromTheDialog(t *testing.T) {
	p := storyPane(t)
	p.Full(120, 37)
	press(t, p, "C")
	for _, c := range columns {
		point(t, p, c.name)
		if c.asked {
			if p.noOrder() == "" {
				t.Errorf("%s sorts", c.name)
			}
			continue
		}
		for range 2 {
			was, desc := p.choice.sort, p.choice.desc
			press(t, p, "o")
			if p.choice.sort != c.key || was == c.key && p.choice.desc == desc {
				t.Errorf("%s: sorted by %s, %t", c.name, p.choice.sort, p.choice.desc)
			}
			if want := p.env.Sort(p.roster, p.roster.All(), c.key, p.choice.desc); !slices.Equal(p.choice.rows, want) {
				t.Errorf("%s: another order", c.name)
			}
		}
	}
}

// A view of another version, with columns that nobody knows, is not applied.
func TestViewOfAnotherVersion(t *testing.T) {
	p := viewsPane(t)
	list, left := model.NewSavedViews([]model.SavedView{{Name: "newer", Columns: []string{"username", "shoe_size"}}})
	if left != 0 {
		t.Fatal("not kept")
	}
	p.src.(*desk).saved = list
	press(t, p, "V", "enter")
	if text := fullText(p, 120, 37); p.page != pageViews || len(p.choice.columns) > 0 || !strings.Contains(text, `there is no column "shoe_size"`) {
		t.Errorf("applied:\n%s", text)
	}
}
