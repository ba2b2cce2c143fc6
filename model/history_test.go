package model_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"seatdeck/model"
)

// diary plays a console that reads the instance: each look goes through
// ObservationOf, as a refresh does, and what it gives is kept.
type diary struct {
	t       testing.TB
	entries []model.Entry
	license model.License
}

func newDiary(t testing.TB) *diary {
	return &diary{t: t, license: model.License{
		Kind: model.KindOnlineCloud, Number: model.Clean("7"), Plan: model.PlanUltimate, Seats: model.Some(950),
		Starts: day(t, "2026-03-01"), Ends: day(t, "2027-02-28"), Daily: model.Some(949), Maximum: model.Some(987),
	}}
}

// sync sets the instance's last sync time.
func (d *diary) sync(when string) *diary {
	d.license.LastSync = model.Some(at(d.t, when))
	return d
}

func (d *diary) facts(now time.Time) *model.Facts {
	return &model.Facts{License: model.Read(d.license, model.Live(now)), Future: model.Read([]model.Term(nil), model.Live(now))}
}

// look reads the instance at a time and keeps what is worth keeping.
func (d *diary) look(when string) (model.Entry, bool) {
	now := at(d.t, when)
	e, ok := model.ObservationOf(d.entries, d.facts(now), now)
	if ok {
		e.Seq = uint64(len(d.entries) + 1)
		d.entries = append(d.entries, e)
	}
	return e, ok
}

// history derives the history as of the time of the newest look.
func (d *diary) history(weeks int, read, now string) model.History {
	return model.HistoryOf(d.entries, d.facts(at(d.t, read)).License, weeks, at(d.t, now))
}

// strip draws the marks as the screen does.
func strip(h model.History) string {
	glyph := map[model.DayMark]string{
		model.MarkSeen: "▪", model.MarkChanged: "◆", model.MarkMissing: "✗", model.MarkUnwatched: "·", model.MarkToCome: "_",
	}
	var b strings.Builder
	for i, d := range h.Strip {
		if i > 0 && i%7 == 0 {
			b.WriteByte(' ')
		}
		b.WriteString(glyph[d.Mark])
	}
	return b.String()
}

func TestObservationOf(t *testing.T) {
	d := newDiary(t).sync("2026-11-16 03:17")
	e, ok := d.look("2026-11-16 09:00")
	if !ok || e.Kind != model.EntryObserved || e.Key != "observed:2026-11-16T03:17:00Z" {
		t.Fatalf("first look: %+v, %v", e, ok)
	}
	var o model.Observation
	if err := json.Unmarshal(e.Body, &o); err != nil || o.Before.Known() || o.Since.Known() {
		t.Errorf("the first observation knows what was before: %+v, %v", o, err)
	}
	if e, ok := d.look("2026-11-16 10:00"); !ok || e.Kind != model.EntryWatched || e.Key != "watched:2026-11-16" {
		t.Errorf("a second look: %+v, %v", e, ok)
	}
	if _, ok := d.look("2026-11-16 11:00"); ok {
		t.Error("two watches on one day")
	}
	d.sync("2026-11-17 03:17")
	e, ok = d.look("2026-11-17 09:00")
	if err := json.Unmarshal(e.Body, &o); err != nil || !ok {
		t.Fatal(err)
	}
	if since, known := o.Since.Get(); !known || !since.Equal(at(t, "2026-11-16 10:00")) || !o.Before.Known() {
		t.Errorf("the second observation: %+v", o)
	}
	// Two consoles that see the same value name it alike: the journal keeps one.
	other := newDiary(t).sync("2026-11-17 03:17")
	if twin, _ := other.look("2026-11-17 09:30"); twin.Key != e.Key {
		t.Errorf("keys %q and %q", twin.Key, e.Key)
	}
}

func TestObservationOfNothing(t *testing.T) {
	now := at(t, "2026-11-16 09:00")
	d := newDiary(t).sync("2026-11-16 03:17")
	cached := d.facts(now)
	cached.License = cached.License.FromCache()
	failed := d.facts(now)
	failed.License = failed.License.Failed(model.Fail(model.ClassUnreachable, "", "down", ""))
	none := model.Facts{License: model.Read(model.License{Kind: model.KindNone}, model.Live(now))}
	offline := model.Facts{License: model.Read(model.License{Kind: model.KindOfflineCloud, Ends: day(t, "2027-02-28")}, model.Live(now))}
	for name, f := range map[string]model.Facts{"nothing": {}, "cached": *cached, "failed": *failed, "no licence": none, "offline licence": offline} {
		if e, ok := model.ObservationOf(nil, &f, now); ok {
			t.Errorf("%s gives %s", name, e.Key)
		}
	}
	fresh := newDiary(t)
	if e, ok := fresh.look("2026-11-16 09:00"); !ok || e.Kind != model.EntryWatched {
		t.Errorf("an online licence that never synced: %+v, %v", e, ok)
	}
}

