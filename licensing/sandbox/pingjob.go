package sandbox

import (
	"crypto/sha256"
	"math/big"
	"time"
)

// pingSchedule is when an instance makes its weekly Service Ping, in UTC.
type pingSchedule struct {
	weekday, hour, minute int // 0 is Sunday
}

// newPingSchedule derives the moment from the instance's uuid (contract §7.6).
func newPingSchedule(uuid string) pingSchedule {
	pick := func(text string, n int64) int {
		sum := sha256.Sum256([]byte(text))
		return int(new(big.Int).Mod(new(big.Int).SetBytes(sum[:]), big.NewInt(n)).Int64())
	}
	return pingSchedule{weekday: pick(uuid, 7), hour: pick(uuid+"hour", 24), minute: pick(uuid+"minute", 60)}
}

// forcedPing: the licence carries operational metrics, so Service Ping is sent
// whatever the toggle says (contract §7.4).
func (s *Server) forcedPing() bool {
	l := s.subscription.current(s.jobs.through)
	return l != nil && l.operational
}

// generatesPing: a payload is made, be it sent or only kept.
func (s *Server) generatesPing() bool {
	return s.forcedPing() || s.pingEnabled() || s.knobs.version.atLeast(18, 4) && s.settings.generation
}

// firstPing is the moment of the payload an instance is born with: the newest
// weekly one, or none where none is made.
func (s *Server) firstPing() time.Time {
	if !s.generatesPing() {
		return time.Time{}
	}
	p := newPingSchedule(s.uuid)
	at := s.born.Truncate(24 * time.Hour).Add(time.Duration(p.hour)*time.Hour + time.Duration(p.minute)*time.Minute)
	for at.After(s.born) || int(at.Weekday()) != p.weekday {
		at = at.AddDate(0, 0, -1)
	}
	return at
}

// sendPing is the weekly job: it makes the payload and sends it, if it may.
func (s *Server) sendPing(at time.Time) {
	e := Event{Time: at, Kind: "service_ping", Outcome: "ok"}
	if s.generatesPing() {
		s.ping, s.pingAt = nil, at
	}
	switch {
	case !s.forcedPing() && !s.pingEnabled():
		e.Outcome = "switched_off"
	case s.settings.silentMode:
		e.Outcome, e.Detail = "blocked", silentModeMessage
	}
	s.event(e)
}
