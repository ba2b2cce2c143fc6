package licensing_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"seatdeck/licensing"
	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
)

// tap is an independent look at the wire: the bodies of the requests that write
// settings, as the instance gets them. before and after, when set, are asked
// around each; what they return is what the client sees.
type tap struct {
	mu            sync.Mutex
	bodies        []string
	before, after func() error
}

func (p *tap) around(next http.RoundTripper) http.RoundTripper {
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodGet || !strings.HasSuffix(r.URL.Path, "/application/settings") {
			return next.RoundTrip(r)
		}
		b, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		p.mu.Lock()
		p.bodies = append(p.bodies, r.Method+" "+string(b))
		p.mu.Unlock()
		if p.before != nil {
			if err := p.before(); err != nil {
				return nil, err
			}
		}
		r.Body = io.NopCloser(bytes.NewReader(b))
		resp, err := next.RoundTrip(r)
		if err == nil && p.after != nil {
			if err := p.after(); err != nil {
				_ = resp.Body.Close()
				return nil, err
			}
		}
		return resp, err
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// switching is a desk on an instance that may be changed, with the tap on it.
func switching(t *testing.T, set map[string]string, change ...func(*rig.Options)) (*rig.Rig, *tap) {
	t.Helper()
	p := &tap{}
	o := rig.Options{Users: 40, Memory: true, Mode: model.ModeWrite, Set: set, Transport: p.around}
	for _, c := range change {
		c(&o)
	}
	return rig.New(t, o), p
}

func planned(t *testing.T, r *rig.Rig, wish model.RegistrationWish) licensing.RegistrationPlan {
	t.Helper()
	p, err := r.Desk.PlanRegistration(t.Context(), wish)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func applied(t *testing.T, r *rig.Rig, p licensing.RegistrationPlan) (model.Result, error) {
	t.Helper()
	yes, err := p.AgreeByFlag(r.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return r.Desk.Apply(t.Context(), p.ChangePlan, yes, nil)
}

// TestSwitchRegistration: the word is true, exactly the planned fields arrive,
// once, and the next view shows what is.
func TestSwitchRegistration(t *testing.T) {
	free := map[string]string{"plan": "free", "optional_metrics": "off"}
	with := func(base map[string]string, kv ...string) map[string]string {
		out := map[string]string{}
		for k, v := range base {
			out[k] = v
		}
		for i := 0; i < len(kv); i += 2 {
			out[kv[i]] = kv[i+1]
		}
		return out
	}
	tests := []struct {
		name    string
		set     map[string]string
		wish    model.RegistrationWish
		outcome model.Outcome
		wire    string
		gains   int
		losses  int
		state   model.RegistrationState
	}{
		{"free", free, model.WishEnable, model.OutcomeConfirmed, `PUT {"include_optional_metrics_in_service_ping":true,"usage_ping_features_enabled":true}`, 25, 0, model.RegistrationOn},
		{"free, ping off", with(free, "service_ping", "off"), model.WishEnable, model.OutcomeConfirmed, `PUT {"include_optional_metrics_in_service_ping":true,"usage_ping_enabled":true,"usage_ping_features_enabled":true}`, 25, 0, model.RegistrationOn},
		{"free, 16.8", map[string]string{"plan": "free", "gitlab_version": "16.8.0-ee"}, model.WishEnable, model.OutcomeConfirmed, `PUT {"usage_ping_features_enabled":true}`, 25, 0, model.RegistrationOn},
		{"maintenance", map[string]string{"maintenance": "true"}, model.WishEnable, model.OutcomeConfirmed, `PUT {"usage_ping_features_enabled":true}`, 0, 0, model.RegistrationOn},
		{"maintenance, 16.11", map[string]string{"maintenance": "true", "gitlab_version": "16.11.10-ee"}, model.WishEnable, model.OutcomeConfirmed, `PUT {"usage_ping_features_enabled":true}`, 0, 0, model.RegistrationOn},
		{"Premium", map[string]string{"plan": "premium"}, model.WishEnable, model.OutcomeConfirmed, `PUT {"usage_ping_features_enabled":true}`, 2, 0, model.RegistrationOn},
		{"pinned", with(free, "pinned", "true"), model.WishEnable, model.OutcomeNoEffect, `PUT {"include_optional_metrics_in_service_ping":true,"usage_ping_enabled":true,"usage_ping_features_enabled":true}`, 25, 0, model.RegistrationOff},
		{"out", with(free, "optional_metrics", "on", "registration", "on"), model.WishDisable, model.OutcomeConfirmed, `PUT {"usage_ping_features_enabled":false}`, 0, 25, model.RegistrationOff},
		{"optional off", with(free, "optional_metrics", "on", "registration", "on"), model.WishOptionalOff, model.OutcomeConfirmed, `PUT {"include_optional_metrics_in_service_ping":false}`, 0, 25, model.RegistrationOff},
		{"optional on", free, model.WishOptionalOn, model.OutcomeConfirmed, `PUT {"include_optional_metrics_in_service_ping":true}`, 0, 0, model.RegistrationOff},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, p := switching(t, tt.set)
			plan := planned(t, r, tt.wish)
			if len(p.bodies) != 0 || len(plan.Gains) != tt.gains || len(plan.Losses) != tt.losses || plan.Blocked != nil || len(plan.Shown) != 2 {
				t.Errorf("the plan: %d requests, %d gains, %d losses, %v, receipts %v", len(p.bodies), len(plan.Gains), len(plan.Losses), plan.Blocked, plan.Shown)
			}
			res, err := applied(t, r, plan)
			if err != nil || res.Outcome != tt.outcome || !res.Sent() {
				t.Fatalf("%s (%s), %v", res.Outcome, res.Note, err)
			}
			if tt.outcome == model.OutcomeNoEffect && !strings.Contains(res.Note.String(), "pinned by gitlab_rails['usage_ping_enabled'] = false") {
				t.Errorf("who holds it: %q", res.Note)
			}
			if !slices.Equal(p.bodies, []string{tt.wire}) {
				t.Errorf("on the wire: %q, want %q once", p.bodies, tt.wire)
			}
			if got := r.Desk.View().Registration.State; got != tt.state {
				t.Errorf("the view says %q, want %q", got, tt.state)
			}
			sent := 0
			for _, q := range r.Sandbox.Requests() {
				if q.Writes && q.Path != "/api/graphql" {
					sent++
				}
			}
			if sent != 1 {
				t.Errorf("the instance saw %d changes", sent)
			}
		})
	}
}

// TestSwitchAgain: what is so already needs no request, no consent and no word
// in the journal.
func TestSwitchAgain(t *testing.T) {
	r, p := switching(t, map[string]string{"registration": "on"})
	plan := planned(t, r, model.WishEnable)
	if !plan.Empty() || plan.Change.Reason == "" {
		t.Fatalf("%+v", plan.Steps)
	}
	res, err := r.Desk.Apply(t.Context(), plan.ChangePlan, model.Consent{}, nil)
	if err != nil || res.Outcome != model.OutcomeNothingToDo || res.ExitCode() != 0 || len(p.bodies) != 0 {
		t.Errorf("%s, %v, %q", res.Outcome, err, p.bodies)
	}
}

// TestSwitchRecorded: the journal has the plan's hash with the receipts of what
// was shown, before and after.
func TestSwitchRecorded(t *testing.T) {
	r, _ := switching(t, map[string]string{"plan": "free"})
	plan := planned(t, r, model.WishEnable)
	if _, err := applied(t, r, plan); err != nil {
		t.Fatal(err)
	}
	entries, err := r.Journal.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[model.EntryKind]int{}
	for _, e := range entries {
		kinds[e.Kind]++
		if e.Kind != model.EntryIntent {
			continue
		}
		var in model.Intent
		if err := json.Unmarshal(e.Body, &in); err != nil {
			t.Fatal(err)
		}
		want := []model.Receipt{plan.Disclosures[0].Receipt(), plan.Disclosures[1].Receipt()}
		if in.Plan.Hash != plan.Hash().String() || !slices.Equal(in.Plan.Shown, want) || in.Consent != "--yes" {
			t.Errorf("the journal says %+v", in.Plan)
		}
	}
	if kinds[model.EntryIntent] != 1 || kinds[model.EntryResult] != 1 {
		t.Errorf("the journal holds %v", kinds)
	}
}

// TestSwitchNotSent: each reason for which nothing may be changed keeps the
// request at home.
func TestSwitchNotSent(t *testing.T) {
	t.Run("read-only", func(t *testing.T) {
		r, p := switching(t, nil, func(o *rig.Options) { o.Mode = model.ModeReadOnly })
		plan := planned(t, r, model.WishEnable)
		if plan.Blocked == nil || plan.Blocked.Class != model.ClassRefused {
			t.Errorf("blocked by %v", plan.Blocked)
		}
		res, err := applied(t, r, plan)
		if class(err) != model.ClassRefused || res.ExitCode() != 4 || len(p.bodies) != 0 {
			t.Errorf("%s, %v, %q", res.Outcome, err, p.bodies)
		}
	})
	t.Run("changed since", func(t *testing.T) {
		r, p := switching(t, map[string]string{"plan": "free"})
		plan := planned(t, r, model.WishEnable)
		r.Turn("optional_metrics", "off")
		res, err := applied(t, r, plan)
		if class(err) != model.ClassChanged || res.Outcome != model.OutcomeNotSent || res.ExitCode() != 5 || len(p.bodies) != 0 {
			t.Errorf("%s, %v, %q", res.Outcome, err, p.bodies)
		}
	})
	t.Run("without consent", func(t *testing.T) {
		r, p := switching(t, nil)
		res, err := r.Desk.Apply(t.Context(), planned(t, r, model.WishEnable).ChangePlan, model.Consent{}, nil)
		if class(err) != model.ClassPartial || res.ExitCode() != 3 || len(p.bodies) != 0 {
			t.Errorf("%s, %v, %q", res.Outcome, err, p.bodies)
		}
	})
	t.Run("nobody there", func(t *testing.T) {
		r, p := switching(t, nil)
		p.before = func() error { return &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED} }
		res, err := applied(t, r, planned(t, r, model.WishEnable))
		if res.Outcome != model.OutcomeNotSent || res.Sent() || res.ExitCode() != 1 {
			t.Errorf("%s, sent %t, exit %d, %v", res.Outcome, res.Sent(), res.ExitCode(), err)
		}
	})
	t.Run("offline", func(t *testing.T) {
		r, _ := switching(t, nil)
		r.Refreshed(t.Context())
		r.Cut(true)
		if _, err := r.Desk.PlanRegistration(t.Context(), model.WishEnable); class(err) != model.ClassUnreachable {
			t.Errorf("a plan without the instance: %v", err)
		}
	})
}

