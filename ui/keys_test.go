package ui

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
	"seatdeck/model/hostile"
	"seatdeck/ui/kit"
)

// keyPlaces are the places that have keys of their own.
var keyPlaces = []screen{
	{"dashboard, subscription", []string{"1"}},
	{"dashboard, users & seats", []string{"2"}},
	{"dashboard, registration", []string{"3"}},
	{"dashboard, sync history", []string{"4"}},
	{"subscription", []string{"1", "enter"}},
	{"users & seats", []string{"2", "enter"}},
	{"one account", []string{"2", "enter", "enter"}},
	{"breakdown", []string{"2", "enter", "b"}},
	{"registration", []string{"3", "enter"}},
	{"sync history", []string{"4", "enter"}},
	{"one sync", []string{"4", "enter", "enter"}},
}

// home leaves everything that is open.
func (s *scene) home() *scene {
	s.t.Helper()
	for range 20 {
		if !s.full && len(s.dialogs) == 0 {
			return s
		}
		s.press("esc")
	}
	s.t.Fatal("esc does not lead home")
	return s
}

// TestActions: in every place and mode, no key and no identity is taken twice,
// and every action has its words.
func TestActions(t *testing.T) {
	for _, mode := range []model.Mode{model.ModeReadOnly, model.ModeWrite} {
		s := newScene(t, rig.Options{Mode: mode}).read()
		for _, size := range [][2]int{{120, 40}, {80, 24}, {40, 10}, {10, 2}} {
			for _, place := range keyPlaces {
				s.at(size[0], size[1]).home().press(place.keys...)
				for _, fault := range kit.Check(s.actions()) {
					t.Errorf("%s, %s, %d×%d: %s", mode, place.name, s.w, s.h, fault)
				}
				for _, a := range s.everything() {
					if a.Hidden {
						continue
					}
					if a.Desc == "" || a.Group == "" {
						t.Errorf("%s: %s has no description or no group", place.name, a.ID)
					}
				}
			}
		}
	}
}

// TestNoKeySilent: a key that belongs to an action changes the frame, starts
// something, or says why it does not.
func TestNoKeySilent(t *testing.T) {
	framesOnly(t)
	for _, size := range [][2]int{{120, 40}, {80, 24}, {40, 10}} {
		for _, read := range []bool{true, false} {
			if !read && size[0] == 80 {
				continue // the same reasons as on the larger screen
			}
			s := newScene(t, rig.Options{Users: 60})
			if read {
				s.read()
			}
			for _, place := range keyPlaces {
				if place.name == "breakdown" {
					continue // its pages are looked at beside their code
				}
				s.at(size[0], size[1]).home().press(place.keys...)
				for _, a := range s.actions() {
					for _, key := range a.Keys {
						s.home().press("1").press(place.keys...)
						if f := kit.Find(s.actions(), key); f == nil {
							continue // the place itself changed, such as a field that opened
						}
						s.talk = talk{}
						s.retry = retry{}
						before := strings.Join(s.styled(), "\n")
						cmd := s.key(keyOf(key))
						after := strings.Join(s.styled(), "\n")
						s.drain(cmd)
						s.mouse = false
						focusHere := strings.Contains("1234", key) && keyOf(key).Code == rune('1'+s.focus)
						if after == before && cmd == nil && !focusHere {
							t.Errorf("%d×%d, %s: key %q (%s) does nothing and says nothing", s.w, s.h, place.name, key, a.ID)
						}
					}
				}
			}
		}
	}
}

