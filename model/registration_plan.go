package model

import (
	"fmt"
	"slices"
	"strings"
)

// RegistrationWish is what somebody wants of the registration switches.
type RegistrationWish string

// The wishes. Optional metrics are a switch of their own; registration features
// depend on them in newer versions (contract §7.3).
const (
	WishEnable      RegistrationWish = "enable"
	WishDisable     RegistrationWish = "disable"
	WishOptionalOn  RegistrationWish = "optional on"
	WishOptionalOff RegistrationWish = "optional off"
)

// Title returns the wish as the headline of a plan.
func (w RegistrationWish) Title() string {
	switch w {
	case WishEnable:
		return "Opt in to registration features"
	case WishDisable:
		return "Opt out of registration features"
	case WishOptionalOn:
		return "Switch on optional metrics"
	case WishOptionalOff:
		return "Switch off optional metrics"
	}
	return ""
}

// planRegistration is what working a wish out is, in errors.
const planRegistration = "plan the registration switches"

// SettingSend is one field of the request that a wish takes, and nothing else
// of the settings is ever sent.
type SettingSend struct {
	Setting string    `json:"setting"`
	Title   string    `json:"title"`
	Before  Opt[bool] `json:"before"` // as the instance tells it; what is stored may not show
	After   bool      `json:"after"`
	Why     string    `json:"why"` // "asked for", or who needs it
}

// SwitchEffect is what becomes of a switch: its effective value before, and as
// it should be after. After is unknown where only reading back can tell.
type SwitchEffect struct {
	Setting string    `json:"setting"`
	Title   string    `json:"title"`
	Before  Opt[bool] `json:"before"`
	After   Opt[bool] `json:"after"`
}

// RegistrationChange is what a wish comes to on one instance.
type RegistrationChange struct {
	Wish     RegistrationWish `json:"wish"`
	Sends    []SettingSend    `json:"sends"`    // in the order of their dependence; none: it is so already
	Effects  []SwitchEffect   `json:"effects"`  // of all three switches
	Gains    []string         `json:"gains"`    // features that begin to work, by name
	Losses   []string         `json:"losses"`   // features that stop, by name
	Warnings []string         `json:"warnings"` // each one sentence
	Reason   string           `json:"reason,omitempty"`
}

// Empty reports whether nothing has to be sent; Reason then says why.
func (c RegistrationChange) Empty() bool { return len(c.Sends) == 0 }

// RegistrationChangeOf works out what a wish takes on an instance: the fields
// to send with the prerequisites among them, and what follows. Facts must hold
// a reading of the settings and of the metadata.
func RegistrationChangeOf(f *Facts, cat Catalogue, wish RegistrationWish) (RegistrationChange, *Error) {
	if err := mayRegister(f, wish); err != nil {
		return RegistrationChange{}, err
	}
	d := newSwitchboard(f)
	c := RegistrationChange{Wish: wish, Sends: d.sends(wish)}
	after := *f
	after.Settings.Value = d.after(c.Sends)
	c.Effects = effectsOf(switchesOf(f), switchesOf(&after))
	c.Gains, c.Losses = differing(RegistrationOf(f, cat), RegistrationOf(&after, cat))
	if c.Empty() {
		c.Reason = d.reason(wish)
	}
	c.Warnings = d.warnings(c, &after, cat)
	return c, nil
}

// Outlook works out what the switch would come to, by what was read: opting in, or
// out where the instance is opted in. The error is why it cannot be switched.
func (r *Registration) Outlook(f *Facts) (RegistrationChange, *Error) {
	wish := WishEnable
	if r.State == RegistrationOn {
		wish = WishDisable
	}
	cat := Catalogue{AsOf: r.CatalogueAsOf, Features: make([]Feature, len(r.Features))}
	for i := range r.Features {
		cat.Features[i] = r.Features[i].Feature
	}
	return RegistrationChangeOf(f, cat, wish)
}

