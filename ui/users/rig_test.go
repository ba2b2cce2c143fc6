package users

import (
	"testing"
	"time"

	"seatdeck/licensing/sandbox/rig"
)

// Over a made-up GitLab and the real adapter the filters and bars promise what
// they show, in every kind of licence.
func TestOverTheSandbox(t *testing.T) {
	for _, scenario := range []string{"ultimate", "premium", "free", "over-limit", "expired"} {
		t.Run(scenario, func(t *testing.T) {
			r := rig.New(t, rig.Options{Scenario: scenario, Users: 400, Seed: 5, Memory: true})
			p := New(t.Context(), themeOf(t), time.UTC, r.Desk)
			p.Show(r.Refreshed(t.Context()))
			checkChips(t, p)
			if n := checkBars(t, p); n < 15 {
				t.Errorf("%d rows with a list", n)
			}
			p.Full(100, 30)
			press(t, p, "esc", "esc", "esc", "e")
			m, ok := p.members[p.subject()]
			if !ok || !m.known() {
				t.Fatalf("the memberships of %d: %+v", p.subject(), m.err)
			}
			a, _ := p.account(p.subject())
			if v := p.why(a).Verdict; v.Agrees.Known() && !v.Agrees.Or(true) {
				t.Errorf("with its memberships read, the rule contradicts the instance: %+v", v)
			}
		})
	}
}
