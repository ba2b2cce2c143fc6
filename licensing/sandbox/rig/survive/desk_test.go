package survive

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"seatdeck/licensing/sandbox"
)

// users is how many accounts an instance has unless a test says otherwise.
const users = 2000

// born is the time that every made-up instance shows, so that nothing changes
// on it while a test runs.
var born = sync.OnceValue(time.Now)

// instance is one address behind which the made-up GitLab can be exchanged.
type instance struct {
	url string
	now atomic.Pointer[sandbox.Server]
}

func newInstance(t *testing.T, s *sandbox.Server) *instance {
	in := &instance{}
	in.now.Store(s)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { in.now.Load().Handler().ServeHTTP(w, r) }))
	t.Cleanup(web.Close)
	in.url = web.URL
	return in
}

// generation makes an instance that differs from those of other numbers in
// seats, counts and accounts, and is the same instance by its uuid.
func generation(t *testing.T, n, accounts int) *sandbox.Server {
	t.Helper()
	s, err := sandbox.New(sandbox.Config{
		Scenario: "ultimate", Seed: 1, Users: accounts + 17*n, Now: func() time.Time { return born() },
		Set: map[string]string{"seats": fmt.Sprint(accounts + 100 + 31*n)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// desk is one administrator's machine: configuration, record and cache.
type desk struct {
	t            *testing.T
	in           *instance
	dir          string
	state, cache string

	mu      sync.Mutex
	leashes []leash
}

func newDesk(t *testing.T, in *instance) *desk {
	t.Helper()
	dir := t.TempDir()
	d := &desk{t: t, in: in, dir: dir, state: filepath.Join(dir, "state"), cache: filepath.Join(dir, "cache")}
	t.Cleanup(d.settled) // a writer may outlive the console that it works for
	d.write("token", sandbox.TokenAdmin)
	d.write("config.toml", fmt.Sprintf("default = \"prod\"\n[instances.prod]\nurl = %q\ntoken_file = %q\n", in.url, filepath.Join(dir, "token")))
	return d
}

// plainDesk is a desk of the first generation.
func plainDesk(t *testing.T) *desk {
	t.Helper()
	return newDesk(t, newInstance(t, generation(t, 0, users)))
}

func (d *desk) write(name, text string) {
	d.t.Helper()
	if err := os.WriteFile(filepath.Join(d.dir, name), []byte(text), 0o600); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) environ() []string {
	return []string{"LANG=C.UTF-8", "TERM=xterm-256color", "HOME=" + d.dir, "TMPDIR=" + d.dir,
		"SEATDECK_CONFIG=" + filepath.Join(d.dir, "config.toml"), "SEATDECK_STATE_DIR=" + d.state, "SEATDECK_CACHE_DIR=" + d.cache}
}

// truth is what the verbs show of one reading, without its age: facts, and what
// is counted in the accounts. Empty means that it is not known.
type truth struct{ facts, rows string }

// truths are those of the generations that somebody asked for, by number.
var truths struct {
	sync.Mutex
	of map[int]truth
}

// truthOf reads the truth of a generation at a desk of its own, once for all
// tests.
func truthOf(t *testing.T, n int) truth {
	t.Helper()
	truths.Lock()
	defer truths.Unlock()
	if v, ok := truths.of[n]; ok {
		return v
	}
	d := newDesk(t, newInstance(t, generation(t, n, users)))
	d.exits(0, "users", "counts")
	v := d.kept()
	if v.facts == "" || v.rows == "" {
		t.Fatalf("the truth is incomplete: %+v", v)
	}
	if truths.of == nil {
		truths.of = map[int]truth{}
	}
	truths.of[n] = v
	return v
}

// kept is what the desk shows without asking the instance. What it shows must
// be whole, or refused with a documented code and in words.
func (d *desk) kept() (v truth) {
	d.t.Helper()
	if r := d.offline("status"); r.code == 0 {
		v.facts = facts(d.t, r.out)
	}
	if r := d.offline("users", "counts"); r.code == 0 {
		v.rows = rows(d.t, r.out)
	}
	return v
}

// offline runs a verb that sends nothing: it ends well, or says why nothing can
// be shown. Its code is that of damage (1), of no cache (7), or of a lock (75),
// which it has if, and only if, somebody holds one.
func (d *desk) offline(verb ...string) result {
	d.t.Helper()
	r := d.run(append(verb, "--offline", "-o", "json")...)
	if r.code == 0 {
		return r
	}
	var doc struct{ Message, Next string }
	if err := json.Unmarshal([]byte(r.err), &doc); err != nil || doc.Message == "" || doc.Next == "" || r.out != "" {
		d.t.Errorf("seatdeck %q --offline ends with %d: %q, %q", verb, r.code, r.out, r.err)
	}
	if held := strings.Contains(doc.Message, "held by"); held != (r.code == 75) || !held && r.code != 1 && r.code != 7 {
		d.t.Errorf("seatdeck %q --offline ends with %d: %q", verb, r.code, doc.Message)
	}
	return r
}

// facts are all values in the answer of status that come of questions, not of
// the list of accounts.
func facts(t *testing.T, out string) string {
	t.Helper()
	var s struct {
		Subscription, Registration struct{ Value map[string]any }
		Users                      map[string]struct{ Value any }
	}
	if err := json.Unmarshal([]byte(out), &s); err != nil || len(s.Subscription.Value) == 0 {
		t.Fatalf("status: %v in %s", err, out)
	}
	delete(s.Subscription.Value, "days_left")    // of today, not of the reading
	delete(s.Registration.Value, "pinned_as_of") // the time of the reading, not a value
	picked := map[string]any{"subscription": s.Subscription.Value, "registration": s.Registration.Value}
	for _, key := range []string{"billable_users", "maximum_users", "free_seats", "accounts_estimate"} {
		picked[key] = s.Users[key].Value
	}
	return canonical(t, picked)
}

// rows are all counts that come of the list of accounts; empty when it is not
// there.
func rows(t *testing.T, out string) string {
	t.Helper()
	var c struct {
		Counts []struct {
			Key   string
			Value any
		}
	}
	if err := json.Unmarshal([]byte(out), &c); err != nil {
		t.Fatalf("users counts: %v in %s", err, out)
	}
	picked := map[string]any{}
	for _, n := range c.Counts {
		if slices.Contains([]string{"accounts", "humans", "bots", "billable_by_flag"}, n.Key) || strings.HasPrefix(n.Key, "state_") {
			picked[n.Key] = n.Value
		}
	}
	if picked["accounts"] == nil {
		return ""
	}
	return canonical(t, picked)
}

func canonical(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v) // sorts keys
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// sound checks the record.
func (d *desk) sound() {
	d.t.Helper()
	if r := d.exits(0, "journal", "verify"); !strings.Contains(r.out, "ok") {
		d.t.Errorf("journal verify: %s", r.out)
	}
}

// find lists what lies below a folder and matches the pattern, relative to it.
func find(t *testing.T, dir, pattern string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if ok, _ := filepath.Match(pattern, filepath.Base(path)); ok && err == nil && path != dir {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// copyTree copies a folder with all modes.
func copyTree(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		if e.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), info.Mode().Perm())
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), b, info.Mode().Perm())
	})
	if err != nil {
		t.Fatal(err)
	}
}
