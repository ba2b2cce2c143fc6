package model

import (
	"encoding/binary"
	"slices"
	"sync"
)

// HostRole is what the GitLab server itself keeps of one account: its highest
// role, and the server's own word on whether the account is billable
// (gitlab-host §5). The zero HostRole says neither: nobody asked, or the account
// was made since.
type HostRole uint8

// The lower half of a HostRole is a place in hostLevels, the upper half a word.
const (
	hostLevelBits = 0x0f
	hostSaysNo    = 0x10
	hostSaysYes   = 0x20
	hostRoles     = hostSaysYes + 0x10 // one above the largest
)

// hostLevels are the roles that a HostRole can hold. The first is none of them:
// a level that this program does not know is as good as not read.
var hostLevels = [...]Role{RoleUnknown, RoleNone, RoleMinimal, RoleGuest, RolePlanner, RoleReporter, RoleDeveloper, RoleMaintainer, RoleOwner}

// HostRoleOf packs what was read of an account. No level is no membership.
func HostRoleOf(h HighestRole) HostRole {
	level := Role(RoleNone)
	if n, ok := h.Level.Get(); ok {
		level = RoleUnknown
		if n >= 0 && n < int(RoleUnknown) {
			level = Role(n)
		}
	}
	r := HostRole(max(0, slices.Index(hostLevels[:], level)))
	if seat, ok := h.Billable.Get(); ok && seat {
		return r | hostSaysYes
	} else if ok {
		return r | hostSaysNo
	}
	return r
}

// Role is the highest role; RoleNone is no membership at all.
func (h HostRole) Role() Opt[Role] {
	if r := hostLevels[h&hostLevelBits]; r != RoleUnknown {
		return Some(r)
	}
	return None[Role]()
}

// Billable is the server's own word, unknown where its edition has none.
func (h HostRole) Billable() Opt[bool] {
	switch h &^ hostLevelBits {
	case hostSaysYes:
		return Some(true)
	case hostSaysNo:
		return Some(false)
	}
	return None[bool]()
}

// HostRoles is everybody's highest role, as one run on the GitLab server told
// it. It is a fact with an age of its own, older or newer than the accounts, and
// joined to them by account id when it is read. Of an account it takes two
// bytes. It is immutable and safe for use from many goroutines.
type HostRoles struct {
	asOf     AsOf
	ultimate bool // the rules of Ultimate were in force
	count    int
	body     []byte // by ascending id: how far from the id before, then the HostRole

	mu     sync.Mutex
	joined RoleColumn // of the roster that was asked for last
	place  rolePlace  // behind its accounts
}

// rolePlace is a place in a list of roles: behind the account with that id.
type rolePlace struct {
	id int64
	at int // in the body
}

// AsOf says when the roles were read; zero when nobody read any.
func (x *HostRoles) AsOf() AsOf {
	if x == nil {
		return AsOf{}
	}
	return x.asOf
}

// Len is how many accounts there were.
func (x *HostRoles) Len() int {
	if x == nil {
		return 0
	}
	return x.count
}

// On returns the roles of a roster's rows. The join for one roster is made once.
func (x *HostRoles) On(r *Roster) RoleColumn {
	if x == nil || r == nil {
		return RoleColumn{}
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.joined.roster != r {
		x.joined = RoleColumn{roster: r, rows: x.join(r), Ultimate: x.ultimate, AsOf: x.asOf}
	}
	return x.joined
}

// Find returns what was read of one account.
func (x *HostRoles) Find(id int64) HostRole {
	if x == nil {
		return 0
	}
	x.mu.Lock()
	joined := x.joined
	x.mu.Unlock()
	if joined.roster != nil {
		if row, ok := joined.roster.ByID(id); ok {
			return joined.Of(row)
		}
	}
	return x.search(id)
}

// search walks along the list.
func (x *HostRoles) search(id int64) HostRole {
	for at, b := int64(0), x.body; len(b) > 0 && at < id; {
		gap, n := binary.Uvarint(b)
		if at += int64(gap); at == id {
			return HostRole(b[n])
		}
		b = b[n+1:]
	}
	return 0
}

// Context returns the context of one account: ctx is that of the list.
func (x *HostRoles) Context(ctx SeatContext, id int64) SeatContext {
	return ctx.withHost(x.Find(id), x != nil && x.ultimate)
}

// join walks along both lists, which are by id. A roster that follows the one
// before it, as the parts of a [RosterWalk] do, is joined from there on. The
// caller holds mu.
func (x *HostRoles) join(r *Roster) []HostRole {
	rows := make([]HostRole, r.Len())
	if len(rows) == 0 {
		return rows
	}
	row, p := 0, x.place
	if r.ids[0] <= p.id {
		p = rolePlace{}
	}
	for p.at < len(x.body) {
		gap, n := binary.Uvarint(x.body[p.at:])
		id := p.id + int64(gap)
		for row < len(rows) && r.ids[row] < id {
			row++
		}
		if row == len(rows) {
			break // it belongs to a part to come
		}
		if r.ids[row] == id {
			rows[row] = HostRole(x.body[p.at+n])
		}
		p = rolePlace{id, p.at + n + 1}
	}
	x.place = p
	return rows
}

// RoleColumn is the roles of one roster's rows. The zero column knows none.
type RoleColumn struct {
	AsOf     AsOf
	Ultimate bool // the rules of Ultimate were in force when they were read
	roster   *Roster
	rows     []HostRole
}

// Known reports whether somebody read roles.
func (c RoleColumn) Known() bool { return c.roster != nil }

// Of returns the role of a row.
func (c RoleColumn) Of(row int) HostRole {
	if row < 0 || row >= len(c.rows) {
		return 0
	}
	return c.rows[row]
}
