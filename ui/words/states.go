package words

import "seatdeck/model"

// Tone is what kind of news a word is. It picks a glyph; colours are the
// theme's business.
type Tone uint8

// The tones.
const (
	Plain Tone = iota
	OK
	None // nothing to say: none, unchanged, off
	Warn
	Bad
	Unsure
)

// Glyph returns the tone's one-cell mark; a space for [Plain].
func (t Tone) Glyph() string { return [...]string{" ", "✓", "–", "!", "✗", "?"}[t] }

// ASCII returns the glyph's twin for terminals without it.
func (t Tone) ASCII() string { return [...]string{" ", "+", "-", "!", "x", "?"}[t] }

// Status is a word with its tone: always glyph, then word.
type Status struct {
	Tone Tone
	Word string
}

// String returns glyph and word.
//
//go:noinline
func (s Status) String() string {
	if s.Tone == Plain {
		return s.Word
	}
	return s.Tone.Glyph() + " " + s.Word
}

// Outcome returns a sync's outcome as a status.
func Outcome(o model.Outcome) Status {
	switch o {
	case model.OutcomeChanged, model.OutcomeTermsRefreshed, model.OutcomeConfirmed:
		return Status{OK, string(o)}
	case model.OutcomeUnchanged, model.OutcomeFirst, model.OutcomeCancelled, model.OutcomeNotSent, model.OutcomeNothingToDo:
		return Status{None, string(o)}
	case model.OutcomeUnconfirmed, model.OutcomeNoEffect:
		return Status{Warn, string(o)}
	case model.OutcomeRefused, model.OutcomeFailed, model.OutcomeOverdue:
		return Status{Bad, string(o)}
	}
	return Status{Unsure, "unknown"}
}

// Health returns the health of the daily sync as a status.
func Health(h model.Health) Status {
	switch h {
	case model.HealthInStep:
		return Status{OK, string(h)}
	case model.HealthOverdue:
		return Status{Bad, string(h)}
	case model.HealthNotEligible:
		return Status{None, string(h)}
	}
	return Status{Unsure, "unknown"}
}

// OnOff returns a switch as a status: on, off or unknown.
func OnOff(v model.Opt[bool]) Status {
	on, ok := v.Get()
	switch {
	case !ok:
		return Status{Unsure, "unknown"}
	case on:
		return Status{OK, "on"}
	}
	return Status{None, "off"}
}

// Switch returns one of the registration switches as a status; a setting that
// this version does not have says so.
func Switch(s model.Switch) Status {
	if there, ok := s.Exists.Get(); ok && !there {
		return Status{None, "not here"}
	}
	return OnOff(s.Effective)
}

// YesNo returns yes, no or [Unknown].
//
//go:noinline
func YesNo(v model.Opt[bool]) string {
	b, ok := v.Get()
	switch {
	case !ok:
		return Unknown
	case b:
		return "yes"
	}
	return "no"
}

// Feature returns what makes a registration feature work, or what it lacks.
func Feature(s model.FeatureState) Status {
	switch s {
	case model.FeatureLicensed:
		return Status{OK, "licence"}
	case model.FeatureRegistered:
		return Status{OK, "opted in"}
	case model.FeatureLocked:
		return Status{None, "locked"}
	case model.FeatureTooNew:
		return Status{None, "too new"}
	case model.FeatureIneligible:
		return Status{None, "not here"}
	}
	return Status{Unsure, "unknown"}
}

// TakesSeat returns whether an account takes a seat, in the instance's own word
// where it has one.
func TakesSeat(v model.SeatVerdict) Status {
	b, ok := v.Counted().Get()
	switch {
	case !ok && v.Rule.ID == noLicense:
		return Status{Plain, Unknown} // nobody is counted: there is no answer to look for
	case !ok:
		return Status{Unsure, "unknown"}
	case b:
		return Status{OK, "yes"}
	}
	return Status{None, "no"}
}

// SeatReason returns why, in one sentence. Where rule and instance disagree it
// says both; where the rule is silent it says what decides.
func SeatReason(v model.SeatVerdict) string {
	flag, told := v.Flag.Get()
	if same, ok := v.Agrees.Get(); ok && !same {
		if flag {
			return "the instance counts this user; by the rule it takes none: " + v.Rule.Text
		}
		return "the instance does not count this user; by the rule it takes one: " + v.Rule.Text
	}
	if !told || needsNoRole(&v) {
		return v.Rule.Text
	}
	if flag {
		return "the instance counts this user; " + v.Rule.Text
	}
	return "the instance does not count this user; " + v.Rule.Text
}

// Record returns what a row of the sync history tells: what changed, or the
// counts when nothing did; why a sync of ours did not work; for overdue, how
// many windows passed without a sync.
func Record(r model.Record) string {
	switch {
	case r.Kind == model.RecordChapter:
		return "another instance answers here"
	case r.Kind == model.RecordOverdue:
		// Days would claim more: somebody looked after each of the daily windows, and
		// nobody after each of the days.
		return Plural(r.Days, "sync missed", "syncs missed")
	case r.Kind == model.RecordAct && r.Run != nil:
		return actDone(*r.Run)
	case r.Run != nil && !r.Outcome.Good():
		return Run(*r.Run)
	case len(r.Changes) > 0:
		return Changes(r.Changes)
	case !r.Billable.Known() && !r.Maximum.Known():
		if r.Run != nil {
			if s := Run(*r.Run); s != "" {
				return s
			}
		}
		return "counts not read"
	}
	return Count(r.Billable) + ", peak " + Count(r.Maximum)
}

// Changes returns the first change in full and how many more there are:
// "seats 950 → 1,000 and 2 more".
func Changes(cs []model.Change) string {
	if len(cs) == 0 {
		return "nothing"
	}
	s := cs[0].Field + " " + Change(cs[0].Before, cs[0].After)
	if one, ok := addOnChange(cs[0]); ok {
		s = one
	}
	if n := len(cs) - 1; n > 0 {
		s += " and " + Int(n) + " more"
	}
	return s
}

// Gap returns a time about which nobody can tell: "3 days not observed".
func Gap(g model.Gap) string { return Days(g.Days()) + " not observed" }

// Watched returns how well the syncs are known: "seen 78 of 83 days · 2 missing
// · 3 not watched". What is zero is left out.
func Watched(h model.History) string {
	all := h.Seen + h.Missing + h.Unwatched
	if all == 0 {
		return "no earlier syncs are known"
	}
	s := "seen " + Int(h.Seen) + " of " + Days(all)
	if h.Missing > 0 {
		s += " · " + Int(h.Missing) + " missing"
	}
	if h.Unwatched > 0 {
		s += " · " + Int(h.Unwatched) + " not watched"
	}
	return s
}

// LevelTone returns the tone of an alert's level.
func LevelTone(l model.Level) Tone {
	switch l {
	case model.LevelBad:
		return Bad
	case model.LevelWarn:
		return Warn
	}
	return Plain
}
