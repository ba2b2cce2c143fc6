package model

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Reading is what reading shows of a step's target, as short texts by name. Its
// counts are texts for people, as [Thousands] writes them, and "–" where there is
// none; in JSON they are numbers and null.
type Reading map[string]string

// ReadingLastSync is the name of the last sync time in a Reading, as RFC 3339
// in UTC: by it the history knows which observed sync was ours.
const ReadingLastSync = "last_sync"

// ReadingSeats and ReadingBillable are the names of the counts in a Reading.
const (
	ReadingSeats    = "seats"
	ReadingBillable = "billable users"
)

// ReadingSource is the name under which a Reading says who told it, where that was
// not the instance's API: [SourceHost].
const ReadingSource = "source"

// MarshalJSON writes the texts, and the counts as numbers.
func (r Reading) MarshalJSON() ([]byte, error) {
	var out map[string]any
	if r != nil {
		out = make(map[string]any, len(r))
	}
	for name, text := range r {
		out[name] = countOr(name, text)
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (r *Reading) UnmarshalJSON(b []byte) error {
	var in map[string]any
	if err := json.Unmarshal(b, &in); err != nil || in == nil {
		*r = nil
		return err
	}
	*r = make(Reading, len(in))
	for name, v := range in {
		text, err := textOf(name, v)
		if err != nil {
			return err
		}
		(*r)[name] = text
	}
	return nil
}

const noCount = "–"

func isCount(name string) bool { return name == ReadingSeats || name == ReadingBillable }

// countOr is the value of a name for JSON: a text, or the count that it stands for.
func countOr(name, text string) any {
	if !isCount(name) {
		return text
	}
	if n, err := strconv.Atoi(strings.ReplaceAll(text, ",", "")); err == nil {
		return n
	}
	if text == noCount || text == "" {
		return nil
	}
	return text
}

// textOf turns countOr round.
func textOf(name string, v any) (string, error) {
	switch v := v.(type) {
	case string: // older records have counts as texts, without separators
		if n, err := strconv.Atoi(v); err == nil && isCount(name) {
			return Thousands(int64(n)), nil
		}
		return v, nil
	case float64:
		if isCount(name) {
			return Thousands(int64(v)), nil
		}
	case nil:
		if isCount(name) {
			return noCount, nil
		}
	}
	return "", fmt.Errorf("the value of %q is no text", name)
}

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
