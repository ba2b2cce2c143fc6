package model

// Seating says of every row of one roster whether the account takes a seat and
// why, by the list and by the roles that the GitLab server told, where somebody
// asked it. It is immutable.
type Seating struct {
	Context SeatContext // of accounts from a list, without a role
	Roles   RoleColumn
	roster  *Roster
	judge   *seatJudge
}

// NewSeating returns the seating of a roster. Without roles the list alone
// speaks.
func NewSeating(r *Roster, ctx SeatContext, roles *HostRoles) *Seating {
	told := roles.On(r)
	return &Seating{Context: ctx, Roles: told, roster: r, judge: newSeatJudge(ctx, told)}
}

// Of returns the verdict for a row. The result is shared: read it only.
func (s *Seating) Of(row int) *SeatVerdict {
	return s.judge.of(s.roster.state[row], s.roster.flags[row], s.Roles.Of(row))
}

// Billable reports whether the account of a row counts.
func (s *Seating) Billable(row int) Opt[bool] { return s.Of(row).Counted() }

// Why returns the id of the rule that decided about a row.
func (s *Seating) Why(row int) string { return s.Of(row).Rule.ID }

// Role returns the highest role of a row.
func (s *Seating) Role(row int) Opt[Role] { return s.Roles.Of(row).Role() }

// withHost returns the context with what the server keeps of an account.
//
// The kept role follows memberships with a delay, the word on billable does not
// (gitlab-host §5.1): where on Ultimate somebody counts with a role that cannot,
// the role is an older one and says nothing. A Guest who counts has a custom
// role that takes a seat; that holds only while the rules are those by which the
// server counted.
func (ctx SeatContext) withHost(h HostRole, ultimate bool) SeatContext {
	seat, said := h.Billable().Get()
	ctx.Uncounted = said && !seat
	role, known := h.Role().Get()
	if !known {
		return ctx
	}
	if ultimate && ctx.Plan.IsUltimate() && said {
		switch {
		case seat && role < RoleGuest:
			return ctx
		case role == RoleGuest:
			ctx.CustomRole = Some(seat)
		}
	}
	ctx.Role, ctx.NoMembership = role, Some(role == RoleNone)
	return ctx
}

// Env returns the environment of filters over the roster of the seating.
// dormant is the instance's dormancy period in days.
func (s *Seating) Env(today Day, dormant int) QueryEnv {
	env := QueryEnv{Today: today, DormantDays: dormant, Billable: s.Billable, Why: s.Why, Seats: s}
	if s.Roles.Known() {
		env.Role = s.Role
	}
	return env
}

// Sort is [SortIndex] with what the environment knows besides: the roles.
func (e QueryEnv) Sort(r *Roster, idx Index, key SortKey, desc bool) Index {
	if key != SortRole || e.Role == nil {
		return SortIndex(r, idx, key, desc)
	}
	return SortIndexBy(idx, func(row int32) uint32 {
		role, ok := e.Role(int(row)).Get()
		return known(uint32(role), ok)
	}, desc)
}
