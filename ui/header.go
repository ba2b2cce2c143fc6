package ui

import (
	"strings"
	"time"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/theme"
	"seatdeck/ui/words"
)

// header draws row 0: program, badge, host and version, alert; at the right
// edge sync, read time, mode. What does not fit goes in a fixed order; badge,
// alert and mode always stay.
func (m *root) header(w int) string {
	host := m.view.Info.Host
	for drop := 0; ; drop++ {
		left, right := m.headerLeft(drop, host), m.headerRight(drop)
		over := width(left) + width(right) + 3 - w
		if over > 0 && drop < headerSteps {
			continue
		}
		if over > 0 {
			left = m.headerLeft(drop, kit.Cut(host, max(kit.Width(host)-over, 0), m.th.Glyph.Cut))
		}
		return kit.NewLine(m.th, w).Spans(left...).Right().Spans(right...).Space(1).String()
	}
}

// headerSteps is how many things the header can do without, before the host is
// cut.
const headerSteps = 5

func (m *root) headerLeft(drop int, host string) []kit.Span {
	th, info := m.th, m.view.Info
	out := []kit.Span{{Text: " "}}
	if drop < 2 {
		out = append(out, kit.Span{Style: th.Figure, Text: "seatdeck"}, kit.Span{Text: "  "})
	}
	badge := th.Badge(info.Colour)
	if info.Sandbox {
		badge = th.Sandbox
	}
	out = append(out, kit.Span{Style: badge, Text: " " + info.Name + " "})
	if host != "" {
		out = append(out, kit.Span{Text: " "}, kit.Span{Text: host})
	}
	if info.PlainHTTP {
		out = append(out, kit.Span{Text: " "}, kit.Span{Style: th.Warn, Text: th.Glyph.Warning}, kit.Span{Text: " http"})
	}
	if v := m.view.Facts.Metadata.Value.Version; drop < 1 && v.Known() {
		out = append(out, kit.Span{Style: th.Label, Text: " · " + v.String()})
	}
	if m.layout.Class == kit.S {
		return out // the small screen has a line of its own for it
	}
	return append(out, m.alertSpans(drop)...)
}

// alertSpans is the worst alert, its long form where there is room.
func (m *root) alertSpans(drop int) []kit.Span {
	th := m.th
	if e := m.view.Offline; e != nil {
		text := words.Trouble(e.Class)
		switch {
		case drop >= 3:
		case m.view.Facts.ReadAt.IsZero():
			text += ", nothing was read before"
		default:
			text += ", showing what was read " + words.Moment(m.view.Facts.ReadAt, m.view.Now, m.loc)
		}
		return []kit.Span{{Text: "   "}, {Style: th.Warn, Text: th.Glyph.Warning}, {Text: " " + text}}
	}
	if len(m.view.Alerts) == 0 {
		return nil
	}
	a := m.view.Alerts[0]
	text := a.Short
	if m.layout.Class == kit.XL && drop == 0 {
		text = a.Long
	}
	style, glyph := th.Warn, th.Glyph.Warning
	if a.Level == model.LevelBad {
		style, glyph = th.Bad, th.Glyph.Missing
	}
	out := []kit.Span{{Text: "   "}, {Style: style, Text: glyph}, {Text: " " + text}}
	if n := len(m.view.Alerts) - 1; n > 0 {
		out = append(out, kit.Span{Style: th.Label, Text: " · +" + words.Int(n)})
	}
	return out
}

func (m *root) headerRight(drop int) []kit.Span {
	th, v := m.th, m.view
	dot := kit.Span{Style: th.Label, Text: " · "}
	var out []kit.Span
	if m.layout.Class >= kit.M {
		out = append(out, m.syncSpans(drop < 5)...)
		out = append(out, dot)
		switch {
		case drop >= 4:
		case m.work.reading:
			out = append(out, kit.Span{Style: th.Label, Text: "reading"}, dot)
		case v.Offline != nil && !v.Facts.ReadAt.IsZero() && v.Now.Sub(v.Facts.ReadAt) >= time.Hour:
			out = append(out, kit.Span{Style: th.Label, Text: words.Took(v.Now.Sub(v.Facts.ReadAt)) + " old"}, dot)
		case !v.Facts.ReadAt.IsZero():
			out = append(out, kit.Span{Style: th.Label, Text: words.Read(v.Facts.ReadAt, v.Now, m.loc)}, dot)
		}
	}
	mode := string(m.mode())
	return append(out, kit.Span{Text: mode})
}

// syncSpans says how the daily sync stands; long adds the word.
func (m *root) syncSpans(long bool) []kit.Span {
	th, h, v := m.th, m.view.History, m.view
	if m.act != nil && m.act.running && m.act.syncs() {
		return []kit.Span{{Style: th.Accent, Text: th.Glyph.Running}, {Text: " syncing"}}
	}
	word := func(style theme.Style, glyph, text string) []kit.Span {
		return []kit.Span{{Style: style, Text: glyph}, {Text: " " + text}}
	}
	last, known := h.LastSync.Get()
	when := ""
	if known {
		when = words.Clock(last, m.loc)
	}
	meta := &v.Facts.Metadata
	switch {
	case meta.Known() && meta.Value.Version.Known() && !meta.Value.EE():
		return word(th.Label, th.Glyph.None, "no sync")
	case v.Offline != nil:
		return word(th.Label, th.Glyph.Unknown, "sync unknown")
	case h.Health == model.HealthInStep && known && long:
		return word(th.OK, th.Glyph.Done, "synced "+when)
	case h.Health == model.HealthInStep && known:
		return word(th.OK, th.Glyph.Done, when)
	case h.Health == model.HealthOverdue && known: // that it is overdue, the alert says
		return word(th.Bad, th.Glyph.Missing, map[bool]string{true: "synced "}[long]+words.Event(last, v.Now, m.loc))
	case h.Health == model.HealthOverdue:
		return word(th.Bad, th.Glyph.Missing, "sync overdue")
	case h.Health == model.HealthNotEligible:
		return word(th.Label, th.Glyph.None, "no sync")
	}
	return word(th.Label, th.Glyph.Unknown, "sync unknown")
}

// ribbon draws the line that names made-up data.
func (m *root) ribbon(w int) string {
	text, room := m.o.Ribbon, w-kit.Width(m.o.Connect)-6
	if kit.Width(text) > room {
		text, _, _ = strings.Cut(text, " · ") // what it is goes before what it means
	}
	return kit.NewLine(m.th, w).Space(1).Put(m.th.SandboxBar, m.th.Glyph.Cursor).
		Label(" " + text).Right().Label(m.o.Connect).Space(1).String()
}

func width(spans []kit.Span) int {
	n := 0
	for _, s := range spans {
		n += kit.Width(s.Text)
	}
	return n
}
