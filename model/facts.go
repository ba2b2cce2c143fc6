package model

import "time"

// Facts is everything known about one instance except the rows of its roster.
// It is small (kilobytes), so that a first frame can be drawn from it at once.
type Facts struct {
	Instance   string              `json:"instance"` // profile name
	Host       string              `json:"host"`     // host:port of the address
	Metadata   Part[Metadata]      `json:"metadata"`
	Token      Part[Token]         `json:"token"`
	Operator   Part[Operator]      `json:"operator"`
	License    Part[License]       `json:"license"`
	Terms      Part[[]Term]        `json:"terms"`  // licence rows, newest first
	Future     Part[[]Term]        `json:"future"` // terms to come, soonest first
	AddOns     Part[[]AddOn]       `json:"add_ons"`
	Promotions Part[[]Promotion]   `json:"promotions"`
	Settings   Part[Settings]      `json:"settings"`
	Statistics Part[Statistics]    `json:"statistics"`
	Ping       Part[Ping]          `json:"service_ping"`
	Daily      Part[DailyCounts]   `json:"daily_counts"`
	Pins       Part[Pins]          `json:"pins"`      // of the configuration file; read on the server, when asked for
	Breakdown  Part[Breakdown]     `json:"breakdown"` // of the roster beside these facts
	Roster     Part[RosterSummary] `json:"roster"`
	ReadAt     time.Time           `json:"read_at"` // end of the newest refresh, UTC
}

// RosterSummary says what the roster beside the facts is.
type RosterSummary struct {
	Accounts int      `json:"accounts"`
	Complete bool     `json:"complete"` // a partial roster is shown as such and never counted
	About    Opt[int] `json:"about"`    // estimate of how many there are, from the statistics
}

// Stage names a part of a refresh for progress lines.
type Stage string

// The stages of a refresh.
const (
	StageFacts  Stage = "facts"
	StageRoster Stage = "roster"
	StageRoles  Stage = "roles" // on the GitLab server, see [HostRoles]
	StageSave   Stage = "save"
	StageDone   Stage = "done"
)

// Progress is one report from long work. Facts, when set, is the newest whole
// state; it may be drawn at once.
type Progress struct {
	Stage   Stage
	Done    int           // accounts read so far
	About   Opt[int]      // how many there are about
	Pages   int           // pages read
	Rate    float64       // accounts a second
	Left    time.Duration // estimate; 0 = unknown
	Workers int
	Wait    Wait // what the instance asks to wait for now
	Facts   *Facts
}

// FromCache returns the facts marked as served from the cache.
func (f *Facts) FromCache() *Facts {
	kept := *f
	for _, at := range []*AsOf{
		&kept.Metadata.AsOf, &kept.Token.AsOf, &kept.Operator.AsOf, &kept.License.AsOf, &kept.Terms.AsOf, &kept.Future.AsOf, &kept.AddOns.AsOf,
		&kept.Promotions.AsOf, &kept.Settings.AsOf, &kept.Statistics.AsOf, &kept.Ping.AsOf, &kept.Daily.AsOf, &kept.Breakdown.AsOf, &kept.Roster.AsOf,
	} {
		*at = at.FromCache()
	}
	return &kept
}
