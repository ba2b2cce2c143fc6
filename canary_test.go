package main

import (
	"encoding/base64"
	"encoding/hex"
	"flag"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// forms are the ways in which a token may hide in a file or stream.
func forms(token string) map[string]string {
	f := map[string]string{
		"plain": token, "url": url.QueryEscape(token), "path": url.PathEscape(token),
		"hex": hex.EncodeToString([]byte(token)), "HEX": strings.ToUpper(hex.EncodeToString([]byte(token))),
		"json": strings.ReplaceAll(token, "/", `\/`),
	}
	for name, enc := range map[string]*base64.Encoding{"base64": base64.RawStdEncoding, "base64url": base64.RawURLEncoding} {
		for shift := range 3 {
			// The token may begin at any byte of a group of three: leave out
			// the letters that also depend on its neighbours.
			body := enc.EncodeToString(append(make([]byte, shift), token...))
			first := []int{0, 2, 3}[shift]
			last := len(body) - (len(token)+shift)%3 // a cut group's last letter is shared
			f[name+string(rune('0'+shift))] = body[first:min(last, len(body))]
		}
	}
	return f
}

// leaksIn names the forms in which any of the tokens is in data.
func leaksIn(data string, tokens []string) (found []string) {
	for _, t := range tokens {
		for name, form := range forms(t) {
			if strings.Contains(data, form) {
				found = append(found, name)
			}
		}
	}
	return found
}

// search looks for the tokens in what was printed and in every file below dir
// but those that may hold one.
func search(dir, printed string, tokens []string, may func(path string) bool) (leaks []string, err error) {
	for _, form := range leaksIn(printed, tokens) {
		leaks = append(leaks, form+" in the output")
	}
	err = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() || may(path) {
			return err
		}
		b, err := os.ReadFile(path)
		for _, form := range leaksIn(string(b), tokens) {
			leaks = append(leaks, form+" in "+path)
		}
		return err
	})
	return leaks, err
}

// searchChildren looks for the tokens of all scripts in what the children of
// the program were given.
func (c *canaries) searchChildren(t *testing.T) {
	self, err := program()
	if err != nil {
		t.Fatal(err)
	}
	dir := childFolder(self)
	files, err := os.ReadDir(dir)
	if chosen := flag.Lookup("test.run").Value.String(); len(files) == 0 && strings.Contains(chosen, "/") {
		return // only some scripts ran, and they needed no child
	}
	if err != nil || len(files) == 0 {
		t.Fatalf("no script started a child: %v", err)
	}
	leaks, err := search(dir, "", c.tokens, func(string) bool { return false })
	if err != nil || len(leaks) > 0 {
		t.Fatalf("children were given a token: %q, %v", leaks, err)
	}
	t.Logf("%d tokens, %d children: none was given one", len(c.tokens), len(files))
}

// A planted token is found in every form, in files and in what is printed.
func TestPlantedLeaksAreFound(t *testing.T) {
	token := canary()
	plants := map[string]string{
		"plain": token, "url": url.QueryEscape(token), "hex": hex.EncodeToString([]byte(token)),
		"base64": base64.StdEncoding.EncodeToString([]byte("root:" + token + "!")),
		"json":   strings.ReplaceAll(token, "/", `\/`),
	}
	for shift := range 6 {
		pad := strings.Repeat("x", shift)
		plants["base64 after "+pad] = base64.StdEncoding.EncodeToString([]byte(pad + token + "tail"))
		plants["base64url after "+pad] = base64.URLEncoding.EncodeToString([]byte(pad + token))
	}
	for name, plant := range plants {
		dir := t.TempDir()
		never := func(string) bool { return false }
		if leaks, err := search(dir, "before "+plant+" after", []string{token}, never); err != nil || len(leaks) == 0 {
			t.Errorf("%s in the output: not found, %v", name, err)
		}
		file := filepath.Join(dir, "a", "b")
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte("\x00\xff"+plant), 0o600); err != nil {
			t.Fatal(err)
		}
		if leaks, err := search(dir, "", []string{token}, never); err != nil || len(leaks) == 0 {
			t.Errorf("%s in a file: not found, %v", name, err)
		}
		if leaks, err := search(dir, "", []string{canary()}, never); err != nil || len(leaks) > 0 {
			t.Errorf("%s: another token is found: %q, %v", name, leaks, err)
		}
	}
}

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
func (s *stage) stranger(ts *testscript.TestScript, args []string) {
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

// The stranger itself must notice a credential, or finding none proves nothing.
func TestStrangersNotice(t *testing.T) {
	for _, header := range []string{"Authorization", "PRIVATE-TOKEN", "Cookie"} {
		o := &stranger{}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set(header, "x")
		o.ServeHTTP(httptest.NewRecorder(), r)
		if len(o.credentials()) == 0 {
			t.Errorf("%s goes unnoticed", header)
		}
	}
	o := &stranger{}
	o.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/?private_token=x", nil))
	if !slices.Equal(o.credentials(), []string{"query"}) {
		t.Error("a parameter goes unnoticed")
	}
}
