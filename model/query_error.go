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

// nearest returns the one of names that s is most likely a slip of, or "". At
// most a third of the letters may differ, and never more than two.
func nearest(s string, names []string) string {
	best, bestD := "", min(2, (len(s)+2)/3)+1
	for _, n := range names {
		if d := editDistance(s, n); d < bestD {
			best, bestD = n, d
		}
	}
	if best == "" && len(s) >= 2 {
		for _, n := range names {
			if strings.HasPrefix(n, s) {
				return n
			}
		}
	}
	return best
}

// editDistance counts insertions, deletions, replacements and swaps of
// neighbours (optimal string alignment).
func editDistance(a, b string) int {
	before, last, now := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		now[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			now[j] = min(last[j]+1, now[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
		}
		before, last, now = last, now, before
	}
	return last[len(b)]
}
