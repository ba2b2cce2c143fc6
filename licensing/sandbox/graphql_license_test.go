package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"seatdeck/licensing/sandbox"
)

type gqlLicense struct {
	ID, Type, Plan, StartsAt, ExpiresAt, CreatedAt, ActivatedAt, BlockChangesAt string
	LastSync                                                                    *string
	UsersInLicenseCount                                                         *int
	BillableUsersCount, MaximumUserCount, UsersOverLicenseCount                 int
	Trial                                                                       bool
}

const allOfLicense = `{ currentLicense { id type plan startsAt expiresAt createdAt activatedAt blockChangesAt lastSync usersInLicenseCount billableUsersCount maximumUserCount usersOverLicenseCount trial } }`

func (g *gql) license() (l gqlLicense) {
	g.t.Helper()
	g.one(allOfLicense, "currentLicense", &l)
	return l
}

// rest reads a REST answer.
func (g *gql) rest(method, path string, into any) {
	g.t.Helper()
	r := httptest.NewRequest(method, "/api/v4"+path, nil)
	r.Header.Set("PRIVATE-TOKEN", sandbox.TokenOperator)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	g.s.Handler().ServeHTTP(w, r)
	if w.Code >= 300 {
		g.t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
		g.t.Fatalf("%s: %v", w.Body, err)
	}
}

// TestGraphQLCounters: [§1.3] GraphQL compares the peak of the term with the
// seats, REST the newest count; both come from the same D and M.
func TestGraphQLCounters(t *testing.T) {
	for _, scenario := range []string{"ultimate", "premium", "over-limit", "expiring", "expired", "offline"} {
		t.Run(scenario, func(t *testing.T) {
			g := newGQL(t, scenario)
			l := g.license()
			var rest struct {
				Plan             string
				ActiveUsers      int    `json:"active_users"`
				MaximumUserCount int    `json:"maximum_user_count"`
				HistoricalMax    int    `json:"historical_max"`
				UserLimit        int    `json:"user_limit"`
				StartsAt         string `json:"starts_at"`
				ExpiresAt        string `json:"expires_at"`
				Overage          int
				Expired          bool
			}
			g.rest(http.MethodGet, "/license", &rest)
			seats := rest.UserLimit
			if *l.UsersInLicenseCount != seats || l.BillableUsersCount != rest.ActiveUsers || l.MaximumUserCount != rest.MaximumUserCount ||
				l.Plan != rest.Plan || l.StartsAt != rest.StartsAt || l.ExpiresAt != rest.ExpiresAt {
				t.Errorf("GraphQL %+v\nREST %+v", l, rest)
			}
			if want := max(l.MaximumUserCount-seats, 0); l.UsersOverLicenseCount != want {
				t.Errorf("usersOverLicenseCount %d, want max(M-S, 0) = %d", l.UsersOverLicenseCount, want)
			}
			if want := max(rest.HistoricalMax, l.BillableUsersCount); l.MaximumUserCount != want {
				t.Errorf("maximumUserCount %d, want max(H, D) = %d", l.MaximumUserCount, want)
			}
			if want := max(rest.ActiveUsers-seats, 0); !rest.Expired && rest.Overage != want {
				t.Errorf("REST overage %d, want max(D-S, 0) = %d", rest.Overage, want)
			}
		})
	}
}

// TestGraphQLLicenseForms: [ref] dates are days, lastSync is a time; [§2.2] the
// id is a global id; never synced is null; no limit is null, not zero.
func TestGraphQLLicenseForms(t *testing.T) {
	g := newGQL(t, "ultimate")
	l := g.license()
	day := regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)
	for _, d := range []string{l.StartsAt, l.ExpiresAt, l.CreatedAt, l.ActivatedAt, l.BlockChangesAt} {
		if !day.MatchString(d) {
			t.Errorf("%q is not a day", d)
		}
	}
	if _, err := time.Parse(time.RFC3339, *l.LastSync); err != nil {
		t.Error(err)
	}
	if !regexp.MustCompile(`^gid://gitlab/License/\d+$`).MatchString(l.ID) {
		t.Errorf("id %q", l.ID)
	}
	if l := newGQL(t, "offline").license(); l.LastSync != nil || l.Type != "offline_cloud" {
		t.Errorf("offline: %+v", l)
	}
	if l := newGQL(t, "ultimate", "license_type=legacy_license").license(); l.LastSync != nil || l.Type != "legacy_license" || l.ActivatedAt != l.CreatedAt {
		t.Errorf("file: %+v", l)
	}
	if l := newGQL(t, "ultimate", "seats=-1").license(); l.UsersInLicenseCount != nil || l.UsersOverLicenseCount != 0 {
		t.Errorf("no limit: %+v", l)
	}
	if l := newGQL(t, "ultimate", "trial=true").license(); !l.Trial {
		t.Errorf("trial: %+v", l)
	}
	res := newGQL(t, "free").ask(sandbox.TokenOperator, allOfLicense, nil)
	if string(res.Data["currentLicense"]) != "null" || len(res.Errors) > 0 {
		t.Errorf("free: %s", res.Text)
	}
}

