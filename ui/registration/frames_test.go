package registration

import (
	"os"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"seatdeck/licensing"
	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/theme"
)

func TestMain(m *testing.M) { os.Exit(rig.Main(m)) }

// paneOf shows a made-up instance as it was read.
func paneOf(t *testing.T, scenario string, set map[string]string) *Pane {
	t.Helper()
	r := rig.New(t, rig.Options{Scenario: scenario, Users: 60, Memory: true, Set: set})
	v, _ := r.Desk.Refresh(t.Context(), licensing.RefreshOptions{}, nil)
	return showing(t, v)
}

func showing(t *testing.T, v licensing.View) *Pane {
	t.Helper()
	th, err := theme.Named("")
	if err != nil {
		t.Fatal(err)
	}
	p := New(&th, time.UTC)
	if cmd := p.Show(v); cmd != nil {
		t.Error("the pane works on after a view")
	}
	return p
}

// full is the full screen as text; it must fill its place exactly.
func full(t *testing.T, p *Pane, w, h int) string {
	t.Helper()
	lines, _ := p.Full(w, h)
	return checked(t, lines, w, h)
}

// compact is the dashboard's body as text, as much of it as the frame shows.
func compact(t *testing.T, p *Pane, w, h int) string {
	t.Helper()
	_, lines := p.Compact(w, h)
	return checked(t, kit.FitLines(lines, w, h), w, h)
}

func checked(t *testing.T, lines []string, w, h int) string {
	t.Helper()
	if len(lines) != h {
		t.Errorf("%d lines on %d×%d", len(lines), w, h)
	}
	for i, l := range lines {
		if n := ansi.StringWidth(l); n != w {
			t.Errorf("line %d is %d wide on %d×%d: %q", i, n, w, h, ansi.Strip(l))
		}
	}
	return ansi.Strip(strings.Join(lines, "\n"))
}

// flat is text without frames and line breaks, so that a wrapped sentence can be
// looked for.
func flat(text string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(text, "│", " ")), " ")
}

// TestStates: each plan and switch has its verdict, its count and its reason
// (visual rules, screens; contract §7 and §8).
func TestStates(t *testing.T) {
	for _, tt := range []struct {
		name, scenario string
		set            map[string]string
		tab            string
		wants          []string
		lacks          []string
	}{
		{"Ultimate has all", "ultimate", nil, "off", []string{"not opted in", "nothing to gain", "✓ on", "– off", "? unknown"}, []string{"locked"}},
		{"Premium lacks two", "premium", nil, "off", []string{"not opted in", "2 features locked"}, nil},
		{"free lacks all", "free", nil, "off", []string{"not opted in", "features locked", "Opting in would bring"}, nil},
		{"opted in", "free", map[string]string{"registration": "true"}, "on", []string{"opted in"}, []string{"not opted in"}},
		{"no Service Ping", "free", map[string]string{"service_ping": "false"}, "off", []string{"Service Ping", "– off"}, nil},
		{"no rights", "ultimate", map[string]string{"fault": "403:/application/settings"}, "", []string{"unknown"}, []string{"✓ on", "– off"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := paneOf(t, tt.scenario, tt.set)
			tab := ""
			for _, s := range p.Tab().Figure {
				tab += s.Text
			}
			if tab != tt.tab {
				t.Errorf("the tab says %q, want %q", tab, tt.tab)
			}
			for _, text := range []string{compact(t, p, 56, 17), compact(t, p, 76, 19), compact(t, p, 96, 27)} {
				for _, want := range tt.wants {
					if !strings.Contains(flat(text), want) {
						t.Errorf("%q is missing:\n%s", want, text)
					}
				}
				for _, no := range tt.lacks {
					if strings.Contains(flat(text), no) {
						t.Errorf("%q is there:\n%s", no, text)
					}
				}
			}
			for _, size := range [][2]int{{200, 57}, {120, 37}, {106, 27}, {105, 27}, {80, 21}, {60, 12}} {
				full(t, p, size[0], size[1])
			}
		})
	}
}

// TestLedgerHasRoomForTiers: whatever the width, every feature has its tier and
// its version; what it does stands in its row, or below the ledger for the one
// under the cursor, but never in a few words cut short.
func TestLedgerHasRoomForTiers(t *testing.T) {
	p := paneOf(t, "free", nil)
	all := p.v.Registration.Features
	if len(all) < 20 {
		t.Fatalf("%d features", len(all))
	}
	for _, w := range []int{106, 120, 150, 200} {
		text := full(t, p, w, 45)
		for _, f := range all {
			row := ""
			for _, l := range strings.Split(text, "\n") {
				if strings.Contains(l, kit.Cut(f.Name, 20, "")) && strings.Contains(l, f.Tier.Title()) {
					row = l
				}
			}
			if row == "" || f.Since.Known() && !strings.Contains(row, f.Since.String()) {
				t.Errorf("at %d %q has no row with its tier:\n%s", w, f.Name, text)
			}
		}
		if below := strings.Contains(flat(text), all[0].What); !below && w < 190 {
			t.Errorf("at %d nothing says what %q does:\n%s", w, all[0].Name, text)
		}
	}
	narrow := ansi.Strip(strings.Join(p.features(76), "\n"))
	if !strings.Contains(narrow, all[0].Tier.Title()) || strings.Contains(narrow, "what it does") {
		t.Errorf("one column:\n%s", narrow)
	}
}

