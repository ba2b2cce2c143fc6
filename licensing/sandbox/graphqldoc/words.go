package graphqldoc

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// wording turns one sentence of the validator into one of graphql-ruby, which is
// what GitLab answers with.
type wording struct {
	pattern *regexp.Regexp
	at      func(m []string, at place, d *Dialect) place // nil: where the validator says
	say     func(m []string, at place, d *Dialect) (string, map[string]any)
}

// Dialect is what the wording of an answer depends on besides the validator's
// sentence.
type Dialect struct {
	Places *Places
	// Near names known words like a given one; nil before GitLab made
	// suggestions.
	Near func(got string, known []string) []string
	// Operation is the title of the operation that is run.
	Operation string
}

// Patterns are made when the first document is wrong: the sandbox is linked
// into a program that mostly starts without it.

var undefinedField = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^Cannot query field "(\w+)" on type "(\w+)"\.`)
})

var wordings = sync.OnceValue(func() []wording {
	return []wording{
		{pattern: undefinedField(), say: sayUndefinedField},
		{pattern: regexp.MustCompile(`^Field "(\w+)" of type "([^"]+)" must have a selection of subfields`), say: sayMissingSelection},
		{pattern: regexp.MustCompile(`^Field "(\w+)" must not have a selection since type "([^"]+)" has no subfields`), say: sayScalarSelection},
		{pattern: regexp.MustCompile(`^Unknown argument "(\w+)" on (field|directive) "(?:\w+\.|@)?(\w+)"`), at: unknownArgument, say: sayUnknownArgument},
		{pattern: regexp.MustCompile(`^(Field|Directive) "@?(\w+)" argument "(\w+)" of type "([^"]+)" is required`), say: sayMissingArgument},
		{pattern: regexp.MustCompile(`^Field "(\w+)\.(\w+)" of required type "([^"]+)" was not provided`), say: sayMissingMember},
		{pattern: regexp.MustCompile(`^Field "(\w+)" is not defined by type "(\w+)"`), say: sayUnknownMember},
		{pattern: regexp.MustCompile(`^Variable "\$(\w+)" is never used`), say: sayUnusedVariable},
		{pattern: regexp.MustCompile(`^Variable "\$(\w+)" is not defined`), say: sayUndeclaredVariable},
		{pattern: regexp.MustCompile(`^Variable "\$(\w+)" of type "([^"]+)" used in position expecting type "([^"]+)"`), at: variableUse, say: sayVariableMismatch},
		{pattern: regexp.MustCompile(`^Unknown fragment "(\w+)"`), say: sayUnknownFragment},
		{pattern: regexp.MustCompile(`^Fragment "(\w+)" is never used`), say: sayUnusedFragment},
		{pattern: regexp.MustCompile(`^Unknown directive "@(\w+)"`), say: sayUnknownDirective},
		{pattern: regexp.MustCompile(`^Unknown type "(\w+)"`), say: sayUnknownType},
		{pattern: regexp.MustCompile(`^Fields "(\w+)" conflict because`), say: sayConflict},
		{pattern: regexp.MustCompile(`(?:cannot represent|does not exist in|^Expected (?:value of )?type)`), say: sayInvalidValue},
	}
})

// words translates what the validator found, in the order of the document. It
// looks at a fragment where it is used and again for itself, so some is said
// twice; and what is inside a scalar is passed over: the selection itself is the
// error then.
func (d *Dialect) words(found gqlerror.List) []Error {
	var out []Error
	seen := map[string]bool{}
	for _, e := range found {
		key := fmt.Sprint(e.Message, e.Locations)
		if !seen[key] && !d.belowScalar(e.Message) {
			out = append(out, d.word(e))
		}
		seen[key] = true
	}
	sort.SliceStable(out, func(i, j int) bool {
		return slices.CompareFunc(out[i].Locations, out[j].Locations, byLocation) < 0
	})
	return out
}

// belowScalar recognises errors about fields of something that has none.
func (d *Dialect) belowScalar(message string) bool {
	m := undefinedField().FindStringSubmatch(message)
	return m != nil && d.Places.schema.Types[m[2]].Kind != ast.Object
}

