package model

import "slices"

// whatIf walks over a roster and counts before and after.
type whatIf struct {
	r     *Roster
	b     WhatIfBasis
	q     WhatIf
	then  SeatContext // the context under the plan that would be in force
	other bool        // the rules of that plan are not those of today

	named []uint16 // by row: which change names it, counted from 1; 0 = none
}

func newWhatIf(r *Roster, b WhatIfBasis, q WhatIf) *whatIf {
	w := &whatIf{r: r, b: b, q: q, then: b.Seats, named: make([]uint16, r.Len())}
	if b.Billable == nil {
		w.b.Billable = NewSeating(r, b.Seats, nil).Billable
	}
	w.then.Licensed = Some(true)
	if q.Plan != "" {
		w.then.Plan = q.Plan
	}
	w.other = !b.Seats.Licensed.Or(false) || w.then.Plan.IsUltimate() != b.Seats.Plan.IsUltimate()
	for k, c := range q.Changes {
		for _, row := range c.Rows {
			w.named[row] = uint16(k + 1)
		}
	}
	return w
}

// answer counts every account once.
func (w *whatIf) answer() WhatIfAnswer {
	a := WhatIfAnswer{New: w.q.New, Plan: w.then.Plan, Changed: w.then.Plan != w.b.Seats.Plan, Seats: w.b.License.Seats, NoLimit: w.b.License.NoLimit}
	var before SeatSpan
	for _, c := range w.q.Changes {
		a.Fates = slices.Grow(a.Fates, len(c.Rows))
	}
	for i := range w.r.Len() {
		f := w.fate(i)
		before.add(f.Before, 1)
		a.After.add(f.After, 1)
		a.count(f)
		a.change.move(f, w.named[i] > 0 || w.other)
		if w.named[i] > 0 {
			a.Fates = append(a.Fates, f)
		}
	}
	if w.b.Seats.Licensed.Or(false) {
		a.Before = Some(before)
	}
	w.arrive(&a)
	return a
}

// add counts n accounts.
func (s *SeatSpan) add(seat Opt[bool], n int) {
	v, known := seat.Get()
	if !known || v {
		s.Most += n
	}
	if known && v {
		s.Least += n
	}
}

// move counts by how many one account makes the billable users more. Where
// nothing touches it, it stays what it is, whatever that may be.
func (s *SeatSpan) move(f WhatIfFate, touched bool) {
	if !f.Before.Known() && !f.After.Known() && !touched {
		return
	}
	var was, is SeatSpan
	was.add(f.Before, 1)
	is.add(f.After, 1)
	s.Least += is.Least - was.Most
	s.Most += is.Most - was.Least
}

func (a *WhatIfAnswer) count(f WhatIfFate) {
	was, is := f.Before.Or(false), f.After.Or(false)
	if f.Refused != "" {
		a.Refused++
	}
	switch {
	case !f.After.Known():
		a.Unsure++
	case was && !is:
		a.Freed++
	case is && !was && f.Before.Known():
		a.Taken++
	}
}

// arrive adds the accounts to come.
func (w *whatIf) arrive(a *WhatIfAnswer) {
	seat := Some(true)
	if role, ok := w.q.NewRole.Get(); ok {
		seat = w.rule(Account{State: StateActive}, w.then, w.with(role, true))
	}
	a.After.add(seat, w.q.New)
	a.change.add(seat, w.q.New)
	switch takes, known := seat.Get(); {
	case !known:
		a.Unsure += w.q.New
	case takes:
		a.Taken += w.q.New
	}
	a.Named = len(a.Fates)
}

// fate is what the question means for one row.
func (w *whatIf) fate(i int) WhatIfFate {
	acc := w.r.Bare(i)
	f := WhatIfFate{Row: int32(i), Before: w.b.Billable(i)}
	if k := w.named[i]; k > 0 {
		c := w.q.Changes[k-1]
		f.Refused = w.refusal(acc, c)
		switch {
		case f.Refused != "":
		case c.Deed != DeedRole:
			f.After = Some(false)
			return f
		default:
			f.After = w.withRole(acc, f.Before, w.with(c.Role, true))
			return f
		}
	}
	f.After = f.Before
	if w.other {
		f.After = w.underOther(acc, f.Before, w.role(i))
	}
	return f
}

// refusal says why GitLab would not do it today (contract §5.4). What changes
// nothing is not refused.
func (w *whatIf) refusal(a Account, c WhatIfChange) WhatIfRefusal {
	switch {
	case a.State != StateActive:
	case c.Deed == DeedBlock && w.b.Seats.itself(a):
		return RefusedSelf
	case c.Deed == DeedDeactivate && !deactivates(a, w.b.Today, w.b.DormantDays).Or(true):
		return RefusedActive
	}
	return ""
}

// grant is a role that an account would have, as the rules ask for it.
type grant struct {
	role   Role
	none   bool      // no membership at all
	custom Opt[bool] // a custom role on Guest
}

// with returns the grant of a role. One that is planned is a plain one; of one
// that was read nobody knows whether a custom role sits on it.
func (w *whatIf) with(role Role, plain bool) grant {
	g := grant{role: role, none: role == RoleNone}
	if plain {
		g.custom = Some(false)
	}
	return g
}

// role is what the host driver read of a row.
func (w *whatIf) role(i int) grant {
	if w.b.Role == nil {
		return grant{role: RoleUnknown}
	}
	return w.with(w.b.Role(i).Or(RoleUnknown), false)
}

// rule asks the table alone, without the instance's flag.
func (w *whatIf) rule(a Account, ctx SeatContext, g grant) Opt[bool] {
	ctx.Role, ctx.CustomRole, ctx.NoMembership = g.role, g.custom, Some(g.none)
	a.Flags &^= FlagSeat | FlagSeatKnown
	return SeatOf(a, ctx).Billable
}

// withRole is whether the account would be billable with the role. Where the
// rules do not mind the role, the instance's own word stays: it knows accounts
// of its own that a list does not tell from people (contract §5.1).
func (w *whatIf) withRole(a Account, before Opt[bool], g grant) Opt[bool] {
	after := w.rule(a, w.then, g)
	if !w.other && after.Known() && after == w.rule(a, w.then, grant{role: RoleUnknown}) {
		return before
	}
	return after
}

// underOther is whether the account would be billable under the rules of
// another plan. Whoever takes a seat on Ultimate takes one on every plan, and
// whoever takes none elsewhere takes none there (contract §6.1).
func (w *whatIf) underOther(a Account, before Opt[bool], g grant) Opt[bool] {
	if seat, known := before.Get(); known && seat != w.then.Plan.IsUltimate() {
		return before
	}
	return w.rule(a, w.then, g)
}
