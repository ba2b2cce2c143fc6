package ui

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"github.com/charmbracelet/x/exp/golden"

	"seatdeck/licensing"
	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
	"seatdeck/model/hostile"
	"seatdeck/ui/kit"
	"seatdeck/ui/theme"
)

// screen is a place of the console and the keys that lead there from the
// dashboard.
type screen struct {
	name string
	keys []string
}

// screens are all places whose frames are compared here. The accounts' own
// pages are compared beside their code.
var screens = []screen{
	{"subscription", []string{"1", "enter"}},
	{"registration", []string{"3", "enter"}},
	{"registration-preview", []string{"3", "enter", "p"}},
	{"registration-missing", []string{"3", "enter", "f"}},
	{"sync", []string{"4", "enter"}},
	{"sync-changed", []string{"4", "enter", "f"}},
	{"sync-no-panel", []string{"4", "enter", "i", "down", "down"}},
	{"sync-record", []string{"4", "enter", "f", "enter"}},
	{"help", []string{"?"}},
	{"help-filtered", []string{"?", "/", "s", "y"}},
	{"help-in-sync", []string{"4", "enter", "?"}},
	{"palette", []string{":"}},
	{"palette-sync", []string{":", "s", "y"}},
	{"palette-nothing", []string{":", "q", "q", "q", "q"}},
	{"messages", []string{"m"}},
	{"instances", []string{"I"}},
	{"toast", []string{"1", "enter", "y"}},
	{"refused", []string{"s"}},
}

// pair are two made-up instances.
func pair(t testing.TB) (prod, lab *rig.Rig) {
	prod = newRig(t, rig.Options{})
	prod.Info.Colour = "red"
	return prod, newRig(t, rig.Options{Name: "lab", Scenario: "free", Mode: model.ModeWrite})
}

// twoInstances is a console on the first of two made-up instances.
func twoInstances(t testing.TB, change ...func(*Options)) *scene {
	prod, lab := pair(t)
	return sceneOf(t, prod, append(change, func(o *Options) { o.Instances = rig.Instances{prod, lab} })...)
}

// twoKept opens consoles on two made-up instances of which the first was read
// before and is kept.
func twoKept(t testing.TB) func() *scene {
	prod, lab := pair(t)
	prod.Refreshed(t.Context())
	return func() *scene {
		return sceneOf(t, prod, func(o *Options) { o.Instances = rig.Instances{prod, lab} })
	}
}

func TestScreens(t *testing.T) {
	framesOnly(t)
	open := twoKept(t)
	for _, sc := range screens {
		t.Run(sc.name, func(t *testing.T) {
			for _, size := range sized {
				t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
					s := open().at(size[0], size[1])
					s.press(sc.keys...)
					s.fits(sc.name)
					golden.RequireEqual(t, s.text())
				})
			}
		})
	}
}

// TestDashboard draws the dashboard at every size, and each tab where one pane
// is shown at a time.
func TestDashboard(t *testing.T) {
	s := newScene(t, rig.Options{}).read()
	for _, size := range [][2]int{{200, 60}, {120, 40}, {60, 15}, {40, 10}, {20, 5}, {1, 1}, {0, 0}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			s.at(size[0], size[1]).fits("dashboard")
			golden.RequireEqual(t, s.text())
		})
	}
	s.at(80, 24)
	for _, key := range []string{"1", "2", "3", "4"} {
		t.Run("80x24-"+key, func(t *testing.T) {
			s.press(key).fits("tab " + key)
			golden.RequireEqual(t, s.text())
		})
	}
}

// TestFailure: an instance that cannot be opened says what, where, why and what
// helps, and leaves the open one as it is.
func TestFailure(t *testing.T) {
	s := twoInstances(t).read().at(120, 40)
	s.o.Instances = broken{s.o.Instances, model.Fail(model.ClassConfig, "read the token", "token_file /etc/seatdeck/lab.token can be read by others", "chmod 600 /etc/seatdeck/lab.token")}
	s.press("I", "down", "enter")
	s.wants("Instance lab could not be opened", "can be read by others", "chmod 600", "nothing was sent, nothing changed", "prod stays open")
	golden.RequireEqual(t, s.text())
	s.press("esc")
	s.lacks("could not be opened")
	s.press("m").wants("Messages", "can be read by others")
}

// broken are instances that cannot be opened any more.
type broken struct {
	licensing.Instances
	err error
}

// Open fails.
func (b broken) Open(context.Context, string) (*licensing.Desk, error) { return nil, b.err }

// TestThemes compares one frame with its styles for every theme: what is bold,
// faint or coloured is part of the design.
func TestThemes(t *testing.T) {
	r := newRig(t, rig.Options{Scenario: "over-limit"})
	r.Refreshed(t.Context())
	looks := map[string]func(*Options){
		"no-colour": func(o *Options) { o.NoColour = true },
		"NO_COLOR":  func(o *Options) { o.Getenv = env("NO_COLOR=1") },
		"ascii":     func(o *Options) { o.Getenv = env("LANG=C") },
		"wish":      func(o *Options) { o.Wish.ASCII = true },
	}
	for _, name := range theme.Names() {
		looks[name] = withTheme(name)
	}
	for name, look := range looks {
		t.Run(name, func(t *testing.T) {
			s := sceneOf(t, r, look).at(120, 40)
			s.fits(name)
			golden.RequireEqual(t, strings.Join(s.styled(), "\n"))
		})
	}
}

