// Package frames draws panes of the console and holds them to their place: as
// many lines as asked for, each as wide as asked for, nothing in them that acts
// on a terminal.
//
// Only tests may import it. It knows no pane and judges no words.
package frames

import (
	"image"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"seatdeck/licensing"
	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model/hostile"
	"seatdeck/ui/kit"
	"seatdeck/ui/theme"
)

// Pane is what is looked at.
type Pane interface {
	Show(v *licensing.View) tea.Cmd
	Compact(w, h int) (kit.Frame, []string)
	Full(w, h int) ([]string, image.Point)
	Actions(full bool) []kit.Action
}

// Read is a made-up instance as it was read. What could not be read the view
// says itself.
func Read(t testing.TB, o rig.Options) *licensing.View {
	t.Helper()
	o.Memory = true
	v, _ := rig.New(t, o).Desk.Refresh(t.Context(), licensing.RefreshOptions{}, nil)
	return v
}

// Showing is a new pane that shows a view, and does nothing more after that.
func Showing[P Pane](t testing.TB, make func(*theme.Theme, *time.Location) P, v *licensing.View) P {
	t.Helper()
	th, err := theme.Named("")
	if err != nil {
		t.Fatal(err)
	}
	p := make(&th, time.UTC)
	if cmd := p.Show(v); cmd != nil {
		t.Error("the pane works on after a view")
	}
	return p
}

// Full is a full screen as text.
func Full(t testing.TB, p Pane, w, h int) string {
	t.Helper()
	lines, _ := p.Full(w, h)
	return Fit(t, lines, w, h)
}

// Compact is the dashboard's body as text, as much of it as its frame shows.
func Compact(t testing.TB, p Pane, w, h int) string {
	t.Helper()
	_, lines := p.Compact(w, h)
	return Fit(t, kit.FitLines(lines, w, h), w, h)
}

// Fit is lines as text, which must fill w by h cells exactly.
func Fit(t testing.TB, lines []string, w, h int) string {
	t.Helper()
	if len(lines) != h {
		t.Errorf("%d lines on %d×%d", len(lines), w, h)
	}
	for i, l := range lines {
		plain := ansi.Strip(l)
		if n := ansi.StringWidth(plain); n != w {
			t.Errorf("line %d is %d wide on %d×%d: %q", i, n, w, h, plain)
		}
		if err := hostile.Check(plain); err != nil {
			t.Errorf("line %d: %v in %q", i, err, l)
		}
	}
	return ansi.Strip(strings.Join(lines, "\n"))
}

// Flat is text without frames and line breaks, so that a wrapped sentence can be
// looked for.
func Flat(text string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(text, "│", " ")), " ")
}

// Press runs the action of a key, which must say what it did.
func Press(t testing.TB, p Pane, key, says string) {
	t.Helper()
	a := kit.Find(p.Actions(true), key)
	if a == nil || a.Reason() != "" {
		t.Fatalf("%s does nothing", key)
	}
	if say, ok := a.Run()().(kit.Say); !ok || !strings.Contains(say.Text, says) {
		t.Errorf("it says %+v, want %q", say, says)
	}
}
