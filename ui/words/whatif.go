package words

import (
	"fmt"
	"time"

	"seatdeck/model"
)

// Span returns a number of users: 944, or 812–944 where it is only known to lie
// between the two.
func Span(s model.SeatSpan) string {
	if n, exact := s.Exact(); exact {
		return Int(n)
	}
	return Int(s.Least) + "–" + Int(s.Most)
}

// SpanOpt is [Span] of what may be unknown.
func SpanOpt(s model.Opt[model.SeatSpan]) string {
	if v, ok := s.Get(); ok {
		return Span(v)
	}
	return Unknown
}

// WhatIfLeft returns what is left of the seats: "1,000 seats, 56 free", "1,000
// seats, 12 over", "1,000 seats, 12 over to 30 free", "no limit".
func WhatIfLeft(a model.WhatIfAnswer) string {
	left, ok := a.Left.Get()
	switch {
	case a.NoLimit:
		return "no limit"
	case !ok:
		return Unknown
	}
	s := Seats(a.Seats.Or(0)) + ", " + Free(model.Some(left.Least))
	if left.Least != left.Most {
		s += " to " + Free(model.Some(left.Most))
	}
	return s
}

// WhatIfEffect returns what a question does: "18 seats freed, 2 taken, 12
// refused".
func WhatIfEffect(a model.WhatIfAnswer) string {
	var parts []string
	for _, p := range []struct {
		n    int
		text string
	}{
		{a.Freed, Seats(a.Freed) + " freed"}, {a.Taken, Seats(a.Taken) + " taken"},
		{a.Refused, Int(a.Refused) + " refused"}, {a.Unsure, Int(a.Unsure) + " undecided"},
	} {
		if p.n > 0 {
			parts = append(parts, p.text)
		}
	}
	if len(parts) == 0 {
		return "no seat changes"
	}
	return List(parts)
}

// WhatIfRefusal says why GitLab would not do it.
func WhatIfRefusal(r model.WhatIfRefusal, dormant int) string {
	switch r {
	case model.RefusedActive:
		return "GitLab deactivates only after " + Days(dormant) + " without activity"
	case model.RefusedSelf:
		return "GitLab does not let an account block itself"
	}
	return ""
}

// WhatIfWarning says that it costs, and how much; empty when it does not.
func WhatIfWarning(a model.WhatIfAnswer) string {
	n, ok := a.Extra.Get()
	if !ok || n == 0 {
		return ""
	}
	s := Seats(n) + " more over the subscription than now"
	price, priced := a.Price.Get()
	cost, dated := a.ToTermEnd.Get()
	switch {
	case priced && dated:
		return s + ": " + About(cost) + " to the end of the term, " + price.Origin() + " a seat and year"
	case priced:
		return s + ": " + About(price.TrueUp(n)) + " a year, " + price.Origin() + " a seat and year"
	}
	return s + "; the price of a seat is not known"
}

// WhatIfNotes says in sentences what the numbers do not: what GitLab does not
// give back, and what an answer rests on.
func WhatIfNotes(a model.WhatIfAnswer, renewal model.Day) []string {
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if peak, ok := a.PeakAfter.Get(); ok && a.Freed > 0 && a.Peak == a.PeakAfter {
		add("The maximum of the term stays at %s, whoever leaves: what is owed for it is owed.", Int(peak))
	}
	if m, ok := a.FromRenewal.Get(); ok {
		when := "the renewal"
		if renewal.Known() {
			when = "the renewal on " + Date(renewal)
		}
		add("Freed seats save %s from %s, not before: seats can be reduced only then.", AYear(m), when)
	}
	if q, ok := a.Quarter.Get(); ok && a.Extra.Or(0) > 0 {
		if m, ok := a.Quarterly.Get(); ok {
			add("Where the subscription is reconciled quarterly, quarter %d finds %s.", q, About(m))
		}
	}
	if m, ok := a.TrueUp.Get(); ok && a.Extra.Or(0) > 0 {
		add("Where it is trued up once a year, that finds %s.", About(m))
	}
	if price, ok := a.Price.Get(); ok && a.Changed {
		add("Every seat has another price on %s: %s seats are %s a year, %s a seat.", a.Plan.Title(), Span(a.After), About(price.SeatYear.Times(a.After.Most)), price.Origin())
	}
	if a.Changed && !a.Plan.IsUltimate() {
		add("Accounts that GitLab made for itself, such as ghosts, look like people in a list: they may be counted here, and take no seat.")
	}
	if a.Unsure > 0 {
		add("For %s the role decides, and a list carries none: the truth lies between the two numbers.", Accounts(a.Unsure))
	}
	if a.Refused > 0 {
		add("GitLab would refuse %s of the changes today; they are counted as not made.", Int(a.Refused))
	}
	return out
}

// WhatIfRenewal is the day freed seats save from, unknown without an end of the
// term.
func WhatIfRenewal(l model.License, now time.Time) model.Day {
	if l.Ends.Known() && l.Ends >= model.DayOf(now) {
		return l.Ends
	}
	return 0
}
