package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// noon of an ordinary Tuesday; every test starts here.
var start = time.Date(2026, 3, 10, 14, 30, 0, 0, time.UTC)

// lab is an instance with a clock the test drives.
type lab struct {
	*Server
	t   *testing.T
	now time.Time
}

func newLab(t *testing.T, scenario string, set ...string) *lab {
	t.Helper()
	return newSizedLab(t, scenario, 0, set...)
}

func newSizedLab(t *testing.T, scenario string, users int, set ...string) *lab {
	t.Helper()
	l := &lab{t: t, now: start}
	knobs := map[string]string{}
	for _, kv := range set {
		k, v, ok := strings.Cut(kv, "=")
		if !ok {
			t.Fatalf("setting %q has no =", kv)
		}
		knobs[k] = v
	}
	s, err := New(Config{Scenario: scenario, Seed: 7, Users: users, Set: knobs, Now: func() time.Time { return l.now }})
	if err != nil {
		t.Fatal(err)
	}
	l.Server = s
	return l
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// call sends one request; the token goes into PRIVATE-TOKEN, or nowhere when
// it is empty. A body is JSON.
func (l *lab) call(method, path, token, body string) answer {
	l.t.Helper()
	var r io.Reader
	if body != "" {
		r = strings.NewReader(body)
	}
	req := httptest.NewRequest(method, "http://gitlab.test"+path, r)
	if token != "" {
		req.Header.Set("PRIVATE-TOKEN", token)
	}
	if method != http.MethodGet {
		req.Header.Set("Content-Type", "application/json")
	}
	return l.do(req)
}

func (l *lab) do(req *http.Request) answer {
	l.t.Helper()
	rec := httptest.NewRecorder()
	l.Handler().ServeHTTP(rec, req)
	return answer{rec.Code, rec.Header(), rec.Body.Bytes()}
}

// get reads a path below /api/v4 as the administrator.
func (l *lab) get(path string) answer {
	l.t.Helper()
	return l.call("GET", "/api/v4"+path, TokenAdmin, "")
}

// object reads a JSON object.
func (l *lab) object(path string) map[string]any {
	l.t.Helper()
	a := l.get(path)
	if a.status != 200 {
		l.t.Fatalf("GET %s: %d %s", path, a.status, a.body)
	}
	return decode[map[string]any](l.t, a.body)
}

// list reads a JSON array of objects.
func (l *lab) list(path string) []map[string]any {
	l.t.Helper()
	a := l.get(path)
	if a.status != 200 {
		l.t.Fatalf("GET %s: %d %s", path, a.status, a.body)
	}
	return decode[[]map[string]any](l.t, a.body)
}

func decode[T any](t *testing.T, b []byte) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatalf("not JSON: %v\n%.300s", err, b)
	}
	return v
}

// want compares one answer with a status and, unless it is empty, a whole body.
func (a answer) want(t *testing.T, status int, body string) {
	t.Helper()
	if a.status != status || body != "" && string(a.body) != body {
		t.Errorf("got %d %.300s\nwant %d %s", a.status, a.body, status, body)
	}
}

func TestUnknownNamesAreRefusedWithTheNearestOne(t *testing.T) {
	for _, c := range []struct {
		cfg  Config
		want string
	}{
		{Config{Scenario: "ultimat"}, `unknown scenario "ultimat"; did you mean "ultimate"?`},
		{Config{Set: map[string]string{"plann": "free"}}, `unknown knob "plann"; did you mean "plan"?`},
		{Config{Set: map[string]string{"portal": "dwn"}}, `did you mean "down"?`},
		{Config{Set: map[string]string{"fault": "4299"}}, `did you mean "429"?`},
		{Config{Set: map[string]string{"token_scopes": "apj"}}, `did you mean "api"?`},
		{Config{Set: map[string]string{"gitlab_version": "13.12.0"}}, "older than 14.1"},
		{Config{Set: map[string]string{"latency": "soon"}}, "not a duration"},
		{Config{Set: map[string]string{"seats": "many"}}, "whole number"},
		{Config{Scenario: "zzzzzzzzzz"}, "known: "},
		{Config{Users: 3}, "40 to"},
		{Config{Host: "example.com"}, "needs a scheme"},
	} {
		if _, err := New(c.cfg); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("New(%+v) = %v, want an error with %q", c.cfg, err, c.want)
		}
	}
}

func TestEveryScenarioStartsAndAnswers(t *testing.T) {
	want := []string{"ultimate", "premium", "free", "over-limit", "expiring", "expired", "offline", "maintenance", "admin-mode", "sync-failing", "sync-unsaved", "slow"}
	have := map[string]bool{}
	for _, sc := range Scenarios() {
		have[sc.Name] = true
		l := newLab(t, sc.Name, "latency=0s")
		if n := l.object("/metadata")["version"]; n != "19.5.1-ee" {
			t.Errorf("%s: version %v", sc.Name, n)
		}
	}
	for _, name := range want {
		if !have[name] {
			t.Errorf("scenario %s is missing", name)
		}
	}
	if len(have) != len(want) || Scenarios()[0].Name != DefaultScenario {
		t.Errorf("scenarios: %v", Scenarios())
	}
}

