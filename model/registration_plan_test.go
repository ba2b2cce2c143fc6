package model_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"seatdeck/model"
)

const (
	pingName     = "usage_ping_enabled"
	optionalName = "include_optional_metrics_in_service_ping"
	featuresName = "usage_ping_features_enabled"
)

// stand is an instance as contract §7 describes it: what it stores, and what it
// shows of that.
type stand struct {
	stored  map[string]bool
	pinned  bool   // usage_ping_enabled = false in the configuration file
	version string // decides which settings there are, and what depends on what
}

func (s stand) release() (minor int) {
	_, err := fmt.Sscanf(s.version, "16.%d", &minor)
	switch {
	case err == nil:
		return minor
	case s.version < "16":
		return 0
	}
	return 99
}

func (s stand) put(fields map[string]bool) stand {
	s.stored = maps.Clone(s.stored)
	for name, v := range fields {
		if name != optionalName || s.release() >= 10 { // before, the API does not know it
			s.stored[name] = v
		}
	}
	return s
}

func (s stand) shows() model.Settings {
	ping := s.stored[pingName] && !s.pinned
	features := ping && s.stored[featuresName] && (s.release() < 9 || s.stored[optionalName])
	out := model.Settings{ServicePing: model.Some(ping), Features: model.Some(features)}
	if s.release() >= 10 {
		out.OptionalMetrics = model.Some(s.stored[optionalName])
	}
	return out
}

// licences are the kinds of licence an instance may have, by name.
func licences(t testing.TB) map[string]model.License {
	ends := day(t, "2027-02-28")
	return map[string]model.License{
		"none":     {Kind: model.KindNone},
		"ultimate": {Kind: model.KindOnlineCloud, Plan: "ultimate", Ends: ends},
		"premium":  {Kind: model.KindOnlineCloud, Plan: "premium", Ends: ends},
		"offline":  {Kind: model.KindOfflineCloud, Plan: "premium", Ends: ends},
		"file":     {Kind: model.KindLegacy, Plan: "starter", Ends: ends},
		"trial":    {Kind: model.KindOnlineCloud, Plan: "ultimate", Trial: on, Ends: day(t, "2026-11-20")}, // over
	}
}

func (s stand) facts(t testing.TB, l model.License) *model.Facts {
	v, err := model.ParseVersion(s.version)
	if err != nil {
		t.Fatal(err)
	}
	at := model.Live(at(t, "2026-11-21 09:52"))
	return &model.Facts{Host: "gitlab.example.com", Metadata: model.Read(model.Metadata{Version: v}, at), License: model.Read(l, at), Settings: model.Read(s.shows(), at)}
}

func fieldsOf(t testing.TB, s model.Step) map[string]bool {
	t.Helper()
	var fields map[string]bool
	if err := json.Unmarshal(s.Send, &fields); err != nil || len(fields) == 0 {
		t.Fatalf("the payload is %s: %v", s.Send, err)
	}
	return fields
}

var wishes = []model.RegistrationWish{model.WishEnable, model.WishDisable, model.WishOptionalOn, model.WishOptionalOff}

// wished reports whether an instance does what was wished, as it shows it.
func wished(w model.RegistrationWish, s model.Settings) bool {
	switch w {
	case model.WishEnable:
		return s.Features == on
	case model.WishDisable:
		return s.Features == off
	case model.WishOptionalOn:
		return s.OptionalMetrics == on && s.ServicePing == on
	}
	return s.OptionalMetrics == off
}

func works(r model.Registration) map[string]bool {
	out := map[string]bool{}
	for _, f := range r.Features {
		out[f.Name] = f.Works().Or(false)
	}
	return out
}

// TestRegistrationChangeEverywhere tries every wish on every state of the three
// stored switches, pinned or not, under every kind of licence, in every era.
func TestRegistrationChangeEverywhere(t *testing.T) {
	cat := catalogue(t)
	tried := 0
	for _, version := range []string{"14.1.0-ee", "16.8.0-ee", "16.9.0-ee", "16.10.0-ee", "19.5.1-ee"} {
		for bits := range 16 {
			for licence, l := range licences(t) {
				for _, wish := range wishes {
					s := stand{version: version, pinned: bits&8 != 0, stored: map[string]bool{pingName: bits&1 != 0, optionalName: bits&2 != 0, featuresName: bits&4 != 0}}
					if s.release() < 10 && (wish == model.WishOptionalOn || wish == model.WishOptionalOff) {
						if _, err := model.RegistrationChangeOf(s.facts(t, l), cat, wish); err == nil || err.Class != model.ClassUnsupported {
							t.Fatalf("%s on %s: %v", wish, version, err)
						}
						continue
					}
					tried++
					t.Run(fmt.Sprintf("%s/%s/%04b/%s", wish, version, bits, licence), func(t *testing.T) { tryChange(t, s, l, cat, wish) })
				}
			}
		}
	}
	if want := 16 * 6 * (3*2 + 2*4); tried != want {
		t.Errorf("%d combinations were tried, want %d", tried, want)
	}
}