// mayRegister tells what stands in the way before anything is worked out.
func mayRegister(f *Facts, wish RegistrationWish) *Error {
	fail := func(class Class, msg, next string) *Error { return Fail(class, planRegistration, msg, next) }
	v := f.Metadata.Value.Version
	s := f.Settings.Value
	switch {
	case wish.Title() == "":
		return fail(ClassUsage, fmt.Sprintf("%q is none of enable, disable, optional on, optional off", wish), "")
	case f.Metadata.Err != nil:
		return f.Metadata.Err
	case f.Settings.Err != nil:
		return f.Settings.Err
	case !v.Known():
		return fail(ClassFailed, unread(f.Metadata, versionNotRead), "read the instance again")
	case !f.Settings.Known():
		return fail(ClassFailed, unread(f.Settings, settingsNotRead), "read the instance again")
	case wish == WishOptionalOn || wish == WishOptionalOff:
		if !s.OptionalMetrics.Known() {
			return fail(ClassUnsupported, "optional metrics cannot be switched on "+v.Short(), "the setting is in the API of the Enterprise Edition since 16.10")
		}
	case !f.Metadata.Value.EE():
		return fail(ClassUnsupported, "Community Edition has no registration features", "install the gitlab-ee package; it runs without a licence as well")
	case !s.Features.Known():
		return fail(ClassUnsupported, "registration features are not available on "+v.Short(), "they came with 14.1")
	}
	return nil
}

// switchboard is the three switches as they are, with what depends on what.
type switchboard struct {
	f                       *Facts
	ping, optional, feature Switch
	needs                   Opt[bool] // whether registration depends on optional metrics
}

func newSwitchboard(f *Facts) switchboard {
	w := switchesOf(f)
	return switchboard{f: f, ping: w[0], optional: w[1], feature: w[2], needs: needsOptional(f.Settings.Value, f.Metadata.Value.Version)}
}

const (
	askedFor         = "asked for"
	neededByFeatures = "registration features need it"
	neededByOptional = "optional metrics go out only with it"
)

// hidden reports whether the stored opt-in does not show: it would count as soon as
// what keeps it off is switched on (contract §7.3).
func (d switchboard) hidden() bool { return !d.feature.Stored.Known() }

// sends returns the fields that the wish takes: the switch itself, and what it
// needs and does not have. What is so already is left out.
func (d switchboard) sends(wish RegistrationWish) []SettingSend {
	var out []SettingSend
	send := func(w Switch, before Opt[bool], after bool, why string) {
		out = append(out, SettingSend{Setting: w.Setting, Title: w.Title, Before: before, After: after, Why: why})
	}
	s := d.f.Settings.Value
	switch wish {
	case WishEnable:
		if s.Features.Or(false) {
			return nil
		}
		if !s.ServicePing.Or(false) {
			send(d.ping, s.ServicePing, true, neededByFeatures)
		}
		if s.OptionalMetrics.Known() && !s.OptionalMetrics.Or(false) {
			send(d.optional, s.OptionalMetrics, true, neededByFeatures)
		}
		send(d.feature, s.Features, true, askedFor)
	case WishDisable:
		switch {
		case s.Features.Or(false):
			send(d.feature, s.Features, false, askedFor)
		case d.hidden():
			send(d.feature, None[bool](), false, askedFor)
		}
	case WishOptionalOn:
		if !s.ServicePing.Or(false) {
			send(d.ping, s.ServicePing, true, neededByOptional)
		}
		if !s.OptionalMetrics.Or(false) {
			send(d.optional, s.OptionalMetrics, true, askedFor)
		}
	case WishOptionalOff:
		if s.OptionalMetrics.Or(false) {
			send(d.optional, s.OptionalMetrics, false, askedFor)
		}
	}
	return out
}

// after returns the settings as reading should show them once the fields are
// stored (contract §7.2, §7.3), if no file pins one of them.
func (d switchboard) after(sends []SettingSend) Settings {
	s := d.f.Settings.Value
	stored := d.feature.Stored
	for _, x := range sends {
		switch x.Setting {
		case settingPing:
			s.ServicePing = Some(x.After && !d.pinned())
		case settingOptional:
			s.OptionalMetrics = Some(x.After)
		case settingFeatures:
			stored = Some(x.After)
		}
	}
	if len(sends) > 0 && s.Features.Known() {
		s.Features = d.effective(s.ServicePing, s.OptionalMetrics, stored)
	}
	return s
}

// pinned reports whether the server said that its file pins Service Ping off.
func (d switchboard) pinned() bool { return pinnedPing(d.f).Or(false) }

// effective joins what the registration switch depends on: one part that is off
// decides, and the rest counts only when all of it is known.
func (d switchboard) effective(ping, optional, stored Opt[bool]) Opt[bool] {
	needs, sure := d.needs.Get()
	switch {
	case !ping.Or(true), !stored.Or(true), sure && needs && !optional.Or(true):
		return Some(false)
	case !sure, !ping.Known(), !stored.Known(), needs && !optional.Known():
		return None[bool]()
	}
	return Some(true)
}

