package sandbox_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"seatdeck/licensing/sandbox"
)

const countsScript = "testdata/truth/counts.py"

// needPython gives the interpreter for the independent script.
func needPython(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("python3")
	switch {
	case err == nil:
		return path
	case pythonRequired:
		t.Fatal("python3 is missing: apt-get install python3")
	default:
		t.Skip("skipped: python3 is missing, so nothing independent can count (apt-get install python3)")
	}
	return ""
}

// counts is the script's answer.
type counts struct {
	Plan, Version    string
	Licensed         bool
	Accounts, People int
	States, Kinds    map[string]int
	Billable         int
	BillableIDs      []int `json:"billable_ids"`
}

// runCounts counts each dump, in one run of the script.
func runCounts(t *testing.T, python string, dumps [][]byte, args ...string) []counts {
	t.Helper()
	args = append([]string{countsScript, "--json"}, args...)
	for i, dump := range dumps {
		file := filepath.Join(t.TempDir(), fmt.Sprint(i, ".jsonl"))
		if err := os.WriteFile(file, dump, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	cmd := exec.Command(python, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", countsScript, err, stderr.Bytes())
	}
	answers := make([]counts, len(dumps))
	dec := json.NewDecoder(bytes.NewReader(out))
	for i := range answers {
		if err := dec.Decode(&answers[i]); err != nil {
			t.Fatal(err)
		}
	}
	return answers
}

// TestCountsScriptKnowsTheTable: the rows of the published table, one account
// each (contract §6.1). Columns: ultimate, premium before 18.9, premium since.
func TestCountsScriptKnowsTheTable(t *testing.T) {
	t.Parallel() // mostly waits for an interpreter
	python := needPython(t)
	const minimal, guest, elevated, planner, developer, request = "5", "10", "10+", "15", "30", "30?"
	rows := []struct {
		what, state, kind string
		roles             []string
		want              string
	}{
		{"guest only", "active", "human", []string{guest}, "-BB"},
		{"minimal access only", "active", "human", []string{minimal}, "-B-"},
		{"minimal access and guest", "active", "human", []string{minimal, guest}, "-BB"},
		{"no membership", "active", "human", nil, "-BB"},
		{"elevating custom role on guest", "active", "human", []string{elevated}, "BBB"},
		{"planner", "active", "human", []string{guest, planner}, "BBB"},
		{"developer", "active", "human", []string{developer}, "BBB"},
		{"request only", "active", "human", []string{request}, "-BB"},
		{"guest who asks for more", "active", "human", []string{guest, request}, "-BB"},
		{"minimal access and a request", "active", "human", []string{minimal, request}, "-B-"},
		{"project bot", "active", "project_bot", []string{developer}, "---"},
		{"service account", "active", "service_account", []string{developer}, "---"},
		{"ghost", "active", "ghost", nil, "---"},
		{"placeholder", "active", "placeholder", nil, "---"},
		{"import user", "active", "import_user", []string{developer}, "---"},
		{"blocked", "blocked", "human", []string{developer}, "---"},
		{"blocked by LDAP", "ldap_blocked", "human", []string{developer}, "---"},
		{"deactivated", "deactivated", "human", []string{developer}, "---"},
		{"banned", "banned", "human", []string{developer}, "---"},
		{"pending", "blocked_pending_approval", "human", []string{developer}, "---"},
	}
	var dump strings.Builder
	fmt.Fprintf(&dump, `{"plan":"ultimate","version":"19.5.1-ee","accounts":%d}`+"\n", len(rows))
	for i, r := range rows {
		members := []string{}
		for _, role := range r.roles {
			level := strings.TrimRight(role, "+?")
			members = append(members, fmt.Sprintf(`{"source_type":"Namespace","source_id":1,"access_level":%s,"request":%t,"custom_role_occupies_seat":%t}`,
				level, strings.HasSuffix(role, "?"), strings.HasSuffix(role, "+")))
		}
		fmt.Fprintf(&dump, `{"id":%d,"username":"u","state":%q,"user_type":%q,"memberships":[%s]}`+"\n", i+1, r.state, r.kind, strings.Join(members, ","))
	}
	for column, args := range [][]string{nil, {"--plan", "premium", "--version", "18.8.4"}, {"--plan", "premium", "--version", "18.9.0"}} {
		got := runCounts(t, python, [][]byte{[]byte(dump.String())}, args...)[0]
		for i, r := range rows {
			if billable := slices.Contains(got.BillableIDs, i+1); billable != (r.want[column] == 'B') {
				t.Errorf("%s, column %d: billable is %t, want %q", r.what, column, billable, r.want[column])
			}
		}
		if got.Billable != len(got.BillableIDs) || got.Accounts != len(rows) {
			t.Errorf("column %d: %+v", column, got)
		}
	}
	// A dump that was cut, or tells of something new, is refused.
	for _, broken := range []string{"", "{}\n", strings.Replace(dump.String(), `"accounts":20`, `"accounts":21`, 1), strings.Replace(dump.String(), `"ghost"`, `"poltergeist"`, 1)} {
		cmd := exec.Command(python, countsScript, "--json")
		cmd.Stdin = strings.NewReader(broken)
		if out, err := cmd.Output(); err == nil {
			t.Errorf("accepted %.60q: %s", broken, out)
		}
	}
}

// flagged reads what the instance itself says of every account.
type flagged struct {
	states   map[string]int
	seats    []int
	accounts int
	d        int // active_users of GET /license
}

func askInstance(t *testing.T, s *sandbox.Server) flagged {
	t.Helper()
	get := func(path string, into any) http.Header {
		t.Helper()
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("PRIVATE-TOKEN", sandbox.TokenOperator)
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", path, w.Code, w.Body)
		}
		if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
			t.Fatal(err)
		}
		return w.Header()
	}
	out := flagged{states: map[string]int{}}
	next := "http://example.com/api/v4/users?pagination=keyset&order_by=id&sort=asc&per_page=100"
	for next != "" {
		var page []struct {
			ID    int
			State string
			Seat  *bool `json:"using_license_seat"`
		}
		link := get(next, &page).Get("Link")
		for _, u := range page {
			out.accounts++
			out.states[u.State]++
			if u.Seat == nil {
				t.Fatalf("account %d has no using_license_seat", u.ID)
			}
			if *u.Seat {
				out.seats = append(out.seats, u.ID)
			}
		}
		next = ""
		for part := range strings.SplitSeq(link, ", ") {
			if address, isNext := strings.CutSuffix(part, `>; rel="next"`); isNext {
				next = strings.TrimPrefix(address, "<")
			}
		}
	}
	var l *struct {
		ActiveUsers int `json:"active_users"`
	}
	if get("/api/v4/license", &l); l != nil {
		out.d = l.ActiveUsers
	}
	return out
}

