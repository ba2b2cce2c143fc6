package ui

import (
	"image"

	tea "charm.land/bubbletea/v2"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

// preview lays open what the instance sends to the vendor as things stand, value
// by value, and what each wish about the switches would change. It shows what
// was read when it was opened, and asks for nothing.
type preview struct {
	plain
	m       *root
	v       *licensing.View
	shown   []model.Disclosure
	changes []model.RegistrationChange
	list    kit.List
	height  int
}

// layOpen opens the preview.
func (m *root) layOpen() tea.Cmd {
	if why := m.noDialogs(); why != "" {
		return m.say(kit.Say{Text: why})
	}
	return m.push(&preview{m: m, v: m.view, shown: model.DisclosuresOf(&m.view.Facts, m.view.Now), changes: m.desk.RegistrationForecasts()})
}

// wishCols is the room for the names of wishes.
const wishCols = 14

func (p *preview) lines(w int) []string {
	th := p.m.th
	out := append([]string{onInstance(p.m, w), ""}, sharedLines(p.m, w, p.shown)...)
	if len(p.changes) == 0 {
		return out
	}
	out = append(out, "", kit.NewLine(th, w).Figure("What a change would send").String())
	for i := range p.changes {
		c := &p.changes[i]
		text := words.Sends(c)
		if !c.Empty() {
			text += " · " + words.Brings(c, &p.v.Registration)
		}
		name := string(c.Wish)
		for _, line := range kit.Wrap(th, th.Value, text, max(w-2-wishCols, 1)) {
			out = append(out, kit.NewLine(th, w).At(2).Label(name).At(2+wishCols).Styled(line).String())
			name = ""
		}
	}
	return out
}

func (p *preview) draw(m *root, body image.Rectangle) ([]string, image.Point, image.Point) {
	const footRows = 2
	w := min(planWidth, max(body.Dx()-8, 16))
	tall := len(p.lines(w)) + footRows
	box, r := m.boxed(kit.Dialog{Title: "What goes out"}, body, w, min(tall, max(body.Dy()-3, 3)), func(w, h int) kit.Part {
		p.height = max(h-footRows, 1)
		foot := []string{"", kit.NewLine(m.th, w).Label("looking sends nothing").Right().Figure("esc").Label(" closes").String()}
		return pageOf(m.th, &p.list, p.lines(w), w, p.height, foot)
	})
	return box, r.Min, nowhere
}

func (p *preview) key(m *root, k tea.KeyPressMsg) tea.Cmd {
	if name := k.String(); name == "p" || name == "q" {
		m.pop()
	} else {
		p.list.Move(kit.MotionOf(name), p.height)
	}
	return nil
}

func (p *preview) actions() []kit.Action {
	return closeActions(p.m, kit.Action{ID: "preview.scroll", Title: "scroll", Keys: []string{"up", "down"}, Run: func() tea.Cmd { return nil }})
}
