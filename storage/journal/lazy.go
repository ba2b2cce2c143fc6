package journal

import (
	"context"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"seatdeck/model"
	"seatdeck/storage"
)

// Lazy is a journal that is opened at its first use. Where it cannot be opened
// every use says why, so that reading an instance goes on without a record
// while a change, which needs one, is refused.
type Lazy struct {
	open        func() (*Journal, error)
	openRunLock func() (*storage.Lock, error)
	used        atomic.Bool
}

// Later returns the journal of the place's folder, not opened yet.
func Later(c storage.Caller, place storage.Place, o Options) *Lazy {
	return &Lazy{
		open:        sync.OnceValues(func() (*Journal, error) { return Open(c, place, o) }),
		openRunLock: func() (*storage.Lock, error) { return openRunLock(c, place, o) },
	}
}

// In returns the journal of an instance in the places of this machine, by the
// machine's clocks, not opened yet. What an account kept for itself before the
// machine had shared places is read along.
func In(c storage.Caller, places storage.Places, instance string, who model.Who) *Lazy {
	o := Options{Who: who, Now: time.Now, Boot: storage.SinceBoot}
	if places.OtherState != "" {
		o.Others = []string{filepath.Join(places.OtherState, instance)}
	}
	return Later(c, places.State.In(instance), o)
}

// Append opens the journal if need be and appends; see [Journal.Append].
func (l *Lazy) Append(ctx context.Context, entries ...model.Entry) (int, error) {
	return opened(l, func(j *Journal) (int, error) { return j.Append(ctx, entries...) })
}

// Read opens the journal if need be and reads; see [Journal.Read].
func (l *Lazy) Read(ctx context.Context) ([]model.Entry, error) {
	return opened(l, func(j *Journal) ([]model.Entry, error) { return j.Read(ctx) })
}

// Own opens the journal if need be and reads it; see [Journal.Own].
func (l *Lazy) Own(ctx context.Context) ([]model.Entry, error) {
	return opened(l, func(j *Journal) ([]model.Entry, error) { return j.Own(ctx) })
}

// Old opens the journal if need be and looks; see [Journal.Old].
func (l *Lazy) Old(ctx context.Context, before time.Time) (model.OldRecords, error) {
	return opened(l, func(j *Journal) (model.OldRecords, error) { return j.Old(ctx, before) })
}

// Retain opens the journal if need be and drops; see [Journal.Retain].
func (l *Lazy) Retain(ctx context.Context, before time.Time) (model.OldRecords, error) {
	return opened(l, func(j *Journal) (model.OldRecords, error) { return j.Retain(ctx, before) })
}

// opened does something with the journal, or says why it cannot be opened.
func opened[T any](l *Lazy, do func(*Journal) (T, error)) (none T, err error) {
	l.used.Store(true)
	j, err := l.open()
	if err != nil {
		return none, err
	}
	return do(j)
}

// Close closes the journal if it was ever opened.
func (l *Lazy) Close() error {
	if !l.used.Load() {
		return nil
	}
	j, err := l.open()
	if err != nil {
		return nil
	}
	return j.Close()
}
