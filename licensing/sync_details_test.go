package licensing_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
)

// A run by way of the server keeps what GitLab said it sends, and what became of
// the job, in the record; the licence key is nowhere in it. The words of a stage
// stay when the engine goes on within it.
func TestSyncKeepsWhatWasSent(t *testing.T) {
	r := rig.New(t, rig.Options{Scenario: "sync-failing", Users: 60, Memory: true, Mode: model.ModeWrite})
	got, err := runSync(t, r, model.DriverHost)
	if err != nil || got.Outcome != model.OutcomeFailed {
		t.Fatalf("%s, %v", got.Outcome, err)
	}
	run := r.Desk.View().History.Acts[0]
	packet, ok := run.SyncDetails().Packet.Get()
	row, found := r.Desk.View().Facts.Daily.Value.Newest()
	if !ok || !found || packet.Billable != model.Some(row.Count) || packet.Row.Or(row.At.Add(1)).Unix() != row.At.Unix() {
		t.Errorf("packet %+v, newest daily row %+v", packet, row)
	}
	if job, ok := run.SyncDetails().Job.Get(); !ok || job.Phase != model.JobRetry || !job.At.Known() {
		t.Errorf("job %+v", job)
	}
	stages := run.Stages()
	if last := stages[len(stages)-1]; last.Stage != model.StageConfirm || !strings.Contains(last.Note.String(), "HTTP status code: 403") {
		t.Errorf("stages %+v", stages)
	}
	for _, e := range record(t, r.Journal)[model.EntryResult] {
		raw, err := json.Marshal(e)
		if err != nil || bytes.Contains(raw, []byte("license_key")) {
			t.Errorf("the record holds a key: %s (%v)", raw, err)
		}
	}
}

// A view says of each way to ask for a sync whether it can be used, and the page
// whose button a person presses.
func TestViewTellsOfDrivers(t *testing.T) {
	r := rig.New(t, rig.Options{Users: 60, Memory: true})
	v := r.Refreshed(t.Context())
	want := r.Desk.SyncDrivers()
	if len(v.Drivers) != len(want) || v.SyncPage != r.URL+"/admin/subscription" {
		t.Fatalf("%+v, %q", v.Drivers, v.SyncPage)
	}
	for i, d := range v.Drivers {
		if d.Driver != want[i].Driver || d.Usable != want[i].Usable {
			t.Errorf("the view says %+v, the desk %+v", d, want[i])
		}
	}
	if v.Drivers[0].Refuse == nil || v.Drivers[0].Refuse.Class != model.ClassRefused {
		t.Errorf("read-only, and the server may be asked: %+v", v.Drivers[0])
	}
}
