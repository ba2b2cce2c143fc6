package synchistory

import (
	"slices"
	"strings"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/theme"
	"seatdeck/ui/words"
)

// The layout of a record.
const (
	labelCols = 17  // room for labels
	readable  = 110 // widest text
	runShare  = 47  // percent of the width, of a run's left part
)

// panelLines draws one record for the side panel.
func (p *Pane) panelLines(r *model.Record, w int) []string {
	if r.Kind == recordLive {
		return p.liveLines(w)
	}
	out := p.head(r, w)
	if r.Run != nil {
		return append(out, p.runPanel(r, w)...)
	}
	return append(out, p.body(r, w)...)
}

// head names the record in its first line, then says how it ended, and who was
// at work.
func (p *Pane) head(r *model.Record, w int) []string {
	at := words.Moment(r.At, p.v.Now, p.loc)
	if r.Run != nil {
		at = words.Moment(r.Run.Began, p.v.Now, p.loc)
	}
	head := kit.NewLine(p.th, w).Figure(at + " " + words.Zone(r.At, p.loc))
	if r.Seq > 0 {
		head.Right().Label("journal " + words.Int(int(r.Seq)))
	}
	glyph, tone, word := p.outcome(r)
	verdict := kit.NewLine(p.th, w).Mark(tone, glyph).Figure(word)
	if r.Run != nil && r.Run.Open {
		verdict.Figure(" – " + words.NotSettled)
	}
	if r.Trigger != "" {
		verdict.Label(" · " + words.By(*r))
	}
	if r.Run == nil {
		return []string{head.String(), verdict.String(), ""}
	}
	if took, ok := r.Run.Took().Get(); ok {
		verdict.Right().Label(words.Took(took))
	}
	out := []string{head.String()}
	if r.Kind == model.RecordAct {
		out = append(out, p.wrap(p.th.Value, words.Kind(*r), w)...)
	}
	out = append(append(out, verdict.String()), p.wrap(p.th.Label, "by "+words.Who(r.Run.Who), w)...)
	return append(out, "")
}

// body is all about a record that is no run of ours.
func (p *Pane) body(r *model.Record, w int) []string {
	switch r.Kind {
	case model.RecordChapter:
		return p.wrap(p.th.Value, "Another instance answers under this address since then. What follows belongs to it: "+r.Instance.String(), w)
	case model.RecordOverdue:
		return p.overdueLines(r, w)
	}
	return p.syncLines(r, w)
}

func (p *Pane) row(w int, label, value string) string {
	return kit.NewLine(p.th, w).Label(label).At(labelCols).Value(value).String()
}

// hang sets a longer value behind its label, on as many lines as it takes; none
// for no value.
func (p *Pane) hang(w int, label, value string) []string {
	return p.hangIn(w, p.th.Value, label, value)
}

func (p *Pane) hangIn(w int, style theme.Style, label, value string) []string {
	out := p.wrap(style, value, max(w-labelCols, 1))
	for i, l := range out {
		out[i] = kit.NewLine(p.th, w).Label(label).At(labelCols).Styled(l).String()
		label = ""
	}
	return out
}

// wrap sets a sentence on lines, with the theme's own marks.
func (p *Pane) wrap(style theme.Style, text string, w int) []string {
	return kit.Wrap(p.th, style, text, w)
}

func (p *Pane) overdueLines(r *model.Record, w int) []string {
	var out []string
	if i := slices.IndexFunc(p.v.History.Records, func(o model.Record) bool { return o.Kind == model.RecordSync && o.At.Before(r.At) }); i >= 0 {
		out = append(out, p.row(w, "last sync", words.Moment(p.v.History.Records[i].At, p.v.Now, p.loc)))
	}
	out = append(out, p.row(w, "overdue since", words.Moment(r.At, p.v.Now, p.loc)))
	if until, ok := r.Until.Get(); ok {
		out = append(out, p.row(w, "next sync", words.Moment(until, p.v.Now, p.loc)))
	} else {
		out = append(out, p.row(w, "next sync", "not yet"))
	}
	if r.Days > 0 {
		out = append(out, p.row(w, "windows missed", words.Int(r.Days)))
	}
	out = append(out, "")
	return append(out, p.wrap(p.th.Label, "The reason is not in the API: it stands in the instance's own logs. Network, proxy and the licence service are where to look first.", w)...)
}

