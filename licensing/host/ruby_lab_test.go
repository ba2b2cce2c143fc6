//go:build lab

package host

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"seatdeck/model"
)

// quick makes a sync of the made-up server take less than a second.
var quick = model.HostSyncOrder{Watch: 6 * time.Second, Poll: 40 * time.Millisecond, Quiet: 300 * time.Millisecond}

// railway is a runner in front of testdata/ruby/rails.rb, under the Ruby of this
// machine, and the file that notes what was done there.
func railway(t *testing.T, words ...string) (*Runner, func() []string) {
	t.Helper()
	log := filepath.Join(t.TempDir(), "log")
	r := New(Options{Command: rails(t, append(words, "log="+log)...), Mode: model.ModeWrite, Environ: os.Environ(), Now: time.Now, Boot: 30 * time.Second})
	return r, func() []string {
		b, err := os.ReadFile(log)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		return strings.Split(strings.TrimSpace(string(b)), "\n")
	}
}

func rails(t *testing.T, words ...string) []string {
	t.Helper()
	ruby, err := exec.LookPath("ruby")
	if err != nil {
		t.Fatal(err)
	}
	script, err := filepath.Abs("testdata/ruby/rails.rb")
	if err != nil {
		t.Fatal(err)
	}
	return append([]string{ruby, script}, words...)
}

func count(lines []string, prefix string) (n int) {
	for _, l := range lines {
		if strings.HasPrefix(l, prefix) {
			n++
		}
	}
	return n
}

// clean fails when a secret was touched, something was written, or a read ran
// without its fence.
func clean(t *testing.T, lines []string) {
	t.Helper()
	for _, l := range lines {
		if strings.HasPrefix(l, "TOUCHED") || strings.HasPrefix(l, "write") {
			t.Errorf("on the server: %s", l)
		}
	}
	if count(lines, "sql SET TRANSACTION READ ONLY") == 0 || count(lines, "sql SET LOCAL statement_timeout") == 0 {
		t.Error("no fence was put up")
	}
}

const allNoise = "noise=before,between,after,marker"

