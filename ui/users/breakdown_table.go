package users

import (
	"fmt"

	"seatdeck/model"
	"seatdeck/ui/words"
)

// The breakdown's table has every row that its drawings leave out: steps of the
// waterfall that take nothing, ranges with nobody in them, smaller groups. Each
// block says which population it counts.

const (
	tableEnd   = 44 // right end of the numbers
	tableShare = 52 // right end of the shares
)

// tableSheets are the blocks of the table.
func (p *Pane) tableSheets() []func(*sheet) {
	b := &p.v.Facts.Breakdown.Value
	out := []func(*sheet){p.fallTable, p.stateTable, p.recencyTable("active people by last sign of life", b.Recency, activePeople), p.clockRows}
	if seats, ok := b.Seats.Get(); ok {
		out = append(out, p.recencyTable("billable users by last sign of life", seats.Recency, "billable:yes "), p.quietTable(seats))
		out = append(out, p.rolesTable("billable users by highest role", seats.Roles, "billable:yes "))
		out = append(out, p.namesTable("billable users by identity provider", seats.Providers, "billable:yes provider:", "GitLab password"),
			p.namesTable("billable users by e-mail domain", seats.Domains, "billable:yes domain:", "no e-mail"))
	}
	return append(out, p.rolesTable("accounts by highest role", b.Roles, ""),
		p.namesTable("accounts by identity provider", b.Providers, "provider:", "GitLab password"),
		p.namesTable("accounts by e-mail domain", b.Domains, "domain:", "no e-mail"), p.kindTable, p.monthTable)
}

// entry is a row of the table: name, number, and its part of the whole.
func (p *Pane) entry(s *sheet, name string, n, whole int, query string) {
	line := s.line(name).Number(tableEnd, p.th.Value, words.Int(n))
	if whole > 0 {
		line.Number(tableShare, p.th.Label, words.Percent(n, whole))
	}
	s.list(line, query)
}

// fallTable is the waterfall with all its steps.
func (p *Pane) fallTable(s *sheet) {
	b := &p.v.Facts.Breakdown.Value
	s.say(p.label(s.w, "from accounts to billable users"))
	p.entry(s, "accounts", b.Accounts, b.Accounts, "")
	for _, step := range b.Waterfall {
		title, query := p.step(step.Step)
		p.entry(s, p.th.Glyph.Minus+" "+title, step.Accounts, b.Accounts, query)
	}
	if n, ok := b.Billable.Get(); ok {
		p.entry(s, "= billable users", n, b.Accounts, "billable:yes")
		return
	}
	s.stop(s.line("= billable users").Number(tableEnd, p.th.Value, words.Unknown).At(tableEnd + 2).Label(p.noTotal()))
}

func (p *Pane) stateTable(s *sheet) {
	b := &p.v.Facts.Breakdown.Value
	s.say(p.label(s.w, "accounts by state"))
	for _, c := range b.States {
		st := model.ParseState(c.State)
		word := c.State
		if st == model.StatePending {
			word = "pending"
		}
		p.entry(s, st.Title(), c.Accounts, b.Accounts, "state:"+word)
	}
}

// recencyTable counts by recency; who is the filter for the population.
func (p *Pane) recencyTable(title string, c model.RecencyCounts, who string) func(*sheet) {
	return func(s *sheet) {
		s.say(p.label(s.w, title))
		whole := c.Recent + c.Idle + c.Dormant + c.Never
		for _, r := range []model.Recency{model.RecencyRecent, model.RecencyIdle, model.RecencyDormant, model.RecencyNever} {
			p.entry(s, r.String(), c.Of(r), whole, who+"recency:"+r.String())
		}
	}
}

func (p *Pane) quietTable(seats model.SeatBreakdown) func(*sheet) {
	return func(s *sheet) {
		s.say(p.label(s.w, "billable users by days since they were seen"))
		whole := p.v.Facts.Breakdown.Value.Billable.Or(0)
		for _, q := range seats.Quiet {
			p.entry(s, quietSpan(q), q.Billable, whole, quietQuery(q))
		}
	}
}

// rolesTable counts by highest role; nothing where nobody read them.
func (p *Pane) rolesTable(title string, roles model.Opt[model.RoleCounts], who string) func(*sheet) {
	return func(s *sheet) {
		c, known := roles.Get()
		if !known {
			return
		}
		s.say(p.label(s.w, title+" · "+words.Age(c.AsOf, p.v.Now, p.loc).Text))
		whole := c.Other
		for _, r := range c.Counts {
			whole += r.Count
		}
		for _, r := range c.Counts {
			p.entry(s, r.Role.String(), r.Count, whole, who+"role:"+r.Role.Word().Or(""))
		}
		p.entry(s, "not read", c.Other, whole, who+"role:unknown")
	}
}

// namesTable lists the largest groups, and what is beside them.
func (p *Pane) namesTable(title string, c model.NameCounts, query, none string) func(*sheet) {
	return func(s *sheet) {
		if len(c.Top) == 0 {
			return
		}
		s.say(p.label(s.w, title))
		whole := c.Rest
		for _, n := range c.Top {
			whole += n.Count
		}
		for _, n := range c.Top {
			p.entry(s, named(n.Name, none), n.Count, whole, query+quoted(n.Name))
		}
		if c.Rest > 0 {
			s.stop(s.line(fmt.Sprintf("in %s smaller groups", words.Int(c.Names-len(c.Top)))).Number(tableEnd, p.th.Value, words.Int(c.Rest)))
		}
	}
}

func (p *Pane) kindTable(s *sheet) {
	b := &p.v.Facts.Breakdown.Value
	s.say(p.label(s.w, "accounts by kind; the rows below people and bots overlap"))
	p.groupRows(s, words.Kinds(b.Kinds))
}

func (p *Pane) monthTable(s *sheet) {
	s.say(p.label(s.w, "accounts by the month they were made, of those that still exist"))
	p.groupRows(s, words.Months(p.v.Facts.Breakdown.Value.Created))
}

// groupRows are groups of all accounts.
func (p *Pane) groupRows(s *sheet, groups []words.Group) {
	for _, g := range groups {
		if g.Query == "" {
			s.stop(s.line(g.Name).Number(tableEnd, p.th.Value, words.Int(g.Count)))
			continue
		}
		p.entry(s, g.Name, g.Count, p.v.Facts.Breakdown.Value.Accounts, g.Query)
	}
}
