package host

import (
	"context"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"seatdeck/licensing/sandbox"
	"seatdeck/model"
)

// lab is a runner in front of a made-up instance. Waiting moves its clock.
type lab struct {
	*Runner
	*sandbox.Server
	mu  sync.Mutex
	now time.Time
}

func (l *lab) clock() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now
}

func (l *lab) wait(ctx context.Context, d time.Duration) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now = l.now.Add(d)
	return ctx.Err()
}

func newLab(t *testing.T, scenario string, set map[string]string) *lab {
	t.Helper()
	l := &lab{now: time.Date(2026, 11, 21, 9, 52, 0, 0, time.UTC)}
	s, err := sandbox.New(sandbox.Config{Scenario: scenario, Set: set, Now: l.clock, Host: "https://gitlab.example.com"})
	if err != nil {
		t.Fatal(err)
	}
	l.Server = s
	l.Runner = New(Options{Command: []string{"gitlab-rails"}, Mode: model.ModeWrite, Now: l.clock, Launch: s.Launch(l.wait)})
	return l
}

// exchanges are the packets that were sent because somebody asked.
func (l *lab) exchanges() (out []sandbox.Event) {
	for _, e := range l.Events() {
		if e.Kind == "seat_link" && e.Job != "" {
			out = append(out, e)
		}
	}
	return out
}

func TestASyncOfEachScenario(t *testing.T) {
	for name, c := range map[string]struct {
		scenario string
		set      map[string]string
		verdict  model.HostVerdict
		refusal  model.HostRefusal
		outcome  string // of the exchange; "" for none
		cause    string
	}{
		"ultimate":     {"ultimate", nil, model.HostMoved, "", "ok", ""},
		"premium":      {"premium", nil, model.HostMoved, "", "ok", ""},
		"expired":      {"expired", nil, model.HostMoved, "", "ok", ""},
		"maintenance":  {"maintenance", nil, model.HostMoved, "", "ok", ""},
		"admin-mode":   {"admin-mode", nil, model.HostMoved, "", "ok", ""},
		"an older one": {"ultimate", map[string]string{"gitlab_version": "14.5.0-ee"}, model.HostMoved, "", "ok", ""},
		"offline":      {"offline", nil, model.HostRefused, model.RefusalNotEligible, "", ""},
		"a file":       {"ultimate", map[string]string{"license_type": "legacy_license"}, model.HostRefused, model.RefusalNotEligible, "", ""},
		"an old trial": {"ultimate", map[string]string{"trial": "true", "gitlab_version": "17.0.0-ee"}, model.HostRefused, model.RefusalNotEligible, "", ""},
		"free":         {"free", nil, model.HostRefused, model.RefusalLicense, "", ""},
		"community":    {"free", map[string]string{"edition": "ce"}, model.HostRefused, model.RefusalEdition, "", ""},
		"silent mode":  {"ultimate", map[string]string{"silent_mode": "true"}, model.HostRefused, model.RefusalSilentMode, "", ""},
		"sync-failing": {"sync-failing", nil, model.HostRetry, "", "refused", "HTTP status code: 403"},
		"portal down":  {"ultimate", map[string]string{"portal": "down"}, model.HostRetry, "", "unreachable", "We encountered an error while trying to reach the portal. Our team has been notified."},
		"sync-unsaved": {"sync-unsaved", nil, model.HostUnmoved, "", "unsaved", ""},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, c.scenario, c.set)
			var told []string
			s, err := l.Sync(t.Context(), model.HostSyncOrder{}, func(st model.HostStage) { told = append(told, st.Name+" "+st.State) })
			if err != nil {
				t.Fatal(err)
			}
			if s.Verdict != c.verdict || s.Refusal != c.refusal {
				t.Errorf("verdict %q, refusal %q; want %q, %q", s.Verdict, s.Refusal, c.verdict, c.refusal)
			}
			if reason := s.Eligibility.Refusal(); reason != c.refusal {
				t.Errorf("the facts say %q", reason)
			}
			sent := l.exchanges()
			if c.outcome == "" {
				if len(sent) != 0 || s.Sent != model.SentNo || len(told) != 2 {
					t.Errorf("sent %q, events %v, stages %v", s.Sent, sent, told)
				}
				return
			}
			if len(sent) != 1 || sent[0].Outcome != c.outcome || sent[0].Job != s.JobID.String() || s.Sent != model.SentYes {
				t.Fatalf("sent %q, events %+v, jid %s", s.Sent, sent, s.JobID)
			}
			p, _ := s.Packet.Get()
			if p.Billable.Or(-1) != sent[0].Billable || p.Maximum.Or(-1) != sent[0].Maximum || !p.Row.Or(time.Time{}).Equal(sent[0].RowAt.Truncate(time.Millisecond)) {
				t.Errorf("packet %+v, sent %+v", p, sent[0])
			}
			job, _ := s.Job.Get()
			if job.ErrorText.String() != c.cause || c.cause != "" && !job.At.Known() {
				t.Errorf("job %+v", job)
			}
			before, after := s.Before.Or(time.Time{}), s.After.Or(time.Time{})
			if after.After(before) != (c.verdict == model.HostMoved) {
				t.Errorf("last sync before %v, after %v", before, after)
			}
			for _, want := range []string{"check done", "packet done", "trigger begin", "trigger done", "job waiting", "job running"} {
				if !slices.Contains(told, want) {
					t.Errorf("stage %q was not told: %v", want, told)
				}
			}
		})
	}
}

