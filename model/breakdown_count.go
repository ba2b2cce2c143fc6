package model

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

// Sizes of the lists in a breakdown.
const (
	breakdownTop    = 12 // names of providers and domains
	breakdownMonths = 24
	breakdownQuiet  = 10 // quietest users
	longQuiet       = 180
	yearQuiet       = 365
)

// BreakdownOf counts a roster. It is a pure function of its arguments; the
// functions in env are called from two goroutines at once. On an instance
// without a licence env.Billable must say unknown: GitLab's flag is false for
// everyone there (contract §5.1).
func BreakdownOf(r *Roster, env QueryEnv) Breakdown {
	var tallies [2]*tally
	var wg sync.WaitGroup
	half := len(r.blocks) / 2 * blockRows
	for w, part := range [2][2]int{{0, half}, {half, r.Len()}} {
		tallies[w] = newTally(r, env)
		wg.Go(func() { tallies[w].count(part[0], part[1]) })
	}
	wg.Wait()
	tallies[0].merge(tallies[1])
	return tallies[0].breakdown()
}

// tally counts some rows. Everything in it can be added up.
type tally struct {
	r        *Roster
	env      QueryEnv
	billable func(int) Opt[bool]
	edges    []QuietBucket
	months   []Day // first days, and that of the month after

	states    [StateBanned + 1]int
	steps     [len(stepNames)]int
	known     int
	seats     int
	kinds     kindTally
	recency   [4]int
	clocks    [3][4]int // activity, sign-in, created
	created   []int     // by month
	earlier   int
	later     int
	unknown   int
	providers []int
	domains   map[string]*domainTally
	roles     roleTally

	seatKinds     kindTally
	seatRecency   [4]int
	seatQuiet     []int
	seatProviders []int
	seatRoles     roleTally
	quietest      []int32 // rows, those seen longest ago first
}

type domainTally struct{ accounts, billable int }

// kindTally counts flags by their bits.
type kindTally struct{ all, bots, admins, auditors, external, no2FA, locked int }

func (k *kindTally) add(f Flags) {
	k.all++
	k.bots += int(bit(f, FlagBot))
	k.admins += int(bit(f, FlagAdmin))
	k.auditors += int(bit(f, FlagAuditor))
	k.external += int(bit(f, FlagExternal))
	k.no2FA += 1 - int(bit(f, Flag2FA))
	k.locked += int(bit(f, FlagLocked))
}

func (k *kindTally) merge(o kindTally) {
	k.all += o.all
	k.bots += o.bots
	k.admins += o.admins
	k.auditors += o.auditors
	k.external += o.external
	k.no2FA += o.no2FA
	k.locked += o.locked
}

func (k kindTally) counts() KindCounts {
	return KindCounts{
		Humans: k.all - k.bots, Bots: k.bots, Admins: k.admins, Auditors: k.auditors,
		External: k.external, Without2FA: k.no2FA, Locked: k.locked,
	}
}

// stepNames are the steps of the waterfall in order, the states in their own
// order first.
var stepNames = [...]StepName{
	StepBlocked, StepLDAPBlocked, StepPending, StepBanned, StepDeactivated, StepOtherState, StepBot, StepRole, StepUnknown,
}

// stateSteps is the place in stepNames that a state alone decides; active is
// not among them.
var stateSteps = [...]int{
	StateBlocked: 0, StateLDAPBlocked: 1, StatePending: 2, StateBanned: 3, StateDeactivated: 4, StateOther: 5,
}

// stepOf returns the place in stepNames of an account that is not billable.
func stepOf(s State, f Flags, known bool) int {
	switch {
	case s != StateActive:
		return stateSteps[s]
	case f&FlagBot != 0:
		return 6
	case known:
		return 7
	}
	return 8
}

// quietBuckets returns the empty buckets for a dormancy period: finer below it
// and above it, and never one across it.
func quietBuckets(dormant int) []QuietBucket {
	starts := []int{0, 8, RecentDays + 1, 61, dormant, longQuiet, yearQuiet}
	slices.Sort(starts)
	starts = slices.Compact(starts)
	out := make([]QuietBucket, len(starts))
	for i, from := range starts {
		out[i] = QuietBucket{From: from, Recency: recencyAfter(from, dormant).String()}
		if i > 0 {
			out[i-1].To = Some(from - 1)
		}
	}
	return out
}

