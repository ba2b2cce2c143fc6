package model

// WhatIf is a question about seats: what would happen if these changes were
// made. It is asked of a roster; nothing is sent anywhere.
type WhatIf struct {
	Changes []WhatIfChange // the last that names an account counts
	Plan    Plan           // another plan; "" = as it is
	New     int            // accounts to come
	NewRole Opt[Role]      // the role they get; unknown = each takes a seat
}

// WhatIfDeed is what would be done with accounts.
type WhatIfDeed string

// The deeds. DeedRole lowers or raises the highest role of an account to that
// of the change, wherever it has one.
const (
	DeedBlock      WhatIfDeed = "block"
	DeedDeactivate WhatIfDeed = "deactivate"
	DeedRemove     WhatIfDeed = "remove"
	DeedRole       WhatIfDeed = "role"
)

// WhatIfChange is one change to some accounts.
type WhatIfChange struct {
	Rows Index // of the roster that is asked
	Deed WhatIfDeed
	Role Role // for DeedRole; RoleNone = no membership left
}

// WhatIfBasis is what the answer needs besides the roster. [WhatIfOf] changes
// nothing of it.
type WhatIfBasis struct {
	Seats       SeatContext // see [SeatContextOf]; of the account of the token too
	License     License
	Today       Day
	DormantDays int                     // the instance's dormancy period
	Price       Opt[Price]              // of a seat of the plan that would be in force
	Role        func(row int) Opt[Role] // the highest role of a row; nil: nobody read roles
	Billable    func(row int) Opt[bool] // whether a row counts now; nil: by Seats and the list
}

// SeatSpan is a number of billable users that is only known to lie between two
// bounds, both included. They are equal where every account is decided.
type SeatSpan struct {
	Least int `json:"least"`
	Most  int `json:"most"`
}

// Exact returns the number, and whether there is only one.
func (s SeatSpan) Exact() (int, bool) { return s.Most, s.Least == s.Most }

// WhatIfRefusal is why GitLab would not carry out a change (contract §5.4).
type WhatIfRefusal string

// The refusals. A refused change changes nothing in the answer.
const (
	RefusedActive WhatIfRefusal = "active" // seen within the dormancy period: no deactivation
	RefusedSelf   WhatIfRefusal = "self"   // the account of the token: no block
)

// WhatIfFate is what a question means for one account that it names.
type WhatIfFate struct {
	Row           int32
	Before, After Opt[bool] // billable
	Refused       WhatIfRefusal
}

// WhatIfAnswer is the answer.
type WhatIfAnswer struct {
	Before Opt[SeatSpan] `json:"billable_before"` // by the list; unknown without a licence
	After  SeatSpan      `json:"billable_after"`
	Fates  []WhatIfFate  `json:"-"` // of the accounts that changes name, by row

	Named   int `json:"accounts_named"`
	Freed   int `json:"seats_freed"`
	Taken   int `json:"seats_taken"`
	Unsure  int `json:"undecided"` // accounts whose role is not in the list, of all that count
	Refused int `json:"refused"`
	New     int `json:"new_accounts"`

	Plan    Plan          `json:"plan"`         // that would be in force
	Changed bool          `json:"plan_changed"` // it is not the one of now
	Seats   Opt[int]      `json:"seats_in_subscription"`
	NoLimit bool          `json:"no_limit"`
	Left    Opt[SeatSpan] `json:"seats_left"` // after; negative = over. Unknown without a number of seats
	WhatIfCost

	change SeatSpan // by how many the billable users become more; negative = fewer
}

// WhatIfOf answers the question. The error is a *[Error] of class partial for a
// roster that does not hold every account, which must not be counted with, and
// of class failed while the licence or, for a change of plan, anything that
// decides is not known.
func WhatIfOf(r *Roster, b WhatIfBasis, q WhatIf) (WhatIfAnswer, error) {
	if !r.Complete() {
		return WhatIfAnswer{}, Fail(ClassPartial, "what if", "not every account was read, so nothing can be worked out", "refresh, and ask again")
	}
	if !b.Seats.Licensed.Known() {
		return WhatIfAnswer{}, Fail(ClassFailed, "what if", "the licence could not be read, so no seat rule applies", "see seatdeck license show")
	}
	if q.Plan == "" && !b.Seats.Licensed.Or(false) {
		return WhatIfAnswer{}, Fail(ClassUnsupported, "what if", "without a licence nobody takes a seat", "seatdeck users what-if --plan premium asks about a plan")
	}
	w := newWhatIf(r, b, q)
	a := w.answer()
	a.Left = leftOf(a)
	a.WhatIfCost = costOf(b, a)
	return a, nil
}

func leftOf(a WhatIfAnswer) Opt[SeatSpan] {
	seats, ok := a.Seats.Get()
	if !ok {
		return None[SeatSpan]()
	}
	return Some(SeatSpan{Least: seats - a.After.Most, Most: seats - a.After.Least})
}

// Fits reports whether the billable users would have a seat each; unknown where
// that hangs on roles that are not in the list, or on seats that nobody knows.
func (a WhatIfAnswer) Fits() Opt[bool] {
	left, ok := a.Left.Get()
	switch {
	case a.NoLimit:
		return Some(true)
	case !ok || left.Least < 0 && left.Most >= 0:
		return None[bool]()
	}
	return Some(left.Least >= 0)
}
