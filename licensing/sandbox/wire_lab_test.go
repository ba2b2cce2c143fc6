//go:build lab

package sandbox_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"seatdeck/licensing/sandbox"
)

// TestForeignEyesOnSettings: between seatdeck and the instance stands a proxy that
// is not ours and writes down the raw requests; before and after a client that is
// not ours reads all settings. What arrives is what "registration preview" lists,
// field by field, once and nothing beside; what changes is what the plan says.
func TestForeignEyesOnSettings(t *testing.T) {
	if out, err := exec.Command("/usr/bin/python3", "-c", "import gitlab").CombinedOutput(); err != nil {
		t.Fatalf("python-gitlab cannot be used (%v): apt-get install python3-gitlab\n%s", err, out)
	}
	program := filepath.Join(t.TempDir(), "seatdeck")
	if out, err := exec.Command("go", "build", "-o", program, "seatdeck").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	free := map[string]string{"plan": "free", "optional_metrics": "off"}
	for name, set := range map[string]map[string]string{
		"free":                free,
		"free, ping off":      with(free, "service_ping", "off"),
		"free, opted in":      with(free, "optional_metrics", "on", "registration", "on"),
		"premium":             {"plan": "premium"},
		"ultimate, opted in":  {"registration": "on"},
		"maintenance":         {"maintenance": "true"},
		"pinned":              with(free, "service_ping", "off", "pinned", "true"),
		"16.8, free":          {"plan": "free", "gitlab_version": "16.8.0-ee"},
		"16.11, opted in":     {"plan": "free", "gitlab_version": "16.11.10-ee", "registration": "on"},
		"optional metrics on": {"plan": "free", "service_ping": "off", "optional_metrics": "on"},
	} {
		for _, wish := range []string{"enable", "disable", "optional on", "optional off"} {
			t.Run(name+"/"+wish, func(t *testing.T) { t.Parallel(); watchWish(t, program, set, wish) })
		}
	}
}

func with(base map[string]string, kv ...string) map[string]string {
	out := maps.Clone(base)
	for i := 0; i < len(kv); i += 2 {
		out[kv[i]] = kv[i+1]
	}
	return out
}

// forecast is what the preview says of one wish.
type forecast struct {
	Wish  string
	Sends []struct {
		Setting string
		After   bool
	}
	Effects []struct {
		Setting string
		Before  *bool
		After   *bool
	}
}

func watchWish(t *testing.T, program string, set map[string]string, wish string) {
	s, err := sandbox.New(sandbox.Config{Seed: 3, Users: 40, Set: set})
	if err != nil {
		t.Fatal(err)
	}
	url, err := s.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	tap := recorded(t, url)
	run := seatdeckOn(t, program, tap.address)

	before := settingsSeen(t, url)
	_, out := run("registration", "preview", "-o", "json")
	var preview struct{ Changes []forecast }
	if err := json.Unmarshal(out, &preview); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	at := slices.IndexFunc(preview.Changes, func(f forecast) bool { return f.Wish == wish })
	code, out := run(append([]string{"registration"}, append(strings.Fields(wish), "--yes", "-o", "json")...)...)
	after := settingsSeen(t, url)

	puts := tap.puts(t)
	differ := []string{}
	for name, v := range after {
		// A member that comes or goes with a feature is no setting that was changed.
		if old, was := before[name]; was && !reflect.DeepEqual(v, old) {
			differ = append(differ, name)
		}
	}
	if at < 0 || len(preview.Changes[at].Sends) == 0 {
		if len(puts) != 0 || len(differ) != 0 {
			t.Errorf("nothing is planned; sent %v, changed %v", puts, differ)
		}
		if at >= 0 && code != 0 {
			t.Errorf("nothing to change, and exit %d\n%s", code, out)
		}
		return
	}
	plan := preview.Changes[at]
	want := map[string]any{}
	for _, x := range plan.Sends {
		want[x.Setting] = x.After
	}
	var got map[string]any
	if len(puts) != 1 || json.Unmarshal([]byte(puts[0].Body), &got) != nil || !reflect.DeepEqual(got, want) || puts[0].Method != "PUT" || puts[0].Path != "/api/v4/application/settings" {
		t.Fatalf("on the wire %+v, the plan lists %v", puts, want)
	}
	told := map[string]bool{}
	for _, e := range plan.Effects {
		told[e.Setting] = true
		if e.After != nil && set["pinned"] == "" && after[e.Setting] != nil && after[e.Setting] != *e.After {
			// Optional metrics are shown as they are stored, whatever they depend on.
			if e.Setting != "include_optional_metrics_in_service_ping" {
				t.Errorf("%s reads %v, the plan says %v", e.Setting, after[e.Setting], *e.After)
			}
		}
	}
	for _, name := range differ {
		if _, sent := want[name]; !sent && !told[name] {
			t.Errorf("%s changed from %v to %v, and is not in the plan", name, before[name], after[name])
		}
	}
	for name, v := range want {
		if after[name] != v && code == 0 {
			t.Errorf("exit 0, and %s reads %v instead of %v", name, after[name], v)
		}
	}
	wanted := 0
	const features = "usage_ping_features_enabled"
	switch out, sent := want[features]; {
	case sent && out == false && before[features] == false:
		wanted = 5 // sent because what is stored does not show; so reading cannot prove it
	case set["pinned"] != "":
		wanted = 3
	}
	if code != wanted {
		t.Errorf("exit %d, want %d\n%s", code, wanted, out)
	}
}