// TestSwitchDenied: the instance says no, in each of its ways, to one request.
func TestSwitchDenied(t *testing.T) {
	for name, o := range map[string]rig.Options{
		"scope":      {Token: "glpat-sandbox-read-only"},
		"Admin Mode": {Token: "glpat-sandbox-no-admin-mode"},
	} {
		t.Run(name, func(t *testing.T) {
			r, p := switching(t, nil, func(to *rig.Options) { to.Token = o.Token })
			plan := planned(t, r, model.WishEnable)
			if name == "Admin Mode" {
				r.Turn("admin_mode", "true")
			}
			res, err := applied(t, r, plan)
			e := res.Err
			if e == nil || e.Class != model.ClassDenied || len(p.bodies) > 1 || res.ExitCode() != 4 {
				t.Errorf("%s, exit %d, %v, %v, %q", res.Outcome, res.ExitCode(), e, err, p.bodies)
			}
		})
	}
}

// TestSwitchLost: a lost answer is settled by reading, never by repeating.
func TestSwitchLost(t *testing.T) {
	gone := func() error { return &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET} }
	for name, tt := range map[string]struct {
		before, after func() error
		outcome       model.Outcome
		exit          int
	}{
		"after it was done": {nil, gone, model.OutcomeConfirmed, 0},
		"on the way":        {gone, nil, model.OutcomeUnknown, 5},
	} {
		t.Run(name, func(t *testing.T) {
			r, p := switching(t, map[string]string{"plan": "free"})
			p.before, p.after = tt.before, tt.after
			res, err := applied(t, r, planned(t, r, model.WishEnable))
			if err != nil || res.Outcome != tt.outcome || res.ExitCode() != tt.exit || len(p.bodies) != 1 {
				t.Errorf("%s (%s), exit %d, %v, %q", res.Outcome, res.Note, res.ExitCode(), err, p.bodies)
			}
		})
	}
}

