package cli

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
)

// TestSyncStopped: a signal before anything was sent cancels, with 130; one that
// comes later ends the waiting alone, and the exit code is that of the outcome.
func TestSyncStopped(t *testing.T) {
	for name, c := range map[string]struct {
		sent bool
		exit int
		word model.Outcome
	}{
		"before": {false, 130, model.OutcomeCancelled},
		"after":  {true, 5, model.OutcomeUnconfirmed},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var b *bench
			sent := func() bool { return b != nil && len(b.writes()) > 0 }
			b = newBench(t, rig.Options{Mode: model.ModeWrite, Set: map[string]string{"portal": "unsaved"}, Transport: func(next http.RoundTripper) http.RoundTripper {
				return roundTrip(func(q *http.Request) (*http.Response, error) {
					if b != nil && sent() == c.sent && (c.sent || b.asked()) {
						cancel()
					}
					return next.RoundTrip(q)
				})
			}})
			code, out, errOut := b.runIn(ctx, "sync", "run", "--driver", "activation", "--confirm", "prod.gitlab.example", "-o", "json")
			var doc struct {
				Result model.Result `json:"result"`
				Exit   int          `json:"exit"`
			}
			if out != "" {
				if err := json.Unmarshal([]byte(out), &doc); err != nil {
					t.Fatal(err)
				}
			}
			if code != c.exit || c.sent && (doc.Result.Outcome != c.word || doc.Exit != c.exit) || len(b.writes()) > 1 || sent() != c.sent {
				t.Errorf("exit %d, %d writes, %s\n%s", code, len(b.writes()), doc.Result.Outcome, errOut)
			}
			if acts := b.Reopen().Load(t.Context()).History.Acts; c.sent && (len(acts) != 1 || !acts[0].Left()) {
				t.Errorf("the record tells %+v", acts)
			}
		})
	}
}

// writes are the requests that asked for a change.
func (b *bench) writes() (out []string) {
	for _, q := range b.Sandbox.Requests() {
		if q.Writes {
			out = append(out, q.Operation)
		}
	}
	return out
}

// asked reports whether the licence was read, as for a plan.
func (b *bench) asked() bool {
	for _, q := range b.Sandbox.Requests() {
		if strings.HasSuffix(q.Path, "/license") {
			return true
		}
	}
	return false
}

// TestSyncWatchNamesItsTime: the verb says how long it watches, as the profile
// has it.
func TestSyncWatchNamesItsTime(t *testing.T) {
	b := newBench(t, rig.Options{})
	b.Info.SyncWatch = 30 * time.Second
	_, errOut := b.must(3, "sync", "run", "--driver", "browser")
	wants(t, errOut, "press Sync; seatdeck watches for 30 s")
}
