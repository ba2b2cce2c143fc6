package users

import (
	"math/bits"

	"seatdeck/model"
)

// bitmap is a set of rows of one roster, one bit each: what is done with all of
// it takes microseconds, also for a million rows.
type bitmap []uint64

// newBitmap returns an empty set with room for n rows.
func newBitmap(n int) bitmap { return make(bitmap, (n+63)/64) }

// bitmapOf is the set of some rows of a roster of n.
func bitmapOf(n int, rows model.Index) bitmap {
	b := newBitmap(n)
	for _, row := range rows {
		b[row>>6] |= 1 << (row & 63)
	}
	return b
}

func (b bitmap) has(row int) bool { return row>>6 < len(b) && b[row>>6]>>(row&63)&1 != 0 }

func (b *bitmap) set(row int, on bool) {
	b.grow(row>>6 + 1)
	if on {
		(*b)[row>>6] |= 1 << (row & 63)
	} else {
		(*b)[row>>6] &^= 1 << (row & 63)
	}
}

// grow makes room for so many words.
func (b *bitmap) grow(words int) {
	if n := words - len(*b); n > 0 {
		*b = append(*b, make(bitmap, n)...)
	}
}

func (b bitmap) count() (n int) {
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// countIn is how many rows are in another set too.
func (b bitmap) countIn(other bitmap) (n int) {
	for i := range min(len(b), len(other)) {
		n += bits.OnesCount64(b[i] & other[i])
	}
	return n
}

// each calls f with every row, ascending.
func (b bitmap) each(f func(row int)) {
	for w, word := range b {
		for ; word != 0; word &= word - 1 {
			f(w<<6 + bits.TrailingZeros64(word))
		}
	}
}

// index is the rows as an index, ascending.
func (b bitmap) index() model.Index {
	rows := make(model.Index, 0, b.count())
	b.each(func(row int) { rows = append(rows, int32(row)) })
	return rows
}
