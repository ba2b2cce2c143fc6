package model

import (
	"cmp"
	"slices"
)

// RosterBuilder gathers accounts in any order and makes rosters of them. It is
// for one goroutine. It may be added to after Build, so that a pull can show
// what it has so far.
type RosterBuilder struct {
	rows      []builderRow
	texts     [][]byte // arenas of about builderArena bytes
	providers map[string]uint16
	names     []Text
}

// builderRow is an account with its texts elsewhere.
type builderRow struct {
	id                                int64
	created, lastActivity, lastSignIn Day
	arena, start                      uint32
	length                            uint16
	provider                          uint16
	flags                             Flags
	state                             State
}

const builderArena = 1 << 18

// maxProviders bounds the dictionary of identity providers. An instance has a
// handful, from its configuration; accounts beyond the bound are put under one
// name that says so.
const maxProviders = 1 << 12

const tooManyProviders = "(more providers than can be told apart)"

// NewRosterBuilder returns a builder; hint is about how many accounts will
// come, 0 when nobody knows.
func NewRosterBuilder(hint int) *RosterBuilder {
	return &RosterBuilder{
		rows:      make([]builderRow, 0, min(max(hint, 0), MaxAccounts)),
		providers: map[string]uint16{"": 0},
		names:     []Text{{}},
	}
}

// Len returns how many accounts were added, doubles included.
func (b *RosterBuilder) Len() int { return len(b.rows) }

// Add takes an account. Partitions of a pull overlap at their ends: of several
// accounts with one id the last one added wins, as it was read last.
func (b *RosterBuilder) Add(a Account) {
	row := builderRow{
		id: a.ID, created: a.Created, lastActivity: a.LastActivity, lastSignIn: a.LastSignIn,
		flags: a.Flags, state: a.State, provider: b.providerOf(a.Provider),
	}
	if row.state > StateBanned {
		row.state = StateOther
	}
	username, name, email := Clean(a.Username.s).s, Clean(a.Name.s).s, Clean(a.Email.s).s
	size := len(username) + len(name) + len(email) + recordFields
	arena := b.arena(size)
	row.arena, row.start, row.length = uint32(len(b.texts)-1), uint32(len(*arena)), uint16(size)
	*arena = append(append(*arena, username...), sepByte)
	*arena = append(append(*arena, name...), sepByte)
	*arena = append(append(*arena, email...), sepByte)
	b.rows = append(b.rows, row)
}

// arena returns an arena with room for size bytes.
func (b *RosterBuilder) arena(size int) *[]byte {
	n := len(b.texts)
	if n == 0 || cap(b.texts[n-1])-len(b.texts[n-1]) < size {
		b.texts = append(b.texts, make([]byte, 0, builderArena))
		n++
	}
	return &b.texts[n-1]
}

func (b *RosterBuilder) providerOf(t Text) uint16 {
	name := Clean(t.s)
	if p, ok := b.providers[name.s]; ok {
		return p
	}
	if len(b.names) >= maxProviders {
		name = Text{tooManyProviders}
		if p, ok := b.providers[name.s]; ok {
			return p
		}
	}
	p := uint16(len(b.names))
	b.providers[name.s] = p
	b.names = append(b.names, name)
	return p
}

// Build returns a roster of what was added so far. complete says whether that
// is every account of the instance. Accounts beyond [MaxAccounts] are left
// out, and then the roster is not complete.
func (b *RosterBuilder) Build(asOf AsOf, complete bool) *Roster {
	order := b.sorted()
	if len(order) > MaxAccounts {
		order, complete = order[:MaxAccounts], false
	}
	r := newColumns(len(order))
	r.asOf, r.complete, r.providers = asOf, complete, slices.Clone(b.names)
	for lo := 0; lo < len(order); lo += blockRows {
		part := order[lo:min(lo+blockRows, len(order))]
		size := 0
		for _, at := range part {
			size += int(b.rows[at].length)
		}
		block := newTextBlock(len(part), size)
		for k, at := range part {
			row := &b.rows[at]
			r.setRow(lo+k, row)
			block.add(b.texts[row.arena][row.start : row.start+uint32(row.length)])
		}
		r.blocks = append(r.blocks, block)
	}
	return r
}

// sorted returns the positions of the rows by id, the last added of each id.
func (b *RosterBuilder) sorted() []int32 {
	order := make([]int32, len(b.rows))
	ascending := true
	for i := range order {
		order[i] = int32(i)
		ascending = ascending && (i == 0 || b.rows[i-1].id < b.rows[i].id)
	}
	if ascending {
		return order
	}
	slices.SortFunc(order, func(x, y int32) int {
		return cmp.Or(cmp.Compare(b.rows[x].id, b.rows[y].id), cmp.Compare(y, x))
	})
	return slices.CompactFunc(order, func(x, y int32) bool { return b.rows[x].id == b.rows[y].id })
}

// newColumns returns a roster of n rows without texts. All its allocations
// inlined would be a kilobyte of the program for every caller.
//
//go:noinline
func newColumns(n int) *Roster {
	return &Roster{
		ids: make([]int64, n), state: make([]State, n), flags: make([]Flags, n),
		created: make([]Day, n), lastActivity: make([]Day, n), lastSignIn: make([]Day, n),
		provider: make([]uint16, n),
		blocks:   make([]textBlock, 0, (n+blockRows-1)/blockRows),
	}
}

func (r *Roster) setRow(i int, row *builderRow) {
	r.ids[i], r.state[i], r.flags[i], r.provider[i] = row.id, row.state, row.flags, row.provider
	r.created[i], r.lastActivity[i], r.lastSignIn[i] = row.created, row.lastActivity, row.lastSignIn
}
