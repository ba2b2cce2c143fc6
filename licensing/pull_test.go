package licensing_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"seatdeck/licensing"
	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
)

var dawn = time.Date(2022, 3, 1, 8, 0, 0, 0, time.UTC)

// someCrowd makes a crowd of any shape: growth over years, imports within one
// second, stretches in which nobody came, ids that were deleted, and, when
// disorder is set, ids that do not follow creation times.
func someCrowd(rnd *rand.Rand, disorder bool) *crowd {
	c := &crowd{shown: []time.Duration{time.Millisecond, time.Second}[rnd.IntN(2)], size: 1 + rnd.IntN(40)}
	at, id := dawn, int64(0)
	for n := rnd.IntN(1500); len(c.people) < n; {
		switch rnd.IntN(12) {
		case 0: // an import
			for range rnd.IntN(300) {
				id++
				at = at.Add(time.Duration(rnd.IntN(3000)) * time.Microsecond)
				c.people = append(c.people, person{id, at})
			}
		case 1:
			at = at.AddDate(0, rnd.IntN(8), 0)
		default:
			id += 1 + int64(rnd.IntN(3))
			at = at.Add(time.Duration(rnd.IntN(int(20*time.Hour)/1000)) * time.Microsecond)
			p := person{id, at}
			if disorder && rnd.IntN(10) == 0 {
				p.at = dawn.Add(time.Duration(rnd.Int64N(int64(at.Sub(dawn)) + 1)))
			}
			c.people = append(c.people, p)
		}
	}
	return c
}

func parts(c *crowd, cache licensing.Cache, clock licensing.Clock, workers int) licensing.Parts {
	return licensing.Parts{Instance: c, Cache: cache, Clock: clock, Workers: workers}
}

// However a pull is divided, it brings everybody once.
func TestPullBringsEverybody(t *testing.T) {
	for seed := range uint64(150) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		c := someCrowd(rnd, seed%3 == 0)
		c.numbered = seed%5 == 0
		workers := 1 + rnd.IntN(16)
		about := model.None[int]()
		if seed%2 == 0 {
			about = model.Some(rnd.IntN(2000))
		}
		r, err := licensing.Pull(t.Context(), parts(c, &rig.MemoryCache{}, &still{now: dawn}, workers), about, nil)
		if err != nil || !r.Complete() {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if want := c.ids(); !slices.Equal(idsOf(r), want) {
			t.Errorf("seed %d (numbered %t, %d workers, %d a page): %d accounts, want %d", seed, c.numbered, workers, c.size, r.Len(), len(want))
		}
		if c.most > workers {
			t.Errorf("seed %d: %d requests at a time with %d workers", seed, c.most, workers)
		}
	}
}

// Who signs up while the pull goes on may or may not be in it; nobody who was
// there before is missing.
func TestPullWhileTheCrowdGrows(t *testing.T) {
	for seed := range uint64(80) {
		rnd := rand.New(rand.NewPCG(seed, 2))
		c := someCrowd(rnd, false)
		c.numbered = seed%4 == 0
		before := c.ids()
		now := dawn.AddDate(30, 0, 0)
		c.before = func(_ context.Context, n int, _ licensing.PageRequest) error {
			if n > 2 && n%3 == 0 && n < 300 {
				c.join(now.Add(time.Duration(n) * time.Second))
			}
			return nil
		}
		r, err := licensing.Pull(t.Context(), parts(c, &rig.MemoryCache{}, &still{now: now}, 1+rnd.IntN(16)), model.None[int](), nil)
		if err != nil {
			t.Fatal(err)
		}
		got, after := idsOf(r), c.ids()
		for _, id := range before {
			if _, ok := slices.BinarySearch(got, id); !ok {
				t.Errorf("seed %d: account %d is missing", seed, id)
			}
		}
		for _, id := range got {
			if _, ok := slices.BinarySearch(after, id); !ok {
				t.Errorf("seed %d: account %d was made up", seed, id)
			}
		}
	}
}

// evenCrowd is n accounts, one an hour.
func evenCrowd(n int) *crowd {
	c := &crowd{shown: time.Millisecond, size: 100}
	for i := range n {
		c.people = append(c.people, person{int64(i + 1), dawn.Add(time.Duration(i) * time.Hour)})
	}
	return c
}

