package sandbox

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestFaultGrammar(t *testing.T) {
	for text, want := range map[string]faultRule{
		"429":                            {kind: "429", count: -1},
		"429:/users":                     {kind: "429", prefix: "/users", count: -1},
		"429:/users:3":                   {kind: "429", prefix: "/users", count: 3},
		"cut:/license:0":                 {kind: "cut", prefix: "/license", count: 0},
		"slow=50ms:/users":               {kind: "slow", argument: "50ms", prefix: "/users", count: -1},
		"redirect=http://h:1":            {kind: "redirect", argument: "http://h:1", count: -1},
		"redirect=http://h:1/x:/users:2": {kind: "redirect", argument: "http://h:1/x", prefix: "/users", count: 2},
	} {
		got, err := parseFaults(text)
		if err != nil || len(got) != 1 || got[0] != want {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
	for _, bad := range []string{"", "redirect", "429=x", "slow=soon", "429:users", "nothing", "429:/users:x"} {
		if got, err := parseFaults(bad); err == nil {
			t.Errorf("%q was read as %+v", bad, got)
		}
	}
}

func TestFaultsStrikeWhereAndAsOftenAsTold(t *testing.T) {
	l := newLab(t, "ultimate", "fault=429:/users:2,503:/license")
	for i, want := range []int{429, 429, 200} {
		if got := l.get("/users?per_page=1").status; got != want {
			t.Errorf("request %d: %d", i, got)
		}
	}
	a := l.get("/licenses")
	if a.status != 503 || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
		t.Errorf("503: %d %v", a.status, a.header)
	}
	l.get("/user").want(t, 200, "")
}

func TestSpoiltAnswers(t *testing.T) {
	a := newLab(t, "ultimate", "fault=redirect=http://elsewhere.test/x").get("/license")
	if a.status != 302 || a.header.Get("Location") != "http://elsewhere.test/x" {
		t.Errorf("redirect: %d %v", a.status, a.header)
	}
	if a := newLab(t, "ultimate", "fault=html").get("/license"); a.status != 200 || !strings.Contains(string(a.body), "<html>") {
		t.Errorf("html: %d %s", a.status, a.body)
	}
	if a := newLab(t, "ultimate", "fault=truncate").get("/license"); json.Valid(a.body) || len(a.body) == 0 {
		t.Errorf("truncate: %s", a.body)
	}
	drift := newLab(t, "ultimate", "fault=drift").object("/license")
	if drift["user_limit"] != "1000" || drift["licensee"] != nil || drift["expired"] != 0.0 {
		t.Errorf("drift: %v", drift)
	}
	users := newLab(t, "ultimate", "fault=hostile").list("/users?per_page=50")
	all := fmt.Sprint(users)
	for _, text := range hostileTexts {
		if !strings.Contains(all, text) {
			t.Errorf("hostile text %q is missing", text)
		}
	}
	endless := newLab(t, "ultimate", "fault=endless").get("/users?pagination=keyset&order_by=id&sort=asc&per_page=100")
	if link := endless.header.Get("Link"); !strings.Contains(link, `rel="next"`) || strings.Contains(link, "cursor") {
		t.Errorf("endless: %s", link)
	}
}

func TestGzipBombGrows(t *testing.T) {
	a := newLab(t, "ultimate", "fault=gzipbomb").get("/license")
	z, err := gzip.NewReader(strings.NewReader(string(a.body)))
	if err != nil {
		t.Fatal(err)
	}
	n, err := io.Copy(io.Discard, io.LimitReader(z, 64<<20))
	if err != nil || n != 64<<20 || len(a.body) > 1<<20 {
		t.Errorf("%d packed bytes give %d: %v", len(a.body), n, err)
	}
}

// cut and lost do the work and hide it; drop does none.
func TestLostAnswersOverASocket(t *testing.T) {
	for fault, done := range map[string]bool{"cut": true, "lost": true, "drop": false} {
		l := newLab(t, "ultimate", "fault="+fault+":/users/:1")
		srv := httptest.NewServer(l.Handler())
		id := l.billablePerson()
		req, err := http.NewRequest("POST", fmt.Sprintf("%s/api/v4/users/%d/block", srv.URL, id), strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("PRIVATE-TOKEN", TokenAdmin)
		req.Header.Set("Content-Type", "application/json")
		res, err := http.DefaultClient.Do(req)
		if err == nil {
			_, err = io.ReadAll(res.Body)
			res.Body.Close()
		}
		if err == nil {
			t.Errorf("%s: the answer arrived whole", fault)
		}
		if now := l.object(fmt.Sprintf("/users/%d", id))["state"]; (now == "blocked") != done {
			t.Errorf("%s: state %v", fault, now)
		}
		srv.Close()
	}
}

// Latency is real waiting outside the lock, and ends when the client leaves.
func TestLatency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, "slow", "fault=slow=100ms:/license")
		began := time.Now()
		l.get("/license").want(t, 200, "")
		if took := time.Since(began); took != 500*time.Millisecond {
			t.Errorf("took %v", took)
		}
		r := httptest.NewRequest("GET", "/api/v4/license", nil).WithContext(cancelled(t))
		began = time.Now()
		l.do(r)
		if took := time.Since(began); took != 0 {
			t.Errorf("an abandoned request took %v", took)
		}
	})
}

