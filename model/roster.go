package model

import (
	"bytes"
	"slices"
	"strings"
)

// MaxAccounts is how many accounts a roster can hold: four times what this
// program is built for, and small enough that a damaged header cannot make it
// ask for gigabytes.
const MaxAccounts = 1 << 22

// blockRows is how many accounts share one text arena and one chunk on disk.
const blockRows = 4096

// Roster is all accounts of one instance: an immutable column store, sorted by
// account id, safe for use from many goroutines. Row numbers are positions in
// that order and hold for this roster only; across refreshes an account is
// known by its id.
//
// Texts lie in memory as they are searched. Only the rows somebody looks at
// become what is shown.
type Roster struct {
	asOf     AsOf
	complete bool

	ids          []int64
	state        []State
	flags        []Flags
	created      []Day
	lastActivity []Day
	lastSignIn   []Day
	provider     []uint16 // position in providers
	providers    []Text   // providers[0] is the empty name
	blocks       []textBlock
	orders       orders
}

// NewRoster returns a roster of the accounts, in any order. Of several with one
// id the last wins.
func NewRoster(accounts []Account, asOf AsOf, complete bool) *Roster {
	b := NewRosterBuilder(len(accounts))
	for _, a := range accounts {
		b.Add(a)
	}
	return b.Build(asOf, complete)
}

// Len returns the number of accounts.
func (r *Roster) Len() int { return len(r.ids) }

// AsOf says when the accounts were read, and from where.
func (r *Roster) AsOf() AsOf { return r.asOf }

// Complete reports whether these are all accounts of the instance. A partial
// roster may be looked at but never counted or planned with.
func (r *Roster) Complete() bool { return r.complete }

// Summary describes the roster for the facts beside it.
func (r *Roster) Summary(about Opt[int]) RosterSummary {
	return RosterSummary{Accounts: r.Len(), Complete: r.complete, About: about}
}

// ID returns the account id of row i.
func (r *Roster) ID(i int) int64 { return r.ids[i] }

// At returns the account of row i.
func (r *Roster) At(i int) Account {
	a := r.Bare(i)
	rec := string(r.blocks[i/blockRows].appendShown(make([]byte, 0, 256), i%blockRows))
	username, rest, _ := strings.Cut(rec, sep)
	name, rest, _ := strings.Cut(rest, sep)
	a.Username, a.Name, a.Email = Text{username}, Text{name}, Text{rest[:len(rest)-1]}
	return a
}

// Bare returns the account of row i without username, name and e-mail. It
// allocates nothing: loops over a whole roster use it.
func (r *Roster) Bare(i int) Account {
	return Account{
		ID: r.ids[i], State: r.state[i], Flags: r.flags[i],
		Created: r.created[i], LastActivity: r.lastActivity[i], LastSignIn: r.lastSignIn[i],
		Provider: r.providers[r.provider[i]],
	}
}

// SeatFlag returns GitLab's own seat flag of row i, unknown where the instance
// did not send it.
func (r *Roster) SeatFlag(i int) Opt[bool] {
	f := r.flags[i]
	if f&FlagSeatKnown == 0 {
		return None[bool]()
	}
	return Some(f&FlagSeat != 0)
}

// seen returns the newest sign of life of row i, by the rule of [RecencyOf].
func (r *Roster) seen(i int) Day {
	if d := r.lastActivity[i]; d.Known() {
		return d
	}
	return r.lastSignIn[i]
}

// ByID returns the row of an account id.
func (r *Roster) ByID(id int64) (int, bool) {
	lo, hi := 0, len(r.ids)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if r.ids[mid] < id {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo, lo < len(r.ids) && r.ids[lo] == id
}

// ByUsername returns the row of a username; upper and lower case are the same,
// as they are to GitLab.
func (r *Roster) ByUsername(name string) (int, bool) {
	if name == "" || strings.Contains(name, sep) {
		return 0, false
	}
	needle := []byte(fold(name) + sep)
	for k := range r.blocks {
		b := &r.blocks[k]
		for from := 0; ; from++ {
			hit := bytes.Index(b.text[from:], needle)
			if hit < 0 {
				break
			}
			from += hit
			if row := b.rowAt(from); int(b.start(row)) == from { // a record begins with the username
				return k*blockRows + row, true
			}
		}
	}
	return 0, false
}

// search returns the record of row i: username, name and e-mail, lower-cased,
// each ended by a separator.
func (r *Roster) search(i int) []byte { return r.blocks[i/blockRows].searchOf(i % blockRows) }

// Providers returns the names of identity providers, the empty name among
// them, in no order.
func (r *Roster) Providers() []Text { return slices.Clone(r.providers) }
