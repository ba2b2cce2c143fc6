package model_test

import (
	"strings"
	"testing"

	"seatdeck/model"
)

// in is a membership of a group or project with a role.
func in(r model.Role) model.Membership {
	return model.Membership{SourceID: int64(r) + 1, SourceName: model.Clean("g-" + r.String()), SourceType: model.Clean("Project"), Role: r}
}

// cell is what contract §6.1 says of one kind of account: whether it takes a
// seat on Premium before 18.9, on Premium since, and on Ultimate.
type cell struct {
	kind                            string
	state                           model.State
	flags                           model.Flags
	member                          []model.Membership // direct, without requests, as the instance lists them
	custom                          bool               // a custom role on Guest occupies a seat: no list tells
	beforePremium, premium, ultim   bool
	ruleOldPremium, rulePrem, ruleU string // the row that decides, by its id
}

// table is contract §6.1, row by row and column by column, written by hand.
var table = []cell{
	{"Guest only", model.StateActive, 0, []model.Membership{in(model.RoleGuest)}, false, true, true, false, "every-active", "every-active", "custom-role-not-listed"},
	{"Minimal Access only", model.StateActive, 0, []model.Membership{in(model.RoleMinimal)}, false, true, false, false, "every-active", "minimal-free", "ultimate-minimal"},
	{"no membership at all", model.StateActive, 0, nil, false, true, true, false, "every-active", "every-active", "ultimate-no-membership"},
	{"custom role on Guest", model.StateActive, 0, []model.Membership{in(model.RoleGuest)}, true, true, true, true, "every-active", "every-active", "custom-role-not-listed"},
	{"Planner", model.StateActive, 0, []model.Membership{in(model.RolePlanner)}, false, true, true, true, "every-active", "every-active", "ultimate-above-guest"},
	{"Reporter", model.StateActive, 0, []model.Membership{in(model.RoleReporter), in(model.RoleGuest)}, false, true, true, true, "every-active", "every-active", "ultimate-above-guest"},
	{"Developer", model.StateActive, 0, []model.Membership{in(model.RoleGuest), in(model.RoleDeveloper)}, false, true, true, true, "every-active", "every-active", "ultimate-above-guest"},
	{"Maintainer", model.StateActive, 0, []model.Membership{in(model.RoleMaintainer)}, false, true, true, true, "every-active", "every-active", "ultimate-above-guest"},
	{"Owner", model.StateActive, 0, []model.Membership{in(model.RoleOwner)}, false, true, true, true, "every-active", "every-active", "ultimate-above-guest"},
	{"pending access request only", model.StateActive, 0, nil, false, true, true, false, "every-active", "every-active", "ultimate-no-membership"},
	{"project access-token bot", model.StateActive, model.FlagBot, []model.Membership{in(model.RoleMaintainer)}, false, false, false, false, "bot", "bot", "bot"},
	{"service account", model.StateActive, model.FlagBot, []model.Membership{in(model.RoleDeveloper)}, false, false, false, false, "bot", "bot", "bot"},
	{"internal bot", model.StateActive, model.FlagBot, nil, false, false, false, false, "bot", "bot", "bot"},
	{"blocked", model.StateBlocked, 0, []model.Membership{in(model.RoleOwner)}, false, false, false, false, "inactive", "inactive", "inactive"},
	{"LDAP-blocked", model.StateLDAPBlocked, 0, []model.Membership{in(model.RoleOwner)}, false, false, false, false, "inactive", "inactive", "inactive"},
	{"deactivated", model.StateDeactivated, 0, []model.Membership{in(model.RoleOwner)}, false, false, false, false, "inactive", "inactive", "inactive"},
	{"banned", model.StateBanned, 0, []model.Membership{in(model.RoleOwner)}, false, false, false, false, "inactive", "inactive", "inactive"},
	{"pending approval", model.StatePending, 0, nil, false, false, false, false, "inactive", "inactive", "inactive"},
	{"external with a role", model.StateActive, model.FlagExternal, []model.Membership{in(model.RoleDeveloper)}, false, true, true, true, "every-active", "every-active", "ultimate-above-guest"},
	{"external Guest", model.StateActive, model.FlagExternal, []model.Membership{in(model.RoleGuest)}, false, true, true, false, "every-active", "every-active", "custom-role-not-listed"},
	{"auditor without memberships", model.StateActive, model.FlagAuditor, nil, false, true, true, false, "every-active", "every-active", "ultimate-no-membership"},
	{"administrator without memberships", model.StateActive, model.FlagAdmin, nil, false, true, true, false, "every-active", "every-active", "ultimate-no-membership"},
}

