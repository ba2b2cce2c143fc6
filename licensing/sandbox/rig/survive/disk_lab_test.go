//go:build lab

package survive

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"seatdeck/licensing/sandbox/rig/terminal"
)

// mount puts a memory disk of that many MiB at a folder.
func mount(t *testing.T, dir string, mib int) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dm,mode=0700", mib)); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("mounting is impossible: %v", err)
		}
		t.Skipf("mounting needs root: %v", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
}

func free(t *testing.T, dir string) int64 {
	t.Helper()
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		t.Fatal(err)
	}
	return int64(st.Bavail) * st.Bsize
}

// fill leaves so many bytes on the disk below the folder.
func fill(t *testing.T, dir string, left int64) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(dir, "filler"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	// Others may be writing too: what fits is taken.
	for more := free(t, dir) - left; more > 0; more = min(more/2, free(t, dir)-left) {
		if unix.Fallocate(int(f.Fd()), 0, info.Size(), more) == nil {
			return
		}
	}
}

// clearDisk takes away what fill put there.
func clearDisk(t *testing.T, dir string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, "filler")); err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
}

// told wants one trouble in the console's talk row.
func (c *console) told(about string) {
	c.t.Helper()
	c.Wait("it says nothing of "+about, func(rows []string) bool { return strings.Contains(talkOf(rows), about) })
	c.still()
	if row := c.talk(); !strings.Contains(row, about) || strings.Contains(row, "lists all") {
		c.t.Errorf("it says %q, want one notice about %s", row, about)
	}
}

// reads has verbs read the instance, which must show it as it is, whatever
// becomes of keeping it.
func (d *desk) reads(want truth) [2]result {
	d.t.Helper()
	status, counts := d.exits(0, "status", "-o", "json"), d.exits(0, "users", "counts", "-o", "json")
	if facts(d.t, status.out) != want.facts {
		d.t.Error("status shows other facts than the instance has")
	}
	if rows(d.t, counts.out) != want.rows {
		d.t.Error("users counts shows other counts than the instance has")
	}
	return [2]result{status, counts}
}

// On a disk that is too small nothing is kept, everything is shown, and one
// notice tells of it.
func TestLabSmallDisks(t *testing.T) {
	t.Parallel()
	in, want := newInstance(t, generation(t, 0, users)), truthOf(t, 0)
	for _, mib := range []int{12, 24, 36, 64} {
		for _, share := range []float64{0, 0.5, 0.95, 1} {
			t.Run(fmt.Sprintf("%d MiB, %.0f %% full", mib, share*100), func(t *testing.T) {
				t.Parallel()
				d := newDesk(t, in)
				mount(t, d.cache, mib)
				fill(t, d.cache, int64((1-share)*float64(int64(mib)<<20)))
				for _, r := range d.reads(want) {
					once(t, r, "paused")
				}
				d.exits(7, "status", "--offline")
				c := d.console()
				c.Until(headline)
				c.told("paused")
				c.Press("R")
				c.still()
				c.told("paused")
				c.quit()
			})
		}
	}
}

// A disk that fills up while the console runs costs the newest reading.
func TestLabDiskFillsUnderTheConsole(t *testing.T) {
	t.Parallel()
	old, fresh := truthOf(t, 0), truthOf(t, 1)
	for _, left := range []int64{0, 4 << 10, 1 << 20, 12 << 20, 24 << 20, 36 << 20, 63 << 20} {
		t.Run(fmt.Sprintf("%d KiB left", left>>10), func(t *testing.T) {
			t.Parallel()
			in := newInstance(t, generation(t, 0, users))
			d := newDesk(t, in)
			mount(t, d.cache, 160)
			d.exits(0, "users", "counts")
			c := d.console()
			c.Until(headline)
			c.still()
			fill(t, d.cache, left)
			in.now.Store(generation(t, 1, users))
			c.Press("R")
			c.Until("of 2,131 seats taken")
			c.told("paused")
			if got := d.kept(); got != old {
				t.Errorf("on the full disk %+v is kept, want the reading before", got)
			}
			c.quit()
			offline := d.console("--offline")
			offline.Until(headline)
			offline.quit()
			clearDisk(t, d.cache)
			if r := d.exits(0, "users", "counts"); len(r.said()) > 0 {
				t.Errorf("with room again it says %q", r.said())
			}
			if d.kept() != fresh {
				t.Error("with room again the new reading is not kept")
			}
		})
	}
}

// A disk that fills up at any moment of the writing kills the writer at worst.
func TestLabDiskFillsAtRandom(t *testing.T) {
	t.Parallel()
	for desk := range 2 {
		t.Run(fmt.Sprint(desk), func(t *testing.T) {
			t.Parallel()
			fillRounds(t, 30, uint64(desk))
		})
	}
}

