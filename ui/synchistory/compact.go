package synchistory

import (
	"slices"
	"strings"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/theme"
	"seatdeck/ui/words"
)

// Compact draws the pane's body on the dashboard.
func (p *Pane) Compact(w, h int) (kit.Frame, []string) {
	n := p.note()
	notes := kit.Frame{Right: n.Text, Warn: n.Stale}
	tight := h < kit.Tight-2
	out := []string{p.healthLine(w, w > 90)}
	gap := func() {
		if !tight {
			out = append(out, "")
		}
	}
	if p.neverSyncs() && len(p.v.History.Records) == 0 {
		gap()
		return notes, append(out, p.notSyncing(w)...)
	}
	gap()
	out = append(out, p.strip(w)...)
	gap()
	if len(p.v.History.Records) <= 1 {
		if rows := p.lines(w, 1, false); len(rows) > 0 {
			out = append(out, rows...)
			gap()
		}
		return notes, append(out, p.firstTime(w)...)
	}
	rows := p.lines(w, max(h-len(out), 1), h < 24)
	return notes, append(out, kit.Tail(p.th, rows, w, max(h-len(out), 0), "enter")...)
}

// notSyncing says what takes the sync's place.
func (p *Pane) notSyncing(w int) []string {
	switch lic := p.v.Facts.License.Value; {
	case p.noLicences():
		return p.wrap(p.th.Label, "The Community Edition knows no licences, so there is nothing to sync with the licence service.", w)
	case lic.Kind == model.KindOfflineCloud:
		return p.usageFile(w)
	case !lic.Present():
		return p.wrap(p.th.Label, "A sync exchanges counts and terms of a licence. Without one nothing is sent to the licence service.", w)
	}
	return nil
}

// neverSyncs reports whether there is nothing to sync here.
func (p *Pane) neverSyncs() bool {
	return p.v.History.Health == model.HealthNotEligible || p.noLicences()
}

// usageFile is how an offline licence reports what it uses.
func (p *Pane) usageFile(w int) []string {
	out := []string{kit.NewLine(p.th, w).Label("usage file").String()}
	for _, f := range words.UsageFile() {
		line := kit.NewLine(p.th, w).Label(f.Name).At(11)
		if f.Value == "" {
			line.Mark(p.th.Label, p.th.Glyph.Unknown).Value("unknown").Label("  not in the API")
		}
		out = append(out, line.Value(f.Value).String())
	}
	return append(append(out, ""), p.wrap(p.th.Label, words.UsageFileNote, w)...)
}

// lines writes ledger rows for a place without columns to choose. fold leaves
// runs of unchanged rows out and says how many.
func (p *Pane) lines(w, n int, fold bool) []string {
	var out []string
	if p.live != nil {
		out = append(out, p.liveLine(w))
	}
	records := slices.DeleteFunc(slices.Clone(p.v.History.Records), func(r model.Record) bool { return p.isLive(&r) })
	for i := 0; i < len(records); {
		quiet := quietRun(records[i:])
		if fold && i > 2 && quiet > 2 {
			out = append(out, kit.NewLine(p.th, w).Space(7).Label(words.Int(quiet-1)+" quiet days between").String())
			i += quiet - 1
			continue
		}
		out = append(out, p.line(w, &records[i]))
		i++
	}
	if len(out) > n && !fold {
		return out[:n]
	}
	return out
}

// quietRun is how many unchanged syncs that nobody here set off follow one
// another from the first on.
func quietRun(records []model.Record) int {
	n := 0
	for n < len(records) && records[n].Kind == model.RecordSync && records[n].Outcome == model.OutcomeUnchanged && records[n].Run == nil {
		n++
	}
	return n
}

// line is one record on one line: when, by, outcome, what.
func (p *Pane) line(w int, r *model.Record) string {
	style := p.rowStyle(r)
	line, at := p.begun(w, style, words.Event(r.At, p.v.Now, p.loc), p.by(r))
	glyph, tone, word := p.outcome(r)
	line.Put(tone, glyph).Put(style, " "+word).At(at)
	what, room := strings.TrimSpace(words.Record(*r)), max(w-at, 0)
	if kit.Width(what) > room && len(r.Changes) == 0 && r.Run == nil {
		what, _, _ = strings.Cut(what, ", ") // the count before the peak
	}
	// Of a long change the numbers stay, which stand at its end.
	what = kit.CutMiddle(what, room, p.th.Glyph.Cut)
	return line.Put(style, what).String()
}

// begun is a row with its time and, where there is room, who set it off; and
// where what came of it stands behind the outcome.
func (p *Pane) begun(w int, style theme.Style, when, by string) (*kit.Line, int) {
	line := kit.NewLine(p.th, w).Put(style, when).At(14)
	if w < 54 {
		return line, 29
	}
	return line.Put(style, by).At(26), 41
}

// rowStyle is faint for what did not change, plain for everything else.
func (p *Pane) rowStyle(r *model.Record) theme.Style {
	if r.Kind == model.RecordSync && r.Outcome == model.OutcomeUnchanged {
		return p.th.Label
	}
	return p.th.Value
}

// outcome is the glyph, its colour and the word of a record.
func (p *Pane) outcome(r *model.Record) (string, theme.Style, string) {
	if r.Kind == model.RecordChapter {
		return p.th.Glyph.Unknown, p.th.Warn, "new instance"
	}
	return p.status(words.RowOutcome(*r))
}

// status draws a status with the theme's glyph and colour.
func (p *Pane) status(s words.Status) (string, theme.Style, string) {
	g := p.th.Glyph
	switch s.Tone {
	case words.OK:
		return g.Done, p.th.OK, s.Word
	case words.Warn:
		return g.Warning, p.th.Warn, s.Word
	case words.Bad:
		return g.Missing, p.th.Bad, s.Word
	case words.Unsure:
		return g.Unknown, p.th.Label, s.Word
	}
	return g.None, p.th.Label, s.Word
}

// by is who set a record off, nothing where nobody did.
func (p *Pane) by(r *model.Record) string {
	if r.Trigger == "" {
		return ""
	}
	return words.By(*r)
}
