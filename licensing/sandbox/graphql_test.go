package sandbox_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"seatdeck/licensing/sandbox"
)

// The facts in this file are restated from public material:
//
//	[doc]   docs.gitlab.com, GraphQL API: authentication, scopes, limits (doc/api/graphql/_index.md)
//	[ref]   docs.gitlab.com, GraphQL API reference: types and nullability
//	[spec]  GitLab's request specs for the endpoint (spec/requests/api/graphql_spec.rb, graphql/gitlab_schema_spec.rb)
//	[ctl]   GitLab's controller for the endpoint (app/controllers/graphql_controller.rb)
//	[lic]   docs.gitlab.com, "Activate GitLab EE": troubleshooting (doc/administration/license.md)
//	[ruby]  graphql-ruby, whose sentences GitLab answers with (static validation errors)
//	[§n]    this project's contract
var gqlNow = time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)

const notAvailable = "The resource that you are attempting to access does not exist or you don't have permission to perform this action"

// gql is an instance that is asked in memory.
type gql struct {
	t   *testing.T
	s   *sandbox.Server
	now time.Time
}

func newGQL(t *testing.T, scenario string, set ...string) *gql {
	t.Helper()
	g := &gql{t: t, now: gqlNow}
	knobs := map[string]string{}
	for _, pair := range set {
		name, value, _ := strings.Cut(pair, "=")
		knobs[name] = value
	}
	s, err := sandbox.New(sandbox.Config{Scenario: scenario, Seed: 7, Set: knobs, Now: func() time.Time { return g.now }})
	if err != nil {
		t.Fatal(err)
	}
	g.s = s
	return g
}

type gqlResult struct {
	Status int                        `json:"-"`
	Text   string                     `json:"-"`
	Data   map[string]json.RawMessage `json:"data"`
	Errors []struct {
		Message    string
		Path       []any
		Locations  []struct{ Line, Column int }
		Extensions map[string]any
	}
}

func (g *gql) send(r *http.Request, token string) gqlResult {
	g.t.Helper()
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	g.s.Handler().ServeHTTP(w, r)
	res := gqlResult{Status: w.Code, Text: w.Body.String()}
	if strings.HasPrefix(res.Text, "{") {
		if err := json.Unmarshal(w.Body.Bytes(), &res); err != nil {
			g.t.Fatalf("%s: %v", res.Text, err)
		}
	}
	return res
}

func (g *gql) ask(token, query string, variables map[string]any) gqlResult {
	g.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		g.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/api/graphql", strings.NewReader(string(body)))
	r.Header.Set("Content-Type", "application/json")
	return g.send(r, token)
}

// one runs a query that must give data, and decodes a root field.
func (g *gql) one(query, field string, into any) {
	g.t.Helper()
	res := g.ask(sandbox.TokenOperator, query, nil)
	if res.Status != http.StatusOK || len(res.Errors) > 0 {
		g.t.Fatalf("%s: %d %s", query, res.Status, res.Text)
	}
	if err := json.Unmarshal(res.Data[field], into); err != nil {
		g.t.Fatalf("%s: %v", res.Text, err)
	}
}

func (r gqlResult) message() string {
	if len(r.Errors) == 0 {
		return ""
	}
	return r.Errors[0].Message
}

