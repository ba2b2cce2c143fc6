package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
)

// truthOf is an account as the made-up server has it.
type truthOf struct {
	ID          int64
	State       string
	Kind        string `json:"user_type"`
	Memberships []struct {
		Level   int  `json:"access_level"`
		Request bool `json:"request"`
		Lifted  bool `json:"custom_role_occupies_seat"`
	}
}

// role is the highest role by its word, and whether a custom role lifts it.
func (a truthOf) role() (word string, lifted bool) {
	top := 0
	for _, m := range a.Memberships {
		if !m.Request {
			top, lifted = max(top, m.Level), lifted || m.Lifted
		}
	}
	return map[int]string{0: "none", 5: "minimal", 10: "guest", 15: "planner", 20: "reporter", 30: "developer", 40: "maintainer", 50: "owner"}[top], lifted
}

// rule is what contract §6.1 says of the account, read from its words.
func (a truthOf) rule(ultimate, minimalFree bool) (rule string, seat bool) {
	role, lifted := a.role()
	made := a.Kind == "ghost" || a.Kind == "placeholder" || a.Kind == "import_user"
	switch {
	case a.State != "active":
		return "inactive", false
	case a.Kind != "human" && !made:
		return "bot", false
	case ultimate && role == "none":
		return "ultimate-no-membership", false
	case ultimate && role == "minimal":
		return "ultimate-minimal", false
	case ultimate && role == "guest" && lifted && !made:
		return "ultimate-custom-guest", true
	case ultimate && role == "guest":
		return "ultimate-guest", false
	case minimalFree && !ultimate && role == "minimal":
		return "minimal-free", false
	case made:
		return "internal", false
	case ultimate:
		return "ultimate-above-guest", true
	}
	return "every-active", true
}

// TestRolesEqualTheTruth: once the server told the roles, every account's role,
// reason and seat is that of the truth, in both eras, also for the next process.
func TestRolesEqualTheTruth(t *testing.T) {
	for _, tt := range []struct {
		scenario, version     string
		ultimate, minimalFree bool
	}{
		{"ultimate", "19.5.1-ee", true, true}, {"ultimate", "18.4.0-ee", true, false},
		{"premium", "19.5.1-ee", false, true}, {"premium", "18.4.0-ee", false, false},
	} {
		t.Run(tt.scenario+" "+tt.version, func(t *testing.T) {
			b := newBench(t, rig.Options{Scenario: tt.scenario, Users: 600, Set: map[string]string{"gitlab_version": tt.version}})
			b.must(0, "users", "roles", "-q")
			var dump bytes.Buffer
			if err := b.Sandbox.DumpTruth(&dump); err != nil {
				t.Fatal(err)
			}
			truth := map[int64]truthOf{}
			for line := range strings.Lines(dump.String()) {
				var a truthOf
				if err := json.Unmarshal([]byte(line), &a); err != nil {
					t.Fatal(err)
				}
				if a.ID > 0 {
					truth[a.ID] = a
				}
			}
			out, _ := b.must(0, "users", "list", "--offline", "-q", "-o", "jsonl")
			rules := map[string]int{}
			for line := range strings.Lines(out) {
				var u struct {
					ID        int64
					Role, Why string
					Billable  bool
				}
				if err := json.Unmarshal([]byte(line), &u); err != nil {
					t.Fatal(err)
				}
				role, _ := truth[u.ID].role()
				rule, seat := truth[u.ID].rule(tt.ultimate, tt.minimalFree)
				if u.Role != role || u.Why != rule || u.Billable != seat {
					t.Errorf("account %d is %s by %s, billable %v; want %s by %s, %v: %+v", u.ID, u.Role, u.Why, u.Billable, role, rule, seat, truth[u.ID])
				}
				rules[rule]++
				delete(truth, u.ID)
			}
			if len(truth) > 0 || len(rules) < 4 {
				t.Errorf("%d accounts are missing; rules: %v", len(truth), rules)
			}
		})
	}
}

