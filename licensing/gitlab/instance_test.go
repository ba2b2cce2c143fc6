package gitlab

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"seatdeck/model"
)

func TestMetadata(t *testing.T) {
	for name, tc := range map[string]struct {
		answers map[string]string
		version string
		ee      bool
		class   model.Class
		text    string
	}{
		"new":         {map[string]string{"GET metadata": `{"version":"19.5.1-ee","revision":"abc","kas":{"enabled":true,"externalUrl":null,"version":"x"},"enterprise":true}`}, "19.5.1-ee", true, "", ""},
		"CE":          {map[string]string{"GET metadata": `{"version":"19.5.1","revision":"abc","enterprise":false}`}, "19.5.1", false, "", ""},
		"no member":   {map[string]string{"GET metadata": `{"version":"15.4.0-ee","revision":"abc"}`}, "15.4.0-ee", true, "", ""},
		"before 15.2": {map[string]string{"GET version": `{"version":"14.1.0-ee","revision":"abc"}`}, "14.1.0-ee", true, "", ""},
		"too old":     {map[string]string{"GET version": `{"version":"13.12.15-ee","revision":"abc"}`}, "13.12.15-ee", true, model.ClassUnsupported, "13.12.15-ee is too old"},
		"just too":    {map[string]string{"GET version": `{"version":"14.0.12","revision":"abc"}`}, "14.0.12", false, model.ClassUnsupported, "14.1"},
		"nothing":     {nil, "–", false, model.ClassNotGitLab, "no GitLab API"},
		"no version":  {map[string]string{"GET metadata": `{"revision":"abc"}`}, "–", false, model.ClassMalformed, "lacks the version"},
		"odd version": {map[string]string{"GET metadata": `{"version":"latest"}`}, "–", false, model.ClassMalformed, "not a GitLab version"},
		"null":        {map[string]string{"GET metadata": `null`}, "–", false, model.ClassMalformed, "lacks"},
		"array":       {map[string]string{"GET metadata": `[]`}, "–", false, model.ClassMalformed, "wrong kind"},
		"trailing":    {map[string]string{"GET metadata": `{"version":"19.5.1"} {}`}, "–", false, model.ClassMalformed, "JSON"},
		"duplicate":   {map[string]string{"GET metadata": `{"version":"19.5.1","version":"12.0.0"}`}, "–", false, model.ClassMalformed, "twice"},
		"other case":  {map[string]string{"GET metadata": `{"Version":"19.5.1"}`}, "–", false, model.ClassMalformed, "lacks"},
		"cut":         {map[string]string{"GET metadata": `{"version":"19.`}, "–", false, model.ClassMalformed, "breaks off"},
		"empty":       {map[string]string{"GET metadata": ``}, "–", false, model.ClassMalformed, "breaks off"},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := dial(t, byPath(tc.answers)).Metadata(t.Context())
			if tc.class != "" {
				wantClass(t, err, tc.class, tc.text)
			} else if err != nil {
				t.Error(err)
			}
			if m.Version.String() != tc.version || m.EE() != tc.ee {
				t.Errorf("%+v, want %s, EE %t", m, tc.version, tc.ee)
			}
		})
	}
}

func TestToken(t *testing.T) {
	c := dial(t, byPath(map[string]string{"GET personal_access_tokens/self": `{"id":7,"name":"seat\u001b[2Jdeck","description":null,"revoked":false,
		"created_at":"2026-01-01T00:00:00.000Z","scopes":["read_api","admin_mode"],"user_id":1,"last_used_at":"2026-03-01T10:00:00.123Z","active":true,"expires_at":"2026-12-31"}`}))
	tok, err := c.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if tok.ID != 7 || tok.UserID != 1 || !tok.Active || tok.Revoked || !tok.Has("admin_mode") || tok.Has("api") ||
		tok.Expires != model.Date(2026, 12, 31) || strings.ContainsRune(tok.Name.String(), 0x1b) {
		t.Errorf("%+v", tok)
	}
	if at, ok := tok.LastUse.Get(); !ok || !at.Equal(time.Date(2026, 3, 1, 10, 0, 0, 123e6, time.UTC)) {
		t.Errorf("last use %v", at)
	}
	_, err = dial(t, byPath(nil)).Token(t.Context())
	wantClass(t, err, model.ClassUnsupported) // before 15.5
	_, err = dial(t, byPath(map[string]string{"GET personal_access_tokens/self": `{"id":7}`})).Token(t.Context())
	wantClass(t, err, model.ClassMalformed, "scopes")
}

