package users

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/x/ansi"

	tea "charm.land/bubbletea/v2"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

// checkChips goes through all ready-made filters: each shows as many accounts
// as it promises.
func checkChips(t *testing.T, p *Pane) {
	t.Helper()
	p.Full(120, 37)
	b := p.v.Facts.Breakdown.Value
	for _, c := range p.chips() {
		if p.chip().name != c.name {
			t.Fatalf("the filter is %s, want %s", p.chip().name, c.name)
		}
		if got, want := len(p.choice.rows), c.count(b); got != want {
			t.Errorf("%s shows %d accounts and promises %d", c.name, got, want)
		}
		if line := ansi.Strip(p.chipLine(200)); !strings.Contains(line, c.name+" "+words.Int(len(p.choice.rows))) {
			t.Errorf("%s is not in %q with its %d accounts", c.name, line, len(p.choice.rows))
		}
		press(t, p, "f")
	}
}

// checkBars goes through the rows of the breakdown: the grid behind each has as
// many accounts as the row says. It returns how many rows had one.
func checkBars(t *testing.T, p *Pane) int {
	t.Helper()
	n := 0
	for at := 0; ; at++ {
		press(t, p, "b")
		p.Full(120, 37)
		if at >= len(p.book.rows) {
			return n
		}
		row := p.book.rows[at]
		p.book.at = at
		if p.noList() != "" || p.book.chart() {
			press(t, p, "esc")
			continue
		}
		press(t, p, "enter")
		if p.page != pageGrid || p.choice.fault != nil {
			t.Fatalf("%q leads nowhere: %v", row.query, p.choice.fault)
		}
		text := ansi.Strip(row.text)
		if !slices.Contains(strings.Fields(text), words.Int(len(p.choice.rows))) {
			t.Errorf("%q: the grid shows %d accounts for %q", text, len(p.choice.rows), row.query)
		}
		n++
	}
}

func TestChipsShowWhatTheyPromise(t *testing.T) {
	checkChips(t, storyPane(t))
	checkChips(t, freePane(t))
}

func TestBarsListWhatTheyCount(t *testing.T) {
	if n := checkBars(t, storyPane(t)); n < 25 {
		t.Errorf("%d rows with a list", n)
	}
	if n := checkBars(t, freePane(t)); n < 20 {
		t.Errorf("%d rows with a list without a licence", n)
	}
}

// TestTableListsWhatItCounts: the table keeps the rows that the drawings leave
// out, and each number is that of the accounts behind it.
func TestTableListsWhatItCounts(t *testing.T) {
	for name, tt := range map[string]struct {
		pane func(t testing.TB) *Pane
		rows int
	}{"story": {storyPane, 75}, "free": {freePane, 55}, "roles": {readPane, 90}} {
		p := tt.pane(t)
		press(t, p, "esc", "b", "t")
		text := fullText(p, 120, 200)
		if !strings.Contains(text, "− in a state unknown here                  0") || !p.book.table {
			t.Errorf("%s: no row for what takes nothing:\n%s", name, text)
		}
		press(t, p, "esc")
		if n := checkBars(t, p); n < tt.rows {
			t.Errorf("%s: %d rows with a list", name, n)
		}
		press(t, p, "t")
		if p.book.table || strings.Contains(fullText(p, 120, 37), "in a state unknown here") {
			t.Errorf("%s: the drawings do not come back", name)
		}
	}
}

// Of a roster that is not whole nothing is counted.
func TestPartialRosterIsNotCounted(t *testing.T) {
	p := partialPane(t)
	p.Full(120, 37)
	for _, f := range strings.Fields(ansi.Strip(p.chipLine(200))) {
		if f != words.Unknown && strings.Trim(f, "0123456789,") == "" {
			t.Errorf("a count of a partial roster: %s", f)
		}
	}
	press(t, p, "a")
	p.Full(120, 37)
	if text := ansi.Strip(kit.Join(p.sidePanel(40, 40))); strings.Contains(text, "→") || !strings.Contains(text, "742 marked") {
		t.Errorf("the effect of marks was worked out: %s", text)
	}
	if line, _ := p.searchLine(70); !strings.Contains(ansi.Strip(line), "742 of 742 read · 742 marked") {
		t.Errorf("%q", ansi.Strip(line))
	}
}

