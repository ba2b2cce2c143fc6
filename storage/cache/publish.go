package cache

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/dgraph-io/badger/v4"
)

// snapshot is what counts at a moment.
type snapshot struct {
	current        // zero: there are no facts
	seal    []byte // of the facts, as it lay there
	path    string // of their database; empty when there is none
}

// newest looks at what counts. Facts that were not closed, or do not add up, are
// repaired or set aside first.
func (w *work) newest(ctx context.Context) (snapshot, error) {
	release, err := share(ctx, factsDB.lockPath(w.Dir), w.Modes, w.Wait)
	if err != nil {
		return snapshot{}, err
	}
	now, err := w.look()
	release()
	if !errors.Is(err, errUnclean) && !errors.Is(err, ErrDamaged) {
		return now, err
	}
	err = w.holding(ctx, factsDB, func() (err error) {
		if err = w.repair(ctx, factsDB); err == nil || errors.Is(err, ErrDamaged) {
			now, err = w.look()
		}
		return err
	})
	return now, err
}

// look is newest for who holds the lock.
func (w *work) look() (now snapshot, err error) {
	if now.seal, err = factsDB.sealBytes(w.Dir); err != nil {
		return now, err
	}
	st, path, err := factsDB.inspect(w.Dir)
	if now.path = path; err != nil {
		return now, err
	}
	switch st {
	case stateNewer:
		return now, ErrNewer
	case stateUnclean:
		return now, errUnclean
	case stateClean:
		err = viewIn(factsDB, path, func(txn *badger.Txn) (err error) {
			now.current, _, err = readCurrent(txn)
			return err
		})
	}
	return now, err
}

// publish builds a database of the new facts and then has it count. Only that
// last step takes the lock, so readers and other writers are kept out for a
// moment, whatever the disk needs for the rest. Who finds that somebody else
// published in between builds again, holding the lock.
func (w *work) publish(ctx context.Context) error {
	was, err := w.newest(ctx)
	if err != nil {
		return err
	}
	fresh, err := w.build(ctx, was.current)
	if err != nil {
		return err
	}
	err = w.holding(ctx, factsDB, func() error {
		seal, err := factsDB.sealBytes(w.Dir)
		if err == nil && !bytes.Equal(seal, was.seal) {
			if was, err = w.look(); err == nil {
				err = os.RemoveAll(fresh.path)
			}
			if err == nil {
				fresh, err = w.build(ctx, was.current)
			}
		}
		if err != nil {
			return err
		}
		return factsDB.putSeal(w.Dir, fresh.seal, w.Modes.File)
	})
	if err != nil {
		return errors.Join(err, os.RemoveAll(fresh.path))
	}
	if was.path != "" {
		err = os.RemoveAll(was.path)
	}
	return errors.Join(err, removeLeft(w.Dir, filepath.Base(fresh.path), time.Now()))
}

// build makes a closed database of the new facts beside the one that counts.
func (w *work) build(ctx context.Context, after current) (fresh snapshot, err error) {
	fresh.current = current{Schema: schema, Saved: w.Saved, Facts: w.Facts, Roster: after.Roster}
	fresh.Facts.Gen = max(after.Facts.Gen, after.Roster.Gen) + 1
	if w.Roster != nil {
		fresh.Roster = *w.Roster
		fresh.Facts.Gen = max(fresh.Facts.Gen, fresh.Roster.Gen)
	}
	name, err := w.newFactsDir(fresh.Facts.Gen)
	fresh.path = filepath.Join(w.Dir, name)
	if err == nil {
		fresh.seal, err = w.fill(ctx, fresh)
	}
	if err != nil && name != "" {
		err = errors.Join(err, os.RemoveAll(fresh.path))
	}
	return fresh, err
}

// fill writes the facts and their record and returns the seal.
func (w *work) fill(ctx context.Context, fresh snapshot) ([]byte, error) {
	s, err := openWriter(factsDB, fresh.path)
	if err != nil {
		return nil, err
	}
	err = s.put(ctx, w.partsOf(classFacts), func(part) (string, error) { return keyFacts, nil })
	if err == nil {
		err = s.flip(keyCurrent, fresh.current)
	}
	seal, closeErr := w.finish(s)
	return seal, errors.Join(err, closeErr)
}
