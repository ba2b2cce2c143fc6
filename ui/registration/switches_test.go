package registration

import (
	"testing"

	"seatdeck/licensing/sandbox/rig"
	"seatdeck/licensing/sandbox/rig/frames"
	"seatdeck/model"
	"seatdeck/ui/kit"
)

// TestSwitches: the keys ask for what the switches are not, name the operation
// they lead to, and say why they cannot.
func TestSwitches(t *testing.T) {
	for _, tt := range []struct {
		name   string
		mode   model.Mode
		set    map[string]string
		r, o   kit.Begin
		titles [2]string
		why    string
	}{
		{"not opted in", model.ModeWrite, nil, kit.Begin{Act: "registration.enable"}, kit.Begin{Act: "registration.optional", Choice: "off"},
			[2]string{"opt in", "optional metrics off"}, ""},
		{"opted in", model.ModeWrite, map[string]string{"registration": "true"}, kit.Begin{Act: "registration.disable"},
			kit.Begin{Act: "registration.optional", Choice: "off"}, [2]string{"opt out", "optional metrics off"}, ""},
		{"read-only", model.ModeReadOnly, nil, kit.Begin{Act: "registration.enable"}, kit.Begin{Act: "registration.optional", Choice: "off"},
			[2]string{"opt in", "optional metrics off"}, "this profile is read-only"},
		{"not readable", model.ModeWrite, map[string]string{"fault": "403:/application/settings"}, kit.Begin{Act: "registration.enable"},
			kit.Begin{Act: "registration.optional", Choice: "on"}, [2]string{"opt in", "optional metrics on"}, "the settings were not read yet"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := frames.Showing(t, New, frames.Read(t, rig.Options{Scenario: "free", Users: 60, Set: tt.set, Mode: tt.mode}))
			for i, want := range []kit.Begin{tt.r, tt.o} {
				a := kit.Find(p.Actions(true), []string{"r", "o"}[i])
				if a == nil || a.Title != tt.titles[i] || a.Operation != model.OpSettingsWrite.Name || a.Danger != 1 {
					t.Fatalf("%+v", a)
				}
				if got := a.Run()(); got != want {
					t.Errorf("%s asks for %+v, want %+v", a.Title, got, want)
				}
				if a.Reason() != tt.why {
					t.Errorf("%s: %q, want %q", a.Title, a.Reason(), tt.why)
				}
			}
		})
	}
}
