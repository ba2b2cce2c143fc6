package ui

import (
	"fmt"
	"slices"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

// essential is one row of the small screen: a label and what it says.
type essential struct {
	label string
	spans []kit.Span
}

// small draws class S: seven label and value rows, the alert, the keys.
func (m *root) small() []string {
	out := []string{m.header(m.w)}
	if !m.layout.Ribbon.Empty() {
		out = append(out, m.ribbon(m.w))
	}
	rows := m.essentials()
	if room := m.h - 1 - len(out); len(m.view.Alerts) > 0 && len(rows) >= room {
		// The alert matters more than what is switched on.
		rows = slices.DeleteFunc(rows, func(e essential) bool { return e.label == "ping" })
	}
	for _, e := range rows {
		out = append(out, kit.NewLine(m.th, m.w).Label(e.label).At(9).Spans(e.spans...).String())
	}
	if len(m.view.Alerts) > 0 {
		out = append(out, kit.NewLine(m.th, m.w).Spans(m.alertSpans(0)[1:]...).String())
	}
	out = kit.FitLines(out, m.w, m.h-1)
	if m.talk.now.Text != "" || len(m.talk.trouble) > 0 || m.work.reading || m.act != nil {
		return append(out, m.talkLine(m.w))
	}
	return append(out, m.footer(m.w))
}

// essentials are the facts that even a small screen shows.
func (m *root) essentials() []essential {
	th, f := m.th, &m.view.Facts
	text := func(s string) []kit.Span { return []kit.Span{{Text: s}} }
	lic := &f.License.Value
	rows := []essential{{"seats", m.seatSpans()}}
	if lic.Maximum.Known() {
		peak := words.Count(lic.Maximum)
		if lic.PeakOn.Known() {
			peak += " on " + words.DayMonth(lic.PeakOn, model.DayOf(m.view.Now))
		}
		rows = append(rows, essential{"peak", text(peak + " · over " + words.Count(lic.OverPeak))})
	}
	if words.NobodyCounted(f) {
		rows = append(rows, essential{"accounts", text(m.accounts())})
	} else {
		rows = append(rows, essential{"dormant", text(m.dormantText())})
	}
	term := words.Unknown
	if left, ok := lic.DaysLeft(m.view.Now).Get(); ok {
		term = fmt.Sprintf("%s left, to %s", words.Days(left), lic.Ends)
	} else if f.License.Known() && !lic.Present() {
		term = "no licence"
	}
	rows = append(rows, essential{"term", text(term)})
	rows = append(rows, essential{"sync", m.syncSpans(true)})
	ping := m.onOff(f.Settings.Value.ServicePing)
	if f.Settings.Known() {
		ping = append(append(ping, kit.Span{Text: " · registration "}), m.onOff(f.Settings.Value.Features)...)
	}
	rows = append(rows, essential{"ping", ping})
	read := words.Unknown
	if !f.ReadAt.IsZero() {
		read = words.Moment(f.ReadAt, m.view.Now, m.loc)
	}
	return append(rows, essential{"read", []kit.Span{{Style: th.Label, Text: read}}})
}

// onOff is a switch: glyph, then word.
func (m *root) onOff(v model.Opt[bool]) []kit.Span {
	on, ok := v.Get()
	switch {
	case !ok:
		return []kit.Span{{Style: m.th.Label, Text: m.th.Glyph.Unknown}, {Text: " unknown"}}
	case on:
		return []kit.Span{{Style: m.th.OK, Text: m.th.Glyph.Done}, {Text: " on"}}
	}
	return []kit.Span{{Style: m.th.Label, Text: m.th.Glyph.None}, {Text: " off"}}
}

// dormant is how many billable accounts count as dormant, unknown without a
// whole roster.
func (m *root) dormant() model.Opt[int] {
	b := &m.view.Facts.Breakdown
	if !b.Known() {
		return model.None[int]()
	}
	seats, ok := b.Value.Seats.Get()
	if !ok {
		return model.None[int]()
	}
	return model.Some(seats.Recency.Dormant)
}

// dormantText is how many they are, and what they cost.
func (m *root) dormantText() string {
	n := m.dormant()
	text := words.Count(n)
	if price, ok := m.view.Price.Get(); ok && n.Or(0) > 0 {
		text += " " + words.AYear(price.SavedFromRenewal(n.Or(0)))
	}
	return text
}

// accounts is how many there are, for instances where nobody takes a seat.
func (m *root) accounts() string {
	if b := m.view.Facts.Breakdown; b.Known() {
		return words.Int(b.Value.Accounts)
	}
	return words.Unknown
}

// seatSpans is "962 of 1,000 · ! 38 free".
func (m *root) seatSpans() []kit.Span {
	th, part := m.th, &m.view.Facts.License
	lic := &part.Value
	switch {
	case words.NobodyCounted(&m.view.Facts):
		return []kit.Span{{Style: th.Figure, Text: "none taken"}, {Text: " without a licence"}}
	case !part.Known() && part.Err != nil:
		return []kit.Span{{Style: th.Warn, Text: th.Glyph.Warning}, {Style: th.Figure, Text: " " + words.Trouble(part.Err.Class)}}
	}
	seats := words.Count(lic.Seats)
	if lic.NoLimit {
		seats = "no limit"
	}
	out := []kit.Span{{Style: th.Figure, Text: words.Count(lic.Daily)}, {Text: " of " + seats}}
	free, ok := lic.Free().Get()
	switch {
	case !ok:
	case free < 0:
		out = append(out, kit.Span{Text: " · "}, kit.Span{Style: th.Bad, Text: th.Glyph.Missing}, kit.Span{Text: " " + words.Int(-free) + " over"})
	case lic.NearLimit():
		out = append(out, kit.Span{Text: " · "}, kit.Span{Style: th.Warn, Text: th.Glyph.Warning}, kit.Span{Text: " " + words.Int(free) + " free"})
	default:
		out = append(out, kit.Span{Text: " · " + words.Int(free) + " free"})
	}
	return out
}

// tiny draws class XS: one line, cut from the right; below twelve columns only
// billable users and seats.
func (m *root) tiny() []string {
	lic := &m.view.Facts.License.Value
	figure := words.Count(lic.Daily) + "/" + words.Count(lic.Seats)
	l := kit.NewLine(m.th, m.w)
	if m.w < 12 {
		return []string{l.Value(figure).String()}
	}
	l.Value(m.view.Info.Name + " ").Figure(figure)
	dot := kit.Span{Style: m.th.Label, Text: " · "}
	add := func(spans ...kit.Span) {
		if l.Used()+width(spans)+3 <= m.w {
			l.Spans(dot).Spans(spans...)
		}
	}
	if free, ok := lic.Free().Get(); ok && free < 0 {
		add(kit.Span{Style: m.th.Bad, Text: m.th.Glyph.Missing}, kit.Span{Text: " " + words.Int(-free) + " over"})
	}
	if left, ok := lic.DaysLeft(m.view.Now).Get(); ok {
		add(kit.Span{Text: words.Int(left) + " d"})
	}
	add(m.syncSpans(false)...)
	return []string{l.String()}
}
