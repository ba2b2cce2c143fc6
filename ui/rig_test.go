package ui

import (
	"context"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"seatdeck/licensing"
	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
	"seatdeck/ui/theme"
)

func TestMain(m *testing.M) { os.Exit(rig.Main(m)) }

// price is what a seat costs in all of these tests.
var price = model.Some(model.Money{Cents: 94800, Currency: "USD"})

// env answers like the environment of an ordinary terminal, with changes given
// as NAME=VALUE.
func env(changes ...string) func(string) string {
	vars := map[string]string{"TERM": "xterm-256color", "LANG": "C.UTF-8"}
	for _, c := range changes {
		name, value, _ := strings.Cut(c, "=")
		vars[name] = value
	}
	return func(name string) string { return vars[name] }
}

// sized are the sizes at which every screen is looked at.
var sized = [][2]int{{200, 60}, {120, 40}, {80, 24}}

// framesOnly marks a test that has frames drawn again and again. It runs beside
// others, and not in a short run: that is for the race detector, which makes it
// many times slower, and a frame is drawn by one goroutine alone.
func framesOnly(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("frames only; left out of short runs")
	}
	t.Parallel()
}

// scene is a console that does not run: its messages are handed over by the
// test, so that a frame can be looked at between any two of them.
type scene struct {
	*root
	t   testing.TB
	rig *rig.Rig
}

// newRig puts a made-up instance together, with its past in the journal as the
// built-in sandbox has it.
func newRig(t testing.TB, o rig.Options) *rig.Rig {
	t.Helper()
	o.Memory = true
	o.Price = price
	r := rig.New(t, o)
	remember(t, r)
	return r
}

// remember fills the journal of a rig with the syncs of the weeks before.
func remember(t testing.TB, r *rig.Rig) {
	t.Helper()
	var past []licensing.Look
	for _, p := range r.Sandbox.PastSyncs() {
		past = append(past, licensing.Look(p))
	}
	if _, err := r.Journal.Append(t.Context(), licensing.Recall(past)...); err != nil {
		t.Fatal(err)
	}
}

// newScene opens the console on an instance that was not read yet.
func newScene(t testing.TB, o rig.Options, change ...func(*Options)) *scene {
	t.Helper()
	return sceneOf(t, newRig(t, o), change...)
}

func sceneOf(t testing.TB, r *rig.Rig, change ...func(*Options)) *scene {
	t.Helper()
	opt := Options{Instances: rig.Instances{r}, Getenv: env(), Clock: r.Clock}
	for _, c := range change {
		c(&opt)
	}
	ctx, cancel := context.WithCancel(t.Context())
	m, err := newRoot(ctx, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); m.close() })
	m.begun = m.show(m.desk.Load(m.work.ctx))
	return &scene{m, t, r}
}

// read reads the instance as the console does behind its first frame, to the
// end. What failed is on the screen.
func (s *scene) read() *scene {
	s.t.Helper()
	s.Update(tea.ResumeMsg{}) // marks the reading as begun
	v, err := s.desk.Refresh(s.ctx, licensing.RefreshOptions{}, nil)
	s.refreshed(v, err)
	return s
}

// at takes the size of the terminal in.
func (s *scene) at(w, h int) *scene {
	s.Update(tea.WindowSizeMsg{Width: w, Height: h})
	return s
}

// press presses keys by their names, lets what they started come to its end,
// and draws a frame after each, as the runtime does.
func (s *scene) press(names ...string) *scene {
	s.t.Helper()
	for _, name := range names {
		_, cmd := s.Update(keyOf(name))
		s.drain(cmd)
		s.View()
	}
	return s
}

