package ui

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

// retryAfter is how long the console waits before it tries by itself again,
// by how often it failed in a row; the last one holds from then on.
var retryAfter = []time.Duration{time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute}

// retry is the waiting after a refresh that reached nobody. It runs only while
// the console does, and ends with the instance it belongs to.
type retry struct {
	waiting bool
	failed  int          // refreshes that failed in a row
	why     *model.Error // what went wrong last
	tried   time.Time    // and when
	at      time.Time    // of the next try, when waiting
	seq     int          // of the wait; an older one that ends means nothing
}

// passing are the failures that time alone may heal. A refused token or a wrong
// address stays refused and wrong: asking again would only fill a log.
var passing = []model.Class{model.ClassUnreachable, model.ClassOffline, model.ClassLocked, model.ClassFailed}

// later plans the next try after a failure, if time may heal it.
func (m *root) later(e *model.Error) tea.Cmd {
	m.retry.waiting = false
	m.retry.seq++
	if m.o.Offline || !slices.Contains(passing, e.Class) {
		m.retry.failed = 0
		return nil
	}
	wait := retryAfter[min(m.retry.failed, len(retryAfter)-1)]
	m.retry.failed++
	now := m.o.Clock.Now()
	m.retry.waiting, m.retry.why, m.retry.tried, m.retry.at = true, e, now, now.Add(wait)
	seq := m.retry.seq
	return m.after(m.work.ctx, wait, reply{m.gen, func(m *root) tea.Cmd {
		if !m.retry.waiting || m.retry.seq != seq {
			return nil
		}
		return m.refresh()
	}})
}

// retryLine says what went wrong, when the next try is, and the key that does
// not wait for it. Where it is narrow, the words before go first.
func (m *root) retryLine(l *kit.Line, w int) {
	tail := []kit.Span{{Style: m.th.Label, Text: " · next try "}, {Text: words.ClockSecond(m.retry.at, m.loc)},
		{Style: m.th.Label, Text: " · "}, {Style: m.th.Figure, Text: "R"}, {Style: m.th.Label, Text: " tries now"}}
	why, room := m.retry.why.Msg.String(), w-width(tail)-3
	text := why + " · tried " + words.Clock(m.retry.tried, m.loc)
	switch {
	case kit.Width(text) <= room:
	case room < shortWhy:
		text = words.Trouble(m.retry.why.Class)
	default:
		text = kit.CutMiddle(why, room, m.th.Glyph.Cut)
	}
	l.Mark(m.th.Warn, m.th.Glyph.Warning).Value(text).Spans(tail...)
}

// shortWhy is the room below which a reason is told by its class alone.
const shortWhy = 20
