package subscription

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
func paneOf(t *testing.T, o rig.Options) *Pane {
	t.Helper()
	if o.Users == 0 {
		o.Users = 200
	}
	return frames.Showing(t, New, frames.Read(t, o))
}

// compact is the dashboard's body as text; none of it may be cut.
func compact(t *testing.T, p *Pane, w, h int) string {
	t.Helper()
	if _, lines := p.Compact(w, h); len(lines) > h {
		t.Errorf("%d lines on %d", len(lines), h)
	}
	return frames.Compact(t, p, w, h)
}

// rows returns the text from its first line with a word on, so that a test can
// look at one group.
func rows(text, word string) string {
	_, after, _ := strings.Cut(text, word)
	return after
}

// roomy is a licence that was never passed.
var roomy = map[string]string{"seats": "300"}

// TestStates: each state of a contract names what decides in it, on the
// dashboard and in full (visual rules, states; contract §1.3 and §1.5).
func TestStates(t *testing.T) {
	for _, tt := range []struct {
		name  string
		o     rig.Options
		tab   string
		wants []string
		lacks []string
	}{
		{"online", rig.Options{Set: roomy}, "125 d", []string{"Ultimate · online cloud licence", "125 days left", "over now", "over at peak"}, []string{"✗"}},
		{"ending", rig.Options{Scenario: "expiring"}, "9 d", []string{"9 days left · next term follows"}, []string{"✗ 9 days"}},
		{"ended", rig.Options{Scenario: "expired", Set: roomy}, "✗ ended", []string{"✗ ended", "changes are blocked"}, []string{"nothing is due"}},
		{"over the limit", rig.Options{Set: map[string]string{"seats": "150"}}, "125 d", []string{"✗", "owed at renewal"}, nil},
		{"free", rig.Options{Scenario: "free"}, "", []string{"no licence · Free features", "nobody takes a seat"}, []string{"days left", "over now"}},
		{"offline licence", rig.Options{Scenario: "offline"}, "125 d", []string{"offline cloud licence"}, nil},
		{"a trial", rig.Options{Set: map[string]string{"trial": "true"}}, "125 d", []string{"· trial"}, nil},
		{"community", rig.Options{Set: map[string]string{"edition": "ce"}}, "", []string{"not available here", "gitlab-ee"}, nil},
		{"no rights", rig.Options{Set: map[string]string{"fault": "403:/license"}}, "", []string{"no rights"}, []string{"days left"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := paneOf(t, tt.o)
			tab := ""
			for _, s := range p.Tab().Figure {
				tab += s.Text
			}
			if tab != tt.tab {
				t.Errorf("the tab says %q, want %q", tab, tt.tab)
			}
			for _, text := range []string{compact(t, p, 56, 17), compact(t, p, 76, 19), compact(t, p, 96, 27)} {
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
			}
			for _, size := range [][2]int{{200, 57}, {120, 37}, {120, 36}, {80, 21}, {60, 12}} {
				frames.Full(t, p, size[0], size[1])
			}
		})
	}
}

// TestEndOfTerm: days left are urgent only where nothing follows the term, or not
// at once (visual rules, states; contract §2.3).
func TestEndOfTerm(t *testing.T) {
	read := frames.Read(t, rig.Options{Scenario: "expiring", Users: 60, Set: roomy})
	known := read.Facts.Future.Value
	if len(known) != 1 {
		t.Fatalf("%d terms to come", len(known))
	}
	late := known[0]
	late.Starts += 3
	for _, tt := range []struct {
		name        string
		next        []model.Term
		tab         string
		wants, lack string
	}{
		{"the next term follows", known, "9 d", "9 days left · next term follows", "✗ 9"},
		{"none is known", nil, "✗ 9 d", "✗ 9 days left", "follows"},
		{"days between them", []model.Term{late}, "✗ 9 d", "✗ 9 days left", "follows"},
	} {
		v := *read
		v.Facts.Future.Value = tt.next
		p := frames.Showing(t, New, &v)
		tab := ""
		for _, s := range p.Tab().Figure {
			tab += s.Text
		}
		if text := compact(t, p, 76, 19); tab != tt.tab || !strings.Contains(text, tt.wants) || strings.Contains(text, tt.lack) {
			t.Errorf("%s: tab %q, want %q and %q, not %q:\n%s", tt.name, tab, tt.tab, tt.wants, tt.lack, text)
		}
	}
}

// TestNoRights: what an instance tells without rights stands there all the same
// (visual rules, states).
func TestNoRights(t *testing.T) {
	p := paneOf(t, rig.Options{Scenario: "admin-mode"})
	for _, text := range []string{compact(t, p, 56, 17), frames.Full(t, p, 80, 21), frames.Full(t, p, 120, 37)} {
		for _, want := range []string{"no rights", "admin_mode", "Known without it: GitLab 19.5.1-ee", "the token of root, an administrator", "read_service_ping"} {
			if !strings.Contains(frames.Flat(text), want) {
				t.Errorf("%q is missing:\n%s", want, text)
			}
		}
	}
}