type gqlPage struct {
	Nodes []struct {
		ID        string
		StartsAt  string
		CreatedAt string
		User      struct{ ID string }
	}
	Edges    []struct{ Cursor string }
	PageInfo struct {
		HasNextPage, HasPreviousPage bool
		StartCursor, EndCursor       *string
	}
	Count int
}

// TestGraphQLHistory: [§2.3] licence rows, newest first; one node a page meets
// every row once, forwards and backwards.
func TestGraphQLHistory(t *testing.T) {
	g := newGQL(t, "ultimate")
	const fields = `nodes { id startsAt createdAt } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }`
	var all gqlPage
	g.one(`{ licenseHistoryEntries { `+fields+` } }`, "licenseHistoryEntries", &all)
	if len(all.Nodes) < 3 || all.Nodes[0].ID != g.license().ID || all.PageInfo.HasNextPage || all.PageInfo.HasPreviousPage {
		t.Fatalf("%+v", all)
	}
	for i := 1; i < len(all.Nodes); i++ {
		if a, b := all.Nodes[i-1], all.Nodes[i]; a.StartsAt+a.CreatedAt < b.StartsAt+b.CreatedAt {
			t.Errorf("%+v before %+v", a, b)
		}
	}
	walk := func(first, cursor string, next func(gqlPage) (string, bool)) (ids []string) {
		args := first
		for range 10 {
			var page gqlPage
			g.one(`{ licenseHistoryEntries(`+args+`) { `+fields+` } }`, "licenseHistoryEntries", &page)
			if len(page.Nodes) != 1 || len(page.Edges) != 1 || page.Edges[0].Cursor != *page.PageInfo.StartCursor {
				t.Fatalf("%+v", page)
			}
			ids = append(ids, page.Nodes[0].ID)
			at, more := next(page)
			if !more {
				return ids
			}
			args = fmt.Sprintf("%s, %s: %q", first, cursor, at)
		}
		return ids
	}
	forwards := walk("first: 1", "after", func(p gqlPage) (string, bool) { return *p.PageInfo.EndCursor, p.PageInfo.HasNextPage })
	backwards := walk("last: 1", "before", func(p gqlPage) (string, bool) { return *p.PageInfo.StartCursor, p.PageInfo.HasPreviousPage })
	for i, n := range all.Nodes {
		if len(forwards) != len(all.Nodes) || len(backwards) != len(all.Nodes) || forwards[i] != n.ID || backwards[len(all.Nodes)-1-i] != n.ID {
			t.Fatalf("forwards %v, backwards %v, want %+v", forwards, backwards, all.Nodes)
		}
	}
	var none gqlPage
	g.one(`{ licenseHistoryEntries(first: 0) { `+fields+` } }`, "licenseHistoryEntries", &none)
	if len(none.Nodes) != 0 || none.PageInfo.StartCursor != nil || !none.PageInfo.HasNextPage {
		t.Errorf("%+v", none)
	}
}

const activation = `mutation($code: String!) { gitlabSubscriptionActivate(input: {activationCode: $code}) { errors license { lastSync } futureSubscriptions { plan startsAt } __typename } }`

type activated struct {
	Errors              []string
	License             *gqlLicense
	FutureSubscriptions []struct{ Plan, StartsAt string }
	Typename            string `json:"__typename"`
}

func (g *gql) activate(token, code string) (gqlResult, activated) {
	g.t.Helper()
	res := g.ask(token, activation, map[string]any{"code": code})
	var a activated
	if raw := res.Data["gitlabSubscriptionActivate"]; raw != nil {
		if err := json.Unmarshal(raw, &a); err != nil {
			g.t.Fatal(err)
		}
	}
	return res, a
}

