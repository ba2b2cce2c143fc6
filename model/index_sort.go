package model

import (
	"cmp"
	"slices"
	"strings"
)

// SortKey is a column rows can be sorted by.
type SortKey uint8

// The sort keys. SortSeen is the newest sign of life (see [RecencyOf]).
const (
	SortID SortKey = iota
	SortUsername
	SortName
	SortEmail
	SortState
	SortSeat
	SortActivity
	SortSignIn
	SortSeen
	SortCreated
	Sort2FA
	SortAdmin
	SortExternal
	SortBot
	SortProvider
	SortRole // by id where no roles were read, see [QueryEnv.Sort]
)

var sortNames = [...]string{
	"id", "username", "name", "email", "state", "billable", "activity", "signed-in", "idle",
	"created", "2fa", "admin", "external", "bot", "provider", "role",
}

// String returns the key's name as command lines use it.
func (k SortKey) String() string {
	if int(k) < len(sortNames) {
		return sortNames[k]
	}
	return sortNames[0]
}

// SortKeys returns every sort key.
func SortKeys() []SortKey {
	keys := make([]SortKey, len(sortNames))
	for i := range keys {
		keys[i] = SortKey(i)
	}
	return keys
}

// ParseSortKey reads a key's name. The error is a *Error of class usage and
// names the nearest key.
func ParseSortKey(s string) (SortKey, error) {
	if i := slices.Index(sortNames[:], strings.ToLower(s)); i >= 0 {
		return SortKey(i), nil
	}
	next := "keys are " + strings.Join(sortNames[:], ", ")
	if near := Nearest(s, sortNames[:]); near != "" {
		next = "did you mean " + near + "?"
	}
	return SortID, Fail(ClassUsage, "sort", "there is no sort key "+s, next)
}

// SortIndex returns the rows of idx sorted by key. The order is total: rows
// with the same key are by account id ascending, in both directions, and rows
// whose key is unknown or empty come last, in both directions. idx itself
// stays as it is. Texts compare lower-cased, byte by byte.
func SortIndex(r *Roster, idx Index, key SortKey, desc bool) Index {
	switch key {
	case SortUsername:
		return r.byOrder(idx, orderUsername, desc)
	case SortName:
		return r.byOrder(idx, orderName, desc)
	case SortEmail:
		return r.byOrder(idx, orderEmail, desc)
	case SortID:
		return sortByID(idx, desc)
	}
	return SortIndexBy(idx, r.sortColumn(key), desc)
}

// SortUnknown is the value of a sort column that is not known.
const SortUnknown = ^uint32(0)

// SortIndexBy is [SortIndex] by a column of the caller's own: a number for each
// row, or [SortUnknown].
func SortIndexBy(idx Index, column func(row int32) uint32, desc bool) Index {
	idx = idx.ascending()
	keys := make([]uint32, len(idx))
	low, high := SortUnknown, uint32(0)
	for k, row := range idx {
		v := column(row)
		if keys[k] = v; v != SortUnknown {
			low, high = min(low, v), max(high, v)
		}
	}
	span := uint32(0) // of the known values
	if low <= high {
		span = high - low
	}
	for k, v := range keys {
		switch {
		case v == SortUnknown:
			keys[k] = span + 1
		case desc:
			keys[k] = high - v
		default:
			keys[k] = v - low
		}
	}
	return inOrder(idx, keys, span+1)
}

// digitBits is how many bits one pass of a sort looks at: dates of a century
// need one pass.
const digitBits = 16

// inOrder returns the rows of idx by their keys, stably; top is the largest key.
func inOrder(idx Index, keys []uint32, top uint32) Index {
	var from Index // positions in idx by the digits so far; at first as they come
	for shift := 0; shift == 0 || shift < 32 && top>>shift > 0; shift += digitBits {
		to := make(Index, len(idx))
		at := make([]int32, min(top>>shift, 1<<digitBits-1)+2)
		for _, key := range keys {
			at[key>>shift&(1<<digitBits-1)+1]++
		}
		for d := range len(at) - 1 {
			at[d+1] += at[d]
		}
		for k := range int32(len(idx)) {
			if from != nil {
				k = from[k]
			}
			d := keys[k] >> shift & (1<<digitBits - 1)
			to[at[d]] = k
			at[d]++
		}
		from = to
	}
	for k, at := range from {
		from[k] = idx[at]
	}
	return from
}

