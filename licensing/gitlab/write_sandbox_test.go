package gitlab_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"seatdeck/licensing/gitlab"
	"seatdeck/licensing/sandbox"
	"seatdeck/model"
)

func mayWrite(o *gitlab.Options) { o.Mode = model.ModeWrite }

// writesOf counts the writing requests that a made-up instance saw, by method
// and path.
func writesOf(s *sandbox.Server) (out []string) {
	for _, r := range s.Requests() {
		if r.Writes && (r.Path != "/api/graphql" || r.Operation == "gitlabSubscriptionActivate") {
			out = append(out, r.Method+" "+r.Path)
		}
	}
	return out
}

// TestSwitchesOnTheSandbox: what is answered is effective, and what a version
// does not have stays unknown.
func TestSwitchesOnTheSandbox(t *testing.T) {
	all := `{"usage_ping_enabled":true,"include_optional_metrics_in_service_ping":true,"usage_ping_features_enabled":true}`
	on, off := model.Some(true), model.Some(false)
	for name, tc := range map[string]struct {
		set                      map[string]string
		payload                  string
		ping, optional, features model.Opt[bool]
	}{
		"all":                   {map[string]string{"service_ping": "off", "optional_metrics": "off"}, all, on, on, on},
		"registration alone":    {map[string]string{"service_ping": "off"}, `{"usage_ping_features_enabled":true}`, off, on, off},
		"without optional":      {map[string]string{"optional_metrics": "off"}, `{"usage_ping_features_enabled":true}`, on, off, off},
		"pinned":                {map[string]string{"pinned": "true"}, all, off, off, off},
		"maintenance":           {map[string]string{"maintenance": "true"}, all, on, on, on},
		"maintenance before 18": {map[string]string{"maintenance": "true", "gitlab_version": "17.3.7-ee"}, all, on, on, on},
		"before optional":       {map[string]string{"gitlab_version": "16.8.0-ee"}, `{"usage_ping_features_enabled":true}`, on, model.None[bool](), on},
		"free":                  {map[string]string{"plan": "free"}, all, on, on, on},
		"off":                   {map[string]string{"registration": "on"}, `{"usage_ping_features_enabled":false}`, on, on, off},
	} {
		t.Run(name, func(t *testing.T) {
			c, s := dialSandbox(t, sandbox.Config{Users: 60, Set: tc.set}, sandbox.TokenAdmin, mayWrite)
			got, err := c.PutSettings(t.Context(), json.RawMessage(tc.payload))
			if err != nil || got.ServicePing != tc.ping || got.OptionalMetrics != tc.optional || got.Features != tc.features {
				t.Errorf("%+v, %v", got, err)
			}
			again, err := c.Settings(t.Context())
			if err != nil || again != got {
				t.Errorf("read back: %+v, %v; answered %+v", again, err, got)
			}
			if w := writesOf(s); !slices.Equal(w, []string{"PUT /api/v4/application/settings"}) {
				t.Errorf("the instance saw %q", w)
			}
		})
	}
}

func TestSwitchesDenied(t *testing.T) {
	for name, tc := range map[string]struct {
		set   map[string]string
		token string
		text  string
	}{
		"read-only token": {nil, sandbox.TokenReadOnly, "this needs api"},
		"not an admin":    {nil, sandbox.TokenNonAdmin, "administrator"},
		"Admin Mode":      {map[string]string{"admin_mode": "true"}, sandbox.TokenNoAdminMode, "admin_mode"},
		"expired":         {nil, sandbox.TokenExpired, "expired"},
	} {
		c, s := dialSandbox(t, sandbox.Config{Users: 60, Set: tc.set}, tc.token, mayWrite)
		_, err := c.PutSettings(t.Context(), json.RawMessage(`{"usage_ping_features_enabled":true}`))
		wantText(t, err, model.ClassDenied, tc.text)
		if w := writesOf(s); len(w) != 1 {
			t.Errorf("%s: the instance saw %q", name, w)
		}
	}
}