// TestHistoryStory plays the story of the pictures: daily syncs, one that
// changed the seats, two missing days that somebody watched.
func TestHistoryStory(t *testing.T) {
	d := newDiary(t)
	for _, day := range []string{"09", "10", "11", "12", "13", "14", "15", "16", "17"} {
		if day == "13" {
			d.license.Seats = model.Some(1000)
		}
		d.sync("2026-11-" + day + " 03:17").look("2026-11-" + day + " 09:00")
	}
	d.look("2026-11-18 09:00") // nothing came
	d.look("2026-11-19 09:00")
	d.look("2026-11-20 00:10") // the newest proof that the 19th brought nothing
	d.sync("2026-11-20 03:17").look("2026-11-20 09:00")
	d.sync("2026-11-21 03:41").look("2026-11-21 09:52")

	h := d.history(2, "2026-11-21 09:52", "2026-11-21 09:52")
	if h.Health != model.HealthInStep || h.Why != "" {
		t.Errorf("health %s (%s)", h.Health, h.Why)
	}
	if got, want := strip(h), "▪▪▪▪◆▪▪ ▪▪✗✗▪▪_"; got != want {
		t.Errorf("strip %q, want %q", got, want)
	}
	if h.Seen != 11 || h.Missing != 2 || h.Unwatched != 0 || len(h.Gaps) != 0 {
		t.Errorf("seen %d, missing %d, not watched %d, gaps %v", h.Seen, h.Missing, h.Unwatched, h.Gaps)
	}
	if !h.NextFrom.Or(time.Time{}).Equal(at(t, "2026-11-22 03:00")) || !h.NextTo.Or(time.Time{}).Equal(at(t, "2026-11-22 05:00")) {
		t.Errorf("next window %v to %v", h.NextFrom, h.NextTo)
	}
	var outcomes []string
	for _, r := range h.Records {
		outcomes = append(outcomes, r.At.Format("02 15:04 ")+string(r.Outcome))
	}
	want := []string{
		"21 03:41 unchanged", "20 03:17 unchanged", "18 05:17 overdue", "17 03:17 unchanged", "16 03:17 unchanged", "15 03:17 unchanged",
		"14 03:17 unchanged", "13 03:17 changed", "12 03:17 unchanged", "11 03:17 unchanged", "10 03:17 unchanged", "09 03:17 first seen",
	}
	if !slices.Equal(outcomes, want) {
		t.Errorf("records\n%q, want\n%q", outcomes, want)
	}
	changed := h.Records[slices.IndexFunc(h.Records, func(r model.Record) bool { return r.Outcome == model.OutcomeChanged })]
	if !slices.Equal(changed.Changes, []model.Change{{Field: "seats", Before: "950", After: "1,000"}}) {
		t.Errorf("changes %+v", changed.Changes)
	}
	if late := h.Records[2]; late.Days != 2 || !late.Until.Or(time.Time{}).Equal(at(t, "2026-11-20 03:17")) {
		t.Errorf("overdue: %+v", late)
	}
}

