package model

// Outcome is the one word for how something ended: a sync, a change, a step of
// one (design: an honest sync).
type Outcome string

// The outcomes of a sync and of an activation. "Changed" compares licence,
// plan, seats, dates, future terms and add-ons, never counts.
const (
	OutcomeChanged        Outcome = "changed"
	OutcomeUnchanged      Outcome = "unchanged"
	OutcomeTermsRefreshed Outcome = "terms refreshed" // the terms were fetched; counts are not part of the exchange
	OutcomeUnconfirmed    Outcome = "unconfirmed"     // sent and accepted; no sign of an effect in time
)

// The outcomes of a change that can be read back.
const (
	OutcomeConfirmed   Outcome = "confirmed"                  // sent, and reading shows it
	OutcomeNoEffect    Outcome = "accepted but not effective" // the instance said yes, and reading shows something else
	OutcomeNothingToDo Outcome = "nothing changed"            // it was so already; nothing was sent
)

// The outcomes that anything can have.
const (
	OutcomeUnknown   Outcome = "unknown"   // the answer was lost, and reading could not settle it
	OutcomeRefused   Outcome = "refused"   // the instance, or a rule, says no
	OutcomeFailed    Outcome = "failed"    // tried, and it did not work
	OutcomeNotSent   Outcome = "not sent"  // nothing left this machine
	OutcomeCancelled Outcome = "cancelled" // ended by the person before anything was sent
)

// The outcomes that belong to observation alone: the first sync ever seen has
// nothing to be compared with, and overdue is derived, never a run.
const (
	OutcomeFirst   Outcome = "first seen"
	OutcomeOverdue Outcome = "overdue"
)

// verdicts is the one table of outcomes: the exit code of each, and whether a
// plan of several steps may go on after it.
var verdicts = map[Outcome]struct {
	exit int
	good bool
}{
	OutcomeChanged:        {0, true},
	OutcomeUnchanged:      {0, true},
	OutcomeTermsRefreshed: {0, true},
	OutcomeConfirmed:      {0, true},
	OutcomeNothingToDo:    {0, true},
	OutcomeFirst:          {0, true},
	OutcomeFailed:         {1, false},
	OutcomeOverdue:        {1, false},
	OutcomeNotSent:        {3, false},
	OutcomeNoEffect:       {3, false},
	OutcomeRefused:        {4, false},
	OutcomeUnconfirmed:    {5, false},
	OutcomeUnknown:        {5, false},
	OutcomeCancelled:      {130, false},
}

// ExitCode returns the exit code of a run with this outcome; that of an
// internal error for a word that is none of the outcomes.
func (o Outcome) ExitCode() int {
	v, ok := verdicts[o]
	if !ok {
		return ClassInternal.ExitCode()
	}
	return v.exit
}

// Good reports whether all went as it was planned.
func (o Outcome) Good() bool { return verdicts[o].good }

// Valid reports whether the word is one of the outcomes.
func (o Outcome) Valid() bool {
	_, ok := verdicts[o]
	return ok
}
