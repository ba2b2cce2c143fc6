package licensing

import (
	"context"
	"time"

	"seatdeck/model"
)

const (
	draftEvery  = 10 * time.Second // how often what was read is kept
	draftShare  = 20               // and at most this part of the time is spent on it
	draftTime   = 10 * time.Second // how long keeping may take; somebody may be waiting for the end
	draftMaxAge = 6 * time.Hour    // an older unfinished pull is begun anew
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
	return !k.busy && now.Sub(k.last) >= max(draftEvery, draftShare*k.cost)
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
	d := Draft{Started: p.since}
	for _, q := range p.pieces {
		d.Pieces = append(d.Pieces, q.Piece)
	}
	read := p.build.Len()
	p.mu.Unlock()

	from := p.clock.Now()
	if read > 0 {
		ctx, cancel := context.WithTimeout(ctx, draftTime)
		defer cancel()
		_ = p.cache.SaveDraft(ctx, d)
	}

	p.mu.Lock()
	p.drafts.busy = false
	p.drafts.last = p.clock.Now()
	p.drafts.cost = p.drafts.last.Sub(from)
	p.mu.Unlock()
}

// resume takes up a draft that is not too old, and reports whether there was
// one. A damaged one is left alone and replaced by the next.
func (p *puller) resume(ctx context.Context) bool {
	d, err := p.cache.Draft(ctx)
	age := p.clock.Now().Sub(d.Started)
	if err != nil || len(d.Pieces) == 0 || age < 0 || age > draftMaxAge {
		return false
	}
	pieces := make([]*piece, len(d.Pieces))
	build := p.builder()
	for i, kept := range d.Pieces {
		accounts, err := model.DecodeBatches(kept.Batch)
		if err != nil {
			return false
		}
		q := &piece{Piece: kept, newest: kept.Range.From, step: p.usual}
		for _, a := range accounts {
			build.Add(a)
			// Only the day is kept of a creation time: be sure to lie behind it.
			q.reach(a.Created.Add(1).Time())
		}
		pieces[i] = q
	}
	p.pieces, p.build, p.resumed, p.since = pieces, build, build.Len(), d.Started
	return true
}

// outlived reports whether an error may come from going on with a draft: from
// a cursor that the instance, upgraded in between, does not take any more.
func outlived(err error) bool {
	switch model.AsError("", err).Class {
	case model.ClassUsage, model.ClassRefused, model.ClassMalformed, model.ClassFailed:
		return true
	}
	return false
}