// The work is really divided, and dividing costs few requests.
func TestPullDivides(t *testing.T) {
	for _, workers := range []int{1, 2, 8, 16} {
		c := evenCrowd(20_000)
		c.before = func(context.Context, int, licensing.PageRequest) error { runtime.Gosched(); return nil }
		if _, err := licensing.Pull(t.Context(), parts(c, &rig.MemoryCache{}, &still{now: dawn}, workers), model.None[int](), nil); err != nil {
			t.Fatal(err)
		}
		asked := c.requests() - 2 // the two that find the ends
		if workers == 1 && asked != 200 {
			t.Errorf("one worker asked %d times for 200 pages", asked)
		}
		if asked > 200+12*workers {
			t.Errorf("%d workers asked %d times for 200 pages", workers, asked)
		}
	}
	c := evenCrowd(20_000)
	c.before = func(context.Context, int, licensing.PageRequest) error {
		time.Sleep(200 * time.Microsecond)
		return nil
	}
	if _, err := licensing.Pull(t.Context(), parts(c, &rig.MemoryCache{}, &still{now: dawn}, 16), model.None[int](), nil); err != nil || c.most < 12 {
		t.Errorf("%v; at most %d requests at a time with 16 workers", err, c.most)
	}
}

// The workers grow from two, and no further while pages are slow.
func TestPullIsGentle(t *testing.T) {
	most := func(took func(n int) time.Duration) int {
		c := evenCrowd(20_000)
		c.took = took
		c.before = func(context.Context, int, licensing.PageRequest) error {
			time.Sleep(100 * time.Microsecond)
			return nil
		}
		if _, err := licensing.Pull(t.Context(), parts(c, &rig.MemoryCache{}, &still{now: dawn}, 8), model.None[int](), nil); err != nil {
			t.Fatal(err)
		}
		return c.most
	}
	if n := most(func(int) time.Duration { return 300 * time.Millisecond }); n < 7 {
		t.Errorf("even pages: %d at a time", n)
	}
	growing := func(n int) time.Duration { return time.Duration(n) * 300 * time.Millisecond }
	// Of the pages after the first four, two are within one and a half times the
	// base: two workers more.
	if n := most(growing); n > 4 {
		t.Errorf("slower and slower pages: %d at a time", n)
	}
}

var errDown = model.Fail(model.ClassUnreachable, model.OpUsers.What, "no answer", "")

// An interrupted pull goes on where it ended, in another process and with
// another number of workers.
func TestPullGoesOn(t *testing.T) {
	for seed := range uint64(50) {
		rnd := rand.New(rand.NewPCG(seed, 3))
		c := someCrowd(rnd, seed%3 == 0)
		c.numbered = seed%4 == 0
		clock, cache := &still{now: dawn}, &rig.MemoryCache{}
		var r *model.Roster
		var err error
		seen := 0
		for try := 0; ; try++ {
			fail := c.requests() + 3 + rnd.IntN(20)
			c.before = func(_ context.Context, n int, _ licensing.PageRequest) error {
				if n >= fail {
					return errDown
				}
				return nil
			}
			clock.move(time.Minute)
			r, err = licensing.Pull(t.Context(), parts(c, cache, clock, 1+rnd.IntN(16)), model.None[int](), nil)
			if err == nil {
				break
			}
			if !errors.Is(err, errDown) || r.Complete() || r.Len() < seen {
				t.Fatalf("seed %d: %v, complete %t, %d accounts after %d", seed, err, r.Complete(), r.Len(), seen)
			}
			seen = r.Len()
			if try > 2000 {
				t.Fatalf("seed %d: no end after %d tries", seed, try)
			}
		}
		if want := c.ids(); !slices.Equal(idsOf(r), want) {
			t.Errorf("seed %d: %d accounts, want %d", seed, r.Len(), len(want))
		}
	}
}