// TestHistoryGap: days on which nobody looked are a gap. That a later look
// finds a newer sync proves nothing about them.
func TestHistoryGap(t *testing.T) {
	d := newDiary(t)
	d.sync("2026-11-09 03:17").look("2026-11-09 09:00")
	d.sync("2026-11-10 03:17").look("2026-11-10 09:00")
	d.sync("2026-11-14 03:17").look("2026-11-14 09:00")
	h := d.history(1, "2026-11-14 09:00", "2026-11-14 09:00")
	if got, want := strip(h), "▪▪···▪_"; got != want {
		t.Errorf("strip %q, want %q", got, want)
	}
	if len(h.Gaps) != 1 || h.Gaps[0].Days() != 3 || h.Gaps[0].From != day(t, "2026-11-11") {
		t.Errorf("gaps %+v, want the 11th to the 13th", h.Gaps)
	}
	if h.Seen != 3 || h.Missing != 0 || h.Unwatched != 3 {
		t.Errorf("seen %d, missing %d, not watched %d", h.Seen, h.Missing, h.Unwatched)
	}
	for _, r := range h.Records {
		if r.Kind == model.RecordOverdue {
			t.Errorf("a time that nobody watched is called overdue: %+v", r)
		}
	}
	// But one look that still shows the old value proves all days before it.
	d = newDiary(t)
	d.sync("2026-11-09 03:17").look("2026-11-09 09:00")
	d.look("2026-11-13 09:00")
	h = d.history(1, "2026-11-13 09:00", "2026-11-13 09:00")
	if got, want := strip(h), "▪✗✗✗___"; got != want {
		t.Errorf("strip %q, want %q", got, want)
	}
}

func TestHealth(t *testing.T) {
	tests := []struct {
		name, last, read, now string
		want                  model.Health
		since                 string
	}{
		{"synced today", "2026-11-21 03:41", "2026-11-21 09:52", "2026-11-21 09:52", model.HealthInStep, ""},
		{"before today's window", "2026-11-20 03:17", "2026-11-21 02:00", "2026-11-21 02:00", model.HealthInStep, ""},
		{"in today's window", "2026-11-20 03:17", "2026-11-21 04:00", "2026-11-21 04:00", model.HealthInStep, ""},
		{"window over, 26 hours not yet", "2026-11-20 03:17", "2026-11-21 05:10", "2026-11-21 05:10", model.HealthInStep, ""},
		{"window over and 26 hours", "2026-11-20 03:17", "2026-11-21 05:17", "2026-11-21 05:17", model.HealthOverdue, "2026-11-21 05:17"},
		{"late in the last window", "2026-11-20 04:58", "2026-11-21 06:57", "2026-11-21 06:57", model.HealthInStep, ""},
		{"by hand in the afternoon", "2026-11-20 14:10", "2026-11-21 09:52", "2026-11-21 09:52", model.HealthInStep, ""},
		{"days ago", "2026-11-17 03:17", "2026-11-21 09:52", "2026-11-21 09:52", model.HealthOverdue, "2026-11-18 05:17"},
		{"read before the last window", "2026-11-20 14:10", "2026-11-20 18:02", "2026-11-21 09:52", model.HealthUnknown, ""},
		{"read long ago, overdue then", "2026-11-10 03:17", "2026-11-15 09:00", "2026-11-21 09:52", model.HealthUnknown, ""},
		{"a sync ahead of our clock", "2026-11-21 10:00", "2026-11-21 09:52", "2026-11-21 09:52", model.HealthInStep, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newDiary(t).sync(tt.last).history(1, tt.read, tt.now)
			since := ""
			if s, ok := h.Since.Get(); ok {
				since = s.Format("2006-01-02 15:04")
			}
			if h.Health != tt.want || since != tt.since {
				t.Errorf("%s since %q (%s), want %s since %q", h.Health, since, h.Why, tt.want, tt.since)
			}
			if h.Health == model.HealthUnknown && h.Why == "" {
				t.Error("unknown without a reason")
			}
		})
	}
}

func TestHealthWithoutSync(t *testing.T) {
	now := at(t, "2026-11-21 09:52")
	of := func(l model.License) model.History {
		return model.HistoryOf(nil, model.Read(l, model.Live(now)), 1, now)
	}
	ends := day(t, "2027-02-28")
	tests := []struct {
		name string
		h    model.History
		want model.Health
	}{
		{"nothing read", model.HistoryOf(nil, model.Part[model.License]{}, 1, now), model.HealthUnknown},
		{"no licence", of(model.License{Kind: model.KindNone}), model.HealthNotEligible},
		{"offline", of(model.License{Kind: model.KindOfflineCloud, Ends: ends}), model.HealthNotEligible},
		{"licence file", of(model.License{Kind: model.KindLegacy, Ends: ends}), model.HealthNotEligible},
		{"no end", of(model.License{Kind: model.KindOnlineCloud}), model.HealthNotEligible},
		{"kind not read", of(model.License{Kind: model.KindUnknown, Ends: ends}), model.HealthUnknown},
		{"added today", of(model.License{Kind: model.KindOnlineCloud, Ends: ends, Added: day(t, "2026-11-21")}), model.HealthUnknown},
		{"added a week ago", of(model.License{Kind: model.KindOnlineCloud, Ends: ends, Added: day(t, "2026-11-14")}), model.HealthOverdue},
		{"added who knows when", of(model.License{Kind: model.KindOnlineCloud, Ends: ends}), model.HealthUnknown},
	}
	for _, tt := range tests {
		if tt.h.Health != tt.want || tt.h.Why == "" {
			t.Errorf("%s: %s (%s), want %s", tt.name, tt.h.Health, tt.h.Why, tt.want)
		}
		if len(tt.h.Strip) != 7 {
			t.Errorf("%s: a strip of %d days", tt.name, len(tt.h.Strip))
		}
		if known := tt.h.NextFrom.Known(); known != (tt.want == model.HealthOverdue || tt.name == "added today" || tt.name == "added who knows when") {
			t.Errorf("%s: next window known %v", tt.name, known)
		}
	}
}

