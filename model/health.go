package model

import (
	"fmt"
	"sort"
	"time"
)

// Level is how urgent an alert is.
type Level uint8

// The levels, mildest first.
const (
	LevelInfo Level = iota
	LevelWarn
	LevelBad
)

// String returns the level's name as JSON and screens use it.
func (l Level) String() string {
	switch l {
	case LevelWarn:
		return "warn"
	case LevelBad:
		return "bad"
	}
	return "info"
}

// MarshalText writes the level's name.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// AlertKind names what an alert is about; stable, for JSON and for keys.
type AlertKind string

// The kinds of alerts.
const (
	AlertExpired     AlertKind = "expired"
	AlertOver        AlertKind = "over"
	AlertOverPeak    AlertKind = "over-at-peak"
	AlertEnding      AlertKind = "ending"
	AlertOverdue     AlertKind = "sync-overdue"
	AlertToken       AlertKind = "token"
	AlertDenied      AlertKind = "denied"
	AlertNear        AlertKind = "limit-near"
	AlertPartial     AlertKind = "partial"
	AlertUnreadable  AlertKind = "unreadable"
	AlertMaintenance AlertKind = "maintenance"
	AlertSilent      AlertKind = "silent"
)

// Alert is one thing that wants attention. Short fits a narrow header; Long is
// a sentence without a full stop, for wide headers and the messages.
type Alert struct {
	Kind  AlertKind `json:"kind"`
	Level Level     `json:"level"`
	Short string    `json:"short"`
	Long  string    `json:"long"`
}

// When alerts begin, in days before the date.
const (
	endingWarn = 90 // visual §13
	endingBad  = 15 // GitLab's own banner, contract §4.4
	tokenWarn  = 30
	tokenBad   = 7
)

// AlertsOf returns what wants attention, worst first; equals stand in a fixed
// order. An empty list means that nothing known wants any.
func AlertsOf(f *Facts, h History, now time.Time) []Alert {
	var out []Alert
	out = append(out, licenseAlerts(f, now)...)
	out = append(out, syncAlerts(f, h)...)
	out = append(out, tokenAlerts(f.Token, now)...)
	out = append(out, partAlerts(f)...)
	sort.SliceStable(out, func(i, j int) bool { return out[i].Level > out[j].Level })
	return out
}

func licenseAlerts(f *Facts, now time.Time) []Alert {
	l := f.License.Value
	if !f.License.Known() || !l.Present() {
		return nil
	}
	var out []Alert
	if a, ok := termAlert(f, now); ok {
		out = append(out, a)
	}
	if free, ok := l.Free().Get(); ok && free < 0 {
		n := counted(-free, "seat")
		out = append(out, Alert{AlertOver, LevelBad, n + " over", fmt.Sprintf("%s over: %s billable users on %s seats", n, thousands(l.Daily), thousands(l.Seats))})
	}
	if a, ok := peakAlert(l); ok {
		out = append(out, a)
	}
	if l.NearLimit() {
		n := counted(l.Free().Or(0), "seat")
		out = append(out, Alert{AlertNear, LevelWarn, n + " free", n + " free: GitLab calls this limit near"})
	}
	return out
}

// peakAlert: what is owed for the highest day of the term. It is not bad by
// itself: nothing that can be done today lowers it (contract §6.2). Trials owe
// nothing (contract §1.3).
func peakAlert(l License) (Alert, bool) {
	over, ok := l.OverPeak.Get()
	if !ok || over <= 0 || l.Trial.Or(false) {
		return Alert{}, false
	}
	n := counted(over, "seat")
	return Alert{AlertOverPeak, LevelWarn, n + " over at peak", n + " over at the peak of this term, owed at renewal"}, true
}

// Followed reports whether the next term is known, and begins before this one
// would leave a day uncovered.
func (f *Facts) Followed() bool {
	next, ends := f.Future.Value, f.License.Value.Ends
	return len(next) > 0 && next[0].Starts.Known() && next[0].Starts <= ends
}

func termAlert(f *Facts, now time.Time) (Alert, bool) {
	l := &f.License.Value
	left, ok := l.DaysLeft(now).Get()
	switch {
	case l.Expired(now):
		a := Alert{AlertExpired, LevelBad, "licence ended", "the licence ended on " + l.Ends.String()}
		if l.Blocks.Known() {
			if DayOf(now) < l.Blocks {
				a.Short, a.Long = "ended, blocks "+l.Blocks.String(), a.Long+"; changes are blocked from "+l.Blocks.String()
			} else {
				a.Short, a.Long = "changes blocked", a.Long+"; changes are blocked since "+l.Blocks.String()
			}
		}
		return a, true
	case !ok || left > endingWarn || f.Followed():
		return Alert{}, false
	}
	next := "no next term is known"
	if len(f.Future.Value) > 0 {
		next = "the next term begins later, on " + f.Future.Value[0].Starts.String()
	}
	a := Alert{AlertEnding, LevelWarn, "ends in " + inDays(left), fmt.Sprintf("the licence ends in %s, on %s, and %s", inDays(left), l.Ends, next)}
	if left <= endingBad {
		a.Level = LevelBad
	}
	return a, true
}

func syncAlerts(f *Facts, h History) []Alert {
	var out []Alert
	if since, ok := h.Since.Get(); ok && h.Health == HealthOverdue {
		out = append(out, Alert{AlertOverdue, LevelBad, "sync overdue", "the daily sync is overdue since " + since.UTC().Format("2006-01-02 15:04 UTC")})
	}
	if f.Settings.Value.SilentMode.Or(false) {
		out = append(out, Alert{AlertSilent, LevelWarn, "silent mode", "silent mode is on: no sync, no activation, no mail leaves this instance"})
	}
	if f.Settings.Value.Maintenance.Or(false) {
		out = append(out, Alert{AlertMaintenance, LevelWarn, "maintenance", "maintenance mode is on: the instance takes no changes"})
	}
	return out
}

// tokenAlerts: a token stops at 00:00 UTC of its last day (contract §11.1).
func tokenAlerts(p Part[Token], now time.Time) []Alert {
	if !p.Known() || !p.Value.Expires.Known() {
		return nil
	}
	left := p.Value.Expires.Sub(DayOf(now))
	a := Alert{AlertToken, LevelWarn, "token ends in " + inDays(left), fmt.Sprintf("the token expires in %s, at 00:00 UTC of %s", inDays(left), p.Value.Expires)}
	switch {
	case left <= 0:
		a.Level, a.Short, a.Long = LevelBad, "token expired", "the token expired on "+p.Value.Expires.String()
	case left <= tokenBad:
		a.Level = LevelBad
	case left > tokenWarn:
		return nil
	}
	return []Alert{a}
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Thousands(int64(n)) + " " + noun + "s"
}

func thousands(n Opt[int]) string {
	if v, ok := n.Get(); ok {
		return Thousands(int64(v))
	}
	return "–"
}
