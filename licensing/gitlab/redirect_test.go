package gitlab

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"seatdeck/model"
)

// second is a server that must never see a credential.
type second struct {
	*httptest.Server
	requests, credentials atomic.Int32
}

func newSecond(t *testing.T, tls bool) *second {
	s := &second{}
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.requests.Add(1)
		dump := fmt.Sprint(r.URL, r.Header)
		if strings.Contains(dump, canary) || r.Header.Get("Authorization") != "" || r.Header.Get("Private-Token") != "" || r.Header.Get("Cookie") != "" {
			s.credentials.Add(1)
		}
		_, _ = io.WriteString(w, `{"users":1,"active_users":1}`)
	})
	if tls {
		s.Server = httptest.NewTLSServer(h)
	} else {
		s.Server = httptest.NewServer(h)
	}
	t.Cleanup(s.Close)
	return s
}

// sendRaw sends one request of any method through the client's transport. The
// gate lists none but GET and POST, so the routes are widened for the test.
func sendRaw(t *testing.T, c *Client, method string, writes bool) (*call, error) {
	t.Helper()
	op := model.OpStatistics
	if writes {
		op = model.OpUsageExportOffline
	}
	listed := routes[op.Name]
	routes[op.Name] = []route{{method, "application/statistics"}}
	defer func() { routes[op.Name] = listed }()
	cl := &call{op: op}
	var payload any
	if method != http.MethodGet && method != http.MethodDelete {
		payload = map[string]string{"a": "b"}
	}
	return cl, c.send(t.Context(), cl, method, c.rest("application/statistics", nil), payload)
}

func TestRedirectMatrix(t *testing.T) {
	other, secure := newSecond(t, false), newSecond(t, true)
	var location atomic.Value
	var code, firstRequests atomic.Int32
	first := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		firstRequests.Add(1)
		w.Header().Set("Location", location.Load().(string))
		w.WriteHeader(int(code.Load()))
	}))
	t.Cleanup(first.Close)
	_, firstPort, _ := net.SplitHostPort(first.Listener.Addr().String())
	_, otherPort, _ := net.SplitHostPort(other.Listener.Addr().String())
	const path = "/api/v4/application/statistics"
	targets := map[string]string{
		"other port":         "http://127.0.0.1:" + otherPort + path,
		"other host":         "http://localhost:" + firstPort + path,
		"other host, port":   "http://localhost:" + otherPort + path,
		"scheme":             secure.URL + path,
		"scheme relative":    "//127.0.0.1:" + otherPort + path,
		"subdomain":          "http://sub.localhost:" + otherPort + path,
		"user":               "http://root:secret@127.0.0.1:" + firstPort + path,
		"user is first host": "http://127.0.0.1:" + firstPort + "@127.0.0.1:" + otherPort + path,
		"back slash":         "http:\\\\127.0.0.1:" + otherPort + path,
		"link-local":         "http://169.254.169.254/latest/meta-data",
		"loop":               path,
		"file":               "file:///etc/passwd",
		"nothing":            "",
	}
	cases := 0
	for name, target := range targets {
		location.Store(target)
		for _, status := range []int{301, 302, 303, 307, 308} {
			code.Store(int32(status))
			for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
				c, err := Dial(Options{BaseURL: first.URL, Token: staticToken, Mode: model.ModeWrite})
				if err != nil {
					t.Fatal(err)
				}
				firstRequests.Store(0)
				cl, err := sendRaw(t, c, method, method != "GET")
				cases++
				if err == nil || cl.good() {
					t.Errorf("%s %d %s: reported as done (%d)", name, status, method, cl.status)
				}
				wantClass(t, err, model.ClassNotGitLab)
				if n := firstRequests.Load(); method != "GET" && n != 1 {
					t.Errorf("%s %d %s: the first server saw %d requests, want 1", name, status, method, n)
				} else if n > maxHops+1 {
					t.Errorf("%s %d %s: %d hops", name, status, method, n)
				}
				c.Close()
			}
		}
	}
	if n := other.requests.Load() + secure.requests.Load(); n != 0 {
		t.Errorf("second servers saw %d requests", n)
	}
	if n := other.credentials.Load() + secure.credentials.Load(); n != 0 {
		t.Errorf("second servers saw %d credentials", n)
	}
	t.Logf("%d cases, 0 requests at the second servers", cases)
}

// The counter of the matrix must be able to count.
func TestSecondServerCounts(t *testing.T) {
	s := newSecond(t, false)
	r, _ := http.NewRequest("GET", s.URL, nil)
	r.Header.Set("Authorization", "Bearer "+canary)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if s.requests.Load() != 1 || s.credentials.Load() != 1 {
		t.Error("a credential was not counted")
	}
}

func TestRedirectWithinTheInstance(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		var seen []string
		c := dial(t, func(r *http.Request) (*http.Response, error) {
			seen = append(seen, r.URL.Path)
			if r.Header.Get("Authorization") != "Bearer "+canary {
				t.Error("a request within the instance went without the token")
			}
			if len(seen) <= maxHops {
				return reply(status, "", "Location", fmt.Sprintf("/hop/%d", len(seen))), nil
			}
			return reply(200, `{"users":3,"active_users":2}`), nil
		})
		if s, err := c.Statistics(t.Context()); err != nil || s.Users.Or(0) != 3 || len(seen) != 4 {
			t.Errorf("%d: %+v, %v by %q", status, s, err, seen)
		}
	}
}

func TestRedirectProposesTheAddress(t *testing.T) {
	for location, want := range map[string]string{
		"https://git.example.com/api/v4/application/statistics":        `url = "https://git.example.com"`,
		"https://git.example.com/gitlab/api/v4/application/statistics": `url = "https://git.example.com/gitlab"`,
		"https://git.example.com:8443/":                                `url = "https://git.example.com:8443"`,
	} {
		c := dial(t, func(*http.Request) (*http.Response, error) { return reply(301, "", "Location", location), nil })
		_, err := c.Statistics(t.Context())
		u, _ := url.Parse(location)
		wantClass(t, err, model.ClassNotGitLab, want, u.Host, "not sent there")
	}
}

func TestRedirectToSignIn(t *testing.T) {
	for _, location := range []string{"/users/sign_in", "https://gitlab.example.com/users/sign_in", "https://sso.example.com/login?next=x", "/users/auth/saml"} {
		c := dial(t, func(*http.Request) (*http.Response, error) { return reply(302, "", "Location", location), nil })
		_, err := c.Statistics(t.Context())
		wantClass(t, err, model.ClassNotGitLab, "sign-in")
	}
}

func TestRedirectNotIntoTheExport(t *testing.T) {
	n := 0
	c := dial(t, func(*http.Request) (*http.Response, error) {
		n++
		return reply(302, "", "Location", "/api/v4/license/usage_export.csv"), nil
	})
	_, err := c.Statistics(t.Context())
	wantClass(t, err, model.ClassNotGitLab, "usage export")
	if n != 1 {
		t.Errorf("%d requests", n)
	}
}

// A GraphQL query is a read, but its POST must not become a GET elsewhere.
func TestRedirectOfQueries(t *testing.T) {
	n := 0
	c := dial(t, func(r *http.Request) (*http.Response, error) {
		n++
		b, _ := io.ReadAll(r.Body)
		if !bytes.Contains(b, []byte("subscriptionFutureEntries")) {
			t.Errorf("payload %q", b)
		}
		return reply(307, "", "Location", "/api/graphql/"), nil
	})
	_, err := c.Future(t.Context())
	wantClass(t, err, model.ClassNotGitLab)
	if n != 1 {
		t.Errorf("%d requests", n)
	}
}
