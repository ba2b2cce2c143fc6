package users

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	tea "charm.land/bubbletea/v2"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

// text is a full screen in words.
func text(p *Pane, w, h int) string {
	lines, _ := p.Full(w, h)
	return ansi.Strip(kit.Join(lines))
}

// Every change and every plan of the page asks exactly that of the source, and
// the numbers on the screen are the answer's.
func TestWhatIfAsksWhatItShows(t *testing.T) {
	p := storyPane(t)
	p.Full(160, 50)
	typeIn(t, p, "billable:yes recency:dormant")
	press(t, p, "enter", "w", "down")
	want := []model.WhatIfChange{
		{Deed: ""}, {Deed: model.DeedDeactivate}, {Deed: model.DeedBlock}, {Deed: model.DeedRemove},
		{Deed: model.DeedRole, Role: model.RoleNone}, {Deed: model.DeedRole, Role: model.RoleMinimal}, {Deed: model.DeedRole, Role: model.RoleGuest},
		{Deed: model.DeedRole, Role: model.RolePlanner}, {Deed: model.DeedRole, Role: model.RoleReporter}, {Deed: model.DeedRole, Role: model.RoleDeveloper},
		{Deed: model.DeedRole, Role: model.RoleMaintainer}, {Deed: model.DeedRole, Role: model.RoleOwner},
	}
	if n := len(p.options(rowDeed)); n != len(want) {
		t.Fatalf("%d changes are offered, want %d", n, len(want))
	}
	for i, c := range want {
		var q model.WhatIf
		if i > 0 {
			c.Rows = p.choice.rows
			q.Changes = []model.WhatIfChange{c}
		}
		answer, err := p.src.WhatIf(p.roster, q)
		if err != nil {
			t.Fatal(err)
		}
		screen := strings.Join(strings.Fields(text(p, 160, 50)), " ")
		for _, want := range []string{
			"Nothing is sent.", "billable users " + words.SpanOpt(answer.Before) + " → " + words.Span(answer.After),
			"seats left " + words.WhatIfLeft(answer), "effect " + words.WhatIfEffect(answer),
		} {
			if !strings.Contains(screen, want) {
				t.Errorf("%s %s: %q is not on the screen", c.Deed, c.Role, want)
			}
		}
		press(t, p, "right")
	}
	if p.whatIf.choice[rowDeed] != 0 {
		t.Error("the choices do not go round")
	}
	press(t, p, "down", "right", "right")
	if got := p.question(); got.Plan != model.PlanUltimate {
		t.Errorf("asked about plan %q", got.Plan)
	}
}

// Fifty-eight dormant people deactivated leave 904 of 962; of the marked alone
// it would be those.
func TestWhatIfOfFilterAndMarks(t *testing.T) {
	p := storyPane(t)
	p.Full(120, 37)
	press(t, p, "f", "f", "w", "down", "right")
	if a := p.whatIf.answer.value; a.After.Most != 904 || a.Freed != 58 {
		t.Errorf("the filter's: %d billable, %d freed", a.After.Most, a.Freed)
	}
	press(t, p, "esc", "space", "space", "w", "up", "left")
	if a := p.whatIf.answer.value; a.After.Most != 960 || a.Named != 2 {
		t.Errorf("the marked: %d billable, %d named", a.After.Most, a.Named)
	}
}

func TestWhatIfNewAccounts(t *testing.T) {
	p := storyPane(t)
	p.Full(120, 37)
	press(t, p, "w", "n", "x", "9", "9", "-", "enter")
	if n := p.question().New; n != 99 || p.Typing() {
		t.Fatalf("%d new accounts, typing %t", n, p.Typing())
	}
	if got := text(p, 120, 37); !strings.Contains(got, "1,000 seats, 61 over") {
		t.Errorf("962 and 99 do not fit into 1,000 seats: %s", got)
	}
	press(t, p, "left", "down")
	for p.options(rowRole)[p.whatIf.choice[rowRole]] != "guest" {
		press(t, p, "right")
	}
	if got := p.whatIf.answer.value; got.After.Most != 962 || got.New != 98 {
		t.Errorf("98 guests on Ultimate: %+v", got.After)
	}
	press(t, p, "n", "9", "9", "9", "9", "9", "9", "9", "9", "9", "enter")
	if n := p.question().New; n > model.MaxAccounts {
		t.Errorf("%d new accounts are more than there can be", n)
	}
}

// Where nothing can be worked out the page says why, and shows no number.
func TestWhatIfRefuses(t *testing.T) {
	for name, p := range map[string]*Pane{"partial": partialPane(t), "free": freePane(t), "denied": deniedPane(t)} {
		p.Full(120, 37)
		press(t, p, "w")
		if p.page == pageWhatIf && p.whatIf.answer.err == nil {
			t.Errorf("%s: answered", name)
		}
		if got := text(p, 120, 37); strings.Contains(got, "billable users ") {
			t.Errorf("%s: %s", name, got)
		}
	}
	p := freePane(t)
	p.Full(120, 37)
	press(t, p, "w", "down", "down", "right")
	if got := text(p, 120, 37); !strings.Contains(got, "– → ") {
		t.Errorf("without a licence a plan can be asked about: %s", got)
	}
}

