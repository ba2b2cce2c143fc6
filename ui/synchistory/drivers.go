package synchistory

import (
	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

// driverLines draws the ways to have the instance sync: which can be used here,
// why not, and what each can claim.
func (p *Pane) driverLines(w int) []string {
	out := p.wrap(p.th.Label, "GitLab's API has no call for \"sync now\". These are the ways around it, best first.", w)
	for _, s := range p.v.Drivers {
		out = append(append(out, ""), p.driver(s, w)...)
	}
	return out
}

func (p *Pane) driver(s model.DriverState, w int) []string {
	glyph, tone, word := p.status(words.Driver(s))
	head := kit.NewLine(p.th, w).Figure(string(s.Driver)).At(labelCols).Mark(tone, glyph).Value(word)
	if s.Chosen {
		head.Label(" · configured")
	}
	out := []string{head.String()}
	out = append(out, p.hang(w, "does", s.Driver.Does())...)
	out = append(out, p.hang(w, "can claim", s.Driver.Claims())...)
	if s.Refuse != nil {
		out = append(out, p.hang(w, "why not", s.Refuse.Msg.String())...)
		out = append(out, p.hang(w, "what helps", s.Refuse.Next.String())...)
	}
	if at, ok := s.From.Get(); ok {
		out = append(out, p.row(w, "usable from", words.Event(at, p.v.Now, p.loc)+" "+words.Zone(at, p.loc)))
	}
	if s.Driver == model.DriverBrowser {
		out = append(out, p.hang(w, "page", p.v.SyncPage)...)
	}
	return out
}

// chosen is the driver that a sync from here would use.
func (p *Pane) chosen() (model.DriverState, bool) {
	for _, s := range p.v.Drivers {
		if s.Chosen {
			return s, true
		}
	}
	return model.DriverState{}, false
}

// operation names what a sync by the chosen driver asks of the instance; nothing
// where the driver only watches.
func (p *Pane) operation() string {
	switch s, _ := p.chosen(); s.Driver {
	case model.DriverHost:
		return model.OpHostSync.Name
	case model.DriverActivation:
		return model.OpActivate.Name
	}
	return ""
}

// noSync says why a sync cannot be begun now.
func (p *Pane) noSync() string {
	s, ok := p.chosen()
	switch {
	case p.v.Empty:
		return "nothing is read yet"
	case !ok:
		return "no way to sync is configured"
	case s.Refuse != nil:
		return s.Refuse.Msg.String()
	}
	return ""
}
