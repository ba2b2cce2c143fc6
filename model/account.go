package model

// State is GitLab's state of an account (contract §5.1). It says nothing about
// how recently the person was seen: that is [Recency].
type State uint8

// The states. StateOther is one this program does not know: no rule says
// anything about such an account, and its state is shown as unknown.
const (
	StateOther State = iota
	StateActive
	StateBlocked
	StateLDAPBlocked
	StateDeactivated
	StatePending
	StateBanned
)

var stateNames = [...]string{"unknown", "active", "blocked", "ldap_blocked", "deactivated", "blocked_pending_approval", "banned"}

// String returns GitLab's own name of the state.
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return stateNames[0]
}

// Title returns the state in plain words.
func (s State) Title() string {
	switch s {
	case StateLDAPBlocked:
		return "blocked by LDAP"
	case StatePending:
		return "waiting for approval"
	}
	return s.String()
}

// ParseState reads GitLab's name of a state.
func ParseState(s string) State {
	for i, n := range stateNames {
		if n == s && i > 0 {
			return State(i)
		}
	}
	return StateOther
}

// Flags are the yes/no facts of an account, packed. For each fact that may be
// unreadable there is a second bit saying that it is known.
type Flags uint16

// The flags. FlagSeat is GitLab's own using_license_seat; FlagSeatKnown tells
// that the instance sent it (EE only).
const (
	FlagBot Flags = 1 << iota
	FlagAdmin
	FlagExternal
	FlagAuditor
	FlagLocked
	Flag2FA
	FlagSeat
	FlagSeatKnown
	FlagUnconfirmed
	FlagPrivate
)

// Role is the highest access level of an account, in GitLab's own numbers
// (contract §6.1). RoleUnknown is the normal case: lists do not carry roles.
type Role uint8

// The roles.
const (
	RoleNone       Role = 0
	RoleMinimal    Role = 5
	RoleGuest      Role = 10
	RolePlanner    Role = 15
	RoleReporter   Role = 20
	RoleDeveloper  Role = 30
	RoleMaintainer Role = 40
	RoleOwner      Role = 50
	RoleUnknown    Role = 255
)

// String returns the role's name.
func (r Role) String() string {
	switch r {
	case RoleNone:
		return "no role"
	case RoleMinimal:
		return "Minimal Access"
	case RoleGuest:
		return "Guest"
	case RolePlanner:
		return "Planner"
	case RoleReporter:
		return "Reporter"
	case RoleDeveloper:
		return "Developer"
	case RoleMaintainer:
		return "Maintainer"
	case RoleOwner:
		return "Owner"
	case RoleUnknown:
		return "–"
	}
	return "unknown role"
}

// Account is one row of a roster: the allow-list of what is kept of a user.
// No IP addresses; the note only when the profile asks for it.
type Account struct {
	ID           int64 `json:"id"`
	Username     Text  `json:"username"`
	Name         Text  `json:"name"`
	Email        Text  `json:"email"`
	State        State `json:"-"`
	Flags        Flags `json:"-"`
	Created      Day   `json:"created_at"`
	LastActivity Day   `json:"last_activity_on"`
	LastSignIn   Day   `json:"last_sign_in_at"`
	Provider     Text  `json:"identity_provider"` // the first identity's provider, empty for none
}

// Is reports whether the flag is set.
func (a Account) Is(f Flags) bool { return a.Flags&f != 0 }

// SeatFlag returns GitLab's own using_license_seat, unknown where the instance
// does not send it.
func (a Account) SeatFlag() Opt[bool] {
	if !a.Is(FlagSeatKnown) {
		return None[bool]()
	}
	return Some(a.Is(FlagSeat))
}

// Membership is one direct membership of an account
// (GET /users/:id/memberships, contract §5.5).
type Membership struct {
	SourceID   int64 `json:"source_id"`
	SourceName Text  `json:"source_name"`
	SourceType Text  `json:"source_type"` // "Project" or "Namespace"
	Role       Role  `json:"access_level"`
}

// Recency is how recently an account was seen. It is a dimension of its own:
// an account in state active may well be dormant.
type Recency uint8

// The recencies (design §2).
const (
	RecencyNever   Recency = iota // never signed in and no activity
	RecencyRecent                 // seen within 30 days
	RecencyIdle                   // longer, but within the dormancy period
	RecencyDormant                // at least the instance's dormancy period
)

var recencyNames = [...]string{"never", "recent", "idle", "dormant"}

// String returns the recency's name as filters and screens use it.
func (r Recency) String() string {
	if int(r) < len(recencyNames) {
		return recencyNames[r]
	}
	return "unknown"
}

// IdleDays is how many days ago the account was last seen active, or else signed
// in; unknown for one that never was. A day ahead, of a clock ahead, is today.
func (a Account) IdleDays(today Day) Opt[int] {
	seen := a.LastActivity
	if !seen.Known() {
		seen = a.LastSignIn
	}
	if !seen.Known() {
		return None[int]()
	}
	return Some(max(today.Sub(seen), 0))
}

// RecentDays is how long ago an account may have been seen to count as recent.
const RecentDays = 30

// RecencyOf places an account by its newest sign of life: last activity, else
// last sign-in. dormant is the instance's period in days.
func RecencyOf(lastActivity, lastSignIn, today Day, dormant int) Recency {
	seen := lastActivity
	if !seen.Known() {
		seen = lastSignIn
	}
	if !seen.Known() {
		return RecencyNever
	}
	switch quiet := today.Sub(seen); {
	case quiet <= RecentDays:
		return RecencyRecent
	case quiet < dormant:
		return RecencyIdle
	}
	return RecencyDormant
}
