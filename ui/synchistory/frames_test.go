package synchistory

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/model/hostile"
	"seatdeck/ui/kit"
	"seatdeck/ui/theme"
)

// sizes are those of a full screen in a terminal of 200×60, 120×40 and 80×24.
var sizes = [][2]int{{200, 57}, {120, 37}, {80, 21}}

// full is the full screen as text; it must fill its place exactly.
func full(t *testing.T, p *Pane, w, h int) string {
	t.Helper()
	lines, _ := p.Full(w, h)
	return checked(t, lines, w, h)
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
		if err := hostile.Check(ansi.Strip(l)); err != nil {
			t.Errorf("line %d: %v in %q", i, err, l)
		}
	}
	return ansi.Strip(strings.Join(lines, "\n"))
}

// flat is text without frames and line breaks.
func flat(text string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(text, "│", " ")), " ")
}

// on puts the cursor on the row of a day of November, and opens it.
func (p *Pane) on(t *testing.T, day int, kind model.RecordKind, ours bool) *model.Record {
	t.Helper()
	for i, r := range p.rows {
		if r.At.Day() == day && r.Kind == kind && (r.Run != nil) == ours {
			p.grid.Select(i, 20)
			return &p.rows[i]
		}
	}
	t.Fatalf("no row of %d November", day)
	return nil
}

// endings are the ends that a run can have, each on its own day of the story.
var endings = []struct {
	name  string
	day   int
	kind  model.RecordKind
	ours  bool
	wants []string
}{
	{"changed", 6, model.RecordSync, true, []string{"✓ changed", "you, host", "950 → 1,000", "daily row of 2026-11-19", "do not send inactive counts", "by root, by sudo from uid 1000, from 10.0.4.17", "afbfbf32c0fe"}},
	{"unchanged", 8, model.RecordSync, true, []string{"– unchanged", "timer, host", "30 s", "are as before"}},
	{"failed", 9, model.RecordSync, true, []string{"✗ failed", "cause HTTP status code: 403", "GitLab tries again at 2026-11-09 15:20 UTC", "next try 9 Nov 15:20 UTC", "✗ confirm"}},
	{"unconfirmed", 10, model.RecordSync, true, []string{"! unconfirmed", "the last sync time did not move", "they were not read again"}},
	{"refused", 11, model.RecordSync, true, []string{"✗ refused", "silent mode is on", "switch silent mode off", "what the instance would have sent", "billable_users_count"}},
	{"terms-refreshed", 12, model.RecordSync, true, []string{"✓ terms refreshed", "you, activation", "counts are not part of"}},
	{"recount", 13, model.RecordAct, true, []string{"count billable users anew", "✓ changed", "949 → 951", "only after the next daily row"}},
	{"registration", 14, model.RecordAct, true, []string{"opt in to registration features", "! accepted but not effective", "pinned by gitlab.rb", "off → on"}},
	{"hostile", 15, model.RecordSync, true, []string{"✗ failed", "such", "subscription"}},
	{"unknown", 20, model.RecordSync, true, []string{"? unknown – not settled yet", "Nothing is sent again", "the next reading of the instance finds out"}},
	{"observed", 19, model.RecordSync, false, []string{"– unchanged", "observed", "Observed: the instance's last sync time moved without us"}},
}

// TestRunFrames: every ending of a run in full and beside the ledger, at every
// size; what matters of it is there without scrolling where there is room.
func TestRunFrames(t *testing.T) {
	p := everything(t).pane()
	for _, e := range endings {
		p.on(t, e.day, e.kind, e.ours)
		p.detail = true
		for _, size := range sizes {
			t.Run(fmt.Sprintf("%s-%dx%d", e.name, size[0], size[1]), func(t *testing.T) {
				text := full(t, p, size[0], size[1])
				for _, want := range e.wants {
					if size[0] >= panelMin && !strings.Contains(halves(text), want) {
						t.Errorf("%q is missing:\n%s", want, text)
					}
				}
				golden.RequireEqual(t, text)
			})
		}
		p.detail = false
		t.Run(e.name+"-ledger", func(t *testing.T) { golden.RequireEqual(t, full(t, p, 120, 37)) })
	}
}