// With one worker the second try asks for exactly what the first did not get,
// and the roster is as old as its oldest page.
func TestPullAsksOnlyForTheRest(t *testing.T) {
	c := evenCrowd(3000)
	clock, cache := &still{now: dawn}, &rig.MemoryCache{}
	c.before = func(_ context.Context, n int, _ licensing.PageRequest) error {
		if n == 2+13 {
			return errDown
		}
		return nil
	}
	if r, err := licensing.Pull(t.Context(), parts(c, cache, clock, 1), model.None[int](), nil); err == nil || r.Len() != 1200 {
		t.Fatalf("%v, %d accounts", err, r.Len())
	}
	before := c.requests()
	clock.move(time.Hour)
	r, err := licensing.Pull(t.Context(), parts(c, cache, clock, 1), model.None[int](), nil)
	if err != nil || r.Len() != 3000 || c.requests()-before != 2+18 {
		t.Errorf("%v, %d accounts, %d requests", err, r.Len(), c.requests()-before)
	}
	if !r.AsOf().At.Equal(dawn) {
		t.Errorf("as of %s, but the oldest page is of %s", r.AsOf().At, dawn)
	}
}

// A draft that is too old, from the future, damaged or not understood any more
// costs the resumption only.
func TestUselessDrafts(t *testing.T) {
	for name, spoil := range map[string]func(c *crowd, clock *still, d *licensing.Draft){
		"too old":    func(_ *crowd, clock *still, _ *licensing.Draft) { clock.move(licensing.DraftMaxAge + time.Minute) },
		"from later": func(_ *crowd, _ *still, d *licensing.Draft) { d.Started = d.Started.Add(time.Hour) },
		"damaged": func(_ *crowd, _ *still, d *licensing.Draft) {
			i := slices.IndexFunc(d.Pieces, func(p licensing.Piece) bool { return len(p.Batch) > 0 })
			d.Pieces[i].Batch[7] ^= 0x40
		},
		"empty":       func(_ *crowd, _ *still, d *licensing.Draft) { d.Pieces = nil },
		"other pages": func(c *crowd, _ *still, _ *licensing.Draft) { c.numbered = true },
	} {
		t.Run(name, func(t *testing.T) {
			c := evenCrowd(1500)
			clock, cache := &still{now: dawn}, &rig.MemoryCache{}
			c.before = func(_ context.Context, n int, _ licensing.PageRequest) error {
				if n > 9 {
					return errDown
				}
				return nil
			}
			if _, err := licensing.Pull(t.Context(), parts(c, cache, clock, 2), model.None[int](), nil); err == nil {
				t.Fatal("no error")
			}
			c.before = nil
			d, err := cache.Draft(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			spoil(c, clock, &d)
			if err := cache.SaveDraft(t.Context(), d); err != nil {
				t.Fatal(err)
			}
			before := c.requests()
			r, err := licensing.Pull(t.Context(), parts(c, cache, clock, 1), model.None[int](), nil)
			if err != nil || r.Len() != 1500 || !r.AsOf().At.Equal(clock.Now()) {
				t.Errorf("%v, %d accounts as of %s", err, r.Len(), r.AsOf().At)
			}
			if n := c.requests() - before; n < 2+15 {
				t.Errorf("%d requests for 15 pages", n)
			}
		})
	}
}

// A cache that cannot be written never stops a pull.
func TestPullWithoutDrafts(t *testing.T) {
	c := evenCrowd(2500)
	clock := &still{now: dawn}
	c.before = func(context.Context, int, licensing.PageRequest) error { clock.move(4 * time.Second); return nil }
	cache := &rig.MemoryCache{Fail: func(string) error { return errors.New("no space left on device") }}
	r, err := licensing.Pull(t.Context(), parts(c, cache, clock, 3), model.None[int](), nil)
	if err != nil || r.Len() != 2500 {
		t.Errorf("%v, %d accounts", err, r.Len())
	}
}

// Drafts are kept every ten seconds, not with every page.
func TestDraftsAreSeldom(t *testing.T) {
	c := evenCrowd(5000)
	clock, cache := &still{now: dawn}, &rig.MemoryCache{}
	c.before = func(context.Context, int, licensing.PageRequest) error { clock.move(time.Second); return nil }
	if _, err := licensing.Pull(t.Context(), parts(c, cache, clock, 2), model.None[int](), nil); err != nil {
		t.Fatal(err)
	}
	took := clock.Now().Sub(dawn)
	if _, n := cache.Writes(); n < 2 || n > int(took/licensing.DraftEvery) {
		t.Errorf("%d drafts in %s", n, took)
	}
}

// endless names one more account and one more page for ever.
type endless struct{ crowd }

func (e *endless) Accounts(_ context.Context, req licensing.PageRequest) (licensing.Page, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.asked++
	at := dawn.Add(time.Duration(e.asked))
	return licensing.Page{Accounts: []model.Account{{ID: int64(e.asked)}}, Created: []time.Time{at}, Next: fmt.Sprint(e.asked)}, nil
}

func TestEndlessPagesEnd(t *testing.T) {
	e := &endless{}
	r, err := licensing.Pull(t.Context(), licensing.Parts{Instance: e, Cache: &rig.MemoryCache{}, Clock: &still{now: dawn}}, model.None[int](), nil)
	if model.AsError("", err).Class != model.ClassMalformed || r.Complete() {
		t.Errorf("%v", err)
	}
	if e.asked > licensing.MaxPages+20 {
		t.Errorf("%d requests", e.asked)
	}
}

// Cancelling ends every worker before the pull returns.
func TestCancelEndsWorkers(t *testing.T) {
	c := evenCrowd(20_000)
	ctx, cancel := context.WithCancel(t.Context())
	c.before = func(ctx context.Context, n int, _ licensing.PageRequest) error {
		if n == 60 {
			cancel()
		}
		if n >= 60 { // hangs, as a dead connection does
			<-ctx.Done()
		}
		return nil
	}
	r, err := licensing.Pull(ctx, parts(c, &rig.MemoryCache{}, &still{now: dawn}, 16), model.None[int](), nil)
	if model.AsError("", err).Class != model.ClassCancelled || r.Complete() || r.Len() == 0 {
		t.Errorf("%v, %d accounts", err, r.Len())
	}
	if c.running != 0 {
		t.Errorf("%d requests are still under way", c.running)
	}
}

// One worker's failure ends the others, which hang.
func TestFailureEndsWorkers(t *testing.T) {
	c := evenCrowd(20_000)
	c.before = func(ctx context.Context, n int, _ licensing.PageRequest) error {
		switch {
		case n == 60:
			return errDown
		case n > 60:
			<-ctx.Done()
		}
		return nil
	}
	if _, err := licensing.Pull(t.Context(), parts(c, &rig.MemoryCache{}, &still{now: dawn}, 16), model.None[int](), nil); !errors.Is(err, errDown) {
		t.Errorf("%v", err)
	}
	if c.running != 0 {
		t.Errorf("%d requests are still under way", c.running)
	}
}

// Progress only grows, and comes at most four times a second by the clock.
func TestProgress(t *testing.T) {
	c := evenCrowd(20_000)
	clock := &still{now: dawn}
	c.before = func(context.Context, int, licensing.PageRequest) error { clock.move(30 * time.Millisecond); return nil }
	var all []model.Progress
	var at []time.Time
	tell := func(p model.Progress) { all, at = append(all, p), append(at, clock.Now()) }
	if _, err := licensing.Pull(t.Context(), parts(c, &rig.MemoryCache{}, clock, 4), model.Some(20_000), tell); err != nil {
		t.Fatal(err)
	}
	if most := int(clock.Now().Sub(dawn)/(250*time.Millisecond)) + 1; len(all) < 10 || len(all) > most {
		t.Fatalf("%d reports, 10 to %d expected", len(all), most)
	}
	// The other three workers move the clock between a report's turn and its telling.
	const late = 3 * 30 * time.Millisecond
	for i := 1; i < len(all); i++ {
		p := all[i]
		if p.Done < all[i-1].Done || p.Pages <= all[i-1].Pages || at[i].Sub(at[i-1]) < 250*time.Millisecond-late {
			t.Errorf("report %d: %+v after %s", i, p, at[i].Sub(at[i-1]))
		}
		// Rows at the joints of ranges come twice, so the end may be a little late.
		if p.Workers < 1 || p.Workers > 4 || p.Rate <= 0 || p.Left <= 0 && p.Done < 20_000 {
			t.Errorf("report %d: %+v", i, p)
		}
	}
}
