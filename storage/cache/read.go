package cache

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/dgraph-io/badger/v4"

	"seatdeck/model"
	"seatdeck/storage"
)

// trouble is an error that names the half it is about.
type trouble struct {
	half half
	err  error
}

func (t *trouble) Error() string { return t.err.Error() }
func (t *trouble) Unwrap() error { return t.err }

// read runs f, which calls sharing. What was not closed, or does not add up, is first looked at by a child, which repairs it or sets it aside; then
// f gets one more chance.
func (c *Cache) read(ctx context.Context, f func() error) error {
	looked := map[half]bool{}
	for {
		err := f()
		t, ok := errors.AsType[*trouble](err)
		if !ok {
			return err
		}
		if looked[t.half] {
			if errors.Is(err, ErrDamaged) {
				// The child found every sum right, and yet the content makes no sense.
				if _, asideErr := c.run(ctx, request{Op: doAside, Half: t.half}, nil); asideErr != nil {
					return asideErr
				}
			}
			return err
		}
		looked[t.half] = true
		if err := c.repair(ctx, t.half); err != nil {
			return err
		}
	}
}

// sharing runs f with the reader's side of a half's lock, for just that long.
func (c *Cache) sharing(ctx context.Context, h half, f func(dir string) error) error {
	dir := c.cfg.Place.Dir
	if err := c.check(); err != nil {
		return err
	}
	release, err := share(ctx, h.lockPath(dir), c.cfg.Place.Modes, c.patience.left(c.cfg.Now()))
	if err != nil {
		c.patience.learn(err, c.cfg.Now())
		return err
	}
	defer release()
	err = f(dir)
	if _, ok := errors.AsType[*trouble](err); !ok && (errors.Is(err, errUnclean) || errors.Is(err, ErrDamaged)) {
		return &trouble{h, err}
	}
	return err
}

// viewRoster runs f on the database of accounts, opened read-only for just that
// long.
func (c *Cache) viewRoster(ctx context.Context, f func(*badger.Txn) error) error {
	return c.sharing(ctx, rosterHalf, func(dir string) error {
		if err := readable(dir); err != nil {
			return err
		}
		return viewIn(rosterHalf.path(dir), f)
	})
}

// current is the record that counts.
func (c *Cache) current(ctx context.Context) (cur current, err error) {
	err = c.sharing(ctx, factsHalf, func(dir string) error {
		k, err := readKept(dir)
		cur = k.current
		return err
	})
	return cur, err
}

// check refuses a folder that is not ours to trust or not on a local disk. A
// missing one means that nothing is cached.
func (c *Cache) check() error {
	err := storage.CheckDir(c.cfg.Caller, c.cfg.Place)
	if f, ok := errors.AsType[*storage.Fault](err); ok && f.Kind == storage.KindMissing {
		return model.ErrNoCache
	}
	if err != nil {
		return err
	}
	return localDisk(c.cfg.Place.Dir)
}

// readable tells whether the console may open the database of accounts itself.
func readable(folder string) error {
	st, err := inspect(folder)
	if err != nil {
		return storage.FaultOf("look at the cache in", folder, err)
	}
	switch st {
	case stateClean:
		return nil
	case stateUnclean:
		return errUnclean
	case stateNewer:
		return ErrNewer
	}
	return model.ErrNoCache // absent, or older and rebuilt by the next save
}

// Stat is what the cache of an instance holds and takes.
type Stat struct {
	Dir        string
	Bytes      int64     // on disk, everything in the folder
	Accounts   int       // in the roster; 0 without one
	Facts      uint64    // generation of the facts; 0 without any
	Roster     uint64    // generation of the roster; 0 without one
	Saved      time.Time // UTC
	FactsAt    time.Time // when the newest fact was read, UTC
	RosterAt   time.Time // when the accounts were read, UTC
	SetAside   bool      // a damaged database lies beside them
	TooOld     bool      // older than MaxAge: kept, but not served
	SinceSaved time.Duration
}

// BytesPerAccount is the disk space an account takes; unknown without accounts.
func (s Stat) BytesPerAccount() model.Opt[float64] {
	if s.Accounts == 0 {
		return model.None[float64]()
	}
	return model.Some(float64(s.Bytes) / float64(s.Accounts))
}

// Stat looks at the cache without reading facts or accounts;
// model.ErrNoCache when there is none. It also describes what is too old to be
// served.
func (c *Cache) Stat(ctx context.Context) (Stat, error) {
	s := Stat{Dir: c.cfg.Place.Dir}
	err := c.read(ctx, func() error {
		cur, err := c.current(ctx)
		if err != nil {
			return err
		}
		s.Saved, s.Facts, s.FactsAt = cur.Saved, cur.Facts.Gen, cur.Facts.At
		err = c.viewRoster(ctx, func(txn *badger.Txn) error {
			ref := cur.Roster
			found, err := hasHead(txn, ref)
			if found {
				s.Accounts, s.Roster, s.RosterAt = ref.Accounts, ref.Gen, ref.At
			}
			return err
		})
		if errors.Is(err, model.ErrNoCache) {
			return nil // facts without rows
		}
		return err
	})
	if err != nil {
		return Stat{}, failure(opStat, err)
	}
	now := c.cfg.Now()
	s.TooOld = now.Sub(s.FactsAt) > MaxAge
	s.SinceSaved = max(0, now.Sub(s.Saved))
	s.SetAside = exists(factsHalf.asidePath(s.Dir)) || exists(rosterHalf.asidePath(s.Dir))
	if s.Bytes, err = onDisk(s.Dir); err != nil {
		return Stat{}, failure(opStat, storage.FaultOf("measure", s.Dir, err))
	}
	return s, nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// onDisk adds up the blocks that the files under dir take. Sparse files count
// as what they take, not as what they could hold.
func onDisk(dir string) (int64, error) {
	var sum int64
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		st, ok := info.Sys().(*syscall.Stat_t)
		if !ok {
			return fmt.Errorf("%s: no block count", path)
		}
		sum += st.Blocks * 512 // stat(2): always in units of 512 bytes
		return nil
	})
	return sum, err
}
