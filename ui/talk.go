package ui

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/theme"
	"seatdeck/ui/words"
)

// toastFor is how long a toast stays, unless a key comes first.
const toastFor = 4 * time.Second

// talk is the row above the footer and everything that was said in it. What a key
// just said stands for a moment, so that no key seems dead; then trouble wins over
// progress.
type talk struct {
	now     kit.Say // the toast shown, empty for none
	seq     int     // of the toast; the message that ends it carries the number
	trouble []message
	log     []message // everything said, newest last
}

// message is something that was said.
type message struct {
	at  time.Time
	key string // trouble of one kind replaces itself
	kit.Say
}

// maxLog is how many messages are kept for the list.
const maxLog = 200

func (t *talk) remember(msg message) {
	t.log = append(t.log, msg)
	if len(t.log) > maxLog {
		t.log = t.log[len(t.log)-maxLog:]
	}
}

// key is called at every key press: a toast has been seen.
func (t *talk) key() { t.now = kit.Say{} }

// clear ends trouble of one kind.
func (t *talk) clear(key string) {
	kept := t.trouble[:0]
	for _, msg := range t.trouble {
		if msg.key != key {
			kept = append(kept, msg)
		}
	}
	t.trouble = kept
}

// raise adds trouble of a kind, replacing older trouble of the same.
func (t *talk) raise(key string, s kit.Say, at time.Time) {
	for _, msg := range t.log {
		if msg.key == key && msg.Say == s && msg.at.Equal(at) {
			return // said already, and perhaps dealt with
		}
	}
	t.clear(key)
	msg := message{at: at, key: key, Say: s}
	t.trouble = append(t.trouble, msg)
	t.remember(msg)
}

// notices takes in what this machine could not do.
func (t *talk) notices(v *licensing.View) {
	for _, n := range v.Notices {
		t.raise("notice "+n.Err.Op, kit.Say{Level: kit.Trouble, Text: n.Err.Op + ": " + n.Err.Msg.String(), Next: n.Err.Next.String()}, n.At)
	}
}

// say shows a message: a toast, or trouble that stays.
func (m *root) say(s kit.Say) tea.Cmd {
	now := m.o.Clock.Now()
	if s.Level >= kit.Trouble {
		m.talk.raise(s.Text, s, now)
		return nil
	}
	m.talk.now = s
	m.talk.seq++
	m.talk.remember(message{at: now, Say: s})
	return m.after(m.work.ctx, toastFor, toastOver{m.gen, m.talk.seq})
}

// toastOver ends the toast of that number.
type toastOver struct{ gen, seq int }

// copy sends text to the terminal's clipboard. Whether the terminal took it
// cannot be known, and the message says so.
func (m *root) copy(c kit.Copy) tea.Cmd {
	said := m.say(kit.Say{Level: kit.Done, Text: c.What + " sent to the terminal's clipboard · some terminals refuse it silently"})
	return tea.Batch(tea.SetClipboard(c.Text), said)
}

// talkLine draws the talk row.
func (m *root) talkLine(w int) string {
	l := kit.NewLine(m.th, w).Space(1)
	switch {
	case m.talk.now.Text != "":
		sayLine(m.th, l, m.talk.now)
	case m.act != nil:
		m.actLine(l, w)
	case m.retry.waiting:
		m.retryLine(l, w)
	case len(m.talk.trouble) > 0:
		m.troubleLine(l, w)
	case m.work.reading:
		l.Mark(m.th.Accent, m.th.Glyph.Running)
		parts := progressParts(m.work.progress, m.loc)
		if m.mode() == model.ModeReadOnly {
			parts = append(parts, "read-only profile, nothing can be changed")
		}
		for i, part := range parts {
			if i > 0 {
				part = " · " + part
			}
			if i > 0 && l.Used()+kit.Width(part) > w {
				break // left out whole, not cut
			}
			l.Label(part)
		}
	}
	return l.String()
}

// troubleLine says what is wrong and what helps. Where that is too long the key
// of the list stands for what helps; then the middle goes, because a sentence
// names a place first and what is wrong with it last.
func (m *root) troubleLine(l *kit.Line, w int) {
	s, more := m.talk.trouble[len(m.talk.trouble)-1].Say, ""
	if n := len(m.talk.trouble); n > 1 {
		more = " lists all " + words.Int(n)
	}
	room := func() int { return w - l.Used() - markCols - endCols(more) }
	whole := kit.Width(s.Text)
	if s.Next != "" {
		whole += kit.Width(" · " + s.Next)
	}
	if whole > room() {
		s.Next = ""
		if more == "" {
			more = " says more"
		}
		if _, what, ok := strings.Cut(s.Text, ": "); ok && kit.Width(s.Text) > room() {
			s.Text = what // what was tried says less than what went wrong
		}
		s.Text = kit.CutMiddle(s.Text, room(), m.th.Glyph.Cut)
	}
	sayLine(m.th, l, s)
	if more != "" {
		l.Right().Figure("m").Label(more).Space(1)
	}
}

// markCols is a message's glyph and the blank after it.
const markCols = 2

// endCols is what the hint at the right end of the talk row takes, with the
// blanks around it.
func endCols(more string) int {
	if more == "" {
		return 1
	}
	return kit.Width(more) + 4
}

// sayLine writes a message with its glyph.
func sayLine(th *theme.Theme, l *kit.Line, s kit.Say) {
	switch s.Level {
	case kit.Failure:
		l.Mark(th.Bad, th.Glyph.Missing)
	case kit.Trouble:
		l.Mark(th.Warn, th.Glyph.Warning)
	case kit.Done:
		l.Mark(th.OK, th.Glyph.Done)
	}
	l.Value(s.Text)
	if s.Next != "" {
		l.Label(" · ").Label(s.Next)
	}
}
