package sandbox

import (
	"fmt"
	"slices"
	"testing"
)

// someone finds an account of a sort.
func (l *lab) someone(want func(*account) bool) *account {
	l.t.Helper()
	for i := range l.world.accounts {
		if a := &l.world.accounts[i]; want(a) {
			return a
		}
	}
	l.t.Fatal("nobody like that")
	return nil
}

// One row a verb and a state (User moderation API documentation; contract
// §5.4). A success is 201 true; nothing to do is 201 null.
func TestModeration(t *testing.T) {
	person := func(st state) func(*account) bool {
		return func(a *account) bool { return a.kind == human && a.state == st && !a.has(flagAdmin) }
	}
	recent := func(a *account) bool {
		return person(active)(a) && int64(a.activity)*86400 > start.AddDate(0, 0, -20).Unix()
	}
	dormant := func(a *account) bool {
		return person(active)(a) && a.activity > 0 && int64(a.activity)*86400 < start.AddDate(0, 0, -120).Unix()
	}
	never := func(a *account) bool { return person(active)(a) && a.activity == 0 }
	internal := func(a *account) bool { return a.kind.isInternal() && a.state == active }
	self := func(a *account) bool { return a.id == 1 }
	const pendingText = `{"message":"The user you are trying to approve is not pending approval"}`
	for _, c := range []struct {
		verb   string
		who    func(*account) bool
		status int
		body   string
		after  state
	}{
		{"block", person(active), 201, "true", blocked},
		{"block", person(deactivated), 201, "true", blocked},
		{"block", person(blocked), 201, "null", blocked},
		{"block", person(ldapBlocked), 403, `{"message":"403 Forbidden - LDAP blocked users cannot be modified by the API"}`, ldapBlocked},
		{"block", self, 403, `{"message":"403 Forbidden - The API initiating user cannot be blocked by the API"}`, active},
		{"block", internal, 403, "", active},
		{"unblock", person(blocked), 201, "true", active},
		{"unblock", person(active), 201, "false", active},
		{"unblock", person(banned), 201, "false", banned},
		{"unblock", person(ldapBlocked), 403, `{"message":"403 Forbidden - LDAP blocked users cannot be unblocked by the API"}`, ldapBlocked},
		{"unblock", person(deactivated), 403, `{"message":"403 Forbidden - Deactivated users cannot be unblocked by the API"}`, deactivated},
		{"deactivate", dormant, 201, "true", deactivated},
		{"deactivate", never, 201, "true", deactivated},
		{"deactivate", person(deactivated), 201, "null", deactivated},
		{"deactivate", recent, 403, `{"message":"The user you are trying to deactivate has been active in the past 90 days and cannot be deactivated"}`, active},
		{"deactivate", person(blocked), 403, `{"message":"Error occurred. A blocked user cannot be deactivated"}`, blocked},
		{"deactivate", internal, 403, `{"message":"Internal users cannot be deactivated"}`, active},
		{"activate", person(deactivated), 201, "true", active},
		{"activate", person(blocked), 403, `{"message":"Error occurred. A blocked user must be unblocked to be activated"}`, blocked},
		{"activate", person(pendingApproval), 403, "", pendingApproval},
		{"ban", person(active), 201, "true", banned},
		{"ban", person(blocked), 403, "", blocked},
		{"unban", person(banned), 201, "true", active},
		{"unban", person(active), 403, "", active},
		{"approve", person(pendingApproval), 201, `{"message":"Success"}`, active},
		{"approve", person(blocked), 403, pendingText, blocked},
		{"approve", person(active), 409, pendingText, active},
		{"approve", person(deactivated), 409, pendingText, deactivated},
		{"reject", person(active), 409, `{"message":"User does not have a pending request"}`, active},
	} {
		l := newLab(t, "ultimate")
		a := l.someone(c.who)
		before := a.state
		l.call("POST", fmt.Sprintf("/api/v4/users/%d/%s", a.id, c.verb), TokenAdmin, "").want(t, c.status, c.body)
		if a.state != c.after {
			t.Errorf("%s of %v: %v afterwards, want %v", c.verb, before, a.state, c.after)
		}
	}
}

// Rejecting deletes the account, and its place does not disturb the list.
func TestRejectingDeletesTheAccount(t *testing.T) {
	l := newLab(t, "ultimate")
	a := l.someone(func(a *account) bool { return a.state == pendingApproval })
	path := fmt.Sprintf("/users/%d", a.id)
	l.call("POST", "/api/v4"+path+"/reject", TokenAdmin, "").want(t, 201, `{"message":"Success"}`)
	l.get(path).want(t, 404, `{"message":"404 User Not Found"}`)
	if got := l.get("/users").header.Get("X-Total"); got != "1213" {
		t.Errorf("X-Total %s", got)
	}
	gone := float64(a.id)
	if slices.ContainsFunc(l.all("order_by=name&sort=asc"), func(u map[string]any) bool { return u["id"] == gone }) {
		t.Error("still listed")
	}
}

func TestModerationNeedsAnAdministratorAndAnAccount(t *testing.T) {
	l := newLab(t, "ultimate")
	for _, verb := range []string{"block", "unblock", "ban", "unban", "activate", "deactivate", "approve", "reject"} {
		l.call("POST", "/api/v4/users/9999999/"+verb, TokenAdmin, "").want(t, 404, `{"message":"404 User Not Found"}`)
		l.call("POST", "/api/v4/users/5/"+verb, TokenNonAdmin, "").want(t, 403, `{"message":"403 Forbidden"}`)
		l.call("POST", "/api/v4/users/5/"+verb, TokenReadOnly, "").want(t, 403, "")
		l.call("POST", "/api/v4/users/5/"+verb, "", "").want(t, 401, "")
	}
}
