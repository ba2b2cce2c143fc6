package stage

import (
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

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
