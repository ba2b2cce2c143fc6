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
	pullStart = 2           // workers at the beginning
	pullCap   = 8           // workers at most, unless the profile says otherwise
	pullLimit = 16          // and never more than this
	maxPages  = 20_000      // two million accounts; more is a server that never ends
	maxHint   = 1 << 20     // accounts that room is made for on the instance's word
	grain     = time.Second // creation times may be shown cut to this
	minSplit  = 2 * grain   // a range with less creation time left is not split
	thinShare = 4           // of so many pages one may come thin because of a split
	thinFree  = 4           // and so many more

	splitPages = 2.0 // nor is one with fewer pages left, as far as anybody can tell
	usualPage  = 100 // accounts
)

// puller reads all accounts of an instance as keyset chains over ranges of
// creation times, which are split while there are idle workers.
//
// GitLab includes both ends of a range, and both halves of a split get the
// moment of the split as an end, so that no account falls between them;
// accounts at a border come twice, and the roster builder keeps each id once.
// A chain that was split goes on with its cursor and a nearer end: GitLab's
// cursor is a place in the order of ids and knows nothing of the range (contract
// §5.2). Where pages are numbered instead (before 16.5), a nearer end must not
// shift the pages already read. It does not: it lies behind the newest creation
// time among them, and a page that was under way across it is asked for again.
type puller struct {
	inst  Instance
	cache Cache
	clock Clock
	about model.Opt[int]
	tell  func(model.Progress)
	began time.Time

	mu      sync.Mutex
	wake    *sync.Cond
	pieces  []*piece
	span    Range         // creation times of the first and the last account
	usual   time.Duration // creation time that a page would cover if accounts had come evenly
	build   *model.RosterBuilder
	since   time.Time // when the oldest account was read, at the earliest
	resumed int       // accounts that came from a draft
	pages   int
	full    int // accounts in the fullest page
	thin    int // pages less than half as full, asked for because ranges were split
	pace    pace
	running int // workers alive
	err     error
	drafts  draftKeeper
}

// piece is one range and how far its chain has come.
type piece struct {
	Piece
	busy   bool
	newest time.Time     // newest creation time read
	step   time.Duration // creation time that a page covers about here
}

// reach moves the piece's newest creation time on.
func (q *piece) reach(t time.Time) {
	if t.After(q.newest) {
		q.newest = t
	}
}

// newPuller returns a puller with the desk's parts; about is how many accounts
// there may be.
func newPuller(parts Parts, about model.Opt[int], tell func(model.Progress)) *puller {
	limit := parts.Workers
	if limit <= 0 {
		limit = pullCap
	}
	p := &puller{
		inst: parts.Instance, cache: parts.Cache, clock: parts.Clock, about: about, tell: tell,
		began: parts.Clock.Now(), pace: newPace(min(limit, pullLimit)),
	}
	p.wake = sync.NewCond(&p.mu)
	p.drafts.last = p.began
	return p
}

// begin forgets everything read and starts with one range, open at both ends,
// so that accounts created meanwhile are read too.
func (p *puller) begin() {
	p.pieces = []*piece{{step: p.usual}}
	p.build, p.since, p.resumed, p.err = p.builder(), p.began, 0, nil
}

func (p *puller) builder() *model.RosterBuilder {
	return model.NewRosterBuilder(min(p.about.Or(1024), maxHint))
}

// pull reads the roster, going on from a draft if the cache has a usable one.
// On failure the accounts read so far come back as a partial roster beside the
// error, and are kept for the next try. The roster is as old as the oldest page
// in it.
func (p *puller) pull(ctx context.Context) (*model.Roster, error) {
	if err := p.ends(ctx); err != nil {
		return model.NewRoster(nil, model.Live(p.began), false), err
	}
	resumed := p.resume(ctx)
	if !resumed {
		p.begin()
	}
	err := p.run(ctx)
	if resumed && err != nil && outlived(err) {
		p.begin()
		err = p.run(ctx)
	}
	if err != nil {
		p.keepDraft(context.WithoutCancel(ctx), true)
	}
	p.pieces = nil // the builder has their accounts too, and the roster is to be a third copy
	return p.build.Build(model.Live(p.since), err == nil), err
}

// ends finds the creation times of the first and the last account, between
// which ranges can be halved.
func (p *puller) ends(ctx context.Context) error {
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
		p.usual = p.span.To.Sub(p.span.From) / time.Duration(max(1, p.about.Or(0)/usualPage))
	}
	return nil
}

