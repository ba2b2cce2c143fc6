package gitlab

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"seatdeck/model"
)

func staticToken(context.Context) (string, error) { return canary, nil }

func TestEveryOperationHasRoutes(t *testing.T) {
	known := map[string]bool{}
	for _, op := range model.Operations {
		known[op.Name] = true
		if (len(routes[op.Name]) == 0) != op.OnHost() {
			t.Errorf("%s: %d routes; those on the server have none, all others some", op.Name, len(routes[op.Name]))
		}
		for _, r := range routes[op.Name] {
			if !op.Writes && r.method != http.MethodGet && r.path != "graphql" {
				t.Errorf("%s reads by %s %s", op.Name, r.method, r.path)
			}
		}
	}
	for name := range routes {
		if !known[name] {
			t.Errorf("routes of %s, which is no operation", name)
		}
	}
}

func TestReadOnlySendsNoWrite(t *testing.T) {
	for _, mode := range []model.Mode{"", model.ModeReadOnly, "nonsense"} {
		for _, kind := range []model.Kind{model.KindOfflineCloud, model.KindUnknown, "", "newer"} {
			var n atomic.Int32
			c := dial(t, always(&n, 200, ""), func(o *Options) { o.Mode = mode })
			_, err := c.Daily(t.Context(), kind)
			wantClass(t, err, model.ClassRefused, "read-only")
			if n.Load() != 0 {
				t.Errorf("mode %q, kind %q: %d requests left", mode, kind, n.Load())
			}
		}
	}
}

func TestGateStopsWhatIsNotListed(t *testing.T) {
	var n atomic.Int32
	c := dial(t, always(&n, 200, "{}"), func(o *Options) { o.Mode = model.ModeWrite })
	requests := []struct {
		op            *model.Operation
		method, where string
		payload       string
	}{
		{nil, "GET", "https://gitlab.example.com/api/v4/license", ""},
		{&model.OpLicense, "DELETE", "https://gitlab.example.com/api/v4/license", ""},
		{&model.OpLicense, "GET", "https://gitlab.example.com/api/v4/license/usage_export.csv", ""},
		{&model.OpLicense, "GET", "https://gitlab.example.com/api/v4/license/1", ""},
		{&model.OpUsers, "POST", "https://gitlab.example.com/api/v4/users", "{}"},
		{&model.OpUser, "GET", "https://gitlab.example.com/api/v4/users/1/memberships", ""},
		{&model.OpUser, "GET", "https://gitlab.example.com/api/v4/users/..", ""},
		{&model.OpUser, "GET", "https://gitlab.example.com/api/v4/users/1%2Fblock", ""},
		{&model.OpUser, "GET", "https://gitlab.example.com/users/1", ""},
		{&model.OpSettings, "PUT", "https://gitlab.example.com/api/v4/application/settings", "{}"},
		{&model.OpLicense, "GET", "https://other.example.com/api/v4/license", ""},
		{&model.OpLicense, "GET", "http://gitlab.example.com/api/v4/license", ""},
		{&model.OpLicense, "GET", "https://gitlab.example.com:8443/api/v4/license", ""},
		{&model.OpLicense, "GET", "https://x:y@gitlab.example.com/api/v4/license", ""},
		{&model.OpLicense, "POST", "https://gitlab.example.com/api/graphql", `{"query":"mutation { gitlabSubscriptionActivate { errors } }"}`},
		{&model.OpLicense, "POST", "https://gitlab.example.com/api/graphql", `{}`},
		{&model.OpLicense, "POST", "https://gitlab.example.com/api/graphql", `not JSON`},
	}
	for _, r := range requests {
		ctx := t.Context()
		if r.op != nil {
			ctx = withCall(ctx, &call{op: *r.op})
		}
		req, err := http.NewRequestWithContext(ctx, r.method, r.where, io.NopCloser(strings.NewReader(r.payload)))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := c.rt.RoundTrip(req)
		if err == nil {
			resp.Body.Close()
		}
		wantClass(t, err, model.ClassInternal, "stopped")
	}
	if n.Load() != 0 {
		t.Errorf("%d requests left", n.Load())
	}
}

