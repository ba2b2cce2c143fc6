package sandbox

import (
	"testing"

	gqlerrors "github.com/graph-gophers/graphql-go/errors"
)

// FuzzGraphQLDocument: every text is either read or refused with a sentence;
// what is read can be measured, checked and validated.
func FuzzGraphQLDocument(f *testing.F) {
	for _, seed := range []string{
		`{ a }`, `query Q($a: [Int!]! = [1, 2] @d) @d { a: b(c: {d: "e", f: [$a]}) @skip(if: true) { ...F ... on T { g } ... { h } } } fragment F on T { i }`,
		`mutation { a(b: """block "quoted" text""", c: -1.5e3, d: ENUM, e: null) }`, `subscription { a }`, "# only a comment", "\ufeff{ a }", `{ a("`, `{ a(b: "\"") }`,
		`query on { fragment }`, `{{{{`, `{ a(b: [[[[1]]]]) }`, "{ a, b,\r\n\tc }", `{ é }`, `fragment on on on { on }`,
	} {
		f.Add(seed)
	}
	schema := graphqlSchema(version{19, 5, 1}, true)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > maxQueryText {
			return
		}
		doc, failure := parseGraphQL(text, false)
		if (doc == nil) == (failure == nil) {
			t.Fatalf("%q: document %v, failure %v", text, doc, failure)
		}
		if failure != nil {
			if failure.message == "" {
				t.Fatalf("%q: refused without a word", text)
			}
			return
		}
		places := newGraphQLMap(schema.AST(), doc)
		for _, op := range doc.operations {
			if n, depth := (&cost{schema: schema.AST(), doc: doc, open: map[string]bool{}}).score(op); n < 0 || depth < 0 {
				t.Fatalf("%q costs %d at depth %d", text, n, depth)
			}
			checkVariables(schema.AST(), op, nil)
		}
		if len(places.places) == 0 && len(doc.operations) > 0 {
			t.Fatalf("%q: an operation selects something", text)
		}
		d := &dialect{places: places, didYouMean: true, operation: "Q"}
		for _, e := range schema.Validate(text) {
			if d.word(e).Message == "" {
				t.Fatalf("%q: %s became nothing", text, e.Message)
			}
		}
	})
}

func TestGraphQLLexerPlaces(t *testing.T) {
	doc, failure := parseGraphQL("query Q {\n  é: # no\n  a\n}", false)
	if failure == nil {
		t.Fatalf("a letter outside ASCII was read: %+v", doc)
	}
	if want := (gqlerrors.Location{Line: 2, Column: 3}); failure.loc != want {
		t.Errorf("at %v, want %v", failure.loc, want)
	}
	doc, failure = parseGraphQL("{ a(x: \"äö\") b\n\n   c }", false)
	if failure != nil {
		t.Fatal(failure.message)
	}
	sel := doc.operations[0].selections
	if sel[1].loc.Column != 14 || sel[2].loc != (gqlerrors.Location{Line: 3, Column: 4}) || sel[0].args[0].value.text != `"äö"` {
		t.Errorf("%+v", sel)
	}
}

func TestGraphQLCostFollowsFragmentsAndAliases(t *testing.T) {
	schema := graphqlSchema(version{19, 5, 1}, true)
	for query, want := range map[string]int{
		`{ currentLicense { id plan } }`:                                                               3,
		`{ currentLicense { id } currentLicense { id plan } }`:                                         3, // merged
		`{ a: currentLicense { id } b: currentLicense { id } }`:                                        4,
		`{ currentLicense { ...F } } fragment F on CurrentLicense { id plan }`:                         3,
		`{ currentLicense { ... on CurrentLicense { id } ...F } } fragment F on CurrentLicense { id }`: 2,
		`{ licenseHistoryEntries(first: 50) { nodes { id } } }`:                                        4, // 3 and a half, whole
		`{ licenseHistoryEntries(last: 100) { nodes { id } } }`:                                        6,
		`{ licenseHistoryEntries(first: 5000) { nodes { id } } }`:                                      6,
		`{ a: licenseHistoryEntries(first: $n) { nodes { id } } }`:                                     6,
		`{ currentLicense { ...F } } fragment F on CurrentLicense { id ...F }`:                         2,
	} {
		doc, failure := parseGraphQL(query, false)
		if failure != nil {
			t.Fatal(failure.message)
		}
		if got, _ := (&cost{schema: schema.AST(), doc: doc, open: map[string]bool{}}).score(doc.operations[0]); got != want {
			t.Errorf("%s costs %d, want %d", query, got, want)
		}
	}
}
