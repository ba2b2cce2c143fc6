package words

import (
	"fmt"

	"seatdeck/model"
)

// CountCause is why two counts of users differ, where nothing else needs to be
// said; "" elsewhere.
func CountCause(c model.GapCause) string {
	switch c {
	case model.GapDaily:
		return "the count is taken once a day, the list is of now"
	case model.GapActive:
		return "bots take no seat and, on some plans, neither do guests and those without a role"
	case model.GapMoment:
		return "bots of GitLab's own, or another moment"
	}
	return ""
}

// Step names a step from all accounts to the billable ones. counted is false
// where no licence counts anybody: then the people who are left are no doubt,
// they are who they are.
func Step(s model.StepName, counted bool) string {
	switch s {
	case model.StepLDAPBlocked:
		return "blocked by LDAP"
	case model.StepPending:
		return "waiting for approval"
	case model.StepOtherState:
		return "in a state unknown here"
	case model.StepBot:
		return "bots and services"
	case model.StepRole:
		return "no seat by role"
	case model.StepUnknown:
		if !counted {
			return "active people"
		}
		return "nobody can say"
	}
	return string(s)
}

// NoSeats is why there is no number of billable users without a licence.
const NoSeats = "without a licence nobody takes a seat"

// KeptOut names accounts in any state that keeps a person out: blocked, by LDAP
// too, waiting for approval, or banned. Blocked alone is one of them.
const KeptOut = "kept out"

// CountGap says in one sentence why two counts of users are not one number, or
// about how many accounts there is doubt.
func CountGap(g model.CountGap) string {
	a, b, why := Int(g.A), Int(g.B), CountCause(g.Cause)
	switch g.Cause {
	case model.GapUnlicensed:
		return "Without a licence the instance counts nobody as billable, so there is no such number."
	case model.GapDaily:
		return fmt.Sprintf("Billable users (%s) and the flags in the list (%s) differ by %s: %s.", a, b, Signed(g.B-g.A), why)
	case model.GapCached:
		return fmt.Sprintf("Billable users (%s) and active_users of the licence (%s) are one count: REST answers from a cache.", a, b)
	case model.GapFlags:
		return fmt.Sprintf("Flags (%s) and rules (%s) differ by %s: the instance counts by its flags.", a, b, Signed(g.B-g.A))
	case model.GapDisagree:
		return fmt.Sprintf("For %s the rule and GitLab's flag say different things: seatdeck users why names both; the instance counts by the flag.", Accounts(g.A))
	case model.GapUndecided:
		return fmt.Sprintf("For %s the rules alone cannot tell: the deciding role is not in the list, so GitLab's flag stands.", Accounts(g.A))
	case model.GapPeak:
		return fmt.Sprintf("The maximum (%s) is %s above today's billable users: freeing seats does not lower it before renewal.", a, Int(g.A-g.B))
	case model.GapSeats:
		if g.B > g.A {
			return fmt.Sprintf("Billable users (%s) are %s more than the seats in subscription (%s).", b, Int(g.B-g.A), a)
		}
		return fmt.Sprintf("Of the seats in subscription (%s), %s are free today.", a, Int(g.A-g.B))
	case model.GapActive:
		return fmt.Sprintf("Active accounts (%s) are not billable users (%s): %s.", a, b, why)
	case model.GapInactive:
		return fmt.Sprintf("Of all accounts (%s), %s are blocked, deactivated, banned or waiting for approval.", a, Int(g.A-g.B))
	case model.GapMoment:
		return fmt.Sprintf("The statistics count %s active users and the list %s: %s.", a, b, why)
	case model.GapEstimate:
		return fmt.Sprintf("The statistics (%s) estimate what the list counts (%s).", a, b)
	}
	return "Two counts differ."
}
