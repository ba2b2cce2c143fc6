package survive

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"seatdeck/licensing/sandbox"
)

// verb is a verb of the program, with the flags that it has.
type verb struct {
	words []string
	flags []string
}

func (v verb) String() string { return strings.Join(v.words, " ") }

// verbsOf asks the program itself for all its verbs, as a shell does that
// completes them.
func (d *desk) verbsOf(words ...string) (all []verb) {
	d.t.Helper()
	for _, name := range d.completions(append(slices.Clone(words), "")...) {
		if below := append(slices.Clone(words), name); name != "help" && name != "completion" && len(words) < 3 {
			all = append(all, d.verbsOf(below...)...)
		}
	}
	if len(all) > 0 || len(words) == 0 {
		return all
	}
	v := verb{words: words}
	for _, flag := range d.completions(append(slices.Clone(words), "--")...) {
		v.flags = append(v.flags, strings.TrimPrefix(flag, "--"))
	}
	return []verb{v}
}

// completions are verbs or flags that fit behind the words. Values are none:
// they have no explanation beside them.
func (d *desk) completions(words ...string) (names []string) {
	d.t.Helper()
	for line := range strings.Lines(d.exits(0, append([]string{"__complete"}, words...)...).out) {
		if name, _, explained := strings.Cut(strings.TrimSpace(line), "\t"); explained {
			names = append(names, name)
		}
	}
	return names
}

// needs are the words and flags without which a verb does nothing but explain
// itself.
var needs = map[string][]string{
	"users show": {"root"}, "users why": {"root"}, "users will-fit": {"3"},
	"users what-if": {"--filter", "billable:yes", "--do", "deactivate"}, "users export": {"--file", "accounts.csv"},
	"users views save": {"quiet"}, "users views rename": {"quiet", "dormant"}, "users views delete": {"dormant"},
	"registration optional": {"on"}, "sync show": {"1"}, "sync watch": {"--for", "1s"}, "sandbox dump": {"--truth"}, "journal forget": {"--before", "2020-01-01"},
}

// idle are acts that there is nothing to do for on these instances, or that
// concern this machine alone.
var idle = []string{"registration disable", "cache purge", "journal forget"}

// nameless are verbs about something that a desk need not have: a row of that
// number, a view of that name.
var nameless = []string{"sync show", "users views rename", "users views delete"}

// endless are verbs that serve until they are told to end, and change nothing.
var endless = []string{"sandbox serve"}

// variants are the ways in which a verb could act: with each flag that agrees
// to something, and by each driver.
func (v verb) variants(phrase string) (out [][]string) {
	base := append(slices.Clone(v.words), needs[v.String()]...)
	out = append(out, base)
	with := func(more ...string) { out = append(out, append(slices.Clone(base), more...)) }
	for _, flag := range v.flags {
		switch flag {
		case "yes", "dry-run":
			with("--" + flag)
		case "confirm":
			with("--confirm", phrase)
		}
	}
	if !slices.Contains(v.flags, "driver") {
		return out
	}
	for _, driver := range []string{"host", "activation"} {
		with("--driver", driver, "--yes")
		with("--driver", driver, "--confirm", phrase)
		with("--driver", driver, "--yes", "--wait=1s", "--timer", "--if-older-than", "1s")
	}
	with("--driver", "none", "--wait=1s", "--if-older-than", "20000h") // it watches for minutes when it has to
	return out
}

// acts reports whether a verb has a flag by which somebody agrees.
func (v verb) acts() bool {
	return slices.Contains(v.flags, "yes") || slices.Contains(v.flags, "confirm")
}

