package users

import (
	"fmt"
	"image"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"seatdeck/model"
	"seatdeck/ui/kit"
)

// counter is a terminal that only counts what it is sent.
type counter struct{ n atomic.Int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n.Add(int64(len(p)))
	return len(p), nil
}

// program shows the pane's full screen below a header, as the root does.
type program struct {
	p    *Pane
	w, h int
}

func (m *program) Init() tea.Cmd { return nil }

func (m *program) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		cmd, _ := m.p.Key(msg)
		return m, cmd
	case rested:
		m.p.Update(msg)
	}
	return m, nil
}

func (m *program) View() tea.View {
	lines, cursor := m.p.Full(m.w, m.h-3)
	lines = append([]string{kit.NewLine(m.p.th, m.w).Figure("seatdeck").String()}, lines...)
	v := tea.NewView(kit.Join(kit.FitLines(lines, m.w, m.h)))
	v.AltScreen = true
	if cursor != nowhere {
		at := cursor.Add(image.Pt(0, 1))
		v.Cursor = tea.NewCursor(at.X, at.Y)
		v.Cursor.Blink = false
	}
	return v
}

// stepBytes returns what each of n steps down costs through the real renderer
// at 120×40. The keys come faster than the side panel follows.
func stepBytes(t *testing.T, p *Pane, n int) []int64 {
	var out []int64
	m := &program{p: p, w: 120, h: 40}
	terminal := &counter{}
	run := tea.NewProgram(m, tea.WithInput(nil), tea.WithOutput(terminal), tea.WithWindowSize(m.w, m.h), tea.WithoutSignalHandler(),
		tea.WithFPS(120), tea.WithColorProfile(colorprofile.ANSI), tea.WithEnvironment([]string{"TERM=xterm-256color"}))
	go func() {
		time.Sleep(time.Second)
		for range n {
			before := terminal.n.Load()
			run.Send(tea.KeyPressMsg{Code: tea.KeyDown})
			time.Sleep(restFor / 3)
			out = append(out, terminal.n.Load()-before)
		}
		run.Quit()
	}()
	if _, err := run.Run(); err != nil {
		t.Error(err)
	}
	return out
}

// crowdPane has twenty thousand accounts that differ from each other as those of
// an instance do: rows that look alike make the renderer send more of them.
func crowdPane(t testing.TB) *Pane {
	p := bigPane(t, 20_000)
	given, family := []string{"Ana", "Freya", "Rania", "Abebe", "Konstantin", "Mei", "Ludmila", "Bo"}, []string{"Bernard", "Desai", "Grünwald", "Čermák", "Oyelaran", "Li", "Wójcik"}
	b := model.NewRosterBuilder(p.roster.Len())
	for i := range p.roster.Len() {
		a := p.roster.At(i)
		name := given[i*7%len(given)] + " " + family[i*11%len(family)]
		a.Name, a.Username = model.Clean(name), model.Clean(fmt.Sprintf("%s%d", strings.ToLower(strings.ReplaceAll(name, " ", ".")), i%90))
		a.Created = a.Created.Add(-i * 37 % 2000)
		a.Provider = model.Clean([]string{"ldapmain", "saml", ""}[i*5%3])
		if i%3 == 0 {
			a.Flags |= model.Flag2FA
		}
		b.Add(a)
	}
	r := b.Build(model.Live(now), true)
	return paneOf(t, r, view(t, r))
}

// Budget B10: at most 120 bytes for a step in the window, 260 for one that
// scrolls (the row that comes into sight is sent), and 260 on average beside the
// side panel.
func TestStepsAreCheapToSend(t *testing.T) {
	for _, tt := range []struct {
		what       string
		panel      bool
		skip, n    int
		limit      int64
		limitWorst int64
	}{
		{"inside the window", false, 0, 25, 120, 320},
		{"scrolling", false, 40, 60, 260, 320},
		{"beside the panel", true, 0, 150, 260, 6000},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := crowdPane(t)
			p.panel = tt.panel
			bytes := stepBytes(t, p, tt.skip+tt.n)[tt.skip:]
			var sum, most int64
			for _, n := range bytes {
				sum += n
				most = max(most, n)
			}
			mean := sum / int64(len(bytes))
			t.Logf("%s: %d bytes a step on average, %d at most", tt.what, mean, most)
			if mean > tt.limit || mean == 0 || most > tt.limitWorst {
				t.Errorf("%s: %d bytes a step on average, %d at most; want %d and %d", tt.what, mean, most, tt.limit, tt.limitWorst)
			}
		})
	}
}
