package model_test

import (
	"testing"
	"time"

	"seatdeck/model"
)

// told is what contract §6.1 says of one kind of account once the GitLab server
// told its role: the rule that decides on Premium before 18.9, on Premium since,
// and on Ultimate in both eras. A rule with "+" takes a seat.
type told struct {
	kind                       string
	state                      model.State
	flags                      model.Flags
	level                      int // 0: no membership
	oldPremium, premium, ultim string
}

// toldTable is contract §6.1, row by row and column by column, written by hand.
// GitLab's own accounts are not told from people by REST (contract §5.1); they
// are here by what list and server say of them together.
var toldTable = []told{
	{"Guest only", model.StateActive, 0, 10, "every-active+", "every-active+", "ultimate-guest"},
	{"Minimal Access only", model.StateActive, 0, 5, "every-active+", "minimal-free", "ultimate-minimal"},
	{"no membership at all", model.StateActive, 0, 0, "every-active+", "every-active+", "ultimate-no-membership"},
	{"custom role on Guest", model.StateActive, 0, 10, "every-active+", "every-active+", "ultimate-custom-guest+"},
	{"Planner", model.StateActive, 0, 15, "every-active+", "every-active+", "ultimate-above-guest+"},
	{"Reporter", model.StateActive, 0, 20, "every-active+", "every-active+", "ultimate-above-guest+"},
	{"Developer", model.StateActive, 0, 30, "every-active+", "every-active+", "ultimate-above-guest+"},
	{"Maintainer", model.StateActive, 0, 40, "every-active+", "every-active+", "ultimate-above-guest+"},
	{"Owner", model.StateActive, 0, 50, "every-active+", "every-active+", "ultimate-above-guest+"},
	{"pending access request only", model.StateActive, 0, 0, "every-active+", "every-active+", "ultimate-no-membership"},
	{"project access-token bot", model.StateActive, model.FlagBot, 40, "bot", "bot", "bot"},
	{"group access-token bot", model.StateActive, model.FlagBot, 50, "bot", "bot", "bot"},
	{"service account", model.StateActive, model.FlagBot, 30, "bot", "bot", "bot"},
	{"internal bot", model.StateActive, model.FlagBot, 0, "bot", "bot", "bot"},
	{"ghost", model.StateActive, 0, 0, "internal", "internal", "ultimate-no-membership"},
	{"placeholder with a role", model.StateActive, 0, 30, "internal", "internal", "internal"},
	{"import user with Minimal Access", model.StateActive, 0, 5, "internal", "minimal-free", "ultimate-minimal"},
	{"import user with Guest", model.StateActive, 0, 10, "internal", "internal", "ultimate-guest"},
	{"blocked", model.StateBlocked, 0, 50, "inactive", "inactive", "inactive"},
	{"LDAP-blocked", model.StateLDAPBlocked, 0, 50, "inactive", "inactive", "inactive"},
	{"deactivated", model.StateDeactivated, 0, 30, "inactive", "inactive", "inactive"},
	{"banned", model.StateBanned, 0, 10, "inactive", "inactive", "inactive"},
	{"pending approval", model.StatePending, 0, 0, "inactive", "inactive", "inactive"},
	{"external Developer", model.StateActive, model.FlagExternal, 30, "every-active+", "every-active+", "ultimate-above-guest+"},
	{"external Guest", model.StateActive, model.FlagExternal, 10, "every-active+", "every-active+", "ultimate-guest"},
	{"external with Minimal Access", model.StateActive, model.FlagExternal, 5, "every-active+", "minimal-free", "ultimate-minimal"},
	{"auditor without memberships", model.StateActive, model.FlagAuditor, 0, "every-active+", "every-active+", "ultimate-no-membership"},
	{"auditor who is an Owner", model.StateActive, model.FlagAuditor, 50, "every-active+", "every-active+", "ultimate-above-guest+"},
	{"administrator without memberships", model.StateActive, model.FlagAdmin, 0, "every-active+", "every-active+", "ultimate-no-membership"},
	{"administrator with Guest", model.StateActive, model.FlagAdmin, 10, "every-active+", "every-active+", "ultimate-guest"},
}

// hostTells are roles that a server tells of one account.
func hostTells(t *testing.T, plan model.Plan, rows ...model.HighestRole) *model.HostRoles {
	t.Helper()
	b := &model.HostRolesBuilder{}
	for _, h := range rows {
		if err := b.Add(h); err != nil {
			t.Fatal(err)
		}
	}
	return b.Build(model.AsOf{At: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC), Source: model.SourceHost}, plan)
}

func levelOf(n int) model.Opt[int] {
	if n == 0 {
		return model.None[int]()
	}
	return model.Some(n)
}

