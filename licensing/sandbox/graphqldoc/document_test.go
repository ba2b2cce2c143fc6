package graphqldoc

import (
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

// testSchema has one of each: fields with and without arguments, an object, a
// connection, an input object, an enumeration and a global id.
func testSchema(tb testing.TB) *ast.Schema {
	tb.Helper()
	schema, err := LoadSchema(`
		schema { query: Query mutation: Mutation }
		scalar UserID
		enum Status { APPROVED DENIED }
		type Query { echo(text: String!): String! license: License terms(first: Int, last: Int): TermConnection }
		type Mutation { decide(input: DecideInput!): License }
		input DecideInput { user: UserID! status: Status! codes: [Int!] }
		type License { id: ID! plan: String! }
		type TermConnection { nodes: [License] }`)
	if err != nil {
		tb.Fatal(err)
	}
	return schema
}

// FuzzDocument: every text is either read or refused with a sentence;
// what is read can be measured, checked and validated.
func FuzzDocument(f *testing.F) {
	for _, seed := range []string{
		`{ a }`, `query Q($a: [Int!]! = [1, 2] @d) @d { a: b(c: {d: "e", f: [$a]}) @skip(if: true) { ...F ... on T { g } ... { h } } } fragment F on T { i }`,
		`mutation { a(b: """block "quoted" text""", c: -1.5e3, d: ENUM, e: null) }`, `subscription { a }`, "# only a comment", "\ufeff{ a }", `{ a("`, `{ a(b: "\"") }`,
		`query on { fragment }`, `{{{{`, `{ a(b: [[[[1]]]]) }`, "{ a, b,\r\n\tc }", `{ é }`, `fragment on on on { on }`,
	} {
		f.Add(seed)
	}
	schema := testSchema(f)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 10_000 {
			return
		}
		doc, failure := Parse(text, false)
		if (doc == nil) == (failure == nil) {
			t.Fatalf("%q: document %v, failure %v", text, doc, failure)
		}
		if failure != nil {
			if failure.Message == "" {
				t.Fatalf("%q: refused without a word", text)
			}
			return
		}
		places := NewPlaces(schema, doc)
		for _, op := range doc.operations {
			if n, depth := Cost(schema, doc, op, nil); n < 0 || depth < 0 {
				t.Fatalf("%q costs %d at depth %d", text, n, depth)
			}
			CheckVariables(schema, op, nil)
		}
		if len(places.places) == 0 && len(doc.operations) > 0 {
			t.Fatalf("%q: an operation selects something", text)
		}
		checked, found := (&Dialect{Places: places, Operation: "Q"}).Check(text)
		if (checked == nil) == (len(found) == 0) {
			t.Fatalf("%q: document %v, errors %v", text, checked, found)
		}
		for _, e := range found {
			if e.Message == "" {
				t.Fatalf("%q: %+v says nothing", text, e)
			}
		}
	})
}

func TestPlacesCountCharacters(t *testing.T) {
	doc, failure := Parse("query Q {\n  é: # no\n  a\n}", false)
	if failure == nil {
		t.Fatalf("a letter outside ASCII was read: %+v", doc)
	}
	if want := (Location{Line: 2, Column: 3}); failure.Locations[0] != want {
		t.Errorf("at %v, want %v", failure.Locations, want)
	}
	doc, failure = Parse("{ a(x: \"äö\") b\n\n   c }", false)
	if failure != nil {
		t.Fatal(failure.Message)
	}
	sel := doc.operations[0].selections
	if sel[1].loc.Column != 14 || sel[2].loc != (Location{Line: 3, Column: 4}) || sel[0].args[0].value.text != `"äö"` {
		t.Errorf("%+v", sel)
	}
}

func TestCostFollowsFragmentsAndAliases(t *testing.T) {
	schema := testSchema(t)
	for query, want := range map[string]int{
		`{ license { id plan } }`:                                                 3,
		`{ license { id } license { id plan } }`:                                  3, // merged
		`{ a: license { id } b: license { id } }`:                                 4,
		`{ license { ...F } } fragment F on License { id plan }`:                  3,
		`{ license { ... on License { id } ...F } } fragment F on License { id }`: 2,
		`{ terms(first: 50) { nodes { id } } }`:                                   4, // 3 and a half, whole
		`{ terms(last: 100) { nodes { id } } }`:                                   6,
		`{ terms(first: 5000) { nodes { id } } }`:                                 6,
		`query($n: Int) { a: terms(first: $n) { nodes { id } } }`:                 4, // n is 50
		`{ license { ...F } } fragment F on License { id ...F }`:                  2,
	} {
		doc, failure := Parse(query, false)
		if failure != nil {
			t.Fatal(failure.Message)
		}
		if got, _ := Cost(schema, doc, doc.operations[0], map[string]any{"n": 50.0}); got != want {
			t.Errorf("%s costs %d, want %d", query, got, want)
		}
	}
}

