package model

import (
	"encoding/json"
	"time"
)

// EntryKind names what a journal record tells.
type EntryKind string

// The kinds of journal records: what reading alone brings, and what the write
// engine keeps of every change.
const (
	EntryObserved EntryKind = "observed" // lastSync moved without us; body is Observation
	EntryWatched  EntryKind = "watched"  // somebody looked and lastSync had not moved; body is Watch
	EntryChapter  EntryKind = "chapter"  // another instance answers under this address
	EntryCount    EntryKind = "count"    // one daily count worth keeping; body is DayCount
	EntryIntent   EntryKind = "intent"   // something is about to be sent; body is Intent
	EntryResult   EntryKind = "result"   // what became of an intent; body is StepResult
	EntryOpen     EntryKind = "open"     // an act ended without one; body is StepResult, as far as it is known
)

// Entry is one record of the journal. Seq and Prev are set by the journal when
// it appends; Who and At by the caller's machine.
type Entry struct {
	Seq  uint64          `json:"seq"`
	Prev string          `json:"prev"`          // hash of the record before, hex
	At   time.Time       `json:"at"`            // UTC
	Mono time.Duration   `json:"mono"`          // since the machine's start, nanoseconds
	Who  Who             `json:"who"`           //
	Kind EntryKind       `json:"kind"`          //
	Key  string          `json:"key,omitempty"` // natural key: appended only if absent
	Body json.RawMessage `json:"body"`          // one of the body types, by Kind
}

// Who acted, as far as the machine can tell. Ids and usernames only.
type Who struct {
	UID     int    `json:"uid"`
	User    string `json:"user,omitempty"`
	SudoUID int    `json:"sudo_uid,omitempty"` // 0 = not by sudo
	SSHPeer string `json:"ssh_peer,omitempty"`
	PID     int    `json:"pid"`
	Tool    string `json:"tool,omitempty"` // version of this program
}

// Observation is a sync that was seen from outside: the licence's last sync
// time moved (contract §3.7). Before is unknown for the first one ever seen.
type Observation struct {
	LastSync time.Time      `json:"last_sync"`
	Seen     time.Time      `json:"seen"`
	Since    Opt[time.Time] `json:"watched_since"` // newest earlier look that showed the older value
	After    TermsKey       `json:"after"`
	Before   Opt[TermsKey]  `json:"before"`
	Billable Opt[int]       `json:"billable_users"`
	Maximum  Opt[int]       `json:"maximum_users"`
}

// Watch is a look that found nothing new. At most one a day is kept: it is
// what tells a day without a sync from a day without a watcher.
type Watch struct {
	Seen     time.Time      `json:"seen"`
	LastSync Opt[time.Time] `json:"last_sync"`
}

// TermsKey is what "changed" compares: identity and terms, never counts
// (design §4).
type TermsKey struct {
	Number Text     `json:"number"`
	Plan   Plan     `json:"plan"`
	Seats  Opt[int] `json:"seats_in_subscription"`
	Starts Day      `json:"starts_at"`
	Ends   Day      `json:"expires_at"`
	Future string   `json:"future"`  // canonical text of future terms
	AddOns string   `json:"add_ons"` // canonical text of add-on purchases
}
