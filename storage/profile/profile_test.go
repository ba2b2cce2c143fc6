package profile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seatdeck/model"
	"seatdeck/storage"
)

// source is a Source over a file with the given text.
func source(t testing.TB, text string, env map[string]string) Source {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if text != "" {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return Source{Path: path, UID: os.Geteuid(), Home: "/home/alice", Lookup: func(k string) (string, bool) { v, ok := env[k]; return v, ok }}
}

const whole = `default = "prod"
[instances.prod]
url = "https://GitLab.example.com:443/"
token_file = "~/.config/seatdeck/prod.token"
mode = "write"
colour = "red"
ca_file = "ca.pem"
workers = 16
activation_code_command = ["pass", "show", "code-hidden"]
[instances.prod.sync]
driver = "host"
host_command = ["sudo", "-n", "gitlab-rails"]
deadline = "90s"
[instances.prod.price]
seat_year = "348.05"
currency = "USD"
[instances.lab]
url = "http://127.0.0.1:8080/gitlab/"
token_command = ["pass", "show", "secret-hidden"]
`

func TestLoadWhole(t *testing.T) {
	s := source(t, whole, nil)
	p, err := Load(s)
	if err != nil {
		t.Fatal(err)
	}
	want := []Instance{{
		Name: "prod", URL: "https://gitlab.example.com", Mode: model.ModeWrite, Colour: "red", Workers: 16,
		CAFile: filepath.Join(filepath.Dir(s.Path), "ca.pem"), TokenFile: "/home/alice/.config/seatdeck/prod.token",
		ActivationCodeCommand: []string{"pass", "show", "code-hidden"},
		Sync:                  Sync{Driver: DriverHost, HostCommand: []string{"sudo", "-n", "gitlab-rails"}, Deadline: 90 * time.Second},
		SeatYear:              model.Some(model.Money{Cents: 34805, Currency: "USD"}),
	}, {
		Name: "lab", URL: "http://127.0.0.1:8080/gitlab", Mode: model.ModeReadOnly, Workers: DefaultWorkers,
		TokenCommand: []string{"pass", "show", "secret-hidden"},
		Sync:         Sync{Driver: DefaultDriver, Deadline: DefaultDeadline},
	}}
	money := cmp.Comparer(func(a, b model.Opt[model.Money]) bool { return a == b })
	if d := cmp.Diff(want, p.Instances, money); d != "" {
		t.Errorf("instances (-want +got):\n%s", d)
	}
	if p.Default != "prod" || p.Path != s.Path || p.Empty() {
		t.Errorf("profile = %+v", p)
	}
}

func TestDottedAndInlineTables(t *testing.T) {
	p, err := Load(source(t, `
instances.b.url = "https://b.example"
instances.a = { url = "https://a.example", price = { seat_year = "1", currency = "EUR" } }
default = "a"
`, nil))
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Instances) != 2 || p.Instances[0].Name != "b" || p.Instances[1].SeatYear.Or(model.Money{}).Cents != 100 {
		t.Errorf("instances = %+v", p.Instances)
	}
	for _, set := range p.Show() {
		if set.Key == "instances.a.price.currency" && !strings.HasSuffix(set.Origin, "config.toml:3") {
			t.Errorf("%+v", set)
		}
	}
}

