package users

import (
	"fmt"
	"strings"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/theme"
	"seatdeck/ui/words"
)

// Where the columns of the breakdown stand.
const (
	fallEnd   = 32 // right end of the waterfall's numbers
	fallAt    = 36 // its rules
	quietEnd  = 18 // right end of the ranges of days
	quietAt   = 20 // the rules beside them
	clocksEnd = 24 // right end of the first number of a clock
	clockWide = 9  // from there to that of the next
	numbers   = 9  // cells kept free for the numbers at the right edge

	monthRows = 7  // height of the chart of months
	monthLow  = 5  // lowest it is drawn
	monthHigh = 20 // highest
	groupTop  = 4  // names of providers and of domains
)

// waterfall takes away from all accounts, row by row, what is not billable.
// Steps that take nothing are left out.
func (p *Pane) waterfall(s *sheet) {
	b := &p.v.Facts.Breakdown.Value
	head := kit.NewLine(p.th, s.w).Figure(words.Int(b.Accounts)).Value(" accounts")
	if n, ok := b.Billable.Get(); ok {
		head.Label(" → ").Figure(words.Int(n)).Value(" billable users")
	}
	if s.w > 80 {
		head.Label("   each row takes away from the one above")
	}
	s.say(head.String())
	s.say("")
	put := func(name string, n, offset int, figure, style theme.Style, query string) {
		line := s.line(name).Number(fallEnd, figure, words.Int(n)).At(fallAt)
		if room := s.w - fallAt; room > 4 {
			line.Styled(kit.Rule{Value: float64(n), Whole: float64(max(b.Accounts, 1)), Offset: float64(offset), Style: style}.Render(p.th, room))
		}
		s.list(line, query)
	}
	put("accounts", b.Accounts, 0, p.th.Figure, p.th.Value, "")
	rest := b.Accounts
	for _, step := range b.Waterfall {
		if step.Accounts == 0 {
			continue
		}
		rest -= step.Accounts
		title, query := p.step(step.Step)
		put(p.th.Glyph.Minus+" "+title, step.Accounts, rest, p.th.Value, p.th.Label, query)
	}
	if n, ok := b.Billable.Get(); ok {
		put("= billable users", n, 0, p.th.Figure, p.th.Accent, "billable:yes")
	} else {
		s.stop(s.line("= billable users").Number(fallEnd, p.th.Value, words.Unknown).At(fallAt).Label(p.noTotal()))
	}
}

// noTotal is why there is no number of billable users.
func (p *Pane) noTotal() string {
	if words.NobodyCounted(&p.v.Facts) {
		return words.NoSeats
	}
	return "nobody can say who is one"
}

// step names a step of the waterfall, and the filter for its accounts.
func (p *Pane) step(s model.StepName) (title, query string) {
	return words.Step(s, !words.NobodyCounted(&p.v.Facts)), stepQuery(s)
}

// activePeople is the filter for those who would take a seat wherever nothing
// but the state decides.
const activePeople = "state:active kind:human "

// stepQuery is the filter for the accounts of a step.
func stepQuery(s model.StepName) string {
	switch s {
	case model.StepBlocked:
		return "state:blocked -billable:yes"
	case model.StepLDAPBlocked:
		return "state:ldap_blocked -billable:yes"
	case model.StepPending:
		return "state:pending -billable:yes"
	case model.StepBanned:
		return "state:banned -billable:yes"
	case model.StepDeactivated:
		return "state:deactivated -billable:yes"
	case model.StepOtherState:
		return "state:unknown -billable:yes"
	case model.StepBot:
		return "state:active kind:bot -billable:yes"
	case model.StepRole:
		return activePeople + "billable:no"
	}
	return activePeople + "billable:unknown"
}

// activity splits the billable users by how long ago they were seen; where
// nobody is billable, the active accounts by recency.
func (p *Pane) activity(s *sheet) {
	b := &p.v.Facts.Breakdown.Value
	seats, ok := b.Seats.Get()
	if !ok {
		p.accountActivity(s, b)
		return
	}
	s.say(kit.NewLine(p.th, s.w).Value("the " + words.Count(b.Billable) + " billable users by last activity").Right().Label("users").String())
	most := seats.Recency.Never
	for _, q := range seats.Quiet {
		most = max(most, q.Billable)
	}
	last := ""
	for _, q := range seats.Quiet {
		name := q.Recency
		if name == last {
			name = ""
		} else if name == model.RecencyDormant.String() {
			s.say(p.dormantLine(s.w, b.DormantDays))
		}
		last = q.Recency
		p.quietRow(s, name, quietSpan(q), q.Billable, most, q.Recency == model.RecencyDormant.String(), quietQuery(q))
	}
	p.quietRow(s, "never signed in", "", seats.Recency.Never, most, false, "billable:yes recency:never")
	p.reclaimable(s, seats.Recency.Dormant)
}