func TestASyncUnderRuby(t *testing.T) {
	type want struct {
		verdict model.HostVerdict
		refusal model.HostRefusal
		queued  int
		sent    model.HostSent
	}
	moved := want{model.HostMoved, "", 1, model.SentYes}
	refused := func(r model.HostRefusal) want { return want{model.HostRefused, r, 0, model.SentNo} }
	for name, c := range map[string]struct {
		words string
		want  want
	}{
		"12": {"era=12", want{model.HostUnmoved, "", 1, model.SentYes}}, // it stores no time of the last sync
		"13": {"era=13", moved}, "14": {"era=14", moved}, "17": {"era=17", moved}, "18": {"era=18", moved},
		"13, refused by the portal":  {"era=13 portal=refuse", want{model.HostRetry, "", 1, model.SentYes}},
		"14, refused by the portal":  {"era=14 portal=refuse", want{model.HostRetry, "", 1, model.SentYes}},
		"18, refused by the portal":  {"era=18 portal=refuse", want{model.HostRetry, "", 1, model.SentYes}},
		"17, given up":               {"era=17 portal=dead", want{model.HostDead, "", 1, model.SentYes}},
		"14, not saved":              {"era=14 portal=unsaved", want{model.HostUnmoved, "", 1, model.SentYes}},
		"18, not saved":              {"era=18 portal=unsaved", want{model.HostUnmoved, "", 1, model.SentYes}},
		"18, nobody serves":          {"era=18 state=busy", want{model.HostWaiting, "", 1, model.SentYes}},
		"17, slow":                   {"era=17 portal=slow", want{model.HostRunning, "", 1, model.SentYes}},
		"14, slow":                   {"era=14 portal=slow", want{model.HostRunning, "", 1, model.SentYes}},
		"18, waits already":          {"era=18 state=waiting", want{model.HostMoved, "", 0, model.SentNo}},
		"14, a failed one waits":     {"era=14 state=retrying", want{model.HostRetryWaiting, "", 0, model.SentNo}},
		"12, a failed one waits":     {"era=12 state=retrying", want{model.HostRetryWaiting, "", 0, model.SentNo}},
		"maintenance":                {"era=18 state=maintenance", moved},
		"no fence is possible":       {"era=18 state=nofence", moved},
		"silent mode":                {"era=17 state=silent", refused(model.RefusalSilentMode)},
		"read-only":                  {"era=14 state=readonly", refused(model.RefusalReadOnly)},
		"Geo":                        {"era=18 state=secondary", refused(model.RefusalSecondary)},
		"no licence":                 {"era=18 licence=none", refused(model.RefusalLicense)},
		"offline":                    {"era=18 licence=offline", refused(model.RefusalNotEligible)},
		"a file":                     {"era=14 licence=file", refused(model.RefusalNotEligible)},
		"a trial, before 18.1":       {"era=17 licence=trial", refused(model.RefusalNotEligible)},
		"a trial, now":               {"era=18 licence=trial", moved},
		"switched off, in old times": {"era=13 state=seatlinkoff", refused(model.RefusalNotEligible)},
		"nothing can be read":        {"era=18 state=broken", refused(model.RefusalUnclear)},
	} {
		for _, noise := range []string{"noise=", allNoise} {
			t.Run(name+", "+noise, func(t *testing.T) {
				t.Parallel()
				r, log := railway(t, append(strings.Fields(c.words), noise)...)
				order := quick
				if strings.Contains(c.words, "slow") || strings.Contains(c.words, "busy") {
					order.Watch = time.Second
				}
				s, err := r.Sync(t.Context(), order, nil)
				if err != nil {
					t.Fatal(err)
				}
				done := log()
				got := want{s.Verdict, s.Refusal, count(done, "queue "), s.Sent}
				if got != c.want {
					t.Errorf("got %+v, want %+v\njob %+v\nstages %+v", got, c.want, s.Job, s.Stages)
				}
				if s.Eligibility.Refusal() != c.want.refusal {
					t.Errorf("the facts say %q: %+v", s.Eligibility.Refusal(), s.Eligibility)
				}
				if !strings.Contains(c.words, "nofence") {
					clean(t, done)
				}
				if s.Eligibility.Fenced == strings.Contains(c.words, "nofence") {
					t.Errorf("fenced is %t", s.Eligibility.Fenced)
				}
				if want := "refresh_token=true"; c.want == moved && strings.HasPrefix(c.words, "era=18") && !slices.Contains(done, "sync "+want) {
					t.Errorf("not as the button does it: %v", done)
				}
				if c.want.verdict == model.HostRetry {
					job, _ := s.Job.Get()
					text := job.ErrorText.String()
					for _, secret := range []string{"bGljZW5jZSBrZXk", "mira@", "u:p"} {
						if strings.Contains(text, secret) {
							t.Errorf("the text has %q in it: %s", secret, text)
						}
					}
					if !strings.HasPrefix(text, "The licence key [removed]") || !job.At.Known() || job.Retries.Or(-1) != 2 ||
						time.Since(job.FailedAt.Or(time.Time{})).Abs() > 5*time.Minute {
						t.Errorf("job %+v", job)
					}
				}
			})
		}
	}
}

