package users

import (
	"fmt"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/theme"
	"seatdeck/ui/words"
)

// tightBody is the height of a pane's body below which its blank lines go.
const tightBody = kit.Tight - 2

// Where the columns of bars stand in the compact view.
const (
	spanEnd   = 18
	countEnd  = 24
	rulesFrom = 26
)

// Compact draws the pane's body on the dashboard.
func (p *Pane) Compact(w, h int) (kit.Frame, []string) {
	n := p.note()
	notes := kit.Frame{Right: n.Text, Warn: n.Stale}
	if w <= 0 || h <= 0 {
		return notes, nil
	}
	head := p.headline(w)
	if !p.v.Facts.Breakdown.Known() {
		return notes, kit.FitLines(join(head, p.waiting(w), h >= tightBody), w, h)
	}
	return notes, kit.FitLines(p.figures(head, w, h), w, h)
}

// figures draws head, the two groups and the advice on at most h lines. When
// there is too little room the blank lines go first, then the second caption,
// then the last rows; the first line and the advice stay.
func (p *Pane) figures(head []string, w, h int) []string {
	takes, none, advice := p.recency(w), p.others(w), p.advice(w)
	blanks := 0
	for _, block := range [][]string{takes, none, advice} {
		if len(block) > 0 {
			blanks++
		}
	}
	captioned := p.over()
	if captioned {
		blanks-- // the gauge's caption parts head and groups already
	}
	need := len(head) + len(takes) + len(none) + len(advice)
	airy := h >= tightBody && need+blanks <= h
	if need > h && len(none) > 0 {
		none = none[1:]
	}
	out := join(join(head, takes, airy && !captioned), none, airy)
	if h <= len(advice)+1 {
		advice = nil
	}
	out = join(kit.Tail(p.th, out, w, h-len(advice), "enter"), advice, airy)
	if room := h - len(out) - 2; room > 2 {
		out = join(out, p.quietest(w, room), true)
	}
	return out
}

// join puts a block below another, with a blank line between if there is air.
func join(above, below []string, airy bool) []string {
	if len(below) == 0 {
		return above
	}
	out := append([]string(nil), above...)
	if airy && len(out) > 0 {
		out = append(out, "")
	}
	return append(out, below...)
}

// headline is the pane's first line and, with a limit, its gauge.
func (p *Pane) headline(w int) []string {
	l := &p.v.Facts.License.Value
	out := []string{p.taken(w)}
	seats, ok := l.Seats.Get()
	if !ok || !l.Present() {
		return out
	}
	daily, known := l.Daily.Get()
	g := kit.Gauge{Value: daily, Known: known, Limit: seats, Peak: l.Maximum.Or(0)}
	out = append(out, g.Bar(p.th, w))
	if p.over() {
		out = append(out, g.Caption(p.th, w))
	}
	return out
}

// over reports whether more seats are taken than there are.
func (p *Pane) over() bool {
	free, ok := p.v.Facts.License.Value.Free().Get()
	return ok && free < 0
}

// taken is the pane's first line: seats taken, and what is left.
func (p *Pane) taken(w int) string {
	l := &p.v.Facts.License.Value
	line := kit.NewLine(p.th, w)
	switch {
	case words.NobodyCounted(&p.v.Facts):
		n := words.Unknown + " accounts"
		if b := p.v.Facts.Breakdown; b.Known() {
			n = words.Accounts(b.Value.Accounts)
		}
		return line.Figure(n).Right().Label("no licence, so nobody takes a seat").String()
	case !p.v.Facts.License.Known() && p.v.Facts.License.Err != nil:
		line.Mark(p.th.Warn, p.th.Glyph.Warning).Figure(words.Trouble(p.v.Facts.License.Err.Class))
		return line.Right().Label("seats taken and free are not known").String()
	case l.NoLimit:
		return line.Figure(words.Count(l.Daily)).Label(" seats taken").Right().Label("no limit").String()
	}
	line.Figure(words.Count(l.Daily)).Label(" of ").Value(words.Count(l.Seats)).Label(" seats taken").Right()
	free, ok := l.Free().Get()
	switch {
	case !ok:
	case free < 0:
		line.Mark(p.th.Bad, p.th.Glyph.Missing).Figure(words.Int(-free)).Label(" over")
	case l.NearLimit():
		line.Mark(p.th.Warn, p.th.Glyph.Warning).Figure(words.Int(free)).Label(" free")
	default:
		line.Figure(words.Int(free)).Label(" free")
	}
	return line.String()
}

