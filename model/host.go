package model

import (
	"slices"
	"strings"
	"time"
)

// HostAnswer is what every answer from the GitLab server says about itself.
// A fact that could not be asked is unknown; Missing and Failed tell why.
type HostAnswer struct {
	AsOf    AsOf          `json:"read"`    // when the answer was complete, by the clock here
	Took    time.Duration `json:"took_ns"` // with the start of GitLab's Ruby
	Exit    int           `json:"exit"`    // of the command; an answer counts whatever it is
	Fenced  bool          `json:"fenced"`  // reads ran where PostgreSQL refuses every write
	Missing []string      `json:"missing"` // facts this version does not have
	Failed  []HostTrouble `json:"failed"`  // facts that could not be asked
}

// Lacks reports whether this version of GitLab does not have the fact.
func (a HostAnswer) Lacks(fact string) bool { return slices.Contains(a.Missing, fact) }

// HostTrouble is one fact that could not be asked, and what GitLab said.
type HostTrouble struct {
	Fact string `json:"fact"`
	Why  Text   `json:"why"`
}

// HostLicense is the licence as the server itself has it. Its key never leaves
// the server.
type HostLicense struct {
	RowID  Opt[int64] `json:"row_id"`
	Number Text       `json:"number"`
	Plan   Plan       `json:"plan"`
	Kind   Kind       `json:"kind"`
	Starts Day        `json:"starts_at"`
	Ends   Day        `json:"expires_at"`
	Trial  Opt[bool]  `json:"trial"`
	Seats  Opt[int]   `json:"seats_in_subscription"`
}

// HostRefusal is why no sync may be asked for on the server.
type HostRefusal string

// The reasons, in the order in which they are asked. RefusalUnclear: what would
// decide could not be read. RefusalUnsupported: this version has no sync.
const (
	RefusalNone        HostRefusal = ""
	RefusalEdition     HostRefusal = "edition"
	RefusalLicense     HostRefusal = "license"
	RefusalSecondary   HostRefusal = "secondary"
	RefusalReadOnly    HostRefusal = "read-only"
	RefusalSilentMode  HostRefusal = "silent-mode"
	RefusalNotEligible HostRefusal = "not-eligible"
	RefusalUnsupported HostRefusal = "unsupported"
	RefusalUnclear     HostRefusal = "unclear"
)

var refusalWords = map[HostRefusal][2]string{
	RefusalEdition:     {"this is the Community Edition, which has no licence", ""},
	RefusalLicense:     {"no licence, no sync", "activate a subscription first"},
	RefusalSecondary:   {"this server is a Geo secondary: its database cannot be written", "point host_command at a server of the primary site"},
	RefusalReadOnly:    {"the database is read-only", "try again when it can be written"},
	RefusalSilentMode:  {"silent mode is on: GitLab sends nothing out", "switch silent mode off, or wait for its end"},
	RefusalNotEligible: {"this licence does not sync: only an online cloud licence with an end date does", ""},
	RefusalUnsupported: {"this version of GitLab has no sync", ""},
	RefusalUnclear:     {"the server did not say whether this licence syncs", "seatdeck sync drivers tells what could not be asked"},
}

// Words say the reason and what helps against it; the second may be empty.
func (r HostRefusal) Words() (reason, next string) {
	if w, ok := refusalWords[r]; ok {
		return w[0], w[1]
	}
	return string(r), ""
}

// HostWay is how this version of GitLab lets a sync be asked for.
type HostWay string

// The ways. WayButton does exactly what the page's button does; WaySync is the
// same before the button refreshed service tokens too; WayWorker queues the
// daily job, which decides for itself (versions before 14).
const (
	WayButton HostWay = "button"
	WaySync   HostWay = "sync"
	WayWorker HostWay = "worker"
	WayNone   HostWay = "none"
)

// HostQueue is the queue a sync waits in. A latency that only grows means that
// no process serves it.
type HostQueue struct {
	Name    Text    `json:"name"`
	Size    int     `json:"size"`
	Latency float64 `json:"latency_seconds"` // age of its oldest job; 0 when empty
}

