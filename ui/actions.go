package ui

import (
	"slices"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"seatdeck/model"
	"seatdeck/ui/kit"
)

// The captions of groups in the help.
const (
	groupEverywhere = "everywhere"
	groupMoving     = "moving"
)

// actions lists everything that can be done here and now: the focused pane's
// own first, then what works everywhere. Dispatch, footer, help and palette all
// read this one list.
func (m *root) actions() []kit.Action {
	if m.full {
		return slices.Concat(m.paneActions(), m.placeActions(), m.globalActions())
	}
	return slices.Concat(m.placeActions(), m.paneActions(), m.globalActions())
}

// everything lists what can be done anywhere: here first, then in the other
// panes, which an action brings to the front before it runs.
func (m *root) everything() []kit.Action {
	list := m.actions()
	have := map[string]bool{}
	for _, a := range list {
		have[a.ID] = true
	}
	for i, p := range m.panes {
		for _, a := range p.Actions(true) {
			if have[a.ID] {
				continue
			}
			have[a.ID] = true
			run, why := a.Run, m.whyNot(a)
			a.Run = func() tea.Cmd { m.focus, m.full = i, true; return m.wrap(i, run()) }
			a.Why = func() string {
				if small := m.tooSmall(); small != "" || why == nil {
					return small
				}
				return why()
			}
			list = append(list, a)
		}
	}
	return list
}

// paneActions are those of the focused pane, with their replies addressed.
func (m *root) paneActions() []kit.Action {
	if m.layout.Class <= kit.S && !m.full {
		return nil
	}
	list := m.pane().Actions(m.full)
	pane := m.focus
	for i := range list {
		list[i].Why = m.whyNot(list[i])
		run, opens := list[i].Run, onFullScreen[list[i].ID]
		list[i].Run = func() tea.Cmd {
			m.full = m.full || opens
			return m.wrap(pane, run())
		}
	}
	return list
}

// whyNot is why an action cannot run: its own reason, and for one that changes
// something whatever keeps every such act from being begun.
func (m *root) whyNot(a kit.Action) func() string {
	op, asks := model.OperationNamed(a.Operation)
	if m.o.Offline && (asks || a.Danger > 0) {
		return func() string { return withoutNetwork }
	}
	if a.Danger == 0 || !asks {
		return a.Why
	}
	return func() string {
		if why := a.Reason(); why != "" {
			return why
		}
		return m.cannotAct(op)
	}
}

// withoutNetwork is why nothing is asked of the instance.
const withoutNetwork = "started with --offline"

// onFullScreen are the actions that a pane offers on the dashboard too, but that
// happen on its full screen, which therefore opens first.
var onFullScreen = map[string]bool{searchID: true, "users.breakdown": true}

// typingActions are those that work while a field has the keys: the pane's own
// about the field, and what cannot be text.
func (m *root) typingActions() []kit.Action {
	text := func(a kit.Action) bool { return !slices.ContainsFunc(a.Keys, control) }
	return slices.Concat(m.paneActions(), slices.DeleteFunc(slices.Concat(m.placeActions(), m.globalActions()), text))
}

