package model

import (
	"slices"
	"strconv"
	"strings"
)

// Query is a filter over a roster, in the language
//
//	query  = { term } .                      (all terms must hold; order free)
//	term   = [ "-" ] ( word | string | key ":" value { "," value } ) .      ("," = or)
//	key    = state | billable | recency | idle | created | signed-in | kind | role |
//	         admin | external | 2fa | provider | domain | why | id .
//	value  = word | string | ( "<" | ">" | "<=" | ">=" ) ( date | days ) .
//	         (date = YYYY[-MM[-DD]]; days = 90d)
//	string = '"' any except '"' '"' .        (a word with ":" or "," in it is quoted)
//
// A word holds when username, name, e-mail or id has it in it; upper and lower
// case are the same. "-" turns a term round: it holds for every account the
// plain term does not hold for, those with an unknown value among them.
//
// The zero Query has no terms and holds for every account. A Query is immutable.
type Query struct{ terms []QueryTerm }

// QueryTerm is one term of a query.
type QueryTerm struct {
	Not    bool
	Key    QueryKey     // "" for a word
	Values []QueryValue // one for a word; any of several for a key
}

// QueryKey names what a term looks at.
type QueryKey string

// The keys.
const (
	QueryWord     QueryKey = ""
	QueryState    QueryKey = "state"
	QueryBillable QueryKey = "billable"  // the verdict of the seat rule; yes, no, unknown
	QueryRecency  QueryKey = "recency"   // see [RecencyOf]
	QueryIdle     QueryKey = "idle"      // days since last seen, as recency counts them
	QueryCreated  QueryKey = "created"   // day the account was made, or its age in days
	QuerySignedIn QueryKey = "signed-in" // day of the last sign-in, or days since
	QueryKind     QueryKey = "kind"      // human or bot
	QueryRole     QueryKey = "role"      // highest role; only where the host driver read roles
	QueryAdmin    QueryKey = "admin"
	QueryExternal QueryKey = "external"
	Query2FA      QueryKey = "2fa"
	QueryProvider QueryKey = "provider" // first identity's provider, whole name
	QueryDomain   QueryKey = "domain"   // what follows the last @ of the e-mail, whole
	QueryWhy      QueryKey = "why"      // the rule that decided about the seat
	QueryID       QueryKey = "id"       // the account id, whole
)

// QueryValue is one value of a term: a text, or a comparison with a date or
// with a number of days.
type QueryValue struct {
	Text string // the word, lower-cased; for dates YYYY, YYYY-MM or YYYY-MM-DD
	Op   string // "", "<", ">", "<=" or ">="
	Days int    // with Op and without Text: a number of days
}

// Terms returns the terms in the order they were written, for a line of chips.
func (q Query) Terms() []QueryTerm { return slices.Clone(q.terms) }

// Empty reports whether the query holds for every account.
func (q Query) Empty() bool { return len(q.terms) == 0 }

// Without returns the query without its i-th term.
func (q Query) Without(i int) Query {
	return Query{slices.Delete(slices.Clone(q.terms), i, i+1)}
}

// And returns the query with the terms of another added, those it has already
// left out.
func (q Query) And(other Query) Query {
	terms := slices.Clone(q.terms)
	for _, t := range other.terms {
		if !slices.ContainsFunc(terms, t.equal) {
			terms = append(terms, t)
		}
	}
	return Query{terms}
}

// Uses reports whether a term looks at the key.
func (q Query) Uses(key QueryKey) bool {
	return slices.ContainsFunc(q.terms, func(t QueryTerm) bool { return t.Key == key })
}

// String returns the query in canonical form: [ParseQuery] reads it back as
// the same query.
func (q Query) String() string {
	parts := make([]string, len(q.terms))
	for i, t := range q.terms {
		parts[i] = t.String()
	}
	return strings.Join(parts, " ")
}

// String returns the term in canonical form.
func (t QueryTerm) String() string {
	var b strings.Builder
	if t.Not {
		b.WriteByte('-')
	}
	if t.Key != QueryWord {
		b.WriteString(string(t.Key))
		b.WriteByte(':')
	}
	for i, v := range t.Values {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(v.String())
	}
	return b.String()
}

// String returns the value as it is typed.
func (v QueryValue) String() string {
	switch {
	case v.Op != "" && v.Text == "":
		return v.Op + strconv.Itoa(v.Days) + "d"
	case v.Op != "":
		return v.Op + v.Text
	}
	return quoteWord(v.Text)
}

// quoteWord quotes a word that would be read as something else.
func quoteWord(s string) string {
	if s == "" || strings.ContainsAny(s, " :,") || strings.ContainsRune("-<>", rune(s[0])) {
		return `"` + s + `"`
	}
	return s
}

func (t QueryTerm) equal(o QueryTerm) bool {
	return t.Not == o.Not && t.Key == o.Key && slices.Equal(t.Values, o.Values)
}

// Narrows reports whether every account that q holds for is one that old holds
// for, as far as that can be told from the texts alone. Then the result for old
// may be given to [Filter] as the place to look in.
func (q Query) Narrows(old Query) bool {
	for _, o := range old.terms {
		if !slices.ContainsFunc(q.terms, func(t QueryTerm) bool { return t.implies(o) }) {
			return false
		}
	}
	return true
}

// implies reports whether t holding means that o holds.
func (t QueryTerm) implies(o QueryTerm) bool {
	if t.Not != o.Not || t.Key != o.Key {
		return false
	}
	small, large := t, o
	if t.Not {
		small, large = o, t
	}
	if t.Key == QueryWord {
		return strings.Contains(small.Values[0].Text, large.Values[0].Text)
	}
	for _, v := range small.Values {
		if !slices.Contains(large.Values, v) {
			return false
		}
	}
	return true
}
