package licensing

import (
	"context"
	"slices"
	"sync"
	"time"

	"seatdeck/model"
)

// The figures of a pull. The console runs on somebody's production server, so
// it begins gently and grows only while the instance answers as fast as before
// (design §3).
const (
	pullStart     = 2                      // workers at the beginning
	pullCap       = 8                      // workers at most, unless the profile says otherwise
	pullLimit     = 16                     // and never more than this
	basePages     = 4                      // pages whose median is the base time
	slowFactor    = 1.5                    // a page slower than this many base times stops the growth
	worstFactor   = 3.0                    // a page slower than this many base times halves the workers
	slowFloor     = 200 * time.Millisecond // faster than this is never called slow
	minSplit      = time.Minute            // a range with less than this left is not split
	draftEvery    = 10 * time.Second       // how often what was read is kept
	draftMaxAge   = 6 * time.Hour          // an older unfinished pull is begun anew
	maxPages      = 20_000                 // two million accounts; more is a server that never ends
	progressEvery = 250 * time.Millisecond // at most four reports a second
)

// puller reads all accounts of an instance as keyset chains over ranges of
// creation times, which are split while there are idle workers. GitLab includes
// both ends of a range, so accounts at a border come twice; the roster builder
// keeps each id once.
type puller struct {
	inst  Instance
	cache Cache
	clock Clock
	limit int // workers at most
	about model.Opt[int]
	tell  func(model.Progress)

	mu      sync.Mutex
	wake    *sync.Cond
	pieces  []*piece
	span    Range // creation times of the first and the last account
	build   *model.RosterBuilder
	started time.Time
	resumed int // accounts that came from a draft
	pages   int
	pace    pace
	running int // workers alive
	err     error
	drafts  draftKeeper
	told    time.Time
}

// piece is one range and how far its chain has come.
type piece struct {
	Piece
	busy bool
	seen time.Time // creation time of the newest account read
}

// newPuller returns a puller with at most limit workers; 0 means the default.
func newPuller(inst Instance, cache Cache, clock Clock, limit int, about model.Opt[int], tell func(model.Progress)) *puller {
	if limit <= 0 {
		limit = pullCap
	}
	limit = min(limit, pullLimit)
	p := &puller{
		inst: inst, cache: cache, clock: clock, limit: limit, about: about, tell: tell,
		started: clock.Now(), pace: pace{want: min(pullStart, limit), limit: limit},
	}
	p.wake = sync.NewCond(&p.mu)
	p.build = model.NewRosterBuilder(about.Or(1024))
	p.drafts.last = p.started
	return p
}

// pull reads the roster, going on from a draft if the cache has a usable one.
// On failure the accounts read so far come back as a partial roster beside the
// error, and what is whole is kept for the next try.
func (p *puller) pull(ctx context.Context) (*model.Roster, error) {
	err := p.plan(ctx)
	if err == nil {
		p.resume(ctx)
		err = p.run(ctx)
	}
	if err != nil {
		p.keepDraft(context.WithoutCancel(ctx), true)
	}
	return p.build.Build(model.Live(p.clock.Now()), err == nil), err
}

// plan finds the creation times of the first and the last account, between
// which ranges can be halved. The whole range itself stays open at both ends,
// so that accounts created meanwhile are read too.
func (p *puller) plan(ctx context.Context) error {
	first, err := p.inst.Accounts(ctx, PageRequest{Size: 1})
	if err != nil {
		return err
	}
	last, err := p.inst.Accounts(ctx, PageRequest{Size: 1, Desc: true})
	if err != nil {
		return err
	}
	if len(first.Created) > 0 && len(last.Created) > 0 {
		p.span = Range{From: first.Created[0], To: last.Created[0]}
	}
	p.pieces = []*piece{{seen: p.span.From}}
	return nil
}

// resume takes up a draft that is not too old. A damaged one is left alone and
// replaced by the next.
func (p *puller) resume(ctx context.Context) {
	d, err := p.cache.Draft(ctx)
	if err != nil || len(d.Pieces) == 0 || p.clock.Now().Sub(d.Started) > draftMaxAge {
		return
	}
	var pieces []*piece
	build := model.NewRosterBuilder(p.about.Or(1024))
	resumed := 0
	for _, kept := range d.Pieces {
		accounts, err := model.DecodeBatches(kept.Batch)
		if err != nil {
			return
		}
		for _, a := range accounts {
			build.Add(a)
		}
		resumed += len(accounts)
		pieces = append(pieces, &piece{Piece: kept, seen: kept.Range.From})
	}
	p.pieces, p.build, p.resumed, p.started = pieces, build, resumed, d.Started
}

