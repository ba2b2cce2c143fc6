package sandbox

import (
	"fmt"
	"slices"
	"time"
)

// Event is something the instance did by itself or that reached the portal.
type Event struct {
	Time     time.Time
	Kind     string    // usage_count, history_row, seat_link, activation, recount, deactivate_dormant, service_ping
	Outcome  string    // ok, refused, unreachable, unsaved, blocked, not_eligible, switched_off
	Detail   string    // the words a log would have; may be empty
	Billable int       // the count of the row that was stored or sent
	Maximum  int       // the maximum that was sent; seat_link only
	RowAt    time.Time // the moment of the row that was sent; seat_link only
	Job      string    // id of the job behind it, where somebody asked for it; seat_link only
}

// jobs is the scheduler: what runs daily, what waits, and how far the clock
// has been followed.
type jobs struct {
	through    time.Time // everything due up to here has run
	daily      []dailyJob
	pending    []pendingJob
	events     []Event
	syncs      []*syncJob // those that were asked for and are not over
	asked      int        // how many were
	syncHour   int
	syncMinute int
}

// dailyJob runs once a day at an hour and minute of UTC.
type dailyJob struct {
	hour, minute int
	run          func(s *Server, at time.Time)
}

// pendingJob is queued work, such as a recount that was asked for.
type pendingJob struct {
	at  time.Time
	run func(s *Server, at time.Time)
}

// newJobs fixes the schedule of this process (contract §3.4, §6.3) and starts
// following the clock from the instance's birth.
func newJobs(s *Server) *jobs {
	j := &jobs{through: s.born}
	r := mix(s.seed, "seat link", 0)
	j.syncMinute, j.syncHour = int(r%60), 3
	if s.knobs.version.atLeast(16, 0) {
		j.syncHour += int(r / 60 % 2)
	}
	j.daily = []dailyJob{
		{0, 21, (*Server).deactivateDormant},
		{j.syncHour, j.syncMinute, func(s *Server, at time.Time) { s.seatLink(at, "daily", "") }},
		{12, 0, (*Server).storeRow},
		{23, 50, (*Server).storeMeasurement},
	}
	ping := newPingSchedule(s.uuid)
	j.daily = append(j.daily, dailyJob{ping.hour, ping.minute, func(s *Server, at time.Time) {
		if int(at.Weekday()) == ping.weekday {
			s.sendPing(at)
		}
	}})
	if l := s.subscription.current(s.born); l != nil && l.kind == "online_cloud" {
		l.lastSync = j.lastSlot(s.born)
		if s.knobs.portal != "ok" || s.knobs.silentMode {
			l.lastSync = l.lastSync.AddDate(0, 0, -3)
		}
		if l.expired(s.born) { // the portal kept answering with the same key
			l.lastSync = j.lastSlot(s.born)
		}
	}
	return j
}

// lastSlot is the newest moment of the daily sync up to now, and the two
// seconds the exchange took.
func (j *jobs) lastSlot(now time.Time) time.Time {
	at := now.Truncate(24 * time.Hour).Add(time.Duration(j.syncHour)*time.Hour + time.Duration(j.syncMinute)*time.Minute + syncTakes)
	if at.After(now) {
		at = at.AddDate(0, 0, -1)
	}
	return at
}

// How long queued work takes on the instance's clock.
const (
	syncTakes    = 2 * time.Second
	recountTakes = 2 * time.Second
)

// catchUp runs everything that came due up to now, in order. A clock that
// stands still or goes back runs nothing.
func (s *Server) catchUp(now time.Time) {
	for {
		at, ok := s.jobs.next()
		if !ok || at.After(now) {
			break
		}
		s.runAt(at)
	}
	if now.After(s.jobs.through) {
		s.jobs.through = now
	}
}

