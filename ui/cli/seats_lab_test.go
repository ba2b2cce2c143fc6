//go:build lab

package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"seatdeck/licensing"
	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
	"seatdeck/model/hostile"
)

// scratch writes a file for a script of another language.
func scratch(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// python runs a script that judges, and shows the line it ends with.
func python(t *testing.T, args ...string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "python3", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%.3000s", args[0], err, out)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	t.Log(lines[len(lines)-1])
}

func asJSONText(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// said is what the program says of one instance, for the independent script.
type said struct {
	Accounts  map[int64]saidAccount `json:"accounts"`
	Filters   map[string][]int64    `json:"filters"`
	Breakdown model.Breakdown       `json:"breakdown"`
}

type saidAccount struct {
	Billable model.Opt[bool]       `json:"billable"`
	State    string                `json:"state"`
	Why      string                `json:"why"`
	Rule     *string               `json:"rule,omitempty"` // with the memberships read
	Deciding model.Opt[model.Role] `json:"deciding"`
	Told     string                `json:"told"` // the rule once the server told the roles
	Role     model.Opt[model.Role] `json:"role"`
}

// judgedFilters are those that the script judges.
var judgedFilters = []string{
	"billable:yes", "billable:no", "kind:bot", "-kind:bot billable:no state:active", "state:blocked,banned", "state:pending",
	"-state:active", "why:inactive", "why:bot",
}

// TestLabSeatsAgreeWithTheTruth: reasons, filters and breakdown equal what an
// independent script finds by roles alone, for five seeds, four scenarios and
// both eras. The reason of every third account is asked with its memberships, and
// that of all of them by the roles that the server tells.
func TestLabSeatsAgreeWithTheTruth(t *testing.T) {
	for seed := range uint64(5) {
		for _, scenario := range []string{"ultimate", "premium", "over-limit", "expiring"} {
			for _, version := range []string{"18.4.0-ee", "19.5.1-ee"} {
				t.Run(fmt.Sprintf("%s/%s/%d", scenario, version, seed+1), func(t *testing.T) {
					r := rig.New(t, rig.Options{Scenario: scenario, Seed: seed + 1, Memory: true, Set: map[string]string{"gitlab_version": version}})
					v := r.Refreshed(t.Context())
					var truth bytes.Buffer
					if err := r.Sandbox.DumpTruth(&truth); err != nil {
						t.Fatal(err)
					}
					answers := sayEverything(t, r.Desk, v)
					python(t, "testdata/truth/seats.py", scratch(t, "truth", truth.Bytes()), scratch(t, "answers", asJSONText(t, answers)))
				})
			}
		}
	}
}

func sayEverything(t *testing.T, d *licensing.Desk, v *licensing.View) said {
	t.Helper()
	r, err := d.Roster(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	env := v.QueryEnv(r)
	out := said{Accounts: map[int64]saidAccount{}, Filters: map[string][]int64{}, Breakdown: model.BreakdownOf(r, env)}
	for i := range r.Len() {
		a := r.At(i)
		s := saidAccount{Billable: env.Billable(i), State: a.State.String(), Why: env.Why(i)}
		if i%3 == 0 {
			list, err := d.Memberships(t.Context(), a.ID)
			if err != nil {
				t.Fatal(err)
			}
			why := v.Why(a, model.Some(list))
			s.Rule = &why.Verdict.Rule.ID
			if m, ok := why.Deciding.Get(); ok {
				s.Deciding = model.Some(m.Role)
			}
			if why.Verdict.Counted() != s.Billable {
				t.Errorf("account %d counts otherwise once its memberships are read: %+v", a.ID, why.Verdict)
			}
		}
		out.Accounts[a.ID] = s
	}
	v, err = d.ReadRoles(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, env := 0, v.QueryEnv(r); i < r.Len(); i++ {
		s := out.Accounts[r.ID(i)]
		s.Told, s.Role = env.Why(i), env.Role(i)
		if env.Billable(i) != s.Billable {
			t.Errorf("account %d counts otherwise once its role is read", r.ID(i))
		}
		out.Accounts[r.ID(i)] = s
	}
	for _, text := range judgedFilters {
		q, err := model.ParseQuery(text)
		if err != nil {
			t.Fatal(err)
		}
		idx, err := model.Filter(t.Context(), r, q, env, nil)
		if err != nil {
			t.Fatal(err)
		}
		out.Filters[text] = r.IDs(idx)
	}
	return out
}

// TestLabFiltersEqualPython: two hundred made-up filters, carried out by the
// verb, against the same filters evaluated in Python over what it lists.
func TestLabFiltersEqualPython(t *testing.T) {
	b := newBench(t, rig.Options{Users: 1200})
	rows, _ := b.must(0, "users", "list", "-o", "jsonl")
	lines := strings.Split(strings.TrimSpace(rows), "\n")
	rng := rand.New(rand.NewPCG(200, 4))
	var cases bytes.Buffer
	found := 0
	for range 200 {
		filter := madeUpFilter(t, rng, lines)
		out, _ := b.must(0, "users", "list", "--offline", "-q", "-o", "plain", "--columns", "id", "--filter", filter)
		ids := []int64{}
		for _, f := range strings.Fields(out) {
			id, err := strconv.ParseInt(f, 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, id)
		}
		if len(ids) > 0 {
			found++
		}
		cases.Write(append(asJSONText(t, []any{filter, ids}), '\n'))
	}
	if found < 60 {
		t.Errorf("only %d filters held for anybody", found)
	}
	python(t, "testdata/truth/filter.py", model.DayOf(b.Clock.Now()).String(), scratch(t, "rows", []byte(rows)), scratch(t, "cases", cases.Bytes()))
}

// madeUpFilter joins one to three terms, with pieces of a listed account.
func madeUpFilter(t *testing.T, rng *rand.Rand, lines []string) string {
	t.Helper()
	var u struct {
		ID                    int64
		Username, Name, Email string
	}
	if err := json.Unmarshal([]byte(lines[rng.IntN(len(lines))]), &u); err != nil {
		t.Fatal(err)
	}
	pick := func(s ...string) string { return s[rng.IntN(len(s))] }
	when := func() string {
		if op := pick("<", "<=", ">", ">="); rng.IntN(2) == 0 {
			return op + strconv.Itoa(rng.IntN(500)) + "d"
		}
		day := model.DayOf(rig.Start).Add(-rng.IntN(1400)).String()
		return pick("", "<", "<=", ">", ">=") + day[:[]int{4, 7, 10}[rng.IntN(3)]]
	}
	terms := make([]string, 1+rng.IntN(3))
	for i := range terms {
		terms[i] = pick("", "", "", "-") + pick(
			"state:"+pick("active", "blocked,banned", "pending", "deactivated", "ldap_blocked,unknown"), "billable:"+pick("yes", "no", "unknown,yes"),
			"recency:"+pick("recent", "idle,dormant", "never"), "idle:"+pick("<", ">", "<=", ">=")+strconv.Itoa(rng.IntN(300))+"d"+pick("", ",never"),
			"created:"+when(), "signed-in:"+pick(when(), "never", when()+",never"), "kind:"+pick("human", "bot"), pick("admin", "external", "2fa")+":"+pick("yes", "no"),
			"provider:"+pick("ldapmain", "saml", "none", "SAML,none"), "domain:"+pick(u.Email[strings.LastIndexByte(u.Email, '@')+1:], "none", "example.com"),
			"why:"+pick("inactive", "bot,inactive", "role-not-listed"), fmt.Sprintf("id:%d,%d", u.ID, 1+rng.IntN(1200)),
			u.Username[:1+rng.IntN(min(4, len(u.Username)))], `"`+u.Name+`"`, strings.ToUpper(u.Username), "a", strconv.FormatInt(u.ID, 10),
		)
	}
	return strings.Join(terms, " ")
}

// TestLabHostileNamesInCSV: no cell of an export can be calculated, read back
// here and in Python, and what is behind the apostrophe is the cleaned text.
func TestLabHostileNamesInCSV(t *testing.T) {
	texts := hostile.Strings()
	for _, start := range []string{"=", "+", "-", "@", ";", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "\u00a0=", "\"=", "'=", "\u3000@"} {
		texts = append(texts, start+`cmd|' /C calc'!A0`, start+"1+1", start)
	}
	b := model.NewRosterBuilder(len(texts))
	expected := make([][]string, len(texts))
	for i, s := range texts {
		a := model.Account{ID: int64(i + 1), Username: model.Clean(s), Name: model.Clean(s + "\"\n" + s), Email: model.Clean(s + "@x"), Provider: model.Clean(s)}
		b.Add(a)
		expected[i] = []string{a.Username.String(), a.Name.String(), a.Email.String(), a.Provider.String()}
	}
	r := b.Build(model.Live(rig.Start), true)
	cols, err := chooseColumns("username,name,email,provider")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "users.csv")
	var out bytes.Buffer
	if err := writeCSV(&out, userSheet(&licensing.View{Now: rig.Start}, r, r.All(), cols)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(rows) != len(texts)+1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, row := range rows[1:] {
		for k, cell := range row {
			bare := strings.TrimLeft(cell, " \u00a0\u3000\"")
			if want := expected[i][k]; cell != want && cell != "'"+want || strings.IndexAny(bare, "=+-@;\t\r\n＝＋－＠；") == 0 {
				t.Errorf("row %d: %q for the text %q", i, cell, want)
			}
		}
	}
	python(t, "testdata/truth/cells.py", path, scratch(t, "expected", asJSONText(t, expected)))
}

// TestLabMillionRowsStream: writing a million rows keeps nothing of them. The
// roster itself is there before and after, and is told.
func TestLabMillionRowsStream(t *testing.T) {
	const rows = 1_000_000
	b := model.NewRosterBuilder(rows)
	for i := range rows {
		name := "user" + strconv.Itoa(i)
		b.Add(model.Account{
			ID: int64(i + 1), Username: model.Clean(name), Name: model.Clean("User Number " + strconv.Itoa(i)), Email: model.Clean(name + "@example.com"),
			State: model.StateActive, Flags: model.FlagSeat | model.FlagSeatKnown, Created: model.DayOf(rig.Start), LastActivity: model.DayOf(rig.Start),
		})
	}
	r := b.Build(model.Live(rig.Start), true)
	b = nil
	idx := r.All()
	for form, n := range map[format]int{asCSV: rows, asJSONL: rows / 8, asJSON: rows / 8} {
		s := userSheet(&licensing.View{Now: rig.Start}, r, idx[:n], userColumns)
		w := &heapWatch{before: liveHeap()}
		began := time.Now()
		var err error
		switch form {
		case asCSV:
			err = writeCSV(w, s)
		case asJSONL:
			err = writeJSONL(w, s)
		case asJSON:
			err = writeUsersJSON(w, &usersHead{}, s)
		}
		if err != nil || w.lines < n {
			t.Fatalf("%s: %d lines, %v", form, w.lines, err)
		}
		t.Logf("%s: %d lines, %d MB, in %v; at most %.1f MB kept beside the %.1f MB of the roster", form, w.lines, w.bytes>>20,
			time.Since(began).Round(time.Millisecond), float64(w.peak)/(1<<20), float64(w.before)/(1<<20))
		if w.peak > 8<<20 {
			t.Errorf("%s: writing keeps %d MB", form, w.peak>>20)
		}
	}
	runtime.KeepAlive(r)
}

// liveHeap is how much of the heap is in use once garbage is gone.
func liveHeap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// heapWatch counts what is written and looks at what is kept now and then.
type heapWatch struct {
	lines, bytes int
	before, peak uint64
	next         int
}

func (w *heapWatch) Write(p []byte) (int, error) {
	w.lines += bytes.Count(p, []byte{'\n'})
	if w.bytes += len(p); w.bytes > w.next {
		w.next = w.bytes + 16<<20
		now := liveHeap()
		w.peak = max(w.peak, now-min(now, w.before))
	}
	return len(p), nil
}
