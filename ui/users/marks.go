package users

import (
	"math/bits"
	"slices"

	"seatdeck/model"
)

// marks is a choice of accounts that somebody made by hand. It is kept as one
// bit a row, so that a million marks cost what one costs, and carried over by
// account id when another roster comes.
type marks struct {
	rows  []uint64
	n     int
	away  []int64 // marked, and not in a roster that is not whole; ascending
	seats int     // how many of the marked the instance counts, kept by the pane
}

// len is how many accounts are marked.
func (m *marks) len() int { return m.n + len(m.away) }

func (m *marks) clear() { *m = marks{} }

func (m *marks) has(row int) bool {
	w := row >> 6
	return w < len(m.rows) && m.rows[w]>>(row&63)&1 != 0
}

// set marks a row or takes its mark off.
func (m *marks) set(row int, on bool) {
	if m.has(row) == on {
		return
	}
	for len(m.rows) <= row>>6 {
		m.rows = append(m.rows, make([]uint64, row>>6+1-len(m.rows))...)
	}
	m.rows[row>>6] ^= 1 << (row & 63)
	if on {
		m.n++
	} else {
		m.n--
	}
}

// all reports whether every one of the rows is marked.
func (m *marks) all(rows model.Index) bool {
	return len(rows) > 0 && len(rows) <= m.n && !slices.ContainsFunc(rows, func(row int32) bool { return !m.has(int(row)) })
}

// each calls f with every marked row of the roster, ascending.
func (m *marks) each(f func(row int)) {
	for w, word := range m.rows {
		for ; word != 0; word &= word - 1 {
			f(w<<6 + bits.TrailingZeros64(word))
		}
	}
}

// carry moves the marks from one roster to the next. Accounts that are gone from
// a whole roster lose theirs; a roster that is not whole says nothing about
// those it lacks, so their marks wait. Both rosters are by id.
func (m *marks) carry(from, to *model.Roster) {
	ids := slices.Clone(m.away)
	m.each(func(row int) { ids = append(ids, from.ID(row)) })
	slices.Sort(ids)
	*m = marks{}
	row := 0
	for _, id := range ids {
		for row < to.Len() && to.ID(row) < id {
			row++
		}
		switch {
		case row < to.Len() && to.ID(row) == id:
			m.set(row, true)
		case !to.Complete():
			m.away = append(m.away, id)
		}
	}
}

// setMark marks an account or takes its mark off, and keeps the number of seats.
func (p *Pane) setMark(row int, on bool) {
	if p.marks.has(row) == on {
		return
	}
	p.marks.set(row, on)
	if p.seated(row) {
		p.marks.seats += map[bool]int{true: 1, false: -1}[on]
	}
}

// seated reports whether the instance counts an account.
func (p *Pane) seated(row int) bool { return p.seats.Billable(row).Or(false) }

// recountMarks counts the seats of the marked anew: the accounts are others, or
// the rules are.
func (p *Pane) recountMarks() {
	p.marks.seats = 0
	p.marks.each(func(row int) {
		if p.seated(row) {
			p.marks.seats++
		}
	})
}

// reach is a range that is being marked: from an account to the cursor.
type reach struct {
	on   bool
	from int64 // the account it began at
	at   int   // that account's place in the rows shown
}

// settle finds the beginning again after the rows changed; without it there is
// no range any more.
func (r *reach) settle(p *Pane) {
	if !r.on {
		return
	}
	if r.at = p.indexOf(r.from); r.at < 0 {
		*r = reach{}
	}
}

// ends returns the first and last place of the range.
func (r *reach) ends(cursor int) (first, last int) { return min(r.at, cursor), max(r.at, cursor) }

// has reports whether the place in the rows shown is in the range.
func (r *reach) has(i, cursor int) bool {
	if !r.on {
		return false
	}
	first, last := r.ends(cursor)
	return i >= first && i <= last
}
