package graphqldoc

import (
	"maps"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// Places tells where in a document things are, so that an error that only
// knows its line and column can be worded with its surroundings.
type Places struct {
	schema *ast.Schema
	doc    *Document
	places map[Location]place
}

// place is a field, an argument or a value of a document.
type place struct {
	loc       Location
	path      []any  // as GitLab gives it: "query", response keys, argument names
	argument  string // for arguments and values
	ownerKind string // Field or InputObject: what the argument belongs to
	owner     string
	wanted    string   // the type of a field, or the one a value must have
	text      string   // a value as written
	field     string   // a field's name
	subfields []string // names selected below it
}

// NewPlaces notes every place of a document, for the schema it is asked of.
func NewPlaces(schema *ast.Schema, doc *Document) *Places {
	m := &Places{schema: schema, doc: doc, places: map[Location]place{}}
	for _, op := range doc.operations {
		m.walk(op.selections, rootType(schema, op.kind), []any{op.label()})
	}
	for _, name := range slices.Sorted(maps.Keys(doc.fragments)) {
		f := doc.fragments[name]
		m.walk(f.selections, f.on, []any{"fragment " + name})
	}
	return m
}

func (m *Places) walk(selections []selection, parent string, path []any) {
	for i := range selections {
		s := &selections[i]
		switch {
		case s.spread != "":
			m.places[s.inside] = place{loc: s.loc, path: join(path, "... "+s.spread)}
		case s.field == "":
			on, label := parent, "..."
			if s.on != "" {
				on, label = s.on, "... on "+s.on
			}
			m.places[s.inside] = place{loc: s.loc, path: join(path, label)}
			m.walk(s.selections, on, join(path, label))
		default:
			m.field(s, parent, join(path, s.alias))
		}
	}
}

func (m *Places) field(s *selection, parent string, path []any) {
	at := place{loc: s.loc, path: path, field: s.field}
	for _, below := range s.selections {
		if below.field != "" {
			at.subfields = append(at.subfields, below.field)
		}
	}
	def := fieldsOf(m.schema, parent).ForName(s.field)
	if def != nil {
		at.wanted = def.Type.String()
		m.arguments(s.args, argumentTypes(def), place{path: path, ownerKind: "Field", owner: s.field})
		m.walk(s.selections, def.Type.Name(), path)
	}
	m.places[s.loc] = at
}

// arguments notes each argument and, below it, the members of its objects.
func (m *Places) arguments(args []argument, wanted func(name string) *ast.Type, above place) {
	for _, a := range args {
		at := above
		at.loc, at.path, at.argument, at.text = a.loc, join(above.path, a.name), a.name, a.value.text
		t := wanted(a.name)
		if t != nil {
			at.wanted = t.String()
		}
		m.places[a.loc], m.places[a.value.loc] = at, at
		if t != nil && a.value.object != nil {
			m.arguments(a.value.object, memberTypes(m.schema, t.Name()), place{path: at.path, ownerKind: "InputObject", owner: t.Name()})
		}
	}
}

// find gives the first place a condition holds for.
func (m *Places) find(want func(place) bool) place {
	var first place
	for _, p := range m.places {
		if want(p) && (first.path == nil || byLocation(p.loc, first.loc) < 0) {
			first = p
		}
	}
	return first
}

// join appends to a copy: paths share their beginnings.
func join(path []any, last string) []any { return append(slices.Clone(path), last) }

// rootType names the type that an operation of a kind begins with.
func rootType(s *ast.Schema, kind string) string {
	def := map[string]*ast.Definition{"query": s.Query, "mutation": s.Mutation, "subscription": s.Subscription}[kind]
	if def == nil {
		return ""
	}
	return def.Name
}

// fieldsOf lists the fields of an object type.
func fieldsOf(s *ast.Schema, typeName string) ast.FieldList {
	if def := s.Types[typeName]; def != nil && def.Kind == ast.Object {
		return def.Fields
	}
	return nil
}

// argumentTypes looks up the types of a field's arguments.
func argumentTypes(def *ast.FieldDefinition) func(name string) *ast.Type {
	return func(name string) *ast.Type {
		if a := def.Arguments.ForName(name); a != nil {
			return a.Type
		}
		return nil
	}
}

// memberTypes looks up the types of an input object's members.
func memberTypes(s *ast.Schema, typeName string) func(name string) *ast.Type {
	return func(name string) *ast.Type {
		def := s.Types[typeName]
		if def == nil || def.Kind != ast.InputObject {
			return nil
		}
		if m := def.Fields.ForName(name); m != nil {
			return m.Type
		}
		return nil
	}
}
