package ui

import "sync"

// mailbox hands the newest report of long work to the screen, and in the end
// what the work came to. Reports that come faster than they are taken join.
type mailbox[P, E any] struct {
	ready chan struct{}
	join  func(old, now P) P // of a report that nobody took and the next; nil keeps the next

	mu     sync.Mutex
	newest P
	unread bool
	end    E
	done   bool
}

func newMailbox[P, E any](join func(old, now P) P) *mailbox[P, E] {
	return &mailbox[P, E]{ready: make(chan struct{}, 1), join: join}
}

func (b *mailbox[P, E]) put(p P) {
	b.mu.Lock()
	if b.unread && b.join != nil {
		p = b.join(b.newest, p)
	}
	b.newest, b.unread = p, true
	b.mu.Unlock()
	b.wake()
}

func (b *mailbox[P, E]) finish(end E) {
	b.mu.Lock()
	b.end, b.done = end, true
	b.mu.Unlock()
	b.wake()
}

func (b *mailbox[P, E]) wake() {
	select {
	case b.ready <- struct{}{}:
	default:
	}
}

func (b *mailbox[P, E]) take() (P, E, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.unread = false
	return b.newest, b.end, b.done
}
