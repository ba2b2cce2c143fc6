package graphqlrun

import (
	"errors"
	"fmt"
	"testing"

	"seatdeck/licensing/sandbox/graphqldoc"
)

type thing struct {
	id    int
	label *string
	next  *thing
}

const thingSchema = `
	schema { query: Query mutation: Mutation }
	type Query { thing: Thing must: Thing! things: [Thing] all: [Thing!] echo(text: String!, n: Int = 3): String! sum(ns: [Int!]!): Int take(in: In!): String }
	type Mutation { add: Int }
	type Thing { id: ID! label: String name: String! broken: Int brokenFor: Int! next: Thing }
	input In { a: String! = "x" b: [Int] }`

func things() Table {
	name := "a"
	one := &thing{id: 1, label: &name, next: &thing{id: 2}}
	count := 0
	fail := func(any, Args) (any, error) { return nil, errors.New("broke") }
	return Table{
		"Query": {
			"thing":  func(any, Args) (any, error) { return one, nil },
			"must":   func(any, Args) (any, error) { return one, nil },
			"things": func(any, Args) (any, error) { return []any{one, nil, one.next}, nil },
			"all":    func(any, Args) (any, error) { return []any{one, one.next}, nil },
			"echo": func(_ any, a Args) (any, error) {
				return *a.Text("text") + string(rune('0'+*a.Int("n"))), nil
			},
			"sum": func(_ any, a Args) (any, error) {
				sum := 0
				for _, n := range a["ns"].([]any) {
					sum += n.(int)
				}
				return sum, nil
			},
			"take": func(_ any, a Args) (any, error) { return *a.Object("in").Text("a"), nil },
		},
		"Mutation": {"add": func(any, Args) (any, error) { count++; return count, nil }},
		"Thing": {
			"id":     Value(func(t *thing) int { return t.id }),
			"label":  Maybe(func(t *thing) *string { return t.label }),
			"name":   Maybe(func(t *thing) *string { return t.label }),
			"broken": fail, "brokenFor": fail,
			"next": Node(func(t *thing) *thing { return t.next }),
		},
	}
}

// TestRun: execution as the GraphQL specification has it (section 6): order,
// merging, fragments, directives, lists, coercion, and nulls that climb.
func TestRun(t *testing.T) {
	schema, err := graphqldoc.LoadSchema(thingSchema)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		query, data string
		errors      []string // message and path
		variables   map[string]any
	}{
		{query: `{ b: thing { id } a: thing { label } }`, data: `{"b":{"id":1},"a":{"label":"a"}}`},
		{query: `{ thing { id } thing { label id } }`, data: `{"thing":{"id":1,"label":"a"}}`},
		{query: `{ ...F ...F ... on Query { thing { __typename } } } fragment F on Query { thing { next { id next { id } } } }`,
			data: `{"thing":{"next":{"id":2,"next":null},"__typename":"Thing"}}`},
		{query: `query($s: Boolean!) { thing @skip(if: $s) { id } echo(text: "x") @include(if: true) must @include(if: false) { id } }`,
			data: `{"echo":"x3"}`, variables: map[string]any{"s": true}},
		{query: `{ things { id } }`, data: `{"things":[{"id":1},null,{"id":2}]}`},
		{query: `{ things { name } }`, data: `{"things":[{"name":"a"},null,null]}`,
			errors: []string{"Cannot return null for non-nullable field Thing.name at things 2 name"}},
		{query: `{ all { name } }`, data: `{"all":null}`, errors: []string{"Cannot return null for non-nullable field Thing.name at all 1 name"}},
		{query: `{ must { brokenFor } }`, data: `null`, errors: []string{"broke at must brokenFor"}},
		{query: `{ thing { broken id } echo(text: "x") }`, data: `{"thing":{"broken":null,"id":1},"echo":"x3"}`, errors: []string{"broke at thing broken"}},
		{query: `query($t: String = "d", $n: Int) { echo(text: $t, n: $n) }`, data: `{"echo":"d3"}`},
		{query: `query($t: String = "d") { echo(text: $t) }`, data: `null`, variables: map[string]any{"t": nil},
			errors: []string{"Argument 'text' on Field 'echo' has an invalid value (null). Expected type 'String!'. at echo"}},
		{query: `{ one: sum(ns: 4) many: sum(ns: [1, 2]) }`, data: `{"one":4,"many":3}`},
		{query: `query($ns: [Int!]!) { sum(ns: $ns) }`, data: `{"sum":7}`, variables: map[string]any{"ns": []any{3.0, 4.0}}},
		{query: `query($a: String!) { x: take(in: {}) y: take(in: {a: $a}) }`, data: `{"x":"x","y":"z"}`, variables: map[string]any{"a": "z"}},
		{query: `mutation { a: add b: add }`, data: `{"a":1,"b":2}`},
		{query: `{ __type(name: "In") { kind inputFields { name defaultValue type { kind ofType { name } } } fields { name } } }`,
			data: `{"__type":{"kind":"INPUT_OBJECT","inputFields":[{"name":"a","defaultValue":"\"x\"","type":{"kind":"NON_NULL","ofType":{"name":"String"}}},` +
				`{"name":"b","defaultValue":null,"type":{"kind":"LIST","ofType":{"name":"Int"}}}],"fields":null}}`},
		{query: `{ __type(name: "Nope") { name } __schema { queryType { name } subscriptionType { name } } }`,
			data: `{"__type":null,"__schema":{"queryType":{"name":"Query"},"subscriptionType":null}}`},
	} {
		t.Run(tt.query, func(t *testing.T) {
			doc, failure := graphqldoc.Parse(tt.query, false)
			if failure != nil {
				t.Fatal(failure.Message)
			}
			checked, found := (&graphqldoc.Dialect{Places: graphqldoc.NewPlaces(schema, doc)}).Check(tt.query)
			if len(found) > 0 {
				t.Fatal(found)
			}
			data, errs := Request{Schema: schema, Table: things(), Document: checked, Variables: tt.variables}.Do()
			if string(data) != tt.data {
				t.Errorf("data %s\nwant %s", data, tt.data)
			}
			if len(errs) != len(tt.errors) {
				t.Fatalf("errors %+v, want %q", errs, tt.errors)
			}
			for i, e := range errs {
				if got := e.Message + " at" + spaced(e.Path); got != tt.errors[i] || len(e.Locations) != 1 {
					t.Errorf("error %q at %v, want %q", got, e.Locations, tt.errors[i])
				}
			}
		})
	}
}

// TestFieldsNobodyAnswers: a hole in the table is an error of that field.
func TestFieldsNobodyAnswers(t *testing.T) {
	schema, err := graphqldoc.LoadSchema(`type Query { a: Int }`)
	if err != nil {
		t.Fatal(err)
	}
	doc, failure := graphqldoc.Parse(`{ a }`, false)
	if failure != nil {
		t.Fatal(failure.Message)
	}
	checked, found := (&graphqldoc.Dialect{Places: graphqldoc.NewPlaces(schema, doc)}).Check(`{ a }`)
	if len(found) > 0 {
		t.Fatal(found)
	}
	data, errs := Request{Schema: schema, Document: checked}.Do()
	if string(data) != `{"a":null}` || len(errs) != 1 || errs[0].Message != "nobody answers Query.a" {
		t.Errorf("%s %+v", data, errs)
	}
}

func spaced(path []any) string {
	text := ""
	for _, p := range path {
		text += fmt.Sprintf(" %v", p)
	}
	return text
}
