package sandbox

import (
	"fmt"
	"maps"
	"slices"

	"github.com/graph-gophers/graphql-go/ast"
	gqlerrors "github.com/graph-gophers/graphql-go/errors"
)

// gqlMap tells where in a document things are, so that an error that only
// knows its line and column can be worded with its surroundings.
type gqlMap struct {
	schema *ast.Schema
	doc    *gqlDocument
	places map[gqlerrors.Location]gqlPlace
}

// gqlPlace is a field, an argument or a value of a document.
type gqlPlace struct {
	loc       gqlerrors.Location
	path      []any  // as GitLab gives it: "query", response keys, argument names
	argument  string // for arguments and values
	ownerKind string // Field or InputObject: what the argument belongs to
	owner     string
	wanted    string   // the type of a field, or the one a value must have
	text      string   // a value as written
	field     string   // a field's name
	subfields []string // names selected below it
}

func newGraphQLMap(schema *ast.Schema, doc *gqlDocument) *gqlMap {
	m := &gqlMap{schema: schema, doc: doc, places: map[gqlerrors.Location]gqlPlace{}}
	for _, op := range doc.operations {
		root := ""
		if t := schema.RootOperationTypes[op.kind]; t != nil {
			root = t.TypeName()
		}
		m.walk(op.selections, root, []any{op.label()})
	}
	for _, name := range slices.Sorted(maps.Keys(doc.fragments)) {
		f := doc.fragments[name]
		m.walk(f.selections, f.on, []any{"fragment " + name})
	}
	return m
}

func (m *gqlMap) walk(selections []gqlSelection, parent string, path []any) {
	for i := range selections {
		s := &selections[i]
		switch {
		case s.spread != "":
			m.places[s.loc] = gqlPlace{loc: s.loc, path: join(path, "... "+s.spread)}
		case s.field == "":
			on, label := parent, "..."
			if s.on != "" {
				on, label = s.on, "... on "+s.on
			}
			m.walk(s.selections, on, join(path, label))
		default:
			m.field(s, parent, join(path, s.alias))
		}
	}
}

func (m *gqlMap) field(s *gqlSelection, parent string, path []any) {
	place := gqlPlace{loc: s.loc, path: path, field: s.field}
	for _, below := range s.selections {
		if below.field != "" {
			place.subfields = append(place.subfields, below.field)
		}
	}
	def := fieldsOf(m.schema, parent).Get(s.field)
	if def != nil {
		place.wanted = def.Type.String()
		m.arguments(s.args, def.Arguments, gqlPlace{path: path, ownerKind: "Field", owner: s.field})
		m.walk(s.selections, namedType(def.Type), path)
	}
	m.places[s.loc] = place
}

// arguments notes each argument and, below it, the members of its objects.
func (m *gqlMap) arguments(args []gqlArgument, defs ast.ArgumentsDefinition, above gqlPlace) {
	for _, a := range args {
		place := above
		place.loc, place.path, place.argument, place.text = a.loc, join(above.path, a.name), a.name, a.value.text
		def := defs.Get(a.name)
		if def != nil {
			place.wanted = def.Type.String()
		}
		m.places[a.loc], m.places[a.value.loc] = place, place
		if def != nil && a.value.object != nil {
			name := namedType(def.Type)
			m.arguments(a.value.object, inputsOf(m.schema, name), gqlPlace{path: place.path, ownerKind: "InputObject", owner: name})
		}
	}
}

// find gives the first place a condition holds for.
func (m *gqlMap) find(want func(gqlPlace) bool) gqlPlace {
	var first gqlPlace
	for _, p := range m.places {
		if want(p) && (first.path == nil || p.loc.Before(first.loc)) {
			first = p
		}
	}
	return first
}

// join appends to a copy: paths share their beginnings.
func join(path []any, last string) []any { return append(slices.Clone(path), last) }

// cost is what an operation is worth by GitLab's published formula: one for
// each field, and for a connection one percent more of its sum for each item
// of a page. Fields with one response key count once.
type cost struct {
	schema *ast.Schema
	doc    *gqlDocument
	vars   map[string]any
	open   map[string]bool // fragments being unfolded: a cycle costs nothing
	seen   int             // selections looked at, fragments unfolded
}

// maxSelections ends the counting: fragments that spread fragments twice can
// unfold without end, and what is left out is far above any limit.
const maxSelections = 20_000

// score is the complexity and the depth of an operation. A named fragment that
// spreads itself is refused by the engine later.
func (c *cost) score(op *gqlOperation) (complexity, depth int) {
	root := ""
	if t := c.schema.RootOperationTypes[op.kind]; t != nil {
		root = t.TypeName()
	}
	return c.sum(op.selections, root)
}

func (c *cost) sum(selections []gqlSelection, parent string) (complexity, depth int) {
	for _, group := range c.collect(nil, selections) {
		field := group[0]
		var below []gqlSelection
		for _, s := range group {
			below = append(below, s.selections...)
		}
		typeName := ""
		if def := fieldsOf(c.schema, parent).Get(field.field); def != nil {
			typeName = namedType(def.Type)
		}
		n, d := 1, 0
		if len(below) > 0 {
			n, d = c.sum(below, typeName)
			n++
		}
		if isConnection(typeName) {
			n += n * c.pageSize(field.args) / 100
		}
		complexity, depth = complexity+n, max(depth, d+1)
	}
	return complexity, depth
}

// collect unfolds fragments and groups fields by their response key.
func (c *cost) collect(groups [][]gqlSelection, selections []gqlSelection) [][]gqlSelection {
	for _, s := range selections {
		if c.seen++; c.seen > maxSelections {
			break
		}
		switch {
		case s.spread != "":
			f := c.doc.fragments[s.spread]
			if f == nil || c.open[s.spread] {
				continue
			}
			c.open[s.spread] = true
			groups = c.collect(groups, f.selections)
			delete(c.open, s.spread)
		case s.field == "":
			groups = c.collect(groups, s.selections)
		default:
			i := slices.IndexFunc(groups, func(g []gqlSelection) bool { return g[0].alias == s.alias })
			if i < 0 {
				groups = append(groups, []gqlSelection{s})
			} else {
				groups[i] = append(groups[i], s)
			}
		}
	}
	return groups
}

// pageSize is how many items a connection is asked for at most.
func (c *cost) pageSize(args []gqlArgument) int {
	size := maxGraphQLPage
	for _, a := range args {
		if a.name != "first" && a.name != "last" {
			continue
		}
		n := size
		if a.value.variable == "" {
			fmt.Sscan(a.value.text, &n)
		} else if v, ok := c.vars[a.value.variable].(float64); ok {
			n = int(v)
		}
		size = max(0, min(size, n))
	}
	return size
}

// isConnection: connection types are named so throughout GitLab's schema.
func isConnection(typeName string) bool {
	const suffix = "Connection"
	return len(typeName) > len(suffix) && typeName[len(typeName)-len(suffix):] == suffix
}
