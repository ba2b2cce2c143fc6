package users

import (
	"strconv"
	"strings"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/theme"
	"seatdeck/ui/words"
)

const (
	hangAt    = 9  // where the facts of the seat stand
	verbAt    = 13 // where the ways to free it say what they take
	roleRoom  = 5  // lines of roles in the side panel
	clockDate = 18
)

// panelLines draws one account: who, whether it takes a seat and why, the three
// clocks, and the ways to free the seat.
func (p *Pane) panelLines(id int64, w int) []string {
	a, ok := p.account(id)
	if !ok {
		return []string{kit.NewLine(p.th, w).Label("no account under the cursor").String()}
	}
	out, why := p.identity(a, w), p.why(a)
	out = append(append(out, ""), p.seat(a, why, w)...)
	out = append(append(out, ""), p.clocks(a, w)...)
	if ways := p.ways(why, w); len(ways) > 0 {
		out = append(append(out, ""), ways...)
	}
	return out
}

// sidePanel draws the account under the cursor beside the grid on h lines: all
// that is known of it where there is room, and what the marks would do together,
// which stays however little room there is.
func (p *Pane) sidePanel(w, h int) []string {
	out, effect := p.panelLines(p.about, w), p.effect(w)
	if len(effect) > 0 {
		effect = append([]string{""}, effect...)
	}
	h = max(h-len(effect), 1)
	if a, ok := p.account(p.about); ok {
		if all := p.everything(a, w); len(out)+1+len(all) <= h {
			out = append(append(out, ""), all...)
		}
	}
	return append(kit.Tail(p.th, out, w, h, "enter"), effect...)
}

// identity names the account: the first line says whom all below is about.
func (p *Pane) identity(a model.Account, w int) []string {
	facts := kit.NewLine(p.th, w).Label("id ").Value(strconv.FormatInt(a.ID, 10)).Label(" · ").Value(a.State.Title())
	if !a.Provider.Empty() {
		facts.Label(" · " + a.Provider.String())
	}
	if a.Is(model.Flag2FA) {
		facts.Label(" · 2FA on")
	} else if !a.Is(model.FlagBot) {
		facts.Label(" · 2FA off")
	}
	out := []string{
		kit.NewLine(p.th, w).Figure(named(a.Name, "no name")).Right().Label(a.Username.String()).String(),
		facts.String(),
	}
	if kinds := kindsOf(a); len(kinds) > 0 {
		out = append(out, kit.NewLine(p.th, w).Label(strings.Join(kinds, " · ")).String())
	}
	return out
}

// kindsOf names what is special about an account.
func kindsOf(a model.Account) []string {
	var out []string
	for _, f := range []struct {
		flag model.Flags
		word string
	}{
		{model.FlagAdmin, "administrator"}, {model.FlagAuditor, "auditor"}, {model.FlagBot, "bot"},
		{model.FlagExternal, "external"}, {model.FlagLocked, "locked"},
	} {
		if a.Is(f.flag) {
			out = append(out, f.word)
		}
	}
	return out
}

// mark draws a status' glyph in its colour.
func (p *Pane) mark(line *kit.Line, s words.Status) *kit.Line {
	switch s.Tone {
	case words.OK:
		return line.Mark(p.th.OK, p.th.Glyph.Done)
	case words.Unsure:
		return line.Mark(p.th.Label, p.th.Glyph.Unknown)
	case words.None:
		return line.Mark(p.th.Label, p.th.Glyph.None)
	}
	return line
}

// hang sets a sentence behind a label, its further lines below its first.
func (p *Pane) hang(label string, style theme.Style, text string, w int) []string {
	var out []string
	for _, l := range kit.Wrap(p.th, style, text, max(w-hangAt, 1)) {
		out = append(out, kit.NewLine(p.th, w).Label(label).At(hangAt).Styled(l).String())
		label = ""
	}
	return out
}

// seat says whether the account takes a seat and who says so, by which rule,
// which membership decided, and whether the instance's own flag agrees. Where it
// does not both stand there, the flag first: it is what the instance counts.
func (p *Pane) seat(a model.Account, why model.SeatWhy, w int) []string {
	v := why.Verdict
	s := words.TakesSeat(v)
	line := p.mark(kit.NewLine(p.th, w), s).Figure(s.Word).At(hangAt)
	switch {
	case !p.basis.seat.Licensed.Or(true):
		line.Label("nobody does, without a licence")
	case !v.Counted().Known():
	case v.Flag.Known():
		line.Label("says the instance, " + p.moment(p.v.Facts.Roster.AsOf))
	default:
		line.Label("says the rule; the instance does not say")
	}
	out := []string{kit.NewLine(p.th, w).Label("takes a seat").String(), line.String()}
	if same, compared := v.Agrees.Get(); compared && !same {
		r := words.TakesSeat(model.SeatVerdict{Billable: v.Billable, Rule: v.Rule})
		out = append(out, p.mark(kit.NewLine(p.th, w), r).Value(r.Word).At(hangAt).Label("says the rule").String())
	}
	out = append(out, p.hang("rule", p.th.Value, words.SeatReason(v), w)...)
	out = append(out, p.hang("", p.th.Label, words.SeatRule(why), w)...)
	if !p.basis.seat.Licensed.Or(true) {
		return out // nobody is counted, so no role and no flag decides
	}
	if why.RoleFrom == model.SourceHost {
		out = append(out, p.hang("role", p.th.Value, words.HighestRole(why, p.v.Roles.AsOf(), p.v.Now, p.loc), w)...)
	}
	out = append(out, p.decided(w, a.ID, why, roleRoom)...)
	return append(out, p.hang("flag", p.th.Value, words.SeatFlag(v), w)...)
}

