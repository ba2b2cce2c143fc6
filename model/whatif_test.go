package model_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"seatdeck/model"
)

// person is an account with what no list tells of it.
type person struct {
	id       int64
	state    model.State
	bot      bool
	internal bool // ghost and the like: REST calls them neither bot nor person
	role     model.Role
	custom   bool // a custom role on Guest occupies a seat
	quiet    int  // days since the last activity; -1 = never
}

// seat is the seat rule of contract §6.1 once more, from what is true rather
// than from what is listed.
func (p person) seat(plan model.Plan, minimalFree bool) bool {
	if p.state != model.StateActive || p.bot || p.internal {
		return false
	}
	if plan == model.PlanUltimate {
		return p.role > model.RoleGuest || p.role == model.RoleGuest && p.custom
	}
	return p.role != model.RoleMinimal || !minimalFree
}

// do changes a person as a change of a question would.
func (p person) do(c model.WhatIfChange) (_ person, left bool) {
	switch c.Deed {
	case model.DeedRemove:
		return p, true
	case model.DeedBlock:
		if p.state == model.StateActive {
			p.state = model.StateBlocked
		}
	case model.DeedDeactivate: // GitLab refuses who was seen within the period, contract §5.4
		if p.state == model.StateActive && (p.quiet < 0 || p.quiet >= 90) {
			p.state = model.StateDeactivated
		}
	case model.DeedRole:
		p.role, p.custom = c.Role, false
	}
	return p, false
}

var allRoles = []model.Role{model.RoleNone, model.RoleMinimal, model.RoleGuest, model.RolePlanner, model.RoleReporter, model.RoleDeveloper, model.RoleMaintainer, model.RoleOwner}

var whatIfToday = model.Date(2026, 11, 21)

func crowd(rng *rand.Rand, n int, internals bool) []person {
	out := make([]person, n)
	for i := range out {
		p := person{id: int64(i + 1), state: model.StateActive, role: allRoles[rng.IntN(len(allRoles))], quiet: rng.IntN(200) - 1}
		switch rng.IntN(12) {
		case 0:
			p.state = model.State(2 + rng.IntN(5))
		case 1:
			p.bot = true
		case 2:
			p.internal = internals
		case 3:
			p.role, p.custom = model.RoleGuest, true
		}
		out[i] = p
	}
	return out
}

// listed is what a list shows of the people.
func listed(people []person, plan model.Plan, minimalFree bool) *model.Roster {
	b := model.NewRosterBuilder(len(people))
	for _, p := range people {
		a := model.Account{ID: p.id, Username: model.Clean("u"), State: p.state, Flags: model.FlagSeatKnown}
		if p.bot {
			a.Flags |= model.FlagBot
		}
		if p.seat(plan, minimalFree) {
			a.Flags |= model.FlagSeat
		}
		if p.quiet >= 0 {
			a.LastActivity = whatIfToday.Add(-p.quiet)
		}
		b.Add(a)
	}
	return b.Build(model.Live(whatIfToday.Time()), true)
}

func randomChanges(rng *rand.Rand, n int) []model.WhatIfChange {
	var out []model.WhatIfChange
	for range rng.IntN(4) {
		c := model.WhatIfChange{Deed: []model.WhatIfDeed{model.DeedBlock, model.DeedDeactivate, model.DeedRemove, model.DeedRole, model.DeedRole}[rng.IntN(5)], Role: allRoles[rng.IntN(len(allRoles))]}
		for i := range n {
			if rng.IntN(5) == 0 {
				c.Rows = append(c.Rows, int32(i))
			}
		}
		out = append(out, c)
	}
	return out
}

// recount makes the changes on the people themselves and counts them again.
func recount(people []person, q model.WhatIf, plan model.Plan, minimalFree bool) int {
	last := map[int]model.WhatIfChange{}
	for _, c := range q.Changes {
		for _, row := range c.Rows {
			last[int(row)] = c
		}
	}
	n := 0
	for i, p := range people {
		gone := false
		if c, ok := last[i]; ok {
			p, gone = p.do(c)
		}
		if !gone && p.seat(plan, minimalFree) {
			n++
		}
	}
	return n
}