func TestOperator(t *testing.T) {
	for name, tc := range map[string]struct {
		user, users string
		admin       bool
		effective   string
	}{
		"administrator":      {`{"id":1,"username":"root","is_admin":true}`, `[{"id":9,"username":"x","is_admin":false}]`, true, "true"},
		"admin mode no rule": {`{"id":1,"username":"root","is_admin":true}`, `[{"id":9,"username":"x"}]`, true, "false"},
		"flag as text":       {`{"id":"1","username":"root","is_admin":"true"}`, `[{"id":9,"is_admin":"false"}]`, true, "true"},
		"other account":      {`{"id":5,"username":"dev"}`, ``, false, "false"},
		"said not":           {`{"id":5,"username":"dev","is_admin":false}`, ``, false, "false"},
		"empty list":         {`{"id":1,"username":"root","is_admin":true}`, `[]`, true, "unknown"},
	} {
		o, err := dial(t, byPath(map[string]string{"GET user": tc.user, "GET users": tc.users})).Operator(t.Context())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := "unknown"
		if v, ok := o.Effective.Get(); ok {
			got = fmt.Sprint(v)
		}
		if o.Admin != tc.admin || got != tc.effective || o.ID == 0 || o.Username.Empty() {
			t.Errorf("%s: %+v, effective %s", name, o, got)
		}
	}
}

func TestSettings(t *testing.T) {
	const secret = "runner-registration-SECRET"
	c := dial(t, byPath(map[string]string{"GET application/settings": `{"id":1,"usage_ping_enabled":true,"usage_ping_features_enabled":"false","include_optional_metrics_in_service_ping":true,
		"gitlab_product_usage_data_source":"database","deactivate_dormant_users":true,"deactivate_dormant_users_period":"120","maintenance_mode":null,
		"runners_registration_token":"` + secret + `","domain_denylist":[],"seat_control":1,"new_user_signups_cap":null}`}))
	s, err := c.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := model.Settings{ServicePing: model.Some(true), Features: model.Some(false), OptionalMetrics: model.Some(true), ProductUsageFrom: model.Clean("database"),
		Deactivate: model.Some(true), DormantDays: model.Some(120), SeatControl: model.Some(1)}
	if s != want {
		t.Errorf("%+v, want %+v", s, want)
	}
	if strings.Contains(fmt.Sprintf("%+v", s), secret) {
		t.Error("a secret of the settings object got out")
	}
}

func TestStatistics(t *testing.T) {
	for body, want := range map[string]int{
		`{"users":"1,234,567","active_users":"10"}`: 1234567,
		`{"users":1200,"active_users":10}`:          1200,
		`{"users":"0","active_users":"0"}`:          0,
		`{"users":12.0,"active_users":1}`:           12,
	} {
		s, err := dial(t, byPath(map[string]string{"GET application/statistics": body})).Statistics(t.Context())
		if n, ok := s.Users.Get(); err != nil || !ok || n != want {
			t.Errorf("%s: %+v, %v", body, s, err)
		}
	}
	for _, body := range []string{`{}`, `null`, `{"users":null,"active_users":1}`, `{"users":"many","active_users":1}`, `{"users":1.5,"active_users":1}`, `{"users":true,"active_users":1}`, `{"users":1e99,"active_users":1}`, `{"users":[1],"active_users":1}`} {
		_, err := dial(t, byPath(map[string]string{"GET application/statistics": body})).Statistics(t.Context())
		wantClass(t, err, model.ClassMalformed)
	}
}

