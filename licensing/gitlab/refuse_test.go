package gitlab

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"seatdeck/model"
)

// The bodies are those of contract §11.4, §11.5 and §11.7.
func TestRefusals(t *testing.T) {
	const html = "<!DOCTYPE html><html><head><title>502</title></head></html>"
	for name, tc := range map[string]struct {
		status int
		body   string
		kind   string // Content-Type, JSON when empty
		class  model.Class
		texts  []string
	}{
		"unknown private token": {401, `{"message":"401 Unauthorized"}`, "", model.ClassDenied, []string{"does not know this token"}},
		"unknown bearer":        {401, `{"error":"invalid_token","error_description":"Bad Access Token."}`, "", model.ClassDenied, []string{"does not know this token"}},
		"expired":               {401, `{"error":"invalid_token","error_description":"Token is expired. You can either do re-authorization or token refresh."}`, "", model.ClassDenied, []string{"is expired", "make a new one"}},
		"revoked":               {401, `{"error":"invalid_token","error_description":"Token was revoked. You have to re-authorize from the user."}`, "", model.ClassDenied, []string{"was revoked"}},
		"scope":                 {403, `{"error":"insufficient_scope","error_description":"The request requires higher privileges than provided by the access token.","scope":"api read_api"}`, "", model.ClassDenied, []string{"read_api", "scope is too small"}},
		"blocked account":       {403, `{"message":"403 Forbidden - Your account has been blocked."}`, "", model.ClassDenied, []string{"account", "Your account has been blocked."}},
		"not an administrator":  {403, `{"message":"403 Forbidden"}`, "", model.ClassDenied, []string{"administrator", "admin_mode"}},
		"maintenance old":       {403, `{"message":"You cannot perform write operations on a read-only instance"}`, "", model.ClassRefused, []string{"maintenance mode"}},
		"maintenance new":       {503, `{"message":"GitLab Maintenance: system is in maintenance mode"}`, "", model.ClassRefused, []string{"maintenance mode"}},
		"web page 403":          {403, html, "text/html", model.ClassNotGitLab, []string{"proxy or firewall"}},
		"web page 404":          {404, html, "text/html; charset=utf-8", model.ClassNotGitLab, []string{"a web page answered"}},
		"web page 401":          {401, html, "text/html", model.ClassDenied, []string{"sign-in"}},
		"web page without type": {400, "\ufeff \n<html>", "text/plain", model.ClassNotGitLab, []string{"a web page answered"}},
		"bad gateway":           {502, html, "text/html", model.ClassUnreachable, []string{"GitLab behind it does not"}},
		"gateway time":          {504, "", "text/plain", model.ClassUnreachable, []string{"(504)"}},
		"unavailable":           {503, html, "text/html", model.ClassUnreachable, []string{"not available right now"}},
		"rate limit":            {429, "Retry later\n", "text/plain", model.ClassLocked, []string{"limits how often"}},
		"route missing":         {404, `{"error":"404 Not Found"}`, "", model.ClassUnsupported, []string{"does not have this"}},
		"too far by offset":     {405, `{"error":"Offset pagination has a maximum allowed offset of 50000 for requests that return objects of type User. Remaining records can be retrieved using keyset pagination."}`, "", model.ClassUnsupported, []string{"maximum allowed offset of 50000"}},
		"proxy":                 {407, "", "text/plain", model.ClassUnreachable, []string{"proxy asks", "HTTPS_PROXY"}},
		"fields":                {400, `{"message":{"seats":["is too low"],"plan":["is odd","is old"]}}`, "", model.ClassFailed, []string{"plan is odd, is old; seats is too low"}},
		"server fault":          {500, `{"message":"500 Internal Server Error"}`, "", model.ClassFailed, []string{"500 Internal Server Error"}},
		"silent":                {500, "", "", model.ClassFailed, []string{"no reason given"}},
		"odd shape":             {422, `[[[`, "", model.ClassFailed, []string{"[[["}},
		"GraphQL token":         {401, `{"errors":[{"message":"Invalid token"}]}`, "", model.ClassDenied, []string{"does not know this token"}},
		"escape in the text":    {500, "{\"message\":\"\\u001b]52;c;aGk=\\u0007\u202eboo\"}", "", model.ClassFailed, []string{"boo"}},
	} {
		t.Run(name, func(t *testing.T) {
			q := &quick{at: time.Unix(1e9, 0)}
			var n atomic.Int32
			kind := tc.kind
			if kind == "" {
				kind = "application/json"
			}
			_, err := dial(t, always(&n, tc.status, tc.body, "Content-Type", kind), q.use).Statistics(t.Context())
			wantClass(t, err, tc.class, tc.texts...)
			if strings.ContainsAny(err.Error(), "\x1b\x07\u202e\n") {
				t.Errorf("raw control characters in %q", err)
			}
		})
	}
}

func TestWebPageWithStatus200(t *testing.T) {
	for _, kind := range []string{"text/html", "application/json", "text/plain"} {
		var n atomic.Int32
		c := dial(t, always(&n, 200, "<html><body>Welcome</body></html>", "Content-Type", kind), func(o *Options) { o.Mode = model.ModeWrite })
		_, err := c.Metadata(t.Context())
		wantClass(t, err, model.ClassNotGitLab, "a web page answered", "check url")
	}
	var n atomic.Int32
	_, err := dial(t, always(&n, 200, "<html>", "Content-Type", "text/html")).Ping(t.Context())
	wantClass(t, err, model.ClassNotGitLab)
	_, err = dial(t, always(&n, 200, "<html>", "Content-Type", "text/html")).Daily(t.Context(), model.KindOnlineCloud)
	wantClass(t, err, model.ClassNotGitLab)
}

// A 403 looks alike for everybody; what the token and the account are tells.
func TestPlain403(t *testing.T) {
	for name, tc := range map[string]struct{ user, token, text string }{
		"not an administrator": {`{"id":5,"username":"dev"}`, `{"id":1,"scopes":["read_api"]}`, "is not an administrator"},
		"admin mode":           {`{"id":1,"username":"root","is_admin":true}`, `{"id":1,"scopes":["read_api"]}`, "Admin Mode is on"},
	} {
		t.Run(name, func(t *testing.T) {
			answers := byPath(map[string]string{"GET user": tc.user, "GET personal_access_tokens/self": tc.token, "GET users": `[{"id":1,"username":"root"}]`})
			c := dial(t, func(r *http.Request) (*http.Response, error) {
				if strings.HasSuffix(r.URL.Path, "/license") {
					return reply(403, `{"message":"403 Forbidden"}`), nil
				}
				return answers(r)
			})
			// The licence is asked for beside token and account, and may be refused first.
			_, err := c.License(t.Context())
			wantClass(t, err, model.ClassDenied, tc.text)
		})
	}
}
