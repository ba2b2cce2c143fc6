package users

import (
	"slices"

	"seatdeck/model"
)

// marks is a choice of accounts that somebody made by hand. It is kept as one
// bit a row, so that a million marks cost what one costs, and carried over by
// account id when another roster comes.
type marks struct {
	rows bitmap
	away []int64 // marked, and not in a roster that is not whole; ascending
	made int     // number of the newest change
}

// len is how many accounts are marked.
func (m *marks) len() int { return m.rows.count() + len(m.away) }

func (m *marks) clear() { *m = marks{made: m.made + 1} }

func (m *marks) has(row int) bool { return m.rows.has(row) }

// set marks a row or takes its mark off.
func (m *marks) set(row int, on bool) {
	m.made++
	m.rows.set(row, on)
}

// setAll marks a set of rows or takes their marks off.
func (m *marks) setAll(rows bitmap, on bool) {
	m.made++
	m.rows.grow(len(rows))
	for w, word := range rows {
		if on {
			m.rows[w] |= word
		} else {
			m.rows[w] &^= word
		}
	}
}

// all reports whether every one of a set of rows is marked, and there is one.
func (m *marks) all(rows bitmap) bool {
	some := false
	for w, word := range rows {
		if some = some || word != 0; word != 0 && (w >= len(m.rows) || word&^m.rows[w] != 0) {
			return false
		}
	}
	return some
}

// each calls f with every marked row of the roster, ascending.
func (m *marks) each(f func(row int)) { m.rows.each(f) }

// snapshot is the marks as they are, for work beside the screen.
func (m *marks) snapshot() marks {
	return marks{rows: slices.Clone(m.rows), away: m.away, made: m.made}
}

// carried returns the marks moved from one roster to the next. Accounts that are
// gone from a whole roster lose theirs; a roster that is not whole says nothing
// about those it lacks, so their marks wait. Both rosters are by id.
func (m *marks) carried(from, to *model.Roster) marks {
	next := marks{rows: newBitmap(to.Len()), made: m.made}
	row, whole := 0, to.Complete()
	keep := func(id int64) {
		for row < to.Len() && to.ID(row) < id {
			row++
		}
		switch {
		case row < to.Len() && to.ID(row) == id:
			next.rows.set(row, true)
		case !whole:
			next.away = append(next.away, id)
		}
	}
	away := m.away
	m.each(func(r int) {
		id := from.ID(r)
		for ; len(away) > 0 && away[0] < id; away = away[1:] {
			keep(away[0])
		}
		keep(id)
	})
	for _, id := range away {
		keep(id)
	}
	return next
}

// markedSeats is how many of the marked the instance counts.
func (p *Pane) markedSeats() int { return p.marks.rows.countIn(p.seated) }

// seatedIn is the rows of a roster that the instance counts.
func seatedIn(r *model.Roster, seats *model.Seating) bitmap {
	b := newBitmap(r.Len())
	for row := range r.Len() {
		if seats.Billable(row).Or(false) {
			b[row>>6] |= 1 << (row & 63)
		}
	}
	return b
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
