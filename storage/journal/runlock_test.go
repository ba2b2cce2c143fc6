package journal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"seatdeck/licensing/sandbox/rig/holder"
	"seatdeck/model"
	"seatdeck/storage"
)

// hold takes the run lock in that folder, and keeps it until it is killed.
func hold(dir string) {
	_, err := lazyIn(dir, "bob").Acquire(context.Background(), 0)
	os.Exit(holder.Hold(err))
}

func lazyIn(dir, user string) *Lazy {
	return Later(storage.Caller{UID: os.Geteuid(), Groups: []int{os.Getegid()}}, storage.Place{Dir: dir, Modes: storage.Private},
		Options{Who: model.Who{User: user}, Now: time.Now, Boot: storage.SinceBoot})
}

func lockError(t *testing.T, err error) *model.Error {
	t.Helper()
	e, ok := errors.AsType[*model.Error](err)
	if !ok {
		t.Fatalf("%v is no *model.Error", err)
	}
	return e
}

// TestRunLockOfAKilledProcess: who has to wait is told for whom, and a killed
// holder leaves nothing to clean up.
func TestRunLockOfAKilledProcess(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state") // the first use makes it
	for range 3 {
		other := holder.Start(t, dir)
		l := lazyIn(dir, "alice")
		_, err := l.Acquire(t.Context(), 0)
		e := lockError(t, err)
		if want := fmt.Sprintf("held by process %d of user bob since ", other.PID); e.Class != model.ClassLocked || !strings.Contains(e.Error(), want) {
			t.Errorf("while held: %v", e)
		}
		// The journal itself can be used meanwhile.
		if n, err := l.Append(t.Context(), model.Entry{Kind: "note"}); n != 1 || err != nil {
			t.Errorf("appended %d, %v", n, err)
		}
		other.Kill()
		release, err := l.Acquire(t.Context(), 0)
		if err != nil {
			t.Fatalf("after the kill: %v", err)
		}
		release()
		release()
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestRunLockPatience runs in fake time, with two holders in one process.
func TestRunLockPatience(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		one, two := lazyIn(dir, "alice"), lazyIn(dir, "bob")
		release, err := one.Acquire(t.Context(), 0)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if _, err := one.Acquire(t.Context(), 3*time.Second); lockError(t, err).Class != model.ClassLocked {
			t.Errorf("the same place twice: %v", err)
		}
		if took := time.Since(began); took < 3*time.Second || took > 4*time.Second {
			t.Errorf("waited %s", took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := two.Acquire(ctx, time.Hour); lockError(t, err).Class == model.ClassLocked {
			t.Errorf("its context ended, and it says %v", err)
		}
		back := release
		go func() {
			time.Sleep(2 * time.Second)
			back()
		}()
		began = time.Now()
		release, err = two.Acquire(t.Context(), time.Hour)
		if err != nil || time.Since(began) > 3*time.Second {
			t.Fatalf("given back in time: %v after %s", err, time.Since(began))
		}
		release()
	})
}

func TestRunLockWithoutAPlace(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := lazyIn(filepath.Join(file, "state"), "alice").Acquire(t.Context(), 0)
	if e := lockError(t, err); e.Class != model.ClassStorage {
		t.Errorf("%v", e)
	}
}

// TestOwn: what other accounts have written is read beside, and is not our own.
func TestOwn(t *testing.T) {
	mine, theirs := newBench(t), newBench(t)
	other := theirs.open()
	theirs.append(other, note(1))
	mine.o.Others = []string{theirs.dir}
	j := mine.open()
	mine.append(j, note(2))
	all, err := j.Read(t.Context())
	if err != nil || len(all) != 2 {
		t.Fatalf("%d entries, %v", len(all), err)
	}
	own, err := j.Own(t.Context())
	if err != nil || len(own) != 1 || string(own[0].Body) != string(note(2).Body) {
		t.Errorf("%+v, %v", own, err)
	}
}
