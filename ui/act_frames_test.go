package ui

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/exp/golden"

	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
)

// TestRandomConsent: no stream of keys and pastes into an open plan changes
// anything without the whole phrase of its level.
func TestRandomConsent(t *testing.T) {
	framesOnly(t)
	r := newRig(t, rig.Options{Users: 60, Mode: model.ModeWrite})
	s := sceneOf(t, r).read().at(120, 40)
	random := rand.New(rand.NewPCG(5, 8))
	levels := []model.Danger{model.DangerOne, model.DangerName, model.DangerMany}
	keys := []string{"enter", "esc", "tab", "up", "down", "space", "backspace", "home", "end", "ctrl+a", "ctrl+u", "ctrl+l", "1", "2", "3", "0", ".", "-"}
	for c := 'a'; c <= 'z'; c++ {
		keys = append(keys, string(c))
	}
	plan, err := s.desk.PlanRecount(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	plan.Object = "gitlab"
	for i := range manyConsents {
		plan.Level = levels[i%len(levels)]
		for len(s.dialogs) > 0 {
			s.pop()
		}
		cmd := s.ask(recounting(), planned{ChangePlan: plan, shown: model.DisclosuresOf(s.view.Facts, s.view.Now)})
		s.View()
		if random.IntN(2) == 0 {
			s.drain(cmd) // the guard is over
		}
		for range 20 {
			if s.asking() == nil {
				break
			}
			if random.IntN(8) == 0 {
				s.Update(tea.PasteMsg{Content: []string{"y", "y\n", plan.Phrase(), plan.Phrase() + "\n", "yes\r\n"}[random.IntN(5)]})
				continue
			}
			d, key := s.asking(), keys[random.IntN(len(keys))]
			if key == "y" && d.awake() && plan.Level == model.DangerOne {
				continue // this one would be consent
			}
			s.Update(keyOf(key))
		}
		if s.act != nil {
			t.Fatalf("%d, level %d: something was begun", i, plan.Level)
		}
	}
	wantWrites(t, r, 0)
}

// TestActFrames compares plans, progress and results at every size.
func TestActFrames(t *testing.T) {
	framesOnly(t)
	for _, tt := range []struct {
		name, scenario string
		set            map[string]string
		see            func(s *scene)
	}{
		{"plan-opt-in", "free", nil, func(s *scene) { s.press("3", "enter", "r") }},
		{"plan-shares", "free", nil, func(s *scene) { s.press("3", "enter", "r", "p") }},
		{"plan-sync", "ultimate", nil, func(s *scene) { s.press("4", "enter").begins("sync", "host") }},
		{"plan-activate", "ultimate", nil, func(s *scene) { s.press("4", "enter").begins("sync", "activation").press("p", "r", "o") }},
		{"plan-countdown", "ultimate", nil, func(s *scene) {
			s.press("4", "enter").begins("sync", "activation")
			s.asking().left = 4
		}},
		{"planning", "free", nil, func(s *scene) { s.press("3", "enter"); s.newAct(switching(model.WishEnable)) }},
		{"running", "ultimate", nil, func(s *scene) {
			s.press("4", "enter")
			a := s.newAct(s.syncing(model.DriverHost))
			a.running = true
			a.report = actReport{model.ActProgress{Stage: model.StageConfirm, Note: model.Clean("the job is waiting"), At: a.began.Add(24 * time.Second)}, true}
		}},
		{"leaving", "ultimate", nil, func(s *scene) {
			s.newAct(s.syncing(model.DriverHost)).running = true
			s.press("q")
		}},
		{"watching", "ultimate", nil, func(s *scene) { s.newAct(s.syncing(model.DriverBrowser)).running = true }},
		{"confirmed", "free", nil, func(s *scene) { s.press("3", "enter", "r", "y") }},
		{"pinned", "free", map[string]string{"pinned": "true"}, func(s *scene) { s.press("3", "enter", "r", "y") }},
		{"not-possible", "free", nil, func(s *scene) { s.begins("sync", "host") }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, size := range sized {
				t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
					s := acting(t, rig.Options{Scenario: tt.scenario, Set: tt.set}).at(size[0], size[1])
					tt.see(s)
					s.fits(tt.name)
					golden.RequireEqual(t, s.text())
				})
			}
		})
	}
}

// TestActASCII: plans and results are drawn in ASCII where nothing else is.
func TestActASCII(t *testing.T) {
	r := newRig(t, rig.Options{Scenario: "free", Users: 60, Mode: model.ModeWrite, Set: map[string]string{"pinned": "true"}})
	s := sceneOf(t, r, func(o *Options) { o.Getenv = env("LANG=C") }).read().at(120, 40)
	s.press("1").begins("registration.enable", "")
	for _, key := range []string{"down", "p", "p", "y", "m"} {
		for i, l := range strings.Split(s.text(), "\n") {
			for _, r := range l {
				if r > 0x7e {
					t.Fatalf("before %s, line %d: %q in %q", key, i, r, l)
				}
			}
		}
		s.press(key)
	}
}