// Some of each sort of account exist whatever the seed, so that no demonstration
// and no test depends on luck.
func TestEverySeedHasSomeOfEachSort(t *testing.T) {
	for seed := range uint64(12) {
		for _, users := range []int{minUsers, 58, defaultUsers} {
			s, err := New(Config{Seed: seed, Users: users, Now: func() time.Time { return start }})
			if err != nil {
				t.Fatal(err)
			}
			states, kinds, flags, never, elevated := map[state]int{}, map[kind]int{}, map[flag]int{}, 0, 0
			for i := range s.world.accounts {
				a := &s.world.accounts[i]
				states[a.state]++
				kinds[a.kind]++
				for _, f := range []flag{flagAdmin, flagLDAP, flagSAML, flagExternal} {
					if a.has(f) {
						flags[f]++
					}
				}
				if a.kind == human && a.state == active && a.signIn == 0 {
					never++
				}
				if s.world.standingOf(a).elevated {
					elevated++
				}
			}
			if len(states) != len(stateNames) || kinds[projectBot]*kinds[serviceAccount] == 0 || flags[flagAdmin] < 2 || elevated == 0 {
				t.Errorf("seed %d, %d users: states %v, kinds %v, %d administrators, %d elevated", seed, users, states, kinds, flags[flagAdmin], elevated)
			}
			if users == defaultUsers && (never < 20 || flags[flagLDAP] < 100 || flags[flagSAML] < 100 || flags[flagExternal] < 20 || flags[flagAdmin] > 12) {
				t.Errorf("seed %d: %d never signed in, flags %v", seed, never, flags)
			}
		}
	}
}

func TestTheSameSeedGivesTheSameInstance(t *testing.T) {
	read := func(seed uint64) string {
		s, err := New(Config{Seed: seed, Now: func() time.Time { return start }})
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := s.DumpTruth(&b); err != nil {
			t.Fatal(err)
		}
		l := &lab{Server: s, t: t}
		for _, p := range []string{"/license", "/users?per_page=100", "/license/usage_export.csv", "/usage_data/service_ping"} {
			b.Write(l.get(p).body)
		}
		return b.String()
	}
	once, again := read(3), read(3)
	if once != again {
		t.Error("one seed, two instances")
	}
	if once == read(4) {
		t.Error("two seeds, one instance")
	}
}

func TestStartServesOnLoopbackOnly(t *testing.T) {
	s, err := New(Config{Users: 60})
	if err != nil {
		t.Fatal(err)
	}
	for _, addr := range []string{"0.0.0.0:0", ":0", "192.0.2.1:80", "nonsense"} {
		if _, err := s.Start(addr); err == nil {
			t.Errorf("Start(%q) was allowed", addr)
		}
	}
	base, err := s.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest("GET", base+"/api/v4/users?per_page=1", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+TokenAdmin)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != 200 || !strings.Contains(res.Header.Get("Link"), "<"+base+"/api/v4/users?") {
		t.Errorf("status %d, Link %q: links must lead back to %s", res.StatusCode, res.Header.Get("Link"), base)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := http.Get(base); err == nil {
		t.Error("still serving after Close")
	}
}

func TestRequestLogSaysWhoAskedForWhat(t *testing.T) {
	l := newLab(t, "ultimate")
	l.get("/license")
	l.call("POST", "/api/v4/users/1/block", TokenReadOnly, "")
	req := httptest.NewRequest("GET", "/api/v4/user", nil)
	req.Header.Set("Authorization", "Bearer "+TokenNonAdmin)
	l.do(req)
	l.call("GET", "/api/v4/user", "", "")
	var got []string
	for _, r := range l.Requests() {
		got = append(got, fmt.Sprint(r.Method, " ", r.Path, " ", r.Writes, " ", r.Credential, " ", r.Status, " ", r.User != "", " ", r.Time.Equal(start)))
	}
	want := []string{
		"GET /api/v4/license false private-token 200 true true",
		"POST /api/v4/users/1/block true private-token 403 true true",
		"GET /api/v4/user false bearer 200 true true",
		"GET /api/v4/user false none 401 false true",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("log:\n%s", strings.Join(got, "\n"))
	}
}

func TestKnobsCanBeTurnedLater(t *testing.T) {
	l := newLab(t, "ultimate")
	if err := l.Turn("plan", "free"); err == nil || !strings.Contains(err.Error(), "fixed") {
		t.Errorf("plan: %v", err)
	}
	if err := l.Turn("fault", "500:/license:1"); err != nil {
		t.Fatal(err)
	}
	l.get("/license").want(t, 500, "")
	l.get("/license").want(t, 200, "")
	if err := l.Turn("fault", "500"); err != nil {
		t.Fatal(err)
	}
	if err := l.Turn("fault", "none"); err != nil {
		t.Fatal(err)
	}
	l.get("/license").want(t, 200, "")
	if err := l.Turn("silent_mode", "on"); err != nil {
		t.Fatal(err)
	}
	if l.object("/application/settings")["silent_mode_enabled"] != true {
		t.Error("silent mode did not reach the settings")
	}
}

// Every knob can be read about, and every ready-made token works as it says.
func TestKnobsAndTokensAreDescribed(t *testing.T) {
	for _, k := range Knobs() {
		if len(k.Help) < 10 {
			t.Errorf("knob %s: help %q", k.Name, k.Help)
		}
	}
	l := newLab(t, "ultimate")
	for _, tok := range Tokens() {
		if tok.About == "" || l.tokens.byValue[tok.Value] == nil {
			t.Errorf("token %+v", tok)
		}
	}
}

// Outside the API there are pages for people, and a token opens none of them.
func TestWebPagesWantABrowserSession(t *testing.T) {
	l := newLab(t, "ultimate")
	a := l.call("POST", "/admin/license/sync_seat_link", TokenAdmin, "{}")
	if a.status != 302 || a.header.Get("Location") != "http://gitlab.test/users/sign_in" {
		t.Errorf("%d %s", a.status, a.header.Get("Location"))
	}
	if a := l.call("GET", "/users/sign_in", "", ""); a.status != 200 || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
		t.Errorf("%d %v", a.status, a.header)
	}
}