// ready gives the desk everything that acting needs, in a mode.
func (d *desk) ready(mode string) {
	d.t.Helper()
	d.write("code", sandbox.ActivationCode)
	host, err := json.Marshal(sandbox.RunnerCommand(program, d.in.url, sandbox.TokenAdmin))
	if err != nil {
		d.t.Fatal(err)
	}
	d.write("config.toml", fmt.Sprintf(
		"default = \"prod\"\n[instances.prod]\nurl = %q\ntoken_file = %q\nactivation_code_file = %q\nmode = %q\n[instances.prod.sync]\ndriver = \"host\"\nhost_command = %s\n",
		d.in.url, filepath.Join(d.dir, "token"), filepath.Join(d.dir, "code"), mode, host))
}

// phrase is what agrees to an act of level 2.
func (d *desk) phrase() string { return strings.TrimPrefix(d.in.url, "http://") }

// writes are the requests that write, by the instance's own log.
func writes(s *sandbox.Server) (out []string) {
	for _, q := range s.Requests() {
		if q.Writes {
			out = append(out, q.Method+" "+q.Path+" "+q.Operation)
		}
	}
	return out
}

// actor is an instance on which everything could be done, and a desk for it.
func actor(t *testing.T, scenario, mode string) (*sandbox.Server, *desk) {
	t.Helper()
	return actorAt(t, scenario, mode, time.Now)
}

// actorAt has the instance show a time of its own.
func actorAt(t *testing.T, scenario, mode string, now func() time.Time) (*sandbox.Server, *desk) {
	t.Helper()
	s, err := sandbox.New(sandbox.Config{Scenario: scenario, Seed: 1, Users: 60, Now: now, Set: map[string]string{"registration": "off", "optional_metrics": "off"}})
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, newInstance(t, s))
	d.ready(mode)
	return s, d
}

// TestReadOnly runs what could act, with all that would make it act, on an
// instance that is read-only: nothing that writes ever arrives, neither over
// the API nor at the server itself.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	readOnly(t, verb.acts, "ultimate")
}

func readOnly(t *testing.T, which func(verb) bool, scenarios ...string) {
	for _, scenario := range scenarios {
		s, d := actor(t, scenario, "read-only")
		all := d.verbsOf()
		if len(all) < 30 {
			t.Fatalf("only %d verbs: %v", len(all), all)
		}
		runs, acting := 0, 0
		for _, v := range all {
			if v.acts() {
				acting++
			}
			if slices.Contains(endless, v.String()) || !which(v) {
				continue
			}
			for _, args := range v.variants(d.phrase()) {
				runs++
				r := d.run(args...)
				if r.code == 2 && !slices.Contains(nameless, v.String()) {
					t.Errorf("seatdeck %q was not understood, so that it tells nothing: %s", args, r.err)
				}
				if agreed := slices.Contains(args, "--yes") || slices.Contains(args, "--confirm"); agreed && !slices.Contains(idle, v.String()) && (r.code == 0 || r.code > 5) {
					t.Errorf("seatdeck %q ends with %d: %s", args, r.code, r.err)
				}
				if got := writes(s); len(got) > 0 {
					t.Fatalf("seatdeck %q has the instance written to: %q", args, got)
				}
			}
		}
		if acting < 5 {
			t.Errorf("only %d verbs can act", acting)
		}
		t.Logf("%s: %d verbs, of which %d can act, in %d runs: %d requests, 0 of them write", scenario, len(all), acting, runs, len(s.Requests()))
	}
}

// TestWriteModeWrites: the same verbs do write where they may, so that the test
// above is no empty one.
func TestWriteModeWrites(t *testing.T) {
	t.Parallel()
	s, d := actor(t, "ultimate", "write")
	writeOnce(s, d, []string{"registration", "enable", "--yes"}, []string{"registration", "disable", "--yes"})
}

// writeOnce runs verbs that each write once.
func writeOnce(s *sandbox.Server, d *desk, verbs ...[]string) {
	d.t.Helper()
	for _, args := range verbs {
		before := len(writes(s))
		r := d.run(args...)
		if n := len(writes(s)) - before; n != 1 {
			d.t.Errorf("seatdeck %q: %d requests write, exit %d: %s", args, n, r.code, r.err)
		}
	}
}
