package sandbox

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// license is one stored licence row.
type license struct {
	id          int // database row
	number      int // the licence's own number, inside the key
	kind        string
	plan        string
	name        string
	email       string
	company     string
	created     time.Time
	activated   time.Time // zero for a file
	starts      time.Time
	expires     time.Time // zero: no end
	blocks      time.Time // changes are blocked from here; zero: never
	seats       int       // -1: no limit recorded
	trial       bool
	operational bool // operational metrics are always sent
	lastSync    time.Time
	key         string
}

func (l *license) cloud() bool   { return l.kind == "online_cloud" || l.kind == "offline_cloud" }
func (l *license) offline() bool { return l.kind == "offline_cloud" }

// expired: from 00:00 of the end date on (contract §4.4).
func (l *license) expired(now time.Time) bool {
	return !l.expires.IsZero() && !now.Before(l.expires)
}

// futureTerm is a subscription that starts later.
type futureTerm struct {
	kind, plan, name, email, company string
	starts, expires                  time.Time
	seats                            int
}

// addOn is a purchase beside the plan.
type addOn struct {
	id                  int
	name                string // upper case, such as DUO_ENTERPRISE
	purchased, assigned int
}

// dayRow is one stored daily count of billable users.
type dayRow struct {
	at    time.Time
	count int
}

// subscription is everything the instance stores about what is paid for.
type subscription struct {
	licenses   []*license // by ascending row id
	nextID     int
	future     []futureTerm
	portalNext []futureTerm // what the portal tells at each exchange
	addOns     []addOn
	rows       []dayRow // by ascending time
	measured   int      // newest stored measurement, D
	exportedAt time.Time
	samples    map[string]license // keys that can be added, by name
	counted    counted
	lag        map[uint32]bool
}

// current is the licence in force at a time: the newest row that has started.
// An expired one stays in force until another comes; it only lacks features.
func (sub *subscription) current(now time.Time) *license {
	for _, l := range slices.Backward(sub.licenses) {
		if !l.starts.After(now) {
			return l
		}
	}
	return nil
}

// byID finds a row.
func (sub *subscription) byID(id int) *license {
	for _, l := range sub.licenses {
		if l.id == id {
			return l
		}
	}
	return nil
}

// historicalMax is H: the largest daily count inside a licence's term, both
// days included; 0 without rows (contract §1.3).
func (sub *subscription) historicalMax(l *license, now time.Time) int {
	from, last := l.starts, l.expires
	if from.IsZero() {
		from = now.Truncate(24*time.Hour).AddDate(-1, 0, 0)
	}
	if last.IsZero() {
		last = now.Truncate(24 * time.Hour)
	}
	to := last.AddDate(0, 0, 1)
	h := 0
	for _, r := range sub.rows {
		if !r.at.Before(from) && r.at.Before(to) {
			h = max(h, r.count)
		}
	}
	return h
}

// maximum is M: the larger of H and D.
func (sub *subscription) maximum(l *license, now time.Time) int {
	return max(sub.historicalMax(l, now), sub.measured)
}

// add stores a row and gives it an id.
func (sub *subscription) add(l license) *license {
	sub.nextID++
	l.id = sub.nextID
	sub.licenses = append(sub.licenses, &l)
	return &l
}

// licensee is who the made-up subscription belongs to.
const (
	licenseeName    = "Mira Okonjo"
	licenseeEmail   = "licences@nordhafen.example"
	licenseeCompany = "Nordhafen Systems AB"
)

// newSubscription writes the rows, the past terms, the coming one and a year
// and more of daily counts, so that they agree with the crowd.
func newSubscription(s *Server, users int) *subscription {
	k := &s.knobs
	sub := &subscription{nextID: 3}
	today := s.born.Truncate(24 * time.Hour)
	s.subscription = sub
	s.jobs = &jobs{through: s.born}
	if !k.hasLicense() {
		sub.measured = s.billableTruth()
		sub.samples = sampleLicenses(s, today, sub.measured)
		return sub
	}
	ends := today.AddDate(0, 0, k.daysLeft)
	starts := ends.AddDate(-1, 0, 0)
	row := license{
		kind: k.licenseType, plan: k.plan, name: licenseeName, email: licenseeEmail, company: licenseeCompany,
		created: today.AddDate(-1, 0, 0), starts: starts, expires: ends, blocks: ends.AddDate(0, 0, 14), trial: k.trial, operational: k.operationalMetrics,
	}
	seats := s.seatsFor(users)
	before := func(share int) int {
		if seats < 0 {
			return seats
		}
		return seats - seats*share/100
	}

	past := row
	past.seats, past.starts, past.expires, past.blocks = before(10), starts.AddDate(-1, 0, 0), starts, starts.AddDate(0, 0, 14)
	past.created = past.starts.Add(8*time.Hour + 14*time.Minute)
	first := row
	first.seats, first.created = before(5), starts.Add(7*time.Hour+41*time.Minute)
	replaced := row
	replaced.seats, replaced.created = seats, starts.Add(today.Sub(starts)*45/100).Truncate(24*time.Hour).Add(4*time.Hour+9*time.Minute)
	for i, l := range []license{past, first, replaced} {
		l.number = 41230 + i*17
		l.key = licenseKey(s.seed, l.number)
		if l.cloud() {
			l.activated = l.created
		}
		sub.add(l)
	}
	if !k.trial {
		sub.future = []futureTerm{{
			kind: k.licenseType, plan: k.plan, name: licenseeName, email: licenseeEmail, company: licenseeCompany,
			starts: ends, expires: ends.AddDate(1, 0, 0), seats: seats + max(seats, 0)*5/100,
		}}
	}
	if k.daysLeft < 0 || k.licenseType != "online_cloud" {
		sub.future = nil // nobody renewed, or nobody told the instance
	}
	sub.portalNext = sub.future
	if k.plan == "ultimate" {
		sub.addOns = []addOn{{id: 1, name: "DUO_ENTERPRISE", purchased: 60, assigned: 41}}
	}
	sub.measured = s.billableTruth()
	if !k.trial {
		sub.rows = tellStory(storyPlan{seed: s.seed, from: past.starts, term: starts, now: s.born, final: sub.measured})
	}
	sub.samples = sampleLicenses(s, today, sub.measured)
	return sub
}

