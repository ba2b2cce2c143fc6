package users

import (
	"image"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

const (
	countWide  = 100 // narrowest body with all of that on one line
	countParts = 66  // percent of the width for the counts, where the differences stand beside them
	partsMin   = 180 // narrowest screen where they do
)

// countsPage sets every count of users that somebody might quote below each
// other, with what it counts and when, and says why they differ.
func (p *Pane) countsPage(w, h int) ([]string, image.Point) {
	f := p.frame("counts")
	if w >= partsMin && p.counted.done && p.roster.Complete() {
		f.Divide = w * countParts / 100
	}
	in := f.Inner(w, h)
	left, right := p.countLines(in.LeftW), p.gapLines(in.RightW)
	if in.RightW == 0 {
		left, right = join(left, p.gapLines(in.LeftW), true), nil
	}
	p.textLen, p.textH = max(len(left), len(right)), in.LeftH
	first, last := p.text.Window(p.textLen, in.LeftH)
	if last-first < p.textLen {
		f.Left = span(first, last, p.textLen) + " lines"
	}
	return f.Screen(p.th, w, h, kit.Parts{
		Left:  kit.Part{Lines: p.window(left, first, in.LeftW, in.LeftH)},
		Right: kit.Part{Lines: p.window(right, first, in.RightW, in.RightH)},
	}), nowhere
}

// countLines lists the counts, or says why there are none.
func (p *Pane) countLines(w int) []string {
	switch {
	case p.roster == nil:
		return p.unread(w)
	case !p.roster.Complete():
		return append(kit.Wrap(p.th, p.th.Value, "Not every account was read, so nothing is counted.", w), p.progress(w)...)
	case !p.counted.done:
		return []string{p.label(w, "being counted")}
	}
	number := func(c model.UserCount) string {
		if c.Estimate && c.Value.Known() {
			return p.th.Glyph.About + " " + words.Count(c.Value)
		}
		return words.Count(c.Value)
	}
	age := func(c model.UserCount) string { return words.Age(c.AsOf, p.v.Now, p.loc).Text }
	// Titles, numbers and times take what they need, what is counted the rest.
	var title, most, when int
	for _, c := range p.counted.value.Counts {
		title, most, when = max(title, kit.Width(c.Title)), max(most, kit.Width(number(c))), max(when, kit.Width(age(c)))
	}
	countAt := title + 2 + most
	readAt := countAt + 2
	definedAt := readAt + when + 2
	wide := w >= countWide
	head := kit.NewLine(p.th, w).Label("count").At(readAt).Label("read")
	if wide {
		head.At(definedAt).Label("what it counts")
	}
	out := []string{head.String()}
	for _, c := range p.counted.value.Counts {
		figure := p.th.Value
		if c.Key == model.CountBillable {
			figure = p.th.Figure // the one that is paid for
		}
		line := kit.NewLine(p.th, w).Value(c.Title).Number(countAt, figure, number(c)).At(readAt).Label(age(c))
		if !wide {
			out = append(out, line.String())
			for _, l := range kit.Wrap(p.th, p.th.Label, c.Definition, max(w-2, 1)) {
				out = append(out, kit.NewLine(p.th, w).At(2).Styled(l).String())
			}
			continue
		}
		for _, l := range kit.Wrap(p.th, p.th.Label, c.Definition, w-definedAt) {
			out = append(out, line.At(definedAt).Styled(l).String())
			line = kit.NewLine(p.th, w)
		}
	}
	return out
}

// gapLines says one sentence for each difference, and for each doubt.
func (p *Pane) gapLines(w int) []string {
	if p.roster == nil || !p.roster.Complete() || !p.counted.done || w <= 0 {
		return nil
	}
	out := []string{kit.NewLine(p.th, w).Value("why they differ").String()}
	for _, g := range p.counted.value.Gaps {
		out = append(out, p.sentence(words.CountGap(g), w)...)
	}
	if len(out) == 1 {
		out = append(out, p.label(w, "They do not."))
	}
	return out
}

// sentence is an item of a list of sentences.
func (p *Pane) sentence(text string, w int) []string {
	var out []string
	lead := p.th.Glyph.Dot
	for _, l := range kit.Wrap(p.th, p.th.Value, text, max(w-2, 1)) {
		out = append(out, kit.NewLine(p.th, w).Label(lead).At(2).Styled(l).String())
		lead = ""
	}
	return out
}