// TestHistoryMerges: several journals tell of the same syncs; each counts once,
// in any order.
func TestHistoryMerges(t *testing.T) {
	a, b := newDiary(t), newDiary(t)
	a.sync("2026-11-09 03:17").look("2026-11-09 09:00")
	b.sync("2026-11-09 03:17").look("2026-11-09 08:00")
	b.sync("2026-11-10 03:17").look("2026-11-10 08:00")
	a.sync("2026-11-11 03:17").look("2026-11-11 09:00")
	b.sync("2026-11-11 03:17").look("2026-11-11 10:00")
	now := "2026-11-11 10:00"
	merged := slices.Concat(a.entries, b.entries)
	h := model.HistoryOf(merged, b.facts(at(t, now)).License, 1, at(t, now))
	if len(h.Records) != 3 || h.Entries != 3 || strip(h) != "▪▪▪____" {
		t.Errorf("%d records of %d entries, strip %q", len(h.Records), h.Entries, strip(h))
	}
	if !h.Records[2].Seen.Equal(at(t, "2026-11-09 08:00")) {
		t.Errorf("first seen %s, want the earlier journal's look", h.Records[2].Seen)
	}
	slices.Reverse(merged)
	again := model.HistoryOf(merged, b.facts(at(t, now)).License, 1, at(t, now))
	x, _ := json.Marshal(h)
	y, _ := json.Marshal(again)
	if string(x) != string(y) {
		t.Errorf("the order of journals matters:\n%s\n%s", x, y)
	}
}

// Another instance under the same address may sync at the very second the one
// before did, and be watched on the same day: both are kept. A chapter that two
// journals begin is one.
func TestHistoryChaptersBeginKeysAnew(t *testing.T) {
	var entries []model.Entry
	chapter := func(uuid, when string) {
		now := at(t, when)
		f := model.Facts{Ping: model.Read(model.Ping{UUID: model.Clean(uuid)}, model.Live(now))}
		e, ok := model.ChapterOf(entries, &f, now)
		if !ok {
			t.Fatalf("%s begins no chapter", uuid)
		}
		entries = append(entries, e)
	}
	sync := func(when string) {
		d := newDiary(t).sync("2026-11-10 03:41")
		e, ok := d.look(when)
		if !ok {
			t.Fatal("nothing to keep")
		}
		entries = append(entries, e)
	}
	chapter("one", "2026-11-10 07:00")
	sync("2026-11-10 08:00")
	chapter("two", "2026-11-10 09:00")
	sync("2026-11-10 10:00")
	chapter("one", "2026-11-10 11:00") // the first one again: its key was seen before
	sync("2026-11-10 12:00")
	again := entries[2]
	again.At = again.At.Add(time.Minute) // from another journal
	h := model.HistoryOf(append(slices.Clone(entries), again), model.Part[model.License]{}, 1, at(t, "2026-11-10 13:00"))
	syncs, chapters := 0, 0
	for _, r := range h.Records {
		switch r.Kind {
		case model.RecordSync:
			syncs++
		case model.RecordChapter:
			chapters++
		}
	}
	if syncs != 3 || chapters != 2 || h.Entries != 6 {
		t.Errorf("%d syncs, %d chapters, %d entries", syncs, chapters, h.Entries)
	}
}