// run keeps as many workers as the pace wants until every piece is done.
func (p *puller) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(ctx, p.wake.Broadcast)
	defer stop()

	var workers sync.WaitGroup
	p.mu.Lock()
	for p.err == nil && !p.finished() {
		if ctx.Err() != nil {
			p.err = ctx.Err()
			break
		}
		for p.running < p.pace.want {
			q := p.take()
			if q == nil {
				break
			}
			p.running++
			workers.Go(func() { p.work(ctx, q) })
		}
		p.wake.Wait()
	}
	err := p.err
	p.mu.Unlock()
	if err != nil {
		cancel()
	}
	workers.Wait()
	return err
}

// finished reports whether every account was read. The caller holds mu.
func (p *puller) finished() bool {
	return !slices.ContainsFunc(p.pieces, func(q *piece) bool { return !q.Done })
}

// take returns a piece to work on: an idle one, else the far half of the busy
// one with the most left. The caller holds mu.
func (p *puller) take() *piece {
	for _, q := range p.pieces {
		if !q.Done && !q.busy {
			q.busy = true
			return q
		}
	}
	var widest *piece
	var most time.Duration
	for _, q := range p.pieces {
		if left := p.left(q); q.busy && !q.Done && left > most {
			widest, most = q, left
		}
	}
	if widest == nil || most < minSplit {
		return nil
	}
	mid := p.from(widest).Add(most / 2).Truncate(time.Second)
	far := &piece{Piece: Piece{Range: Range{From: mid, To: widest.Range.To}}, busy: true, seen: mid}
	widest.Range.To = mid
	p.pieces = append(p.pieces, far)
	return far
}

func (p *puller) from(q *piece) time.Time {
	if q.seen.After(p.span.From) {
		return q.seen
	}
	return p.span.From
}

// left is how much creation time a piece still has to read.
func (p *puller) left(q *piece) time.Duration {
	to := q.Range.To
	if to.IsZero() {
		to = p.span.To
	}
	return to.Sub(p.from(q))
}

// work reads one piece to its end, or until there are more workers than wanted.
func (p *puller) work(ctx context.Context, q *piece) {
	for {
		p.mu.Lock()
		req := PageRequest{Range: q.Range, Cursor: q.Cursor}
		p.mu.Unlock()
		page, err := p.inst.Accounts(ctx, req)
		if err == nil {
			err = inRange(page, req.Range)
		}
		done := p.landed(q, page, err)
		if !done {
			p.keepDraft(ctx, false)
			continue
		}
		return
	}
}

// landed takes a page in and reports whether the worker should end.
func (p *puller) landed(q *piece, page Page, err error) (end bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err == nil && p.pages >= maxPages {
		err = model.Fail(model.ClassMalformed, model.OpUsers.What,
			"the list of accounts does not end", "report this with the version of the instance")
	}
	if err != nil || p.err != nil {
		if p.err == nil {
			p.err = err
		}
		return p.leave(q)
	}
	p.pages++
	for _, a := range page.Accounts {
		p.build.Add(a)
	}
	if n := len(page.Created); n > 0 {
		q.seen = page.Created[n-1]
	}
	q.Batch = model.AppendBatch(q.Batch, page.Accounts)
	q.Cursor = page.Next
	q.Done = page.Next == ""
	p.pace.page(page.Took)
	p.report()
	if q.Done || p.running > p.pace.want {
		return p.leave(q)
	}
	if p.running < p.pace.want {
		p.wake.Signal()
	}
	return false
}

// leave ends a worker. The caller holds mu.
func (p *puller) leave(q *piece) bool {
	q.busy = false
	p.running--
	p.wake.Broadcast()
	return true
}

// inRange refuses a page with accounts from outside its range: an instance that
// drops the filters silently, as GitLab does for callers without effective
// administrator rights (contract §5.1), would be read once for every range.
func inRange(page Page, r Range) error {
	for _, t := range page.Created {
		if !r.From.IsZero() && t.Before(r.From.Truncate(time.Second)) || !r.To.IsZero() && t.After(r.To.Add(time.Second)) {
			return model.Fail(model.ClassDenied, model.OpUsers.What,
				"the instance ignores the creation date filters, as it does without administrator rights",
				"use an administrator's token with the scopes read_api and admin_mode")
		}
	}
	return nil
}

// report tells how far the pull has come. The caller holds mu.
func (p *puller) report() {
	now := p.clock.Now()
	if now.Sub(p.told) < progressEvery {
		return
	}
	p.told = now
	done := p.build.Len()
	g := model.Progress{Stage: model.StageRoster, Done: done, About: p.about, Pages: p.pages, Workers: p.running}
	if took := now.Sub(p.started); took > 0 {
		g.Rate = float64(done-p.resumed) / took.Seconds()
	}
	if about, ok := p.about.Get(); ok && g.Rate > 0 && about > done {
		g.Left = time.Duration(float64(about-done) / g.Rate * float64(time.Second))
	}
	p.tell(g)
}
