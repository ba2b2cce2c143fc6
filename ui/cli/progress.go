package cli

import (
	"io"
	"strings"
	"time"

	"seatdeck/model"
	"seatdeck/ui/words"
)

// progressLine tells how far long work has come, on a terminal only, on one
// line of it, a few times a second at most.
type progressLine struct {
	a     *app
	on    bool
	last  time.Time
	wait  model.Wait
	width int
}

const progressEvery = 250 * time.Millisecond

func (a *app) progress() *progressLine {
	term, _ := a.d.Lookup("TERM")
	return &progressLine{a: a, on: a.d.ErrTTY && !a.quiet && term != "dumb"}
}

func (p *progressLine) tell(g model.Progress) {
	if !p.on || g.Stage == model.StageDone {
		return
	}
	now := p.a.d.Clock.Now()
	if now.Sub(p.last) < progressEvery && g.Wait == p.wait {
		return
	}
	p.last, p.wait = now, g.Wait
	if g.Wait != (model.Wait{}) {
		p.draw(words.Waiting(g.Wait, p.a.d.Zone))
		return
	}
	p.draw(progressText(g))
}

func progressText(g model.Progress) string {
	s := "reading accounts: " + words.Int(g.Done)
	switch g.Stage {
	case model.StageRoles:
		if g.Done == 0 {
			return "starting GitLab's Ruby on the server, which takes up to a minute"
		}
		s = "reading roles: " + words.Int(g.Done)
	case model.StageRoster:
	default:
		return "reading the instance"
	}
	if about, ok := g.About.Get(); ok {
		s += " of about " + words.Int(about)
	}
	if g.Rate > 0 {
		s += ", " + words.Int(int(g.Rate)) + " a second"
	}
	if g.Left > 0 {
		s += ", " + words.Took(g.Left) + " left"
	}
	return s
}

func (p *progressLine) draw(s string) {
	gap := strings.Repeat(" ", max(0, p.width-len(s)))
	p.width = len(s)
	_, _ = io.WriteString(p.a.d.Err, "\r"+s+gap)
}

// clear wipes the line, so that what follows starts at the margin.
func (p *progressLine) clear() {
	if p.width > 0 {
		p.draw("")
		_, _ = io.WriteString(p.a.d.Err, "\r")
	}
}
