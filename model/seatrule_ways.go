package model

import "fmt"

// SeatWay is one way to free the seat of an account, cheapest first.
type SeatWay struct {
	Verb    string    `json:"verb"`    // deactivate, lower the roles, block
	Text    string    `json:"text"`    // what it takes and how long it lasts
	Allowed Opt[bool] `json:"allowed"` // whether GitLab would accept it today; unknown = it depends on what a list does not hold
}

// WaysToFree returns how the seat of an account could be freed, the change that
// takes least from the person first; nil for an account that takes none.
// dormant is the instance's dormancy period in days: GitLab refuses to
// deactivate somebody seen within it (contract §5.4).
func WaysToFree(a Account, ctx SeatContext, today Day, dormant int) []SeatWay {
	v := SeatOf(a, ctx)
	if !v.Counted().Or(false) || a.State != StateActive || a.Is(FlagBot) {
		return nil
	}
	ways := []SeatWay{deactivation(a, today, dormant)}
	switch {
	case ctx.Plan.IsUltimate():
		ways = append(ways, SeatWay{"lower roles", "Guest or Minimal Access in every group and project", None[bool]()})
	case ctx.Version.AtLeast(18, 9) && ctx.Plan != "":
		ways = append(ways, SeatWay{"lower roles", "Minimal Access alone, in groups only", None[bool]()})
	}
	return append(ways, SeatWay{"block", "stays until somebody unblocks the account", Some(true)})
}

func deactivation(a Account, today Day, dormant int) SeatWay {
	w := SeatWay{Verb: "deactivate"}
	switch {
	case !a.LastActivity.Known():
		w.Text = "allowed for accounts without activity; undone by the next sign-in"
	case today.Sub(a.LastActivity) >= dormant:
		w.Text = fmt.Sprintf("allowed, %s quiet; undone by the next sign-in", inDays(today.Sub(a.LastActivity)))
		w.Allowed = Some(true)
	default:
		w.Text = fmt.Sprintf("refused before %s without activity; that is %s", inDays(dormant), a.LastActivity.Add(dormant))
		w.Allowed = Some(false)
	}
	return w
}

func inDays(n int) string {
	if n == 1 {
		return "1 day"
	}
	return Thousands(int64(n)) + " days"
}
