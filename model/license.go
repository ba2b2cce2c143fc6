package model

import "time"

// Plan is the plan of a licence, in lower case.
type Plan string

// The plans. Starter is sold as Premium today; its keys still report it
// (contract §1.2). PlanFree stands for an instance without a licence.
const (
	PlanFree     Plan = "free"
	PlanStarter  Plan = "starter"
	PlanPremium  Plan = "premium"
	PlanUltimate Plan = "ultimate"
)

// Title returns the plan as people write it.
func (p Plan) Title() string {
	switch p {
	case PlanUltimate, "gold":
		return "Ultimate"
	case PlanPremium, "silver":
		return "Premium"
	case PlanStarter, "bronze":
		return "Starter"
	case PlanFree:
		return "Free"
	case "":
		return "–"
	}
	return CleanN(string(p), 24).String()
}

// IsUltimate reports whether the seat rules of Ultimate apply (contract §6.1).
func (p Plan) IsUltimate() bool { return p == PlanUltimate || p == "gold" }

// Kind is how a licence reaches the instance (contract §2.2, §4.1).
type Kind string

// The kinds of licence.
const (
	KindNone         Kind = "none"
	KindOnlineCloud  Kind = "online_cloud"
	KindOfflineCloud Kind = "offline_cloud"
	KindLegacy       Kind = "legacy_license"
	// KindUnknown: there is a licence, but only REST could describe it, which
	// does not say how it came.
	KindUnknown Kind = "unknown"
)

// Title returns the kind as people say it.
func (k Kind) Title() string {
	switch k {
	case KindOnlineCloud:
		return "online cloud licence"
	case KindOfflineCloud:
		return "offline cloud licence"
	case KindLegacy:
		return "licence file"
	case KindNone:
		return "no licence"
	}
	return "kind unknown"
}

// License is the current licence with its counters. Kind tells whether there
// is one at all: with KindNone every other field is empty.
//
// The counters follow contract §1.3: D is a daily count, not a live one.
type License struct {
	Kind        Kind      `json:"kind"`
	RowID       Opt[int]  `json:"row_id"`  // id in REST; a database row, not the licence's own number
	Number      Text      `json:"number"`  // the licence's own number, from the GraphQL id; may be empty
	Plan        Plan      `json:"plan"`    // "" when there is no licence
	Name        Text      `json:"name"`    // licensee: person
	Company     Text      `json:"company"` // licensee: company
	Email       Text      `json:"email"`   // licensee: shown on request only
	Starts      Day       `json:"starts_at"`
	Ends        Day       `json:"expires_at"`       // expired from 00:00 of this day; unknown = no end
	Blocks      Day       `json:"block_changes_at"` // pushes stop from this day
	Activated   Day       `json:"activated_at"`
	Added       Day       `json:"created_at"` // when this key reached the instance
	Trial       Opt[bool] `json:"trial"`
	ExpiredFlag Opt[bool] `json:"expired"` // the instance's own word

	Seats    Opt[int] `json:"seats_in_subscription"` // S; unknown with NoLimit = no limit recorded
	NoLimit  bool     `json:"no_limit"`              // the licence records no number of seats
	Daily    Opt[int] `json:"billable_users"`        // D, the newest daily count
	Active   Opt[int] `json:"active_users"`          // D as REST words it, from an answer that may be a minute old (contract §1.2, §1.4)
	DailyAt  AsOf     `json:"billable_users_as_of"`  // when D was counted; a source without a time where that is not told
	Maximum  Opt[int] `json:"maximum_users"`         // M, the peak of the term
	PeakOn   Day      `json:"maximum_users_on"`      // day of the peak, from the daily rows
	OverNow  Opt[int] `json:"users_over_now"`        // REST overage: max(D−S, 0) while not expired
	OverPeak Opt[int] `json:"users_over_subscription"`

	LastSync Opt[time.Time] `json:"last_sync"`
	AddOnMap map[string]int `json:"add_ons_in_key,omitempty"` // very old licences only
}

// Present reports whether there is a licence.
func (l License) Present() bool { return l.Kind != KindNone && l.Kind != "" }

// DaysLeft returns the days until the licence ends, negative after the end;
// unknown without a licence or an end date.
func (l License) DaysLeft(now time.Time) Opt[int] {
	if !l.Present() || !l.Ends.Known() {
		return None[int]()
	}
	return Some(l.Ends.Sub(DayOf(now)))
}

// Expired reports whether the licence has ended. A licence is expired on its
// end date, by the server's own calendar (contract §4.4), so the instance's own
// word comes first. Only a "not expired" that the calendar has overtaken (more
// than a day, which no time zone explains) gives way to the date: it was read
// before the end.
func (l License) Expired(now time.Time) bool {
	if !l.Present() {
		return false
	}
	left, dated := l.DaysLeft(now).Get()
	if said, ok := l.ExpiredFlag.Get(); ok {
		return said || dated && left < -1
	}
	return dated && left <= 0
}

// Free returns the seats that are left, negative when over; unknown when
// either number is.
func (l License) Free() Opt[int] {
	s, okS := l.Seats.Get()
	d, okD := l.Daily.Get()
	if !okS || !okD {
		return None[int]()
	}
	return Some(s - d)
}

// SyncEligible reports whether the instance syncs this licence by itself, and
// why not (contract §3.1: a cloud licence, not offline, with an end date).
func (l License) SyncEligible() (bool, string) {
	switch {
	case !l.Present():
		return false, "no licence, no sync"
	case l.Kind == KindOfflineCloud:
		return false, "an offline licence never syncs; usage goes by file"
	case l.Kind == KindLegacy:
		return false, "a licence file never syncs"
	case l.Kind != KindOnlineCloud:
		return false, "the kind of licence could not be read"
	case !l.Ends.Known():
		return false, "a licence without an end date never syncs"
	}
	return true, ""
}

// NearLimit reports whether GitLab itself would call the limit near, by its
// own thresholds of remaining seats (contract §4.4).
func (l License) NearLimit() bool {
	s, okS := l.Seats.Get()
	free, okF := l.Free().Get()
	if !okS || !okF || free < 0 {
		return false
	}
	return free <= nearSeats(s)
}

func nearSeats(seats int) int {
	switch {
	case seats < 2:
		return -1
	case seats <= 15:
		return 1
	case seats <= 25:
		return 2
	case seats < 100:
		return seats * 10 / 100
	case seats < 1000:
		return seats * 8 / 100
	}
	return seats * 5 / 100
}

// Term is one licence row, past or present, or a term still to come.
type Term struct {
	Number  Text     `json:"number"`
	Plan    Plan     `json:"plan"`
	Kind    Kind     `json:"kind"`
	Name    Text     `json:"name"`
	Company Text     `json:"company"`
	Email   Text     `json:"email"`
	Starts  Day      `json:"starts_at"`
	Ends    Day      `json:"expires_at"`
	Blocks  Day      `json:"block_changes_at"`
	Added   Day      `json:"created_at"`
	Seats   Opt[int] `json:"seats_in_subscription"`
	NoLimit bool     `json:"no_limit"`
}

// AddOn is one active add-on purchase (contract §2.6).
type AddOn struct {
	Name      Text `json:"name"` // as GitLab names it, upper case: DUO_ENTERPRISE
	Purchased int  `json:"purchased_seats"`
	Assigned  int  `json:"assigned_seats"`
}

// Promotion is one person waiting for a billable role (contract §2.7).
type Promotion struct {
	UserID   int64 `json:"user_id"`
	Username Text  `json:"username"`
	Name     Text  `json:"name"`
	Role     Text  `json:"role"`
}
