package model

import (
	"strings"
	"unicode/utf8"
)

// QueryError says which part of a query was not understood. It unwraps to the
// *Error of class usage that carries the message.
type QueryError struct {
	Fault      *Error
	Query      string // as it was typed; not clean
	Start, End int    // bytes of Query that are meant
	Suggest    string // what may have been meant, to replace those bytes; may be empty
}

// Error is the message in one line, as [Error.Error] words it.
func (e *QueryError) Error() string { return e.Fault.Error() }

// Unwrap returns the *Error.
func (e *QueryError) Unwrap() error { return e.Fault }

// Caret returns two lines: the query, cleaned, and carets under the part that
// is meant. One caret stands for one character.
func (e *QueryError) Caret() (line, carets string) {
	head, bad, tail := e.Query[:e.Start], e.Query[e.Start:e.End], e.Query[e.End:]
	show := func(s string) string { return CleanN(s, maxQuery).String() }
	head, bad = show(head), show(bad)
	n := max(1, utf8.RuneCountInString(bad))
	return head + bad + show(tail), strings.Repeat(" ", utf8.RuneCountInString(head)) + strings.Repeat("^", n)
}

// queryFault makes the error for the bytes [start, end) of a query. suggest may
// be empty; next is used when it is.
func queryFault(query string, start, end int, msg, suggest, next string) *QueryError {
	if suggest != "" {
		next = "did you mean " + suggest + "?"
	}
	return &QueryError{
		Fault: Fail(ClassUsage, "filter", msg, next),
		Query: query, Start: start, End: end, Suggest: suggest,
	}
}
