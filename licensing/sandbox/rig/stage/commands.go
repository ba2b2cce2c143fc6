package stage

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"

	"seatdeck/licensing/sandbox"
	"seatdeck/model/hostile"
)

// play is what one script plays with: made-up instances, strangers, and all that
// was printed.
type play struct {
	env       *testscript.Env
	told      *canaries
	dir       string
	servers   map[string]*sandbox.Server
	addresses map[string]string // of the servers
	named     map[string]int    // how many changes of an instance the script has named
	others    []*stranger
	secrets   []string // tokens of this script
	printed   strings.Builder
	closers   []func() error
}

type playKey struct{}

func newPlay(env *testscript.Env, told *canaries) *play {
	s := &play{env: env, told: told, dir: env.WorkDir, servers: map[string]*sandbox.Server{}, addresses: map[string]string{}, named: map[string]int{}}
	env.Setenv("SEATDECK_CONFIG", s.config())
	env.Setenv("SEATDECK_STATE_DIR", filepath.Join(s.dir, "state"))
	env.Setenv("SEATDECK_CACHE_DIR", filepath.Join(s.dir, "cache"))
	env.Setenv("LANG", "C.UTF-8")
	env.Setenv("ESC", "\x1b]0;owned\x07\u202e")
	for _, name := range []string{"SEATDECK_URL", "SEATDECK_TOKEN", "SUDO_UID", "CREDENTIALS_DIRECTORY", "NO_COLOR"} {
		env.Setenv(name, "")
	}
	return s
}

func (s *play) config() string { return filepath.Join(s.dir, "etc", "config.toml") }

// end closes what the script started, then judges the whole script: nothing was
// changed on any instance, no stranger got a credential, no token lies around.
func (s *play) end() {
	t := s.env.T()
	for _, c := range s.closers {
		if err := c(); err != nil {
			t.Log("at the end of the script: ", err)
		}
	}
	for name, server := range s.servers {
		if lines := changesOf(server); len(lines) > s.named[name] {
			t.Fatal(fmt.Sprintf("%s was asked for changes that the script does not name: %q", name, lines[s.named[name]:]))
		}
	}
	for _, o := range s.others {
		if got := o.credentials(); len(got) > 0 {
			t.Fatal(fmt.Sprintf("a stranger was given credentials: %q", got))
		}
	}
	leaks, err := search(s.dir, s.printed.String(), s.secrets, s.holds)
	if err != nil {
		t.Fatal(err)
	}
	if len(leaks) > 0 {
		t.Fatal("the token leaked: " + strings.Join(leaks, ", "))
	}
}

// holds reports whether a file is one that a script keeps its token in.
func (s *play) holds(path string) bool { return filepath.Dir(path) == filepath.Join(s.dir, "secret") }

func command(f func(*play, *testscript.TestScript, []string)) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg {
			ts.Fatalf("this command cannot be negated")
		}
		f(ts.Value(playKey{}).(*play), ts, args)
	}
}

// exits runs a program and wants an exit code: exits CODE PROGRAM ARGS... What
// it prints must be harmless on a terminal, whatever the script is about.
func (s *play) exits(ts *testscript.TestScript, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	for _, stream := range []string{"stdout", "stderr"} {
		text := ts.ReadFile(stream)
		s.printed.WriteString(text)
		for line := range strings.SplitAfterSeq(text, "\n") {
			for cell := range strings.SplitSeq(strings.TrimSuffix(line, "\n"), "\t") {
				if err := hostile.Check(cell); err != nil {
					ts.Fatalf("%s of %q: %v in %q", stream, args[1:], err, line)
				}
			}
		}
	}
	if got != want {
		ts.Fatalf("%q exits with %d, want %d", args[1:], got, want)
	}
}