// TestFullSaysTheSameEverywhere: on the wide screen and in the scrolled column
// every field has its row, whole.
func TestFullSaysTheSameEverywhere(t *testing.T) {
	p := paneOf(t, rig.Options{})
	l := p.v.Facts.License.Value
	narrow := ansi.Strip(strings.Join(p.column(76), "\n"))
	for where, text := range map[string]string{"wide": frames.Full(t, p, 120, 37), "one column": narrow} {
		for _, want := range []string{
			"Ultimate · online cloud licence", l.Company.String(), l.Number.String(), "renewal opens", "changes blocked", "sync eligible",
			"billable − seats", "peak − seats", "when people leave", "not before the next term", "Duo Enterprise", "12 months", "pace",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is missing:\n%s", where, want, text)
			}
		}
	}
	if text := frames.Full(t, p, 120, 37); strings.Contains(text, "…") {
		t.Errorf("something is cut:\n%s", text)
	}
}

// TestColumnsAndChartAreApart: with a ribbon above there is a row less, and the
// chart gives it.
func TestColumnsAndChartAreApart(t *testing.T) {
	p := paneOf(t, rig.Options{})
	for h := 28; h < 60; h++ {
		lines := strings.Split(frames.Full(t, p, 120, h), "\n")
		for i, l := range lines {
			if strings.Contains(l, "12 months") && strings.Trim(lines[i-1], "│ ") != "" && h >= 35 {
				t.Errorf("at %d rows %q stands right above the chart", h, strings.Trim(lines[i-1], "│ "))
			}
		}
	}
}

// TestTermsAndAddOns: the term in force carries the mark, and numbers end below
// their captions.
func TestTermsAndAddOns(t *testing.T) {
	text := frames.Full(t, paneOf(t, rig.Options{}), 120, 37)
	now := rows(text, "▸ ")
	if !strings.HasPrefix(now, "20") || !strings.Contains(strings.SplitN(now, "\n", 2)[0], "now") {
		t.Errorf("the mark is not on the term in force:\n%s", text)
	}
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if at := strings.Index(l, "assigned"); at >= 0 {
			end, below := ansi.StringWidth(l[:at])+len("assigned"), []rune(lines[i+1])
			if below[end-1] == ' ' || below[end] != ' ' {
				t.Errorf("the number does not end below its caption:\n%s\n%s", l, lines[i+1])
			}
		}
	}
}

// TestMailIsShownOnDemand: the licensee's address is hidden until asked for.
func TestMailIsShownOnDemand(t *testing.T) {
	p := paneOf(t, rig.Options{})
	mail := p.v.Facts.License.Value.Email.String()
	if mail == "" || strings.Contains(frames.Full(t, p, 120, 37), mail) {
		t.Fatalf("the address %q is there unasked", mail)
	}
	a := kit.Find(p.Actions(true), "e")
	if a == nil || a.Reason() != "" {
		t.Fatal("no key shows it")
	}
	if say, ok := a.Run()().(kit.Say); !ok || !strings.Contains(say.Text, "shown") {
		t.Errorf("it says %+v", say)
	}
	if !strings.Contains(frames.Full(t, p, 120, 37), mail) {
		t.Errorf("the address %q is not there", mail)
	}
	unread := frames.Showing(t, New, &licensing.View{})
	if a := kit.Find(unread.Actions(true), "e"); a.Reason() == "" {
		t.Error("an address nobody knows can be shown")
	}
}

// TestNothingReadYet: no number is made up before the first reading.
func TestNothingReadYet(t *testing.T) {
	p := frames.Showing(t, New, &licensing.View{Empty: true, Now: time.Date(2026, 11, 21, 9, 52, 0, 0, time.UTC)})
	for _, text := range []string{compact(t, p, 56, 17), frames.Full(t, p, 120, 37), frames.Full(t, p, 80, 21)} {
		if !strings.Contains(text, "not read yet") || strings.ContainsAny(strings.ReplaceAll(text, "1 Subscription", ""), "0123456789") {
			t.Errorf("something is known of nothing:\n%s", text)
		}
	}
	p.Show(&licensing.View{Empty: true, Offline: model.Fail(model.ClassUnreachable, "read the version", "nobody answers", "look at the network")})
	if text := compact(t, p, 56, 17); !strings.Contains(text, "nobody answers") || !strings.Contains(text, "look at the network") {
		t.Errorf("offline and empty:\n%s", text)
	}
}

// TestScrolling: where the screen is lower than the text, keys reach its end.
func TestScrolling(t *testing.T) {
	p := paneOf(t, rig.Options{})
	first := frames.Full(t, p, 80, 21)
	if _, moved := p.Key(tea.KeyPressMsg{Code: tea.KeyEnd}); !moved {
		t.Fatal("end does nothing")
	}
	last := frames.Full(t, p, 80, 21)
	if strings.Contains(first, "reconciliation") || !strings.Contains(last, "reconciliation") {
		t.Errorf("the end is not reached:\n%s", last)
	}
	if _, moved := p.Key(tea.KeyPressMsg{Code: tea.KeyDown}); moved {
		t.Error("it scrolls past the end")
	}
}
