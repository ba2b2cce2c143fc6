package model

import (
	"cmp"
	"slices"
	"sort"
)

// SeatWhy is everything that can be said about the seat of one account: the
// verdict, what it rests on, and what would change it.
type SeatWhy struct {
	Verdict SeatVerdict `json:"verdict"`
	Plan    Plan        `json:"plan"`    // whose rules were asked
	Version Version     `json:"version"` // decides the era of the rules

	// Role is the highest role that decided with, and RoleFrom where it is from:
	// SourceLive for memberships that were read, SourceHost for the GitLab
	// server's own word, "" where no role is known.
	Role     Opt[Role] `json:"highest_role"`
	RoleFrom Source    `json:"highest_role_source"`
	ByRole   bool      `json:"by_role"` // without the role the rules could not have decided

	// Memberships are the direct ones, the highest role first; unknown when
	// nobody read them.
	Memberships Opt[[]Membership] `json:"memberships"`
	// Deciding is the membership without which the rules could not have
	// decided; unknown where they need none, or none decides.
	Deciding Opt[Membership] `json:"deciding_membership"`

	Ways []SeatWay `json:"ways_to_free"` // what would free the seat, see [WaysToFree]
}

// Cheapest returns the first way to free the seat that GitLab would not refuse
// today; false for an account without a seat.
func (w SeatWhy) Cheapest() (SeatWay, bool) { return CheapestWay(w.Ways) }

// ExplainSeat answers for one account. memberships are all its direct ones,
// unknown when they were not read; ctx is that of the list the account is from.
// today and dormant are as in [WaysToFree].
func ExplainSeat(a Account, ctx SeatContext, memberships Opt[[]Membership], today Day, dormant int) SeatWhy {
	w := SeatWhy{Plan: ctx.Plan, Version: ctx.Version}
	listed := ctx
	listed.Role, listed.NoMembership, listed.CustomRole = RoleUnknown, None[bool](), None[bool]()
	if list, ok := memberships.Get(); ok {
		list = slices.Clone(list)
		sort.SliceStable(list, func(i, j int) bool {
			a, b := &list[i], &list[j]
			return cmp.Or(cmp.Compare(b.Role.rank(), a.Role.rank()), cmp.Compare(a.SourceName.s, b.SourceName.s)) < 0
		})
		w.Memberships = Some(list)
		ctx = ctx.With(list)
	}
	if role, known := ctx.role(); known {
		w.Role, w.RoleFrom = Some(role), SourceHost
		if memberships.Known() {
			w.RoleFrom = SourceLive
		}
	}
	w.Verdict = SeatOf(a, ctx)
	w.ByRole = w.Verdict.Decided && !SeatOf(a, listed).Decided
	if list := w.Memberships.Or(nil); w.ByRole && len(list) > 0 {
		w.Deciding = Some(list[0])
	}
	w.Ways = WaysToFree(a, ctx, today, dormant)
	return w
}

// rank orders roles, the unknown below all others.
func (r Role) rank() int {
	if r == RoleUnknown {
		return -1
	}
	return int(r)
}

// With returns the context with what all direct memberships of an account tell.
// They are the rows that GitLab itself decides by (contract §6.1), so the
// highest role among them is the account's: what reaches it through a parent
// group or an invited group is never more. Whether a custom role sits on a
// Guest they do not tell.
func (ctx SeatContext) With(memberships []Membership) SeatContext {
	ctx.NoMembership = Some(len(memberships) == 0)
	highest, unread, high := RoleNone, false, 0
	for _, m := range memberships {
		switch {
		case m.Role == RoleUnknown:
			unread = true
			continue
		case m.Role > RoleGuest:
			high++
		}
		highest = max(highest, m.Role)
	}
	if !unread || highest > RoleGuest {
		ctx.Role = highest
	}
	ctx.TooHigh = Some(high)
	return ctx
}
