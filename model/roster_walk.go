package model

import (
	"encoding/binary"
	"iter"
)

// RosterWalk is all accounts of one reading as a row of parts, for work that
// goes through them once and must not hold a million at a time. Between two
// walks nothing is in memory; each begins anew and gives the same accounts.
type RosterWalk struct {
	asOf     AsOf
	complete bool
	accounts int
	parts    iter.Seq2[*Roster, error]
}

// Len returns the number of accounts.
func (w *RosterWalk) Len() int { return w.accounts }

// AsOf says when the accounts were read, and from where.
func (w *RosterWalk) AsOf() AsOf { return w.asOf }

// Complete reports whether these are all accounts of the instance.
func (w *RosterWalk) Complete() bool { return w.complete }

// Parts gives rosters of some of the accounts each, by ascending id throughout:
// what stands in one part stands in no other, and rows are numbered from 0 in
// each. The first error ends it. Only who came to its end without one has seen
// the accounts that were saved: what holds them together is checked last.
func (w *RosterWalk) Parts() iter.Seq2[*Roster, error] { return w.parts }

// Walk returns the accounts of a roster that is in memory anyway: itself, as
// the one part.
func (r *Roster) Walk() *RosterWalk {
	return &RosterWalk{asOf: r.asOf, complete: r.complete, accounts: r.Len(), parts: func(yield func(*Roster, error) bool) {
		yield(r, nil)
	}}
}

// WalkRoster returns the accounts of an encoded roster, of which it decodes one
// chunk after the other. Damage is the same error as that of [DecodeRoster]; an
// error of the source comes as it is. The parts are marked as served from the
// cache, and none of them is complete by itself.
func WalkRoster(head RosterHead, chunks ChunkSource) (*RosterWalk, error) {
	if err := head.check(); err != nil {
		return nil, unreadable(err)
	}
	return &RosterWalk{asOf: head.AsOf.FromCache(), complete: head.Complete, accounts: head.Accounts, parts: func(yield func(*Roster, error) bool) {
		p := parts{head: &head}
		for b, err := range chunks(0, head.Chunks) {
			var r *Roster
			if err == nil {
				r, err = p.next(b)
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
		if err := p.end(); err != nil {
			yield(nil, err)
		}
	}}, nil
}

// parts decodes the chunks of a roster in their order.
type parts struct {
	head    *RosterHead
	sums    []uint32
	last    int64    // the newest id
	ignored []uint32 // orders, which are of all accounts
	texts   textReader
}

// next decodes the chunk that follows.
func (p *parts) next(b []byte) (*Roster, error) {
	k := len(p.sums)
	if k >= p.head.Chunks {
		return nil, unreadable(errDamaged)
	}
	if p.ignored == nil {
		p.ignored = make([]uint32, blockRows)
	}
	r := newColumns(min(blockRows, p.head.Accounts-k*blockRows))
	r.asOf, r.providers, r.blocks = p.head.AsOf.FromCache(), p.head.Providers, make([]textBlock, 1)
	r.orders.rows = [...][]uint32{p.ignored, p.ignored, p.ignored}
	if !r.readChunk(0, b, &p.texts) || !r.ascends() || k > 0 && r.ids[0] <= p.last {
		return nil, unreadable(errDamaged)
	}
	r.orders.rows = [orderCount][]uint32{}
	p.sums, p.last = append(p.sums, binary.LittleEndian.Uint32(b[1:])), r.ids[r.Len()-1]
	return r, nil
}

// end checks that these were all chunks of that head.
func (p *parts) end() error {
	if len(p.sums) != p.head.Chunks || p.head.sum(p.sums) != p.head.Sum {
		return unreadable(errDamaged)
	}
	return nil
}
