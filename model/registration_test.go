package model_test

import (
	"fmt"
	"testing"
	"time"

	"seatdeck/model"
)

type setup struct {
	version                        string
	plan                           model.Plan // "" = no licence
	ping, optional, features       model.Opt[bool]
	noLicenseRead, noSettings, noV bool
}

var on, off, unset = model.Some(true), model.Some(false), model.None[bool]()

func (s setup) facts(t testing.TB) *model.Facts {
	asOf := model.Live(at(t, "2026-11-21 09:52"))
	f := new(model.Facts)
	no := model.Fail(model.ClassDenied, "read", "no", "")
	f.Metadata, f.License, f.Settings = f.Metadata.Failed(no), f.License.Failed(no), f.Settings.Failed(no)
	if !s.noV {
		v, err := model.ParseVersion(s.version)
		if err != nil {
			t.Fatal(err)
		}
		f.Metadata = model.Read(model.Metadata{Version: v}, asOf)
	}
	if !s.noLicenseRead {
		l := model.License{Kind: model.KindNone}
		if s.plan != "" {
			l = model.License{Kind: model.KindOnlineCloud, Plan: s.plan, Ends: day(t, "2027-02-28")}
		}
		f.License = model.Read(l, asOf)
	}
	if !s.noSettings {
		f.Settings = model.Read(model.Settings{ServicePing: s.ping, OptionalMetrics: s.optional, Features: s.features}, asOf)
	}
	return f
}

func TestRegistration(t *testing.T) {
	cat := catalogue(t)
	tests := []struct {
		name            string
		s               setup
		verdict, reason string
		counts          string // licensed, registered, locked, too new, unknown
	}{
		{"Ultimate", setup{version: "19.5.1-ee", plan: "ultimate", ping: on, optional: on, features: off}, "not opted in", "nothing to gain: Ultimate has all 25", "25 0 0 0 0"},
		{"Ultimate, in", setup{version: "19.5.1-ee", plan: "ultimate", ping: on, optional: on, features: on}, "opted in", "nothing gained: Ultimate has all 25", "25 0 0 0 0"},
		{"Premium", setup{version: "19.5.1-ee", plan: "premium", ping: on, optional: on, features: off}, "not opted in", "2 features locked", "23 0 2 0 0"},
		{"Premium, in", setup{version: "19.5.1-ee", plan: "premium", ping: on, optional: on, features: on}, "opted in", "2 features through it", "23 2 0 0 0"},
		{"free", setup{version: "19.5.1-ee", ping: on, optional: off, features: off}, "not opted in", "25 features locked", "0 0 25 0 0"},
		{"free, in", setup{version: "19.5.1-ee", ping: on, optional: on, features: on}, "opted in", "25 features through it", "0 25 0 0 0"},
		{"free, 16.0, in", setup{version: "16.0.1-ee", ping: on, features: on}, "opted in", "9 features through it, 9 of 25 are in 16.0", "0 9 0 16 0"},
		{"free, 14.1", setup{version: "14.1.0-ee", ping: on, features: off}, "not opted in", "2 features locked", "0 0 2 23 0"},
		{"free, 14.0", setup{version: "14.0.0-ee", ping: on}, "not available", "not available on 14.0, needs 14.1", "0 0 0 0 0"},
		{"CE", setup{version: "19.5.1", ping: on, optional: on, features: on}, "not eligible", "Community Edition; the Enterprise package is needed, a licence is not", "0 0 0 0 0"},
		{"settings denied", setup{version: "19.5.1-ee", noSettings: true}, "unknown", "the settings could not be read", "0 0 0 0 25"},
		{"settings denied, Ultimate", setup{version: "19.5.1-ee", plan: "ultimate", noSettings: true}, "unknown", "the settings could not be read", "25 0 0 0 0"},
		{"no version", setup{noV: true, ping: on, features: on}, "unknown", "the version could not be read", "0 0 0 0 25"},
		{"no licence part", setup{version: "19.5.1-ee", noLicenseRead: true, ping: on, optional: on, features: off}, "not opted in", "the licence could not be read", "0 0 0 0 25"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := model.RegistrationOf(tt.s.facts(t), cat)
			counts := fmt.Sprintln(r.Licensed, r.Registered, r.Locked, r.TooNew, r.Unknown)
			if r.Verdict != tt.verdict || r.Reason != tt.reason || counts != tt.counts+"\n" {
				t.Errorf("%q, %q, %s\nwant %q, %q, %s", r.Verdict, r.Reason, counts, tt.verdict, tt.reason, tt.counts)
			}
			// Only what is on shows that gitlab.rb does not pin it off (contract §7.1).
			if on := !tt.s.noSettings && tt.s.ping.Or(false); r.Pinned.Known() != on || r.Pinned.Or(false) {
				t.Errorf("pinned %v, with Service Ping on: %t", r.Pinned, on)
			}
			if len(r.Features) != 25 || len(r.Switches) != 3 {
				t.Errorf("%d features, %d switches", len(r.Features), len(r.Switches))
			}
			for _, s := range r.Features {
				if works, ok := s.Works().Get(); ok && !works && s.Missing == "" {
					t.Errorf("%s does not work and lacks nothing", s.Name)
				}
			}
		})
	}
}