// seatsFor is the size of the current licence: the knob, or the share of the
// default instance (1,000 seats for 1,214 accounts).
func (s *Server) seatsFor(users int) int {
	if s.knobs.seats != 0 {
		return s.knobs.seats
	}
	if s.knobs.plan == "premium" { // everybody counts there, guests too
		return (users*24/25 + 4) / 5 * 5
	}
	return max(10, users*1000/defaultUsers)
}

// sampleLicenses are licences nobody has added yet, each under the name of
// what it is good for (SampleKey).
func sampleLicenses(s *Server, today time.Time, billable int) map[string]license {
	fresh := license{
		kind: "legacy_license", plan: "ultimate", name: licenseeName, email: licenseeEmail, company: licenseeCompany,
		starts: today.AddDate(0, 0, -1), expires: today.AddDate(1, 0, -1), blocks: today.AddDate(1, 0, 13), seats: billable + 50,
	}
	if s.knobs.plan == "premium" {
		fresh.plan = "premium"
	}
	old, small, offline, online := fresh, fresh, fresh, fresh
	old.starts, old.expires = today.AddDate(-1, 0, -1), today.AddDate(0, 0, -1)
	small.seats = billable / 2
	offline.kind, online.kind = "offline_cloud", "online_cloud"
	out := map[string]license{"legacy": fresh, "expired": old, "small": small, "offline": offline, "online": online}
	for name, l := range out {
		l.number = 52000 + len(name)*100 + int(name[0])
		l.key = licenseKey(s.seed, l.number)
		out[name] = l
	}
	return out
}

// SampleKey gives the text of a licence key that this instance, and no other,
// can decode: "legacy" and "offline" can be added, "expired", "small" (too few
// seats) and "online" (a key of the activation path) show the refusals.
func (s *Server) SampleKey(name string) (string, bool) {
	l, ok := s.subscription.samples[name]
	return l.key, ok
}

// licenseKey makes text in the shape of a licence file: Base64 of a JSON
// object with three Base64 members. Nothing can be decrypted from it.
func licenseKey(seed uint64, number int) string {
	member := func(label string, size int) string {
		b := make([]byte, 0, size+8)
		for i := uint64(0); len(b) < size; i++ {
			b = binary.BigEndian.AppendUint64(b, mix(seed, fmt.Sprint("key/", number, label), i))
		}
		return base64.StdEncoding.EncodeToString(b[:size])
	}
	document, err := json.Marshal(map[string]string{"data": member("data", 512), "key": member("key", 256), "iv": member("iv", 16)})
	if err != nil {
		panic(err) // three strings always encode
	}
	text := base64.StdEncoding.EncodeToString(document)
	var b strings.Builder
	for len(text) > 60 {
		b.WriteString(text[:60] + "\n")
		text = text[60:]
	}
	b.WriteString(text + "\n")
	return b.String()
}

// sameKey compares keys as the instance does: line ends and a final newline
// do not matter (contract §4.2).
func sameKey(a, b string) bool {
	normal := func(s string) string { return strings.TrimRight(strings.ReplaceAll(s, "\r\n", "\n"), "\n") }
	return normal(a) == normal(b)
}

// instanceUUID is the instance's own name towards the vendor.
func instanceUUID(seed uint64) string {
	hi, lo := mix(seed, "uuid", 0), mix(seed, "uuid", 1)
	return fmt.Sprintf("%08x-%04x-4%03x-a%03x-%012x", hi>>32, hi>>16&0xffff, hi&0xfff, lo>>52, lo&0xffffffffffff)
}
