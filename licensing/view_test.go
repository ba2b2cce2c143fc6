package licensing_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"seatdeck/licensing"
	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
)

type ctx = context.Context

// bare answers from a switched instance's fields, and with nothing but what is
// needed to get to them.
type bare struct{ *switched }

func (b bare) Metadata(ctx) (model.Metadata, error) {
	return model.Metadata{Version: model.Version{Major: 19, Minor: 5, Suffix: "ee"}}, nil
}
func (b bare) Token(ctx) (model.Token, error)       { return model.Token{}, nil }
func (b bare) Operator(ctx) (model.Operator, error) { return model.Operator{}, nil }
func (b bare) License(ctx) (model.License, error) {
	return model.License{
		Kind: model.KindOnlineCloud, Plan: model.PlanUltimate, Number: model.Clean("7"), Seats: model.Some(100), LastSync: model.Some(b.last),
		Starts: model.DayOf(rig.Start) - 100, Ends: model.DayOf(rig.Start) + 200,
	}, nil
}
func (b bare) Terms(ctx) ([]model.Term, error)                             { return nil, nil }
func (b bare) Future(ctx) ([]model.Term, error)                            { return nil, nil }
func (b bare) AddOns(ctx) ([]model.AddOn, error)                           { return nil, nil }
func (b bare) Promotions(ctx) ([]model.Promotion, error)                   { return nil, nil }
func (b bare) Settings(ctx) (model.Settings, error)                        { return model.Settings{}, nil }
func (b bare) Statistics(ctx) (model.Statistics, error)                    { return model.Statistics{}, nil }
func (b bare) Ping(ctx) (model.Ping, error)                                { return b.ping, nil }
func (b bare) Daily(context.Context, model.Kind) ([]model.DayCount, error) { return b.rows, nil }

// What another process saved is taken as a whole: totals and rows of one
// reading, never of two.
func TestRowsAndTotalsOfOneReading(t *testing.T) {
	r := rig.New(t, rig.Options{Users: 60, Memory: true})
	r.Refreshed(t.Context())
	here := r.Reopen()
	here.Load(t.Context())

	// Elsewhere somebody reads it all anew, while here only the facts are known.
	r.Clock.Advance(time.Hour)
	fresh := r.Refreshed(t.Context())
	rows, err := here.Roster(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	f := here.View().Facts
	if !rows.AsOf().At.Equal(f.Roster.AsOf.At) || !f.Breakdown.AsOf.At.Equal(f.Roster.AsOf.At) || !f.Roster.AsOf.At.Equal(fresh.Facts.Roster.AsOf.At) {
		t.Errorf("rows of %s, summary of %s, breakdown of %s", rows.AsOf().At, f.Roster.AsOf.At, f.Breakdown.AsOf.At)
	}

	// And the other way: rows in memory, newer facts in the cache.
	r.Clock.Advance(time.Hour)
	r.Refreshed(t.Context())
	v := here.Load(t.Context())
	if old := here.Rows(); old != nil {
		t.Errorf("rows of %s beside a summary of %s", old.AsOf().At, v.Facts.Roster.AsOf.At)
	}
	if rows, err = here.Roster(t.Context()); err != nil || !rows.AsOf().At.Equal(v.Facts.Roster.AsOf.At) {
		t.Errorf("%v", err)
	}
}

// Facts that could not be saved are not replaced by older ones.
func TestLoadTakesNothingOlder(t *testing.T) {
	r := rig.New(t, rig.Options{Users: 60, Memory: true})
	r.Refreshed(t.Context())
	r.Cache.(*rig.MemoryCache).Fail = func(method string) error {
		if method == "Save" {
			return errors.New("no space left on device")
		}
		return nil
	}
	r.Clock.Advance(time.Hour)
	fresh := r.Refreshed(t.Context())
	if v := r.Desk.Load(t.Context()); !v.Facts.ReadAt.Equal(fresh.Facts.ReadAt) || r.Desk.Rows() == nil {
		t.Errorf("read at %s, then at %s", fresh.Facts.ReadAt, v.Facts.ReadAt)
	}
}

// A view is made of the moment: its time is the clock's, and what follows from
// time follows it.
func TestViewFollowsTheClock(t *testing.T) {
	r := rig.New(t, rig.Options{Users: 60, Memory: true})
	first := r.Refreshed(t.Context())
	if first.History.Health != model.HealthInStep {
		t.Fatalf("%s", first.History.Health)
	}
	r.Clock.Advance(20 * time.Second)
	if v := r.Desk.View(); !v.Now.Equal(rig.Start.Add(20 * time.Second)) {
		t.Errorf("now is %s", v.Now)
	}
	r.Clock.Advance(3 * 24 * time.Hour)
	if v := r.Desk.View(); v.History.Health == model.HealthInStep {
		t.Error("three days later the old reading still proves that the sync is in step")
	}
}

// Whoever holds a view may add to its notices.
func TestViewsAreApart(t *testing.T) {
	r := rig.New(t, rig.Options{Users: 60, Memory: true})
	r.Cache.(*rig.MemoryCache).Fail = func(string) error { return errors.New("no space left on device") }
	r.Refreshed(t.Context())
	a := r.Desk.View()
	if len(a.Notices) == 0 {
		t.Fatal("no notice")
	}
	a.Notices[0] = licensing.Notice{}
	if r.Desk.View().Notices[0].Err == nil {
		t.Error("one view changed another")
	}
}

// BenchmarkView is what a screen asks with every key: two years of records must
// not be decoded each time.
func BenchmarkView(b *testing.B) {
	r := rig.New(b, rig.Options{Users: 60, Memory: true})
	var entries []model.Entry
	for day := range 730 {
		e, err := model.DayCount{At: rig.Start.AddDate(0, 0, -day), Count: 50}.Entry()
		if err != nil {
			b.Fatal(err)
		}
		entries = append(entries, e)
	}
	if _, err := r.Journal.Append(b.Context(), entries...); err != nil {
		b.Fatal(err)
	}
	r.Refreshed(b.Context())
	b.ReportAllocs()
	for b.Loop() {
		r.Desk.View()
	}
}

// The first reading shows how far it is; an earlier one that was whole says more,
// and one that failed says why.
func TestCounting(t *testing.T) {
	about := model.Some(1220)
	going := model.Progress{Stage: model.StageRoster, Done: 742, About: about}
	before := &licensing.View{}
	v := before.Counting(going, rig.Start)
	if v == nil || v.Facts.Roster.Value != (model.RosterSummary{Accounts: 742, About: about}) || v.Facts.Roster.AsOf != model.Live(rig.Start) {
		t.Fatalf("%+v", v)
	}
	if before.Facts.Roster.Known() {
		t.Error("the view before was changed")
	}
	whole, failed := &licensing.View{}, &licensing.View{}
	whole.Facts.Roster = model.Read(model.RosterSummary{Accounts: 1200, Complete: true}, model.Live(rig.Start))
	failed.Facts.Roster.Err = model.Fail(model.ClassDenied, "read accounts", "no", "")
	for name, c := range map[string]struct {
		v *licensing.View
		p model.Progress
	}{"whole": {whole, going}, "failed": {failed, going}, "another stage": {before, model.Progress{Stage: model.StageFacts, Done: 7}}, "none yet": {before, model.Progress{Stage: model.StageRoster}}} {
		if c.v.Counting(c.p, rig.Start) != nil {
			t.Errorf("%s: there is something to say", name)
		}
	}
}
