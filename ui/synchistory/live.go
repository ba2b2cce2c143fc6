package synchistory

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/theme"
	"seatdeck/ui/words"
)

// recordLive is the row of a sync that goes on: no record of the journal.
const recordLive model.RecordKind = "running"

// Follow shows how a sync that was begun in this console goes on; nil when none
// does any more. Its row is the first of the ledger, and the cursor goes there
// when it begins; when it is over the cursor is on what became of it.
func (p *Pane) Follow(l *model.RunningAct) tea.Cmd {
	was := p.live
	p.live = l
	p.choose()
	switch {
	case l != nil && was == nil:
		p.text.Scroll = kit.Scroll{}
		p.grid.Select(0, p.height)
	case l == nil && was != nil && p.grid.Cursor == 0:
		p.text.Scroll = kit.Scroll{}
		if i := slices.IndexFunc(p.rows, func(r model.Record) bool { return was.Plan != "" && r.Run != nil && r.Run.Plan.ID == was.Plan }); i >= 0 {
			p.grid.Select(i, p.height)
		}
	}
	return nil
}

// liveRow is the row of the sync that goes on.
func (p *Pane) liveRow() model.Record {
	return model.Record{Kind: recordLive, At: p.live.Began, Trigger: p.live.Trigger}
}

// isLive reports whether a run in the record is the one that goes on here.
func (p *Pane) isLive(r *model.Record) bool {
	return p.live != nil && p.live.Plan != "" && r.Run != nil && r.Run.Plan.ID == p.live.Plan
}

// watches reports whether what goes on sends nothing and only watches.
func (p *Pane) watches() bool { return !p.live.Driver.Sends() }

// liveWord is what goes on, in one word.
func (p *Pane) liveWord() string {
	if p.watches() {
		return "watching"
	}
	return "running"
}

// liveStand is how far the sync has come: "stage 3 of 5".
func (p *Pane) liveStand() string {
	now, of := p.live.Stand()
	if now == 0 {
		return "beginning"
	}
	return "stage " + words.Int(now) + " of " + words.Int(of)
}

// liveTime is how long it has gone on, as of its newest report.
func (p *Pane) liveTime() string { return words.Running(p.live.At.Sub(p.live.Began)) }

// liveBy is who set it off and how.
func (p *Pane) liveBy() string { return string(p.live.Trigger) + ", " + string(p.live.Driver) }

// liveHealth is the pane's first line while a sync goes on.
func (p *Pane) liveHealth(w int, long bool) string {
	word := "syncing"
	if p.watches() {
		word = "watching"
	}
	line := kit.NewLine(p.th, w).Mark(p.th.Accent, p.th.Glyph.Running).Figure(word).Label("  since ").Value(words.ClockSecond(p.live.Began, p.loc))
	line.Label(" by ").Value(p.liveBy())
	if stand := " · " + p.liveStand(); line.Used()+kit.Width(stand) <= w {
		line.Label(stand)
	}
	next := p.nextWindow(long)
	if len(next) > 5 && line.Used()+kit.Width(next)+2 <= w {
		line.Right().Label("next ").Value(next[5:])
	}
	return line.String()
}

// liveLine is its row on the dashboard.
func (p *Pane) liveLine(w int) string {
	line, at := p.begun(w, p.th.Value, words.Event(p.live.Began, p.v.Now, p.loc), p.liveBy())
	return line.Put(p.th.Accent, p.th.Glyph.Running).Value(" " + p.liveWord()).At(at).Value(p.liveStand()).String()
}

// liveCells is its row in the ledger.
func (p *Pane) liveCells(row *kit.Row) {
	row.Cells[0] = kit.Cell{Text: words.Event(p.live.Began, p.v.Now, p.loc)}
	row.Cells[1] = kit.Cell{Text: p.liveBy()}
	row.Cells[2] = kit.Cell{Text: p.liveWord(), Glyph: p.th.Glyph.Running, GlyphStyle: p.th.Accent}
	row.Cells[3] = kit.Cell{Text: p.liveTime()}
	row.Cells[4] = kit.Cell{Text: p.liveStand()}
}

// liveHead names what goes on.
func (p *Pane) liveHead(w int) []string {
	title := "Sync now"
	if p.watches() {
		title = "Watching for a sync"
	}
	return []string{kit.NewLine(p.th, w).Figure(title).Label(" on ").Value(p.v.Info.Name).Right().Label(words.ClockSecond(p.live.Began, p.loc)).String(), ""}
}

