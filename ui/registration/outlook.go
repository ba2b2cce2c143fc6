package registration

import (
	"strings"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

// forecast works out what the switch would come to, by what was read: opting in,
// or out where the instance is opted in.
func (p *Pane) forecast() {
	r, wish := &p.v.Registration, model.WishEnable
	if r.State == model.RegistrationOn {
		wish = model.WishDisable
	}
	cat := model.Catalogue{AsOf: r.CatalogueAsOf, Features: make([]model.Feature, len(r.Features))}
	for i := range r.Features {
		cat.Features[i] = r.Features[i].Feature
	}
	p.change, p.fault = model.RegistrationChangeOf(&p.v.Facts, cat, wish)
}

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
	return append([]string{p.caption(w, "to undo")}, kit.Wrap(p.th.Value, text, w)...)
}

// payload sums the newest Service Ping payload up: how much is in it, and whom it
// names. Value by value it stands in the preview.
func (p *Pane) payload(w int) []string {
	ping := &p.v.Facts.Ping
	out := []string{p.caption(w, "what goes out")}
	row := func(label, text string) {
		for _, l := range kit.Wrap(p.th.Value, text, max(w-switchCols, 1)) {
			out = append(out, kit.NewLine(p.th, w).Label(label).At(switchCols).Styled(l).String())
			label = ""
		}
	}
	why := ""
	switch {
	case ping.Err != nil && !ping.Known():
		why = words.Trouble(ping.Err.Class)
	case !ping.Known():
		why = "not read yet"
	case ping.Value.Empty:
		why = "no payload now"
	}
	if why != "" {
		return append(out, kit.NewLine(p.th, w).Label("totals and settings").At(switchCols).Mark(p.th.Label, p.th.Glyph.Unknown).Value("unknown").Label("  "+why).String())
	}
	row("totals and settings", words.Plural(ping.Value.Counts, "value", "values"))
	row("names this server", orNone(p.named(model.MarkServer)))
	row("names the licensee", orNone(p.named(model.MarkLicensee)))
	if ids := p.named(model.MarkLicense); ids != "" {
		row("names the licence", ids)
	}
	policy := "none, by GitLab's policy"
	if switchCols+len(policy) > w {
		policy = "none, by policy"
	}
	row("personal data", policy)
	return out
}

// called is what the members of the payload that name somebody are called here.
var called = map[string]string{
	"uuid": "instance id", "hostname": "host name", "unique_instance_uuid": "unique id", "licensee.Email": "e-mail",
	"license_id": "id", "license_md5": "MD5", "license_sha256": "SHA-256", "license_subscription_id": "subscription",
}

// named lists what of a kind the payload names, "" for nothing.
func (p *Pane) named(mark string) string {
	var list []string
	for _, member := range p.v.Facts.Ping.Value.Naming {
		if model.PingMark(member) != mark {
			continue
		}
		name, ok := called[member]
		if !ok {
			name = strings.ToLower(member[strings.LastIndexByte(member, '.')+1:])
		}
		list = append(list, name)
	}
	return strings.Join(list, ", ")
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

// ways are the keys of the page that work now. Why another does not, the help
// says.
func (p *Pane) ways(w int) []string {
	var out []string
	for _, k := range []struct {
		kit.Action
		more, about string
	}{{p.optIn(), " " + p.th.Glyph.Cut, "shows the plan first"}, {p.look(), "", "the packets, value by value"}} {
		if k.Reason() != "" {
			continue
		}
		title := k.Title
		if k.Short != "" {
			title = k.Short
		}
		out = append(out, kit.NewLine(p.th, w).Figure(k.KeyText()).Label(" "+title+k.more).At(13).Label(k.about).String())
	}
	return out
}
