package model

import (
	"encoding/json"
	"slices"
)

// The three switches by their names in the API (contract §7.1).
const (
	settingPing     = "usage_ping_enabled"
	settingOptional = "include_optional_metrics_in_service_ping"
	settingFeatures = "usage_ping_features_enabled"
)

// The values of a switch in a [Reading].
const (
	readOn      = "on"
	readOff     = "off"
	readUnknown = "not shown" // this version does not tell
)

// SwitchReading is what the settings show of the three switches. The values are
// effective ones (contract §7.3).
func SwitchReading(s Settings) Reading {
	return Reading{settingPing: readSwitch(s.ServicePing), settingOptional: readSwitch(s.OptionalMetrics), settingFeatures: readSwitch(s.Features)}
}

func readSwitch(v Opt[bool]) string {
	switch on, ok := v.Get(); {
	case !ok:
		return readUnknown
	case on:
		return readOn
	}
	return readOff
}

// Step returns the one step that carries the change out on settings as they are
// now. It must not be empty.
func (c RegistrationChange) Step(now Settings) Step {
	s := Step{
		Operation: OpSettingsWrite.Name, Target: "application settings", Precondition: SwitchReading(now), Wanted: Reading{},
		Settle: "by reading the settings again",
	}
	fields := map[string]bool{}
	for _, x := range c.Sends {
		fields[x.Setting] = x.After
		s.Wanted[x.Setting] = readSwitch(Some(x.After))
		s.Changes = append(s.Changes, Change{Field: x.Setting, Before: readSwitch(x.Before), After: readSwitch(Some(x.After))})
	}
	s.Send, _ = json.Marshal(fields) // a map of flags can always be written; its names come out sorted
	return s
}

// Kind returns which act carries out the wish.
func (w RegistrationWish) Kind() ActKind {
	switch w {
	case WishEnable:
		return ActRegistrationEnable
	case WishDisable:
		return ActRegistrationDisable
	}
	return ActRegistrationOptional
}

// JudgeSwitches is the verdict on a step that changes switches, by what reading
// the settings shows after it; see [Step.Judge]. Where the instance said yes and
// did not do it, the note names who holds the value. An opt-in that read off before
// reads the same afterwards, so that proves nothing of what is stored.
func JudgeSwitches(s Step, after Reading, lost *Error, late bool) Verdict {
	v := s.Judge(after, lost, late)
	v.Changes = nil
	for _, name := range []string{settingPing, settingOptional, settingFeatures} {
		if was, is := s.Precondition[name], after[name]; was != is {
			v.Changes = append(v.Changes, Change{Field: name, Before: was, After: is})
		}
	}
	switch hidden := s.Wanted[settingFeatures] == readOff && s.Precondition[settingFeatures] == readOff; {
	case v.Outcome == OutcomeNoEffect:
		v.Note = CleanN(holder(s.Wanted, after), 400)
	case v.Outcome == OutcomeConfirmed && hidden && lost != nil:
		v.Outcome, v.Err = OutcomeUnknown, lost
	case v.Outcome == OutcomeConfirmed && hidden:
		v.Outcome, v.Note = OutcomeUnconfirmed, Clean("accepted; it read off before, and what is stored does not show while what it needs is off")
	}
	return v
}

// holder says who keeps a switch from what was wanted. The file can hold Service
// Ping off, and with it the rest; of the others only the outcome is known
// (contract §7.2, §7.3).
func holder(wanted, after Reading) string {
	ignored := func(name string) bool { return wanted[name] == readOn && after[name] == readOff }
	switch {
	case ignored(settingPing):
		return "pinned by gitlab_rails['usage_ping_enabled'] = false in gitlab.rb; take that line out and run gitlab-ctl reconfigure, then try again"
	case after[settingPing] == readOff && slices.Contains([]string{wanted[settingOptional], wanted[settingFeatures]}, readOn):
		return "Service Ping is off meanwhile, and without it nothing else counts"
	case ignored(settingOptional):
		return "pinned by the configuration of the instance: optional metrics stay off"
	case ignored(settingFeatures) && after[settingOptional] == readOff:
		return "registration features need optional metrics, and these are off"
	case ignored(settingFeatures) && after[settingOptional] == readUnknown:
		return "registration features may need optional metrics, which the API does not show on this version; see Admin > Settings > Metrics and profiling"
	case ignored(settingFeatures):
		return "pinned by the configuration of the instance: registration features stay off"
	}
	return "the instance keeps it on; see Admin > Settings > Metrics and profiling"
}
