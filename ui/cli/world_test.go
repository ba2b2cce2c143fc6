package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"seatdeck/licensing"
	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
)

// everyVerb is a command line of every verb that reads an instance, with
// whether it needs the accounts.
var everyVerb = map[string]bool{
	"status": false, "license show": false, "license history": false, "registration show": false, "registration features": false,
	"sync history": false, "sync show latest": false, "users list": true, "users show 2": true, "users counts": true, "users breakdown": true,
	"users why 2": true, "users what-if 2=block --new 1": true, "users will-fit 1": true, "users promotions": true,
}

func TestOfflineSendsNothing(t *testing.T) {
	b := newBench(t, rig.Options{})
	for line := range everyVerb {
		_, errOut := b.must(7, append(strings.Fields(line), "--offline")...)
		wants(t, errOut, "kept on this machine", "leave out --offline")
	}
	if n := len(b.Sandbox.Requests()); n != 0 {
		t.Fatalf("%d requests were sent offline", n)
	}
	b.must(0, "users", "list")
	before := len(b.Sandbox.Requests())
	for line := range everyVerb {
		out, _ := b.must(0, append(strings.Fields(line), "--offline")...)
		if out == "" {
			t.Errorf("%s --offline printed nothing", line)
		}
	}
	if n := len(b.Sandbox.Requests()) - before; n != 0 {
		t.Errorf("%d requests were sent offline", n)
	}
	out, _ := b.must(0, "status", "--offline", "-o", "json")
	wants(t, out, `"source": "cache"`)
}

// TestNetworkDown: without a network the kept reading is shown, with its age
// and a line of talk; without a kept reading the exit code is 7.
func TestNetworkDown(t *testing.T) {
	b := newBench(t, rig.Options{})
	b.Cut(true)
	for line := range everyVerb {
		b.must(7, strings.Fields(line)...)
	}
	b.Cut(false)
	b.must(0, "users", "list")
	b.Clock.Advance(3 * time.Hour)
	b.Cut(true)
	for line := range everyVerb {
		_, errOut := b.must(0, strings.Fields(line)...)
		wants(t, errOut, "showing what was read")
		if _, errOut := b.must(0, append(strings.Fields(line), "-q")...); errOut != "" {
			t.Errorf("%s -q still talks: %s", line, errOut)
		}
	}
	out, _ := b.must(0, "status")
	wants(t, out, "3 h old")
}

func TestMaxAgeSparesTheInstance(t *testing.T) {
	b := newBench(t, rig.Options{})
	b.must(0, "users", "list")
	before := len(b.Sandbox.Requests())
	b.Clock.Advance(10 * time.Minute)
	b.must(0, "users", "counts", "--max-age", "15m")
	if n := len(b.Sandbox.Requests()) - before; n != 0 {
		t.Errorf("%d requests although the reading is young enough", n)
	}
	b.must(0, "users", "counts", "--max-age", "5m")
	if len(b.Sandbox.Requests()) == before {
		t.Error("nothing was read although the reading is too old")
	}
}

// TestRefusals: what stands in the way decides the exit code.
func TestRefusals(t *testing.T) {
	tests := []struct {
		name string
		o    rig.Options
		line string
		code int
		says string
	}{
		{"expired token", rig.Options{Token: "glpat-sandbox-expired"}, "status", 4, "token"},
		{"not an administrator", rig.Options{Token: "glpat-sandbox-non-admin"}, "users list", 4, "administrator"},
		{"no admin mode", rig.Options{Scenario: "admin-mode", Token: "glpat-sandbox-no-admin-mode"}, "users counts", 4, "admin_mode"},
		{"limited", rig.Options{Set: map[string]string{"fault": "429:/"}}, "status", 75, "try again"},
		{"a web page", rig.Options{Set: map[string]string{"fault": "html"}}, "status", 1, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t, tt.o)
			_, errOut := b.must(tt.code, strings.Fields(tt.line)...)
			wants(t, errOut, tt.says)
		})
	}
}

