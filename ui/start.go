package ui

import (
	"runtime"
	"runtime/debug"

	tea "charm.land/bubbletea/v2"

	"seatdeck/licensing"
)

// starting is the console until what is kept of the instance was read. The
// runtime paints nothing before its first tick, and sets the terminal up until
// then: what is kept is read meanwhile. Nothing is painted before it is there,
// so that the first frame is complete.
type starting struct {
	m    *root
	kept chan reading
	held []tea.Msg // for the console, in order
}

// reading is what was read, or the panic that came of it.
type reading struct {
	view  *licensing.View
	fault any
}

// start begins to read what is kept of the open instance.
func (m *root) start() *starting {
	s := &starting{m: m, kept: make(chan reading, 1)}
	ctx := m.work.ctx
	go func() {
		var r reading
		defer func() {
			r.fault = recover()
			s.kept <- r
		}()
		r.view = m.desk.Load(ctx)
	}()
	return s
}

// Init waits for what is kept. A panic goes on here, where the runtime catches
// it and restores the terminal.
func (s *starting) Init() tea.Cmd {
	return func() tea.Msg {
		r := <-s.kept
		if r.fault != nil {
			panic(r.fault)
		}
		return r
	}
}

// Update hands over to the console when what is kept is there, and until then
// remembers what happened. Somebody else may hold the cache for a moment, so
// leaving works even now.
func (s *starting) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case reading:
		s.m.begun = s.m.show(msg.view)
		cmds := []tea.Cmd{s.m.Init()}
		for _, h := range s.held {
			_, cmd := s.m.Update(h)
			cmds = append(cmds, cmd)
		}
		return s.m, tea.Batch(cmds...)
	case tea.KeyPressMsg:
		if msg.String() == "ctrl+c" {
			return s, tea.Interrupt
		}
	}
	s.held = append(s.held, msg)
	return s, nil
}

// View is an empty screen.
func (s *starting) View() tea.View {
	var v tea.View
	v.AltScreen = true
	return v
}

// calmStart keeps the garbage collector from running until the heap has a size
// that a start with many accounts reaches anyway. By default it would run at
// every doubling from 4 MiB on, beside the first frame and on its time. From the
// first collection on everything is as it was, unless somebody has other wishes
// by then. A GOGC that somebody set stays.
func calmStart() {
	usual := debug.SetGCPercent(calmPercent)
	if usual != usualPercent {
		debug.SetGCPercent(usual)
		return
	}
	runtime.AddCleanup(new(canary), func(percent int) {
		if now := debug.SetGCPercent(percent); now != calmPercent {
			debug.SetGCPercent(now)
		}
	}, usual)
}

const (
	usualPercent = 100 // unless GOGC says otherwise
	// calmPercent makes the first collection begin at 32 MiB: the runtime's
	// minimum of 4 MiB holds for 100 percent and grows with it.
	calmPercent = 800
)

// canary is unreachable from the beginning: the first collection finds it.
type canary struct{ _ [64]byte }
