package sandbox

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// The published table of who needs a seat (contract §6.1; GitLab's pages on
// billable users): one row a kind of account, by plan and version.
func TestWhoNeedsASeat(t *testing.T) {
	type rows = []membership
	old, current := version{18, 8, 0}, version{18, 9, 0}
	for _, c := range []struct {
		name    string
		account account
		rows    rows
		want    [3]bool // Premium before 18.9, Premium, Ultimate
	}{
		{"guest only", account{}, rows{{level: guest}}, [3]bool{true, true, false}},
		{"minimal access only", account{}, rows{{level: minimalAccess}}, [3]bool{true, false, false}},
		{"minimal access and guest", account{}, rows{{level: minimalAccess}, {level: guest}}, [3]bool{true, true, false}},
		{"no membership", account{}, nil, [3]bool{true, true, false}},
		{"custom role on guest", account{}, rows{{level: guest, flags: memberElevated}}, [3]bool{true, true, true}},
		{"planner", account{}, rows{{level: planner}}, [3]bool{true, true, true}},
		{"reporter", account{}, rows{{level: reporter}}, [3]bool{true, true, true}},
		{"owner somewhere, guest elsewhere", account{}, rows{{level: guest}, {level: owner}}, [3]bool{true, true, true}},
		{"pending access request only", account{}, rows{{level: maintainer, flags: memberRequest}}, [3]bool{true, true, false}},
		{"minimal access and a request", account{}, rows{{level: minimalAccess}, {level: owner, flags: memberRequest}}, [3]bool{true, false, false}},
		{"requested elevating role", account{}, rows{{level: guest, flags: memberRequest | memberElevated}}, [3]bool{true, true, false}},
		{"project bot", account{kind: projectBot}, rows{{level: maintainer}}, [3]bool{}},
		{"service account", account{kind: serviceAccount}, rows{{level: owner}}, [3]bool{}},
		{"ghost", account{kind: ghost}, nil, [3]bool{}},
		{"placeholder", account{kind: placeholder}, rows{{level: developer}}, [3]bool{}},
		{"import user", account{kind: importUser}, rows{{level: developer}}, [3]bool{}},
		{"blocked", account{state: blocked}, rows{{level: owner}}, [3]bool{}},
		{"blocked by LDAP", account{state: ldapBlocked}, rows{{level: owner}}, [3]bool{}},
		{"deactivated", account{state: deactivated}, rows{{level: owner}}, [3]bool{}},
		{"banned", account{state: banned}, rows{{level: owner}}, [3]bool{}},
		{"pending approval", account{state: pendingApproval}, rows{{level: owner}}, [3]bool{}},
		{"external developer", account{flags: flagExternal}, rows{{level: developer}}, [3]bool{true, true, true}},
		{"administrator without memberships", account{flags: flagAdmin}, nil, [3]bool{true, true, false}},
		{"auditor without memberships", account{flags: flagAuditor}, nil, [3]bool{true, true, false}},
	} {
		w := &world{members: c.rows}
		a := c.account
		a.count = uint8(len(c.rows))
		for i, r := range []seatRules{
			{licensed: true, minimalAccessFree: old.minimalAccessFree()},
			{licensed: true, minimalAccessFree: current.minimalAccessFree()},
			{licensed: true, ultimate: true, minimalAccessFree: true},
		} {
			if got := r.billable(w, &a); got != c.want[i] {
				t.Errorf("%s, rule %d: billable %v", c.name, i, got)
			}
			if got := r.flagged(w, &a, false); got != c.want[i] {
				t.Errorf("%s, rule %d: flagged %v", c.name, i, got)
			}
			r.licensed = false
			if r.flagged(w, &a, false) {
				t.Errorf("%s: flagged without a licence", c.name)
			}
		}
	}
}

// counted by a reader who has the dump and the published rule, and none of the
// sandbox's code.
func countFromTruth(t *testing.T, l *lab) (billable, accounts int, header map[string]any) {
	t.Helper()
	var b bytes.Buffer
	if err := l.DumpTruth(&b); err != nil {
		t.Fatal(err)
	}
	for _, derived := range []string{"seat\":", "billable", "highest"} {
		if strings.Contains(strings.ReplaceAll(b.String(), "custom_role_occupies_seat", ""), derived) {
			t.Fatalf("the dump has %q", derived)
		}
	}
	sc := bufio.NewScanner(&b)
	sc.Buffer(nil, 1<<20)
	sc.Scan()
	if err := json.Unmarshal(sc.Bytes(), &header); err != nil {
		t.Fatal(err)
	}
	var major, minor int
	if _, err := fmt.Sscanf(header["version"].(string), "%d.%d", &major, &minor); err != nil {
		t.Fatal(err)
	}
	for sc.Scan() {
		var a struct {
			State       string `json:"state"`
			UserType    string `json:"user_type"`
			Memberships []struct {
				Level   int  `json:"access_level"`
				Request bool `json:"request"`
				Custom  bool `json:"custom_role_occupies_seat"`
			} `json:"memberships"`
		}
		if err := json.Unmarshal(sc.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		accounts++
		if a.State != "active" || a.UserType != "human" {
			continue
		}
		highest, custom := 0, false
		for _, m := range a.Memberships {
			if !m.Request {
				highest, custom = max(highest, m.Level), custom || m.Custom
			}
		}
		free := highest == 5 && (major > 18 || major == 18 && minor >= 9)
		if header["plan"] == "ultimate" {
			free = highest <= 10 && !custom
		}
		if !free {
			billable++
		}
	}
	return billable, accounts, header
}

func TestCountsAgreeWithTheTruth(t *testing.T) {
	for _, set := range [][]string{
		{"plan=ultimate"}, {"plan=premium"}, {"plan=premium", "gitlab_version=18.8.3-ee"}, {"plan=free"}, {"plan=ultimate", "gitlab_version=16.11.0"},
	} {
		l := newLab(t, "ultimate", set...)
		want, accounts, header := countFromTruth(t, l)
		if got := l.billableTruth(); got != want || accounts != 1214 {
			t.Errorf("%v: counted %d of %d, the truth is %d", header, got, accounts, want)
		}
		flagged := 0
		for _, u := range l.all("order_by=id&sort=asc") {
			if u["using_license_seat"] == true {
				flagged++
			}
		}
		if header["plan"] == "free" {
			want = 0
		}
		if flagged != want {
			t.Errorf("%v: %d flagged, want %d", header, flagged, want)
		}
	}
}

// GitLab maintains the highest role behind the scenes, so the flag can lag;
// the nightly count does not.
func TestFlagsCanLagBehindTheTruth(t *testing.T) {
	straight, lagging := newLab(t, "ultimate"), newLab(t, "ultimate", "flag_lag=5")
	differ := 0
	a, b := straight.all("order_by=id&sort=asc"), lagging.all("order_by=id&sort=asc")
	for i := range a {
		if a[i]["using_license_seat"] != b[i]["using_license_seat"] {
			differ++
		}
	}
	if differ != 5 || lagging.object("/license")["active_users"] != 962.0 {
		t.Errorf("%d flags differ, count %v", differ, lagging.object("/license")["active_users"])
	}
}