// TestEveryCellOfTheSeatTable asks for the reason as a person would: from a
// list, and with the memberships read. The instance sends the flag that the
// contract says; neither what counts nor the rule may differ from it.
func TestEveryCellOfTheSeatTable(t *testing.T) {
	today := day(t, "2026-11-21")
	for _, c := range table {
		for _, col := range []struct {
			plan model.Plan
			v    model.Version
			want bool
			rule string
		}{
			{model.PlanPremium, before189, c.beforePremium, c.ruleOldPremium}, {model.PlanPremium, since189, c.premium, c.rulePrem},
			{model.PlanUltimate, before189, c.ultim, c.ruleU}, {model.PlanUltimate, since189, c.ultim, c.ruleU},
		} {
			where := c.kind + " on " + string(col.plan) + " " + col.v.String()
			a := model.Account{State: c.state, Flags: c.flags | model.FlagSeatKnown}
			if col.want {
				a.Flags |= model.FlagSeat
			}
			ctx := model.SeatContext{Plan: col.plan, Version: col.v, Licensed: model.Some(true), Role: model.RoleUnknown}

			listed := model.ExplainSeat(a, ctx, model.None[[]model.Membership](), today, 90)
			if got, ok := listed.Verdict.Counted().Get(); !ok || got != col.want || !listed.Verdict.Agrees.Or(true) {
				t.Errorf("%s, from the list: %+v, want %v", where, listed.Verdict, col.want)
			}
			if listed.Deciding.Known() || listed.Memberships.Known() {
				t.Errorf("%s: memberships that nobody read: %+v", where, listed)
			}

			why := model.ExplainSeat(a, ctx, model.Some(c.member), today, 90)
			v := why.Verdict
			if got, ok := v.Counted().Get(); !ok || got != col.want || v.Rule.ID != col.rule || v.Rule.Section != "§6.1" {
				t.Errorf("%s: billable %v by %s (%s), want %v by %s", where, v.Counted(), v.Rule.ID, v.Rule.Section, col.want, col.rule)
			}
			if v.Decided && !v.Agrees.Or(false) {
				t.Errorf("%s: the rule %s does not agree with the contract's own flag", where, v.Rule.ID)
			}
			if _, can := why.Cheapest(); can != col.want {
				t.Errorf("%s: a way to free the seat %v, want %v: %+v", where, can, col.want, why.Ways)
			}
			if m, ok := why.Deciding.Get(); ok && m != why.Memberships.Or(nil)[0] {
				t.Errorf("%s: the deciding membership %+v is not the highest of %+v", where, m, why.Memberships)
			}
			if byRole := strings.HasPrefix(v.Rule.ID, "ultimate-") && len(c.member) > 0; byRole && !why.Deciding.Known() {
				t.Errorf("%s: decided by a role, but no membership is named", where)
			}
		}
	}
}

// TestAccountsThatOnlyTheFlagTells: ghost, placeholder and import users are no
// bots to REST, so the rules take them for people. The flag is what counts.
func TestAccountsThatOnlyTheFlagTells(t *testing.T) {
	ghost := model.Account{State: model.StateActive, Flags: model.FlagSeatKnown}
	for _, plan := range []model.Plan{model.PlanPremium, model.PlanUltimate} {
		for _, v := range []model.Version{before189, since189} {
			ctx := model.SeatContext{Plan: plan, Version: v, Licensed: model.Some(true), Role: model.RoleUnknown}
			why := model.ExplainSeat(ghost, ctx, model.Some([]model.Membership{}), day(t, "2026-11-21"), 90)
			if got, ok := why.Verdict.Counted().Get(); !ok || got || len(why.Ways) > 0 {
				t.Errorf("%s %s: %+v", plan, v, why)
			}
		}
	}
}

func TestExplainSeatHalfRead(t *testing.T) {
	ctx := model.SeatContext{Plan: model.PlanUltimate, Version: since189, Licensed: model.Some(true), Role: model.RoleUnknown}
	a := model.Account{State: model.StateActive, Flags: model.FlagSeat | model.FlagSeatKnown, LastActivity: day(t, "2026-11-20")}
	today := day(t, "2026-11-21")
	odd := model.Membership{SourceName: model.Clean("odd"), Role: model.RoleUnknown}

	// A role that could not be read tells nothing; one above Guest tells enough.
	why := model.ExplainSeat(a, ctx, model.Some([]model.Membership{odd, in(model.RoleGuest)}), today, 90)
	if why.Verdict.Decided || why.Deciding.Known() {
		t.Errorf("an unreadable role decides: %+v", why)
	}
	why = model.ExplainSeat(a, ctx, model.Some([]model.Membership{odd, in(model.RoleGuest), in(model.RoleOwner)}), today, 90)
	if m, ok := why.Deciding.Get(); !ok || m.Role != model.RoleOwner || !why.Verdict.Decided {
		t.Errorf("an Owner beside an unreadable role: %+v", why)
	}
	// Seen yesterday: GitLab refuses to deactivate, so the roles are cheapest.
	if w, ok := why.Cheapest(); !ok || w.Verb != "lower roles" || !strings.Contains(w.Text, "one group or project") {
		t.Errorf("cheapest: %+v", w)
	}
	// A flag that disagrees is not argued away.
	a.Flags &^= model.FlagSeat
	why = model.ExplainSeat(a, ctx, model.Some([]model.Membership{in(model.RoleOwner)}), today, 90)
	if v := why.Verdict; v.Agrees != model.Some(false) || v.Counted() != model.Some(false) || v.Billable != model.Some(true) {
		t.Errorf("rule and flag: %+v", v)
	}
}
