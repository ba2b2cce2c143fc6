//go:build lab

package cache

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"seatdeck/model"
)

// thorough has every damage done to every file.
const thorough = true

func TestLabKilledWriter(t *testing.T) { killRounds(t, 200, 20000) }
func TestLabRandomDamage(t *testing.T) { randomDamage(t, 2000) }

// disk mounts a memory disk of that many MiB.
func disk(t *testing.T, mib int) string {
	t.Helper()
	dir := t.TempDir()
	err := unix.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dm,mode=0700", mib))
	if err != nil {
		t.Skipf("needs root and mount: %v", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
	return dir
}

// resize gives the disk another size in bytes, at once; 0 leaves it as full as
// it is now, but for left bytes. A disk cannot become smaller than what is on
// it, and a writer at work may be faster than we look: then we look again.
func resize(dir string, size, left int64) error {
	for tries := 0; ; tries++ {
		to := size
		if to == 0 {
			var st unix.Statfs_t
			if err := unix.Statfs(dir, &st); err != nil {
				return err
			}
			to = int64(st.Blocks-st.Bfree)*st.Bsize + left
		}
		err := unix.Mount("tmpfs", dir, "tmpfs", unix.MS_REMOUNT, fmt.Sprintf("size=%dk", to>>10))
		if !errors.Is(err, unix.EINVAL) || size != 0 || tries == 10_000 {
			return err
		}
	}
}

// Below the floor nothing is written, the process lives, and says so.
func TestLabSmallDisks(t *testing.T) {
	for _, mib := range []int{12, 24, 36, 64} {
		t.Run(fmt.Sprintf("%d MiB", mib), func(t *testing.T) {
			c := New(testConfig(t, filepath.Join(disk(t, mib), "instance")))
			for range 5 {
				err := c.Save(t.Context(), testFacts("one", "r1"), testRoster("r1", 5000, true))
				if e := model.AsError("", err); e == nil || e.Class != model.ClassStorage {
					t.Fatalf("got %v, want class storage", err)
				}
				if _, err := c.Facts(t.Context()); !errors.Is(err, model.ErrNoCache) {
					t.Fatalf("reading: %v", err)
				}
			}
		})
	}
}

// A disk that fills up after the check, in the middle of the writing, kills the
// writer; the console lives and keeps the snapshot there was.
func TestLabDiskFillsUp(t *testing.T) {
	dir := disk(t, 160)
	c := New(testConfig(t, filepath.Join(dir, "instance")))
	r := testRoster("r0", 50000, true)
	mustSave(t, c, "f0", "r0", r)
	died, refused, fine := 0, 0, 0
	label, roster := "f0", "r0"
	for i := 1; i <= 40; i++ {
		nextLabel, nextRoster := fmt.Sprintf("f%d", i), fmt.Sprintf("r%d", i)
		next := testRoster(nextRoster, 50000, true)
		full := make(chan error)
		go func() {
			// The writer breaks the seal right after it looked at the space.
			for range 5000 {
				if _, err := os.Stat(sealPath(c.cfg.Place.Dir)); err != nil {
					break
				}
				time.Sleep(200 * time.Microsecond)
			}
			time.Sleep(time.Duration(i%20) * time.Millisecond)
			full <- resize(dir, 0, int64(i%4)<<19)
		}()
		err := c.Save(t.Context(), testFacts(nextLabel, nextRoster), next)
		if err := <-full; err != nil {
			t.Fatal(err)
		}
		switch {
		case err == nil:
			fine++
		case errors.As(err, new(*death)):
			died++
		default:
			refused++
		}
		if f, err := c.Facts(t.Context()); err == nil && f.Instance != label && f.Instance != nextLabel {
			t.Fatalf("on the full disk: %q", f.Instance)
		} else if err != nil {
			wantWorded(t, err)
		}
		if err := resize(dir, 160<<20, 0); err != nil {
			t.Fatal(err)
		}
		f, errFacts := c.Facts(t.Context())
		if errFacts != nil {
			t.Fatalf("round %d, space is free again: %v (save: %v)", i, errFacts, err)
		}
		if f.Instance == nextLabel {
			label, roster = nextLabel, nextRoster
		} else if f.Instance != label || err == nil {
			t.Fatalf("round %d: loaded %q, before %q, save said %v", i, f.Instance, label, err)
		}
		wantPair(t, c, f, roster)
	}
	t.Logf("40 full disks: %d saved, %d refused in words, %d writers died; the console lived, 0 mixes", fine, refused, died)
}
