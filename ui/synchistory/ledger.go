package synchistory

import (
	"image"

	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

// The wide layout of the ledger.
const (
	panelMin    = 106 // narrowest screen with a side panel
	ledgerShare = 62  // percent of the width
	bandRows    = 5
	roomForBand = 14
)

// ledger draws health, strip and all records, with the one under the cursor
// beside them where there is room.
func (p *Pane) ledger(w, h int) ([]string, image.Point) {
	n := p.note()
	f := kit.Frame{Number: "4", Title: "Sync history", Focus: true, Right: n.Text, Warn: n.Stale}
	switch {
	case p.neverSyncs() && len(p.v.History.Records) == 0:
		f.Band = 1 // a strip of days would be empty
	case h >= roomForBand:
		f.Band = bandRows
	}
	p.narrow = w < panelMin
	if p.panel && !p.narrow && len(p.rows) > 0 {
		f.Divide = w * ledgerShare / 100
	}
	in := f.Inner(w, h)
	var parts kit.Parts
	if in.BandH > 0 {
		band := []string{p.healthLine(in.BandW, in.BandW >= 100)}
		if in.BandH > 1 {
			band = append(append(append(band, ""), p.strip(in.BandW)...), p.legend(in.BandW))
		}
		parts.Band = kit.Part{Lines: band}
	}
	p.height = in.LeftH
	if len(p.rows) == 0 {
		parts.Left = kit.Part{Lines: p.empty(in.LeftW)}
		return f.Screen(p.th, w, h, parts), image.Pt(-1, -1)
	}
	p.columns(in.LeftW)
	p.grid.Half = f.Divide > 0
	if first, last := p.grid.Shown(in.LeftH); last-first < len(p.rows) {
		f.Left = words.Int(first+1) + "–" + words.Int(last) + " of " + words.Int(len(p.rows))
	}
	parts.Left = p.grid.View(p.th, in.LeftW, in.LeftH)
	if r, ok := p.record(); ok && in.RightW > 0 {
		parts.Right = kit.Part{Lines: kit.FitLines(p.panelLines(r, in.RightW), in.RightW, in.RightH)}
	}
	cursor := image.Pt(-1, -1)
	if parts.Left.Cursor > 0 {
		top := 1
		if in.BandH > 0 {
			top += in.BandH + 1
		}
		cursor = image.Pt(1, top+parts.Left.Cursor-1)
	}
	return f.Screen(p.th, w, h, parts), cursor
}

func (p *Pane) empty(w int) []string {
	if p.changed && len(p.v.History.Records) > 0 {
		return p.wrap(p.th.Value, "No sync changed anything. f shows the quiet ones.", w)
	}
	if p.neverSyncs() {
		return p.notSyncing(w)
	}
	return p.firstTime(w)
}

// columns sets the grid up: what goes when narrow is the end of the priorities.
func (p *Pane) columns(int) {
	p.grid.Sorted = 0
	p.grid.Descending = true
	p.grid.Columns = []kit.Column{
		{Title: "when", Min: 12, Priority: 0},
		{Title: "by", Min: 11, Max: 15, Priority: 3},
		{Title: "outcome", Min: 13, Max: 17, Priority: 1},
		{Title: "took", Min: 6, Right: true, Priority: 5},
		{Title: "what", Min: 20, Max: 72, Priority: 2},
		{Title: "journal", Min: 7, Right: true, Priority: 4},
	}
	p.grid.Row = func(i int, row *kit.Row) {
		r := &p.rows[i]
		if r.Kind == recordLive {
			p.liveCells(row)
			return
		}
		style := p.rowStyle(r)
		glyph, tone, word := p.outcome(r)
		row.Cells[0] = kit.Cell{Text: words.Event(r.At, p.v.Now, p.loc), Style: style}
		row.Cells[1] = kit.Cell{Text: p.by(r), Style: style}
		row.Cells[2] = kit.Cell{Text: word, Style: style, Glyph: glyph, GlyphStyle: tone}
		if r.Run != nil {
			if took, ok := r.Run.Took().Get(); ok {
				row.Cells[3] = kit.Cell{Text: words.Took(took), Style: style}
			}
		}
		row.Cells[4] = kit.Cell{Text: words.Record(*r), Style: style}
		if r.Seq > 0 {
			row.Cells[5] = kit.Cell{Text: words.Int(int(r.Seq)), Style: p.th.Label}
		}
	}
}