// TestOlderReading: what was denied now is shown as it was read before, with the
// exit code of the refusal.
func TestOlderReading(t *testing.T) {
	b := newBench(t, rig.Options{})
	b.must(0, "license", "show")
	b.Clock.Advance(2 * time.Hour)
	b.Turn("fault", "403:/license")
	b.Turn("fault", "403:/graphql")
	out, errOut := b.must(4, "license", "show")
	wants(t, out, "no rights · from today 09:52", "Nordhafen Systems AB")
	wants(t, errOut, "read the licence")
	out, errOut = b.must(4, "status")
	wants(t, out, "Nordhafen Systems AB", "Registration", "Sync history")
	wants(t, errOut, "read the licence")
	fresh := newBench(t, rig.Options{Set: map[string]string{"fault": "403:/license,403:/graphql"}})
	if out, _ := fresh.must(4, "license", "show"); out != "" {
		t.Errorf("printed %q although nothing is known", out)
	}
}

// TestPartialRoster: the list shows what there is and says so; nothing is
// counted from it and nothing exported.
func TestPartialRoster(t *testing.T) {
	var pages atomic.Int32 // pages are asked for by several workers
	b := newBench(t, rig.Options{Users: 400, Transport: func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "/users") && r.URL.Query().Get("per_page") == "100" {
				if pages.Add(1) > 2 {
					return nil, syscall.ECONNREFUSED
				}
			}
			return next.RoundTrip(r)
		})
	}})
	out, errOut := b.must(3, "users", "list", "-o", "json")
	var doc struct {
		Complete bool
		Accounts int
		Users    []json.RawMessage
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Complete || doc.Accounts == 0 || doc.Accounts >= 400 || len(doc.Users) != doc.Accounts {
		t.Errorf("complete %v, %d accounts, %d users", doc.Complete, doc.Accounts, len(doc.Users))
	}
	wants(t, errOut, "not all accounts", `"exit":3`)
	file := t.TempDir() + "/users.csv"
	for _, args := range [][]string{{"users", "counts"}, {"users", "breakdown"}, {"users", "export", "--file", file}} {
		if out, _ := b.must(3, args...); out != "" {
			t.Errorf("%v printed %q from a part of the accounts", args, out)
		}
	}
}

