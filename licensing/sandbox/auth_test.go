package sandbox

import (
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The refusals of a token, word for word (contract §11.4, from GitLab's public
// lib/api/api_guard.rb).
func TestRefusedTokens(t *testing.T) {
	l := newLab(t, "ultimate")
	for _, c := range []struct {
		header, token, path string
		status              int
		body                string
	}{
		{"", "", "/user", 401, `{"message":"401 Unauthorized"}`},
		{"PRIVATE-TOKEN", "nonsense", "/user", 401, `{"message":"401 Unauthorized"}`},
		{"Authorization", "Bearer nonsense", "/user", 401, `{"error":"invalid_token","error_description":"Bad Access Token."}`},
		{"PRIVATE-TOKEN", TokenExpired, "/user", 401, `{"error":"invalid_token","error_description":"Token is expired. You can either do re-authorization or token refresh."}`},
		{"Authorization", "Bearer " + TokenRevoked, "/user", 401, `{"error":"invalid_token","error_description":"Token was revoked. You have to re-authorize from the user."}`},
		{"PRIVATE-TOKEN", TokenReadUser, "/license", 403, `{"error":"insufficient_scope","error_description":"The request requires higher privileges than provided by the access token.","scope":"api read_api"}`},
		{"PRIVATE-TOKEN", TokenPingOnly, "/users", 403, ""},
		{"PRIVATE-TOKEN", TokenBlocked, "/user", 403, `{"message":"403 Forbidden - Your account has been blocked."}`},
		{"PRIVATE-TOKEN", TokenNonAdmin, "/license", 403, `{"message":"403 Forbidden"}`},
		{"PRIVATE-TOKEN", TokenReadUser, "/users", 200, ""},
		{"PRIVATE-TOKEN", TokenReadUser, "/metadata", 200, ""},
		{"PRIVATE-TOKEN", TokenPingOnly, "/usage_data/service_ping", 200, ""},
		{"PRIVATE-TOKEN", TokenPingOnly, "/personal_access_tokens/self", 200, ""},
		{"Authorization", "Bearer " + TokenReadOnly, "/license", 200, ""},
		{"PRIVATE-TOKEN", TokenReadOnly, "/application/settings", 200, ""},
	} {
		r := httptest.NewRequest("GET", "/api/v4"+c.path, nil)
		if c.header != "" {
			r.Header.Set(c.header, c.token)
		}
		t.Run(c.path+" "+c.token, func(t *testing.T) { l.do(r).want(t, c.status, c.body) })
	}
	l.call("PUT", "/api/v4/application/settings", TokenReadOnly, `{"signup_enabled":true}`).want(t, 403, "")
}

// Admin Mode: since 15.8 a token needs a scope of its own for it.
func TestAdminMode(t *testing.T) {
	l := newLab(t, "admin-mode")
	l.get("/license").want(t, 403, `{"message":"403 Forbidden"}`)
	l.get("/users?per_page=1").want(t, 200, "")
	l.call("GET", "/api/v4/license", TokenOperator, "").want(t, 200, "")
	newLab(t, "admin-mode", "gitlab_version=15.7.0").get("/license").want(t, 200, "")
	newLab(t, "ultimate").call("GET", "/api/v4/license", TokenNoAdminMode, "").want(t, 200, "")
}

// Members of GET /personal_access_tokens/self (Personal access tokens API).
func TestTokenSelf(t *testing.T) {
	l := newLab(t, "ultimate")
	self := l.object("/personal_access_tokens/self")
	for m, want := range map[string]string{
		"id": "number", "name": "string", "revoked": "boolean", "created_at": "string", "scopes": "array", "user_id": "number", "active": "boolean", "expires_at": "string", "last_used_at": "string",
	} {
		if got := jsonType(self[m]); got != want {
			t.Errorf("%s is %s", m, got)
		}
	}
	if _, err := time.Parse(time.DateOnly, self["expires_at"].(string)); err != nil {
		t.Error(err)
	}
	newLab(t, "ultimate", "gitlab_version=15.4.0").get("/personal_access_tokens/self").want(t, 404, "")
}

// Metadata: exactly these members (schema public_api/v4/metadata.json, and
// externalK8sProxyUrl of the Metadata API documentation).
func TestMetadata(t *testing.T) {
	l := newLab(t, "ultimate")
	for _, path := range []string{"/metadata", "/version"} {
		m := l.object(path)
		kas, ok := m["kas"].(map[string]any)
		if !ok || len(m) != 4 || m["version"] != "19.5.1-ee" || m["enterprise"] != true || jsonType(m["revision"]) != "string" || kas["enabled"] != false {
			t.Errorf("%s: %v", path, m)
		}
	}
	old := newLab(t, "ultimate", "gitlab_version=14.1.0")
	old.get("/metadata").want(t, 404, "")
	if m := old.object("/version"); len(m) != 2 || m["version"] != "14.1.0-ee" {
		t.Errorf("old version: %v", m)
	}
}

// The throttle (Rate limits documentation): plain text, Retry-After, and a
// window that ends.
func TestRateLimit(t *testing.T) {
	l := newLab(t, "ultimate", "rate_limit=3")
	for i := range 3 {
		a := l.get("/version")
		if a.status != 200 || a.header.Get("RateLimit-Remaining") != strconv.Itoa(2-i) {
			t.Fatalf("request %d: %d, %v", i, a.status, a.header)
		}
	}
	a := l.get("/version")
	if a.status != 429 || string(a.body) != "Retry later\n" || a.header.Get("Content-Type") != "text/plain" || a.header.Get("Retry-After") != "60" || a.header.Get("RateLimit-ResetTime") == "" {
		t.Errorf("%d %q %v", a.status, a.body, a.header)
	}
	l.call("GET", "/api/v4/version", TokenOperator, "").want(t, 200, "")
	l.now = l.now.Add(time.Minute)
	l.get("/version").want(t, 200, "")
	if h := newLab(t, "ultimate").get("/version").header; h.Get("RateLimit-Limit") != "" {
		t.Error("throttled although it is off by default")
	}
	old := newLab(t, "ultimate", "rate_limit=1", "gitlab_version=16.0.0")
	if h := old.get("/version").header; h.Get("RateLimit-Limit") != "" {
		t.Error("older versions send the headers with 429 only")
	}
}

// Maintenance mode (Maintenance mode documentation): reads pass, writes do
// not, settings stay writable; 503 since 18.3, 403 before.
func TestMaintenanceMode(t *testing.T) {
	l := newLab(t, "maintenance")
	l.get("/license").want(t, 200, "")
	a := l.call("POST", "/api/v4/users/5/block", TokenAdmin, "")
	a.want(t, 503, `{"message":"GitLab Maintenance: system is in maintenance mode"}`)
	if a.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	newLab(t, "maintenance", "gitlab_version=18.1.0").call("POST", "/api/v4/users/5/block", TokenAdmin, "").
		want(t, 403, `{"message":"You cannot perform write operations on a read-only instance"}`)
	r := httptest.NewRequest("POST", "/api/v4/users/5/block", nil)
	r.Header.Set("PRIVATE-TOKEN", TokenAdmin)
	if a := l.do(r); a.status != 301 {
		t.Errorf("a write that is no JSON: %d", a.status)
	}
	l.call("PUT", "/api/v4/application/settings", TokenAdmin, `{"maintenance_mode":false}`).want(t, 200, "")
	if a := l.call("POST", "/api/v4/users/5/block", TokenAdmin, ""); a.status == 503 {
		t.Error("still in maintenance")
	}
}

// An account that may not sign in may not use the API either, and is told why.
func TestBarredAccountsAreToldWhy(t *testing.T) {
	l := newLab(t, "ultimate")
	for st, reason := range map[state]string{
		deactivated: "deactivated", pendingApproval: "pending approval", banned: "blocked", ldapBlocked: "blocked", blocked: "blocked",
	} {
		l.someone(func(a *account) bool { return a.id == l.tokens.byValue[TokenNonAdmin].user }).state = st
		a := l.call("GET", "/api/v4/user", TokenNonAdmin, "")
		if a.status != 403 || !strings.Contains(string(a.body), reason) {
			t.Errorf("%v: %d %s", st, a.status, a.body)
		}
	}
}

// Writes may be forms, as documentation examples with curl are, or carry their
// members in the query.
func TestWritesMayBeForms(t *testing.T) {
	l := newLab(t, "ultimate")
	r := httptest.NewRequest("PUT", "/api/v4/application/settings", strings.NewReader("signup_enabled=true&deactivate_dormant_users_period=100"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("PRIVATE-TOKEN", TokenAdmin)
	l.do(r).want(t, 200, "")
	l.call("PUT", "/api/v4/application/settings?version_check_enabled=false", TokenAdmin, "").want(t, 200, "")
	s := l.object("/application/settings")
	if s["signup_enabled"] != true || s["deactivate_dormant_users_period"] != 100.0 || s["version_check_enabled"] != false {
		t.Errorf("%v", s)
	}
	r = httptest.NewRequest("PUT", "/api/v4/application/settings", strings.NewReader("x"))
	r.Header.Set("Content-Type", "text/plain")
	r.Header.Set("PRIVATE-TOKEN", TokenAdmin)
	l.do(r).want(t, 415, "")
}

func TestUnknownRoutesAndMethods(t *testing.T) {
	l := newLab(t, "ultimate")
	l.get("/nothing").want(t, 404, `{"error":"404 Not Found"}`)
	l.call("PATCH", "/api/v4/license", TokenAdmin, "{}").want(t, 405, "")
	l.call("POST", "/api/v4/license", TokenAdmin, "{").want(t, 400, "")
	l.call("POST", "/api/v4/license", TokenAdmin, `{"license":"`+strings.Repeat("x", maxBody)+`"}`).want(t, 413, "")
	if a := l.call("HEAD", "/api/v4/license", TokenAdmin, ""); a.status != 200 || len(a.body) != 0 {
		t.Errorf("HEAD: %d, %d bytes", a.status, len(a.body))
	}
}
