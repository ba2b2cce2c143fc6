package words_test

import (
	"strings"
	"testing"
	"time"

	"seatdeck/model"
	"seatdeck/ui/words"
)

func TestWhyWords(t *testing.T) {
	owner := model.Membership{SourceName: model.Clean("platform"), SourceType: model.Clean("Namespace"), Role: model.RoleOwner}
	guest := model.Membership{SourceName: model.Clean("docs"), SourceType: model.Clean("Project"), Role: model.RoleGuest}
	ctx := model.SeatContext{Plan: model.PlanUltimate, Version: model.Version{Major: 19, Minor: 5}, Licensed: model.Some(true), Role: model.RoleUnknown}
	why := func(a model.Account, list model.Opt[[]model.Membership]) model.SeatWhy {
		return model.ExplainSeat(a, ctx, list, model.Date(2026, 11, 21), 90)
	}
	read := time.Date(2026, 11, 21, 9, 52, 0, 0, time.UTC)
	told := func(a model.Account, level int) model.SeatWhy {
		b := &model.HostRolesBuilder{}
		h := model.HighestRole{UserID: 7, Level: model.Some(level), Billable: model.Some(level > 10)}
		if err := b.Add(h); err != nil {
			t.Fatal(err)
		}
		roles := b.Build(model.AsOf{At: read, Source: model.SourceHost}, model.PlanUltimate)
		return model.ExplainSeat(a, roles.Context(ctx, 7), model.None[[]model.Membership](), model.Date(2026, 11, 21), 90)
	}
	some := func(m ...model.Membership) model.Opt[[]model.Membership] { return model.Some(m) }
	active := model.Account{State: model.StateActive, Flags: model.FlagSeat | model.FlagSeatKnown}
	free := model.Account{State: model.StateActive, Flags: model.FlagSeatKnown}
	bare := ctx
	bare.Licensed = model.Some(false)
	unlicensed := model.ExplainSeat(free, bare, some(guest), model.Date(2026, 11, 21), 90)
	pairs(t, []pair{
		{words.Deciding(why(active, some(guest, owner))), "Owner in platform (group)"},
		{words.Deciding(why(active, model.None[[]model.Membership]())), "memberships were not read"},
		{words.Deciding(why(active, some(guest))), "nothing certain; the highest is Guest in docs (project)"},
		{words.Deciding(why(free, some())), "no membership at all"},
		{words.Deciding(why(model.Account{State: model.StateBlocked}, some(owner))), "no role is needed to decide"},
		{words.Deciding(unlicensed), "no role is needed to decide"},
		{words.Deciding(told(active, 30)), "Developer, the highest role; where it is held was not read"},
		{words.Deciding(told(free, 0)), "no membership at all"},
		{words.Deciding(told(model.Account{ID: 7, State: model.StateBlocked}, 30)), "no role is needed to decide"},
		{words.HighestRole(told(active, 30), model.AsOf{At: read}, read.Add(time.Hour), time.UTC), "Developer, on the GitLab server, read 09:52"},
		{words.HighestRole(why(active, some(guest, owner)), model.AsOf{}, read, time.UTC), "Owner, by its memberships"},
		{words.HighestRole(why(active, model.None[[]model.Membership]()), model.AsOf{}, read, time.UTC), "–"},
		{words.SeatRule(why(active, some(owner))), "ultimate-above-guest · Ultimate 19.5 · contract §6.1"},
		{words.SeatFlag(why(active, some(owner)).Verdict), "yes, the rule agrees"},
		{words.SeatFlag(why(free, some(owner)).Verdict), "no, the rule says otherwise"},
		{words.SeatFlag(why(free, some(guest)).Verdict), "no"},
		{words.SeatFlag(why(model.Account{State: model.StateActive}, some()).Verdict), "–, the instance does not say"},
	})
}