// TestWhatIfEqualsRecomputation: a thousand random selections on every plan in
// both eras, against making the changes and counting from scratch.
func TestWhatIfEqualsRecomputation(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 2026))
	eras := []struct {
		plan model.Plan
		v    model.Version
	}{{model.PlanPremium, before189}, {model.PlanPremium, since189}, {model.PlanUltimate, before189}, {model.PlanUltimate, since189}}
	for range 1000 {
		era := eras[rng.IntN(len(eras))]
		free := era.v == since189
		people := crowd(rng, 1+rng.IntN(60), true)
		r := listed(people, era.plan, free)
		q := model.WhatIf{Changes: randomChanges(rng, len(people))}
		b := model.WhatIfBasis{Seats: model.SeatContext{Plan: era.plan, Version: era.v, Licensed: model.Some(true), Role: model.RoleUnknown}, Today: whatIfToday, DormantDays: 90}
		for i, p := range people { // nobody plans a role for what GitLab made for itself
			if !p.internal {
				continue
			}
			for k := range q.Changes {
				if q.Changes[k].Deed == model.DeedRole {
					q.Changes[k].Rows = without(q.Changes[k].Rows, int32(i))
				}
			}
		}
		a, err := model.WhatIfOf(r, b, q)
		if err != nil {
			t.Fatal(err)
		}
		want := recount(people, q, era.plan, free)
		if got, exact := a.After.Exact(); !exact || got != want {
			t.Fatalf("%s %s: after is %+v, want %d", era.plan, era.v, a.After, want)
		}
		before := recount(people, model.WhatIf{}, era.plan, free)
		if got := a.Before.Or(model.SeatSpan{}); got.Least != before || got.Most != before {
			t.Fatalf("%s %s: before is %+v, want %d", era.plan, era.v, got, before)
		}
		if a.Taken-a.Freed != want-before || a.Unsure != 0 {
			t.Fatalf("%d taken, %d freed, %d unsure do not lead from %d to %d", a.Taken, a.Freed, a.Unsure, before, want)
		}
	}
}

func without(rows model.Index, row int32) model.Index {
	var out model.Index
	for _, r := range rows {
		if r != row {
			out = append(out, r)
		}
	}
	return out
}

// TestWhatIfOtherPlan: the truth always lies in the span, and the span is as
// narrow as the list allows; with roles read it is one number.
func TestWhatIfOtherPlan(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 2026))
	plans := []model.Plan{model.PlanPremium, model.PlanUltimate}
	for range 1000 {
		free := rng.IntN(2) == 0
		v := map[bool]model.Version{false: before189, true: since189}[free]
		from, to := plans[rng.IntN(2)], plans[rng.IntN(2)]
		people := crowd(rng, 1+rng.IntN(60), false)
		q := model.WhatIf{Changes: randomChanges(rng, len(people)), Plan: to}
		b := model.WhatIfBasis{Seats: model.SeatContext{Plan: from, Version: v, Licensed: model.Some(true), Role: model.RoleUnknown}, Today: whatIfToday, DormantDays: 90}
		want := recount(people, q, to, free)
		a, err := model.WhatIfOf(listed(people, from, free), b, q)
		if err != nil {
			t.Fatal(err)
		}
		if a.After.Least > want || a.After.Most < want || a.After.Most-a.After.Least != a.Unsure {
			t.Fatalf("%s to %s %s: %+v with %d unsure, the truth is %d", from, to, v, a.After, a.Unsure, want)
		}
		if from == to && a.Unsure > 0 || from == model.PlanUltimate && !free && a.Unsure > 0 {
			t.Fatalf("%s to %s %s: %d unsure, but the list decides", from, to, v, a.Unsure)
		}
		for i := range people { // a custom role is told by nobody
			people[i].custom = false
		}
		want = recount(people, q, to, free)
		b.Role = func(row int) model.Opt[model.Role] { return model.Some(people[row].role) }
		a, err = model.WhatIfOf(listed(people, from, free), b, q)
		if err != nil {
			t.Fatal(err)
		}
		guests := 0
		for _, p := range people {
			if p.role == model.RoleGuest {
				guests++
			}
		}
		if a.After.Least > want || a.After.Most < want || a.Unsure > guests || a.Unsure > 0 && (to != model.PlanUltimate || from == to) {
			t.Fatalf("%s to %s %s with roles: %+v with %d unsure, the truth is %d", from, to, v, a.After, a.Unsure, want)
		}
	}
}

