//go:build lab

package sandbox_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"seatdeck/licensing/sandbox"
)

// independentClients are GitLab clients written by others, as the
// distribution packages them. They are the outside judges of the sandbox: what
// they cannot use is wrong here, never there.
var independentClients = []struct {
	name        string
	interpreter string // the distribution's own, not one found on the way
	probe       []string
	script      string
	aptPackage  string
}{
	{"python", "/usr/bin/python3", []string{"-c", "import gitlab"}, "testdata/clients/client.py", "python3-gitlab"},
	{"ruby", "/usr/bin/ruby", []string{"-e", "require 'gitlab'"}, "testdata/clients/client.rb", "ruby-gitlab"},
	{"perl", "/usr/bin/perl", []string{"-MGitLab::API::v4", "-e", "1"}, "testdata/clients/client.pl", "libgitlab-api-v4-perl"},
}

// clientReport is what each script prints.
type clientReport struct {
	Client, Me, Version string
	Offset, Keyset      []int
	Total, Pages        *int // only where the client gives them
	One                 struct {
		ID              int
		Username, State string
	}
	Block, Unblock     any // the body true: a boolean, or what a client makes of it
	Blocked, Unblocked string
	License            struct {
		Plan        string
		UserLimit   int `json:"user_limit"`
		ActiveUsers int `json:"active_users"`
	}
	StatisticsUsers string `json:"statistics_users"`
	SettingBefore   any    `json:"setting_before"`
	SettingAfter    any    `json:"setting_after"`
	Refused         int
	Missing         int
}

func TestIndependentClients(t *testing.T) {
	for _, c := range independentClients {
		if out, err := exec.Command(c.interpreter, c.probe...).CombinedOutput(); err != nil {
			t.Errorf("%s: %s cannot be used (%v): apt-get install %s\n%s", c.name, c.script, err, c.aptPackage, out)
			continue
		}
		for _, version := range []string{"16.11.10-ee", "19.5.1-ee"} {
			t.Run(c.name+"/"+version, func(t *testing.T) { tryClient(t, c.interpreter, c.script, version) })
		}
	}
}

func tryClient(t *testing.T, interpreter, script, version string) {
	s, err := sandbox.New(sandbox.Config{Seed: 3, Set: map[string]string{"gitlab_version": version}})
	if err != nil {
		t.Fatal(err)
	}
	url, err := s.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	all, victim := accountsOf(t, s)

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, interpreter, script, url, sandbox.TokenOperator, strconv.Itoa(victim.ID))
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s%s", err, stdout.Bytes(), stderr.Bytes())
	}
	if stderr.Len() > 0 {
		t.Logf("stderr: %s", stderr.Bytes())
	}
	var got clientReport
	if err := json.Unmarshal(stdout.Bytes(), &got); err != nil {
		t.Fatalf("%v\n%s", err, stdout.Bytes())
	}
	t.Logf("%s: %d accounts by offset, %d by keyset, in %d requests", got.Client, len(got.Offset), len(got.Keyset), len(s.Requests()))

	slices.Sort(got.Offset)
	if !slices.Equal(got.Offset, all) {
		t.Errorf("by offset: %d accounts, want %d", len(got.Offset), len(all))
	}
	if !slices.Equal(got.Keyset, all) { // ascending as asked
		t.Errorf("by keyset: %d accounts, want %d", len(got.Keyset), len(all))
	}
	if got.Total != nil && (*got.Total != len(all) || *got.Pages != (len(all)+99)/100) {
		t.Errorf("totals: %d accounts on %d pages, want %d", *got.Total, *got.Pages, len(all))
	}
	if got.Me != "root" || got.Version != version {
		t.Errorf("I am %s on %s", got.Me, got.Version)
	}
	if got.One.ID != victim.ID || got.One.Username != victim.Username || got.One.State != "active" {
		t.Errorf("one user: %+v, want %+v", got.One, victim)
	}
	if got.Block != true && got.Block != 1.0 || got.Blocked != "blocked" || got.Unblock != true && got.Unblock != 1.0 || got.Unblocked != "active" {
		t.Errorf("block %v -> %s, unblock %v -> %s", got.Block, got.Blocked, got.Unblock, got.Unblocked)
	}
	if got.License.Plan != "ultimate" || got.License.UserLimit == 0 || got.License.ActiveUsers == 0 {
		t.Errorf("license %+v", got.License)
	}
	if want := strconv.Itoa(len(all)); strings.ReplaceAll(got.StatisticsUsers, ",", "") != want || !strings.Contains(got.StatisticsUsers, ",") {
		t.Errorf("statistics say %q users, want %s with a comma", got.StatisticsUsers, want)
	}
	if got.SettingBefore == got.SettingAfter {
		t.Errorf("the setting stayed %v", got.SettingAfter)
	}
	if got.Refused != 401 || got.Missing != 404 {
		t.Errorf("a wrong token gives %d, a missing user %d", got.Refused, got.Missing)
	}
}

type truthLine struct {
	ID              int
	Username, State string
	UserType        string `json:"user_type"`
}

// accountsOf lists all ids from the truth, and one person who can be blocked.
func accountsOf(t *testing.T, s *sandbox.Server) (ids []int, victim truthLine) {
	t.Helper()
	var dump bytes.Buffer
	if err := s.DumpTruth(&dump); err != nil {
		t.Fatal(err)
	}
	dec := json.NewDecoder(&dump)
	for dec.More() {
		var line truthLine
		if err := dec.Decode(&line); err != nil {
			t.Fatal(err)
		}
		if line.ID == 0 {
			continue // the header
		}
		ids = append(ids, line.ID)
		if line.UserType == "human" && line.State == "active" && line.Username != "root" {
			victim = line
		}
	}
	return ids, victim
}

// TestIndependentGraphQLEngine: another engine builds the schema from what
// introspection tells, and agrees about every document of a list.
func TestIndependentGraphQLEngine(t *testing.T) {
	const python, script = "/usr/bin/python3", "testdata/clients/schema.py"
	if out, err := exec.Command(python, "-c", "import graphql").CombinedOutput(); err != nil {
		t.Fatalf("%s cannot be used (%v): apt-get install python3-graphql-core\n%s", script, err, out)
	}
	for version, fine := range map[string]int{"14.1.0-ee": 5, "16.11.10-ee": 6, "19.5.1-ee": 6} {
		t.Run(version, func(t *testing.T) {
			s, err := sandbox.New(sandbox.Config{Seed: 3, Set: map[string]string{"gitlab_version": version}})
			if err != nil {
				t.Fatal(err)
			}
			url, err := s.Start("127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			}()
			out, err := exec.CommandContext(t.Context(), python, script, url, sandbox.TokenOperator).Output()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			var seen struct {
				Types     int
				Documents []struct {
					Query, Message string
					Here, There    bool
				}
			}
			if err := json.Unmarshal(out, &seen); err != nil {
				t.Fatal(err)
			}
			agreed := 0
			for _, d := range seen.Documents {
				if d.Here != d.There {
					t.Errorf("%s: fine for the other engine %t, for the sandbox %t: %s", d.Query, d.Here, d.There, d.Message)
				}
				if d.Here {
					agreed++
				}
			}
			if agreed != fine || len(seen.Documents) < 20 {
				t.Errorf("%d of %d documents are fine, want %d", agreed, len(seen.Documents), fine)
			}
			t.Logf("%d types; %d documents, %d fine for both", seen.Types, len(seen.Documents), agreed)
		})
	}
}
