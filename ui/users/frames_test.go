package users

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/kit"
)

// screens are the sizes of the pictures: the whole terminal, of which header,
// talk row and footer take three lines.
var screens = [][2]int{{200, 60}, {120, 40}, {80, 24}, {60, 15}}

// look is one screen of the pane.
type look struct {
	name string
	pane func(t testing.TB) *Pane
	// compact draws the dashboard's pane; otherwise it is the full screen.
	compact bool
}

// looks are the screens of the pane.
var looks = []look{
	{"compact", storyPane, true},
	{"compact-over", func(t testing.TB) *Pane {
		return changed(t, func(v *licensing.View) {
			v.Facts.License.Value.Seats, v.Facts.License.Value.Maximum = model.Some(950), model.Some(981)
			v.Facts.License.Value.OverNow, v.Facts.License.Value.OverPeak = model.Some(12), model.Some(31)
		})
	}, true},
	{"compact-free", freePane, true},
	{"compact-first-read", partialPane, true},
	{"compact-denied", deniedPane, true},
	{"grid", func(t testing.TB) *Pane { return gridPane(t) }, false},
	{"grid-all", storyPane, false},
	{"grid-typing", func(t testing.TB) *Pane {
		p := storyPane(t)
		p.Full(120, 37)
		typeIn(t, p, "state:b")
		return p
	}, false},
	{"grid-fault", func(t testing.TB) *Pane {
		p := storyPane(t)
		p.Full(120, 37)
		typeIn(t, p, "marco stat:blocked")
		return p
	}, false},
	{"grid-nobody", func(t testing.TB) *Pane {
		p := storyPane(t)
		p.Full(120, 37)
		typeIn(t, p, "zebra")
		return p
	}, false},
	{"grid-partial", partialPane, false},
	{"grid-unread", func(t testing.TB) *Pane { return paneOf(t, nil, view(t, nil)) }, false},
	{"grid-denied", deniedPane, false},
	{"grid-free", freePane, false},
	{"breakdown-table", pressed(storyPane, "b", "t"), false},
	{"views", pressed(viewsPane, "V", "enter", "V"), false},
	{"views-naming", pressed(viewsPane, "f", "f", "s", "q"), false},
	{"views-none", pressed(storyPane, "V"), false},
	{"grid-view", pressed(viewsPane, "V", "down", "enter"), false},
	{"columns", pressed(pressed(viewsPane, "C"), "down", "down"), false},
	{"columns-chosen", pressed(pressed(pressed(viewsPane, "V"), "down", "enter", "C"), "down", "down", "down", "down", "space", "left", "o"), false},
	{"grid-roles", pressed(readPane, "esc"), false},
	{"roles-unread", pressed(toldPane, "r"), false},
	{"roles-no-server", pressed(storyPane, "r"), false},
	{"roles", readPane, false},
	{"account", func(t testing.TB) *Pane {
		p := gridPane(t)
		press(t, p, "enter", "e")
		return p
	}, false},
	{"account-disagree", func(t testing.TB) *Pane {
		// A blocked account with GitLab's flag set: rule and flag disagree.
		accounts := storyAccounts(t)
		accounts[1030].Flags |= model.FlagSeat
		r := model.NewRoster(accounts, model.Live(now.Add(-11*time.Minute)), true)
		p := paneOf(t, r, view(t, r))
		p.Full(120, 37)
		typeIn(t, p, fmt.Sprintf("id:%d", accounts[1030].ID))
		press(t, p, "enter", "enter")
		return p
	}, false},
	{"breakdown", func(t testing.TB) *Pane {
		p := storyPane(t)
		press(t, p, "b")
		return p
	}, false},
	{"breakdown-free", func(t testing.TB) *Pane {
		p := freePane(t)
		press(t, p, "b")
		return p
	}, false},
	{"counts", pressed(storyPane, "c"), false},
	{"counts-free", pressed(freePane, "c"), false},
	{"counts-partial", pressed(partialPane, "c"), false},
	{"counts-denied", pressed(deniedPane, "c"), false},
	{"what-if", func(t testing.TB) *Pane {
		p := gridPane(t)
		press(t, p, "w", "down", "right", "down", "down", "enter", "backspace", "4", "5", "enter")
		return p
	}, false},
	{"what-if-refused", func(t testing.TB) *Pane {
		p := storyPane(t)
		p.Full(120, 37)
		typeIn(t, p, "person02")
		press(t, p, "enter", "w", "down", "right")
		return p
	}, false},
	{"what-if-free", pressed(freePane, "w"), false},
	{"what-if-partial", pressed(partialPane, "w"), false},
	{"waiting", pressed(waitingPane, "p", "down"), false},
	{"waiting-nobody", func(t testing.TB) *Pane {
		p := changed(t, func(v *licensing.View) { v.Facts.Promotions = model.Read([]model.Promotion{}, model.Live(now)) })
		press(t, p, "p")
		return p
	}, false},
	{"waiting-denied", func(t testing.TB) *Pane {
		p := changed(t, func(v *licensing.View) {
			v.Facts.Promotions = v.Facts.Promotions.Failed(model.Fail(model.ClassUnsupported, "read the queue of roles",
				"GitLab 16.11 has no queue of roles that wait for approval", "upgrade to 17.5 or later"))
		})
		press(t, p, "p")
		return p
	}, false},
	{"breakdown-unread", func(t testing.TB) *Pane {
		p := partialPane(t)
		press(t, p, "b")
		return p
	}, false},
}

