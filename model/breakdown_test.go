package model

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

// checkBreakdown checks a breakdown against counts made account by account.
func checkBreakdown(t *testing.T, r *Roster, env QueryEnv, b Breakdown) {
	t.Helper()
	count := func(what string, got int, holds func(a Account, seat Opt[bool]) bool) {
		t.Helper()
		want := 0
		for i := range r.Len() {
			if holds(r.At(i), env.Billable(i)) {
				want++
			}
		}
		if got != want {
			t.Errorf("%s: %d, want %d", what, got, want)
		}
	}
	billable := func(_ Account, s Opt[bool]) bool { return s.Or(false) }
	count("accounts", b.Accounts, func(Account, Opt[bool]) bool { return true })
	for _, s := range b.States {
		count("state "+s.State, s.Accounts, func(a Account, _ Opt[bool]) bool { return a.State.String() == s.State })
	}
	checkKinds(t, "accounts", b.Kinds, count, func(Account, Opt[bool]) bool { return true })
	left := b.Accounts
	for _, s := range b.Waterfall {
		left -= s.Accounts
	}
	if left != b.Billable.Or(0) {
		t.Errorf("the waterfall ends at %d, billable users are %v", left, b.Billable)
	}
	for rec := RecencyNever; rec <= RecencyDormant; rec++ {
		count("people by recency "+rec.String(), b.Recency.Of(rec), func(a Account, _ Opt[bool]) bool {
			return a.State == StateActive && !a.Is(FlagBot) && RecencyOf(a.LastActivity, a.LastSignIn, env.Today, b.DormantDays) == rec
		})
	}
	if len(b.Clocks) != 3 {
		t.Fatalf("%d clocks", len(b.Clocks))
	}
	for _, clock := range b.Clocks {
		day := map[Clock]func(Account) Day{
			"last_activity": func(a Account) Day { return a.LastActivity }, "last_sign_in": func(a Account) Day { return a.LastSignIn },
			"created": func(a Account) Day { return a.Created },
		}[clock.Clock]
		for rec := RecencyNever; rec <= RecencyDormant; rec++ {
			count("people by "+string(clock.Clock)+" alone, "+rec.String(), clock.Of(rec), func(a Account, _ Opt[bool]) bool {
				days, want := env.Today.Sub(day(a)), RecencyRecent
				switch {
				case !day(a).Known():
					want = RecencyNever
				case days > RecentDays && days >= b.DormantDays:
					want = RecencyDormant
				case days > RecentDays:
					want = RecencyIdle
				}
				return a.State == StateActive && !a.Is(FlagBot) && want == rec
			})
		}
	}
	checkNames(t, "providers", b.Providers, r, func(a Account, _ Opt[bool]) string { return a.Provider.String() }, env, false)
	checkNames(t, "domains", b.Domains, r, domainForTest, env, false)
	months := b.Created.Earlier + b.Created.Later + b.Created.Unknown
	for k, m := range b.Created.Months {
		months += m.Accounts
		prefix := m.First.String()[:len("2006-01")]
		count("created in "+prefix, m.Accounts, func(a Account, _ Opt[bool]) bool { return strings.HasPrefix(a.Created.String(), prefix) })
		if k == len(b.Created.Months)-1 && !strings.HasPrefix(env.Today.String(), prefix) {
			t.Errorf("the last month is %s", prefix)
		}
	}
	if months != b.Accounts || len(b.Created.Months) != 24 {
		t.Errorf("%d months hold %d of %d accounts", len(b.Created.Months), months, b.Accounts)
	}
	s, known := b.Seats.Get()
	if known != b.Billable.Known() {
		t.Fatalf("billable is known: %v, what is in it: %v", b.Billable.Known(), known)
	}
	if !known {
		return
	}
	count("billable", b.Billable.Or(-1), billable)
	checkKinds(t, "billable", s.Kinds, count, billable)
	checkSeats(t, r, env, b, s, count)
}

func domainForTest(a Account, _ Opt[bool]) string {
	_, domain, _ := strings.Cut(strings.ToLower(a.Email.String()), "@")
	return domain
}

type countFunc func(what string, got int, holds func(Account, Opt[bool]) bool)

func checkKinds(t *testing.T, who string, k KindCounts, count countFunc, among func(Account, Opt[bool]) bool) {
	t.Helper()
	flag := func(what string, got int, f Flags, set bool) {
		t.Helper()
		count(who+" "+what, got, func(a Account, s Opt[bool]) bool { return among(a, s) && a.Is(f) == set })
	}
	flag("bots", k.Bots, FlagBot, true)
	flag("humans", k.Humans, FlagBot, false)
	flag("administrators", k.Admins, FlagAdmin, true)
	flag("auditors", k.Auditors, FlagAuditor, true)
	flag("external", k.External, FlagExternal, true)
	flag("without 2FA", k.Without2FA, Flag2FA, false)
	flag("locked", k.Locked, FlagLocked, true)
}