func TestRegistrationAdvice(t *testing.T) {
	cat := catalogue(t)
	tests := []struct {
		s    setup
		want string
	}{
		{setup{version: "19.5.1-ee", plan: "ultimate", ping: on, optional: on, features: off}, "If the licence lapsed, opting in would keep 25 features."},
		{setup{version: "19.5.1-ee", ping: on, optional: on, features: off}, "Opting in would bring 25 features at no cost."},
		{setup{version: "19.5.1-ee", noSettings: true}, ""},
	}
	for _, tt := range tests {
		if got := model.RegistrationOf(tt.s.facts(t), cat).Advice; got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

// TestSwitches: what is returned is effective; what is stored shows only where
// nothing else can make the value (contract §7.1–7.3).
func TestSwitches(t *testing.T) {
	cat := catalogue(t)
	type want struct{ stored, effective model.Opt[bool] }
	tests := []struct {
		name                     string
		s                        setup
		ping, optional, features want
		needs                    string
	}{
		{"all on", setup{version: "19.5.1-ee", ping: on, optional: on, features: on}, want{on, on}, want{on, on}, want{on, on}, ""},
		{"features off, rest on", setup{version: "19.5.1-ee", ping: on, optional: on, features: off}, want{on, on}, want{on, on}, want{off, off}, ""},
		{"optional off", setup{version: "19.5.1-ee", ping: on, optional: off, features: off}, want{on, on}, want{off, off}, want{unset, off}, "optional metrics"},
		{"ping off", setup{version: "19.5.1-ee", ping: off, optional: on, features: off}, want{unset, off}, want{on, off}, want{unset, off}, "Service Ping and optional metrics"},
		{"before optional metrics", setup{version: "16.8.0-ee", ping: on, features: off}, want{on, on}, want{unset, unset}, want{off, off}, ""},
		{"16.9 hides the setting", setup{version: "16.9.0-ee", ping: on, features: off}, want{on, on}, want{unset, unset}, want{unset, off}, "optional metrics"},
		{"nothing read", setup{version: "19.5.1-ee", noSettings: true}, want{unset, unset}, want{unset, unset}, want{unset, unset}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sw := model.RegistrationOf(tt.s.facts(t), cat).Switches
			for i, w := range []want{tt.ping, tt.optional, tt.features} {
				if sw[i].Stored != w.stored || sw[i].Effective != w.effective {
					t.Errorf("%s: stored %v, effective %v; want %v, %v", sw[i].Title, sw[i].Stored, sw[i].Effective, w.stored, w.effective)
				}
				if sw[i].Decides == "" {
					t.Errorf("%s does not say what decides", sw[i].Title)
				}
			}
			if sw[2].Needs != tt.needs {
				t.Errorf("registration needs %q, want %q", sw[2].Needs, tt.needs)
			}
		})
	}
}

func TestTrialLosesFeaturesAtItsEnd(t *testing.T) {
	cat := catalogue(t)
	f := setup{version: "19.5.1-ee", plan: "ultimate", ping: on, optional: on, features: off}.facts(t)
	f.License.Value.Ends, f.License.Value.Trial = day(t, "2026-11-20"), on
	if r := model.RegistrationOf(f, cat); r.Licensed != 0 || r.Locked != 25 {
		t.Errorf("ended trial: %d through the licence, %d locked", r.Licensed, r.Locked)
	}
	f.License.Value.Trial = off
	if r := model.RegistrationOf(f, cat); r.Licensed != 25 {
		t.Errorf("ended licence: %d through the licence", r.Licensed)
	}
}

func TestPingSchedule(t *testing.T) {
	// The check value of contract §7.6: 44 10 * * 4.
	s := model.PingScheduleOf("d9e2f4e8-db1f-4e51-b03d-f427e1965c4a")
	if s.Minute != 44 || s.Hour != 10 || s.Weekday != time.Thursday {
		t.Fatalf("%+v, want 44 10 * * 4", s)
	}
	tests := []struct{ now, want string }{
		{"2026-11-21 09:52", "2026-11-26 10:44"},
		{"2026-11-26 10:43", "2026-11-26 10:44"},
		{"2026-11-26 10:44", "2026-12-03 10:44"},
		{"2026-12-31 12:00", "2027-01-07 10:44"},
	}
	for _, tt := range tests {
		if got := s.Next(at(t, tt.now)); !got.Equal(at(t, tt.want)) {
			t.Errorf("after %s: %s, want %s", tt.now, got, tt.want)
		}
	}
}

func TestOutflows(t *testing.T) {
	now := at(t, "2026-11-21 09:52")
	f := setup{version: "19.5.1-ee", plan: "ultimate", ping: on, optional: on, features: off}.facts(t)
	f.Ping = model.Read(model.Ping{UUID: model.Clean("d9e2f4e8-db1f-4e51-b03d-f427e1965c4a")}, model.Live(now))
	f.Settings.Value.VersionCheck = on
	out := model.OutflowsOf(f, now)
	if len(out) != 3 {
		t.Fatalf("%d kinds of data leave, want 3", len(out))
	}
	if next := out[0].Next.Or(now); out[0].On != on || !next.Equal(at(t, "2026-11-22 03:00")) {
		t.Errorf("licence sync: %+v", out[0])
	}
	if next := out[1].Next.Or(now); out[1].On != on || !next.Equal(at(t, "2026-11-26 10:44")) {
		t.Errorf("Service Ping: %+v", out[1])
	}
	if out[2].On != on {
		t.Errorf("version check: %+v", out[2])
	}
	// Off with a licence: nobody can promise that nothing goes out (contract §7.4).
	f.Settings.Value.ServicePing = off
	if o := model.OutflowsOf(f, now)[1]; o.On.Known() || o.Note == "" {
		t.Errorf("Service Ping off, licensed: %+v", o)
	}
	f.License.Value = model.License{Kind: model.KindNone}
	out = model.OutflowsOf(f, now)
	if out[0].On != off || out[1].On != off {
		t.Errorf("without a licence: %+v", out)
	}
	f.License.Value = model.License{Kind: model.KindOnlineCloud, Ends: day(t, "2027-02-28")}
	f.Settings.Value.SilentMode = on
	if o := model.OutflowsOf(f, now)[0]; o.On != off || o.Note != "silent mode blocks it" {
		t.Errorf("silent mode: %+v", o)
	}
}

// The Community Edition knows no licences and no registration features: that is an
// answer, and nothing else is said to be in the way.
func TestCommunityEdition(t *testing.T) {
	f := setup{version: "19.5.1", ping: on, features: off}.facts(t)
	f.License = model.Part[model.License]{}.Failed(model.Fail(model.ClassUnsupported, "read the licence", "this needs the Enterprise Edition", ""))
	now := at(t, "2026-11-21 09:52")
	for _, w := range model.RegistrationOf(f, catalogue(t)).Switches[1:] {
		if w.Decides != "not in the Community Edition" || w.Needs != "" {
			t.Errorf("%s: %q, needs %q", w.Title, w.Decides, w.Needs)
		}
	}
	if h := model.HistoryOf(nil, f.License, 1, now); h.Health != model.HealthNotEligible || h.Why != "no licences, no sync" {
		t.Errorf("sync: %s, %s", h.Health, h.Why)
	}
	if o := model.OutflowsOf(f, now)[0]; o.On != off || o.Note != "no licences, no sync" {
		t.Errorf("what goes out: %+v", o)
	}
	for _, s := range model.DriverStates(model.DriverContext{Mode: model.ModeWrite, HostCommand: true, ActivationCode: true, License: f.License, Now: now}) {
		if s.Usable || s.Refuse.Class != model.ClassRefused {
			t.Errorf("%s: %+v", s.Driver, s)
		}
	}
}
