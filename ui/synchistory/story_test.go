package synchistory

import (
	"testing"
	"time"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/theme"
)

// now is when the pane is looked at.
var now = time.Date(2026, 11, 21, 9, 52, 0, 0, time.UTC)

// story is a record of some weeks: observed syncs each night, and what is added.
type story struct {
	t       *testing.T
	entries []model.Entry
	license model.License
}

func newStory(t *testing.T) *story {
	s := &story{t: t}
	var looks []licensing.Look
	var last time.Time
	for day := 20; day >= 0; day-- {
		last = time.Date(2026, 11, 21-day, 3, 17, 0, 0, time.UTC)
		looks = append(looks, licensing.Look{Seen: last.Add(5 * time.Hour), LastSync: last, Number: "41264", Plan: "ultimate", Seats: 950,
			Starts: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), Ends: time.Date(2027, 2, 28, 0, 0, 0, 0, time.UTC),
			AddOns: map[string]int{"DUO_ENTERPRISE": 60}, Billable: 945 + (20-day)/2, Maximum: 987})
	}
	s.entries = licensing.Recall(looks)
	for i := range s.entries {
		s.entries[i].Seq, s.entries[i].Who = uint64(i+1), model.Who{UID: 990, User: "seatdeck"}
	}
	s.license = model.License{Kind: model.KindOnlineCloud, Number: model.Clean("41264"), Plan: "ultimate", Seats: model.Some(950), Starts: model.Date(2026, 3, 1),
		Ends: model.Date(2027, 2, 28), LastSync: model.Some(last), Daily: model.Some(955), Maximum: model.Some(987)}
	return s
}

// act is one act of the story.
type act struct {
	kind    model.ActKind
	trigger model.Trigger
	at      time.Time
	verdict model.Verdict
	notes   []string // of check, packet, trigger, confirm, pull
	packet  bool
	open    bool
	notSent bool
	details model.HostSync
	changes []model.Change // planned
}

var stageNames = []model.Stage{model.StageCheck, model.StagePacket, model.StageTrigger, model.StageConfirm, model.StagePull}

// before is what the terms were before any act.
func before(at time.Time) model.Reading {
	return model.SyncReading(model.Some(at), model.TermsKey{Number: model.Clean("41264"), Plan: "ultimate", Seats: model.Some(950),
		Starts: model.Date(2026, 3, 1), Ends: model.Date(2027, 2, 28), Future: "Ultimate, 950 seats, 2027-02-28 → 2028-02-28", AddOns: "DUO_ENTERPRISE 60"})
}

func (s *story) add(e model.Entry, err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	e.Seq, e.Who = uint64(len(s.entries)+1), model.Who{UID: 0, User: "root", SudoUID: 1000, SSHPeer: "10.0.4.17"}
	s.entries = append(s.entries, e)
}

// did adds an act, and its result unless it is open.
func (s *story) did(a act) *story {
	s.t.Helper()
	if a.trigger == "" {
		a.trigger = model.TriggerYou
	}
	head := model.PlanHead{ID: "PLAN" + a.at.Format("0102150405"), Kind: a.kind, Hash: "afbfbf32c0fe8dc18597e2d97347b322d42def66febbeaf24bb13732e49e92c6", Title: "an act",
		Trigger: a.trigger, Operator: model.PlanOperator{ID: 1, Username: model.Clean("root")}, Made: a.at,
		Shown: []model.Receipt{{Title: "sync packet", Bytes: 406, SHA256: "c030a38468ed9d4688346ae8d7ec554371c44fb1a7cbb46ef106569d0be1beb7"}}}
	last := time.Date(a.at.Year(), a.at.Month(), a.at.Day(), 3, 17, 0, 0, time.UTC)
	step := model.Step{Operation: "x", Target: "application settings", Changes: a.changes, Precondition: before(last)}
	s.add(model.Intent{Plan: head, Step: step, Of: 1, Consent: "--yes", At: a.at}.Entry())
	if a.open {
		return s
	}
	res := model.StepResult{Plan: head.ID, Hash: head.Hash, Of: 1, Sent: !a.notSent, Before: before(last), Stages: []model.StageRun{}, Began: a.at, Verdict: a.verdict}
	at := a.at
	for i, note := range a.notes {
		took := []time.Duration{16 * time.Second, 400 * time.Millisecond, 300 * time.Millisecond, 12 * time.Second, 2 * time.Second}[i]
		res.Stages = append(res.Stages, model.StageRun{Stage: stageNames[i], Began: at, Ended: at.Add(took), Note: model.Clean(note)})
		at = at.Add(took)
	}
	res.Ended = at
	if a.packet {
		a.details.Packet = model.Some(model.Packet{GitLab: model.Clean("19.5.1-ee"), Row: model.Some(time.Date(2026, 11, 19, 12, 0, 9, 0, time.UTC)), Maximum: model.Some(987),
			Billable: model.Some(953), Hostname: model.Clean("gitlab.example.com"), InstanceID: model.Clean("d9e2f4e8-db1f-4e51-a6f3-0a5b7f3c2d11"),
			AddOns: []model.PacketAddOn{{Type: model.Clean("duo_enterprise"), Purchased: model.Some(60), Assigned: model.Some(40)}}})
	}
	res.Details = a.details.Details()
	s.add(res.Entry())
	return s
}

// ends fills what reading showed after a sync that came.
func ends(o model.Outcome, at time.Time, change func(model.Reading), changes ...model.Change) model.Verdict {
	after := before(at)
	if change != nil {
		change(after)
	}
	return model.Verdict{Outcome: o, After: after, Changes: changes}
}

