package model

import (
	"maps"
	"strings"
	"testing"
	"time"
)

var syncBegan = time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)

func syncedAt(at time.Time, seats int) Reading {
	return SyncReading(Some(at), TermsKey{Plan: "ultimate", Seats: Some(seats), Ends: DayOf(at.AddDate(1, 0, 0)), Future: nothing, AddOns: nothing})
}

// A sync is judged by the last sync time alone; what the server or the instance
// answered never proves one (design: an honest sync).
func TestJudgeSync(t *testing.T) {
	old := syncedAt(syncBegan.Add(-20*time.Hour), 100)
	same := syncedAt(syncBegan.Add(5*time.Second), 100)
	same["ends"] = old["ends"]
	more := syncedAt(syncBegan.Add(5*time.Second), 120)
	more["ends"] = old["ends"]
	never := maps.Clone(old)
	delete(never, ReadingLastSync)
	late := syncedAt(syncBegan.Add(17*time.Hour), 100)
	lost := Fail(ClassChanged, "", "the answer was lost", "")
	portal := Fail(ClassFailed, "", "the portal cannot be reached", "")
	host := func(v HostVerdict, text string) Opt[HostSync] {
		return Some(HostSync{Sent: SentYes, Verdict: v, Job: Some(JobState{Phase: JobRetry, ErrorText: Clean(text), At: Some(syncBegan.Add(time.Hour))})})
	}
	byHost := HostSync{Sent: SentYes, Verdict: HostMoved, Before: Some(syncBegan.Add(-time.Hour)), After: Some(syncBegan.Add(time.Second)),
		Eligibility: Eligibility{License: Some(HostLicense{Plan: "ultimate", Seats: Some(100)})}, License: Some(HostLicense{Plan: "ultimate", Seats: Some(90)})}
	for name, c := range map[string]struct {
		in   SyncEvidence
		want Outcome
		says string
	}{
		"moved, same terms":          {SyncEvidence{Driver: DriverHost, Before: old, After: same}, OutcomeUnchanged, ""},
		"moved, more seats":          {SyncEvidence{Driver: DriverHost, Before: old, After: more}, OutcomeChanged, ""},
		"moved although lost":        {SyncEvidence{Driver: DriverHost, Before: old, After: more, Lost: lost}, OutcomeChanged, ""},
		"never synced before":        {SyncEvidence{Driver: DriverHost, Before: never, After: same}, OutcomeUnchanged, ""},
		"yes, and nothing":           {SyncEvidence{Driver: DriverHost, Before: old, After: old}, OutcomeUnconfirmed, "in time"},
		"time went back":             {SyncEvidence{Driver: DriverHost, Before: same, After: old}, OutcomeUnconfirmed, ""},
		"before was never read":      {SyncEvidence{Driver: DriverHost, After: same}, OutcomeUnconfirmed, ""},
		"host says moved, API not":   {SyncEvidence{Driver: DriverHost, Before: old, After: old, Host: host(HostMoved, "")}, OutcomeUnconfirmed, ""},
		"only the host could read":   {SyncEvidence{Driver: DriverHost, Host: Some(byHost)}, OutcomeChanged, ""},
		"job in the retry set":       {SyncEvidence{Driver: DriverHost, Before: old, After: old, Host: host(HostRetry, "HTTP status code: 403")}, OutcomeFailed, "HTTP status code: 403"},
		"job given up":               {SyncEvidence{Driver: DriverHost, Before: old, After: old, Host: host(HostDead, "no")}, OutcomeFailed, "gave up"},
		"the portal refused":         {SyncEvidence{Driver: DriverHost, Before: old, After: old, Host: host(HostRetry, "HTTP status code: 402")}, OutcomeFailed, "answered and refused: ask"},
		"the portal fails":           {SyncEvidence{Driver: DriverHost, Before: old, After: old, Host: host(HostRetry, "HTTP status code: 503")}, OutcomeFailed, "wait for the next try"},
		"the portal is away":         {SyncEvidence{Driver: DriverHost, Before: old, After: old, Host: host(HostRetry, "Our team has been notified.")}, OutcomeFailed, "the way from the server"},
		"a retry waits":              {SyncEvidence{Driver: DriverHost, Before: old, After: old, Host: host(HostRetryWaiting, "down")}, OutcomeFailed, "earlier sync"},
		"answer not kept":            {SyncEvidence{Driver: DriverHost, Before: old, After: old, Host: host(HostUnmoved, "")}, OutcomeUnconfirmed, "not kept"},
		"nothing queued":             {SyncEvidence{Driver: DriverHost, Before: old, After: old, Host: host(HostNotQueued, "")}, OutcomeUnconfirmed, "queued nothing"},
		"lost, not moved":            {SyncEvidence{Driver: DriverHost, Before: old, After: old, Lost: lost}, OutcomeUnknown, "lost"},
		"activation":                 {SyncEvidence{Driver: DriverActivation, Before: old, After: same}, OutcomeTermsRefreshed, "counts are not part"},
		"activation, unsaved":        {SyncEvidence{Driver: DriverActivation, Before: old, After: old}, OutcomeUnconfirmed, ""},
		"activation, portal is down": {SyncEvidence{Driver: DriverActivation, Before: old, After: old, Lost: portal}, OutcomeFailed, "cannot be reached"},
		"settled soon after":         {SyncEvidence{Driver: DriverHost, Before: old, After: same, Lost: lost, Settling: true}, OutcomeUnchanged, ""},
		"settled a day later":        {SyncEvidence{Driver: DriverHost, Before: old, After: late, Lost: lost, Settling: true}, OutcomeUnknown, "the daily one"},
		"settled, not moved":         {SyncEvidence{Driver: DriverHost, Before: old, After: old, Lost: lost, Settling: true}, OutcomeUnknown, ""},
	} {
		c.in.Began = syncBegan
		v := JudgeSync(&c.in)
		text := v.Note.String()
		if v.Err != nil {
			text += v.Err.Error()
		}
		if v.Outcome != c.want || !strings.Contains(text, c.says) {
			t.Errorf("%s: %s (%s), want %s with %q", name, v.Outcome, text, c.want, c.says)
		}
		if v.Outcome.Good() && v.Err != nil {
			t.Errorf("%s: good, and an error: %v", name, v.Err)
		}
		if (v.Outcome == OutcomeChanged) != (len(v.Changes) > 0) {
			t.Errorf("%s: %s with changes %v", name, v.Outcome, v.Changes)
		}
	}
	if got := JudgeSync(&SyncEvidence{Driver: DriverHost, Before: old, After: more}).Changes; len(got) != 1 || got[0] != (Change{"seats", "100", "120"}) {
		t.Errorf("changes %v", got)
	}
}

