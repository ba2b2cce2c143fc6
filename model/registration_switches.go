package model

import (
	"fmt"
	"strings"
)

// switchesOf returns the three switches in the order in which they depend on
// each other.
func switchesOf(f *Facts) []Switch {
	s := f.Settings.Value
	read := f.Settings.Known()
	v := f.Metadata.Value.Version
	ping := pingSwitch(s, read, f)
	optional := optionalSwitch(s, read, v, ping)
	switches := []Switch{ping, optional, featureSwitch(s, read, v, ping, optional)}
	if !read {
		for i := range switches {
			switches[i].Decides = unread(f.Settings, settingsNotRead)
		}
	}
	if read && f.Metadata.Known() && v.Known() && !f.Metadata.Value.EE() {
		switches[1].Decides, switches[2].Decides, switches[2].Needs = notInCE, notInCE, ""
	}
	return switches
}

// notInCE is what decides where the Enterprise Edition package is not installed.
const notInCE = "not in the Community Edition"

func exists(read bool, o Opt[bool]) Opt[bool] {
	if !read {
		return None[bool]()
	}
	return Some(o.Known())
}

// Why a part that decides is not known, when it was asked for in vain.
const (
	versionNotRead  = "the version could not be read"
	settingsNotRead = "the settings could not be read"
	// noLicences is for editions that know none.
	noLicences     = "no licences, no sync"
	licenceNotRead = "the licence could not be read"
)

// unread says why a part is not known: nobody asked for it so far, or, in the
// given words, the question failed.
func unread[T any](p Part[T], failed string) string {
	if !p.Known() && p.Err == nil {
		return "not read yet"
	}
	return failed
}

// pingSwitch: the effective value is what the configuration file allows and
// the stored value. A false can come from either (contract §7.1, §7.2); which one
// the server tells, where it was asked.
func pingSwitch(s Settings, read bool, f *Facts) Switch {
	w := Switch{Setting: settingPing, Title: "Service Ping", Effective: s.ServicePing, Exists: exists(read, s.ServicePing)}
	on, ok := s.ServicePing.Get()
	pinned, told := pinnedPing(f).Get()
	switch {
	case !ok:
		w.Decides = "the instance does not tell"
	case on:
		w.Stored = Some(true)
		w.Decides = "stored on, so gitlab.rb does not pin it off"
	case told && pinned:
		w.Decides = "pinned in gitlab.rb: " + pinPlace(f)
	case told:
		w.Stored = Some(false)
		w.Decides = "stored off; gitlab.rb does not pin it, " + readOnServer(f)
	default:
		w.Decides = "stored off or switched off in gitlab.rb; only a change shows which"
	}
	return w
}

// pinnedPing is whether the configuration file pins Service Ping off, as the
// server told. One that is on now is not pinned, whatever was read before.
func pinnedPing(f *Facts) Opt[bool] {
	pinned, ok := f.Pins.Value.Pinned.Get()
	if !f.Pins.Known() || !ok || pinned && f.Settings.Value.ServicePing.Or(false) {
		return None[bool]()
	}
	return Some(pinned)
}

// pinPlace names the line that pins Service Ping, and when it was read. The file
// is mostly root's alone, so there may be none.
func pinPlace(f *Facts) string {
	if line, ok := f.Pins.Value.PinnedBy(settingPing); ok && line.Set.String() == "false" {
		return fmt.Sprintf("%s, line %d, %s", line.File, line.Line, readOnServer(f))
	}
	return "the line could not be read, " + readOnServer(f)
}

func readOnServer(f *Facts) string {
	return "read on the server at " + f.Pins.AsOf.At.UTC().Format("2006-01-02 15:04 UTC")
}

// needsOptional reports whether registration features depend on optional
// metrics: in EE since the setting came with 16.9 or 16.10 (contract §7.3).
// In 16.9 the setting is there, but the API may not show it: unknown.
func needsOptional(s Settings, v Version) Opt[bool] {
	switch {
	case s.OptionalMetrics.Known() || v.AtLeast(16, 10):
		return Some(true)
	case v.Known() && !v.AtLeast(16, 9):
		return Some(false)
	}
	return None[bool]()
}

