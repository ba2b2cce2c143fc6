package model

import (
	"encoding/json"
	"time"
)

// Trigger says what set a sync off.
type Trigger string

// The triggers. TriggerObserved means that the sync happened without us.
const (
	TriggerYou      Trigger = "you"
	TriggerTimer    Trigger = "timer"
	TriggerObserved Trigger = "observed"
)

// RecordKind tells the rows of a history apart.
type RecordKind string

// The kinds of rows.
const (
	RecordSync    RecordKind = "sync"    // observed, or tried by us: then Run is set
	RecordOverdue RecordKind = "overdue" // derived: a time in which somebody looked and no sync had come
	RecordChapter RecordKind = "chapter" // another instance answers under this address
)

// Record is one row of the sync history.
type Record struct {
	Kind     RecordKind     `json:"kind"`
	At       time.Time      `json:"at"`                  // the sync's own time; for overdue, since when
	Until    Opt[time.Time] `json:"until"`               // overdue only: the sync that ended it; unknown = lasting
	Seen     time.Time      `json:"seen"`                // when it was first seen
	Since    Opt[time.Time] `json:"watched_since"`       // newest look before that showed the older value
	Trigger  Trigger        `json:"trigger,omitempty"`   //
	Outcome  Outcome        `json:"outcome,omitempty"`   //
	Changes  []Change       `json:"changes"`             // what differs from the sync before
	Billable Opt[int]       `json:"billable_users"`      //
	Maximum  Opt[int]       `json:"maximum_users"`       //
	Terms    TermsKey       `json:"terms"`               // the terms after it
	Instance Text           `json:"instance"`            // chapter only: the new instance's uuid
	Who      Who            `json:"who"`                 // who looked
	Seq      uint64         `json:"journal_seq"`         // 0 for derived rows
	Days     int            `json:"days_late,omitempty"` // overdue only: windows without a sync
	Run      *Run           `json:"run,omitempty"`       // the act that set it off
}

// Change is one field and what becomes of it: what a sync changed, or what a
// plan would. Counts are texts and, in JSON, numbers, as in a [Reading].
type Change struct {
	Field  string // such as seats, plan, ends, add-ons; or a setting's name
	Before string
	After  string
}

// changeJSON is a Change with its counts as numbers.
type changeJSON struct {
	Field  string `json:"field"`
	Before any    `json:"before"`
	After  any    `json:"after"`
}

// MarshalJSON writes the change.
func (c Change) MarshalJSON() ([]byte, error) {
	return json.Marshal(changeJSON{c.Field, countOr(c.Field, c.Before), countOr(c.Field, c.After)})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (c *Change) UnmarshalJSON(b []byte) (err error) {
	var in changeJSON
	if err = json.Unmarshal(b, &in); err != nil {
		return err
	}
	c.Field = in.Field
	if c.Before, err = textOf(in.Field, in.Before); err == nil {
		c.After, err = textOf(in.Field, in.After)
	}
	return err
}

// DayMark is what a day of the strip shows.
type DayMark string

// The marks, in UTC days.
const (
	MarkSeen      DayMark = "seen"        // a sync of this day is known
	MarkChanged   DayMark = "changed"     // and it changed the terms
	MarkMissing   DayMark = "missing"     // somebody looked after the day and no sync of it had come
	MarkUnwatched DayMark = "not watched" // nobody can tell
	MarkToCome    DayMark = "to come"     // the day is not over
)

// StripDay is one day of the strip.
type StripDay struct {
	Day  Day     `json:"day"`
	Mark DayMark `json:"mark"`
}

// Gap is a run of days about which nobody can tell.
type Gap struct {
	From Day `json:"from"`
	To   Day `json:"to"` // included
}

// Days returns how long the gap is.
func (g Gap) Days() int { return g.To.Sub(g.From) + 1 }

// Health is whether the daily sync is in step.
type Health string

// The healths.
const (
	HealthInStep      Health = "in step"
	HealthOverdue     Health = "overdue"
	HealthUnknown     Health = "unknown"
	HealthNotEligible Health = "not eligible"
)

// History is what is known about the syncs of one instance: what was observed,
// and what follows from it. It never names a cause that nobody could read.
type History struct {
	Health   Health         `json:"health"`
	Since    Opt[time.Time] `json:"since"`         // overdue since
	Why      string         `json:"why,omitempty"` // for unknown, not eligible and overdue
	LastSync Opt[time.Time] `json:"last_sync"`     // as the instance told it, or its server
	ReadAt   AsOf           `json:"last_sync_as_of"`
	NextFrom Opt[time.Time] `json:"next_window_from"` // the next daily window, UTC; unknown when none comes
	NextTo   Opt[time.Time] `json:"next_window_to"`

	Records []Record   `json:"records"` // newest first
	Strip   []StripDay `json:"strip"`   // whole weeks from Monday, oldest first
	Gaps    []Gap      `json:"gaps"`    // newest first, since the first look
	Entries int        `json:"entries"` // journal records behind all this

	Acts []Run `json:"acts,omitempty"` // everything this program did here, newest first

	// Days of the strip since the first look, by mark.
	Seen      int `json:"days_seen"`
	Missing   int `json:"days_missing"`
	Unwatched int `json:"days_not_watched"`
}

// HistoryOf derives the history from journal records (of one or several
// journals, in any order), the licence and the time. weeks is the length of
// the strip.
func HistoryOf(entries []Entry, license Part[License], weeks int, now time.Time) History {
	now = now.UTC()
	ev := gather(entries, license)
	h := History{Entries: ev.entries, ReadAt: license.AsOf, LastSync: license.Value.LastSync, Gaps: []Gap{}}
	h.judge(license, now)
	h.Acts = ev.runs
	if t := ev.told; t.last.After(h.LastSync.Or(time.Time{})) {
		h.LastSync, h.ReadAt = Some(t.last), AsOf{At: t.seen, Source: SourceHost}
	}
	h.Records = ev.records(license, h.Acts)
	h.draw(ev, max(1, weeks), now)
	return h
}
