package sandbox

import (
	"strings"
	"time"
	"unicode"
)

// eligible says whether the instance would sync at all (contract §3.1): a
// cloud licence that is not offline and has an end.
func (s *Server) eligible(at time.Time) bool {
	l := s.subscription.current(at)
	return l != nil && l.cloud() && !l.offline() && !l.expires.IsZero()
}

// seatLink is one exchange with the portal: it sends the newest daily row and
// the maximum up to it, and stores what comes back (contract §3.2, §3.3).
func (s *Server) seatLink(at time.Time, why string) {
	if !s.eligible(at) {
		if why != "daily" {
			s.event(Event{Time: at, Kind: "seat_link", Outcome: "not_eligible", Detail: why})
		}
		return
	}
	l := s.subscription.current(at)
	e := Event{Time: at, Kind: "seat_link", Outcome: "ok", Detail: why, RowAt: at, Billable: s.subscription.measured}
	if rows := s.subscription.rows; len(rows) > 0 {
		newest := rows[len(rows)-1]
		e.RowAt, e.Billable = newest.at, newest.count
	}
	e.Maximum = max(s.subscription.historicalMax(l, e.RowAt), e.Billable)
	switch {
	case s.settings.silentMode:
		e.Outcome, e.Detail = "blocked", silentModeMessage
	case s.knobs.portal == "down":
		e.Outcome, e.Detail = "unreachable", "We encountered an error while trying to reach the portal. Our team has been notified."
	case s.knobs.portal == "refuse":
		e.Outcome, e.Detail = "refused", "HTTP status code: 403"
	case s.knobs.portal == "unsaved":
		e.Outcome = "unsaved" // sent and answered, but the answer was not kept
	default:
		l.lastSync = at.Add(syncTakes)
		s.subscription.future = s.subscription.portalNext
	}
	s.event(e)
}

// RequestSeatLink is the page's Sync button: it queues one exchange, which
// runs a few seconds later on the instance's clock. False means that the
// instance is not eligible and queued nothing.
func (s *Server) RequestSeatLink() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock().UTC()
	s.catchUp(now)
	if !s.eligible(now) {
		return false
	}
	s.later(now.Add(buttonDelay), func(s *Server, at time.Time) { s.seatLink(at, "button") })
	return true
}

// ActivationCode is a code the made-up portal knows for this instance; any
// other one of the right form is refused.
const ActivationCode = "SANDBOXactivation0000001"

const silentModeMessage = "only get, head, options, and trace methods are allowed in silent mode"

// activate is the exchange behind the activation mutation (contract §2.4).
// It returns the messages of a refusal; none means that the current licence
// and the future terms are fresh. The caller has checked who asks.
func (s *Server) activate(code string) []string {
	now := s.jobs.through
	refuse := func(outcome, message string) []string {
		s.event(Event{Time: now, Kind: "activation", Outcome: outcome, Detail: message})
		return []string{message}
	}
	switch {
	case s.settings.silentMode:
		return refuse("blocked", silentModeMessage)
	case s.knobs.portal == "down":
		return refuse("unreachable", "CONNECTIVITY_ERROR")
	case s.knobs.portal == "refuse", !validCode(code), code != ActivationCode:
		return refuse("refused", "Invalid activation code")
	}
	if l := s.subscription.current(now); l != nil && l.kind == "online_cloud" {
		if s.knobs.portal != "unsaved" {
			l.lastSync = now
		}
	} else {
		fresh := s.subscription.samples["online"]
		fresh.created, fresh.activated, fresh.lastSync = now, now, now
		s.subscription.add(fresh)
	}
	s.subscription.future = s.subscription.portalNext
	s.event(Event{Time: now, Kind: "activation", Outcome: "ok"})
	return nil
}

// validCode: 24 letters and digits.
func validCode(code string) bool {
	return len(code) == 24 && strings.IndexFunc(code, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}) < 0
}
