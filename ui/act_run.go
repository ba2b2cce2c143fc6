package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

// carrying is what an act does once somebody agreed.
type carrying func(ctx context.Context, d *licensing.Desk, tell func(model.ActProgress)) (model.Result, error)

// apply carries out a plan that somebody agreed to.
func (m *root) apply(it intent, p planned, consent model.Consent) tea.Cmd {
	a := m.newAct(it)
	a.planID = p.ID
	return m.carry(a, func(ctx context.Context, d *licensing.Desk, tell func(model.ActProgress)) (model.Result, error) {
		return d.Apply(ctx, p.ChangePlan, consent, tell)
	})
}

// carry runs an act in the background of the open desk: the desk's end ends it.
func (m *root) carry(a *act, run carrying) tea.Cmd {
	a.running = true
	box, desk := newMailbox[model.ActProgress, actEnd](nil), m.desk
	work := func() tea.Msg {
		defer func() {
			if recover() != nil {
				box.finish(actEnd{model.Result{Outcome: model.OutcomeUnknown}, fault(lowered(a.title))})
			}
		}()
		result, err := run(a.ctx, desk, box.put)
		box.finish(actEnd{result, err})
		return nil
	}
	return tea.Batch(m.followed(), work, m.follow(a, box))
}

// follow waits for news of a running act.
func (m *root) follow(a *act, box *mailbox[model.ActProgress, actEnd]) tea.Cmd {
	gen := m.gen
	return m.safe(func() tea.Msg {
		<-box.ready
		report, end, done := box.take()
		if done {
			return reply{gen, func(m *root) tea.Cmd { return m.acted(a, end) }}
		}
		return reply{gen, func(m *root) tea.Cmd {
			a.report = report
			shown := m.followed()
			return tea.Sequence(shown, m.after(m.work.ctx, redrawEvery, nil), m.follow(a, box))
		}}
	})
}

// acted takes the end of an act in: its word, and what it means. What was sent
// is followed by a reading of the instance.
func (m *root) acted(a *act, end actEnd) tea.Cmd {
	if !m.over(a) {
		return nil
	}
	cmds := []tea.Cmd{m.show(m.desk.View()), m.followed()}
	if end.result.Sent() {
		cmds = append(cmds, m.read(licensing.RefreshOptions{NoRoster: true}))
	}
	r, e := end.result, model.AsError(lowered(a.title), end.err)
	switch {
	case r.Outcome.Good() && e == nil:
		cmds = append(cmds, m.say(kit.Say{Level: kit.Done, Text: a.title + ": " + string(r.Outcome), Next: became(r)}))
	case r.Outcome == model.OutcomeCancelled, e != nil && e.Class == model.ClassCancelled && !r.Sent():
		cmds = append(cmds, m.say(kit.Say{Text: a.title + ": " + string(model.OutcomeCancelled) + " · nothing was sent"}))
	case a.stopped && r.Sent() && (r.Outcome == model.OutcomeUnconfirmed || r.Outcome == model.OutcomeUnknown):
		cmds = append(cmds, m.say(kit.Say{Level: kit.Trouble, Text: a.title + ": " + string(r.Outcome) + " · stopped waiting", Next: "sent once, never repeated; R reads what became of it"}))
	case a.watch != nil && e == nil:
		cmds = append(cmds, m.say(kit.Say{Text: a.title + ": nothing was sent from here", Next: r.Note.String()}))
	default:
		cmds = append(cmds, m.push(m.outcome(a, r, e)))
	}
	return tea.Batch(cmds...)
}

// became says what a good result came to, in a few words.
func became(r model.Result) string {
	var changes []model.Change
	for _, s := range r.Steps {
		changes = append(changes, s.Changes...)
	}
	if len(changes) > 0 {
		return words.Changes(changes)
	}
	return r.Note.String()
}

// outcome is the box of an act that did not end as planned: its word, why, what
// helps, and whether anything was sent.
func (m *root) outcome(a *act, r model.Result, e *model.Error) *failure {
	if e == nil {
		e = r.Err
	}
	if e == nil {
		e = model.Fail(model.ClassFailed, lowered(a.title), r.Note.String(), "")
	}
	word := words.Outcome(r.Outcome)
	f := &failure{m: m, title: a.title, at: m.view.Info, err: e, fact: word.Word, mild: word.Tone != words.Bad, state: m.stateOf(r)}
	if note := r.Note.String(); note != "" && note != e.Msg.String() {
		f.note = note
	}
	m.remember(f, a.title+": "+f.fact+" · "+f.why())
	return f
}

// stateOf says what a result leaves behind: whether anything was sent, and where
// it is written down.
func (m *root) stateOf(r model.Result) string {
	state := "nothing was sent, nothing changed"
	switch {
	case r.Outcome == model.OutcomeUnknown && len(r.Steps) == 0:
		state = "whether anything was sent is not known; the next reading tells"
	case r.Outcome == model.OutcomeUnknown:
		state = "sent once, never repeated; the next readings of the instance settle it"
	case r.Sent():
		state = "sent once, never repeated"
	}
	for _, run := range m.view.History.Acts {
		if run.Plan.ID == r.Plan.ID && r.Plan.ID != "" {
			return state + " · journal " + words.Int(int(run.Seq))
		}
	}
	return state
}