// TestUnknownIsNeverZero: an instance without a licence has no billable users,
// which is no count of zero.
func TestUnknownIsNeverZero(t *testing.T) {
	b := newBench(t, rig.Options{Scenario: "free"})
	out, _ := b.must(0, "users", "counts", "-o", "json")
	var doc struct {
		Counts []struct {
			Key    string
			Value  *int
			AsOf   *string `json:"as_of"`
			Source *string
		}
		Differences []string
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	for _, c := range doc.Counts {
		if strings.HasPrefix(c.Key, "billable") || strings.Contains(c.Key, "maximum") || strings.Contains(c.Key, "seats") || strings.Contains(c.Key, "over") {
			if c.Value != nil {
				t.Errorf("%s is %d without a licence, want null", c.Key, *c.Value)
			}
		} else if c.Key == "accounts" && (c.Value == nil || c.AsOf == nil || c.Source == nil || *c.Source != "live") {
			t.Errorf("accounts have value %v, age %v, source %v", c.Value, c.AsOf, c.Source)
		}
	}
	if len(doc.Differences) != 1 {
		t.Errorf("differences: %q", doc.Differences)
	}
	csv, _ := b.must(0, "users", "counts", "-o", "csv")
	wants(t, csv, "\nbillable_users,,no,")
	plain, _ := b.must(0, "users", "counts", "-o", "plain")
	wants(t, plain, "billable users\t–\t")
}

// TestCountsAgree: the counts that are made from the list equal a plain loop
// over the exported rows.
func TestCountsAgree(t *testing.T) {
	for _, scenario := range []string{"ultimate", "premium", "over-limit"} {
		b := newBench(t, rig.Options{Scenario: scenario, Users: 200})
		lines, _ := b.must(0, "users", "list", "-o", "jsonl")
		billable, bots, blocked := 0, 0, 0
		for _, line := range strings.Split(strings.TrimSpace(lines), "\n") {
			var u struct {
				Billable, Bot bool
				State         string
			}
			if err := json.Unmarshal([]byte(line), &u); err != nil {
				t.Fatal(err)
			}
			if u.Billable {
				billable++
			}
			if u.Bot {
				bots++
			}
			if u.State == "blocked" {
				blocked++
			}
		}
		out, _ := b.must(0, "users", "counts", "-o", "csv")
		wants(t, out, fmt.Sprintf("\nbillable_by_flag,%d,no,", billable), fmt.Sprintf("\nbots,%d,no,", bots), fmt.Sprintf("\nstate_blocked,%d,no,", blocked))
	}
}

// TestNothingIsWritten runs every verb and looks at what reached the instance.
func TestNothingIsWritten(t *testing.T) {
	b := newBench(t, rig.Options{Mode: model.ModeWrite, Token: "glpat-sandbox-admin"})
	for line := range everyVerb {
		b.must(0, strings.Fields(line)...)
	}
	b.must(0, "users", "show", "2", "--memberships")
	b.must(0, "users", "export", "--file", t.TempDir()+"/u.csv")
	if len(b.Sandbox.Requests()) == 0 {
		t.Fatal("nothing was asked at all")
	}
	for _, r := range b.Sandbox.Requests() {
		if r.Writes {
			t.Errorf("%s %s asks for a change", r.Method, r.Path)
		}
	}
}

// TestSandboxNotice: no sample pretends to be live, not even in a cron job of an
// account that has no configuration.
func TestSandboxNotice(t *testing.T) {
	b := newBench(t, rig.Options{})
	b.Info.Sandbox = true
	for _, args := range [][]string{{"status"}, {"status", "--quiet"}, {"users", "will-fit", "5", "-q"}} {
		_, errOut := b.must(0, args...)
		wants(t, errOut, "made-up data", "seatdeck config init")
	}
	b.Info.Sandbox = false
	if _, errOut := b.must(0, "status", "--quiet"); errOut != "" {
		t.Errorf("--quiet talks: %s", errOut)
	}
}

func TestProgressOnATerminalOnly(t *testing.T) {
	b := newBench(t, rig.Options{})
	if _, errOut := b.must(0, "users", "list", "-o", "csv"); strings.Contains(errOut, "\r") {
		t.Errorf("progress without a terminal: %q", errOut)
	}
	b.deps.ErrTTY = true
	_, errOut := b.must(0, "users", "list", "-o", "csv")
	// The clock of the test stands still, so a second line would be one too many.
	if n := strings.Count(errOut, "reading"); n != 1 || !strings.HasSuffix(errOut, "\r") {
		t.Errorf("%d progress lines, ending in %q", n, errOut)
	}
	if _, errOut := b.must(0, "users", "list", "-o", "csv", "-q"); errOut != "" {
		t.Errorf("--quiet still talks: %q", errOut)
	}
}

func TestProgressTellsOfWaits(t *testing.T) {
	b := newBench(t, rig.Options{Set: map[string]string{"fault": "429:/license:1"}})
	b.deps.ErrTTY = true
	_, errOut := b.must(0, "status")
	wants(t, errOut, "the instance asks to wait 2 s · next try ")
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	b := newBench(t, rig.Options{Transport: func(http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			cancel()
			return nil, r.Context().Err()
		})
	}})
	if code, out, _ := b.runIn(ctx, "status"); code != 130 || out != "" {
		t.Errorf("exit %d with %q, want 130 and nothing", code, out)
	}
}

// failing is a stdout that fails from the first byte on.
type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestOutputThatFails(t *testing.T) {
	b := newBench(t, rig.Options{})
	b.deps.Out = failing{&fsError{syscall.EPIPE}}
	if _, errOut := b.must(0, "users", "list", "-o", "csv", "-q"); errOut != "" {
		t.Errorf("a reader that left is no news, but: %s", errOut)
	}
	b.deps.Out = failing{syscall.ENOSPC}
	_, errOut := b.must(1, "users", "list", "-o", "csv", "-q")
	wants(t, errOut, "the output could not be written")
}

