package sandbox

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// knobs is everything about an instance that a scenario or a caller can set.
type knobs struct {
	edition            string // ee, ce
	version            version
	plan               string // free, premium, ultimate
	licenseType        string // online_cloud, offline_cloud, legacy_license
	seats              int    // 0: the scenario's share of the accounts; -1: no limit recorded
	daysLeft           int    // of the current term; negative: expired so many days ago
	trial              bool
	pinned             bool // Service Ping switched off in the configuration file
	servicePing        bool
	optionalMetrics    bool
	registration       bool // registration features, as stored
	operationalMetrics bool // the licence carries operational metrics
	silentMode         bool
	maintenance        bool
	adminMode          bool
	tokenScopes        []string // of the administrator's token
	portal             string   // ok, refuse, unsaved, down
	latency            time.Duration
	rateLimit          int // requests a minute; 0 is off
	flagLag            int // accounts whose seat flag lags behind the truth
	dormant            bool
	ping               string // full, empty, null, object
	faults             []faultRule
}

// hasLicense reports whether the instance starts with a licence row.
func (k *knobs) hasLicense() bool { return k.edition == "ee" && k.plan != "free" }

// defaultKnobs is a healthy Ultimate instance of the newest known version.
func defaultKnobs() knobs {
	return knobs{
		edition: "ee", version: version{19, 5, 1}, plan: "ultimate", licenseType: "online_cloud",
		daysLeft: 125, servicePing: true, optionalMetrics: true, operationalMetrics: true,
		tokenScopes: []string{"api", "admin_mode", "read_service_ping"}, portal: "ok", ping: "full",
	}
}

// Knob describes one setting of Config.Set.
type Knob struct {
	Name string
	Help string // what it does and which values it takes
}

// knobDef joins a knob's description with its reader.
type knobDef struct {
	help string
	set  func(k *knobs, value string) error
}

// knobDefs is the one list of knobs; Knobs, errors and help derive from it. It is
// made when a sandbox first needs it.
var knobDefs = sync.OnceValue(func() map[string]knobDef {
	return map[string]knobDef{
		"edition":             {"ee or ce; ce has no licence routes", oneOf(func(k *knobs) *string { return &k.edition }, "ee", "ce")},
		"gitlab_version":      {"version such as 16.11.4-ee, from 14.1", setVersion},
		"plan":                {"free, premium or ultimate", oneOf(func(k *knobs) *string { return &k.plan }, "free", "premium", "ultimate")},
		"license_type":        {"online_cloud, offline_cloud or legacy_license", oneOf(func(k *knobs) *string { return &k.licenseType }, "online_cloud", "offline_cloud", "legacy_license")},
		"seats":               {"seats of the current licence; -1 records no limit", integer(func(k *knobs) *int { return &k.seats }, -1, 10_000_000)},
		"days_left":           {"days to the end of the term; negative is expired", integer(func(k *knobs) *int { return &k.daysLeft }, -3650, 365)},
		"trial":               {"true: the licence is a trial", boolean(func(k *knobs) *bool { return &k.trial })},
		"pinned":              {"true: Service Ping is switched off in the configuration file", boolean(func(k *knobs) *bool { return &k.pinned })},
		"service_ping":        {"stored value of usage_ping_enabled", boolean(func(k *knobs) *bool { return &k.servicePing })},
		"optional_metrics":    {"stored value of include_optional_metrics_in_service_ping", boolean(func(k *knobs) *bool { return &k.optionalMetrics })},
		"registration":        {"stored value of usage_ping_features_enabled", boolean(func(k *knobs) *bool { return &k.registration })},
		"operational_metrics": {"true: the licence always sends Service Ping", boolean(func(k *knobs) *bool { return &k.operationalMetrics })},
		"silent_mode":         {"true: outbound calls are blocked", boolean(func(k *knobs) *bool { return &k.silentMode })},
		"maintenance":         {"true: maintenance mode is on", boolean(func(k *knobs) *bool { return &k.maintenance })},
		"admin_mode":          {"true: administration needs the admin_mode scope", boolean(func(k *knobs) *bool { return &k.adminMode })},
		"token_scopes":        {"scopes of the administrator's token, joined by +", setScopes},
		"portal":              {"ok, refuse, unsaved or down: how the vendor's portal answers", oneOf(func(k *knobs) *string { return &k.portal }, "ok", "refuse", "unsaved", "down")},
		"latency":             {"time added to each answer, such as 50ms", setLatency},
		"rate_limit":          {"requests allowed a minute; 0 is off", integer(func(k *knobs) *int { return &k.rateLimit }, 0, 1_000_000)},
		"flag_lag":            {"accounts whose seat flag lags behind their role", integer(func(k *knobs) *int { return &k.flagLag }, 0, 100_000)},
		"dormant":             {"true: dormant accounts are deactivated each night", boolean(func(k *knobs) *bool { return &k.dormant })},
		"ping":                {"full, empty, null or object: the cached Service Ping payload", oneOf(func(k *knobs) *string { return &k.ping }, "full", "empty", "null", "object")},
		"fault":               {faultHelp, setFaults},
	}
})

