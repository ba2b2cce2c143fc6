package model

import (
	"bytes"
	"cmp"
	"slices"
	"sync"
)

// The text orders a roster keeps.
const (
	orderUsername = iota
	orderName
	orderEmail
	orderCount
)

// orders are the rows sorted by each text, made on first use or read from a
// snapshot. An entry is row<<1, plus 1 when the text is the same as that of
// the entry before: with that, both directions can keep ties by id.
type orders struct {
	once [orderCount]sync.Once
	rows [orderCount][]uint32
}

// order returns the rows by one of the texts, lower-cased, empty texts last,
// ties by id.
func (r *Roster) order(which int) []uint32 {
	r.orders.once[which].Do(func() {
		if r.orders.rows[which] == nil {
			r.orders.rows[which] = r.makeOrder(which)
		}
	})
	return r.orders.rows[which]
}

// setOrder installs an order read from a snapshot, before the roster is
// published.
func (r *Roster) setOrder(which int, rows []uint32) { r.orders.rows[which] = rows }

// orderKey is a row with the first eight bytes of its text, which decide
// nearly every comparison without touching the arena.
type orderKey struct {
	prefix uint64
	row    int32
}

func (r *Roster) makeOrder(which int) []uint32 {
	keys := make([]orderKey, r.Len())
	for i := range keys {
		keys[i] = orderKey{prefix8(r.folded(i, which)), int32(i)}
	}
	slices.SortFunc(keys, func(a, b orderKey) int {
		if c := cmp.Compare(a.prefix, b.prefix); c != 0 {
			return c
		}
		return cmp.Or(r.compareTails(which, a, b), cmp.Compare(a.row, b.row))
	})
	rows := make([]uint32, len(keys))
	for k, key := range keys {
		rows[k] = uint32(key.row) << 1
		if k > 0 && keys[k-1].prefix == key.prefix && r.compareTails(which, keys[k-1], key) == 0 {
			rows[k] |= 1
		}
	}
	return rows
}

// compareTails compares two rows whose first eight bytes are the same.
func (r *Roster) compareTails(which int, a, b orderKey) int {
	if a.prefix&0xff == 0 || a.prefix == emptyLast {
		return 0 // shorter than eight bytes, or empty: the prefix was all of it
	}
	return bytes.Compare(r.folded(int(a.row), which), r.folded(int(b.row), which))
}

// emptyLast is the prefix of an empty text. No text has it: 0xff is not UTF-8.
const emptyLast = ^uint64(0)

// prefix8 returns the first eight bytes as a number that sorts as they do.
// Clean text has no zero byte, so a shorter text sorts before a longer one.
func prefix8(s []byte) uint64 {
	if len(s) == 0 {
		return emptyLast
	}
	var p uint64
	for i := range 8 {
		p <<= 8
		if i < len(s) {
			p |= uint64(s[i])
		}
	}
	return p
}

// folded returns one lower-cased text of row i.
func (r *Roster) folded(i, which int) []byte {
	rec := r.search(i)
	for range which {
		rec = rec[bytes.IndexByte(rec, sepByte)+1:]
	}
	return rec[:bytes.IndexByte(rec, sepByte)]
}
