package model

import (
	"slices"
	"strings"
)

// QueryTokenAt returns the bytes of s that a completion at the cursor replaces:
// the term around the cursor, from its start up to the cursor.
func QueryTokenAt(s string, cursor int) (start, end int) {
	cursor = min(max(cursor, 0), len(s))
	quoted := false
	for i := range cursor {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case isQuerySpace(s[i]) && !quoted:
			start = i + 1
		}
	}
	return start, cursor
}

// CompleteQuery returns what the term before the cursor (see [QueryTokenAt])
// may become: keys, or the values of its key. A lone word may also stay a
// word, so an empty result is normal. Where r is not nil, its identity providers
// are among the values.
func CompleteQuery(s string, cursor int, r *Roster) []string {
	start, end := QueryTokenAt(s, cursor)
	token := s[start:end]
	body := strings.TrimPrefix(token, "-")
	not := token[:len(token)-len(body)]
	if strings.Contains(body, `"`) {
		return nil
	}
	name, values, isKey := strings.Cut(body, ":")
	if !isKey {
		return completeKey(not, fold(name))
	}
	spec, ok := queryKeyNamed(fold(name))
	if !ok {
		return nil
	}
	return completeValue(spec.key, not, values, spec.candidates(r))
}

func completeKey(not, typed string) []string {
	var out []string
	for _, name := range queryKeyNames() {
		if strings.HasPrefix(name, typed) {
			out = append(out, not+name+":")
		}
	}
	return out
}

// completeValue completes the last of the values typed so far with those not
// taken yet.
func completeValue(key QueryKey, not, values string, candidates []string) []string {
	cut := strings.LastIndexByte(values, ',') + 1
	before, typed := values[:cut], fold(values[cut:])
	taken := strings.Split(fold(before), ",")
	var out []string
	for _, name := range candidates {
		if strings.HasPrefix(name, typed) && !slices.Contains(taken, name) {
			out = append(out, not+string(key)+":"+before+name)
		}
	}
	return out
}

// candidates are the values worth offering; dates and days as examples.
func (k queryKeySpec) candidates(r *Roster) []string {
	if k.key == QueryProvider && r != nil {
		return append([]string{wordNone}, r.providerWords()...)
	}
	switch k.kind {
	case valueDays:
		return append([]string{">30d", ">90d", ">180d", ">365d"}, k.names...)
	case valueDate:
		return append([]string{"<30d", "<=90d", ">90d", ">365d"}, k.names...)
	case valueOpen:
		return []string{wordNone}
	}
	return k.names
}

// providerWords are the names of identity providers as a query has them, in the
// order of their letters, but for those that would need quotes.
func (r *Roster) providerWords() []string {
	var out []string
	for _, p := range r.providers {
		if name := fold(p.s); name != "" && name != wordNone && quoteWord(name) == name {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
