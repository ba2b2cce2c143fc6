package licensing_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"seatdeck/licensing"
	"seatdeck/licensing/sandbox"
	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
)

// record counts the entries of a journal by kind.
func record(t testing.TB, j licensing.Journal) map[model.EntryKind][]model.Entry {
	t.Helper()
	entries, err := j.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out := map[model.EntryKind][]model.Entry{}
	for _, e := range entries {
		out[e.Kind] = append(out[e.Kind], e)
	}
	return out
}

func look(t testing.TB, d *licensing.Desk) *licensing.View {
	t.Helper()
	v, err := d.Refresh(t.Context(), licensing.RefreshOptions{NoRoster: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Over a week in which somebody looks every four hours, there is one record for
// each value of the last sync, at most one look a day, and each daily count
// once.
func TestObservingAWeek(t *testing.T) {
	r := rig.New(t, rig.Options{Users: 60, Memory: true})
	syncs := map[string]bool{}
	var v *licensing.View
	for range 7 * 6 {
		v = look(t, r.Desk)
		last, ok := v.Facts.License.Value.LastSync.Get()
		if !ok {
			t.Fatal("no last sync")
		}
		syncs[last.Format(time.RFC3339)] = true
		r.Clock.Advance(4 * time.Hour)
	}
	if len(syncs) < 6 {
		t.Fatalf("the instance synced %d times in a week", len(syncs))
	}
	rec := record(t, r.Journal)
	if n := len(rec[model.EntryObserved]); n != len(syncs) {
		t.Errorf("%d observations of %d syncs", n, len(syncs))
	}
	days := map[string]int{}
	for _, e := range rec[model.EntryWatched] {
		days[e.Key]++
		if days[e.Key] > 1 {
			t.Errorf("%s twice", e.Key)
		}
	}
	if n := len(days); n < 6 || n > 8 {
		t.Errorf("looks on %d days", n)
	}
	if n := len(rec[model.EntryChapter]); n != 1 {
		t.Errorf("%d chapters", n)
	}
	counts := map[string]bool{}
	for _, e := range rec[model.EntryCount] {
		if counts[e.Key] {
			t.Errorf("%s twice", e.Key)
		}
		counts[e.Key] = true
	}
	// The newest row's day may not be over: it is kept with the next one.
	if want := len(v.Facts.Daily.Value.Rows) - 1; len(counts) != want {
		t.Errorf("%d counts kept of %d rows", len(counts), want)
	}
	for _, e := range rec[model.EntryObserved] {
		if e.Who != rig.Who || e.At.IsZero() {
			t.Errorf("%+v", e)
		}
	}
	if n := len(v.History.Records); n != len(syncs) {
		t.Errorf("%d rows of history", n)
	}
}

// Two desks on one record: whoever looks first writes, the other adds nothing.
func TestTwoDesksOneRecord(t *testing.T) {
	r := rig.New(t, rig.Options{Users: 60, Memory: true})
	desks := []*licensing.Desk{r.Desk, r.Reopen(), r.Reopen(), r.Reopen()}
	for range 3 {
		var wg sync.WaitGroup
		for _, d := range desks {
			wg.Go(func() {
				if _, err := d.Refresh(t.Context(), licensing.RefreshOptions{NoRoster: true}, nil); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		r.Clock.Advance(24 * time.Hour)
	}
	keys := map[string]int{}
	for _, entries := range record(t, r.Journal) {
		for _, e := range entries {
			keys[string(e.Kind)+" "+e.Key]++
		}
	}
	for key, n := range keys {
		if n > 1 {
			t.Errorf("%s: %d times", key, n)
		}
	}
	if len(keys) < 6 {
		t.Errorf("%d records", len(keys))
	}
}

// Without a licence that syncs there is nothing to observe.
func TestNothingToObserve(t *testing.T) {
	for _, scenario := range []string{"free", "offline"} {
		r := rig.New(t, rig.Options{Scenario: scenario, Users: 60, Memory: true})
		look(t, r.Desk)
		rec := record(t, r.Journal)
		if len(rec[model.EntryObserved])+len(rec[model.EntryWatched]) != 0 {
			t.Errorf("%s: %v", scenario, rec)
		}
	}
}

// switched is an instance that was replaced by another under the same address.
type switched struct {
	licensing.Instance
	ping model.Ping
	last time.Time
	rows []model.DayCount
}

func (s *switched) desk(r *rig.Rig) *licensing.Desk {
	return licensing.NewDesk(licensing.Parts{
		Info: r.Info, Instance: bare{s}, Cache: r.Cache, Journal: r.Journal, Clock: r.Clock, Shelf: r.Shelf, Who: rig.Who,
	})
}

// A changed uuid begins a chapter; in it a sync at the same moment and counts of
// the same days are records of their own, and those of the former instance are
// no part of the new one's counts.
func TestChapters(t *testing.T) {
	r := rig.New(t, rig.Options{Users: 60, Memory: true})
	s := &switched{last: rig.Start.Add(-time.Hour), ping: model.Ping{UUID: model.Clean("aaaa")}}
	day := func(n, count int) model.DayCount {
		return model.DayCount{At: rig.Start.AddDate(0, 0, n).Truncate(24 * time.Hour).Add(12 * time.Hour), Count: count}
	}
	s.rows = []model.DayCount{day(-5, 50), day(-3, 51), day(-2, 52)}
	d := s.desk(r)
	look(t, d)
	r.Clock.Advance(time.Hour)
	look(t, d)
	rec := record(t, r.Journal)
	if len(rec[model.EntryChapter]) != 1 || len(rec[model.EntryObserved]) != 1 || len(rec[model.EntryCount]) != 2 {
		t.Fatalf("%d chapters, %d observations, %d counts", len(rec[model.EntryChapter]), len(rec[model.EntryObserved]), len(rec[model.EntryCount]))
	}

	s.ping.UUID, s.rows = model.Clean("bbbb"), []model.DayCount{day(-3, 900), day(-2, 901)}
	r.Clock.Advance(time.Hour)
	v := look(t, d)
	rec = record(t, r.Journal)
	if len(rec[model.EntryChapter]) != 2 || len(rec[model.EntryObserved]) != 2 || len(rec[model.EntryCount]) != 3 {
		t.Fatalf("%d chapters, %d observations, %d counts", len(rec[model.EntryChapter]), len(rec[model.EntryObserved]), len(rec[model.EntryCount]))
	}
	var c model.Chapter
	var o model.Observation
	if err := json.Unmarshal(rec[model.EntryChapter][1].Body, &c); err != nil || c.UUID.String() != "bbbb" || c.Before.String() != "aaaa" {
		t.Errorf("%+v, %v", c, err)
	}
	if err := json.Unmarshal(rec[model.EntryObserved][1].Body, &o); err != nil || o.Before.Known() || o.Since.Known() {
		t.Errorf("the new instance's first sync is compared with the old one's: %+v, %v", o, err)
	}
	if got := v.Observed; len(got.Rows) != 2 || got.Rows[0].Count != 900 {
		t.Errorf("counts of two instances in one: %+v", got)
	}
	look(t, d)
	if again := record(t, r.Journal); len(again[model.EntryChapter]) != 2 || len(again[model.EntryObserved]) != 2 {
		t.Error("the same look twice")
	}
	if !slices.ContainsFunc(v.History.Records, func(r model.Record) bool { return r.Kind == model.RecordChapter }) {
		t.Error("the history does not show the chapter")
	}
}

// Counts outlive the export that showed them.
func TestCountsOutliveTheTerm(t *testing.T) {
	r := rig.New(t, rig.Options{Users: 60, Memory: true})
	s := &switched{last: rig.Start, ping: model.Ping{UUID: model.Clean("aaaa")}}
	at := rig.Start.Truncate(24 * time.Hour).Add(12 * time.Hour)
	s.rows = []model.DayCount{{At: at.AddDate(0, 0, -40), Count: 41}, {At: at.AddDate(0, 0, -1), Count: 44}}
	d := s.desk(r)
	look(t, d)
	s.rows = []model.DayCount{{At: at, Count: 45}} // a new term has begun
	r.Clock.Advance(24 * time.Hour)
	v := look(t, d)
	if len(v.Facts.Daily.Value.Rows) != 1 || len(v.Observed.Rows) != 2 || v.Observed.Rows[0].Count != 41 {
		t.Errorf("%+v", v.Observed)
	}
}

// brokenJournal refuses what it is told to.
type brokenJournal struct {
	licensing.Journal
	read, append error
}

func (b *brokenJournal) Read(ctx ctx) ([]model.Entry, error) {
	if b.read != nil {
		return nil, b.read
	}
	return b.Journal.Read(ctx)
}

func (b *brokenJournal) Append(ctx ctx, e ...model.Entry) (int, error) {
	if b.append != nil {
		return 0, b.append
	}
	return b.Journal.Append(ctx, e...)
}

// Reading goes on without a record and without a cache; each trouble is one
// notice, and goes when the same thing works again.
func TestNoticesComeAndGo(t *testing.T) {
	r := rig.New(t, rig.Options{Users: 60, Memory: true})
	cache := &rig.MemoryCache{}
	j := &brokenJournal{Journal: r.Journal, append: model.Fail(model.ClassStorage, "keep the record", "the disk is full", "")}
	cache.Fail = func(method string) error {
		if method == "Save" {
			return model.Fail(model.ClassStorage, "write the cache", "the disk is full", "")
		}
		return nil
	}
	d := licensing.NewDesk(licensing.Parts{Info: r.Info, Instance: r.Instance(), Cache: cache, Journal: j, Clock: r.Clock, Shelf: r.Shelf, Who: rig.Who})
	for range 2 {
		v, err := d.Refresh(t.Context(), licensing.RefreshOptions{}, nil)
		if err != nil || len(v.Notices) != 2 || v.Facts.Roster.Value.Accounts != 60 {
			t.Fatalf("%v, %v", err, v.Notices)
		}
	}
	j.append, cache.Fail = nil, nil
	if v := look(t, d); len(v.Notices) != 0 {
		t.Errorf("%v", v.Notices)
	}
	j.read = errors.New("input/output error")
	kept := d.View().History.Entries
	if v := look(t, d); len(v.Notices) != 1 || v.History.Entries != kept || kept == 0 {
		t.Errorf("%v, %d entries", v.Notices, v.History.Entries)
	}
}

// A cache that can neither be read nor written for one reason is one notice; for
// two reasons it is two. What they are about does not depend on their words.
func TestOneTroubleIsOneNotice(t *testing.T) {
	for second, want := range map[string]int{"held by another process": 1, "the disk is full": 2} {
		r := rig.New(t, rig.Options{Users: 60, Memory: true})
		cache := &rig.MemoryCache{Fail: func(method string) error {
			if method == "Save" {
				return model.Fail(model.ClassLocked, "save", second, "")
			}
			return model.Fail(model.ClassLocked, "look", "held by another process", "")
		}}
		d := licensing.NewDesk(licensing.Parts{Info: r.Info, Instance: r.Instance(), Cache: cache, Journal: r.Journal, Clock: r.Clock, Shelf: r.Shelf, Who: rig.Who})
		d.Load(t.Context())
		if v, err := d.Refresh(t.Context(), licensing.RefreshOptions{}, nil); err != nil || len(v.Notices) != want {
			t.Errorf("then %s: %v, %v, want %d notices", second, err, v.Notices, want)
		} else if v.Notices[0].Task != licensing.TaskReadFacts {
			t.Errorf("the first notice is about %s", v.Notices[0].Task)
		}
	}
}

// The past that the built-in sandbox tells reads as a healthy history.
func TestRecall(t *testing.T) {
	r := rig.New(t, rig.Options{Memory: true})
	var looks []licensing.Look
	for _, p := range r.Sandbox.PastSyncs() {
		looks = append(looks, licensing.Look(p))
	}
	past := licensing.Recall(looks)
	if _, err := r.Journal.Append(t.Context(), past...); err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for i, e := range past {
		if keys[string(e.Kind)+e.Key] || i > 0 && e.At.Before(past[i-1].At) {
			t.Errorf("%s at %s: twice, or out of order", e.Key, e.At)
		}
		keys[string(e.Kind)+e.Key] = true
	}
	v := look(t, r.Desk)
	if v.History.Health != model.HealthInStep || v.History.Missing == 0 || len(v.History.Gaps) == 0 || v.History.Seen < 60 {
		t.Errorf("%s, %d seen, %d missing, gaps %v", v.History.Health, v.History.Seen, v.History.Missing, v.History.Gaps)
	}
	if !slices.ContainsFunc(v.History.Records, func(r model.Record) bool {
		return slices.ContainsFunc(r.Changes, func(c model.Change) bool { return c.Field == "add-ons" })
	}) {
		t.Error("the add-on purchase is not in the history")
	}
	if strings.Contains(fmt.Sprint(v.History), sandbox.TokenAdmin) {
		t.Error("the token is in the history")
	}
}