// TestSwitchLiar: an instance that says yes and does nothing is never believed.
func TestSwitchLiar(t *testing.T) { believeNothing(t, 10) }

func believeNothing(t *testing.T, runs int) {
	r, p := switching(t, map[string]string{"plan": "free"}, func(o *rig.Options) {
		tapped := o.Transport
		o.Transport = func(next http.RoundTripper) http.RoundTripper {
			return tapped(roundTrip(func(q *http.Request) (*http.Response, error) {
				if q.Method == http.MethodPut {
					_ = q.Body.Close()
					q = q.Clone(q.Context())
					q.Method, q.Body = http.MethodGet, nil // the settings as they are, for an answer
				}
				return next.RoundTrip(q)
			}))
		}
	})
	for i := range runs {
		wish := []model.RegistrationWish{model.WishEnable, model.WishOptionalOff}[i%2]
		plan := planned(t, r, wish)
		res, err := applied(t, r, plan)
		if err != nil || res.Outcome != model.OutcomeNoEffect || res.Note.Empty() || res.ExitCode() == 0 {
			t.Fatalf("run %d: %s (%s), %v", i, res.Outcome, res.Note, err)
		}
	}
	if len(p.bodies) != runs {
		t.Errorf("%d requests in %d runs", len(p.bodies), runs)
	}
}
