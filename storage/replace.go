package storage

import (
	"errors"
	"os"
	"path/filepath"
)

// Replace puts a file with data in it in the place of the one at path, if there
// is one. A reader, a crash or a power cut finds the old file or the new one,
// whole: the name goes to a file that is synced, and the folder is synced after
// it. Who must not lose what another process wrote holds a lock.
func Replace(path string, data []byte, mode os.FileMode) error {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, "."+filepath.Base(path)+"-*")
	if err != nil {
		return FaultOf("write", path, err)
	}
	err = fill(f, data, mode)
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return FaultOf("write", path, errors.Join(err, os.Remove(f.Name())))
	}
	return SyncDir(dir)
}