// TestGraphQLActivation: [§2.4] a code is 24 letters and digits; success sets
// lastSync; [lic] refusals are in errors, with a null license.
func TestGraphQLActivation(t *testing.T) {
	g := newGQL(t, "ultimate")
	before := g.license()
	g.now = g.now.Add(90 * time.Second)
	_, a := g.activate(sandbox.TokenOperator, sandbox.ActivationCode)
	if len(a.Errors) != 0 || a.License == nil || *a.License.LastSync != "2026-03-10T09:01:30Z" || len(a.FutureSubscriptions) != 1 || a.FutureSubscriptions[0].StartsAt != before.ExpiresAt {
		t.Errorf("%+v", a)
	}
	if after := g.license(); *after.LastSync != "2026-03-10T09:01:30Z" || after.ID != before.ID {
		t.Errorf("same key, same row: %+v", after)
	}
	g.now = g.now.Add(time.Second) // again at once: nothing enforces a pause
	if _, a := g.activate(sandbox.TokenOperator, sandbox.ActivationCode); *a.License.LastSync != "2026-03-10T09:01:31Z" {
		t.Errorf("%+v", a)
	}
	for _, tt := range []struct{ name, knob, code, want string }{
		{"[§2.4] unreachable", "portal=down", sandbox.ActivationCode, "CONNECTIVITY_ERROR"},
		{"[lic] silent mode", "silent_mode=true", sandbox.ActivationCode, "only get, head, options, and trace methods are allowed in silent mode"},
		{"refused", "portal=refuse", sandbox.ActivationCode, ""},
		{"a code nobody sold", "portal=ok", strings.Repeat("A", 24), ""},
		{"too short", "portal=ok", "SANDBOX", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := newGQL(t, "ultimate", tt.knob)
			before := g.license().LastSync
			res, a := g.activate(sandbox.TokenOperator, tt.code)
			if res.Status != 200 || len(res.Errors) != 0 || len(a.Errors) != 1 || a.License != nil || a.Typename != "GitlabSubscriptionActivatePayload" {
				t.Errorf("%d %s", res.Status, res.Text)
			}
			if tt.want != "" && a.Errors[0] != tt.want {
				t.Errorf("says %q, want %q", a.Errors[0], tt.want)
			}
			if after := g.license().LastSync; *after != *before {
				t.Errorf("lastSync moved from %s to %s", *before, *after)
			}
		})
	}
	free := newGQL(t, "free")
	if _, a := free.activate(sandbox.TokenOperator, sandbox.ActivationCode); len(a.Errors) != 0 || a.License == nil {
		t.Errorf("activation of a free instance: %+v", a)
	}
	if l := free.license(); l.Type != "online_cloud" {
		t.Errorf("activated: %+v", l)
	}
}

// TestGraphQLWriteGuards: [doc] mutations need api; [§2.1] an administrator;
// [§11.7] maintenance mode lets queries through and refuses mutations.
func TestGraphQLWriteGuards(t *testing.T) {
	for _, tt := range []struct{ name, token, knob, want string }{
		{"read_api", sandbox.TokenReadOnly, "plan=ultimate", notAvailable},
		{"no administrator", sandbox.TokenNonAdmin, "plan=ultimate", notAvailable},
		{"nobody", "", "plan=ultimate", notAvailable},
		{"Admin Mode without its scope", sandbox.TokenNoAdminMode, "admin_mode=true", notAvailable},
		{"maintenance mode", sandbox.TokenOperator, "maintenance=true", "You cannot perform write operations on a read-only instance"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := newGQL(t, "ultimate", tt.knob)
			before := len(g.s.Events())
			res, _ := g.activate(tt.token, sandbox.ActivationCode)
			if res.Status != 200 || res.message() != tt.want || string(res.Data["gitlabSubscriptionActivate"]) != "null" {
				t.Errorf("%d %s", res.Status, res.Text)
			}
			if len(g.s.Events()) != before {
				t.Errorf("the portal was reached: %+v", g.s.Events()[before:])
			}
		})
	}
	g := newGQL(t, "maintenance")
	if l := g.license(); l.Plan != "ultimate" {
		t.Errorf("queries in maintenance mode: %+v", l)
	}
}

