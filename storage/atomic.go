package storage

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
	"golang.org/x/sys/unix"
)

// WriteAtomic replaces path by data: a reader, a crash or a power cut finds the
// old content or the new, never a part. The temporary file lies beside the
// target and is made exclusively; the file is synced before the rename and the
// folder after it. A target that is a link or no plain file is refused.
func WriteAtomic(path string, data []byte, mode fs.FileMode) error {
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return unsafeFault(path, "is not a plain file", "move it away")
	}
	return place(path, data, mode, (*renameio.PendingFile).CloseAtomicallyReplace)
}

// WriteNew is WriteAtomic for a file that must not exist yet: it never
// replaces, even when another process makes the file in the same moment.
func WriteNew(path string, data []byte, mode fs.FileMode) error {
	return place(path, data, mode, func(f *renameio.PendingFile) error {
		if err := f.Sync(); err != nil {
			return err
		}
		err := os.Link(f.Name(), path)
		if errors.Is(err, unix.EPERM) || errors.Is(err, unix.ENOTSUP) {
			// No hard links here (vfat, some network file systems).
			return createNew(path, data, mode)
		}
		return err
	})
}

// place writes data to a synced temporary file beside path, has put give it its
// name, and syncs the folder.
func place(path string, data []byte, mode fs.FileMode, put func(*renameio.PendingFile) error) (err error) {
	dir := filepath.Dir(path)
	f, err := renameio.NewPendingFile(path, renameio.WithTempDir(dir), renameio.WithStaticPermissions(mode))
	if err != nil {
		return FaultOf("write", path, err)
	}
	defer f.Cleanup() // a leftover temporary file harms nobody, and the first error counts
	if _, err := f.Write(data); err != nil {
		return FaultOf("write", path, err)
	}
	if err := put(f); err != nil {
		return FaultOf("write", path, err)
	}
	return SyncDir(dir)
}

func createNew(path string, data []byte, mode fs.FileMode) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Sync(), f.Close())
}

// SyncDir makes new and renamed names in dir durable.
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