func TestPing(t *testing.T) {
	for body, want := range map[string]model.Ping{
		``:     {Empty: true},
		`  `:   {Empty: true},
		`null`: {Empty: true},
		` {} `: {Empty: true},
		`{"uuid":"d9e2f4e8","hostname":"git","recorded_at":"2026-03-01T10:00:00.000Z","counts":{"a":1,"b":-1,"c":null,"d":2.5,"e":{"f":"x"}},"licensee":{"Name":"n"},"list":[1,[2]]}`: {
			UUID: model.Clean("d9e2f4e8"), Hostname: model.Clean("git"), RecordedAt: model.Some(time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)), Counts: 11, Naming: []string{"uuid", "hostname", "licensee.Name"}},
		`{"uuid":-1,"hostname":null,"recorded_at":"2026-03-01 10:00:00 UTC"}`: {RecordedAt: model.Some(time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)), Counts: 3},
		`{"recorded_at":-3}`: {Counts: 1},
		`{"licensee":{"Name":"n","Company":null,"Email":"e"},"license_md5":"x","license_plan":"premium","settings":{"collected_data_categories":["standard","optional"],"gitaly_apdex":0.9}}`: {
			Counts: 8, Categories: []string{"standard", "optional"}, Naming: []string{"licensee.Name", "licensee.Email", "license_md5"}},
		`{"licensee":null,"license_id":null,"settings":{"collected_data_categories":{"a":1}}}`: {Counts: 3},
		`{"settings":[1,2],"licensee":"n"}`:                                                    {Counts: 3},
	} {
		p, err := dial(t, byPath(map[string]string{"GET usage_data/service_ping": body})).Ping(t.Context())
		if want.Counts > 0 {
			want.Bytes, want.SHA256 = len(body), fmt.Sprintf("%x", sha256.Sum256([]byte(body)))
		}
		if err != nil || !reflect.DeepEqual(p, want) {
			t.Errorf("%.40q: %+v, %v; want %+v", body, p, err, want)
		}
	}
	for _, body := range []string{`[]`, `"x"`, `{"a":1`, `{"a":1}{}`, `{"a":1,}`, `{"a":1,"a":2}`, "null null"} {
		_, err := dial(t, byPath(map[string]string{"GET usage_data/service_ping": body})).Ping(t.Context())
		wantClass(t, err, model.ClassMalformed)
	}
	_, err := dial(t, byPath(nil)).Ping(t.Context())
	wantClass(t, err, model.ClassUnsupported)
}

func TestProbe(t *testing.T) {
	find := func(checks []Check, name string) (Check, bool) {
		for _, c := range checks {
			if c.Name == name {
				return c, true
			}
		}
		return Check{}, false
	}
	base := map[string]string{
		"GET metadata": `{"version":"19.5.1","enterprise":false}`, "GET user": `{"id":1,"username":"root","is_admin":true}`,
		"GET users":                       `[{"id":1,"username":"root","state":"active","is_admin":true,"created_at":"2026-01-01T00:00:00Z"}]`,
		"GET personal_access_tokens/self": `{"id":1,"name":"t","scopes":["read_user"],"active":true,"expires_at":"2026-03-11"}`,
	}
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	answers := byPath(base)
	c := dial(t, func(r *http.Request) (*http.Response, error) {
		resp, err := answers(r)
		resp.Header.Set("Date", at.Add(time.Hour).Format(http.TimeFormat))
		return resp, err
	}, func(o *Options) { o.Now = func() time.Time { return at } })
	checks := c.Probe(t.Context())
	for name, want := range map[string]struct {
		ok   bool
		text string
	}{
		"reachable": {true, "gitlab.example.com"}, "clock": {false, "60 min behind"}, "version": {true, "19.5.1"}, "token": {false, "(10 days)"},
		"scopes": {false, "lacks read_api"}, "administrator": {true, "root"}, "edition": {false, "Community Edition"},
		"licence": {true, "Enterprise Edition"}, "accounts": {true, "readable"},
	} {
		got, found := find(checks, name)
		if !found || got.OK != want.ok || !strings.Contains(got.Detail.String(), want.text) {
			t.Errorf("%s: %+v, want %t %q", name, got, want.ok, want.text)
		}
		if !got.OK && got.Next.Empty() {
			t.Errorf("%s fails without a next step", name)
		}
	}
	down := dial(t, func(*http.Request) (*http.Response, error) { return nil, context.DeadlineExceeded }, (&quick{at: at}).use)
	if checks := down.Probe(t.Context()); len(checks) != 1 || checks[0].OK {
		t.Errorf("an instance that does not answer: %+v", checks)
	}
	denied := dial(t, func(*http.Request) (*http.Response, error) { return reply(401, `{"message":"401 Unauthorized"}`), nil })
	if got, ok := find(denied.Probe(t.Context()), "token"); !ok || got.OK {
		t.Errorf("an unknown token: %+v", got)
	}
}