func TestHistoryChapters(t *testing.T) {
	d := newDiary(t)
	chapter := func(uuid, when string) (model.Entry, bool) {
		now := at(t, when)
		f := model.Facts{Ping: model.Read(model.Ping{UUID: model.Clean(uuid)}, model.Live(now))}
		e, ok := model.ChapterOf(d.entries, &f, now)
		if ok {
			d.entries = append(d.entries, e)
		}
		return e, ok
	}
	if _, ok := chapter("one", "2026-11-09 08:00"); !ok {
		t.Fatal("the first uuid is not remembered")
	}
	if _, ok := chapter("one", "2026-11-10 08:00"); ok {
		t.Error("the same uuid begins a chapter")
	}
	d.sync("2026-11-09 03:17").look("2026-11-09 09:00")
	if _, ok := chapter("two", "2026-11-11 08:00"); !ok {
		t.Fatal("another uuid begins no chapter")
	}
	d.license.Seats = model.Some(20)
	d.sync("2026-11-11 03:20").look("2026-11-11 09:00")
	h := d.history(1, "2026-11-11 09:00", "2026-11-11 09:00")
	var kinds []model.RecordKind
	for _, r := range h.Records {
		kinds = append(kinds, r.Kind)
		if r.Outcome == model.OutcomeChanged {
			t.Errorf("two instances are compared: %+v", r.Changes)
		}
	}
	if !slices.Equal(kinds, []model.RecordKind{model.RecordChapter, model.RecordSync, model.RecordSync}) {
		t.Errorf("kinds %q", kinds)
	}
}

func TestTermsKeyChanges(t *testing.T) {
	base := model.TermsKey{Number: model.Clean("7"), Plan: model.PlanPremium, Seats: model.Some(950), Ends: day(t, "2027-02-28"), Future: "none", AddOns: "none"}
	with := func(change func(*model.TermsKey)) model.TermsKey {
		k := base
		change(&k)
		return k
	}
	tests := []struct {
		name string
		k    model.TermsKey
		want []model.Change
	}{
		{"same", base, []model.Change{}},
		{"number not read", with(func(k *model.TermsKey) { k.Number = model.Text{} }), []model.Change{}},
		{"future not read", with(func(k *model.TermsKey) { k.Future = "" }), []model.Change{}},
		{"plan", with(func(k *model.TermsKey) { k.Plan = model.PlanUltimate }), []model.Change{{Field: "plan", Before: "Premium", After: "Ultimate"}}},
		{"limit gone", with(func(k *model.TermsKey) { k.Seats = model.None[int]() }), []model.Change{{Field: "seats", Before: "950", After: "–"}}},
		{"end", with(func(k *model.TermsKey) { k.Ends = day(t, "2028-02-28") }), []model.Change{{Field: "ends", Before: "2027-02-28", After: "2028-02-28"}}},
		{"add-ons", with(func(k *model.TermsKey) { k.AddOns = "DUO_ENTERPRISE 60" }), []model.Change{{Field: "add-ons", Before: "none", After: "DUO_ENTERPRISE 60"}}},
	}
	for _, tt := range tests {
		if got := base.Changes(tt.k); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
	now := at(t, "2026-11-21 09:52")
	f := model.Facts{AddOns: model.Read([]model.AddOn{{Name: model.Clean("B"), Purchased: 1, Assigned: 1}, {Name: model.Clean("A"), Purchased: 2}}, model.Live(now))}
	k := model.TermsKeyOf(&f)
	f.AddOns.Value[0].Assigned = 9 // counts are no terms
	slices.Reverse(f.AddOns.Value)
	if k != model.TermsKeyOf(&f) || k.AddOns != "A 2; B 1" || k.Future != "" {
		t.Errorf("%+v", k)
	}
}

func TestHistoryOfDamagedEntries(t *testing.T) {
	now := at(t, "2026-11-21 09:52")
	var entries []model.Entry
	for _, kind := range []model.EntryKind{model.EntryObserved, model.EntryWatched, model.EntryChapter, model.EntryCount, "new"} {
		for _, body := range []string{``, `{}`, `null`, `[]`, `{"last_sync":"x"}`, `{"seen":"0001-01-01T00:00:00Z"}`} {
			entries = append(entries, model.Entry{Kind: kind, Body: json.RawMessage(body)})
		}
	}
	h := model.HistoryOf(entries, model.Part[model.License]{}, 3, now)
	if len(h.Records) != 0 || h.Seen+h.Missing+h.Unwatched != 0 || len(h.Strip) != 21 {
		t.Errorf("%+v", h)
	}
}