// cancelled is the context of a client that has gone away.
func cancelled(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

func TestStatistics(t *testing.T) {
	// Values are text with digit groups, and there are exactly these members
	// (lib/api/entities/application_statistics.rb).
	l := newLab(t, "ultimate")
	s := l.object("/application/statistics")
	if len(s) != 11 || s["users"] != "1,214" {
		t.Errorf("%v", s)
	}
	n := 0
	for _, u := range l.all("order_by=id&sort=asc&active=true") {
		if u["state"] == "active" {
			n++
		}
	}
	if want := fmt.Sprintf("%d,%03d", n/1000, n%1000); s["active_users"] != want {
		t.Errorf("active_users %v, want %s", s["active_users"], want)
	}
}

// The Service Ping endpoints (Usage data API and its request spec).
func TestServicePing(t *testing.T) {
	l := newLab(t, "ultimate")
	a := l.get("/usage_data/service_ping")
	doc := decode[map[string]any](t, a.body)
	for _, m := range []string{"uuid", "hostname", "version", "edition", "recorded_at", "license_plan", "licensee", "active_user_count", "historical_max_users", "settings", "counts", "redis_hll_counters", "usage_activity_by_stage"} {
		if doc[m] == nil {
			t.Errorf("%s is missing", m)
		}
	}
	kinds := map[string]int{}
	for _, v := range doc["counts"].(map[string]any) {
		if n, ok := v.(float64); ok && (n < 0 || n != float64(int(n))) {
			kinds["odd"]++
		}
		kinds[jsonType(v)]++
	}
	if len(a.body) < 150_000 || kinds["null"] == 0 || kinds["object"] == 0 || kinds["odd"] == 0 {
		t.Errorf("%d bytes, %v: too tame", len(a.body), kinds)
	}
	for set, body := range map[string]string{"ping=empty": "", "ping=null": "null", "ping=object": "{}"} {
		if a := newLab(t, "ultimate", set).get("/usage_data/service_ping"); a.status != 200 || string(a.body) != body {
			t.Errorf("%s: %d %.50s", set, a.status, a.body)
		}
	}
	l.call("GET", "/api/v4/usage_data/service_ping", TokenNonAdmin, "").want(t, 403, "")
	l.call("GET", "/api/v4/usage_data/service_ping", "", "").want(t, 401, "")
	newLab(t, "ultimate", "gitlab_version=16.8.0").get("/usage_data/service_ping").want(t, 404, "")
	y := l.call("GET", "/api/v4/usage_data/metric_definitions?include_paths=true", "", "")
	if y.status != 200 || y.header.Get("Content-Type") != "application/yaml" || !strings.Contains(string(y.body), "key_path: uuid") || !strings.Contains(string(y.body), "file_path:") {
		t.Errorf("definitions: %d %v", y.status, y.header)
	}
	l.get("/usage_data/queries").want(t, 404, "")
	l.get("/usage_data/non_sql_metrics").want(t, 404, "")
}

func TestWireErrorsAreAborts(t *testing.T) {
	defer func() {
		if err, ok := recover().(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
			t.Errorf("a lost answer must abort the handler, got %v", err)
		}
	}()
	newLab(t, "ultimate", "fault=drop").get("/license")
}
