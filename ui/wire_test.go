//go:build linux

package ui

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"seatdeck/licensing/sandbox/rig"
	"seatdeck/licensing/sandbox/rig/terminal"
	"seatdeck/model/hostile"
	"seatdeck/ui/words"
)

// sequences are the only ones that may reach the terminal: styles, places,
// erasing, scrolling, repeated letters, tab stops, modes, questions about modes, the
// keyboard protocol and the shape of the cursor. No title, no clipboard, no
// link, no string of any kind.
var sequences = regexp.MustCompile("\x1b\\[(?:[0-9;]*[mHABCDGdKJXPLMST@Zbr]|\\?[0-9;]+[hl]|\\?5W|\\?[0-9]+\\$p|[<>=?][0-9;]*u|[0-9]* q|>[0-9;]*m)|\x1bM|\x1b[78]|\x1b[=>]")

// escape is the escape key as terminals with the newer keyboard protocol send
// it: unlike the lone byte it is over when it has arrived.
const escape = "\x1b[27u"

func init() {
	children["roster"] = rosterConsole
	children["facts"] = factsConsole
	children["refusals"] = refusalsConsole
}

// crowd is how many accounts carry the hostile texts: each field has each text.
var crowd = len(everyText) + 20

// rosterConsole is a console whose accounts carry every hostile text in every
// field.
func rosterConsole(t *testing.T, ctx context.Context) error {
	used := map[string]int{}
	p := &rig.Poison{Text: func(member string) string { used[member]++; return everyText[used[member]%len(everyText)] }}
	r := newRig(t, rig.Options{Users: crowd, Transport: p.Wrap})
	err := runConsole(ctx, Options{Instances: rig.Instances{r}, Clock: brisk{r.Clock}})
	fmt.Printf("texts: name %d, username %d, email %d\n", used["name"], used["username"], used["email"])
	return err
}

// everyText is what the consoles below walk through.
var everyText = hostile.Strings()

// round answers with one hostile text after the other: each reading of the
// instance begins the next one, and its number is the version's last.
type round struct{ n atomic.Int64 }

func (r *round) text() string { return everyText[int(r.n.Load())*textSteps%len(everyText)] }

// begins answers the question that every reading begins with.
func (r *round) begins(q *http.Request) *rig.Refusal {
	if q.URL.Path != "/api/v4/metadata" {
		return nil
	}
	r.n.Add(1)
	return &rig.Refusal{Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: fmt.Sprintf(`{"version":"19.5.%d-ee","revision":%s,"enterprise":true,"kas":{"enabled":false}}`, r.n.Load(), rig.Quote(r.text()))}
}

// factsConsole is a console whose instance has the next hostile text in every
// field each time it is read.
func factsConsole(t *testing.T, ctx context.Context) error {
	var now round
	p := &rig.Poison{Text: func(string) string { return now.text() }, Refuse: now.begins}
	r := newRig(t, rig.Options{Users: 40, Transport: p.Wrap})
	return runConsole(ctx, Options{Instances: rig.Instances{r}, Clock: brisk{r.Clock}})
}

// refusalsConsole is a console whose instance refuses everything but its
// version, with the next hostile text in body or header each time it is read.
func refusalsConsole(t *testing.T, ctx context.Context) error {
	var now round
	asked := 0
	p := &rig.Poison{Text: func(string) string { return now.text() }, Refuse: func(q *http.Request) *rig.Refusal {
		if r := now.begins(q); r != nil {
			return r
		}
		asked++
		return refusal(asked, now.text())
	}}
	r := newRig(t, rig.Options{Users: 40, Transport: p.Wrap})
	return runConsole(ctx, Options{Instances: rig.Instances{r}, Clock: brisk{r.Clock}})
}

// refusal is one of the shapes in which an instance, or something in front of
// it, says no with a text.
func refusal(n int, text string) *rig.Refusal {
	shapes := []string{`{"message":%s}`, `{"error":%s}`, `{"error":"insufficient_scope","error_description":%s,"scope":%[1]s}`,
		`{"message":{"name":[%s]}}`, `{"errors":[{"message":%s}]}`, `{"message":{%s:["is taken"]}}`}
	r := &rig.Refusal{Status: []int{400, 403, 405, 422, 500, 503, 401}[n%7], Header: http.Header{"Content-Type": {"application/json"}}}
	switch n %= len(shapes) + 4; n {
	case len(shapes):
		r.Body = text
	case len(shapes) + 1:
		r.Status, r.Body = http.StatusOK, "<html><title>"+text+"</title></html>"
		r.Header = http.Header{"Content-Type": {"text/html; " + text}}
	case len(shapes) + 2:
		r.Status = http.StatusFound
		r.Header = http.Header{"Location": {"https://elsewhere.example/" + text}}
	case len(shapes) + 3:
		r.Status, r.Body = http.StatusOK, "{}"
		r.Header = http.Header{"Content-Encoding": {text}, "Content-Type": {text}, "Retry-After": {text}, "Link": {text}}
	default:
		r.Body = fmt.Sprintf(shapes[n], rig.Quote(text))
	}
	return r
}

