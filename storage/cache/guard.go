package cache

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"seatdeck/model"
	"seatdeck/storage"
)

const (
	// lockWait bounds how long a reader or writer waits for the other side.
	lockWait = 2 * time.Second
	// lostWait is the same for who has just waited in vain: whoever holds on to a
	// lock for seconds will do so for the next read and the save after it.
	lostWait = 200 * time.Millisecond
	// lostFor is how long that is remembered.
	lostFor = 30 * time.Second
	// A waiting reader asks again after a growing pause.
	pollMin = 5 * time.Millisecond
	pollMax = 50 * time.Millisecond
)

// patience is how long is waited for locks: once in full, then hardly at all for
// a while. A start reads and saves several times, and would otherwise stand
// still several times for one and the same holder.
type patience struct {
	mu   sync.Mutex
	lost time.Time // when it was last waited in vain
}

// left is how long to wait now.
func (p *patience) left(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.lost.IsZero() && now.Sub(p.lost).Abs() < lostFor {
		return lostWait
	}
	return lockWait
}

// learn remembers that it was waited in vain, if that is what err says.
func (p *patience) learn(err error, now time.Time) {
	if e, ok := errors.AsType[*model.Error](failure("", err)); ok && e.Class == model.ClassLocked {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.lost = now
	}
}

// share takes the reader's side of the lock at path. Readers do not exclude each
// other; a writer, which takes the same kernel lock through
// [storage.Lock], excludes and is excluded. It waits that long at most. The
// returned function gives the lock back.
//
// Where the lock file can be neither opened nor made, because the folder is
// read-only, there is no writer to be afraid of.
func share(ctx context.Context, path string, m storage.Modes, wait time.Duration) (release func(), err error) {
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
	if err := waitShared(ctx, f, wait); err != nil {
		f.Close()
		return nil, err
	}
	return func() { f.Close() }, nil
}

func waitShared(ctx context.Context, f *os.File, wait time.Duration) error {
	timeout := time.NewTimer(wait)
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
