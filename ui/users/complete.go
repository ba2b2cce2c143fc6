package users

import (
	"strings"
	"unicode/utf8"

	"seatdeck/model"
	"seatdeck/ui/kit"
)

// offers is a completion that is gone through with tab.
type offers struct {
	before string // what stands before the word
	words  []string
	at     int
}

// candidates are what the last word of the field may become. There are none
// while the cursor stands inside the text: half of what is right of it would
// be swallowed.
func (p *Pane) candidates() (before string, words []string) {
	s := p.choice.input.Value()
	if s == "" || !p.atEnd() {
		return "", nil
	}
	start, _ := model.QueryTokenAt(s, len(s))
	return s[:start], model.CompleteQuery(s, len(s), p.roster)
}

// atEnd reports whether the field's cursor stands behind its text.
func (p *Pane) atEnd() bool {
	text := kit.Width(p.choice.input.Value())
	_, at := p.choice.input.View(p.th, text+1)
	return at == text
}

// complete puts the next candidate into the field: first as much as all have in
// common, then one after the other.
func (p *Pane) complete() {
	c := &p.choice
	if o := &c.offers; len(o.words) > 1 && c.input.Value() == o.before+o.words[o.at] {
		o.at = (o.at + 1) % len(o.words)
		c.input.Set(o.before + o.words[o.at])
		return
	}
	before, list := p.candidates()
	if len(list) == 0 {
		return
	}
	text := before + commonPrefix(list)
	c.offers = offers{before: before, words: list}
	switch {
	case len(list) == 1 && !strings.HasSuffix(list[0], ":"):
		text += " " // a whole term: the next one may follow
	case len(text) <= len(c.input.Value()):
		text = before + list[0]
	}
	c.input.Set(text)
}

func commonPrefix(list []string) string {
	common := list[0]
	for _, s := range list[1:] {
		for !strings.HasPrefix(s, common) {
			_, size := utf8.DecodeLastRuneInString(common)
			common = common[:len(common)-size]
		}
	}
	return common
}

// hintLine stands below the field: what the word may become, or what is wrong
// with it and where. It is blank when there is nothing to say. from is the cell
// the field's text begins at.
func (p *Pane) hintLine(w, from int) string {
	c := &p.choice
	if c.typing {
		if line := p.offerLine(w, from); line != "" {
			return line
		}
	}
	if c.fault == nil {
		return ""
	}
	return p.faultLine(w, from)
}

// offerLine lists the completions of a filter being typed. A plain word is a
// search, so keys are offered from its second letter on.
func (p *Pane) offerLine(w, from int) string {
	before, list := p.candidates()
	if len(list) == 0 || len(p.choice.input.Value())-len(before) < 2 {
		return ""
	}
	line := kit.NewLine(p.th, w).Figure("tab").Space(max(from-3, 1))
	for i, s := range list {
		if i > 0 {
			line.Space(2)
		}
		line.Label(s)
	}
	return line.String()
}

// faultLine marks the wrong word from below, and says what is wrong: behind the
// carets, or before them where they stand too far right. Where there is no room
// for all of it, the carets say what is wrong, and the line what helps.
func (p *Pane) faultLine(w, from int) string {
	q := p.choice.fault
	msg, next := q.Fault.Msg.String(), q.Fault.Next.String()
	all := msg
	if next != "" {
		all += " · " + next
	}
	plain := kit.NewLine(p.th, w).Mark(p.th.Warn, p.th.Glyph.Warning).Value(all).String()
	value := p.choice.input.Value()
	typed := strings.TrimSpace(value)
	if q.Query != typed || q.End > len(typed) || q.Start >= q.End {
		return plain
	}
	lead := len(value) - len(strings.TrimLeft(value, " "))
	at := from + lead + kit.Width(typed[:q.Start])
	carets := strings.Repeat("^", max(kit.Width(typed[q.Start:q.End]), 1))
	line := func() *kit.Line { return kit.NewLine(p.th, w).Mark(p.th.Warn, p.th.Glyph.Warning) }
	for _, text := range []string{all, next, msg} {
		switch {
		case text == "":
		case at+len(carets)+2+kit.Width(text) <= w:
			return line().At(at).Put(p.th.Warn, carets).Space(2).Value(text).String()
		case from+kit.Width(text)+2 <= at && at+len(carets) <= w:
			return line().Value(text).At(at).Put(p.th.Warn, carets).String()
		}
	}
	return plain
}
