package graphqldoc

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// token is one word, number, string or mark of a document. Its kind is the
// name graphql-ruby gives it; the end of the document has none.
type token struct {
	kind string
	text string
	word bool // an identifier or keyword
	from int  // byte offset
	loc  Location
}

// lexer cuts a document into tokens and keeps count of lines and columns,
// both from one, columns in characters.
type lexer struct {
	text         string
	at           int // byte offset of what comes next
	previous     int // end of the newest token
	last         int // end of the token before the newest
	line, column int
}

var marks = map[byte]string{
	'{': "LCURLY", '}': "RCURLY", '(': "LPAREN", ')': "RPAREN", '[': "LBRACKET", ']': "RBRACKET",
	':': "COLON", '$': "VAR_SIGN", '@': "DIR_SIGN", '=': "EQUALS", '!': "BANG", '|': "PIPE", '&': "AMP",
}

// keywords have token names of their own.
var keywords = map[string]bool{
	"on": true, "fragment": true, "true": true, "false": true, "null": true, "query": true,
	"mutation": true, "subscription": true, "type": true, "input": true, "enum": true,
	"interface": true, "union": true, "scalar": true, "schema": true, "extend": true,
	"directive": true, "implements": true,
}

// next gives the token after the newest one.
func (l *lexer) next() token {
	l.last = l.previous
	l.skipIgnored()
	t := token{from: l.at, loc: Location{Line: l.line, Column: l.column}}
	if l.at == len(l.text) {
		return t
	}
	switch c := l.text[l.at]; {
	case isNameByte(c) && (c < '0' || c > '9'):
		t.text, t.word = l.take(isNameByte), true
		if t.kind = "IDENTIFIER"; keywords[t.text] {
			t.kind = strings.ToUpper(t.text)
		}
	case c == '-' || c >= '0' && c <= '9':
		t.text = l.take(func(c byte) bool { return isNameByte(c) || c == '.' || c == '-' || c == '+' })
		if t.kind = "INT"; strings.ContainsAny(t.text, ".eE") {
			t.kind = "FLOAT"
		}
	case c == '"':
		t.kind, t.text = "STRING", l.quoted(t.loc)
	case strings.HasPrefix(l.text[l.at:], "..."):
		t.kind, t.text = "ELLIPSIS", l.advance(3)
	case marks[c] != "":
		t.kind, t.text = marks[c], l.advance(1)
	default:
		_, size := utf8.DecodeRuneInString(l.text[l.at:])
		t.kind, t.text = "UNKNOWN_CHAR", l.advance(size)
	}
	l.previous = l.at
	return t
}

// skipIgnored passes white space, commas, comments and a byte order mark.
func (l *lexer) skipIgnored() {
	for l.at < len(l.text) {
		switch c := l.text[l.at]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',':
			l.advance(1)
		case c == '#':
			end := strings.IndexByte(l.text[l.at:], '\n')
			if end < 0 {
				end = len(l.text) - l.at
			}
			l.advance(end)
		case strings.HasPrefix(l.text[l.at:], "\ufeff"):
			l.advance(len("\ufeff"))
		default:
			return
		}
	}
}

func isNameByte(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

func (l *lexer) take(want func(byte) bool) string {
	n := 0
	for l.at+n < len(l.text) && want(l.text[l.at+n]) {
		n++
	}
	return l.advance(n)
}

// quoted takes a string or a block string, quotes included.
func (l *lexer) quoted(start Location) string {
	mark := `"`
	if strings.HasPrefix(l.text[l.at:], `"""`) {
		mark = `"""`
	}
	for i := l.at + len(mark); i < len(l.text); i++ {
		switch {
		case l.text[i] == '\\' && mark == `"`, strings.HasPrefix(l.text[i:], `\"""`):
			i++
		case l.text[i] == '\n' && mark == `"`:
			i = len(l.text) // a plain string ends on its line
		case strings.HasPrefix(l.text[i:], mark):
			return l.advance(i + len(mark) - l.at)
		}
	}
	panic(&syntaxError{fmt.Sprintf("Unterminated string at [%d, %d]", start.Line, start.Column), start})
}

// advance passes n bytes and counts their lines and columns.
func (l *lexer) advance(n int) string {
	passed := l.text[l.at : l.at+n]
	l.at += n
	line := passed
	if end := strings.LastIndexByte(passed, '\n'); end >= 0 {
		l.line += strings.Count(passed, "\n")
		l.column, line = 1, passed[end+1:]
	}
	l.column += utf8.RuneCountInString(line)
	return passed
}
