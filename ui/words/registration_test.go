package words_test

import (
	"testing"

	"seatdeck/model"
	"seatdeck/ui/words"
)

// TestSendsAndBrings: what a change sends and brings is said in words, never as zeros,
// and nothing is said where nobody can tell (contract §7.3, §8).
func TestSendsAndBrings(t *testing.T) {
	on := model.SettingSend{Title: "registration", After: true}
	ping := model.SettingSend{Title: "Service Ping", After: true}
	told := []model.SwitchEffect{{After: model.Some(true)}}
	all := make([]model.FeatureStatus, 25)
	for _, tt := range []struct {
		name          string
		c             model.RegistrationChange
		r             model.Registration
		sends, brings string
	}{
		{"gains", model.RegistrationChange{Sends: []model.SettingSend{ping, on}, Effects: told, Gains: make([]string, 25)}, model.Registration{Features: all},
			"Service Ping on and registration on", "25 features begin to work"},
		{"one", model.RegistrationChange{Sends: []model.SettingSend{on}, Effects: told, Gains: make([]string, 1)}, model.Registration{Features: all},
			"registration on", "1 feature begins to work"},
		{"losses", model.RegistrationChange{Sends: []model.SettingSend{{Title: "registration"}}, Losses: make([]string, 2)}, model.Registration{Features: all},
			"registration off", "2 features stop working"},
		{"neither", model.RegistrationChange{Sends: []model.SettingSend{on}, Effects: told}, model.Registration{Features: all, Licensed: 25},
			"registration on", "no feature more or less"},
		{"the licence was not read", model.RegistrationChange{Sends: []model.SettingSend{on}, Effects: told}, model.Registration{Features: all, Unknown: 25},
			"registration on", "which features it brings or takes cannot be told"},
		{"the effect does not show", model.RegistrationChange{Sends: []model.SettingSend{on}, Effects: []model.SwitchEffect{{}}}, model.Registration{Features: all, Locked: 25},
			"registration on", "which features it brings or takes cannot be told"},
		{"hidden, but all are licensed", model.RegistrationChange{Sends: []model.SettingSend{on}, Effects: []model.SwitchEffect{{}}}, model.Registration{Features: all, Licensed: 25},
			"registration on", "no feature more or less"},
		{"nothing to do", model.RegistrationChange{Reason: "the instance is opted in already"}, model.Registration{Features: all},
			"nothing: the instance is opted in already", "no feature more or less"},
	} {
		if got := words.Sends(&tt.c); got != tt.sends {
			t.Errorf("%s: sends %q, want %q", tt.name, got, tt.sends)
		}
		if got := words.Brings(&tt.c, &tt.r); got != tt.brings {
			t.Errorf("%s: brings %q, want %q", tt.name, got, tt.brings)
		}
	}
}

// TestKnownAnyway: only what was read is told, and nobody is counted only where
// that is sure.
func TestKnownAnyway(t *testing.T) {
	f := &model.Facts{}
	if got := words.KnownAnyway(f); got != "" || words.NobodyCounted(f) {
		t.Errorf("of nothing it tells %v", got)
	}
	asOf := model.AsOf{At: at(t, "2026-11-21 09:52"), Source: model.SourceLive}
	version := func(text string) model.Part[model.Metadata] {
		v, err := model.ParseVersion(text)
		if err != nil {
			t.Fatal(err)
		}
		return model.Read(model.Metadata{Version: v}, asOf)
	}
	f.Metadata = version("19.5.1-ee")
	f.Operator = model.Read(model.Operator{Username: model.Clean("root"), Admin: true}, asOf)
	f.Token = model.Read(model.Token{Scopes: []string{"read_api", "read_service_ping"}}, asOf)
	if got, want := words.KnownAnyway(f), "Known without it: GitLab 19.5.1-ee; the token of root, an administrator; its scopes read_api and read_service_ping."; got != want {
		t.Errorf("it tells %q, want %q", got, want)
	}
	if words.NobodyCounted(f) {
		t.Error("nobody is counted, although the licence was not read")
	}
	f.License = model.Read(model.License{}, asOf)
	if !words.NobodyCounted(f) {
		t.Error("somebody is counted without a licence")
	}
	if ce := (&model.Facts{Metadata: version("19.5.1")}); !words.NobodyCounted(ce) {
		t.Error("somebody is counted on the Community Edition")
	}
}
