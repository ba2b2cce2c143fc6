package stage

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// stranger is a server that is no GitLab.
type stranger struct {
	mu  sync.Mutex
	got []string
}

func (o *stranger) credentials() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.got
}

// ServeHTTP notes everything that could be a credential.
func (o *stranger) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, h := range []string{"Authorization", "Private-Token", "Job-Token", "Cookie", "Proxy-Authorization"} {
		if v := r.Header.Get(h); v != "" {
			o.got = append(o.got, h)
		}
	}
	if len(r.URL.RawQuery) > 0 && strings.Contains(strings.ToLower(r.URL.RawQuery), "token") {
		o.got = append(o.got, "query")
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte("{}"))
}

// stranger starts a server that must never be given a credential; its address
// is in $NAME_URL: stranger NAME. With a kind it is one that somebody took for
// a GitLab, and stands in the configuration: stranger NAME huge | 13.12 | page
func (s *play) stranger(ts *testscript.TestScript, args []string) {
	if len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: stranger NAME [huge | 13.12 | page]")
	}
	var h http.Handler
	if len(args) == 1 {
		o := &stranger{}
		s.others = append(s.others, o)
		h = o
	} else if h = oddities[args[1]]; h == nil {
		ts.Fatalf("there is no stranger %q", args[1])
	}
	server := httptest.NewServer(h)
	s.closers = append(s.closers, func() error { server.CloseClientConnections(); server.Close(); return nil })
	ts.Setenv(strings.ToUpper(args[0])+"_URL", server.URL)
	if len(args) == 2 {
		s.configure(ts, args[0], server.URL, canary(), nil)
	}
}

// oddities are servers that answer as no GitLab does.
var oddities = map[string]http.Handler{
	"huge": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { // an error of 64 MiB
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusForbidden)
		blanks := []byte(strings.Repeat(" ", 1<<20))
		for range 64 {
			if _, err := w.Write(blanks); err != nil {
				return
			}
		}
	}),
	"13.12": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // a GitLab from before there was /metadata
		w.Header().Set("Content-Type", "application/json")
		switch r.URL.Path {
		case "/api/v4/version":
			_, _ = w.Write([]byte(`{"version":"13.12.15-ee","revision":"1b7d4fa1d9d"}`))
		case "/api/v4/user":
			_, _ = w.Write([]byte(`{"id":1,"username":"root","name":"Administrator","state":"active","is_admin":true}`))
		default:
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(`{"error":"404 Not Found"}`))
		}
	}),
	"page": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<!DOCTYPE html><html><head><title>Sign in \x1b]0;owned\x07</title></head></html>"))
	}),
}
