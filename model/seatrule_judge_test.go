package model_test

import (
	"testing"

	"seatdeck/model"
)

// TestSeatJudgeEqualsSeatOf: over every state, every flag and contexts of both
// eras, the judge says what the rule says.
func TestSeatJudgeEqualsSeatOf(t *testing.T) {
	for _, plan := range []model.Plan{"", model.PlanPremium, model.PlanUltimate} {
		for _, v := range []model.Version{{}, before189, since189} {
			for _, licensed := range []model.Opt[bool]{model.None[bool](), model.Some(false), model.Some(true)} {
				ctx := model.SeatContext{Plan: plan, Version: v, Licensed: licensed, Role: model.RoleUnknown}
				judge := model.NewSeatJudge(ctx)
				for s := range model.State(9) { // two of them unknown
					for flags := range model.FlagPrivate << 1 {
						a := model.Account{State: s, Flags: flags}
						want := a
						if s > model.StateBanned {
							want.State = model.StateOther
						}
						if got := *judge.Of(a); got != model.SeatOf(want, ctx) {
							t.Fatalf("%q %s %v, state %d, flags %b: %+v", plan, v, licensed, s, flags, got)
						}
					}
				}
			}
		}
	}
}

func BenchmarkSeatJudge(b *testing.B) {
	judge := model.NewSeatJudge(model.SeatContext{Plan: model.PlanUltimate, Version: since189, Licensed: model.Some(true), Role: model.RoleUnknown})
	a := model.Account{State: model.StateActive, Flags: model.FlagSeat | model.FlagSeatKnown}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		if judge.Of(a).Counted().Or(false) {
			n++
		}
	}
}
