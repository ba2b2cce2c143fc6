package model

import "slices"

// UserCount is one number of users that somebody might quote, with what exactly
// it counts and where it is from.
type UserCount struct {
	Key        string   `json:"key"` // stable
	Title      string   `json:"title"`
	Value      Opt[int] `json:"value"`
	Estimate   bool     `json:"estimate"`
	Definition string   `json:"definition"`
	AsOf       AsOf     `json:"-"`
}

// UserCounts is every number of users there is, and what stands between them.
type UserCounts struct {
	Counts []UserCount
	Tally  SeatTally  // what flags and rules say of each account
	Gaps   []CountGap // one for each difference, and each doubt
}

// Of returns the value of the count with the key, unknown without one.
func (c *UserCounts) Of(key string) Opt[int] { return c.find(key).Value }

// At returns the age of the count with the key.
func (c *UserCounts) At(key string) AsOf { return c.find(key).AsOf }

//go:noinline
func (c *UserCounts) find(key string) (u UserCount) {
	if i := slices.IndexFunc(c.Counts, func(u UserCount) bool { return u.Key == key }); i >= 0 {
		u = c.Counts[i]
	}
	return u
}

// The keys of counts that are compared.
const (
	CountSeats         = "seats_in_subscription"
	CountBillable      = "billable_users"
	CountLicenseActive = "licence_active_users"
	CountMaximum       = "maximum_users"
	CountByFlag        = "billable_by_flag"
	CountByRule        = "billable_by_rule"
	CountAccounts      = "accounts"
	CountEstimate      = "users_estimate"
	CountActive        = "state_active"
	CountActiveUsers   = "active_users"
)

// UserCountsOf lists every number of users that is known of an instance, those
// of the subscription first. r must hold every account and be the roster that
// the breakdown in f counts.
func UserCountsOf(f *Facts, r *Roster, env QueryEnv) UserCounts {
	seats := env.Seats
	if seats == nil {
		seats = NewSeating(r, SeatContextOf(f), nil)
	}
	c := UserCounts{Tally: TallyOf(seats)}
	c.Counts = append(subscriptionCounts(f), listCounts(f, r, BreakdownOf(r, env), c.Tally, ruledAt(r, seats))...)
	c.Gaps = c.gaps(f)
	return c
}

func subscriptionCounts(f *Facts) []UserCount {
	l, counted, st := f.License.Value, f.CountedAt(), f.Statistics
	return []UserCount{
		{CountSeats, "seats in subscription", l.Seats, false, "seats the licence was sold with", f.License.AsOf},
		{CountBillable, "billable users", l.Daily, false, "the instance's own count, taken once a day; this is what a sync sends", counted},
		{CountLicenseActive, "active_users of the licence", l.Active, false, "the REST name of the same daily count; not the accounts in state active", counted},
		{CountMaximum, "maximum users", l.Maximum, false, "the highest daily count of the term; renewal is charged by it", counted},
		{"users_over_now", "users over now", l.OverNow, false, "billable users above the seats, today", counted},
		{"users_over_subscription", "users over subscription", l.OverPeak, false, "the maximum above the seats, owed at renewal", counted},
		{CountEstimate, "users in statistics", st.Value.Users, true, "the database's own estimate of all accounts", st.AsOf},
		{CountActiveUsers, "active_users in statistics", st.Value.ActiveUsers, false, "accounts in state active, bots and guests too; not the billable count", st.AsOf},
	}
}

// CountedAt is when the daily count was taken, as far as that is told; of a
// licence without one, when it was read. Whatever follows from the count is as
// old: the maximum, and what is over the seats.
func (f *Facts) CountedAt() AsOf {
	if at := f.License.Value.DailyAt; at.Source != "" {
		return at
	}
	return f.License.AsOf
}

// ruledAt is how old what the rules go by is: the older of the accounts and the
// roles that were read of them.
func ruledAt(r *Roster, seats *Seating) AsOf {
	if at := seats.Roles.AsOf; seats.Roles.Known() && at.At.Before(r.AsOf().At) {
		return at
	}
	return r.AsOf()
}