func tryChange(t *testing.T, s stand, l model.License, cat model.Catalogue, wish model.RegistrationWish) {
	before := s.facts(t, l)
	c, err := model.RegistrationChangeOf(before, cat, wish)
	if err != nil {
		t.Fatal(err)
	}
	if c.Empty() {
		if !wished(wish, before.Settings.Value) || c.Reason == "" || len(c.Gains)+len(c.Losses) > 0 {
			t.Errorf("nothing is sent, and it is not so already: %+v", c)
		}
		return
	}
	step := c.Step(before.Settings.Value)
	fields := fieldsOf(t, step)
	checkSends(t, c, step, fields)
	done := s.put(fields)
	after := done.facts(t, l)
	v := model.JudgeSwitches(step, model.SwitchReading(after.Settings.Value), nil, false)
	hidden := s.release() == 9 && wish == model.WishEnable && !s.stored[optionalName]
	hiddenOut := wish == model.WishDisable && before.Settings.Value.Features == off
	switch needsPing := wish == model.WishEnable || wish == model.WishOptionalOn; {
	case s.pinned && needsPing:
		if v.Outcome != model.OutcomeNoEffect || !strings.HasPrefix(v.Note.String(), "pinned by gitlab_rails['usage_ping_enabled'] = false in gitlab.rb") {
			t.Errorf("pinned: %s, %s", v.Outcome, v.Note)
		}
	case hiddenOut:
		if v.Outcome != model.OutcomeUnconfirmed || !strings.Contains(v.Note.String(), "does not show") || done.stored[featuresName] {
			t.Errorf("an opt-in that does not show: %s, %s, stored %t", v.Outcome, v.Note, done.stored[featuresName])
		}
		for _, late := range []bool{false, true} { // the same is read whether it was stored or not
			lost := model.Fail(model.ClassChanged, "change the settings", "the answer was lost", "")
			if v := model.JudgeSwitches(step, model.SwitchReading(after.Settings.Value), lost, late); v.Outcome != model.OutcomeUnknown {
				t.Errorf("a lost answer is %s", v.Outcome)
			}
		}
		return
	case hidden:
		if v.Outcome != model.OutcomeNoEffect || !strings.Contains(v.Note.String(), "does not show") {
			t.Errorf("hidden optional metrics: %s, %s", v.Outcome, v.Note)
		}
	default:
		if v.Outcome != model.OutcomeConfirmed || !wished(wish, after.Settings.Value) || v.Note.String() != "" {
			t.Errorf("%s, %s; it shows %+v", v.Outcome, v.Note, after.Settings.Value)
		}
		checkForecast(t, c, before, after, cat)
		unseen := s.release() == 9 && wish == model.WishDisable // the stored value never shows there
		if again, err := model.RegistrationChangeOf(after, cat, wish); err != nil || again.Empty() == unseen {
			t.Errorf("asked again, it would send %+v (%v)", again.Sends, err)
		}
	}
	checkLies(t, step, model.SwitchReading(before.Settings.Value), model.SwitchReading(after.Settings.Value))
}

// checkSends: nothing but switches, each once, and none that shows the value
// already.
func checkSends(t *testing.T, c model.RegistrationChange, step model.Step, fields map[string]bool) {
	t.Helper()
	if len(fields) != len(c.Sends) || len(step.Changes) != len(c.Sends) || len(step.Wanted) != len(c.Sends) || len(step.Precondition) != 3 {
		t.Errorf("the step %+v is not that of %+v", step, c.Sends)
	}
	for i, x := range c.Sends {
		if v, ok := fields[x.Setting]; !ok || v != x.After || x.Before == model.Some(x.After) || x.Why == "" || step.Changes[i].Field != x.Setting {
			t.Errorf("%+v is in the plan, %v is sent", x, fields)
		}
		if !slices.Contains([]string{pingName, optionalName, featuresName}, x.Setting) {
			t.Errorf("%s is no switch", x.Setting)
		}
	}
}