// changedRoster is the story a day later: one in a hundred accounts gone, one
// in a hundred changed, one in a hundred new. kept stays as it is.
func changedRoster(t testing.TB, seed uint64, kept map[int64]bool) *model.Roster {
	rnd := rand.New(rand.NewPCG(seed, 1))
	b := model.NewRosterBuilder(0)
	for _, a := range storyAccounts(t) {
		switch rnd.IntN(100) {
		case 0:
			if !kept[a.ID] {
				continue
			}
		case 1:
			if !kept[a.ID] {
				a.LastActivity = model.DayOf(now).Add(-rnd.IntN(800))
			}
		case 2:
			n := a
			n.ID, n.Username = 900_000+a.ID, model.Clean("new"+a.Username.String())
			b.Add(n)
		}
		b.Add(a)
	}
	return b.Build(model.Live(now), true)
}

// Cursor, marks, filter and the cursor's height on the screen survive a refresh
// that adds, removes and changes one account in a hundred.
func TestRefreshKeepsTheCursorAndTheMarks(t *testing.T) {
	for seed := range uint64(20) {
		p := storyPane(t)
		p.Full(100, 30) // without a panel
		press(t, p, "f", "o", "o")
		for range 400 {
			press(t, p, "down")
		}
		press(t, p, "space", "v", "up", "up", "up", "up", "v", "up")
		p.Full(100, 30)
		id, _ := p.underCursor()
		offset, marked := p.grid.Cursor-p.grid.Top, markedIDs(p)
		if len(marked) != 5 && len(marked) != 6 {
			t.Fatalf("%d marked", len(marked))
		}
		kept := map[int64]bool{id: true}
		r := changedRoster(t, seed, kept)
		p.src.(*desk).roster = r
		p.Show(view(t, r))
		p.Full(100, 30)
		if got, _ := p.underCursor(); got != id {
			t.Errorf("seed %d: the cursor went from account %d to %d", seed, id, got)
		}
		if got := p.grid.Cursor - p.grid.Top; got != offset {
			t.Errorf("seed %d: the cursor's row on the screen went from %d to %d", seed, offset, got)
		}
		want := slices.DeleteFunc(marked, func(id int64) bool { _, ok := r.ByID(id); return !ok })
		if got := markedIDs(p); !slices.Equal(got, want) {
			t.Errorf("seed %d: marked %v, want %v", seed, got, want)
		}
		if p.choice.chip != "billable" || p.choice.sort != model.SortSignIn {
			t.Errorf("filter %s, sorted by %s", p.choice.chip, p.choice.sort)
		}
	}
}

// Every column sorts both ways, and is on the screen with its arrow when it
// does.
func TestEveryColumnSorts(t *testing.T) {
	p := storyPane(t)
	p.Full(90, 30)
	for range columns {
		press(t, p, "o")
		if p.choice.marked != 0 {
			break // all of them were gone through
		}
		for range 2 {
			press(t, p, "O")
			frame, _ := p.Full(90, 30)
			at := slices.IndexFunc(columns, func(c *column) bool { return c.key == p.choice.sort })
			arrow := " ↑"
			if p.choice.desc != columns[at].turned {
				arrow = " ↓"
			}
			if head := ansi.Strip(frame[4]); !strings.Contains(head, columns[at].Title+arrow) {
				t.Errorf("sorted by %s: %q", p.choice.sort, head)
			}
			if want := model.SortIndex(p.roster, p.roster.All(), p.choice.sort, p.choice.desc); !slices.Equal(p.choice.rows, want) {
				t.Errorf("sorted by %s, %t: another order", p.choice.sort, p.choice.desc)
			}
		}
	}
	if p.choice.marked == 0 {
		t.Error("the marks are no order")
	}
}