func TestAPacketUnderRuby(t *testing.T) {
	for _, era := range []int{13, 14, 17, 18} {
		t.Run(fmt.Sprint(era), func(t *testing.T) {
			t.Parallel()
			r, log := railway(t, fmt.Sprint("era=", era), allNoise)
			got, err := r.Preview(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			clean(t, log())
			p, ok := got.Packet.Get()
			if !ok || p.Billable.Or(-1) != 1043 || p.Maximum.Or(-1) != 1079 || p.Hostname.String() != "gitlab.example.com" ||
				!p.Row.Or(time.Time{}).Equal(time.Date(2026, 11, 21, 12, 0, 4, 0, time.UTC)) || !strings.HasPrefix(p.InstanceID.String(), "11111111-") {
				t.Errorf("packet %+v", p)
			}
			if (len(p.AddOns) == 1) != (era >= 17) || p.UniqueID.Empty() != (era < 18) || (len(p.Others) == 1) != (era >= 18) {
				t.Errorf("packet %+v", p)
			}
			if count(log(), "queue ") != 0 {
				t.Error("a preview queued something")
			}
		})
	}
	r, _ := railway(t, "era=12")
	if got, err := r.Preview(t.Context()); err != nil || got.Packet.Known() || !got.Eligibility.Lacks("packet") {
		t.Errorf("12: %+v, %v", got, err)
	}
}

func TestObservingUnderRuby(t *testing.T) {
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, "log"), 0o700); err != nil {
		t.Fatal(err)
	}
	lines := strings.Repeat(`{"class":"SyncSeatLinkWorker","job_status":"done","time":"2026-11-20T03:17:00.000Z"}`+"\n", 60) +
		"not json SeatLink\n" +
		`{"severity":"ERROR","time":"2026-11-21T03:17:05.123Z","class":"SyncSeatLinkRequestWorker","jid":"0123456789abcdef01234567","job_status":"fail","duration_s":1.25,` +
		`"args":["bGljZW5jZSBrZXkgdGhhdCBtdXN0IG5ldmVyIGxlYXZl"],"exception.class":"SyncSeatLinkRequestWorker::RequestError",` +
		`"exception.message":"refused for mira@nordhafen.example, key bGljZW5jZSBrZXkgdGhhdCBtdXN0IG5ldmVyIGxlYXZl"}` + "\n" +
		`{"class":"OtherWorker","time":"2026-11-21T04:00:00.000Z"}` + "\n"
	if err := os.WriteFile(filepath.Join(root, "log", "sidekiq.log"), []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, era := range []int{12, 13, 14, 17, 18} {
		r, log := railway(t, fmt.Sprint("era=", era), allNoise, "root="+root, "state=retrying")
		o, err := r.Observe(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n := count(log(), "TOUCHED"); n != 0 {
			t.Errorf("%d: %v", era, log())
		}
		retrying, known := o.Retrying.Get()
		if !known || len(retrying) != 1 || retrying[0].ErrorText.String() != "HTTP status code: 402" || !retrying[0].At.Known() {
			t.Errorf("%d: retrying %+v", era, retrying)
		}
		if len(o.Cron) != 4 || o.Cron[0].Name.String() != "sync_seat_link_worker" || !o.Cron[0].Last.Known() || !o.Cron[0].Next.Known() ||
			(len(o.Cron[0].Runs) == 10) != (era >= 14) {
			t.Errorf("%d: cron %+v", era, o.Cron)
		}
		last := o.Logs[len(o.Logs)-1]
		if len(o.Logs) != 40 || last.Status.String() != "fail" || last.JobID.String() != "0123456789abcdef01234567" || last.Seconds.Or(0) != 1.25 ||
			last.ErrorText.String() != "refused for [removed], key [removed]" {
			t.Errorf("%d: %d lines, the newest %+v", era, len(o.Logs), last)
		}
		if len(o.LogFiles) != 4 || o.LogFiles[1].State.String() != "read" {
			t.Errorf("%d: files %+v", era, o.LogFiles)
		}
	}
}

func TestPinsUnderRuby(t *testing.T) {
	for _, era := range []int{12, 13, 14, 17, 18} {
		for _, pinned := range []bool{false, true} {
			state := "state="
			if pinned {
				state += "pinned"
			}
			r, log := railway(t, fmt.Sprint("era=", era), allNoise, state)
			p, err := r.Pins(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			clean(t, log())
			if p.Pinned.Or(!pinned) != pinned || p.Ping.Or(pinned) == pinned || p.Configurable.Or(pinned) == pinned || !p.Stored.Ping.Or(false) {
				t.Errorf("%d, pinned %t: %+v", era, pinned, p)
			}
			if p.Stored.Optional.Known() != (era >= 17) || p.Features.Known() != (era >= 14) || p.Lacks("features") != (era < 14) || (len(p.ByPing) == 2) != (era >= 17) {
				t.Errorf("%d: %+v", era, p)
			}
		}
	}
}

func TestThePinLinesAreFound(t *testing.T) {
	config := "# gitlab_rails['usage_ping_enabled'] = true; gitlab_rails['usage_ping_enabled'] = true;\n  gitlab_rails[\"usage_ping_enabled\"]   =false; external_url 'x'"
	command := append([]string{"env", "GITLAB_OMNIBUS_CONFIG=" + config}, rails(t, "era=18")...)
	p, err := New(Options{Command: command, Environ: os.Environ(), Now: time.Now}).Pins(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	line, ok := p.PinnedBy("usage_ping_enabled")
	if !ok || line.File.String() != "GITLAB_OMNIBUS_CONFIG" || line.Set.String() != "false" || len(p.Lines) != 2 {
		t.Errorf("lines %+v", p.Lines)
	}
}

func TestRolesUnderRuby(t *testing.T) {
	for _, era := range []int{12, 18} {
		r, log := railway(t, fmt.Sprint("era=", era), allNoise, "people=12001")
		var batches, people, none, guests, billable int
		read, err := r.Roles(t.Context(), 0, func(batch []model.HighestRole) error {
			batches++
			for _, p := range batch {
				people++
				switch level, member := p.Level.Get(); {
				case !member:
					none++
				case level == 10:
					guests++
				}
				if p.Billable.Or(false) {
					billable++
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		clean(t, log())
		// Every seventh has no membership; of the rest every fifth is a guest.
		if batches != 3 || people != 12001 || none != 1714 || guests != 2400-342 || billable != people-none-guests {
			t.Errorf("%d: %d batches, %d people, %d without, %d guests, %d billable", era, batches, people, none, guests, billable)
		}
		if !read.Complete || read.Count != people || read.Last != 36003 {
			t.Errorf("%d: %+v", era, read)
		}
	}
}

func TestWaysToRubyThatFail(t *testing.T) {
	dir := t.TempDir()
	script := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		return path
	}
	real := rails(t, "era=18")
	for name, c := range map[string]struct {
		command []string
		class   model.Class // "" for none
		words   string
	}{
		"ssh that splits again":     {append([]string{script("ssh", `exec sh -c "$*"`)}, real...), "", ""},
		"exit 7 with a valid line":  {append([]string{script("seven", `"$@"; exit 7`)}, real...), "", ""},
		"a slow start":              {append(slices.Clone(real), "boot=2"), "", ""},
		"standard input is gone":    {append([]string{script("docker", `exec "$@" </dev/null`)}, real...), model.ClassMalformed, "brought no answer"},
		"output is swallowed":       {append([]string{script("quiet", `"$@" >/dev/null`)}, real...), model.ClassMalformed, "brought no answer"},
		"output is folded":          {append([]string{script("fold", `"$@" | fold -w 60`)}, real...), model.ClassMalformed, "cannot be read"},
		"sudo asks":                 {append([]string{script("sudo", `echo "sudo: a password is required" >&2; exit 1`)}, real...), model.ClassDenied, "sudo wants a password"},
		"the wrong user":            {append([]string{script("chpst", `echo "chpst: fatal: unable to setgroups: permission denied" >&2; exit 111`)}, real...), model.ClassDenied, "only root and the git user"},
		"Ruby that does not start":  {[]string{real[0], "-e", "require 'seatdeck_nothing'", "-"}, model.ClassLocked, "does not start"},
		"a program that is not one": {[]string{real[0], real[1], "era=99"}, model.ClassFailed, "ended with 1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := New(Options{Command: c.command, Mode: model.ModeWrite, Environ: os.Environ(), Now: time.Now, Boot: 20 * time.Second})
			e, err := r.Check(t.Context())
			if c.class == "" {
				if err != nil || !e.Eligible.Or(false) {
					t.Fatalf("%+v, %v", e, err)
				}
				return
			}
			if got := failed(t, err); got.Class != c.class || !strings.Contains(got.Msg.String(), c.words) {
				t.Errorf("error is %s: %v", got.Class, got)
			}
		})
	}
}

func TestRubyEndsWhenItIsTold(t *testing.T) {
	r, log := railway(t, "era=18", "portal=slow")
	ctx := inTime(t, 20*time.Second)
	done := make(chan model.HostSync, 1)
	stop := make(chan bool, 1)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		s, _ := r.Sync(ctx, model.HostSyncOrder{Watch: time.Minute, Poll: 40 * time.Millisecond}, func(st model.HostStage) {
			if st.Name == "job" && st.State == "running" {
				stop <- true
			}
		})
		done <- s
	}()
	<-stop
	cancel()
	s := <-done
	if s.Sent != model.SentYes || count(log(), "queue ") != 1 {
		t.Errorf("sent %q: what was queued before must be known after", s.Sent)
	}
}
