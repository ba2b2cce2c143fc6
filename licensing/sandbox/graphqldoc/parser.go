package graphqldoc

import "fmt"

// syntaxError is a document that cannot be read. The zero location is the
// end of an empty document.
type syntaxError struct {
	message string
	loc     Location
}

// maxNesting bounds recursion while reading; GitLab allows 20 levels of
// fields and objects in arguments add a few.
const maxNesting = 200

// parser reads tokens by recursive descent.
type parser struct {
	lex   lexer
	tok   token
	depth int
	old   bool // word syntax errors as the parser before graphql-ruby 2.2 did
}

// Parse reads a document, or says in GitLab's words why it cannot be read.
// Before graphql-ruby 2.2 those words were others.
func Parse(text string, oldWording bool) (*Document, *Error) {
	doc, failure := parse(text, oldWording)
	if failure == nil {
		return doc, nil
	}
	e := &Error{Message: failure.message}
	if failure.loc.Line > 0 {
		e.Locations = []Location{failure.loc}
	}
	return nil, e
}

func parse(text string, oldWording bool) (doc *Document, failure *syntaxError) {
	defer func() {
		if r := recover(); r != nil {
			f, ok := r.(*syntaxError)
			if !ok {
				panic(r)
			}
			doc, failure = nil, f
		}
	}()
	p := &parser{lex: lexer{text: text, line: 1, column: 1}, old: oldWording}
	p.next()
	return p.document(), nil
}

func (p *parser) next() { p.tok = p.lex.next() }

// refuse ends the reading. The caller never continues.
func (p *parser) refuse(expected string) {
	t := p.tok
	at := fmt.Sprintf("at [%d, %d]", t.loc.Line, t.loc.Column)
	switch {
	case t.kind == "" && p.old:
		panic(&syntaxError{message: "Unexpected end of document"})
	case p.old:
		panic(&syntaxError{fmt.Sprintf("Parse error on %q (%s) %s", t.text, t.kind, at), t.loc})
	case t.kind == "":
		panic(&syntaxError{fmt.Sprintf("Expected %s, actual: (none) (\"\") %s", expected, at), t.loc})
	}
	panic(&syntaxError{fmt.Sprintf("Expected %s, actual: %s (%q) %s", expected, t.kind, t.text, at), t.loc})
}

func (p *parser) expect(kind string) token {
	if p.tok.kind != kind {
		p.refuse(kind)
	}
	t := p.tok
	p.next()
	return t
}

// name takes an identifier; keywords are identifiers too, except where a
// caller says otherwise.
func (p *parser) name() token {
	if !p.tok.word {
		p.refuse("NAME")
	}
	t := p.tok
	p.next()
	return t
}

func (p *parser) document() *Document {
	if p.tok.kind == "" {
		panic(&syntaxError{message: "Unexpected end of document"})
	}
	d := &Document{fragments: map[string]*fragment{}}
	for p.tok.kind != "" {
		switch p.tok.text {
		case "{":
			d.operations = append(d.operations, &Operation{kind: "query", selections: p.selectionSet()})
		case "query", "mutation", "subscription":
			d.operations = append(d.operations, p.operation())
		case "fragment":
			p.next()
			name := p.name().text
			if p.tok.text != "on" {
				p.refuse("ON")
			}
			p.next()
			f := &fragment{on: p.name().text}
			p.directives()
			f.selections = p.selectionSet()
			d.fragments[name] = f
		default:
			p.refuse("one of LCURLY, QUERY, MUTATION, SUBSCRIPTION, FRAGMENT")
		}
	}
	return d
}

func (p *parser) operation() *Operation {
	op := &Operation{kind: p.tok.text}
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
func (p *parser) variable() variable {
	v := variable{loc: p.expect("VAR_SIGN").loc}
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

func (p *parser) typeRef() (t writtenType) {
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

func (p *parser) directives() {
	for p.tok.kind == "DIR_SIGN" {
		p.next()
		p.name()
		p.arguments()
	}
}

// deeper bounds recursion, so that brackets cannot exhaust the stack.
func (p *parser) deeper(read func()) {
	if p.depth++; p.depth > maxNesting {
		panic(&syntaxError{"This query is too deep to execute.", p.tok.loc})
	}
	read()
	p.depth--
}

func (p *parser) selectionSet() (out []selection) {
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

func (p *parser) selection() selection {
	s := selection{loc: p.tok.loc}
	if p.tok.kind == "ELLIPSIS" {
		p.next()
		s.inside = p.tok.loc
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

func (p *parser) arguments() (out []argument) {
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

func (p *parser) argument() argument {
	a := argument{loc: p.tok.loc}
	a.name = p.name().text
	p.expect("COLON")
	a.value = p.value()
	return a
}

func (p *parser) value() value {
	v := value{loc: p.tok.loc}
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
