package model

import (
	"slices"
	"strings"
)

// ParseQuery reads a query. The error is a *[QueryError] of class usage with
// the place of what was not understood and, where there is one, the near miss.
func ParseQuery(s string) (Query, error) {
	p := queryParser{src: s}
	if len(s) > maxQuery {
		return Query{}, p.fault(maxQuery, len(s), "the filter is too long", "", "4,096 bytes are enough")
	}
	var q Query
	for p.space(); p.at < len(p.src); p.space() {
		t, err := p.term()
		if err != nil {
			return Query{}, err
		}
		q.terms = append(q.terms, t)
	}
	return q, nil
}

// queryParser walks over the source; at is the next byte to look at.
type queryParser struct {
	src string
	at  int
}

func (p *queryParser) fault(start, end int, msg, suggest, next string) *QueryError {
	return queryFault(p.src, start, end, msg, suggest, next)
}

func isQuerySpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func (p *queryParser) space() {
	for p.at < len(p.src) && isQuerySpace(p.src[p.at]) {
		p.at++
	}
}

// peek returns the next byte, a space at the end.
func (p *queryParser) peek() byte {
	if p.at == len(p.src) {
		return ' '
	}
	return p.src[p.at]
}

// run takes bytes up to a space, a quote or one of stop.
func (p *queryParser) run(stop string) string {
	start := p.at
	for p.at < len(p.src) && !isQuerySpace(p.src[p.at]) && p.src[p.at] != '"' && strings.IndexByte(stop, p.src[p.at]) < 0 {
		p.at++
	}
	return p.src[start:p.at]
}

// term reads one term; the next byte is not a space.
func (p *queryParser) term() (QueryTerm, error) {
	t := QueryTerm{}
	start := p.at
	if p.src[p.at] == '-' {
		t.Not = true
		p.at++
	}
	if isQuerySpace(p.peek()) {
		return t, p.fault(start, p.at, "- stands alone", "", "put a word or a key:value right behind it")
	}
	wordAt := p.at
	if p.src[p.at] == '"' {
		return p.quotedTerm(t)
	}
	word := p.run(":,")
	switch p.peek() {
	case ':':
		return p.keyTerm(t, wordAt, word)
	case ',':
		p.run("")
		return t, p.fault(wordAt, p.at, `a word with "," in it must be quoted`, `"`+fold(p.src[wordAt:p.at])+`"`, "")
	case '"':
		return t, p.fault(p.at, p.at+1, "a quote in the middle of a word", "", "put a space before it, or take it away")
	}
	return p.wordTerm(t, wordAt, word)
}

func (p *queryParser) wordTerm(t QueryTerm, start int, raw string) (QueryTerm, error) {
	text := fold(Clean(raw).s)
	if text == "" {
		return t, p.fault(start, p.at, "an empty word", "", "put some letters there")
	}
	t.Values = []QueryValue{{Text: text}}
	return t, nil
}

// quotedTerm reads a word in quotes; the next byte is the first quote.
func (p *queryParser) quotedTerm(t QueryTerm) (QueryTerm, error) {
	start := p.at
	raw, err := p.quoted()
	if err != nil {
		return t, err
	}
	if err := p.behindQuote(""); err != nil {
		return t, err
	}
	return p.wordTerm(t, start, raw)
}

// quoted reads a string in quotes and returns what is between them.
func (p *queryParser) quoted() (string, error) {
	start := p.at
	n := strings.IndexByte(p.src[start+1:], '"')
	if n < 0 {
		p.at = len(p.src)
		return "", p.fault(start, p.at, "the quote does not end", "", `put " at the end`)
	}
	p.at = start + 1 + n + 1
	return p.src[start+1 : p.at-1], nil
}

// behindQuote checks that a quoted string is followed by a space, the end, or
// one of the bytes in also.
func (p *queryParser) behindQuote(also string) error {
	c := p.peek()
	if isQuerySpace(c) || strings.IndexByte(also, c) >= 0 {
		return nil
	}
	start := p.at
	p.at++
	p.run("")
	return p.fault(start, p.at, "a quoted word goes on behind its quote", "", "put a space there")
}

