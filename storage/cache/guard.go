package cache

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"seatdeck/storage"
)

const (
	// lockWait bounds how long a reader or writer waits for the other side.
	lockWait = 2 * time.Second
	// A waiting reader asks again after a growing pause.
	pollMin = 5 * time.Millisecond
	pollMax = 50 * time.Millisecond
)

// share takes the reader's side of the lock at path. Readers do not exclude each
// other; a writer, which takes the same kernel lock through
// [storage.Lock], excludes and is excluded. The returned function gives it back.
//
// Where the lock file can be neither opened nor made, because the folder is
// read-only, there is no writer to be afraid of.
func share(ctx context.Context, path string, m storage.Modes) (release func(), err error) {
	f, err := os.OpenFile(path, os.O_RDONLY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if errors.Is(err, fs.ErrNotExist) {
		f, err = os.OpenFile(path, os.O_RDONLY|os.O_CREATE|unix.O_NOFOLLOW|unix.O_CLOEXEC, m.File)
		if errors.Is(err, unix.EROFS) || errors.Is(err, fs.ErrPermission) {
			return func() {}, nil
		}
	}
	if err != nil {
		return nil, storage.FaultOf("open", path, err)
	}
	if err := waitShared(ctx, f); err != nil {
		f.Close()
		return nil, err
	}
	return func() { f.Close() }, nil
}

func waitShared(ctx context.Context, f *os.File) error {
	timeout := time.NewTimer(lockWait)
	defer timeout.Stop()
	for pause := pollMin; ; pause = min(2*pause, pollMax) {
		err := flock(int(f.Fd()), unix.LOCK_SH|unix.LOCK_NB)
		if err == nil || !busy(err) {
			return lockFault(f.Name(), err)
		}
		next := time.NewTimer(pause)
		select {
		case <-next.C:
		case <-timeout.C:
			next.Stop()
			return held(f)
		case <-ctx.Done():
			next.Stop()
			return ctx.Err()
		}
	}
}

// flock is the system call; tests put other kernels' answers in its place.
var flock = unix.Flock

func busy(err error) bool { return errors.Is(err, unix.EWOULDBLOCK) || errors.Is(err, unix.EINTR) }

// lockFault tells a file system without locks from a lock that is taken: NFS
// answers EBADF or ENOLCK (faults F9, R-07).
func lockFault(path string, err error) error {
	if err == nil {
		return nil
	}
	return &storage.Fault{Kind: storage.KindCannotLock, Path: path, Err: err,
		Msg:  "this file system cannot lock files: " + storage.ShortPath(path),
		Next: "set " + storage.EnvCache + " to a folder on a local disk"}
}

func held(f *os.File) error {
	var h storage.Holder
	b, err := io.ReadAll(io.NewSectionReader(f, 0, 512))
	if err != nil || json.Unmarshal(b, &h) != nil {
		h = storage.Holder{}
	}
	return &storage.Fault{Kind: storage.KindHeld, Path: f.Name(), Msg: "held by " + h.String(),
		Next: "wait until it has finished and try again"}
}

// localDisk refuses network file systems up front: neither the locks nor the
// memory maps of the database can be relied on there.
func localDisk(dir string) error {
	name := storage.NetworkFS(dir)
	if name == "" {
		return nil
	}
	return &storage.Fault{Kind: storage.KindCannotLock, Path: dir,
		Msg:  fmt.Sprintf("a network file system (%s) cannot keep a cache safely: %s", name, storage.ShortPath(dir)),
		Next: "set " + storage.EnvCache + " to a folder on a local disk"}
}
