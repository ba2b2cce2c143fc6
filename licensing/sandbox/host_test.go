package sandbox

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// answerOf runs a program on a lab whose clock waiting moves, and returns its
// marked lines.
func (l *lab) run(program, params string) (lines []map[string]any, exit int, said string) {
	l.t.Helper()
	var out, errs bytes.Buffer
	words := []string{"gitlab-rails", "runner", "-", "00ff", base64.RawURLEncoding.EncodeToString([]byte(params))}
	exit, err := l.Launch(func(ctx context.Context, d time.Duration) error { l.now = l.now.Add(d); return ctx.Err() })(
		l.t.Context(), words, strings.NewReader(program), &out, &errs)
	if err != nil {
		l.t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		body, ok := strings.CutPrefix(line, "@seatdeck-00ff ")
		if !ok {
			continue
		}
		var m map[string]any
		if err := json.Unmarshal([]byte(body), &m); err != nil {
			l.t.Fatal(err)
		}
		lines = append(lines, m)
	}
	return lines, exit, errs.String()
}

func (l *lab) facts(name, params string) map[string]any {
	l.t.Helper()
	lines, exit, _ := l.run("# seatdeck program: "+name+"\n", params)
	if exit != 0 || len(lines) < 2 || lines[0]["line"] != "ready" || lines[len(lines)-1]["line"] != "answer" {
		l.t.Fatalf("exit %d, lines %v", exit, lines)
	}
	return lines[len(lines)-1]["facts"].(map[string]any)
}

// [host §1.4] An empty program ends well and says nothing; anything else that is
// no program ends with 1.
func TestTheServerTakesOnlyPrograms(t *testing.T) {
	l := newLab(t, "ultimate")
	for _, c := range []struct {
		program, params string
		exit            int
	}{
		{"", `{}`, 0}, {"puts 1\n", `{}`, 1}, {"# seatdeck program: format\n", `{}`, 1}, {"# seatdeck program: check\n", `[`, 1},
	} {
		lines, exit, said := l.run(c.program, c.params)
		if exit != c.exit || len(lines) != 0 || (said == "") != (exit == 0) {
			t.Errorf("%q: exit %d, lines %v, said %q", c.program, exit, lines, said)
		}
	}
	if n := len(l.Requests()); n != 0 {
		t.Errorf("%d were noted", n)
	}
}

// [host §3.4] waiting, running, and then nothing is left of a job.
func TestAJobPassesThroughTheQueue(t *testing.T) {
	l := newLab(t, "ultimate")
	lines, _, _ := l.run("# seatdeck program: sync\n", `{"seconds":30,"poll":0.5,"quiet":5}`)
	var states []string
	for _, m := range lines {
		if m["stage"] == "job" {
			states = append(states, m["state"].(string))
		}
	}
	if got := strings.Join(states, " "); got != "waiting running done" {
		t.Errorf("states %q", got)
	}
	if f := l.facts("observe", `{}`); len(f["waiting"].([]any))+len(f["running"].([]any))+len(f["retrying"].([]any)) != 0 {
		t.Errorf("something is left: %v", f)
	}
}

// [contract §3.5] A request is tried 20 times more, an hour and some minutes
// apart, and is dead after that.
func TestAFailingJobIsGivenUp(t *testing.T) {
	l := newLab(t, "sync-failing")
	if !l.RequestSeatLink() {
		t.Fatal("not eligible")
	}
	l.now = l.now.Add(30 * time.Hour)
	f := l.facts("observe", `{}`)
	dead := f["dead"].([]any)
	if len(dead) != 1 || len(f["retrying"].([]any)) != 0 {
		t.Fatalf("dead %v, retrying %v", dead, f["retrying"])
	}
	tries := 0
	for _, e := range l.Events() {
		if e.Job != "" {
			tries++
		}
	}
	job := dead[0].(map[string]any)
	if tries != 21 || job["error_text"] != "HTTP status code: 403" || job["retries"] != 20.0 {
		t.Errorf("%d tries, job %v", tries, job)
	}
	// A dead job does not stand in the way of another.
	if !l.RequestSeatLink() {
		t.Error("nothing can be queued any more")
	}
}

