package subscription

import (
	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

// field is a row of the licence: label, value, note.
type field struct {
	label string
	value []kit.Span
	note  string
}

// fields lists every field of the licence.
func (p *Pane) fields(w int) []string {
	l := &p.v.Facts.License.Value
	plain := func(s string) []kit.Span { return []kit.Span{{Text: s}} }
	rows := []field{
		{"licensee", plain(text(l.Company)), ""},
		p.contact(l),
		{"renewal opens", plain(words.Date(p.renewal(l))), "15 days before the end"},
		{"ends", plain(words.Date(l.Ends)), "at 00:00 server time"},
		{"changes blocked", plain(words.Date(l.Blocks)), "pushes stop"},
		{},
		{"activated", plain(words.Date(l.Activated)), ""},
		{"key received", plain(words.Date(l.Added)), ""},
		{"licence number", plain(text(l.Number)), "not the row in the database"},
		{"trial", plain(words.YesNo(l.Trial)), ""},
		{"last sync", p.lastSync(l), ""},
		p.eligible(l),
		{"reconciliation", []kit.Span{{Style: p.th.Label, Text: p.th.Glyph.Unknown}, {Text: " unknown"}}, "not in the API"},
	}
	out := make([]string, len(rows))
	for i, r := range rows {
		if r.label == "" {
			continue
		}
		line := kit.NewLine(p.th, w).Label(r.label).At(labelCols).Spans(r.value...)
		if r.note != "" {
			line.Label("  " + r.note)
		}
		out[i] = line.String()
	}
	return out
}

func text(t model.Text) string {
	if t.Empty() {
		return words.Unknown
	}
	return t.String()
}

// contact is the licensee's name; once asked for, the address comes first, so
// that it is never cut.
func (p *Pane) contact(l *model.License) field {
	name := []kit.Span{{Text: text(l.Name)}}
	switch {
	case l.Email.Empty():
		return field{"contact", name, ""}
	case p.email:
		return field{"contact", []kit.Span{{Text: l.Email.String()}}, l.Name.String()}
	}
	return field{"contact", name, "e-mail hidden"}
}

func (p *Pane) renewal(l *model.License) model.Day {
	if !l.Ends.Known() {
		return 0
	}
	return l.Ends.Add(-15)
}

func (p *Pane) lastSync(l *model.License) []kit.Span {
	at := words.EventOpt(l.LastSync, p.v.Now, p.loc)
	if p.v.History.Health == model.HealthInStep {
		return []kit.Span{{Style: p.th.OK, Text: p.th.Glyph.Done}, {Text: " " + at}}
	}
	return []kit.Span{{Text: at}}
}

func (p *Pane) eligible(l *model.License) field {
	if l.Kind == model.KindOfflineCloud {
		return field{"sync eligible", []kit.Span{{Style: p.th.Label, Text: p.th.Glyph.None}, {Text: " no"}}, "usage goes by file"}
	}
	if ok, why := l.SyncEligible(); !ok {
		return field{"sync eligible", []kit.Span{{Style: p.th.Label, Text: p.th.Glyph.None}, {Text: " no"}}, why}
	}
	return field{"sync eligible", []kit.Span{{Style: p.th.OK, Text: p.th.Glyph.Done}, {Text: " yes"}}, "online, cloud, has an end"}
}

// terms lists coming, current and past terms, newest first, at most n.
func (p *Pane) terms(w, n int) []string {
	f := &p.v.Facts
	if !f.Terms.Known() {
		why := "not read yet"
		if f.Terms.Err != nil {
			why = f.Terms.Err.Msg.String()
		}
		return []string{kit.NewLine(p.th, w).Label(why).String()}
	}
	var out []string
	for i := len(f.Future.Value) - 1; i >= 0; i-- {
		t := f.Future.Value[i]
		left := t.Starts.Sub(model.DayOf(p.v.Now))
		out = append(out, p.term(w, t, false, "in "+words.Days(max(left, 0))))
	}
	for i, t := range f.Terms.Value {
		out = append(out, p.term(w, t, i == 0 && f.License.Value.Present(), p.termNote(i, t)))
	}
	if len(out) > n && n > 0 {
		out = append(out[:n-1], kit.NewLine(p.th, w).Right().Label("… "+words.Int(len(out)-n+1)+" more").String())
	}
	return out
}

// termNote says what became of a licence row. Rows with the same dates replaced
// one another.
func (p *Pane) termNote(i int, t model.Term) string {
	today := model.DayOf(p.v.Now)
	switch {
	case i == 0 && t.Added.Known() && t.Added > t.Starts:
		return "now, since " + words.DayMonth(t.Added, today)
	case i == 0:
		return "now"
	case t.Ends.Known() && t.Ends <= today:
		return "ended"
	}
	newer := p.v.Facts.Terms.Value[i-1]
	if newer.Added.Known() {
		return "replaced " + words.DayMonth(newer.Added, today)
	}
	return "replaced"
}

func (p *Pane) term(w int, t model.Term, now bool, note string) string {
	style := p.th.Label
	line := kit.NewLine(p.th, w)
	if now {
		style = p.th.Value
		line.Put(p.th.Accent, p.th.Glyph.Running)
	}
	line.At(2).Put(style, words.Term(t.Starts, t.Ends)).At(27).Put(style, t.Plan.Title())
	seats := words.SeatLimit(t.Seats, t.NoLimit)
	return line.Number(42, style, seats).At(44).Put(p.th.Label, note).String()
}

// addOns lists active purchases with how much of each is assigned.
func (p *Pane) addOns(w int) []string {
	var out []string
	if err := p.v.Facts.AddOns.Err; err != nil && !p.v.Facts.AddOns.Known() {
		return []string{kit.NewLine(p.th, w).Label(err.Msg.String()).String()}
	}
	for _, a := range p.v.Facts.AddOns.Value {
		rule := kit.Rule{Value: float64(a.Assigned), Whole: float64(a.Purchased), Track: true, Style: p.th.Accent}
		line := kit.NewLine(p.th, w).Value(words.AddOn(a.Name)).Number(44, p.th.Value, words.Int(a.Assigned)+" of "+words.Int(a.Purchased)).At(47)
		if n := min(w-47, 16); n > 4 {
			line.Styled(rule.Render(p.th, n))
		}
		out = append(out, line.String())
	}
	return out
}