// word translates one error. What has no translation keeps the validator's
// sentence: clients have to live with sentences they do not know.
func (d *Dialect) word(e *gqlerror.Error) Error {
	out := Error{Message: e.Message}
	for _, l := range e.Locations {
		out.Locations = append(out.Locations, Location(l))
	}
	var at place
	if len(out.Locations) > 0 {
		if p, ok := d.Places.places[out.Locations[0]]; ok {
			at = p
			out.Locations, out.Path = []Location{at.loc}, at.path
		}
	}
	for _, w := range wordings() {
		m := w.pattern.FindStringSubmatch(e.Message)
		if m == nil {
			continue
		}
		if w.at != nil {
			at = w.at(m, at, d)
			out.Locations, out.Path = []Location{at.loc}, at.path
		}
		out.Message, out.Extensions = w.say(m, at, d)
		break
	}
	return out
}

func coded(code string, pairs ...string) map[string]any {
	out := map[string]any{"code": code}
	for i := 0; i+1 < len(pairs); i += 2 {
		out[pairs[i]] = pairs[i+1]
	}
	return out
}

func sayUndefinedField(m []string, _ place, d *Dialect) (string, map[string]any) {
	hint := ""
	if d.Near != nil {
		hint = didYouMean(d.Near(m[1], fieldNames(d.Places.schema, m[2])))
	}
	return "Field '" + m[1] + "' doesn't exist on type '" + m[2] + "'" + hint,
		coded("undefinedField", "typeName", m[2], "fieldName", m[1])
}

// fieldNames lists the fields of a type that a schema shows of itself.
func fieldNames(s *ast.Schema, typeName string) []string {
	var names []string
	for _, f := range fieldsOf(s, typeName) {
		if !strings.HasPrefix(f.Name, "__") {
			names = append(names, f.Name)
		}
	}
	return names
}

func didYouMean(near []string) string {
	quoted := make([]string, len(near))
	for i, name := range near {
		quoted[i] = "`" + name + "`"
	}
	switch n := len(near); n {
	case 0:
		return ""
	case 1:
		return " (Did you mean " + quoted[0] + "?)"
	default:
		return " (Did you mean " + strings.Join(quoted[:n-1], ", ") + " or " + quoted[n-1] + "?)"
	}
}

func sayMissingSelection(m []string, _ place, _ *Dialect) (string, map[string]any) {
	typeName := strings.Trim(m[2], "[]!")
	return "Field must have selections (field '" + m[1] + "' returns " + typeName + " but has no selections. Did you mean '" + m[1] + " { ... }'?)",
		coded("selectionMismatch", "nodeName", "field '"+m[1]+"'", "typeName", typeName)
}

func sayScalarSelection(m []string, at place, _ *Dialect) (string, map[string]any) {
	typeName := strings.Trim(m[2], "[]!")
	return "Selections can't be made on scalars (field '" + m[1] + "' returns " + typeName + ` but has selections ["` + strings.Join(at.subfields, `", "`) + `"])`,
		coded("selectionMismatch", "nodeName", "field '"+m[1]+"'", "typeName", typeName)
}

// unknownArgument finds the argument of the field that the validator points at.
func unknownArgument(m []string, at place, d *Dialect) place {
	if m[2] == "directive" {
		return at
	}
	return d.Places.find(func(p place) bool {
		return p.argument == m[1] && p.owner == m[3] && len(p.path) == len(at.path)+1 && slices.Equal(p.path[:len(at.path)], at.path)
	})
}

func sayUnknownArgument(m []string, _ place, _ *Dialect) (string, map[string]any) {
	kind := strings.ToUpper(m[2][:1]) + m[2][1:]
	return kind + " '" + m[3] + "' doesn't accept argument '" + m[1] + "'",
		coded("argumentNotAccepted", "name", m[3], "typeName", kind, "argumentName", m[1])
}

func sayMissingArgument(m []string, _ place, _ *Dialect) (string, map[string]any) {
	return m[1] + " '" + m[2] + "' is missing required arguments: " + m[3],
		coded("missingRequiredArguments", "className", m[1], "name", m[2], "arguments", m[3])
}

