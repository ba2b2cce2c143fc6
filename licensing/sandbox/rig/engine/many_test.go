package engine

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"seatdeck/licensing"
	"seatdeck/model"
)

// names are n things.
func names(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("t%02d", i)
	}
	return out
}

// TestMany: many steps go by 1, 10, the rest, each with its own records.
func TestMany(t *testing.T) {
	s := newServer(t)
	w := newWorld(t, s)
	d := w.opened(t)
	all := names(25)
	p := plan(t, d, all...)
	batches := map[int]int{}
	res, err := d.Apply(t.Context(), p, agree(t, p), func(x model.ActProgress) {
		if x.Stage == model.StageTrigger {
			batches[x.Batch]++
		}
	})
	if err != nil || res.Outcome != model.OutcomeConfirmed || res.Done != 25 || res.ExitCode() != 0 {
		t.Fatalf("%s, %d done, %v", res.Outcome, res.Done, err)
	}
	if batches[1] != 1 || batches[2] != 10 || batches[3] != 14 {
		t.Errorf("batches %v", batches)
	}
	if got, repeated := s.got(); !slices.Equal(got, all) || repeated {
		t.Errorf("sent %q", got)
	}
	if r := runs(t, w)[0]; r.Done != 25 || r.Of != 25 || len(r.Changes()) != 25 || r.Open {
		t.Errorf("the journal tells of %d of %d", r.Done, r.Of)
	}
}

// TestManyStopsAtTheFirstSurprise, wherever it comes.
func TestManyStopsAtTheFirstSurprise(t *testing.T) {
	tests := map[behaviour]model.Outcome{
		liar: model.OutcomeNoEffect, cutBefore: model.OutcomeUnknown, refuses: model.OutcomeRefused, fails: model.OutcomeFailed, other: model.OutcomeNoEffect,
	}
	for b, want := range tests {
		for _, at := range []int{0, 1, 11} {
			s := newServer(t)
			s.behaveBy(func(name string) behaviour {
				if name == names(25)[at] {
					return b
				}
				return honest
			})
			w := newWorld(t, s)
			d := w.opened(t)
			res, err := apply(t, d, plan(t, d, names(25)...))
			exit := 3 // partly done
			if at == 0 || want == model.OutcomeUnknown {
				exit = want.ExitCode()
			}
			if err != nil || res.Outcome != want || res.Done != at || res.ExitCode() != exit || len(res.Steps) != at+1 {
				t.Errorf("%s at %d: %s, %d done, exit %d, %v", b, at, res.Outcome, res.Done, res.ExitCode(), err)
			}
			if got, _ := s.got(); len(got) != at+1 {
				t.Errorf("%s at %d: sent %d", b, at, len(got))
			}
			if r := runs(t, w)[0]; r.Outcome != want || r.Done != at || r.Of != 25 {
				t.Errorf("%s at %d: the journal tells %s, %d of %d", b, at, r.Outcome, r.Done, r.Of)
			}
		}
	}
}

// TestManyChangedInBetween: each target is read again right before its request,
// and one that somebody changed meanwhile is not touched.
func TestManyChangedInBetween(t *testing.T) {
	for _, at := range []int{0, 1, 10, 11} {
		s := newServer(t)
		w := newWorld(t, s)
		p := plan(t, w.opened(t), names(12)...)
		steps := 0
		w.reach = func(point string) {
			if point == "after the intent" {
				if steps == at {
					s.set(names(12)[at], "elsewhere")
				}
				steps++
			}
		}
		res, err := apply(t, w.opened(t), p)
		if res.Outcome != model.OutcomeNotSent || res.Done != at || (err == nil) != (at > 0) || res.Err == nil || res.Err.Class != model.ClassChanged {
			t.Errorf("at %d: %s, %d done, %v, %v", at, res.Outcome, res.Done, res.Err, err)
		}
		if got, _ := s.got(); len(got) != at || s.shows(names(12)[at]) != "elsewhere" {
			t.Errorf("at %d: sent %q", at, got)
		}
	}
}

// TestManyIsCheckedAgain: before each batch the plan must still hold. A token
// that is another's by then ends it.
func TestManyIsCheckedAgain(t *testing.T) {
	s := newServer(t)
	w := newWorld(t, s)
	p := plan(t, w.opened(t), names(25)...)
	asked := 0
	w.ahead = 14 * time.Minute // one minute is left
	w.reach = func(point string) {
		if point == "operator" {
			asked++
		}
	}
	if _, err := apply(t, w.opened(t), p); err != nil || asked != 3 {
		t.Errorf("whose token it is was asked %d times, %v", asked, err)
	}
}

