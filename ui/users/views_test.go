package users

import (
	"slices"
	"strings"
	"testing"

	"seatdeck/model"
)

// viewsPane has two views saved by somebody before.
func viewsPane(t testing.TB) *Pane {
	t.Helper()
	p := storyPane(t)
	var s model.SavedViews
	for _, v := range []model.SavedView{
		{Name: "partners", Filter: "domain:partner.example billable:yes", Sort: "idle", Desc: true, Columns: []string{"username", "email"}},
		{Name: "blocked", Filter: "state:blocked", Sort: "name"},
	} {
		var err error
		if s, err = s.Save(v, false); err != nil {
			t.Fatal(err)
		}
	}
	p.src.(*desk).saved = s
	p.Full(120, 37)
	return p
}

func typeName(t testing.TB, p *Pane, text string) {
	t.Helper()
	press(t, p, strings.Split(text, "")...)
}

// TestSaveAView: what is shown is kept under a name and stands in the chip line;
// applied again it is the same accounts in the same order.
func TestSaveAView(t *testing.T) {
	p := viewsPane(t)
	press(t, p, "f", "f") // dormant
	typeIn(t, p, "2fa:no")
	press(t, p, "enter", "O")
	rows := slices.Clone(p.choice.rows)
	press(t, p, "s")
	if text := fullText(p, 120, 37); !strings.Contains(text, "name for what is shown") || !strings.Contains(text, "billable:yes recency:dormant 2fa:no · by activity") {
		t.Fatalf("asking for a name:\n%s", text)
	}
	typeName(t, p, "no second factor!")
	press(t, p, "enter")
	if text := fullText(p, 80, 22); !strings.Contains(text, "\"no-second-factor!\" is no name for a view") || !strings.Contains(text, "a letter or digit first") || p.src.(*desk).saved.Len() != 2 {
		t.Fatalf("a name with a sign in it:\n%s", text)
	}
	press(t, p, "esc")
	if text := fullText(p, 80, 22); strings.Contains(text, "is no name") {
		t.Errorf("the fault of a name that nobody types stays:\n%s", text)
	}
	press(t, p, "s", "ctrl+u")
	p.Paste("no-2fa\x1b[31m")
	if got := p.views.input.Value(); strings.Contains(got, "\x1b") || !strings.HasPrefix(got, "no-2fa") {
		t.Errorf("pasted %q", got)
	}
	press(t, p, "ctrl+u")
	typeName(t, p, "no-2fa")
	press(t, p, "enter")
	saved, err := p.src.(*desk).saved.Find("no-2fa")
	if err != nil || saved.Filter != "billable:yes recency:dormant 2fa:no" || saved.Sort != "activity" || !saved.Desc {
		t.Fatalf("saved %+v, %v", saved, err)
	}
	press(t, p, "esc")
	if line := strings.Split(fullText(p, 120, 37), "\n")[1]; !strings.Contains(line, " no-2fa "+thousands(len(rows))+" ") {
		t.Errorf("the chip line %q", line)
	}
	press(t, p, "F") // another filter is no saved view any more
	if p.choice.view != "" || strings.Contains(fullText(p, 120, 37), "no-2fa") {
		t.Errorf("the view %q stays in the chip line", p.choice.view)
	}
	press(t, p, "O", "V", "home", "down", "enter")
	if p.page != pageGrid || p.choice.view != "no-2fa" || !slices.Equal(p.choice.rows, rows) {
		t.Errorf("applied: page %d, view %q, %d rows, want %d", p.page, p.choice.view, len(p.choice.rows), len(rows))
	}
	typeIn(t, p, "x")
	if p.choice.view != "" {
		t.Error("a changed search still counts as the view")
	}
}

