package model_test

import (
	"slices"
	"strings"
	"testing"

	"seatdeck/model"
)

var (
	before189 = model.Version{Major: 18, Minor: 8, Patch: 4}
	since189  = model.Version{Major: 18, Minor: 9}
)

// TestSeatTable restates the table of contract §6.1 for accounts about which
// everything is known.
func TestSeatTable(t *testing.T) {
	active := model.Account{State: model.StateActive}
	bot := model.Account{State: model.StateActive, Flags: model.FlagBot}
	with := func(r model.Role) model.SeatContext { return model.SeatContext{Role: r} }
	guest := func(elevated bool) model.SeatContext {
		return model.SeatContext{Role: model.RoleGuest, CustomRole: model.Some(elevated)}
	}
	none := model.SeatContext{Role: model.RoleUnknown, NoMembership: model.Some(true)}
	in := func(s model.State) model.Account { return model.Account{State: s} }
	tests := []struct {
		kind                    string
		a                       model.Account
		ctx                     model.SeatContext
		premiumOld, premium, ul bool
	}{
		{"Guest only", active, guest(false), true, true, false},
		{"Minimal Access only", active, with(model.RoleMinimal), true, false, false},
		{"no membership at all", active, none, true, true, false},
		{"custom role on Guest with elevating permissions", active, guest(true), true, true, true},
		{"Planner", active, with(model.RolePlanner), true, true, true},
		{"Reporter", active, with(model.RoleReporter), true, true, true},
		{"Developer", active, with(model.RoleDeveloper), true, true, true},
		{"Maintainer", active, with(model.RoleMaintainer), true, true, true},
		{"Owner", active, with(model.RoleOwner), true, true, true},
		{"bot that owns things", bot, with(model.RoleOwner), false, false, false},
		{"blocked owner", in(model.StateBlocked), with(model.RoleOwner), false, false, false},
		{"blocked by LDAP", in(model.StateLDAPBlocked), with(model.RoleOwner), false, false, false},
		{"deactivated", in(model.StateDeactivated), with(model.RoleOwner), false, false, false},
		{"banned", in(model.StateBanned), with(model.RoleOwner), false, false, false},
		{"pending approval", in(model.StatePending), with(model.RoleOwner), false, false, false},
		{"external developer", model.Account{State: model.StateActive, Flags: model.FlagExternal}, with(model.RoleDeveloper), true, true, true},
		{"administrator without memberships", model.Account{State: model.StateActive, Flags: model.FlagAdmin}, none, true, true, false},
		{"auditor without memberships", model.Account{State: model.StateActive, Flags: model.FlagAuditor}, none, true, true, false},
	}
	for _, tt := range tests {
		for _, c := range []struct {
			plan model.Plan
			v    model.Version
			want bool
		}{
			{model.PlanPremium, before189, tt.premiumOld}, {model.PlanPremium, since189, tt.premium},
			{model.PlanStarter, before189, tt.premiumOld}, {model.PlanStarter, since189, tt.premium},
			{model.PlanUltimate, before189, tt.ul}, {model.PlanUltimate, since189, tt.ul}, {"gold", since189, tt.ul},
		} {
			ctx := tt.ctx
			ctx.Plan, ctx.Version, ctx.Licensed = c.plan, c.v, model.Some(true)
			v := model.SeatOf(tt.a, ctx)
			if got, ok := v.Billable.Get(); !ok || got != c.want || !v.Decided {
				t.Errorf("%s, %s %s: billable %v (known %v, by rule %v, %s), want %v", tt.kind, c.plan, c.v, got, ok, v.Decided, v.Rule.ID, c.want)
			}
			if v.Agrees.Known() {
				t.Errorf("%s: agrees with a flag that was not sent", tt.kind)
			}
		}
	}
}

