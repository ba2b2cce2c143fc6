package model

import (
	"bytes"
	"encoding/json"
	"slices"
	"sort"
	"time"
)

// DayCount is one row of the instance's own history of billable users: a count
// it takes once a day, near 12:00 (contract §1.10, §6.3). It is the body of an
// [EntryCount] record, so that counts outlive the term whose export shows them.
type DayCount struct {
	At    time.Time `json:"at"` // UTC
	Count int       `json:"billable_users"`
}

// Day returns the UTC day of the count.
func (c DayCount) Day() Day { return DayOf(c.At) }

// Entry returns the journal record that keeps the count. Its natural key is
// the day: the instance counts once a day.
func (c DayCount) Entry() (Entry, error) {
	c.At = c.At.UTC()
	body, err := json.Marshal(c)
	return Entry{Kind: EntryCount, Key: "count:" + c.Day().String(), Body: body}, err
}

// CountsIn returns the daily counts among journal records. Records that do not
// read as a count are left out: the journal's own check names them.
func CountsIn(entries []Entry) []DayCount {
	var out []DayCount
	for i := range entries {
		e := &entries[i]
		if e.Kind != EntryCount {
			continue
		}
		c, ok := scanCount(e.Body)
		if !ok {
			ok = DecodeJSON(e.Body, &c) == nil
		}
		if !ok || c.At.IsZero() || c.Count < 0 {
			continue
		}
		if out == nil { // most records of most journals are counts
			out = make([]DayCount, 0, len(entries)-i)
		}
		out = append(out, c)
	}
	return out
}

// scanCount reads a body exactly as [DayCount.Entry] writes it: there are
// hundreds, and every start reads them all. Others are not ok, and are decoded.
func scanCount(body []byte) (c DayCount, ok bool) {
	rest, ok := bytes.CutPrefix(body, []byte(`{"at":"`))
	at, rest, found := bytes.Cut(rest, []byte(`","billable_users":`))
	digits, closed := bytes.CutSuffix(rest, []byte("}"))
	if !ok || !found || !closed || len(digits) == 0 || len(digits) > 9 || len(digits) > 1 && digits[0] == '0' {
		return c, false
	}
	n := 0
	for _, d := range digits {
		if d < '0' || d > '9' {
			return DayCount{}, false
		}
		n = n*10 + int(d-'0')
	}
	if c.At.UnmarshalText(at) != nil {
		return DayCount{}, false
	}
	c.Count = n
	return c, true
}

// DailyCounts are the daily billable counts that are known, oldest first, at
// most one a day. Days without a row are days nobody kept, not days of zero.
type DailyCounts struct {
	Rows []DayCount `json:"rows"`
}

// UnmarshalJSON reads rows as this program writes them at a glance: a year has
// hundreds, and every start reads them before its first frame.
func (c *DailyCounts) UnmarshalJSON(b []byte) error {
	fresh := *c
	if rest, ok := fresh.scan(b); ok && len(rest) == 0 {
		*c = fresh
		return nil
	}
	type plain DailyCounts
	return json.Unmarshal(b, (*plain)(c))
}

// scan reads rows exactly as encoding/json writes them; others are not ok.
func (c *DailyCounts) scan(b []byte) (rest []byte, ok bool) {
	list, ok := bytes.CutPrefix(b, []byte(`{"rows":[`))
	list, rest, closed := bytes.Cut(list, []byte(`]}`))
	if !ok || !closed {
		return nil, false
	}
	rows := make([]DayCount, 0, bytes.Count(list, []byte{'{'}))
	for len(list) > 0 {
		if len(rows) > 0 {
			if list, ok = bytes.CutPrefix(list, []byte{','}); !ok {
				return nil, false
			}
		}
		end := bytes.IndexByte(list, '}') + 1
		row, ok := scanCount(list[:end])
		if !ok {
			return nil, false
		}
		rows, list = append(rows, row), list[end:]
	}
	c.Rows = rows
	return rest, true
}

