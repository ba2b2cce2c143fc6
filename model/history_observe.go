package model

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Chapter is the body of an [EntryChapter] record: from here on the records
// are about the instance with this uuid. Before is empty for the first one,
// which only remembers the uuid.
type Chapter struct {
	Seen   time.Time `json:"seen"`
	UUID   Text      `json:"uuid"`
	Before Text      `json:"before"`
}

// nothing stands in a TermsKey for a part that was read and is empty; a part
// that was not read is empty text. Only what both sides know is compared.
const nothing = "none"

// TermsKeyOf returns what "changed" compares, from the facts.
func TermsKeyOf(f *Facts) TermsKey {
	l := f.License.Value
	k := TermsKey{Number: l.Number, Plan: l.Plan, Seats: l.Seats, Starts: l.Starts, Ends: l.Ends}
	if f.Future.Known() {
		k.Future = canonicalTerms(f.Future.Value)
	}
	if f.AddOns.Known() {
		k.AddOns = canonicalAddOns(f.AddOns.Value)
	}
	return k
}

func canonicalTerms(terms []Term) string {
	var out []string
	for _, t := range terms {
		seats := "no limit"
		if n, ok := t.Seats.Get(); ok {
			seats = Thousands(int64(n)) + " seats"
		}
		out = append(out, fmt.Sprintf("%s, %s, %s → %s", t.Plan.Title(), seats, t.Starts, t.Ends))
	}
	return canonical(out)
}

func canonicalAddOns(adds []AddOn) string {
	var out []string
	for _, a := range adds {
		out = append(out, fmt.Sprintf("%s %s", a.Name, Thousands(int64(a.Purchased))))
	}
	return canonical(out)
}

func canonical(parts []string) string {
	if len(parts) == 0 {
		return nothing
	}
	slices.Sort(parts)
	return strings.Join(parts, "; ")
}

// field is one of the terms in words: its name and its value, "" where it is
// not known.
type field struct{ name, value string }

func (k TermsKey) fields() []field {
	return []field{
		{"licence", k.Number.String()}, {"plan", planWord(k.Plan)}, {ReadingSeats, seatsWord(k.Seats)}, {"starts", k.Starts.String()},
		{"ends", k.Ends.String()}, {"future terms", k.Future}, {"add-ons", k.AddOns},
	}
}

// Changes returns the fields in which b differs from k, as far as both know
// them. Counts are no part of it.
func (k TermsKey) Changes(b TermsKey) []Change {
	out := []Change{}
	is := b.fields()
	for i, was := range k.fields() {
		if was.value != is[i].value && was.value != "" && is[i].value != "" {
			out = append(out, Change{was.name, was.value, is[i].value})
		}
	}
	return out
}

func planWord(p Plan) string {
	if p == "" {
		return ""
	}
	return p.Title()
}

func seatsWord(n Opt[int]) string {
	if v, ok := n.Get(); ok {
		return Thousands(int64(v))
	}
	return noCount
}

// ObservationOf decides what a refresh adds to the journal: an observation
// when the last sync time is one that no record has yet, else, at most once a
// day, a watch. Nothing is added when the licence was not just read from the
// instance, or cannot sync by itself and never did.
func ObservationOf(entries []Entry, f *Facts, now time.Time) (Entry, bool) {
	l := f.License
	if !l.Known() || l.Err != nil || l.AsOf.Source != SourceLive || !l.Value.Present() {
		return Entry{}, false
	}
	last, ok := l.Value.LastSync.Get()
	if eligible, _ := l.Value.SyncEligible(); !ok && !eligible {
		return Entry{}, false
	}
	if ok {
		key := "observed:" + last.UTC().Format(time.RFC3339)
		if !hasKey(entries, EntryObserved, key) {
			return newEntry(EntryObserved, key, observation(entries, f, last), now)
		}
	}
	key := "watched:" + DayOf(l.AsOf.At).String()
	if hasKey(entries, EntryWatched, key) {
		return Entry{}, false
	}
	return newEntry(EntryWatched, key, Watch{Seen: l.AsOf.At.UTC(), LastSync: l.Value.LastSync}, now)
}

// observation fills the record from the newest records before it.
func observation(entries []Entry, f *Facts, last time.Time) Observation {
	l := f.License
	o := Observation{
		LastSync: last.UTC(), Seen: l.AsOf.At.UTC(), After: TermsKeyOf(f),
		Billable: l.Value.Daily, Maximum: l.Value.Maximum,
	}
	ev := gather(entries, Part[License]{})
	if n := len(ev.looks); n > 0 && ev.looks[n-1].chapter == len(ev.chapters) {
		o.Since = Some(ev.looks[n-1].seen)
	}
	if n := len(ev.syncs); n > 0 && ev.syncs[n-1].chapter == len(ev.chapters) {
		o.Before = Some(ev.syncs[n-1].After)
	}
	return o
}

// ChapterOf decides whether a refresh begins a chapter: when the instance's
// uuid is known and differs from the one of the newest chapter.
func ChapterOf(entries []Entry, f *Facts, now time.Time) (Entry, bool) {
	uuid := f.Ping.Value.UUID
	if !f.Ping.Known() || f.Ping.AsOf.Source != SourceLive || uuid.Empty() {
		return Entry{}, false
	}
	var newest Chapter
	for _, e := range entries {
		var c Chapter
		if e.Kind == EntryChapter && DecodeJSON(e.Body, &c) == nil && !c.Seen.Before(newest.Seen) {
			newest = c
		}
	}
	if newest.UUID == uuid {
		return Entry{}, false
	}
	key := "chapter:" + uuid.String() + ":" + DayOf(now).String()
	return newEntry(EntryChapter, key, Chapter{Seen: f.Ping.AsOf.At.UTC(), UUID: uuid, Before: newest.UUID}, now)
}

func hasKey(entries []Entry, kind EntryKind, key string) bool {
	return slices.ContainsFunc(entries, func(e Entry) bool { return e.Kind == kind && e.Key == key })
}

func newEntry(kind EntryKind, key string, body any, now time.Time) (Entry, bool) {
	raw, err := json.Marshal(body)
	if err != nil { // a time outside the years that JSON can hold
		return Entry{}, false
	}
	return Entry{At: now.UTC(), Kind: kind, Key: key, Body: raw}, true
}
