package licensing

import (
	"context"

	"seatdeck/model"
)

// observe writes down what the newest reading shows: another instance under the
// same address, a sync not seen before (or that somebody looked today and there
// was none), and the daily counts that the instance itself forgets when its
// term ends. Without a live reading there is nothing to observe.
func (d *Desk) observe(ctx context.Context) {
	d.readJournal(ctx)
	d.mu.Lock()
	facts, known := d.facts, d.entries
	d.mu.Unlock()

	var add []model.Entry
	if e, ok := model.ChapterOf(known, facts, d.now()); ok {
		add = append(add, e)
	}
	if e, ok := model.ObservationOf(known, facts, d.now()); ok {
		add = append(add, e)
	}
	add = append(add, newCounts(known, facts)...)
	for i := range add {
		add[i].At, add[i].Who = d.now(), d.p.Who
	}
	if len(add) == 0 {
		return
	}
	if _, err := d.p.Journal.Append(context.WithoutCancel(ctx), add...); err != nil {
		d.mu.Lock()
		d.note("write the journal", err)
		d.mu.Unlock()
	}
	d.readJournal(ctx)
}

// newCounts returns records of the daily counts that are not kept yet. The
// newest row waits until the next one: its day may not be over.
func newCounts(known []model.Entry, f model.Facts) []model.Entry {
	if !f.Daily.Known() || f.Daily.Err != nil || f.Daily.AsOf.Source != model.SourceLive {
		return nil
	}
	kept := map[string]bool{}
	for _, e := range known {
		kept[e.Key] = true
	}
	var out []model.Entry
	rows := f.Daily.Value.Rows
	for _, row := range rows[:max(0, len(rows)-1)] {
		if e, err := row.Entry(); err == nil && !kept[e.Key] {
			out = append(out, e)
		}
	}
	return out
}