// waiting says why there are no counts yet, and how far the reading is.
func (p *Pane) waiting(w int) []string {
	r := &p.v.Facts.Roster
	if r.Err != nil && !r.Value.Complete {
		return p.trouble(r.Err, w)
	}
	out := p.progress(w)
	out = append(out, kit.Wrap(p.th, p.th.Label, "By last activity, and who takes no seat: as soon as all accounts are read. Half a roster is never counted.", w)...)
	return append(append(out, ""), kit.Wrap(p.th, p.th.Label, "The next start shows these figures at once, from the cache, and reads again behind them.", w)...)
}

// progress draws how many accounts were read so far.
func (p *Pane) progress(w int) []string {
	r := &p.v.Facts.Roster
	if !r.Known() || r.Value.Complete {
		return nil
	}
	line := kit.NewLine(p.th, w).Label("accounts read").Right().Figure(words.Int(r.Value.Accounts))
	about, ok := r.Value.About.Get()
	if !ok || about <= 0 {
		return []string{line.String(), ""}
	}
	rule := kit.Rule{Value: float64(r.Value.Accounts), Whole: float64(max(about, r.Value.Accounts)), Track: true, Style: p.th.Accent}
	return []string{line.Label(" of about " + words.Int(about)).String(), rule.Render(p.th, w), ""}
}

// bar is one row: label, range, number, rule.
type bar struct {
	label, span string
	n           int
	style       theme.Style
}

// recency draws who takes a seat by last activity; accounts where nobody takes
// one. The first line is the caption.
func (p *Pane) recency(w int) []string {
	b := &p.v.Facts.Breakdown.Value
	counts, caption := b.Recency, "active accounts"
	if seats, ok := b.Seats.Get(); ok {
		counts, caption = seats.Recency, "who takes a seat"
	}
	rows := []bar{
		{"recent", fmt.Sprintf("0–%d d", model.RecentDays), counts.Recent, p.th.Accent},
		{"idle", fmt.Sprintf("%d–%d d", model.RecentDays+1, b.DormantDays-1), counts.Idle, p.th.Accent},
		{"dormant", fmt.Sprintf("%d+ d", b.DormantDays), counts.Dormant, p.th.Warn},
		{"never signed in", "", counts.Never, p.th.Accent},
	}
	head := kit.NewLine(p.th, w).Label(caption).At(rulesFrom).Label("by last activity").String()
	return append([]string{head}, p.bars(w, rows)...)
}

// others draws who takes no seat, below its caption; the other accounts where
// nobody takes one.
func (p *Pane) others(w int) []string {
	rows := []bar{
		{words.KeptOut, "", p.steps(model.StepBlocked, model.StepLDAPBlocked, model.StepPending, model.StepBanned), p.th.Label},
		{"deactivated", "", p.steps(model.StepDeactivated), p.th.Label},
		{"bots and services", "", p.steps(model.StepBot), p.th.Label},
	}
	if !p.v.Facts.Breakdown.Value.Seats.Known() {
		return append([]string{p.label(w, "other accounts")}, p.bars(w, rows)...)
	}
	rows = append(rows, bar{words.Step(model.StepRole, true), "", p.steps(model.StepRole), p.th.Label})
	if n := p.steps(model.StepUnknown, model.StepOtherState); n > 0 {
		rows = append(rows, bar{"not known", "", n, p.th.Label})
	}
	return append([]string{p.label(w, "who takes none")}, p.bars(w, rows)...)
}