// next is the earliest moment something is due after the last one.
func (j *jobs) next() (time.Time, bool) {
	var first time.Time
	for _, d := range j.daily {
		if at := d.after(j.through); first.IsZero() || at.Before(first) {
			first = at
		}
	}
	for _, p := range j.pending {
		if first.IsZero() || p.at.Before(first) {
			first = p.at
		}
	}
	return first, !first.IsZero()
}

func (d dailyJob) after(t time.Time) time.Time {
	at := t.Truncate(24 * time.Hour).Add(time.Duration(d.hour)*time.Hour + time.Duration(d.minute)*time.Minute)
	if !at.After(t) {
		at = at.AddDate(0, 0, 1)
	}
	return at
}

// runAt runs all that is due at one moment.
func (s *Server) runAt(at time.Time) {
	before := s.jobs.through
	if at.After(before) {
		s.jobs.through = at
	}
	for _, d := range s.jobs.daily {
		if d.after(before).Equal(at) {
			d.run(s, at)
		}
	}
	due := s.jobs.pending
	s.jobs.pending = nil
	for _, p := range due {
		if p.at.After(at) {
			s.jobs.pending = append(s.jobs.pending, p)
			continue
		}
		p.run(s, at)
	}
}

// later queues work.
func (s *Server) later(at time.Time, run func(*Server, time.Time)) {
	s.jobs.pending = append(s.jobs.pending, pendingJob{at, run})
}

// storeMeasurement is the usage-trends count: it stores D.
func (s *Server) storeMeasurement(at time.Time) {
	s.subscription.measured = s.billableTruth()
	s.event(Event{Time: at, Kind: "usage_count", Outcome: "ok", Billable: s.subscription.measured})
}

// storeRow is the historical-data job: it stores today's D as a row, for paid
// licences only.
func (s *Server) storeRow(at time.Time) {
	l := s.subscription.current(at)
	if l == nil || l.trial {
		return
	}
	row := dayRow{noonRow(s.seed, at), s.subscription.measured}
	s.subscription.rows = append(s.subscription.rows, row)
	s.event(Event{Time: at, Kind: "history_row", Outcome: "ok", Billable: row.count, RowAt: row.at})
}

// recount is the queued work of PUT …/refresh_billable_users: D moves at once,
// a row is not written.
func (s *Server) recount(at time.Time) {
	s.subscription.measured = s.billableTruth()
	s.event(Event{Time: at, Kind: "recount", Outcome: "ok", Billable: s.subscription.measured})
}

// dormantLimit is the most accounts one night deactivates (contract §6.6).
const dormantLimit = 100_000

// deactivateDormant switches off accounts without activity for the period, and
// those that never signed in although they are older than a week.
func (s *Server) deactivateDormant(at time.Time) {
	if !s.settings.dormant {
		return
	}
	n := 0
	for i := range s.world.accounts {
		a := &s.world.accounts[i]
		if n == dormantLimit || a.kind != human || a.state != active || a.has(flagGone) || !s.isDormant(a, at) {
			continue
		}
		s.world.setState(a, deactivated)
		n++
	}
	s.event(Event{Time: at, Kind: "deactivate_dormant", Outcome: "ok", Detail: fmt.Sprint(n, " accounts")})
}

// isDormant applies the rule of the nightly job to one active account.
func (s *Server) isDormant(a *account, now time.Time) bool {
	if day, ok := a.activeOn(); ok {
		return !day.After(now.AddDate(0, 0, -s.settings.dormantPeriod))
	}
	return a.createdAt().Before(now.AddDate(0, 0, -7))
}

func (s *Server) event(e Event) {
	const limit = 50_000
	if len(s.jobs.events) >= limit {
		s.jobs.events = slices.Clone(s.jobs.events[limit/2:])
	}
	s.jobs.events = append(s.jobs.events, e)
}

// Events gives what the instance did by itself and what reached the portal,
// oldest first, up to the clock's present.
func (s *Server) Events() []Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.catchUp(s.clock().UTC())
	return slices.Clone(s.jobs.events)
}