// TestSeatFromListData: lists carry no roles. The rule must not claim more
// than the list shows.
func TestSeatFromListData(t *testing.T) {
	const flagged = model.FlagSeat | model.FlagSeatKnown
	const unflagged = model.FlagSeatKnown
	tests := []struct {
		name    string
		plan    model.Plan
		v       model.Version
		state   model.State
		flags   model.Flags
		want    model.Opt[bool] // Billable
		decided bool
		agrees  model.Opt[bool]
	}{
		{"Ultimate, counted", model.PlanUltimate, since189, model.StateActive, flagged, model.Some(true), false, model.None[bool]()},
		{"Ultimate, not counted", model.PlanUltimate, since189, model.StateActive, unflagged, model.Some(false), false, model.None[bool]()},
		{"Ultimate, no flag", model.PlanUltimate, since189, model.StateActive, 0, model.None[bool](), false, model.None[bool]()},
		{"Ultimate, blocked, not counted", model.PlanUltimate, since189, model.StateBlocked, unflagged, model.Some(false), true, model.Some(true)},
		{"Ultimate, blocked, but counted", model.PlanUltimate, since189, model.StateBlocked, flagged, model.Some(false), true, model.Some(false)},
		{"Ultimate, bot", model.PlanUltimate, since189, model.StateActive, unflagged | model.FlagBot, model.Some(false), true, model.Some(true)},
		{"Premium before 18.9, counted", model.PlanPremium, before189, model.StateActive, flagged, model.Some(true), true, model.Some(true)},
		{"Premium before 18.9, internal by the flag", model.PlanPremium, before189, model.StateActive, unflagged, model.Some(true), true, model.Some(false)},
		{"Premium since 18.9, counted", model.PlanPremium, since189, model.StateActive, flagged, model.Some(true), false, model.None[bool]()},
		{"Premium since 18.9, not counted", model.PlanPremium, since189, model.StateActive, unflagged, model.Some(false), false, model.None[bool]()},
		{"Premium, version unknown", model.PlanPremium, model.Version{}, model.StateActive, flagged, model.Some(true), false, model.None[bool]()},
		{"plan unknown, active", "", since189, model.StateActive, flagged, model.Some(true), false, model.None[bool]()},
		{"plan unknown, blocked", "", since189, model.StateBlocked, unflagged, model.Some(false), true, model.Some(true)},
		{"state unknown", model.PlanPremium, before189, model.StateOther, flagged, model.Some(true), false, model.None[bool]()},
		{"Premium before 18.9, no flag", model.PlanPremium, before189, model.StateActive, 0, model.Some(true), true, model.None[bool]()},
		{"state unknown, no flag", model.PlanPremium, before189, model.StateOther, 0, model.None[bool](), false, model.None[bool]()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ctx := model.SeatContext{Plan: tt.plan, Version: tt.v, Licensed: model.Some(true), Role: model.RoleUnknown}
			a := model.Account{State: tt.state, Flags: tt.flags}
			v := model.SeatOf(a, ctx)
			if v.Billable != tt.want || v.Decided != tt.decided || v.Agrees != tt.agrees {
				t.Errorf("billable %v, decided %v, agrees %v (%s); want %v, %v, %v", v.Billable, v.Decided, v.Agrees, v.Rule.ID, tt.want, tt.decided, tt.agrees)
			}
			want := v.Billable
			if f := a.SeatFlag(); f.Known() {
				want = f
			}
			if v.Counted() != want {
				t.Errorf("counted %v, want %v", v.Counted(), want)
			}
			// A context that nobody filled must not pass for "no role".
			ctx.Role = model.RoleNone
			if zero := model.SeatOf(a, ctx); zero != v {
				t.Errorf("the zero role gives %+v, unknown gives %+v", zero, v)
			}
		})
	}
}

