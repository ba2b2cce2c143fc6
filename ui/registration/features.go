package registration

import (
	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/theme"
	"seatdeck/ui/words"
)

// features is the ledger: what works now, through what, and what each lacks.
func (p *Pane) features(w int) []string {
	r := p.v.Registration
	head := kit.NewLine(p.th, w).Figure(words.Int(len(r.Features))).Value(" registration features")
	head.Right().Label("list of " + words.Date(r.CatalogueAsOf))
	table := kit.Table{Columns: []kit.Column{
		{Title: "now", Min: 10, Priority: 0},
		{Title: "feature", Min: 24, Max: 38, Priority: 1},
		{Title: "what it does", Min: 20, Max: 90, Priority: 3},
		{Title: "since", Min: 5, Priority: 4},
		{Title: "tier", Min: 8, Priority: 5},
	}}
	for _, f := range p.shown() {
		table.Rows = append(table.Rows, p.featureRow(f))
	}
	out := []string{head.String()}
	if len(table.Rows) == 0 {
		return append(out, "", kit.NewLine(p.th, w).Label("Nothing is missing. f shows all of them.").String())
	}
	return append(out, table.Lines(p.th, w)...)
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
	what, style := f.What, p.th.Label
	if f.Missing != "" {
		what = f.Missing
	}
	since := words.Unknown
	if f.Since.Known() {
		since = f.Since.String()
	}
	return []kit.Cell{
		{Text: words.Feature(f.State).Word, Glyph: glyph, GlyphStyle: tone},
		{Text: f.Name},
		{Text: what, Style: style},
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
