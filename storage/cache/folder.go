package cache

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// half is one of the two halves of what is kept of an instance. Each has a lock
// of its own.
type half string

const (
	// factsHalf is a small file that each save replaces.
	factsHalf half = "facts"
	// rosterHalf is a large database that is changed in place.
	rosterHalf half = "roster"
)

func (h half) path(folder string) string      { return filepath.Join(folder, string(h)) }
func (h half) lockPath(folder string) string  { return filepath.Join(folder, string(h)+".lock") }
func (h half) asidePath(folder string) string { return filepath.Join(folder, string(h)+".damaged") }

// openDir gives a folder the modes of the place. Files in a shared one must
// belong to the group.
func (b batch) openDir(path string) error {
	mode := b.Modes.Dir
	if b.Modes.Shared {
		mode |= fs.ModeSetgid
	}
	return os.Chmod(path, mode)
}

// setAside moves a half out of the way, for whoever wants to look at it; the one
// set aside before it goes.
func (h half) setAside(folder string) error {
	if h == rosterHalf {
		if err := removeSeal(folder); err != nil {
			return err
		}
	}
	if !exists(h.path(folder)) {
		return nil
	}
	if err := os.RemoveAll(h.asidePath(folder)); err != nil {
		return err
	}
	return os.Rename(h.path(folder), h.asidePath(folder))
}

// purge removes a half in every form.
func (h half) purge(folder string) error {
	err := errors.Join(os.RemoveAll(h.path(folder)), os.RemoveAll(h.asidePath(folder)))
	if h == factsHalf {
		return errors.Join(err, removeLeft(folder, time.Now().Add(leftAfter)))
	}
	return errors.Join(err, removeSeal(folder), os.RemoveAll(sealPath(folder)+newSuffix))
}
