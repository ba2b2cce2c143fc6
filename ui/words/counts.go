package words

import (
	"fmt"

	"seatdeck/model"
)

// CountGap says in one sentence why two counts of users are not one number, or
// about how many accounts there is doubt.
func CountGap(g model.CountGap) string {
	a, b := Int(g.A), Int(g.B)
	switch g.Cause {
	case model.GapUnlicensed:
		return "Without a licence the instance counts nobody as billable, so there is no such number."
	case model.GapDaily:
		return fmt.Sprintf("Billable users (%s) and the flags in the list (%s) differ by %s: the count is taken once a day, the list is of now.", a, b, Signed(g.B-g.A))
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
		return fmt.Sprintf("Active accounts (%s) are not billable users (%s): bots take no seat and, on some plans, neither do guests and those without a role.", a, b)
	case model.GapInactive:
		return fmt.Sprintf("Of all accounts (%s), %s are blocked, deactivated, banned or waiting for approval.", a, Int(g.A-g.B))
	case model.GapMoment:
		return fmt.Sprintf("The statistics count %s active users and the list %s: bots of GitLab's own, or another moment.", a, b)
	case model.GapEstimate:
		return fmt.Sprintf("The statistics (%s) estimate what the list counts (%s).", a, b)
	}
	return "Two counts differ."
}