// TestBadConfig: each mistake has its own words, its place, and what to write.
func TestBadConfig(t *testing.T) {
	const ok = "[instances.prod]\nurl = \"https://gitlab.example.com\"\n"
	for _, c := range []struct{ name, text, where, msg, next string }{
		{"unknown key", ok + `tokn_file = "x"`, ":3:1", `unknown key "tokn_file" in [instances.prod]`, "did you mean token_file?"},
		{"american colour", ok + `color = "red"`, ":3:1", `unknown key "color"`, "did you mean colour?"},
		{"unknown and far", ok + `zzzzzzzz = 1`, ":3:1", `unknown key "zzzzzzzz"`, "allowed here: url, token_file"},
		{"unknown at the top", `defualt = "x"` + "\n" + ok, ":1:1", `unknown key "defualt"`, "did you mean default?"},
		{"unknown table", ok + "[instances.prod.prize]\nseat_year = \"1\"", ":3:", `unknown key "prize"`, "did you mean price?"},
		{"unknown in sync", ok + "[instances.prod.sync]\ndrivr = \"host\"", ":4:1", `unknown key "drivr" in [instances.prod.sync]`, "did you mean driver?"},
		{"several unknown", ok + "colr = 1\nmodus = 2", ":3:1", `"colr" in [instances.prod] (and 1 more)`, "did you mean"},
		{"token in the file", ok + `token = "glpat-CANARY"`, ":3:1", `unknown key "token"`, "a token is never kept in config.toml"},
		{"not TOML", ok + `mode = "wri`, ":3:", "this is not TOML", "quotes"},
		{"twice the same", ok + ok, ":3:", "", ""},
		{"wrong type", ok + `workers = "many"`, ":3:", "workers has a value of the wrong type", "write it like workers = 4"},
		{"command as text", ok + `token_command = "pass show x"`, ":3:", "token_command has a value of the wrong type", `["pass", "show", "gitlab/admin"]`},
		{"empty", "# nothing\n", "", "there is no instance in it", "add [instances.prod]"},
		{"no url", "[instances.prod]\nmode = \"write\"", ":1:", "there is no url", "url = "},
		{"bad url", "[instances.prod]\nurl = \"https://%zz\"", ":2:1", "url is not an address", "url = "},
		{"no scheme", "[instances.prod]\nurl = \"gitlab.example.com\"", ":2:1", "does not begin with https://", `url = "https://gitlab.example.com"`},
		{"host and port", "[instances.prod]\nurl = \"gitlab.example.com:8443\"", ":2:1", "does not begin with https://", `url = "https://gitlab.example.com:8443"`},
		{"other scheme", "[instances.prod]\nurl = \"ssh://gitlab.example.com\"", ":2:1", "neither https nor http", "url = "},
		{"no host", "[instances.prod]\nurl = \"https:///x\"", ":2:1", "names no host", "url = "},
		{"query", "[instances.prod]\nurl = \"https://gitlab.example.com/?private_token=CANARY\"", ":2:1", "something behind the address", "only the address"},
		{"password", "[instances.prod]\nurl = \"https://root:CANARY@gitlab.example.com\"", ":2:1", "holds a user or a password", "token_file or token_command"},
		{"api", "[instances.prod]\nurl = \"https://gitlab.example.com/api/v4\"", ":2:1", "names the API", "without /api/v4"},
		{"plain http", "[instances.prod]\nurl = \"http://gitlab.example.com\"", ":2:1", "plain http", "allow_http = true"},
		{"http to almost loopback", "[instances.prod]\nurl = \"http://127.0.0.1.example.com\"", ":2:1", "plain http", "allow_http = true"},
		{"mode", ok + `mode = "ask"`, ":3:1", `mode "ask" does not exist`, `mode = "read-only" or mode = "write"`},
		{"colour", ok + `colour = "purple"`, ":3:1", `colour "purple" does not exist`, "red, green, yellow"},
		{"magenta", ok + `colour = "magenta"`, ":3:1", "reserved for the sandbox", "red, green"},
		{"two token sources", ok + "token_file = \"x\"\ntoken_command = [\"y\"]", ":4:1", "token_file and token_command are both set", "keep one"},
		{"two code sources", ok + "activation_code_file = \"x\"\nactivation_code_command = [\"y\"]", ":4:1", "both set", "keep one"},
		{"empty command", ok + "token_command = []", ":3:1", "token_command names no program", "token_command = ["},
		{"workers", ok + "workers = 17", ":3:1", "workers = 17 is out of range", "use 1 to 16"},
		{"no workers", ok + "workers = 0", ":3:1", "workers = 0 is out of range", "use 1 to 16"},
		{"home of another", ok + `ca_file = "~bob/ca.pem"`, ":3:1", "cannot be resolved", "the whole path"},
		{"default of nothing", `default = "prd"` + "\n" + ok, ":1:1", `default names "prd"`, `default = "prod"`},
		{"no default", ok + "[instances.lab]\nurl = \"https://lab.example.com\"", "", "no default", `default = "prod"`},
		{"name env", "[instances.env]\nurl = \"https://x.example\"", ":1:", `"env" is kept`, "another name"},
		{"name", "[instances.\"a/b\"]\nurl = \"https://x.example\"", ":1:", "cannot be the name", "letters"},
		{"driver", ok + "[instances.prod.sync]\ndriver = \"hots\"", ":4:1", `sync driver "hots"`, "host, activation, browser, none"},
		{"host without command", ok + "[instances.prod.sync]\ndriver = \"host\"", ":4:1", "needs host_command", `host_command = ["sudo"`},
		{"activation without code", ok + "[instances.prod.sync]\ndriver = \"activation\"", ":4:1", "needs a code", "activation_code_file"},
		{"deadline", ok + "[instances.prod.sync]\ndeadline = \"soon\"", ":4:1", `deadline "soon"`, `deadline = "2m"`},
		{"long deadline", ok + "[instances.prod.sync]\ndeadline = \"2h\"", ":4:1", `deadline "2h"`, `deadline = "2m"`},
		{"price", ok + "[instances.prod.price]\nseat_year = \"12,50\"\ncurrency = \"USD\"", ":3:", `"12,50" is not an amount`, `seat_year = "348.00"`},
		{"price too exact", ok + "[instances.prod.price]\nseat_year = \"1.005\"\ncurrency = \"USD\"", ":3:", "is not an amount", "348.00"},
		{"currency", ok + "[instances.prod.price]\nseat_year = \"1\"\ncurrency = \"dollars\"", ":3:", "is not a currency", "USD"},
		{"no currency", ok + "[instances.prod.price]\nseat_year = \"1\"", ":4:1", "no currency", "currency ="},
		{"no price", ok + "[instances.prod.price]\ncurrency = \"USD\"", ":4:1", "no seat_year", "seat_year ="},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := source(t, c.text, nil)
			_, err := Load(s)
			e, ok := errors.AsType[*model.Error](err)
			if !ok || e.Class != model.ClassConfig || model.ExitCode(err) != 78 {
				t.Fatalf("%v", err)
			}
			if !strings.HasPrefix(e.Msg.String(), s.Path+c.where) || !strings.Contains(e.Msg.String(), c.msg) || !strings.Contains(e.Next.String(), c.next) {
				t.Errorf("%v\nwant %s … %s … %s", err, c.where, c.msg, c.next)
			}
			if strings.Contains(fmt.Sprintf("%v %+v", err, e), "CANARY") {
				t.Errorf("a secret shows: %v", err)
			}
		})
	}
}