// halves is a screen in two parts read one after the other, without line breaks.
func halves(text string) string {
	var left, right []string
	for _, l := range strings.Split(text, "\n") {
		if parts := strings.Split(l, "│"); len(parts) == 4 {
			left, right = append(left, parts[1]), append(right, parts[2])
		} else {
			left = append(left, l)
		}
	}
	return flat(strings.Join(left, "\n")) + " " + flat(strings.Join(right, "\n"))
}

// TestSmallRunScrolls: on a small screen all of a run can be reached with the
// keys, one line after the other.
func TestSmallRunScrolls(t *testing.T) {
	p := everything(t).pane()
	for _, e := range endings {
		p.on(t, e.day, e.kind, e.ours)
		p.detail, p.text.Scroll = true, kit.Scroll{}
		seen := ""
		for range 200 {
			seen += full(t, p, 80, 21)
			if _, moved := p.Key(tea.KeyPressMsg{Code: tea.KeyPgDown}); !moved {
				break
			}
		}
		seen = flat(seen)
		for _, want := range e.wants {
			if first, _, _ := strings.Cut(want, ":"); !strings.Contains(seen, first) {
				t.Errorf("%s: %q cannot be reached:\n%s", e.name, want, seen)
			}
		}
	}
}

// TestLedger: our runs, other acts and observed syncs in one list, at every size;
// the filter leaves out what changed nothing.
func TestLedger(t *testing.T) {
	for _, size := range sizes {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			golden.RequireEqual(t, full(t, everything(t).pane(), size[0], size[1]))
		})
	}
	p := everything(t).pane()
	cmd := kit.Find(p.Actions(true), "f").Run()
	if say, ok := cmd().(kit.Say); !ok || !strings.Contains(say.Text, "showing 10 of 31") {
		t.Errorf("the filter says %+v", say)
	}
	for _, r := range p.rows {
		if r.Outcome == model.OutcomeUnchanged {
			t.Errorf("the filter leaves %+v", r)
		}
	}
}

// TestCompact: the dashboard's part has our runs, and folds no run into the quiet
// days.
func TestCompact(t *testing.T) {
	p := everything(t).pane()
	for _, size := range [][2]int{{56, 17}, {76, 19}, {96, 27}} {
		_, lines := p.Compact(size[0], size[1])
		golden := checked(t, kit.FitLines(lines, size[0], size[1]), size[0], size[1])
		if !strings.Contains(golden, "you, host") || !strings.Contains(golden, "not settled yet") {
			t.Errorf("no run of ours:\n%s", golden)
		}
	}
}

// TestDriverFrames: each driver, whether it can be used, why not, what it claims.
func TestDriverFrames(t *testing.T) {
	p := everything(t).pane()
	kit.Find(p.Actions(true), "d").Run()
	for _, size := range sizes {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) { golden.RequireEqual(t, full(t, p, size[0], size[1])) })
	}
	text := flat(full(t, p, 120, 37))
	for _, s := range p.v.Drivers {
		for _, want := range []string{string(s.Driver), s.Driver.Does(), s.Driver.Claims()} {
			if !strings.Contains(text, want) {
				t.Errorf("%q is missing:\n%s", want, text)
			}
		}
	}
	for _, want := range []string{"no activation code is configured", "set activation_code_file", "https://gitlab.example.com/admin/subscription", "host ✓ usable · configured"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing:\n%s", want, text)
		}
	}
	if _, left := p.Back(); !left || p.drivers {
		t.Error("esc does not leave the drivers")
	}
}

// TestSyncNow: s asks for a sync, or says why it cannot.
func TestSyncNow(t *testing.T) {
	p := everything(t).pane()
	a := kit.Find(p.Actions(false), "s")
	if why := a.Reason(); why != "" || a.Operation != model.OpHostSync.Name {
		t.Errorf("s cannot: %q (%q)", why, a.Operation)
	}
	if got := a.Run()(); got != (kit.Begin{Act: "sync"}) {
		t.Errorf("s sends %+v", got)
	}
	v := p.v
	v.Drivers = model.DriverStates(model.DriverContext{Mode: model.ModeReadOnly, Configured: model.DriverHost, HostCommand: true, Now: now})
	p.Show(v)
	if why := kit.Find(p.Actions(true), "s").Reason(); why == "" {
		t.Error("read-only, and s would sync")
	}
	v.Drivers = model.DriverStates(model.DriverContext{Mode: model.ModeReadOnly, Configured: model.DriverNone, Now: now})
	p.Show(v)
	if a := kit.Find(p.Actions(true), "s"); a.Reason() != "" || a.Operation != "" {
		t.Errorf("watching is no change: %q, %q", a.Reason(), a.Operation)
	}
	p.Show(&licensing.View{Empty: true, Now: now})
	if why := kit.Find(p.Actions(true), "s").Reason(); why != "nothing is read yet" {
		t.Errorf("nothing read: %q", why)
	}
}

