package model

import "strings"

// maxQuery is how long a query may be, in bytes.
const maxQuery = 4096

// valueKind is what sort of values a key takes.
type valueKind uint8

const (
	valueNamed  valueKind = iota // one of a fixed set of names
	valueOpen                    // any text
	valueNumber                  // an account id
	valueDate                    // dates and days, or one of the names
	valueDays                    // days, or one of the names
)

// queryKeySpec is what the language knows about a key.
type queryKeySpec struct {
	key     QueryKey
	kind    valueKind
	names   []string          // canonical
	aliases map[string]string // other spellings of a name
	example string
}

// The words for unknown values, so that they can be asked for by name.
const (
	wordNone    = "none"
	wordNever   = "never"
	wordUnknown = "unknown"
)

var (
	yesNo        = []string{"yes", "no"}
	yesNoAliases = map[string]string{"true": "yes", "false": "no", "y": "yes", "n": "no", "on": "yes", "off": "no"}
)

// queryKeys is every key, in the order completion offers them.
func queryKeys() []queryKeySpec {
	return []queryKeySpec{
		{QueryState, valueNamed, stateWords(), stateAliases, "state:blocked"},
		{QueryBillable, valueNamed, append(yesNo[:2:2], wordUnknown), yesNoAliases, "billable:yes"},
		{QueryRecency, valueNamed, recencyNames[:], nil, "recency:dormant"},
		{QueryIdle, valueDays, []string{wordNever}, nil, "idle:>90d"},
		{QueryCreated, valueDate, []string{wordUnknown}, nil, "created:>=2026-01"},
		{QuerySignedIn, valueDate, []string{wordNever}, nil, "signed-in:<2026-01-31"},
		{QueryKind, valueNamed, []string{"human", "bot"}, map[string]string{"humans": "human", "bots": "bot"}, "kind:human"},
		{QueryRole, valueNamed, roleWords(), roleAliases, "role:developer"},
		{QueryAdmin, valueNamed, yesNo, yesNoAliases, "admin:yes"},
		{QueryExternal, valueNamed, yesNo, yesNoAliases, "external:no"},
		{Query2FA, valueNamed, yesNo, yesNoAliases, "2fa:no"},
		{QueryProvider, valueOpen, nil, nil, "provider:ldapmain"},
		{QueryDomain, valueOpen, nil, nil, "domain:example.com"},
		{QueryWhy, valueNamed, whyWords(), nil, "why:" + whyWords()[0]},
		{QueryID, valueNumber, nil, nil, "id:42"},
	}
}

// stateQueryWords are the states by the names of the language.
var stateQueryWords = [...]string{
	StateOther: wordUnknown, StateActive: "active", StateBlocked: "blocked", StateLDAPBlocked: "ldap_blocked",
	StateDeactivated: "deactivated", StatePending: "pending", StateBanned: "banned",
}

var stateAliases = map[string]string{
	"blocked_pending_approval": "pending", "waiting": "pending", "ldap-blocked": "ldap_blocked", "ldap": "ldap_blocked",
	"inactive": "deactivated",
}

func stateWords() []string { return append(stateQueryWords[1:], stateQueryWords[0]) }

// roleQueryWords are the roles by the names of the language.
var roleQueryWords = map[string]Role{
	wordNone: RoleNone, "minimal": RoleMinimal, "guest": RoleGuest, "planner": RolePlanner, "reporter": RoleReporter,
	"developer": RoleDeveloper, "maintainer": RoleMaintainer, "owner": RoleOwner, wordUnknown: RoleUnknown,
}

var roleAliases = map[string]string{"minimal_access": "minimal", "minimal-access": "minimal"}

// RoleNamed reads the name of a role as a person or GitLab writes it:
// "developer", "Minimal Access", "MINIMAL_ACCESS"; "none" is no role at all.
func RoleNamed(name string) (Role, bool) {
	name = strings.ReplaceAll(fold(name), " ", "_")
	if other, ok := roleAliases[name]; ok {
		name = other
	}
	role, ok := roleQueryWords[name]
	return role, ok && role != RoleUnknown
}

// Word returns the name of the role as filters write it and [RoleNamed] reads
// it: "developer", "none"; unknown for a role that is.
func (r Role) Word() Opt[string] {
	for word, role := range roleQueryWords {
		if role == r && r != RoleUnknown {
			return Some(word)
		}
	}
	return None[string]()
}

// RoleNames are the names that [RoleNamed] reads, the lowest role first.
func RoleNames() []string { return roleWords()[:len(roleQueryWords)-1] }

func roleWords() []string {
	return []string{wordNone, "minimal", "guest", "planner", "reporter", "developer", "maintainer", "owner", wordUnknown}
}

// whyWords are the ids of the rules that decide about seats.
func whyWords() []string {
	rules := SeatRules()
	words := make([]string, len(rules))
	for i, r := range rules {
		words[i] = fold(r.ID)
	}
	return words
}

// queryKeyNamed finds a key by its lower-cased name.
func queryKeyNamed(name string) (queryKeySpec, bool) {
	for _, k := range queryKeys() {
		if string(k.key) == name {
			return k, true
		}
	}
	return queryKeySpec{}, false
}

func queryKeyNames() []string {
	keys := queryKeys()
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = string(k.key)
	}
	return names
}

// takes says in words what values the key takes.
func (k queryKeySpec) takes() string {
	names := strings.Join(k.names, ", ")
	switch k.kind {
	case valueDate:
		return string(k.key) + " takes a date or days, such as 2026-03, >=2026-03-31, <90d, or " + names
	case valueDays:
		return string(k.key) + " takes days, such as >90d, or " + names
	case valueNumber:
		return string(k.key) + " takes an account id, such as 42"
	case valueOpen:
		return string(k.key) + " takes a name, such as " + k.example
	}
	return string(k.key) + " takes " + names
}
