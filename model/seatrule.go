package model

// SeatContext is what must be known besides the account itself to say whether
// it takes a seat. Make one with [SeatContextOf]; lists of accounts carry no
// roles, so its Role is normally RoleUnknown.
type SeatContext struct {
	Plan         Plan      // "" = not known
	Version      Version   // decides the era of the rules
	Licensed     Opt[bool] // whether the instance has a licence; unknown = it could not be read
	Role         Role      // the highest role anywhere; RoleNone is read as unknown, see NoMembership
	CustomRole   Opt[bool] // a custom role on Guest that occupies a seat
	NoMembership Opt[bool] // known to have no membership at all (access requests do not count)
	TooHigh      Opt[int]  // memberships whose role alone takes a seat, see [SeatContext.With]
	Uncounted    bool      // the GitLab server itself says that the account is not billable
	Self         int64     // the account whose token is used; 0 = not known
}

// SeatContextOf returns the context that the facts of an instance give for
// accounts from a list.
func SeatContextOf(f *Facts) SeatContext {
	ctx := SeatContext{Role: RoleUnknown, Version: f.Metadata.Value.Version}
	if f.License.Known() {
		ctx.Plan = f.License.Value.Plan
		ctx.Licensed = Some(f.License.Value.Present())
	}
	return ctx
}

// SeatRule is one row of the table that says who is billable.
type SeatRule struct {
	ID      string `json:"id"`       // stable, for JSON and tests
	Text    string `json:"text"`     // one plain sentence without a full stop
	Section string `json:"contract"` // where the rule is written down, such as "§6.1"
}

// SeatVerdict says whether an account takes a seat, by which rule, and what
// the instance itself says.
type SeatVerdict struct {
	Billable Opt[bool] `json:"billable"` // unknown without a licence, or where neither rule nor flag decides
	Decided  bool      `json:"by_rule"`  // the rule decided; else Billable follows the instance's flag
	Rule     SeatRule  `json:"rule"`
	Flag     Opt[bool] `json:"instance_flag"` // GitLab's own using_license_seat
	Agrees   Opt[bool] `json:"agrees"`        // rule and flag say the same; unknown where one of them is silent
}

// Counted returns what the instance counts: its own flag where it sends one,
// else what the rule says. Without a licence it is unknown: the flag is false
// for everyone then (contract §5.1), which is no count of zero seats.
func (v SeatVerdict) Counted() Opt[bool] {
	if v.Rule.ID == ruleNoLicense.ID {
		return None[bool]()
	}
	if v.Flag.Known() {
		return v.Flag
	}
	return v.Billable
}

// SeatOf applies the table of contract §6.1 to one account.
//
// On Ultimate, and since 18.9 on the other plans, the deciding role is often
// not in a list. Then the rule stays silent and Billable follows the flag.
// Lists also do not tell internal accounts (ghost, placeholder, import users)
// from people: REST has the one word "bot" (contract §5.1). Where the flag of
// such an account disagrees with the rule, both are in the verdict; where the
// server's own word says the same as the flag, that is the reason.
func SeatOf(a Account, ctx SeatContext) SeatVerdict {
	flag := a.SeatFlag()
	licensed, known := ctx.Licensed.Get()
	if !known {
		return SeatVerdict{Rule: ruleLicenseUnknown, Billable: flag, Flag: flag}
	}
	if !licensed {
		return SeatVerdict{Rule: ruleNoLicense, Flag: flag}
	}
	seat, rule := decideSeat(a, ctx)
	s, decided := seat.Get()
	if !decided {
		return SeatVerdict{Rule: rule, Billable: flag, Flag: flag}
	}
	if s && ctx.Uncounted && !flag.Or(true) {
		// Active, no bot, and a role that takes a seat: what is left of the
		// definition is that the account is none of a person.
		s, rule = false, ruleInternal
	}
	v := SeatVerdict{Billable: Some(s), Decided: true, Rule: rule, Flag: flag}
	if f, ok := flag.Get(); ok {
		v.Agrees = Some(f == s)
	}
	return v
}

// SeatTally counts verdicts, so that what the instance counts and what the
// rules say can stand side by side. Only the tally of a complete roster means
// anything.
type SeatTally struct {
	Accounts   int `json:"accounts"`
	Flagged    int `json:"flagged"`       // the instance counts them
	NoFlag     int `json:"without_flag"`  // the instance did not say
	RuleSeat   int `json:"rule_billable"` // the rule alone says: takes a seat
	RuleFree   int `json:"rule_free"`     // the rule alone says: takes none
	Undecided  int `json:"rule_silent"`   // the deciding role is not in the list
	Disagree   int `json:"disagree"`      // rule and flag say different things
	Unlicensed int `json:"unlicensed"`    // no licence: nothing is counted
}

// TallyOf asks the rule about every account of a roster.
func TallyOf(s *Seating) SeatTally {
	var t SeatTally
	for i := range s.roster.Len() {
		t.Add(*s.Of(i))
	}
	return t
}

// Add counts one verdict.
func (t *SeatTally) Add(v SeatVerdict) {
	t.Accounts++
	if f, ok := v.Flag.Get(); !ok {
		t.NoFlag++
	} else if f {
		t.Flagged++
	}
	switch {
	case v.Rule.ID == ruleNoLicense.ID:
		t.Unlicensed++
	case !v.Decided:
		t.Undecided++
	case v.Billable.Or(false):
		t.RuleSeat++
	default:
		t.RuleFree++
	}
	if same, ok := v.Agrees.Get(); ok && !same {
		t.Disagree++
	}
}

// ByFlag returns how many accounts the instance counts; unknown when it did
// not say so for every account, or has no licence.
func (t SeatTally) ByFlag() Opt[int] {
	if t.Accounts == 0 || t.NoFlag > 0 || t.Unlicensed > 0 {
		return None[int]()
	}
	return Some(t.Flagged)
}

// ByRule returns how many accounts are billable by the rules alone; unknown
// where the rules are silent about any account.
func (t SeatTally) ByRule() Opt[int] {
	if t.Accounts == 0 || t.Undecided > 0 || t.Unlicensed > 0 {
		return None[int]()
	}
	return Some(t.RuleSeat)
}
