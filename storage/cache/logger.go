package cache

import (
	"fmt"
	"sync"
)

// capture is the database's logger. Badger tells some damage to its logger and
// to nobody else (faults F8), so it is never nil, and the first complaint is
// kept and turned into an error.
type capture struct {
	mu    sync.Mutex
	first string
}

// complaint returns the first error that was logged.
func (c *capture) complaint() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.first
}

func (c *capture) keep(format string, args []any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.first == "" {
		c.first = fmt.Sprintf(format, args...)
	}
}

// Errorf keeps the first error.
func (c *capture) Errorf(format string, args ...any) { c.keep(format, args) }

// Warningf does nothing: Badger warns of things that are as they should be.
func (*capture) Warningf(string, ...any) {}

// Infof does nothing.
func (*capture) Infof(string, ...any) {}

// Debugf does nothing.
func (*capture) Debugf(string, ...any) {}
