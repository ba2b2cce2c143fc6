package storage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sys/unix"

	"seatdeck/licensing/sandbox/rig/holder"
)

// TestMain makes the test binary hold a lock, when it is asked to.
func TestMain(m *testing.M) {
	if path := holder.Asked(); path != "" {
		l, err := OpenLock(me(nil), path, Private, "bob", time.Now)
		if err == nil {
			err = l.Acquire(context.Background(), 0)
		}
		os.Exit(holder.Hold(err))
	}
	os.Exit(m.Run())
}

func openLock(t *testing.T, path string) *Lock {
	t.Helper()
	l, err := OpenLock(me(nil), path, Private, "alice", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func TestLockTakesTurnsBetweenGoroutines(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	shared := openLock(t, path)
	var all sync.WaitGroup
	var inside atomic.Bool
	var times atomic.Int32
	for n := range 8 {
		l := shared
		if n%2 == 0 {
			l = openLock(t, path)
		}
		all.Go(func() {
			for range 50 {
				if err := l.Acquire(t.Context(), time.Minute); err != nil {
					t.Error(err)
					return
				}
				if !inside.CompareAndSwap(false, true) {
					t.Error("two hold the lock")
				}
				times.Add(1)
				inside.Store(false)
				if err := l.Release(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if n := times.Load(); n != 8*50 {
		t.Errorf("%d times inside", n)
	}
	if h := shared.Holder(); h != (Holder{}) {
		t.Errorf("a free lock is held by %v", h)
	}
}

// TestLockOfAKilledProcess: it is told who holds it, and nothing has to be
// cleaned up by hand afterwards.
func TestLockOfAKilledProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	for range 3 {
		other := holder.Start(t, path)
		l := openLock(t, path)
		err := l.Acquire(t.Context(), -1)
		if kindOf(err) != KindHeld || !strings.Contains(err.Error(), fmt.Sprintf("held by process %d of user bob since ", other.PID)) {
			t.Errorf("while held: %v", err)
		}
		other.Kill()
		if err := l.Acquire(t.Context(), 0); err != nil {
			t.Errorf("after the kill: %v", err)
		}
		if err := l.Release(); err != nil {
			t.Error(err)
		}
	}
}

// TestLockWaitIsBounded runs in fake time.
func TestLockWaitIsBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	synctest.Test(t, func(t *testing.T) {
		l, other := openLock(t, path), openLock(t, path)
		if err := other.Acquire(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if err := l.Acquire(t.Context(), 0); kindOf(err) != KindHeld {
			t.Errorf("%v", err)
		}
		if took := time.Since(began); took < lockWait || took > lockWait+10*lockPollMax {
			t.Errorf("waited %s", took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := l.Acquire(ctx, time.Hour); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
		var holder sync.WaitGroup
		defer holder.Wait()
		holder.Go(func() {
			time.Sleep(2 * time.Second)
			if err := other.Release(); err != nil {
				t.Error(err)
			}
		})
		if err := l.Acquire(t.Context(), 0); err != nil {
			t.Errorf("it was given back in time: %v", err)
		}
	})
}

// TestLockErrorsBlameNobody: a file system without locks is not another
// process (faults R-07).
func TestLockErrorsBlameNobody(t *testing.T) {
	for _, errno := range []error{unix.EBADF, unix.ENOLCK, unix.ENOSYS, unix.EOPNOTSUPP, unix.EIO} {
		l := openLock(t, filepath.Join(t.TempDir(), "lock"))
		l.try = func(int, int) error { return errno }
		err := l.Acquire(t.Context(), 0)
		if kindOf(err) != KindCannotLock || !errors.Is(err, errno) || !strings.Contains(err.Error(), "cannot lock files") || strings.Contains(err.Error(), "process") {
			t.Errorf("%v: %v", errno, err)
		}
		// The turn was given back: the next answer counts again.
		l.try = unix.Flock
		if err := l.Acquire(t.Context(), -1); err != nil {
			t.Errorf("%v: afterwards %v", errno, err)
		}
	}
	calls := 0
	l := openLock(t, filepath.Join(t.TempDir(), "lock"))
	l.try = func(int, int) error {
		if calls++; calls < 3 {
			return unix.EINTR
		}
		return nil
	}
	if err := l.Acquire(t.Context(), 0); err != nil || calls != 3 {
		t.Errorf("interrupted: %v after %d calls", err, calls)
	}
}

func TestHolderReadsRubbish(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	l := openLock(t, path)
	for _, text := range []string{"", "{", "4711", strings.Repeat("x", 10_000)} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if h := l.Holder(); h.String() != "another process" {
			t.Errorf("%.10q: %v", text, h)
		}
	}
}
