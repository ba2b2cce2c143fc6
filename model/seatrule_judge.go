package model

// SeatJudge gives the verdicts of [SeatOf] for many accounts of one context.
// From a list, a verdict depends on the state, the bot mark and the flag alone,
// so each is worked out once and a million accounts cost a million look-ups.
type SeatJudge struct {
	verdicts [len(stateNames) * judgeFlags]SeatVerdict
}

// judgeFlags is how many combinations of the three deciding flags there are.
const judgeFlags = 8

// NewSeatJudge returns the judge for a context.
func NewSeatJudge(ctx SeatContext) *SeatJudge {
	j := &SeatJudge{}
	for s := range stateNames {
		for _, bot := range []Flags{0, FlagBot} {
			for _, seat := range []Flags{0, FlagSeat, FlagSeatKnown, FlagSeat | FlagSeatKnown} {
				a := Account{State: State(s), Flags: bot | seat}
				j.verdicts[judgeIndex(a)] = SeatOf(a, ctx)
			}
		}
	}
	return j
}

// Of returns the verdict for an account. The result is shared: read it only.
func (j *SeatJudge) Of(a Account) *SeatVerdict { return &j.verdicts[judgeIndex(a)] }

func judgeIndex(a Account) int {
	s := a.State
	if int(s) >= len(stateNames) {
		s = StateOther
	}
	i := int(s) * judgeFlags
	if a.Is(FlagBot) {
		i |= 1
	}
	if a.Is(FlagSeat) {
		i |= 2
	}
	if a.Is(FlagSeatKnown) {
		i |= 4
	}
	return i
}