// TestASCII: without a UTF-8 locale nothing but ASCII is drawn by ourselves.
func TestASCII(t *testing.T) {
	framesOnly(t)
	s := twoInstances(t, func(o *Options) { o.Getenv = env("LANG=C") }).read()
	for _, sc := range append(screens, screen{"dashboard", nil}, screen{"breakdown", []string{"2", "enter", "b"}}) {
		for _, size := range sized {
			s.at(size[0], size[1])
			s.press("1")
			s.press(sc.keys...)
			for i, l := range strings.Split(s.text(), "\n") {
				for _, r := range l {
					if r > 0x7e && !unicode.IsLetter(r) { // names of people keep their letters
						t.Fatalf("%s at %d×%d, line %d: %q in %q", sc.name, s.w, s.h, i, r, l)
					}
				}
			}
			for s.full || len(s.dialogs) > 0 {
				s.press("esc")
			}
		}
	}
}

// TestFits: whatever the size, every screen fills its terminal and no more.
func TestFits(t *testing.T) {
	framesOnly(t)
	s := twoInstances(t).read()
	places := append([]screen{{"dashboard", nil}, {"users", []string{"2", "enter"}}, {"breakdown", []string{"2", "enter", "b"}}}, screens...)
	random := rand.New(rand.NewPCG(7, 11))
	const each = 40 // sizes for one place
	for i := range manySizes {
		if i%each == 0 {
			s.at(120, 40)
			for s.full || len(s.dialogs) > 0 {
				s.press("esc")
			}
			s.press(places[i/each%len(places)].keys...)
		}
		w, h := random.IntN(1001), random.IntN(301)
		if i%2 == 0 { // most terminals are small, and so are most faults
			w, h = random.IntN(140), random.IntN(50)
		}
		s.at(w, h).fits(places[i/each%len(places)].name)
	}
}

// TestMustBeReadable: what each class of sizes has to show, not only that it
// fits.
func TestMustBeReadable(t *testing.T) {
	s := newScene(t, rig.Options{}).read()
	four := map[string][]string{ // each pane's four facts
		"1": {"2026-03-26 → 2027-03-26", "125 days left", "962", "987"},
		"2": {"962 of 1,000 seats taken", "38 free", "110", "1,214 accounts"},
		"3": {"not opted in", "Service Ping", "✓ on", "settings live 09:52"},
		"4": {"in step", "last today 04:34", "22 Nov 03:00–04:59", "unchanged"},
	}
	for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 60}} {
		s.at(size[0], size[1])
		for key, facts := range four {
			s.press(key)
			s.wants(facts...)
			s.wants("prod", "read-only")
		}
	}
	// The headline numbers and their age.
	s.at(60, 15).press("1")
	s.wants("prod", "1,000", "962", "987", "125 days left", "live 09:52", "read-only")
	s.press("2")
	s.wants("962 of 1,000", "38 free", "roster 09:52")
	s.at(40, 10)
	s.wants("prod", "962 of 1,000", "38 free", "987", "110", "125 days left", "04:34", "today 09:52", "38 seats free")
	for w, want := range map[int]string{39: "prod 962/1,000 · 125 d · ✓ 04:34", 30: "prod 962/1,000 · 125 d", 20: "prod 962/1,000", 11: "962/1,000"} {
		if got := strings.TrimRight(strings.SplitN(s.at(w, 5).text(), "\n", 2)[0], " "); got != want {
			t.Errorf("%d columns: %q, want %q", w, got, want)
		}
	}
}

// TestRibbonSurvives: made-up data is named at every size that has a header.
func TestRibbonSurvives(t *testing.T) {
	r := newRig(t, rig.Options{})
	r.Info.Sandbox = true
	s := sceneOf(t, r).read()
	for _, size := range [][2]int{{200, 60}, {120, 40}, {80, 24}, {60, 15}, {40, 10}} {
		s.at(size[0], size[1]).wants("made-up data")
		s.wants("38 seats free")
		if s.layout.Class == kit.XS {
			t.Fatal("too small to have a header")
		}
	}
}

// TestHostileFrames: with hostile text in every member of every answer, each
// line of every screen is clean, and the last one is ours.
func TestHostileFrames(t *testing.T) {
	framesOnly(t)
	s := newScene(t, rig.Options{Users: 60, Set: map[string]string{"fault": "hostile"}}).read()
	places := append([]screen{{"dashboard", nil}, {"users", []string{"2", "enter"}}, {"account", []string{"2", "enter", "enter"}},
		{"breakdown", []string{"2", "enter", "b"}}, {"e-mail", []string{"1", "enter", "e"}}}, screens...)
	for _, place := range places {
		for _, size := range [][2]int{{200, 60}, {120, 40}, {80, 24}, {60, 15}, {40, 10}} {
			s.at(size[0], size[1]).home().press(place.keys...)
			s.fits(place.name)
			lines := strings.Split(s.text(), "\n")
			for _, line := range lines {
				if err := hostile.Check(line); err != nil {
					t.Fatalf("%s at %d×%d: %v in %q", place.name, s.w, s.h, err, line)
				}
			}
			if last := lines[s.h-1]; !strings.Contains(last, "quit") && !strings.Contains(last, "close") && !strings.Contains(last, "?") && s.h > 10 {
				t.Errorf("%s at %d×%d ends in %q", place.name, s.w, s.h, last)
			}
		}
	}
	if s.rig.Sandbox.Requests()[0].Status != 200 || s.view.Facts.Roster.Value.Accounts == 0 {
		t.Error("nothing hostile was read")
	}
}