// TestManyKilled: a killed process leaves the exact split on record, and the
// rest is not sent by anybody.
func TestManyKilled(t *testing.T) {
	s := newServer(t)
	w := newWorld(t, s)
	p := plan(t, w.opened(t), names(25)...)
	arrived, resume := s.halt("t07")
	c := start(t, errand{Dir: w.dir, URL: w.url, Plan: p, Die: ""})
	<-arrived
	c.kill(t)
	resume()
	s.idle()
	r := settled(t, w.later())[0]
	if r.Open || r.Done != 8 || r.Of != 25 || r.Outcome.Good() || r.Note.String() != "it ended after 8 of 25" {
		t.Errorf("%s (%s), %d of %d, open %v", r.Outcome, r.Note, r.Done, r.Of, r.Open)
	}
	if res, err := apply(t, w.opened(t), p); class(err) != model.ClassRefused || res.Sent() {
		t.Errorf("%+v, %v", res, err)
	}
	if got, repeated := s.got(); len(got) != 8 || repeated {
		t.Errorf("sent %q", got)
	}
}

// TestOverlap: fifty acts at the same moment. One request is being served at a
// time; who does not get the turn is told who has it.
func TestOverlap(t *testing.T) {
	s := newServer(t)
	w := newWorld(t, s)
	arrived, resume := s.halt("")
	type ending struct {
		res model.Result
		err error
	}
	ends := make(chan ending, 50)
	var all sync.WaitGroup
	for i := range 50 {
		d := w.opened(t)
		p := plan(t, d, names(50)[i])
		all.Go(func() {
			res, err := apply(t, d, p)
			ends <- ending{res, err}
		})
	}
	<-arrived
	for range 49 {
		e := <-ends
		if class(e.err) != model.ClassLocked || e.res.Sent() || model.ExitCode(e.err) != 75 || !strings.Contains(e.err.Error(), "of user alice since") {
			t.Errorf("%+v, %v", e.res, e.err)
		}
	}
	resume()
	if e := <-ends; e.err != nil || e.res.Outcome != model.OutcomeConfirmed {
		t.Errorf("%+v, %v", e.res, e.err)
	}
	all.Wait()
	if got, _ := s.got(); len(got) != 1 || s.most != 1 || len(runs(t, w)) != 1 {
		t.Errorf("sent %q, %d at a time", got, s.most)
	}
}

// TestOverlapByTurns: acts that are patient enough all get their turn, one at a
// time.
func TestOverlapByTurns(t *testing.T) {
	s := newServer(t)
	w := newWorld(t, s)
	var all sync.WaitGroup
	for i := range 8 {
		d := w.opened(t)
		all.Go(func() {
			for {
				if err := d.Await(t.Context(), time.Minute); err != nil {
					t.Error(err)
					return
				}
				res, err := apply(t, d, plan(t, d, names(8)[i]))
				if class(err) == model.ClassLocked {
					continue // somebody was quicker
				}
				if err != nil || res.Outcome != model.OutcomeConfirmed {
					t.Errorf("%+v, %v", res, err)
				}
				return
			}
		})
	}
	all.Wait()
	if got, repeated := s.got(); len(got) != 8 || repeated || s.most != 1 {
		t.Errorf("sent %q, %d at a time", got, s.most)
	}
}

// TestAwait names who is at work, and gives up in time.
func TestAwait(t *testing.T) {
	s := newServer(t)
	w := newWorld(t, s)
	arrived, resume := s.halt("")
	c := start(t, errand{Dir: w.dir, URL: w.url, Plan: plan(t, w.opened(t), "a"), Die: ""})
	<-arrived
	d := w.opened(t)
	err := d.Await(t.Context(), 150*time.Millisecond)
	if class(err) != model.ClassLocked || !strings.Contains(err.Error(), fmt.Sprintf("process %d", c.cmd.Process.Pid)) {
		t.Errorf("%v", err)
	}
	resume()
	if err := d.Await(t.Context(), time.Minute); err != nil {
		t.Error(err)
	}
	c.line()
	if err := c.cmd.Wait(); err != nil {
		t.Error(err)
	}
	if s.shows("a") != "on" {
		t.Error("it waited for nothing")
	}
	none := licensing.NewDesk(licensing.Parts{})
	if err := none.Await(t.Context(), 0); class(err) != model.ClassInternal {
		t.Errorf("a desk without a lock: %v", err)
	}
}