// Knobs lists the settings of Config.Set by name.
func Knobs() []Knob {
	out := make([]Knob, 0, len(knobDefs()))
	for _, name := range slices.Sorted(maps.Keys(knobDefs())) {
		out = append(out, Knob{Name: name, Help: knobDefs()[name].help})
	}
	return out
}

// set turns one knob.
func (k *knobs) set(name, value string) error {
	def, ok := knobDefs()[name]
	if !ok {
		return unknownName("knob", name, slices.Collect(maps.Keys(knobDefs())))
	}
	if err := def.set(k, value); err != nil {
		return fmt.Errorf("sandbox: %s: %w", name, err)
	}
	return nil
}

func oneOf(field func(*knobs) *string, values ...string) func(*knobs, string) error {
	return func(k *knobs, value string) error {
		if !slices.Contains(values, value) {
			return unknownName("value", value, values)
		}
		*field(k) = value
		return nil
	}
}

func boolean(field func(*knobs) *bool) func(*knobs, string) error {
	return func(k *knobs, value string) error {
		switch value {
		case "true", "on", "yes", "1":
			*field(k) = true
		case "false", "off", "no", "0":
			*field(k) = false
		default:
			return unknownName("value", value, []string{"true", "false", "on", "off", "yes", "no"})
		}
		return nil
	}
}

func integer(field func(*knobs) *int, low, high int) func(*knobs, string) error {
	return func(k *knobs, value string) error {
		n, err := strconv.Atoi(value)
		if err != nil || n < low || n > high {
			return fmt.Errorf("%q is not a whole number from %d to %d", value, low, high)
		}
		*field(k) = n
		return nil
	}
}

func setVersion(k *knobs, value string) error {
	v, err := parseVersion(value)
	if err != nil {
		return err
	}
	if !v.atLeast(14, 1) {
		return fmt.Errorf("%s is older than 14.1", v)
	}
	k.version = v
	return nil
}

func setLatency(k *knobs, value string) error {
	d, err := time.ParseDuration(value)
	if err != nil || d < 0 || d > time.Minute {
		return fmt.Errorf("%q is not a duration from 0s to 1m", value)
	}
	k.latency = d
	return nil
}

func setScopes(k *knobs, value string) error {
	scopes := strings.Split(value, "+")
	for _, s := range scopes {
		if !slices.Contains(knownScopes, s) {
			return unknownName("scope", s, knownScopes)
		}
	}
	k.tokenScopes = scopes
	return nil
}

func setFaults(k *knobs, value string) error {
	rules, err := parseFaults(value)
	if err != nil {
		return err
	}
	k.faults = append(k.faults, rules...)
	return nil
}
