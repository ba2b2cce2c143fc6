package model

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

var runBegan = time.Date(2026, 11, 20, 14, 10, 2, 0, time.UTC)

// ran returns the journal's records of one act of one step, the result only
// when there is one.
func ran(t *testing.T, kind ActKind, id string, at time.Time, result Opt[StepResult]) []Entry {
	t.Helper()
	in := Intent{Plan: PlanHead{ID: id, Kind: kind, Trigger: TriggerYou}, Of: 1, At: at}
	e, err := in.Entry()
	if err != nil {
		t.Fatal(err)
	}
	out := []Entry{e}
	if r, ok := result.Get(); ok {
		r.Plan, r.Of = id, 1
		if e, err = r.Entry(); err != nil {
			t.Fatal(err)
		}
		out = append(out, e)
	}
	return out
}

// What the server told of a sync is kept with its result and read again; what
// does not read as that is nothing.
func TestRunKeepsThePacket(t *testing.T) {
	row := runBegan.Add(-26 * time.Hour)
	told := HostSync{
		Packet: Some(Packet{Row: Some(row), Billable: Some(960), Maximum: Some(987), Hostname: Clean("gitlab.example.com"),
			AddOns: []PacketAddOn{{Type: Clean("duo_enterprise"), Purchased: Some(60), Assigned: Some(40)}}}),
		Job: Some(JobState{Phase: JobRetry, ErrorText: Clean("HTTP status code: 403\x1b[2J")}),
	}
	res := StepResult{Sent: true, Began: runBegan, Ended: runBegan.Add(38 * time.Second), Verdict: Verdict{Outcome: OutcomeFailed, Details: told.Details()}}
	run := RunsOf(ran(t, ActSyncHost, "A", runBegan, Some(res)))[0]
	d := run.SyncDetails()
	packet, ok := d.Packet.Get()
	if !ok || packet.Billable != Some(960) || packet.Maximum != Some(987) || packet.Row != Some(row) || len(packet.AddOns) != 1 || packet.AddOns[0].Assigned != Some(40) {
		t.Errorf("packet %+v", d.Packet)
	}
	if job, ok := d.Job.Get(); !ok || job.Phase != JobRetry || strings.ContainsRune(job.ErrorText.String(), 0x1b) {
		t.Errorf("job %+v", d.Job)
	}
	if run.Took() != Some(38*time.Second) || !run.Sent() || run.Settled() {
		t.Errorf("took %v, sent %v, settled %v", run.Took(), run.Sent(), run.Settled())
	}
	if got := (HostSync{}).Details(); got != nil {
		t.Errorf("details of nothing: %s", got)
	}
	res.Details = json.RawMessage(`{"packet":{"billable_users_count":"many"}}`)
	if d := RunsOf(ran(t, ActSyncHost, "A", runBegan, Some(res)))[0].SyncDetails(); d.Packet.Known() {
		t.Errorf("nonsense was read: %+v", d)
	}
}

// The engine's own name of a stage gives way to what the driver tells of it, and
// no time is lost between two stages.
func TestRunStages(t *testing.T) {
	at := func(s int) time.Time { return runBegan.Add(time.Duration(s) * time.Second) }
	stage := func(name Stage, from, to int, note string) StageRun {
		return StageRun{name, at(from), at(to), Clean(note)}
	}
	res := StepResult{Began: at(0), Ended: at(41), Stages: []StageRun{
		stage(StageRecord, 0, 1, ""), stage(StageCheck, 1, 2, ""), stage(StageTrigger, 2, 16, ""), stage(StageCheck, 16, 17, "this licence syncs"),
		stage(StagePacket, 17, 18, "told"), stage(StageTrigger, 18, 19, "asked"), stage(StageConfirm, 19, 31, ""), stage(StagePull, 31, 41, "terms"),
	}, Verdict: Verdict{Outcome: OutcomeUnchanged}}
	got := RunsOf(ran(t, ActSyncHost, "A", runBegan, Some(res)))[0].Stages()
	want := []StageRun{
		stage(StageCheck, 1, 17, "this licence syncs"), stage(StagePacket, 17, 18, "told"), stage(StageTrigger, 18, 19, "asked"),
		stage(StageConfirm, 19, 31, ""), stage(StagePull, 31, 41, "terms"),
	}
	if !slices.Equal(got, want) {
		t.Errorf("stages %v", got)
	}
}

// A run whose step is open may have sent something, and nobody knows how long it
// took; one that was settled later has no length either.
func TestRunOpenAndSettled(t *testing.T) {
	open := RunsOf(ran(t, ActSyncHost, "A", runBegan, None[StepResult]()))[0]
	if !open.Open || !open.Sent() || open.Took().Known() || open.Outcome != OutcomeUnknown || len(open.Stages()) != 0 {
		t.Errorf("open: %+v", open)
	}
	res := StepResult{Sent: true, Settled: true, Began: runBegan, Ended: runBegan.Add(time.Hour), Verdict: Verdict{Outcome: OutcomeUnknown}}
	if r := RunsOf(ran(t, ActSyncHost, "A", runBegan, Some(res)))[0]; !r.Settled() || r.Took().Known() {
		t.Errorf("settled: %+v", r)
	}
}

