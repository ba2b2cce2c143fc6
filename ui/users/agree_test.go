package users

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

// A name that is a state's has the number of that state and no other, on the
// dashboard, in the chips and in the breakdown. What adds up several states has
// a name of its own.
func TestStatesHaveOneNumber(t *testing.T) {
	p := storyPane(t)
	b := p.v.Facts.Breakdown.Value
	sum := inStates(b, model.StateBlocked, model.StateLDAPBlocked, model.StatePending, model.StateBanned)
	if blocked := inStates(b, model.StateBlocked); blocked == sum {
		t.Fatalf("all of the %d are blocked: nothing could be mixed up", sum)
	}
	for _, c := range p.chips() {
		for _, s := range b.States {
			if title := model.ParseState(s.State).Title(); c.name == title && c.count(b) != s.Accounts {
				t.Errorf("the chip %s has %d, the state %d", c.name, c.count(b), s.Accounts)
			}
		}
	}
	_, lines := p.Compact(60, 30)
	compact := strings.Join(strings.Fields(ansi.Strip(kit.Join(lines))), " ")
	for _, says := range []string{words.KeptOut + " " + words.Int(sum) + " ", words.Step(model.StepRole, true) + " 18 "} {
		if !strings.Contains(compact, says) {
			t.Errorf("%q is not on the dashboard: %s", says, compact)
		}
	}
	if strings.Contains(compact, "blocked") || strings.Contains(compact, "guest") {
		t.Errorf("the dashboard names a state or a role that it does not count: %s", compact)
	}
}

// The waterfall and its table name steps as the verb does. Without a licence
// there is no doubt about anybody: nobody is counted.
func TestStepsSayWhatTheVerbSays(t *testing.T) {
	for name, tt := range map[string]struct {
		p       *Pane
		counted bool
	}{"story": {storyPane(t), true}, "free": {freePane(t), false}} {
		press(t, tt.p, "b", "t")
		screen := fullText(tt.p, 120, 200)
		for _, s := range tt.p.v.Facts.Breakdown.Value.Waterfall {
			if says := words.Step(s.Step, tt.counted); !strings.Contains(screen, "− "+says+" ") {
				t.Errorf("%s: %q is not in the table", name, says)
			}
		}
		press(t, tt.p, "t")
		if screen = fullText(tt.p, 120, 60); strings.Contains(screen, words.NoSeats) == tt.counted {
			t.Errorf("%s: says that nobody takes a seat: %t", name, !tt.counted)
		}
		if strings.Contains(screen, "nobody can say") {
			t.Errorf("%s: doubts where there is no doubt", name)
		}
	}
}

// The breakdown gives the cause of a difference that the counts give.
func TestCausesSayWhatTheVerbSays(t *testing.T) {
	p := storyPane(t)
	v := *p.v
	v.Facts.License.Value.Daily = model.Some(950)
	v.Facts.Statistics.Value.ActiveUsers = model.Some(1000)
	p.v = &v
	press(t, p, "b")
	screen := strings.Join(strings.Fields(strings.ReplaceAll(fullText(p, 300, 90), "│", " ")), " ")
	for _, cause := range []model.GapCause{model.GapDaily, model.GapActive, model.GapMoment} {
		says := words.CountCause(cause)
		if !strings.Contains(screen, says) || !strings.Contains(words.CountGap(model.CountGap{Cause: cause, A: 3, B: 2}), says) {
			t.Errorf("%s: %q is not said by both", cause, says)
		}
	}
	at := words.Age(v.Facts.CountedAt(), v.Now, p.loc).Text
	for _, c := range p.known() {
		if strings.Contains(c.meaning, "daily count") || strings.Contains(c.meaning, "highest") {
			if c.from != at {
				t.Errorf("%s is from %s, the count from %s", c.meaning, c.from, at)
			}
		}
	}
}

// The three clocks stand apart, and the one is named that GitLab deactivates by.
func TestClocksStandApart(t *testing.T) {
	p := storyPane(t)
	press(t, p, "b")
	var right []string // beside it stands the chart of months
	for _, line := range strings.Split(fullText(p, 200, 60), "\n") {
		if parts := strings.Split(line, "│"); len(parts) == 4 {
			right = append(right, parts[2])
		}
	}
	screen := strings.Join(strings.Fields(strings.Join(right, " ")), " ")
	b := p.v.Facts.Breakdown.Value
	rows := words.Clocks(b.Clocks, b.DormantDays)
	for i, row := range rows[1:] {
		if says := strings.TrimSpace(strings.Join(row, " ")); b.Clocks[i].RecencyCounts == (model.RecencyCounts{}) || !strings.Contains(screen, says) {
			t.Errorf("%q is not on the screen", says)
		}
		if use := row[5]; strings.Contains(use, "deactivates") != (row[0] == "last activity") {
			t.Errorf("%s: %q (contract §6.6)", row[0], use)
		}
	}
	if len(rows) != 4 || b.Clocks[0].RecencyCounts == b.Clocks[1].RecencyCounts {
		t.Error("sign-in and activity are one clock")
	}
}

// A filter that is not understood is no filter that finds nobody.
func TestFaultsAreNoCount(t *testing.T) {
	p := storyPane(t)
	p.Full(120, 37)
	typeIn(t, p, "zzzzz-nobody stat:x")
	for _, size := range [][2]int{{120, 37}, {80, 24}, {60, 15}} {
		screen := fullText(p, size[0], size[1])
		if strings.Contains(screen, "0 of 1,214") || strings.Contains(screen, "No account matches") || !strings.Contains(screen, "– of 1,214") {
			t.Errorf("%v: a filter with an error has a count:\n%s", size, screen)
		}
	}
}
