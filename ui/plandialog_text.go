package ui

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/theme"
	"seatdeck/ui/words"
)

// planLabel is the room for the labels of a plan, and of a failure.
const planLabel = 8

// lines is the text of the shown page on w cells, without the keys.
func (d *planDialog) lines(th *theme.Theme, w int) []string {
	out := []string{onInstance(d.m, w), ""}[:d.footRows()-1]
	if d.sharing {
		return append(out, sharedLines(d.m, w, d.p.shown)...)
	}
	out = append(out, d.changes(th, w)...)
	for _, group := range [][]string{d.toKnow(th, w), d.sends(th, w), d.names(th, w)} {
		if len(group) > 0 {
			out = append(append(out, ""), group...)
		}
	}
	return out
}

// onInstance names the instance that a box is about.
func onInstance(m *root, w int) string {
	return kit.NewLine(m.th, w).Label("on").At(planLabel).Put(m.badge(), " "+m.view.Info.Name+" ").Space(1).Value(m.view.Info.Host).String()
}

// tableWidth keeps now and after beside each other on wide screens.
const tableWidth = 62

// beforeAfter are the columns of a table of changes.
var beforeAfter = []kit.Column{{Min: 16, Max: 28}, {Title: "now", Min: 9, Max: 14}, {Min: 1, Max: 1}, {Title: "after", Min: 9, Max: 14}}

// changes is the table now → after: the switches with all they depend on, else
// the fields of every step; a step without fields names what it acts on.
func (d *planDialog) changes(th *theme.Theme, w int) []string {
	t := kit.Table{Columns: beforeAfter}
	row := func(name string, was, is kit.Cell, changed bool) {
		if changed {
			is.Style = th.Figure
		} else {
			was.Style, is.Style = th.Label, th.Label
		}
		t.Rows = append(t.Rows, []kit.Cell{{Text: name}, was, {Text: "→", Style: th.Label}, is})
	}
	for _, e := range d.p.effects {
		row(e.Title, statusCell(th, words.OnOff(e.Before)), statusCell(th, words.OnOff(e.After)), e.Before != e.After)
	}
	if len(d.p.effects) == 0 {
		for _, s := range d.p.Steps {
			for _, c := range s.Changes {
				row(c.Field, kit.Cell{Text: c.Before}, kit.Cell{Text: c.After}, true)
			}
		}
	}
	if len(t.Rows) > 0 {
		return kit.FitLines(t.Lines(th, min(w, tableWidth)), w, len(t.Rows)+1)
	}
	if d.it.does != "" {
		return labelled(th, w, "does", d.it.does)
	}
	var out []string
	for _, s := range d.p.Steps {
		out = append(out, labelled(th, w, "about", s.Target)...)
	}
	return out
}

// statusCell is a status in a table.
func statusCell(th *theme.Theme, s words.Status) kit.Cell {
	c := kit.Cell{Text: s.Word}
	switch s.Tone {
	case words.OK:
		c.Glyph, c.GlyphStyle = th.Glyph.Done, th.OK
	case words.None:
		c.Glyph, c.GlyphStyle = th.Glyph.None, th.Label
	default:
		c.Glyph, c.GlyphStyle = th.Glyph.Unknown, th.Label
	}
	return c
}

// names are the gains and losses, each by its name.
func (d *planDialog) names(th *theme.Theme, w int) []string {
	var out []string
	if len(d.p.Gains) > 0 {
		out = labelled(th, w, "gains", strings.Join(d.p.Gains, ", "))
	}
	if len(d.p.Losses) > 0 {
		out = append(out, labelled(th, w, "losses", strings.Join(d.p.Losses, ", "))...)
	}
	return out
}

// toKnow is what a person should know before agreeing: how much is won and lost,
// and the warnings.
func (d *planDialog) toKnow(th *theme.Theme, w int) []string {
	var out []string
	if n := len(d.p.Gains); n > 0 {
		out = append(out, kit.NewLine(th, w).Mark(th.Accent, th.Glyph.Plus).Value(words.Plural(n, "feature begins to work", "features begin to work")).String())
	}
	if n := len(d.p.Losses); n > 0 {
		out = append(out, kit.NewLine(th, w).Mark(th.Warn, th.Glyph.Minus).Value(words.Plural(n, "feature stops working", "features stop working")).String())
	}
	for _, text := range d.p.Warnings {
		out = append(out, kit.Remark(th, w, th.Warn, th.Glyph.Warning, text)...)
	}
	return out
}

// sends says what leaves, what goes out to the vendor, and what is kept.
func (d *planDialog) sends(th *theme.Theme, w int) []string {
	var out []string
	for i, shown := range d.p.shown {
		label := ""
		if i == 0 {
			label = "shares"
		}
		out = append(out, labelled(th, w, label, shares(shown))...)
	}
	for i, s := range d.p.Steps {
		if i == 0 {
			out = append(out, labelled(th, w, "sends", sendsOnce(s))...)
		}
	}
	out = append(out, labelled(th, w, "keeps", "a journal entry with this plan, before it sends")...)
	return append(out, labelled(th, w, "by", fmt.Sprintf("the token of %s (id %d)", d.p.Operator.Username, d.p.Operator.ID))...)
}

// cachedPayload is the row of a disclosure that tells the size of the whole.
const cachedPayload = "cached payload"

