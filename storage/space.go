package storage

import (
	"path/filepath"

	"golang.org/x/sys/unix"
)

// Free is the room in bytes that this account may still use on the disk of
// path. A path that does not exist yet is judged by the nearest folder above.
func Free(path string) (uint64, error) {
	var st unix.Statfs_t
	if err := statfs(path, &st); err != nil {
		return 0, FaultOf("measure the free space at", path, err)
	}
	return uint64(st.Bavail) * uint64(st.Bsize), nil // the types differ between systems
}

func statfs(path string, st *unix.Statfs_t) error {
	for {
		err := unix.Statfs(path, st)
		up := filepath.Dir(path)
		if err != unix.ENOENT || up == path {
			return err
		}
		path = up
	}
}
