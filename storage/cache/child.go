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

	"seatdeck/storage"
)

const asideName = "damaged"

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

// do holds the writer's side of the lock while the request is done.
func (b batch) do(ctx context.Context) (a answer, err error) {
	caller := storage.Self(func(string) (string, bool) { return "", false })
	if err := storage.CheckDir(caller, storage.Place{Dir: b.Dir, Modes: b.Modes}); err != nil {
		return a, err
	}
	lock, err := storage.OpenLock(caller, filepath.Join(b.Dir, lockName), b.Modes, b.User, time.Now)
	if err != nil {
		return a, err
	}
	defer lock.Close()
	if err := lock.Acquire(ctx, lockWait); err != nil {
		return a, err
	}
	start := time.Now()
	a, err = b.locked(ctx)
	a.OK, a.Held = err == nil, time.Since(start)
	return a, errors.Join(err, lock.Release())
}

func (b batch) locked(ctx context.Context) (answer, error) {
	switch b.Op {
	case doSave, doDraft:
		return b.write(ctx)
	case doRepair:
		return answer{}, b.repair()
	case doAside:
		return answer{}, setAside(b.Dir)
	case doPurge:
		return answer{}, purge(b.Dir)
	}
	return answer{}, fmt.Errorf("%q is nothing this program does", b.Op)
}

// write opens the database, adds the batch, flips and cleans up.
func (b batch) write(ctx context.Context) (a answer, err error) {
	if err := room(b.Dir, b.size); err != nil {
		return a, err
	}
	s, err := b.openSound()
	if err != nil {
		return a, err
	}
	if b.Op == doSave {
		err = s.save(ctx, b)
	} else {
		a.Missing, err = s.saveDraft(ctx, b)
	}
	return a, errors.Join(err, b.closeSealed(s))
}

// openSound opens the database for writing, a new one where there is none that
// can be gone on with.
func (b batch) openSound() (*store, error) {
	st, err := inspect(b.Dir)
	if err != nil {
		return nil, err
	}
	switch st {
	case stateNewer:
		return nil, ErrNewer
	case stateOlder:
		if err := os.RemoveAll(filepath.Join(b.Dir, dbName)); err != nil {
			return nil, err
		}
	}
	s, err := b.open()
	if err == nil {
		if err = s.verify(st == stateUnclean); err == nil {
			return s, nil
		}
		s.abandon()
	}
	if !errors.Is(err, ErrDamaged) {
		return nil, err
	}
	if err := setAside(b.Dir); err != nil {
		return nil, err
	}
	return b.open()
}

// open breaks the seal and opens the database for writing.
func (b batch) open() (*store, error) {
	loose := b.loose()
	if err := removeSeal(b.Dir); err != nil {
		return nil, err
	}
	db := filepath.Join(b.Dir, dbName)
	if err := plausible(db); err != nil {
		return nil, err
	}
	if err := removeUnborn(db); err != nil {
		return nil, err
	}
	err := os.Mkdir(db, b.Modes.Dir)
	if err == nil && b.Modes.Shared {
		err = os.Chmod(db, b.Modes.Dir|fs.ModeSetgid) // files in it must belong to the group
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	s, err := openWriter(b.Dir, loose == 0)
	if err != nil {
		return nil, err
	}
	s.loose = loose
	return s, nil
}

// loose is how many saves will have left a small table behind after this one;
// 0 has it merge them.
func (b batch) loose() int {
	before, err := readSeal(b.Dir)
	if err != nil || b.Op != doSave || b.Roster != nil || before.Loose >= looseMax {
		return 0
	}
	return before.Loose + 1
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

func (b batch) closeSealed(s *store) error {
	if err := s.close(); err != nil {
		return err
	}
	if err := b.openToGroup(); err != nil {
		return err
	}
	return writeSeal(b.Dir, b.Modes.File, s.loose)
}

// openToGroup gives the group its bits where Badger asked for less than the
// place's modes. Files of others have theirs already, from their own writer.
func (b batch) openToGroup() error {
	if !b.Modes.Shared {
		return nil
	}
	db := filepath.Join(b.Dir, dbName)
	entries, err := os.ReadDir(db)
	if err != nil {
		return err
	}
	for _, e := range entries {
		err := os.Chmod(filepath.Join(db, e.Name()), b.Modes.File)
		if err != nil && !errors.Is(err, fs.ErrPermission) {
			return err
		}
	}
	return nil
}

// repair opens the database for writing, which completes or cuts what an
// interrupted writer left, checks all of it and closes it.
func (b batch) repair() error {
	st, err := inspect(b.Dir)
	if err != nil {
		return err
	}
	switch st {
	case stateAbsent, stateOlder:
		return nil
	case stateNewer:
		return ErrNewer
	}
	if err := room(b.Dir, 0); err != nil {
		return err
	}
	s, err := b.open()
	if err == nil {
		if err = s.verify(true); err == nil {
			return b.closeSealed(s)
		}
		s.abandon()
	}
	if errors.Is(err, ErrDamaged) {
		return errors.Join(err, setAside(b.Dir))
	}
	return err
}

// abandon closes a database that is about to be set aside.
func (s *store) abandon() { _ = s.close() }

// setAside moves the database out of the way, for whoever wants to look at it;
// the one set aside before it goes.
func setAside(dir string) error {
	if err := removeSeal(dir); err != nil {
		return err
	}
	aside := filepath.Join(dir, asideName)
	if err := os.RemoveAll(aside); err != nil {
		return err
	}
	err := os.Rename(filepath.Join(dir, dbName), aside)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// purge removes everything but the lock file, which others may be waiting on.
func purge(dir string) error {
	err := removeSeal(dir)
	for _, name := range []string{dbName, asideName, sealName + ".new"} {
		err = errors.Join(err, os.RemoveAll(filepath.Join(dir, name)))
	}
	return err
}