// gitlab starts a made-up instance and adds it to the configuration:
// gitlab NAME [-scenario S] [-users N] [-seed N] [-as TOKEN] [-set KEY=VALUE]... [-breaks N] [-loses METHOD] [-turns KEY=VALUE] [-keep LINE]... [-driver NAME]
// Its address is in $NAME_URL. -breaks lets lists of accounts fail after N
// pages; -loses drops the answers to a method, after the work is done; -turns
// turns a knob once the settings were read; -keep adds a line to its table in
// the file; -driver says how syncs are asked for, and opens the way to the
// server.
func (s *play) gitlab(ts *testscript.TestScript, args []string) {
	if len(args)%2 != 1 {
		ts.Fatalf("usage: gitlab NAME [-FLAG VALUE]...")
	}
	name, cfg, lines := args[0], sandbox.Config{Token: canary(), Set: map[string]string{}}, []string(nil)
	token, way, driver := cfg.Token, detour{}, ""
	for i := 1; i < len(args); i += 2 {
		value := args[i+1]
		var err error
		switch args[i] {
		case "-scenario":
			cfg.Scenario = value
		case "-users":
			cfg.Users, err = strconv.Atoi(value)
		case "-seed":
			cfg.Seed, err = strconv.ParseUint(value, 10, 64)
		case "-as":
			token = "glpat-sandbox-" + value
		case "-set":
			key, v, _ := strings.Cut(value, "=")
			cfg.Set[key] = v
		case "-breaks":
			way.pages, err = strconv.Atoi(value)
		case "-loses":
			way.loses = value
		case "-turns":
			way.turns = value
		case "-keep":
			lines = append(lines, value)
		case "-driver":
			driver = value
		default:
			ts.Fatalf("gitlab has no flag %s", args[i])
		}
		ts.Check(err)
	}
	server, address, err := sandbox.Begin(cfg, "127.0.0.1:0")
	ts.Check(err)
	s.servers[name], s.addresses[name] = server, address
	s.closers = append(s.closers, server.Close)
	if way != (detour{}) {
		odd := way.begin(server)
		s.closers = append(s.closers, func() error { odd.Close(); return nil })
		address = odd.URL
	}
	ts.Setenv(strings.ToUpper(name)+"_URL", address)
	if driver != "" {
		lines = append(lines, driving(ts, name, driver, address))
	}
	s.configure(ts, name, address, token, lines)
}

// driving is the table of a profile that syncs by a driver, with a way to the
// made-up server. It has a token of its own, which is no secret.
func driving(ts *testscript.TestScript, name, driver, address string) string {
	self, err := program()
	ts.Check(err)
	var words []string
	for _, w := range sandbox.RunnerCommand(self, address, sandbox.TokenOperator) {
		words = append(words, strconv.Quote(w))
	}
	return fmt.Sprintf("[instances.%s.sync]\ndriver = %q\nhost_command = [%s]", name, driver, strings.Join(words, ", "))
}

// configure adds an instance to the configuration, with its token in a file.
func (s *play) configure(ts *testscript.TestScript, name, address, token string, lines []string) {
	s.secrets = append(s.secrets, token)
	s.told.add(token)
	file := filepath.Join(s.dir, "secret", name+".token")
	ts.Check(os.MkdirAll(filepath.Dir(file), 0o700))
	ts.Check(os.WriteFile(file, []byte(token+"\n"), 0o600))
	ts.Check(os.MkdirAll(filepath.Dir(s.config()), 0o700))
	old, err := os.ReadFile(s.config())
	if errors.Is(err, os.ErrNotExist) {
		old, err = fmt.Appendf(nil, "default = %q\n", name), nil
	}
	ts.Check(err)
	table := fmt.Sprintf("[instances.%s]\nurl = %q\ntoken_file = %q\n%s\n", name, address, file, strings.Join(lines, "\n"))
	ts.Check(os.WriteFile(s.config(), append(old, table...), 0o600))
}

// token puts the token of an instance into a variable: token NAME VARIABLE
func (s *play) token(ts *testscript.TestScript, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: token NAME VARIABLE")
	}
	b, err := os.ReadFile(filepath.Join(s.dir, "secret", args[0]+".token"))
	ts.Check(err)
	ts.Setenv(args[1], strings.TrimSpace(string(b)))
}

// turn turns a knob of a running instance, or ends it: turn NAME KEY=VALUE | off
func (s *play) turn(ts *testscript.TestScript, args []string) {
	if len(args) != 2 || s.servers[args[0]] == nil {
		ts.Fatalf("usage: turn NAME KEY=VALUE | off")
	}
	key, value, ok := strings.Cut(args[1], "=")
	if !ok {
		ts.Check(s.servers[args[0]].Close())
		s.deaden(ts, s.addresses[args[0]])
		return
	}
	ts.Check(s.servers[args[0]].Turn(key, value))
}