// basis is an Ultimate of ten seats, all taken, with a peak of ten; its term
// runs from March to March, and 100 days of it are left.
func basis(t *testing.T) (*model.Roster, model.WhatIfBasis) {
	t.Helper()
	people := make([]person, 10)
	for i := range people {
		people[i] = person{id: int64(i + 1), state: model.StateActive, role: model.RoleDeveloper, quiet: 100}
	}
	return listed(people, model.PlanUltimate, true), model.WhatIfBasis{
		Seats: model.SeatContext{Plan: model.PlanUltimate, Version: since189, Licensed: model.Some(true), Role: model.RoleUnknown},
		License: model.License{Kind: model.KindOnlineCloud, Plan: model.PlanUltimate, Seats: model.Some(10), Maximum: model.Some(10),
			Starts: day(t, "2026-03-01"), Ends: day(t, "2027-03-01")},
		Today: whatIfToday, DormantDays: 90, Price: model.Some(model.Price{SeatYear: usd(348)}),
	}
}

// exactly is a number that is known to the last.
func exactly(n int) model.Opt[model.SeatSpan] { return model.Some(model.SeatSpan{Least: n, Most: n}) }

func amount(m model.Money) model.MoneySpan { return model.MoneySpan{Least: m, Most: m} }

// spent is an amount, that of nothing where it is not known.
func spent(m *model.MoneySpan) model.MoneySpan {
	if m == nil {
		return model.MoneySpan{}
	}
	return *m
}

// between is a number of which two bounds are known.
func between(least, most int) model.Opt[model.SeatSpan] {
	return model.Some(model.SeatSpan{Least: least, Most: most})
}

// TestWhatIfKeepsRanges: of an Ultimate with ten in developer roles and five who
// take no seat nobody knows whether the five would on Premium, where only
// Minimal Access is free (contract §6.1). Nothing that follows is more certain.
func TestWhatIfKeepsRanges(t *testing.T) {
	_, b := basis(t)
	people := make([]person, 15)
	for i := range people {
		people[i] = person{id: int64(i + 1), state: model.StateActive, role: model.RoleDeveloper, quiet: 100}
		if i >= 10 {
			people[i].role = model.RoleMinimal
		}
	}
	r := listed(people, model.PlanUltimate, true)
	b.License.Seats, b.License.Maximum = model.Some(12), model.Some(11)
	a, err := model.WhatIfOf(r, b, model.WhatIf{Plan: model.PlanPremium})
	if err != nil {
		t.Fatal(err)
	}
	if a.Peak != exactly(11) || a.PeakAfter != between(11, 15) || a.Over != exactly(0) || a.OverAfter != between(0, 3) || a.Extra != between(0, 3) {
		t.Errorf("%+v", a.WhatIfCost)
	}
	if got := spent(a.TrueUp); got != (model.MoneySpan{Least: usd(0), Most: usd(1044)}) {
		t.Errorf("%+v", got)
	}
	if got := spent(a.ToTermEnd); got.Least != usd(0) || got.Most.Cents != 28603 { // three seats for 100 days
		t.Errorf("%+v", got)
	}
	// What nobody is sure of today and nobody touches cancels out: three blocked
	// of those that surely count are three seats fewer, whoever the others are.
	b.Billable = func(row int) model.Opt[bool] {
		if row >= 10 {
			return model.None[bool]()
		}
		return model.Some(true)
	}
	a, err = model.WhatIfOf(r, b, model.WhatIf{Changes: []model.WhatIfChange{{Rows: model.Index{0, 1, 2}, Deed: model.DeedBlock}}})
	if err != nil || a.Peak != between(11, 15) || a.PeakAfter != between(11, 15) || a.Extra != exactly(0) || a.Saved != exactly(3) || spent(a.FromRenewal) != amount(usd(1044)) {
		t.Errorf("%+v, %v", a.WhatIfCost, err)
	}
}