// checkForecast: what the plan says of the time after, where it says anything,
// is what the instance then shows.
func checkForecast(t *testing.T, c model.RegistrationChange, before, after *model.Facts, cat model.Catalogue) {
	t.Helper()
	shown := model.RegistrationOf(after, cat)
	known := true
	for i, e := range c.Effects {
		if e.After.Known() && e.After != shown.Switches[i].Effective {
			t.Errorf("%s is to be %v and is %v", e.Title, e.After, shown.Switches[i].Effective)
		}
		known = known && (e.After.Known() || !shown.Switches[i].Exists.Or(false))
	}
	was, is := works(model.RegistrationOf(before, cat)), works(shown)
	for name := range is {
		gained, lost := slices.Contains(c.Gains, name), slices.Contains(c.Losses, name)
		if gained && (was[name] || !is[name]) || lost && (!was[name] || is[name]) || known && (gained != (is[name] && !was[name]) || lost != (was[name] && !is[name])) {
			t.Errorf("%s: worked %t, works %t; among gains %t, losses %t", name, was[name], is[name], gained, lost)
		}
	}
}

// checkLies: an instance that says yes and does nothing is never believed, and
// a lost answer is settled by what reading shows.
func checkLies(t *testing.T, step model.Step, before, after model.Reading) {
	t.Helper()
	if v := model.JudgeSwitches(step, before, nil, false); v.Outcome != model.OutcomeNoEffect || v.Note.String() == "" || len(v.Changes) != 0 {
		t.Errorf("a yes without an effect is %s (%s)", v.Outcome, v.Note)
	}
	lost := model.Fail(model.ClassChanged, "change the settings", "the answer was lost", "")
	if v := model.JudgeSwitches(step, before, lost, false); v.Outcome != model.OutcomeUnknown {
		t.Errorf("a lost answer without an effect is %s at once", v.Outcome)
	}
	if v := model.JudgeSwitches(step, before, lost, true); v.Outcome != model.OutcomeFailed {
		t.Errorf("a lost answer without an effect is %s later", v.Outcome)
	}
	if v := model.JudgeSwitches(step, after, lost, false); after.Holds(step.Wanted) != (v.Outcome == model.OutcomeConfirmed) {
		t.Errorf("a lost answer with the effect is %s", v.Outcome)
	}
}

