package users

import (
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"seatdeck/model"
	"seatdeck/ui/kit"
)

// toldPane is the story with a way to the server: who takes a seat is a
// Developer or more, and the last twenty accounts were made since.
func toldPane(t testing.TB) *Pane {
	t.Helper()
	p := storyPane(t)
	b := &model.HostRolesBuilder{}
	for i := range p.roster.Len() - 20 {
		a, level := p.roster.Bare(i), []int{0, 5, 10, 10, 10}[i%5]
		seat := a.SeatFlag().Or(false)
		if seat {
			level = []int{20, 30, 30, 40, 50}[i%5]
		}
		h := model.HighestRole{UserID: a.ID, Level: model.Some(level), Billable: model.Some(seat)}
		if level == 0 {
			h.Level = model.None[int]()
		}
		if err := b.Add(h); err != nil {
			t.Fatal(err)
		}
	}
	p.src.(*desk).told = b.Build(model.AsOf{At: now.Add(-5 * time.Minute), Source: model.SourceHost}, model.PlanUltimate)
	return p
}

// readPane has the roles read.
func readPane(t testing.TB) *Pane {
	p := toldPane(t)
	p.Full(120, 37)
	press(t, p, "r", "r")
	return p
}

// text is a full screen as it is read.
func fullText(p *Pane, w, h int) string {
	lines, _ := p.Full(w, h)
	return ansi.Strip(kit.Join(lines))
}

// TestRolesAreReadByTheKey: the first key only opens the page that says what
// reading does; the second one reads.
func TestRolesAreReadByTheKey(t *testing.T) {
	p := toldPane(t)
	p.Full(120, 37)
	press(t, p, "r")
	if text := fullText(p, 120, 37); p.v.Roles != nil || p.roles.n != 0 || !strings.Contains(text, "takes from seconds to a minute to start") || !strings.Contains(text, "r reads them now") {
		t.Fatalf("after the first key:\n%s", text)
	}
	press(t, p, "r")
	text := fullText(p, 120, 37)
	for _, says := range []string{"roles host 09:47", "Developer", "not read", "r reads them now"} {
		if !strings.Contains(text, says) {
			t.Errorf("%q is not in\n%s", says, text)
		}
	}
	press(t, p, "end", "enter")
	if got := p.choice.query.String(); got != "role:unknown" || p.grid.Len != 20 {
		t.Errorf("the last row lists %d accounts of %q", p.grid.Len, got)
	}
	press(t, p, "r", "home", "enter")
	if got := p.choice.query.String(); got != "role:none" || p.grid.Len == 0 {
		t.Errorf("the first row lists %d accounts of %q", p.grid.Len, got)
	}
}

// TestEscStopsReadingRoles: a late answer changes nothing.
func TestEscStopsReadingRoles(t *testing.T) {
	p := toldPane(t)
	p.Full(120, 37)
	press(t, p, "r")
	cmd := send(p, "r")
	if !p.roles.reading() || !strings.Contains(fullText(p, 120, 37), "starting GitLab's Ruby on the server · esc stops") {
		t.Fatal("nothing is being read")
	}
	if why := p.noReadRoles(); why != "they are being read" {
		t.Errorf("a second reading could be started: %q", why)
	}
	if _, left := p.Back(); !left || p.roles.reading() || p.page != pageRoles {
		t.Fatal("esc did not stop the reading alone")
	}
	settleCmd(p, cmd)
	if p.v.Roles != nil {
		t.Error("a stopped reading counts")
	}
	press(t, p, "r")
	if p.v.Roles == nil {
		t.Error("reading again brought nothing")
	}
}

// TestRolesReportProgress: reports are shown while a reading goes on, and a late
// one is dropped.
func TestRolesReportProgress(t *testing.T) {
	p := toldPane(t)
	p.Full(120, 37)
	press(t, p, "r")
	cmds, ok := send(p, "r")().(tea.BatchMsg)
	if !ok || len(cmds) != 2 {
		t.Fatal("a reading and its reports were expected")
	}
	end := cmds[0]()
	p.Update(cmds[1]())
	if text := fullText(p, 120, 37); !strings.Contains(text, "600 of about 1,214 · 300 a second · 2 s left · esc stops") {
		t.Errorf("while they are read:\n%s", text)
	}
	settleCmd(p, p.Update(end))
	late := p.roles.progress
	p.Update(rolesProgress{n: p.roles.n - 1, p: model.Progress{Done: 1}, next: closed()})
	if p.roles.progress != late || p.roles.reading() || p.v.Roles.Len() != 1194 {
		t.Errorf("at the end: %+v of %d", p.roles.progress, p.v.Roles.Len())
	}
}