// brisk is a clock on which short waiting, such as between two redraws, takes
// no time, and waiting to try again takes for ever: the test says when.
type brisk struct{ *rig.Clock }

// Sleep returns at once, or when ctx ends.
func (b brisk) Sleep(ctx context.Context, d time.Duration) error {
	if d < 30*time.Second {
		return b.Clock.Sleep(ctx, d)
	}
	<-ctx.Done()
	return ctx.Err()
}

// clean fails the test unless every row of the screen is harmless and the last
// one is ours.
func clean(t *testing.T, c *terminal.Console, where string) {
	t.Helper()
	rows := c.Rows()
	for _, row := range rows {
		if err := hostile.Check(row); err != nil {
			t.Fatalf("%s: %v in %q", where, err, row)
		}
	}
	if last := rows[len(rows)-1]; !strings.Contains(last, "? help") && !strings.Contains(last, "esc ") {
		t.Fatalf("%s: the last row is %q", where, last)
	}
}

// leave ends a console and looks at every byte it ever sent.
func leave(t *testing.T, c *terminal.Console) {
	t.Helper()
	c.Press("q")
	if err := c.End(); err != nil {
		t.Errorf("it ends with %v", err)
	}
	c.Restored()
	raw := c.Raw()
	rest := sequences.ReplaceAllString(raw, "\n")
	for line := range strings.FieldsFuncSeq(rest, func(r rune) bool { return strings.ContainsRune("\r\n\b\t", r) }) {
		if err := hostile.Check(line); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
	}
	t.Logf("%d bytes, %d of them text", len(raw), len(rest))
}

// TestEveryTextInTheRoster: each hostile text in each field of the accounts, in
// the grid page by page, in the side panel, and on the accounts' own pages.
func TestEveryTextInTheRoster(t *testing.T) {
	framesOnly(t)
	c := openTTY(t, "roster", 160, 50)
	all := words.Int(crowd)
	c.Press("2\r")
	c.Until("╰─ 1–")
	for edge, last := "╰─ 1–", "–"+all+" of "+all; ; {
		clean(t, c, "grid, "+edge)
		if strings.Contains(edge, last) {
			break
		}
		c.Press("\x1b[6~")
		c.Wait("the page does not turn", func(rows []string) bool {
			now, _, _ := strings.Cut(rows[len(rows)-3], " ──")
			turned := now != edge && strings.Contains(now, " of ")
			if turned {
				edge = now
			}
			return turned
		})
	}
	c.Press("\x1b[H\r")
	for n := 1; n <= crowd; n += accountSteps {
		place := "╰─ " + words.Int(n) + " of " + all
		c.Until(place)
		clean(t, c, "account, "+place)
		c.Press(strings.Repeat("l", accountSteps))
	}
	for _, place := range [][2]string{{escape, "filter"}, {"b", "enter list"}, {escape, "filter"}, {"4\r", "esc back"}, {":", "esc close"}, {escape, "esc back"}, {"?", "esc close"}, {escape, "esc back"}} {
		c.Press(place[0])
		c.Wait("no footer with "+place[1], footerSays(place[1]))
		clean(t, c, place[1])
	}
	leave(t, c)
	var name, username, email int
	_, told, _ := strings.Cut(c.Raw(), "texts: ")
	if _, err := fmt.Sscanf(told, "name %d, username %d, email %d", &name, &username, &email); err != nil || min(name, username, email) < len(everyText) {
		t.Errorf("of %d texts there were %q: %v", len(everyText), told, err)
	}
}

// readings reads the instance of a console once for each text, and looks at
// the screen each time.
func readings(t *testing.T, c *terminal.Console, look func(where string)) {
	t.Helper()
	for n := range len(everyText) / textSteps {
		where := fmt.Sprintf("19.5.%d-ee", n+2) // the first reading is that of the start
		c.Press("R")
		c.Until(where)
		c.Wait("the reading does not end", func(rows []string) bool { return footerSays("R read again")(rows) || footerSays("R try now")(rows) })
		clean(t, c, where)
		if n%placeSteps == 0 {
			look(where)
		}
	}
}

// TestEveryTextInTheFacts: each hostile text in each field of licences, terms,
// add-ons and settings, on the screens that show them.
func TestEveryTextInTheFacts(t *testing.T) {
	framesOnly(t)
	c := openTTY(t, "facts", 160, 50)
	c.Press("1\re")
	readings(t, c, func(where string) {
		for _, title := range []string{"3 Registration", "4 Sync history", "1 Subscription"} {
			c.Press(title[:1])
			c.Until("─ " + title)
			clean(t, c, where+", "+title)
		}
	})
	leave(t, c)
}

// TestEveryTextInRefusals: each hostile text in bodies and headers of refusals,
// on the dashboard and among the messages.
func TestEveryTextInRefusals(t *testing.T) {
	framesOnly(t)
	c := openTTY(t, "refusals", 160, 50)
	readings(t, c, func(where string) {
		c.Press("m")
		c.Wait("no messages", footerSays("esc close"))
		clean(t, c, where+", messages")
		c.Press(escape)
		c.Wait("the messages stay", footerSays("q quit"))
	})
	leave(t, c)
}
