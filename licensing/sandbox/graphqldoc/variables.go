package graphqldoc

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// problem is one thing wrong with a variable's value.
type problem struct {
	Path        []any  `json:"path"`
	Explanation string `json:"explanation"`
}

// CheckVariables looks at the values of an operation's variables, whose problems
// GitLab words in detail.
func CheckVariables(schema *ast.Schema, op *Operation, values map[string]any) []Error {
	var out []Error
	for _, v := range op.variables {
		value, given := values[v.name]
		if !given && v.hasDefault {
			continue
		}
		problems := v.wanted.problems(schema, value, []any{})
		if len(problems) == 0 {
			continue
		}
		message := fmt.Sprintf("Variable $%s of type %s was provided invalid value", v.name, v.wanted)
		var details []string
		for _, p := range problems {
			if len(p.Path) > 0 {
				details = append(details, fmt.Sprintf("%s (%s)", dotted(p.Path), p.Explanation))
			}
		}
		if len(details) > 0 {
			message += " for " + strings.Join(details, ", ")
		}
		out = append(out, Error{
			Message: message, Locations: []Location{v.loc},
			Extensions: map[string]any{"value": value, "problems": problems},
		})
	}
	return out
}

func dotted(path []any) string {
	parts := make([]string, len(path))
	for i, p := range path {
		parts[i] = fmt.Sprint(p)
	}
	return strings.Join(parts, ".")
}

// problems compares a JSON value with a type.
func (t writtenType) problems(schema *ast.Schema, value any, path []any) []problem {
	switch {
	case value == nil && t.required:
		return []problem{{path, "Expected value to not be null"}}
	case value == nil:
		return nil
	case t.list != nil:
		items, ok := value.([]any)
		if !ok {
			items = []any{value} // one item may stand for a list of one
		}
		var out []problem
		for i, item := range items {
			out = append(out, t.list.problems(schema, item, append(slices.Clone(path), i))...)
		}
		return out
	}
	def := schema.Types[t.name]
	switch {
	case def == nil:
		return nil // the validator has refused such a document
	case def.Kind == ast.Enum:
		return enumProblems(def, value, path)
	case def.Kind == ast.InputObject:
		return objectProblems(schema, def, value, path)
	}
	if model, isGlobal := strings.CutSuffix(t.name, "ID"); isGlobal && model != "" {
		if text, ok := value.(string); ok {
			return globalIDProblems(model, text, path)
		}
	}
	if !coerces(t.name, value) {
		return []problem{{path, fmt.Sprintf("Could not coerce value %s to %s", jsonText(value), t.name)}}
	}
	return nil
}

// globalIDProblems checks gid://gitlab/<Model>/<id> against its type, which is
// named after the model.
func globalIDProblems(model, text string, path []any) []problem {
	parts := strings.Split(strings.TrimPrefix(text, "gid://"), "/")
	switch {
	case !strings.HasPrefix(text, "gid://") || len(parts) != 3 || parts[2] == "":
		return []problem{{path, strconv.Quote(text) + " is not a valid Global ID"}}
	case parts[0] != "gitlab":
		return []problem{{path, strconv.Quote(text) + " is not a Gitlab Global ID"}}
	case strings.ReplaceAll(parts[1], "::", "") != model:
		return []problem{{path, strconv.Quote(text) + " does not represent an instance of " + model}}
	}
	return nil
}

func enumProblems(def *ast.Definition, value any, path []any) []problem {
	var names []string
	for _, v := range def.EnumValues {
		if v.Name == value {
			return nil
		}
		names = append(names, v.Name)
	}
	return []problem{{path, fmt.Sprintf("Expected %s to be one of: %s", jsonText(value), strings.Join(names, ", "))}}
}

func objectProblems(schema *ast.Schema, def *ast.Definition, value any, path []any) []problem {
	members, ok := value.(map[string]any)
	if !ok {
		return []problem{{path, fmt.Sprintf("Expected %s to be a key-value object.", jsonText(value))}}
	}
	var out []problem
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if def.Fields.ForName(name) == nil {
			out = append(out, problem{join(path, name), "Field is not defined on " + def.Name})
		}
	}
	for _, in := range def.Fields {
		member, given := members[in.Name]
		if given || in.DefaultValue == nil {
			out = append(out, typeOf(in.Type).problems(schema, member, join(path, in.Name))...)
		}
	}
	return out
}

// typeOf turns a type of the schema into its written form.
func typeOf(t *ast.Type) writtenType {
	out := writtenType{name: t.NamedType, required: t.NonNull}
	if t.Elem != nil {
		inner := typeOf(t.Elem)
		out.list = &inner
	}
	return out
}

// coerces says whether a JSON value can be of a scalar type.
func coerces(scalar string, value any) bool {
	switch v := value.(type) {
	case bool:
		return scalar == "Boolean"
	case float64:
		whole := v == math.Trunc(v) && math.Abs(v) <= math.MaxInt32
		return scalar == "Float" || whole && (scalar == "Int" || scalar == "ID")
	case string:
		return scalar != "Int" && scalar != "Float" && scalar != "Boolean"
	}
	return false
}

func jsonText(v any) string {
	if s, ok := v.(string); ok {
		return strconv.Quote(s)
	}
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}
