package subscription

import (
	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/theme"
	"seatdeck/ui/words"
)

// The wide layout: fields on the left, numbers on the right, the chart below.
const (
	wideMin   = 104 // narrowest inner width of two columns
	wideRows  = 24  // lowest inner height of it
	columnGap = 2
	leftShare = 45 // percent of the width
	lowChart  = 6  // rows the chart keeps
	labelCols = 17
)

// wide draws the two-column layout, nil when there is no room for it or no
// licence to fill it.
func (p *Pane) wide(w, h int) []string {
	if w < wideMin || h < wideRows || !p.v.Facts.License.Known() || !p.v.Facts.License.Value.Present() {
		return nil
	}
	lw := w * leftShare / 100
	rw := w - lw - columnGap
	left := append([]string{p.planName(lw).String(), "", p.termLine(lw), p.termRule(lw), ""}, p.fields(lw)...)
	right := p.numbers(rw)
	// What the columns leave is the chart's.
	top := min(max(len(left), len(right))+1, h-3-lowChart)
	chartH := h - top - 3

	out := kit.Beside(kit.FitLines(left, lw, top), kit.FitLines(nil, columnGap, top), kit.FitLines(right, rw, top))
	return append(out, p.counts(w, chartH)...)
}

// counts are the daily counts under their caption, the chart h rows high, and the
// line of forecast; or what an offline licence has in their place.
func (p *Pane) counts(w, h int) []string {
	if p.v.Facts.License.Value.Kind == model.KindOfflineCloud && !p.v.Facts.Daily.Known() {
		return append(append(p.usageFile(w), ""), p.chartCaption(w, h))
	}
	out := append([]string{p.chartCaption(w, h)}, kit.FitLines(p.chart(w, h), w, h)...)
	return append(out, "", p.paceLine(w))
}

// usageFile is how an offline licence reports what it uses.
func (p *Pane) usageFile(w int) []string {
	out := []string{p.caption(w, "usage file")}
	for _, f := range words.UsageFile() {
		line := kit.NewLine(p.th, w).Label(f.Name).At(labelCols)
		if f.Value == "" {
			line.Mark(p.th.Label, p.th.Glyph.Unknown).Value("unknown").Label("  not in the API")
		}
		out = append(out, line.Value(f.Value).String())
	}
	return append(out, kit.Wrap(p.th, p.th.Label, words.UsageFileNote, w)...)
}

// scrolled draws everything in one column, for small screens and for instances
// without a licence.
func (p *Pane) scrolled(w, h int) []string {
	lines := p.column(w)
	p.rows = h
	p.list.Len, p.list.NoCursor = len(lines), true
	p.list.Line = func(_ *theme.Theme, i, _ int, _ bool) string { return lines[i] }
	return p.list.View(p.th, w, h).Lines
}

func (p *Pane) column(w int) []string {
	lic := &p.v.Facts.License
	switch {
	case !lic.Known():
		return p.unread(w)
	case !lic.Value.Present():
		out := append(append(p.free(w), ""), p.instead(w)...)
		if terms := p.terms(w, 100); len(terms) > 0 {
			out = append(append(out, "", p.caption(w, "terms")), terms...)
		}
		return out
	}
	labels, values := kit.Stats(p.th, w, p.stats())
	out := []string{p.planLine(w), "", p.termLine(w), p.termRule(w), "", labels, values, ""}
	out = append(append(out, p.overages(w)...), "")
	out = append(append(out, p.counts(w, 10)...), "")
	out = append(append(out, p.caption(w, "terms")), p.terms(w, 100)...)
	if adds := p.addOns(w); len(adds) > 0 {
		out = append(append(out, "", p.caption(w, "add-ons")), adds...)
	}
	return append(append(out, ""), p.fields(w)...)
}

// instead is what an instance without a licence has to think about, and where.
func (p *Pane) instead(w int) []string {
	row := func(label, value, note string) string {
		return kit.NewLine(p.th, w).Label(label).At(labelCols).Value(value).Label("  " + note).String()
	}
	var out []string
	if b := &p.v.Facts.Breakdown; b.Known() {
		out = append(out, row("accounts", words.Int(b.Value.Accounts), "no limit · 2 lists them"))
	}
	if r := &p.v.Registration; r.Reason != "" {
		out = append(out, row("registration", r.Verdict, r.Reason+" · 3 shows which"))
	}
	return append(out, row("with a licence", "2, then w", "the seats that Premium or Ultimate would take"))
}

