package cache

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// database is one of the two databases in the folder of an instance.
type database string

const (
	// factsDB is small and never changed: each save builds a new one beside it
	// and then replaces the seal that names it.
	factsDB database = "facts"
	// rosterDB is large and changed in place.
	rosterDB database = "roster"
)

func (d database) sealPath(folder string) string  { return filepath.Join(folder, string(d)+".seal") }
func (d database) lockPath(folder string) string  { return filepath.Join(folder, string(d)+".lock") }
func (d database) asidePath(folder string) string { return filepath.Join(folder, string(d)+".damaged") }

// owns tells whether a name in the folder is that of a database of this kind.
func (d database) owns(name string) bool {
	if d == factsDB {
		return strings.HasPrefix(name, factsDir) && filepath.Ext(name) == ""
	}
	return name == string(d)
}

// factsDir starts the names of the folders of facts; the generation follows, so
// that they sort, and something that tells apart two that are built at once.
const factsDir = "facts-"

// newFactsDir makes an empty folder for the facts of a generation.
func (b batch) newFactsDir(gen uint64) (name string, err error) {
	path, err := os.MkdirTemp(b.Dir, fmt.Sprintf("%s%016x-*", factsDir, gen))
	if err != nil {
		return "", err
	}
	return filepath.Base(path), b.openDir(path)
}

// openDir gives a folder the modes of the place. Files in a shared one must
// belong to the group.
func (b batch) openDir(path string) error {
	mode := b.Modes.Dir
	if b.Modes.Shared {
		mode |= fs.ModeSetgid
	}
	return os.Chmod(path, mode)
}

// found lists the databases of a kind in the folder, sealed or not, the newest
// last.
func (d database) found(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder) // sorted by name
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if d.owns(e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// leftAfter is how old a folder of facts must be that nothing names before it
// counts as left behind by a writer that was killed: no writer lives as long.
const leftAfter = 5 * childLimit

// removeLeft removes what killed writers of facts left behind.
func removeLeft(folder, keep string, now time.Time) error {
	names, err := factsDB.found(folder)
	for _, name := range names {
		path := filepath.Join(folder, name)
		info, statErr := os.Lstat(path)
		if name != keep && statErr == nil && now.Sub(info.ModTime()) > leftAfter {
			err = errors.Join(err, os.RemoveAll(path))
		}
	}
	return err
}

// setAside moves a database out of the way, for whoever wants to look at it;
// the one set aside before it goes.
func (d database) setAside(folder string) error {
	names, err := d.found(folder)
	if s, sealErr := d.readSeal(folder); sealErr == nil {
		names = slices.DeleteFunc(names, func(n string) bool { return n != s.Dir })
	}
	if err != nil || len(names) == 0 {
		return errors.Join(err, d.removeSeal(folder))
	}
	if err := d.removeSeal(folder); err != nil {
		return err
	}
	if err := os.RemoveAll(d.asidePath(folder)); err != nil {
		return err
	}
	return os.Rename(filepath.Join(folder, names[len(names)-1]), d.asidePath(folder))
}

// purge removes a database in every form.
func (d database) purge(folder string) error {
	names, err := d.found(folder)
	err = errors.Join(err, d.removeSeal(folder), os.RemoveAll(d.asidePath(folder)), os.RemoveAll(d.sealPath(folder)+newSuffix))
	for _, name := range names {
		err = errors.Join(err, os.RemoveAll(filepath.Join(folder, name)))
	}
	return err
}
