package model

import (
	"encoding/json"
	"time"
)

// Source says where a fact came from.
type Source string

// The sources of facts. SourceDailyJob is the instance's own once-a-day count:
// the number was read live, but it was true when the job ran (contract §6.3).
const (
	SourceLive     Source = "live"
	SourceCache    Source = "cache"
	SourceDailyJob Source = "daily job"
	SourceHost     Source = "host"
	SourceJournal  Source = "journal"
	SourceProfile  Source = "profile"
)

// AsOf is when a fact was true, in UTC, and where it came from.
type AsOf struct {
	At     time.Time `json:"as_of"`
	Source Source    `json:"source"`
}

// Live returns an AsOf for something just read from the instance.
func Live(at time.Time) AsOf { return AsOf{At: at.UTC(), Source: SourceLive} }

// IsZero reports whether the fact was never read. Every part of every view asks
// it: inlined, the program would have its body hundreds of times.
//
//go:noinline
func (a AsOf) IsZero() bool { return a.At.IsZero() }

// MarshalJSON writes both members, null for what is not known of them: a zero
// time in a document would look like one. A source without a time is a fact
// whose source tells no time.
func (a AsOf) MarshalJSON() ([]byte, error) {
	var out struct {
		At     *time.Time `json:"as_of"`
		Source *Source    `json:"source"`
	}
	if !a.IsZero() {
		at := a.At.UTC()
		out.At = &at
	}
	if a.Source != "" {
		out.Source = &a.Source
	}
	return json.Marshal(out)
}

// Age returns how old the fact is at now; negative ages (a clock that went
// back) count as zero.
func (a AsOf) Age(now time.Time) time.Duration { return max(0, now.Sub(a.At)) }

// FromCache returns the same moment, marked as served from the cache.
func (a AsOf) FromCache() AsOf {
	if a.Source == SourceLive {
		a.Source = SourceCache
	}
	return a
}

// Part is one separately readable part of a snapshot. Parts succeed and fail on
// their own: Err says why the newest attempt brought nothing, and Value is then
// the older reading, if there is one.
type Part[T any] struct {
	Value T      `json:"value"`
	AsOf  AsOf   `json:"as_of"`
	Err   *Error `json:"error,omitempty"`
}

// Read returns a part that was just read.
func Read[T any](v T, asOf AsOf) Part[T] { return Part[T]{Value: v, AsOf: asOf} }

// Known reports whether the part was ever read.
func (p Part[T]) Known() bool { return !p.AsOf.IsZero() }

// lacks reports whether the instance's edition does not have the part at all.
func (p Part[T]) lacks() bool {
	return !p.Known() && p.Err != nil && p.Err.Class == ClassUnsupported
}

// Failed returns the part with the older value kept and err as the reason why
// it is not newer.
func (p Part[T]) Failed(err *Error) Part[T] {
	p.Err = err
	return p
}

// FromCache returns the part as served from the cache.
func (p Part[T]) FromCache() Part[T] {
	p.AsOf = p.AsOf.FromCache()
	return p
}
