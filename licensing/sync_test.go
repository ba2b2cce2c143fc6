package licensing_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"seatdeck/licensing"
	"seatdeck/licensing/sandbox"
	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
)

// agreed gives the consent that the plan asks for.
func agreed(r *rig.Rig) func(licensing.SyncPlan) (model.Consent, error) {
	return func(p licensing.SyncPlan) (model.Consent, error) {
		c, err := p.Agree(p.Phrase(), r.Clock.Now())
		if err != nil {
			return c, err
		}
		return c, nil
	}
}

func runSync(t testing.TB, r *rig.Rig, driver model.Driver) (model.Result, error) {
	t.Helper()
	return r.Desk.RunSync(t.Context(), licensing.SyncOrder{Driver: driver, Trigger: model.TriggerYou, Agree: agreed(r)}, nil)
}

// exchanges are what reached the portal, or was refused on the way there.
func exchanges(r *rig.Rig, since time.Time) (out []sandbox.Event) {
	for _, e := range r.Sandbox.Events() {
		if (e.Kind == "seat_link" && e.Detail != "daily" || e.Kind == "activation") && !e.Time.Before(since) {
			out = append(out, e)
		}
	}
	return out
}

// Each scenario and driver come to exactly one word, with its exit code, and the
// instance's own list of events says what was sent: once, or not at all.
func TestSyncScenarios(t *testing.T) {
	type cell struct {
		word model.Outcome
		exit int
		sent int // exchanges with the portal
	}
	var (
		done      = cell{model.OutcomeUnchanged, 0, 1}
		terms     = cell{model.OutcomeTermsRefreshed, 0, 1}
		refused   = cell{model.OutcomeRefused, 4, 0}
		notSent   = cell{model.OutcomeNotSent, 3, 0}
		failed    = cell{model.OutcomeFailed, 1, 1}
		rejected  = cell{model.OutcomeRefused, 4, 1}
		uncertain = cell{model.OutcomeUnconfirmed, 5, 1}
	)
	table := []struct {
		name     string
		scenario string
		set      map[string]string
		want     [4]cell // host, activation, browser, none
	}{
		{name: "ultimate", want: [4]cell{done, terms, notSent, notSent}},
		{name: "premium", scenario: "premium", want: [4]cell{done, terms, notSent, notSent}},
		{name: "expired", scenario: "expired", want: [4]cell{done, terms, notSent, notSent}},
		{name: "offline", scenario: "offline", want: [4]cell{refused, refused, refused, refused}},
		{name: "free", scenario: "free", want: [4]cell{refused, refused, refused, refused}},
		{name: "maintenance", scenario: "maintenance", want: [4]cell{done, refused, notSent, notSent}},
		{name: "silent mode", set: map[string]string{"silent_mode": "true"}, want: [4]cell{refused, refused, refused, refused}},
		{name: "sync-failing", scenario: "sync-failing", want: [4]cell{failed, rejected, notSent, notSent}},
		{name: "sync-unsaved", scenario: "sync-unsaved", want: [4]cell{uncertain, uncertain, notSent, notSent}},
		{name: "admin-mode", scenario: "admin-mode", want: [4]cell{done, refused, refused, refused}},
	}
	var lines strings.Builder
	fmt.Fprintf(&lines, "%-14s", "")
	for _, driver := range model.Drivers() {
		fmt.Fprintf(&lines, "%-20s", driver)
	}
	for _, row := range table {
		fmt.Fprintf(&lines, "\n%-14s", row.name)
		for i, driver := range model.Drivers() {
			r := rig.New(t, rig.Options{Scenario: row.scenario, Set: row.set, Users: 60, Memory: true, Mode: model.ModeWrite})
			began := r.Clock.Now()
			got, err := runSync(t, r, driver)
			sent := exchanges(r, began)
			exit := got.ExitCode()
			fmt.Fprintf(&lines, "%-20s", fmt.Sprintf("%s %d", got.Outcome, exit))
			want := row.want[i]
			if got.Outcome != want.word || exit != want.exit || len(sent) != want.sent {
				t.Errorf("%s by %s: %s, exit %d, exchanges %+v (%v; %s; %v), want %+v", row.name, driver, got.Outcome, exit, sent, err, got.Note, got.Err, want)
			}
			if err != nil && got.Err == nil {
				t.Errorf("%s by %s: an error that the result does not have: %v", row.name, driver, err)
			}
			recorded(t, r, got, driver, want.sent)
			sentAsRecorded(t, row.name, r, driver, sent)
		}
	}
	t.Log("\n" + lines.String())
}