// TestWhatIfCost restates contract §6.2 (ten seats, a peak of thirteen: three
// owed) and the worked examples of §10: k × P/4 × (4 − n), and k × P.
func TestWhatIfCost(t *testing.T) {
	r, b := basis(t)
	for _, tt := range []struct {
		on        string
		quarter   int
		quarterly model.Money
		toEnd     int64 // cents: 3 × 34,800 × days left / 365
	}{
		{"2026-03-01", 1, usd(783), 104400},
		{"2026-05-31", 1, usd(783), 78372}, // 274 days
		{"2026-06-01", 2, usd(522), 78085}, // 273 days
		{"2026-11-21", 3, usd(261), 28603}, // 100 days
		{"2026-12-01", 4, usd(0), 25742},   // 90 days
		{"2027-02-28", 4, usd(0), 286},     // one day
	} {
		b.Today = day(t, tt.on)
		a, err := model.WhatIfOf(r, b, model.WhatIf{New: 3})
		if err != nil {
			t.Fatal(err)
		}
		if a.PeakAfter != exactly(13) || a.Over != exactly(0) || a.OverAfter != exactly(3) || a.Extra != exactly(3) {
			t.Errorf("on %s: %+v", tt.on, a.WhatIfCost)
		}
		if a.Quarter != model.Some(tt.quarter) || spent(a.Quarterly) != amount(tt.quarterly) {
			t.Errorf("on %s: quarter %v costs %v, want %d and %v", tt.on, a.Quarter, a.Quarterly, tt.quarter, tt.quarterly)
		}
		if spent(a.ToTermEnd) != amount(model.Money{Cents: tt.toEnd, Currency: "USD"}) {
			t.Errorf("on %s: to the end of the term %v, want %d cents", tt.on, a.ToTermEnd, tt.toEnd)
		}
		if spent(a.TrueUp) != amount(usd(1044)) || a.FromRenewal != nil {
			t.Errorf("on %s: true-up %v, saved %v", tt.on, a.TrueUp, a.FromRenewal)
		}
	}
}

// TestWhatIfGivesNothingBack: freed seats lower neither the peak nor what is
// owed; they save from the renewal on (contract §6.2, §6.5).
func TestWhatIfGivesNothingBack(t *testing.T) {
	r, b := basis(t)
	b.License.Maximum = model.Some(12)
	a, err := model.WhatIfOf(r, b, model.WhatIf{Changes: []model.WhatIfChange{{Rows: model.Index{0, 1, 2}, Deed: model.DeedBlock}}})
	if err != nil {
		t.Fatal(err)
	}
	if a.After != (model.SeatSpan{Least: 7, Most: 7}) || a.Freed != 3 || a.Left != model.Some(model.SeatSpan{Least: 3, Most: 3}) || a.Fits() != model.Some(true) {
		t.Errorf("%+v", a)
	}
	if a.PeakAfter != exactly(12) || a.OverAfter != exactly(2) || a.Extra != exactly(0) || spent(a.FromRenewal) != amount(usd(1044)) || spent(a.ToTermEnd) != amount(usd(0)) {
		t.Errorf("%+v", a.WhatIfCost)
	}
	// Up to the peak newcomers cost nothing more, though there is no seat for them.
	a, err = model.WhatIfOf(r, b, model.WhatIf{New: 2})
	if err != nil || a.Extra != exactly(0) || a.Fits() != model.Some(false) {
		t.Errorf("two more under the peak: %+v, %v", a, err)
	}
	// What today's list has above the peak is in tonight's count whatever is planned.
	b.License.Maximum = model.Some(9)
	a, err = model.WhatIfOf(r, b, model.WhatIf{New: 1})
	if err != nil || a.Peak != exactly(10) || a.PeakAfter != exactly(11) {
		t.Errorf("a peak of yesterday: %+v, %v", a.WhatIfCost, err)
	}
}