func TestWhatIfWords(t *testing.T) {
	span := func(least, most int) model.SeatSpan { return model.SeatSpan{Least: least, Most: most} }
	left := func(least, most int) model.WhatIfAnswer {
		return model.WhatIfAnswer{Seats: model.Some(1000), Left: model.Some(span(least, most))}
	}
	cents := func(least, most int64) *model.MoneySpan {
		return &model.MoneySpan{Least: model.Money{Cents: least, Currency: "USD"}, Most: model.Money{Cents: most, Currency: "USD"}}
	}
	price := model.Price{SeatYear: model.Money{Cents: 34800, Currency: "USD"}}
	costs := model.WhatIfAnswer{WhatIfCost: model.WhatIfCost{Extra: model.Some(span(3, 3)), Price: model.Some(price), ToTermEnd: cents(28603, 28603)}}
	unpriced := model.WhatIfAnswer{WhatIfCost: model.WhatIfCost{Extra: model.Some(span(1, 1))}}
	some, perhaps := costs, costs
	some.Extra, some.ToTermEnd = model.Some(span(3, 99)), cents(28603, 943899)
	perhaps.Extra, perhaps.ToTermEnd = model.Some(span(0, 99)), cents(0, 943899)
	pairs(t, []pair{
		{words.Span(span(962, 962)), "962"}, {words.Span(span(962, 1099)), "962–1,099"}, {words.SpanOpt(model.None[model.SeatSpan]()), "–"},
		{words.WhatIfLeft(left(38, 38)), "1,000 seats, 38 free"}, {words.WhatIfLeft(left(-12, -12)), "1,000 seats, 12 over"},
		{words.WhatIfLeft(left(-99, 38)), "1,000 seats, between 99 over and 38 free"}, {words.WhatIfLeft(left(-159, -22)), "1,000 seats, 22–159 over"},
		{words.WhatIfLeft(left(12, 56)), "1,000 seats, 12–56 free"}, {words.WhatIfLeft(left(0, 56)), "1,000 seats, 0–56 free"},
		{words.WhatIfLeft(left(-9, 0)), "1,000 seats, between 9 over and 0 free"}, {words.WhatIfLeft(model.WhatIfAnswer{}), "–"},
		{words.WhatIfLeft(model.WhatIfAnswer{NoLimit: true}), "no limit"},
		{words.WhatIfEffect(model.WhatIfAnswer{}), "no seat changes"},
		{words.WhatIfEffect(model.WhatIfAnswer{Freed: 1, Taken: 2, Refused: 3, Unsure: 4}), "1 seat freed, 2 seats taken, 3 refused and 4 undecided"},
		{words.WhatIfWarning(model.WhatIfAnswer{}), ""},
		{words.WhatIfWarning(costs), "3 seats more over the subscription than now: ≈ $286 to the end of the term, at your $348 a seat and year"},
		{words.WhatIfWarning(some), "3–99 seats more over the subscription than now: ≈ $286–$9,439 to the end of the term, at your $348 a seat and year"},
		{words.WhatIfWarning(perhaps), "up to 99 seats more over the subscription than now: up to ≈ $9,439 to the end of the term, at your $348 a seat and year"},
		{words.WhatIfNewcomers(25, model.Some(model.RoleGuest)), "25 accounts more as Guest"},
		{words.WhatIfNewcomers(1, model.Some(model.RoleNone)), "1 account more without a role"},
		{words.WhatIfNewcomers(25, model.None[model.Role]()), "25 accounts more, each with a seat"},
		{words.WhatIfWarning(unpriced), "1 seat more over the subscription than now; the price of a seat is not known"},
		{words.WhatIfRefusal(model.RefusedActive, 90), "GitLab deactivates only after 90 days without activity"},
		{words.WhatIfRefusal("", 90), ""},
	})
	freed := model.WhatIfAnswer{Freed: 2, WhatIfCost: model.WhatIfCost{Peak: model.Some(span(987, 987)), PeakAfter: model.Some(span(987, 987)), Over: model.Some(span(0, 0)),
		Saved: model.Some(span(2, 2)), FromRenewal: cents(69600, 69600)}}
	notes := strings.Join(words.WhatIfNotes(freed, model.Date(2027, 3, 1)), "\n")
	for _, says := range []string{"stays at 987", "$696 a year from the renewal on 2027-03-01, not before"} {
		if !strings.Contains(notes, says) {
			t.Errorf("%q is not in\n%s", says, notes)
		}
	}
	if strings.Contains(notes, "owed") {
		t.Errorf("nothing is owed:\n%s", notes)
	}
	freed.Over = model.Some(span(12, 12))
	if notes := strings.Join(words.WhatIfNotes(freed, 0), "\n"); !strings.Contains(notes, "what is owed for it is owed") {
		t.Errorf("twelve are owed:\n%s", notes)
	}
	freed.FromRenewal = nil
	if notes := strings.Join(words.WhatIfNotes(freed, model.Date(2027, 3, 1)), "\n"); !strings.Contains(notes, "from the renewal on 2027-03-01, not before: seats can be reduced only then. The price of a seat is not known.") {
		t.Errorf("savings without a price:\n%s", notes)
	}
	freed.PeakAfter = model.Some(span(990, 990)) // it does not stay: somebody else comes
	if notes := strings.Join(words.WhatIfNotes(freed, 0), "\n"); strings.Contains(notes, "stays at") || !strings.Contains(notes, "from the renewal, not before") {
		t.Errorf("a peak that grows:\n%s", notes)
	}
	other := model.WhatIfAnswer{Plan: model.PlanUltimate, Changed: true, After: span(812, 944)}
	if notes := strings.Join(words.WhatIfNotes(other, 0), "\n"); notes != "Every seat has another price on Ultimate. It is not known here, so nothing says what 812–944 seats would cost." {
		t.Errorf("a plan without a price:\n%s", notes)
	}
	other.Plan, other.Price = model.PlanPremium, model.Some(price)
	if notes := strings.Join(words.WhatIfNotes(other, 0), "\n"); !strings.Contains(notes, "812–944 seats are ≈ $282,576–$328,512 a year") {
		t.Errorf("a range of seats at one amount:\n%s", notes)
	}
}

