package sandbox

import (
	"fmt"
	"maps"
	"slices"
)

// birthKnobs decide how an instance is generated and cannot be turned later.
var birthKnobs = []string{
	"edition", "gitlab_version", "plan", "license_type", "seats", "days_left", "trial", "operational_metrics", "token_scopes", "flag_lag",
}

// Turn turns a knob of a running instance, such as portal to "down" in the
// middle of a test. Faults add up; "none" ends them all. Knobs that an
// instance is born with are refused.
func (s *Server) Turn(name, value string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.catchUp(s.clock().UTC())
	if slices.Contains(birthKnobs, name) {
		live := slices.DeleteFunc(slices.Sorted(maps.Keys(knobDefs())), func(k string) bool { return slices.Contains(birthKnobs, k) })
		return fmt.Errorf("sandbox: %s is fixed when the instance is made; these can be turned later: %v", name, live)
	}
	if name == "fault" && value == "none" {
		s.faults = newFaultSet(nil)
		return nil
	}
	k := s.knobs
	k.faults = nil
	if err := k.set(name, value); err != nil {
		return err
	}
	s.knobs = k
	switch name {
	case "fault":
		s.faults.rules = append(s.faults.rules, k.faults...)
	case "rate_limit":
		s.rate = rateLimit{perMinute: k.rateLimit}
	case "silent_mode":
		s.settings.silentMode = k.silentMode
	case "service_ping":
		s.settings.servicePing = k.servicePing
	case "optional_metrics":
		s.settings.optionalMetrics = k.optionalMetrics
	case "registration":
		s.settings.registration = k.registration
	case "dormant":
		s.settings.dormant = k.dormant
	}
	return nil
}
