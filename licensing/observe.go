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
	// A look that was made is written down even if somebody has lost patience.
	ctx = context.WithoutCancel(ctx)
	known := d.readJournal(ctx)
	facts, now := d.snapshot(), d.now()
	// A chapter comes by itself: natural keys start afresh behind it, and what
	// follows belongs to the instance that answers now.
	if e, ok := model.ChapterOf(known, facts, now); ok {
		if !d.record(ctx, e) {
			return
		}
		known = d.readJournal(ctx)
	}
	known = newestChapter(known)
	add := newCounts(known, facts)
	if e, ok := model.ObservationOf(known, facts, now); ok {
		add = append(add, e)
	}
	if len(add) > 0 && d.record(ctx, add...) {
		d.readJournal(ctx)
	}
}

// record appends entries to the journal and reports whether they are kept.
func (d *Desk) record(ctx context.Context, entries ...model.Entry) bool {
	for i := range entries {
		entries[i].At, entries[i].Who = d.now(), d.p.Who
	}
	_, err := d.p.Journal.Append(ctx, entries...)
	d.settle(TaskWriteRecord, err)
	return err == nil
}

// readJournal reads the record anew and returns what is known of it, which on
// failure is what was read before.
func (d *Desk) readJournal(ctx context.Context) []model.Entry {
	var entries []model.Entry
	err := guarded("read the journal", func() (err error) {
		entries, err = d.p.Journal.Read(ctx)
		return err
	})
	d.settle(TaskReadRecord, err)
	d.mu.Lock()
	defer d.mu.Unlock()
	if err == nil {
		d.entries, d.derived = entries, nil
	}
	return d.entries
}

// newestChapter returns the entries about the instance that answers now. The
// first chapter only remembers the uuid: what stands before it is of the same
// instance.
func newestChapter(entries []model.Entry) []model.Entry {
	for i := len(entries) - 1; i >= 0; i-- {
		if entries[i].Kind != model.EntryChapter {
			continue
		}
		var c model.Chapter
		if model.DecodeJSON(entries[i].Body, &c) == nil && !c.Before.Empty() {
			return entries[i:]
		}
	}
	return entries
}

// newCounts returns records of the daily counts that are not kept yet. The
// newest row waits until the next one: its day may not be over.
func newCounts(known []model.Entry, f *model.Facts) []model.Entry {
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