// gridPane is the grid of the pictures: dormant people, three marked, the
// cursor on Marco Bianchi with his memberships read.
func gridPane(t testing.TB) *Pane {
	p := storyPane(t)
	project := func(id int64, role model.Role) model.Membership {
		return model.Membership{SourceID: id, SourceName: model.Clean(fmt.Sprintf("app %d", id)), SourceType: model.Clean("Project"), Role: role}
	}
	p.src.(*desk).roles = map[int64][]model.Membership{marco: {
		project(1, model.RoleDeveloper), project(2, model.RoleDeveloper), project(3, model.RoleDeveloper), project(4, model.RoleDeveloper),
		{SourceID: 9, SourceName: model.Clean("platform/infra"), SourceType: model.Clean("Namespace"), Role: model.RoleMaintainer},
	}}
	p.Full(120, 37)
	press(t, p, "f", "f")
	for range 9 {
		press(t, p, "down")
	}
	press(t, p, "space", "down", "down", "down", "space", "space", "down", "e")
	return p
}

// pressed is a pane after some keys.
func pressed(pane func(t testing.TB) *Pane, keys ...string) func(t testing.TB) *Pane {
	return func(t testing.TB) *Pane {
		p := pane(t)
		p.Full(120, 37)
		press(t, p, keys...)
		return p
	}
}

// waitingPane has five people who wait for a role, one of them not in the list.
func waitingPane(t testing.TB) *Pane {
	var queue []model.Promotion
	for i, role := range []string{"Developer", "Maintainer", "Developer", "Reporter", "Owner"} {
		a := storyAccounts(t)[963+i]
		if i == 4 {
			a.ID, a.Username, a.Name = 99, model.Clean("newcomer"), model.Clean("New Comer")
		}
		queue = append(queue, model.Promotion{UserID: a.ID, Username: a.Username, Name: a.Name, Role: model.Clean(role)})
	}
	return changed(t, func(v *licensing.View) { v.Facts.Promotions = model.Read(queue, model.Live(now)) })
}

// changed is the story with other facts.
func changed(t testing.TB, change func(v *licensing.View)) *Pane {
	r := storyRoster(t)
	v := view(t, r)
	change(v)
	return paneOf(t, r, v)
}

// freePane is an instance without a licence: GitLab's flag is false for
// everyone there, which counts nobody.
func freePane(t testing.TB) *Pane {
	b := model.NewRosterBuilder(0)
	for _, a := range storyAccounts(t) {
		a.Flags &^= model.FlagSeat
		b.Add(a)
	}
	r := b.Build(model.Live(now.Add(-11*time.Minute)), true)
	v := view(t, r)
	v.Facts.License = model.Read(model.License{Kind: model.KindNone}, model.Live(now))
	v.Price = model.None[model.Price]()
	v.Facts.Breakdown = model.Read(model.BreakdownOf(r, v.QueryEnv(r)), r.AsOf())
	return paneOf(t, r, v)
}

// partialPane has read 742 of about 1,220 accounts.
func partialPane(t testing.TB) *Pane {
	b := model.NewRosterBuilder(0)
	for _, a := range storyAccounts(t)[:742] {
		b.Add(a)
	}
	r := b.Build(model.Live(now), false)
	v := view(t, r)
	v.Facts.Roster.Value.About = model.Some(1220)
	return paneOf(t, r, v)
}

// deniedPane is what a token without Admin Mode sees.
func deniedPane(t testing.TB) *Pane {
	v := view(t, nil)
	v.Facts.Roster = v.Facts.Roster.Failed(model.Fail(model.ClassDenied, "read the accounts",
		"Admin Mode is on here and the token lacks the scope admin_mode", "make a token with read_api and admin_mode"))
	return paneOf(t, nil, v)
}

// draw is a screen at the size of a terminal.
func draw(p *Pane, compact bool, w, h int) []string {
	h -= 3
	if !compact {
		lines, _ := p.Full(w, h)
		return lines
	}
	if w >= 110 {
		w, h = w/2, h/2
	}
	f, body := p.Compact(w-4, h-2)
	f.Number, f.Title, f.Focus = "2", paneTitle, true
	return f.Pane(p.th, w, h, kit.Part{Lines: body})
}

func TestGolden(t *testing.T) {
	for _, l := range looks {
		// In fake time: the side panel waits for the cursor to rest.
		t.Run(l.name, func(t *testing.T) { synctest.Test(t, func(t *testing.T) { checkGolden(t, l) }) })
	}
}

func checkGolden(t *testing.T, l look) {
	var sb strings.Builder
	for _, size := range screens {
		p := l.pane(t)
		lines := draw(p, l.compact, size[0], size[1])
		fmt.Fprintf(&sb, "%d×%d\n%s\n", size[0], size[1], ansi.Strip(kit.Join(lines)))
	}
	if l.name == "grid" || l.name == "breakdown" {
		fmt.Fprintf(&sb, "styled\n%s\n", kit.Join(draw(l.pane(t), l.compact, 120, 40)))
	}
	golden.RequireEqual(t, sb.String())
}