func TestVariablesAreChecked(t *testing.T) {
	schema := testSchema(t)
	const query = `mutation($i: DecideInput!) { decide(input: $i) { id } }`
	doc, failure := Parse(query, false)
	if failure != nil {
		t.Fatal(failure.Message)
	}
	for _, tt := range []struct {
		name, want string
		value      any
	}{
		{"right", "", map[string]any{"user": "gid://gitlab/User/1", "status": "DENIED", "codes": []any{1.0, 2.0}}},
		{"one item for a list", "", map[string]any{"user": "gid://gitlab/User/1", "status": "DENIED", "codes": 7.0}},
		{"null", "Variable $i of type DecideInput! was provided invalid value", nil},
		{"no object", "Variable $i of type DecideInput! was provided invalid value", 5.0},
		{"a member too much", "Variable $i of type DecideInput! was provided invalid value for extra (Field is not defined on DecideInput)",
			map[string]any{"user": "gid://gitlab/User/1", "status": "DENIED", "extra": 1.0}},
		{"wrong inside", `Variable $i of type DecideInput! was provided invalid value for user ("7" is not a valid Global ID), status (Expected "MAYBE" to be one of: APPROVED, DENIED), codes.1 (Could not coerce value 1.5 to Int)`,
			map[string]any{"user": "7", "status": "MAYBE", "codes": []any{1.0, 1.5}}},
		{"another app", `Variable $i of type DecideInput! was provided invalid value for user ("gid://other/User/1" is not a Gitlab Global ID)`,
			map[string]any{"user": "gid://other/User/1", "status": "DENIED"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			if found := CheckVariables(schema, doc.operations[0], map[string]any{"i": tt.value}); len(found) > 0 {
				got = found[0].Message
			}
			if got != tt.want {
				t.Errorf("says %q\nwant %q", got, tt.want)
			}
		})
	}
}

// TestCheckSaysWhere: an error inside a fragment is said once, errors come in the
// order of the document, and each says where it is.
func TestCheckSaysWhere(t *testing.T) {
	schema := testSchema(t)
	for _, tt := range []struct {
		query string
		want  []string
		at    []Location
		path  string
	}{
		{`{ license { ...F } } fragment F on License { nope }`, []string{"Field 'nope' doesn't exist on type 'License'"}, []Location{{1, 46}}, "nope"},
		{`{ license(a: 1) { nope } }`, []string{"Field 'license' doesn't accept argument 'a'", "Field 'nope' doesn't exist on type 'License'"}, []Location{{1, 11}, {1, 19}}, "a"},
		{`{ license { ...F } }`, []string{"Fragment F was used, but not defined"}, []Location{{1, 13}}, "... F"},
		{`{ license { ... on Nope { id } } }`, []string{"No such type Nope, so it can't be a fragment condition"}, []Location{{1, 13}}, "... on Nope"},
		{`{ terms(first: 2147483648) { nodes { id } } }`, []string{"Argument 'first' on Field 'terms' has an invalid value (2147483648). Expected type 'Int'."}, []Location{{1, 9}}, "first"},
		{`{ license @defer { id } }`, []string{"Directive @defer is not defined"}, []Location{{1, 12}}, ""},
	} {
		doc, failure := Parse(tt.query, false)
		if failure != nil {
			t.Fatal(failure.Message)
		}
		_, found := (&Dialect{Places: NewPlaces(schema, doc), Operation: "Q"}).Check(tt.query)
		if len(found) != len(tt.want) {
			t.Fatalf("%s: %+v", tt.query, found)
		}
		for i, e := range found {
			if e.Message != tt.want[i] || len(e.Locations) != 1 || e.Locations[0] != tt.at[i] {
				t.Errorf("%s: %+v, want %s at %v", tt.query, e, tt.want[i], tt.at[i])
			}
		}
		if p := found[0].Path; tt.path != "" && p[len(p)-1] != tt.path {
			t.Errorf("%s: path %v, want it to end with %s", tt.query, p, tt.path)
		}
	}
}
