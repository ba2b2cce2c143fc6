package licensing

import (
	"context"
	"sync"
	"time"

	"seatdeck/model"
)

// progressEvery is the least time between two reports of one stage.
const progressEvery = 250 * time.Millisecond

// reporter passes progress on: one report at a time, at most four a second
// within a stage. The first report of a stage always comes through, and so does
// news of a pause that the instance ordered.
type reporter struct {
	clock Clock
	tell  func(model.Progress) // may be nil

	mu    sync.Mutex
	shown model.Progress // the last report, without facts
	wait  model.Wait     // the longest pause that requests keep
	last  time.Time
}

// report passes p on unless it comes too soon. tell must not block for long:
// the work waits for it.
func (r *reporter) report(p model.Progress) {
	if r.tell == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := r.clock.Now(); p.Stage != r.shown.Stage || now.Sub(r.last) >= progressEvery {
		r.pass(p, now)
	}
}

// pass hands a report over. The caller holds mu.
func (r *reporter) pass(p model.Progress, now time.Time) {
	if r.wait.Over(now) {
		r.wait = model.Wait{}
	}
	p.Wait, r.last = r.wait, now
	r.tell(p)
	p.Facts = nil
	r.shown = p
}

// waiting returns a context whose requests report the pauses that the instance
// orders, in the words of what is going on.
func (r *reporter) waiting(ctx context.Context) context.Context {
	if r.tell == nil {
		return ctx
	}
	return model.TellWaits(ctx, func(w model.Wait) {
		r.mu.Lock()
		defer r.mu.Unlock()
		if w.Until.After(r.wait.Until) {
			r.wait = w
		}
		r.pass(r.shown, r.clock.Now())
	})
}
