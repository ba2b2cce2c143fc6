package users

import (
	"image"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/theme"
	"seatdeck/ui/words"
)

const (
	optionAt    = 15 // where the options of a question stand
	effectAt    = 25 // where the parts of an answer stand
	answerShare = 55 // percent of the width for the answer, beside the accounts
	answerMost  = 90 // widest an answer is set
)

// whatIfPage draws the question above its answer, and says that nothing is
// sent.
func (p *Pane) whatIfPage(w, h int) ([]string, image.Point) {
	f := p.frame("what if")
	if p.roster == nil {
		return f.Screen(p.th, w, h, kit.Parts{Left: kit.Part{Lines: p.unread(f.Inner(w, h).LeftW)}}), nowhere
	}
	f.Band = 1 + whatIfRows
	if p.roomy && len(p.whatIf.answer.value.Fates) > 0 {
		f.Divide = w * answerShare / 100
	}
	in := f.Inner(w, h)
	question, cursor := p.questionLines(max(w-4, 1))
	band := kit.Part{Lines: question, Cursor: int(p.whatIf.at) + 2}
	left, right := p.answerLines(min(in.LeftW, answerMost)), p.fateLines(in.RightW, in.RightH)
	if in.RightW == 0 {
		left = join(left, p.fateLines(in.LeftW, max(in.LeftH, fatesShown)), true)
	}
	p.textLen, p.textH = len(left), in.LeftH
	first, _ := p.text.Window(p.textLen, in.LeftH)
	parts := kit.Parts{Band: band, Left: kit.Part{Lines: p.windowBy(left, first, in.LeftW, in.LeftH, "pgdown")}, Right: kit.Part{Lines: right}}
	if in.BandH == 0 { // too low for both: the question goes before
		parts.Band, parts.Left = kit.Part{}, band
		parts.Right = kit.Part{}
	}
	return f.Screen(p.th, w, h, parts), cursor
}

// fatesShown is how many accounts are named where the answer scrolls.
const fatesShown = 50

// questionLines draws the rows of the question and says where in them the
// terminal's cursor belongs.
func (p *Pane) questionLines(w int) ([]string, image.Point) {
	said := "worked out from the accounts of " + p.moment(p.v.Facts.Roster.AsOf)
	out := []string{kit.NewLine(p.th, w).Figure("Nothing is sent.").Label(" It is " + said + ".").String()}
	cursor := image.Pt(1, int(p.whatIf.at)+2)
	for row, title := range []string{"accounts", "change", "plan", "new accounts", "their role"} {
		name := p.th.Label
		if whatIfRow(row) == p.whatIf.at {
			name = p.th.Figure
		}
		line := kit.NewLine(p.th, w).Put(name, title).At(optionAt)
		if whatIfRow(row) != rowNew {
			p.drawOptions(line, w-optionAt, p.options(whatIfRow(row)), p.whatIf.choice[row])
		} else {
			field, at := p.whatIf.more.View(p.th, max(w-optionAt-2, 1))
			if p.whatIf.typing {
				line.Put(p.th.Figure, " +").Styled(field)
				cursor.X = optionAt + at + 4
			} else {
				line.Put(p.th.Place, " +"+words.Int(p.whatIf.newcomers())+" ").Label("  enter types a number")
			}
		}
		out = append(out, line.String())
	}
	return out, cursor
}

// drawOptions draws words beside each other, the active one reversed. Those
// before it go where there is no room for all.
func (p *Pane) drawOptions(line *kit.Line, w int, names []string, active int) {
	from, used, at := 0, 0, line.Used()
	for i := 0; i <= active; i++ {
		used += kit.Width(names[i]) + 3
		for ; used > w-2 && from < i; from++ {
			used -= kit.Width(names[from]) + 3
		}
	}
	if from > 0 {
		line.Label(p.th.Glyph.Cut)
	}
	for i, name := range names[from:] {
		used = line.Used() - at + kit.Width(name) + 2
		if from+i > active && (used > w || used > w-2 && from+i < len(names)-1) {
			line.Label(p.th.Glyph.Cut)
			return
		}
		if from+i == active {
			line.Put(p.th.Place, " "+name+" ")
		} else {
			line.Label(" " + name + " ")
		}
		line.Space(1)
	}
}

