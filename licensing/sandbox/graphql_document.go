package sandbox

import (
	"fmt"

	gqlerrors "github.com/graph-gophers/graphql-go/errors"
)

// The engine validates and runs a document, but keeps its syntax tree to
// itself. GitLab needs more than that: it refuses costly documents before they
// run, tells where in the tree an error is, and words syntax errors in its own
// way. So a document is read here first.

// gqlDocument is what a request text defines.
type gqlDocument struct {
	operations []*gqlOperation
	fragments  map[string]*gqlFragment
}

// gqlOperation is one query, mutation or subscription.
type gqlOperation struct {
	kind       string // query, mutation, subscription
	name       string // may be empty
	variables  []gqlVariable
	selections []gqlSelection
}

// gqlVariable is a declared variable.
type gqlVariable struct {
	loc        gqlerrors.Location
	name       string
	wanted     gqlType
	hasDefault bool
}

// gqlType is a type as written: a name, or a list of something.
type gqlType struct {
	name     string
	list     *gqlType
	required bool
}

// String writes a type as GraphQL does, such as [String!]!.
func (t gqlType) String() string {
	text := t.name
	if t.list != nil {
		text = "[" + t.list.String() + "]"
	}
	if t.required {
		text += "!"
	}
	return text
}

// label is how GitLab's answers name an operation in a path.
func (op *gqlOperation) label() string {
	if op.name == "" {
		return op.kind
	}
	return op.kind + " " + op.name
}

// gqlFragment is a named fragment.
type gqlFragment struct {
	on         string
	selections []gqlSelection
}

// gqlSelection is a field, a named fragment spread, or an inline fragment.
type gqlSelection struct {
	loc        gqlerrors.Location
	field      string // name of a field; empty for fragments
	alias      string // response key of a field
	spread     string // name of a spread fragment
	on         string // type condition of an inline fragment; may be empty
	args       []gqlArgument
	selections []gqlSelection
}

// gqlArgument is a named value.
type gqlArgument struct {
	name  string
	loc   gqlerrors.Location
	value gqlValue
}

// gqlValue is a literal or a variable. Objects keep their members; lists keep
// only their text.
type gqlValue struct {
	loc      gqlerrors.Location
	text     string // as written
	variable string // name, without the dollar sign
	object   []gqlArgument
}

// operation picks what a request asks to run, or words why it cannot.
func (d *gqlDocument) operation(name string) (op *gqlOperation, refusal string) {
	if name == "" {
		if len(d.operations) > 1 {
			return nil, "An operation name is required"
		}
		return d.operations[0], ""
	}
	for _, op := range d.operations {
		if op.name == name {
			return op, ""
		}
	}
	return nil, fmt.Sprintf("No operation named %q", name)
}

// gqlSyntaxError is a document that cannot be read. The zero location is the
// end of an empty document.
type gqlSyntaxError struct {
	message string
	loc     gqlerrors.Location
}

// maxGraphQLDepth bounds recursion while reading; GitLab allows 20 levels of
// fields and objects in arguments add a few.
const maxGraphQLDepth = 200

// gqlParser reads tokens by recursive descent.
type gqlParser struct {
	lex   gqlLexer
	tok   gqlToken
	depth int
	old   bool // word syntax errors as the parser before graphql-ruby 2.2 did
}

// parseGraphQL reads a document.
func parseGraphQL(text string, oldWording bool) (doc *gqlDocument, failure *gqlSyntaxError) {
	defer func() {
		if r := recover(); r != nil {
			f, ok := r.(*gqlSyntaxError)
			if !ok {
				panic(r)
			}
			doc, failure = nil, f
		}
	}()
	p := &gqlParser{lex: gqlLexer{text: text, line: 1, column: 1}, old: oldWording}
	p.next()
	return p.document(), nil
}

func (p *gqlParser) next() { p.tok = p.lex.next() }

// refuse ends the reading. The caller never continues.
func (p *gqlParser) refuse(expected string) {
	t := p.tok
	at := fmt.Sprintf("at [%d, %d]", t.loc.Line, t.loc.Column)
	switch {
	case t.kind == "" && p.old:
		panic(&gqlSyntaxError{message: "Unexpected end of document"})
	case p.old:
		panic(&gqlSyntaxError{fmt.Sprintf("Parse error on %q (%s) %s", t.text, t.kind, at), t.loc})
	case t.kind == "":
		panic(&gqlSyntaxError{fmt.Sprintf("Expected %s, actual: (none) (\"\") %s", expected, at), t.loc})
	}
	panic(&gqlSyntaxError{fmt.Sprintf("Expected %s, actual: %s (%q) %s", expected, t.kind, t.text, at), t.loc})
}

func (p *gqlParser) expect(kind string) gqlToken {
	if p.tok.kind != kind {
		p.refuse(kind)
	}
	t := p.tok
	p.next()
	return t
}

// name takes an identifier; keywords are identifiers too, except where a
// caller says otherwise.
func (p *gqlParser) name() gqlToken {
	if !p.tok.word {
		p.refuse("NAME")
	}
	t := p.tok
	p.next()
	return t
}

