package model_test

import (
	"testing"

	"seatdeck/model"
)

// TestSeatingEqualsSeatOf: over every state, every flag and contexts of both
// eras, the rows of a roster are judged as the rule judges one account.
func TestSeatingEqualsSeatOf(t *testing.T) {
	var accounts []model.Account
	for s := range model.State(9) { // two of them unknown
		for flags := range model.FlagPrivate << 1 {
			accounts = append(accounts, model.Account{ID: int64(len(accounts) + 1), State: s, Flags: flags})
		}
	}
	r := model.NewRoster(accounts, model.AsOf{}, true)
	for _, plan := range []model.Plan{"", model.PlanPremium, model.PlanUltimate} {
		for _, v := range []model.Version{{}, before189, since189} {
			for _, licensed := range []model.Opt[bool]{model.None[bool](), model.Some(false), model.Some(true)} {
				ctx := model.SeatContext{Plan: plan, Version: v, Licensed: licensed, Role: model.RoleUnknown}
				seating := model.NewSeating(r, ctx, nil)
				for row, a := range accounts {
					if a.State > model.StateBanned {
						a.State = model.StateOther
					}
					if got := *seating.Of(row); got != model.SeatOf(a, ctx) {
						t.Fatalf("%q %s %v, state %d, flags %b: %+v", plan, v, licensed, a.State, a.Flags, got)
					}
				}
			}
		}
	}
}

func BenchmarkSeating(b *testing.B) {
	r := model.NewRoster([]model.Account{{ID: 1, State: model.StateActive, Flags: model.FlagSeat | model.FlagSeatKnown}}, model.AsOf{}, true)
	seating := model.NewSeating(r, model.SeatContext{Plan: model.PlanUltimate, Version: since189, Licensed: model.Some(true), Role: model.RoleUnknown}, nil)
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		if seating.Of(0).Counted().Or(false) {
			n++
		}
	}
}
