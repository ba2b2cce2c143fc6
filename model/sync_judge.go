package model

import (
	"strings"
	"time"
)

// SyncReading is what is compared around a sync: the last sync time and the
// terms, a text each. What is not known is left out, and compares with nothing.
func SyncReading(last Opt[time.Time], terms TermsKey) Reading {
	r := Reading{}
	if at, ok := last.Get(); ok {
		r[ReadingLastSync] = at.UTC().Format(time.RFC3339Nano)
	}
	if terms == (TermsKey{}) {
		return r
	}
	for _, f := range terms.fields() {
		if f.value != "" {
			r[f.name] = f.value
		}
	}
	return r
}

// LastSync is the last sync time in the reading.
func (r Reading) LastSync() Opt[time.Time] {
	at, err := time.Parse(time.RFC3339Nano, r[ReadingLastSync])
	if err != nil {
		return None[time.Time]()
	}
	return Some(at)
}

// changes are the terms that differ in b, as far as both know them.
func (r Reading) changes(b Reading) []Change {
	out := []Change{}
	for _, f := range (TermsKey{}).fields() {
		if was, is := r[f.name], b[f.name]; was != is && was != "" && is != "" {
			out = append(out, Change{f.name, was, is})
		}
	}
	return out
}

// terms is the licence as far as the server tells it: future terms and add-ons
// are not part of that.
func (l HostLicense) terms() TermsKey {
	return TermsKey{Number: l.Number, Plan: l.Plan, Seats: l.Seats, Starts: l.Starts, Ends: l.Ends}
}

// SyncEvidence is all there is to judge a sync by.
type SyncEvidence struct {
	Driver   Driver
	Before   Reading       // SyncReading right before it was sent
	After    Reading       // SyncReading afterwards; nil when the API could not be read
	Host     Opt[HostSync] // what the server itself told; host driver only
	Lost     *Error        // why there was no plain yes
	Settling bool          // after a crash: the time itself must fit
	Began    time.Time     // when the intent was recorded
}

// How far from the beginning a sync's own time may lie to be ours when nobody
// was there to follow it: clocks differ, and GitLab's queue may be slow.
const (
	syncEarly = 2 * time.Minute
	syncLate  = 10 * time.Minute
)

// JudgeSync says how a sync ended. Only the last sync time proves one: without
// its move nothing is ever changed, unchanged or refreshed, whatever was
// answered. Which of the two it is follows from licence, plan, seats, dates,
// future terms and add-ons, never from counts.
func JudgeSync(e *SyncEvidence) Verdict {
	v := Verdict{After: e.After, Err: e.Lost, Changes: []Change{}}
	was, is := e.sides()
	at, moved := movedTo(was, is)
	switch {
	case !moved:
		return e.unmoved(v)
	case e.Settling && (at.Before(e.Began.Add(-syncEarly)) || at.After(e.Began.Add(syncLate))):
		v.Outcome, v.Note = OutcomeUnknown, Clean("a sync was seen later, which may be the daily one")
		if e.Lost == nil {
			v.Outcome = OutcomeUnconfirmed
		}
		return v
	}
	v.Err, v.After = nil, is
	v.Changes = was.changes(is)
	switch {
	case e.Driver == DriverActivation:
		v.Outcome, v.Note = OutcomeTermsRefreshed, Clean("counts are not part of this exchange")
	case len(v.Changes) > 0:
		v.Outcome = OutcomeChanged
	default:
		v.Outcome = OutcomeUnchanged
	}
	return v
}

// sides is what is compared: what the API showed, and where it showed nothing,
// what the server told.
func (e *SyncEvidence) sides() (was, is Reading) {
	host, ok := e.Host.Get()
	if e.After != nil || !ok {
		return e.Before, e.After
	}
	return host.ReadingBefore(), hostReading(host.After, host.License)
}

// ReadingBefore is what the server told of the time before it was asked, nil
// where it told no licence.
func (s *HostSync) ReadingBefore() Reading { return hostReading(s.Before, s.Eligibility.License) }

func hostReading(last Opt[time.Time], l Opt[HostLicense]) Reading {
	known, ok := l.Get()
	if !ok {
		return nil
	}
	r := SyncReading(last, known.terms())
	r[ReadingSource] = string(SourceHost)
	return r
}

// movedTo is the later last sync time, when both sides were read. A licence
// that was read and never synced is earlier than any.
func movedTo(was, is Reading) (time.Time, bool) {
	to, ok := is.LastSync().Get()
	if !ok || len(was) == 0 {
		return to, false
	}
	return to, to.After(was.LastSync().Or(time.Time{}))
}

// SyncMoved reports whether the last sync time in a reading is later than in
// one before: the sign that a watcher waits for.
func SyncMoved(was, is Reading) bool {
	_, moved := movedTo(was, is)
	return moved
}

// unmoved judges a sync whose last sync time did not move.
func (e *SyncEvidence) unmoved(v Verdict) Verdict {
	host := e.Host.Or(HostSync{})
	switch {
	case host.Verdict == HostRetry || host.Verdict == HostRetryWaiting || host.Verdict == HostDead:
		v.Outcome, v.Err = OutcomeFailed, host.failure()
	case e.Lost != nil && e.Lost.Class == ClassFailed && e.Driver == DriverActivation && !e.Settling:
		v.Outcome = OutcomeFailed // GitLab answered with the reason
	case e.Lost != nil:
		v.Outcome, v.Note = OutcomeUnknown, Clean("the answer was lost and the last sync time has not moved")
	case host.Verdict == HostNotQueued:
		v.Outcome, v.Note = OutcomeUnconfirmed, Clean("GitLab queued nothing: a sync like it may be waiting already")
	case host.Verdict == HostUnmoved:
		v.Outcome, v.Note = OutcomeUnconfirmed, Clean("the job ended and the last sync time did not move: the answer was not kept, or had no licence in it")
	default:
		v.Outcome, v.Note = OutcomeUnconfirmed, Clean("sent; the last sync time did not move in time")
	}
	return v
}

// portalRemedy is what helps against a failed request to the portal. GitLab names
// the status of an answer, so where it does the way to the portal worked, at least
// as far as a proxy (contract §3.5).
func portalRemedy(cause string) string {
	_, status, answered := strings.Cut(cause, "HTTP status code: ")
	switch {
	case !answered:
		return "look at the way from the server to customers.gitlab.com"
	case strings.HasPrefix(status, "5"):
		return "the portal, or a proxy before it, answered that it fails: wait for the next try"
	}
	return "the portal, or a proxy before it, answered and refused: ask whoever runs the proxy, then GitLab's support"
}

// failure is why the job failed, in the words of the portal or of GitLab, and
// what comes next.
func (s HostSync) failure() *Error {
	job := s.Job.Or(JobState{})
	cause := job.ErrorText.String()
	next := portalRemedy(cause)
	if cause == "" {
		cause = "GitLab tells no reason"
	}
	switch s.Verdict {
	case HostRetryWaiting:
		cause = "an earlier sync failed and waits for its next try: " + cause
	case HostDead:
		cause = "GitLab gave up after its last try: " + cause
	}
	if at, ok := job.At.Get(); ok && s.Verdict != HostDead {
		next = "GitLab tries again at " + at.UTC().Format("2006-01-02 15:04 UTC") + "; " + next
	}
	return Fail(ClassFailed, syncNow, cause, next)
}
