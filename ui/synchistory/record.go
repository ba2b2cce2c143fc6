package synchistory

import (
	"fmt"
	"strings"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

// labelCols is the room for labels in a record.
const labelCols = 17

// panelLines draws one record for the side panel and for the full screen.
func (p *Pane) panelLines(r model.Record, w int) []string {
	head := kit.NewLine(p.th, w).Figure(words.Moment(r.At, p.v.Now, p.loc) + " " + words.Zone(p.v.Now, p.loc))
	if r.Seq > 0 {
		head.Right().Label("journal " + words.Int(int(r.Seq)))
	}
	glyph, tone, word := p.outcome(r)
	verdict := kit.NewLine(p.th, w).Mark(tone, glyph).Figure(word)
	if r.Trigger != "" {
		verdict.Label(" · " + string(r.Trigger))
	}
	out := []string{head.String(), verdict.String(), ""}
	switch r.Kind {
	case model.RecordChapter:
		out = append(out, kit.Wrap(p.th.Value, "Another instance answers under this address since then. What follows belongs to it: "+r.Instance.String(), w)...)
		return out
	case model.RecordOverdue:
		return append(out, p.overdueLines(r, w)...)
	}
	return append(out, p.syncLines(r, w)...)
}

func (p *Pane) row(w int, label, value string) string {
	return kit.NewLine(p.th, w).Label(label).At(labelCols).Value(value).String()
}

// hang sets a longer value behind its label, on as many lines as it takes; none
// for no value.
func (p *Pane) hang(w int, label, value string) []string {
	out := kit.Wrap(p.th.Value, value, max(w-labelCols, 1))
	for i, l := range out {
		out[i] = kit.NewLine(p.th, w).Label(label).At(labelCols).Styled(l).String()
		label = ""
	}
	return out
}

func (p *Pane) overdueLines(r model.Record, w int) []string {
	out := []string{p.row(w, "no sync since", words.Moment(r.At, p.v.Now, p.loc))}
	if until, ok := r.Until.Get(); ok {
		out = append(out, p.row(w, "ended by the one", words.Moment(until, p.v.Now, p.loc)))
	} else {
		out = append(out, p.row(w, "until", "it lasts"))
	}
	if r.Days > 0 {
		out = append(out, p.row(w, "windows missed", words.Int(r.Days)))
	}
	out = append(out, "")
	return append(out, kit.Wrap(p.th.Label, "The reason is not in the API: it stands in the instance's own logs. Network, proxy and the licence service are where to look first.", w)...)
}

func (p *Pane) syncLines(r model.Record, w int) []string {
	out := []string{p.row(w, "seen", words.Moment(r.Seen, p.v.Now, p.loc))}
	if since, ok := r.Since.Get(); ok {
		out = append(out, p.row(w, "not there yet", words.Moment(since, p.v.Now, p.loc)))
	}
	out = append(out,
		p.row(w, "seen by", who(r.Who)),
		"",
		p.row(w, "billable users", words.Count(r.Billable)),
		p.row(w, "maximum users", words.Count(r.Maximum)),
		"",
	)
	if len(r.Changes) > 0 {
		out = append(out, kit.NewLine(p.th, w).Label("what changed").At(labelCols).Label("before").String())
		for _, c := range r.Changes {
			line := kit.NewLine(p.th, w).Value(c.Field).At(labelCols).Label(c.Before).Label(" → ").Figure(c.After)
			out = append(out, line.String())
		}
		out = append(out, "")
	}
	t := r.Terms
	out = append(out, kit.NewLine(p.th, w).Label("terms after it").String(),
		p.row(w, "plan", t.Plan.Title()), p.row(w, "seats", words.Count(t.Seats)), p.row(w, "term", words.Term(t.Starts, t.Ends)))
	out = append(out, p.hang(w, "future terms", t.Future)...)
	out = append(out, p.hang(w, "add-ons", addOns(t.AddOns))...)
	out = append(out, "")
	return append(out, kit.Wrap(p.th.Label, "Observed: the instance's last sync time moved without us. Its counts are those read when it was seen, not the ones that were sent.", w)...)
}

// addOns words a record's list of add-ons, "DUO_ENTERPRISE 60; DUO_PRO 40", as
// they are sold.
func addOns(list string) string {
	parts := strings.Split(list, "; ")
	for i, part := range parts {
		if at := strings.LastIndexByte(part, ' '); at > 0 {
			parts[i] = words.AddOn(model.Clean(part[:at])) + part[at:]
		}
	}
	return words.List(parts)
}

// who says on whose behalf a record was written.
func who(w model.Who) string {
	s := w.User
	if s == "" {
		s = fmt.Sprintf("uid %d", w.UID)
	}
	if w.SudoUID > 0 {
		s += fmt.Sprintf(", by sudo from uid %d", w.SudoUID)
	}
	if w.SSHPeer != "" {
		s += ", from " + w.SSHPeer
	}
	return s
}

// full draws one record on the whole screen.
func (p *Pane) full(r model.Record, w, h int) []string {
	n := p.note()
	f := kit.Frame{Number: "4", Title: "Sync history · record of " + words.Moment(r.At, p.v.Now, p.loc), Focus: true, Right: n.Text, Warn: n.Stale,
		Left: words.Int(p.grid.Cursor+1) + " of " + words.Int(len(p.rows))}
	in := f.Inner(w, h)
	return f.Screen(p.th, w, h, kit.Parts{Left: kit.Part{Lines: p.panelLines(r, min(in.LeftW, 110))}})
}

// text is a record as plain lines, for a ticket.
func (p *Pane) text(r model.Record) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s\n", p.v.Info.Host, words.Stamp(r.At, p.loc))
	fmt.Fprintf(&b, "%s, %s, journal %d\n", r.Kind, r.Outcome, r.Seq)
	for _, c := range r.Changes {
		fmt.Fprintf(&b, "%s: %s -> %s\n", c.Field, c.Before, c.After)
	}
	fmt.Fprintf(&b, "billable users %s, maximum users %s\n", words.Count(r.Billable), words.Count(r.Maximum))
	return b.String()
}
