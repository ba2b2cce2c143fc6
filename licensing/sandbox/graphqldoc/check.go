package graphqldoc

import (
	"errors"
	"strconv"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	gqlsyntax "github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// Check validates a text against the schema of the dialect's places. It gives
// the document, ready to run, or what is wrong with it in GitLab's words. Values
// of variables are left to CheckVariables.
func (d *Dialect) Check(text string) (*ast.QueryDocument, []Error) {
	doc, err := gqlsyntax.ParseQuery(&ast.Source{Input: text})
	if err != nil {
		return nil, []Error{d.word(asError(err))}
	}
	if out := d.words(validator.ValidateWithRules(d.Places.schema, doc, documentRules())); len(out) > 0 {
		return nil, out
	}
	return doc, nil
}

// documentRules are the rules of the GraphQL specification. The validator's own
// take any number for an Int; GitLab those of 32 bits.
var documentRules = sync.OnceValue(func() *rules.Rules {
	all := rules.NewDefaultRules()
	all.AddRule("IntegersAreOf32Bits", func(on *validator.Events, refuse validator.AddErrFunc) {
		on.OnValue(func(_ *validator.Walker, v *ast.Value) {
			if v.Kind != ast.IntValue || v.Definition == nil || v.Definition.Name != "Int" {
				return
			}
			if _, err := strconv.ParseInt(v.Raw, 10, 32); err != nil {
				refuse(func(e *gqlerror.Error) {
					e.Message = "Int cannot represent non 32-bit signed integer value: " + v.Raw
					e.Locations = append(e.Locations, gqlerror.Location{Line: v.Position.Line, Column: v.Position.Column})
				})
			}
		})
	})
	return all
})

// asError gives the parser's error its location back.
func asError(err error) *gqlerror.Error {
	var e *gqlerror.Error
	if !errors.As(err, &e) {
		e = gqlerror.Wrap(err)
	}
	return e
}

// LoadSchema reads a schema. What the validator declares beyond GitLab's schema
// is taken out: GitLab has no deferred fragments.
func LoadSchema(text string) (*ast.Schema, error) {
	s, err := validator.LoadSchema(validator.Prelude, &ast.Source{Input: text})
	if err != nil {
		return nil, err
	}
	delete(s.Directives, "defer")
	return s, nil
}
