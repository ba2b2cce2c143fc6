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
	if text := ctx.lowering(); text != "" {
		ways = append(ways, SeatWay{"lower roles", text, None[bool]()})
	}
	if ctx.itself(a) {
		return append(ways, SeatWay{"block", "refused: GitLab does not let an account block itself", Some(false)})
	}
	return append(ways, SeatWay{"block", "stays until somebody unblocks the account", Some(true)})
}

// itself reports whether the account is the one whose token is used, which
// GitLab does not let block itself (contract §5.4).
func (ctx SeatContext) itself(a Account) bool { return ctx.Self != 0 && a.ID == ctx.Self }

// CheapestWay returns the first of the ways that GitLab would not refuse today.
func CheapestWay(ways []SeatWay) (SeatWay, bool) {
	for _, w := range ways {
		if w.Allowed.Or(true) {
			return w, true
		}
	}
	return SeatWay{}, false
}

// lowering says which roles would have to be lowered, "" where no role that an
// account can have is free.
func (ctx SeatContext) lowering() string {
	high, counted := ctx.TooHigh.Get()
	switch {
	case ctx.Plan.IsUltimate() && counted && high == 0:
		return "take the custom roles off its Guest memberships"
	case ctx.Plan.IsUltimate() && counted:
		return "at most Guest in " + places(high)
	case ctx.Plan.IsUltimate():
		return "at most Guest in every group and project"
	case ctx.Plan != "" && ctx.Version.AtLeast(18, 9):
		return "Minimal Access alone, which only top-level groups have: no project, no subgroup"
	}
	return ""
}

func places(n int) string {
	if n == 1 {
		return "one group or project"
	}
	return Thousands(int64(n)) + " groups and projects"
}

func deactivation(a Account, today Day, dormant int) SeatWay {
	w := SeatWay{Verb: "deactivate", Allowed: deactivates(a, today, dormant)}
	switch allowed, known := w.Allowed.Get(); {
	case !known:
		w.Text = fmt.Sprintf("refused before %s without activity; none is listed, but a sign-in is", inDays(dormant))
	case allowed && !a.LastActivity.Known():
		w.Text = "allowed, never active; undone by the next sign-in"
	case allowed:
		w.Text = fmt.Sprintf("allowed, %s quiet; undone by the next sign-in", inDays(today.Sub(a.LastActivity)))
	default:
		w.Text = fmt.Sprintf("refused before %s without activity; that is %s", inDays(dormant), a.LastActivity.Add(dormant))
	}
	return w
}

// deactivates reports whether GitLab would deactivate the account today, by the
// clock it uses: the last activity (contract §5.4). Without one there was none,
// unless a sign-in says otherwise: then nobody can tell.
func deactivates(a Account, today Day, dormant int) Opt[bool] {
	if !a.LastActivity.Known() {
		if a.LastSignIn.Known() {
			return None[bool]()
		}
		return Some(true)
	}
	return Some(today.Sub(a.LastActivity) >= dormant)
}

func inDays(n int) string {
	if n == 1 {
		return "1 day"
	}
	return Thousands(int64(n)) + " days"
}
