package registration

import (
	"strings"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

// outlook says what follows from the switch, nil where nobody can say.
func (p *Pane) outlook(w int) []string {
	c := &p.change
	switch {
	case p.fault != nil || c.Empty():
		return nil
	case c.Wish == model.WishDisable:
		out := []string{p.caption(w, "if you opt out")}
		out = append(out, p.brings(w)...)
		return append(out, kit.Remark(p.th, w, p.th.Label, p.th.Glyph.None, "Service Ping stays on: totals go out every week")...)
	}
	out := append([]string{p.caption(w, "if you opt in")}, p.brings(w)...)
	out = append(out, p.newlySent(w)...)
	return append(out, kit.Remark(p.th, w, p.th.Accent, p.th.Glyph.Plus, "nothing is bought, no form, no account")...)
}

// brings is what the switch does to the features.
func (p *Pane) brings(w int) []string {
	r, gains, losses := &p.v.Registration, len(p.change.Gains), len(p.change.Losses)
	switch {
	case gains > 0:
		return kit.Remark(p.th, w, p.th.Accent, p.th.Glyph.Plus, words.Plural(gains, "feature works at once", "features work at once"))
	case losses > 0:
		return kit.Remark(p.th, w, p.th.Warn, p.th.Glyph.Minus, words.Plural(losses, "feature stops at once", "features stop at once"))
	case words.Untold(&p.change, r):
		return kit.Remark(p.th, w, p.th.Label, p.th.Glyph.Unknown, "which features that touches cannot be told")
	case r.Pinned.Or(false):
		return kit.Remark(p.th, w, p.th.Warn, p.th.Glyph.Warning, "GitLab would say yes, and gitlab.rb would keep it off")
	}
	return kit.Remark(p.th, w, p.th.Label, p.th.Glyph.None, "no feature more or less")
}

// newlySent is what would go out that does not go out today.
func (p *Pane) newlySent(w int) []string {
	var list []string
	for _, s := range p.change.Sends[:len(p.change.Sends)-1] { // the last one is the switch itself
		list = append(list, s.Title)
	}
	if len(list) == 0 {
		return kit.Remark(p.th, w, p.th.Label, p.th.Glyph.None, "nothing more goes out than today")
	}
	verb := " goes out every week"
	if list[len(list)-1] == "optional metrics" {
		verb = " go out every week"
	}
	text := words.List(list) + verb
	for _, o := range model.OutflowsOf(&p.v.Facts, p.v.Now) {
		if next, ok := o.Next.Get(); ok && o.Name == "Service Ping" {
			text += ", next " + words.Coming(next, p.v.Now, p.loc)
		}
	}
	return kit.Remark(p.th, w, p.th.Accent, p.th.Glyph.Plus, text)
}

// undo says how to get back, nil where there is nothing to switch.
func (p *Pane) undo(w int) []string {
	if p.fault != nil || p.change.Empty() {
		return nil
	}
	text := "Any time, same place."
	switch {
	case len(p.change.Gains) > 0:
		text += " The features stop at once; what was made with them stays."
	case len(p.change.Losses) > 0:
		text += " Opting in again brings them back; what was made with them stays."
	case p.change.Wish == model.WishEnable && !words.Untold(&p.change, &p.v.Registration):
		text += " No feature would stop."
	}
	return append([]string{p.caption(w, "to undo")}, kit.Wrap(p.th, p.th.Value, text, w)...)
}

// payload sums the newest Service Ping payload up: how much is in it, and whom it
// names. Value by value it stands in the preview.
func (p *Pane) payload(w int) []string {
	ping := &p.v.Facts.Ping
	out := []string{p.caption(w, "what goes out")}
	row := func(label, text string) {
		for _, l := range kit.Wrap(p.th, p.th.Value, text, max(w-switchCols, 1)) {
			out = append(out, kit.NewLine(p.th, w).Label(label).At(switchCols).Styled(l).String())
			label = ""
		}
	}
	switch {
	case ping.Known() && !ping.Value.Empty:
		row("totals and settings", words.Plural(ping.Value.Counts, "value", "values"))
		row("names this server", p.named(model.MarkServer))
		row("names the licensee", p.named(model.MarkLicensee))
		row("names the licence", p.named(model.MarkLicense))
		row("personal data", "none, by policy")
	case ping.Known():
		row("totals and settings", "no payload now")
	case ping.Err != nil:
		row("totals and settings", p.th.Glyph.Unknown+" "+words.Trouble(ping.Err.Class))
	default:
		row("totals and settings", p.th.Glyph.Unknown+" not read yet")
	}
	return out
}

// named lists what of a kind the payload names.
func (p *Pane) named(mark string) string {
	text := ""
	for _, member := range p.v.Facts.Ping.Value.Naming {
		if model.PingMark(member) != mark {
			continue
		}
		switch member {
		case "uuid":
			member = "instance id"
		case "hostname":
			member = "host name"
		default:
			member = strings.ToLower(member[strings.LastIndexAny(member, "._")+1:])
		}
		if text != "" {
			text += ", "
		}
		text += member
	}
	if text == "" {
		return "none"
	}
	return text
}

// ways are the keys of the page that work now. Why another does not, the help
// says.
func (p *Pane) ways(w int) []string {
	var out []string
	row := func(key, title, about string) {
		out = append(out, kit.NewLine(p.th, w).Figure(key).Label(title).At(13).Label(about).String())
	}
	if p.cannotSwitch() == "" {
		title := " opt in "
		if p.v.Registration.State == model.RegistrationOn {
			title = " opt out "
		}
		row("r", title+p.th.Glyph.Cut, "shows the plan first")
	}
	if p.nothingKnown() == "" {
		row("p", " preview", "the packets, value by value")
	}
	return out
}
