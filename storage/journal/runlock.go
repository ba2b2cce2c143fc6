package journal

import (
	"cmp"
	"context"
	"errors"
	"path/filepath"
	"sync"
	"time"

	"seatdeck/model"
	"seatdeck/storage"
)

const (
	// runLockName is the file, beside the record, by which acts take turns. It
	// is another one than the journal's own, which is held for moments only.
	runLockName = "run.lock"
	// runLockPoll is how often a waiting act asks again: a run takes seconds.
	runLockPoll = 100 * time.Millisecond
)

// Acquire takes the run lock of the record: it lets one act at a time change the
// instance, among all processes that share the record, and dies with its
// process. While it stays taken, as long as patience says (none means one try),
// the error is of class locked and names the holder; it is of class storage when
// this machine cannot lock. release gives the lock back and may be called more
// than once.
func (l *Lazy) Acquire(ctx context.Context, patience time.Duration) (release func(), err error) {
	// Every holder opens the file anew, so that two desks of one process take
	// turns as well.
	lock, err := l.openRunLock()
	if err != nil {
		return nil, fail(err)
	}
	if err := waitFor(ctx, lock, patience); err != nil {
		_ = lock.Close()
		return nil, heldByAct(err)
	}
	return sync.OnceFunc(func() {
		_ = lock.Release() // closing the file gives it back whatever happens
		_ = lock.Close()
	}), nil
}

func openRunLock(c storage.Caller, place storage.Place, o Options) (*storage.Lock, error) {
	if err := storage.EnsureDir(c, place); err != nil {
		return nil, err
	}
	return storage.OpenLock(c, filepath.Join(place.Dir, runLockName), place.Modes, o.Who.User, o.Now)
}

// waitFor asks for the lock now and then, much more rarely than a lock does
// that is held for moments.
func waitFor(ctx context.Context, l *storage.Lock, patience time.Duration) error {
	patient, done := context.WithTimeout(ctx, max(patience, 0))
	defer done()
	again := time.NewTicker(runLockPoll)
	defer again.Stop()
	for {
		err := l.Acquire(ctx, -1)
		if f, ok := errors.AsType[*storage.Fault](err); !ok || f.Kind != storage.KindHeld {
			return err
		}
		select {
		case <-patient.Done():
			// The end of ctx ends patience too, and is another answer.
			return cmp.Or(ctx.Err(), err)
		case <-again.C:
		}
	}
}

// heldByAct words a lock that is taken: it is a change under way that holds it.
func heldByAct(err error) error {
	f, ok := errors.AsType[*storage.Fault](err)
	if !ok || f.Kind != storage.KindHeld {
		return fail(err)
	}
	return model.Fail(model.ClassLocked, "change the instance", "another change is under way, "+f.Msg, "wait until it has finished and try again").Because(f)
}
