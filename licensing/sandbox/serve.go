package sandbox

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// Begin builds an instance and lets it listen; see [New] and [Server.Start].
func Begin(cfg Config, listen string) (*Server, string, error) {
	s, err := New(cfg)
	if err != nil {
		return nil, "", err
	}
	url, err := s.Start(listen)
	return s, url, err
}

// Built is one of the instances that are there without any configuration.
type Built struct {
	Name, URL string
	Server    *Server
}

// HostCommand is the command that plays the server; self is this program.
func (b Built) HostCommand(self string) []string { return RunnerCommand(self, b.URL, TokenAdmin) }

// BuiltIn starts the two instances of the first run: prod with an Ultimate
// licence, and lab without one, so that opting in means something. On failure
// those that did start are returned beside the error.
func BuiltIn() ([]Built, error) {
	var out []Built
	for _, b := range []struct{ name, scenario string }{{"prod", "ultimate"}, {"lab", "free"}} {
		s, url, err := Begin(Config{Scenario: b.scenario}, "127.0.0.1:0")
		if err != nil {
			return out, err
		}
		out = append(out, Built{b.name, url, s})
	}
	return out, nil
}

// Options say in plain words which instance to run alone, as a command line
// does. Set holds pairs KEY=VALUE.
type Options struct {
	Listen   string
	Users    int
	Seed     uint64
	Token    string
	Scenario string
	Set      []string
}

func (o Options) config() (Config, error) {
	cfg := Config{Scenario: o.Scenario, Seed: o.Seed, Users: o.Users, Token: o.Token, Set: map[string]string{}}
	for _, p := range o.Set {
		k, v, ok := strings.Cut(p, "=")
		if !ok || k == "" {
			return cfg, fmt.Errorf("sandbox: %q is not KEY=VALUE", p)
		}
		cfg.Set[k] = v
	}
	return cfg, nil
}

// Serve runs one instance until ctx ends. ready is called when it listens.
func Serve(ctx context.Context, o Options, ready func(url, token, scenario string)) error {
	cfg, err := o.config()
	if err != nil {
		return err
	}
	s, url, err := Begin(cfg, o.Listen)
	if err != nil {
		return err
	}
	token := cfg.Token
	if token == "" {
		token = TokenAdmin
	}
	ready(url, token, s.scenario)
	<-ctx.Done()
	return s.Close()
}

// Dump writes the truth of an instance; see [Server.DumpTruth].
func Dump(o Options, w io.Writer) error {
	cfg, err := o.config()
	if err != nil {
		return err
	}
	s, err := New(cfg)
	if err != nil {
		return err
	}
	return s.DumpTruth(w)
}

// Describe lists scenarios and knobs as pairs of name and meaning, for helps.
func Describe() (scenarios, knobs [][2]string) {
	for _, s := range Scenarios() {
		scenarios = append(scenarios, [2]string{s.Name, s.About})
	}
	for _, k := range Knobs() {
		knobs = append(knobs, [2]string{k.Name, k.Help})
	}
	return scenarios, knobs
}