func TestGraphQLAuthentication(t *testing.T) {
	g := newGQL(t, "ultimate")
	const who = `{ currentUser { username } }`
	for _, tt := range []struct {
		name, token string
		status      int
		want        string // whole body or part of it
	}{
		{"[doc] invalid authentication is a 401", "glpat-nobody", 401, `{"errors":[{"message":"Invalid token"}]}`},
		{"[§11.4] expired", sandbox.TokenExpired, 401, `{"errors":[{"message":"Invalid token"}]}`},
		{"[§11.4] revoked", sandbox.TokenRevoked, 401, `{"errors":[{"message":"Invalid token"}]}`},
		{"[spec] no api scope: does not log the user in", sandbox.TokenReadUser, 401, `{"errors":[{"message":"Invalid token"}]}`},
		{"an account that cannot sign in is nobody", sandbox.TokenBlocked, 401, `{"errors":[{"message":"Invalid token"}]}`},
		{"[spec] read_api can query", sandbox.TokenReadOnly, 200, `"username":"root"`},
		{"[doc] api can query", sandbox.TokenOperator, 200, `"username":"root"`},
		{"[doc] some queries need no authentication", "", 200, `{"data":{"currentUser":null}}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res := g.ask(tt.token, who, nil)
			if res.Status != tt.status || !strings.Contains(res.Text, tt.want) {
				t.Errorf("%d %s, want %d with %s", res.Status, res.Text, tt.status, tt.want)
			}
		})
	}
	t.Run("[doc] the token may be the private_token parameter", func(t *testing.T) {
		r := httptest.NewRequest(http.MethodPost, "/api/graphql?private_token="+sandbox.TokenOperator, strings.NewReader(`{"query":"{ currentUser { username } }"}`))
		r.Header.Set("Content-Type", "application/json")
		if res := g.send(r, ""); !strings.Contains(res.Text, `"root"`) {
			t.Error(res.Text)
		}
	})
}

func TestGraphQLEcho(t *testing.T) {
	g := newGQL(t, "ultimate")
	// [spec] the answer names who asks: "<username>" says: Hello world
	var echoed string
	g.one(`{ echo(text: "Hello world") }`, "echo", &echoed)
	if echoed != `"root" says: Hello world` {
		t.Errorf("echo is %q", echoed)
	}
	// [spec] a read_api token cannot perform a mutation: 200, no data, an error
	const mutation = `mutation { echoCreate(input: {messages: ["hi"], clientMutationId: "7"}) { echoes errors clientMutationId } }`
	res := g.ask(sandbox.TokenReadOnly, mutation, nil)
	if res.Status != 200 || string(res.Data["echoCreate"]) != "null" || res.message() != notAvailable {
		t.Errorf("read_api mutates: %d %s", res.Status, res.Text)
	}
	if len(res.Errors) != 1 || len(res.Errors[0].Path) != 1 || res.Errors[0].Path[0] != "echoCreate" || len(res.Errors[0].Locations) != 1 || res.Errors[0].Locations[0].Column != 12 {
		t.Errorf("the error does not say where: %s", res.Text)
	}
	res = g.ask(sandbox.TokenOperator, mutation, nil)
	if string(res.Data["echoCreate"]) != `{"echoes":["hi"],"errors":[],"clientMutationId":"7"}` {
		t.Error(res.Text)
	}
	log := g.s.Requests()
	if last := log[len(log)-1]; last.Operation != "echoCreate" || !last.Writes {
		t.Errorf("logged as %+v", last)
	}
	if first := log[0]; first.Operation != "echo" || first.Writes {
		t.Errorf("a query is logged as %+v", first)
	}
}

func TestGraphQLTransport(t *testing.T) {
	g := newGQL(t, "ultimate")
	post := func(kind, body string) *http.Request {
		r := httptest.NewRequest(http.MethodPost, "/api/graphql", strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		return r
	}
	get := func(query string) *http.Request {
		return httptest.NewRequest(http.MethodGet, "/api/graphql?query="+url.QueryEscape(query), nil)
	}
	exact := `{ echo(text: "` + strings.Repeat("é", 10_000-len(`{ echo(text: "") }`)) + `") }`
	long := strings.Replace(exact, "é", "éé", 1)
	object := func(query string) string {
		b, _ := json.Marshal(map[string]string{"query": query})
		return string(b)
	}
	for _, tt := range []struct {
		name   string
		r      *http.Request
		status int
		want   string
	}{
		{"[ctl] queries may be asked by GET", get(`{ echo(text: "a") }`), 200, `"root\" says: a"`},
		{"[ctl] mutations by GET are refused", get(`mutation { echoCreate(input: {}) { errors } }`), 422, `{"errors":[{"message":"Mutations are forbidden in GET requests"}]}`},
		{"[doc] 10,000 characters are allowed", post("application/json", object(exact)), 200, `says: é`},
		{"[ctl] more are too large", post("application/json", object(long)), 422, `{"errors":[{"message":"Query too large"}]}`},
		{"[doc] several queries in one request", post("application/json", `[{"query":"{ echo(text: \"a\") }"},{"query":"{ echo(text: \"b\") }"}]`), 200,
			`[{"data":{"echo":"\"root\" says: a"}},{"data":{"echo":"\"root\" says: b"}}]`},
		{"a form works as JSON does", post("application/x-www-form-urlencoded", "query="+url.QueryEscape(`{ echo(text: "f") }`)), 200, `says: f`},
		{"[ctl] variables may be text", post("application/json", `{"query":"query($t: String!) { echo(text: $t) }","variables":"{\"t\":\"v\"}"}`), 200, `says: v`},
		{"[ctl] variables that are no object", post("application/json", `{"query":"{ echo(text: \"a\") }","variables":"nonsense"}`), 422, `{"errors":[{"message":`},
		{"[ctl] variables that are a list", post("application/json", `{"query":"{ echo(text: \"a\") }","variables":[1]}`), 422, `Unexpected parameter`},
		{"another media type is not read", post("text/plain", object(`{ echo(text: "a") }`)), 200, `Unexpected end of document`},
		{"broken JSON", post("application/json", `{"query":`), 400, `Bad Request`},
		{"a JSON null", post("application/json", `null`), 200, `Unexpected end of document`},
		{"[ruby] operationName chooses", post("application/json", `{"query":"query A { echo(text: \"a\") } query B { echo(text: \"b\") }","operationName":"B"}`), 200, `says: b`},
		{"[ruby] two operations need a name", post("application/json", `{"query":"query A { echo(text: \"a\") } query B { echo(text: \"b\") }"}`), 200, `"An operation name is required"`},
		{"[ruby] an unknown name", post("application/json", `{"query":"query A { echo(text: \"a\") }","operationName":"C"}`), 200, `No operation named \"C\"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res := g.send(tt.r, sandbox.TokenOperator)
			if res.Status != tt.status || !strings.Contains(res.Text, tt.want) {
				t.Errorf("%d %.300s, want %d with %s", res.Status, res.Text, tt.status, tt.want)
			}
		})
	}
}

// TestGraphQLSentences: [ruby] what GitLab answers to documents that do not
// fit its schema. All are answers with status 200 and without data.
func TestGraphQLSentences(t *testing.T) {
	g := newGQL(t, "ultimate")
	for _, tt := range []struct {
		query, want, code string
		path              string
		variables         map[string]any
	}{
		{query: `{ currentLicence { id } }`, want: "Field 'currentLicence' doesn't exist on type 'Query' (Did you mean `currentLicense`?)", code: "undefinedField", path: "query/currentLicence"},
		{query: `query Q { l: currentLicense { xyzzy } }`, want: "Field 'xyzzy' doesn't exist on type 'CurrentLicense'", code: "undefinedField", path: "query Q/l/xyzzy"},
		{query: `{ currentLicense }`, want: "Field must have selections (field 'currentLicense' returns CurrentLicense but has no selections. Did you mean 'currentLicense { ... }'?)", code: "selectionMismatch", path: "query/currentLicense"},
		{query: `{ currentLicense { plan { x y } } }`, want: `Selections can't be made on scalars (field 'plan' returns String but has selections ["x", "y"])`, code: "selectionMismatch", path: "query/currentLicense/plan"},
		{query: `{ currentLicense(a: 1) { id } }`, want: "Field 'currentLicense' doesn't accept argument 'a'", code: "argumentNotAccepted", path: "query/currentLicense/a"},
		{query: `{ echo }`, want: "Field 'echo' is missing required arguments: text", code: "missingRequiredArguments", path: "query/echo"},
		{query: `{ echo(text: 5) }`, want: "Argument 'text' on Field 'echo' has an invalid value (5). Expected type 'String!'.", code: "argumentLiteralsIncompatible", path: "query/echo/text"},
		{query: `mutation { gitlabSubscriptionActivate(input: {}) { errors } }`, want: "Argument 'activationCode' on InputObject 'GitlabSubscriptionActivateInput' is required. Expected type String!", code: "missingRequiredInputObjectAttribute"},
		{query: `mutation { gitlabSubscriptionActivate(input: {activationCode: 5}) { errors } }`, want: "Argument 'activationCode' on InputObject 'GitlabSubscriptionActivateInput' has an invalid value (5). Expected type 'String!'.", code: "argumentLiteralsIncompatible"},
		{query: `mutation { gitlabSubscriptionActivate(input: {activationCode: "a", key: "b"}) { errors } }`, want: "InputObject 'GitlabSubscriptionActivateInput' doesn't accept argument 'key'", code: "argumentNotAccepted"},
		{query: `query($t: String!) { echo(text: "a") }`, want: "Variable $t is declared by anonymous query but not used", code: "variableNotUsed", variables: map[string]any{"t": "x"}},
		{query: `query Q { echo(text: $t) }`, want: "Variable $t is used by Q but not declared", code: "variableNotDefined"},
		{query: `query($t: Int) { echo(text: $t) }`, want: "Type mismatch on variable $t and argument text (Int / String!)", code: "variableMismatch"},
		{query: `query($t: String) { echo(text: $t) }`, want: "Nullability mismatch on variable $t and argument text (String / String!)", code: "variableMismatch", path: "query/echo/text"},
		{query: `query($t: Nope) { echo(text: $t) }`, want: "Nope isn't a defined input type (on $t)", code: "variableRequiresValidType"},
		{query: `query($t: String!) { echo(text: $t) }`, want: "Variable $t of type String! was provided invalid value"},
		{query: `query($t: String!) { echo(text: $t) }`, want: "Variable $t of type String! was provided invalid value", variables: map[string]any{"t": 5}},
		{query: `mutation($i: GitlabSubscriptionActivateInput!) { gitlabSubscriptionActivate(input: $i) { errors } }`, variables: map[string]any{"i": map[string]any{}},
			want: "Variable $i of type GitlabSubscriptionActivateInput! was provided invalid value for activationCode (Expected value to not be null)"},
		{query: `{ currentLicense { ...F } }`, want: "Fragment F was used, but not defined", code: "useAndDefineFragment"},
		{query: `{ echo(text: "a") } fragment F on CurrentLicense { id }`, want: "Fragment F was defined, but not used", code: "useAndDefineFragment"},
		{query: `{ echo(text: "a") @nope }`, want: "Directive @nope is not defined", code: "undefinedDirective"},
		{query: `{ currentLicense { a: plan a: name } }`, want: "Field 'a' has a field conflict: plan or name?", code: "fieldConflict"},
		{query: `{ currentLicense { } }`, want: `Expected NAME, actual: RCURLY ("}") at [1, 20]`},
		{query: ``, want: "Unexpected end of document"},
	} {
		t.Run(tt.want, func(t *testing.T) {
			res := g.ask(sandbox.TokenOperator, tt.query, tt.variables)
			if res.Status != 200 || res.Data != nil || res.message() != tt.want {
				t.Fatalf("%d %s\nwant %s", res.Status, res.Text, tt.want)
			}
			if tt.code != "" && res.Errors[0].Extensions["code"] != tt.code {
				t.Errorf("code %v, want %s", res.Errors[0].Extensions["code"], tt.code)
			}
			if got := pathText(res.Errors[0].Path); tt.path != "" && got != tt.path {
				t.Errorf("path %s, want %s", got, tt.path)
			}
		})
	}
}

func pathText(path []any) string {
	parts := make([]string, len(path))
	for i, p := range path {
		parts[i], _ = p.(string)
	}
	return strings.Join(parts, "/")
}

// TestGraphQLOlderSentences: wordings that changed with graphql-ruby.
func TestGraphQLOlderSentences(t *testing.T) {
	g := newGQL(t, "ultimate", "gitlab_version=16.11.10")
	for query, want := range map[string]string{
		`{ currentLicence { id } }`: "Field 'currentLicence' doesn't exist on type 'Query'",
		`{ currentLicense { } }`:    `Parse error on "}" (RCURLY) at [1, 20]`,
		`{ currentLicense`:          "Unexpected end of document",
	} {
		if res := g.ask(sandbox.TokenOperator, query, nil); res.message() != want {
			t.Errorf("%s: %s, want %s", query, res.Text, want)
		}
	}
}

// TestGraphQLLimits: [doc] 250 with authentication, 200 without; [spec] the
// sentences; [§11.8].
func TestGraphQLLimits(t *testing.T) {
	g := newGQL(t, "ultimate")
	fields := func(n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(" a" + strings.Repeat("b", i%9) + string(rune('a'+i%26)) + string(rune('a'+i/26)) + `: echo(text: "x")`)
		}
		return "{" + b.String() + " }"
	}
	for _, tt := range []struct {
		token string
		n     int
		want  string
	}{
		{sandbox.TokenOperator, 250, ""},
		{sandbox.TokenOperator, 251, "Query has complexity of 251, which exceeds max complexity of 250"},
		{"", 200, ""},
		{"", 201, "Query has complexity of 201, which exceeds max complexity of 200"},
	} {
		if res := g.ask(tt.token, fields(tt.n), nil); res.Status != 200 || res.message() != tt.want {
			t.Errorf("%d fields: %d %.200s, want %q", tt.n, res.Status, res.Text, tt.want)
		}
	}
	var qc struct{ Score, Limit int }
	g.one(`{ queryComplexity { score limit } }`, "queryComplexity", &qc)
	if qc.Score != 3 || qc.Limit != 250 {
		t.Errorf("queryComplexity is %+v, want 3 of 250", qc)
	}
	// A page of 100 doubles what is below a connection.
	g.one(`{ licenseHistoryEntries { nodes { id plan type } } queryComplexity { score } }`, "queryComplexity", &qc)
	if want := 2*(1+1+3) + 2; qc.Score != want {
		t.Errorf("a connection costs %d, want %d", qc.Score, want)
	}
	deep := "{ __schema { types { fields { type" + strings.Repeat(" { ofType", 17) + " { name }" + strings.Repeat(" }", 17) + " } } } }"
	if res := g.ask(sandbox.TokenOperator, deep, nil); !strings.Contains(res.Text, "which exceeds max depth of 20") {
		t.Error(res.Text)
	}
	// Fragments that unfold without end are cut off, and quickly.
	var bomb strings.Builder
	bomb.WriteString("{ ...f0 } ")
	for i := range 60 {
		bomb.WriteString("fragment f" + letters(i) + " on Query { ...f" + letters(i+1) + " ...f" + letters(i+1) + " } ")
	}
	bomb.WriteString("fragment f" + letters(60) + " on Query { echo(text: \"x\") }")
	if res := g.ask(sandbox.TokenOperator, strings.Replace(bomb.String(), "...f0", "...f"+letters(0), 1), nil); res.Status != 200 {
		t.Error(res.Status, res.Text)
	}
}

func letters(i int) string { return string(rune('a'+i/26)) + string(rune('a'+i%26)) }

// TestGraphQLPermission: [§2.1, §11.3] null and one sentence for everybody who
// is no effective administrator.
func TestGraphQLPermission(t *testing.T) {
	for _, tt := range []struct {
		name, token string
		allowed     bool
		set         []string
	}{
		{"an administrator", sandbox.TokenOperator, true, nil},
		{"a reader", sandbox.TokenReadOnly, true, nil},
		{"no administrator", sandbox.TokenNonAdmin, false, nil},
		{"nobody", "", false, nil},
		{"Admin Mode without its scope", sandbox.TokenNoAdminMode, false, []string{"admin_mode=true"}},
		{"Admin Mode with its scope", sandbox.TokenOperator, true, []string{"admin_mode=true"}},
		{"Admin Mode off", sandbox.TokenNoAdminMode, true, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := newGQL(t, "ultimate", tt.set...)
			for _, field := range []string{"currentLicense { id }", "licenseHistoryEntries { nodes { id } }", "subscriptionFutureEntries { nodes { plan } }", "selfManagedUsersQueuedForRolePromotion { count }"} {
				name, _, _ := strings.Cut(field, " ")
				res := g.ask(tt.token, "{ "+field+" }", nil)
				denied := res.Status == 200 && string(res.Data[name]) == "null" && res.message() == notAvailable && pathText(res.Errors[0].Path) == name
				if tt.allowed && len(res.Errors) > 0 || !tt.allowed && !denied {
					t.Errorf("%s: %d %s", name, res.Status, res.Text)
				}
			}
			// [§2.6] add-ons of others: an empty list, no error
			res := g.ask(tt.token, "{ addOnPurchases { name } }", nil)
			if empty := string(res.Data["addOnPurchases"]) == "[]"; len(res.Errors) > 0 || empty == tt.allowed {
				t.Errorf("add-ons: %s", res.Text)
			}
		})
	}
}
