package model

import (
	"bytes"
	"slices"
	"sort"
	"strconv"
)

// QueryEnv is what a query needs to know besides the roster. The functions are
// called from two goroutines at once, with row numbers.
type QueryEnv struct {
	Today       Day // days are counted back from here
	DormantDays int // the instance's dormancy period; 0 = GitLab's default

	Billable func(row int) Opt[bool] // the verdict of the seat rule; nil: GitLab's own flag
	Role     func(row int) Opt[Role] // the highest role; nil: nobody read roles
	Why      func(row int) string    // the id of the rule that decided; nil: not worked out
	Seats    *Seating                // what the three go by, see [Seating.Env]; may be nil
}

func (e QueryEnv) dormantDays() int {
	if e.DormantDays <= 0 {
		return DefaultDormantDays
	}
	return e.DormantDays
}

func (e QueryEnv) billable(r *Roster) func(row int) Opt[bool] {
	if e.Billable != nil {
		return e.Billable
	}
	return r.SeatFlag
}

// check says whether the environment can answer the query.
func (e QueryEnv) check(q Query) error {
	switch {
	case e.Role == nil && q.Uses(QueryRole):
		return Fail(ClassUsage, "filter", "the list of accounts does not tell roles",
			"seatdeck users roles reads them on the GitLab server; or filter by billable: or why:")
	case e.Why == nil && q.Uses(QueryWhy):
		return Fail(ClassUsage, "filter", "the rule behind each seat is not worked out here",
			"filter by billable:, or explain one account at a time")
	}
	return nil
}

// matcher decides about one term. Either word or row is set.
type matcher struct {
	not    bool
	word   []byte             // looked for in the texts
	rare   int                // where its rarest byte is
	digits bool               // the word may be part of an id, too
	row    func(row int) bool // looked up in the columns
}

// matchers returns what decides about each term: the columns first, which are
// cheap and leave less to search, then the longest words, which are rare.
func (q Query) matchers(r *Roster, env QueryEnv) []matcher {
	ms := make([]matcher, len(q.terms))
	for i, t := range q.terms {
		ms[i].not = t.Not
		if t.Key == QueryWord {
			ms[i].word = []byte(t.Values[0].Text)
			ms[i].rare = r.rarest(ms[i].word)
			ms[i].digits = len(bytes.Trim(ms[i].word, "0123456789")) == 0
		} else {
			ms[i].row = t.column(r, env)
		}
	}
	sort.SliceStable(ms, func(i, j int) bool { return ms[i].rank() > ms[j].rank() })
	return ms
}

func (m matcher) rank() int {
	switch {
	case m.row != nil:
		return 1 << 20
	case m.not:
		return 0
	}
	return len(m.word)
}

// column returns the test of a keyed term for one row.
func (t QueryTerm) column(r *Roster, env QueryEnv) func(int) bool {
	switch t.Key {
	case QueryState:
		var want [len(stateQueryWords)]bool
		for s, w := range stateQueryWords {
			want[s] = t.has(w)
		}
		return func(i int) bool { return want[r.state[i]] }
	case QueryBillable:
		return t.answers(env.billable(r))
	case QueryRecency:
		var want [len(recencyNames)]bool
		for c, w := range recencyNames {
			want[c] = t.has(w)
		}
		today, dormant := env.Today, env.dormantDays()
		return func(i int) bool { return want[RecencyOf(r.lastActivity[i], r.lastSignIn[i], today, dormant)] }
	case QueryIdle:
		return t.days(r.seen, wordNever, env.Today)
	case QueryCreated:
		return t.days(func(i int) Day { return r.created[i] }, wordUnknown, env.Today)
	case QuerySignedIn:
		return t.days(func(i int) Day { return r.lastSignIn[i] }, wordNever, env.Today)
	case QueryRole:
		return t.roles(env.Role)
	case QueryProvider:
		return t.provider(r)
	case QueryDomain:
		return t.domain(r)
	case QueryWhy:
		return func(i int) bool { return t.has(fold(env.Why(i))) }
	case QueryID:
		return t.id(r)
	}
	return t.flag(r)
}

func (t QueryTerm) has(word string) bool {
	return slices.ContainsFunc(t.Values, func(v QueryValue) bool { return v.Op == "" && v.Text == word })
}

// answers tests a value that is yes, no or unknown.
func (t QueryTerm) answers(of func(int) Opt[bool]) func(int) bool {
	yes, no, unknown := t.has("yes"), t.has("no"), t.has(wordUnknown)
	return func(i int) bool {
		v, ok := of(i).Get()
		switch {
		case !ok:
			return unknown
		case v:
			return yes
		}
		return no
	}
}

// flag tests one of the yes/no flags; kind is one with names of its own.
func (t QueryTerm) flag(r *Roster) func(int) bool {
	which := map[QueryKey]Flags{QueryAdmin: FlagAdmin, QueryExternal: FlagExternal, Query2FA: Flag2FA, QueryKind: FlagBot}[t.Key]
	set, clear := t.has("yes") || t.has("bot"), t.has("no") || t.has("human")
	return func(i int) bool {
		if r.flags[i]&which != 0 {
			return set
		}
		return clear
	}
}

// days tests a day against ranges; unknown is the word that asks for days that
// are not known.
func (t QueryTerm) days(of func(int) Day, unknown string, today Day) func(int) bool {
	wantUnknown := t.has(unknown)
	var ranges []dayRange
	for _, v := range t.Values {
		if v.Text != unknown {
			ranges = append(ranges, rangeOf(v, today))
		}
	}
	return func(i int) bool {
		d := of(i)
		if !d.Known() {
			return wantUnknown
		}
		for _, g := range ranges {
			if g.first <= d && d <= g.last {
				return true
			}
		}
		return false
	}
}

func (t QueryTerm) roles(of func(int) Opt[Role]) func(int) bool {
	var want [256]bool
	for _, v := range t.Values {
		want[roleQueryWords[v.Text]] = true
	}
	return func(i int) bool { return want[of(i).Or(RoleUnknown)] }
}

func (t QueryTerm) provider(r *Roster) func(int) bool {
	want := make([]bool, len(r.providers))
	for p, name := range r.providers {
		want[p] = t.has(fold(name.s)) || name.Empty() && t.has(wordNone)
	}
	return func(i int) bool { return want[r.provider[i]] }
}

// domain tests the end of the search record, which is the e-mail.
func (t QueryTerm) domain(r *Roster) func(int) bool {
	none := t.has(wordNone)
	ends := make([][]byte, len(t.Values))
	for k, v := range t.Values {
		ends[k] = []byte("@" + v.Text + sep)
	}
	return func(i int) bool {
		rec := r.search(i)
		for _, end := range ends {
			if bytes.HasSuffix(rec, end) {
				return true
			}
		}
		return none && len(domainOf(rec)) == 0
	}
}

// domainOf returns what follows the last @ of the e-mail at the end of a
// search record; empty when there is none.
func domainOf(rec []byte) []byte {
	email := rec[:len(rec)-1]
	for i := len(email) - 1; email[i] != sepByte; i-- {
		if email[i] == '@' {
			return email[i+1:]
		}
	}
	return nil
}

func (t QueryTerm) id(r *Roster) func(int) bool {
	want := make(map[int64]bool, len(t.Values))
	for _, v := range t.Values {
		if id, err := strconv.ParseInt(v.Text, 10, 64); err == nil {
			want[id] = true
		}
	}
	return func(i int) bool { return want[r.ids[i]] }
}