func TestLoopbackNeedsNoPermission(t *testing.T) {
	for _, host := range []string{"localhost", "LOCALHOST.", "127.0.0.1:1", "127.9.9.9", "[::1]:80", "[::ffff:127.0.0.1]"} {
		if fact, _ := badAddress("http://"+host, false); fact != "" {
			t.Errorf("%s: %s", host, fact)
		}
	}
	if fact, _ := badAddress("http://gitlab.example.com", true); fact != "" {
		t.Errorf("with allow_http: %s", fact)
	}
}

func TestEnvironment(t *testing.T) {
	both := map[string]string{EnvURL: "https://x.example/", EnvToken: "glpat-CANARY"}
	p, err := Load(source(t, "", both))
	if err != nil || len(p.Instances) != 1 || p.Default != EnvName || p.Instances[0].URL != "https://x.example" || p.Instances[0].Mode != model.ModeReadOnly {
		t.Fatalf("%+v, %v", p, err)
	}
	if !p.EnvTokenFor(EnvName) || strings.Contains(fmt.Sprintf("%+v %+v", p, p.Show()), "CANARY") {
		t.Error("the token is not meant for it, or shows")
	}
	if p, err = Load(source(t, whole, both)); err != nil || len(p.Instances) != 3 || p.Default != EnvName || p.EnvTokenFor("prod") {
		t.Errorf("beside a file: %+v, %v", p, err)
	}
	if p, err = Load(source(t, whole, map[string]string{EnvToken: "x"})); err != nil || p.Default != "prod" || !p.EnvTokenFor("prod") || p.EnvTokenFor("lab") {
		t.Errorf("only the token: %+v, %v", p, err)
	}
	for address, want := range map[string]string{"http://x.example": "plain http", "x.example": "https://"} {
		_, err := Load(source(t, "", map[string]string{EnvURL: address, EnvToken: "x"}))
		if model.ExitCode(err) != 78 || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", address, err)
		}
	}
	if _, err = Load(source(t, "", map[string]string{EnvURL: "https://x.example"})); model.ExitCode(err) != 78 {
		t.Errorf("without a token: %v", err)
	}
	if p, err = Load(source(t, "", nil)); err != nil || !p.Empty() {
		t.Errorf("nothing at all: %+v, %v", p, err)
	}
}