func (p *Pane) syncLines(r *model.Record, w int) []string {
	out := []string{p.row(w, "seen", words.Moment(r.Seen, p.v.Now, p.loc))}
	if since, ok := r.Since.Get(); ok {
		out = append(out, p.row(w, "not there yet", words.Moment(since, p.v.Now, p.loc)))
	}
	out = append(out,
		p.row(w, "seen by", words.Who(r.Who)),
		"",
		p.row(w, "billable users", words.Count(r.Billable)),
		p.row(w, "maximum users", words.Count(r.Maximum)),
		"",
	)
	if len(r.Changes) > 0 {
		out = append(append(out, p.changeLines(r.Changes, w)...), "")
	}
	t := r.Terms
	out = append(out, kit.NewLine(p.th, w).Label("terms after it").String(),
		p.row(w, "plan", t.Plan.Title()), p.row(w, "seats", words.Count(t.Seats)), p.row(w, "term", words.Term(t.Starts, t.Ends)))
	out = append(out, p.hang(w, "future terms", t.Future)...)
	out = append(out, p.hang(w, "add-ons", words.AddOnList(t.AddOns))...)
	out = append(out, "")
	return append(out, p.wrap(p.th.Label, "Observed: the instance's last sync time moved without us. Its counts are those read when it was seen, not the ones that were sent.", w)...)
}

// full draws one record on the whole screen: in two parts where there is room.
func (p *Pane) full(r *model.Record, w, h int) []string {
	n := p.note()
	f := kit.Frame{Number: "4", Title: "Sync history · " + p.title(r), Focus: true, Right: n.Text, Warn: n.Stale}
	if r.Run != nil && w >= panelMin {
		f.Divide = w * runShare / 100
	}
	in := f.Inner(w, h)
	left, right := p.head(r, in.LeftW), []string(nil)
	switch {
	case r.Run == nil:
		left = append(left, p.body(r, min(in.LeftW, readable))...)
	case f.Divide > 0:
		left, right = append(left, p.runLeft(r, in.LeftW)...), p.runRight(r, in.RightW)
	default:
		left = append(append(left, p.runLeft(r, in.LeftW)...), "")
		left = append(left, p.runRight(r, in.LeftW)...)
	}
	body, note := p.page(max(len(left), len(right)), in.LeftH)
	f.Left = words.Int(p.grid.Cursor+1) + " of " + words.Int(len(p.rows)) + note
	return f.Screen(p.th, w, h, kit.Parts{Left: kit.Part{Lines: body(left, in.LeftW)}, Right: kit.Part{Lines: body(right, in.RightW)}})
}

// title names the record in the frame.
func (p *Pane) title(r *model.Record) string {
	at := words.Moment(r.At, p.v.Now, p.loc)
	switch {
	case r.Kind == model.RecordAct:
		return words.Kind(*r)
	case r.Run != nil:
		return "run of " + words.Moment(r.Run.Began, p.v.Now, p.loc)
	}
	return "record of " + at
}

// page scrolls a text of n lines in h of them: it returns what cuts the parts of
// the text, and a note on where it stands when not all of it is seen.
func (p *Pane) page(n, h int) (cut func(lines []string, w int) []string, note string) {
	p.text.Len, p.text.NoCursor, p.textRows = n, true, h
	first, last := p.text.Window(n, h)
	if last-first < n {
		note = " · lines " + words.Int(first+1) + "–" + words.Int(last) + " of " + words.Int(n)
	}
	return func(lines []string, w int) []string {
		from := min(first, len(lines))
		return kit.FitLines(lines[from:min(last, len(lines))], w, h)
	}, note
}

// driversPage draws the ways to sync on the whole screen.
func (p *Pane) driversPage(w, h int) []string {
	n := p.note()
	f := kit.Frame{Number: "4", Title: "Sync history · ways to sync", Focus: true, Right: n.Text, Warn: n.Stale}
	in := f.Inner(w, h)
	lines := p.driverLines(min(in.LeftW, readable))
	body, note := p.page(len(lines), in.LeftH)
	f.Left = strings.TrimPrefix(note, " · ")
	return f.Screen(p.th, w, h, kit.Parts{Left: kit.Part{Lines: body(lines, in.LeftW)}})
}
