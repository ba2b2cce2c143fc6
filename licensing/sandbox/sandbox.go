// Package sandbox is a made-up GitLab in this process: the REST and GraphQL
// API, the subscription state behind them, the vendor's portal as far as the
// instance talks to it, and a crowd of accounts, all generated from a seed.
//
// It exists for the first run, for demonstrations and for tests. It speaks the
// wire with its own types and its own rules, and imports nothing of the client
// it serves, so that a mistake in the client is not mirrored here. What it
// answers is decided by GitLab's public documentation and API schemas ("the
// contract"), never by what a client happens to send.
//
// Invariants:
//   - Nothing runs in the background. Daily jobs are caught up at the start of
//     each request, up to Config.Now, so a test that moves the clock moves the
//     whole instance.
//   - The same Config (and the same clock) gives the same instance.
//   - It never dials out and never listens unless Start is called.
package sandbox

import (
	"fmt"
	"net"
	"strings"
	"time"
)

// Config says which made-up instance to build. The zero value is a working
// instance: the default scenario, the default token, the wall clock.
type Config struct {
	// Scenario is one of Scenarios; empty means DefaultScenario.
	Scenario string
	// Seed decides people, names, dates and the minute of the daily sync.
	Seed uint64
	// Users is the number of accounts; 0 means the scenario's own number.
	Users int
	// Token is the administrator's token; empty means TokenAdmin.
	Token string
	// Now is the clock of the instance; nil means time.Now.
	Now func() time.Time
	// Set overrides knobs of the scenario, by the names of Knobs.
	Set map[string]string
	// Host is the scheme and authority used in links and web addresses, such
	// as "https://gitlab.example.com". Empty means: whatever the request was
	// addressed to, so that links can be followed.
	Host string
}

// New builds an instance. An unknown scenario, knob or knob value is an error
// that names the nearest known one.
func New(cfg Config) (*Server, error) {
	kn, users, err := resolveKnobs(cfg)
	if err != nil {
		return nil, err
	}
	if cfg.Host != "" && !strings.Contains(cfg.Host, "://") {
		return nil, fmt.Errorf("sandbox: host %q needs a scheme, such as http://127.0.0.1:8080", cfg.Host)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Token == "" {
		cfg.Token = TokenAdmin
	}
	names, err := loadNames()
	if err != nil {
		return nil, fmt.Errorf("sandbox: names: %w", err)
	}
	born := cfg.Now().UTC()
	s := &Server{
		scenario: scenarioName(cfg.Scenario),
		seed:     cfg.Seed,
		host:     strings.TrimSuffix(cfg.Host, "/"),
		clock:    cfg.Now,
		born:     born,
		knobs:    kn,
		uuid:     instanceUUID(cfg.Seed),
	}
	s.world = newWorld(worldPlan{seed: cfg.Seed, users: users, born: born, plannerRole: kn.version.atLeast(17, 7)}, names)
	s.settings = newSettings(kn)
	s.tokens = newTokens(cfg.Token, kn, s.world, born)
	s.subscription = newSubscription(s, users)
	s.jobs = newJobs(s)
	s.pingAt = s.firstPing()
	s.faults = newFaultSet(kn.faults)
	s.rate = rateLimit{perMinute: kn.rateLimit}
	return s, nil
}

// listen opens a loopback listener; any other address is refused, because the
// sandbox's tokens are public.
func listen(addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("sandbox: listen address %q: %w", addr, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("sandbox: listen address %q is not a loopback address: the sandbox's tokens are public", addr)
	}
	return net.Listen("tcp", addr)
}
