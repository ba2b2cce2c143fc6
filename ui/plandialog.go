package ui

import (
	"image"
	"time"

	tea "charm.land/bubbletea/v2"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/theme"
	"seatdeck/ui/words"
)

const (
	// guardFor is how long no key may have come before a plan takes one: it opens
	// by itself, and what was typed before it was seen was not meant for it.
	guardFor = 700 * time.Millisecond
	// countdown is how many seconds a plan can still be stopped once its phrase was
	// typed.
	countdown = 5
)

// planDialog puts a plan before the person and takes consent, in the way of the
// plan's level. Its default is no: esc and enter send nothing, at any level. Where
// words are typed, the last letter of the phrase begins a countdown in the
// field's place; esc and any edit stop it. Only keys that were pressed while the
// dialog was seen count; pasted text never does.
type planDialog struct {
	m  *root
	it intent
	p  planned

	sharing bool // the page of what goes out is shown
	list    kit.List
	height  int
	input   kit.Input
	said    string // why the last key did not agree

	drawn bool // a frame with it was drawn
	quiet bool // no key has come for a moment
	seq   int  // of the newest guard; an older one that ends means nothing

	left int // seconds until it is sent; 0 when nothing counts down
	run  int // of the countdown
}

// ask opens the dialog of a plan.
func (m *root) ask(it intent, p planned) tea.Cmd {
	d := &planDialog{m: m, it: it, p: p}
	d.input.Underline = true
	return tea.Batch(m.push(d), d.guard())
}

// guard ends the guarded time when no other key comes before.
func (d *planDialog) guard() tea.Cmd {
	d.seq++
	seq := d.seq
	return d.m.after(d.m.work.ctx, guardFor, reply{d.m.gen, func(*root) tea.Cmd {
		if d.seq == seq {
			d.quiet = true
		}
		return nil
	}})
}

// awake reports whether keys count.
func (d *planDialog) awake() bool { return d.drawn && d.quiet }

// typed reports whether consent takes words.
func (d *planDialog) typed() bool { return d.p.Level != model.DangerOne }

func (d *planDialog) key(m *root, k tea.KeyPressMsg) tea.Cmd {
	if !d.awake() {
		return d.guard()
	}
	d.said = ""
	switch name := k.String(); {
	case name == "tab", name == "p" && !d.typed():
		d.turn()
	case name == "enter":
		m.pop() // it cancels, and never confirms
	case d.typed() && scrolls(name):
		d.list.Move(kit.MotionOf(name), d.height)
	case d.typed():
		return d.edit(k)
	case (name == "y" || name == "Y") && !k.IsRepeat:
		return d.agree(m, name)
	case name == "n", name == "q":
		m.pop()
	default:
		d.list.Move(kit.MotionOf(name), d.height)
	}
	return nil
}

// scrolls reports whether a key moves the text although a field takes words.
func scrolls(key string) bool {
	switch key {
	case "up", "down", "pgup", "pgdown":
		return true
	}
	return false
}

// turn shows the other page.
func (d *planDialog) turn() {
	if len(d.p.shown) > 0 {
		d.sharing = !d.sharing
		d.list.Scroll = kit.Scroll{}
	}
}

// edit takes a key into the field. The key that makes the phrase whole begins the
// countdown, and any other change stops it.
func (d *planDialog) edit(k tea.KeyPressMsg) tea.Cmd {
	was := d.input.Value()
	d.input.Key(k)
	now := d.input.Value()
	switch {
	case now == was:
		return nil
	case now == d.p.Phrase() && !k.IsRepeat:
		d.left = countdown
		d.run++
		return d.tick()
	case d.left > 0:
		d.left, d.said = 0, "stopped: nothing was sent"
	case len(now) >= len(d.p.Phrase()):
		d.said = "it takes exactly " + d.p.Phrase()
	}
	return nil
}

