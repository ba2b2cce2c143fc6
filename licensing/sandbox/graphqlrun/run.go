package graphqlrun

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"seatdeck/licensing/sandbox/graphqldoc"
)

// Request is an operation to run. The document has been validated for the
// schema, and the values of its variables have been checked.
type Request struct {
	Schema    *ast.Schema
	Table     Table
	Document  *ast.QueryDocument
	Operation string         // name; may be empty when there is only one
	Variables map[string]any // as JSON gives them
	Root      any            // what the fields of Query and Mutation are asked of
}

// Do runs the operation. The data is null when null could not stay further down.
func (q Request) Do() (json.RawMessage, []graphqldoc.Error) {
	op := q.Document.Operations.ForName(q.Operation)
	if op == nil {
		return nil, []graphqldoc.Error{{Message: fmt.Sprintf("No operation named %q", q.Operation)}}
	}
	root := q.Schema.Query
	if op.Operation == ast.Mutation {
		root = q.Schema.Mutation
	}
	r := &run{Request: q, op: op, meta: introspection(q.Schema)}
	if !r.object(root, q.Root, []ast.SelectionSet{op.SelectionSet}, nil) {
		r.out = []byte("null")
	}
	return r.out, r.errors
}

// run is an operation on its way.
type run struct {
	Request
	op     *ast.OperationDefinition
	meta   Table // of what a schema tells about itself
	out    []byte
	errors []graphqldoc.Error
}

// answer is a response key and what is asked below it.
type answer struct {
	field *ast.Field // the first with that key; all have the same name and arguments
	below []ast.SelectionSet
}

// object writes an object. Like all that write, it reports false when a null
// must go further up; what it wrote is then to be dropped.
func (r *run) object(def *ast.Definition, on any, sets []ast.SelectionSet, path []any) bool {
	r.out = append(r.out, '{')
	for i, a := range r.collect(nil, def, sets, map[string]bool{}) {
		if i > 0 {
			r.out = append(r.out, ',')
		}
		r.out = append(append(append(r.out, '"'), a.field.Alias...), '"', ':')
		if !r.field(def, on, a, append(slices.Clip(path), a.field.Alias)) {
			return false
		}
	}
	r.out = append(r.out, '}')
	return true
}

// collect unfolds fragments and groups fields by their response key. A fragment
// counts once, however often it is spread.
func (r *run) collect(out []*answer, def *ast.Definition, sets []ast.SelectionSet, seen map[string]bool) []*answer {
	for _, set := range sets {
		for _, s := range set {
			switch s := s.(type) {
			case *ast.Field:
				if !r.wanted(s.Directives) {
					continue
				}
				i := slices.IndexFunc(out, func(a *answer) bool { return a.field.Alias == s.Alias })
				if i < 0 {
					i, out = len(out), append(out, &answer{field: s})
				}
				out[i].below = append(out[i].below, s.SelectionSet)
			case *ast.InlineFragment:
				if r.wanted(s.Directives) && (s.TypeCondition == "" || s.TypeCondition == def.Name) {
					out = r.collect(out, def, []ast.SelectionSet{s.SelectionSet}, seen)
				}
			case *ast.FragmentSpread:
				if !seen[s.Name] && r.wanted(s.Directives) && s.Definition.TypeCondition == def.Name {
					seen[s.Name] = true
					out = r.collect(out, def, []ast.SelectionSet{s.Definition.SelectionSet}, seen)
				}
			}
		}
	}
	return out
}

// wanted decides @skip and @include.
func (r *run) wanted(directives ast.DirectiveList) bool {
	says := func(name string, otherwise bool) bool {
		d := directives.ForName(name)
		if d == nil {
			return otherwise
		}
		v, _ := r.given(d.Arguments.ForName("if").Value)
		yes, _ := v.(bool)
		return yes
	}
	return !says("skip", false) && says("include", true)
}

// field asks a resolver and writes its answer.
func (r *run) field(def *ast.Definition, on any, a *answer, path []any) bool {
	name := a.field.Name
	if name == "__typename" {
		return r.leaf(a, def.Name, path)
	}
	table := r.Table
	if strings.HasPrefix(name, "__") || strings.HasPrefix(def.Name, "__") {
		table = r.meta
	}
	args, err := r.arguments(a.field)
	var v any
	if err == nil {
		if resolve := table[def.Name][name]; resolve != nil {
			v, err = resolve(on, args)
		} else {
			err = errors.New("nobody answers " + def.Name + "." + name)
		}
	}
	t := a.field.Definition.Type
	if err != nil {
		r.fail(a, path, err.Error())
		return r.null(len(r.out), t)
	}
	return r.value(def, a, t, v, path)
}

// fail notes that a field went wrong.
func (r *run) fail(a *answer, path []any, message string) {
	at := a.field.Position
	r.errors = append(r.errors, graphqldoc.Error{
		Message: message, Locations: []graphqldoc.Location{{Line: at.Line, Column: at.Column}}, Path: slices.Clone(path),
	})
}

// null writes null over what was written from a place on, where null may stand.
func (r *run) null(from int, t *ast.Type) bool {
	r.out = append(r.out[:from], "null"...)
	return !t.NonNull
}

// value writes a value of a type.
func (r *run) value(def *ast.Definition, a *answer, t *ast.Type, v any, path []any) bool {
	if v == nil {
		if t.NonNull {
			r.fail(a, path, "Cannot return null for non-nullable field "+def.Name+"."+a.field.Name)
		}
		return r.null(len(r.out), t)
	}
	from, fine := len(r.out), false
	switch of := r.Schema.Types[t.Name()]; {
	case t.Elem != nil:
		fine = r.list(def, a, t.Elem, v, path)
	case of.IsLeafType():
		fine = r.leaf(a, v, path)
	default:
		fine = r.object(of, v, a.below, path)
	}
	return fine || r.null(from, t)
}

func (r *run) list(def *ast.Definition, a *answer, elem *ast.Type, v any, path []any) bool {
	items, ok := v.([]any)
	if !ok {
		r.fail(a, path, fmt.Sprintf("%T is no list", v))
		return false
	}
	r.out = append(r.out, '[')
	for i, item := range items {
		if i > 0 {
			r.out = append(r.out, ',')
		}
		if !r.value(def, a, elem, item, append(slices.Clip(path), i)) {
			return false
		}
	}
	r.out = append(r.out, ']')
	return true
}

func (r *run) leaf(a *answer, v any, path []any) bool {
	b, err := json.Marshal(v)
	if err != nil {
		r.fail(a, path, err.Error())
		return false
	}
	r.out = append(r.out, b...)
	return true
}