// TestReplaceAView: only a second enter replaces, and typing takes the question
// back.
func TestReplaceAView(t *testing.T) {
	p := viewsPane(t)
	press(t, p, "s")
	typeName(t, p, "BLOCKED")
	press(t, p, "enter")
	if text := fullText(p, 120, 37); !strings.Contains(text, "enter again replaces it") {
		t.Fatalf("nothing is asked:\n%s", text)
	}
	press(t, p, "x", "backspace", "enter")
	if v, _ := p.src.(*desk).saved.Find("blocked"); v.Filter != "state:blocked" {
		t.Fatal("replaced after other keys")
	}
	press(t, p, "enter")
	if v, _ := p.src.(*desk).saved.Find("blocked"); v.Filter != "" || v.Name != "BLOCKED" || p.choice.view != "BLOCKED" {
		t.Errorf("replaced by %+v", v)
	}
}

// TestRenameAndForget: esc leaves things as they are, d needs two presses, and
// another view in between takes the question back.
func TestRenameAndForget(t *testing.T) {
	p := viewsPane(t)
	press(t, p, "V", "home", "n")
	typeName(t, p, "x")
	press(t, p, "esc")
	if p.page != pageViews || p.Typing() || !p.src.(*desk).saved.Has("blocked") {
		t.Fatal("esc renamed, or left the page")
	}
	press(t, p, "n", "ctrl+u")
	typeName(t, p, "partners")
	press(t, p, "enter")
	if text := fullText(p, 120, 37); !strings.Contains(text, "there is a view partners already") || !p.Typing() {
		t.Fatalf("renamed over another:\n%s", text)
	}
	press(t, p, "ctrl+u")
	typeName(t, p, "zz")
	press(t, p, "enter")
	if got := p.src.(*desk).saved.Names(); !slices.Equal(got, []string{"partners", "zz"}) || p.Typing() {
		t.Fatalf("renamed to %v", got)
	}
	press(t, p, "home", "d", "down", "d", "up", "d")
	if p.src.(*desk).saved.Len() != 2 {
		t.Fatal("forgotten by one press")
	}
	press(t, p, "d")
	if got := p.src.(*desk).saved.Names(); !slices.Equal(got, []string{"zz"}) {
		t.Errorf("left are %v", got)
	}
	press(t, p, "d", "d")
	if a := p.Actions(true); p.src.(*desk).saved.Len() != 0 || a[0].Reason() != "nothing is saved yet" {
		t.Errorf("%d left, %q", p.src.(*desk).saved.Len(), a[0].Reason())
	}
}

// TestViewsThatCannotBeRead: the reason stands on the page.
func TestViewsThatCannotBeRead(t *testing.T) {
	p := viewsPane(t)
	p.src.(*desk).saved, p.src.(*desk).err = model.SavedViews{}, model.Fail(model.ClassStorage, "read the saved views", "the saved views cannot be read", "the file is kept as views.json.damaged")
	press(t, p, "V")
	if text := fullText(p, 120, 37); !strings.Contains(text, "kept as views.json.damaged") {
		t.Errorf("damaged views:\n%s", text)
	}
}

// TestALateListChangesNothing: of two readings only the newest counts.
func TestALateListChangesNothing(t *testing.T) {
	p := viewsPane(t)
	late := send(p, "V")
	press(t, p, "esc", "V")
	p.src.(*desk).saved = model.SavedViews{}
	settleCmd(p, late)
	if p.views.list.Len() != 2 {
		t.Errorf("%d views after a late answer", p.views.list.Len())
	}
}

// TestExportIsAVerb: the key hands over the command for what is shown, whole and
// quoted; for a search that is not understood there is none.
func TestExportIsAVerb(t *testing.T) {
	p := viewsPane(t)
	if got := p.exportCommand(); got != "seatdeck users export --instance "+p.v.Info.Name+" --file accounts.csv" {
		t.Errorf("of everybody: %s", got)
	}
	press(t, p, "f", "f")
	typeIn(t, p, `O'Brien`)
	if got := p.exportCommand(); !strings.HasSuffix(got, ` --filter 'billable:yes recency:dormant o'\''brien'`) {
		t.Errorf("of a search: %s", got)
	}
	typeIn(t, p, " colour:red")
	if p.noExport() == "" {
		t.Error("a search that is not understood is exported")
	}
}
