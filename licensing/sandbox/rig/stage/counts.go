package stage

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"seatdeck/licensing/sandbox"
)

// judged is what the independent script says of one made-up instance.
type judged struct {
	Accounts, People, Billable int
	States                     map[string]int

	// Unlike counts the active accounts that GitLab made for itself and that
	// its REST lists do not tell from people: the word "bot" is false for them
	// (contract §5.1). The rules cannot know better; the flag does.
	Unlike int
}

// counted is what users counts says, by key; nil is unknown.
type counted map[string]*float64

// runProgram starts the program with an instance from the environment.
func runProgram(t *testing.T, environ []string, args ...string) (stdout string) {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	dir := t.TempDir()
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir = dir
	cmd.Env = append([]string{
		"HOME=" + dir, "SEATDECK_STATE_DIR=" + filepath.Join(dir, "state"), "SEATDECK_CACHE_DIR=" + filepath.Join(dir, "cache"),
		"TMPDIR=" + dir, "LANG=C.UTF-8",
	}, environ...)
	var out, talk bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &talk
	if err := cmd.Run(); err != nil {
		t.Fatalf("seatdeck %s: %v\n%s", strings.Join(args, " "), err, talk.Bytes())
	}
	return out.String()
}

func python(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("python3")
	switch {
	case err == nil:
		return path
	case Lab:
		t.Fatal("python3 is needed to judge the counts: apt-get install python3")
	default:
		t.Skip("python3 is needed to judge the counts")
	}
	return ""
}

// judge lets the independent script count what the sandbox made up.
func judge(t *testing.T, script, scenario, version string, seed int) judged {
	t.Helper()
	dump := runProgram(t, nil, "sandbox", "dump", "--truth", "--scenario", scenario, "--seed", fmt.Sprint(seed), "--set", "gitlab_version="+version)
	cmd := exec.CommandContext(t.Context(), python(t), script, "--json")
	cmd.Stdin = strings.NewReader(dump)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	var j judged
	if err := json.Unmarshal(out, &j); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(dump) {
		var a struct {
			State string
			Kind  string `json:"user_type"`
		}
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatal(err)
		}
		if a.State == "active" && slices.Contains([]string{"ghost", "placeholder", "import_user"}, a.Kind) {
			j.Unlike++
		}
	}
	return j
}

// count asks the program, over a real socket.
func count(t *testing.T, scenario, version string, seed int, set map[string]string) (counted, []string) {
	t.Helper()
	set["gitlab_version"] = version
	s, address, err := sandbox.Begin(sandbox.Config{Scenario: scenario, Seed: uint64(seed), Set: set}, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	out := runProgram(t, []string{"SEATDECK_URL=" + address, "SEATDECK_TOKEN=" + sandbox.TokenAdmin}, "users", "counts", "-o", "json")
	var doc struct {
		Counts []struct {
			Key   string
			Value *float64
		}
		Differences []string
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	c := counted{}
	for _, n := range doc.Counts {
		c[n.Key] = n.Value
	}
	return c, doc.Differences
}

// is fails unless the count under key is known and is n.
func (c counted) is(t *testing.T, key string, n int) {
	t.Helper()
	switch v, ok := c[key]; {
	case !ok:
		t.Errorf("there is no count %s", key)
	case v == nil:
		t.Errorf("%s is unknown, want %d", key, n)
	case *v != float64(n):
		t.Errorf("%s is %v, want %d", key, *v, n)
	}
}

// CountsAgree demands that users counts says what an independent script finds by
// the published seat rules: on both sides of the change of 18.9, and for plans
// that count guests and those that do not. The script is Python; it counts from
// roles and memberships, and shares nothing with the program but the sandbox's
// dump.
func CountsAgree(t *testing.T, script string) {
	t.Parallel()
	seeds := []int{1}
	if Lab {
		seeds = []int{1, 2, 3, 4, 5}
	}
	for _, seed := range seeds {
		for _, scenario := range []string{"ultimate", "premium", "over-limit"} {
			for _, version := range []string{"18.4.0-ee", "19.5.1-ee"} {
				t.Run(fmt.Sprintf("%s/%s/%d", scenario, version, seed), func(t *testing.T) {
					t.Parallel()
					want := judge(t, script, scenario, version, seed)
					got, _ := count(t, scenario, version, seed, map[string]string{})
					got.is(t, "billable_by_flag", want.Billable)
					got.is(t, "billable_users", want.Billable)
					got.is(t, "accounts", want.Accounts)
					if rule := got["billable_by_rule"]; rule != nil && *rule != float64(want.Billable+want.Unlike) {
						t.Errorf("by rule %v, want %d and %d, or unknown", *rule, want.Billable, want.Unlike)
					}
					for state, n := range want.States {
						got.is(t, "state_"+state, n)
					}
				})
			}
		}
	}
}

// CountsDisagree demands that where GitLab's flags lag behind the roles, both
// numbers are shown, and which of them the instance counts by. The script is
// that of [CountsAgree].
func CountsDisagree(t *testing.T, script string) {
	t.Parallel()
	const lag = 9
	want := judge(t, script, "premium", "18.4.0-ee", 1)
	got, why := count(t, "premium", "18.4.0-ee", 1, map[string]string{"flag_lag": fmt.Sprint(lag)})
	got.is(t, "billable_by_rule", want.Billable+want.Unlike)
	flag := got["billable_by_flag"]
	if flag == nil || *flag >= float64(want.Billable) {
		t.Fatalf("by flag %v, which does not lag", flag)
	}
	text := strings.Join(why, "\n")
	for _, says := range []string{"rule and GitLab's flag say different things", "the instance counts by"} {
		if !strings.Contains(text, says) {
			t.Errorf("the differences do not say %q:\n%s", says, text)
		}
	}
}