func sayMissingMember(m []string, _ place, _ *Dialect) (string, map[string]any) {
	return "Argument '" + m[2] + "' on InputObject '" + m[1] + "' is required. Expected type " + m[3],
		coded("missingRequiredInputObjectAttribute", "argumentName", m[2], "argumentType", m[3], "inputObjectType", m[1])
}

func sayUnknownMember(m []string, _ place, _ *Dialect) (string, map[string]any) {
	return "InputObject '" + m[2] + "' doesn't accept argument '" + m[1] + "'",
		coded("argumentNotAccepted", "name", m[2], "typeName", "InputObject", "argumentName", m[1])
}

func sayUnusedVariable(m []string, _ place, d *Dialect) (string, map[string]any) {
	return "Variable $" + m[1] + " is declared by " + d.Operation + " but not used", coded("variableNotUsed", "variableName", m[1])
}

func sayUndeclaredVariable(m []string, _ place, d *Dialect) (string, map[string]any) {
	return "Variable $" + m[1] + " is used by " + d.Operation + " but not declared", coded("variableNotDefined", "variableName", m[1])
}

// variableUse finds where a variable is used first.
func variableUse(m []string, _ place, d *Dialect) place {
	return d.Places.find(func(p place) bool { return p.text == "$"+m[1] })
}

func sayVariableMismatch(m []string, at place, _ *Dialect) (string, map[string]any) {
	problem := "Type mismatch"
	if m[2]+"!" == m[3] {
		problem = "Nullability mismatch"
	}
	return problem + " on variable $" + m[1] + " and argument " + at.argument + " (" + m[2] + " / " + m[3] + ")",
		coded("variableMismatch", "variableName", m[1], "typeName", m[2], "argumentName", at.argument, "errorMessage", problem)
}

func sayUnknownFragment(m []string, _ place, _ *Dialect) (string, map[string]any) {
	return "Fragment " + m[1] + " was used, but not defined", coded("useAndDefineFragment", "fragmentName", m[1])
}

func sayUnusedFragment(m []string, _ place, _ *Dialect) (string, map[string]any) {
	return "Fragment " + m[1] + " was defined, but not used", coded("useAndDefineFragment", "fragmentName", m[1])
}

func sayUnknownDirective(m []string, _ place, _ *Dialect) (string, map[string]any) {
	return "Directive @" + m[1] + " is not defined", coded("undefinedDirective", "directiveName", m[1])
}

func sayUnknownType(m []string, _ place, d *Dialect) (string, map[string]any) {
	for _, op := range d.Places.doc.operations {
		for _, v := range op.variables {
			if strings.Trim(v.wanted.String(), "[]!") == m[1] {
				return m[1] + " isn't a defined input type (on $" + v.name + ")",
					coded("variableRequiresValidType", "typeName", m[1], "variableName", v.name)
			}
		}
	}
	return "No such type " + m[1] + ", so it can't be a fragment condition", coded("undefinedType", "typeName", m[1])
}

func sayConflict(m []string, _ place, d *Dialect) (string, map[string]any) {
	var fields []string
	locs := slices.Collect(maps.Keys(d.Places.places))
	sort.Slice(locs, func(i, j int) bool { return byLocation(locs[i], locs[j]) < 0 })
	for _, loc := range locs {
		p := d.Places.places[loc]
		if p.field != "" && p.path[len(p.path)-1] == m[1] && !slices.Contains(fields, p.field) {
			fields = append(fields, p.field)
		}
	}
	conflicts := strings.Join(fields, " or ")
	return "Field '" + m[1] + "' has a field conflict: " + conflicts + "?",
		coded("fieldConflict", "fieldName", m[1], "conflicts", conflicts)
}

func byLocation(a, b Location) int {
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}

func sayInvalidValue(m []string, at place, _ *Dialect) (string, map[string]any) {
	if at.argument == "" {
		return m[0], nil
	}
	return "Argument '" + at.argument + "' on " + at.ownerKind + " '" + at.owner + "' has an invalid value (" + at.text + "). Expected type '" + at.wanted + "'.",
		coded("argumentLiteralsIncompatible", "typeName", at.ownerKind, "argumentName", at.argument)
}
