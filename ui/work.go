package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

// redrawEvery bounds how often progress is drawn.
const redrawEvery = 250 * time.Millisecond

// work is what goes on in the background for the open desk.
type work struct {
	ctx      context.Context
	cancel   context.CancelFunc
	stop     context.CancelFunc // ends the refresh alone
	reading  bool
	progress model.Progress
}

// begin starts a new life of background work under parent.
func (w *work) begin(parent context.Context) context.Context {
	w.end()
	*w = work{}
	w.ctx, w.cancel = context.WithCancel(parent)
	return w.ctx
}

// end cancels everything.
func (w *work) end() {
	if w.cancel != nil {
		w.cancel()
	}
}

// after returns a message when d has passed, unless ctx ends first.
func (m *root) after(ctx context.Context, d time.Duration, msg tea.Msg) tea.Cmd {
	return func() tea.Msg {
		if m.o.Clock.Sleep(ctx, d) != nil {
			return nil
		}
		return msg
	}
}

// safe turns a panic of a command into a message, so that a fault in background
// work never ends the console in front of somebody.
//
//go:noinline
func (m *root) safe(cmd tea.Cmd) tea.Cmd {
	return func() (msg tea.Msg) {
		defer func() {
			if recover() != nil {
				msg = kit.Say{Level: kit.Failure, Text: "a fault in this program stopped what was going on", Next: "please report it"}
			}
		}()
		return cmd()
	}
}

// rosterFromCache loads the rows behind the first frame.
func (m *root) rosterFromCache() tea.Cmd {
	ctx, desk, gen := m.work.ctx, m.desk, m.gen
	return m.safe(func() tea.Msg {
		// Nothing cached and a damaged cache look the same from here: the rows
		// come with the refresh, and the desk keeps a notice of what was wrong.
		_, _ = desk.Roster(ctx)
		return reply{gen, func(m *root) tea.Cmd { return m.show(m.desk.View()) }}
	})
}

// refresh reads the instance anew in the background, accounts and all.
func (m *root) refresh() tea.Cmd { return m.read(licensing.RefreshOptions{}) }

// read reads the instance, or a part of it, in the background. Progress is
// handed over by a mailbox that holds the newest report only.
func (m *root) read(what licensing.RefreshOptions) tea.Cmd {
	if m.work.reading || m.o.Offline {
		return nil
	}
	ctx, stop := context.WithCancel(m.work.ctx)
	m.work.reading, m.work.stop, m.work.progress = true, stop, model.Progress{}
	m.retry.waiting = false
	box := newMailbox[model.Progress, readEnd](keepFacts)
	desk := m.desk
	read := func() tea.Msg {
		defer func() {
			if recover() != nil {
				box.finish(readEnd{desk.View(), fault("read the instance")})
			}
		}()
		v, err := desk.Refresh(ctx, what, box.put)
		box.finish(readEnd{v, err})
		return nil
	}
	return tea.Batch(read, m.next(ctx, box))
}

// fault is a failure that is ours.
func fault(op string) *model.Error {
	return model.Fail(model.ClassInternal, op, "a fault in this program stopped it", "R tries again · please report it")
}

// readEnd is what reading came to.
type readEnd struct {
	view *licensing.View
	err  error
}

// keepFacts carries facts that nobody has seen yet on to the next report.
func keepFacts(old, now model.Progress) model.Progress {
	if now.Facts == nil {
		now.Facts = old.Facts
	}
	return now
}

// next waits for the mailbox.
func (m *root) next(ctx context.Context, box *mailbox[model.Progress, readEnd]) tea.Cmd {
	gen := m.gen
	return m.safe(func() tea.Msg {
		<-box.ready
		p, end, done := box.take()
		if done {
			return reply{gen, func(m *root) tea.Cmd { return m.refreshed(end.view, end.err) }}
		}
		return reply{gen, func(m *root) tea.Cmd {
			m.work.progress = p
			var shown tea.Cmd
			if p.Facts != nil {
				shown = m.show(m.desk.View())
			}
			return tea.Batch(shown, m.counting(p), tea.Sequence(m.after(ctx, redrawEvery, nil), m.next(ctx, box)))
		}}
	})
}

// counting shows in the pane of accounts how far their first reading is: until
// its end nothing else is known of them.
func (m *root) counting(p model.Progress) tea.Cmd {
	if v := m.view.Counting(p, m.o.Clock.Now()); v != nil {
		return m.show(v)
	}
	return nil
}

// refreshed takes the end of a refresh in.
func (m *root) refreshed(v *licensing.View, err error) tea.Cmd {
	m.work.reading, m.work.progress = false, model.Progress{}
	if m.work.stop != nil {
		m.work.stop()
	}
	shown := m.show(v)
	if err == nil {
		m.talk.clear("read")
		m.retry = retry{seq: m.retry.seq + 1}
		return shown
	}
	e := model.AsError("read the instance", err)
	if e.Class == model.ClassCancelled {
		return tea.Batch(shown, m.say(kit.Say{Text: "stopped reading · what was read is kept"}))
	}
	m.talk.raise("read", kit.Say{Level: kit.Trouble, Text: e.Op + ": " + e.Msg.String(), Next: e.Next.String()}, m.o.Clock.Now())
	return tea.Batch(shown, m.later(e))
}

// doRefresh is the key that reads again.
func (m *root) doRefresh() tea.Cmd { return m.refresh() }

// doStop ends the refresh and keeps the console.
func (m *root) doStop() tea.Cmd {
	if m.work.stop != nil {
		m.work.stop()
	}
	return m.say(kit.Say{Text: "stopping · what was read is kept"})
}

// progressParts words what is going on, for the talk row: the most important
// first.
func progressParts(p model.Progress, loc *time.Location) []string {
	if p.Wait != (model.Wait{}) {
		return append([]string{words.Waiting(p.Wait, loc)}, progressParts(resumed(p), loc)...)
	}
	switch p.Stage {
	case model.StageRoster:
		count := "reading accounts · " + words.Int(p.Done)
		if about, ok := p.About.Get(); ok {
			count += " of about " + words.Int(about)
		}
		parts := []string{count}
		if p.Rate >= 1 {
			parts = append(parts, words.Int(int(p.Rate))+" a second")
		}
		if p.Left >= time.Second {
			parts = append(parts, words.Took(p.Left.Round(time.Second))+" left")
		}
		if p.Workers > 1 {
			parts = append(parts, words.Int(p.Workers)+" connections")
		}
		return parts
	case model.StageSave:
		return []string{"keeping what was read"}
	}
	return []string{"reading the instance"}
}

// resumed is a report as it would be without a pause, and without the speed that
// a pause makes meaningless.
func resumed(p model.Progress) model.Progress {
	p.Wait, p.Rate, p.Left = model.Wait{}, 0, 0
	return p
}
