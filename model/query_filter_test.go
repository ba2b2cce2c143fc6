package model

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// sampleEnv answers everything, from the account ids alone.
func sampleEnv(r *Roster) QueryEnv {
	return QueryEnv{
		Today: sampleToday, DormantDays: 120,
		Role: func(i int) Opt[Role] {
			roles := []Role{RoleNone, RoleMinimal, RoleGuest, RoleDeveloper, RoleOwner}
			if k := int(r.ID(i)) % 7; k < len(roles) {
				return Some(roles[k])
			}
			return None[Role]()
		},
		Why: func(i int) string { return SeatRules()[int(r.ID(i))%len(SeatRules())].ID },
	}
}

// plainFilter is the language a second time: account by account, from the
// words of the grammar.
func plainFilter(accounts []Account, q Query, env QueryEnv) Index {
	out := Index{}
	for i, a := range accounts {
		holds := true
		for _, t := range q.Terms() {
			any := false
			for _, v := range t.Values {
				any = any || plainValue(a, i, t.Key, v, env)
			}
			holds = holds && any != t.Not
		}
		if holds {
			out = append(out, int32(i))
		}
	}
	return out
}

func plainValue(a Account, i int, key QueryKey, v QueryValue, env QueryEnv) bool {
	lower := func(t Text) string { return strings.ToLower(t.String()) }
	yesNo := func(b bool) bool { return v.Text == map[bool]string{true: "yes", false: "no"}[b] }
	switch key {
	case QueryWord:
		for _, field := range []string{lower(a.Username), lower(a.Name), lower(a.Email), strconv.FormatInt(a.ID, 10)} {
			if strings.Contains(field, v.Text) {
				return true
			}
		}
		return false
	case QueryState:
		name := map[string]string{"blocked_pending_approval": "pending"}[a.State.String()]
		return v.Text == name || v.Text == a.State.String()
	case QueryBillable:
		seat, known := a.SeatFlag().Get()
		return !known && v.Text == "unknown" || known && yesNo(seat)
	case QueryRecency:
		return v.Text == RecencyOf(a.LastActivity, a.LastSignIn, env.Today, env.DormantDays).String()
	case QueryIdle:
		seen := a.LastActivity
		if !seen.Known() {
			seen = a.LastSignIn
		}
		return plainDay(seen, v, "never", env.Today)
	case QueryCreated:
		return plainDay(a.Created, v, "unknown", env.Today)
	case QuerySignedIn:
		return plainDay(a.LastSignIn, v, "never", env.Today)
	case QueryKind:
		return a.Is(FlagBot) == (v.Text == "bot")
	case QueryRole:
		role, known := env.Role(i).Get()
		names := map[Role]string{RoleNone: "none", RoleMinimal: "minimal", RoleGuest: "guest", RoleDeveloper: "developer", RoleOwner: "owner"}
		return !known && v.Text == "unknown" || known && v.Text == names[role]
	case QueryAdmin:
		return yesNo(a.Is(FlagAdmin))
	case QueryExternal:
		return yesNo(a.Is(FlagExternal))
	case Query2FA:
		return yesNo(a.Is(Flag2FA))
	case QueryProvider:
		return v.Text == lower(a.Provider) || v.Text == "none" && a.Provider.Empty()
	case QueryDomain:
		_, domain, found := strings.Cut(lower(a.Email), "@")
		return found && v.Text == domain || !found && v.Text == "none"
	case QueryWhy:
		return v.Text == env.Why(i)
	case QueryID:
		return v.Text == strconv.FormatInt(a.ID, 10)
	}
	panic("a key without a test: " + string(key))
}

// plainDay compares the texts of dates, and numbers of days.
func plainDay(d Day, v QueryValue, unknown string, today Day) bool {
	if !d.Known() || v.Text == unknown {
		return !d.Known() && v.Text == unknown
	}
	order := today.Sub(d) - v.Days
	if v.Text != "" {
		order = strings.Compare(d.String()[:len(v.Text)], v.Text)
	}
	switch v.Op {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	case ">=":
		return order >= 0
	}
	return order == 0
}