// deaden keeps the port of an address that nobody listens on any more, so that it
// refuses and is not given to another script's instance.
func (s *play) deaden(ts *testscript.TestScript, address string) {
	at, err := netip.ParseAddrPort(strings.TrimPrefix(address, "http://"))
	ts.Check(err)
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	ts.Check(err)
	s.closers = append(s.closers, func() error { return unix.Close(fd) })
	ts.Check(unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1))
	ts.Check(unix.Bind(fd, &unix.SockaddrInet4{Port: int(at.Port()), Addr: at.Addr().As4()}))
}

// age makes the cache one of a program to come: age. It is what a writer of a
// newer schema leaves when it is killed: no seal, and a newer number in the
// manifest.
func (s *play) age(ts *testscript.TestScript, _ []string) {
	manifests := s.find(ts, "cache", "MANIFEST")
	for _, m := range manifests {
		b, err := os.ReadFile(m)
		ts.Check(err)
		binary.BigEndian.PutUint16(b[4:], binary.BigEndian.Uint16(b[4:])+1)
		ts.Check(os.WriteFile(m, b, 0o600))
	}
	for _, m := range s.find(ts, "cache", "facts") {
		b, err := os.ReadFile(m)
		ts.Check(err)
		binary.BigEndian.PutUint32(b[8:], binary.BigEndian.Uint32(b[8:])+1)
		binary.BigEndian.PutUint32(b[16:], crc32.Checksum(b[:16], crc32.MakeTable(crc32.Castagnoli)))
		ts.Check(os.WriteFile(m, b, 0o600))
	}
	for _, seal := range s.find(ts, "cache", "*.seal") {
		ts.Check(os.Remove(seal))
	}
}

// hold takes the locks of the cache or the record, as another process has them:
// hold cache | state
func (s *play) hold(ts *testscript.TestScript, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: hold cache | state")
	}
	for _, l := range s.find(ts, args[0], "*lock") {
		f, err := os.OpenFile(l, os.O_RDWR, 0)
		ts.Check(err)
		ts.Check(unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB))
		s.closers = append(s.closers, f.Close)
	}
}

// disk mounts a memory disk of a few MiB on a folder, which takes root:
// disk DIR MIB
func (s *play) disk(ts *testscript.TestScript, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: disk DIR MIB")
	}
	dir := filepath.Join(s.dir, args[0])
	ts.Check(os.MkdirAll(dir, 0o700))
	ts.Check(unix.Mount("tmpfs", dir, "tmpfs", 0, "mode=0700,size="+args[1]+"m"))
	s.closers = append(s.closers, func() error { return unix.Unmount(dir, unix.MNT_DETACH) })
}

// find lists the files below a folder of the script whose names match, and ends
// the script when there is none.
func (s *play) find(ts *testscript.TestScript, dir, pattern string) (found []string) {
	ts.Check(filepath.WalkDir(filepath.Join(s.dir, dir), func(path string, e fs.DirEntry, err error) error {
		if ok, _ := filepath.Match(pattern, filepath.Base(path)); ok && err == nil && e.Type().IsRegular() {
			found = append(found, path)
		}
		return err
	}))
	if len(found) == 0 {
		ts.Fatalf("there is no %s in %s", pattern, dir)
	}
	return found
}

// asked looks into the request log: [!] asked NAME PATTERN, against lines such
// as "GET /api/v4/license 200".
func (c *canaries) asked(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value(playKey{}).(*play)
	if len(args) != 2 || s.servers[args[0]] == nil {
		ts.Fatalf("usage: asked NAME PATTERN")
	}
	want, err := regexp.Compile(args[1])
	ts.Check(err)
	var lines []string
	for _, r := range s.servers[args[0]].Requests() {
		lines = append(lines, fmt.Sprintf("%s %s?%s %d", r.Method, r.Path, r.Query, r.Status))
	}
	if slices.ContainsFunc(lines, want.MatchString) == neg {
		ts.Fatalf("of %d requests to %s, matching %q is %v:\n%s", len(lines), args[0], args[1], !neg, strings.Join(lines, "\n"))
	}
}
