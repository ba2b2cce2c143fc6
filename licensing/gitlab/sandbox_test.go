package gitlab_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"seatdeck/licensing"
	"seatdeck/licensing/gitlab"
	"seatdeck/licensing/sandbox"
	"seatdeck/model"
)

// The adapter is the Instance that the use cases ask for.
var _ licensing.Instance = (*gitlab.Client)(nil)

// through answers requests from a handler in this process. A handler that
// breaks the connection off is a lost connection.
type through struct{ h http.Handler }

func (t through) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	defer func() {
		if recover() == http.ErrAbortHandler {
			resp, err = nil, io.ErrUnexpectedEOF
		}
	}()
	w := httptest.NewRecorder()
	in := httptest.NewRequestWithContext(r.Context(), r.Method, r.URL.String(), r.Body)
	in.Header = r.Header
	t.h.ServeHTTP(w, in)
	return w.Result(), nil
}

// dialSandbox connects to a made-up instance. Waiting costs no time.
func dialSandbox(t testing.TB, cfg sandbox.Config, token string, change ...func(*gitlab.Options)) (*gitlab.Client, *sandbox.Server) {
	t.Helper()
	s, err := sandbox.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	o := gitlab.Options{
		BaseURL: "http://127.0.0.1:1", Base: through{s.Handler()},
		Token: func(context.Context) (string, error) { return token, nil },
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}
	for _, c := range change {
		c(&o)
	}
	c, err := gitlab.Dial(o)
	if err != nil {
		t.Fatal(err)
	}
	return c, s
}

// parts are all reading questions, by name.
func parts(c *gitlab.Client) map[string]func(context.Context) error {
	only := func(_ any, err error) error { return err }
	return map[string]func(context.Context) error{
		"metadata":   func(ctx context.Context) error { return only(c.Metadata(ctx)) },
		"token":      func(ctx context.Context) error { return only(c.Token(ctx)) },
		"operator":   func(ctx context.Context) error { return only(c.Operator(ctx)) },
		"license":    func(ctx context.Context) error { return only(c.License(ctx)) },
		"terms":      func(ctx context.Context) error { return only(c.Terms(ctx)) },
		"future":     func(ctx context.Context) error { return only(c.Future(ctx)) },
		"add-ons":    func(ctx context.Context) error { return only(c.AddOns(ctx)) },
		"promotions": func(ctx context.Context) error { return only(c.Promotions(ctx)) },
		"settings":   func(ctx context.Context) error { return only(c.Settings(ctx)) },
		"statistics": func(ctx context.Context) error { return only(c.Statistics(ctx)) },
		"ping":       func(ctx context.Context) error { return only(c.Ping(ctx)) },
		"daily":      func(ctx context.Context) error { return only(c.Daily(ctx, model.KindOnlineCloud)) },
		"accounts":   func(ctx context.Context) error { return only(c.Accounts(ctx, model.PageRequest{})) },
		"account":    func(ctx context.Context) error { return only(c.Account(ctx, 1)) },
		"members":    func(ctx context.Context) error { return only(c.Memberships(ctx, 1)) },
	}
}

func classOf(err error) model.Class {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*model.Error](err); ok {
		return e.Class
	}
	return model.Class(fmt.Sprintf("%T", err))
}

// truth reads who exists from the sandbox's dump.
func truth(t *testing.T, s *sandbox.Server) map[int64]string {
	t.Helper()
	var b bytes.Buffer
	if err := s.DumpTruth(&b); err != nil {
		t.Fatal(err)
	}
	states := map[int64]string{}
	lines := bufio.NewScanner(&b)
	lines.Buffer(nil, 1<<20)
	for first := true; lines.Scan(); first = false {
		var a struct {
			ID    int64  `json:"id"`
			State string `json:"state"`
		}
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		if !first {
			states[a.ID] = a.State
		}
	}
	return states
}

