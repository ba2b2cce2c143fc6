package users

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/theme"
)

// now is when the story is looked at.
var now = time.Date(2026, 11, 21, 9, 52, 0, 0, time.UTC)

// desk is a source of accounts in memory.
type desk struct {
	roster *model.Roster
	roles  map[int64][]model.Membership
	err    error
	v      *licensing.View
	told   *model.HostRoles
	saved  model.SavedViews
}

// WhatIf answers by the view the pane was given.
func (d *desk) WhatIf(r *model.Roster, q model.WhatIf) (model.WhatIfAnswer, error) {
	env := d.v.QueryEnv(r)
	return model.WhatIfOf(r, model.WhatIfBasis{
		Seats: d.v.SeatContext(), License: d.v.Facts.License.Value, Today: env.Today, DormantDays: d.v.Facts.Settings.Value.DormantPeriod(),
		Price: d.v.Price, Role: env.Role,
	}, q)
}

// Promotions says that everybody who waits takes a seat once approved.
func (d *desk) Promotions(r *model.Roster) ([]licensing.Waiting, model.WhatIfAnswer, error) {
	var out []licensing.Waiting
	var rows model.Index
	for _, p := range d.v.Facts.Promotions.Value {
		w := licensing.Waiting{Promotion: p}
		if row, ok := r.ByID(p.UserID); ok {
			w.Listed, w.State, w.Before, w.After = true, r.Bare(row).State, model.Some(false), model.Some(true)
			rows = append(rows, int32(row))
		}
		out = append(out, w)
	}
	all, err := d.WhatIf(r, model.WhatIf{Changes: []model.WhatIfChange{{Rows: rows, Deed: model.DeedRole, Role: model.RoleDeveloper}}})
	return out, all, err
}

func (d *desk) Rows() *model.Roster { return d.roster }

// SavedViews and what changes them keep views in memory.
func (d *desk) SavedViews(context.Context) (model.SavedViews, error) { return d.saved, d.err }

func (d *desk) SaveView(_ context.Context, v model.SavedView, replace bool) (model.SavedViews, error) {
	return d.keep(d.saved.Save(v, replace))
}

func (d *desk) RenameView(_ context.Context, name, to string) (model.SavedViews, error) {
	return d.keep(d.saved.Rename(name, to))
}

func (d *desk) DeleteView(_ context.Context, name string) (model.SavedViews, error) {
	return d.keep(d.saved.Delete(name))
}

func (d *desk) keep(s model.SavedViews, err error) (model.SavedViews, error) {
	if err == nil {
		d.saved = s
	}
	return d.saved, err
}

// NoRoles is nil for a desk that has roles to tell.
func (d *desk) NoRoles() *model.Error {
	if d.told == nil {
		return model.Fail(model.ClassConfig, "", "no way to the GitLab server is configured", "add host_command to the instance's [sync] table")
	}
	return nil
}

// ReadRoles tells the roles the desk has, with a report on the way.
func (d *desk) ReadRoles(ctx context.Context, tell func(model.Progress)) (*licensing.View, error) {
	if d.err != nil {
		return d.v, d.err
	}
	tell(model.Progress{Stage: model.StageRoles, Done: 600, About: model.Some(d.roster.Len()), Rate: 300, Left: 2 * time.Second})
	if d.told == nil || ctx.Err() != nil {
		return d.v, ctx.Err()
	}
	v := d.v
	v.Roles = d.told
	v.Facts.Breakdown = model.Read(model.BreakdownOf(d.roster, v.QueryEnv(d.roster)), d.roster.AsOf())
	return v, nil
}

func (d *desk) Memberships(_ context.Context, id int64) ([]model.Membership, error) {
	return d.roles[id], d.err
}

