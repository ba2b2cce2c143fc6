package model

import (
	"cmp"
	"slices"
	"sort"
	"time"
)

// look is one moment at which somebody read the last sync time.
type look struct {
	seen    time.Time
	last    time.Time // zero: the instance told that there was none
	chapter int
}

// sighting is one sync that was observed.
type sighting struct {
	Observation
	entry   Entry
	chapter int
}

// chapterMark is the beginning of a chapter after the first.
type chapterMark struct {
	Chapter
	entry Entry
}

// evidence is what journals and the present reading say, in order of time,
// each fact once.
type evidence struct {
	entries  int
	looks    []look
	syncs    []sighting
	chapters []chapterMark
	acts     []Entry            // intents and results
	runs     []Run              // what those come to
	told     look               // the newest sync of which only the server told
	showed   map[showing][]look // looks by what they showed
}

// showing is one value of the last sync time in one chapter.
type showing struct {
	last    int64 // Unix nanoseconds
	chapter int
}

// gather reads journal records. Records that several journals hold are known
// by their natural key; the earliest stays. A chapter begins natural keys anew:
// what another instance did at the same moment is another fact. Records that do
// not read as what they claim to be are left out: the journal's own check names
// them.
func gather(entries []Entry, license Part[License]) evidence {
	sorted := entries
	older := func(i, j int) bool { return sorted[i].At.Before(sorted[j].At) }
	if !sort.SliceIsSorted(sorted, older) {
		sorted = slices.Clone(entries)
		sort.SliceStable(sorted, older)
	}
	var ev evidence
	type natural struct {
		kind    EntryKind
		key     string
		chapter int
	}
	known := make(map[natural]bool, len(sorted))
	newest := "" // the key of the newest chapter, which other journals may begin as well
	for i := range sorted {
		e := &sorted[i]
		if k := (natural{e.Kind, e.Key, len(ev.chapters)}); e.Key != "" {
			if known[k] || e.Kind == EntryChapter && e.Key == newest {
				continue
			}
			known[k] = true
		}
		if e.Kind == EntryChapter {
			newest = e.Key
		}
		ev.entries++
		ev.add(e)
	}
	if license.Known() && license.Value.Present() {
		ev.looks = append(ev.looks, look{license.AsOf.At.UTC(), license.Value.LastSync.Or(time.Time{}).UTC(), len(ev.chapters)})
	}
	ev.runs = RunsOf(ev.acts)
	ev.hear()
	sort.SliceStable(ev.looks, func(i, j int) bool { return ev.looks[i].seen.Before(ev.looks[j].seen) })
	ev.showed = make(map[showing][]look, len(ev.syncs))
	for _, l := range ev.looks {
		k := showing{l.last.UnixNano(), l.chapter}
		ev.showed[k] = append(ev.showed[k], l)
	}
	sort.SliceStable(ev.syncs, func(i, j int) bool {
		a, b := &ev.syncs[i], &ev.syncs[j]
		return cmp.Or(cmp.Compare(a.chapter, b.chapter), a.LastSync.Compare(b.LastSync)) < 0
	})
	return ev
}

// hear takes in the syncs of this chapter of which only the server told: each is
// a look too, though no licence was read.
func (ev *evidence) hear() {
	var since time.Time
	if n := len(ev.chapters); n > 0 {
		since = ev.chapters[n-1].entry.At
	}
	for i := range ev.runs {
		run := &ev.runs[i]
		if at, ok := run.LastSync().Get(); ok && run.ToldByHost() && run.Began.After(since) {
			l := look{run.Ended, at, len(ev.chapters)}
			ev.looks = append(ev.looks, l)
			if at.After(ev.told.last) {
				ev.told = l
			}
		}
	}
}

func (ev *evidence) add(e *Entry) {
	switch e.Kind {
	case EntryObserved:
		var o Observation
		if DecodeJSON(e.Body, &o) != nil || o.LastSync.IsZero() || o.Seen.IsZero() {
			return
		}
		n := len(ev.chapters)
		if since, ok := o.Since.Get(); ok {
			// What it showed is the newest sync known before both.
			bound := o.LastSync
			if since.Before(bound) {
				bound = since
			}
			if last := ev.newestBefore(bound, n); !last.IsZero() {
				ev.looks = append(ev.looks, look{since.UTC(), last, n})
			}
		}
		ev.looks = append(ev.looks, look{o.Seen.UTC(), o.LastSync.UTC(), n})
		ev.syncs = append(ev.syncs, sighting{o, *e, n})
	case EntryWatched:
		var w Watch
		if DecodeJSON(e.Body, &w) != nil || w.Seen.IsZero() {
			return
		}
		ev.looks = append(ev.looks, look{w.Seen.UTC(), w.LastSync.Or(time.Time{}).UTC(), len(ev.chapters)})
	case EntryChapter:
		var c Chapter
		if DecodeJSON(e.Body, &c) == nil && !c.Before.Empty() {
			ev.chapters = append(ev.chapters, chapterMark{c, *e})
		}
	case EntryIntent, EntryResult, EntryOpen:
		ev.acts = append(ev.acts, *e)
	}
}

// newestBefore returns the newest sync of the chapter that was observed before
// the given one; zero when none was.
func (ev *evidence) newestBefore(t time.Time, chapter int) time.Time {
	var best time.Time
	if n := len(ev.looks); n > 0 { // nearly always: the look before showed it
		if l := ev.looks[n-1]; l.chapter == chapter && !l.last.IsZero() && l.last.Before(t) {
			return l.last
		}
	}
	for _, s := range ev.syncs {
		if s.chapter == chapter && s.LastSync.Before(t) && s.LastSync.After(best) {
			best = s.LastSync.UTC()
		}
	}
	return best
}

// start returns the day from which the chapter can say anything: zero for the
// first one.
func (ev *evidence) start(chapter int) Day {
	if chapter == 0 {
		return 0
	}
	return DayOf(ev.chapters[chapter-1].entry.At)
}

// first returns the day of the earliest look or sync.
func (ev *evidence) first() Day {
	var d Day
	for _, l := range ev.looks {
		for _, t := range []time.Time{l.seen, l.last} {
			if x := DayOf(t); x.Known() && (!d.Known() || x < d) {
				d = x
			}
		}
	}
	return d
}
