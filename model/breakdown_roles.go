package model

// roleTally counts by place in hostLevels; the first is for unknown roles.
type roleTally [len(hostLevels)]int

// level is the place of a row's role; roles nobody read are unknown.
func (t *tally) level(row int) HostRole {
	if t.env.Seats == nil {
		return 0
	}
	return t.env.Seats.Roles.Of(row) & hostLevelBits
}

// roleCounts is what a tally adds up to; unknown when nobody read roles.
func (t *tally) roleCounts(n roleTally) Opt[RoleCounts] {
	if t.env.Seats == nil || !t.env.Seats.Roles.Known() {
		return None[RoleCounts]()
	}
	c := RoleCounts{AsOf: t.env.Seats.Roles.AsOf, Other: n[0]}
	for i, role := range hostLevels[1:] {
		c.Counts = append(c.Counts, RoleCount{role, n[i+1]})
	}
	return Some(c)
}
