package model

import (
	"context"
	"time"
)

// Wait is a pause that the instance ordered before its next answer
// (Retry-After). The zero value is none.
type Wait struct {
	For   time.Duration // as the instance asked
	Until time.Time     // when the next request goes out
}

// Over reports whether nothing has to be waited for at a time.
func (w Wait) Over(now time.Time) bool { return !w.Until.After(now) }

type waitsKey struct{}

// TellWaits returns a context whose requests tell of every pause that they keep,
// and of its end by the zero Wait. tell is called from several goroutines, and
// must not block.
func TellWaits(ctx context.Context, tell func(Wait)) context.Context {
	return context.WithValue(ctx, waitsKey{}, tell)
}

// ToldWait tells whoever asked with [TellWaits] of a pause.
func ToldWait(ctx context.Context, w Wait) {
	if tell, ok := ctx.Value(waitsKey{}).(func(Wait)); ok {
		tell(w)
	}
}
