package storage

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// WriteNew makes the file path with data in it. It never replaces one that is
// there, even when another process makes it in the same moment: that is a Fault
// of KindExists. A reader, a crash or a power cut finds all of it or nothing,
// because the name is given only to a file that is whole and synced; the folder
// is synced after it.
func WriteNew(path string, data []byte, mode fs.FileMode) error {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, "."+filepath.Base(path)+"-*")
	if err != nil {
		return FaultOf("write", path, err)
	}
	defer os.Remove(f.Name()) // a leftover harms nobody, and the first error counts
	if err := fill(f, data, mode); err != nil {
		return FaultOf("write", path, err)
	}
	err = os.Link(f.Name(), path)
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.ENOTSUP) {
		// No hard links here (vfat, some network file systems).
		err = createNew(path, data, mode)
	}
	if err != nil {
		return FaultOf("write", path, err)
	}
	return SyncDir(dir)
}

// fill writes data durably and closes f, whatever happens.
func fill(f *os.File, data []byte, mode fs.FileMode) error {
	_, err := f.Write(data)
	return errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
}

func createNew(path string, data []byte, mode fs.FileMode) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	return fill(f, data, mode)
}

// SyncDir makes new names in dir durable.
func SyncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return FaultOf("open", dir, err)
	}
	defer f.Close()
	// Some file systems refuse to sync a folder; there is nothing better there.
	if err := f.Sync(); err != nil && !errors.Is(err, unix.EINVAL) && !errors.Is(err, unix.ENOTSUP) {
		return FaultOf("sync", dir, err)
	}
	return nil
}
