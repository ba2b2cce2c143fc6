package model

import (
	"fmt"
	"time"
)

// PlanOfSync completes the plan of a sync by a driver that sends. f holds a
// reading of the licence made just now, unless the token may not read it.
func PlanOfSync(p ChangePlan, driver Driver, f *Facts, now time.Time) ChangePlan {
	step := Step{
		Operation: OpHostSync.Name, Target: "the licence sync of " + p.Instance.Host,
		Changes: []Change{}, Precondition: Reading{}, Wanted: Reading{},
		Settle: "the last sync time is read again; the request is never repeated",
	}
	if f.License.Known() && f.License.Err == nil {
		step.Precondition = SyncReading(f.License.Value.LastSync, TermsKeyOf(f))
	}
	p.Gains, p.Losses, p.Warnings, p.Shown = []string{}, []string{}, []string{}, []Receipt{}
	if driver == DriverActivation {
		step.Operation, step.Target = OpActivate.Name, "the licence of "+p.Instance.Host
		p.Object = p.Instance.Host
		p.Warnings = append(p.Warnings,
			"this fetches the terms; counts are not part of this exchange",
			"an activation may put another licence in place, if the code belongs to another subscription",
			fmt.Sprintf("by the record kept here, at most one is made in %d minutes", int(ActivationPause.Minutes())))
	} else {
		packet := SyncPacketOf(f, now)
		p.Shown = append(p.Shown, packet.Receipt())
		p.Warnings = append(p.Warnings, syncWarnings(f, now)...)
	}
	p.Steps = []Step{step}
	return p
}

// SyncPacketOf lays open what the next sync would send, as far as the API lets
// expect it.
func SyncPacketOf(f *Facts, now time.Time) Disclosure { return packetShown(f, now) }

// syncWarnings are what a person should know before the counts leave.
func syncWarnings(f *Facts, now time.Time) []string {
	var out []string
	row, ok := f.Daily.Value.Newest()
	switch {
	case !ok:
		out = append(out, "no daily row is known here: which counts GitLab sends is told when they are")
	case row.Day() != DayOf(now):
		out = append(out, fmt.Sprintf("the counts are those of %s: GitLab sends its newest daily row, not a live count", row.Day()))
	default:
		out = append(out, "the counts are those of today's daily row, not a live count")
	}
	if f.License.Known() && f.License.Value.Expired(now) {
		out = append(out, "the licence has ended: the answer may be a new term, or the ended one again")
	}
	if f.Settings.Value.Maintenance.Or(false) {
		out = append(out, "maintenance mode is on: workers go on, so a sync does too")
	}
	return out
}
