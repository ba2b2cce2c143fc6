package sandbox

import (
	"maps"
	"slices"
	"time"
)

// DefaultScenario is what an empty Config.Scenario means.
const DefaultScenario = "ultimate"

// scenario is a bundle of knobs with a number of accounts and a sentence.
type scenario struct {
	about string
	users int
	turn  func(k *knobs)
}

// defaultUsers is the size of the default instance. Its seats follow from it:
// 1,000 seats for 1,214 accounts.
const defaultUsers = 1214

var scenarios = map[string]scenario{
	"ultimate": {"a healthy Ultimate instance with an online cloud licence", defaultUsers, func(*knobs) {}},
	"premium": {"a Premium instance with an online cloud licence", 412, func(k *knobs) {
		k.plan = "premium"
	}},
	"free": {"a free Enterprise Edition instance without a licence", 58, func(k *knobs) {
		k.plan, k.operationalMetrics, k.optionalMetrics = "free", false, true
	}},
	"over-limit": {"more billable users than seats", defaultUsers, func(k *knobs) {
		k.seats = 950
	}},
	"expiring": {"the term ends in nine days", defaultUsers, func(k *knobs) {
		k.daysLeft = 9
	}},
	"expired": {"the term ended six days ago", defaultUsers, func(k *knobs) {
		k.daysLeft = -6
	}},
	"offline": {"an offline cloud licence, never synced", defaultUsers, func(k *knobs) {
		k.licenseType = "offline_cloud"
	}},
	"maintenance": {"maintenance mode is on", defaultUsers, func(k *knobs) {
		k.maintenance = true
	}},
	"admin-mode": {"Admin Mode is on and the token lacks its scope", defaultUsers, func(k *knobs) {
		k.adminMode, k.tokenScopes = true, []string{"api", "read_service_ping"}
	}},
	"sync-failing": {"the portal refuses every sync", defaultUsers, func(k *knobs) {
		k.portal = "refuse"
	}},
	"sync-unsaved": {"syncs are sent, but the answer is never saved", defaultUsers, func(k *knobs) {
		k.portal = "unsaved"
	}},
	"slow": {"each answer takes four tenths of a second", defaultUsers, func(k *knobs) {
		k.latency = 400 * time.Millisecond
	}},
}

// Scenario is a named instance.
type Scenario struct {
	Name  string
	About string // one sentence
	Users int    // accounts, unless Config.Users says otherwise
}

// Scenarios lists the named instances, the default first.
func Scenarios() []Scenario {
	out := []Scenario{{DefaultScenario, scenarios[DefaultScenario].about, scenarios[DefaultScenario].users}}
	for _, name := range slices.Sorted(maps.Keys(scenarios)) {
		if name != DefaultScenario {
			out = append(out, Scenario{name, scenarios[name].about, scenarios[name].users})
		}
	}
	return out
}

func scenarioName(name string) string {
	if name == "" {
		return DefaultScenario
	}
	return name
}

// resolveKnobs applies the scenario, then the caller's own settings.
func resolveKnobs(cfg Config) (knobs, int, error) {
	k := defaultKnobs()
	sc, ok := scenarios[scenarioName(cfg.Scenario)]
	if !ok {
		return k, 0, unknownName("scenario", cfg.Scenario, slices.Collect(maps.Keys(scenarios)))
	}
	sc.turn(&k)
	for _, name := range slices.Sorted(maps.Keys(cfg.Set)) {
		if err := k.set(name, cfg.Set[name]); err != nil {
			return k, 0, err
		}
	}
	if k.edition == "ce" {
		k.plan = "free"
	}
	users := sc.users
	if cfg.Users != 0 {
		users = cfg.Users
	}
	if users < minUsers || users > maxUsers {
		return k, 0, errUserCount(users)
	}
	return k, users, nil
}