// The marked stand together, first or last, each side in the order there was. A
// refresh keeps them so, and a saved view keeps the order behind it.
func TestMarkedTogether(t *testing.T) {
	p := storyPane(t)
	press(t, p, "down", "space", "down", "space") // the second and the fourth
	marked := map[int32]bool{p.choice.rows[1]: true, p.choice.rows[3]: true}
	plain := slices.Clone(p.choice.rows)
	others := slices.DeleteFunc(slices.Clone(plain), func(r int32) bool { return marked[r] })
	press(t, p, "C", "o", "esc")
	first := append(model.Index{plain[1], plain[3]}, others...)
	if !slices.Equal(p.choice.rows, first) || !strings.Contains(fullText(p, 120, 37), " of 1,214 · marked first · 2 marked") {
		t.Errorf("marked first: %v …\n%s", p.choice.rows[:5], fullText(p, 120, 37))
	}
	press(t, p, "O")
	if want := append(others, plain[1], plain[3]); !slices.Equal(p.choice.rows, want) || !strings.Contains(fullText(p, 120, 37), "marked last") {
		t.Error("not marked last")
	}
	press(t, p, "O")
	settleCmd(p, p.Show(view(t, model.NewRoster(storyAccounts(t), model.Live(now), true))))
	if !slices.Equal(p.choice.rows, first) {
		t.Errorf("after a refresh: %v …", p.choice.rows[:5])
	}
	if v, _ := p.asView(); v.Sort != "activity" {
		t.Errorf("kept as %q", v.Sort)
	}
	press(t, p, "o")
	if p.choice.marked != 0 || p.choice.sort != columns[0].key {
		t.Errorf("the next order is %s, %d", p.choice.sort, p.choice.marked)
	}
}

func TestCompletion(t *testing.T) {
	for _, tt := range []struct{ typed, want string }{
		{"sta", "state:"},
		{"state:deac", "state:deactivated "},
		{"state:b", "state:b|state:blocked|state:banned|state:blocked"},
		{"-recency:do", "-recency:dormant "},
		{"marco rec", "marco recency:"},
		{"zzz", "zzz"},
	} {
		p := storyPane(t)
		p.Full(120, 37)
		typeIn(t, p, tt.typed)
		steps := strings.Split(tt.want, "|")
		if len(steps) > 1 {
			steps = steps[1:]
		}
		for _, want := range steps {
			press(t, p, "tab")
			if got := p.choice.input.Value(); got != want {
				t.Errorf("%q and tab: %q, want %q", tt.typed, got, want)
			}
		}
	}
	p := storyPane(t)
	p.Full(120, 37)
	typeIn(t, p, "sta x")
	press(t, p, "left", "left", "tab")
	if got := p.choice.input.Value(); got != "sta x" {
		t.Errorf("tab inside the text made %q", got)
	}
}

// The carets stand under the wrong word, wherever it is.
func TestCaretsStandUnderTheWrongWord(t *testing.T) {
	for _, tt := range []struct{ typed, word string }{
		{"stat:blocked", "stat"}, {"marco stat:blocked", "stat"}, {"recency:dorman", "dorman"}, {"田中 kindd:bot", "kindd"},
	} {
		p := storyPane(t)
		p.Full(120, 37)
		typeIn(t, p, tt.typed+" ") // a blank, so that nothing is offered
		frame, _ := p.Full(120, 37)
		field, hint := ansi.Strip(frame[2]), ansi.Strip(frame[3])
		from, _, _ := strings.Cut(field, tt.word)
		before, _, ok := strings.Cut(hint, strings.Repeat("^", len(tt.word)))
		if !ok || kit.Width(from) != kit.Width(before) {
			t.Errorf("%q:\n%s\n%s", tt.typed, field, hint)
		}
	}
}

// What helps is said even where there is no room for what is wrong: the carets
// say that.
func TestAdviceBesideTheCarets(t *testing.T) {
	p := storyPane(t)
	p.Full(80, 21)
	typeIn(t, p, "billable:yes state:active kind:human recency:dorman ")
	frame, _ := p.Full(80, 21)
	if hint := ansi.Strip(frame[3]); !strings.Contains(hint, "did you mean dormant?") || !strings.Contains(hint, " ^^^^^^ ") {
		t.Errorf("%q", hint)
	}
}

// bigPane has more accounts than are filtered in place.
func bigPane(t testing.TB, n int) *Pane {
	t.Helper()
	r := bigRoster(n)
	return paneOf(t, r, view(t, r))
}

// bigRosters keeps what is costly to make; rosters never change.
var bigRosters sync.Map

func bigRoster(n int) *model.Roster {
	if r, ok := bigRosters.Load(n); ok {
		return r.(*model.Roster)
	}
	r := makeBigRoster(n)
	if n < 1_000_000 {
		bigRosters.Store(n, r)
	}
	return r
}