// view is what the pane gets.
func (s *story) view() *licensing.View {
	lic := model.Read(s.license, model.Live(now))
	facts := model.Facts{License: lic}
	return &licensing.View{
		Info: licensing.InstanceInfo{Name: "prod", Host: "gitlab.example.com", URL: "https://gitlab.example.com", Mode: model.ModeWrite}, Now: now, Facts: facts,
		History: model.HistoryOf(s.entries, lic, 12, now), SyncPage: "https://gitlab.example.com/admin/subscription",
		Drivers: model.DriverStates(model.DriverContext{Mode: model.ModeWrite, Configured: model.DriverHost, HostCommand: true, License: lic, Now: now}),
	}
}

// pane shows the story.
func (s *story) pane() *Pane {
	s.t.Helper()
	th, err := theme.Named("")
	if err != nil {
		s.t.Fatal(err)
	}
	p := New(&th, time.UTC)
	if cmd := p.Show(s.view()); cmd != nil {
		s.t.Error("the pane works on after a view")
	}
	return p
}

func at(day, hour, minute int) time.Time {
	return time.Date(2026, 11, day, hour, minute, 2, 0, time.UTC)
}

var asked = []string{"this licence syncs", "GitLab told what it sends", "GitLab was asked, once"}

// hostileText is what a portal could put into a message.
const hostileText = "<b>no\x1b[2J\x1b]0;owned\x07 such\u202e subscription</b>\r\nHTTP/1.1 200 \u200b OK " + "and so on, and so on, and so on, and so on, and so on"

// everything is one act of each word, a day each.
func everything(t *testing.T) *story {
	s := newStory(t)
	s.did(act{kind: model.ActSyncHost, at: at(6, 14, 10), packet: true, notes: append(asked, "the job is done", "licence and terms read"),
		verdict: ends(model.OutcomeChanged, at(6, 14, 10).Add(28*time.Second), func(r model.Reading) {
			r["seats"], r["future terms"] = "1,000", "Ultimate, 1,050 seats, 2027-02-28 → 2028-02-28"
		}, model.Change{Field: "seats", Before: "950", After: "1,000"},
			model.Change{Field: "future terms", Before: "Ultimate, 950 seats, 2027-02-28 → 2028-02-28", After: "Ultimate, 1,050 seats, 2027-02-28 → 2028-02-28"})})
	s.did(act{kind: model.ActSyncHost, at: at(8, 14, 10), trigger: model.TriggerTimer, packet: true, notes: append(asked, "the job is done", "licence and terms read"),
		verdict: ends(model.OutcomeUnchanged, at(8, 14, 10).Add(28*time.Second), nil)})
	s.did(act{kind: model.ActSyncHost, at: at(9, 14, 10), packet: true, notes: append(asked, "the job failed and waits for its next try: HTTP status code: 403"),
		details: model.HostSync{Job: model.Some(model.JobState{Phase: model.JobRetry, ErrorText: model.Clean("HTTP status code: 403"), At: model.Some(at(9, 15, 20))})},
		verdict: model.Verdict{Outcome: model.OutcomeFailed, After: model.SyncReading(model.Some(at(9, 3, 17)), model.TermsKey{}),
			Err: model.Fail(model.ClassFailed, "sync", "HTTP status code: 403", "GitLab tries again at 2026-11-09 15:20 UTC; the portal, or a proxy before it, answered and refused: ask whoever runs the proxy, then GitLab's support")}})
	s.did(act{kind: model.ActSyncHost, at: at(10, 14, 10), packet: true, notes: append(asked, "the job is gone from its queue"),
		verdict: model.Verdict{Outcome: model.OutcomeUnconfirmed, After: model.SyncReading(model.Some(at(10, 3, 17)), model.TermsKey{}),
			Note: model.Clean("the job ended and the last sync time did not move: the answer was not kept, or had no licence in it")}})
	s.did(act{kind: model.ActSyncHost, at: at(11, 14, 10), notSent: true, packet: true, notes: []string{"GitLab would not sync: silent mode is on: GitLab sends nothing out"},
		verdict: model.Verdict{Outcome: model.OutcomeRefused, Err: model.Fail(model.ClassRefused, "sync", "silent mode is on: GitLab sends nothing out", "switch silent mode off, or wait for its end")}})
	s.did(act{kind: model.ActActivate, at: at(12, 14, 10), notes: []string{"", "", "", "", "licence and terms read"},
		verdict: func() model.Verdict {
			v := ends(model.OutcomeTermsRefreshed, at(12, 14, 10).Add(28*time.Second), nil)
			v.Note = model.Clean("counts are not part of this exchange")
			return v
		}()})
	s.did(act{kind: model.ActRecount, at: at(13, 14, 10), notes: []string{""},
		verdict: model.Verdict{Outcome: model.OutcomeChanged, Changes: []model.Change{{Field: "billable users", Before: "949", After: "951"}}, Note: model.Clean("a sync sends it only after the next daily row")}})
	s.did(act{kind: model.ActRegistrationEnable, at: at(14, 14, 10), notes: []string{""}, changes: []model.Change{{Field: "registration features", Before: "off", After: "on"}},
		verdict: model.Verdict{Outcome: model.OutcomeNoEffect, Note: model.Clean("pinned by gitlab.rb")}})
	s.did(act{kind: model.ActSyncHost, at: at(15, 14, 10), packet: true, notes: append(asked, "the job failed: "+hostileText),
		verdict: model.Verdict{Outcome: model.OutcomeFailed, Err: model.Fail(model.ClassFailed, "sync", hostileText, hostileText), Note: model.Clean(hostileText)}})
	s.did(act{kind: model.ActSyncHost, at: at(20, 14, 10), open: true})
	return s
}