// randomTerm makes up a term that has a fair chance to hold for some.
func randomTerm(rng *rand.Rand, r *Roster) string {
	pick := func(s ...string) string { return s[rng.IntN(len(s))] }
	when := func() string {
		op := pick("<", "<=", ">", ">=")
		if rng.IntN(2) == 0 {
			return op + strconv.Itoa(rng.IntN(600)) + "d"
		}
		day := sampleToday.Add(-rng.IntN(1300)).String()
		return pick(op, op, "") + day[:[]int{4, 7, 10}[rng.IntN(3)]]
	}
	a := r.At(rng.IntN(r.Len()))
	var t string
	switch rng.IntN(18) {
	case 0:
		t = "state:" + pick("active", "blocked", "ldap_blocked", "deactivated", "pending", "banned", "unknown") + pick("", ",active")
	case 1:
		t = "billable:" + pick("yes", "no", "unknown", "yes,unknown")
	case 2:
		t = "recency:" + pick("recent", "idle", "dormant", "never", "idle,never")
	case 3:
		t = "idle:" + pick(">", "<=") + strconv.Itoa(rng.IntN(400)) + "d" + pick("", ",never")
	case 4:
		t = "created:" + when() + pick("", ",unknown")
	case 5:
		t = "signed-in:" + pick(when(), "never", when()+",never")
	case 6:
		t = "kind:" + pick("bot", "human")
	case 7:
		t = "role:" + pick("none", "minimal", "guest,owner", "developer", "unknown", "reporter")
	case 8:
		t = pick("admin:", "external:", "2fa:") + pick("yes", "no", "yes,no")
	case 9:
		t = "provider:" + pick("ldapmain", "SAML", "none", "ldap", "google_oauth2,none")
	case 10:
		t = "domain:" + pick("example.com", "corp.example", "none", "net", "münchen.example,none")
	case 11:
		t = "why:" + pick("bot", "inactive,every-active")
	case 12:
		t = fmt.Sprintf("id:%d,%d", a.ID, rng.IntN(9000)+1)
	default:
		t = randomWord(rng, a)
	}
	return pick("", "", "-") + t
}

// randomWord takes a piece of a text of the account, or something short.
func randomWord(rng *rand.Rand, a Account) string {
	texts := []string{a.Username.String(), a.Name.String(), a.Email.String(), strconv.FormatInt(a.ID, 10), "a", "e", "zzz", "example", "\u00ef"}
	s := []rune(strings.Trim(texts[rng.IntN(len(texts))], `" `))
	if len(s) == 0 {
		return "n"
	}
	from := rng.IntN(len(s))
	return `"` + string(s[from:min(len(s), from+1+rng.IntN(6))]) + `"`
}

// TestFilterEqualsPlain compares the filter with the plain one for random
// queries, each also as a narrowing of its own beginnings.
func TestFilterEqualsPlain(t *testing.T) {
	rng := sampleRand(11)
	for _, n := range []int{1, 64, 300, blockRows + 130} {
		accounts := sampleAccounts(rng, n)
		r := NewRoster(accounts, sampleAsOf(), true)
		env := sampleEnv(r)
		for range 60 {
			var prev Index
			var old Query
			var terms []string
			for range 1 + rng.IntN(3) {
				terms = append(terms, randomTerm(rng, r))
				q := mustQuery(t, strings.Join(terms, " "))
				if !q.Narrows(old) {
					t.Fatalf("%q does not narrow %q", q, old)
				}
				want := plainFilter(accounts, q, env)
				for _, from := range []Index{nil, prev} {
					got, err := Filter(context.Background(), r, q, env, from)
					if err != nil || !slices.Equal(got, want) {
						t.Fatalf("%q over %d rows (narrowing: %v): %d rows, want %d, error %v", q, n, from != nil, len(got), len(want), err)
					}
				}
				prev, old = want, q
			}
		}
	}
}

// TestFilterTenThousandQueries compares ten thousand made-up queries with the
// plain filter, row by row.
func TestFilterTenThousandQueries(t *testing.T) {
	rng := sampleRand(12)
	var accounts []Account
	var r *Roster
	var env QueryEnv
	found := 0
	for n := range 10_000 {
		if n%250 == 0 {
			accounts = sampleAccounts(rng, 48)
			r = NewRoster(accounts, sampleAsOf(), true)
			env = sampleEnv(r)
		}
		terms := make([]string, 1+rng.IntN(4))
		for i := range terms {
			terms[i] = randomTerm(rng, r)
		}
		q := mustQuery(t, strings.Join(terms, " "))
		want := plainFilter(accounts, q, env)
		got, err := Filter(context.Background(), r, q, env, nil)
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("%q: rows %v, want %v, error %v", q, got, want, err)
		}
		if len(got) > 0 {
			found++
		}
	}
	if found < 2500 {
		t.Errorf("only %d of the queries held for anybody", found)
	}
}

