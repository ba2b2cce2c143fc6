package sandbox_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"seatdeck/licensing/sandbox"
)

// Sources are cited as in graphql_test.go.

// TestGraphQLSchema: [ref] the types of the fields, "!" is never null.
func TestGraphQLSchema(t *testing.T) {
	for _, tt := range []struct{ typeName, fields string }{
		{"CurrentLicense", "activatedAt:Date billableUsersCount:Int blockChangesAt:Date company:String createdAt:Date email:String expiresAt:Date id:ID! lastSync:Time " +
			"maximumUserCount:Int name:String plan:String! startsAt:Date trial:Boolean type:String! usersInLicenseCount:Int usersOverLicenseCount:Int"},
		{"LicenseHistoryEntry", "activatedAt:Date blockChangesAt:Date company:String createdAt:Date email:String expiresAt:Date id:ID! name:String plan:String! startsAt:Date type:String! usersInLicenseCount:Int"},
		{"SubscriptionFutureEntry", "company:String email:String expiresAt:Date name:String plan:String! startsAt:Date type:String! usersInLicenseCount:Int"},
		{"AddOnPurchase", "assignedQuantity:Int! id:GitlabSubscriptionsAddOnPurchaseID! name:String! purchasedQuantity:Int!"},
		{"GitlabSubscriptionActivatePayload", "clientMutationId:String errors:[String!]! futureSubscriptions:[SubscriptionFutureEntry!] license:CurrentLicense"},
		{"UsersQueuedForRolePromotion", "newAccessLevel:AccessLevel user:UserCore"},
		{"PageInfo", "endCursor:String hasNextPage:Boolean! hasPreviousPage:Boolean! startCursor:String"},
		{"ProcessUserBillablePromotionRequestPayload", "clientMutationId:String errors:[String!]! result:UserPromotionStatusType"},
	} {
		t.Run(tt.typeName, func(t *testing.T) {
			if got := fieldsOfType(newGQL(t, "ultimate"), tt.typeName); got != tt.fields {
				t.Errorf("fields are\n%s\nwant\n%s", got, tt.fields)
			}
		})
	}
}

type gqlTypeRef struct {
	Kind, Name string
	OfType     *gqlTypeRef
}

func (r *gqlTypeRef) String() string {
	switch r.Kind {
	case "NON_NULL":
		return r.OfType.String() + "!"
	case "LIST":
		return "[" + r.OfType.String() + "]"
	}
	return r.Name
}

func fieldsOfType(g *gql, typeName string) string {
	g.t.Helper()
	var def struct {
		Fields []struct {
			Name string
			Type *gqlTypeRef
		}
	}
	g.one(`{ __type(name: "`+typeName+`") { fields { name type { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } }`, "__type", &def)
	fields := map[string]string{}
	for _, f := range def.Fields {
		fields[f.Name] = f.Type.String()
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		out = append(out, name+":"+fields[name])
	}
	return strings.Join(out, " ")
}

// TestGraphQLEras: [§2.2, §2.6, §2.7] which fields a version has. "-" is a
// field that does not exist.
func TestGraphQLEras(t *testing.T) {
	probes := map[string]string{
		"future":     `{ subscriptionFutureEntries { nodes { plan } } }`,
		"trial":      `{ currentLicense { trial } }`,
		"addOn":      `{ addOnPurchase(addOnName: "DUO_ENTERPRISE") { name } }`,
		"addOns":     `{ addOnPurchases { name } }`,
		"promotions": `{ selfManagedUsersQueuedForRolePromotion { count } }`,
		"enterprise": `{ metadata { enterprise } }`,
	}
	for _, tt := range []struct{ version, has, kind string }{
		{"14.1.0", "", "cloud"},
		{"14.10.5", "future trial", "online_cloud"},
		{"16.8.1", "addOn enterprise future trial", "online_cloud"},
		{"16.9.0", "addOn enterprise future promotions trial", "online_cloud"},
		{"17.5.0", "addOn addOns enterprise future promotions trial", "online_cloud"},
		{"19.5.1", "addOns enterprise future promotions trial", "online_cloud"},
	} {
		t.Run(tt.version, func(t *testing.T) {
			g := newGQL(t, "ultimate", "gitlab_version="+tt.version)
			var has []string
			for _, name := range slices.Sorted(maps.Keys(probes)) {
				res := g.ask(sandbox.TokenOperator, probes[name], nil)
				switch {
				case len(res.Errors) == 0:
					has = append(has, name)
				case res.Errors[0].Extensions["code"] != "undefinedField":
					t.Errorf("%s: %s", name, res.Text)
				}
			}
			if got := strings.Join(has, " "); got != tt.has {
				t.Errorf("has %q, want %q", got, tt.has)
			}
			var l struct{ Type string }
			g.one(`{ currentLicense { type } }`, "currentLicense", &l)
			if l.Type != tt.kind {
				t.Errorf("type %s, want %s", l.Type, tt.kind)
			}
		})
	}
	old := newGQL(t, "ultimate", "gitlab_version=14.1.0", "license_type=legacy_license")
	var l struct{ Type string }
	if old.one(`{ currentLicense { type } }`, "currentLicense", &l); l.Type != "license_file" {
		t.Errorf("a file's type is %s", l.Type)
	}
}

// TestGraphQLCommunityEdition: [§2.1] the fields do not exist there.
func TestGraphQLCommunityEdition(t *testing.T) {
	g := newGQL(t, "free", "edition=ce")
	for _, field := range []string{"currentLicense { id }", "licenseHistoryEntries { nodes { id } }", "subscriptionFutureEntries { nodes { plan } }", "addOnPurchases { id }"} {
		name, _, _ := strings.Cut(field, " ")
		res := g.ask(sandbox.TokenOperator, "{ "+field+" }", nil)
		if !strings.HasPrefix(res.message(), "Field '"+name+"' doesn't exist on type 'Query'") {
			t.Errorf("%s: %s", name, res.Text)
		}
	}
	res := g.ask(sandbox.TokenOperator, `mutation { gitlabSubscriptionActivate(input: {activationCode: "a"}) { errors } }`, nil)
	if res.message() != "Field 'gitlabSubscriptionActivate' doesn't exist on type 'Mutation'" {
		t.Error(res.Text)
	}
	var m struct {
		Version    string
		Enterprise bool
	}
	if g.one(`{ metadata { version enterprise } }`, "metadata", &m); m.Enterprise || m.Version != "19.5.1" {
		t.Errorf("metadata %+v", m)
	}
}