// TestRolesAreReadOnlyWhenAsked: no other verb starts a program on the server.
func TestRolesAreReadOnlyWhenAsked(t *testing.T) {
	b := newBench(t, rig.Options{})
	programs := func() (n int) {
		for _, r := range b.Sandbox.Requests() {
			if r.Operation == model.OpHostRoles.Name {
				n++
			}
		}
		return n
	}
	for line, roster := range everyVerb {
		if roster {
			b.must(0, strings.Fields(line)...)
		}
	}
	if n := programs(); n != 0 {
		t.Errorf("%d programs without being asked", n)
	}
	_, errOut := b.must(7, "users", "roles", "--offline")
	wants(t, errOut, "no roles are kept", "leave out --offline")
	for _, line := range []string{"users list --filter role:guest", "users list --sort role"} {
		_, errOut := b.must(2, strings.Fields(line)...)
		wants(t, errOut, "seatdeck users roles")
	}
	if n := programs(); n != 0 {
		t.Errorf("%d programs without being asked", n)
	}
	b.must(0, "users", "roles")
	if n := programs(); n != 1 {
		t.Errorf("%d programs, want one", n)
	}
	b.must(0, "users", "list", "--filter", "role:guest,none -role:unknown")
	out, _ := b.must(0, "users", "list", "--offline", "--sort", "role", "--desc", "--limit", "1", "-o", "plain", "--columns", "role")
	wants(t, out, "owner")
	if n := programs(); n != 1 {
		t.Errorf("%d programs after reading accounts again, want one", n)
	}
}

// TestWhyNamesTheServer: role, source and age stand beside the reason.
func TestWhyNamesTheServer(t *testing.T) {
	b := newBench(t, rig.Options{})
	b.must(0, "users", "roles")
	b.Clock.Advance(2 * time.Hour)
	b.must(0, "users", "list")
	ids, _ := b.must(0, "users", "list", "--offline", "-q", "-o", "plain", "--columns", "id", "--filter", "role:developer state:active kind:human")
	id := strings.Fields(ids)[0]
	out, _ := b.must(0, "users", "why", id, "--offline")
	wants(t, out, "Developer, on the GitLab server, read 09:52", "Developer, the highest role; where it is held was not read", "ultimate-above-guest")
	out, _ = b.must(0, "users", "why", id)
	wants(t, out, "Developer, by its memberships")
	out, _ = b.must(0, "users", "why", id, "--offline", "-o", "json")
	wants(t, out, `"value": "developer"`, `"source": "host"`, `"as_of": "2026-11-21T09:52:00Z"`)
	out, _ = b.must(0, "users", "breakdown", "--offline")
	wants(t, out, "Highest roles  (! 2 h old · today 09:52)") // their own age, not that of the accounts
	out, _ = b.must(0, "users", "roles", "--offline", "-o", "csv")
	wants(t, out, "role,accounts,billable_users\n", "developer,")
}

// TestRolesMakeAnotherPlanExact: what the list leaves open, the roles decide.
func TestRolesMakeAnotherPlanExact(t *testing.T) {
	b := newBench(t, rig.Options{Scenario: "premium"})
	b.must(0, "users", "list")
	undecided := func() int {
		out, _ := b.must(0, "users", "what-if", "--plan", "ultimate", "--offline", "-o", "json")
		var doc struct {
			Answer struct{ Value struct{ Undecided int } }
		}
		if err := json.Unmarshal([]byte(out), &doc); err != nil {
			t.Fatal(err)
		}
		return doc.Answer.Value.Undecided
	}
	before := undecided()
	b.must(0, "users", "roles")
	ids, _ := b.must(0, "users", "list", "--offline", "-q", "-o", "plain", "--columns", "id", "--filter", "role:guest billable:yes")
	if after, guests := undecided(), len(strings.Fields(ids)); before <= after || after != guests {
		t.Errorf("%d undecided without roles, %d with them, want %d: the Guests that a custom role may lift", before, after, guests)
	}
}

func TestRolesWithoutAServer(t *testing.T) {
	b := newBench(t, rig.Options{NoHost: true})
	_, errOut := b.must(78, "users", "roles")
	wants(t, errOut, "no way to the GitLab server", "host_command")
	if n := len(b.Sandbox.Requests()); n != 0 {
		t.Errorf("%d requests for roles that nobody can read", n)
	}
}

func TestRolesInTables(t *testing.T) {
	b := newBench(t, rig.Options{Users: 40})
	for form, want := range map[string]string{"table": "Minimal Access", "plain": "Minimal Access\t", "json": `"schema": "seatdeck.users-roles"`, "jsonl": `{"role":"minimal","accounts":`, "csv": "minimal,"} {
		out, _ := b.must(0, "users", "roles", "-o", form)
		wants(t, out, want)
	}
	out, _ := b.must(0, "users", "list", "--offline", "-o", "csv", "--columns", "username,role")
	if lines := strings.Count(out, "\n"); lines < 40 || strings.Contains(out, "unknown") {
		t.Errorf("%d lines:\n%s", lines, out)
	}
	out, _ = b.must(0, "users", "roles", "-o", "json")
	wants(t, out, fmt.Sprintf("%q: 0", "accounts_not_among_them"))
}