func TestFilterSamples(t *testing.T) {
	r := NewRoster([]Account{
		{ID: 10, Username: Clean("anna"), Name: Clean("Anna Maria Köhler"), Email: Clean("anna@Example.com"), State: StateActive,
			Created: Date(2026, 3, 31), LastActivity: sampleToday.Add(-30), Flags: FlagSeatKnown | FlagSeat | FlagAdmin},
		{ID: 11, Username: Clean("bob"), Name: Clean("Bob"), Email: Clean("bob@mail.example.com"), State: StateBlocked,
			Created: Date(2026, 4, 1), LastActivity: sampleToday.Add(-31), Flags: FlagSeatKnown, Provider: Clean("ldapmain")},
		{ID: 12, Username: Clean("carla"), Name: Clean("İpek Carla"), State: StateActive,
			LastSignIn: sampleToday.Add(-90), Flags: Flag2FA},
		{ID: 1013, Username: Clean("deploy"), Name: Clean("at@example.com"), State: StatePending, Flags: FlagBot | FlagSeatKnown,
			Created: Date(2025, 12, 31), Provider: Clean("saml")},
	}, sampleAsOf(), true)
	for _, c := range []struct {
		query string
		want  []int64
	}{
		{"", []int64{10, 11, 12, 1013}},
		{"ANNA", []int64{10}},
		{`"anna maria"`, []int64{10}},
		{`"anna anna"`, []int64{}}, // username and name are two fields
		{"maria köh", []int64{10}},
		{"KÖHLER", []int64{10}},
		{"ipek", []int64{12}},
		{"-example.com", []int64{12}},
		{"13", []int64{1013}},
		{"id:13", []int64{}},
		{"domain:example.com", []int64{10}},
		{"domain:none", []int64{12, 1013}},
		{"provider:none", []int64{10, 12}},
		{"provider:ldap", []int64{}},
		{"billable:yes", []int64{10}},
		{"billable:no", []int64{11, 1013}},
		{"-billable:yes", []int64{11, 12, 1013}},
		{"billable:unknown", []int64{12}},
		{"recency:recent", []int64{10}},
		{"recency:idle", []int64{11}},
		{"recency:dormant", []int64{12}}, // by the last sign-in, on the 90th day
		{"recency:never", []int64{1013}},
		{"idle:>=31d", []int64{11, 12}},
		{"idle:>31d", []int64{12}},
		{"-idle:<=31d", []int64{12, 1013}},
		{"idle:<31d,never", []int64{10, 1013}},
		{"created:2026-03", []int64{10}},
		{"created:2026", []int64{10, 11}},
		{"created:>2026-03", []int64{11}},
		{"created:<=2026-03", []int64{10, 1013}},
		{"created:<2026", []int64{1013}},
		{"created:>=2026-03-31", []int64{10, 11}},
		{"created:unknown", []int64{12}},
		{"signed-in:never kind:human", []int64{10, 11}},
		{"signed-in:<=90d", []int64{12}},
		{"state:active,pending", []int64{10, 12, 1013}},
		{"admin:yes", []int64{10}},
		{"2fa:yes", []int64{12}},
	} {
		idx, err := Filter(context.Background(), r, mustQuery(t, c.query), QueryEnv{Today: sampleToday}, nil)
		if err != nil {
			t.Errorf("%q: %v", c.query, err)
		}
		if got := r.IDs(idx); !slices.Equal(got, c.want) {
			t.Errorf("%q holds for %v, want %v", c.query, got, c.want)
		}
	}
}

func TestFilterSaysWhatNobodyRead(t *testing.T) {
	r := sampleRoster(sampleRand(1), 10)
	for _, s := range []string{"role:owner", "why:bot", "anna -role:unknown"} {
		idx, err := Filter(context.Background(), r, mustQuery(t, s), QueryEnv{Today: sampleToday}, nil)
		var e *Error
		if idx != nil || !errors.As(err, &e) || e.Class != ClassUsage || e.Next.Empty() {
			t.Errorf("%q: %d rows, error %v", s, len(idx), err)
		}
	}
}

func TestFilterStopsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	r := sampleRoster(sampleRand(1), 3*blockRows)
	asked := 0
	env := QueryEnv{Today: sampleToday, Billable: func(int) Opt[bool] {
		if asked++; asked == 100 {
			cancel()
		}
		return Some(true)
	}}
	idx, err := Filter(ctx, r, mustQuery(t, "billable:yes"), env, nil)
	if idx != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("%d rows, error %v", len(idx), err)
	}
	if asked > blockRows {
		t.Errorf("%d rows were looked at after the end", asked-100)
	}
}

// Two goroutines give what one gives.
func TestFilterLarge(t *testing.T) {
	small := sampleAccounts(sampleRand(21), 5000)
	b := NewRosterBuilder(filterTwo + 5000)
	for id := int64(1); b.Len() <= filterTwo; id++ {
		a := small[int(id)%len(small)]
		a.ID = id
		b.Add(a)
	}
	r := b.Build(sampleAsOf(), true)
	for _, s := range []string{"state:active -kind:bot", "garcia", "-e recency:dormant,never"} {
		q := mustQuery(t, s)
		env := QueryEnv{Today: sampleToday}
		got, err := Filter(context.Background(), r, q, env, nil)
		if err != nil {
			t.Fatal(err)
		}
		want, err := Filter(context.Background(), r, q, env, r.All()[:filterTwo])
		if err != nil {
			t.Fatal(err)
		}
		for len(got) > 0 && got[len(got)-1] >= filterTwo {
			got = got[:len(got)-1]
		}
		if len(want) == 0 || !slices.Equal(got, want) {
			t.Errorf("%q: %d rows with two goroutines, %d with one", s, len(got), len(want))
		}
	}
}

func TestPeriod(t *testing.T) {
	for _, c := range []struct {
		in          string
		first, last Day
	}{
		{"2024", Date(2024, 1, 1), Date(2024, 12, 31)},
		{"2024-02", Date(2024, 2, 1), Date(2024, 2, 29)},
		{"2024-12-31", Date(2024, 12, 31), Date(2024, 12, 31)},
		{"1969-12", Date(1969, time.December, 1), Date(1969, 12, 31)},
	} {
		first, last, ok := period(c.in)
		if !ok || first != c.first || last != c.last {
			t.Errorf("%s is %v to %v, %v", c.in, first, last, ok)
		}
	}
}
