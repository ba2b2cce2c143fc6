package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// lockWait is how long a lock is waited for when nothing else is said.
	lockWait = 5 * time.Second
	// A waiting process asks again after a random time up to a growing bound.
	// The bound stays small, because a busy holder takes the lock again within
	// microseconds and a rare question would never meet the gap.
	lockPollMin = 100 * time.Microsecond
	lockPollMax = time.Millisecond
	// holderMax bounds what is read from a lock file.
	holderMax = 512
)

// Holder is who holds a lock, as the lock file tells. It is a hint for people:
// the kernel's lock decides, and it dies with its process.
type Holder struct {
	PID   int       `json:"pid"`
	User  string    `json:"user"`
	Since time.Time `json:"since"`
}

// String is such as "process 4711 of user alice since 09:52:10".
func (h Holder) String() string {
	if h.PID == 0 {
		return "another process"
	}
	s := fmt.Sprintf("process %d", h.PID)
	if h.User != "" {
		s += " of user " + h.User
	}
	if !h.Since.IsZero() {
		s += " since " + h.Since.UTC().Format("15:04:05 MST")
	}
	return s
}

// Lock takes turns between processes and between the goroutines of one
// process. It is a kernel lock (flock): it ends with its process however that
// ends, so there is never one to remove by hand, and the file stays.
type Lock struct {
	f    *os.File
	me   Holder
	now  func() time.Time
	turn chan struct{} // one turn, for the goroutines of this process
	try  func(fd int, how int) error
}

// OpenLock opens or makes the lock file. user is written into it while the lock
// is held; now is the clock.
func OpenLock(c Caller, path string, m Modes, user string, now func() time.Time) (*Lock, error) {
	f, err := OpenFile(c, path, os.O_RDWR|os.O_CREATE, m)
	if err != nil {
		return nil, err
	}
	return &Lock{f: f, me: Holder{PID: os.Getpid(), User: user}, now: now, turn: make(chan struct{}, 1), try: unix.Flock}, nil
}

// Acquire waits for the lock, at most wait (0 = 5 s, negative = one try). When
// it stays taken the Fault is of KindHeld and names the holder; a file system
// that cannot lock is a Fault of KindCannotLock; a cancelled ctx is its error.
func (l *Lock) Acquire(ctx context.Context, wait time.Duration) error {
	if wait == 0 {
		wait = lockWait
	}
	enough := time.NewTimer(max(wait, 0))
	defer enough.Stop()
	for bound := lockPollMin; ; bound = min(2*bound, lockPollMax) {
		ok, err := l.attempt()
		if err != nil {
			return err
		}
		if ok {
			l.sign()
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-enough.C:
			return &Fault{Kind: KindHeld, Path: l.f.Name(), Msg: "held by " + l.Holder().String(),
				Next: "wait until it has finished and try again"}
		default:
			pause(ctx, bound/2+rand.N(bound))
		}
	}
}

// pause sleeps for d, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// attempt asks once, for this goroutine and then for this process.
func (l *Lock) attempt() (bool, error) {
	select {
	case l.turn <- struct{}{}:
	default:
		return false, nil
	}
	err := l.try(int(l.f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if err == nil {
		return true, nil
	}
	<-l.turn
	if errors.Is(err, unix.EWOULDBLOCK) || errors.Is(err, unix.EINTR) {
		return false, nil
	}
	return false, lockFault(l.f.Name(), err)
}

// lockFault words a failure that has nothing to do with another process: NFS
// without a lock service answers ENOLCK or EBADF (faults F9, R-07).
func lockFault(path string, err error) *Fault {
	return &Fault{Kind: KindCannotLock, Path: path, Err: err, Msg: "this file system cannot lock files: " + ShortPath(path),
		Next: "set " + EnvState + " and " + EnvCache + " to folders on a local disk"}
}

// Release gives the lock back.
func (l *Lock) Release() error {
	l.unsign()
	err := l.try(int(l.f.Fd()), unix.LOCK_UN)
	<-l.turn
	if err != nil {
		return lockFault(l.f.Name(), err)
	}
	return nil
}

// Close closes the lock file.
func (l *Lock) Close() error { return l.f.Close() }

// Holder reads who holds the lock; the zero Holder when that is not told.
func (l *Lock) Holder() Holder {
	var h Holder
	b, err := io.ReadAll(io.NewSectionReader(l.f, 0, holderMax))
	if err != nil || json.Unmarshal(b, &h) != nil {
		return Holder{}
	}
	return h
}

// sign writes who holds the lock. It is only a hint, so a full disk that
// refuses it does not cost the lock.
func (l *Lock) sign() {
	l.me.Since = l.now().UTC()
	if b, err := json.Marshal(l.me); err == nil {
		if l.f.Truncate(0) == nil {
			_, _ = l.f.WriteAt(b, 0)
		}
	}
}

func (l *Lock) unsign() { _ = l.f.Truncate(0) }
