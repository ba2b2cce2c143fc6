package words_test

import (
	"testing"
	"time"

	"seatdeck/model"
	"seatdeck/ui/words"
)

func TestNotes(t *testing.T) {
	now := at(t, "2026-11-21 09:52")
	asOf := func(s string, src model.Source) model.AsOf { return model.AsOf{At: at(t, s), Source: src} }
	fail := func(c model.Class) *model.Error { return model.Fail(c, "read", "x", "") }
	read := asOf("2026-11-21 09:50", model.SourceLive)
	old := asOf("2026-11-20 18:02", model.SourceCache)
	tests := []struct {
		name string
		got  words.Note
		want words.Note
	}{
		{"live", words.Age(read, now, time.UTC), words.Note{Text: "live 09:50"}},
		{"cache", words.Age(asOf("2026-11-21 09:10", model.SourceCache), now, time.UTC), words.Note{Text: "cache 09:10"}},
		{"old", words.Age(old, now, time.UTC), words.Note{Text: "! 15 h old · 20 Nov 18:02", Stale: true}},
		{"an hour old", words.Age(asOf("2026-11-21 08:52", model.SourceLive), now, time.UTC), words.Note{Text: "! 60 min old · today 08:52", Stale: true}},
		{"daily count", words.Age(asOf("2026-11-20 23:50", model.SourceDailyJob), now, time.UTC), words.Note{Text: "count 20 Nov 23:50"}},
		{"stale daily count", words.Age(asOf("2026-11-06 23:50", model.SourceDailyJob), now, time.UTC), words.Note{Text: "! 14 days old · 6 Nov 23:50", Stale: true}},
		{"time not told", words.Age(model.AsOf{Source: model.SourceDailyJob}, now, time.UTC), words.Note{Text: "daily job, time not told"}},
		{"never", words.Age(model.AsOf{}, now, time.UTC), words.Note{Text: "never read", Stale: true}},
		{"ahead of our clock", words.Age(asOf("2026-11-21 10:00", model.SourceLive), now, time.UTC), words.Note{Text: "live 10:00"}},
		{"part", words.Part(model.Read(1, read), now, time.UTC), words.Note{Text: "live 09:50"}},
		{"denied", words.PartOf(model.AsOf{}, fail(model.ClassDenied), now, time.UTC), words.Note{Text: "! no rights", Stale: true}},
		{"denied later", words.PartOf(old, fail(model.ClassDenied), now, time.UTC), words.Note{Text: "! no rights · from 20 Nov 18:02", Stale: true}},
		{"offline", words.PartOf(old, fail(model.ClassUnreachable), now, time.UTC), words.Note{Text: "! offline · from 20 Nov 18:02", Stale: true}},
		{"unsupported", words.PartOf(model.AsOf{}, fail(model.ClassUnsupported), now, time.UTC), words.Note{Text: "not available here"}},
		{"roster", words.Roster(model.Read(model.RosterSummary{Accounts: 1214, Complete: true}, read), now, time.UTC), words.Note{Text: "roster 09:50 · 1,214 accounts"}},
		{"half a roster", words.Roster(model.Read(model.RosterSummary{Accounts: 742}, read), now, time.UTC), words.Note{Text: "! not complete yet · 742 read 09:50", Stale: true}},
		{"old roster", words.Roster(model.Read(model.RosterSummary{Accounts: 1214, Complete: true}, old), now, time.UTC), words.Note{Text: "! 15 h old · 20 Nov 18:02", Stale: true}},
		{"no roster", words.Roster(model.Part[model.RosterSummary]{}, now, time.UTC), words.Note{Text: "never read", Stale: true}},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, tt.got, tt.want)
		}
	}
}

func TestEveryClassHasWords(t *testing.T) {
	for _, c := range []model.Class{
		model.ClassFailed, model.ClassUsage, model.ClassPartial, model.ClassDenied, model.ClassRefused, model.ClassUnsupported, model.ClassNotGitLab,
		model.ClassMalformed, model.ClassChanged, model.ClassOffline, model.ClassUnreachable, model.ClassLocked, model.ClassStorage, model.ClassConfig,
		model.ClassCancelled, model.ClassInternal, "",
	} {
		if got := words.Trouble(c); got == "" || len(got) > 20 {
			t.Errorf("%q is worded %q", string(c), got)
		}
	}
}