// A recount changes the daily count some seconds later, and sends nothing to
// the portal. In maintenance mode it is refused.
func TestRecountOnTheSandbox(t *testing.T) {
	now := time.Date(2026, 11, 21, 9, 52, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	for _, set := range []map[string]string{nil, {"gitlab_version": "16.11.10-ee"}} {
		c, s := dialSandbox(t, sandbox.Config{Users: 60, Set: set, Now: clock}, sandbox.TokenAdmin, mayWrite)
		l, err := c.License(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		row, known := l.RowID.Get()
		if !known {
			t.Fatal("the licence has no row id")
		}
		if err := c.Recount(t.Context(), row); err != nil {
			t.Error(err)
		}
		now = now.Add(time.Minute)
		if _, err := c.LastSync(t.Context()); err != nil {
			t.Error(err)
		}
		kinds := map[string]int{}
		for _, e := range s.Events() {
			kinds[e.Kind]++
		}
		if kinds["recount"] != 1 || kinds["seat_link"] != 0 {
			t.Errorf("the instance did %v", kinds)
		}
		wantText(t, c.Recount(t.Context(), row+900), model.ClassRefused, "not there any more")
		if err := s.Turn("maintenance", "true"); err != nil {
			t.Fatal(err)
		}
		wantText(t, c.Recount(t.Context(), row), model.ClassRefused, "maintenance mode")
	}
	c, _ := dialSandbox(t, sandbox.Config{Users: 60, Set: map[string]string{"edition": "ce"}}, sandbox.TokenAdmin, mayWrite)
	wantText(t, c.Recount(t.Context(), 1), model.ClassUnsupported, "Enterprise Edition")
}

// An activation moves the last sync; each refusal is told apart, and none moves
// it.
func TestActivateOnTheSandbox(t *testing.T) {
	for name, tc := range map[string]struct {
		set   map[string]string
		code  string
		class model.Class
		text  string
	}{
		"again":        {nil, sandbox.ActivationCode, "", ""},
		"free":         {map[string]string{"plan": "free"}, sandbox.ActivationCode, "", ""},
		"14.1":         {map[string]string{"gitlab_version": "14.1.0-ee"}, sandbox.ActivationCode, "", ""},
		"16.11":        {map[string]string{"gitlab_version": "16.11.10-ee"}, sandbox.ActivationCode, "", ""},
		"another code": {nil, "AbCdEfGhIjKlMnOpQrStUv12", model.ClassRefused, "Invalid activation code"},
		"portal away":  {map[string]string{"portal": "down"}, sandbox.ActivationCode, model.ClassFailed, "cannot reach the vendor's portal"},
		"silent mode":  {map[string]string{"silent_mode": "true"}, sandbox.ActivationCode, model.ClassRefused, "silent mode"},
		"maintenance":  {map[string]string{"maintenance": "true"}, sandbox.ActivationCode, model.ClassRefused, "maintenance mode"},
	} {
		t.Run(name, func(t *testing.T) {
			c, s := dialSandbox(t, sandbox.Config{Users: 60, Set: tc.set}, sandbox.TokenAdmin, mayWrite)
			if _, err := c.Metadata(t.Context()); err != nil {
				t.Fatal(err)
			}
			before, err1 := c.LastSync(t.Context())
			a, err := c.Activate(t.Context(), tc.code)
			after, err2 := c.LastSync(t.Context())
			if err1 != nil || err2 != nil {
				t.Fatal(err1, err2)
			}
			if tc.class != "" {
				wantText(t, err, tc.class, tc.text)
				if before != after {
					t.Error("the last sync moved")
				}
			} else if err != nil || a.Licensed != model.Some(true) || before == after {
				t.Errorf("%+v, %v; last sync %v, then %v", a, err, before, after)
			}
			if w := writesOf(s); !slices.Equal(w, []string{"POST /api/graphql"}) {
				t.Errorf("the instance saw %q", w)
			}
		})
	}
}

func wantText(t *testing.T, err error, class model.Class, text string) {
	t.Helper()
	if classOf(err) != class || !strings.Contains(fmt.Sprint(err), text) {
		t.Errorf("%v (%s), want %s with %q", err, classOf(err), class, text)
	}
}
