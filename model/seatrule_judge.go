package model

import "slices"

// seatJudge gives the verdicts of [SeatOf] for many accounts of one context. A
// verdict depends on the state, the bot mark, the flag and the role alone, so
// each is worked out once and a million accounts cost a million look-ups.
type seatJudge struct {
	roles    [hostRoles]uint8 // the place in verdicts of what the server keeps
	verdicts [][seatCases]SeatVerdict
}

// judgeFlags is how many combinations of the three deciding flags there are.
const judgeFlags = 8

// seatCases is how many verdicts there are for one role.
const seatCases = len(stateNames) * judgeFlags

// newSeatJudge returns the judge for a context and the roles that were read.
func newSeatJudge(ctx SeatContext, roles RoleColumn) *seatJudge {
	j := &seatJudge{verdicts: [][seatCases]SeatVerdict{verdictsOf(ctx)}}
	if !roles.Known() {
		return j
	}
	seen := []SeatContext{ctx}
	for h := range HostRole(hostRoles) {
		if int(h&hostLevelBits) >= len(hostLevels) {
			continue
		}
		one := ctx.withHost(h, roles.Ultimate)
		if r := one.Role; r > RoleGuest && r != RoleUnknown {
			one.Role = RoleOwner // above Guest no rule tells roles apart
		}
		at := slices.Index(seen, one)
		if at < 0 {
			at, seen = len(seen), append(seen, one)
			j.verdicts = append(j.verdicts, verdictsOf(one))
		}
		j.roles[h] = uint8(at)
	}
	return j
}

// verdictsOf works out every verdict of a context.
func verdictsOf(ctx SeatContext) (out [seatCases]SeatVerdict) {
	for s := range stateNames {
		for _, bot := range []Flags{0, FlagBot} {
			for _, seat := range []Flags{0, FlagSeat, FlagSeatKnown, FlagSeat | FlagSeatKnown} {
				a := Account{State: State(s), Flags: bot | seat}
				out[judgeIndex(a.State, a.Flags)] = SeatOf(a, ctx)
			}
		}
	}
	return out
}

// of returns the verdict for what decides about an account. It is shared: read
// it only.
func (j *seatJudge) of(s State, f Flags, h HostRole) *SeatVerdict {
	return &j.verdicts[j.roles[h]][judgeIndex(s, f)]
}

func judgeIndex(s State, f Flags) int {
	if int(s) >= len(stateNames) {
		s = StateOther
	}
	i := int(s) * judgeFlags
	if f&FlagBot != 0 {
		i |= 1
	}
	if f&FlagSeat != 0 {
		i |= 2
	}
	if f&FlagSeatKnown != 0 {
		i |= 4
	}
	return i
}
