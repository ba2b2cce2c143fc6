package model

import "strings"

// PartState is one part of the facts by name, with what went wrong with it.
type PartState struct {
	Name string `json:"name"` // in plain words, such as "the licence"
	AsOf AsOf   `json:"read"`
	Err  *Error `json:"error,omitempty"`
}

// PartStates returns the parts of the facts in the order in which screens name
// them.
func (f *Facts) PartStates() []PartState {
	return []PartState{
		{"the version", f.Metadata.AsOf, f.Metadata.Err},
		{"the token", f.Token.AsOf, f.Token.Err},
		{"the token's account", f.Operator.AsOf, f.Operator.Err},
		{"the licence", f.License.AsOf, f.License.Err},
		{"the licence history", f.Terms.AsOf, f.Terms.Err},
		{"future terms", f.Future.AsOf, f.Future.Err},
		{"add-ons", f.AddOns.AsOf, f.AddOns.Err},
		{"the promotion queue", f.Promotions.AsOf, f.Promotions.Err},
		{"the settings", f.Settings.AsOf, f.Settings.Err},
		{"the statistics", f.Statistics.AsOf, f.Statistics.Err},
		{"Service Ping", f.Ping.AsOf, f.Ping.Err},
		{"the daily counts", f.Daily.AsOf, f.Daily.Err},
		{"the accounts", f.Roster.AsOf, f.Roster.Err},
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
		if p.Err == nil {
			continue
		}
		gone := p.Err.Class == ClassUnreachable || p.Err.Class == ClassOffline
		switch {
		case p.Err.Class == ClassUnsupported, p.Err.Class == ClassCancelled:
		case p.Err.Class == ClassDenied:
			denied = append(denied, p.Name)
			if first == nil {
				first = p.Err
			}
		case gone && f.Metadata.Err != nil:
			offline = true
		default:
			failed = append(failed, p.Name)
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