// TestReadingOnly: whatever can be started by key, help or palette, nothing
// that is sent asks for a change.
func TestReadingOnly(t *testing.T) {
	framesOnly(t)
	for _, mode := range []model.Mode{model.ModeReadOnly, model.ModeWrite} {
		r := newRig(t, rig.Options{Users: 60, Mode: mode})
		s := sceneOf(t, r).read().at(120, 40)
		ran, refused := 0, 0
		for n, place := range keyPlaces {
			if n%5 != 1 && n != len(keyPlaces)-1 {
				continue // everything is offered everywhere; what differs is the place it starts from
			}
			s.home().press(place.keys...)
			for i := range s.everything() {
				s.home().press(place.keys...)
				list := s.everything()
				if i >= len(list) {
					continue
				}
				a := list[i]
				if a.Reason() != "" {
					refused++
					continue
				}
				ran++
				s.drain(a.Run())
				s.View()
			}
			s.home().press(place.keys...).press(":")
			found := len(s.dialogs[0].(*palette).found)
			for i := range found {
				s.home().press(place.keys...).press(":")
				s.dialogs[0].(*palette).list.Cursor = i
				ran++
				s.press("enter")
			}
		}
		for _, req := range r.Sandbox.Requests() {
			if req.Writes {
				t.Errorf("%s: %s %s asks for a change", mode, req.Method, req.Path)
			}
		}
		if ran < 90 || len(r.Sandbox.Requests()) == 0 {
			t.Errorf("%s: only %d actions ran, %d requests", mode, ran, len(r.Sandbox.Requests()))
		}
		t.Logf("%s: %d actions ran, %d were refused with a reason, %d requests, 0 writes", mode, ran, refused, len(r.Sandbox.Requests()))
	}
}