// recorded holds the journal against what happened: an intent before anything
// was sent, and its result.
func recorded(t *testing.T, r *rig.Rig, got model.Result, driver model.Driver, sent int) {
	t.Helper()
	entries := record(t, r.Journal)
	intents, results := len(entries[model.EntryIntent]), len(entries[model.EntryResult])
	if sent > intents || intents > 1 || results != intents {
		t.Errorf("%s by %s: %d sent, %d intents, %d results", got.Plan.Instance.Name, driver, sent, intents, results)
	}
}

// sentAsRecorded holds the counts that the portal got, by the instance's own list
// of events, against those in our record: the same, or none on either side.
func sentAsRecorded(t *testing.T, name string, r *rig.Rig, driver model.Driver, sent []sandbox.Event) {
	t.Helper()
	for _, run := range model.RunsOf(mustRead(t, r)) {
		packet, ok := run.SyncDetails().Packet.Get()
		if ok != (driver == model.DriverHost) {
			t.Errorf("%s by %s: the record has a packet: %v", name, driver, ok)
			continue
		}
		if !ok {
			continue
		}
		if len(sent) != 1 {
			t.Errorf("%s by %s: %d exchanges for one packet", name, driver, len(sent))
			continue
		}
		row, _ := packet.Row.Get()
		if e := sent[0]; packet.Billable != model.Some(e.Billable) || packet.Maximum != model.Some(e.Maximum) || !row.Equal(e.RowAt.Truncate(time.Millisecond)) || e.Billable == 0 {
			t.Errorf("%s by %s: the record says %v, peak %v, of %s; the portal got %d, peak %d, of %s", name, driver, packet.Billable, packet.Maximum, row, e.Billable, e.Maximum, e.RowAt)
		}
	}
	for _, e := range sent {
		if driver == model.DriverActivation && (e.Billable != 0 || e.Maximum != 0) {
			t.Errorf("%s: an activation sends counts: %+v", name, e)
		}
	}
}

