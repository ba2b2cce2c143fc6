package sandbox

import (
	"bufio"
	"encoding/json"
	"io"
)

// truthHeader is the first line of a dump.
type truthHeader struct {
	Scenario string `json:"scenario"`
	Edition  string `json:"edition"`
	Version  string `json:"version"`
	Plan     string `json:"plan"`
	Seed     uint64 `json:"seed"`
	Accounts int    `json:"accounts"`
	Now      string `json:"now"`
}

// truthAccount is one account of a dump. It has nothing that is derived from
// memberships, so that an independent script can derive it.
type truthAccount struct {
	ID          uint32            `json:"id"`
	Username    string            `json:"username"`
	State       string            `json:"state"`
	UserType    string            `json:"user_type"`
	Memberships []truthMembership `json:"memberships"`
}

type truthMembership struct {
	SourceType  string `json:"source_type"`
	SourceID    int    `json:"source_id"`
	AccessLevel uint8  `json:"access_level"`
	Request     bool   `json:"request"`
	CustomRole  bool   `json:"custom_role_occupies_seat"`
}

// DumpTruth writes who exists and who belongs where, one JSON object a line: a
// header, then every account by ascending id. The flags derived from roles
// (seat, billable) are left out on purpose. The error is w's.
func (s *Server) DumpTruth(w io.Writer) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock().UTC()
	s.catchUp(now)
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	if err := enc.Encode(truthHeader{
		Scenario: s.scenario, Edition: s.knobs.edition, Version: s.versionText(), Plan: s.planName(),
		Seed: s.seed, Accounts: s.world.live, Now: timestamp(now),
	}); err != nil {
		return err
	}
	for i := range s.world.accounts {
		a := &s.world.accounts[i]
		if a.has(flagGone) {
			continue
		}
		line := truthAccount{ID: a.id, Username: s.world.names.username(a), State: a.state.String(), UserType: a.kind.String(), Memberships: []truthMembership{}}
		for _, m := range s.world.membershipsOf(a) {
			sourceType, _, id := s.world.sourceName(m)
			line.Memberships = append(line.Memberships, truthMembership{
				SourceType: sourceType, SourceID: id, AccessLevel: m.level,
				Request: m.flags&memberRequest != 0, CustomRole: m.flags&memberElevated != 0,
			})
		}
		if err := enc.Encode(line); err != nil {
			return err
		}
	}
	return out.Flush()
}

// versionText is the version as the API gives it: "19.5.1-ee".
func (s *Server) versionText() string {
	if s.knobs.edition == "ee" {
		return s.knobs.version.String() + "-ee"
	}
	return s.knobs.version.String()
}

// planName is the plan in force: that of the current licence, or "free".
func (s *Server) planName() string {
	if l := s.subscription.current(s.jobs.through); l != nil {
		return l.plan
	}
	return "free"
}