// keyTerm reads the values of a key; the next byte is the colon.
func (p *queryParser) keyTerm(t QueryTerm, start int, word string) (QueryTerm, error) {
	name := fold(word)
	spec, ok := queryKeyNamed(name)
	if !ok {
		return t, p.unknownKey(start, name)
	}
	t.Key = spec.key
	for {
		p.at++ // the colon or the comma
		v, err := p.value(spec)
		if err != nil {
			return t, err
		}
		if !slices.Contains(t.Values, v) {
			t.Values = append(t.Values, v)
		}
		if p.peek() != ',' {
			return t, nil
		}
	}
}

func (p *queryParser) unknownKey(start int, name string) error {
	if name == "" {
		return p.fault(p.at, p.at+1, "a key is missing before the colon", "", "a word with : in it must be quoted")
	}
	next := "keys are " + strings.Join(queryKeyNames(), ", ") + "; a word with : in it must be quoted"
	return p.fault(start, p.at, "there is no key "+name, Nearest(name, queryKeyNames()), next)
}

// value reads one value of a key.
func (p *queryParser) value(spec queryKeySpec) (QueryValue, error) {
	start := p.at
	if p.peek() == '"' {
		raw, err := p.quoted()
		if err != nil {
			return QueryValue{}, err
		}
		if err := p.behindQuote(","); err != nil {
			return QueryValue{}, err
		}
		return p.plainValue(spec, start, raw)
	}
	raw := p.run(":,")
	switch p.peek() {
	case ':':
		p.run(",")
		return QueryValue{}, p.fault(start, p.at, `a value with ":" in it must be quoted`, `"`+fold(p.src[start:p.at])+`"`, "")
	case '"':
		return QueryValue{}, p.fault(p.at, p.at+1, "a quote in the middle of a value", "", "quote the whole value")
	}
	return p.bareValue(spec, start, raw)
}

// bareValue reads a value that is not quoted: only such a one can compare.
func (p *queryParser) bareValue(spec queryKeySpec, start int, raw string) (QueryValue, error) {
	op := raw[:len(raw)-len(strings.TrimLeft(raw, "<>="))]
	timed := spec.kind == valueDate || spec.kind == valueDays
	if op == "" && !(timed && looksTimed(raw)) {
		return p.plainValue(spec, start, raw)
	}
	if !timed {
		return QueryValue{}, p.fault(start, start+len(op), string(spec.key)+" cannot be compared", "", spec.takes())
	}
	return p.timedValue(spec, start, op, fold(raw[len(op):]))
}

// plainValue reads a name, an open text or a number.
func (p *queryParser) plainValue(spec queryKeySpec, start int, raw string) (QueryValue, error) {
	text := fold(Clean(raw).s)
	if text == "" {
		return QueryValue{}, p.fault(start, p.at, "a value is missing", "", spec.takes())
	}
	switch spec.kind {
	case valueOpen:
		return p.openValue(spec, start, text)
	case valueNumber:
		return p.idValue(spec, start, text)
	}
	if name, ok := spec.aliases[text]; ok {
		text = name
	}
	if !slices.Contains(spec.names, text) {
		return QueryValue{}, p.fault(start, p.at, string(spec.key)+" cannot be "+text, Nearest(text, spec.names), spec.takes())
	}
	return QueryValue{Text: text}, nil
}

func (p *queryParser) openValue(spec queryKeySpec, start int, text string) (QueryValue, error) {
	if spec.key == QueryDomain {
		domain := strings.TrimPrefix(text, "@")
		if domain == "" || strings.Contains(domain, "@") {
			return QueryValue{}, p.fault(start, p.at, text+" is not a domain", domain[strings.LastIndexByte(domain, '@')+1:], spec.takes())
		}
		text = domain
	}
	return QueryValue{Text: text}, nil
}