func TestRegistrationChange(t *testing.T) {
	cat := catalogue(t)
	sends := func(c model.RegistrationChange) string {
		var out []string
		for _, x := range c.Sends {
			out = append(out, fmt.Sprintf("%s=%t (%s)", x.Title, x.After, x.Why))
		}
		return strings.Join(out, ", ")
	}
	tests := []struct {
		name          string
		s             setup
		wish          model.RegistrationWish
		sends         string
		gains, losses int
		warn          string // in one of the warnings
		reason        string
	}{
		{"free, nothing on", setup{version: "19.5.1-ee", ping: off, optional: off, features: off}, model.WishEnable,
			"Service Ping=true (registration features need it), optional metrics=true (registration features need it), registration=true (asked for)", 25, 0, "not anonymous", ""},
		{"free, ping on", setup{version: "19.5.1-ee", ping: on, optional: off, features: off}, model.WishEnable,
			"optional metrics=true (registration features need it), registration=true (asked for)", 25, 0, "Optional metrics go out too", ""},
		{"free, 16.0", setup{version: "16.0.1-ee", ping: on, features: off}, model.WishEnable, "registration=true (asked for)", 9, 0, "not anonymous", ""},
		{"ping off may be pinned", setup{version: "19.5.1-ee", ping: off, optional: on, features: off}, model.WishEnable,
			"Service Ping=true (registration features need it), registration=true (asked for)", 25, 0, "gitlab.rb pins Service Ping off", ""},
		{"Premium", setup{version: "19.5.1-ee", plan: "premium", ping: on, optional: on, features: off}, model.WishEnable, "registration=true (asked for)", 2, 0, "not anonymous", ""},
		{"Ultimate", setup{version: "19.5.1-ee", plan: "ultimate", ping: on, optional: on, features: off}, model.WishEnable, "registration=true (asked for)", 0, 0, "nothing to gain now: Ultimate has all 25", ""},
		{"licence not read", setup{version: "19.5.1-ee", noLicenseRead: true, ping: on, optional: on, features: off}, model.WishEnable, "registration=true (asked for)", 0, 0, "licence could not be read", ""},
		{"16.9", setup{version: "16.9.0-ee", ping: on, features: off}, model.WishEnable, "registration=true (asked for)", 0, 0, "the API does not show optional metrics", ""},
		{"in already", setup{version: "19.5.1-ee", ping: on, optional: on, features: on}, model.WishEnable, "", 0, 0, "", "opted in already"},
		{"out", setup{version: "19.5.1-ee", ping: on, optional: on, features: on}, model.WishDisable, "registration=false (asked for)", 0, 25, "what was made with them stays", ""},
		{"out, licensed", setup{version: "19.5.1-ee", plan: "ultimate", ping: on, optional: on, features: on}, model.WishDisable, "registration=false (asked for)", 0, 0, "operational metrics", ""},
		{"out already", setup{version: "19.5.1-ee", ping: on, optional: on, features: off}, model.WishDisable, "", 0, 0, "", "not opted in"},
		{"out, hidden", setup{version: "19.5.1-ee", ping: off, optional: on, features: off}, model.WishDisable, "registration=false (asked for)", 0, 0, "does not show while Service Ping and optional metrics are off", ""},
		{"out, hidden by optional", setup{version: "19.5.1-ee", ping: on, optional: off, features: off}, model.WishDisable, "registration=false (asked for)", 0, 0, "does not show while optional metrics is off", ""},
		{"optional off takes registration along", setup{version: "19.5.1-ee", ping: on, optional: on, features: on}, model.WishOptionalOff, "optional metrics=false (asked for)", 0, 25, "opted out by this", ""},
		{"optional off alone", setup{version: "19.5.1-ee", ping: on, optional: on, features: off}, model.WishOptionalOff, "optional metrics=false (asked for)", 0, 0, "Service Ping stays on", ""},
		{"optional on may opt in", setup{version: "19.5.1-ee", ping: on, optional: off, features: off}, model.WishOptionalOn, "optional metrics=true (asked for)", 0, 0, "takes effect with this", ""},
		{"optional on without ping", setup{version: "19.5.1-ee", ping: off, optional: on, features: off}, model.WishOptionalOn, "Service Ping=true (optional metrics go out only with it)", 0, 0, "not anonymous", ""},
		{"optional on already", setup{version: "19.5.1-ee", ping: on, optional: on, features: off}, model.WishOptionalOn, "", 0, 0, "", "on already"},
		{"optional off already", setup{version: "19.5.1-ee", ping: on, optional: off, features: off}, model.WishOptionalOff, "", 0, 0, "", "off already"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := model.RegistrationChangeOf(tt.s.facts(t), cat, tt.wish)
			if err != nil {
				t.Fatal(err)
			}
			if sends(c) != tt.sends || len(c.Gains) != tt.gains || len(c.Losses) != tt.losses {
				t.Errorf("sends %s; %d gains, %d losses", sends(c), len(c.Gains), len(c.Losses))
			}
			if !strings.Contains(strings.Join(c.Warnings, " "), tt.warn) || !strings.Contains(c.Reason, tt.reason) {
				t.Errorf("warnings %q, reason %q", c.Warnings, c.Reason)
			}
		})
	}
	f := setup{version: "19.5.1-ee", ping: on, optional: on, features: off}.facts(t)
	f.Settings.Value.Maintenance = on
	if c, _ := model.RegistrationChangeOf(f, cat, model.WishEnable); !strings.Contains(strings.Join(c.Warnings, " "), "maintenance mode") {
		t.Errorf("in maintenance mode: %q", c.Warnings)
	}
}

func TestRegistrationChangeImpossible(t *testing.T) {
	cat := catalogue(t)
	for name, tt := range map[string]struct {
		s     setup
		wish  model.RegistrationWish
		class model.Class
		text  string
	}{
		"CE":               {setup{version: "19.5.1", ping: on, features: off}, model.WishEnable, model.ClassUnsupported, "gitlab-ee"},
		"14.0":             {setup{version: "14.0.0-ee", ping: on}, model.WishEnable, model.ClassUnsupported, "14.1"},
		"optional on 16.8": {setup{version: "16.8.0-ee", ping: on, features: off}, model.WishOptionalOn, model.ClassUnsupported, "16.10"},
		"denied":           {setup{version: "19.5.1-ee", noSettings: true}, model.WishEnable, model.ClassDenied, "no"},
		"no version":       {setup{noV: true, ping: on, optional: on, features: off}, model.WishEnable, model.ClassDenied, "no"},
		"no such wish":     {setup{version: "19.5.1-ee", ping: on, optional: on, features: off}, "sideways", model.ClassUsage, "sideways"},
	} {
		_, err := model.RegistrationChangeOf(tt.s.facts(t), cat, tt.wish)
		if err == nil || err.Class != tt.class || !strings.Contains(err.Error(), tt.text) {
			t.Errorf("%s: %v, want %s with %q", name, err, tt.class, tt.text)
		}
	}
	if _, err := model.RegistrationChangeOf(&model.Facts{}, cat, model.WishEnable); err == nil {
		t.Error("a plan was made of nothing")
	}
}