// tick counts a second down, and agrees after the last. It counts on only while
// the dialog is the one that is seen.
func (d *planDialog) tick() tea.Cmd {
	run := d.run
	return d.m.after(d.m.work.ctx, time.Second, reply{d.m.gen, func(m *root) tea.Cmd {
		if d.run != run || d.left == 0 || len(m.dialogs) == 0 || m.dialogs[len(m.dialogs)-1] != dialog(d) {
			return nil
		}
		if d.left--; d.left > 0 {
			return d.tick()
		}
		return d.agree(m, d.input.Value())
	}})
}

// agree gives consent to exactly this plan and carries it out.
func (d *planDialog) agree(m *root, phrase string) tea.Cmd {
	consent, err := d.p.Agree(phrase, m.o.Clock.Now())
	m.pop()
	if err != nil {
		return m.fail(d.it.title, m.view.Info, err, "nothing was sent, nothing changed")
	}
	return m.apply(d.it, d.p, consent)
}

// paste takes nothing: what agrees is typed.
func (d *planDialog) paste(string) { d.said = "pasted text does not count: it has to be typed" }

// back stops the countdown, and leaves the page of what goes out.
func (d *planDialog) back() bool {
	switch {
	case d.left > 0:
		d.left, d.said = 0, "stopped: nothing was sent"
		d.input.Set("") // what was typed has done its work: it takes the whole phrase again
	case d.sharing:
		d.turn()
	default:
		return false
	}
	return true
}

func (d *planDialog) actions() []kit.Action {
	none := func() tea.Cmd { return nil }
	list := []kit.Action{{ID: "plan.cancel", Title: "cancel", Keys: []string{"esc"}, Run: func() tea.Cmd { d.m.pop(); return nil }}}
	if len(d.p.shown) > 0 {
		list = append(list, kit.Action{ID: "plan.shares", Title: "the other page", Keys: []string{"tab"}, Run: none})
	}
	return append(list, kit.Action{ID: "plan.scroll", Title: "scroll", Keys: []string{"up", "down"}, Run: none})
}

// planWidth is the room inside the frame, where there is enough.
const planWidth = 78

func (d *planDialog) draw(m *root, body image.Rectangle) ([]string, image.Point, image.Point) {
	d.drawn = true
	cursor := nowhere
	w := min(planWidth, max(body.Dx()-8, 16))
	tall := len(d.lines(m.th, w)) + d.footRows()
	box, r := m.boxed(kit.Dialog{Title: d.p.Title, Danger: d.typed()}, body, w, min(tall, max(body.Dy()-3, 3)), func(w, h int) kit.Part {
		foot := d.foot(m.th, w)
		d.height = max(h-len(foot), 1)
		part := pageOf(m.th, &d.list, d.lines(m.th, w), w, d.height, foot)
		if d.typed() && d.left == 0 {
			_, at := d.input.View(m.th, d.fieldCols(w))
			cursor = image.Pt(3+kit.Width(d.prompt())+at, len(part.Lines)) // frame and padding; one row above it is blank
		}
		return part
	})
	if cursor != nowhere {
		cursor.Y = r.Dy() - 2
	}
	return box, r.Min, cursor
}

// pageOf is a text that scrolls above a foot that stays. Where not all of it is
// seen, the first line of the foot says how much is.
func pageOf(th *theme.Theme, list *kit.List, lines []string, w, h int, foot []string) kit.Part {
	list.Len, list.NoCursor = len(lines), true
	list.Line = func(_ *theme.Theme, i, _ int, _ bool) string { return lines[i] }
	part := kit.Part{Lines: list.View(th, w, h).Lines}
	first, last := list.Window(len(lines), h)
	if last < len(lines) || first > 0 {
		foot[0] = kit.NewLine(th, w).Right().Label(words.Int(first+1) + "–" + words.Int(last) + " of " + words.Int(len(lines)) + " lines ").Figure("↑↓").String()
	}
	part.Lines = append(part.Lines, foot...)
	return part
}