// moment is when something was read: the clock time on the day itself.
func (p *Pane) moment(a model.AsOf) string {
	return strings.TrimPrefix(words.Moment(a.At, p.v.Now, p.loc), "today ")
}

// clocks are the three times that are often confused; the mark is on the one
// that GitLab's own clean-up goes by (contract §6.6).
func (p *Pane) clocks(a model.Account, w int) []string {
	active := a.LastActivity.Known()
	row := func(label string, d model.Day, used bool) string {
		line := kit.NewLine(p.th, w)
		if used {
			line.Put(p.th.Accent, p.th.Glyph.Running)
		}
		line.At(2).Label(label).At(clockDate).Value(words.Date(d)).Right()
		if n, ok := p.since(d).Get(); ok {
			line.Value(words.Int(n))
		}
		return line.String()
	}
	out := []string{
		kit.NewLine(p.th, w).Label("three clocks").Right().Label("days").String(),
		row("last activity", a.LastActivity, active),
		row("last sign-in", a.LastSignIn, false),
		row("created", a.Created, !active),
	}
	text := "GitLab's clean-up goes by this one, from " + words.Days(p.basis.dormant)
	switch {
	case a.Is(model.FlagBot):
		text = "GitLab's clean-up would go by this one, but leaves bots alone"
	case !active:
		text = "GitLab's clean-up goes by this one as long as there is no activity"
	}
	if on, ok := p.v.Facts.Settings.Value.Deactivate.Get(); ok {
		text += map[bool]string{true: "; it is on here", false: "; it is off here"}[on]
	}
	for i, l := range kit.Wrap(p.th, p.th.Label, text, max(w-2, 1)) {
		line := kit.NewLine(p.th, w)
		if i == 0 {
			line.Label(p.th.Glyph.Running)
		}
		out = append(out, line.At(2).Styled(l).String())
	}
	return out
}

// ways lists what would free the seat, the cheapest first, and what stays
// whatever is done.
func (p *Pane) ways(why model.SeatWhy, w int) []string {
	cheapest, ok := why.Cheapest()
	if !ok {
		return nil
	}
	out := append([]string{p.label(w, "to free the seat, the cheapest first")}, p.way(cheapest, w)...)
	for _, way := range why.Ways {
		if way != cheapest {
			out = append(out, p.way(way, w)...)
		}
	}
	out = append(out, "")
	if price, ok := p.v.Price.Get(); ok {
		out = append(out, kit.NewLine(p.th, w).Label("saves ").Value(words.About(price.SavedFromRenewal(1))).Label(" a year from renewal").String())
		if price.List {
			out = append(out, kit.Wrap(p.th, p.th.Label, price.Origin(), w)...)
		}
	}
	if peak, ok := p.v.Facts.License.Value.Maximum.Get(); ok {
		out = append(out, kit.NewLine(p.th, w).Label("the peak of ").Value(words.Int(peak)).Label(" stays").String())
	}
	return out
}

// way is one way to free a seat: what it takes, and how long it lasts.
func (p *Pane) way(way model.SeatWay, w int) []string {
	var out []string
	text, note, _ := strings.Cut(way.Text, "; ")
	verb := way.Verb
	for _, part := range []struct {
		style theme.Style
		text  string
	}{{p.th.Value, text}, {p.th.Label, note}} {
		if part.text == "" {
			continue
		}
		for _, l := range kit.Wrap(p.th, part.style, part.text, max(w-verbAt, 1)) {
			out = append(out, kit.NewLine(p.th, w).Value(verb).At(verbAt).Styled(l).String())
			verb = ""
		}
	}
	return out
}

// effect says what the marked accounts mean together. A roster that is not
// whole is never counted with.
func (p *Pane) effect(w int) []string {
	n := p.marks.len()
	if n == 0 {
		return nil
	}
	head, heads := kit.NewLine(p.th, w).Value(words.Int(n)).Label(" marked"), []string(nil)
	before, ok := p.v.Facts.Breakdown.Value.Billable.Get()
	if !ok || !p.roster.Complete() {
		return []string{head.String()}
	}
	seats := p.markedSeats()
	if seats == 0 {
		return []string{head.Label(", none of them takes a seat").String()}
	}
	if text := "if " + map[bool]string{true: "all were", false: "the " + words.Int(seats) + " with a seat were"}[seats == n] + " deactivated"; head.Used()+2+kit.Width(text) <= w {
		head.Label(", " + text)
	} else {
		heads = append(heads, p.label(w, text))
	}
	stats := []kit.Stat{{Label: "billable", Value: []kit.Span{
		{Style: p.th.Label, Text: words.Int(before) + " → "}, {Style: p.th.Figure, Text: words.Int(max(before-seats, 0))},
	}}}
	if price, ok := p.v.Price.Get(); ok {
		stats = append(stats, kit.Stat{Label: "a year from renewal", Value: []kit.Span{
			{Style: p.th.Value, Text: p.th.Glyph.About + " " + p.th.Glyph.Minus + price.SavedFromRenewal(seats).String()},
		}})
	}
	labels, values := kit.Stats(p.th, w, stats)
	return append(append([]string{head.String()}, heads...), labels, values)
}
