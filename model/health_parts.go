package model

import "strings"

// PartName names a part of the facts in plain words.
type PartName string

// The parts that verbs ask for by name.
const (
	PartLicense    PartName = "the licence"
	PartTerms      PartName = "the licence history"
	PartFuture     PartName = "future terms"
	PartAddOns     PartName = "add-ons"
	PartPromotions PartName = "the promotion queue"
	PartSettings   PartName = "the settings"
	PartStatistics PartName = "the statistics"
	PartPing       PartName = "Service Ping"
	PartDaily      PartName = "the daily counts"
	PartRoster     PartName = "the accounts"
)

// PartState is one part of the facts by name, with what went wrong with it.
type PartState struct {
	Name PartName `json:"name"`
	AsOf AsOf     `json:"read"`
	Err  *Error   `json:"error,omitempty"`
}

// Failed reports whether the newest reading should have brought the part and did
// not. What an edition, version or licence does not have is no failure.
func (p PartState) Failed() bool {
	return p.Err != nil && p.Err.Class != ClassUnsupported && p.Err.Class != ClassCancelled
}

// PartStates returns the parts of the facts in the order in which screens name
// them.
func (f *Facts) PartStates() []PartState {
	return []PartState{
		{"the version", f.Metadata.AsOf, f.Metadata.Err},
		{"the token", f.Token.AsOf, f.Token.Err},
		{"the token's account", f.Operator.AsOf, f.Operator.Err},
		{PartLicense, f.License.AsOf, f.License.Err},
		{PartTerms, f.Terms.AsOf, f.Terms.Err},
		{PartFuture, f.Future.AsOf, f.Future.Err},
		{PartAddOns, f.AddOns.AsOf, f.AddOns.Err},
		{PartPromotions, f.Promotions.AsOf, f.Promotions.Err},
		{PartSettings, f.Settings.AsOf, f.Settings.Err},
		{PartStatistics, f.Statistics.AsOf, f.Statistics.Err},
		{PartPing, f.Ping.AsOf, f.Ping.Err},
		{PartDaily, f.Daily.AsOf, f.Daily.Err},
		{PartRoster, f.Roster.AsOf, f.Roster.Err},
	}
}

// partAlerts groups what could not be read by what stands in the way. What an
// edition or version does not have is no trouble and gives no alert. An instance
// is offline when it does not even tell its version; one that answers and lets
// single questions fail is not.
func partAlerts(f *Facts) []Alert {
	var denied, failed []string
	offline := false
	var first *Error
	for _, p := range f.PartStates() {
		if !p.Failed() {
			continue
		}
		gone := p.Err.Class == ClassUnreachable || p.Err.Class == ClassOffline
		switch {
		case p.Err.Class == ClassDenied:
			denied = append(denied, string(p.Name))
			if first == nil {
				first = p.Err
			}
		case gone && f.Metadata.Err != nil:
			offline = true
		default:
			failed = append(failed, string(p.Name))
		}
	}
	var out []Alert
	if offline {
		out = append(out, Alert{AlertUnreadable, LevelWarn, "offline", "offline, showing what was read before"})
	}
	if len(denied) > 0 {
		long := "no rights to read " + strings.Join(denied, ", ") + ": " + first.Msg.String()
		if !first.Next.Empty() {
			long += " — " + first.Next.String()
		}
		out = append(out, Alert{AlertDenied, LevelWarn, "no rights", long})
	}
	if len(failed) > 0 {
		out = append(out, Alert{AlertUnreadable, LevelWarn, "not all read", "could not read " + strings.Join(failed, ", ")})
	}
	if f.Roster.Known() && !f.Roster.Value.Complete {
		out = append(out, Alert{AlertPartial, LevelInfo, "accounts incomplete", "only a part of the accounts was read; no counts are made from it"})
	}
	return out
}