// Which drivers are usable follows from the profile, the licence (contract
// §3.1), silent and maintenance mode (§2.4, §11.7) and our own record.
func TestDriverStates(t *testing.T) {
	now := syncBegan
	online := License{Kind: KindOnlineCloud, Ends: DayOf(now.AddDate(1, 0, 0))}
	with := func(change func(*DriverContext)) DriverContext {
		c := DriverContext{Mode: ModeWrite, HostCommand: true, ActivationCode: true, Configured: DriverHost, Now: now,
			License: Read(online, Live(now)), Settings: Read(Settings{}, Live(now))}
		change(&c)
		return c
	}
	const ok = Class("")
	for name, c := range map[string]struct {
		in   DriverContext
		want [4]Class // host, activation, browser, none
	}{
		"all":            {with(func(*DriverContext) {}), [4]Class{ok, ok, ok, ok}},
		"read-only":      {with(func(c *DriverContext) { c.Mode = ModeReadOnly }), [4]Class{ClassRefused, ClassRefused, ok, ok}},
		"not configured": {with(func(c *DriverContext) { c.HostCommand, c.ActivationCode = false, false }), [4]Class{ClassConfig, ClassConfig, ok, ok}},
		"offline":        {with(func(c *DriverContext) { c.License.Value.Kind = KindOfflineCloud }), [4]Class{ClassRefused, ClassRefused, ClassRefused, ClassRefused}},
		"no licence":     {with(func(c *DriverContext) { c.License.Value = License{Kind: KindNone} }), [4]Class{ClassRefused, ClassRefused, ClassRefused, ClassRefused}},
		"silent":         {with(func(c *DriverContext) { c.Settings.Value.SilentMode = Some(true) }), [4]Class{ClassRefused, ClassRefused, ClassRefused, ClassRefused}},
		"maintenance":    {with(func(c *DriverContext) { c.Settings.Value.Maintenance = Some(true) }), [4]Class{ok, ClassRefused, ok, ok}},
		"half an hour":   {with(func(c *DriverContext) { c.LastActivation = Some(now.Add(-30 * time.Minute)) }), [4]Class{ok, ClassLocked, ok, ok}},
		"an hour":        {with(func(c *DriverContext) { c.LastActivation = Some(now.Add(-time.Hour)) }), [4]Class{ok, ok, ok, ok}},
		"clock set back": {with(func(c *DriverContext) { c.LastActivation = Some(now.Add(24 * time.Hour)) }), [4]Class{ok, ClassLocked, ok, ok}},
		"licence denied": {with(func(c *DriverContext) {
			c.License = Part[License]{}.Failed(Fail(ClassDenied, "", "", ""))
		}), [4]Class{ok, ok, ok, ok}},
	} {
		states := DriverStates(c.in)
		for i, s := range states {
			got := ok
			if s.Refuse != nil {
				got = s.Refuse.Class
			}
			if got != c.want[i] || s.Usable != (got == ok) || s.Driver != Drivers()[i] || s.Chosen != (s.Driver == DriverHost) {
				t.Errorf("%s: %+v, want class %q", name, s, c.want[i])
			}
			if from, known := s.From.Get(); known != (got == ClassLocked) || known && !from.After(now) {
				t.Errorf("%s: usable from %v", name, s.From)
			}
		}
	}
	if err := with(func(*DriverContext) {}).Refuse("hots"); err == nil || err.Class != ClassUsage {
		t.Errorf("an unknown driver: %v", err)
	}
}
