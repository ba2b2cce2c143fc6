package rig

import (
	"context"
	"sync"
	"time"
)

// Clock is the one clock of a rig. It stands still until it is moved.
//
// Waiting on it costs no time: Sleep moves the clock itself, so that retries
// and polling do not hang a test. After [Clock.Hold] it is the test alone that
// moves it, and Sleep returns when Advance has passed its end.
//
// In a bubble the clock is that of package time, shifted to the rig's start:
// then Sleep sleeps, and Advance sleeps too.
type Clock struct {
	shift time.Duration // in a bubble
	fake  bool          // in a bubble

	mu    sync.Mutex
	now   time.Time
	held  bool
	moved chan struct{} // closed and replaced when now moves
}

func newClock(start time.Time, bubble bool) *Clock {
	c := &Clock{fake: bubble, now: start.UTC(), moved: make(chan struct{})}
	if bubble {
		c.shift = time.Until(start)
	}
	return c
}

// Now returns the time in UTC.
func (c *Clock) Now() time.Time {
	if c.fake {
		return time.Now().Add(c.shift).UTC().Round(0)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock and wakes whoever waits on it.
func (c *Clock) Advance(d time.Duration) {
	if c.fake {
		time.Sleep(d)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.move(d)
}

// Back turns the clock back, as somebody may who sets a machine's time. It means
// nothing in a bubble.
func (c *Clock) Back(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(-max(d, 0))
}

func (c *Clock) move(d time.Duration) {
	c.now = c.now.Add(max(d, 0))
	close(c.moved)
	c.moved = make(chan struct{})
}

// Hold makes Sleep wait for Advance from now on. It means nothing in a bubble.
func (c *Clock) Hold() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = true
}

// Sleep waits for d, or until ctx ends and then returns its error.
func (c *Clock) Sleep(ctx context.Context, d time.Duration) error {
	if c.fake {
		return sleep(ctx, d)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	end := c.now.Add(d)
	for ctx.Err() == nil && c.now.Before(end) {
		if !c.held {
			c.move(d)
			break
		}
		moved := c.moved
		c.mu.Unlock()
		select {
		case <-moved:
		case <-ctx.Done():
		}
		c.mu.Lock()
	}
	return ctx.Err()
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
