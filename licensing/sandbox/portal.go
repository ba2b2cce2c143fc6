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

// packet is what the next exchange sends: the newest daily row, and the maximum
// up to it (contract §3.2).
func (s *Server) packet(l *license, at time.Time) (row time.Time, billable, maximum int) {
	row, billable = at, s.subscription.measured
	if rows := s.subscription.rows; len(rows) > 0 {
		newest := rows[len(rows)-1]
		row, billable = newest.at, newest.count
	}
	return row, billable, max(s.subscription.historicalMax(l, row), billable)
}

// seatLink is one exchange with the portal: it sends the packet and stores what
// comes back (contract §3.3). It returns what became of it, "" when the instance
// is not eligible and sent nothing, and the portal's words.
func (s *Server) seatLink(at time.Time, why, job string) (outcome, words string) {
	if !s.eligible(at) {
		if why != "daily" {
			s.event(Event{Time: at, Kind: "seat_link", Outcome: "not_eligible", Detail: why, Job: job})
		}
		return "", ""
	}
	l := s.subscription.current(at)
	e := Event{Time: at, Kind: "seat_link", Outcome: "ok", Detail: why, Job: job}
	e.RowAt, e.Billable, e.Maximum = s.packet(l, at)
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
		l.lastSync = at
		if why == "daily" {
			l.lastSync = at.Add(syncTakes) // nobody looks during those seconds
		}
		s.subscription.future = s.subscription.portalNext
	}
	s.event(e)
	return e.Outcome, e.Detail
}

// RequestSeatLink is the page's Sync button: it queues one exchange, which
// runs a few seconds later on the instance's clock. False means that the
// instance queued nothing: it is not eligible, or the same job waits already.
func (s *Server) RequestSeatLink() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock().UTC()
	s.catchUp(now)
	return s.askForSync(now) != nil
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