func (p *Pane) steps(names ...model.StepName) int {
	sum := 0
	for _, s := range p.v.Facts.Breakdown.Value.Waterfall {
		for _, n := range names {
			if s.Step == n {
				sum += s.Accounts
			}
		}
	}
	return sum
}

// bars draws rows with rules in one scale for the whole pane.
func (p *Pane) bars(w int, rows []bar) []string {
	whole := float64(max(p.longest(), 1))
	out := make([]string, len(rows))
	for i, r := range rows {
		line := kit.NewLine(p.th, w).Value(r.label).Number(spanEnd, p.th.Label, r.span).Number(countEnd, p.th.Value, words.Int(r.n)).At(rulesFrom)
		if room := min(w-rulesFrom, kit.MaxRule); room > 2 {
			line.Styled(kit.Rule{Value: float64(r.n), Whole: whole, Style: r.style}.Render(p.th, room))
		}
		out[i] = line.String()
	}
	return out
}

// longest is the count whose rule is drawn at full width.
func (p *Pane) longest() int {
	b := &p.v.Facts.Breakdown.Value
	c := b.Recency
	if seats, ok := b.Seats.Get(); ok {
		c = seats.Recency
	}
	return max(c.Recent, c.Idle, c.Dormant, c.Never, p.steps(model.StepDeactivated), p.steps(model.StepBot), p.steps(model.StepRole),
		p.steps(model.StepBlocked, model.StepLDAPBlocked, model.StepPending, model.StepBanned))
}

// advice says what freeing the dormant seats would bring: over the limit, which
// of the two numbers it lowers; else what it saves, and when.
func (p *Pane) advice(w int) []string {
	seats, ok := p.v.Facts.Breakdown.Value.Seats.Get()
	if !ok || seats.Recency.Dormant == 0 {
		return nil
	}
	n := seats.Recency.Dormant
	l := &p.v.Facts.License.Value
	if free := l.Free().Or(0); p.over() {
		line := kit.NewLine(p.th, w).Label("reclaiming ").Figure(words.Int(n)).Label(" dormant " + plural(n, "seat", "seats") + " lowers ").Value(words.Int(-free))
		if peak, ok := l.OverPeak.Get(); ok {
			line.Label(", never ").Value(words.Int(peak))
		}
		return []string{line.String()}
	}
	line := kit.NewLine(p.th, w).Label("reclaim ").Figure(words.Int(n)).Label(" dormant " + plural(n, "seat", "seats"))
	if price, ok := p.v.Price.Get(); ok {
		line.Label(" ").Value(words.AYear(price.SavedFromRenewal(n)))
		if later := " from renewal"; line.Used()+kit.Width(later) <= w {
			line.Label(later)
		}
	}
	return []string{line.String()}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// quietest lists the billable users seen longest ago, where there is room.
func (p *Pane) quietest(w, h int) []string {
	seats, ok := p.v.Facts.Breakdown.Value.Seats.Get()
	if !ok || len(seats.Quietest) == 0 {
		return nil
	}
	t := kit.Table{Columns: []kit.Column{
		{Title: "longest without activity", Min: 24, Max: 26, Priority: 0},
		{Title: "", Min: 10, Max: 26, Priority: 3},
		{Title: "last seen", Min: 10, Right: true, Priority: 1},
		{Title: "days", Min: 6, Right: true, Priority: 2},
	}}
	for _, u := range seats.Quietest[:min(len(seats.Quietest), h-1)] {
		t.Rows = append(t.Rows, []kit.Cell{
			{Text: named(u.Name, words.Unknown)}, p.faint(u.Username.String()),
			{Text: words.Date(u.Seen)}, {Text: words.Count(p.since(u.Seen))},
		})
	}
	return t.Lines(p.th, w)
}