// quietPeople are the dormant people of the pictures, by their last activity.
var quietPeople = []struct{ name, username, activity, signIn, via string }{
	{"Ida Lindqvist", "ilindqvist", "2024-11-02", "2024-10-29", "ldap"},
	{"Tomasz Wójcik", "twojcik", "2025-01-30", "2025-01-30", "ldap"},
	{"Grace Mbeki", "gmbeki", "2025-04-11", "2025-03-28", "saml"},
	{"Henrik Sørensen", "hsorensen", "2025-06-19", "2025-06-19", "ldap"},
	{"Priya Raghavan", "praghavan", "2025-08-04", "2025-07-30", "saml"},
	{"Luc Moreau", "lmoreau", "2025-09-12", "2025-09-01", "ldap"},
	{"Sabine Köhler", "skoehler", "2025-10-27", "2025-10-27", "ldap"},
	{"Danilo Ferri", "dferri", "2025-12-01", "2025-11-20", "saml"},
	{"Aoife Brennan", "abrennan", "2026-01-16", "2026-01-16", "ldap"},
	{"Yusuf Demir", "ydemir", "2026-02-09", "2026-02-02", "saml"},
	{"Marta Nowakowska", "mnowakowska", "2026-03-23", "2026-03-20", "ldap"},
	{"Olu Adeyemi", "oadeyemi", "2026-04-08", "2026-04-08", "saml"},
	{"Jonas Brandt", "jbrandt", "2026-05-04", "2026-04-27", "ldap"},
	{"Chloé Dubois", "cdubois", "2026-05-29", "2026-05-29", "saml"},
	{"Viktor Petrov", "vpetrov", "2026-06-15", "2026-06-01", "ldap"},
	{"Hannah Weiss", "hweiss", "2026-06-30", "2026-06-30", "saml"},
	{"Marco Bianchi", "mbianchi", "2026-07-13", "2026-07-02", "ldap"},
	{"Sofia Alvarez", "salvarez", "2026-07-20", "2026-07-20", "saml"},
	{"Peter Novák", "pnovak", "2026-07-28", "2026-07-15", "ldap"},
	{"田中 花子", "htanaka", "2026-08-05", "2026-08-05", "saml"},
}

const marco = 3127 // the account of the pictures' side panel

