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
	"seatdeck/licensing/sandbox/rig/frames"
	"seatdeck/model"
	"seatdeck/ui/kit"
)

func TestMain(m *testing.M) { os.Exit(rig.Main(m)) }

// paneOf shows a made-up instance as it was read.
func paneOf(t *testing.T, scenario string, set map[string]string) *Pane {
	t.Helper()
	return frames.Showing(t, New, frames.Read(t, rig.Options{Scenario: scenario, Users: 60, Set: set}))
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
		{"Ultimate has all", "ultimate", nil, "off", []string{"not opted in", "nothing to gain", "✓ on", "– off", "Service Ping is on"}, []string{"locked"}},
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
			for _, text := range []string{frames.Compact(t, p, 56, 17), frames.Compact(t, p, 76, 19), frames.Compact(t, p, 96, 27)} {
				for _, want := range tt.wants {
					if !strings.Contains(frames.Flat(text), want) {
						t.Errorf("%q is missing:\n%s", want, text)
					}
				}
				for _, no := range tt.lacks {
					if strings.Contains(frames.Flat(text), no) {
						t.Errorf("%q is there:\n%s", no, text)
					}
				}
			}
			for _, size := range [][2]int{{200, 57}, {120, 37}, {110, 27}, {109, 27}, {80, 21}, {60, 12}} {
				frames.Full(t, p, size[0], size[1])
			}
		})
	}
}

// TestLedgerSaysWhatEachDoes: whatever the width, the row of every feature has
// its name whole and says what it does, in words that are never cut; on the
// narrowest screen the longest name takes that room. Tier and version stand there
// too, or below the ledger for the one under the cursor.
func TestLedgerSaysWhatEachDoes(t *testing.T) {
	p := paneOf(t, "ultimate", nil)
	all := p.v.Registration.Features
	if len(all) < 20 {
		t.Fatalf("%d features", len(all))
	}
	for _, w := range []int{110, 120, 150, 200} {
		text := frames.Full(t, p, w, 45)
		for _, f := range all {
			row := ""
			for _, l := range strings.Split(text, "\n") {
				if strings.Contains(l, "✓ licence  "+f.Name+" ") {
					row = l
				}
			}
			if row == "" {
				t.Errorf("at %d %q is not whole:\n%s", w, f.Name, text)
			}
			if !strings.Contains(row, f.Brief) && (w > 110 || len(f.Name) < 38) {
				t.Errorf("at %d the row of %q does not say what it does: %q", w, f.Name, row)
			}
			if w == 200 && (!strings.Contains(row, f.Tier.Title()) || f.Since.Known() && !strings.Contains(row, f.Since.String())) {
				t.Errorf("at %d the row of %q has no tier: %q", w, f.Name, row)
			}
		}
		if about := all[0].Tier.Title() + " · since " + all[0].Since.String(); !strings.Contains(text, about) {
			t.Errorf("at %d %q stands nowhere:\n%s", w, about, text)
		}
	}
	narrow := ansi.Strip(strings.Join(p.features(76), "\n"))
	for _, want := range []string{"what it does", all[0].Brief, all[18].Brief, all[24].Brief} {
		if !strings.Contains(narrow, want) {
			t.Errorf("one column lacks %q:\n%s", want, narrow)
		}
	}
}

// TestCursorTellsOfEachFeature: the cursor goes through the whole ledger, and the
// text below follows it.
func TestCursorTellsOfEachFeature(t *testing.T) {
	p := paneOf(t, "free", nil)
	for i, f := range p.v.Registration.Features {
		lines, cursor := p.Full(120, 37)
		text := ansi.Strip(strings.Join(lines, "\n"))
		if want := frames.Flat(f.What); !strings.Contains(frames.Flat(text), want) && !strings.Contains(frames.Flat(right(text)), want) {
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
	frames.Press(t, p, "f", "showing 2 of")
	if text := frames.Full(t, p, 120, 37); strings.Count(text, "– locked")+strings.Count(text, "+ locked") != 2 {
		t.Errorf("not the two that are locked:\n%s", text)
	}
	p = paneOf(t, "ultimate", nil)
	frames.Press(t, p, "f", "showing 0 of")
	for _, w := range []int{120, 80} {
		p.Key(tea.KeyPressMsg{Code: tea.KeyEnd})
		if text := frames.Full(t, p, w, 57); !strings.Contains(text, "Nothing is missing") {
			t.Errorf("at %d:\n%s", w, text)
		}
	}
	frames.Press(t, p, "f", "showing 25 of 25")
}

// TestDecision: everything needed to decide stands on the left, whole; what
// decides each switch, too, where there is room for it (visual rules, screens).
func TestDecision(t *testing.T) {
	p := paneOf(t, "ultimate", nil)
	text := frames.Full(t, p, 120, 37)
	for _, want := range []string{"three switches", "if you opt in", "what goes out", "what leaves this server", "licence sync", "Service Ping", "version check",
		"to undo", "p preview"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing:\n%s", want, text)
		}
	}
	for name, text := range map[string]string{"tall": frames.Full(t, p, 200, 57), "one column": ansi.Strip(strings.Join(p.decision(76, 0), "\n"))} {
		for _, want := range []string{"what decides", "stored on, so gitlab.rb", "to undo", "If the licence lapsed"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is missing:\n%s", name, want, text)
			}
		}
	}
	for _, h := range []int{0, 35, 34, 24} {
		lines := p.decision(43, h)
		if text := ansi.Strip(strings.Join(lines, "\n")); strings.Contains(text, "…\n") || strings.Contains(text, "… ") && !strings.Contains(text, "opt in …") {
			t.Errorf("on %d lines something is cut:\n%s", h, text)
		}
		if h > 0 && len(lines) > h {
			t.Errorf("%d lines on %d", len(lines), h)
		}
	}
}

