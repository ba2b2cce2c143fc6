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

// read runs f on the database, opened read-only for just that long. What was
// not closed, or does not add up, is first looked at by a child, which repairs
// it or sets it aside; then f gets one more chance.
func (c *Cache) read(ctx context.Context, f func(*badger.Txn) error) error {
	err := c.readOnce(ctx, f)
	if !errors.Is(err, errUnclean) && !errors.Is(err, ErrDamaged) {
		return err
	}
	if err := c.repair(ctx); err != nil {
		return err
	}
	err = c.readOnce(ctx, f)
	if !errors.Is(err, ErrDamaged) {
		return err
	}
	// The child found every sum right, and yet the content makes no sense.
	if _, asideErr := c.run(ctx, request{Op: doAside}, nil); asideErr != nil {
		return asideErr
	}
	return err
}

func (c *Cache) readOnce(ctx context.Context, f func(*badger.Txn) error) error {
	dir := c.cfg.Place.Dir
	if err := c.check(); err != nil {
		return err
	}
	release, err := share(ctx, dir, c.cfg.Place.Modes)
	if err != nil {
		return err
	}
	defer release()
	if err := readable(dir); err != nil {
		return err
	}
	s, err := openReader(dir)
	if err != nil {
		return err
	}
	err = guarded(func() error { return s.db.View(f) })
	if closeErr := s.close(); err == nil {
		err = closeErr
	}
	return err
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

// readable tells whether the console may open the database itself.
func readable(dir string) error {
	st, err := inspect(dir)
	if err != nil {
		return storage.FaultOf("look at the cache in", dir, err)
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
	SetAside   bool      // a damaged database lies beside it
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
	err := c.read(ctx, func(txn *badger.Txn) error {
		cur, err := c.current(txn)
		if err != nil {
			return err
		}
		s.Accounts, s.Facts, s.Roster = cur.Roster.Accounts, cur.Facts.Gen, cur.Roster.Gen
		s.Saved, s.FactsAt, s.RosterAt = cur.Saved, cur.Facts.At, cur.Roster.At
		return nil
	})
	if err != nil {
		return Stat{}, failure(opStat, err)
	}
	now := c.cfg.Now()
	s.TooOld = now.Sub(s.FactsAt) > MaxAge
	s.SinceSaved = max(0, now.Sub(s.Saved))
	_, err = os.Lstat(filepath.Join(s.Dir, asideName))
	s.SetAside = err == nil
	if s.Bytes, err = onDisk(s.Dir); err != nil {
		return Stat{}, failure(opStat, storage.FaultOf("measure", s.Dir, err))
	}
	return s, nil
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