// Of many accounts an answer comes later, and one to an older question never.
func TestLateAnswersAreDropped(t *testing.T) {
	p := bigPane(t, inPlace+1)
	p.Full(120, 37)
	first := send(p, "w")
	send(p, "down")
	second := send(p, "right")
	if first == nil || second == nil || !strings.Contains(text(p, 120, 37), "being worked out") {
		t.Fatal("keys waited for the answer")
	}
	p.Update(first())
	if p.whatIf.answer.done {
		t.Fatal("the answer to an older question was taken in")
	}
	p.Update(second())
	if !p.whatIf.answer.done || len(p.whatIf.answer.value.Fates) != inPlace+1 {
		t.Fatal("the answer to the newest question was not")
	}
	// Who is asked about goes with the accounts: others are asked about anew.
	v := p.v
	v.Facts.License.AsOf = model.Live(now.Add(1))
	var again tea.Cmd
	if again = p.Show(v); again == nil || p.whatIf.answer.done {
		t.Error("a newer licence did not ask anew")
	}
}

func TestCountsSayWhatTheVerbSays(t *testing.T) {
	p := waitingPane(t)
	p.Full(200, 60)
	press(t, p, "c")
	want := model.UserCountsOf(&p.v.Facts, p.roster, p.v.QueryEnv(p.roster))
	if len(want.Counts) < 15 || len(want.Gaps) < 4 {
		t.Fatalf("%d counts, %d gaps", len(want.Counts), len(want.Gaps))
	}
	screen := strings.Join(strings.Fields(ansi.Strip(kit.Join(p.countLines(300)))), " ")
	for _, c := range want.Counts {
		for _, part := range []string{c.Title, c.Definition, words.Age(c.AsOf, p.v.Now, p.loc).Text} {
			if !strings.Contains(screen, part) {
				t.Errorf("%s: %q is not on the screen", c.Key, part)
			}
		}
	}
	gaps := strings.Join(strings.Fields(ansi.Strip(kit.Join(p.gapLines(300)))), " ")
	for _, g := range want.Gaps {
		if !strings.Contains(gaps, words.CountGap(g)) {
			t.Errorf("%s is not explained", g.Cause)
		}
	}
}

// The queue opens an account, comes back to it, and offers nothing for those
// who are not in the list.
func TestRolesWaiting(t *testing.T) {
	p := waitingPane(t)
	p.Full(120, 37)
	press(t, p, "p")
	p.Full(120, 37)
	press(t, p, "down", "enter")
	if p.page != pageAccount || p.about != p.v.Facts.Promotions.Value[1].UserID {
		t.Fatalf("page %d about %d", p.page, p.about)
	}
	press(t, p, "esc")
	if p.page != pageWaiting || p.queue.grid.Cursor != 1 {
		t.Fatalf("esc led to page %d, row %d", p.page, p.queue.grid.Cursor)
	}
	press(t, p, "end")
	if why := p.nobodyToOpen(); why != "the account is not in the list" {
		t.Errorf("an account that is not listed opens: %q", why)
	}
	empty := p.v
	empty.Facts.Promotions = model.Read([]model.Promotion{}, model.Live(now.Add(1)))
	p.src.(*desk).v = empty
	settleCmd(p, p.Show(empty))
	if got := text(p, 120, 37); !strings.Contains(got, "Nobody waits") || p.nobodyToOpen() == "" {
		t.Error("an empty queue is not told")
	}
	unread := p.v
	unread.Facts.Promotions = model.Part[[]model.Promotion]{}
	settleCmd(p, p.Show(unread))
	if got := text(p, 120, 37); !strings.Contains(got, "not read yet") {
		t.Errorf("an unread queue is not told: %s", got)
	}
}

// Before anything is asked the page says how; a number that is typed stands
// alone, and no value is cut.
func TestWhatIfBeginsWithHow(t *testing.T) {
	p := storyPane(t)
	press(t, p, "w")
	if s := text(p, 120, 37); !strings.Contains(s, "Nothing is asked yet") || strings.Contains(s, "what to know") {
		t.Errorf("a question without words:\n%s", s)
	}
	press(t, p, "enter", "6", "0", "enter")
	if p.whatIf.newcomers() != 60 {
		t.Errorf("%d new accounts", p.whatIf.newcomers())
	}
	if s := text(p, 120, 37); strings.Contains(s, "Nothing is asked yet") || !strings.Contains(s, " +60 ") {
		t.Errorf("a question of 60:\n%s", s)
	}
	press(t, p, "enter")
	if s := text(p, 120, 37); !strings.Contains(s, "+60") {
		t.Errorf("a number that is typed again:\n%s", s)
	}
}