func TestStatuses(t *testing.T) {
	on, off, none := model.Some(true), model.Some(false), model.None[bool]()
	pairs(t, []pair{
		{words.Outcome(model.OutcomeChanged).String(), "✓ changed"}, {words.Outcome(model.OutcomeUnchanged).String(), "– unchanged"},
		{words.Outcome(model.OutcomeTermsRefreshed).String(), "✓ terms refreshed"}, {words.Outcome(model.OutcomeUnconfirmed).String(), "! unconfirmed"},
		{words.Outcome(model.OutcomeUnknown).String(), "? unknown"}, {words.Outcome(model.OutcomeRefused).String(), "✗ refused"},
		{words.Outcome(model.OutcomeFailed).String(), "✗ failed"}, {words.Outcome(model.OutcomeOverdue).String(), "✗ overdue"},
		{words.Outcome(model.OutcomeNotSent).String(), "– not sent"}, {words.Outcome(model.OutcomeCancelled).String(), "– cancelled"},
		{words.Outcome(model.OutcomeFirst).String(), "– first seen"}, {words.Outcome("new").String(), "? unknown"},
		{words.Health(model.HealthInStep).String(), "✓ in step"}, {words.Health(model.HealthOverdue).String(), "✗ overdue"},
		{words.Health(model.HealthNotEligible).String(), "– not eligible"}, {words.Health(model.HealthUnknown).String(), "? unknown"},
		{words.OnOff(on).String(), "✓ on"}, {words.OnOff(off).String(), "– off"}, {words.OnOff(none).String(), "? unknown"},
		{words.Switch(model.Switch{Effective: on, Exists: on}).String(), "✓ on"}, {words.Switch(model.Switch{Exists: off}).String(), "– not here"}, {words.Switch(model.Switch{}).String(), "? unknown"},
		{words.YesNo(on), "yes"}, {words.YesNo(off), "no"}, {words.YesNo(none), "–"},
		{words.Feature(model.FeatureLicensed).String(), "✓ licence"}, {words.Feature(model.FeatureRegistered).String(), "✓ opted in"}, {words.Feature(model.FeatureLocked).String(), "– locked"},
		{words.Feature(model.FeatureTooNew).String(), "– too new"}, {words.Feature(model.FeatureIneligible).String(), "– not here"}, {words.Feature(model.FeatureUnknown).String(), "? unknown"},
		{words.Status{Word: "plain"}.String(), "plain"},
	})
	for tone := words.Plain; tone <= words.Unsure; tone++ {
		if len([]rune(tone.Glyph())) != 1 || len(tone.ASCII()) != 1 {
			t.Errorf("tone %d: %q and %q are not one cell each", tone, tone.Glyph(), tone.ASCII())
		}
	}
}

func TestSeatWords(t *testing.T) {
	ctx := model.SeatContext{Plan: model.PlanUltimate, Version: model.Version{Major: 19, Minor: 5}, Licensed: model.Some(true), Role: model.RoleUnknown}
	of := func(s model.State, f model.Flags) model.SeatVerdict {
		return model.SeatOf(model.Account{State: s, Flags: f}, ctx)
	}
	const counted, not = model.FlagSeat | model.FlagSeatKnown, model.FlagSeatKnown
	unlicensed := model.SeatOf(model.Account{State: model.StateActive, Flags: not}, model.SeatContext{Licensed: model.Some(false)})
	pairs(t, []pair{
		{words.SeatReason(of(model.StateActive, counted)), "the instance counts this user; the deciding role is not in the list"},
		{words.SeatReason(of(model.StateActive, not)), "the instance does not count this user; the deciding role is not in the list"},
		{words.SeatReason(of(model.StateActive, 0)), "the deciding role is not in the list"},
		{words.SeatReason(of(model.StateBlocked, not)), "accounts that are not active take no seat"},
		{words.SeatReason(of(model.StateBlocked, counted)), "the instance counts this user; by the rule it takes none: accounts that are not active take no seat"},
		{words.SeatReason(unlicensed), "no licence: the instance counts nobody"},
		{words.TakesSeat(of(model.StateActive, counted)).String(), "✓ yes"},
		{words.TakesSeat(of(model.StateBlocked, counted)).String(), "✓ yes"}, // the instance's word wins
		{words.TakesSeat(of(model.StateBlocked, 0)).String(), "– no"},
		{words.TakesSeat(of(model.StateActive, 0)).String(), "? unknown"},
		{words.TakesSeat(unlicensed).String(), "–"},
	})
}

func TestHistoryWords(t *testing.T) {
	seats := model.Change{Field: "seats", Before: "950", After: "1,000"}
	pairs(t, []pair{
		{words.Record(model.Record{Kind: model.RecordSync, Billable: model.Some(962), Maximum: model.Some(1031)}), "962, peak 1,031"},
		{words.Record(model.Record{Kind: model.RecordSync, Billable: model.Some(962)}), "962, peak –"},
		{words.Record(model.Record{Kind: model.RecordSync}), "counts not read"},
		{words.Record(model.Record{Kind: model.RecordSync, Changes: []model.Change{seats}}), "seats 950 → 1,000"},
		{words.Record(model.Record{Kind: model.RecordSync, Changes: []model.Change{seats, seats, seats}}), "seats 950 → 1,000 and 2 more"},
		{words.Record(model.Record{Kind: model.RecordOverdue, Days: 2, Until: model.Some(at(t, "2026-11-20 03:17"))}), "2 syncs missed"},
		{words.Record(model.Record{Kind: model.RecordOverdue, Days: 1}), "1 sync missed"},
		{words.Record(model.Record{Kind: model.RecordChapter}), "another instance answers here"},
		{words.Changes(nil), "nothing"},
		{words.Gap(model.Gap{From: 10, To: 12}), "3 days not observed"},
		{words.Watched(model.History{Seen: 78, Missing: 2, Unwatched: 3}), "seen 78 of 83 days · 2 missing · 3 not watched"},
		{words.Watched(model.History{Seen: 1}), "seen 1 of 1 day"},
		{words.Watched(model.History{}), "no earlier syncs are known"},
	})
}