func makeBigRoster(n int) *model.Roster {
	b := model.NewRosterBuilder(n)
	today := model.DayOf(now)
	for i := range n {
		b.Add(model.Account{
			ID: int64(i + 1), Username: model.Clean(fmt.Sprintf("user%07d", i)), Name: model.Clean(fmt.Sprintf("Name %d", i*7919%n)),
			Email: model.Clean(fmt.Sprintf("user%07d@example.com", i)), State: model.StateActive,
			Flags: model.FlagSeat | model.FlagSeatKnown, LastActivity: today.Add(-i % 500), LastSignIn: today.Add(-i%500 - i%9), Provider: model.Clean([]string{"ldapmain", "saml"}[i%2]), Created: today.Add(-i % 3000),
		})
	}
	return b.Build(model.Live(now), true)
}

// Above a hundred thousand accounts a key only gives out a command; replies may
// come in any order, and only the newest counts.
func TestKeysNeverWaitAndLateRepliesAreDropped(t *testing.T) {
	p := bigPane(t, inPlace+1)
	p.Full(120, 37)
	all := len(p.choice.rows)
	var cmds []tea.Cmd
	send(p, "/")
	for _, k := range strings.Split("9999", "") {
		cmd := send(p, k)
		if cmd == nil || len(p.choice.rows) != all {
			t.Fatalf("%q was worked out before the next frame", k)
		}
		cmds = append(cmds, cmd)
	}
	newest := cmds[len(cmds)-1]().(filtered)
	p.Update(newest)
	want := slices.Clone(p.choice.rows)
	if len(want) == 0 || len(want) >= all {
		t.Fatalf("%d accounts match", len(want))
	}
	for _, cmd := range cmds[:len(cmds)-1] {
		late := cmd().(filtered)
		if late.err == nil {
			t.Error("an older filter was worked out to its end")
		}
		p.Update(late)
		if !slices.Equal(p.choice.rows, want) {
			t.Fatal("a late reply was taken in")
		}
	}
	// A reply about an older roster is late too.
	cmd := send(p, "9")
	p.Show(p.v)
	r := storyRoster(t)
	p.src.(*desk).roster = r
	p.Show(view(t, r))
	rows := slices.Clone(p.choice.rows)
	p.Update(cmd())
	if !slices.Equal(p.choice.rows, rows) {
		t.Error("a reply about an older roster was taken in")
	}
}

// Another roster of many accounts is sorted beside the screen: until its rows are
// there the older ones stay, keys go on to work, and what was typed meanwhile
// holds for the new accounts.
func TestManyAccountsAreTakenInBesideTheScreen(t *testing.T) {
	p := bigPane(t, inPlace+1)
	p.Full(120, 37)
	press(t, p, "down", "down", "space")
	id, _ := p.underCursor()
	old := p.roster
	next := bigPane(t, inPlace+2).roster
	p.src.(*desk).roster = next
	cmd := p.Show(view(t, next))
	if cmd == nil || p.roster != old || len(p.choice.rows) != old.Len() {
		t.Fatal("the new accounts were sorted before the next frame")
	}
	send(p, "/")
	typed := send(p, "9")
	p.Update(cmd())
	if p.roster != old {
		t.Fatal("a late reply was taken in")
	}
	p.Update(typed())
	if p.roster != next || p.choice.query.String() == "" || len(p.choice.rows) >= next.Len() {
		t.Errorf("what was typed does not hold for the new accounts: %d rows", len(p.choice.rows))
	}
	if p.marks.len() != 1 || !p.exists(id) {
		t.Errorf("%d marked after another roster", p.marks.len())
	}
}

// Of many accounts flags and rules are counted beside the screen too.
func TestManyVerdictsAreCountedBesideTheScreen(t *testing.T) {
	p := bigPane(t, inPlace+1)
	p.Full(120, 37)
	cmd := send(p, "b")
	frame, _ := p.Full(120, 37)
	if text := ansi.Strip(strings.Join(frame, "\n")); cmd == nil || !strings.Contains(text, "being counted") {
		t.Fatalf("counted before the next frame:\n%s", text)
	}
	p.Update(cmd())
	frame, _ = p.Full(120, 37)
	if text := ansi.Strip(strings.Join(frame, "\n")); strings.Contains(text, "being counted") {
		t.Errorf("not counted:\n%s", text)
	}
}

