package sandbox

import (
	"strconv"
	"time"
)

// PastSync is one day of the weeks before the sandbox began, as somebody who
// had watched it every day would have written it down. Like everything here it
// is made up; the built-in run fills its throw-away record with it.
type PastSync struct {
	Seen     time.Time // when somebody looked
	LastSync time.Time // what the instance showed then
	Number   string    // of the licence
	Plan     string
	Seats    int // 0 = no limit
	Starts   time.Time
	Ends     time.Time
	AddOns   map[string]int // purchased seats by name
	Billable int
	Maximum  int
}

// The story of the past: eleven weeks, in which the portal could not be reached
// for two days, nobody looked for three, and add-on seats were bought once.
const (
	pastDays    = 77
	portalGone  = 4  // days ago, and the day after
	nobodyThere = 58 // days ago, and the two days after
	addOnsCame  = 16 // days ago
)

// PastSyncs tells the syncs before now, oldest first; none for an instance that
// does not sync.
func (s *Server) PastSyncs() []PastSync {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock().UTC()
	l := s.subscription.current(now)
	if !s.eligible(now) || s.knobs.portal != "ok" {
		return nil
	}
	today := now.Truncate(24 * time.Hour)
	var out []PastSync
	var last time.Time
	for ago := pastDays; ago >= 1; ago-- {
		day := today.AddDate(0, 0, -ago)
		if !day.Before(l.lastSync.Truncate(24 * time.Hour)) {
			break // this one the instance shows itself
		}
		if ago != portalGone && ago != portalGone-1 {
			last = day.Add(3*time.Hour + 17*time.Minute + time.Duration(ago%50)*time.Second)
		}
		if ago <= nobodyThere && ago > nobodyThere-3 || last.IsZero() {
			continue
		}
		p := PastSync{
			Seen: day.Add(7*time.Hour + time.Duration(ago%40)*time.Minute), LastSync: last, Number: strconv.Itoa(l.number), Plan: l.plan,
			Seats: max(l.seats, 0), Starts: l.starts, Ends: l.expires, Billable: s.subscription.countAt(last),
			Maximum: s.subscription.historicalMax(l, last), AddOns: map[string]int{},
		}
		for _, a := range s.subscription.addOns {
			p.AddOns[a.name] = a.purchased
			if ago > addOnsCame {
				p.AddOns[a.name] = a.purchased * 2 / 3
			}
		}
		p.Maximum = max(p.Maximum, p.Billable)
		out = append(out, p)
	}
	return out
}

// countAt is the newest daily row before t.
func (sub *subscription) countAt(t time.Time) int {
	n := 0
	for _, r := range sub.rows {
		if r.at.After(t) {
			break
		}
		n = r.count
	}
	return n
}