// everybody reads all accounts, page by page.
func everybody(t *testing.T, c *gitlab.Client, size int) map[int64]model.Account {
	t.Helper()
	all := map[int64]model.Account{}
	req := model.PageRequest{Size: size}
	for {
		p, err := c.Accounts(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range p.Accounts {
			if _, twice := all[a.ID]; twice {
				t.Fatalf("account %d came twice", a.ID)
			}
			all[a.ID] = a
		}
		if req.Cursor = p.Next; req.Cursor == "" {
			return all
		}
	}
}

func TestEveryScenario(t *testing.T) {
	for _, sc := range sandbox.Scenarios() {
		t.Run(sc.Name, func(t *testing.T) {
			c, s := dialSandbox(t, sandbox.Config{Scenario: sc.Name, Set: map[string]string{"latency": "0s"}}, sandbox.TokenAdmin)
			for name, ask := range parts(c) {
				want := model.Class("")
				switch {
				case sc.Name == "admin-mode" && !slices.Contains([]string{"metadata", "token", "operator"}, name):
					want = model.ClassDenied
				case name == "promotions" && sc.Name != "ultimate":
					continue // needs a licence with the feature
				case name == "daily" && (sc.Name == "free" || sc.Name == "offline"):
					continue
				}
				if got := classOf(ask(t.Context())); got != want {
					t.Errorf("%s: %q, want %q (%v)", name, got, want, ask(t.Context()))
				}
			}
			if sc.Name == "admin-mode" {
				if o, err := c.Operator(t.Context()); err != nil || !o.Admin || o.Effective != model.Some(false) {
					t.Errorf("operator %+v, %v", o, err)
				}
				return
			}
			all := everybody(t, c, 100)
			want := truth(t, s)
			if len(all) != len(want) {
				t.Errorf("%d accounts, the truth has %d", len(all), len(want))
			}
			for id, state := range want {
				if a, ok := all[id]; !ok || a.State.String() != state {
					t.Errorf("account %d is %q, the truth says %q", id, a.State, state)
				}
			}
			if strings.Contains(fmt.Sprint(s.Requests()), "PRIVATE") {
				t.Error("the token travelled as PRIVATE-TOKEN")
			}
		})
	}
}

func TestScenarioLicences(t *testing.T) {
	for name, check := range map[string]func(model.License) bool{
		"ultimate": func(l model.License) bool {
			return l.Kind == model.KindOnlineCloud && l.Plan == model.PlanUltimate && l.Seats == model.Some(1000) && l.LastSync.Known() && l.Daily.Known() && l.Maximum.Known() && l.OverPeak == model.Some(0)
		},
		"premium":    func(l model.License) bool { return l.Plan == model.PlanPremium },
		"free":       func(l model.License) bool { return l.Kind == model.KindNone && !l.Daily.Known() && !l.Seats.Known() },
		"over-limit": func(l model.License) bool { return l.OverPeak.Or(0) > 0 && l.OverPeak.Or(0) == l.Maximum.Or(0)-950 },
		"expired":    func(l model.License) bool { return l.ExpiredFlag.Or(false) && l.OverNow == l.OverPeak },
		"offline":    func(l model.License) bool { return l.Kind == model.KindOfflineCloud && !l.LastSync.Known() },
	} {
		c, _ := dialSandbox(t, sandbox.Config{Scenario: name}, sandbox.TokenAdmin)
		if l, err := c.License(t.Context()); err != nil || !check(l) {
			t.Errorf("%s: %+v, %v", name, l, err)
		}
	}
}

func TestEveryToken(t *testing.T) {
	for token, tc := range map[string]struct {
		license, users model.Class
		text           string
	}{
		sandbox.TokenAdmin:      {"", "", ""},
		sandbox.TokenOperator:   {"", "", ""},
		sandbox.TokenReadOnly:   {"", "", ""},
		sandbox.TokenReadUser:   {model.ClassDenied, "", "scope is too small; this needs read_api"},
		sandbox.TokenPingOnly:   {model.ClassDenied, model.ClassDenied, "scope is too small"},
		sandbox.TokenNonAdmin:   {model.ClassDenied, model.ClassDenied, "administrator"},
		sandbox.TokenExpired:    {model.ClassDenied, model.ClassDenied, "is expired"},
		sandbox.TokenRevoked:    {model.ClassDenied, model.ClassDenied, "was revoked"},
		sandbox.TokenBlocked:    {model.ClassDenied, model.ClassDenied, "account"},
		"glpat-nobody-knows-it": {model.ClassDenied, model.ClassDenied, "does not know this token"},
	} {
		c, _ := dialSandbox(t, sandbox.Config{Users: 60}, token)
		_, err := c.License(t.Context())
		if classOf(err) != tc.license || err != nil && (!strings.Contains(err.Error(), tc.text) || strings.Contains(err.Error(), token)) {
			t.Errorf("%s: licence: %v, want %q %q", token, err, tc.license, tc.text)
		}
		c.Metadata(t.Context())
		if _, err := c.Accounts(t.Context(), model.PageRequest{}); classOf(err) != tc.users {
			t.Errorf("%s: accounts: %v, want %q", token, err, tc.users)
		}
	}
}

// Faults strike every question: an answer or a *model.Error, and nothing of a
// spoiled answer beside an error.
func TestEveryFault(t *testing.T) {
	for _, fault := range []string{"401", "403", "404", "429", "500", "501", "502", "503", "504", "cut", "drop", "drift", "empty", "endless", "gzipbomb", "hostile", "html", "lost", "null", "truncate", "redirect=http://127.0.0.1:2/"} {
		t.Run(fault, func(t *testing.T) {
			c, _ := dialSandbox(t, sandbox.Config{Users: 60, Set: map[string]string{"fault": fault}}, sandbox.TokenAdmin)
			failed := 0
			for name, ask := range parts(c) {
				err := ask(t.Context())
				if err == nil {
					continue
				}
				failed++
				if _, ours := errors.AsType[*model.Error](err); !ours {
					t.Errorf("%s: %T %v", name, err, err)
				}
				if strings.Contains(err.Error(), sandbox.TokenAdmin) || strings.ContainsAny(err.Error(), "\x1b\u202e\n") {
					t.Errorf("%s: %q", name, err)
				}
			}
			if failed == 0 && fault != "hostile" && fault != "endless" {
				t.Error("no question failed")
			}
		})
	}
}

// Faults that pass are sat out.
func TestPassingFaults(t *testing.T) {
	for _, fault := range []string{"429", "502", "503", "504", "drop", "lost"} {
		c, _ := dialSandbox(t, sandbox.Config{Users: 60, Set: map[string]string{"fault": fault + ":/application/statistics:2"}}, sandbox.TokenAdmin)
		if _, err := c.Statistics(t.Context()); err != nil {
			t.Errorf("%s twice: %v", fault, err)
		}
	}
}

func TestCommunityEdition(t *testing.T) {
	c, _ := dialSandbox(t, sandbox.Config{Users: 60, Set: map[string]string{"edition": "ce"}}, sandbox.TokenAdmin)
	for name, ask := range parts(c) {
		want := model.Class("")
		if slices.Contains([]string{"license", "terms", "future", "add-ons", "promotions", "daily"}, name) {
			want = model.ClassUnsupported
		}
		if err := ask(t.Context()); classOf(err) != want {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
	p, err := c.Accounts(t.Context(), model.PageRequest{})
	if err != nil || p.Accounts[0].SeatFlag().Known() {
		t.Errorf("%+v, %v", p.Accounts, err)
	}
}

func TestOfflineUsageIsNotExported(t *testing.T) {
	c, s := dialSandbox(t, sandbox.Config{Scenario: "offline"}, sandbox.TokenAdmin)
	l, err := c.License(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Daily(t.Context(), l.Kind)
	if classOf(err) != model.ClassRefused {
		t.Errorf("%v", err)
	}
	c.Probe(t.Context())
	if err := c.Shapes(t.Context(), io.Discard); err != nil {
		t.Error(err)
	}
	for _, r := range s.Requests() {
		if strings.Contains(r.Path, "usage_export") || r.Writes {
			t.Errorf("a reading session sent %s %s", r.Method, r.Path)
		}
	}
}

// TestProbeOfHealthyInstances: role promotions come with Ultimate (contract §2.7),
// terms with the Enterprise Edition. Where there are none, nothing is wrong.
func TestProbeOfHealthyInstances(t *testing.T) {
	for name, config := range map[string]sandbox.Config{
		"ultimate": {}, "premium": {Scenario: "premium"}, "free": {Scenario: "free"}, "offline": {Scenario: "offline"},
		"ce": {Set: map[string]string{"edition": "ce"}}, "old": {Set: map[string]string{"gitlab_version": "15.4.0-ee"}},
	} {
		c, _ := dialSandbox(t, config, sandbox.TokenAdmin)
		for _, check := range c.Probe(t.Context()) {
			if !check.OK && check.Name != "edition" { // which fails for all that follows from it
				t.Errorf("%s: %s: %s, %s", name, check.Name, check.Class, check.Detail)
			}
		}
	}
}

func TestDailyMatchesTheTerm(t *testing.T) {
	c, _ := dialSandbox(t, sandbox.Config{}, sandbox.TokenAdmin)
	l, err := c.License(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	rows, err := c.Daily(t.Context(), l.Kind)
	if err != nil || len(rows) == 0 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	peak := 0
	for _, r := range rows {
		peak = max(peak, r.Count)
		if r.Day() < l.Starts || r.Day() > l.Ends {
			t.Errorf("%s is outside the term", r.At)
		}
	}
	if peak > l.Maximum.Or(0) {
		t.Errorf("a daily count of %d is above the maximum of %d", peak, l.Maximum.Or(0))
	}
}

func TestShapesHoldNoValues(t *testing.T) {
	c, _ := dialSandbox(t, sandbox.Config{}, sandbox.TokenAdmin)
	var b bytes.Buffer
	if err := c.Shapes(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	var out struct {
		Schema  string
		Answers []struct {
			Name        string
			Status      int
			Body        any
			Unconfirmed []string
		}
	}
	if err := json.Unmarshal(b.Bytes(), &out); err != nil || out.Schema != "seatdeck.shapes" || len(out.Answers) < 14 {
		t.Fatalf("%v, %d answers", err, len(out.Answers))
	}
	for _, a := range out.Answers {
		if a.Status != 200 || a.Body == nil {
			t.Errorf("%s: status %d, body %v", a.Name, a.Status, a.Body)
		}
	}
	l, err := c.License(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.Accounts(t.Context(), model.PageRequest{Size: 5})
	if err != nil {
		t.Fatal(err)
	}
	secrets := []string{l.Company.String(), l.Name.String(), l.Email.String(), l.Ends.String(), sandbox.TokenAdmin}
	for _, a := range p.Accounts {
		secrets = append(secrets, a.Email.String(), a.Name.String())
	}
	for _, v := range secrets {
		if v != "" && bytes.Contains(b.Bytes(), []byte(v)) {
			t.Errorf("the value %q is in the shapes", v)
		}
	}
	if !strings.Contains(b.String(), `"user_limit": "number"`) || !strings.Contains(b.String(), `"using_license_seat": "boolean"`) {
		t.Error("the shapes do not show keys and types")
	}
}

// Many pages at once, as a partitioned pull asks for them.
func TestConcurrentUse(t *testing.T) {
	c, _ := dialSandbox(t, sandbox.Config{Users: 200}, sandbox.TokenAdmin)
	var group errgroup.Group
	for range 8 {
		for name, ask := range parts(c) {
			group.Go(func() error {
				if err := ask(t.Context()); err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
				return nil
			})
		}
	}
	if err := group.Wait(); err != nil {
		t.Error(err)
	}
}
