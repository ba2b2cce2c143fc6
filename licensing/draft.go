package licensing

import (
	"context"
	"time"
)

// draftKeeper remembers when an unfinished pull was last kept, and what that
// cost: a draft is written seldom enough to take at most a twentieth of the
// time.
type draftKeeper struct {
	last time.Time
	cost time.Duration
	busy bool
}

func (k *draftKeeper) due(now time.Time) bool {
	return !k.busy && now.Sub(k.last) >= max(draftEvery, 20*k.cost)
}

// keepDraft writes what was read so far to the cache when it is time to, or
// now when forced. A draft that cannot be written costs only the resumption,
// so its error is dropped: the cache is disposable by design.
func (p *puller) keepDraft(ctx context.Context, force bool) {
	p.mu.Lock()
	if !force && !p.drafts.due(p.clock.Now()) {
		p.mu.Unlock()
		return
	}
	p.drafts.busy = true
	d := Draft{Started: p.started}
	for _, q := range p.pieces {
		d.Pieces = append(d.Pieces, q.Piece)
	}
	read := p.build.Len()
	p.mu.Unlock()

	from := p.clock.Now()
	if read > 0 {
		_ = p.cache.SaveDraft(ctx, d)
	}

	p.mu.Lock()
	p.drafts.busy = false
	p.drafts.last = p.clock.Now()
	p.drafts.cost = p.drafts.last.Sub(from)
	p.mu.Unlock()
}