// TestCopyAsText: every record becomes lines for a ticket, of which each begins
// with our own word whatever a message holds.
func TestCopyAsText(t *testing.T) {
	p := everything(t).pane()
	for _, e := range endings {
		r := p.on(t, e.day, e.kind, e.ours)
		text := p.plain(r)
		for _, line := range strings.Split(text, "\n") {
			if err := hostile.Check(line); err != nil {
				t.Errorf("%s: %v in %q", e.name, err, line)
			}
			if strings.HasPrefix(line, "HTTP/1.1") {
				t.Errorf("%s: a message makes lines of its own: %q", e.name, line)
			}
		}
	}
	text := p.plain(p.on(t, 9, model.RecordSync, true))
	for _, want := range []string{"set off by you, host", "cause: HTTP status code: 403", "stage confirm: 14:10:18, 12 s, the job failed", "sent billable_users_count: 953", "sent license_key: never shown here", "plan: afbfbf32c0fe"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing:\n%s", want, text)
		}
	}
}

// TestCursorStaysOnItsRun: the row of a run moves when the sync that it brought is
// seen; the cursor goes with it.
func TestCursorStaysOnItsRun(t *testing.T) {
	s := newStory(t).did(act{kind: model.ActSyncHost, at: at(20, 14, 10), open: true}).did(act{kind: model.ActSyncHost, at: at(18, 14, 10), open: true})
	p := s.pane()
	p.on(t, 18, model.RecordSync, true)
	id := p.rows[p.grid.Cursor].Run.Plan.ID
	res := model.StepResult{Plan: id, Of: 1, Sent: true, Began: at(18, 14, 10), Ended: at(18, 14, 11), Verdict: ends(model.OutcomeUnchanged, at(18, 14, 11), nil)}
	s.add(res.Entry())
	p.Show(s.view())
	if r, _ := p.record(); r.Run == nil || r.Run.Plan.ID != id || r.Outcome != model.OutcomeUnchanged {
		t.Errorf("the cursor stands on %+v", r)
	}
}

// TestEverySize: whatever the size, ledger, run and drivers fill their place.
func TestEverySize(t *testing.T) {
	p := everything(t).pane()
	for w := 0; w <= 210; w += 7 {
		for h := 0; h <= 60; h += 9 {
			for _, page := range []func(){func() {}, func() { p.detail = true }, func() { p.drivers = true }} {
				p.detail, p.drivers = false, false
				page()
				lines, _ := p.Full(w, h)
				checked(t, kit.FitLines(lines, w, h), w, h)
				if len(lines) > h {
					t.Fatalf("%d lines on %d×%d", len(lines), w, h)
				}
			}
		}
	}
}

// TestASCIITwins: without a UTF-8 locale nothing but ASCII is drawn by ourselves,
// in a run too.
func TestASCIITwins(t *testing.T) {
	th, err := theme.Named("")
	if err != nil {
		t.Fatal(err)
	}
	th.Glyph = theme.ASCII()
	p := New(&th, time.UTC)
	p.Show(everything(t).view())
	for _, e := range endings {
		if e.name == "hostile" {
			continue // its letters are not ours
		}
		p.on(t, e.day, e.kind, e.ours)
		for _, size := range sizes {
			p.detail = true
			text := full(t, p, size[0], size[1])
			p.detail = false
			text += full(t, p, size[0], size[1])
			if i := strings.IndexFunc(text, func(r rune) bool { return r > 0x7e && r != '¿' }); i >= 0 {
				t.Errorf("%s at %v: %q", e.name, size, text[max(0, i-40):min(len(text), i+10)])
			}
		}
	}
}