// numbers is the right column: stats, overages, terms, add-ons.
func (p *Pane) numbers(w int) []string {
	l := &p.v.Facts.License.Value
	stats := append(p.stats()[:3], kit.Stat{Label: "free", Value: p.freeSeats()})
	if at := l.DailyAt.At; !at.IsZero() {
		stats[1].Label += " " + p.day(model.DayOf(at))
	}
	labels, values := kit.Stats(p.th, w, stats)
	out := []string{labels, values, ""}
	out = append(append(out, p.overages(w)...), "")
	caption := kit.NewLine(p.th, w).Label("terms").At(37).Label("seats").String()
	out = append(append(out, caption), p.terms(w, 6)...)
	if adds := p.addOns(w); len(adds) > 0 {
		out = append(append(out, "", kit.NewLine(p.th, w).Label("add-ons").Number(44, p.th.Label, "assigned").String()), adds...)
	} else if l.Present() && p.v.Facts.AddOns.Err == nil && p.v.Facts.AddOns.Known() {
		out = append(out, "", kit.NewLine(p.th, w).Label("add-ons").At(labelCols).Label("none").String())
	}
	return out
}

func (p *Pane) caption(w int, text string) string { return kit.NewLine(p.th, w).Label(text).String() }

func (p *Pane) freeSeats() []kit.Span {
	l := &p.v.Facts.License.Value
	n, ok := l.Free().Get()
	switch {
	case !ok:
		return []kit.Span{{Text: words.Unknown}}
	case n < 0:
		return p.over(model.Some(-n))
	case l.NearLimit():
		return []kit.Span{{Style: p.th.Warn, Text: p.th.Glyph.Warning}, {Text: " " + words.Int(n)}}
	}
	return []kit.Span{{Text: words.Int(n)}}
}

// overages sets the two numbers side by side that GitLab both calls overage,
// with the same rows each (contract §1.3).
func (p *Pane) overages(w int) []string {
	l := &p.v.Facts.License.Value
	second := min(labelCols+21, w/2+8)
	row := func(label string, now, peak []kit.Span) string {
		return kit.NewLine(p.th, w).Label(label).At(labelCols - 2).Spans(now...).At(second).Spans(peak...).String()
	}
	plain := func(s string) []kit.Span { return []kit.Span{{Text: s}} }
	label := func(s string) []kit.Span { return []kit.Span{{Style: p.th.Label, Text: s}} }
	out := []string{row("two overages",
		append(label("over now "), p.figure(l.OverNow)...), append(label("over at peak "), p.figure(l.OverPeak)...))}
	counted, today := "billable − seats", l.Daily
	if l.Expired(p.v.Now) {
		counted, today = "peak − seats, ended", l.Maximum
	}
	out = append(out,
		row("counts", plain(counted), plain("peak − seats")),
		row("today", plain(minus(today, l.Seats, l.OverNow)), plain(minus(l.Maximum, l.Seats, l.OverPeak))),
		row("goes down", plain("when people leave"), plain("not before the next term")),
		row("decides", plain("nothing by itself"), plain("true-up and renewal")),
		row("GitLab's name", plain("overage (REST)"), plain("users over license")))
	return out
}

func (p *Pane) figure(n model.Opt[int]) []kit.Span {
	spans := p.over(n)
	spans[len(spans)-1].Style = p.th.Figure
	return spans
}

// minus writes a subtraction with its result: 962 − 1,000 → 0.
func minus(a, b, result model.Opt[int]) string {
	return words.Count(a) + " − " + words.Count(b) + " → " + words.Count(result)
}

func (p *Pane) chartCaption(w, h int) string {
	line := kit.NewLine(p.th, w)
	if !p.v.Facts.Daily.Known() && len(p.v.Observed.Rows) == 0 {
		why := "not read yet"
		if err := p.v.Facts.Daily.Err; err != nil {
			why = err.Msg.String()
		}
		return line.Label("daily counts: " + why).String()
	}
	line.Label("12 months · highest billable count of each column · dotted: seats in force")
	if base, ok := p.chartOf().Base(w, h); ok {
		line.Label(" · axis starts at " + words.Int(base))
	}
	return line.String()
}

// paceLine is one line of forecast.
func (p *Pane) paceLine(w int) string {
	fc := p.forecast()
	line := kit.NewLine(p.th, w).Label("pace ")
	pace, ok := fc.Pace.Get()
	if !ok {
		return line.Label(words.Unknown + " too few daily counts to tell").String()
	}
	line.Value(words.Pace(fc.Pace)).Label(" over " + words.Days(pace.To.Sub(pace.From)))
	switch {
	case fc.LimitOn.Known():
		line.Label(" → limit on ").Value(p.day(fc.LimitOn))
	case fc.Why != "":
		line.Label(" · " + fc.Why)
	}
	return line.String()
}