type fsError struct{ err error }

func (e *fsError) Error() string { return "write |1: " + e.err.Error() }
func (e *fsError) Unwrap() error { return e.err }

func TestPanicIsOurFault(t *testing.T) {
	b := newBench(t, rig.Options{})
	b.deps.Instances = func(context.Context) (licensing.Instances, error) { panic("no way \x1b[31m") }
	_, errOut := b.must(70, "status")
	wants(t, errOut, "please report this", "¿[31m")
}

func TestNothingConfigured(t *testing.T) {
	b := newBench(t, rig.Options{})
	b.deps.Instances = func(context.Context) (licensing.Instances, error) { return rig.Instances{}, nil }
	_, errOut := b.must(78, "status")
	wants(t, errOut, "seatdeck config init")
}

func TestStart(t *testing.T) {
	b := newBench(t, rig.Options{})
	var got *ConsoleOptions
	b.deps.Console = func(_ context.Context, o ConsoleOptions) error { got = &o; return nil }
	if out, _ := b.must(0); !strings.Contains(out, "Subscription") || got != nil {
		t.Errorf("without a terminal the status is printed, not %q, and no console starts", out)
	}
	b.deps.InTTY, b.deps.OutTTY = true, true
	b.must(0, "--ascii", "--theme", "high-contrast", "--no-color", "-i", "prod", "--offline")
	if want := (ConsoleOptions{Instance: "prod", Offline: true, Theme: "high-contrast", ASCII: true, NoColour: true}); got == nil || *got != want {
		t.Errorf("the console was started with %+v, want %+v", got, want)
	}
	got = nil
	if out, _ := b.must(0, "-o", "json"); !strings.Contains(out, `"seatdeck.status"`) || got != nil {
		t.Errorf("who names a form of output wants data, not %q", out)
	}
	b.must(2, "-i", "prd")
	b.deps.Lookup = func(key string) (string, bool) { return "dumb", key == "TERM" }
	b.must(0)
	if got != nil {
		t.Error("a console was started on a dumb terminal or an unknown instance")
	}
}

func TestMenu(t *testing.T) {
	b := newBench(t, rig.Options{})
	b.deps.InTTY, b.deps.OutTTY = true, true
	b.in = "9\n2\nstat:x\n2\nstate:active\n3\n4\n5\n2\nbillable:yes\n1\nq\n1\n"
	out, errOut := b.must(0, "--accessible")
	wants(t, out, "Subscription  (live 09:52)", "What leaves this server", "Daily sync", "Choose: ", "and ", " more")
	wants(t, errOut, `the menu has no "9"`, "^^^^", "did you mean state?")
	if strings.ContainsAny(out+errOut, "\x1b\r") {
		t.Error("the menu uses escape sequences")
	}
	if n := strings.Count(out, "Choose: "); n != 9 {
		t.Errorf("the menu was shown %d times, want 9: until q", n)
	}
	b.in = "1"
	b.must(0, "--accessible") // the end of the input ends it too
}

// TestChecksDecide: rights alone that are missing are a denial, anything else
// that fails is a failure.
func TestChecksDecide(t *testing.T) {
	ok := model.Check{Name: "reachable", OK: true}
	denied := model.Check{Name: "scopes", Class: model.ClassDenied}
	expires := model.Check{Name: "token"}
	for _, tt := range []struct {
		checks []model.Check
		code   int
	}{
		{[]model.Check{ok}, 0},
		{[]model.Check{ok, {Name: "role promotions", OK: true, Class: model.ClassUnsupported}}, 0},
		{[]model.Check{ok, denied, denied}, 4},
		{[]model.Check{denied, ok, expires}, 1},
		{[]model.Check{expires, denied}, 1},
	} {
		b := newBench(t, rig.Options{})
		b.deps.Probe = func(context.Context, string, io.Writer) ([]model.Check, error) { return tt.checks, nil }
		b.must(tt.code, "instances", "test")
	}
}