// TestNamedFileHasToBeThere: a slip in SEATDECK_CONFIG is never answered with
// the made-up instances. An instance of the environment needs no file.
func TestNamedFileHasToBeThere(t *testing.T) {
	for _, c := range []struct {
		named bool
		env   map[string]string
		bad   bool
	}{
		{named: true, bad: true},
		{named: false},
		{named: true, env: map[string]string{"SEATDECK_URL": "https://gitlab.example.com", "SEATDECK_TOKEN": "made-up"}},
	} {
		s := source(t, "", c.env)
		s.Named = c.named
		_, err := Load(s)
		if (err != nil) != c.bad {
			t.Errorf("%+v: %v", c, err)
		}
		if err != nil && (model.AsError("", err).Class != model.ClassConfig || !strings.Contains(err.Error(), "SEATDECK_CONFIG")) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func TestFileOfOthersIsRefused(t *testing.T) {
	for mode, fine := range map[os.FileMode]bool{0o600: true, 0o644: true, 0o640: true, 0o664: false, 0o666: false, 0o602: false} {
		s := source(t, whole, nil)
		if err := os.Chmod(s.Path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(s); (err == nil) != fine || err != nil && !strings.Contains(err.Error(), "chmod go-w "+s.Path) {
			t.Errorf("%04o: %v", mode, err)
		}
		s.Shared = true
		if _, err := Load(s); (err == nil) != (mode&0o002 == 0) {
			t.Errorf("shared, %04o: %v", mode, err)
		}
	}
	s := source(t, whole, nil)
	info, err := os.Stat(s.Path)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		owner, reader int
		fine          bool
	}{{0, 1000, true}, {1000, 1000, true}, {1001, 1000, false}, {1000, 0, false}} {
		s.UID = c.reader
		if err := s.judge(owned{info, c.owner}); (err == nil) != c.fine {
			t.Errorf("owner %d, reader %d: %v", c.owner, c.reader, err)
		}
	}
}

func TestShowTellsOriginsAndNoSecrets(t *testing.T) {
	s := source(t, whole, nil)
	p, err := Load(s)
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string]Setting)
	for _, set := range p.Show() {
		got[set.Key] = set
	}
	for key, want := range map[string]Setting{
		"default":                                {Value: "prod", Origin: s.Path + ":1"},
		"instances.prod.url":                     {Value: "https://gitlab.example.com", Origin: s.Path + ":3"},
		"instances.prod.sync.deadline":           {Value: "1m30s", Origin: s.Path + ":13"},
		"instances.prod.price.seat_year":         {Value: "348.05", Origin: s.Path + ":15"},
		"instances.prod.token_command":           {Value: "–", Origin: "default"},
		"instances.prod.activation_code_command": {Value: "pass (and 2 arguments)", Origin: s.Path + ":9"},
		"instances.lab.token_command":            {Value: "pass (and 2 arguments)", Origin: s.Path + ":19"},
		"instances.lab.mode":                     {Value: "read-only", Origin: "default"},
		"instances.lab.workers":                  {Value: "8", Origin: "default"},
	} {
		want.Key = key
		if got[key] != want {
			t.Errorf("%+v, want %+v", got[key], want)
		}
	}
	if text := fmt.Sprint(p.Show()); strings.Contains(text, "hidden") {
		t.Errorf("an argument shows: %s", text)
	}
}

func TestInstanceByName(t *testing.T) {
	p, err := Load(source(t, whole, nil))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"": "prod", "lab": "lab"} {
		if in, err := p.Instance(name); err != nil || in.Name != want {
			t.Errorf("%q: %s, %v", name, in.Name, err)
		}
	}
	if _, err := p.Instance("prdo"); model.ExitCode(err) != 2 || !strings.Contains(err.Error(), "did you mean prod?") {
		t.Errorf("%v", err)
	}
}