func listCounts(f *Facts, r *Roster, b Breakdown, t SeatTally, ruled AsOf) []UserCount {
	at := r.AsOf()
	out := []UserCount{
		{CountByFlag, "billable by flag", t.ByFlag(), false, "accounts that GitLab marks as using a seat, counted in the list", at},
		{CountByRule, "billable by rule", t.ByRule(), false, "accounts that take a seat by the documented rules alone; unknown where a role decides that lists do not show", ruled},
		{CountAccounts, "accounts", Some(b.Accounts), false, "everybody in the list, bots and blocked ones too", at},
	}
	for _, s := range b.States {
		title := "accounts " + ParseState(s.State).Title()
		if s.State == StateOther.String() {
			title = "accounts in an unknown state"
		}
		out = append(out, UserCount{"state_" + s.State, title, Some(s.Accounts), false, "accounts in this state, bots too", at})
	}
	waiting := UserCount{"waiting_promotions", "waiting for a billable role", None[int](), false, "people whose promotion somebody must approve", f.Promotions.AsOf}
	if f.Promotions.Known() {
		waiting.Value = Some(len(f.Promotions.Value))
	}
	return append(out,
		UserCount{"humans", "people", Some(b.Kinds.Humans), false, "accounts that are no bots, in any state", at},
		UserCount{"bots", "bots", Some(b.Kinds.Bots), false, "bots, service accounts and internal accounts, in any state", at},
		waiting,
	)
}

// GapCause is why two counts are not one number.
type GapCause string

// The causes. Those of doubt have a number of accounts only.
const (
	GapUnlicensed GapCause = "unlicensed" // nobody is counted
	GapDaily      GapCause = "daily"      // counted once a day against listed now
	GapCached     GapCause = "cached"     // REST answers from a cache
	GapFlags      GapCause = "flags"      // flags against rules
	GapDisagree   GapCause = "disagree"   // accounts about which flag and rule differ
	GapUndecided  GapCause = "undecided"  // accounts whose role is not in the list
	GapPeak       GapCause = "peak"       // the maximum against today
	GapSeats      GapCause = "seats"      // seats against billable users
	GapActive     GapCause = "active"     // active accounts against billable users
	GapInactive   GapCause = "inactive"   // all accounts against active ones
	GapMoment     GapCause = "moment"     // statistics against the list, read at different moments
	GapEstimate   GapCause = "estimate"   // an estimate against a count
)

// CountGap is one difference: A of the first count, B of the second.
type CountGap struct {
	Cause GapCause `json:"cause"`
	A     int      `json:"a"`
	B     int      `json:"b"`
}

// gaps finds the differences.
func (c *UserCounts) gaps(f *Facts) []CountGap {
	if f.License.Known() && !f.License.Value.Present() {
		return []CountGap{{Cause: GapUnlicensed}}
	}
	var out []CountGap
	between := func(cause GapCause, a, b string) {
		x, okX := c.Of(a).Get()
		y, okY := c.Of(b).Get()
		if okX && okY && x != y {
			out = append(out, CountGap{cause, x, y})
		}
	}
	doubt := func(cause GapCause, n int) {
		if n > 0 {
			out = append(out, CountGap{cause, n, 0})
		}
	}
	between(GapDaily, CountBillable, CountByFlag)
	between(GapCached, CountBillable, CountLicenseActive)
	between(GapFlags, CountByFlag, CountByRule)
	doubt(GapDisagree, c.Tally.Disagree)
	doubt(GapUndecided, c.Tally.Undecided)
	between(GapPeak, CountMaximum, CountBillable)
	between(GapSeats, CountSeats, CountBillable)
	between(GapActive, CountActive, CountByFlag)
	between(GapInactive, CountAccounts, CountActive)
	between(GapMoment, CountActiveUsers, CountActive)
	between(GapEstimate, CountEstimate, CountAccounts)
	return out
}
