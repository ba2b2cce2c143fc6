package model

// Breakdown counts the accounts of one roster in every way the screens show.
// It is small and kept beside the facts, so that a first frame needs no roster.
//
// Accounts and billable users are two populations: numbers outside Seats count
// accounts, numbers inside Seats count billable users only.
type Breakdown struct {
	Today       Day  `json:"today"`        // the day ages were counted from
	DormantDays int  `json:"dormant_days"` // the instance's dormancy period
	Complete    bool `json:"complete"`     // false: the roster was partial, numbers are lower bounds

	Accounts int          `json:"accounts"`
	States   []StateCount `json:"states"` // every state of contract §5.1, zeros too
	Kinds    KindCounts   `json:"kinds"`

	// Billable is unknown when the verdict of no account is known, as on an
	// instance without a licence.
	Billable Opt[int] `json:"billable_users"`
	// Waterfall leads from Accounts to Billable: Accounts minus every step is
	// Billable (or 0 when that is unknown). Each account is in one step at most.
	Waterfall []WaterfallStep    `json:"waterfall"`
	Seats     Opt[SeatBreakdown] `json:"among_billable"` // known when Billable is

	Recency RecencyCounts `json:"recency"` // of all accounts in state active that are no bots
	// Clocks counts the same accounts by each clock alone; unknown in what an
	// older version of this program kept.
	Clocks    []ClockCount  `json:"clocks,omitempty"`
	Providers NameCounts    `json:"identity_providers"`
	Domains   NameCounts    `json:"email_domains"`
	Created   CreatedCounts `json:"created"`

	// Roles counts by highest role; unknown as long as nobody read roles on the
	// GitLab server. Accounts made since have none.
	Roles Opt[RoleCounts] `json:"highest_roles,omitzero"`
}

// RoleCounts counts by highest role. It is as old as the roles, which may be
// another moment than that of the accounts.
type RoleCounts struct {
	AsOf   AsOf        `json:"read"`
	Counts []RoleCount `json:"counts"` // every role, zeros too, the lowest first
	Other  int         `json:"unknown"`
}

// RoleCount is how many have a role as their highest.
type RoleCount struct {
	Role  Role `json:"access_level"` // GitLab's number; 0 is no membership
	Count int  `json:"count"`
}

// StateCount is how many accounts are in a state; State is GitLab's own name.
type StateCount struct {
	State    string `json:"state"`
	Accounts int    `json:"accounts"`
}

// KindCounts counts properties of accounts. They overlap, except Humans and
// Bots, which add up.
type KindCounts struct {
	Humans     int `json:"humans"`
	Bots       int `json:"bots"`
	Admins     int `json:"administrators"`
	Auditors   int `json:"auditors"`
	External   int `json:"external"`
	Without2FA int `json:"without_2fa"`
	Locked     int `json:"locked"`
}

// StepName names a step of the waterfall.
type StepName string

// The steps, in the order they are taken. An account that is billable by its
// verdict is in none of them, whatever its state.
const (
	StepBlocked     StepName = "blocked"
	StepLDAPBlocked StepName = "ldap_blocked"
	StepPending     StepName = "blocked_pending_approval"
	StepBanned      StepName = "banned"
	StepDeactivated StepName = "deactivated"
	StepOtherState  StepName = "other_state"
	StepBot         StepName = "bot"
	StepRole        StepName = "not_billable_by_role" // guest, minimal access or no role, by plan
	StepUnknown     StepName = "unknown"              // nobody can say whether these are billable
)

// WaterfallStep is one thing that takes accounts away from the billable ones.
type WaterfallStep struct {
	Step     StepName `json:"step"`
	Accounts int      `json:"accounts"`
}

// RecencyCounts counts by [Recency].
type RecencyCounts struct {
	Recent  int `json:"recent"`
	Idle    int `json:"idle"`
	Dormant int `json:"dormant"`
	Never   int `json:"never"`
}

// Clock is one of the times of people that are often taken for each other.
type Clock string

// The clocks. GitLab deactivates by the last activity and, where there was none,
// by the day created (contract §5.4, §6.6).
const (
	ClockActivity Clock = "last_activity"
	ClockSignIn   Clock = "last_sign_in"
	ClockCreated  Clock = "created"
)

// ClockCount counts by one clock. Those it never showed anything of are in its
// Never.
type ClockCount struct {
	Clock Clock `json:"clock"`
	RecencyCounts
}

// Of returns one of the counts.
func (c RecencyCounts) Of(r Recency) int {
	return [...]int{RecencyNever: c.Never, RecencyRecent: c.Recent, RecencyIdle: c.Idle, RecencyDormant: c.Dormant}[r]
}

// SeatBreakdown counts the billable users only.
type SeatBreakdown struct {
	Recency   RecencyCounts   `json:"recency"`
	Quiet     []QuietBucket   `json:"quiet_days"` // ascending; never seen is not among them but in Recency.Never
	Kinds     KindCounts      `json:"kinds"`
	Providers NameCounts      `json:"identity_providers"`
	Domains   NameCounts      `json:"email_domains"`
	Roles     Opt[RoleCounts] `json:"highest_roles,omitzero"` // see [Breakdown.Roles]
	Quietest  []QuietUser     `json:"quietest"`               // the ten seen longest ago; those never seen are not among them
}

// QuietBucket counts billable users by days since they were last seen.
type QuietBucket struct {
	From     int      `json:"from_days"`
	To       Opt[int] `json:"to_days"` // inclusive; unknown = no end
	Recency  string   `json:"recency"` // the recency all of it belongs to
	Billable int      `json:"billable_users"`
}

// NameCounts is the largest groups by name, and what is beside them. An empty
// name stands for accounts without one.
type NameCounts struct {
	Top   []NameCount `json:"top"`   // largest first
	Rest  int         `json:"rest"`  // accounts in smaller groups
	Names int         `json:"names"` // how many groups there are in all
}

// NameCount is one group.
type NameCount struct {
	Name  Text `json:"name"`
	Count int  `json:"count"`
}

// CreatedCounts counts accounts that still exist by the month they were made.
type CreatedCounts struct {
	Months  []MonthCount `json:"months"`  // the last 24, oldest first, this month last
	Earlier int          `json:"earlier"` // before the first of them
	Later   int          `json:"later"`   // after the last: a clock is wrong somewhere
	Unknown int          `json:"unknown"`
}

// MonthCount is one month; First is its first day.
type MonthCount struct {
	First    Day `json:"month"`
	Accounts int `json:"accounts"`
}

// QuietUser is a billable user who was last seen long ago.
type QuietUser struct {
	ID       int64 `json:"id"`
	Username Text  `json:"username"`
	Name     Text  `json:"name"`
	Seen     Day   `json:"last_seen"` // last activity, else last sign-in
}