func optionalSwitch(s Settings, read bool, v Version, ping Switch) Switch {
	w := Switch{
		Setting: settingOptional, Title: "optional metrics",
		Stored: s.OptionalMetrics, Effective: s.OptionalMetrics, Exists: exists(read, s.OptionalMetrics),
	}
	on, ok := s.OptionalMetrics.Get()
	switch {
	case !ok:
		w.Decides = "not available on " + v.Short()
	case on && !ping.Effective.Or(false):
		w.Effective = Some(false)
		if !ping.Effective.Known() {
			w.Effective = None[bool]()
		}
		w.Decides, w.Needs = "stored on, but goes out only with Service Ping", "Service Ping"
	case on:
		w.Decides = "stored on"
	default:
		w.Decides = "stored off, or set so in gitlab.rb"
		if !ping.Effective.Or(false) {
			w.Needs = "Service Ping"
		}
	}
	return w
}

// featureSwitch: the value read back is effective: Service Ping and the stored
// value and, in newer versions, optional metrics (contract §7.3). So a false
// says something about the stored value only when both others are on.
func featureSwitch(s Settings, read bool, v Version, ping, optional Switch) Switch {
	w := Switch{Setting: settingFeatures, Title: "registration", Effective: s.Features, Exists: exists(read, s.Features)}
	on, ok := s.Features.Get()
	if !ok {
		w.Decides = "not available on " + v.Short()
		return w
	}
	if on {
		w.Stored, w.Decides = Some(true), "stored on, and what it depends on is on"
		return w
	}
	var lacking []string
	if !ping.Effective.Or(false) {
		lacking = append(lacking, ping.Title)
	}
	needs, sure := needsOptional(s, v).Get()
	if (needs || !sure) && !optional.Effective.Or(false) {
		lacking = append(lacking, optional.Title)
	}
	if len(lacking) == 0 {
		w.Stored, w.Decides = Some(false), "stored off"
		return w
	}
	w.Needs = strings.Join(lacking, " and ")
	w.Decides = "off while " + w.Needs + isAre(len(lacking)) + " off; what is stored does not show"
	return w
}

func isAre(n int) string {
	if n == 1 {
		return " is"
	}
	return " are"
}

// missingSwitches names what opting in would have to switch on.
func (r Registration) missingSwitches() string {
	var off []string
	for _, w := range r.Switches {
		if !w.Effective.Or(true) {
			off = append(off, w.Title)
		}
	}
	return strings.Join(off, " and ")
}

// unreadable names what stands in the way of an answer.
func (r Registration) unreadable(f *Facts) string {
	switch {
	case !f.Metadata.Known() || !f.Metadata.Value.Version.Known():
		return unread(f.Metadata, versionNotRead)
	case !f.Settings.Known():
		return unread(f.Settings, settingsNotRead)
	}
	return "the instance does not tell"
}

// reason is the sentence beside the verdict.
func (r Registration) reason(f *Facts) string {
	n := len(r.Features)
	all := n - r.TooNew
	switch r.State {
	case RegistrationNotEligible:
		return "Community Edition; the Enterprise package is needed, a licence is not"
	case RegistrationTooOld:
		return "not available on " + f.Metadata.Value.Version.Short() + ", needs 14.1"
	case RegistrationUnknown:
		return r.unreadable(f)
	}
	switch {
	case r.Unknown > 0:
		return unread(f.License, licenceNotRead)
	case r.Licensed == n && r.State == RegistrationOff:
		return fmt.Sprintf("nothing to gain: %s has all %d", f.License.Value.Plan.Title(), n)
	case r.Licensed == n:
		return fmt.Sprintf("nothing gained: %s has all %d", f.License.Value.Plan.Title(), n)
	case r.State == RegistrationOff:
		return features(r.Locked) + " locked"
	}
	if all < n {
		return fmt.Sprintf("%s through it, %d of %d are in %s", features(r.Registered), all, n, f.Metadata.Value.Version.Short())
	}
	return features(r.Registered) + " through it"
}

// advice is one sentence of what would follow, where there is one.
func (r Registration) advice(f *Facts) string {
	reachable := len(r.Features) - r.TooNew
	switch {
	case r.Unknown > 0:
		return ""
	case r.State == RegistrationOff && r.Pinned.Or(false):
		return "Service Ping is pinned in gitlab.rb: until the pin is taken out, opting in brings nothing."
	case r.State == RegistrationOff && r.Locked > 0:
		return fmt.Sprintf("Opting in would bring %s at no cost.", features(r.Locked))
	case r.State == RegistrationOff && f.License.Value.Present() && r.Licensed > 0:
		return fmt.Sprintf("If the licence lapsed, opting in would keep %s.", features(reachable))
	case r.State == RegistrationOn && r.Registered > 0:
		return "Opting out, or switching off Service Ping, stops them at once; what was made with them stays."
	}
	return ""
}

func features(n int) string {
	if n == 1 {
		return "1 feature"
	}
	return fmt.Sprintf("%d features", n)
}
