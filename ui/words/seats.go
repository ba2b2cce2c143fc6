package words

import (
	"strings"
	"time"

	"seatdeck/model"
)

// SeatRule names the row of the seat rules that decided, whose rules they are,
// and where it is written down: "ultimate-above-guest · Ultimate 19.5 ·
// contract §6.1".
func SeatRule(w model.SeatWhy) string {
	s := w.Verdict.Rule.ID + " · " + w.Plan.Title()
	if w.Version.Known() {
		s += " " + w.Version.Short()
	}
	return s + " · contract " + w.Verdict.Rule.Section
}

// noLicense is the rule that nobody takes a seat by, whatever the role.
const noLicense = "no-licence"

// needsNoRole reports whether an account's role is no matter: a rule decided
// without one, or there is no licence to take a seat of.
func needsNoRole(v *model.SeatVerdict) bool { return v.Decided || v.Rule.ID == noLicense }

// Deciding names the membership that decided: "Developer in platform
// (project)", or says why none did.
func Deciding(w model.SeatWhy) string {
	if m, ok := w.Deciding.Get(); ok {
		return Membership(m)
	}
	list, read := w.Memberships.Get()
	switch {
	case w.ByRole && w.Role == model.Some(model.RoleNone):
		return "no membership at all"
	case w.ByRole && !read:
		return w.Role.Or(model.RoleUnknown).String() + ", the highest role; where it is held was not read"
	case needsNoRole(&w.Verdict):
		return "no role is needed to decide"
	case !read:
		return "memberships were not read"
	case len(list) > 0:
		return "nothing certain; the highest is " + Membership(list[0])
	}
	return "nothing certain; there is no direct membership"
}

// HighestRole returns the highest role and where it is from: "Developer, on the
// GitLab server, read 09:52". at is when roles were read there.
func HighestRole(w model.SeatWhy, at model.AsOf, now time.Time, loc *time.Location) string {
	role, ok := w.Role.Get()
	switch {
	case !ok:
		return Unknown
	case w.RoleFrom == model.SourceHost:
		return role.String() + ", on the GitLab server, read " + strings.TrimPrefix(Moment(at.At, now, loc), "today ")
	}
	return role.String() + ", by its memberships"
}

// MembershipKind says what a membership is of: "group" or "project". GitLab calls
// a group a namespace there.
func MembershipKind(m model.Membership) string {
	switch kind := m.SourceType.String(); kind {
	case "Namespace":
		return "group"
	case "":
		return Unknown
	default:
		return strings.ToLower(kind)
	}
}

// Membership returns "Developer in platform (project)".
func Membership(m model.Membership) string {
	name := m.SourceName.String()
	if m.SourceName.Empty() {
		name = Unknown
	}
	return m.Role.String() + " in " + name + " (" + MembershipKind(m) + ")"
}

// SeatFlag returns GitLab's own flag, and whether the rule agrees with it.
func SeatFlag(v model.SeatVerdict) string {
	s := YesNo(v.Flag)
	switch same, ok := v.Agrees.Get(); {
	case !v.Flag.Known():
		return s + ", the instance does not say"
	case !ok:
		return s
	case same:
		return s + ", the rule agrees"
	}
	return s + ", the rule says otherwise"
}

// NobodyCounted reports whether the instance surely has no licence, so that
// nobody takes a seat: none was added, or its edition knows none.
func NobodyCounted(f *model.Facts) bool {
	if f.License.Known() {
		return !f.License.Value.Present()
	}
	return f.Metadata.Known() && f.Metadata.Value.Version.Known() && !f.Metadata.Value.EE()
}