// shares sums a disclosure up.
func shares(s model.Disclosure) string {
	if on, ok := s.Sent.Get(); ok && !on {
		return s.Title + ": not sent as things stand" + withNote(s.Note)
	}
	size := words.Plural(len(s.Rows), "value", "values")
	for _, r := range s.Rows {
		if r.Name == cachedPayload {
			size = r.Value.String() // too large to be shown whole: its rows tell about it
		}
	}
	return s.Title + ": " + size + ", " + words.Int(s.Sensitive()) + " of them sensitive" + withNote(s.Note)
}

func withNote(note string) string {
	if note == "" {
		return ""
	}
	return ", " + note
}

// sendsOnce says what a step sends, exactly: a request with fields names them.
func sendsOnce(s model.Step) string {
	op, _ := model.OperationNamed(s.Operation)
	text := op.What + ", one request, once: " + s.Target
	var fields map[string]any
	if json.Unmarshal(s.Send, &fields) == nil && len(fields) > 0 {
		var list []string
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			list = append(list, fmt.Sprintf("%s = %v", name, fields[name]))
		}
		text += " with " + strings.Join(list, ", ") + " and nothing else"
	}
	return text
}

// sharedLines lays open what goes out to the vendor, value by value.
func sharedLines(m *root, w int, shown []model.Disclosure) []string {
	th := m.th
	var out []string
	for i, s := range shown {
		if i > 0 {
			out = append(out, "")
		}
		c := statusCell(th, words.OnOff(s.Sent))
		head := kit.NewLine(th, w).Figure(words.Capital(s.Title)).Space(2).Mark(c.GlyphStyle, c.Glyph).Value(c.Text)
		out = append(out, head.Right().Label(words.Age(s.AsOf, m.view.Now, m.loc).Text).String())
		if s.Note != "" {
			out = append(out, kit.Wrap(th, th.Label, s.Note, w)...)
		}
		for _, r := range s.Rows {
			out = append(out, disclosedLines(th, w, r)...)
		}
	}
	return out
}

// disclosedLines is one value that goes out. One that names somebody or
// something is marked, and says what.
func disclosedLines(th *theme.Theme, w int, r model.Disclosed) []string {
	col := min(30, max(w/2, 2))
	text := words.Disclosed(r)
	if r.Mark != "" {
		text += " · " + r.Mark
	}
	name := kit.NewLine(th, w)
	if r.Mark != "" {
		name.Mark(th.Warn, th.Glyph.Warning)
	}
	name.At(2).Label(r.Name)
	var head []string
	if longestWord(text) > w-col || kit.Width(r.Name)+3 > col { // such as a hash: below its name it is not cut
		head, name, col = []string{name.String()}, kit.NewLine(th, w), 4
	}
	out := kit.Wrap(th, th.Value, text, max(w-col, 1))
	for i, line := range out {
		out[i] = name.At(col).Styled(line).String()
		name = kit.NewLine(th, w)
	}
	return append(head, out...)
}

// longestWord is the width of the longest word of a text.
func longestWord(text string) int {
	n := 0
	for word := range strings.FieldsSeq(text) {
		n = max(n, kit.Width(word))
	}
	return n
}

// footRows is how many lines the foot takes: a blank one, what was said, and the
// keys or the field. The lowest screens need the blank one for the text.
func (d *planDialog) footRows() int {
	if d.m.layout.Class <= kit.S {
		return 2
	}
	return 3
}

// foot is what agrees and what does not. It stays where it is while the rest
// scrolls.
func (d *planDialog) foot(th *theme.Theme, w int) []string {
	said := kit.NewLine(th, w)
	if d.said != "" {
		said.Mark(th.Warn, th.Glyph.Warning).Value(d.said)
	}
	return []string{"", said.String(), d.ending(th, w)}[3-d.footRows():]
}

// ending is the last line.
func (d *planDialog) ending(th *theme.Theme, w int) string {
	l := kit.NewLine(th, w)
	switch {
	case d.left > 0:
		return l.Mark(th.Accent, th.Glyph.Running).Value("sends in ").Figure(words.Plural(d.left, "second", "seconds")).
			Right().Figure("esc").Label(" stops it").String()
	case d.typed():
		text, _ := d.input.View(th, d.fieldCols(w))
		return l.Label(d.prompt()).Styled(text).Right().Label(d.after()).String()
	}
	room := 4
	if w < narrowKeys {
		room = 2
	}
	l.Figure("y").Label(" agree")
	if len(d.p.shown) > 0 {
		other := " what goes out"
		switch {
		case d.sharing:
			other = " the plan"
		case w < narrowKeys:
			other = " goes out"
		}
		l.Space(room).Figure("p").Label(other)
	}
	l.Space(room).Figure("n").Label(" cancel")
	if w >= 60 {
		l.Right().Figure("enter").Label(" cancels")
	}
	return l.String()
}

// narrowKeys is the width below which the keys of a plan move together.
const narrowKeys = 40

// prompt says what is to be typed.
func (d *planDialog) prompt() string { return "type " + d.p.Phrase() + "   " }

// after says what follows once it was typed.
func (d *planDialog) after() string {
	return "then " + words.Int(countdown) + " s to change your mind"
}

// fieldCols is the width of the field.
func (d *planDialog) fieldCols(w int) int {
	return max(min(kit.Width(d.p.Phrase())+2, w-kit.Width(d.prompt())-kit.Width(d.after())-2), 4)
}
