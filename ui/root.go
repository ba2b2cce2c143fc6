package ui

import (
	"context"
	"image"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/registration"
	"seatdeck/ui/subscription"
	"seatdeck/ui/synchistory"
	"seatdeck/ui/theme"
	"seatdeck/ui/users"
)

// Indexes of the panes, in the order of their keys.
const (
	paneSubscription = iota
	paneUsers
	paneRegistration
	paneSync
	paneCount
)

// root is the console's state.
type root struct {
	o    Options
	ctx  context.Context
	th   *theme.Theme
	loc  *time.Location
	desk *licensing.Desk
	view *licensing.View

	painted <-chan struct{} // closed when the first frame is on the terminal; nil: nobody tells

	w, h    int
	layout  kit.Layout
	panes   [paneCount]pane
	focus   int
	full    bool // the focused pane has the screen
	parked  bool // a full screen waits for a terminal that has room for it
	dialogs []dialog
	talk    talk
	work    work
	act     *act // the act on its way, nil for none
	retry   retry
	mouse   bool
	pressed string // the key that is being handled
	gen     int    // of the open desk; replies to an older one are dropped
	quitAt  time.Time
	begun   tea.Cmd        // what the panes do behind the first frame
	closing sync.WaitGroup // desks that are being closed
}

// newRoot opens the first instance. What is kept of it is read by [root.start].
func newRoot(ctx context.Context, o Options) (*root, error) {
	if o.Clock == nil {
		o.Clock = licensing.SystemClock{}
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	th, err := theme.Choose(o.Getenv, o.Wish)
	if err != nil {
		return nil, model.Fail(model.ClassUsage, "choose a theme", err.Error(), "")
	}
	if o.NoColour {
		th = th.WithoutColour()
	}
	m := &root{o: o, ctx: ctx, th: &th, loc: o.Zone, view: &licensing.View{}, w: 80, h: 24}
	name := o.First
	if list := o.Instances.List(); len(list) > 0 {
		if name == "" {
			name = list[0].Name
		}
		if list[0].Sandbox && o.Ribbon == "" {
			m.o.Ribbon, m.o.Connect = "made-up data · nothing leaves this machine", "connect yours: seatdeck config init"
		}
	}
	if err := m.turnTo(name); err != nil {
		return nil, err
	}
	m.resize(m.w, m.h)
	return m, nil
}

// open puts the desk of an instance on the screen, as the cache knows it.
func (m *root) open(name string) error {
	if err := m.turnTo(name); err != nil {
		return err
	}
	m.begun = m.show(m.desk.Load(m.work.ctx))
	return nil
}

// turnTo opens the desk of an instance; nothing of it is read yet. The one
// before ends its work at once and is closed in the background: a writer that is
// stuck may take seconds to give up.
func (m *root) turnTo(name string) error {
	desk, err := m.o.Instances.Open(m.ctx, name)
	if err != nil {
		return err
	}
	m.release()
	m.gen++
	m.desk, m.full, m.parked, m.dialogs, m.talk, m.retry, m.act = desk, false, false, nil, talk{}, retry{}, nil
	ctx := m.work.begin(m.ctx)
	accounts := users.New(ctx, m.th, m.loc, m.source(desk))
	accounts.Clock = m.o.Clock
	m.panes = [paneCount]pane{
		subscription.New(m.th, m.loc),
		accounts,
		registration.New(m.th, m.loc),
		synchistory.New(m.th, m.loc),
	}
	return nil
}

// source is where the accounts come from. A console that was told to send
// nothing asks nobody for memberships either.
func (m *root) source(desk *licensing.Desk) users.Source {
	if m.o.Offline {
		return silent{desk}
	}
	return desk
}

// silent is a desk that sends nothing.
type silent struct{ *licensing.Desk }

// Memberships refuses to ask the instance.
func (silent) Memberships(context.Context, int64) ([]model.Membership, error) {
	return nil, errSilent
}

// NoRoles refuses to ask the server.
func (silent) NoRoles() *model.Error { return errSilent }

// ReadRoles refuses to ask the server.
func (s silent) ReadRoles(context.Context, func(model.Progress)) (*licensing.View, error) {
	return s.View(), errSilent
}

// errSilent says why nothing is read: somebody wished it so.
var errSilent = model.Fail(model.ClassOffline, "read the instance", "started with --offline, so nothing is sent",
	"start without --offline to read it")

// release ends all work on the open desk and lets go of it in the background.
func (m *root) release() {
	m.work.end()
	if desk := m.desk; desk != nil {
		m.desk = nil
		m.closing.Go(func() {
			// A fault in here must not take the terminal; what stays open ends
			// with the process.
			defer func() { _ = recover() }()
			_ = desk.Close()
		})
	}
}

// close releases the open desk and waits until every desk is closed.
func (m *root) close() {
	m.release()
	m.closing.Wait()
}

// show takes a new view in and hands it to the panes.
func (m *root) show(v *licensing.View) tea.Cmd {
	if m.o.Offline {
		silent := *v // views are left as they are
		silent.Offline, v = errSilent, &silent
	}
	m.view = v
	m.talk.notices(v)
	cmds := make([]tea.Cmd, 0, paneCount)
	for i, p := range m.panes {
		cmds = append(cmds, m.wrap(i, p.Show(v)))
	}
	return tea.Batch(cmds...)
}

// Init starts reading behind the first frame: the rows that are kept at once, and
// the instance when these and the frame are there. All together would take both
// cores from the frame and from the first keys.
func (m *root) Init() tea.Cmd {
	ctx, rows, read := m.work.ctx, m.rosterFromCache(), m.refresh()
	if read == nil {
		return tea.Batch(m.begun, rows)
	}
	there := make(chan struct{})
	return tea.Batch(m.begun, func() tea.Msg {
		defer close(there)
		return rows()
	}, func() tea.Msg {
		if m.calm(ctx, there) != nil {
			return nil
		}
		return read()
	})
}

// firstPaint is how long the first frame is let alone where nothing tells when it
// is painted: a tick at 120 frames a second, and some for drawing. calmMost bounds
// the wait for frame and rows: a frame may be too small to be told from other
// output, and somebody may hold the lock of the rows.
const (
	firstPaint = 12 * time.Millisecond
	calmMost   = 400 * time.Millisecond
)

// calm waits until the first frame is painted and the rows are there, or until ctx
// ends.
func (m *root) calm(ctx context.Context, rows <-chan struct{}) error {
	most, stop := context.WithTimeout(ctx, calmMost)
	defer stop()
	painted := m.painted
	if painted == nil {
		_ = m.o.Clock.Sleep(most, firstPaint)
		painted = rows
	}
	for _, what := range []<-chan struct{}{painted, rows} {
		select {
		case <-what:
		case <-most.Done():
		}
	}
	return ctx.Err()
}

// resize takes a new terminal size in. Absurd sizes come from odd
// pseudo-terminals: none at all counts as the size of old, and huge ones are
// bounded.
func (m *root) resize(w, h int) {
	if w <= 0 && h <= 0 {
		w, h = 80, 24
	}
	m.w, m.h = min(max(w, 0), 1000), min(max(h, 0), 500)
	m.layout = kit.Arrange(m.w, m.h, m.o.Ribbon != "")
	switch {
	case m.layout.Class <= kit.S:
		m.parked, m.full = m.parked || m.full, false
	case m.parked:
		m.parked, m.full = false, true // back where somebody was
	}
	if m.layout.Class < kit.S {
		m.dialogs = nil // a key in a box that cannot be seen would act unseen
	}
}

// pane returns the pane that has the focus.
func (m *root) pane() pane { return m.panes[m.focus] }

// mode is the word of what this profile may do.
func (m *root) mode() model.Mode {
	if m.view.Info.Mode == "" {
		return model.ModeReadOnly
	}
	return m.view.Info.Mode
}

// body is the rectangle of full screens and dialogs.
func (m *root) body() image.Rectangle { return m.layout.Body }
