package licensing_test

import (
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"seatdeck/licensing/sandbox"
	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
)

// TestWhatIfEqualsDoingIt: what blocking would do is what the instance counts
// after it was done, on plans of both kinds and in both eras.
func TestWhatIfEqualsDoingIt(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for _, tt := range []struct{ scenario, version string }{
		{"ultimate", "18.4.0-ee"}, {"ultimate", "19.5.1-ee"}, {"premium", "18.4.0-ee"}, {"premium", "19.5.1-ee"},
	} {
		r := rig.New(t, rig.Options{Scenario: tt.scenario, Users: 250, Memory: true, Set: map[string]string{"gitlab_version": tt.version}})
		r.Refreshed(t.Context())
		roster, err := r.Desk.Roster(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		c := model.WhatIfChange{Deed: model.DeedBlock}
		for i := range roster.Len() {
			if rng.IntN(4) == 0 && !roster.Bare(i).Is(model.FlagBot) && roster.Bare(i).State == model.StateActive && roster.ID(i) != 1 {
				c.Rows = append(c.Rows, int32(i))
			}
		}
		answer, err := r.Desk.WhatIf(roster, model.WhatIf{Changes: []model.WhatIfChange{c}})
		if err != nil {
			t.Fatal(err)
		}
		if answer.Freed == 0 || answer.Before.Or(model.SeatSpan{}).Most-answer.Freed != answer.After.Most {
			t.Fatalf("%+v: %+v", tt, answer)
		}
		for _, row := range c.Rows {
			req := httptest.NewRequest(http.MethodPost, "/api/v4/users/"+strconv.FormatInt(roster.ID(int(row)), 10)+"/block", nil)
			req.Header.Set("PRIVATE-TOKEN", sandbox.TokenAdmin)
			w := httptest.NewRecorder()
			if r.Sandbox.Handler().ServeHTTP(w, req); w.Code != http.StatusCreated && w.Code != http.StatusForbidden {
				t.Fatalf("blocking: %d %s", w.Code, w.Body)
			}
		}
		v := r.Refreshed(t.Context())
		if got := v.Facts.Breakdown.Value.Billable; got != model.Some(answer.After.Most) {
			t.Errorf("%+v: the instance counts %v, the answer was %+v", tt, got, answer.After)
		}
	}
}

// TestPromotionsTakeSeats: everybody in the queue is free now and takes a seat
// once approved (contract §6.7).
func TestPromotionsTakeSeats(t *testing.T) {
	r := rig.New(t, rig.Options{Users: 400, Memory: true})
	r.Refreshed(t.Context())
	roster, err := r.Desk.Roster(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	waiting, all, err := r.Desk.Promotions(roster)
	if err != nil || len(waiting) == 0 {
		t.Fatalf("%d wait, %v", len(waiting), err)
	}
	for _, w := range waiting {
		if !w.Listed || w.Before != model.Some(false) || w.After != model.Some(true) || w.Approved.Or(model.RoleNone) <= model.RoleGuest {
			t.Errorf("%+v", w)
		}
	}
	if all.Taken != len(waiting) || all.After.Most-all.Before.Or(model.SeatSpan{}).Most != len(waiting) {
		t.Errorf("%d wait, but all would take %+v", len(waiting), all)
	}
}