// placeActions are about moving between dashboard and full screens.
func (m *root) placeActions() []kit.Action {
	var list []kit.Action
	if !m.full {
		list = append(list,
			kit.Action{ID: "open", Title: "open", Desc: "the focused pane, full screen", Group: groupEverywhere,
				Keys: []string{"enter"}, Run: m.doOpen, Why: m.tooSmall},
			kit.Action{ID: "pane.next", Title: "next pane", Desc: "move the focus", Group: groupEverywhere, Why: m.tooSmall,
				Keys: []string{"tab", "right", "l"}, Hidden: true, Run: func() tea.Cmd { return m.doFocus(m.focus + 1) }},
			kit.Action{ID: "pane.previous", Title: "pane before", Desc: "move the focus back", Group: groupEverywhere, Why: m.tooSmall,
				Keys: []string{"shift+tab", "left", "h"}, Hidden: true, Run: func() tea.Cmd { return m.doFocus(m.focus + paneCount - 1) }})
	}
	list = append(list, kit.Action{ID: "focus", Title: "focus a pane", Short: "focus", Desc: "by its number", Group: groupEverywhere,
		Keys: []string{"1", "2", "3", "4"}, Quiet: m.full, Run: m.doFocusPressed, Why: m.tooSmall})
	list = append(list, m.afarActions()...)
	if !m.full && !m.paneTakes("/") {
		list = append(list, kit.Action{ID: searchID, Title: "search seats", Desc: "by name, username, e-mail or id", Group: "users & seats",
			Keys: []string{"/"}, Run: m.doSearch, Why: m.tooSmall})
	}
	switch stop := m.actActions(); {
	case stop != nil:
		list = append(list, stop...)
	case m.full:
		list = append(list, kit.Action{ID: "back", Title: "back, cancel", Short: "back", Desc: "to where you were", Group: groupEverywhere,
			Keys: []string{"esc"}, Run: m.doBack})
	case m.work.reading:
		list = append(list, kit.Action{ID: "stop", Title: "stop reading", Desc: "keep what was read so far", Group: groupEverywhere,
			Keys: []string{"esc"}, Run: m.doStop})
	}
	return list
}

// afarActions are the acts that the dashboard offers whichever pane has the
// focus, which goes to where the act belongs. Small screens show no pane and
// offer a sync alone: what is decided with open eyes needs more room.
func (m *root) afarActions() (list []kit.Action) {
	if m.full || m.layout.Class < kit.S {
		return nil
	}
	for _, i := range []int{paneSync, paneRegistration} {
		for _, a := range m.panes[i].Actions(false) {
			small := m.layout.Class == kit.S
			if i == m.focus && !small || i != paneSync && small || a.Danger == 0 {
				continue
			}
			run := a.Run
			a.Why = m.whyNot(a)
			a.Run = func() tea.Cmd { m.focus = i; return m.wrap(i, run()) }
			list = append(list, a)
		}
	}
	return list
}

// globalActions work everywhere.
func (m *root) globalActions() []kit.Action {
	return []kit.Action{
		{ID: "users.recount", Title: "recount billable users", Desc: "anew; a sync still sends the daily row", Group: "users & seats",
			Operation: model.OpRecount.Name, Danger: int(model.DangerOne), Quiet: true,
			Run: func() tea.Cmd { return m.begin(kit.Begin{Act: string(model.ActRecount)}) }, Why: func() string { return m.cannotAct(model.OpRecount) }},
		{ID: "read", Title: m.readTitle(), Desc: "ask the instance for everything anew", Group: groupEverywhere,
			Keys: []string{"R"}, Operation: model.OpMetadata.Name, Run: m.doRefresh, Why: m.cannotRead},
		{ID: "instances", Title: "other instance", Short: "instance", Desc: "switch to another of your instances", Group: groupEverywhere,
			Keys: []string{"I"}, Quiet: m.full, Run: m.doSwitcher, Why: m.noSwitch},
		{ID: "messages", Title: "messages", Desc: "what was said, and what helps", Group: groupEverywhere,
			Keys: []string{"m"}, Run: m.doMessages, Quiet: len(m.talk.trouble) == 0 && !m.retry.waiting, Why: m.noDialogs},
		{ID: "commands", Title: "commands", Desc: "every action by name", Group: groupEverywhere,
			Keys: []string{":"}, Run: m.doPalette, Why: m.noDialogs},
		{ID: "mouse", Title: "mouse on or off", Desc: "off leaves selecting text to the terminal", Group: groupEverywhere,
			Keys: []string{"M"}, Quiet: true, Run: m.doMouse},
		{ID: "redraw", Title: "draw again", Desc: "after something else wrote on the screen", Group: groupEverywhere,
			Keys: []string{"ctrl+l"}, Quiet: true, Run: func() tea.Cmd { return tea.ClearScreen }},
		{ID: "suspend", Title: "to the shell", Desc: "suspend; fg comes back", Group: groupEverywhere,
			Keys: []string{"ctrl+z"}, Quiet: true, Run: func() tea.Cmd { return tea.Suspend }},
		{ID: "help", Title: "this page", Short: "help", Desc: "all keys of this place", Group: groupEverywhere,
			Keys: []string{"?"}, Run: m.doHelp, Why: m.noDialogs},
		{ID: "quit", Title: "quit", Desc: "leave the console", Group: groupEverywhere,
			Keys: []string{"q"}, Run: m.doQuit},
	}
}