func newTruth(t *testing.T, scenario string, seed uint64, set map[string]string) (*sandbox.Server, []byte) {
	t.Helper()
	now := time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)
	s, err := sandbox.New(sandbox.Config{Scenario: scenario, Seed: seed, Set: set, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	var dump bytes.Buffer
	if err := s.DumpTruth(&dump); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(dump.Bytes(), []byte("using_license_seat")) || bytes.Contains(dump.Bytes(), []byte("billable")) {
		t.Fatal("the dump tells what the script is to find out")
	}
	return s, dump.Bytes()
}

// TestInstanceAgreesWithTheTruth: every flag and the daily count, against the
// script, on both sides of 18.9.
func TestInstanceAgreesWithTheTruth(t *testing.T) {
	t.Parallel() // mostly waits for an interpreter
	python := needPython(t)
	type instance struct {
		name   string
		server *sandbox.Server
	}
	var instances []instance
	var dumps [][]byte
	for _, scenario := range []string{"ultimate", "premium", "over-limit"} {
		for seed := uint64(1); seed <= 5; seed++ {
			for _, version := range []string{"18.4.0", "19.5.1"} {
				s, dump := newTruth(t, scenario, seed, map[string]string{"gitlab_version": version})
				instances = append(instances, instance{fmt.Sprintf("%s/%d/%s", scenario, seed, version), s})
				dumps = append(dumps, dump)
			}
		}
	}
	truth := runCounts(t, python, dumps)
	for i, in := range instances {
		t.Run(in.name, func(t *testing.T) {
			want, got := truth[i], askInstance(t, in.server)
			if got.accounts != want.Accounts || !maps.Equal(got.states, want.States) {
				t.Errorf("instance: %d accounts %v; truth: %d %v", got.accounts, got.states, want.Accounts, want.States)
			}
			if !slices.Equal(got.seats, want.BillableIDs) {
				t.Errorf("flags of %d accounts, truth has %d", len(got.seats), want.Billable)
			}
			if got.d != want.Billable || want.Billable == 0 || want.Billable == want.Accounts {
				t.Errorf("the daily count is %d, truth %d of %d", got.d, want.Billable, want.Accounts)
			}
			// The same people on both sides of 18.9: Minimal Access became free.
			if i%2 == 1 && want.Plan == "premium" && truth[i-1].Billable <= want.Billable {
				t.Errorf("%d billable before 18.9, %d since", truth[i-1].Billable, want.Billable)
			}
		})
	}
}

// TestLaggingFlagsDisagree: the knob makes as many flags wrong as it says; the
// count, which does not read them, stays right.
func TestLaggingFlagsDisagree(t *testing.T) {
	t.Parallel() // mostly waits for an interpreter
	python := needPython(t)
	s, dump := newTruth(t, "ultimate", 2, map[string]string{"flag_lag": "7"})
	want, got := runCounts(t, python, [][]byte{dump})[0], askInstance(t, s)
	wrong := 0
	for id := range want.Accounts * 3 {
		if slices.Contains(got.seats, id) != slices.Contains(want.BillableIDs, id) {
			wrong++
		}
	}
	if wrong != 7 || got.d != want.Billable {
		t.Errorf("%d flags are wrong, want 7; the count is %d, want %d", wrong, got.d, want.Billable)
	}
}

// TestFreeInstanceFlagsNobody: without a licence no account uses a seat
// (contract §5.1), whatever the rules would count.
func TestFreeInstanceFlagsNobody(t *testing.T) {
	t.Parallel() // mostly waits for an interpreter
	python := needPython(t)
	s, dump := newTruth(t, "free", 1, nil)
	want, got := runCounts(t, python, [][]byte{dump})[0], askInstance(t, s)
	if want.Licensed || len(got.seats) != 0 || got.accounts != want.Accounts {
		t.Errorf("licensed %t, %d flags, %d accounts", want.Licensed, len(got.seats), got.accounts)
	}
}