// TestEveryCellWithRoles: with the roles of the server every cell is decided by
// the rule, with and without GitLab's flag beside it, and the same by account
// and by row.
func TestEveryCellWithRoles(t *testing.T) {
	cells := 0
	for _, c := range toldTable {
		for _, col := range []struct {
			plan model.Plan
			v    model.Version
			rule string
		}{
			{model.PlanPremium, before189, c.oldPremium}, {model.PlanPremium, since189, c.premium},
			{model.PlanUltimate, before189, c.ultim}, {model.PlanUltimate, since189, c.ultim},
		} {
			cells++
			rule, want := col.rule, false
			if end := len(rule) - 1; rule[end] == '+' {
				rule, want = rule[:end], true
			}
			where := c.kind + " on " + string(col.plan) + " " + col.v.String()
			a := model.Account{ID: 7, State: c.state, Flags: c.flags | model.FlagSeatKnown}
			if want {
				a.Flags |= model.FlagSeat
			}
			ctx := model.SeatContext{Plan: col.plan, Version: col.v, Licensed: model.Some(true), Role: model.RoleUnknown}
			roles := hostTells(t, col.plan, model.HighestRole{UserID: 7, Level: levelOf(c.level), Billable: model.Some(want)})
			r := model.NewRoster([]model.Account{a}, model.AsOf{}, true)
			v := *model.NewSeating(r, ctx, roles).Of(0)
			if got, ok := v.Billable.Get(); !ok || got != want || v.Rule.ID != rule || !v.Decided || !v.Agrees.Or(false) || v.Rule.Section != "§6.1" {
				t.Errorf("%s: billable %v by %s, want %v by %s: %+v", where, got, v.Rule.ID, want, rule, v)
			}
			why := model.ExplainSeat(a, roles.Context(ctx, 7), model.None[[]model.Membership](), day(t, "2026-11-21"), 90)
			if why.Verdict != v || why.Role != model.Some(model.Role(c.level)) || why.RoleFrom != model.SourceHost {
				t.Errorf("%s: explained as %+v", where, why)
			}
		}
	}
	t.Logf("%d kinds, %d cells", len(toldTable), cells)
}

// TestRolesThatSayNothing: a role that cannot be, one of another plan's rules,
// and one that nobody read leave the list's verdict.
func TestRolesThatSayNothing(t *testing.T) {
	active := model.Account{ID: 7, State: model.StateActive, Flags: model.FlagSeat | model.FlagSeatKnown}
	ultimate := model.SeatContext{Plan: model.PlanUltimate, Version: since189, Licensed: model.Some(true), Role: model.RoleUnknown}
	tests := []struct {
		name string
		told *model.HostRoles
		rule string
	}{
		{"nobody asked", nil, "role-not-listed"},
		{"made since", hostTells(t, model.PlanUltimate, model.HighestRole{UserID: 6, Level: model.Some(50)}), "role-not-listed"},
		{"counts without a membership", hostTells(t, model.PlanUltimate, model.HighestRole{UserID: 7, Billable: model.Some(true)}), "role-not-listed"},
		{"counts with Minimal Access", hostTells(t, model.PlanUltimate, model.HighestRole{UserID: 7, Level: model.Some(5), Billable: model.Some(true)}), "role-not-listed"},
		{"Guest, read under other rules", hostTells(t, model.PlanPremium, model.HighestRole{UserID: 7, Level: model.Some(10), Billable: model.Some(true)}), "custom-role-not-listed"},
		{"Guest, no word", hostTells(t, model.PlanUltimate, model.HighestRole{UserID: 7, Level: model.Some(10)}), "custom-role-not-listed"},
		{"a level of the future", hostTells(t, model.PlanUltimate, model.HighestRole{UserID: 7, Level: model.Some(60), Billable: model.Some(true)}), "role-not-listed"},
	}
	for _, tt := range tests {
		v := model.SeatOf(active, tt.told.Context(ultimate, 7))
		if v.Decided || v.Rule.ID != tt.rule || v.Billable != model.Some(true) {
			t.Errorf("%s: %+v", tt.name, v)
		}
	}
	// Only both words together make an account GitLab's own: the flag alone may
	// lag, and the server's word may be of a day when the account was blocked.
	told := hostTells(t, model.PlanUltimate, model.HighestRole{UserID: 7, Level: model.Some(30), Billable: model.Some(false)})
	if v := model.SeatOf(active, told.Context(ultimate, 7)); v.Rule.ID != "ultimate-above-guest" || v.Billable != model.Some(true) || v.Agrees != model.Some(true) {
		t.Errorf("the server alone: %+v", v)
	}
	active.Flags &^= model.FlagSeat
	yes := hostTells(t, model.PlanUltimate, model.HighestRole{UserID: 7, Level: model.Some(30), Billable: model.Some(true)})
	if v := model.SeatOf(active, yes.Context(ultimate, 7)); v.Rule.ID != "ultimate-above-guest" || v.Agrees != model.Some(false) || v.Counted() != model.Some(false) {
		t.Errorf("the flag alone: %+v", v)
	}
}

// TestMembershipsWinOverTheServer: what was just read of one account is newer
// than what the server kept.
func TestMembershipsWinOverTheServer(t *testing.T) {
	a := model.Account{ID: 7, State: model.StateActive, Flags: model.FlagSeat | model.FlagSeatKnown}
	ctx := model.SeatContext{Plan: model.PlanUltimate, Version: since189, Licensed: model.Some(true), Role: model.RoleUnknown}
	told := hostTells(t, model.PlanUltimate, model.HighestRole{UserID: 7, Level: model.Some(5), Billable: model.Some(false)})
	why := model.ExplainSeat(a, told.Context(ctx, 7), model.Some([]model.Membership{in(model.RoleDeveloper)}), day(t, "2026-11-21"), 90)
	if m, ok := why.Deciding.Get(); !ok || m.Role != model.RoleDeveloper || why.Role != model.Some(model.RoleDeveloper) || why.RoleFrom != model.SourceLive {
		t.Errorf("%+v", why)
	}
}
