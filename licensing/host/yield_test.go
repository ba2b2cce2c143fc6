package host

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"seatdeck/model"
)

// TestBackgroundYields: what nobody waits for at a screen runs in second place on
// the server; what somebody waits for does not.
func TestBackgroundYields(t *testing.T) {
	if _, err := exec.LookPath("nice"); err != nil || runtime.GOOS != "linux" {
		t.Skip("no nice here, or another way to count it")
	}
	file := filepath.Join(t.TempDir(), "nice")
	r := runner(t, word("nice", file))
	nice := func() string {
		t.Helper()
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	ctx := inTime(t, time.Minute)
	_, _ = r.Check(ctx)
	usual := nice()
	for name, ask := range map[string]func(){
		"pins":            func() { _, _ = r.Pins(ctx) },
		"observe":         func() { _, _ = r.Observe(ctx) },
		"sync by a timer": func() { _, _ = r.Sync(ctx, model.HostSyncOrder{Gentle: true}, nil) },
	} {
		if ask(); nice() == usual {
			t.Errorf("%s runs at %s like everything else", name, usual)
		}
	}
	if _, _ = r.Sync(ctx, model.HostSyncOrder{}, nil); nice() != usual {
		t.Errorf("a sync that somebody waits for runs at %s, not at %s", nice(), usual)
	}
}

// TestStagesOutliveTheAnswer: of a sync whose answer is lost stays what its stages
// told: the packet, the job, and that it was asked for.
func TestStagesOutliveTheAnswer(t *testing.T) {
	packet := `{"gitlab_version":"19.5.1-ee","timestamp":"2026-11-20T12:00:09.000Z","max_historical_user_count":987,"billable_users_count":960}`
	begun := `@seatdeck-NONCE {"line":"ready","schema":1,"program":"sync"}` + "\n" +
		`@seatdeck-NONCE {"line":"stage","schema":1,"stage":"packet","state":"done","packet":` + packet + `}` + "\n"
	asked := `@seatdeck-NONCE {"line":"stage","schema":1,"stage":"trigger","state":"begin","way":"button"}` + "\n"
	queued := `@seatdeck-NONCE {"line":"stage","schema":1,"stage":"trigger","state":"done","jid":"9f0","joined":false}` + "\n" +
		`@seatdeck-NONCE {"line":"stage","schema":1,"stage":"job","state":"waiting","jid":"9f0"}` + "\n"
	joined := `@seatdeck-NONCE {"line":"stage","schema":1,"stage":"trigger","state":"done","jid":"9f0","joined":true}` + "\n"
	for name, c := range map[string]struct {
		out  string
		sent model.HostSent
		job  bool
	}{
		"before it asked":  {begun, model.SentUnknown, false},
		"while it asked":   {begun + asked, model.SentUnknown, false},
		"after it asked":   {begun + asked + queued, model.SentYes, true},
		"joined a waiting": {begun + asked + joined, model.SentUnknown, false},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			got, err := runner(t, word("out", c.out), word("exit", "1")).Sync(ctx, model.HostSyncOrder{}, nil)
			p, ok := got.Packet.Get()
			if err == nil || got.Sent != c.sent || !ok || p.Billable != model.Some(960) || p.Maximum != model.Some(987) || p.AsOf.Source != model.SourceHost {
				t.Errorf("%v: sent %s, packet %+v", err, got.Sent, p)
			}
			if job, known := got.Job.Get(); known != c.job || known && job.ID.String() != got.JobID.String() {
				t.Errorf("job %+v (%s)", got.Job, got.JobID)
			}
			if got.Details() == nil {
				t.Error("nothing of it is kept")
			}
		})
	}
}