// recencyAfter is the recency of somebody last seen so many days ago.
func recencyAfter(days, dormant int) Recency {
	const today = Day(1 << 20)
	return RecencyOf(today.Add(-days), 0, today, dormant)
}

func newTally(r *Roster, env QueryEnv) *tally {
	env.DormantDays = env.dormantDays()
	t := &tally{r: r, env: env, billable: env.billable(r), edges: quietBuckets(env.DormantDays), domains: map[string]*domainTally{}}
	t.seatQuiet = make([]int, len(t.edges))
	t.providers, t.seatProviders = make([]int, len(r.providers)), make([]int, len(r.providers))
	now := env.Today.Time()
	for k := 1 - breakdownMonths; k <= 1; k++ { // and the month after, as an end
		t.months = append(t.months, Date(now.Year(), now.Month()+time.Month(k), 1))
	}
	t.created = make([]int, breakdownMonths)
	return t
}

func (t *tally) count(lo, hi int) {
	var last *domainTally
	var lastName []byte
	for i := lo; i < hi; i++ {
		seat, known := t.billable(i).Get()
		if name := domainOf(t.r.search(i)); last == nil || string(name) != string(lastName) {
			last, lastName = t.domain(name), name
		}
		t.account(i, known && seat, known)
		last.accounts++
		if known && seat {
			last.billable++
			t.seat(i)
		}
	}
}

func (t *tally) domain(name []byte) *domainTally {
	d := t.domains[string(name)]
	if d == nil {
		d = &domainTally{}
		t.domains[string(name)] = d
	}
	return d
}

// account counts a row among the accounts.
func (t *tally) account(i int, seat, known bool) {
	r, f := t.r, t.r.flags[i]
	t.states[r.state[i]]++
	t.kinds.add(f)
	t.providers[r.provider[i]]++
	t.roles[t.level(i)]++
	if r.state[i] == StateActive && f&FlagBot == 0 {
		t.recency[RecencyOf(r.lastActivity[i], r.lastSignIn[i], t.env.Today, t.env.DormantDays)]++
		for k, day := range [...]Day{r.lastActivity[i], r.lastSignIn[i], r.created[i]} {
			t.clocks[k][RecencyOf(day, 0, t.env.Today, t.env.DormantDays)]++
		}
	}
	if known {
		t.known++
	}
	if !seat {
		t.steps[stepOf(r.state[i], f, known)]++
	}
	t.month(r.created[i])
}

func (t *tally) month(d Day) {
	switch {
	case !d.Known():
		t.unknown++
	case d < t.months[0]:
		t.earlier++
	case d >= t.months[breakdownMonths]:
		t.later++
	default:
		k, found := slices.BinarySearch(t.months, d)
		if !found {
			k--
		}
		t.created[k]++
	}
}

// seat counts a row among the billable users.
func (t *tally) seat(i int) {
	r := t.r
	t.seats++
	t.seatKinds.add(r.flags[i])
	t.seatProviders[r.provider[i]]++
	t.seatRoles[t.level(i)]++
	t.seatRecency[RecencyOf(r.lastActivity[i], r.lastSignIn[i], t.env.Today, t.env.DormantDays)]++
	seen := r.seen(i)
	if !seen.Known() {
		return
	}
	quiet := max(0, t.env.Today.Sub(seen)) // a day ahead is a clock ahead, not another recency
	k := len(t.edges) - 1
	for t.edges[k].From > quiet {
		k--
	}
	t.seatQuiet[k]++
	t.offer(int32(i))
}

// quieter orders rows by the day they were last seen, then by id.
func (t *tally) quieter(a, b int32) int {
	return cmp.Or(cmp.Compare(t.r.seen(int(a)), t.r.seen(int(b))), cmp.Compare(a, b))
}

// offer keeps the row when it is among the quietest so far.
func (t *tally) offer(row int32) {
	if n := len(t.quietest); n == breakdownQuiet {
		if t.quieter(row, t.quietest[n-1]) > 0 {
			return
		}
		t.quietest = t.quietest[:n-1]
	}
	at, _ := slices.BinarySearchFunc(t.quietest, row, t.quieter)
	t.quietest = slices.Insert(t.quietest, at, row)
}