func TestSeatHalfKnownRoles(t *testing.T) {
	ctx := model.SeatContext{Plan: model.PlanUltimate, Version: since189, Licensed: model.Some(true), Role: model.RoleGuest}
	if v := model.SeatOf(model.Account{State: model.StateActive}, ctx); v.Decided || v.Billable.Known() {
		t.Errorf("a Guest whose custom role is not known is decided: %+v", v)
	}
	// Minimal Access on Premium with the version unknown: either era.
	ctx = model.SeatContext{Plan: model.PlanPremium, Licensed: model.Some(true), Role: model.RoleMinimal}
	if v := model.SeatOf(model.Account{State: model.StateActive}, ctx); v.Decided {
		t.Errorf("Minimal Access on an unknown version is decided: %+v", v)
	}
	// Both plans and both eras agree on a Developer.
	ctx = model.SeatContext{Licensed: model.Some(true), Role: model.RoleDeveloper}
	if v := model.SeatOf(model.Account{State: model.StateActive}, ctx); !v.Decided || !v.Billable.Or(false) {
		t.Errorf("a Developer takes a seat in every plan and era: %+v", v)
	}
}

func TestSeatWithoutLicense(t *testing.T) {
	for _, s := range []model.State{model.StateActive, model.StateBlocked} {
		a := model.Account{State: s, Flags: model.FlagSeatKnown}
		v := model.SeatOf(a, model.SeatContext{Plan: model.PlanFree, Version: since189, Licensed: model.Some(false), Role: model.RoleUnknown})
		if v.Billable.Known() || v.Counted().Known() || v.Decided || v.Rule.ID != "no-licence" {
			t.Errorf("%s without a licence: %+v", s, v)
		}
		v = model.SeatOf(a, model.SeatContext{Role: model.RoleUnknown})
		if v.Decided || v.Rule.ID != "licence-unknown" || v.Billable != v.Flag {
			t.Errorf("%s with an unreadable licence: %+v", s, v)
		}
	}
}

func TestSeatContextOf(t *testing.T) {
	f := model.Facts{}
	if ctx := model.SeatContextOf(&f); ctx.Licensed.Known() || ctx.Role != model.RoleUnknown {
		t.Errorf("empty facts: %+v", ctx)
	}
	asOf := model.Live(at(t, "2026-11-21 09:52"))
	f.License = model.Read(model.License{Kind: model.KindNone}, asOf)
	f.Metadata = model.Read(model.Metadata{Version: since189}, asOf)
	ctx := model.SeatContextOf(&f)
	if v, ok := ctx.Licensed.Get(); !ok || v || ctx.Version != since189 {
		t.Errorf("no licence: %+v", ctx)
	}
}

func TestSeatTally(t *testing.T) {
	ctx := model.SeatContext{Plan: model.PlanPremium, Version: before189, Licensed: model.Some(true), Role: model.RoleUnknown}
	accounts := []model.Account{
		{State: model.StateActive, Flags: model.FlagSeat | model.FlagSeatKnown},
		{State: model.StateActive, Flags: model.FlagSeat | model.FlagSeatKnown},
		{State: model.StateActive, Flags: model.FlagSeatKnown}, // an internal account
		{State: model.StateBlocked, Flags: model.FlagSeatKnown},
	}
	var tally model.SeatTally
	if tally.ByFlag().Known() || tally.ByRule().Known() {
		t.Error("a tally of nothing gives a number")
	}
	for _, a := range accounts {
		tally.Add(model.SeatOf(a, ctx))
	}
	if tally.ByFlag() != model.Some(2) || tally.ByRule() != model.Some(3) || tally.Disagree != 1 || tally.RuleFree != 1 {
		t.Errorf("%+v", tally)
	}
	tally.Add(model.SeatOf(model.Account{State: model.StateActive}, ctx))
	if tally.ByFlag().Known() || tally.ByRule() != model.Some(4) {
		t.Errorf("an account without a flag: %+v", tally)
	}
	var free model.SeatTally
	free.Add(model.SeatOf(accounts[0], model.SeatContext{Licensed: model.Some(false)}))
	if free.ByFlag().Known() || free.ByRule().Known() {
		t.Error("without a licence somebody is counted")
	}
}

func TestSeatRulesAreOneEach(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range model.SeatRules() {
		if seen[r.ID] || r.ID == "" || r.Text == "" || !strings.HasPrefix(r.Section, "§") {
			t.Errorf("%+v is incomplete or there twice", r)
		}
		seen[r.ID] = true
	}
}