// [host §2.1, §2.6] What each version and edition has.
func TestTheServerOfEachEra(t *testing.T) {
	for _, c := range []struct {
		set     []string
		way     string
		packet  []string
		missing string
	}{
		{[]string{"gitlab_version=14.5.0-ee"}, "sync", nil, "silent_mode"},
		{[]string{"gitlab_version=17.4.0-ee"}, "button", []string{"add_on_metrics"}, ""},
		{[]string{"gitlab_version=19.5.1-ee"}, "button", []string{"add_on_metrics", "unique_instance_id"}, ""},
		{[]string{"edition=ce"}, "none", nil, "license last_sync eligible secondary packet"},
	} {
		l := newLab(t, "ultimate", c.set...)
		lines, _, _ := l.run("# seatdeck program: packet\n", `{}`)
		answer := lines[len(lines)-1]
		facts := answer["facts"].(map[string]any)
		var missing []string
		for _, m := range answer["missing"].([]any) {
			missing = append(missing, m.(string))
		}
		if facts["way"] != c.way || strings.Join(missing, " ") != c.missing {
			t.Errorf("%v: way %v, missing %v", c.set, facts["way"], missing)
		}
		packet, _ := facts["packet"].(map[string]any)
		for _, key := range []string{"add_on_metrics", "unique_instance_id"} {
			if _, ok := packet[key]; ok != slices.Contains(c.packet, key) {
				t.Errorf("%v: %s is there: %t", c.set, key, ok)
			}
		}
		if _, ok := packet["license_key"]; ok {
			t.Errorf("%v: the licence key is in the packet", c.set)
		}
	}
}

// An instance has one name, whatever it sends: the packet of a sync and Service Ping
// carry the same.
func TestOneHostNameInAllPayloads(t *testing.T) {
	for host, want := range map[string]string{"": "gitlab.nordhafen.example", "https://gitlab.example.com:8443/git": "gitlab.example.com"} {
		l := newLab(t, "ultimate")
		l.host = host
		var ping struct{ Hostname string }
		if err := json.Unmarshal(l.pingPayload(), &ping); err != nil {
			t.Fatal(err)
		}
		packet := l.facts("packet", `{}`)["packet"].(map[string]any)
		if ping.Hostname != want || packet["hostname"] != want {
			t.Errorf("%q: Service Ping from %q, a sync from %v, want %q", host, ping.Hostname, packet["hostname"], want)
		}
	}
}

// The private way to the programs wants the administrator's token, and notes
// nothing that it refused.
func TestTheWayToTheServerIsGuarded(t *testing.T) {
	l := newLab(t, "ultimate")
	body := `{"words":["runner","-","00ff","e30"],"program":"# seatdeck program: check\n"}`
	for _, c := range []struct {
		method, token, body string
		status              int
	}{
		{"POST", TokenAdmin, body, http.StatusOK}, {"POST", "", body, http.StatusForbidden}, {"POST", TokenNonAdmin, body, http.StatusForbidden},
		{"POST", TokenExpired, body, http.StatusForbidden}, {"GET", TokenAdmin, "", http.StatusMethodNotAllowed}, {"POST", TokenAdmin, "{", http.StatusBadRequest},
	} {
		if a := l.call(c.method, runnerPath, c.token, c.body); a.status != c.status {
			t.Errorf("%s as %q: %d, want %d", c.method, c.token, a.status, c.status)
		}
	}
	if n := len(l.Requests()); n != 1 || l.Requests()[0].Operation != "host.check" || l.Requests()[0].Writes {
		t.Errorf("noted: %+v", l.Requests())
	}
}