// Eligibility is what decides whether a sync can be asked for on the server.
type Eligibility struct {
	HostAnswer
	Version     Text              `json:"version"`
	Enterprise  Opt[bool]         `json:"enterprise"`
	NoLicense   bool              `json:"no_license"` // asked, and there is none
	License     Opt[HostLicense]  `json:"license"`
	LastSync    Opt[time.Time]    `json:"last_sync"`
	Eligible    Opt[bool]         `json:"eligible"`
	SilentMode  Opt[bool]         `json:"silent_mode"`
	Maintenance Opt[bool]         `json:"maintenance"`
	ReadOnly    Opt[bool]         `json:"read_only"`
	Secondary   Opt[bool]         `json:"geo_secondary"`
	Processes   Opt[int]          `json:"sidekiq_processes"` // 0: nothing will run a queued job
	Queue       Opt[HostQueue]    `json:"queue"`
	Retrying    Opt[[]JobState]   `json:"retrying"` // sync jobs that failed and wait for their next try
	Proxies     map[string]string `json:"proxies"`  // those Rails has, passwords masked
	Way         HostWay           `json:"way"`      // "" when it could not be asked
}

// Refusal is why no sync may be asked for; RefusalNone when one may. In
// maintenance mode the database looks read-only to the web alone: workers go
// on, and so does a sync (gitlab-host §2.6).
func (e Eligibility) Refusal() HostRefusal {
	is := func(o Opt[bool], want bool) bool { v, ok := o.Get(); return ok && v == want }
	switch {
	case is(e.Enterprise, false):
		return RefusalEdition
	case e.NoLicense:
		return RefusalLicense
	case is(e.Secondary, true):
		return RefusalSecondary
	case is(e.ReadOnly, true) && !is(e.Maintenance, true):
		return RefusalReadOnly
	case is(e.SilentMode, true):
		return RefusalSilentMode
	case is(e.Eligible, false):
		return RefusalNotEligible
	case e.Way == "" || e.Way == WayNone:
		return RefusalUnsupported
	case !e.Eligible.Known() || !e.License.Known():
		return RefusalUnclear
	}
	return RefusalNone
}

// Packet is what the next sync would send, or what one has sent, without the
// licence key. Its numbers come from the newest daily row, not from a live
// count (gitlab-host §2.3).
type Packet struct {
	HostAnswer
	GitLab     Text           `json:"gitlab_version"`
	Row        Opt[time.Time] `json:"timestamp"` // of the newest daily row
	Maximum    Opt[int]       `json:"max_historical_user_count"`
	Billable   Opt[int]       `json:"billable_users_count"` // unknown where no daily row exists
	Hostname   Text           `json:"hostname"`
	InstanceID Text           `json:"instance_id"`
	UniqueID   Text           `json:"unique_instance_id"`
	AddOns     []PacketAddOn  `json:"add_on_metrics"`
	Others     []Text         `json:"other_members"` // names of members this program does not know
}

// PacketAddOn is one add-on in a packet.
type PacketAddOn struct {
	Type      Text     `json:"add_on_type"`
	Purchased Opt[int] `json:"purchased_seats"`
	Assigned  Opt[int] `json:"assigned_seats"`
}

// Preview is what a plan shows before a sync: whether one may be asked for, and
// what it would send. Packet is unknown where the version has no such thing.
type Preview struct {
	Eligibility Eligibility `json:"eligibility"`
	Packet      Opt[Packet] `json:"packet"`
}

// MaskProxy returns a proxy's address without user and password.
func MaskProxy(s string) string {
	head, rest, ok := strings.Cut(s, "//")
	if !ok {
		head, rest = "", s
	} else {
		head += "//"
	}
	authority, tail, _ := strings.Cut(rest, "/")
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		authority = "***" + authority[at:]
	}
	if tail != "" {
		authority += "/" + tail
	}
	return Clean(head + authority).String()
}
