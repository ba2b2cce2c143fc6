package model

// seatRow is one row of the table. Rows are tried from the top; the first that
// applies decides.
type seatRow struct {
	rule  SeatRule
	plans planScope
	era   seatEra
	when  seatCondition
	seat  bool
}

// planScope says for which plans a row holds.
type planScope uint8

const (
	everyPlan planScope = iota
	ultimatePlan
	otherPlans
)

// seatEra says for which versions a row holds. The eras part at 18.9, when
// Minimal Access became free outside Ultimate too (contract §6.1).
type seatEra uint8

const (
	everyEra seatEra = iota
	sinceMinimalFree
)

// seatCondition is what a row asks of the account.
type seatCondition uint8

const (
	whenAny seatCondition = iota
	whenInactive
	whenBot
	whenAboveGuest
	whenGuestElevated
	whenGuest
	whenMinimal
	whenNoMembership
)

// The rows that end the search before the table is asked.
var (
	ruleNoLicense      = SeatRule{"no-licence", "no licence: the instance counts nobody", "§5.1"}
	ruleLicenseUnknown = SeatRule{"licence-unknown", "the licence could not be read, so no rule applies", "§6.1"}
	ruleSilent         = SeatRule{"role-not-listed", "the deciding role is not in the list", "§6.1"}
	ruleCustomUnknown  = SeatRule{"custom-role-not-listed", "Guest is the highest role; whether a custom role adds to it is not in the list", "§6.1"}
	ruleInternal       = SeatRule{"internal", "accounts that GitLab made for itself take no seat", "§6.1"}
	ruleStateUnknown   = SeatRule{"state-unknown", "this program does not know the state of the account", "§5.1"}
)

// seatTable is contract §6.1 as data.
var seatTable = []seatRow{
	{SeatRule{"inactive", "accounts that are not active take no seat", "§6.1"}, everyPlan, everyEra, whenInactive, false},
	{SeatRule{"bot", "bots and service accounts take no seat", "§6.1"}, everyPlan, everyEra, whenBot, false},

	{SeatRule{"ultimate-above-guest", "Ultimate: any role above Guest, anywhere, takes a seat", "§6.1"}, ultimatePlan, everyEra, whenAboveGuest, true},
	{SeatRule{"ultimate-custom-guest", "Ultimate: a custom role on Guest with more rights takes a seat", "§6.1"}, ultimatePlan, everyEra, whenGuestElevated, true},
	{SeatRule{"ultimate-guest", "Ultimate: Guest alone takes no seat", "§6.1"}, ultimatePlan, everyEra, whenGuest, false},
	{SeatRule{"ultimate-minimal", "Ultimate: Minimal Access alone takes no seat", "§6.1"}, ultimatePlan, everyEra, whenMinimal, false},
	{SeatRule{"ultimate-no-membership", "Ultimate: an account without memberships takes no seat", "§6.1"}, ultimatePlan, everyEra, whenNoMembership, false},

	{SeatRule{"minimal-free", "since 18.9 Minimal Access alone takes no seat", "§6.1"}, otherPlans, sinceMinimalFree, whenMinimal, false},
	{SeatRule{"every-active", "every active account of a person takes a seat, whatever its role", "§6.1"}, otherPlans, everyEra, whenAny, true},
}

// tri is a yes, a no, or a don't know.
type tri uint8

const (
	no tri = iota
	yes
	maybe
)

func triOf(known, v bool) tri {
	switch {
	case !known:
		return maybe
	case v:
		return yes
	}
	return no
}

func and(a, b tri) tri {
	switch {
	case a == no || b == no:
		return no
	case a == yes && b == yes:
		return yes
	}
	return maybe
}

// decideSeat walks the table in three-valued logic. Rows that may apply are
// remembered; the answer stands only when they and the row that certainly
// applies agree. Together the rows cover every account, so where none certainly
// applies, those that may have the answer among them.
func decideSeat(a Account, ctx SeatContext) (Opt[bool], SeatRule) {
	if a.State == StateOther {
		return None[bool](), ruleStateUnknown
	}
	var first *seatRow
	agree := true
	for i := range seatTable {
		row := &seatTable[i]
		applies := row.applies(a, ctx)
		if applies == no {
			continue
		}
		if first == nil {
			first = row
		}
		agree = agree && row.seat == first.seat
		if applies == yes {
			break
		}
	}
	if first == nil || !agree {
		return None[bool](), ctx.silence()
	}
	return Some(first.seat), first.rule
}

// silence returns the rule that says why no row decides.
func (ctx SeatContext) silence() SeatRule {
	if role, known := ctx.role(); known && role == RoleGuest && ctx.Plan.IsUltimate() {
		return ruleCustomUnknown
	}
	return ruleSilent
}

func (r *seatRow) applies(a Account, ctx SeatContext) tri {
	t := r.plans.holds(ctx.Plan)
	if t == no {
		return no
	}
	if r.era == sinceMinimalFree {
		t = and(t, triOf(ctx.Version.Known(), ctx.Version.AtLeast(18, 9)))
	}
	return and(t, r.when.holds(a, ctx))
}

func (s planScope) holds(p Plan) tri {
	switch s {
	case ultimatePlan:
		return triOf(p != "", p.IsUltimate())
	case otherPlans:
		return triOf(p != "", !p.IsUltimate())
	}
	return yes
}

func (c seatCondition) holds(a Account, ctx SeatContext) tri {
	role, known := ctx.role()
	switch c {
	case whenAny:
		return yes
	case whenInactive:
		return triOf(true, a.State != StateActive)
	case whenBot:
		return triOf(true, a.Is(FlagBot))
	case whenAboveGuest:
		return triOf(known, role > RoleGuest)
	case whenGuestElevated:
		elevated, ok := ctx.CustomRole.Get()
		return and(triOf(known, role == RoleGuest), triOf(ok, elevated))
	case whenGuest:
		return triOf(known, role == RoleGuest)
	case whenMinimal:
		return triOf(known, role == RoleMinimal)
	case whenNoMembership:
		return triOf(known, role == RoleNone)
	}
	return maybe
}

// role returns the highest role and whether it is known. A zero Role is not
// taken for "no role": it is what a context has that nobody filled.
func (ctx SeatContext) role() (Role, bool) {
	if none, ok := ctx.NoMembership.Get(); ok && none {
		return RoleNone, true
	}
	if ctx.Role == RoleNone || ctx.Role == RoleUnknown {
		return RoleUnknown, false
	}
	return ctx.Role, true
}

// SeatRules returns every rule that a verdict can name, in the order in which
// they are tried.
func SeatRules() []SeatRule {
	out := []SeatRule{ruleLicenseUnknown, ruleNoLicense, ruleStateUnknown}
	for _, r := range seatTable {
		out = append(out, r.rule)
	}
	return append(out, ruleInternal, ruleCustomUnknown, ruleSilent)
}