func TestAFailedJobIsShownAndNotDoubled(t *testing.T) {
	l := newLab(t, "sync-failing", nil)
	first, err := l.Sync(t.Context(), model.HostSyncOrder{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	again, err := l.Sync(t.Context(), model.HostSyncOrder{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	job, _ := again.Job.Get()
	if again.Verdict != model.HostRetryWaiting || again.Sent != model.SentNo || job.ID != first.JobID || !job.At.Or(time.Time{}).After(l.clock()) {
		t.Errorf("the second one: %s, sent %s, job %+v", again.Verdict, again.Sent, job)
	}
	if n := len(l.exchanges()); n != 1 {
		t.Errorf("%d exchanges", n)
	}
	if err := l.Turn("portal", "ok"); err != nil {
		t.Fatal(err)
	}
	_ = l.wait(t.Context(), 2*time.Hour)
	e, err := l.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if waits, known := e.Retrying.Get(); !known || len(waits) != 0 {
		t.Errorf("after the portal came back: %+v", waits)
	}
	if sent := l.exchanges(); len(sent) != 2 || sent[1].Outcome != "ok" || sent[1].Job != first.JobID.String() {
		t.Errorf("exchanges %+v", sent)
	}
}

func TestASecondPressJoinsTheFirst(t *testing.T) {
	l := newLab(t, "ultimate", nil)
	if !l.RequestSeatLink() {
		t.Fatal("not eligible")
	}
	s, err := l.Sync(t.Context(), model.HostSyncOrder{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !s.Joined || s.Sent != model.SentNo || s.Verdict != model.HostMoved || len(l.exchanges()) != 1 {
		t.Errorf("joined %t, sent %s, verdict %s, %d exchanges", s.Joined, s.Sent, s.Verdict, len(l.exchanges()))
	}
}

func TestReadingWritesNothing(t *testing.T) {
	l := newLab(t, "ultimate", nil)
	before := len(l.Events())
	for name, ask := range map[string]func(context.Context) error{
		"check":   func(ctx context.Context) error { _, err := l.Check(ctx); return err },
		"preview": func(ctx context.Context) error { _, err := l.Preview(ctx); return err },
		"observe": func(ctx context.Context) error { _, err := l.Observe(ctx); return err },
		"pins":    func(ctx context.Context) error { _, err := l.Pins(ctx); return err },
		"roles": func(ctx context.Context) error {
			_, err := l.Roles(ctx, 0, func([]model.HighestRole) error { return nil })
			return err
		},
	} {
		if err := ask(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, r := range l.Requests() {
		if r.Writes {
			t.Errorf("a write: %+v", r)
		}
	}
	if n := len(l.Requests()); n != 5 || len(l.Events()) != before {
		t.Errorf("%d programs were noted, %d events happened", n, len(l.Events())-before)
	}
}

func TestObservingTheSandbox(t *testing.T) {
	l := newLab(t, "sync-failing", nil)
	if _, err := l.Sync(t.Context(), model.HostSyncOrder{}, nil); err != nil {
		t.Fatal(err)
	}
	o, err := l.Observe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if retrying, _ := o.Retrying.Get(); len(retrying) != 1 || retrying[0].ErrorText.String() != "HTTP status code: 403" {
		t.Errorf("retrying %+v", retrying)
	}
	daily := o.Cron[0]
	if daily.Name.String() != "sync_seat_link_worker" || len(daily.Runs) != 10 || !daily.Next.Or(time.Time{}).After(l.clock()) || daily.Runs[0].At != daily.Last {
		t.Errorf("the daily entry is %+v", daily)
	}
	if last := o.Logs[len(o.Logs)-1]; last.Status.String() != "fail" || last.ErrorText.String() != "HTTP status code: 403" {
		t.Errorf("the newest line is %+v", last)
	}
}

func TestPinsOfTheSandbox(t *testing.T) {
	for _, c := range []struct {
		set    map[string]string
		pinned bool
		ping   bool
	}{
		{nil, false, true},
		{map[string]string{"pinned": "true"}, true, false},
		{map[string]string{"service_ping": "false"}, false, false},
	} {
		l := newLab(t, "ultimate", c.set)
		p, err := l.Pins(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		line, found := p.PinnedBy("usage_ping_enabled")
		if p.Pinned.Or(!c.pinned) != c.pinned || p.Ping.Or(!c.ping) != c.ping || found != c.pinned || found && (line.Line == 0 || line.Set.String() != "false") {
			t.Errorf("%v: %+v", c.set, p)
		}
		if p.Stored.Ping.Or(false) == (c.set["service_ping"] == "false") || !p.Lacks("managed") {
			t.Errorf("%v: stored %+v, missing %v", c.set, p.Stored, p.Missing)
		}
	}
}

func TestRolesOfTheSandbox(t *testing.T) {
	l := newLab(t, "ultimate", nil)
	billable, seen := 0, map[int64]bool{}
	read, err := l.Roles(t.Context(), 0, func(batch []model.HighestRole) error {
		for _, r := range batch {
			seen[r.UserID] = true
			if r.Billable.Or(false) {
				billable++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	packet, err := l.Preview(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p, _ := packet.Packet.Get()
	if !read.Complete || read.Count != 1214 || len(seen) != 1214 || billable == 0 || billable > p.Maximum.Or(0) {
		t.Errorf("%+v, %d ids, %d billable, packet %+v", read, len(seen), billable, p)
	}
	rest := 0
	if _, err := l.Roles(t.Context(), read.Last-50, func(batch []model.HighestRole) error { rest += len(batch); return nil }); err != nil || rest == 0 || rest > 50 {
		t.Errorf("after an id: %d, %v", rest, err)
	}
	stop := model.Fail(model.ClassStorage, "keep", "full", "")
	if _, err := l.Roles(t.Context(), 0, func([]model.HighestRole) error { return stop }); model.AsError("", err).Class != model.ClassStorage {
		t.Errorf("an error of the taker became %v", err)
	}
}

// The same over a process and a socket, as the built-in sandbox is asked.
func TestTheSandboxOverASocket(t *testing.T) {
	s, url, err := sandbox.Begin(sandbox.Config{}, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	r := New(Options{Command: sandbox.RunnerCommand(self, url, sandbox.TokenAdmin), Mode: model.ModeWrite, Environ: os.Environ(), Now: time.Now})
	first := make(chan string, 32)
	got, err := r.Sync(inTime(t, 30*time.Second), model.HostSyncOrder{Poll: 100 * time.Millisecond}, func(st model.HostStage) { first <- st.Name })
	if err != nil {
		t.Fatal(err)
	}
	if got.Verdict != model.HostMoved || got.Eligibility.Exit != 0 || <-first != "check" {
		t.Errorf("%+v", got)
	}
	bad := New(Options{Command: sandbox.RunnerCommand(self, url, sandbox.TokenNonAdmin), Mode: model.ModeWrite, Environ: os.Environ(), Now: time.Now})
	if _, err := bad.Check(inTime(t, 30*time.Second)); model.AsError("", err).Class != model.ClassFailed {
		t.Errorf("another's token: %v", err)
	}
}
