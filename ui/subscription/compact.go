package subscription

import (
	"slices"
	"sort"
	"time"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

// Compact draws the pane's body on the dashboard.
func (p *Pane) Compact(w, h int) (kit.Frame, []string) {
	n := p.note(false)
	notes := kit.Frame{Right: n.Text, Warn: n.Stale}
	lic := &p.v.Facts.License
	switch {
	case !lic.Known():
		return notes, p.unread(w)
	case !lic.Value.Present():
		return notes, p.free(w)
	}
	return notes, p.licensed(w, h)
}

// unread says why there is nothing yet.
func (p *Pane) unread(w int) []string {
	switch err := p.v.Facts.License.Err; {
	case err != nil:
		return p.trouble(w, err)
	case p.v.Offline != nil:
		return p.trouble(w, p.v.Offline)
	}
	out := []string{kit.NewLine(p.th, w).Figure("not read yet").String(), ""}
	return append(out, kit.Wrap(p.th, p.th.Label, "Nothing of this instance is kept on this machine. What is read shows here as it comes; R reads again.", w)...)
}

// trouble names what is missing and what helps.
func (p *Pane) trouble(w int, err *model.Error) []string {
	out := []string{kit.NewLine(p.th, w).Mark(p.th.Warn, p.th.Glyph.Warning).Figure(words.Trouble(err.Class)).String(), ""}
	out = append(out, kit.Wrap(p.th, p.th.Value, err.Msg.String(), w)...)
	if !err.Next.Empty() {
		out = append(append(out, ""), kit.Wrap(p.th, p.th.Label, err.Next.String(), w)...)
	}
	if err.Class == model.ClassDenied {
		out = append(append(out, ""), kit.Wrap(p.th, p.th.Label, words.KnownAnyway(&p.v.Facts), w)...)
	}
	return out
}

// free is an instance without a licence.
func (p *Pane) free(w int) []string {
	meta := &p.v.Facts.Metadata.Value
	out := []string{kit.NewLine(p.th, w).Figure("no licence").Label(" · Free features").String(), ""}
	text := "Without a licence nobody takes a seat: there is no limit and nothing to sync. Registration features bring some paid features in return for Service Ping."
	if !meta.EE() && meta.Version.Known() {
		text = "This is the Community Edition. It knows no licences; the Enterprise Edition package is needed before one can be added."
	}
	return append(out, kit.Wrap(p.th, p.th.Label, text, w)...)
}

// licensed is the pane of a licence: the fixed lines, and a chart in what is
// left.
func (p *Pane) licensed(w, h int) []string {
	tight := h < kit.Tight-2
	var out []string
	gap := func() {
		if !tight {
			out = append(out, "")
		}
	}
	out = append(out, p.planLine(w))
	gap()
	out = append(out, p.termLine(w), p.termRule(w))
	gap()
	labels, values := kit.Stats(p.th, w, p.stats())
	out = append(out, labels, values)
	gap()
	tail := p.nextLine(w)
	if w >= roomyCols && h >= roomyRows {
		tail = append(append(tail, "", kit.NewLine(p.th, w).Label("terms").String()), p.terms(w, roomyTerms)...)
	}
	rows := h - len(out) - len(tail)
	if !tight {
		rows-- // the blank line below the chart
	}
	if chart := p.chart(w, min(rows, maxChart)); chart != nil {
		out = append(out, chart...)
		gap()
	}
	return append(out, tail...)
}

// A pane of the largest class has room for the terms.
const (
	roomyCols  = 84
	roomyRows  = 24
	roomyTerms = 5
	maxChart   = 16
)

// planName begins a line with what was bought.
func (p *Pane) planName(w int) *kit.Line {
	l := &p.v.Facts.License.Value
	line := kit.NewLine(p.th, w).Value(l.Plan.Title())
	if l.Trial.Or(false) {
		line.Label(" · trial") // said first: the end of the line may be cut
	}
	return line.Label(" · " + l.Kind.Title())
}

// planLine says what was bought, and by whom.
func (p *Pane) planLine(w int) string {
	l, line := p.v.Facts.License.Value, p.planName(w)
	who := l.Company
	if who.Empty() {
		who = l.Name
	}
	return line.Right().Value(who.String()).String()
}

func (p *Pane) termLine(w int) string {
	l := &p.v.Facts.License.Value
	line := kit.NewLine(p.th, w).Value(words.Term(l.Starts, l.Ends)).Right()
	left, ok := l.DaysLeft(p.v.Now).Get()
	switch {
	case !ok:
		return line.Label("no end date").String()
	case left <= 0 && l.Blocks.Known() && model.DayOf(p.v.Now) < l.Blocks:
		text, blocks := "ended, blocks ", words.Date(l.Blocks)
		for _, longer := range []string{"ended, blocks from ", "ended, changes blocked from "} {
			if line.Used()+kit.Width("  ✗ "+longer+blocks) <= w {
				text = longer
			}
		}
		return line.Spans(p.endMark(left)...).Label(text).Figure(blocks).String()
	case left <= 0:
		return line.Spans(p.endMark(left)...).Figure(words.DaysLeft(model.Some(left))).String()
	}
	rest := " left"
	if left <= 90 && p.followed() {
		for _, longer := range []string{" left · next follows", " left · next term follows"} {
			if line.Used()+2+kit.Width(words.Days(left)+longer) <= w {
				rest = longer
			}
		}
	}
	return line.Spans(p.endMark(left)...).Figure(words.Days(left)).Label(rest).String()
}

// termRule shows how much of the term is over.
func (p *Pane) termRule(w int) string {
	l := &p.v.Facts.License.Value
	whole := l.Ends.Sub(l.Starts)
	if !l.Starts.Known() || !l.Ends.Known() || whole <= 0 {
		return ""
	}
	gone := min(max(model.DayOf(p.v.Now).Sub(l.Starts), 0), whole)
	return kit.Rule{Value: float64(gone), Whole: float64(whole), Track: true, Style: p.th.Accent}.Render(p.th, w)
}

// stats are the five numbers of the licence.
func (p *Pane) stats() []kit.Stat {
	l := &p.v.Facts.License.Value
	peak := "peak"
	if l.PeakOn.Known() {
		peak += " " + words.DayMonth(l.PeakOn, model.DayOf(p.v.Now))
	}
	return []kit.Stat{
		{Label: "seats", Value: []kit.Span{{Text: words.SeatLimit(l.Seats, l.NoLimit)}}},
		{Label: "billable", Value: []kit.Span{{Text: words.Count(l.Daily)}}},
		{Label: peak, Value: []kit.Span{{Text: words.Count(l.Maximum)}}},
		{Label: "over now", Value: p.over(l.OverNow)},
		{Label: "over at peak", Value: p.over(l.OverPeak)},
	}
}

// over is a number of users over, marked when there are any.
func (p *Pane) over(n model.Opt[int]) []kit.Span {
	if v, ok := n.Get(); ok && v > 0 {
		return []kit.Span{{Style: p.th.Bad, Text: p.th.Glyph.Missing}, {Text: " " + words.Int(v)}}
	}
	return []kit.Span{{Text: words.Count(n)}}
}

// nextLine names what is coming, or what is owed already.
func (p *Pane) nextLine(w int) []string {
	l := &p.v.Facts.License.Value
	if owed, ok := l.OverPeak.Get(); ok && owed > 0 {
		line := kit.NewLine(p.th, w).Mark(p.th.Bad, p.th.Glyph.Missing).Figure(words.Int(owed)).Value(" seats owed at renewal")
		if price, ok := p.v.Price.Get(); ok {
			line.Label(" ").Value(words.About(price.TrueUp(owed)))
		}
		if l.Ends.Known() {
			opens, verb := p.renewal(l), " · opens "
			if opens <= model.DayOf(p.v.Now) {
				verb = " · open since "
			}
			line.Label(verb + p.day(opens))
		}
		return []string{line.String()}
	}
	line := kit.NewLine(p.th, w).Label("next").At(7)
	room := w
	blocks := w >= roomyCols && l.Blocks.Known()
	if blocks {
		room -= kit.Width("changes blocked "+words.Date(l.Blocks)) + eventGap
	}
	for i, e := range p.events() {
		day := p.day(e.on)
		if i > 0 && line.Used()+eventGap+kit.Width(day+" "+e.what) > room {
			break // the next ones matter later
		}
		if i > 0 {
			line.Space(eventGap)
		}
		line.Value(day).Label(" " + e.what)
	}
	if line.Used() <= 7 {
		line.Label("nothing is due")
	}
	if blocks {
		line.Right().Label("changes blocked ").Value(words.Date(l.Blocks))
	}
	return []string{line.String()}
}

// eventGap is the blank between two events.
const eventGap = 3

// event is something that comes on a day.
type event struct {
	on   model.Day
	what string
}

// events are what is to come of this licence, the nearest first.
func (p *Pane) events() []event {
	l, fc, today := p.v.Facts.License.Value, p.forecast(), model.DayOf(p.v.Now)
	all := []event{{fc.LimitOn, "limit at this pace"}, {fc.RenewalOpens, "renewal opens"}}
	if !p.followed() {
		all = append(all, event{l.Ends, "the term ends"})
	}
	if next := p.v.Facts.Future.Value; len(next) > 0 {
		all = append(all, event{next[0].Starts, "next term begins"})
	}
	if l.Expired(p.v.Now) {
		all = append(all, event{l.Blocks, "changes are blocked"})
	}
	all = slices.DeleteFunc(all, func(e event) bool { return !e.on.Known() || e.on < today })
	sort.SliceStable(all, func(i, j int) bool { return all[i].on < all[j].on })
	return all
}

// forecast rests on all daily counts that are known, not only on those of the
// newest export.
func (p *Pane) forecast() model.Forecast {
	f := p.v.Facts
	f.Daily.Value = p.v.Observed
	return model.ForecastOf(&f, p.v.Now)
}

func (p *Pane) day(d model.Day) string { return words.DayMonth(d, model.DayOf(p.v.Now)) }

// chart draws the last twelve months of daily counts.
func (p *Pane) chart(w, h int) []string { return p.chartOf().Lines(p.th, w, h) }

func (p *Pane) chartOf() kit.Chart {
	today := model.DayOf(p.v.Now)
	from := today.Add(-364)
	c := kit.Chart{}
	for d := from; d <= today; d++ {
		n, ok := p.v.Observed.On(d).Get()
		c.Points = append(c.Points, kit.Point{Day: d.Time(), Value: n, Known: ok})
	}
	for _, s := range model.LimitSteps(p.v.Facts.Terms.Value, nil) {
		if seats, ok := s.Seats.Get(); ok {
			c.Limits = append(c.Limits, kit.Limit{From: maxTime(s.From.Time(), from.Time()), Value: seats})
		}
	}
	return c
}

func maxTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
