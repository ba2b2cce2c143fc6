package model

import "fmt"

// RegistrationState is where an instance stands with registration features.
type RegistrationState string

// The states.
const (
	RegistrationUnknown     RegistrationState = "unknown"       // settings or metadata were not read
	RegistrationNotEligible RegistrationState = "not eligible"  // Community Edition
	RegistrationTooOld      RegistrationState = "not available" // older than 14.1
	RegistrationOff         RegistrationState = "not opted in"
	RegistrationOn          RegistrationState = "opted in"
)

// Switch is one of the three settings that decide. The instance tells the
// effective value only; Stored is known where the effective one proves it
// (contract §7.1–7.3).
type Switch struct {
	Setting   string    `json:"setting"` // the setting's name in the API
	Title     string    `json:"title"`
	Stored    Opt[bool] `json:"stored"`
	Effective Opt[bool] `json:"effective"`
	Exists    Opt[bool] `json:"exists"`          // whether this version has the setting
	Decides   string    `json:"decides"`         // what makes the effective value, in plain words
	Needs     string    `json:"needs,omitempty"` // what is missing before it could work
}

// FeatureState says whether a registration feature works, and through what.
type FeatureState string

// The states of a feature.
const (
	FeatureLicensed   FeatureState = "licence"      // the licence includes it
	FeatureRegistered FeatureState = "registration" // opting in brought it
	FeatureLocked     FeatureState = "locked"       // opting in would bring it
	FeatureTooNew     FeatureState = "too new"      // this version does not have it as a registration feature
	FeatureIneligible FeatureState = "ineligible"   // Community Edition or too old an instance
	FeatureUnknown    FeatureState = "unknown"      // what decides could not be read
)

// FeatureStatus is one feature on one instance.
type FeatureStatus struct {
	Feature
	State   FeatureState `json:"state"`
	Missing string       `json:"missing,omitempty"` // what it lacks, in plain words
}

// Works reports whether the feature works now; unknown where it cannot be told.
func (s FeatureStatus) Works() Opt[bool] {
	switch s.State {
	case FeatureLicensed, FeatureRegistered:
		return Some(true)
	case FeatureUnknown:
		return None[bool]()
	}
	return Some(false)
}

// Registration is where an instance stands with registration features, and
// what leaves it for the vendor.
type Registration struct {
	State    RegistrationState `json:"state"`
	Verdict  string            `json:"verdict"` // the pane's figure, such as "not opted in"
	Reason   string            `json:"reason"`  // such as "nothing to gain: Ultimate has all 25"
	Advice   string            `json:"advice,omitempty"`
	Switches []Switch          `json:"switches"` // Service Ping, optional metrics, registration
	Pinned   Opt[bool]         `json:"pinned"`   // Service Ping is pinned off in gitlab.rb; while it is off, only the server tells (contract §7.2)
	PinsAsOf AsOf              `json:"pinned_as_of"`
	Features []FeatureStatus   `json:"features"`

	Licensed   int `json:"through_licence"`
	Registered int `json:"through_registration"`
	Locked     int `json:"locked"`  // opting in would bring them
	TooNew     int `json:"too_new"` // not in this version
	Unknown    int `json:"unknown"` // what decides could not be read

	CatalogueAsOf Day `json:"catalogue_as_of"`
}

// RegistrationOf derives the standing from the settings, the licence, the
// metadata and the catalogue.
func RegistrationOf(f *Facts, cat Catalogue) Registration {
	r := Registration{CatalogueAsOf: cat.AsOf, Switches: switchesOf(f)}
	switch r.Pinned = pinnedPing(f); {
	case r.Pinned.Known():
		r.PinsAsOf = f.Pins.AsOf
	case f.Settings.Value.ServicePing.Or(false):
		// What is on is not pinned off: the effective value needs both (contract §7.1).
		r.Pinned, r.PinsAsOf = Some(false), f.Settings.AsOf
	}
	r.State = registrationState(f, r.Switches[2])
	r.Features = make([]FeatureStatus, len(cat.Features))
	for i, ft := range cat.Features {
		r.Features[i] = featureOn(ft, f, r)
		switch r.Features[i].State {
		case FeatureLicensed:
			r.Licensed++
		case FeatureRegistered:
			r.Registered++
		case FeatureLocked:
			r.Locked++
		case FeatureTooNew:
			r.TooNew++
		case FeatureUnknown:
			r.Unknown++
		}
	}
	r.Verdict = string(r.State)
	r.Reason = r.reason(f)
	r.Advice = r.advice(f)
	return r
}

// registrationState reads the edition first: Community Edition is not eligible
// whatever its settings say (contract §8).
func registrationState(f *Facts, features Switch) RegistrationState {
	v := f.Metadata.Value.Version
	switch {
	case !f.Metadata.Known() || !v.Known():
		return RegistrationUnknown
	case !f.Metadata.Value.EE():
		return RegistrationNotEligible
	case !v.AtLeast(14, 1):
		return RegistrationTooOld
	}
	on, ok := features.Effective.Get()
	switch {
	case !ok:
		return RegistrationUnknown
	case on:
		return RegistrationOn
	}
	return RegistrationOff
}

func featureOn(ft Feature, f *Facts, r Registration) FeatureStatus {
	s := FeatureStatus{Feature: ft}
	switch {
	case r.State == RegistrationNotEligible:
		s.State, s.Missing = FeatureIneligible, "the Enterprise Edition package"
	case licensed(ft, f).Or(false):
		s.State = FeatureLicensed
	case r.State == RegistrationTooOld:
		s.State, s.Missing = FeatureIneligible, "GitLab 14.1 or newer"
	case !f.License.Known():
		s.State, s.Missing = FeatureUnknown, unread(f.License, licenceNotRead)
	case r.State == RegistrationUnknown:
		s.State, s.Missing = FeatureUnknown, r.unreadable(f)
	case ft.Since.Known() && !f.Metadata.Value.Version.AtLeast(ft.Since.Major, ft.Since.Minor):
		s.State, s.Missing = FeatureTooNew, fmt.Sprintf("GitLab %s or newer", ft.Since)
	case r.State == RegistrationOn:
		s.State = FeatureRegistered
	default:
		s.State, s.Missing = FeatureLocked, r.missingSwitches()+", or "+ft.Tier.Title()
	}
	return s
}

// licensed reports whether the current licence includes the feature. A trial
// loses its features on its last day (contract §4.4).
func licensed(ft Feature, f *Facts) Opt[bool] {
	if !f.License.Known() {
		return None[bool]()
	}
	l := f.License.Value
	if !l.Present() || l.Trial.Or(false) && l.Expired(f.License.AsOf.At) {
		return Some(false)
	}
	return Some(ft.Tier.InPlan(l.Plan))
}