// TestRandomKeys: no stream of keys, pastes, replies and sizes makes the
// console fail, draw outside its terminal, or ask for a change that nobody has
// agreed to.
func TestRandomKeys(t *testing.T) {
	framesOnly(t)
	r := newRig(t, rig.Options{Users: 60, Mode: model.ModeWrite})
	lab := newRig(t, rig.Options{Name: "lab", Scenario: "free", Mode: model.ModeWrite})
	s := sceneOf(t, r, func(o *Options) { o.Instances = rig.Instances{r, lab} }).read().at(120, 40)
	keys := []string{"1", "2", "3", "4", "enter", "esc", "tab", "shift+tab", "up", "down", "left", "right", "pgup", "pgdown", "home", "end",
		"space", "backspace", "delete", "?", ":", "/", "m", "I", "R", "M", "ctrl+l", "ctrl+z", "ctrl+d", "ctrl+u", "ctrl+n", "ctrl+p", "q", "ctrl+a", "ctrl+w"}
	for c := 'a'; c <= 'z'; c++ {
		keys = append(keys, string(c), strings.ToUpper(string(c)))
	}
	nasty := hostile.Strings()
	random := rand.New(rand.NewPCG(3, 5))
	for i := range manyKeys {
		switch n := random.IntN(40); n {
		case 0:
			_, cmd := s.Update(tea.PasteMsg{Content: nasty[random.IntN(len(nasty))] + "\nenter\ny\n"})
			s.drain(cmd)
		case 1:
			s.at(random.IntN(220), random.IntN(70))
		case 2:
			s.at(120, 40)
		case 3:
			_, cmd := s.Update(tea.MouseClickMsg{X: random.IntN(130), Y: random.IntN(50), Button: tea.MouseLeft})
			s.drain(cmd)
		case 4:
			_, cmd := s.Update(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
			s.drain(cmd)
		default:
			key := keys[random.IntN(len(keys))]
			if strings.EqualFold(key, "y") && s.asking() != nil {
				key = "n" // the one key that is the whole phrase of a level 1 plan
			}
			s.press(key)
		}
		if i%10 == 0 {
			s.fits("random keys")
		}
	}
	for _, req := range append(r.Sandbox.Requests(), lab.Sandbox.Requests()...) {
		if req.Writes {
			t.Fatalf("%s %s asks for a change", req.Method, req.Path)
		}
	}
}

// TestPasteNeverConfirms: pasted text with line ends in it goes to a field or
// nowhere; no box takes it for keys.
func TestPasteNeverConfirms(t *testing.T) {
	open := twoKept(t)
	for _, key := range []string{"?", ":", "m", "I"} {
		s := open().at(120, 40).press(key)
		s.Update(tea.PasteMsg{Content: "lab\r\n\nq\x1b"})
		if len(s.dialogs) != 1 || s.view.Info.Name != "prod" || s.full {
			t.Errorf("%q: a paste acted", key)
		}
	}
	s := open().at(120, 40)
	s.Update(tea.PasteMsg{Content: "q\n1\n"})
	if s.full || len(s.dialogs) != 0 {
		t.Error("a paste on the dashboard acted")
	}
}

// TestEscape: in the help, esc leaves the field first; boxes close one by one,
// and what lies below keeps its place.
func TestEscape(t *testing.T) {
	s := twoInstances(t).read().at(120, 40).press("4", "enter", "down", "?", "/", "s")
	s.wants("Keys")
	s.press("esc").wants("Keys")
	s.press("esc").lacks("Keys")
	if !s.full || s.focus != paneSync {
		t.Error("the place below was left")
	}
}

// TestCursor: the terminal's own cursor stands in the field that takes the
// text, and on the row under the cursor elsewhere.
func TestCursor(t *testing.T) {
	open := twoKept(t)
	for keys, marker := range map[string]string{": s y": "sy", "? / s y": "sy"} {
		s := open().at(120, 40).press(strings.Fields(keys)...)
		c := s.View().Cursor
		if c == nil {
			t.Fatalf("%s: no cursor", keys)
		}
		line := []rune(strings.Split(s.text(), "\n")[c.Y])
		if got := string(line[max(c.X-len(marker), 0):c.X]); got != marker {
			t.Errorf("%s: before the cursor stands %q, want %q", keys, got, marker)
		}
	}
	for _, keys := range []string{"I", "4 enter"} {
		s := open().at(120, 40).press(strings.Fields(keys)...)
		c := s.View().Cursor
		if c == nil {
			t.Fatalf("%s: no cursor", keys)
		}
		if line := []rune(strings.Split(s.text(), "\n")[c.Y]); line[c.X] != '▌' {
			t.Errorf("%s: the cursor stands on %q", keys, line[c.X])
		}
	}
}

// TestKeysDocument: the documentation of keys is made from the actions.
func TestKeysDocument(t *testing.T) {
	path := filepath.Join("..", "assets", "help", "keys.md")
	want := keysDocument(t)
	if f := flag.Lookup("update"); f != nil && f.Value.String() == "true" {
		if err := os.WriteFile(path, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is stale; go test ./ui -run TestKeysDocument -update", path)
	}
}

func keysDocument(t *testing.T) string {
	s := twoInstances(t).read().at(120, 40)
	var b strings.Builder
	b.WriteString("# Keys\n\nMade from the console's own list of actions. Every action is also a command under `:`.\n")
	seen := map[string]bool{}
	section := func(title string, actions []kit.Action) {
		var rows []string
		for _, a := range actions {
			id := a.ID + a.Title
			if seen[id] || len(a.Keys) == 0 {
				continue
			}
			seen[id] = true
			rows = append(rows, fmt.Sprintf("| `%s` | %s | %s |\n", strings.Join(a.Keys, "` `"), a.Title, a.Desc))
		}
		if len(rows) > 0 {
			fmt.Fprintf(&b, "\n## %s\n\n| key | does | |\n| --- | --- | --- |\n%s", title, strings.Join(rows, ""))
		}
	}
	section("Everywhere", s.globalActions())
	section("Dashboard", s.placeActions())
	for _, place := range keyPlaces {
		s.home().press(place.keys...)
		if s.full {
			section(strings.ToUpper(place.name[:1])+place.name[1:], slices.Concat(s.placeActions(), s.paneActions()))
		}
	}
	section("Moving", s.motionHelp())
	return b.String()
}
