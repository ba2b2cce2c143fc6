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
// seats, 22–159 over", "1,000 seats, between 12 over and 30 free", "no limit".
func WhatIfLeft(a model.WhatIfAnswer) string {
	left, ok := a.Left.Get()
	switch {
	case a.NoLimit:
		return "no limit"
	case !ok:
		return Unknown
	}
	return Seats(a.Seats.Or(0)) + ", " + leftBetween(left)
}

// leftBetween is [Free] of what lies between two bounds.
func leftBetween(left model.SeatSpan) string {
	least, most := Free(model.Some(left.Least)), Free(model.Some(left.Most))
	switch {
	case left.Least == left.Most:
		return least
	case left.Least >= 0:
		return Int(left.Least) + "–" + most
	case left.Most < 0:
		return Int(-left.Most) + "–" + least
	}
	return "between " + least + " and " + most
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

// upTo writes what lies between two bounds: "12 seats", "3–12 seats", "up to 12
// seats" where it may be none.
func upTo(s model.SeatSpan, noun func(int) string) string {
	switch _, exact := s.Exact(); {
	case exact:
		return noun(s.Most)
	case s.Least <= 0:
		return "up to " + noun(s.Most)
	}
	return Int(s.Least) + "–" + noun(s.Most)
}

// aboutSpan is [About] of what lies between two bounds.
func aboutSpan(m *model.MoneySpan) string {
	switch {
	case m.Least == m.Most:
		return About(m.Most)
	case m.Least.Cents == 0:
		return "up to " + About(m.Most)
	}
	return About(m.Least) + "–" + m.Most.String()
}

// WhatIfNewcomers names the accounts to come and what is taken for granted of
// them: "25 accounts more as Guest", "25 accounts more, each with a seat".
func WhatIfNewcomers(n int, role model.Opt[model.Role]) string {
	s := Accounts(n) + " more"
	switch r, ok := role.Get(); {
	case !ok:
		return s + ", each with a seat"
	case r == model.RoleNone:
		return s + " without a role"
	default:
		return s + " as " + r.String()
	}
}

// WhatIfWarning says that it costs, and how much; empty when it does not.
func WhatIfWarning(a model.WhatIfAnswer) string {
	extra, ok := a.Extra.Get()
	if !ok || extra.Most == 0 {
		return ""
	}
	s := upTo(extra, Seats) + " more over the subscription than now"
	price, priced := a.Price.Get()
	switch {
	case !priced:
		return s + "; the price of a seat is not known"
	case a.ToTermEnd != nil:
		s += ": " + aboutSpan(a.ToTermEnd) + " to the end of the term, "
	default:
		s += ": " + aboutSpan(extra.Times(price)) + " a year, "
	}
	return s + price.Origin() + " a seat and year"
}

// WhatIfNotes says in sentences what the numbers do not: what GitLab does not
// give back, and what an answer rests on.
func WhatIfNotes(a model.WhatIfAnswer, renewal model.Day) []string {
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if peak, ok := a.PeakAfter.Get(); ok && a.Freed > 0 && a.Peak == a.PeakAfter {
		owed := "."
		if a.Over.Or(model.SeatSpan{}).Least > 0 {
			owed = ": what is owed for it is owed."
		}
		add("The maximum of the term stays at %s, whoever leaves%s", Span(peak), owed)
	}
	if a.Saved.Or(model.SeatSpan{}).Most > 0 {
		when, much, price := "the renewal", "", " The price of a seat is not known."
		if renewal.Known() {
			when += " on " + Date(renewal)
		}
		if a.FromRenewal != nil {
			much, price = aboutSpan(a.FromRenewal)+" a year ", ""
		}
		add("Freed seats save %sfrom %s, not before: seats can be reduced only then.%s", much, when, price)
	}
	costs := a.Extra.Or(model.SeatSpan{}).Most > 0
	if costs && a.Quarterly != nil {
		add("Where the subscription is reconciled quarterly, quarter %d finds %s.", a.Quarter.Or(0), aboutSpan(a.Quarterly))
	}
	if costs && a.TrueUp != nil {
		add("Where it is trued up once a year, that finds %s.", aboutSpan(a.TrueUp))
	}
	if price, priced := a.Price.Get(); a.Changed && priced {
		add("Every seat has another price on %s: %s seats are %s a year, %s a seat.", a.Plan.Title(), Span(a.After), aboutSpan(a.After.Times(price)), price.Origin())
	} else if a.Changed {
		add("Every seat has another price on %s. It is not known here, so nothing says what %s seats would cost.", a.Plan.Title(), Span(a.After))
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
