package graphqldoc

import (
	"maps"
	"slices"

	"github.com/graph-gophers/graphql-go/ast"
	gqlerrors "github.com/graph-gophers/graphql-go/errors"
)

// Places tells where in a document things are, so that an error that only
// knows its line and column can be worded with its surroundings.
type Places struct {
	schema *ast.Schema
	doc    *Document
	places map[gqlerrors.Location]place
}

// place is a field, an argument or a value of a document.
type place struct {
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

// NewPlaces notes every place of a document, for the schema it is asked of.
func NewPlaces(schema *ast.Schema, doc *Document) *Places {
	m := &Places{schema: schema, doc: doc, places: map[gqlerrors.Location]place{}}
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

func (m *Places) walk(selections []selection, parent string, path []any) {
	for i := range selections {
		s := &selections[i]
		switch {
		case s.spread != "":
			m.places[s.loc] = place{loc: s.loc, path: join(path, "... "+s.spread)}
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

func (m *Places) field(s *selection, parent string, path []any) {
	at := place{loc: s.loc, path: path, field: s.field}
	for _, below := range s.selections {
		if below.field != "" {
			at.subfields = append(at.subfields, below.field)
		}
	}
	def := fieldsOf(m.schema, parent).Get(s.field)
	if def != nil {
		at.wanted = def.Type.String()
		m.arguments(s.args, def.Arguments, place{path: path, ownerKind: "Field", owner: s.field})
		m.walk(s.selections, namedType(def.Type), path)
	}
	m.places[s.loc] = at
}

// arguments notes each argument and, below it, the members of its objects.
func (m *Places) arguments(args []argument, defs ast.ArgumentsDefinition, above place) {
	for _, a := range args {
		at := above
		at.loc, at.path, at.argument, at.text = a.loc, join(above.path, a.name), a.name, a.value.text
		def := defs.Get(a.name)
		if def != nil {
			at.wanted = def.Type.String()
		}
		m.places[a.loc], m.places[a.value.loc] = at, at
		if def != nil && a.value.object != nil {
			name := namedType(def.Type)
			m.arguments(a.value.object, inputsOf(m.schema, name), place{path: at.path, ownerKind: "InputObject", owner: name})
		}
	}
}

// find gives the first place a condition holds for.
func (m *Places) find(want func(place) bool) place {
	var first place
	for _, p := range m.places {
		if want(p) && (first.path == nil || p.loc.Before(first.loc)) {
			first = p
		}
	}
	return first
}

// Locate gives where the field is that an answer's path leads to. Positions in
// lists are no part of a document and are passed over.
func (m *Places) Locate(path []any) (gqlerrors.Location, bool) {
	names := slices.DeleteFunc(slices.Clone(path), func(p any) bool {
		_, isName := p.(string)
		return !isName
	})
	at := m.find(func(p place) bool {
		return p.field != "" && slices.Equal(p.path[1:], names)
	})
	return at.loc, at.path != nil
}

// join appends to a copy: paths share their beginnings.
func join(path []any, last string) []any { return append(slices.Clone(path), last) }

// namedType takes the wrapping off: [T!]! is T.
func namedType(t ast.Type) string {
	for {
		switch inner := t.(type) {
		case *ast.NonNull:
			t = inner.OfType
		case *ast.List:
			t = inner.OfType
		case ast.NamedType:
			return inner.TypeName()
		default:
			return ""
		}
	}
}

// fieldsOf lists the fields of an object type.
func fieldsOf(s *ast.Schema, typeName string) ast.FieldsDefinition {
	if o, ok := s.Types[typeName].(*ast.ObjectTypeDefinition); ok {
		return o.Fields
	}
	return nil
}

// inputsOf lists the members of an input object.
func inputsOf(s *ast.Schema, typeName string) ast.ArgumentsDefinition {
	if o, ok := s.Types[typeName].(*ast.InputObject); ok {
		return o.Values
	}
	return nil
}
