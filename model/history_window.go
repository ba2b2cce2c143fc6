package model

import "time"

// The daily window of the licence sync, explicitly UTC (contract §3.4).
const (
	windowStart = 3 * time.Hour
	windowEnd   = 5 * time.Hour
	// retryGrace is how old a last sync may grow before it is overdue: a day,
	// and the window's own length (contract §3.7).
	retryGrace = 26 * time.Hour
)

// SyncWindow returns the next daily window of the licence sync that is not
// over at t: from 03:00 up to, not including, 05:00 UTC.
func SyncWindow(t time.Time) (from, to time.Time) {
	day := DayOf(t)
	if !t.Before(day.Time().Add(windowEnd)) {
		day = day.Add(1)
	}
	return day.Time().Add(windowStart), day.Time().Add(windowEnd)
}

// windowAfter returns the first window that begins after t.
func windowAfter(t time.Time) (from, to time.Time) {
	from, to = SyncWindow(t)
	if !from.After(t) {
		return from.AddDate(0, 0, 1), to.AddDate(0, 0, 1)
	}
	return from, to
}

// lastWindowEnd returns the end of the newest window that is over at t.
func lastWindowEnd(t time.Time) time.Time {
	_, to := SyncWindow(t)
	return to.AddDate(0, 0, -1)
}

// overdueFrom returns when a sync becomes overdue after one at last: when the
// next window is over and 26 hours have passed.
func overdueFrom(last time.Time) time.Time {
	_, end := windowAfter(last)
	if g := last.Add(retryGrace); g.After(end) {
		return g
	}
	return end
}

// nextWindow returns the window to wait for: the running one counts as over
// once it has brought a sync.
func nextWindow(last Opt[time.Time], now time.Time) (from, to time.Time) {
	from, to = SyncWindow(now)
	if l, ok := last.Get(); ok && !l.Before(from) && !now.Before(from) {
		return from.AddDate(0, 0, 1), to.AddDate(0, 0, 1)
	}
	return from, to
}

// judge sets the health. A reading that is older than a window which has
// passed since proves nothing about now.
func (h *History) judge(license Part[License], now time.Time) {
	h.Health = HealthUnknown
	if license.lacks() {
		h.Health, h.Why = HealthNotEligible, noLicences
		return
	}
	if !license.Known() {
		h.Why = unread(license, licenceNotRead)
		return
	}
	l := license.Value
	if ok, why := l.SyncEligible(); !ok {
		h.Why = why
		if l.Kind == KindUnknown {
			return
		}
		h.Health = HealthNotEligible
		return
	}
	from, to := nextWindow(l.LastSync, now)
	h.NextFrom, h.NextTo = Some(from), Some(to)
	read := license.AsOf.At
	base, ok := l.LastSync.Get()
	if !ok {
		if base = l.Added.Time(); base.IsZero() {
			h.Why = "no sync is known yet"
			return
		}
	}
	due := overdueFrom(base)
	over := lastWindowEnd(now)
	switch late := !read.Before(due); {
	case read.Before(over) && base.Before(over.Add(windowStart-windowEnd)):
		h.Why = "not read since the last window"
		if late {
			h.Why += "; a sync was overdue then"
		}
	case late:
		h.Health, h.Since, h.Why = HealthOverdue, Some(due), "no sync has come in the last window"
		if !ok {
			h.Why = "never synced"
		}
	case !ok:
		h.Why = "no sync is known yet"
	default:
		h.Health = HealthInStep
	}
}
