package stage

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"flag"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
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

// canary makes a token that nothing else in the world looks like. Its plus and
// slash look different in a URL.
func canary() string {
	b := make([]byte, 12)
	_, _ = rand.Read(b) // never fails
	return "glpat-x+y/" + base64.RawURLEncoding.EncodeToString(b)
}

// canaries gathers the tokens of all scripts.
type canaries struct {
	mu     sync.Mutex
	tokens []string
}

func (c *canaries) add(token string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tokens = append(c.tokens, token)
}