// keyOf is the key press of a name as actions use it.
func keyOf(name string) tea.KeyPressMsg {
	named := map[string]rune{
		"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "up": tea.KeyUp, "down": tea.KeyDown,
		"left": tea.KeyLeft, "right": tea.KeyRight, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "home": tea.KeyHome,
		"end": tea.KeyEnd, "backspace": tea.KeyBackspace, "delete": tea.KeyDelete, "space": tea.KeySpace,
	}
	var k tea.KeyPressMsg
	for {
		rest, found := strings.CutPrefix(name, "ctrl+")
		if found {
			k.Mod |= tea.ModCtrl
			name = rest
			continue
		}
		if rest, found = strings.CutPrefix(name, "shift+"); found {
			k.Mod |= tea.ModShift
			name = rest
			continue
		}
		break
	}
	if code, ok := named[name]; ok {
		k.Code = code
		if name == "space" {
			k.Text = " "
		}
		return k
	}
	k.Code = []rune(name)[0]
	if k.Mod == 0 {
		k.Text = name
	}
	return k
}

// styled is the frame as the terminal gets it, line by line.
func (s *scene) styled() []string {
	content := s.View().Content
	if content == "" {
		return nil
	}
	return strings.Split(content, "\n")
}

// text is the frame without styles, blanks at line ends cut.
func (s *scene) text() string {
	lines := s.styled()
	for i, l := range lines {
		lines[i] = strings.TrimRight(ansi.Strip(l), " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

// wants fails the test unless every text is on the screen.
func (s *scene) wants(texts ...string) *scene {
	s.t.Helper()
	frame := s.text()
	for _, want := range texts {
		if !strings.Contains(frame, want) {
			s.t.Errorf("%d×%d: %q is not on the screen\n%s", s.w, s.h, want, frame)
		}
	}
	return s
}

// lacks fails the test if one of the texts is on the screen.
func (s *scene) lacks(texts ...string) *scene {
	s.t.Helper()
	frame := s.text()
	for _, no := range texts {
		if strings.Contains(frame, no) {
			s.t.Errorf("%d×%d: %q is on the screen\n%s", s.w, s.h, no, frame)
		}
	}
	return s
}

// fits fails the test unless the frame fills its terminal exactly.
func (s *scene) fits(where string) {
	s.t.Helper()
	lines := s.styled()
	if s.w == 0 || s.h == 0 {
		if ansi.StringWidth(strings.Join(lines, "")) != 0 || len(lines) > s.h {
			s.t.Fatalf("%s: %d lines on %d×%d", where, len(lines), s.w, s.h)
		}
		return
	}
	if len(lines) != s.h {
		s.t.Fatalf("%s: %d lines on %d×%d", where, len(lines), s.w, s.h)
	}
	for i, l := range lines {
		if n := ansi.StringWidth(l); n != s.w {
			s.t.Fatalf("%s: line %d is %d wide on %d×%d: %q", where, i, n, s.w, s.h, ansi.Strip(l))
		}
	}
}

// withTheme starts a console in a theme.
func withTheme(name string) func(*Options) {
	return func(o *Options) { o.Wish = theme.Wish{Theme: name} }
}

// halfway is progress in the middle of the accounts.
var halfway = model.Progress{
	Stage: model.StageRoster, Done: 742, About: model.Some(1220), Rate: 310, Left: 2 * time.Second, Workers: 2,
}

// drain runs a command and hands its answers to the console, and the commands
// that follow from them, as the runtime does, but one after the other.
func (s *scene) drain(cmd tea.Cmd) {
	s.t.Helper()
	queue := []tea.Cmd{cmd}
	for n := 0; len(queue) > 0; n++ {
		if n > 10_000 {
			s.t.Fatal("commands never come to an end")
		}
		next := queue[0]
		queue = queue[1:]
		if next == nil {
			continue
		}
		msg := next()
		if batch := reflect.ValueOf(msg); batch.IsValid() && batch.Type().ConvertibleTo(reflect.TypeFor[[]tea.Cmd]()) {
			queue = append(batch.Convert(reflect.TypeFor[[]tea.Cmd]()).Interface().([]tea.Cmd), queue...)
			continue
		}
		switch msg.(type) {
		case nil, tea.QuitMsg, tea.InterruptMsg, tea.SuspendMsg, toastOver: // the toast stays, to be looked at
			continue
		}
		_, more := s.Update(msg)
		queue = append(queue, more)
	}
}