// TestCursorTellsOfEachFeature: the cursor goes through the whole ledger, and the
// text below follows it.
func TestCursorTellsOfEachFeature(t *testing.T) {
	p := paneOf(t, "free", nil)
	for i, f := range p.v.Registration.Features {
		lines, cursor := p.Full(120, 37)
		text := ansi.Strip(strings.Join(lines, "\n"))
		if want := flat(f.What); !strings.Contains(flat(text), want) && !strings.Contains(flat(right(text)), want) {
			t.Errorf("feature %d: %q is missing:\n%s", i, want, text)
		}
		if row := ansi.Strip(lines[cursor.Y]); !strings.Contains(row, kit.Cut(f.Name, 20, "")) {
			t.Errorf("the cursor of feature %d stands on %q", i, row)
		}
		p.Key(tea.KeyPressMsg{Code: tea.KeyDown})
	}
	if _, moved := p.Key(tea.KeyPressMsg{Code: tea.KeyDown}); moved {
		t.Error("the cursor goes past the last feature")
	}
}

// right is the right part of a screen in two parts.
func right(text string) string {
	var out []string
	for _, l := range strings.Split(text, "\n") {
		if parts := strings.Split(l, "│"); len(parts) == 4 {
			out = append(out, parts[2])
		}
	}
	return strings.Join(out, "\n")
}

// TestOnlyWhatIsMissing: the filter says how much it leaves, and where nothing is
// missing the ledger says so.
func TestOnlyWhatIsMissing(t *testing.T) {
	p := paneOf(t, "premium", nil)
	press(t, p, "f", "showing 2 of")
	if text := full(t, p, 120, 37); strings.Count(text, "– locked")+strings.Count(text, "+ locked") != 2 {
		t.Errorf("not the two that are locked:\n%s", text)
	}
	p = paneOf(t, "ultimate", nil)
	press(t, p, "f", "showing 0 of")
	for _, w := range []int{120, 80} {
		p.Key(tea.KeyPressMsg{Code: tea.KeyEnd})
		if text := full(t, p, w, 57); !strings.Contains(text, "Nothing is missing") {
			t.Errorf("at %d:\n%s", w, text)
		}
	}
	press(t, p, "f", "showing 25 of 25")
}

func press(t *testing.T, p *Pane, key, says string) {
	t.Helper()
	a := kit.Find(p.Actions(true), key)
	if a == nil || a.Reason() != "" {
		t.Fatalf("%s does nothing", key)
	}
	if say, ok := a.Run()().(kit.Say); !ok || !strings.Contains(say.Text, says) {
		t.Errorf("it says %+v, want %q", say, says)
	}
}

// TestDecision: what decides stands beside each switch, and each outflow has its
// times.
func TestDecision(t *testing.T) {
	p := paneOf(t, "ultimate", nil)
	text := full(t, p, 120, 37)
	for _, want := range []string{"three switches", "what decides", "what leaves this server", "licence sync", "Service Ping", "version check"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing:\n%s", want, text)
		}
	}
	if left := p.decision(47); strings.Contains(ansi.Strip(strings.Join(left, "\n")), "…") {
		t.Errorf("something is cut:\n%s", ansi.Strip(strings.Join(left, "\n")))
	}
}

// TestNothingReadYet: nothing is said to be on, off or missing before the first
// reading.
func TestNothingReadYet(t *testing.T) {
	p := showing(t, licensing.View{Empty: true, Now: time.Date(2026, 11, 21, 9, 52, 0, 0, time.UTC)})
	for _, text := range []string{compact(t, p, 56, 17), full(t, p, 80, 21), full(t, p, 120, 37)} {
		if !strings.Contains(text, "not read yet") {
			t.Errorf("it does not say so:\n%s", text)
		}
		if strings.Contains(text, "✓") || strings.Contains(text, "Nothing is missing") {
			t.Errorf("something is known of nothing:\n%s", text)
		}
	}
	p.Show(licensing.View{Empty: true, Offline: model.Fail(model.ClassUnreachable, "read the version", "nobody answers", "look at the network")})
	if text := compact(t, p, 56, 17); !strings.Contains(text, "nobody answers") || !strings.Contains(text, "look at the network") {
		t.Errorf("offline and empty:\n%s", text)
	}
}