// Syncs alone are the history; other acts stand beside them when asked for, in
// the order of time.
func TestHistoryWithActs(t *testing.T) {
	res := func(o Outcome, at time.Time) Opt[StepResult] {
		return Some(StepResult{Sent: true, Began: at, Ended: at.Add(time.Second), Verdict: Verdict{Outcome: o}})
	}
	entries := slices.Concat(
		ran(t, ActSyncHost, "A", runBegan, res(OutcomeUnconfirmed, runBegan)),
		ran(t, ActRecount, "B", runBegan.Add(time.Hour), res(OutcomeUnconfirmed, runBegan.Add(time.Hour))),
		ran(t, ActActivate, "C", runBegan.Add(2*time.Hour), res(OutcomeFailed, runBegan.Add(2*time.Hour))),
		ran(t, ActRegistrationEnable, "D", runBegan.Add(3*time.Hour), res(OutcomeConfirmed, runBegan.Add(3*time.Hour))),
	)
	h := HistoryOf(entries, Part[License]{}, 12, runBegan.Add(24*time.Hour))
	told := func(rows []Record) (out []string) {
		for _, r := range rows {
			out = append(out, string(r.Kind)+" "+string(r.Run.Plan.Kind)+" "+string(r.Driver()))
		}
		return out
	}
	if got, want := told(h.Records), []string{"sync license.activate activation", "sync sync.host host"}; !slices.Equal(got, want) {
		t.Errorf("records %q", got)
	}
	want := []string{"act registration.enable ", "sync license.activate activation", "act users.recount ", "sync sync.host host"}
	if got := told(h.WithActs()); !slices.Equal(got, want) {
		t.Errorf("with acts %q", got)
	}
	if (Record{}).Driver() != "" {
		t.Error("a sync that was observed has a driver")
	}
}

// A sync of which only the server told keeps what was compared, and by whose word;
// what nobody read on both sides is not called as before. The history knows the
// time then, with its source, though no licence was ever read.
func TestHostToldSync(t *testing.T) {
	ends := DayOf(runBegan.AddDate(1, 0, 0))
	licence := Some(HostLicense{Plan: "ultimate", Seats: Some(100), Starts: DayOf(runBegan), Ends: ends, Number: Clean("7")})
	host := HostSync{Sent: SentYes, Verdict: HostMoved, Before: Some(runBegan.Add(-time.Hour)), After: Some(runBegan.Add(time.Second)),
		Eligibility: Eligibility{License: licence}, License: licence}
	v := JudgeSync(&SyncEvidence{Driver: DriverHost, Host: Some(host), Began: runBegan})
	res := StepResult{Sent: true, Before: host.ReadingBefore(), Began: runBegan, Ended: runBegan.Add(3 * time.Second), Verdict: v}
	entries := ran(t, ActSyncHost, "A", runBegan, Some(res))
	run := RunsOf(entries)[0]
	both, other := run.Compared()
	if got := strings.Join(both, ", "); got != "licence, plan, seats, starts, ends" || strings.Join(other, ", ") != "future terms, add-ons" {
		t.Errorf("compared %q, not %q", both, other)
	}
	if !run.ToldByHost() || !run.Before().LastSync().Known() || !run.After().LastSync().Known() {
		t.Errorf("before %v, after %v", run.Before(), run.After())
	}
	now := runBegan.Add(time.Minute)
	denied := Part[License]{}.Failed(Fail(ClassDenied, "", "", ""))
	if h := HistoryOf(entries, denied, 1, now); h.LastSync != host.After || h.ReadAt != (AsOf{res.Ended, SourceHost}) || h.Seen != 1 || h.Health != HealthUnknown {
		t.Errorf("last sync %v by %+v, %d days seen, %s", h.LastSync, h.ReadAt, h.Seen, h.Health)
	}
	// What the API showed later counts.
	later := now.Add(24 * time.Hour)
	read := Read(License{Kind: KindOnlineCloud, Ends: ends, LastSync: Some(later)}, Live(later))
	if h := HistoryOf(entries, read, 1, later); h.LastSync != Some(later) || h.ReadAt.Source != SourceLive {
		t.Errorf("last sync %v by %+v", h.LastSync, h.ReadAt)
	}
	// Another instance answers here since: its predecessor's sync is not its own.
	chapter, _ := newEntry(EntryChapter, "chapter:b", Chapter{Seen: now, UUID: Clean("b"), Before: Clean("a")}, now)
	if h := HistoryOf(append(entries, chapter), denied, 1, now); h.LastSync.Known() {
		t.Errorf("last sync %v of another instance", h.LastSync)
	}
}