func TestQueriesOnly(t *testing.T) {
	for doc, want := range map[string]bool{
		`{ a }`:                      true,
		`query { a }`:                true,
		`query Q($a: Int = 3) { a }`: true,
		`query { a } fragment F on T { mutation }`:   true,
		`query($s: String = "mutation { x }") { a }`: true,
		"# mutation { x }\n{ a }":                    true,
		`query @d(if: true) { mutation }`:            true,
		`,, { a }`:                                   true,
		`mutation { a }`:                             false,
		"\ufeffmutation { a }":                       false,
		"{)":                                         false,
		"{ a } ]":                                    false,
		"query ) { a }":                              false,
		"\xf7{ a }":                                  false,
		"query { a(b: [1}) }":                        false,
		"query Q":                                    false,
		`subscription { a }`:                         false,
		`query { a } mutation { b }`:                 false,
		`{ a } mutation { b }`:                       false,
		"# {\nmutation { a }":                        false,
		`query($s: String = "}") { a } mutation { b }`:   false,
		`query($s: String = "\"}") { a } mutation { b }`: false,
		`query { a(s: """ " """) } mutation { b }`:       false,
		`query { a`:           false,
		`} mutation { a }`:    false,
		`querymutation { a }`: false,
		``:                    false,
		`   `:                 false,
		`extend type T { a }`: false,
	} {
		if got := queriesOnly(doc); got != want {
			t.Errorf("queriesOnly(%q) = %t", doc, got)
		}
	}
	for _, q := range []question{askCurrent, askTerms, askFuture, askAddOns, askPromotions} {
		if !queriesOnly(q.document(nil)) || len(q.document(nil)) > 10_000 {
			t.Errorf("%s is not a query of less than 10,000 characters", q.root)
		}
	}
}

func FuzzQueriesOnly(f *testing.F) {
	for _, s := range []string{"query { a }", "mutation { a }", "{ a } # x", `query($a:S="\\"){a}`, "fragment F on T {a} {b}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, doc string) {
		// Whatever comes before, a mutation that follows a whole definition on
		// its own line is seen.
		if queriesOnly(doc) && queriesOnly(doc+"\nmutation M { x }") {
			t.Errorf("a mutation passed after %q", doc)
		}
	})
}

func TestSites(t *testing.T) {
	for raw, want := range map[string]string{
		"https://gitlab.example.com":         "https://gitlab.example.com",
		" https://GitLab.Example.com/ ":      "https://gitlab.example.com",
		"https://gitlab.example.com/api/v4":  "https://gitlab.example.com",
		"https://gitlab.example.com/api/v4/": "https://gitlab.example.com",
		"https://example.com/gitlab/":        "https://example.com/gitlab",
		"https://example.com:8443/gitlab":    "https://example.com:8443/gitlab",
		"http://127.0.0.1:8080":              "http://127.0.0.1:8080",
		"http://[::1]:8080":                  "http://[::1]:8080",
		"http://localhost":                   "http://localhost",
	} {
		s, err := parseSite(raw, false)
		if err != nil || s.base != want {
			t.Errorf("parseSite(%q) = %q, %v; want %q", raw, s.base, err, want)
		}
	}
	for raw, text := range map[string]string{
		"":                                   "not a URL",
		"gitlab.example.com":                 "not a URL",
		"https://":                           "not a URL",
		"ftp://gitlab.example.com":           "https://",
		"https://root:pw@gitlab.example.com": "user name or password",
		"https://gitlab.example.com?a=b":     "query",
		"https://gitlab.example.com#x":       "fragment",
		"http://gitlab.example.com":          "plain http",
		"http://127.0.0.1.example.com":       "plain http",
		"http://localhost.example.com":       "plain http",
		"http://10.0.0.1":                    "plain http",
		"https://gitlab.example.com:abc":     "not a URL",
	} {
		_, err := Dial(Options{BaseURL: raw, Token: staticToken})
		wantClass(t, err, model.ClassConfig, text)
		if strings.Contains(err.Error(), "pw") {
			t.Errorf("a password is in %q", err)
		}
	}
	if _, err := parseSite("http://gitlab.example.com", true); err != nil {
		t.Errorf("allow_http is refused: %v", err)
	}
}

func TestRelativeRoot(t *testing.T) {
	var seen []string
	c := dial(t, func(r *http.Request) (*http.Response, error) {
		seen = append(seen, r.URL.String())
		return reply(200, `{"version":"19.5.1-ee","data":{"subscriptionFutureEntries":null}}`), nil
	}, func(o *Options) { o.BaseURL = "https://example.com/gitlab/" })
	if _, err := c.Metadata(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := c.Future(t.Context()); err != nil {
		t.Error(err)
	}
	want := "https://example.com/gitlab/api/v4/metadata https://example.com/gitlab/api/graphql"
	if got := strings.Join(seen, " "); got != want {
		t.Errorf("asked %s, want %s", got, want)
	}
	if c.Host() != "example.com" {
		t.Errorf("host %q", c.Host())
	}
}
