// Package views keeps the saved views of one instance: named ways to look at its
// accounts. They are work of a person and in nobody else's hands, so they lie
// with the state and not in the cache or the configuration.
//
// It knows no accounts and judges no filter: what a view means is the model's.
//
// Invariants: the file is replaced whole, under a lock, so two consoles never
// lose each other's views; a damaged file is set aside under a name of its own
// and said once, never written over; one of a newer version is read and written
// by nobody here.
package views

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"seatdeck/model"
	"seatdeck/storage"
)

const (
	fileName = "views.json"
	lockName = "views.lock"
	schema   = 1
	// maxFile bounds what is read: far more than the most views take.
	maxFile = 4 << 20
)

// The operations, as errors name them.
const (
	opRead = "read the saved views"
	opSave = "keep the saved views"
)

// Store is the saved views of one instance on this machine. It is safe for use
// from many goroutines and processes and holds nothing open between calls. Its
// errors are *model.Error.
type Store struct {
	caller storage.Caller
	place  storage.Place
	user   string
}

// In returns the store in a folder, which is made when something is saved. user
// is told to others who wait for the lock.
func In(c storage.Caller, p storage.Place, user string) *Store { return &Store{c, p, user} }

// document is what the file holds. What the views look like is up to the schema.
type document struct {
	Schema int             `json:"schema"`
	Views  json.RawMessage `json:"views"`
}

// Views returns what is saved; nothing saved is not an error. A damaged file is
// an error once.
func (s *Store) Views(ctx context.Context) (model.SavedViews, error) {
	if err := ctx.Err(); err != nil {
		return model.SavedViews{}, model.AsError(opRead, err)
	}
	views, err := s.read()
	if errors.Is(err, errDamaged) {
		// Nobody may be writing while it is moved.
		err = s.locked(ctx, func() error {
			if views, err = s.read(); errors.Is(err, errDamaged) {
				return s.setAside(err)
			}
			return err
		})
	}
	return views, worded(opRead, err)
}

// ChangeViews changes what is saved, by what is there at that moment. An error
// of change is returned as it is, and nothing is changed then.
func (s *Store) ChangeViews(ctx context.Context, change func(model.SavedViews) (model.SavedViews, error)) (model.SavedViews, error) {
	var views model.SavedViews
	if err := storage.EnsureDir(s.caller, s.place); err != nil {
		return views, worded(opSave, err)
	}
	err := s.locked(ctx, func() (err error) {
		if views, err = s.read(); err != nil {
			if errors.Is(err, errDamaged) {
				err = s.setAside(err)
			}
			return err
		}
		if views, err = change(views); err != nil {
			return err
		}
		return s.write(views)
	})
	return views, worded(opSave, err)
}

func (s *Store) write(views model.SavedViews) error {
	list, err := json.Marshal(append([]model.SavedView{}, views.All()...))
	if err != nil {
		return err
	}
	b, err := json.MarshalIndent(document{schema, list}, "", "  ")
	if err != nil {
		return err
	}
	return storage.Replace(s.path(fileName), append(b, '\n'), s.place.Modes.File)
}

func (s *Store) path(name string) string { return filepath.Join(s.place.Dir, name) }

// locked holds the lock while do runs.
func (s *Store) locked(ctx context.Context, do func() error) error {
	lock, err := storage.OpenLock(s.caller, s.path(lockName), s.place.Modes, s.user, time.Now)
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := lock.Acquire(ctx, 0); err != nil {
		return err
	}
	return errors.Join(do(), lock.Release())
}

var errDamaged = errors.New("the saved views cannot be read")

// read reads the file. Whoever may not even look at the folder is told so.
func (s *Store) read() (model.SavedViews, error) {
	var none model.SavedViews
	err := storage.CheckDir(s.caller, s.place)
	if f, ok := errors.AsType[*storage.Fault](err); ok && f.Kind == storage.KindMissing {
		return none, nil
	}
	if err != nil {
		return none, err
	}
	f, err := os.OpenFile(s.path(fileName), os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return none, nil
	case errors.Is(err, unix.ELOOP), errors.Is(err, unix.ENXIO):
		return none, fmt.Errorf("%w: it is not a plain file", errDamaged)
	case err != nil:
		return none, storage.FaultOf("open", s.path(fileName), err)
	}
	defer f.Close()
	return parse(f)
}

func parse(f *os.File) (model.SavedViews, error) {
	var none model.SavedViews
	info, err := f.Stat()
	if err != nil {
		return none, storage.FaultOf("look at", f.Name(), err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return none, fmt.Errorf("%w: it is not a plain file", errDamaged)
	}
	var d document
	if err := json.NewDecoder(f).Decode(&d); err != nil {
		return none, fmt.Errorf("%w: %v", errDamaged, err)
	}
	switch {
	case d.Schema > schema:
		return none, model.Fail(model.ClassStorage, opRead, "the saved views were written by a newer version of seatdeck and are left as they are", "update seatdeck")
	case d.Schema < 1:
		return none, fmt.Errorf("%w: it does not say its schema", errDamaged)
	}
	var list []model.SavedView
	if err := json.Unmarshal(d.Views, &list); err != nil {
		return none, fmt.Errorf("%w: %v", errDamaged, err)
	}
	views, left := model.NewSavedViews(list)
	if left > 0 {
		return none, fmt.Errorf("%w: %d of them have no proper name", errDamaged, left)
	}
	return views, nil
}

// setAside gives a damaged file a name of its own, which nothing has yet, and
// returns the error that tells of it. The caller holds the lock.
func (s *Store) setAside(why error) error {
	aside := s.path(fileName) + ".damaged"
	for n := 2; exists(aside); n++ {
		aside = fmt.Sprintf("%s.damaged-%d", s.path(fileName), n)
	}
	if err := os.Rename(s.path(fileName), aside); err != nil {
		return storage.FaultOf("set aside", s.path(fileName), err)
	}
	return model.Fail(model.ClassStorage, opRead, why.Error(), "the file is kept as "+storage.ShortPath(aside)+"; mend it and give it back its name, or go on without").Because(errDamaged)
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// worded makes an error one for people.
func worded(op string, err error) error {
	if err == nil {
		return nil // not a nil *model.Error in an error
	}
	return model.AsError(op, err)
}