func fillRounds(t *testing.T, rounds int, seed uint64) {
	in := newInstance(t, generation(t, 1, users))
	d := newDesk(t, in)
	mount(t, d.cache, 160)
	whole := d.exits(0, "users", "counts").took
	now := truthOf(t, 1)
	c := d.console()
	c.Until("seats taken")
	c.still() // or its first reading would be of two generations
	rng := rand.New(rand.NewPCG(7, seed))
	quiet, noticed := 0, 0
	for i := range rounds {
		next := truthOf(t, i%2)
		in.now.Store(generation(t, i%2, users))
		filled := make(chan struct{})
		wait, left := time.Duration(rng.Int64N(int64(whole))), rng.Int64N(3<<20)
		go func() {
			defer close(filled)
			time.Sleep(wait) // the moment is what this is about
			fill(t, d.cache, left)
		}()
		c.Press("R")
		r := d.exits(0, "users", "counts", "-o", "json")
		<-filled
		if rows(t, r.out) != next.rows {
			t.Errorf("round %d: the answer is not the instance's", i)
		}
		switch n := len(r.said()); {
		case n == 0:
			quiet++
		case n == 1:
			noticed++
		default:
			t.Errorf("round %d: it says %q", i, r.said())
		}
		c.Alive()
		full := d.kept() // a reading that cannot be looked at now is refused in words
		c.still()
		clearDisk(t, d.cache)
		d.onlyConsole(c)
		got := d.kept()
		for _, seen := range []truth{full, got} {
			if seen.facts == "" || seen.rows == "" {
				seen = seen.completed(now, next)
			}
			if why := neither(seen, now, next); why != "" {
				t.Fatalf("round %d: %s", i, why)
			}
		}
		if got.facts == "" {
			t.Errorf("round %d: with room again the facts are lost", i)
		}
		now = got
		if now.facts == "" || now.rows == "" {
			d.exits(0, "users", "counts")
			now = d.kept()
		}
	}
	c.quit()
	d.sound()
	t.Logf("%d times the disk filled up: %d verbs without and %d with one notice, the console lived", rounds, quiet, noticed)
}

// completed is a reading with what cannot be looked at now taken from the one
// it belongs to by what can.
func (v truth) completed(now, next truth) truth {
	from := now
	if v.facts == next.facts || v.rows == next.rows {
		from = next
	}
	if v.facts == "" {
		v.facts = from.facts
	}
	if v.rows == "" {
		v.rows = from.rows
	}
	return v
}

// onlyConsole waits until the console is at rest and has no writer at work.
func (d *desk) onlyConsole(c *console) {
	d.t.Helper()
	c.still()
	limit := time.Now().Add(terminal.Limit)
	for len(childrenOf(c.cmd.Process.Pid)) > 0 {
		if time.Now().After(limit) {
			d.t.Fatal("its writer never ends")
		}
		time.Sleep(2 * time.Millisecond) // another process ends when it ends
	}
	c.Alive()
}

// A record that cannot be written, or a disk without room for it, does not keep
// anybody from reading.
func TestLabRecordCannotBeWritten(t *testing.T) {
	t.Parallel()
	in, want := newInstance(t, generation(t, 0, users)), truthOf(t, 0)
	readOnly := func(t *testing.T, dir string) {
		t.Helper()
		if err := unix.Mount("tmpfs", dir, "tmpfs", unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
			t.Fatal(err)
		}
	}
	full := func(t *testing.T, dir string) { t.Helper(); fill(t, dir, 0) }
	for _, tt := range []struct {
		name  string
		spoil func(*testing.T, string)
		used  bool // there is a record already
	}{
		{"read-only from the beginning", readOnly, false},
		{"read-only later", readOnly, true},
		{"full from the beginning", full, false},
		{"full later", full, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, in)
			mount(t, d.state, 1)
			if tt.used {
				d.exits(0, "users", "counts")
			}
			tt.spoil(t, d.state)
			read := d.reads(want)
			for _, r := range read {
				if n := len(r.said()); n > 1 || n == 0 && !tt.used {
					t.Errorf("it says %q, want one notice", r.said())
				}
			}
			if d.kept() != want {
				t.Error("the cache does not keep what was read")
			}
			c := d.console()
			c.Until(headline)
			c.still()
			if row := c.talk(); strings.Contains(row, "lists all") || strings.TrimSpace(row) == "" && !tt.used {
				t.Errorf("the console says %q, want one notice", row)
			}
			t.Logf("%q; %q", read[1].said(), strings.TrimSpace(c.talk()))
			c.quit()
		})
	}
}