func day(t testing.TB, s string) model.Day {
	t.Helper()
	d, err := model.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// storyAccounts are 1,214 accounts of which 962 take a seat, as in the
// pictures.
func storyAccounts(t testing.TB) []model.Account {
	today := model.DayOf(now)
	var out []model.Account
	add := func(a model.Account) {
		i := len(out)
		if a.ID == 0 {
			a.ID = int64(4000 + i)
		}
		if a.Username.Empty() {
			a.Name, a.Username = model.Clean(fmt.Sprintf("Person %04d", i)), model.Clean(fmt.Sprintf("person%04d", i))
		}
		if a.Provider.Empty() && i%9 < 8 {
			a.Provider = model.Clean([]string{"ldapmain", "saml"}[i%9%2])
		}
		if i%8 > 0 {
			a.Flags |= model.Flag2FA
		}
		if i%120 == 7 {
			a.Flags |= model.FlagAdmin
		}
		if i%25 == 3 {
			a.Flags |= model.FlagExternal
		}
		if !a.Created.Known() {
			a.Created = today.Add(-3 * i)
		}
		a.Email = model.Clean(a.Username.String() + "@" + []string{"example.com", "example.com", "partner.example"}[i%3])
		a.Flags |= model.FlagSeatKnown
		out = append(out, a)
	}
	many := func(n int, a model.Account, quiet func(i int) int) {
		for i := range n {
			if quiet != nil {
				a.LastActivity = today.Add(-quiet(i))
				a.LastSignIn = a.LastActivity.Add(-i % 12)
			}
			add(a)
		}
	}
	person := model.Account{State: model.StateActive, Flags: model.FlagSeat}
	for i, q := range quietPeople {
		a := person
		a.Name, a.Username, a.Provider = model.Clean(q.name), model.Clean(q.username), model.Clean(q.via)
		a.LastActivity, a.LastSignIn, a.Created = day(t, q.activity), day(t, q.signIn), day(t, "2023-02-14")
		a.ID = int64(3111 + i)
		add(a)
	}
	many(58-len(quietPeople), person, func(i int) int { return 91 + i/3 })
	many(68, person, func(i int) int { return 31 + i*58/67 })
	many(111, person, func(i int) int { return 8 + i%23 })
	many(701, person, func(i int) int { return i % 8 })
	many(24, person, nil)
	many(18, model.Account{State: model.StateActive}, func(i int) int { return i })
	many(44, model.Account{State: model.StateActive, Flags: model.FlagBot}, func(i int) int { return i })
	many(112, model.Account{State: model.StateBlocked}, func(i int) int { return 300 + i })
	many(11, model.Account{State: model.StateLDAPBlocked}, func(i int) int { return 200 + i })
	many(5, model.Account{State: model.StatePending}, nil)
	many(2, model.Account{State: model.StateBanned}, func(i int) int { return 100 })
	many(60, model.Account{State: model.StateDeactivated}, func(i int) int { return 120 + i })
	return out
}

func storyRoster(t testing.TB) *model.Roster {
	t.Helper()
	b := model.NewRosterBuilder(1214)
	for _, a := range storyAccounts(t) {
		b.Add(a)
	}
	return b.Build(model.Live(now.Add(-11*time.Minute)), true)
}

// view is the story's view of a roster.
func view(t testing.TB, r *model.Roster) *licensing.View {
	t.Helper()
	read, counted := model.Live(now), model.AsOf{At: time.Date(2026, 11, 20, 23, 50, 0, 0, time.UTC), Source: model.SourceDailyJob}
	version, err := model.ParseVersion("19.5.1-ee")
	if err != nil {
		t.Fatal(err)
	}
	v := &licensing.View{Info: licensing.InstanceInfo{Name: "prod", Host: "gitlab.example.com"}, Now: now}
	v.Price = model.Some(model.Price{SeatYear: model.Money{Cents: 948_00, Currency: "USD"}})
	f := &v.Facts
	f.ReadAt = now
	f.Metadata = model.Read(model.Metadata{Version: version}, read)
	f.License = model.Read(model.License{
		Kind: model.KindOnlineCloud, Plan: model.PlanUltimate, Seats: model.Some(1000), Daily: model.Some(962), DailyAt: counted,
		Maximum: model.Some(987), OverNow: model.Some(0), OverPeak: model.Some(0),
	}, read)
	f.Settings = model.Read(model.Settings{DormantDays: model.Some(90), Deactivate: model.Some(false)}, read)
	f.Statistics = model.Read(model.Statistics{Users: model.Some(1219), ActiveUsers: model.Some(1024)}, read)
	if r != nil {
		f.Roster = model.Read(r.Summary(model.None[int]()), r.AsOf())
		if r.Complete() {
			f.Breakdown = model.Read(model.BreakdownOf(r, v.QueryEnv(r)), r.AsOf())
		}
	}
	return v
}

// storyPane is the pane as the pictures show it.
func storyPane(t testing.TB) *Pane {
	t.Helper()
	r := storyRoster(t)
	return paneOf(t, r, view(t, r))
}

func paneOf(t testing.TB, r *model.Roster, v *licensing.View) *Pane {
	t.Helper()
	p := New(t.Context(), themeOf(t), time.UTC, &desk{roster: r, v: v})
	settleCmd(p, p.Show(v))
	return p
}

func themeOf(t testing.TB) *theme.Theme {
	t.Helper()
	th, err := theme.Named("")
	if err != nil {
		t.Fatal(err)
	}
	return &th
}

// press sends a key as the root does: to an action, or to the pane.
func press(t testing.TB, p *Pane, keys ...string) {
	t.Helper()
	for _, k := range keys {
		if cmd := send(p, k); cmd != nil {
			settleCmd(p, cmd)
		}
	}
}

// send is one key; it gives the command back.
func send(p *Pane, name string) tea.Cmd {
	k := keyOf(name)
	if name == "esc" {
		cmd, _ := p.Back()
		return cmd
	}
	if !p.Typing() || name == "tab" {
		for _, a := range p.Actions(true) {
			for _, key := range a.Keys {
				if key == name && a.Reason() == "" {
					return a.Run()
				}
			}
		}
	}
	cmd, _ := p.Key(k)
	return cmd
}

// settleCmd runs a command, and those that follow from it, and hands the replies
// back.
func settleCmd(p *Pane, cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			settleCmd(p, c)
		}
	default:
		settleCmd(p, p.Update(msg))
	}
}

var named4keys = map[string]tea.KeyPressMsg{
	"up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown}, "left": {Code: tea.KeyLeft}, "right": {Code: tea.KeyRight},
	"pgup": {Code: tea.KeyPgUp}, "pgdown": {Code: tea.KeyPgDown}, "home": {Code: tea.KeyHome}, "end": {Code: tea.KeyEnd},
	"enter": {Code: tea.KeyEnter}, "tab": {Code: tea.KeyTab}, "esc": {Code: tea.KeyEscape}, "backspace": {Code: tea.KeyBackspace},
	"space": {Code: tea.KeySpace, Text: " "}, "ctrl+d": {Code: 'd', Mod: tea.ModCtrl}, "ctrl+u": {Code: 'u', Mod: tea.ModCtrl},
	"shift+tab": {Code: tea.KeyTab, Mod: tea.ModShift},
}

func keyOf(name string) tea.KeyPressMsg {
	if k, ok := named4keys[name]; ok {
		return k
	}
	r := []rune(name)[0]
	return tea.KeyPressMsg{Code: r, Text: string(r)}
}

// typeIn opens the search field and types.
func typeIn(t testing.TB, p *Pane, text string) {
	t.Helper()
	press(t, p, "/")
	press(t, p, strings.Split(text, "")...)
}
