package users

import (
	"strconv"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

const (
	factAt      = 15 // where the facts of the account page stand
	accountPart = 52 // percent of the width for the account's seat, where there are two parts
	accountText = 76 // widest a single part is set
)

// accountPage draws one account on the whole screen: what the side panel says
// and everything else that is known. What does not fit is scrolled to.
func (p *Pane) accountPage(w, h int) []string {
	a, ok := p.account(p.about)
	if !ok {
		f := p.frame("account")
		return f.Screen(p.th, w, h, kit.Parts{Left: kit.Part{Lines: p.panelLines(p.about, f.Inner(w, h).LeftW)}})
	}
	f := p.frame(a.Username.String())
	if at := p.indexOf(a.ID); at >= 0 {
		f.Left = words.Int(at+1) + " of " + words.Int(p.grid.Len)
	}
	if p.roomy {
		f.Divide = w * accountPart / 100
	}
	in := f.Inner(w, h)
	lw := min(in.LeftW, accountText)
	left := join(p.panelLines(a.ID, lw), p.effect(lw), true)
	right := p.everything(a, in.RightW)
	if in.RightW == 0 {
		left, right = append(append(left, ""), p.everything(a, lw)...), nil
	}
	p.textLen, p.textH = max(len(left), len(right)), in.LeftH
	first, _ := p.text.Window(p.textLen, in.LeftH)
	return f.Screen(p.th, w, h, kit.Parts{
		Left:  kit.Part{Lines: p.window(left, first, in.LeftW, in.LeftH)},
		Right: kit.Part{Lines: p.window(right, first, in.RightW, in.RightH)},
	})
}

// window shows h lines of a text from one on; where there are more, the last
// one says so.
func (p *Pane) window(lines []string, first, w, h int) []string {
	return p.windowBy(lines, first, w, h, "down")
}

// windowBy is window where another key scrolls.
func (p *Pane) windowBy(lines []string, first, w, h int, key string) []string {
	return kit.Tail(p.th, lines[min(first, len(lines)):], w, h, key)
}

// everything is what is known of an account beside its seat.
func (p *Pane) everything(a model.Account, w int) []string {
	row := func(label, value string) string {
		return kit.NewLine(p.th, w).Label(label).At(factAt).Value(value).String()
	}
	out := []string{
		p.label(w, "the account"),
		row("name", named(a.Name, words.Unknown)),
		row("username", named(a.Username, words.Unknown)),
		row("e-mail", named(a.Email, words.Unknown)),
		row("confirmed", words.YesNo(model.Some(!a.Is(model.FlagUnconfirmed)))),
		row("id", strconv.FormatInt(a.ID, 10)),
		row("state", a.State.Title()),
		row("recency", model.RecencyOf(a.LastActivity, a.LastSignIn, p.basis.today, p.basis.dormant).String()),
		row("signs in by", named(a.Provider, "GitLab password")),
		row("2FA", words.YesNo(model.Some(a.Is(model.Flag2FA)))),
		row("administrator", words.YesNo(model.Some(a.Is(model.FlagAdmin)))),
		row("auditor", words.YesNo(model.Some(a.Is(model.FlagAuditor)))),
		row("external", words.YesNo(model.Some(a.Is(model.FlagExternal)))),
		row("bot", words.YesNo(model.Some(a.Is(model.FlagBot)))),
		row("locked", words.YesNo(model.Some(a.Is(model.FlagLocked)))),
		row("marked", words.YesNo(model.Some(p.marked(a.ID)))),
		"",
	}
	return append(out, p.memberships(a, w)...)
}

// marked reports whether an account is marked.
func (p *Pane) marked(id int64) bool {
	row, ok := p.roster.ByID(id)
	return ok && p.marks.has(row)
}

// memberships lists every direct membership, once somebody asked for them.
func (p *Pane) memberships(a model.Account, w int) []string {
	m, asked := p.members[a.ID]
	head := kit.NewLine(p.th, w).Label("direct memberships")
	switch {
	case !asked && p.noMembers() != "":
		return append([]string{head.String()}, kit.Wrap(p.th, p.th.Label, "not read: "+p.noMembers(), w)...)
	case !asked:
		return []string{head.String(), p.label(w, "not read · e reads them")}
	case m.reading():
		return []string{head.String(), kit.NewLine(p.th, w).Label("being read · esc stops").String()}
	case m.err != nil:
		return append([]string{head.String()}, p.trouble(m.err, w)...)
	case len(m.list) == 0:
		return append([]string{head.String()},
			kit.Wrap(p.th, p.th.Label, "None. A role through an invited group is not among them.", w)...)
	}
	out := []string{head.Right().Label(words.Int(len(m.list))).String()}
	for _, g := range p.why(a).Memberships.Or(nil) {
		line := kit.NewLine(p.th, w).Value(g.Role.String()).At(factAt).Value(g.SourceName.String())
		out = append(out, line.Right().Label(words.MembershipKind(g)).String())
	}
	return out
}

// label is a faint caption.
func (p *Pane) label(w int, text string) string { return kit.NewLine(p.th, w).Label(text).String() }