// accountActivity is activity for an instance that counts no seats.
func (p *Pane) accountActivity(s *sheet, b *model.Breakdown) {
	s.say(kit.NewLine(p.th, s.w).Value("active accounts by last activity").Right().Label("accounts").String())
	const who = activePeople + "recency:"
	most := max(b.Recency.Recent, b.Recency.Idle, b.Recency.Dormant, b.Recency.Never)
	p.quietRow(s, "recent", fmt.Sprintf("0–%d d", model.RecentDays), b.Recency.Recent, most, false, who+"recent")
	p.quietRow(s, "idle", fmt.Sprintf("%d–%d d", model.RecentDays+1, b.DormantDays-1), b.Recency.Idle, most, false, who+"idle")
	s.say(p.dormantLine(s.w, b.DormantDays))
	p.quietRow(s, "dormant", fmt.Sprintf("%d+ d", b.DormantDays), b.Recency.Dormant, most, true, who+"dormant")
	p.quietRow(s, "never signed in", "", b.Recency.Never, most, false, who+"never")
}

// clockRows tells the three clocks of active people apart, one line each.
func (p *Pane) clockRows(s *sheet) {
	b := &p.v.Facts.Breakdown.Value
	if len(b.Clocks) == 0 {
		return
	}
	for i, row := range words.Clocks(b.Clocks, b.DormantDays) {
		line, style := s.line(row[0]), p.th.Value
		if i == 0 {
			line, style = kit.NewLine(p.th, s.w).Value("active people by"), p.th.Label
		}
		for k, text := range row[1:5] {
			line.Number(clocksEnd+k*clockWide, style, text)
		}
		if i == 0 {
			s.say(line.String())
			continue
		}
		s.stop(line)
		if use := row[5]; use != "" {
			s.say(kit.NewLine(p.th, s.w).At(2).Label(use).String())
		}
	}
}

// dormantLine is the line between idle and dormant: the instance's own period.
func (p *Pane) dormantLine(w, days int) string {
	text := " " + words.Days(days) + ": GitLab's dormant line "
	room := max(w-kit.Width(text), 0)
	dots := func(n int) string { return strings.Repeat(p.th.Glyph.Limit, n) }
	return kit.NewLine(p.th, w).Label(dots(room / 2)).Label(text).Label(dots(room - room/2)).String()
}

func quietSpan(q model.QuietBucket) string {
	if to, ok := q.To.Get(); ok {
		return fmt.Sprintf("%d–%d d", q.From, to)
	}
	return fmt.Sprintf("%d+ d", q.From)
}

// quietQuery is the filter for a range of days. The first one has no lower end:
// who was seen tomorrow, by a clock ahead, was seen today.
func quietQuery(q model.QuietBucket) string {
	query := "billable:yes"
	if q.From > 0 {
		query += fmt.Sprintf(" idle:>=%dd", q.From)
	}
	if to, ok := q.To.Get(); ok {
		query += fmt.Sprintf(" idle:<=%dd", to)
	}
	return query
}

// quietRow is name, range, rule, and number at the right edge.
func (p *Pane) quietRow(s *sheet, name, span string, n, most int, warn bool, query string) {
	style := p.th.Accent
	if warn {
		style = p.th.Warn
	}
	line := s.line(name).Number(quietEnd, p.th.Label, span).At(quietAt)
	if room := min(s.w-quietAt-numbers, kit.MaxRule); room > 2 {
		line.Styled(kit.Rule{Value: float64(n), Whole: float64(max(most, 1)), Style: style}.Render(p.th, room))
	}
	s.list(line.Right().Value(words.Int(n)), query)
}

// reclaimable says what the dormant seats cost, and by which price.
func (p *Pane) reclaimable(s *sheet, n int) {
	if n == 0 {
		return
	}
	s.say("")
	line := kit.NewLine(p.th, s.w).Label("reclaimable now ").Figure(words.Int(n))
	price, ok := p.v.Price.Get()
	if !ok {
		s.say(line.String())
		return
	}
	line.Label("  ").Value(words.AYear(price.SavedFromRenewal(n))).Label(" from renewal")
	origin := price.Origin()
	if line.Used()+2+kit.Width(origin) <= s.w {
		s.say(line.Label(", " + origin).String())
		return
	}
	s.say(line.String())
	s.say(kit.NewLine(p.th, s.w).Label(origin).String())
}

// monthsOf returns the block that shows in which months the accounts were made,
// as high as there is room for.
func (p *Pane) monthsOf(room int) func(*sheet) {
	rows := min(max(room-1, monthLow), monthHigh)
	return func(s *sheet) {
		var bars []kit.Bar
		for _, m := range p.v.Facts.Breakdown.Value.Created.Months {
			bars = append(bars, kit.Bar{Label: m.First.Time().Format("Jan"), Value: m.Accounts, Known: true})
		}
		chart := kit.Bars(p.th, bars[max(len(bars)-12, 0):], s.w, rows)
		if chart == nil {
			return
		}
		head := kit.NewLine(p.th, s.w).Value("new accounts by month")
		if s.w > 48 {
			head.Label("   of those that still exist")
		}
		s.say(head.String())
		for _, l := range chart {
			s.say(l)
		}
		last := &s.rows[len(s.rows)-1]
		last.stop, last.chart = true, true // the cursor can bring it into sight
	}
}
