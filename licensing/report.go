package licensing

import (
	"sync"
	"time"

	"seatdeck/model"
)

// progressEvery is the least time between two reports of one stage.
const progressEvery = 250 * time.Millisecond

// reporter passes progress on: one report at a time, at most four a second
// within a stage. The first report of a stage always comes through.
type reporter struct {
	clock Clock
	tell  func(model.Progress) // may be nil

	mu    sync.Mutex
	stage model.Stage
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
	now := r.clock.Now()
	if p.Stage == r.stage && now.Sub(r.last) < progressEvery {
		return
	}
	r.stage, r.last = p.Stage, now
	r.tell(p)
}
