package cli

import (
	"encoding/csv"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"

	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
	"seatdeck/model/hostile"
)

// passing is what differs from run to run: hashes of plans, which have a random
// id in them, and on a busy machine the second at which a stage is told.
var passing = []struct{ what, with string }{
	{`plan hash +[0-9a-f]{12}`, "plan hash HASH"}, {`\d\d:\d\d:\d\d`, "CLOCK"}, {` +[0-9.]+ s\b *`, " TOOK "},
}

// steady is a text without what passes.
func steady(text string) []byte {
	for _, p := range passing {
		text = regexp.MustCompile(p.what).ReplaceAllString(text, p.with)
	}
	return []byte(text)
}

// TestRunsGolden pins what the record says of runs: one that failed at the
// portal, one that worked, one by activation, and acts that are no syncs.
func TestRunsGolden(t *testing.T) {
	for _, c := range []struct {
		scenario string
		exit     int
	}{{"sync-failing", 1}, {"ultimate", 0}, {"sync-unsaved", 5}} {
		t.Run(c.scenario, func(t *testing.T) {
			b := newBench(t, rig.Options{Users: 40, Scenario: c.scenario, Mode: model.ModeWrite})
			b.must(c.exit, "sync", "run", "--driver", "host", "--yes", "-q")
			b.must(5, "users", "recount", "--yes", "-q")
			for _, line := range []string{"sync show latest", "sync show latest -o json", "sync history", "sync history --acts", "sync history --acts -o csv"} {
				out, _ := b.must(0, strings.Fields(line)...)
				name := strings.ReplaceAll(line, " ", "_")
				if strings.HasSuffix(line, "json") {
					judgeRun(t, out)
					continue
				}
				t.Run(name, func(t *testing.T) { golden.RequireEqual(t, steady(out)) })
			}
		})
	}
}

// judgeRun reads the document as a script would.
func judgeRun(t *testing.T, out string) {
	t.Helper()
	var doc struct {
		Record struct{ Outcome string }
		Run    struct {
			Driver, Act   string
			Settled, Sent bool
			Cause, Remedy *string
			Took          *float64 `json:"took_seconds"`
			Stages        []struct{ Stage string }
			Packet        *struct {
				Billable *int       `json:"billable_users_count"`
				Row      *time.Time `json:"timestamp"`
			}
			Hash string `json:"plan_hash"`
		}
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	r := doc.Run
	if r.Driver != "host" || !r.Settled || !r.Sent || r.Took == nil || len(r.Stages) < 4 || r.Packet == nil || r.Packet.Billable == nil || r.Packet.Row == nil || len(r.Hash) != 64 {
		t.Errorf("%+v", r)
	}
	if failed := doc.Record.Outcome == "failed"; failed != (r.Cause != nil && r.Remedy != nil) || failed && *r.Cause != "HTTP status code: 403" {
		t.Errorf("%s: cause %v, remedy %v", doc.Record.Outcome, r.Cause, r.Remedy)
	}
	if strings.Contains(out, "license_key") {
		t.Error("the key is in the document")
	}
}

// TestActsOnDemand: acts that are no syncs are in the list only when asked for,
// and each can be shown by its number.
func TestActsOnDemand(t *testing.T) {
	b := newBench(t, rig.Options{Users: 40, Mode: model.ModeWrite})
	done, _ := b.must(5, "users", "recount", "--yes", "-q")
	wants(t, done, "does not show whether it was counted anew", "not what a sync sends") // said of the result, not only of the plan
	plain, _ := b.must(0, "sync", "history", "-o", "csv")
	if strings.Contains(plain, "recount") {
		t.Errorf("a recount is among the syncs:\n%s", plain)
	}
	out, _ := b.must(0, "sync", "history", "--acts", "-o", "csv")
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil || len(rows) != strings.Count(plain, "\n")+1 {
		t.Fatalf("%v\n%s", err, out)
	}
	act := rows[1]
	if act[1] != "act" || act[4] != "you" || act[5] != "unconfirmed" || !strings.HasPrefix(act[10], "recount: accepted") {
		t.Errorf("row %q", act)
	}
	shown, _ := b.must(0, "sync", "show", act[0])
	wants(t, shown, "Count billable users anew", "unconfirmed", "set off by", "plan hash", "Stages")
	if strings.Contains(shown, "Packet") {
		t.Errorf("a recount sends a packet:\n%s", shown)
	}
}

// TestOpenRunIsUnknown: an intent without a result is shown as what it is, with
// what happens next; nothing hostile in a record gets out.
func TestOpenRunIsUnknown(t *testing.T) {
	const nasty = "\x1b[2J\u202eowned\r\nHTTP/1.1 200 OK"
	b := newBench(t, rig.Options{Users: 40, Mode: model.ModeWrite})
	b.must(0, "status", "-q")
	in := model.Intent{Plan: model.PlanHead{ID: "A", Kind: model.ActSyncHost, Trigger: model.TriggerYou, Title: nasty, Hash: nasty}, Of: 1, At: b.Clock.Now(),
		Step: model.Step{Target: nasty, Precondition: model.Reading{"seats": nasty}}}
	e, err := in.Entry()
	if err != nil {
		t.Fatal(err)
	}
	e.Who = model.Who{User: nasty, SSHPeer: nasty}
	if _, err := b.Journal.Append(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	out, _ := b.must(0, "sync", "history", "--offline", "-o", "csv")
	seq := strings.Split(strings.Split(out, "\n")[1], ",")[0]
	if n, err := strconv.Atoi(seq); err != nil || n == 0 {
		t.Fatalf("no number in\n%s", out)
	}
	shown, _ := b.must(0, "sync", "show", seq, "--offline")
	wants(t, shown, "? unknown – not settled yet", "the next reading of the instance finds out", "they are told when it ends", "is told to the process that asked")
	for _, text := range []string{out, shown} {
		for _, line := range strings.Split(text, "\n") {
			if err := hostile.Check(line); err != nil {
				t.Errorf("%v in %q", err, line)
			}
		}
		if strings.Contains(text, "\nHTTP") {
			t.Errorf("a record makes lines of its own:\n%s", text)
		}
	}
}
