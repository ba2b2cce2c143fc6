package model

import (
	"slices"
	"sort"
	"time"
)

// records returns the rows of the history, newest first: syncs, those that were
// tried by us, what was overdue between them, chapters.
func (ev *evidence) records(license Part[License], acts []Run) []Record {
	rows := []Record{}
	ours, tried := syncRuns(acts)
	rows = append(rows, tried...)
	for i, s := range ev.syncs {
		var prev *sighting
		if i > 0 && ev.syncs[i-1].chapter == s.chapter {
			prev = &ev.syncs[i-1]
		}
		row := s.record(prev)
		if run := ours[row.At.Unix()]; run != nil {
			row.setOffBy(run)
			delete(ours, row.At.Unix())
		}
		rows = append(rows, row)
		if prev != nil {
			if r, ok := ev.overdue(prev.LastSync, s.chapter, Some(s.LastSync)); ok {
				rows = append(rows, r)
			}
		}
	}
	if r, ok := ev.lasting(license); ok {
		rows = append(rows, r)
	}
	for _, c := range ev.chapters {
		rows = append(rows, Record{Kind: RecordChapter, At: c.Seen, Seen: c.Seen, Instance: c.UUID, Who: c.entry.Who, Seq: c.entry.Seq, Changes: []Change{}})
	}
	for _, run := range ours {
		rows = append(rows, run.record())
	}
	sort.SliceStable(rows, func(i, j int) bool { return rows[i].At.After(rows[j].At) })
	return rows
}

// syncRuns sorts the runs that sync: those that brought a sync by its time in
// seconds (as exactly as the instance tells it), and the rows of those that are
// not known to have brought one.
func syncRuns(acts []Run) (ours map[int64]*Run, tried []Record) {
	ours = map[int64]*Run{}
	for i := range acts {
		run := &acts[i]
		switch at, ok := run.LastSync().Get(); {
		case !run.Plan.Kind.Syncs():
		case ok && ours[at.Unix()] == nil:
			ours[at.Unix()] = run
		default:
			tried = append(tried, run.record())
		}
	}
	return ours, tried
}

// record is the row of a run for which no sync was observed.
func (r *Run) record() Record {
	return Record{
		Kind: RecordSync, At: r.LastSync().Or(r.Began), Seen: r.Ended, Trigger: r.Plan.Trigger, Outcome: r.Outcome,
		Changes: r.Changes(), Who: r.Who, Seq: r.Seq, Run: r,
	}
}

// setOffBy marks an observed sync as the work of a run. What the run says of it
// counts: it knew the terms right before.
func (r *Record) setOffBy(run *Run) {
	r.Trigger, r.Outcome, r.Run, r.Who = run.Plan.Trigger, run.Outcome, run, run.Who
	if changes := run.Changes(); len(changes) > 0 {
		r.Changes = changes
	}
}

// record compares a sync with the one known before it, else with what the
// journal that saw it knew.
func (s sighting) record(prev *sighting) Record {
	r := Record{
		Kind: RecordSync, At: s.LastSync.UTC(), Seen: s.Seen.UTC(), Since: s.Since, Trigger: TriggerObserved,
		Billable: s.Billable, Maximum: s.Maximum, Terms: s.After, Who: s.entry.Who, Seq: s.entry.Seq,
		Outcome: OutcomeFirst, Changes: []Change{},
	}
	before := s.Before
	if prev != nil {
		before = Some(prev.After)
	}
	if b, ok := before.Get(); ok {
		r.Outcome = OutcomeUnchanged
		if r.Changes = b.Changes(s.After); len(r.Changes) > 0 {
			r.Outcome = OutcomeChanged
		}
	}
	return r
}

// overdue returns the row for a time without a sync after one at last, when a
// look proves it: somebody looked late enough and still saw that one.
func (ev *evidence) overdue(last time.Time, chapter int, until Opt[time.Time]) (Record, bool) {
	due := overdueFrom(last)
	var seen, newest time.Time
	for _, l := range ev.showed[showing{last.UnixNano(), chapter}] {
		if !l.seen.Before(due) {
			if seen.IsZero() {
				seen = l.seen
			}
			newest = l.seen
		}
	}
	if seen.IsZero() {
		return Record{}, false
	}
	r := Record{Kind: RecordOverdue, At: due, Until: until, Seen: seen, Outcome: OutcomeOverdue, Changes: []Change{}}
	for from, to := windowAfter(last); !to.After(newest); from, to = windowAfter(from) {
		r.Days++
	}
	return r, true
}

// lasting returns the row for a sync that is overdue as the licence was last
// read.
func (ev *evidence) lasting(license Part[License]) (Record, bool) {
	last, ok := license.Value.LastSync.Get()
	if eligible, _ := license.Value.SyncEligible(); !ok || !eligible || !license.Known() {
		return Record{}, false
	}
	return ev.overdue(last.UTC(), len(ev.chapters), None[time.Time]())
}

// draw marks the days of the strip and finds the gaps.
func (h *History) draw(ev evidence, weeks int, now time.Time) {
	today := DayOf(now)
	monday := today.Add(-(int(now.Weekday()) + 6) % 7)
	strip := monday.Add(-7 * (weeks - 1))
	first := ev.first()
	marks := ev.marks(h.Records)
	from := strip
	if first.Known() {
		from = min(from, first)
	}
	for d := from; d <= monday.Add(6); d++ {
		m := ev.mark(d, today, marks)
		if d >= strip {
			h.Strip = append(h.Strip, StripDay{d, m})
			h.count(d, first, m)
		}
		if m == MarkUnwatched && first.Known() && d > first {
			h.extendGap(d)
		}
	}
	slices.Reverse(h.Gaps)
}

func (h *History) count(d, first Day, m DayMark) {
	if !first.Known() || d < first {
		return
	}
	switch m {
	case MarkSeen, MarkChanged:
		h.Seen++
	case MarkMissing:
		h.Missing++
	case MarkUnwatched:
		h.Unwatched++
	}
}

func (h *History) extendGap(d Day) {
	if n := len(h.Gaps); n > 0 && h.Gaps[n-1].To.Add(1) == d {
		h.Gaps[n-1].To = d
		return
	}
	h.Gaps = append(h.Gaps, Gap{d, d})
}

// marks returns the days on which a sync is known to have happened.
func (ev *evidence) marks(rows []Record) map[Day]DayMark {
	out := map[Day]DayMark{}
	for _, l := range ev.looks {
		if d := DayOf(l.last); d.Known() {
			out[d] = MarkSeen
		}
	}
	for _, r := range rows {
		if r.Kind == RecordSync && r.Outcome == OutcomeChanged {
			out[DayOf(r.At)] = MarkChanged
		}
	}
	return out
}

// mark decides one day. A day is missing only when a look after its end showed
// a last sync from before it; that nobody looked proves nothing.
func (ev *evidence) mark(d, today Day, marks map[Day]DayMark) DayMark {
	if m, ok := marks[d]; ok {
		return m
	}
	if d >= today {
		return MarkToCome
	}
	begins, ends := d.Time(), d.Add(1).Time()
	for _, l := range ev.looks {
		known := ev.start(l.chapter)
		if l.last.IsZero() { // never synced: says nothing about the days before anybody looked
			known = max(known, ev.first())
		}
		if d >= known && l.last.Before(begins) && !l.seen.Before(ends) {
			return MarkMissing
		}
	}
	return MarkUnwatched
}