func checkSeats(t *testing.T, r *Roster, env QueryEnv, b Breakdown, s SeatBreakdown, count countFunc) {
	t.Helper()
	seen := func(a Account) Day { return cmp.Or(a.LastActivity, a.LastSignIn) }
	byRecency := map[string]int{}
	for k, q := range s.Quiet {
		byRecency[q.Recency] += q.Billable
		to := q.To.Or(1 << 30)
		if k > 0 && s.Quiet[k-1].To != Some(q.From-1) {
			t.Errorf("bucket %d starts at %d behind %v", k, q.From, s.Quiet[k-1].To)
		}
		count("billable quiet for long", q.Billable, func(a Account, v Opt[bool]) bool {
			days := env.Today.Sub(seen(a))
			return v.Or(false) && seen(a).Known() && max(days, 0) >= q.From && days <= to
		})
	}
	for rec := RecencyNever; rec <= RecencyDormant; rec++ {
		count("billable by recency "+rec.String(), s.Recency.Of(rec), func(a Account, v Opt[bool]) bool {
			return v.Or(false) && RecencyOf(a.LastActivity, a.LastSignIn, env.Today, b.DormantDays) == rec
		})
		if rec != RecencyNever && byRecency[rec.String()] != s.Recency.Of(rec) {
			t.Errorf("the buckets of %s hold %d, its bar %d", rec, byRecency[rec.String()], s.Recency.Of(rec))
		}
	}
	checkNames(t, "billable providers", s.Providers, r, func(a Account, _ Opt[bool]) string { return a.Provider.String() }, env, true)
	checkNames(t, "billable domains", s.Domains, r, domainForTest, env, true)
	var quiet []QuietUser
	for i := range r.Len() {
		if a := r.At(i); env.Billable(i).Or(false) && seen(a).Known() {
			quiet = append(quiet, QuietUser{a.ID, a.Username, a.Name, seen(a)})
		}
	}
	slices.SortStableFunc(quiet, func(a, b QuietUser) int { return cmp.Compare(a.Seen, b.Seen) })
	if want := quiet[:min(10, len(quiet))]; !slices.Equal(s.Quietest, want) {
		t.Errorf("the quietest are %v, want %v", s.Quietest, want)
	}
}

func checkNames(t *testing.T, what string, got NameCounts, r *Roster, name func(Account, Opt[bool]) string, env QueryEnv, seats bool) {
	t.Helper()
	counts, total := map[string]int{}, 0
	for i := range r.Len() {
		if a, v := r.At(i), env.Billable(i); !seats || v.Or(false) {
			counts[name(a, v)]++
			total++
		}
	}
	sum := got.Rest
	for k, c := range got.Top {
		sum += c.Count
		if counts[c.Name.String()] != c.Count {
			t.Errorf("%s: %q has %d, want %d", what, c.Name, c.Count, counts[c.Name.String()])
		}
		if k > 0 && got.Top[k-1].Count < c.Count {
			t.Errorf("%s: %q is out of order", what, c.Name)
		}
	}
	if sum != total || got.Names != len(counts) || len(got.Top) != min(12, len(counts)) {
		t.Errorf("%s: %d of %d accounts, %d names (%d shown), want %d", what, sum, total, got.Names, len(got.Top), len(counts))
	}
}

func TestBreakdownEqualsPlainCounts(t *testing.T) {
	for seed, n := range []int{0, 1, 30, 900, blockRows + 50, 2*blockRows + 3} {
		accounts := sampleAccounts(sampleRand(uint64(seed)), n)
		for i := range accounts { // many domains, so that there is a rest
			if i%3 == 0 {
				accounts[i].Email = Clean("x@d" + string(rune('a'+i%26)) + ".example")
			}
			if i%50 == 7 {
				accounts[i].LastActivity, accounts[i].Created = sampleToday.Add(3), sampleToday.Add(40)
			}
		}
		r := NewRoster(accounts, sampleAsOf(), true)
		periods := []int{0, 20, 60, 90, 180, 400}
		if n > 1000 {
			periods = periods[:2]
		}
		for _, dormant := range periods {
			env := QueryEnv{Today: sampleToday, DormantDays: dormant, Billable: r.SeatFlag}
			b := BreakdownOf(r, env)
			if want := cmp.Or(dormant, 90); b.DormantDays != want || !b.Complete {
				t.Errorf("dormant days %d, complete %v", b.DormantDays, b.Complete)
			}
			checkBreakdown(t, r, env, b)
		}
	}
}