// sortColumn returns the numbers behind a key that is not a text.
func (r *Roster) sortColumn(key SortKey) func(int32) uint32 {
	switch key {
	case SortState:
		return func(i int32) uint32 { return known(uint32(r.state[i]), r.state[i] != StateOther) }
	case SortSeat:
		return func(i int32) uint32 { return known(bit(r.flags[i], FlagSeat), r.flags[i]&FlagSeatKnown != 0) }
	case SortActivity:
		return func(i int32) uint32 { return dayKey(r.lastActivity[i]) }
	case SortSignIn:
		return func(i int32) uint32 { return dayKey(r.lastSignIn[i]) }
	case SortSeen:
		return func(i int32) uint32 { return dayKey(r.seen(int(i))) }
	case SortCreated:
		return func(i int32) uint32 { return dayKey(r.created[i]) }
	case SortProvider:
		rank := r.providerRanks()
		return func(i int32) uint32 { return rank[r.provider[i]] }
	}
	flag := map[SortKey]Flags{Sort2FA: Flag2FA, SortAdmin: FlagAdmin, SortExternal: FlagExternal, SortBot: FlagBot}[key]
	return func(i int32) uint32 { return bit(r.flags[i], flag) }
}

func known(v uint32, ok bool) uint32 {
	if !ok {
		return SortUnknown
	}
	return v
}

func bit(f, which Flags) uint32 {
	if f&which != 0 {
		return 1
	}
	return 0
}

// dayKey maps days to numbers that sort as they do; days before 1970 are
// negative.
func dayKey(d Day) uint32 { return known(uint32(d)^1<<31, d.Known()) }

// providerRanks returns the place of each provider by name; no provider is
// unknown.
func (r *Roster) providerRanks() []uint32 {
	at := make([]int32, len(r.providers))
	for i := range at {
		at[i] = int32(i)
	}
	name := func(i int32) string { return fold(r.providers[i].s) }
	slices.SortFunc(at, func(a, b int32) int { return cmp.Compare(name(a), name(b)) })
	ranks := make([]uint32, len(at))
	rank := uint32(0)
	for k, p := range at {
		if k > 0 && name(at[k-1]) != name(p) {
			rank++
		}
		ranks[p] = known(rank, !r.providers[p].Empty())
	}
	return ranks
}

// byOrder walks a stored order and keeps the rows of idx. Backwards, runs of
// the same text stay forwards, so that ties are by id.
func (r *Roster) byOrder(idx Index, which int, desc bool) Index {
	order := r.order(which)
	member := make([]uint64, (r.Len()+63)/64)
	for _, i := range idx {
		member[i>>6] |= 1 << (i & 63)
	}
	out := make(Index, 0, len(idx))
	take := func(from, to int) {
		for _, e := range order[from:to] {
			if row := e >> 1; member[row>>6]>>(row&63)&1 != 0 {
				out = append(out, int32(row))
			}
		}
	}
	if !desc {
		take(0, len(order))
		return out
	}
	filled := r.filled(order, which)
	for end := filled; end > 0; {
		start := end - 1
		for order[start]&1 != 0 {
			start--
		}
		take(start, end)
		end = start
	}
	take(filled, len(order))
	return out
}

// filled returns how many entries of an order have a text; the empty ones are
// behind them, as one run.
func (r *Roster) filled(order []uint32, which int) int {
	n := len(order)
	if n == 0 || len(r.folded(int(order[n-1]>>1), which)) > 0 {
		return n
	}
	for n--; order[n]&1 != 0; n-- {
	}
	return n
}

func sortByID(idx Index, desc bool) Index {
	out := slices.Clone(idx.ascending())
	if desc {
		slices.Reverse(out)
	}
	return out
}