func TestWhatIfRefusals(t *testing.T) {
	r, b := basis(t)
	b.Seats.Self, b.DormantDays = 1, 120
	all := model.Index{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}
	a, _ := model.WhatIfOf(r, b, model.WhatIf{Changes: []model.WhatIfChange{{Rows: all, Deed: model.DeedBlock}}})
	if a.Refused != 1 || a.Freed != 9 || a.Fates[0].Refused != model.RefusedSelf || a.After.Most != 1 {
		t.Errorf("blocking everybody, ourselves too: %+v", a)
	}
	a, _ = model.WhatIfOf(r, b, model.WhatIf{Changes: []model.WhatIfChange{{Rows: all, Deed: model.DeedDeactivate}}})
	if a.Refused != 10 || a.Freed != 0 || a.Fates[9].Refused != model.RefusedActive {
		t.Errorf("deactivating who was seen 100 days ago, with a period of 120: %+v", a)
	}
	// The last change that names an account counts.
	a, _ = model.WhatIfOf(r, b, model.WhatIf{Changes: []model.WhatIfChange{{Rows: all, Deed: model.DeedRemove}, {Rows: all[:4], Deed: model.DeedRole, Role: model.RoleOwner}}})
	if a.Named != 10 || a.Freed != 6 || a.After.Most != 4 {
		t.Errorf("removing all and keeping four: %+v", a)
	}

	var e *model.Error
	part := model.NewRoster([]model.Account{{ID: 1, Username: model.Clean("u")}}, model.Live(whatIfToday.Time()), false)
	if _, err := model.WhatIfOf(part, b, model.WhatIf{New: 1}); !errors.As(err, &e) || e.Class != model.ClassPartial {
		t.Errorf("a partial roster: %v", err)
	}
	b.Seats.Licensed = model.None[bool]()
	if _, err := model.WhatIfOf(r, b, model.WhatIf{New: 1}); !errors.As(err, &e) || e.Class != model.ClassFailed {
		t.Errorf("an unreadable licence: %v", err)
	}
	b.Seats.Licensed, b.License = model.Some(false), model.License{Kind: model.KindNone}
	if _, err := model.WhatIfOf(r, b, model.WhatIf{New: 1}); !errors.As(err, &e) || e.Class != model.ClassUnsupported {
		t.Errorf("no licence: %v", err)
	}
	a, err := model.WhatIfOf(r, b, model.WhatIf{Plan: model.PlanPremium})
	if err != nil || a.Before.Known() || a.Extra.Known() || a.Fits().Known() {
		t.Errorf("from no licence to Premium: %+v, %v", a, err)
	}
}

// TestWhatIfNewcomers: a role that is free on the plan takes no seat.
func TestWhatIfNewcomers(t *testing.T) {
	r, b := basis(t)
	for _, tt := range []struct {
		plan model.Plan
		v    model.Version
		role model.Opt[model.Role]
		more int
	}{
		{model.PlanUltimate, since189, model.None[model.Role](), 5}, {model.PlanUltimate, since189, model.Some(model.RoleGuest), 0},
		{model.PlanUltimate, since189, model.Some(model.RoleReporter), 5}, {model.PlanUltimate, since189, model.Some(model.RoleNone), 0},
		{model.PlanPremium, since189, model.Some(model.RoleGuest), 5}, {model.PlanPremium, since189, model.Some(model.RoleMinimal), 0},
		{model.PlanPremium, before189, model.Some(model.RoleMinimal), 5}, {model.PlanPremium, before189, model.Some(model.RoleNone), 5},
	} {
		b.Seats.Plan, b.Seats.Version = tt.plan, tt.v
		a, err := model.WhatIfOf(r, b, model.WhatIf{New: 5, NewRole: tt.role})
		if got, exact := a.After.Exact(); err != nil || !exact || got != 10+tt.more {
			t.Errorf("five %v on %s %s: %+v, %v; want %d more", tt.role, tt.plan, tt.v, a.After, err, tt.more)
		}
		if a.Fits() != model.Some(tt.more == 0) {
			t.Errorf("five %v on %s %s fit: %v", tt.role, tt.plan, tt.v, a.Fits())
		}
	}
	b.License.NoLimit, b.License.Seats = true, model.None[int]()
	if a, _ := model.WhatIfOf(r, b, model.WhatIf{New: 5}); a.Fits() != model.Some(true) || a.Left.Known() {
		t.Errorf("no limit: %+v", a)
	}
}

func BenchmarkWhatIf(b *testing.B) {
	people := crowd(rand.New(rand.NewPCG(1, 1)), 100_000, true)
	r := listed(people, model.PlanUltimate, true)
	basis := model.WhatIfBasis{Seats: model.SeatContext{Plan: model.PlanUltimate, Version: since189, Licensed: model.Some(true), Role: model.RoleUnknown}, Today: whatIfToday, DormantDays: 90}
	q := model.WhatIf{Changes: []model.WhatIfChange{{Rows: r.All(), Deed: model.DeedDeactivate}}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := model.WhatIfOf(r, basis, q); err != nil {
			b.Fatal(err)
		}
	}
}
