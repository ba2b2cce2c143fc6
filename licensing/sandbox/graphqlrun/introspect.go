package graphqlrun

import (
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// introspection answers what a schema tells about itself. A type is an
// *ast.Type, wrapped or not.
func introspection(s *ast.Schema) Table {
	t := Table{
		"__Schema": {
			"description":      func(any, Args) (any, error) { return textOrNull(s.Description), nil },
			"types":            func(any, Args) (any, error) { return namedTypes(slices.Sorted(maps.Keys(s.Types))), nil },
			"queryType":        rootType(s.Query),
			"mutationType":     rootType(s.Mutation),
			"subscriptionType": rootType(s.Subscription),
			"directives":       func(any, Args) (any, error) { return directivesOf(s), nil },
		},
		"__Type": typeFields(s),
		"__Field": withDeprecation(func(f *ast.FieldDefinition) ast.DirectiveList { return f.Directives }, map[string]Resolver{
			"name":        Value(func(f *ast.FieldDefinition) any { return f.Name }),
			"description": Value(func(f *ast.FieldDefinition) any { return textOrNull(f.Description) }),
			"args":        Value(func(f *ast.FieldDefinition) any { return inputs(f.Arguments) }),
			"type":        Value(func(f *ast.FieldDefinition) *ast.Type { return f.Type }),
		}),
		"__InputValue": withDeprecation(func(a *ast.ArgumentDefinition) ast.DirectiveList { return a.Directives }, map[string]Resolver{
			"name":         Value(func(a *ast.ArgumentDefinition) any { return a.Name }),
			"description":  Value(func(a *ast.ArgumentDefinition) any { return textOrNull(a.Description) }),
			"type":         Value(func(a *ast.ArgumentDefinition) *ast.Type { return a.Type }),
			"defaultValue": Value(defaultText),
		}),
		"__EnumValue": withDeprecation(func(v *ast.EnumValueDefinition) ast.DirectiveList { return v.Directives }, map[string]Resolver{
			"name":        Value(func(v *ast.EnumValueDefinition) any { return v.Name }),
			"description": Value(func(v *ast.EnumValueDefinition) any { return textOrNull(v.Description) }),
		}),
		"__Directive": {
			"name":         Value(func(d *ast.DirectiveDefinition) any { return d.Name }),
			"description":  Value(func(d *ast.DirectiveDefinition) any { return textOrNull(d.Description) }),
			"isRepeatable": Value(func(d *ast.DirectiveDefinition) any { return d.IsRepeatable }),
			"locations":    List(func(d *ast.DirectiveDefinition) []ast.DirectiveLocation { return d.Locations }),
			"args":         Value(func(d *ast.DirectiveDefinition) any { return inputs(d.Arguments) }),
		},
	}
	t[s.Query.Name] = map[string]Resolver{
		"__schema": func(any, Args) (any, error) { return s, nil },
		"__type": func(_ any, args Args) (any, error) {
			if name := args.Text("name"); name != nil && s.Types[*name] != nil {
				return ast.NamedType(*name, nil), nil
			}
			return nil, nil
		},
	}
	return t
}

// typeFields are the fields of __Type.
func typeFields(s *ast.Schema) map[string]Resolver {
	// of answers with something of a bare type's definition, null for wrappings.
	of := func(answer func(*ast.Definition) any) Resolver {
		return Value(func(t *ast.Type) any {
			if t.NonNull || t.Elem != nil {
				return nil
			}
			return answer(s.Types[t.NamedType])
		})
	}
	null := func(*ast.Definition) any { return nil }
	return map[string]Resolver{
		"kind":           Value(func(t *ast.Type) any { return kindOf(s, t) }),
		"name":           of(func(d *ast.Definition) any { return d.Name }),
		"description":    of(func(d *ast.Definition) any { return textOrNull(d.Description) }),
		"specifiedByURL": of(null),
		"fields":         of(shownFields),
		"interfaces": of(func(d *ast.Definition) any {
			if d.Kind != ast.Object && d.Kind != ast.Interface {
				return nil
			}
			return namedTypes(d.Interfaces)
		}),
		"possibleTypes": of(null), // a schema without interfaces and unions
		"enumValues": of(func(d *ast.Definition) any {
			return Items(d.EnumValues)
		}),
		"inputFields": of(memberInputs),
		"ofType":      Value(innerType),
		"isOneOf": of(func(d *ast.Definition) any {
			if d.Kind != ast.InputObject {
				return nil
			}
			return d.Directives.ForName("oneOf") != nil
		}),
	}
}

func rootType(def *ast.Definition) Resolver {
	return func(any, Args) (any, error) {
		if def == nil {
			return nil, nil
		}
		return ast.NamedType(def.Name, nil), nil
	}
}

func namedTypes(names []string) any {
	out := make([]any, len(names))
	for i, name := range names {
		out[i] = ast.NamedType(name, nil)
	}
	return out
}

func directivesOf(s *ast.Schema) any {
	var out []*ast.DirectiveDefinition
	for _, name := range slices.Sorted(maps.Keys(s.Directives)) {
		out = append(out, s.Directives[name])
	}
	return Items(out)
}

func kindOf(s *ast.Schema, t *ast.Type) any {
	switch {
	case t.NonNull:
		return "NON_NULL"
	case t.Elem != nil:
		return "LIST"
	}
	return s.Types[t.NamedType].Kind
}

// innerType takes one wrapping off.
func innerType(t *ast.Type) any {
	if t.NonNull {
		inner := *t
		inner.NonNull = false
		return &inner
	}
	return OrNull(t.Elem)
}

// shownFields are the fields of an object but those of introspection.
func shownFields(d *ast.Definition) any {
	if d.Kind != ast.Object {
		return nil
	}
	out := []any{}
	for _, f := range d.Fields {
		if !strings.HasPrefix(f.Name, "__") {
			out = append(out, f)
		}
	}
	return out
}

// inputs are the arguments of a field or directive; a list without any is empty.
func inputs(list ast.ArgumentDefinitionList) any {
	return Items(append([]*ast.ArgumentDefinition{}, list...))
}

// memberInputs are the members of an input object, as arguments.
func memberInputs(d *ast.Definition) any {
	if d.Kind != ast.InputObject {
		return nil
	}
	out := []any{}
	for _, m := range d.Fields {
		out = append(out, &ast.ArgumentDefinition{
			Name: m.Name, Description: m.Description, Type: m.Type, DefaultValue: m.DefaultValue, Directives: m.Directives,
		})
	}
	return out
}

func defaultText(a *ast.ArgumentDefinition) any {
	if a.DefaultValue == nil {
		return nil
	}
	return a.DefaultValue.String()
}

// withDeprecation adds the two fields about deprecation. Nothing in the schema is
// deprecated unless its definition says so.
func withDeprecation[T any](directives func(T) ast.DirectiveList, fields map[string]Resolver) map[string]Resolver {
	fields["isDeprecated"] = Value(func(v T) any { return directives(v).ForName("deprecated") != nil })
	fields["deprecationReason"] = Value(func(v T) any {
		if d := directives(v).ForName("deprecated"); d != nil && d.Arguments.ForName("reason") != nil {
			return d.Arguments.ForName("reason").Value.Raw
		}
		return nil
	})
	return fields
}

func textOrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
