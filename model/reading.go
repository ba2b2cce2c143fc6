package model

// Reading is what reading shows of a step's target, as short texts by name.
type Reading map[string]string

// ReadingLastSync is the name of the last sync time in a Reading, as RFC 3339
// in UTC: by it the history knows which observed sync was ours.
const ReadingLastSync = "last_sync"

// ReadingSource is the name under which a Reading says who told it, where that was
// not the instance's API: [SourceHost].
const ReadingSource = "source"

// Holds reports whether the reading shows all that want says; it may show more.
func (r Reading) Holds(want Reading) bool {
	for name, v := range want {
		if have, ok := r[name]; !ok || have != v {
			return false
		}
	}
	return true
}

// Judge is the verdict on a step that is settled by what it wants to read. after
// is what was read, lost why there was no plain yes to the request (nil: there
// was). late tells that the request is long over: what it has not done by now
// it will not do.
//
// A yes of the instance alone proves nothing: only reading confirms.
func (s Step) Judge(after Reading, lost *Error, late bool) Verdict {
	v := Verdict{After: after, Err: lost, Outcome: OutcomeUnknown}
	switch {
	case len(s.Wanted) == 0:
		// Nothing to be recognised by.
	case after.Holds(s.Wanted):
		v.Outcome, v.Err, v.Changes = OutcomeConfirmed, nil, s.Changes
	case lost == nil:
		v.Outcome = OutcomeNoEffect
	case after.Holds(s.Precondition) && (late || lost.Class.answered()):
		v.Outcome, v.Note = OutcomeFailed, Clean("everything is as it was before")
	}
	return v
}

// answered reports whether a failed request of this class had an answer, or
// never left: then nothing of it is still under way.
func (c Class) answered() bool {
	switch c {
	case ClassFailed, ClassNotGitLab, ClassLocked, ClassUnreachable, ClassConfig, ClassUsage, ClassRefused, ClassDenied, ClassUnsupported:
		return true
	}
	return false
}