func (p *gqlParser) document() *gqlDocument {
	if p.tok.kind == "" {
		panic(&gqlSyntaxError{message: "Unexpected end of document"})
	}
	d := &gqlDocument{fragments: map[string]*gqlFragment{}}
	for p.tok.kind != "" {
		switch p.tok.text {
		case "{":
			d.operations = append(d.operations, &gqlOperation{kind: "query", selections: p.selectionSet()})
		case "query", "mutation", "subscription":
			d.operations = append(d.operations, p.operation())
		case "fragment":
			p.next()
			name := p.name().text
			if p.tok.text != "on" {
				p.refuse("ON")
			}
			p.next()
			f := &gqlFragment{on: p.name().text}
			p.directives()
			f.selections = p.selectionSet()
			d.fragments[name] = f
		default:
			p.refuse("one of LCURLY, QUERY, MUTATION, SUBSCRIPTION, FRAGMENT")
		}
	}
	return d
}

func (p *gqlParser) operation() *gqlOperation {
	op := &gqlOperation{kind: p.tok.text}
	p.next()
	if p.tok.word {
		op.name = p.name().text
	}
	if p.tok.kind == "LPAREN" {
		p.next()
		for p.tok.kind != "RPAREN" {
			op.variables = append(op.variables, p.variable())
		}
		p.next()
	}
	p.directives()
	op.selections = p.selectionSet()
	return op
}

// variable reads one declaration.
func (p *gqlParser) variable() gqlVariable {
	v := gqlVariable{loc: p.expect("VAR_SIGN").loc}
	v.name = p.name().text
	p.expect("COLON")
	v.wanted = p.typeRef()
	if p.tok.kind == "EQUALS" {
		p.next()
		p.value()
		v.hasDefault = true
	}
	p.directives()
	return v
}

func (p *gqlParser) typeRef() (t gqlType) {
	p.deeper(func() {
		if p.tok.kind != "LBRACKET" {
			t.name = p.name().text
			return
		}
		p.next()
		inner := p.typeRef()
		t.list = &inner
		p.expect("RBRACKET")
	})
	if p.tok.kind == "BANG" {
		t.required = true
		p.next()
	}
	return t
}

func (p *gqlParser) directives() {
	for p.tok.kind == "DIR_SIGN" {
		p.next()
		p.name()
		p.arguments()
	}
}

// deeper bounds recursion, so that brackets cannot exhaust the stack.
func (p *gqlParser) deeper(read func()) {
	if p.depth++; p.depth > maxGraphQLDepth {
		panic(&gqlSyntaxError{"This query is too deep to execute.", p.tok.loc})
	}
	read()
	p.depth--
}

func (p *gqlParser) selectionSet() (out []gqlSelection) {
	p.expect("LCURLY")
	if p.tok.kind == "RCURLY" {
		p.refuse("NAME")
	}
	p.deeper(func() {
		for p.tok.kind != "RCURLY" {
			out = append(out, p.selection())
		}
	})
	p.next()
	return out
}

func (p *gqlParser) selection() gqlSelection {
	s := gqlSelection{loc: p.tok.loc}
	if p.tok.kind == "ELLIPSIS" {
		p.next()
		switch {
		case p.tok.text == "on":
			p.next()
			s.on = p.name().text
		case p.tok.word:
			s.spread = p.name().text
			p.directives()
			return s
		}
		p.directives()
		s.selections = p.selectionSet()
		return s
	}
	s.field = p.name().text
	s.alias = s.field
	if p.tok.kind == "COLON" {
		p.next()
		s.field = p.name().text
	}
	s.args = p.arguments()
	p.directives()
	if p.tok.kind == "LCURLY" {
		s.selections = p.selectionSet()
	}
	return s
}

func (p *gqlParser) arguments() (out []gqlArgument) {
	if p.tok.kind != "LPAREN" {
		return nil
	}
	p.next()
	for p.tok.kind != "RPAREN" {
		out = append(out, p.argument())
	}
	p.next()
	return out
}

func (p *gqlParser) argument() gqlArgument {
	a := gqlArgument{loc: p.tok.loc}
	a.name = p.name().text
	p.expect("COLON")
	a.value = p.value()
	return a
}

func (p *gqlParser) value() gqlValue {
	v := gqlValue{loc: p.tok.loc}
	from := p.tok.from
	switch {
	case p.tok.kind == "VAR_SIGN":
		p.next()
		v.variable = p.name().text
	case p.tok.kind == "LCURLY":
		p.next()
		p.deeper(func() {
			for p.tok.kind != "RCURLY" {
				v.object = append(v.object, p.argument())
			}
		})
		p.next()
	case p.tok.kind == "LBRACKET":
		p.next()
		p.deeper(func() {
			for p.tok.kind != "RBRACKET" {
				p.value()
			}
		})
		p.next()
	case p.tok.word || p.tok.kind == "INT" || p.tok.kind == "FLOAT" || p.tok.kind == "STRING":
		p.next()
	default:
		p.refuse("VALUE")
	}
	v.text = p.lex.text[from:p.lex.last]
	return v
}
