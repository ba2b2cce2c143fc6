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

// consentKeys is how many keys go into each plan.
const consentKeys = 200

// TestRandomConsent: no stream of keys and pastes into an open plan changes
// anything without the whole phrase of its level, and nothing counts down without
// it. The screen is not drawn for it: what counts is what keys do.
func TestRandomConsent(t *testing.T) {
	framesOnly(t)
	r := newRig(t, rig.Options{Users: 60, Mode: model.ModeWrite})
	s := sceneOf(t, r).read().at(120, 40)
	c := &consenter{s: s, random: rand.New(rand.NewPCG(5, 8))}
	for _, name := range []string{"enter", "esc", "tab", "up", "down", "space", "backspace", "home", "end", "ctrl+a", "ctrl+u", "ctrl+l", "1", "2", "3", "0", ".", "-"} {
		c.keys = append(c.keys, keyOf(name))
	}
	for letter := 'a'; letter <= 'z'; letter++ {
		c.keys = append(c.keys, keyOf(string(letter)))
	}
	plan, err := s.desk.PlanRecount(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	plan.Object = "gitlab"
	shown := model.DisclosuresOf(&s.view.Facts, s.view.Now)
	for i := range manyConsents {
		plan.Level = []model.Danger{model.DangerOne, model.DangerName, model.DangerMany}[i%3]
		c.plan = planned{ChangePlan: plan, shown: shown[:i/3%3]}
		c.whole, s.dialogs = 0, nil
		for range consentKeys {
			if why := c.strike(); why != "" {
				t.Fatalf("stream %d, level %d: %s", i, plan.Level, why)
			}
		}
		c.counted += c.whole
	}
	if c.counted == 0 {
		t.Error("no stream ever typed the whole phrase")
	}
	t.Logf("%d streams of %d keys, %d countdowns begun and stopped", manyConsents, consentKeys, c.counted)
	wantWrites(t, r, 0)
}

// consenter strikes keys at random into a plan, which it opens anew whenever one
// of them has closed it.
type consenter struct {
	s       *scene
	random  *rand.Rand
	keys    []tea.KeyPressMsg
	plan    planned
	whole   int // countdowns of the stream
	counted int
}

// open puts the plan before the person, seen or not yet, guarded or not any more.
func (c *consenter) open() *planDialog {
	c.s.dialogs = nil
	c.s.ask(recounting(), c.plan)
	d := c.s.asking()
	d.drawn, d.quiet = c.random.IntN(8) > 0, c.random.IntN(8) > 0
	return d
}

// strike is one key or one paste. It returns what is wrong afterwards.
func (c *consenter) strike() string {
	d := c.s.asking()
	if d == nil {
		d = c.open()
	}
	awake, level := d.awake(), c.plan.Level
	phrase, value, counts := c.plan.Phrase(), d.input.Value(), d.left > 0
	var event tea.Msg = c.keys[c.random.IntN(len(c.keys))]
	switch c.random.IntN(8) {
	case 0:
		event = tea.PasteMsg{Content: []string{"y", "y\n", phrase, phrase + "\n", strings.TrimPrefix(phrase, value), "yes\r\n"}[c.random.IntN(6)]}
	case 1, 2, 3, 4, 5: // most of them go on with the phrase
		if rest, ok := strings.CutPrefix(phrase, value); ok && rest != "" && level != model.DangerOne {
			event = keyOf(rest[:1])
		}
	}
	key, isKey := event.(tea.KeyPressMsg)
	if isKey && key.String() == "y" && awake && level == model.DangerOne {
		return "" // this one would be consent
	}
	c.s.Update(event)
	switch {
	case c.s.act != nil:
		return fmt.Sprintf("%v began something", event)
	case d.left == 0:
		return ""
	case !d.typed(), d.input.Value() != phrase:
		return fmt.Sprintf("it counts down with %q typed, after %v", d.input.Value(), event)
	case !counts && (!isKey || !awake):
		return fmt.Sprintf("%v began the countdown", event)
	case !counts:
		c.whole++
	}
	return ""
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
			s.syncs(model.DriverHost)
		}},
		{"running-page", "ultimate", nil, func(s *scene) {
			s.press("4", "enter", "enter")
			s.syncs(model.DriverHost)
		}},
		{"running-elsewhere", "ultimate", nil, func(s *scene) { s.syncs(model.DriverActivation) }},
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

// syncs lets a sync be in the middle of its waiting.
func (s *scene) syncs(driver model.Driver) {
	a := s.newAct(s.syncing(driver))
	a.running, a.planID = true, "a plan"
	var stages []model.StageRun
	at := a.began
	for _, g := range []struct {
		stage model.Stage
		note  string
		took  time.Duration
	}{
		{model.StageRecord, "", 0}, {model.StageCheck, "", 200 * time.Millisecond}, {model.StageTrigger, "", 0},
		{model.StageCheck, "this licence syncs", 16 * time.Second}, {model.StagePacket, "1,084 billable, peak 1,101, of the daily row of 2026-11-20", 400 * time.Millisecond},
		{model.StageTrigger, "GitLab was asked, once", 300 * time.Millisecond}, {model.StageConfirm, "the job waits in its queue", 24 * time.Second},
	} {
		if driver == model.DriverActivation && g.note != "" && g.stage != model.StageConfirm {
			continue
		}
		if driver == model.DriverActivation {
			g.note = ""
		}
		stages = append(stages, model.StageRun{Stage: g.stage, Began: at, Ended: at.Add(g.took), Note: model.Clean(g.note)})
		at = at.Add(g.took)
	}
	last := stages[len(stages)-1]
	a.report = model.ActProgress{Stage: last.Stage, Note: last.Note, At: at, Stages: stages, Sent: true, Looks: 6, Until: model.Some(last.Began.Add(2 * time.Minute))}
	s.followed()
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

// TestPreviewIsLaidOpen: p in the registration pane shows both packets value by
// value and what each wish would change, at every size that opens a box, and
// asks the instance for nothing.
func TestPreviewIsLaidOpen(t *testing.T) {
	s := newScene(t, rig.Options{Scenario: "free", Users: 60}).read()
	before := len(s.rig.Sandbox.Requests())
	for _, size := range sized {
		s.at(size[0], size[1]).press("3", "enter", "p").fits("preview")
		s.press("end").wants("looking sends nothing", "no feature more or less").lacks("+0").press("p")
		s.lacks("looking sends nothing").press("esc")
	}
	if n := len(s.rig.Sandbox.Requests()) - before; n != 0 {
		t.Errorf("%d requests", n)
	}
	s.at(19, 5).layOpen()
	if len(s.dialogs) != 0 {
		t.Error("a box was opened where it cannot be seen")
	}
}

// TestSmallScreenSyncs: the screen of seven lines offers the sync, whichever pane
// has the focus, and shows the plan of it (visual rules, size classes).
func TestSmallScreenSyncs(t *testing.T) {
	s := acting(t, rig.Options{Users: 60}).at(40, 10)
	for _, focus := range []int{paneSubscription, paneUsers, paneRegistration, paneSync} {
		s.focus = focus
		s.fits("small")
		s.wants("s sync", "? help", "q quit").lacks("opt in")
	}
	s.begins("sync", "host").wants("y agree", "n cancel", "1–3 of")
	s.fits("plan")
}