// TestOutlook: what switching would bring and send is what the plan says, and
// nothing is promised that the instance would not keep (contract §7.2, §7.3, §8).
func TestOutlook(t *testing.T) {
	for _, tt := range []struct {
		name, scenario string
		set            map[string]string
		wants, lacks   []string
	}{
		{"free", "free", nil, []string{"+ 25 features work at once", "nothing more goes out", "The features stop at once", "names the licensee none",
			"names this server host name, instance id", "personal data none", "Without opting in: 23 come with Premium, all 25 with Ultimate."}, nil},
		{"free, no optional metrics", "free", map[string]string{"optional_metrics": "false"},
			[]string{"+ 25 features work at once", "+ optional metrics go out every week, next "}, []string{"nothing more"}},
		{"free, nothing goes out", "free", map[string]string{"service_ping": "false", "optional_metrics": "false"},
			[]string{"+ Service Ping and optional metrics go out every week"}, []string{"nothing more"}},
		{"opted in", "free", map[string]string{"registration": "true"}, []string{"if you opt out", "− 25 features stop at once", "Opting in again brings them back"}, []string{"if you opt in", "Without opting in"}},
		{"Ultimate", "ultimate", nil, []string{"– no feature more or less", "No feature would stop.", "names the licensee company, email, name", "names the licence id, md5, sha256"}, nil},
		{"no payload", "free", map[string]string{"ping": "empty"}, []string{"totals and settings no payload now"}, []string{"personal data"}},
		{"Community Edition", "free", map[string]string{"edition": "ce"}, []string{"what goes out"}, []string{"if you opt in", "to undo"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := paneOf(t, tt.scenario, tt.set)
			text := frames.Flat(ansi.Strip(strings.Join(p.decision(60, 0), "\n"))) + frames.Flat(right(frames.Full(t, p, 140, 45)))
			for _, want := range tt.wants {
				if !strings.Contains(text, want) {
					t.Errorf("%q is missing:\n%s", want, text)
				}
			}
			for _, no := range tt.lacks {
				if strings.Contains(text, no) {
					t.Errorf("%q is there:\n%s", no, text)
				}
			}
		})
	}
}

// TestPreview: p asks the root to lay open what goes out, on read-only profiles
// too, and says why it cannot before anything was read.
func TestPreview(t *testing.T) {
	p := frames.Showing(t, New, frames.Read(t, rig.Options{Scenario: "free", Users: 60, Mode: model.ModeReadOnly}))
	a := kit.Find(p.Actions(true), "p")
	if a == nil || a.Reason() != "" || a.Operation != "" {
		t.Fatalf("%+v", a)
	}
	if _, ok := a.Run()().(kit.LayOpen); !ok {
		t.Errorf("it asks for %T", a.Run()())
	}
	unread := frames.Showing(t, New, &licensing.View{Empty: true})
	if a := kit.Find(unread.Actions(true), "p"); a.Reason() == "" {
		t.Error("what was never read can be laid open")
	}
}

// TestNothingReadYet: nothing is said to be on, off or missing before the first
// reading.
func TestNothingReadYet(t *testing.T) {
	p := frames.Showing(t, New, &licensing.View{Empty: true, Now: time.Date(2026, 11, 21, 9, 52, 0, 0, time.UTC)})
	for _, text := range []string{frames.Compact(t, p, 56, 17), frames.Full(t, p, 80, 21), frames.Full(t, p, 120, 37)} {
		if !strings.Contains(text, "not read yet") {
			t.Errorf("it does not say so:\n%s", text)
		}
		if strings.Contains(text, "✓") || strings.Contains(text, "Nothing is missing") {
			t.Errorf("something is known of nothing:\n%s", text)
		}
	}
	p.Show(&licensing.View{Empty: true, Offline: model.Fail(model.ClassUnreachable, "read the version", "nobody answers", "look at the network")})
	if text := frames.Compact(t, p, 56, 17); !strings.Contains(text, "nobody answers") || !strings.Contains(text, "look at the network") {
		t.Errorf("offline and empty:\n%s", text)
	}
}