// searchID is the identity of the search, in the pane and outside of it.
const searchID = "users.search"

// paneTakes reports whether the focused pane has an action of its own for a
// key, which then goes first.
func (m *root) paneTakes(key string) bool { return kit.Find(m.paneActions(), key) != nil }

// readTitle names the key that reads: trying again is another thing than
// reading again.
func (m *root) readTitle() string {
	if m.retry.waiting {
		return "try now"
	}
	return "read again"
}

func (m *root) doOpen() tea.Cmd { m.full = true; return nil }

// doFocusPressed focuses the pane whose number was pressed.
func (m *root) doFocusPressed() tea.Cmd {
	n, err := strconv.Atoi(m.pressed)
	if err != nil || n < 1 || n > paneCount {
		return nil
	}
	return m.doFocus(n - 1)
}

func (m *root) doFocus(n int) tea.Cmd { m.focus = n % paneCount; return nil }

func (m *root) doBack() tea.Cmd {
	cmd, left := m.pane().Back()
	if !left {
		m.full = false
	}
	return m.wrap(m.focus, cmd)
}

// doSearch opens the accounts with the search field ready.
func (m *root) doSearch() tea.Cmd {
	m.focus, m.full = paneUsers, true
	if a := kit.Find(m.paneActions(), "/"); a != nil {
		return m.run(a)
	}
	return nil
}

func (m *root) doMouse() tea.Cmd {
	m.mouse = !m.mouse
	text := "mouse off: the terminal selects text again"
	if m.mouse {
		text = "mouse on: click a pane or a row; M switches it off"
	}
	return m.say(kit.Say{Text: text})
}

func (m *root) tooSmall() string {
	if m.layout.Class <= kit.S {
		return "needs a terminal of 60×15 or more"
	}
	return ""
}

func (m *root) cannotRead() string {
	switch {
	case m.o.Offline:
		return withoutNetwork
	case m.work.reading:
		return "reading already"
	}
	return ""
}

// noDialogs says why no box can be opened: where it could not be seen, a key in
// it would act unseen.
func (m *root) noDialogs() string {
	if m.layout.Class < kit.S {
		return "needs a terminal of 40×10 or more"
	}
	return ""
}

func (m *root) noSwitch() string {
	if m.act != nil && m.act.running && m.act.watch == nil {
		return "a request may be under way"
	}
	if len(m.o.Instances.List()) < 2 {
		return "the profile has one instance"
	}
	return m.noDialogs()
}

// interrupt is ctrl+c: the first stops what is running, the next one within two
// seconds leaves.
func (m *root) interrupt() tea.Cmd {
	now := m.o.Clock.Now()
	if a := m.act; a != nil && now.Sub(m.quitAt) > 2*time.Second {
		m.quitAt = now
		if a.stoppable() {
			return tea.Batch(m.doStopAct(), m.say(kit.Say{Text: "stopping · ctrl+c again leaves"}))
		}
		a.warned = true
		return nil
	}
	if m.work.reading && now.Sub(m.quitAt) > 2*time.Second {
		m.quitAt = now
		m.work.stop()
		return m.say(kit.Say{Text: "stopping · ctrl+c again leaves"})
	}
	return tea.Interrupt
}