// MergeCounts joins the rows of a usage export with those kept in the journal.
// The export wins for a day that both know. Of several rows of one day in the
// same source the highest stays, so that a peak is never lost.
func MergeCounts(export, kept []DayCount) DailyCounts {
	export, kept = oneADay(export), oneADay(kept)
	rows := make([]DayCount, 0, len(export)+len(kept))
	for len(export) > 0 && len(kept) > 0 {
		ahead := export[0].Day().Sub(kept[0].Day())
		if ahead > 0 {
			rows, kept = append(rows, kept[0]), kept[1:]
			continue
		}
		rows, export = append(rows, export[0]), export[1:]
		if ahead == 0 {
			kept = kept[1:]
		}
	}
	return DailyCounts{Rows: append(append(rows, export...), kept...)}
}

// oneADay returns the highest row of each day, oldest first. Sources are nearly
// always in order already.
func oneADay(rows []DayCount) []DayCount {
	all := make([]DayCount, 0, len(rows))
	for _, c := range rows {
		if !c.At.IsZero() && c.Count >= 0 {
			all = append(all, DayCount{c.At.UTC(), c.Count})
		}
	}
	older := func(i, j int) bool { return all[i].At.Before(all[j].At) }
	if !sort.SliceIsSorted(all, older) {
		sort.Slice(all, older)
	}
	days := all[:0]
	for _, c := range all {
		last := len(days) - 1
		switch {
		case last < 0 || days[last].Day() != c.Day():
			days = append(days, c)
		case c.Count >= days[last].Count: // the later of two that are the same
			days[last] = c
		}
	}
	return days
}

// Newest returns the newest row.
func (c DailyCounts) Newest() (DayCount, bool) {
	if len(c.Rows) == 0 {
		return DayCount{}, false
	}
	return c.Rows[len(c.Rows)-1], true
}

// Between returns the rows from one day to another, both included. The result
// shares memory with c. An unknown from or to leaves that side open.
func (c DailyCounts) Between(from, to Day) []DayCount {
	lo, hi := 0, len(c.Rows)
	if from.Known() {
		lo, _ = slices.BinarySearchFunc(c.Rows, from, byDay)
	}
	if to.Known() {
		hi, _ = slices.BinarySearchFunc(c.Rows, to.Add(1), byDay)
	}
	if lo >= hi {
		return nil
	}
	return c.Rows[lo:hi]
}

func byDay(c DayCount, d Day) int { return c.Day().Sub(d) }

// On returns the count of a day, unknown when nobody kept one.
func (c DailyCounts) On(d Day) Opt[int] {
	if rows := c.Between(d, d); d.Known() && len(rows) == 1 {
		return Some(rows[0].Count)
	}
	return None[int]()
}

// Peak returns the highest row between two days, the earliest of equals: the
// day on which the number was reached.
func (c DailyCounts) Peak(from, to Day) (DayCount, bool) {
	var best DayCount
	found := false
	for _, r := range c.Between(from, to) {
		if !found || r.Count > best.Count {
			best, found = r, true
		}
	}
	return best, found
}

// NotKept returns how many days between two known days have no row, both
// included.
func (c DailyCounts) NotKept(from, to Day) int {
	if !from.Known() || !to.Known() || to < from {
		return 0
	}
	return to.Sub(from) + 1 - len(c.Between(from, to))
}

// PeakDay returns the day on which the maximum of the licence was reached, when
// a daily row shows exactly that number. The maximum itself may also stem from
// the newest count, which is not a row yet (contract §1.3).
func (c DailyCounts) PeakDay(l License) Day {
	m, ok := l.Maximum.Get()
	if !ok || !l.Present() {
		return 0
	}
	if p, ok := c.Peak(l.Starts, l.Ends); ok && p.Count == m {
		return p.Day()
	}
	return 0
}
