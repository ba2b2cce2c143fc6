package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/kit"
)

// act is one act on its way: it is planned, and after somebody agreed, carried
// out. In between a dialog has the word, and there is none. It lives no longer
// than the open desk.
type act struct {
	intent
	ctx     context.Context
	stop    context.CancelFunc
	running bool // carried out; else it is being planned
	began   time.Time
	planID  string            // of its plan, once it is carried out
	report  model.ActProgress // the newest of it
	stopped bool              // somebody stopped it, or stopped waiting for it
	warned  bool              // somebody wanted to leave, and was told what goes on
}

// actEnd is what an act came to.
type actEnd struct {
	result model.Result
	err    error
}

// newAct makes an intent the act that is on its way.
func (m *root) newAct(it intent) *act {
	a := &act{intent: it, began: m.o.Clock.Now()}
	a.ctx, a.stop = context.WithCancel(m.work.ctx)
	m.act = a
	return a
}

// over ends an act and reports whether it was the one on its way.
func (m *root) over(a *act) bool {
	a.stop()
	if m.act != a {
		return false
	}
	m.act = nil
	return true
}

// begin begins what a pane asked for, or says why not. What cannot be done is
// not planned either.
func (m *root) begin(b kit.Begin) tea.Cmd {
	it, ok := m.intentOf(b)
	if !ok {
		return m.say(kit.Say{Level: kit.Failure, Text: "there is no act " + b.Act + " " + b.Choice, Next: "please report it"})
	}
	if why := m.cannotAct(it.op); why != "" {
		return m.say(kit.Say{Text: it.title + ": " + why})
	}
	a := m.newAct(it)
	if it.watch != nil {
		order := *it.watch
		return m.carry(a, func(ctx context.Context, d *licensing.Desk, tell func(model.ActProgress)) (model.Result, error) {
			return d.RunSync(ctx, order, tell)
		})
	}
	gen, desk := m.gen, m.desk
	return m.safe(func() tea.Msg {
		p, err := planOf(a, desk)
		return reply{gen, func(m *root) tea.Cmd { return m.planned(a, p, err) }}
	})
}

// planOf plans an act. A fault in it is an error, so that the act ends.
func planOf(a *act, desk *licensing.Desk) (p planned, err error) {
	defer func() {
		if recover() != nil {
			err = fault(lowered(a.title))
		}
	}()
	return a.plan(a.ctx, desk)
}

// cannotAct says why an act cannot be begun now, "" if it can.
func (m *root) cannotAct(op model.Operation) string {
	switch {
	case m.o.Offline:
		return withoutNetwork
	case m.act != nil:
		return "one thing at a time: " + lowered(m.act.title) + " is not over yet"
	case m.asking() != nil:
		return "a plan is open"
	}
	if err := m.mode().Allow(op); err != nil {
		return err.Msg.String()
	}
	return m.noDialogs()
}

// asking is the dialog that asks for consent, nil when there is none.
func (m *root) asking() *planDialog {
	for _, d := range m.dialogs {
		if p, ok := d.(*planDialog); ok {
			return p
		}
	}
	return nil
}

// planned takes a plan in: it is put before the person, unless there is nothing
// to ask.
func (m *root) planned(a *act, p planned, err error) tea.Cmd {
	if !m.over(a) {
		return nil
	}
	shown := m.show(m.desk.View())
	e := model.AsError(lowered(a.title), err)
	if e == nil {
		e = p.blocked
	}
	switch {
	case a.stopped, e != nil && e.Class == model.ClassCancelled:
		return tea.Batch(shown, m.say(kit.Say{Text: a.title + ": stopped · nothing was sent"}))
	case e != nil:
		return tea.Batch(shown, m.push(m.noPlan(a, e)))
	case p.Empty():
		return tea.Batch(shown, m.say(kit.Say{Level: kit.Done, Text: a.title + ": nothing to change", Next: p.reason}))
	case m.noDialogs() != "":
		return tea.Batch(shown, m.say(kit.Say{Level: kit.Trouble, Text: a.title + ": the plan " + m.noDialogs(), Next: "nothing was sent"}))
	}
	return tea.Batch(shown, m.ask(a.intent, p))
}

// noPlan is the box of an act that cannot be done now.
func (m *root) noPlan(a *act, e *model.Error) *failure {
	f := &failure{m: m, title: a.title, at: m.view.Info, err: e, fact: "cannot be done now", state: "nothing was sent, nothing changed"}
	m.remember(f, a.title+": "+f.why())
	return f
}

// stoppable reports whether esc means something to the act: before anything was
// sent it stops the act, afterwards the waiting for what becomes of it. What was
// sent cannot be called back.
func (a *act) stoppable() bool { return a != nil && !a.stopped }

// sent reports whether a request of the act may have left.
func (a *act) sent() bool { return a.running && a.report.Sent }

// live is the act as the pane of syncs shows it, nil for another one.
func (a *act) live() *model.RunningAct {
	if a == nil || !a.running || a.driver == "" {
		return nil
	}
	l := &model.RunningAct{Plan: a.planID, Driver: a.driver, Trigger: model.TriggerYou, Began: a.began, Page: a.page, ActProgress: a.report}
	if l.At.IsZero() {
		l.At = a.began
	}
	return l
}

// follower is a pane that shows how a running sync goes on.
type follower interface {
	Follow(*model.RunningAct) tea.Cmd
}

// followed hands the act on its way to the pane of syncs.
func (m *root) followed() tea.Cmd {
	if p, ok := m.panes[paneSync].(follower); ok {
		return m.wrap(paneSync, p.Follow(m.act.live()))
	}
	return nil
}

// syncs reports whether the act has the instance sync.
func (a *act) syncs() bool { return a.op == model.OpHostSync || a.op == model.OpActivate }

// doStopAct stops an act that has sent nothing yet, else the waiting for it.
func (m *root) doStopAct() tea.Cmd {
	m.act.stopped = true
	m.act.stop()
	return nil
}

// actActions are about the act on its way.
func (m *root) actActions() []kit.Action {
	if !m.act.stoppable() || m.full && m.pane().Typing() {
		return nil
	}
	title, desc := "cancel", "what goes on; nothing was sent yet"
	switch {
	case m.act.watch != nil:
		title = "stop watching"
	case m.act.sent():
		title, desc = "stop waiting", "it was sent; later readings tell what became of it"
	}
	return []kit.Action{{ID: "act.stop", Title: title, Desc: desc, Group: groupEverywhere,
		Keys: []string{"esc"}, Run: m.doStopAct}}
}

// doQuit leaves. While an act is carried out the first try only warns: leaving
// ends the reading back, not what was sent.
func (m *root) doQuit() tea.Cmd {
	if m.act == nil || !m.act.running || m.act.watch != nil || m.act.warned {
		return tea.Quit
	}
	m.act.warned = true
	return nil
}
