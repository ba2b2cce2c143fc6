package cache

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"seatdeck/model"
	"seatdeck/storage"
)

// Child is the other end of every write: main calls it for the hidden verb that
// [Config].Argv names. It reads one request from stdin, does it, and writes one
// answer to stdout. It sets the process's umask, so it must have a process of
// its own. The result is the exit code: 0 when an answer was given, whatever it
// says; 2 when there was none to give. args must be empty.
func Child(ctx context.Context, stdin io.Reader, stdout io.Writer, args []string) int {
	if len(args) != 0 {
		return 2
	}
	b, err := readBatch(stdin)
	if err != nil {
		return 2 // nobody is there to listen
	}
	unix.Umask(int(0o777 &^ b.Modes.Dir.Perm()))
	a, err := b.do(ctx)
	if err != nil {
		a = refusal(b.opName(), err)
	}
	j, err := json.Marshal(a)
	if err != nil {
		return 2
	}
	w := newFrameWriter(stdout)
	w.frame(frameAnswer, j)
	if w.flush() != nil {
		return 2
	}
	return 0
}

func (b batch) opName() string {
	switch b.Op {
	case doRepair, doAside:
		return opRead
	case doPurge:
		return opPurge
	}
	return opSave
}

// work is a request while it is done.
type work struct {
	batch
	caller storage.Caller
	held   time.Duration // how long a lock was held at most
}

func (b batch) do(ctx context.Context) (a answer, err error) {
	w := &work{batch: b, caller: storage.Self(func(string) (string, bool) { return "", false })}
	if err := storage.CheckDir(w.caller, storage.Place{Dir: b.Dir, Modes: b.Modes}); err != nil {
		return a, err
	}
	a.Missing, err = w.task(ctx)
	a.OK, a.Held = err == nil, w.held
	return a, err
}

func (w *work) task(ctx context.Context) (missing bool, err error) {
	switch w.Op {
	case doSave:
		return false, w.save(ctx)
	case doDraft:
		err = w.holding(ctx, rosterHalf, func() (err error) {
			missing, err = w.saveDraft(ctx)
			return err
		})
		return missing, err
	case doRepair:
		return false, w.holding(ctx, w.Half, func() error { return w.repair(ctx) })
	case doAside:
		return false, w.holding(ctx, w.Half, func() error { return w.Half.setAside(w.Dir) })
	case doPurge:
		return false, w.purge(ctx)
	}
	return false, fmt.Errorf("%q is nothing this program does", w.Op)
}

// holding holds the writer's side of a half's lock while f runs. Who needs
// both takes the roster's first.
func (w *work) holding(ctx context.Context, h half, f func() error) error {
	lock, err := storage.OpenLock(w.caller, h.lockPath(w.Dir), w.Modes, w.User, time.Now)
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := lock.Acquire(ctx, w.Wait); err != nil {
		return err
	}
	start := time.Now()
	err = f()
	w.held = max(w.held, time.Since(start))
	return errors.Join(err, lock.Release())
}

// purge removes everything but the lock files, which others may be waiting on.
func (w *work) purge(ctx context.Context) error {
	return w.holding(ctx, rosterHalf, func() error {
		err := rosterHalf.purge(w.Dir)
		return errors.Join(err, w.holding(ctx, factsHalf, func() error { return factsHalf.purge(w.Dir) }))
	})
}

// openRoster opens the database of accounts for writing, a new one where there
// is none that can be gone on with.
func (w *work) openRoster(cur current) (*store, error) {
	st, err := inspect(w.Dir)
	if err != nil {
		return nil, err
	}
	switch st {
	case stateNewer:
		return nil, ErrNewer
	case stateOlder:
		if err := os.RemoveAll(rosterHalf.path(w.Dir)); err != nil {
			return nil, err
		}
	}
	s, err := w.open()
	if err == nil && st == stateUnclean {
		if err = s.verify(cur); err != nil {
			s.abandon()
		}
	}
	if !errors.Is(err, ErrDamaged) {
		return s, err
	}
	if err := rosterHalf.setAside(w.Dir); err != nil {
		return nil, err
	}
	return w.open()
}

