package model

import (
	"cmp"
	"slices"
	"sort"
)

// merge adds up what another goroutine counted.
func (t *tally) merge(o *tally) {
	addUp(t.states[:], o.states[:])
	addUp(t.steps[:], o.steps[:])
	addUp(t.recency[:], o.recency[:])
	for k := range t.clocks {
		addUp(t.clocks[k][:], o.clocks[k][:])
	}
	addUp(t.created, o.created)
	addUp(t.providers, o.providers)
	addUp(t.seatRecency[:], o.seatRecency[:])
	addUp(t.seatQuiet, o.seatQuiet)
	addUp(t.seatProviders, o.seatProviders)
	addUp(t.roles[:], o.roles[:])
	addUp(t.seatRoles[:], o.seatRoles[:])
	t.known += o.known
	t.seats += o.seats
	t.earlier += o.earlier
	t.later += o.later
	t.unknown += o.unknown
	t.kinds.merge(o.kinds)
	t.seatKinds.merge(o.seatKinds)
	for name, d := range o.domains {
		mine := t.domain([]byte(name))
		mine.accounts += d.accounts
		mine.billable += d.billable
	}
	for _, row := range o.quietest {
		t.offer(row)
	}
}

func addUp(into, from []int) {
	for i, n := range from {
		into[i] += n
	}
}

// breakdown is what the counts add up to.
func (t *tally) breakdown() Breakdown {
	b := Breakdown{
		Today: t.env.Today, DormantDays: t.env.DormantDays, Complete: t.r.complete,
		Accounts:  t.r.Len(),
		Kinds:     t.kinds.counts(),
		Recency:   recencyCounts(t.recency),
		Providers: t.topProviders(t.providers),
		Domains:   t.topDomains(func(d *domainTally) int { return d.accounts }),
		Roles:     t.roleCounts(t.roles),
		Created:   CreatedCounts{Earlier: t.earlier, Later: t.later, Unknown: t.unknown},
	}
	for _, s := range []State{StateActive, StateBlocked, StateLDAPBlocked, StatePending, StateBanned, StateDeactivated, StateOther} {
		b.States = append(b.States, StateCount{s.String(), t.states[s]})
	}
	for i, name := range stepNames {
		b.Waterfall = append(b.Waterfall, WaterfallStep{name, t.steps[i]})
	}
	for k, clock := range [...]Clock{ClockActivity, ClockSignIn, ClockCreated} {
		b.Clocks = append(b.Clocks, ClockCount{clock, recencyCounts(t.clocks[k])})
	}
	for k, n := range t.created {
		b.Created.Months = append(b.Created.Months, MonthCount{t.months[k], n})
	}
	if t.known > 0 {
		b.Billable, b.Seats = Some(t.seats), Some(t.seatBreakdown())
	}
	return b
}

func (t *tally) seatBreakdown() SeatBreakdown {
	s := SeatBreakdown{
		Recency:   recencyCounts(t.seatRecency),
		Quiet:     slices.Clone(t.edges),
		Kinds:     t.seatKinds.counts(),
		Providers: t.topProviders(t.seatProviders),
		Domains:   t.topDomains(func(d *domainTally) int { return d.billable }),
		Roles:     t.roleCounts(t.seatRoles),
		Quietest:  []QuietUser{},
	}
	for k, n := range t.seatQuiet {
		s.Quiet[k].Billable = n
	}
	for _, row := range t.quietest {
		a := t.r.At(int(row))
		s.Quietest = append(s.Quietest, QuietUser{a.ID, a.Username, a.Name, t.r.seen(int(row))})
	}
	return s
}

func recencyCounts(c [4]int) RecencyCounts {
	return RecencyCounts{
		Recent: c[RecencyRecent], Idle: c[RecencyIdle], Dormant: c[RecencyDormant], Never: c[RecencyNever],
	}
}

func (t *tally) topProviders(counts []int) NameCounts {
	all := make([]NameCount, 0, len(counts))
	for p, n := range counts {
		all = append(all, NameCount{t.r.providers[p], n})
	}
	return topNames(all)
}

func (t *tally) topDomains(count func(*domainTally) int) NameCounts {
	all := make([]NameCount, 0, len(t.domains))
	for name, d := range t.domains {
		all = append(all, NameCount{Text{name}, count(d)})
	}
	return topNames(all)
}

// topNames keeps the largest groups, those of the same size by name, and says
// what is beside them. Groups of nobody are left out.
func topNames(all []NameCount) NameCounts {
	all = slices.DeleteFunc(all, func(c NameCount) bool { return c.Count == 0 })
	sort.Slice(all, func(i, j int) bool {
		a, b := &all[i], &all[j]
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name.s, b.Name.s)) < 0
	})
	out := NameCounts{Top: all, Names: len(all)}
	if len(all) > breakdownTop {
		out.Top = slices.Clone(all[:breakdownTop])
		for _, c := range all[breakdownTop:] {
			out.Rest += c.Count
		}
	}
	return out
}
