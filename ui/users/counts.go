package users

import (
	"slices"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

const meaningAt = 9 // where the meanings of counts stand

// verdicts are the counts of flags and rules; false while they are counted, or
// as long as not all accounts are at hand.
func (p *Pane) verdicts() (model.SeatTally, bool) {
	c := &p.counted
	return c.value.Tally, c.done && c.at.roster == p.roster
}

// count is one known number: what it means, where it is from and when, and in
// what it differs from those above.
type count struct {
	n       model.Opt[int]
	meaning string
	from    string
	note    string
	query   string
	list    bool
}

// counts sets every count side by side that people take for the same.
func (p *Pane) counts(s *sheet) {
	same := "the same number?"
	if n, ok := p.v.Facts.License.Value.Daily.Get(); ok {
		same = "the same " + words.Int(n) + "?"
	}
	head := kit.NewLine(p.th, s.w).Value(same)
	if s.w > 50 {
		head.Label("   every count, with what it means")
	}
	s.say(head.String())
	for _, c := range p.known() {
		line := kit.NewLine(p.th, s.w).Number(meaningAt-2, p.th.Figure, words.Count(c.n)).At(meaningAt).Put(s.name(), c.meaning).Right().Label(c.from)
		if c.list {
			s.list(line, c.query)
		} else {
			s.stop(line)
		}
		if c.note == "" {
			continue
		}
		for _, l := range kit.Wrap(p.th, p.th.Label, c.note, max(s.w-meaningAt, 1)) {
			s.say(kit.NewLine(p.th, s.w).At(meaningAt).Styled(l).String())
		}
	}
}

// known lists the counts, the billable ones first.
func (p *Pane) known() []count {
	f := &p.v.Facts
	l, b, st := f.License.Value, f.Breakdown.Value, f.Statistics.Value
	age := func(a model.AsOf) string { return words.Age(a, p.v.Now, p.loc).Text }
	listed := age(f.Roster.AsOf)
	active := model.Some(inStates(b, model.StateActive))
	counted := age(f.CountedAt())
	out := []count{
		{n: l.Daily, meaning: "billable users, daily count", from: counted},
		{n: b.Billable, meaning: "accounts the instance counts", from: listed, query: "billable:yes", list: b.Billable.Known(),
			note: differs(b.Billable, l.Daily, "the daily count", words.CountCause(model.GapDaily))},
	}
	switch t, ok := p.verdicts(); {
	case !b.Billable.Known() || p.roster == nil || !p.roster.Complete():
	case ok:
		out = append(out, count{n: t.ByRule(), meaning: "billable by the rules alone", from: age(p.counted.value.At(model.CountByRule)), note: ruleNote(t)})
	default:
		out = append(out, count{meaning: "billable by the rules alone", from: listed, note: "being counted"})
	}
	return append(out,
		count{n: l.Maximum, meaning: "highest of this term", from: counted, note: map[bool]string{true: "it stays, whoever leaves"}[l.Maximum.Known()]},
		count{n: l.Seats, meaning: "seats in subscription", from: age(f.License.AsOf), note: seatNote(l)},
		count{n: active, meaning: "accounts in state active", from: listed, query: "state:active", list: true, note: activeNote(active, b.Billable)},
		count{n: st.ActiveUsers, meaning: "active users, statistics", from: age(f.Statistics.AsOf),
			note: differs(st.ActiveUsers, active, "the accounts in state active", words.CountCause(model.GapMoment))},
		count{n: model.Some(b.Accounts), meaning: "all accounts", from: listed, list: true},
		count{n: st.Users, meaning: "users, statistics", from: age(f.Statistics.AsOf), note: "GitLab estimates this one"},
	)
}

// differs says in one sentence what a number is beside another.
func differs(n, other model.Opt[int], than, why string) string {
	a, okA := n.Get()
	b, okB := other.Get()
	switch {
	case !okA || !okB:
		return ""
	case a == b:
		return "the same as " + than
	case a > b:
		return words.Int(a-b) + " more than " + than + ": " + why
	}
	return words.Int(b-a) + " fewer than " + than + ": " + why
}

// ruleNote says why the rules alone have no number, or where flags differ.
func ruleNote(t model.SeatTally) string {
	switch {
	case t.Undecided > 0:
		return words.Accounts(t.Undecided) + ": the deciding role is not listed"
	case t.Disagree > 0:
		return "flag and rule disagree about " + words.Accounts(t.Disagree) + "; the flag counts"
	case t.NoFlag > 0:
		return "the instance sends no flag for " + words.Accounts(t.NoFlag)
	}
	return "flag and rule agree about everyone"
}

// seatNote says what is left of the seats today, and at the peak.
func seatNote(l model.License) string {
	seats, ok := l.Seats.Get()
	peak, known := l.Maximum.Get()
	switch {
	case !ok || !known:
		return ""
	case peak > seats:
		return words.Free(l.Free()) + " today, " + words.Int(peak-seats) + " over at the highest"
	}
	return words.Free(l.Free()) + " today, " + words.Int(seats-peak) + " at the highest"
}

// activeNote says why active accounts are more than billable users.
func activeNote(active, billable model.Opt[int]) string {
	a, _ := active.Get()
	b, ok := billable.Get()
	if !ok || a <= b {
		return ""
	}
	return words.Int(a-b) + " more than billable users: " + words.CountCause(model.GapActive)
}

// groups says who the billable users are; the accounts where nobody is.
func (p *Pane) groups(s *sheet) {
	b := &p.v.Facts.Breakdown.Value
	kinds, providers, domains, whole, who := b.Kinds, b.Providers, b.Domains, b.Accounts, ""
	of := "of all accounts"
	if seats, ok := b.Seats.Get(); ok {
		kinds, providers, domains, whole, who = seats.Kinds, seats.Providers, seats.Domains, b.Billable.Or(0), "billable:yes "
		of = "of the " + words.Int(whole) + " billable users"
	}
	s.say(kit.NewLine(p.th, s.w).Value("who they are").Label("   " + of).String())
	for i, n := range providers.Top {
		if i == groupTop {
			break
		}
		p.share(s, "sign in by "+named(n.Name, "GitLab password"), n.Count, whole, false, who+"provider:"+quoted(n.Name))
	}
	p.share(s, "without 2FA", kinds.Without2FA, whole, true, who+"2fa:no")
	p.share(s, "external", kinds.External, whole, false, who+"external:yes")
	p.share(s, "administrators", kinds.Admins, whole, false, who+"admin:yes")
	p.roleShares(s, b, whole, who)
	for i, n := range domains.Top {
		if i == groupTop {
			break
		}
		p.share(s, "@"+named(n.Name, "no e-mail"), n.Count, whole, false, who+"domain:"+quoted(n.Name))
	}
}

// roleShares are the highest roles, where somebody read them: of the billable
// users, or of the accounts where nobody is one.
func (p *Pane) roleShares(s *sheet, b *model.Breakdown, whole int, who string) {
	roles := b.Roles
	if seats, ok := b.Seats.Get(); ok {
		roles = seats.Roles
	}
	counts, known := roles.Get()
	if !known {
		return
	}
	for _, c := range slices.Backward(counts.Counts) {
		if c.Count > 0 {
			p.share(s, "as "+c.Role.String(), c.Count, whole, false, who+"role:"+c.Role.Word().Or(""))
		}
	}
	if counts.Other > 0 {
		p.share(s, "role not read", counts.Other, whole, false, who+"role:unknown")
	}
}

// quoted writes a name as a value of the filter language; none for no name.
func quoted(t model.Text) string {
	if t.Empty() {
		return "none"
	}
	return `"` + t.String() + `"`
}

// share is name, number, and a rule for its part of the whole.
func (p *Pane) share(s *sheet, name string, n, whole int, warn bool, query string) {
	style := p.th.Accent
	if warn {
		style = p.th.Warn
	}
	end := min(34, s.w/2+6)
	line := s.line(name).At(end-6).Number(end, p.th.Value, words.Int(n)).At(end + 2)
	if room := min(s.w-end-2, kit.MaxRule); room > 2 {
		line.Styled(kit.Rule{Value: float64(n), Whole: float64(max(whole, 1)), Style: style}.Render(p.th, room))
	}
	s.list(line, query)
}
