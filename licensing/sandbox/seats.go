package sandbox

// seatRules decides who needs a seat. It is the sandbox's own reading of the
// published rules (contract §6.1), by plan and version.
type seatRules struct {
	licensed          bool
	ultimate          bool
	minimalAccessFree bool
}

// standing is the best an account's memberships give it. Requests give nothing.
type standing struct {
	highest  uint8 // 0: no membership
	elevated bool  // a custom role that occupies a seat
}

func (w *world) standingOf(a *account) standing {
	var st standing
	for _, m := range w.membershipsOf(a) {
		if m.flags&memberRequest != 0 {
			continue
		}
		st.highest = max(st.highest, m.level)
		st.elevated = st.elevated || m.flags&memberElevated != 0
	}
	return st
}

// takesSeat applies the role part of the rule.
func (r seatRules) takesSeat(st standing) bool {
	if r.ultimate {
		return st.highest > guest || st.elevated
	}
	return !r.minimalAccessFree || st.highest != minimalAccess
}

// billable: the account is counted each night. Licensed or not, the instance
// counts.
func (r seatRules) billable(w *world, a *account) bool {
	return a.state == active && a.kind == human && !a.has(flagGone) && r.takesSeat(w.standingOf(a))
}

// flagged is the API's using_license_seat: the same rule read from a stored
// highest role, so it can lag, and false for everyone without a licence
// (contract §5.1).
func (r seatRules) flagged(w *world, a *account, lagging bool) bool {
	if !r.licensed || a.state != active || a.kind != human {
		return false
	}
	return r.takesSeat(w.standingOf(a)) != lagging
}

// rules are the rules in force now.
func (s *Server) rules() seatRules {
	l := s.subscription.current(s.jobs.through)
	return seatRules{
		licensed:          l != nil,
		ultimate:          l != nil && l.plan == "ultimate",
		minimalAccessFree: s.knobs.version.minimalAccessFree(),
	}
}

// billableTruth counts the accounts that need a seat at this moment. It is
// kept until somebody changes or the rules do.
func (s *Server) billableTruth() int {
	r := s.rules()
	if c := &s.subscription.counted; c.valid && c.revision == s.world.revision && c.rules == r {
		return c.n
	}
	n := 0
	for i := range s.world.accounts {
		if r.billable(s.world, &s.world.accounts[i]) {
			n++
		}
	}
	s.subscription.counted = counted{valid: true, revision: s.world.revision, rules: r, n: n}
	return n
}

// counted is a remembered count and what it depends on.
type counted struct {
	valid    bool
	revision int
	rules    seatRules
	n        int
}

// lagging reports whether an account's stored role is behind. The first
// accounts that could be flagged wrongly are, as many as the knob says; they
// follow from the seed, and a change of state takes none of them away.
func (s *Server) lagging(a *account) bool {
	if s.knobs.flagLag == 0 {
		return false
	}
	if s.subscription.lag == nil {
		s.subscription.lag = map[uint32]bool{}
		n := len(s.world.accounts)
		from := int(mix(s.seed, "lag", 0) % uint64(n))
		for i := 0; i < n && len(s.subscription.lag) < s.knobs.flagLag; i++ {
			candidate := &s.world.accounts[(from+i)%n]
			if candidate.kind == human && candidate.state == active && !candidate.has(flagAdmin) {
				s.subscription.lag[candidate.id] = true
			}
		}
	}
	return s.subscription.lag[a.id]
}
