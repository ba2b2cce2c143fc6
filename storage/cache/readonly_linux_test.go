package cache

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"

	"seatdeck/model"
)

// nobody is an account without rights, for tests that run as root.
const nobody = 65534

// asNobody gives dir to another account and runs f with that account's rights
// to files. Without root f runs as it is. The thread is thrown away after f.
func asNobody(t *testing.T, dir string, c *Cache, f func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		f()
		return
	}
	err := filepath.Walk(dir, func(path string, _ os.FileInfo, err error) error {
		return errors.Join(err, os.Lchown(path, nobody, nobody))
	})
	if err != nil {
		t.Fatal(err)
	}
	c.cfg.Caller.UID = nobody
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked: the thread ends with its rights
		if err := errors.Join(unix.Setfsgid(nobody), unix.Setfsuid(nobody)); err != nil {
			t.Error(err)
			return
		}
		f()
	}()
	<-done
}

// A folder that cannot be written is still read from, and a save says what is
// wrong.
func TestReadOnlyFolder(t *testing.T) {
	base, err := os.MkdirTemp("", "seatdeck-ro-")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(base, "instance")
	t.Cleanup(func() { makeWritable(t, dir); os.RemoveAll(base) })
	if err := os.Chmod(base, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, lock := range []string{"kept", "missing"} {
		c := New(testConfig(t, dir))
		mustSave(t, c, "one", "r1", testRoster("r1", 100, true))
		if lock == "missing" {
			if err := errors.Join(os.Remove(rosterHalf.lockPath(dir)), os.Remove(factsHalf.lockPath(dir))); err != nil {
				t.Fatal(err)
			}
		}
		for _, d := range []string{filepath.Join(dir, "roster"), dir} {
			if err := os.Chmod(d, 0o500); err != nil {
				t.Fatal(err)
			}
		}
		asNobody(t, dir, c, func() {
			wantSame(t, c, testFacts("one", "r1"), testRoster("r1", 100, true))
			err := c.Save(t.Context(), testFacts("two", ""), nil)
			if e := model.AsError("", err); e == nil || e.Class != model.ClassStorage {
				t.Errorf("lock %s: saving: %v, want class storage", lock, err)
			}
			wantSame(t, c, testFacts("one", "r1"), testRoster("r1", 100, true))
		})
		makeWritable(t, dir)
	}
}

// makeWritable gives everything under dir back to who runs the test.
func makeWritable(t *testing.T, dir string) {
	t.Helper()
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil && info.IsDir() {
			err = os.Chmod(path, 0o700)
		}
		if err == nil && os.Geteuid() == 0 {
			err = os.Lchown(path, 0, 0)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