func closed() <-chan model.Progress {
	c := make(chan model.Progress)
	close(c)
	return c
}

// TestRolesFail: the reason stands on the page, and older roles stay.
func TestRolesFail(t *testing.T) {
	p := readPane(t)
	kept := p.v.Roles
	p.src.(*desk).err = model.Fail(model.ClassFailed, "read the highest roles on the server", "sudo wants a password", "allow the command without one")
	press(t, p, "r")
	if text := fullText(p, 120, 37); !strings.Contains(text, "sudo wants a password") || !strings.Contains(text, "allow the command without one") || p.v.Roles != kept {
		t.Errorf("after a failure:\n%s", text)
	}
}

// TestNoWayToTheServer: the key says why, and the page what helps.
func TestNoWayToTheServer(t *testing.T) {
	p := storyPane(t)
	p.Full(120, 37)
	press(t, p, "r")
	a := kit.Find(p.Actions(true), "r")
	if text := fullText(p, 120, 37); a == nil || a.Reason() != "no way to the GitLab server is configured" || !strings.Contains(text, "add host_command") {
		t.Errorf("without a server:\n%s", text)
	}
	typeIn(t, p, "role:guest")
	press(t, p, "enter")
	if text := fullText(p, 120, 37); !strings.Contains(text, "r reads them on the GitLab server") {
		t.Errorf("a filter by roles nobody read:\n%s", text)
	}
}

// TestRoleColumn: dashes stand at the end as long as nobody read roles, and the
// column comes forward once somebody did; the order by it is by rank.
func TestRoleColumn(t *testing.T) {
	titles := func(p *Pane, w int) []string { return strings.Fields(strings.Split(fullText(p, w, 37), "\n")[4]) }
	before, after := storyPane(t), readPane(t)
	press(t, after, "esc")
	if got := titles(before, 140); slices.Contains(got, "role") {
		t.Errorf("a column of dashes takes room: %v", got)
	}
	if got := titles(before, 300); !slices.Contains(got, "role") {
		t.Errorf("wide enough for every column, but no role: %v", got)
	}
	if got := titles(after, 180); !slices.Contains(got, "role") {
		t.Errorf("roles were read, but there is no column: %v", got)
	}
	after.choice.sort, after.choice.desc = model.SortRole, true
	settleCmd(after, after.choose())
	role := func(k int) model.Opt[model.Role] { return after.seats.Role(int(after.choice.rows[k])) }
	if role(0) != model.Some(model.RoleOwner) || role(len(after.choice.rows)-1).Known() || role(len(after.choice.rows)-21) != model.Some(model.RoleNone) {
		t.Errorf("by role, descending: %v … %v, %v", role(0), role(len(after.choice.rows)-21), role(len(after.choice.rows)-1))
	}
}

// TestReasonsByRole: the panel names role and source, and a bar of the breakdown
// lists what it counts.
func TestReasonsByRole(t *testing.T) {
	p := readPane(t)
	typeIn(t, p, "billable:yes role:developer state:active")
	press(t, p, "enter", "enter")
	text := fullText(p, 90, 30)
	for _, says := range []string{"Developer, on the GitLab server, read 09:47", "ultimate-above-guest", "the rule agrees"} {
		if !strings.Contains(text, says) {
			t.Errorf("%q is not in\n%s", says, text)
		}
	}
	press(t, p, "esc", "b")
	p.Full(90, 60)
	found := 0
	for i, row := range p.book.rows {
		if strings.Contains(row.query, "role:") {
			found++
			q, err := model.ParseQuery(row.query)
			if err != nil || !p.book.rows[i].list {
				t.Fatalf("%q: %v", row.query, err)
			}
			idx, err := model.Filter(t.Context(), p.roster, q, p.v.QueryEnv(p.roster), nil)
			if err != nil || !strings.Contains(row.text, " "+thousands(len(idx))+" ") {
				t.Errorf("%q holds for %d, %v, but the bar says %q", row.query, len(idx), err, ansi.Strip(row.text))
			}
		}
	}
	if found < 4 {
		t.Errorf("%d bars by role", found)
	}
}

func thousands(n int) string { return model.Thousands(int64(n)) }
