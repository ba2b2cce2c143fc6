package synchistory

import (
	"strings"
	"time"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

// healthLine is the pane's first line: how the daily sync stands, and when the
// next one is due.
func (p *Pane) healthLine(w int, long bool) string {
	if p.live != nil {
		return p.liveHealth(w, long)
	}
	h := &p.v.History
	line := kit.NewLine(p.th, w)
	if p.noLicences() {
		return line.Mark(p.th.Label, p.th.Glyph.None).Figure("no licences, no sync").String()
	}
	if p.v.Offline != nil && h.Health != model.HealthNotEligible {
		// Whether the next one happened only a live answer would tell.
		line.Mark(p.th.Label, p.th.Glyph.Unknown).Figure("unknown")
		if h.LastSync.Known() {
			line.Label("  last seen ").Value(words.EventOpt(h.LastSync, p.v.Now, p.loc)).Label(" · shown as it was then")
		}
		return line.String()
	}
	switch h.Health {
	case model.HealthInStep:
		line.Mark(p.th.OK, p.th.Glyph.Done).Figure("in step").Label("  last ").Value(words.EventOpt(h.LastSync, p.v.Now, p.loc))
	case model.HealthOverdue:
		line.Mark(p.th.Bad, p.th.Glyph.Missing).Figure("overdue").Label("  no sync since ").Value(words.EventOpt(h.LastSync, p.v.Now, p.loc))
	case model.HealthNotEligible:
		line.Mark(p.th.Label, p.th.Glyph.None).Figure(p.notEligible())
	default:
		line.Mark(p.th.Label, p.th.Glyph.Unknown).Figure("unknown")
		switch {
		case p.v.Empty:
			line.Label("  not read yet")
		case h.Why != "":
			line.Label("  " + h.Why)
		}
	}
	next := p.nextWindow(long)
	if seen := words.Watched(*h); long && seen != "" && h.Health != model.HealthNotEligible && line.Used()+kit.Width(" · "+seen+"  "+next) <= w {
		line.Label(" · " + seen)
	}
	if when, ok := strings.CutPrefix(next, "next "); ok {
		if line.Used()+2+kit.Width(next) > w {
			when = strings.Join(strings.Fields(when)[:2], " ") // its day, rather than a part of what is said
		}
		line.Right().Label("next ").Value(when)
	}
	return line.String()
}

// nextWindow is when the next sync is due, "next 22 Nov 03:00–04:59 UTC"; the
// zone is told where there is room, or where another is shown.
func (p *Pane) nextWindow(long bool) string {
	h := &p.v.History
	if !h.NextFrom.Known() {
		return ""
	}
	text := "next " + words.WindowOpt(h.NextFrom, h.NextTo, time.UTC)
	if long || p.loc != time.UTC {
		text += " UTC"
	}
	return text
}

// noLicences reports whether the instance's edition has no licences at all.
func (p *Pane) noLicences() bool {
	meta := &p.v.Facts.Metadata
	return meta.Known() && meta.Value.Version.Known() && !meta.Value.EE()
}

// notEligible names why there is nothing to sync.
func (p *Pane) notEligible() string {
	if why := p.v.History.Why; why != "" {
		return why
	}
	return "no sync"
}

// strip draws the days, newest week last.
func (p *Pane) strip(w int) []string {
	marks := map[model.Day]model.DayMark{}
	for _, d := range p.v.History.Strip {
		marks[d.Day] = d.Mark
	}
	dates, row := kit.Strip(p.th, w, p.v.Now.UTC(), func(day time.Time) kit.Day {
		switch marks[model.DayOf(day)] {
		case model.MarkSeen:
			return kit.DayOrdinary
		case model.MarkChanged:
			return kit.DayChanged
		case model.MarkMissing:
			return kit.DayMissing
		}
		return kit.DayNothing
	})
	return []string{dates, row}
}

func (p *Pane) legend(w int) string {
	g, th := p.th.Glyph, p.th
	line := kit.NewLine(th, w)
	if w >= 88 {
		line.Label("one mark a day, weeks from Monday     ")
	}
	return line.
		Put(th.AccentQuiet, g.Ordinary).Label(" seen   ").Put(th.OK, g.Changed).Label(" changed   ").
		Put(th.Bad, g.Missing).Label(" missing   ").Put(th.Label, g.Nothing).Label(" not watched or to come").String()
}

// firstTime is said while nothing is known yet.
func (p *Pane) firstTime(w int) []string {
	out := p.wrap(p.th.Value, "No earlier syncs are known: GitLab keeps only the last time. From today on every sync that is seen is kept here.", w)
	return append(append(out, ""), p.wrap(p.th.Label, "seatdeck status in a timer watches while nobody looks.", w)...)
}