func mustRead(t *testing.T, r *rig.Rig) []model.Entry {
	t.Helper()
	entries, err := r.Journal.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

// A sync that came between plan and act is one too: another is not added.
func TestSyncCameInBetween(t *testing.T) {
	r := rig.New(t, rig.Options{Users: 60, Memory: true, Mode: model.ModeWrite})
	r.Refreshed(t.Context())
	plan, err := r.Desk.PlanSync(t.Context(), model.DriverHost, model.TriggerYou)
	if err != nil {
		t.Fatal(err)
	}
	if plan.Level != model.DangerOne || len(plan.Steps) != 1 || len(plan.Shown) != 1 || len(plan.Disclosures) != 1 || plan.Steps[0].Operation != model.OpHostSync.Name {
		t.Errorf("plan %+v", plan)
	}
	began := r.Clock.Now()
	if !r.Sandbox.RequestSeatLink() {
		t.Fatal("the page's button queued nothing")
	}
	r.Clock.Advance(time.Minute)
	consent, _ := plan.Agree("y", r.Clock.Now())
	result, _ := r.Desk.Apply(t.Context(), plan.ChangePlan, consent, nil)
	if result.Outcome != model.OutcomeNotSent || result.ExitCode() != 75 || result.Sent() {
		t.Errorf("%s, exit %d, sent %v, %v", result.Outcome, result.ExitCode(), result.Sent(), result.Err)
	}
	if n := len(exchanges(r, began)); n != 1 {
		t.Errorf("%d exchanges, want the button's alone", n)
	}
}

// While one process syncs, others are told to come later, or join and get the
// same result: the portal hears of it once.
func TestSyncJoins(t *testing.T) {
	r := rig.New(t, rig.Options{Users: 60, Memory: true, Mode: model.ModeWrite})
	r.Refreshed(t.Context())
	began := r.Clock.Now()
	other := r.Reopen()
	var joined model.Result
	var joinErr error
	result, err := r.Desk.RunSync(t.Context(), licensing.SyncOrder{Driver: model.DriverHost, Trigger: model.TriggerYou, Agree: agreed(r)}, func(p model.ActProgress) {
		if p.Stage == model.StageTrigger && joinErr == nil {
			_, joinErr = other.RunSync(context.WithoutCancel(t.Context()), licensing.SyncOrder{Driver: model.DriverHost, Trigger: model.TriggerTimer, Agree: agreed(r)}, nil)
		}
	})
	if err != nil || result.Outcome != model.OutcomeUnchanged {
		t.Fatalf("%s, %v", result.Outcome, err)
	}
	if e := model.AsError("", joinErr); e == nil || e.Class != model.ClassLocked {
		t.Errorf("the second sync: %v", joinErr)
	}
	late := r.Reopen()
	joined, joinErr = late.RunSync(t.Context(), licensing.SyncOrder{Driver: model.DriverHost, Trigger: model.TriggerTimer, Agree: agreed(r), Patience: time.Minute}, nil)
	if joinErr != nil || joined.Outcome != model.OutcomeUnchanged {
		t.Errorf("a later one: %s, %v", joined.Outcome, joinErr)
	}
	if n := len(exchanges(r, began)); n != 2 {
		t.Errorf("%d exchanges, want one for each sync that was allowed", n)
	}
}

// A code is used at most once an hour, whoever asks.
func TestActivationPause(t *testing.T) {
	r := rig.New(t, rig.Options{Users: 60, Memory: true, Mode: model.ModeWrite})
	if got, err := runSync(t, r, model.DriverActivation); err != nil || got.Outcome != model.OutcomeTermsRefreshed {
		t.Fatalf("%s, %v", got.Outcome, err)
	}
	r.Clock.Advance(30 * time.Minute)
	began := r.Clock.Now()
	got, err := r.Reopen().RunSync(t.Context(), licensing.SyncOrder{Driver: model.DriverActivation, Agree: agreed(r)}, nil)
	if e := model.AsError("", err); e == nil || e.Class != model.ClassLocked || got.Outcome != model.OutcomeNotSent || got.ExitCode() != 75 {
		t.Errorf("half an hour later: %s, %v", got.Outcome, err)
	}
	r.Clock.Advance(31 * time.Minute)
	if got, err := runSync(t, r, model.DriverActivation); err != nil || got.Outcome != model.OutcomeTermsRefreshed {
		t.Errorf("an hour later: %s, %v", got.Outcome, err)
	}
	if n := len(exchanges(r, began)); n != 1 {
		t.Errorf("%d exchanges", n)
	}
}

// What never left this machine keeps nobody waiting; a code that the portal refused
// was tried there, so it does.
func TestActivationPauseIsForWhatLeft(t *testing.T) {
	for code, want := range map[string]model.Class{"no code at all": model.ClassConfig, "WRONG0000000000000000000": model.ClassLocked} {
		r := rig.New(t, rig.Options{Users: 60, Memory: true, Mode: model.ModeWrite, Code: code})
		first, _ := runSync(t, r, model.DriverActivation)
		if first.Outcome.Good() || first.Sent() != (want == model.ClassLocked) {
			t.Errorf("%s: %s, sent %t", code, first.Outcome, first.Sent())
		}
		_, err := r.Reopen().RunSync(t.Context(), licensing.SyncOrder{Driver: model.DriverActivation, Agree: agreed(r)}, nil)
		if e := model.AsError("", err); e == nil || e.Class != want {
			t.Errorf("%s, again: %v, want %s", code, err, want)
		}
	}
}

// A server that answers yes and does nothing is never taken at its word.
func TestNothingBelieved(t *testing.T) { nothingBelieved(t, 24) }

// nothingBelieved asks so often for a sync of each kind and for registration
// features that something else pins.
func nothingBelieved(t *testing.T, runs int) {
	unsaved := rig.New(t, rig.Options{Scenario: "sync-unsaved", Users: 60, Memory: true, Mode: model.ModeWrite})
	pinned := rig.New(t, rig.Options{Scenario: "free", Users: 60, Memory: true, Mode: model.ModeWrite, Set: map[string]string{
		"registration": "off", "optional_metrics": "off", "service_ping": "false", "pinned": "true"}})
	sent := 0
	words := map[string]int{}
	for i := range runs {
		r, what := unsaved, "registration"
		var got model.Result
		began := r.Clock.Now()
		if i%3 == 2 {
			r = pinned
			r.Turn("registration", "false") // what the request before had stored
			r.Turn("service_ping", "false")
			r.Turn("optional_metrics", "false")
			p, err := r.Desk.PlanRegistration(t.Context(), model.WishEnable)
			if err != nil {
				t.Fatal(err)
			}
			consent, _ := p.Agree(p.Phrase(), r.Clock.Now())
			got, err = r.Desk.Apply(t.Context(), p.ChangePlan, consent, nil)
			if err != nil {
				t.Fatal(err)
			}
		} else {
			driver := model.Drivers()[i%3]
			what = string(driver)
			got, _ = runSync(t, r, driver)
			sent += len(exchanges(r, began))
		}
		words[what+": "+string(got.Outcome)]++
		if got.Outcome.Good() || got.Outcome == model.OutcomeNotSent || !got.Sent() {
			t.Fatalf("run %d, %s: %s (%s)", i, what, got.Outcome, got.Note)
		}
		r.Clock.Advance(2 * time.Hour)
	}
	if want := runs - runs/3; sent != want {
		t.Errorf("the portal was asked %d times, want %d", sent, want)
	}
	t.Logf("%d runs: %v", runs, words)
}

// A recount moves the daily count and says that no sync sends it yet; one that
// finds the same number is never called done (contract §1.9, §6.3).
func TestRecount(t *testing.T) {
	r := rig.New(t, rig.Options{Users: 60, Memory: true, Mode: model.ModeWrite})
	words := map[model.Outcome]int{}
	for range 2 {
		plan, err := r.Desk.PlanRecount(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		consent, _ := plan.Agree("y", r.Clock.Now())
		got, err := r.Desk.Apply(t.Context(), plan, consent, nil)
		if err != nil || len(got.Steps) != 1 {
			t.Fatalf("%+v, %v", got, err)
		}
		words[got.Outcome]++
		if moved := len(got.Steps[0].Changes) > 0; moved != (got.Outcome == model.OutcomeChanged) {
			t.Errorf("%s with changes %v", got.Outcome, got.Steps[0].Changes)
		}
	}
	if words[model.OutcomeUnconfirmed] == 0 {
		t.Errorf("counting twice in a row: %v", words)
	}
	n := 0
	for _, e := range r.Sandbox.Events() {
		if e.Kind == "recount" {
			n++
		}
	}
	if n != 2 {
		t.Errorf("the instance counted %d times", n)
	}
}

// The profile says how long a sync is watched before it is called unconfirmed.
func TestSyncWatch(t *testing.T) {
	r := rig.New(t, rig.Options{Scenario: "sync-unsaved", Users: 60, Memory: true, Mode: model.ModeWrite})
	for _, watch := range []time.Duration{30 * time.Second, 3 * time.Minute} {
		r.Clock.Advance(2 * time.Hour)
		r.Info.SyncWatch = watch
		began := r.Clock.Now()
		got, err := r.Reopen().RunSync(t.Context(), licensing.SyncOrder{Driver: model.DriverActivation, Agree: agreed(r)}, nil)
		took := r.Clock.Now().Sub(began)
		if got.Outcome != model.OutcomeUnconfirmed || took < watch-10*time.Second || took > watch+10*time.Second {
			t.Errorf("%s after %s, want about %s (%v)", got.Outcome, took, watch, err)
		}
	}
}

// A recount whose process was killed is told by comparing counts, as long as
// nothing else can have moved them.
func TestRecountSettled(t *testing.T) {
	for name, c := range map[string]struct {
		counted bool
		after   time.Duration
		open    bool
		want    model.Outcome
	}{
		"counted, soon":   {true, 5 * time.Second, false, model.OutcomeChanged},
		"counted, late":   {true, 20 * time.Minute, false, model.OutcomeUnknown},
		"not yet":         {false, 5 * time.Second, true, model.OutcomeUnknown},
		"never, or equal": {false, 3 * time.Minute, false, model.OutcomeUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			r := rig.New(t, rig.Options{Users: 60, Memory: true, Mode: model.ModeWrite})
			r.Refreshed(t.Context())
			plan, err := r.Desk.PlanRecount(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			entry, err := model.Intent{Plan: plan.Head(), Step: plan.Steps[0], Of: 1, Consent: "phrase", At: r.Clock.Now()}.Entry()
			if err == nil {
				_, err = r.Journal.Append(t.Context(), entry)
			}
			if err != nil {
				t.Fatal(err)
			}
			if c.counted {
				row, _ := r.Desk.View().Facts.License.Value.RowID.Get()
				leave(t, r)
				if err := r.Instance().Recount(t.Context(), row); err != nil {
					t.Fatal(err)
				}
			}
			r.Clock.Advance(c.after)
			desk := r.Reopen()
			desk.Load(t.Context())
			if _, err := desk.Refresh(t.Context(), licensing.RefreshOptions{NoRoster: true}, nil); err != nil {
				t.Fatal(err)
			}
			run := desk.View().History.Acts[0]
			if run.Open != c.open || run.Outcome != c.want || (c.want == model.OutcomeChanged) != (len(run.Changes()) == 1) {
				t.Errorf("open %v, %s (%s), %v", run.Open, run.Outcome, run.Note, run.Changes())
			}
		})
	}
}

// leave blocks some people on the instance, so that a count comes out lower.
func leave(t *testing.T, r *rig.Rig) {
	t.Helper()
	rows, blocked := r.Desk.Rows(), 0
	for i := range rows.Len() {
		req := httptest.NewRequest(http.MethodPost, "/api/v4/users/"+strconv.FormatInt(rows.ID(i), 10)+"/block", nil)
		req.Header.Set("PRIVATE-TOKEN", sandbox.TokenAdmin)
		w := httptest.NewRecorder()
		r.Sandbox.Handler().ServeHTTP(w, req)
		if w.Code == http.StatusCreated {
			blocked++
		}
	}
	if blocked == 0 {
		t.Fatal("nobody left")
	}
}