// run keeps as many workers as the pace wants until every piece is done or one
// failed. Cancelling ctx makes them fail. No worker is left when it returns.
func (p *puller) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var workers sync.WaitGroup
	p.mu.Lock()
	for p.err == nil && !p.finished() {
		for p.running < p.pace.want {
			q := p.take()
			if q == nil {
				break
			}
			p.running++
			workers.Go(func() { p.worker(ctx, q) })
		}
		p.wake.Wait() // for a worker that ends, or for the pace to want more
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
// one with the most pages left, nil when nothing is worth splitting. Nobody
// knows how many accounts a half holds, so the price is watched: where halves
// bring thin pages, fewer are made. The caller holds mu.
func (p *puller) take() *piece {
	for _, q := range p.pieces {
		if !q.Done && !q.busy {
			q.busy = true
			return q
		}
	}
	if p.thin > thinFree+p.pages/thinShare {
		return nil
	}
	var longest *piece
	most := splitPages
	for _, q := range p.pieces {
		if left := p.left(q); q.busy && left >= minSplit && left.Seconds() >= most*q.step.Seconds() {
			longest, most = q, left.Seconds()/max(q.step, time.Millisecond).Seconds()
		}
	}
	if longest == nil {
		return nil
	}
	// GitLab is asked in milliseconds; the moment must be the same for both.
	mid := p.from(longest).Add(p.left(longest) / 2).Truncate(time.Millisecond)
	far := &piece{Piece: Piece{Range: Range{From: mid, To: longest.Range.To}}, busy: true, newest: mid, step: p.usual}
	longest.Range.To = mid
	p.pieces = append(p.pieces, far)
	return far
}

// from is the creation time up to which a piece was read.
func (p *puller) from(q *piece) time.Time {
	if q.newest.After(p.span.From) {
		return q.newest
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

// worker works on a piece. A fault of this program ends the pull as a failed
// page does; it cannot come from a worker that has left already.
func (p *puller) worker(ctx context.Context, q *piece) {
	err := guarded(model.OpUsers.What, func() error { p.work(ctx, q); return nil })
	if err == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err == nil {
		p.err = err
	}
	p.leave(q)
}

// work reads one piece to its end, or until there are more workers than wanted.
func (p *puller) work(ctx context.Context, q *piece) {
	for {
		p.mu.Lock()
		req := PageRequest{Range: q.Range, Cursor: q.Cursor}
		p.mu.Unlock()
		page, err := p.inst.Accounts(ctx, req)
		if !p.landed(q, req, page, err) {
			return
		}
		p.keepDraft(ctx, false)
	}
}

// landed takes a page in and reports whether the worker should go on.
func (p *puller) landed(q *piece, req PageRequest, page Page, err error) bool {
	var batch []byte // encoded before the others have to wait
	if len(page.Accounts) > 0 {
		batch = model.AppendBatch(nil, page.Accounts)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err == nil && p.pages >= maxPages {
		err = model.Fail(model.ClassMalformed, model.OpUsers.What,
			"the list of accounts does not end", "report this with the version of the instance")
	}
	if err != nil {
		if p.err == nil {
			p.err = err
		}
		return p.leave(q)
	}
	p.pages++
	p.full = max(p.full, len(page.Accounts))
	if 2*len(page.Accounts) < p.full {
		p.thin++
	}
	p.pace.page(page.Took)
	if !req.Range.To.Equal(q.Range.To) && slices.ContainsFunc(page.Created, func(t time.Time) bool { return t.Add(grain).After(q.Range.To) }) {
		return true // split meanwhile, and perhaps across this page
	}
	for _, a := range page.Accounts {
		p.build.Add(a)
	}
	if n := len(page.Created); n > 0 {
		q.step = page.Created[n-1].Sub(page.Created[0])
	}
	for _, t := range page.Created {
		q.reach(t)
	}
	q.Batch = append(q.Batch, batch...)
	q.Cursor, q.Done = page.Next, page.Next == ""
	p.report()
	if q.Done || p.err != nil || p.running > p.pace.want {
		return p.leave(q)
	}
	if p.running < p.pace.want {
		p.wake.Signal()
	}
	return true
}

// leave ends a worker. The caller holds mu.
func (p *puller) leave(q *piece) bool {
	q.busy = false
	p.running--
	p.wake.Signal()
	return false
}

// report tells how far the pull has come. The caller holds mu.
func (p *puller) report() {
	done := p.build.Len()
	g := model.Progress{Stage: model.StageRoster, Done: done, About: p.about, Pages: p.pages, Workers: p.running}
	if took := p.clock.Now().Sub(p.began); took > 0 {
		g.Rate = float64(done-p.resumed) / took.Seconds()
	}
	if about, ok := p.about.Get(); ok && g.Rate > 0 && about > done {
		g.Left = time.Duration(float64(about-done) / g.Rate * float64(time.Second))
	}
	p.tell(g)
}
