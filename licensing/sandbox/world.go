package sandbox

import (
	"fmt"
	"slices"
	"sort"
	"time"
)

// The number of accounts an instance may have. Below the lower bound there is
// no room for one of each kind; the upper one keeps memory in bounds.
const (
	minUsers = 40
	maxUsers = 2_000_000
)

func errUserCount(n int) error {
	return fmt.Errorf("sandbox: %d accounts: give a number from %d to %d", n, minUsers, maxUsers)
}

// state is an account's state, worded as the API words it.
type state uint8

const (
	active state = iota
	blocked
	ldapBlocked
	deactivated
	pendingApproval
	banned
)

var stateNames = [...]string{"active", "blocked", "ldap_blocked", "deactivated", "blocked_pending_approval", "banned"}

func (s state) String() string { return stateNames[s] }

// isBlocked reports whether GitLab's own question "is this user blocked?" is
// answered with yes: all states in which an administrator or LDAP bars the way.
func (s state) isBlocked() bool {
	return s == blocked || s == ldapBlocked || s == pendingApproval || s == banned
}

// kind is what sort of account it is: a person or one of the bots.
type kind uint8

const (
	human kind = iota
	projectBot
	serviceAccount
	ghost
	supportBot
	alertBot
	securityBot
	duoReviewBot
	placeholder
	importUser
)

var kindNames = [...]string{
	"human", "project_bot", "service_account", "ghost", "support_bot", "alert_bot",
	"security_bot", "duo_code_review_bot", "placeholder", "import_user",
}

func (k kind) String() string { return kindNames[k] }

// isInternal: accounts GitLab makes for itself. Project bots and service
// accounts are bots, but not internal ones (contract §6.1).
func (k kind) isInternal() bool { return k >= ghost }

// isBot: what the API's "bot" member says. Ghost, placeholder and import users
// are internal but no bots.
func (k kind) isBot() bool {
	switch k {
	case human, ghost, placeholder, importUser:
		return false
	}
	return true
}

// flag is a fact about an account that fits in one bit.
type flag uint16

const (
	flagAdmin flag = 1 << iota
	flagAuditor
	flagExternal
	flagTwoFactor
	flagPrivate
	flagLDAP
	flagSAML
	flagUnconfirmed
	flagNote
	flagPublicEmail
	flagLocked
	flagGone // rejected: the account no longer exists
)

// account is one account, packed: two million of them must fit.
type account struct {
	created  int64  // Unix milliseconds; never falls as the id grows
	id       uint32 // grows with the position; ids have gaps
	signIn   uint32 // Unix seconds of the newest sign-in; 0 is never
	members  uint32 // position of the first membership
	activity uint16 // days since 1970 of the newest activity; 0 is none
	given    uint16 // position in the list of given names; of bot names for bots
	family   uint16
	flags    flag
	count    uint8 // memberships
	again    uint8 // how often this pair of names was used before
	state    state
	kind     kind
}

func (a *account) has(f flag) bool { return a.flags&f != 0 }

// membership is one row of "who may do what where".
type membership struct {
	source uint32 // a group up to world.groups, a project above
	level  uint8  // 5, 10, 15, 20, 30, 40, 50
	flags  memberFlag
}

type memberFlag uint8

const (
	memberRequest  memberFlag = 1 << iota // asked for access; not granted
	memberElevated                        // a custom role that occupies a seat
)

// Access levels, as the API numbers them.
const (
	minimalAccess = 5
	guest         = 10
	planner       = 15
	reporter      = 20
	developer     = 30
	maintainer    = 40
	owner         = 50
)

// world is the crowd: who exists and who belongs where. It knows nothing of
// licences; the seat rules read it.
type world struct {
	names    *names
	accounts []account // by ascending id
	members  []membership
	groups   int // group ids are 1..groups
	projects int // project ids are 1..projects

	live     int                // accounts that still exist
	revision int                // grows with every change of state or existence
	orders   map[string][]int32 // positions in the order of a text, made when asked for
}

// at finds an account by id.
func (w *world) at(id int) (*account, bool) {
	if id <= 0 || id > int(^uint32(0)) {
		return nil, false
	}
	i := w.position(uint32(id))
	if i == len(w.accounts) || w.accounts[i].id != uint32(id) || w.accounts[i].has(flagGone) {
		return nil, false
	}
	return &w.accounts[i], true
}

// position is the place of the first account whose id is not below id.
func (w *world) position(id uint32) int {
	return sort.Search(len(w.accounts), func(i int) bool { return w.accounts[i].id >= id })
}

// membershipsOf gives an account's rows, requests included.
func (w *world) membershipsOf(a *account) []membership {
	return w.members[a.members : a.members+uint32(a.count)]
}

// setState changes an account's state.
func (w *world) setState(a *account, to state) {
	if a.state != to {
		a.state = to
		w.revision++
	}
}

// remove deletes an account, as a rejection does. Its place stays, so that
// cursors keep their meaning.
func (w *world) remove(a *account) {
	if !a.has(flagGone) {
		a.flags |= flagGone
		w.live--
		w.revision++
	}
}

// sourceName names a membership's group or project.
func (w *world) sourceName(m membership) (kind, name string, id int) {
	if int(m.source) <= w.groups {
		return "Namespace", w.names.numbered(w.names.groups, int(m.source)-1), int(m.source)
	}
	id = int(m.source) - w.groups
	return "Project", w.names.numbered(w.names.projects, id-1), id
}

// createdAt is the moment an account was made.
func (a *account) createdAt() time.Time { return time.UnixMilli(a.created).UTC() }

// activeOn is the day of the newest activity, if there was any.
func (a *account) activeOn() (time.Time, bool) {
	if a.activity == 0 {
		return time.Time{}, false
	}
	return time.Unix(int64(a.activity)*86400, 0).UTC(), true
}

// updatedAt stands in for a row's change time: the newest thing that happened.
func (a *account) updatedAt() int64 { return max(a.created, int64(a.signIn)*1000) }

// order gives the positions of all accounts in the ascending order of a text.
// It is made once: names never change.
func (w *world) order(by string) []int32 {
	if o, ok := w.orders[by]; ok {
		return o
	}
	keys := make([]string, len(w.accounts))
	order := make([]int32, len(w.accounts))
	var buf []byte
	for i := range w.accounts {
		buf = w.appendSortKey(buf[:0], &w.accounts[i], by)
		keys[i], order[i] = string(buf), int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		if keys[a] != keys[b] {
			if keys[a] < keys[b] {
				return -1
			}
			return 1
		}
		return int(a - b)
	})
	if w.orders == nil {
		w.orders = map[string][]int32{}
	}
	w.orders[by] = order
	return order
}

// appendSortKey appends what an account is ordered by. Numbers become text of
// one width, so that every order compares alike.
func (w *world) appendSortKey(b []byte, a *account, by string) []byte {
	switch by {
	case "name":
		return w.names.appendName(b, a)
	case "username":
		return w.names.appendUsername(b, a)
	case "created_at":
		return fmt.Appendf(b, "%015d", a.created)
	case "updated_at":
		return fmt.Appendf(b, "%015d", a.updatedAt())
	}
	return fmt.Appendf(b, "%010d", a.id)
}