func TestInit(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "etc", "seatdeck")
	places := storage.Places{Scope: storage.ScopeUser, Config: filepath.Join(dir, "config.toml")}
	c := storage.Caller{UID: os.Geteuid()}
	path, err := Init(c, places)
	if err != nil || path != places.Config {
		t.Fatalf("%s, %v", path, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Init(c, places); model.ExitCode(err) != 78 || !strings.Contains(err.Error(), "exists already") {
		t.Errorf("again: %v", err)
	}
	if b, _ := os.ReadFile(path); string(b) != "mine" {
		t.Errorf("it was replaced by %q", b)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".*")); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

// TestStarterLoads takes away the comment signs: what the file shows must be
// right, every key the schema knows must be in it, and as it stands it is empty.
func TestStarterLoads(t *testing.T) {
	var active []string
	for line := range strings.Lines(Starter) {
		text := strings.TrimPrefix(line, "# ")
		if strings.HasPrefix(text, "[") || strings.Contains(text, " = ") {
			active = append(active, text)
		}
	}
	text := strings.Join(active, "")
	for _, keys := range [][]key{topKeys[:1], instanceKeys, syncKeys, priceKeys} {
		for _, k := range keys {
			if !strings.Contains(text, k.name) {
				t.Errorf("%s is not in the starter", k.name)
			}
		}
	}
	for _, twice := range []string{"token_command", "activation_code_command"} {
		text = strings.Replace(text, twice, "#", 1)
	}
	if _, err := Load(source(t, text, nil)); err != nil {
		t.Errorf("%v in\n%s", err, text)
	}
	if _, err := Load(source(t, Starter, nil)); err == nil || !strings.Contains(err.Error(), "there is no instance") {
		t.Errorf("untouched: %v", err)
	}
}

func TestPricesAreExact(t *testing.T) {
	for amount, cents := range map[string]int64{"348.00": 34800, "0.1": 10, "0.07": 7, "1188": 118800, "1009.99": 100999} {
		p, err := Load(source(t, fmt.Sprintf("[instances.a]\nurl = \"https://a.example\"\nprice = { seat_year = %q, currency = \"EUR\" }", amount), nil))
		if err != nil || p.Instances[0].SeatYear.Or(model.Money{}) != (model.Money{Cents: cents, Currency: "EUR"}) {
			t.Errorf("%s: %+v, %v", amount, p.Instances, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(whole)
	f.Add(Starter)
	f.Add("instances = 1")
	f.Add("[[instances.prod]]\nurl=\"x\"")
	f.Add("[instances]\nprod = 5")
	f.Add("instances.\"\".url = \"https://x\"")
	f.Fuzz(func(t *testing.T, text string) {
		s := Source{Path: "config.toml", Home: "/home/a", Lookup: func(string) (string, bool) { return "", false }}
		p, err := s.parse([]byte(text))
		if err != nil {
			if model.ExitCode(err) != 78 {
				t.Fatalf("exit %d: %v", model.ExitCode(err), err)
			}
			return
		}
		if _, err := p.Instance(""); err != nil {
			t.Fatalf("no default: %v", err)
		}
	})
}

// TestHome: ~/ in the file is the folder that the file itself was found in, also
// where the account database names another.
func TestHome(t *testing.T) {
	home := t.TempDir()
	dir := filepath.Join(home, ".config", "seatdeck")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "config.toml"), []byte("[instances.prod]\nurl = \"https://gitlab.example.com\"\ntoken_file = \"~/token\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p, _, err := Here(storage.Caller{
		UID: os.Geteuid(), Root: home, HomeOf: func(int) (string, error) { return "/home/elsewhere", nil },
		Lookup: func(k string) (string, bool) { v, ok := map[string]string{"HOME": home}[k]; return v, ok },
	})
	if err != nil || len(p.Instances) != 1 || p.Instances[0].TokenFile != filepath.Join(home, "token") {
		t.Errorf("%+v, %v", p.Instances, err)
	}
}
