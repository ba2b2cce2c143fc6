package registration

import (
	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/theme"
	"seatdeck/ui/words"
)

// featureColumns stand as in the pictures, and go from the end of this order
// (visual rules, tables): now, feature, what it does, since, tier. A name is never
// cut: one that is longer than its column runs on.
func (p *Pane) featureColumns(w int, shown []model.FeatureStatus) []kit.Column {
	now := len("now")
	for i := range shown {
		now = max(now, 2+kit.Width(words.Feature(shown[i].State).Word))
	}
	name := min(w-now-model.BriefCols-4, longName-1) // the longest runs on by one
	if name < 31 {
		name = 24
	}
	return []kit.Column{
		{Title: "now", Min: now, Priority: 0},
		{Title: "feature", Min: name, Max: longName, Priority: 1, Spill: true},
		{Title: "what it does", Min: model.BriefCols, Priority: 2},
		{Title: "since", Min: 5, Priority: 3},
		{Title: "tier", Min: 8, Priority: 4},
	}
}

// longName is the width of the longest name.
const longName = 38

const (
	aboutRows  = 5  // a blank line, the name, and three of text
	tallLedger = 16 // height above which the ledger has room for more than rows
)

// title heads the ledger.
func (p *Pane) title(w int) string {
	r := &p.v.Registration
	if len(r.Features) == 0 {
		return p.caption(w, "registration features")
	}
	return kit.NewLine(p.th, w).Value(words.Int(len(r.Features)) + " registration features").
		Right().Label("list of " + words.Date(r.CatalogueAsOf)).String()
}

// nothingShown says why there is no feature to show.
func (p *Pane) nothingShown(w int) []string {
	text := "Nothing is missing. f shows all of them."
	if len(p.v.Registration.Features) == 0 {
		text = "The features were not read yet."
	}
	return []string{"", p.caption(w, text)}
}

// features is the ledger as text: what works now, through what, and what each
// lacks.
func (p *Pane) features(w int) []string {
	shown := p.shown()
	table := kit.Table{Columns: p.featureColumns(w, shown)}
	for _, f := range shown {
		table.Rows = append(table.Rows, p.featureRow(f))
	}
	if len(table.Rows) == 0 {
		return append([]string{p.title(w)}, p.nothingShown(w)...)
	}
	return append([]string{p.title(w)}, table.Lines(p.th, w)...)
}

// ledger is the ledger with a cursor on w by h cells, and below it all about the
// feature under the cursor, where there is room for that.
func (p *Pane) ledger(w, h int) kit.Part {
	shown := p.shown()
	if len(shown) == 0 {
		return kit.Part{Lines: append([]string{p.title(w)}, p.nothingShown(w)...)}
	}
	head, below := []string{p.title(w)}, 0
	if h > tallLedger {
		head, below = append(head, ""), aboutRows
	}
	p.grid.Columns, p.grid.Sorted, p.grid.NoMarks, p.grid.Len = p.featureColumns(w, shown), -1, true, len(shown)
	p.grid.Row = func(i int, r *kit.Row) { copy(r.Cells, p.featureRow(shown[i])) }
	p.rows = min(h-len(head)-below, len(shown)+1)
	part := p.grid.View(p.th, w, p.rows)
	if part.Cursor > 0 {
		part.Cursor += len(head)
	}
	part.Lines = append(head, part.Lines...)
	if below > 0 {
		part.Lines = append(append(part.Lines, ""), p.aboutFeature(w, shown[min(p.grid.Cursor, len(shown)-1)])...)
		if line := p.otherwise(w); line != "" && len(part.Lines)+2 <= h {
			part.Lines = append(part.Lines, "", line)
		}
	}
	return part
}

// aboutFeature is a feature in full: its name and tier, what it does, and what it
// lacks.
func (p *Pane) aboutFeature(w int, f model.FeatureStatus) []string {
	tier := f.Tier.Title()
	if f.Since.Known() {
		tier += " · since " + f.Since.String()
	}
	out := []string{kit.NewLine(p.th, w).Value(f.Name).Right().Label(tier).String()}
	out = append(out, kit.Wrap(p.th, p.th.Label, f.What, w)...)
	if f.Missing != "" {
		out = append(out, kit.Wrap(p.th, p.th.Value, "missing: "+f.Missing, w)...)
	}
	return out[:min(len(out), aboutRows-1)]
}

// otherwise says what else would bring the features that are locked, "" where
// none is.
func (p *Pane) otherwise(w int) string {
	r := &p.v.Registration
	if r.Locked == 0 {
		return ""
	}
	premium := 0
	for i := range r.Features {
		if r.Features[i].Tier.InPlan(model.PlanPremium) {
			premium++
		}
	}
	return p.caption(w, "Without opting in: "+words.Int(premium)+" come with Premium, all "+words.Int(len(r.Features))+" with Ultimate.")
}

// shown are the features the filter lets through.
func (p *Pane) shown() []model.FeatureStatus {
	if !p.locked {
		return p.v.Registration.Features
	}
	var out []model.FeatureStatus
	for _, f := range p.v.Registration.Features {
		if works, ok := f.Works().Get(); !ok || !works {
			out = append(out, f)
		}
	}
	return out
}

func (p *Pane) featureRow(f model.FeatureStatus) []kit.Cell {
	glyph, tone := p.glyph(f.State)
	since := words.Unknown
	if f.Since.Known() {
		since = f.Since.String()
	}
	return []kit.Cell{
		{Text: words.Feature(f.State).Word, Glyph: glyph, GlyphStyle: tone},
		{Text: f.Name},
		{Text: f.Brief, Style: p.th.Label},
		{Text: since, Style: p.th.Label},
		{Text: f.Tier.Title(), Style: p.th.Label},
	}
}

// glyph is the mark of a feature's state.
func (p *Pane) glyph(s model.FeatureState) (string, theme.Style) {
	switch s {
	case model.FeatureLicensed, model.FeatureRegistered:
		return p.th.Glyph.Done, p.th.OK
	case model.FeatureUnknown:
		return p.th.Glyph.Unknown, p.th.Label
	case model.FeatureLocked:
		return p.th.Glyph.Plus, p.th.Accent
	}
	return p.th.Glyph.None, p.th.Label
}

// matrix lists the features by name alone, in three columns, for tall panes.
func (p *Pane) matrix(w, h int) []string {
	all := p.v.Registration.Features
	if len(all) == 0 || h < 4 {
		return nil
	}
	cols := 3
	if w < 90 {
		cols = 2
	}
	colW := w / cols
	rows := (len(all) + cols - 1) / cols
	out := []string{kit.NewLine(p.th, w).Label("the " + words.Int(len(all)) + " features").String()}
	for r := range min(rows, h-1) {
		line := kit.NewLine(p.th, w)
		for c := range cols {
			if i := c*rows + r; i < len(all) {
				glyph, tone := p.glyph(all[i].State)
				line.At(c*colW).Mark(tone, glyph).Value(kit.Cut(all[i].Name, colW-4, p.th.Glyph.Cut))
			}
		}
		out = append(out, line.String())
	}
	return out
}