// TestGraphQLPromotions: [§2.7, §6.7] people without a seat wait; approving
// makes one billable, which the next count shows.
func TestGraphQLPromotions(t *testing.T) {
	g := newGQL(t, "ultimate")
	const queue = `{ selfManagedUsersQueuedForRolePromotion { count nodes { newAccessLevel { stringValue integerValue } user { id username state } } } }`
	read := func() (p gqlPage) {
		g.one(queue, "selfManagedUsersQueuedForRolePromotion", &p)
		return p
	}
	decide := func(id, status string) gqlResult {
		return g.ask(sandbox.TokenOperator, `mutation($id: UserID!, $status: MemberApprovalStatusType!) {
			processUserBillablePromotionRequest(input: {userId: $id, status: $status}) { errors result } }`, map[string]any{"id": id, "status": status})
	}
	recounted := func() int {
		var ok map[string]bool
		var current struct{ ID int }
		g.rest(http.MethodGet, "/license", &current)
		g.rest(http.MethodPut, fmt.Sprintf("/license/%d/refresh_billable_users", current.ID), &ok)
		g.now = g.now.Add(time.Minute)
		return g.license().BillableUsersCount
	}
	before, seats := read(), recounted()
	if before.Count < 2 || len(before.Nodes) != before.Count {
		t.Fatalf("%+v", before)
	}
	const success = `{"errors":[],"result":"SUCCESS"}`
	if res := decide(before.Nodes[0].User.ID, "APPROVED"); string(res.Data["processUserBillablePromotionRequest"]) != success {
		t.Error(res.Text)
	}
	if after := recounted(); after != seats+1 {
		t.Errorf("billable %d after an approval, want %d", after, seats+1)
	}
	if res := decide(before.Nodes[1].User.ID, "DENIED"); string(res.Data["processUserBillablePromotionRequest"]) != success {
		t.Error(res.Text)
	}
	if after := recounted(); after != seats+1 {
		t.Errorf("billable %d after a refusal, want %d", after, seats+1)
	}
	if left := read(); left.Count != before.Count-2 {
		t.Errorf("%d wait, want %d", left.Count, before.Count-2)
	}
	if res := decide("gid://gitlab/User/99999999", "APPROVED"); res.message() != notAvailable {
		t.Errorf("nobody: %s", res.Text)
	}
	for id, want := range map[string]string{
		"7":                      `\"7\" is not a valid Global ID`,
		"gid://gitlab/Project/1": `\"gid://gitlab/Project/1\" does not represent an instance of User`,
	} { // [ref] a UserID is a global id of a user
		if res := decide(id, "APPROVED"); !strings.Contains(res.Text, want) || !strings.HasPrefix(res.message(), "Variable $id of type UserID! was provided invalid value") {
			t.Errorf("%s: %s", id, res.Text)
		}
	}
	if res := decide(before.Nodes[0].User.ID, "MAYBE"); res.message() != `Variable $status of type MemberApprovalStatusType! was provided invalid value` {
		t.Errorf("no such status: %s", res.Text)
	}
	// Ultimate only.
	if res := newGQL(t, "premium").ask(sandbox.TokenOperator, queue, nil); res.message() != notAvailable {
		t.Errorf("premium: %s", res.Text)
	}
}

// TestGraphQLAddOns: [§2.6] upper-case names, purchased and assigned.
func TestGraphQLAddOns(t *testing.T) {
	type addOn struct {
		ID, Name                            string
		PurchasedQuantity, AssignedQuantity int
	}
	var all []addOn
	newGQL(t, "ultimate").one(`{ addOnPurchases { id name purchasedQuantity assignedQuantity } }`, "addOnPurchases", &all)
	if len(all) != 1 || all[0].Name != "DUO_ENTERPRISE" || all[0].AssignedQuantity > all[0].PurchasedQuantity || !strings.HasPrefix(all[0].ID, "gid://gitlab/GitlabSubscriptions::AddOnPurchase/") {
		t.Errorf("%+v", all)
	}
	old := newGQL(t, "ultimate", "gitlab_version=17.0.0")
	var one *addOn
	if old.one(`{ addOnPurchase(addOnName: "duo_enterprise") { name } }`, "addOnPurchase", &one); one == nil || one.Name != "DUO_ENTERPRISE" {
		t.Errorf("%+v", one)
	}
	if old.one(`{ addOnPurchase(addOnName: "CODE_SUGGESTIONS") { name } }`, "addOnPurchase", &one); one != nil {
		t.Errorf("%+v", one)
	}
	newGQL(t, "free").one(`{ addOnPurchases { name } }`, "addOnPurchases", &all)
	if len(all) != 0 {
		t.Errorf("free has %+v", all)
	}
}