// Without a single known verdict, billable is unknown and nothing about it is
// a zero.
func TestBreakdownWithoutVerdicts(t *testing.T) {
	r := sampleRoster(sampleRand(40), 400)
	env := QueryEnv{Today: sampleToday, Billable: func(int) Opt[bool] { return None[bool]() }}
	b := BreakdownOf(r, env)
	checkBreakdown(t, r, env, b)
	if b.Billable.Known() {
		t.Errorf("billable is %v", b.Billable)
	}
	text, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"billable_users":null`, `"among_billable":null`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
}

func TestBreakdownJSONRoundTrip(t *testing.T) {
	r := sampleRoster(sampleRand(41), 400)
	want := BreakdownOf(r, QueryEnv{Today: sampleToday})
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got Breakdown
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(got)
	if err != nil || string(again) != string(text) {
		t.Errorf("got  %s\nwant %s (%v)", again, text, err)
	}
	if strings.Contains(strings.ReplaceAll(string(text), `"among_billable":null`, ""), `:null,"billable`) {
		t.Errorf("a list is null in %s", text)
	}
}

func TestBreakdownWaterfall(t *testing.T) {
	seat, free := FlagSeatKnown|FlagSeat, FlagSeatKnown
	r := NewRoster([]Account{
		{ID: 1, State: StateActive, Flags: seat},
		{ID: 2, State: StateActive, Flags: seat | FlagAdmin},
		{ID: 3, State: StateActive, Flags: free},
		{ID: 4, State: StateActive, Flags: free | FlagBot},
		{ID: 5, State: StateBlocked, Flags: free | FlagBot},
		{ID: 6, State: StateLDAPBlocked, Flags: free},
		{ID: 7, State: StatePending, Flags: free},
		{ID: 8, State: StateBanned, Flags: free},
		{ID: 9, State: StateDeactivated, Flags: free},
		{ID: 10, State: StateOther, Flags: free},
		{ID: 11, State: StateActive},
		{ID: 12, State: StateBlocked, Flags: seat}, // the instance counts it: then it is billable
	}, sampleAsOf(), true)
	b := BreakdownOf(r, QueryEnv{Today: sampleToday})
	want := []WaterfallStep{
		{StepBlocked, 1}, {StepLDAPBlocked, 1}, {StepPending, 1}, {StepBanned, 1}, {StepDeactivated, 1},
		{StepOtherState, 1}, {StepBot, 1}, {StepRole, 1}, {StepUnknown, 1},
	}
	if !slices.Equal(b.Waterfall, want) || b.Billable != Some(3) {
		t.Errorf("billable %v after %v", b.Billable, b.Waterfall)
	}
}

func TestQuietBuckets(t *testing.T) {
	type bucket struct {
		from, to int
		recency  string
	}
	for _, c := range []struct {
		dormant int
		want    []bucket
	}{
		{90, []bucket{{0, 7, "recent"}, {8, 30, "recent"}, {31, 60, "idle"}, {61, 89, "idle"}, {90, 179, "dormant"}, {180, 364, "dormant"}, {365, -1, "dormant"}}},
		{180, []bucket{{0, 7, "recent"}, {8, 30, "recent"}, {31, 60, "idle"}, {61, 179, "idle"}, {180, 364, "dormant"}, {365, -1, "dormant"}}},
		{200, []bucket{{0, 7, "recent"}, {8, 30, "recent"}, {31, 60, "idle"}, {61, 179, "idle"}, {180, 199, "idle"}, {200, 364, "dormant"}, {365, -1, "dormant"}}},
	} {
		var got []bucket
		for _, q := range quietBuckets(c.dormant) {
			got = append(got, bucket{q.From, q.To.Or(-1), q.Recency})
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("dormant after %d days: %v, want %v", c.dormant, got, c.want)
		}
	}
}

func TestBreakdownMonths(t *testing.T) {
	r := NewRoster([]Account{
		{ID: 1, Created: Date(2024, time.November, 30)}, {ID: 2, Created: Date(2024, 12, 1)}, {ID: 3, Created: Date(2026, 11, 30)},
		{ID: 4, Created: Date(2026, 12, 1)}, {ID: 5}, {ID: 6, Created: Date(2026, 11, 1)},
	}, sampleAsOf(), true)
	c := BreakdownOf(r, QueryEnv{Today: sampleToday}).Created
	first, last := c.Months[0], c.Months[23]
	if first != (MonthCount{Date(2024, 12, 1), 1}) || last != (MonthCount{Date(2026, 11, 1), 2}) || c.Earlier != 1 || c.Later != 1 || c.Unknown != 1 {
		t.Errorf("%+v", c)
	}
}