// The side panel follows the cursor once it has rested, and names its subject.
func TestPanelFollowsTheRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := storyPane(t)
		p.Full(120, 37)
		replies := make(chan tea.Msg, 3)
		for range 3 {
			cmd := send(p, "down")
			go func() { replies <- cmd() }()
			time.Sleep(restFor / 2)
		}
		if p.about != 3111 {
			t.Errorf("the panel followed a moving cursor to %d", p.about)
		}
		for range 3 {
			p.Update(<-replies)
		}
		frame, _ := p.Full(120, 37)
		if p.about != 3114 || !strings.Contains(ansi.Strip(frame[1]), "Henrik Sørensen") {
			t.Errorf("the panel is about %d: %q", p.about, ansi.Strip(frame[1]))
		}
	})
}

// The search opens from every page, because the dashboard's key for it does not
// know which one was left open.
func TestSearchOpensFromEveryPage(t *testing.T) {
	for _, way := range []string{"i", "b", "enter"} {
		p := storyPane(t)
		p.Full(90, 30)
		press(t, p, way)
		typeIn(t, p, "marco")
		if frame, cursor := p.Full(90, 30); !p.Typing() || len(p.choice.rows) != 1 || cursor.Y != 2 || !strings.Contains(ansi.Strip(frame[2]), "/ marco") {
			t.Errorf("after %q: typing %t, %d rows, cursor %v", way, p.Typing(), len(p.choice.rows), cursor)
		}
	}
}

// Escape leaves one thing at a time, and the pane last.
func TestEscapeLeavesOneThingAtATime(t *testing.T) {
	p := storyPane(t)
	p.Full(90, 30)
	press(t, p, "f", "f", "space")
	typeIn(t, p, "m")
	press(t, p, "enter", "v", "enter")
	for _, left := range []func() bool{
		func() bool { return p.page == pageGrid }, func() bool { return !p.reach.on }, func() bool { return p.choice.input.Value() == "" },
		func() bool { return p.marks.len() == 0 }, func() bool { return p.choice.chip == chipAll && len(p.choice.rows) == 1214 },
	} {
		if left() {
			t.Fatal("left too early")
		}
		if _, more := p.Back(); !more || !left() {
			t.Fatal("nothing was left")
		}
	}
	if _, more := p.Back(); more {
		t.Error("the pane cannot be left")
	}
}

func TestMemberships(t *testing.T) {
	p := gridPaneAt(t, marco)
	if v := p.why(mustAccount(t, p, marco)).Verdict; !v.Decided || v.Rule.ID != "ultimate-above-guest" {
		t.Errorf("with a role above Guest the rule is %+v", v)
	}
	d := p.src.(*desk)
	d.roles = map[int64][]model.Membership{marco: {{SourceName: model.Clean("docs"), Role: model.RoleGuest}}}
	press(t, p, "e")
	if v := p.why(mustAccount(t, p, marco)).Verdict; v.Decided {
		t.Errorf("a direct Guest membership alone decides nothing, got %+v", v)
	}
	d.err = errors.New("cut")
	press(t, p, "e")
	if text := ansi.Strip(kit.Join(p.panelLines(marco, 40))); !strings.Contains(text, "cut") {
		t.Errorf("the failure is not told: %s", text)
	}
}

func gridPaneAt(t *testing.T, id int64) *Pane {
	p := storyPane(t)
	p.src.(*desk).roles = map[int64][]model.Membership{id: {{SourceName: model.Clean("infra"), Role: model.RoleMaintainer}}}
	p.Full(90, 30)
	typeIn(t, p, fmt.Sprintf("id:%d", id))
	press(t, p, "enter", "e")
	return p
}

func mustAccount(t *testing.T, p *Pane, id int64) model.Account {
	a, ok := p.account(id)
	if !ok {
		t.Fatalf("no account %d", id)
	}
	return a
}

// What the marks come to stays beside the grid, however little room there is,
// and none of it is cut.
func TestEffectOfMarksStays(t *testing.T) {
	p := storyPane(t)
	press(t, p, "a")
	for _, h := range []int{10, 22, 32, 60} {
		side := p.sidePanel(40, h)
		text := strings.Join(strings.Fields(ansi.Strip(kit.Join(side))), " ")
		for _, want := range []string{"1,214 marked if the 962 with a seat were deactivated", "962 → 0", "a year from renewal"} {
			if !strings.Contains(text, want) {
				t.Errorf("%d lines lack %q:\n%s", h, want, text)
			}
		}
		if len(side) > h {
			t.Errorf("%d lines in %d", len(side), h)
		}
	}
}
