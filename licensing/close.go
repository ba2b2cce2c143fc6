package licensing

import (
	"context"
	"time"

	"seatdeck/model"
)

// closeGrace is how long closing lets running work come to its end by itself,
// and then once more how long it waits for a writer that was told to stop.
const closeGrace = 5 * time.Second

// Close stops what is running, waits for it to end, and releases what the desk
// holds: afterwards nothing of it writes anywhere. What is being kept at that
// moment may come to its end, for a few seconds; then its writer is stopped too.
func (d *Desk) Close() error {
	d.mu.Lock()
	d.closed = true
	begun := d.begun
	d.mu.Unlock()
	d.stop()
	if begun && !d.idle(closeGrace) {
		d.stopWriting()
		d.idle(closeGrace)
	}
	d.stopWriting()
	if d.p.Close == nil {
		return nil
	}
	return d.p.Close()
}

// idle waits until no work is running, and reports whether that came in time.
func (d *Desk) idle(within time.Duration) bool {
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	ended := make(chan struct{})
	go func() {
		d.running.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return true
	case <-ctx.Done():
		return false
	}
}

// begin starts a piece of work that ends with the desk: its context, and what
// is called when it is done. A closed desk begins nothing.
func (d *Desk) begin(ctx context.Context, op string) (context.Context, func(), error) {
	if d.p.Begin != nil {
		d.p.Begin()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil, nil, model.Fail(model.ClassCancelled, op, "the instance was closed meanwhile", "")
	}
	d.begun = true
	d.running.Add(1)
	ctx, release := joined(ctx, d.life)
	return ctx, func() { release(); d.running.Done() }, nil
}

// joined is ctx, ended by other as well.
func joined(ctx, other context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(other, cancel)
	return ctx, func() { stop(); cancel() }
}

// mortal is a cache whose writers end with a context, whatever else they were
// told to outlive.
type mortal struct {
	Cache
	life context.Context
}

// Save saves as long as the cache lives.
func (c mortal) Save(ctx context.Context, facts *model.Facts, roster *model.Roster) error {
	ctx, release := joined(ctx, c.life)
	defer release()
	return c.Cache.Save(ctx, facts, roster)
}

// SaveDraft saves as long as the cache lives.
func (c mortal) SaveDraft(ctx context.Context, draft Draft) error {
	ctx, release := joined(ctx, c.life)
	defer release()
	return c.Cache.SaveDraft(ctx, draft)
}

// Purge purges as long as the cache lives.
func (c mortal) Purge(ctx context.Context) error {
	ctx, release := joined(ctx, c.life)
	defer release()
	return c.Cache.Purge(ctx)
}
