package kit

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"seatdeck/ui/theme"
)

// counter is a terminal that only counts what it is sent.
type counter struct{ n atomic.Int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n.Add(int64(len(p)))
	return len(p), nil
}

// gridProgram shows one grid in a frame and moves in it.
type gridProgram struct {
	th   *theme.Theme
	grid *Grid
	w, h int
	side int // columns of a side panel, 0 for none
}

func (m *gridProgram) Init() tea.Cmd { return nil }

func (m *gridProgram) frame() (Frame, Inner) {
	f := Frame{Number: "2", Title: "people", Focus: true}
	if m.side > 0 {
		f.Divide = m.w - 2 - m.side
	}
	return f, f.Inner(m.w, m.h)
}

func (m *gridProgram) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if k, ok := msg.(tea.KeyPressMsg); ok {
		_, in := m.frame()
		m.grid.Move(MotionOf(k.String()), in.LeftH)
	}
	return m, nil
}

func (m *gridProgram) View() tea.View {
	f, in := m.frame()
	panel := make([]string, in.RightH)
	for i := range panel {
		panel[i] = NewLine(m.th, in.RightW).Label("a fact").Right().Value(Thousands(1000 * i)).String()
	}
	v := tea.NewView(Join(f.Screen(m.th, m.w, m.h, Parts{
		Left: m.grid.View(m.th, in.LeftW, in.LeftH), Right: Part{Lines: panel},
	})))
	v.AltScreen = true
	return v
}

// stepBytes returns the bytes of each of n steps down, the first row being row
// start of the grid and at the upper edge of the window.
func stepBytes(t *testing.T, side int, half bool, start, n int) []int64 {
	var out []int64
	synctest.Test(t, func(t *testing.T) {
		th := plainTheme(t)
		m := &gridProgram{th: th, grid: people(th, 1_000_000), w: 120, h: 38, side: side}
		m.grid.Scroll = Scroll{Cursor: start, Top: max(start-10, 0), Half: half}
		terminal := &counter{}
		p := tea.NewProgram(m, tea.WithInput(nil), tea.WithOutput(terminal), tea.WithWindowSize(m.w, m.h),
			tea.WithoutSignalHandler(), tea.WithFPS(120), tea.WithColorProfile(colorprofile.ANSI),
			tea.WithEnvironment([]string{"TERM=xterm-256color"}))
		go func() {
			time.Sleep(time.Second)
			for range n {
				before := terminal.n.Load()
				p.Send(tea.KeyPressMsg{Code: tea.KeyDown})
				time.Sleep(100 * time.Millisecond)
				out = append(out, terminal.n.Load()-before)
			}
			p.Quit()
		}()
		if _, err := p.Run(); err != nil {
			t.Error(err)
		}
	})
	return out
}

// Budget B10: at most 120 bytes for a step in the window, 260 for one that
// scrolls, and 260 on average beside a side panel, with the real renderer.
func TestStepsAreCheapToSend(t *testing.T) {
	inside := stepBytes(t, 0, false, 1000, 20)
	scrolling := stepBytes(t, 0, false, 1000, 60)[30:]
	panel := stepBytes(t, 42, true, 1000, 180)
	for _, tt := range []struct {
		what  string
		bytes []int64
		limit int64
	}{
		{"inside the window", inside, 120}, {"scrolling", scrolling, 260}, {"beside a panel", panel, 260},
	} {
		var sum, most int64
		for _, n := range tt.bytes {
			sum += n
			most = max(most, n)
		}
		mean := sum / int64(len(tt.bytes))
		t.Logf("%s: %d bytes a step on average, %d at most", tt.what, mean, most)
		if mean > tt.limit || mean == 0 {
			t.Errorf("%s: %d bytes a step, want at most %d", tt.what, mean, tt.limit)
		}
	}
}