func TestWaysToFree(t *testing.T) {
	today := day(t, "2026-11-21")
	person := model.Account{State: model.StateActive, Flags: model.FlagSeat | model.FlagSeatKnown, LastActivity: today.Add(-131)}
	ultimate := model.SeatContext{Plan: model.PlanUltimate, Version: since189, Licensed: model.Some(true), Role: model.RoleUnknown}
	verbs := func(ways []model.SeatWay) (out []string) {
		for _, w := range ways {
			out = append(out, w.Verb)
		}
		return out
	}
	ways := model.WaysToFree(person, ultimate, today, 90)
	if got := verbs(ways); !slices.Equal(got, []string{"deactivate", "lower roles", "block"}) {
		t.Errorf("ways on Ultimate: %q", got)
	}
	if ways[0].Allowed != model.Some(true) || !strings.Contains(ways[0].Text, "131 days") {
		t.Errorf("131 days quiet: %+v", ways[0])
	}
	person.LastActivity = today.Add(-89)
	if w := model.WaysToFree(person, ultimate, today, 90)[0]; w.Allowed != model.Some(false) || !strings.Contains(w.Text, "2026-11-22") {
		t.Errorf("89 days quiet: %+v", w)
	}
	person.LastActivity = 0
	if w := model.WaysToFree(person, ultimate, today, 90)[0]; w.Allowed != model.Some(true) || !strings.HasPrefix(w.Text, "allowed, never active") {
		t.Errorf("never active: %+v", w)
	}
	person.LastSignIn = today.Add(-3)
	if w := model.WaysToFree(person, ultimate, today, 90)[0]; w.Allowed.Known() || strings.Contains(w.Text, "allowed") {
		t.Errorf("signed in, without any activity: %+v", w)
	}
	// Minimal Access is a role of top-level groups: no project has it.
	for high, says := range map[int]string{1: "at most Guest in one group or project", 3: "at most Guest in 3 groups and projects"} {
		ctx := ultimate
		ctx.TooHigh = model.Some(high)
		if w := model.WaysToFree(person, ctx, today, 90)[1]; w.Text != says {
			t.Errorf("%d roles too high: %q", high, w.Text)
		}
	}
	premium := ultimate
	premium.Plan = model.PlanPremium
	if w := model.WaysToFree(person, premium, today, 90)[1]; !strings.Contains(w.Text, "top-level groups") {
		t.Errorf("lower roles on Premium: %q", w.Text)
	}
	own := ultimate
	person.ID, own.Self = 7, 7
	if w := model.WaysToFree(person, own, today, 90)[2]; w.Allowed != model.Some(false) || !strings.Contains(w.Text, "block itself") {
		t.Errorf("blocking oneself: %+v", w)
	}
	own.Self = 8
	if w := model.WaysToFree(person, own, today, 90)[2]; w.Allowed != model.Some(true) {
		t.Errorf("blocking another: %+v", w)
	}
	old := ultimate
	old.Plan, old.Version = model.PlanPremium, before189
	if got := verbs(model.WaysToFree(person, old, today, 90)); !slices.Equal(got, []string{"deactivate", "block"}) {
		t.Errorf("ways on Premium before 18.9: %q", got)
	}
	person.Flags = model.FlagSeatKnown
	if got := model.WaysToFree(person, ultimate, today, 90); got != nil {
		t.Errorf("an account that takes no seat has ways to free it: %+v", got)
	}
}

func BenchmarkSeatOf(b *testing.B) {
	ctx := model.SeatContext{Plan: model.PlanUltimate, Version: since189, Licensed: model.Some(true), Role: model.RoleUnknown}
	a := model.Account{State: model.StateActive, Flags: model.FlagSeat | model.FlagSeatKnown}
	b.ReportAllocs()
	var tally model.SeatTally
	for b.Loop() {
		tally.Add(model.SeatOf(a, ctx))
	}
}