// open breaks the seal and opens the database for writing.
func (w *work) open() (*store, error) {
	path := rosterHalf.path(w.Dir)
	if err := removeSeal(w.Dir); err != nil {
		return nil, err
	}
	if err := plausible(path); err != nil {
		return nil, err
	}
	if err := removeUnborn(path); err != nil {
		return nil, err
	}
	err := os.Mkdir(path, w.Modes.Dir)
	if err == nil {
		err = w.openDir(path)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return openWriter(path)
}

// plausible refuses what Badger would open all the same: strange things between
// its files, and tables without the manifest that lists them, which it then
// takes for an empty database (faults F8).
func plausible(db string) error {
	entries, err := os.ReadDir(db)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return damaged("%v", err)
	}
	tables, manifest := false, false
	for _, e := range entries {
		if !e.Type().IsRegular() {
			return damaged("%s is not a plain file", e.Name())
		}
		tables = tables || filepath.Ext(e.Name()) == ".sst"
		manifest = manifest || e.Name() == "MANIFEST"
	}
	if tables && !manifest {
		return damaged("its manifest is missing")
	}
	return nil
}

// removeUnborn removes logs without a single byte. A writer that is killed
// between making a log and giving it its size leaves one, and Badger would not
// open beside it.
func removeUnborn(db string) error {
	for _, pattern := range []string{"*.mem", "*.vlog"} {
		logs, err := filepath.Glob(filepath.Join(db, pattern))
		if err != nil {
			return err
		}
		for _, path := range logs {
			info, err := os.Lstat(path)
			if err == nil && info.Size() == 0 {
				err = os.Remove(path)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// closeSealed closes the database, gives the group its bits and puts the seal on.
func (w *work) closeSealed(s *store) error {
	path := s.db.Opts().Dir
	if err := s.close(); err != nil {
		return err
	}
	if err := w.openToGroup(path); err != nil {
		return err
	}
	b, err := sealOf(path)
	if err != nil {
		return err
	}
	return putSeal(w.Dir, b, w.Modes.File)
}

// openToGroup gives the group its bits where Badger asked for less than the
// place's modes. Files of others have theirs already, from their own writer.
func (w *work) openToGroup(path string) error {
	if !w.Modes.Shared {
		return nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return err
	}
	for _, e := range entries {
		err := os.Chmod(filepath.Join(path, e.Name()), w.Modes.File)
		if err != nil && !errors.Is(err, fs.ErrPermission) {
			return err
		}
	}
	return nil
}

// repair checks a half and sets it aside where it is damaged. The caller holds
// its lock.
func (w *work) repair(ctx context.Context) (err error) {
	if w.Half == rosterHalf {
		err = w.repairRoster(ctx)
	} else if _, err = readKept(w.Dir); errors.Is(err, model.ErrNoCache) {
		return nil
	}
	if errors.Is(err, ErrDamaged) {
		return errors.Join(err, w.Half.setAside(w.Dir))
	}
	return err
}

// repairRoster opens the database for writing, which completes or cuts what an
// interrupted writer left, checks all of it and closes it.
func (w *work) repairRoster(ctx context.Context) error {
	st, err := inspect(w.Dir)
	if err != nil {
		return err
	}
	switch st {
	case stateAbsent, stateOlder:
		return nil
	case stateNewer:
		return ErrNewer
	}
	if err := room(w.Dir, 0); err != nil {
		return err
	}
	now, err := w.newest(ctx)
	if err != nil {
		return err
	}
	s, err := w.open()
	if err != nil {
		return err
	}
	if err := s.verify(now.current); err != nil {
		s.abandon()
		return err
	}
	return w.closeSealed(s)
}

// abandon closes a database that is about to be set aside.
func (s *store) abandon() { _ = s.close() }