func effectsOf(before, after []Switch) []SwitchEffect {
	out := make([]SwitchEffect, len(before))
	for i, w := range before {
		out[i] = SwitchEffect{Setting: w.Setting, Title: w.Title, Before: w.Effective, After: after[i].Effective}
	}
	return out
}

// differing names the features that begin and that stop to work.
func differing(before, after Registration) (gains, losses []string) {
	gains, losses = []string{}, []string{}
	for i, s := range before.Features {
		was, is := s.Works(), after.Features[i].Works()
		switch {
		case !was.Or(true) && is.Or(false):
			gains = append(gains, s.Name)
		case was.Or(false) && !is.Or(true):
			losses = append(losses, s.Name)
		}
	}
	return gains, losses
}

// reason says why nothing has to be sent.
func (d switchboard) reason(wish RegistrationWish) string {
	switch {
	case wish == WishEnable:
		return "the instance is opted in already"
	case wish == WishDisable:
		return "the instance is not opted in"
	case wish == WishOptionalOn:
		return "optional metrics are on already"
	}
	return "optional metrics are off already"
}

// warnings are what somebody should know before agreeing.
func (d switchboard) warnings(c RegistrationChange, after *Facts, cat Catalogue) []string {
	out := []string{}
	add := func(when bool, format string, args ...any) {
		if when {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	s, lic := d.f.Settings.Value, d.f.License
	on := c.Wish == WishEnable || c.Wish == WishOptionalOn
	r := RegistrationOf(after, cat)
	if c.Empty() {
		return out
	}
	add(c.Wish == WishDisable && d.hidden(), "What is stored does not show while %s off. This stores that the instance is opted out, and reading cannot prove it.", d.lacking())
	add(on, "The payload is tied to your host name: it is not anonymous.")
	add(on && sendsOptional(c.Sends) && !d.pinned(), "Optional metrics go out too, from the next sending on.")
	add(on && d.pinned(), "Service Ping is pinned in gitlab.rb (%s): GitLab would say yes, and it would stay off. Take the pin out and run gitlab-ctl reconfigure first.", pinPlace(d.f))
	add(on && !s.ServicePing.Or(false) && !pinnedPing(d.f).Known(), "If gitlab.rb pins Service Ping off, GitLab says yes and changes nothing; the values are read back, and the result tells.")
	add(c.Wish == WishEnable && lic.Known() && r.Licensed == len(r.Features), "There is nothing to gain now: %s has all %d features.", lic.Value.Plan.Title(), len(r.Features))
	add(!lic.Known(), "The licence could not be read, so which features this brings or takes cannot be told.")
	add(c.Wish == WishEnable && !d.dependsKnown(), "On %s the API does not show optional metrics, which registration features may depend on; the result tells.", d.f.Metadata.Value.Version.Short())
	add(c.Wish == WishOptionalOn && d.hidden() && d.needs.Or(false), "If opting in to registration features is stored, it takes effect with this.")
	add(c.Wish == WishOptionalOff && s.Features.Or(false) && d.needs.Or(false), "Registration features need optional metrics: the instance is opted out by this.")
	add(len(c.Losses) > 0, "The features stop at once; what was made with them stays.")
	add(!on && s.ServicePing.Or(false), "Service Ping stays on: totals go on being sent every week.")
	add(!on && lic.Known() && lic.Value.Present(), "A licence with operational metrics sends Service Ping whatever the switches say; the API does not show whether this one has them.")
	add(s.Maintenance.Or(false), "The instance is in maintenance mode; settings can be changed all the same.")
	return out
}

func sendsOptional(sends []SettingSend) bool {
	return slices.ContainsFunc(sends, func(x SettingSend) bool { return x.Setting == settingOptional })
}

// lacking is what keeps the stored opt-in from showing, as in "optional metrics is".
func (d switchboard) lacking() string {
	return d.feature.Needs + isAre(1+strings.Count(d.feature.Needs, " and "))
}

// dependsKnown reports whether it is known what registration depends on, and
// that shows.
func (d switchboard) dependsKnown() bool {
	needs, sure := d.needs.Get()
	return sure && (!needs || d.f.Settings.Value.OptionalMetrics.Known())
}
