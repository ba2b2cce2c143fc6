package gitlab

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"

	"seatdeck/model"
)

func TestTermsFollowPages(t *testing.T) {
	page := func(next string, starts ...string) string {
		var nodes []string
		for i, s := range starts {
			nodes = append(nodes, fmt.Sprintf(`{"id":"gid://gitlab/License/%d","type":"online_cloud","plan":"ultimate","startsAt":%q,"expiresAt":null,"usersInLicenseCount":null}`, i+1, s))
		}
		return fmt.Sprintf(`{"data":{"licenseHistoryEntries":{"pageInfo":{"hasNextPage":%t,"endCursor":%q},"nodes":[%s]}}}`, next != "", next, strings.Join(nodes, ","))
	}
	c := dial(t, func(r *http.Request) (*http.Response, error) {
		b, _ := io.ReadAll(r.Body)
		if strings.Contains(string(b), `"after":"MQ"`) {
			return reply(200, page("", "2024-01-01")), nil
		}
		return reply(200, page("MQ", "2023-01-01", "2025-01-01")), nil
	})
	terms, err := c.Terms(t.Context())
	if err != nil || len(terms) != 3 || terms[0].Starts != model.Date(2025, 1, 1) || terms[2].Starts != model.Date(2023, 1, 1) || !terms[0].NoLimit {
		t.Errorf("%+v, %v", terms, err)
	}
	for _, stuck := range []string{page("MQ", "2023-01-01"), page("MQ"), replace(page("MQ", "2023-01-01"), `"endCursor":"MQ"`, `"endCursor":null`)} {
		n := 0
		_, err := dial(t, func(*http.Request) (*http.Response, error) { n++; return reply(200, stuck), nil }).Terms(t.Context())
		wantClass(t, err, model.ClassMalformed, "do not advance")
		if n > 2 {
			t.Errorf("%d pages of a circle were read", n)
		}
	}
}

func TestTermsFromREST(t *testing.T) {
	c := dial(t, byPath(map[string]string{
		"graphql licenseHistoryEntries": `{"errors":[{"message":"Field 'licenseHistoryEntries' doesn't exist on type 'Query'"}]}`,
		"GET licenses":                  "[" + restExample + "," + replace(restExample, "2025-01-27", "2026-01-27", "2026-01-27", "2027-01-27", `,"active_users":312`, "") + "]"}))
	terms, err := c.Terms(t.Context())
	if err != nil || len(terms) != 2 || terms[0].Starts != model.Date(2026, 1, 27) || terms[1].Seats != model.Some(300) || terms[1].Kind != model.KindUnknown {
		t.Errorf("%+v, %v", terms, err)
	}
	empty := dial(t, byPath(map[string]string{"graphql licenseHistoryEntries": `{"data":{"licenseHistoryEntries":null}}`}))
	if terms, err := empty.Terms(t.Context()); err != nil || len(terms) != 0 {
		t.Errorf("%+v, %v", terms, err)
	}
	_, err = dial(t, byPath(map[string]string{"graphql licenseHistoryEntries": `{"errors":[{"message":"Field 'licenseHistoryEntries' doesn't exist on type 'Query'"}]}`})).Terms(t.Context())
	wantClass(t, err, model.ClassUnsupported, "Enterprise Edition")
}

func TestFutureSoonestFirst(t *testing.T) {
	c := dial(t, byPath(map[string]string{"graphql subscriptionFutureEntries": `{"data":{"subscriptionFutureEntries":{"pageInfo":{"hasNextPage":false,"endCursor":null},"nodes":[
		{"type":"online_cloud","plan":"ultimate","startsAt":"2028-01-01","expiresAt":"2029-01-01","usersInLicenseCount":20},null,
		{"type":"offline_cloud","plan":"premium","startsAt":"2027-01-01","expiresAt":"2028-01-01","usersInLicenseCount":10}]}}}`}))
	terms, err := c.Future(t.Context())
	if err != nil || len(terms) != 2 || terms[0].Seats != model.Some(10) || terms[1].Plan != model.PlanUltimate {
		t.Errorf("%+v, %v", terms, err)
	}
}

const permission = `{"data":{"X":null},"errors":[{"message":"The resource that you are attempting to access does not exist or you don't have permission to perform this action"}]}`

func TestAddOns(t *testing.T) {
	admin := map[string]string{"GET user": `{"id":1,"username":"root","is_admin":true}`, "GET users": `[{"id":1,"is_admin":true}]`}
	with := func(graph string, base map[string]string) map[string]string {
		out := map[string]string{"graphql addOnPurchases": graph}
		maps.Copy(out, base)
		return out
	}
	got, err := dial(t, byPath(with(`{"data":{"addOnPurchases":[{"name":"DUO_ENTERPRISE","purchasedQuantity":100,"assignedQuantity":50}]}}`, nil))).AddOns(t.Context())
	if err != nil || len(got) != 1 || got[0] != (model.AddOn{Name: model.Clean("DUO_ENTERPRISE"), Purchased: 100, Assigned: 50}) {
		t.Errorf("%+v, %v", got, err)
	}
	for _, none := range []string{`[]`, `null`} {
		graph := `{"data":{"addOnPurchases":` + none + `}}`
		if got, err := dial(t, byPath(with(graph, admin))).AddOns(t.Context()); err != nil || len(got) != 0 {
			t.Errorf("%+v, %v", got, err)
		}
		// An empty list is also what somebody without the rights reads.
		reduced := map[string]string{"GET user": admin["GET user"], "GET users": `[{"id":1}]`}
		_, err := dial(t, byPath(with(graph, reduced))).AddOns(t.Context())
		wantClass(t, err, model.ClassDenied)
	}
	_, err = dial(t, byPath(with(`{"errors":[{"message":"Cannot query field \"addOnPurchases\" on type \"Query\"."}]}`, admin))).AddOns(t.Context())
	wantClass(t, err, model.ClassUnsupported, "not available")
	_, err = dial(t, byPath(with(`{"data":{"addOnPurchases":[{"name":"DUO"}]}}`, admin))).AddOns(t.Context())
	wantClass(t, err, model.ClassMalformed, "quantities")
}

func TestPromotions(t *testing.T) {
	const root = "graphql selfManagedUsersQueuedForRolePromotion"
	nodes := `{"data":{"selfManagedUsersQueuedForRolePromotion":{"pageInfo":{"hasNextPage":false},"nodes":[
		{"user":{"id":"gid://gitlab/User/42","username":"mia","name":"Mia"},"newAccessLevel":{"stringValue":"DEVELOPER","integerValue":30}},
		{"user":null,"newAccessLevel":null}]}}}`
	got, err := dial(t, byPath(map[string]string{root: nodes})).Promotions(t.Context())
	if err != nil || len(got) != 1 || got[0] != (model.Promotion{UserID: 42, Username: model.Clean("mia"), Name: model.Clean("Mia"), Role: model.Clean("Developer")}) {
		t.Errorf("%+v, %v", got, err)
	}
	// The same refusal means two things; the token's rights tell which.
	admin := map[string]string{root: permission, "GET user": `{"id":1,"username":"root","is_admin":true}`, "GET users": `[{"id":1,"is_admin":true}]`}
	_, err = dial(t, byPath(admin)).Promotions(t.Context())
	wantClass(t, err, model.ClassUnsupported, "with its licence")
	admin["GET users"] = `[{"id":1}]`
	_, err = dial(t, byPath(admin)).Promotions(t.Context())
	wantClass(t, err, model.ClassDenied)
}
