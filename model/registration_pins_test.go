package model_test

import (
	"fmt"
	"strings"
	"testing"

	"seatdeck/model"
)

// told is what the server says of the pins of an instance.
func (s stand) told(t testing.TB, f *model.Facts) *model.Facts {
	p := model.Pins{Pinned: model.Some(s.pinned)}
	if s.pinned {
		p.Lines = []model.PinLine{{File: model.Clean("/etc/gitlab/gitlab.rb"), Line: 1187, Key: model.Clean(pingName), Set: model.Clean("false")}}
	}
	f.Pins = model.Read(p, model.AsOf{At: at(t, "2026-11-21 09:41"), Source: model.SourceHost})
	return f
}

// TestPinsForecast: where the server told what gitlab.rb pins, the forecast holds
// for pinned instances too, before anything is tried, and names the line.
func TestPinsForecast(t *testing.T) {
	cat := catalogue(t)
	for _, version := range []string{"16.8.0-ee", "16.10.0-ee", "19.5.1-ee"} {
		for bits := range 16 {
			for _, wish := range wishes {
				s := stand{version: version, pinned: bits&8 != 0, stored: map[string]bool{pingName: bits&1 != 0, optionalName: bits&2 != 0, featuresName: bits&4 != 0}}
				t.Run(fmt.Sprintf("%s/%s/%04b", wish, version, bits), func(t *testing.T) {
					before := s.told(t, s.facts(t, model.License{Kind: model.KindNone}))
					c, err := model.RegistrationChangeOf(before, cat, wish)
					if err != nil || c.Empty() {
						return
					}
					after := s.put(fieldsOf(t, c.Step(before.Settings.Value)))
					checkForecast(t, c, before, after.told(t, after.facts(t, model.License{Kind: model.KindNone})), cat)
					wantsPing := wish == model.WishEnable || wish == model.WishOptionalOn
					said := strings.Contains(strings.Join(c.Warnings, " "), "pinned in gitlab.rb (/etc/gitlab/gitlab.rb, line 1187, read on the server at 2026-11-21 09:41 UTC)")
					if said != (s.pinned && wantsPing) || s.pinned && wantsPing && len(c.Gains) > 0 {
						t.Errorf("pinned %v: gains %v, warnings %q", s.pinned, c.Gains, c.Warnings)
					}
				})
			}
		}
	}
}

// TestPinsDecide: which of the two holds Service Ping off is told with its time;
// an older word of a pin counts for nothing once Service Ping is on.
func TestPinsDecide(t *testing.T) {
	cat := catalogue(t)
	off, lit := map[string]bool{pingName: false}, map[string]bool{pingName: true}
	for name, c := range map[string]struct {
		s       stand
		pinned  model.Opt[bool]
		decides string
		stored  model.Opt[bool]
	}{
		"pinned":     {stand{version: "19.5.1-ee", pinned: true, stored: lit}, on, "pinned in gitlab.rb: /etc/gitlab/gitlab.rb, line 1187, read on the server at 2026-11-21 09:41 UTC", unset},
		"stored off": {stand{version: "19.5.1-ee", stored: off}, model.Some(false), "stored off; gitlab.rb does not pin it, read on the server at 2026-11-21 09:41 UTC", model.Some(false)},
		"on":         {stand{version: "19.5.1-ee", stored: lit}, model.Some(false), "stored on, so gitlab.rb does not pin it off", on},
	} {
		r := model.RegistrationOf(c.s.told(t, c.s.facts(t, model.License{Kind: model.KindNone})), cat)
		if r.Pinned != c.pinned || r.Switches[0].Decides != c.decides || r.Switches[0].Stored != c.stored || r.PinsAsOf.Source != model.SourceHost {
			t.Errorf("%s: %v, %q, stored %v, %+v", name, r.Pinned, r.Switches[0].Decides, r.Switches[0].Stored, r.PinsAsOf)
		}
	}
	s := stand{version: "19.5.1-ee", pinned: true, stored: lit}
	if a := model.RegistrationOf(s.told(t, s.facts(t, model.License{Kind: model.KindNone})), cat).Advice; !strings.Contains(a, "opting in brings nothing") {
		t.Errorf("pinned, and the advice is %q", a)
	}
	f := s.told(t, s.facts(t, model.License{Kind: model.KindNone}))
	f.Settings.Value.ServicePing = on
	if r := model.RegistrationOf(f, cat); r.Pinned != model.Some(false) || r.PinsAsOf != f.Settings.AsOf {
		t.Errorf("Service Ping is on, so nothing pins it off: %v, %+v", r.Pinned, r.PinsAsOf)
	}
}
