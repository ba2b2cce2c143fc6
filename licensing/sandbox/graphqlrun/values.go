package graphqlrun

import (
	"fmt"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
)

// arguments gives what a field is asked with.
func (r *run) arguments(f *ast.Field) (Args, error) {
	out := Args{}
	for _, def := range f.Definition.Arguments {
		var v any
		given := false
		if arg := f.Arguments.ForName(def.Name); arg != nil {
			v, given = r.given(arg.Value)
		}
		if !given && def.DefaultValue != nil {
			v, _ = r.given(def.DefaultValue)
		}
		v, err := r.coerce(def.Type, v)
		if err != nil {
			//lint:ignore ST1005 the sentence is GitLab's own
			return nil, fmt.Errorf("Argument '%s' on Field '%s' has an invalid value (null). Expected type '%s'.", def.Name, f.Name, def.Type)
		}
		out[def.Name] = v
	}
	return out, nil
}

// given evaluates a value of the document; false is a variable that has none.
func (r *run) given(v *ast.Value) (any, bool) {
	switch v.Kind {
	case ast.Variable:
		x, ok := r.Variables[v.Raw]
		if def := r.op.VariableDefinitions.ForName(v.Raw); !ok && def != nil && def.DefaultValue != nil {
			return r.given(def.DefaultValue)
		}
		return x, ok
	case ast.NullValue:
		return nil, true
	case ast.BooleanValue:
		return v.Raw == "true", true
	case ast.IntValue, ast.FloatValue:
		n, err := strconv.ParseFloat(v.Raw, 64)
		if err != nil {
			return v.Raw, true // too large for a number: only scalars of GitLab's own take it
		}
		return n, true
	case ast.ListValue:
		list := make([]any, len(v.Children))
		for i, c := range v.Children {
			list[i], _ = r.given(c.Value)
		}
		return list, true
	case ast.ObjectValue:
		object := map[string]any{}
		for _, c := range v.Children {
			if x, ok := r.given(c.Value); ok {
				object[c.Name] = x
			}
		}
		return object, true
	}
	return v.Raw, true
}

// errNull is a null where none may be: a variable that may be null was given
// null in place of its default.
const errNull = nullError("null is not allowed here")

type nullError string

// Error says so.
func (e nullError) Error() string { return string(e) }

// coerce makes a value of a type out of what was given: one item may stand for a
// list, members have defaults, and numbers are whole where the type is.
func (r *run) coerce(t *ast.Type, v any) (any, error) {
	switch {
	case v == nil && t.NonNull:
		return nil, errNull
	case v == nil:
		return nil, nil
	case t.Elem != nil:
		return r.coerceList(t.Elem, v)
	}
	def := r.Schema.Types[t.NamedType]
	if members, ok := v.(map[string]any); ok && def.Kind == ast.InputObject {
		return r.coerceObject(def, members)
	}
	if n, ok := v.(float64); ok {
		switch def.Name {
		case "Int":
			return int(n), nil
		case "ID":
			return strconv.FormatFloat(n, 'f', -1, 64), nil
		}
	}
	return v, nil
}

func (r *run) coerceList(elem *ast.Type, v any) (any, error) {
	items, ok := v.([]any)
	if !ok {
		items = []any{v}
	}
	out := make([]any, len(items))
	for i, item := range items {
		var err error
		if out[i], err = r.coerce(elem, item); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (r *run) coerceObject(def *ast.Definition, members map[string]any) (any, error) {
	out := Args{}
	for _, m := range def.Fields {
		v, given := members[m.Name]
		if !given && m.DefaultValue != nil {
			v, _ = r.given(m.DefaultValue)
		}
		v, err := r.coerce(m.Type, v)
		if err != nil {
			return nil, err
		}
		out[m.Name] = v
	}
	return out, nil
}