// answerLines is the answer: numbers, then what they do not say.
func (p *Pane) answerLines(w int) []string {
	s := &p.whatIf.answer
	switch {
	case !s.done:
		return []string{p.label(w, "being worked out")}
	case s.err != nil:
		return p.trouble(p.advised(s.err), w)
	}
	a := s.value.WhatIfAnswer
	out := p.effects(a, w, true)
	if c := p.whatIf.choice; c[rowDeed] == 0 && c[rowPlan] == 0 && p.whatIf.newcomers() == 0 {
		return append(append(out, ""), kit.Wrap(p.th, p.th.Label, "Nothing is asked yet: "+nothingAsked, w)...)
	}
	for i, note := range words.WhatIfNotes(a, words.WhatIfRenewal(p.v.Facts.License.Value, p.v.Now)) {
		if i == 0 {
			out = append(out, "", p.label(w, "what to know"))
		}
		out = append(out, p.sentence(note, w)...)
	}
	for _, r := range s.value.refusals {
		out = append(out, p.sentence(words.WhatIfRefusal(r, p.basis.dormant)+".", w)...)
	}
	return out
}

// nothingAsked is how a question is put.
const nothingAsked = "up and down choose a row above, left and right what it says."

// advised is a failure with advice that can be followed on this page.
func (p *Pane) advised(err *model.Error) *model.Error {
	e := *err
	if e.Class == model.ClassUnsupported {
		e.Next = model.Clean("choose another one in the row plan above")
	}
	return &e
}

// effects are the numbers of an answer, with those of the term where wanted.
func (p *Pane) effects(a model.WhatIfAnswer, w int, term bool) []string {
	row := func(label string, style theme.Style, value string) string {
		return kit.NewLine(p.th, w).Label(label).At(effectAt).Put(style, value).String()
	}
	long := func(label, value string) []string { // on as many lines as it takes
		lines := kit.Wrap(p.th, p.th.Value, value, max(w-effectAt, 1))
		for i, l := range lines {
			lines[i] = kit.NewLine(p.th, w).Label(label).At(effectAt).Styled(l).String()
			label = ""
		}
		return lines
	}
	change := func(label, before, after string) string {
		if before == after {
			return row(label, p.th.Label, words.Change(before, after))
		}
		return kit.NewLine(p.th, w).Label(label).At(effectAt).Label(before + " → ").Figure(after).String()
	}
	out := []string{change("billable users", words.SpanOpt(a.Before), words.Span(a.After))}
	out = append(append(out, long("seats left", words.WhatIfLeft(a))...), long("effect", words.WhatIfEffect(a))...)
	if term && (a.Peak.Known() || a.PeakAfter.Known()) { // without a licence there is no term
		out = append(out, change("maximum users", words.SpanOpt(a.Peak), words.SpanOpt(a.PeakAfter)),
			change("users over subscription", words.SpanOpt(a.Over), words.SpanOpt(a.OverAfter)))
	}
	if warning := words.WhatIfWarning(a); warning != "" {
		out = append(out, p.warning(warning, w)...)
	}
	return out
}

// warning is a sentence with the mark of one.
func (p *Pane) warning(text string, w int) []string {
	var out []string
	for i, l := range kit.Wrap(p.th, p.th.Value, text, max(w-2, 1)) {
		line := kit.NewLine(p.th, w)
		if i == 0 {
			line.Mark(p.th.Warn, p.th.Glyph.Warning)
		}
		out = append(out, line.At(2).Styled(l).String())
	}
	return out
}

// fateLines names the accounts of the question on at most h lines, with what
// becomes of each.
func (p *Pane) fateLines(w, h int) []string {
	s := &p.whatIf.answer
	if !s.done || s.err != nil || len(s.value.Fates) == 0 || w <= 0 || h < 3 {
		return nil
	}
	fates, more := s.value.Fates, 0
	if room := h - 2; len(fates) > room+1 {
		fates, more = fates[:room], len(fates)-room
	}
	t := kit.Table{Columns: []kit.Column{
		{Title: "account", Min: 12, Max: 24, Priority: 0}, {Title: "billable now", Min: 12, Priority: 1}, {Title: "then", Min: 7, Priority: 2},
	}}
	for _, f := range fates {
		a := p.roster.At(int(f.Row))
		then := kit.Cell{Text: words.YesNo(f.After)}
		if f.Refused != "" {
			then = p.faint("refused")
		}
		t.Rows = append(t.Rows, []kit.Cell{{Text: named(a.Username, words.Unknown)}, p.faint(words.YesNo(f.Before)), then})
	}
	out := t.Lines(p.th, w)
	if more > 0 {
		out = append(out, p.label(w, "and "+words.Int(more)+" more"))
	}
	return out
}
