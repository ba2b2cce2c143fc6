package registration

import (
	"strings"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

// switchCols is the room for the names of switches.
const switchCols = 21

// Compact draws the pane's body on the dashboard.
func (p *Pane) Compact(w, h int) (kit.Frame, []string) {
	n := p.note()
	notes := kit.Frame{Right: n.Text, Warn: n.Stale}
	tight := h < kit.Tight-2
	out := []string{p.verdict(w)}
	gap := func() {
		if !tight {
			out = append(out, "")
		}
	}
	gap()
	if lines := p.missing(w); lines != nil {
		return notes, append(out, lines...)
	}
	out = append(out, p.switches(w)...)
	gap()
	out = append(out, p.caption(w, "what leaves this server"))
	out = append(out, p.outflows(w, false)...)
	gap()
	if advice := p.v.Registration.Advice; advice != "" {
		out = append(out, kit.Wrap(p.th, p.th.Label, advice, w)...)
	}
	if h-len(out) > 8 {
		out = append(append(out, ""), p.matrix(w, h-len(out)-1)...)
	}
	return notes, out
}

// verdict is the pane's first line: opted in or not, and what that means here.
func (p *Pane) verdict(w int) string {
	r := &p.v.Registration
	if p.v.Empty {
		return kit.NewLine(p.th, w).Figure("unknown").String()
	}
	return kit.NewLine(p.th, w).Figure(r.Verdict).Right().Value(r.Reason).String()
}

// missing says why the settings are not known, nil when they are.
func (p *Pane) missing(w int) []string {
	s := &p.v.Facts.Settings
	switch {
	case s.Known():
		return nil
	case s.Err != nil:
		return p.trouble(w, s.Err)
	case p.v.Offline != nil:
		return p.trouble(w, p.v.Offline)
	}
	return kit.Wrap(p.th, p.th.Label, "The settings were not read yet.", w)
}

func (p *Pane) trouble(w int, err *model.Error) []string {
	out := kit.Wrap(p.th, p.th.Value, err.Msg.String(), w)
	if !err.Next.Empty() {
		out = append(append(out, ""), kit.Wrap(p.th, p.th.Label, err.Next.String(), w)...)
	}
	return out
}

// switches are the three settings that decide, and the pin nobody can read.
func (p *Pane) switches(w int) []string {
	var out []string
	for _, s := range p.v.Registration.Switches {
		line := kit.NewLine(p.th, w).Label(s.Title).At(switchCols)
		note := p.needs(s, w)
		if s.Exists.Or(true) {
			p.status(line, s.Effective)
		} else {
			line.Mark(p.th.Label, p.th.Glyph.None).Value(words.Switch(s).Word)
			note = ""
		}
		if note != "" {
			line.Label("  " + note)
		}
		out = append(out, line.String())
	}
	note := ""
	for _, text := range []string{"a try tells", "only a change shows it"} {
		if w >= switchCols+len("? unknown  ")+len(text) {
			note = text
		}
	}
	pin := kit.NewLine(p.th, w).Label("pinned in gitlab.rb").At(switchCols)
	if v, ok := p.v.Registration.Pinned.Get(); ok {
		how := "Service Ping is on"
		if read := p.v.Registration.PinsAsOf; read.Source == model.SourceHost {
			how = "read on the server " + words.Event(read.At, p.v.Now, p.loc)
		}
		pin.Value(words.YesNo(model.Some(v))).Label("  " + how)
	} else {
		pin.Mark(p.th.Label, p.th.Glyph.Unknown).Value("unknown").Label("  " + note)
	}
	return append(out, pin.String())
}

// needs says what a switch lacks, in the room behind its status.
func (p *Pane) needs(s model.Switch, w int) string {
	long := "needs " + s.Needs
	switch {
	case s.Needs == "":
		return ""
	case switchCols+len("? unknown  ")+kit.Width(long) <= w:
		return long
	case strings.Contains(s.Needs, " and "):
		return "needs both"
	case s.Needs == p.v.Registration.Switches[0].Title:
		return "needs the first"
	}
	return "needs the second"
}

// status writes a switch: glyph, then word.
func (p *Pane) status(line *kit.Line, v model.Opt[bool]) {
	on, ok := v.Get()
	switch {
	case !ok:
		line.Mark(p.th.Label, p.th.Glyph.Unknown).Value("unknown")
	case on:
		line.Mark(p.th.OK, p.th.Glyph.Done).Value("on")
	default:
		line.Mark(p.th.Label, p.th.Glyph.None).Value("off")
	}
}

// outflows says what leaves the server, how often and when next; with notes also
// why something does not, or is not known.
func (p *Pane) outflows(w int, notes bool) []string {
	var out []string
	for _, o := range model.OutflowsOf(&p.v.Facts, p.v.Now) {
		line := kit.NewLine(p.th, w).Label(o.Name).At(15).Label(o.Every).At(23)
		switch on, known := o.On.Get(); {
		case known && !on:
			line.Value("off")
		case o.Next.Known() && o.Name != "licence sync":
			next, _ := o.Next.Get()
			line.Value(words.Coming(next, p.v.Now, p.loc))
		case o.Last.Known():
			line.Value(words.EventOpt(o.Last, p.v.Now, p.loc))
		case known:
			line.Value("on")
		default:
			line.Mark(p.th.Label, p.th.Glyph.Unknown).Value("unknown")
		}
		what := o.What
		if w < 76 {
			what = shortly(o)
		}
		if kit.Width(what) > w-41 { // whole things, and that there are more
			for what != "" && kit.Width(what)+3 > w-41 {
				what = what[:max(strings.LastIndex(what, ", "), 0)]
			}
			if what != "" {
				what += ", " + p.th.Glyph.Cut
			}
		}
		out = append(out, line.At(41).Label(what).String())
		if notes {
			for _, l := range kit.Wrap(p.th, p.th.Label, o.Note, max(w-2, 1)) {
				out = append(out, "  "+l)
			}
		}
	}
	return out
}

// shortly is what an outflow carries, for narrow panes.
func shortly(o model.Outflow) string {
	switch o.Name {
	case "licence sync":
		return "counts, key"
	case "Service Ping":
		return "usage totals"
	}
	return o.What
}

// block is a group of lines of the decision. Where not all have room, those of
// the highest rank go first; rank 0 always stays.
type block struct {
	rank  int
	lines []string
}

// decision is the left half of the full screen: everything needed to decide, on
// h lines. Without h there is room for all.
func (p *Pane) decision(w, h int) []string {
	if lines := p.missing(w); lines != nil {
		return append(append(p.verdictLines(w), ""), lines...)
	}
	blocks := p.blocks(w, false)
	if h > 0 && height(blocks) > h {
		blocks = p.blocks(w, true)
	}
	for rank := lastRank; rank > 0 && h > 0 && height(blocks) > h; rank-- {
		for i := range blocks {
			if blocks[i].rank == rank {
				blocks[i].lines = nil
			}
		}
	}
	var out []string
	for _, b := range blocks {
		if len(b.lines) > 0 && len(out) > 0 {
			out = append(out, "")
		}
		out = append(out, b.lines...)
	}
	return out
}

// height is the number of lines of blocks with a blank one between them.
func height(blocks []block) int {
	n := -1
	for _, b := range blocks {
		if len(b.lines) > 0 {
			n += len(b.lines) + 1
		}
	}
	return n
}

// lastRank is what goes first.
const lastRank = 6

// blocks are the groups of the decision in their order; some may be empty. Short
// ones have no notes.
func (p *Pane) blocks(w int, short bool) []block {
	return []block{
		{0, p.verdictLines(w)},
		{0, append([]string{p.caption(w, "three switches")}, p.switches(w)...)},
		{5, p.deciding(w)},
		{0, p.lastSwitched(w)},
		{0, p.outlook(w)},
		{6, p.advice(w)},
		{1, p.payload(w)},
		{3, p.leaving(w, short)},
		{2, p.undo(w)},
		{4, p.ways(w)},
	}
}

// advice is the sentence of what would follow, where the outlook does not say it.
func (p *Pane) advice(w int) []string {
	if len(p.change.Gains)+len(p.change.Losses) > 0 {
		return nil
	}
	return kit.Wrap(p.th, p.th.Value, p.v.Registration.Advice, w)
}

// deciding says of each switch what makes its value.
func (p *Pane) deciding(w int) []string {
	out := []string{p.caption(w, "what decides")}
	for _, s := range p.v.Registration.Switches {
		label := s.Title
		for _, l := range kit.Wrap(p.th, p.th.Value, s.Decides, max(w-switchCols, 1)) {
			out = append(out, kit.NewLine(p.th, w).Label(label).At(switchCols).Styled(l).String())
			label = ""
		}
	}
	return out
}

// leaving is what leaves the server, and when.
func (p *Pane) leaving(w int, short bool) []string {
	return append([]string{p.caption(w, "what leaves this server")}, p.outflows(w, !short)...)
}

// verdictLines are the verdict with its reason, on one line where both fit.
func (p *Pane) verdictLines(w int) []string {
	r := &p.v.Registration
	if p.v.Empty || kit.Width(r.Verdict)+2+kit.Width(r.Reason) <= w {
		return []string{p.verdict(w)}
	}
	return append([]string{kit.NewLine(p.th, w).Figure(r.Verdict).String()}, kit.Wrap(p.th, p.th.Value, r.Reason, w)...)
}

func (p *Pane) caption(w int, text string) string { return kit.NewLine(p.th, w).Label(text).String() }