// settingsSeen is what a client of others reads, straight from the instance.
func settingsSeen(t *testing.T, url string) (out map[string]any) {
	t.Helper()
	raw, err := exec.Command("/usr/bin/python3", "testdata/clients/settings.py", url, sandbox.TokenOperator).Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &out); err != nil || len(out) < 5 {
		t.Fatalf("%d settings, %v", len(out), err)
	}
	return out
}

// seatdeckOn runs the program on an address, with a folder of its own.
func seatdeckOn(t *testing.T, program, address string) func(args ...string) (code int, stdout []byte) {
	t.Helper()
	dir := t.TempDir()
	token := filepath.Join(dir, "token")
	config := fmt.Sprintf("default = \"prod\"\n[instances.prod]\nurl = %q\ntoken_file = %q\nmode = \"write\"\n", address, token)
	for path, text := range map[string]string{token: sandbox.TokenAdmin + "\n", filepath.Join(dir, "config.toml"): config} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return func(args ...string) (int, []byte) {
		cmd := exec.CommandContext(t.Context(), program, args...)
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "LANG=C.UTF-8", "SEATDECK_CONFIG=" + filepath.Join(dir, "config.toml"),
			"SEATDECK_STATE_DIR=" + filepath.Join(dir, "state"), "SEATDECK_CACHE_DIR=" + filepath.Join(dir, "cache")}
		out, err := cmd.Output()
		if cmd.ProcessState == nil {
			t.Fatal(err)
		}
		return cmd.ProcessState.ExitCode(), out
	}
}

// recording is the proxy with what it has written down.
type recording struct{ address, file string }

type recordedRequest struct{ Method, Path, Body string }

// puts are the requests that change something: reading over GraphQL is a POST too.
func (r recording) puts(t *testing.T) (out []recordedRequest) {
	t.Helper()
	text, err := os.ReadFile(r.file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		var l recordedRequest
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(err)
		}
		if l.Path != "/api/graphql" || strings.Contains(l.Body, "mutation") {
			out = append(out, l)
		}
	}
	return out
}

// recorded starts the proxy in front of an address.
func recorded(t *testing.T, upstream string) recording {
	t.Helper()
	r := recording{file: filepath.Join(t.TempDir(), "requests")}
	cmd := exec.CommandContext(t.Context(), "/usr/bin/python3", "testdata/clients/recorder.py", upstream, r.file)
	cmd.Stderr = os.Stderr
	pipe, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(pipe).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	r.address = strings.TrimSpace(line)
	return r
}