// liveLines draws the five stages, what was before, and who sends what.
func (p *Pane) liveLines(w int) []string {
	out := p.liveHead(w)
	for _, s := range p.live.SyncStages() {
		out = append(out, p.liveStage(s, w)...)
	}
	out = append(append(out, ""), p.liveBefore(w)...)
	if p.live.Page != "" {
		out = append(append(out, ""), p.hang(w, "press Sync on", p.live.Page)...)
	}
	return append(append(out, ""), p.wrap(p.th.Label, p.whoSends(), w)...)
}

// liveStage is one stage; the one that waits has a rule towards its deadline.
func (p *Pane) liveStage(s model.LiveStage, w int) []string {
	const from, tookCols = 2 + stageCols, 8
	glyph, tone, style := p.stageMark(s)
	notes := p.wrap(style, words.LiveStage(*p.live, s, p.v.Facts.License.Value.LastSync, p.v.Now, p.loc), max(w-from-tookCols, 8))
	if len(notes) == 0 {
		notes = []string{""}
	}
	var out []string
	for i, note := range notes {
		line := kit.NewLine(p.th, w)
		if i == 0 {
			line.Mark(tone, glyph)
			switch s.State {
			case model.StageCurrent:
				line.Figure(string(s.Stage))
			case model.StagePassed:
				line.Value(string(s.Stage))
			default:
				line.Label(string(s.Stage))
			}
		}
		line.At(from).Styled(note)
		switch {
		case i > 0:
		case s.State == model.StageCurrent:
			line.Right().Value(words.Running(s.Took()))
		case s.State == model.StagePassed:
			line.Right().Label(words.Took(s.Took()))
		}
		out = append(out, line.String())
	}
	waited, most, waits := p.live.Waited()
	if s.State != model.StageCurrent || !waits {
		return out
	}
	rule := kit.Rule{Value: waited.Seconds(), Whole: most.Seconds(), Track: true, Style: p.th.Accent}
	return append(out, kit.NewLine(p.th, w).At(from).Styled(rule.Render(p.th, min(w-from, kit.MaxRule))).String(),
		kit.NewLine(p.th, w).At(from).Label("waits until ").Value(words.Running(most)).String())
}

// stageMark is the glyph of a stage, its colour, and how its words are set.
func (p *Pane) stageMark(s model.LiveStage) (glyph string, tone, style theme.Style) {
	g, th := p.th.Glyph, p.th
	switch s.State {
	case model.StagePassed:
		return g.Done, th.OK, th.Value
	case model.StageCurrent:
		return g.Running, th.Accent, th.Value
	case model.StageOmitted:
		return g.None, th.Label, th.Label
	}
	return g.Nothing, th.Label, th.Label
}

// liveBefore is what the instance showed before, which a sync may change.
func (p *Pane) liveBefore(w int) []string {
	f := &p.v.Facts
	value := func(text string) []kit.Span { return []kit.Span{{Text: text}} }
	next := words.Unknown
	if terms := f.Future.Value; f.Future.Known() && len(terms) > 0 {
		next = words.Count(terms[0].Seats)
	}
	labels, values := kit.Stats(p.th, w, []kit.Stat{
		{Label: "seats", Value: value(words.Count(f.License.Value.Seats))}, {Label: "billable", Value: value(words.Count(f.License.Value.Daily))},
		{Label: "peak", Value: value(words.Count(f.License.Value.Maximum))}, {Label: "next term", Value: value(next)},
	})
	return []string{kit.NewLine(p.th, w).Label("before").String(), labels, values}
}

// whoSends says what leaves, and from where.
func (p *Pane) whoSends() string {
	switch p.live.Driver {
	case model.DriverHost:
		text := "The instance sends its own packet; seatdeck sends nothing to the vendor. The counts are those of the newest daily row, not of this minute"
		if row, ok := p.v.Facts.Daily.Value.Newest(); ok {
			text += ": " + words.Int(row.Count) + " of " + words.Date(row.Day())
		}
		return text + "."
	case model.DriverActivation:
		return "The instance asks the vendor with the configured code, and gets the terms. Counts are not part of this exchange."
	}
	return "Nothing is sent from here. A later time of the last sync is written down as observed."
}

// liveFull draws what goes on on the whole screen.
func (p *Pane) liveFull(w, h int) []string {
	n := p.note()
	f := kit.Frame{Number: "4", Title: "Sync history · run of " + words.Clock(p.live.Began, p.loc), Focus: true, Right: n.Text, Warn: n.Stale}
	in := f.Inner(w, h)
	lines := p.liveLines(min(in.LeftW, readable))
	body, note := p.page(len(lines), in.LeftH)
	f.Left = "1 of " + words.Int(len(p.rows)) + note
	return f.Screen(p.th, w, h, kit.Parts{Left: kit.Part{Lines: body(lines, in.LeftW)}})
}