// TestGapWords: every cause has a sentence of its own with its numbers.
func TestGapWords(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range []model.GapCause{
		model.GapUnlicensed, model.GapDaily, model.GapCached, model.GapFlags, model.GapDisagree, model.GapUndecided,
		model.GapPeak, model.GapSeats, model.GapActive, model.GapInactive, model.GapMoment, model.GapEstimate,
	} {
		s := words.CountGap(model.CountGap{Cause: c, A: 1234, B: 1200})
		if seen[s] || !strings.HasSuffix(s, ".") || c != model.GapUnlicensed && !strings.Contains(s, "1,234") {
			t.Errorf("%s: %q", c, s)
		}
		seen[s] = true
	}
	if s := words.CountGap(model.CountGap{Cause: model.GapSeats, A: 950, B: 962}); s != "Billable users (962) are 12 more than the seats in subscription (950)." {
		t.Errorf("%q", s)
	}
}

// TestStepWords: a step has a name of its own, and another only where nobody is counted.
func TestStepWords(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range []model.StepName{
		model.StepBlocked, model.StepLDAPBlocked, model.StepPending, model.StepBanned, model.StepDeactivated, model.StepOtherState,
		model.StepBot, model.StepRole, model.StepUnknown,
	} {
		name, free := words.Step(s, true), words.Step(s, false)
		if name == "" || seen[name] || (name != free) != (s == model.StepUnknown) {
			t.Errorf("%s: %q, without a licence %q", s, name, free)
		}
		seen[name] = true
	}
	pairs(t, []pair{{strings.Join(words.Clocks(nil, 120)[0], " "), "clock 0–30 d 31–119 d 120+ d never "}})
}
