package model_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"seatdeck/model"
)

// calm is an instance about which nothing wants attention.
func calm(t testing.TB) *model.Facts {
	asOf := model.Live(at(t, "2026-11-21 09:52"))
	return &model.Facts{
		License: model.Read(model.License{
			Kind: model.KindOnlineCloud, Ends: day(t, "2027-02-28"), Blocks: day(t, "2027-03-14"), Seats: model.Some(1000), Daily: model.Some(900),
			OverNow: model.Some(0), OverPeak: model.Some(0),
		}, asOf),
		Token:    model.Read(model.Token{Active: true, Expires: day(t, "2027-08-01")}, asOf),
		Settings: model.Read(model.Settings{}, asOf),
		Roster:   model.Read(model.RosterSummary{Accounts: 1214, Complete: true}, asOf),
	}
}

func TestAlerts(t *testing.T) {
	const now = "2026-11-21 09:52"
	fail := func(c model.Class) *model.Error { return model.Fail(c, "read", "x", "use a token with admin_mode") }
	tests := []struct {
		name   string
		now    string
		change func(*model.Facts, *model.History)
		want   []string // level kind: short
	}{
		{"calm", now, func(*model.Facts, *model.History) {}, nil},
		{"nothing known", now, func(f *model.Facts, _ *model.History) { *f = model.Facts{} }, nil},
		{"no licence", now, func(f *model.Facts, _ *model.History) { f.License.Value = model.License{Kind: model.KindNone} }, nil},
		{"over", now, func(f *model.Facts, _ *model.History) {
			f.License.Value.Daily, f.License.Value.OverPeak = model.Some(1012), model.Some(31)
		}, []string{"bad over: 12 seats over", "warn over-at-peak: 31 seats over at peak"}},
		{"one over", now, func(f *model.Facts, _ *model.History) { f.License.Value.Daily = model.Some(1001) }, []string{"bad over: 1 seat over"}},
		{"peak of a trial", now, func(f *model.Facts, _ *model.History) {
			f.License.Value.OverPeak, f.License.Value.Trial = model.Some(31), model.Some(true)
		}, nil},
		{"near", now, func(f *model.Facts, _ *model.History) { f.License.Value.Daily = model.Some(962) }, []string{"warn limit-near: 38 seats free"}},
		{"91 days", "2026-11-29 12:00", func(*model.Facts, *model.History) {}, nil},
		{"90 days", "2026-11-30 12:00", func(*model.Facts, *model.History) {}, []string{"warn ending: ends in 90 days"}},
		{"16 days", "2027-02-12 12:00", func(*model.Facts, *model.History) {}, []string{"warn ending: ends in 16 days"}},
		{"15 days", "2027-02-13 12:00", func(*model.Facts, *model.History) {}, []string{"bad ending: ends in 15 days"}},
		{"renewed", "2027-02-13 12:00", func(f *model.Facts, _ *model.History) {
			f.Future = model.Read([]model.Term{{Starts: day(t, "2027-02-28")}}, f.License.AsOf)
		}, nil},
		{"renewed with a gap", "2027-02-13 12:00", func(f *model.Facts, _ *model.History) {
			f.Future = model.Read([]model.Term{{Starts: day(t, "2027-03-01")}}, f.License.AsOf)
		}, []string{"bad ending: ends in 15 days"}},
		{"ended", "2027-02-28 12:00", func(*model.Facts, *model.History) {}, []string{"bad expired: ended, blocks 2027-03-14"}},
		{"blocked", "2027-03-14 00:00", func(*model.Facts, *model.History) {}, []string{"bad expired: changes blocked"}},
		{"token, 31 days", now, func(f *model.Facts, _ *model.History) { f.Token.Value.Expires = day(t, "2026-12-22") }, nil},
		{"token, 30 days", now, func(f *model.Facts, _ *model.History) { f.Token.Value.Expires = day(t, "2026-12-21") }, []string{"warn token: token ends in 30 days"}},
		{"token, a day", now, func(f *model.Facts, _ *model.History) { f.Token.Value.Expires = day(t, "2026-11-22") }, []string{"bad token: token ends in 1 day"}},
		{"token ended", now, func(f *model.Facts, _ *model.History) { f.Token.Value.Expires = day(t, "2026-11-21") }, []string{"bad token: token expired"}},
		{"token without end", now, func(f *model.Facts, _ *model.History) { f.Token.Value.Expires = 0 }, nil},
		{"overdue", now, func(_ *model.Facts, h *model.History) {
			h.Health, h.Since = model.HealthOverdue, model.Some(at(t, "2026-11-18 05:17"))
		}, []string{"bad sync-overdue: sync overdue"}},
		{"modes", now, func(f *model.Facts, _ *model.History) {
			f.Settings.Value.SilentMode, f.Settings.Value.Maintenance = model.Some(true), model.Some(true)
		}, []string{"warn silent: silent mode", "warn maintenance: maintenance"}},
		{"denied", now, func(f *model.Facts, _ *model.History) {
			f.Settings, f.Statistics = f.Settings.Failed(fail(model.ClassDenied)), f.Statistics.Failed(fail(model.ClassDenied))
		}, []string{"warn denied: no rights"}},
		{"offline", now, func(f *model.Facts, _ *model.History) {
			f.Metadata = f.Metadata.Failed(fail(model.ClassUnreachable))
			f.License, f.Settings = f.License.Failed(fail(model.ClassUnreachable)), f.Settings.Failed(fail(model.ClassUnreachable))
		}, []string{"warn unreadable: offline"}},
		{"the accounts alone", now, func(f *model.Facts, _ *model.History) {
			f.Roster, f.Breakdown = f.Roster.Failed(fail(model.ClassUnreachable)), f.Breakdown.Failed(fail(model.ClassUnreachable))
		}, []string{"warn unreadable: not all read"}},
		{"malformed", now, func(f *model.Facts, _ *model.History) { f.Daily = f.Daily.Failed(fail(model.ClassMalformed)) }, []string{"warn unreadable: not all read"}},
		{"not in this version", now, func(f *model.Facts, _ *model.History) { f.Ping = f.Ping.Failed(fail(model.ClassUnsupported)) }, nil},
		{"half a roster", now, func(f *model.Facts, _ *model.History) { f.Roster.Value.Complete = false }, []string{"info partial: accounts incomplete"}},
		{"several, worst first", now, func(f *model.Facts, h *model.History) {
			f.Settings.Value.Maintenance = model.Some(true)
			f.Roster.Value.Complete = false
			h.Health, h.Since = model.HealthOverdue, model.Some(at(t, "2026-11-18 05:17"))
			f.License.Value.Daily = model.Some(962)
		}, []string{"bad sync-overdue: sync overdue", "warn limit-near: 38 seats free", "warn maintenance: maintenance", "info partial: accounts incomplete"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, h := calm(t), model.History{Health: model.HealthInStep}
			tt.change(f, &h)
			var got []string
			for _, a := range model.AlertsOf(f, h, at(t, tt.now)) {
				got = append(got, a.Level.String()+" "+string(a.Kind)+": "+a.Short)
				if len(a.Long) <= len(a.Short) || strings.HasSuffix(a.Long, ".") {
					t.Errorf("%s: the long form is %q", a.Kind, a.Long)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestAlertNamesTheRemedy(t *testing.T) {
	f := calm(t)
	f.Settings = f.Settings.Failed(model.Fail(model.ClassDenied, "read the settings", "the token lacks a scope", "make a token with admin_mode"))
	as := model.AlertsOf(f, model.History{}, at(t, "2026-11-21 09:52"))
	if len(as) != 1 || as[0].Long != "no rights to read the settings: the token lacks a scope — make a token with admin_mode" {
		t.Errorf("%+v", as)
	}
	if b, err := json.Marshal(as[0]); err != nil || !strings.Contains(string(b), `"level":"warn"`) {
		t.Errorf("%s, %v", b, err)
	}
}
