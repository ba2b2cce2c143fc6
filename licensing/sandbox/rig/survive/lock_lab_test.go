//go:build lab

package survive

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"seatdeck/licensing/sandbox/rig/holder"
)

// patience is how long anybody waits for locks in all, and as much for the rest
// of a refresh on a busy machine.
const patience = 3*time.Second + 3*time.Second

// Whoever holds the cache costs the others a notice, never the reading.
func TestLabLockHeld(t *testing.T) {
	t.Parallel()
	model := plainDesk(t)
	model.exits(0, "users", "counts")
	locks := bases(find(t, model.cache, "*lock*"))
	if len(locks) == 0 {
		t.Fatal("there is no lock in the cache")
	}
	for _, names := range append([][]string{locks}, split(locks)...) {
		t.Run(strings.Join(names, " "), func(t *testing.T) {
			t.Parallel()
			lockHeld(t, names)
		})
	}
}

// lockHeld holds the locks of those names while verbs and a console are used.
func lockHeld(t *testing.T, names []string) {
	fresh := truthOf(t, 1)
	in := newInstance(t, generation(t, 0, users))
	d := newDesk(t, in)
	d.exits(0, "users", "counts")
	old := d.kept()
	files := slices.DeleteFunc(find(t, d.cache, "*lock*"), func(path string) bool { return !slices.Contains(names, filepath.Base(path)) })
	other := holder.Start(t, strings.Join(files, string(filepath.ListSeparator)))
	for verb, code := range map[string]int{"status": 75, "users counts": 75} {
		if verb == "status" && !slices.Contains(names, "facts.lock") {
			code = 0 // what it shows does not lie behind that lock
		}
		r := d.offline(strings.Fields(verb)...)
		if r.code != code || r.took > patience {
			t.Errorf("%s --offline ends with %d after %v, want %d", verb, r.code, r.took, code)
		}
		if verb == "status" && code == 0 && facts(t, r.out) != old.facts {
			t.Errorf("wrong numbers: %s", r.out)
		}
		t.Logf("%s --offline: %d after %v, %q", verb, r.code, r.took.Round(time.Millisecond), r.said())
	}
	in.now.Store(generation(t, 1, users))
	r := d.exits(0, "users", "counts", "-o", "json")
	if rows(t, r.out) != fresh.rows || r.took > patience {
		t.Errorf("users counts shows %s after %v", rows(t, r.out), r.took)
	}
	once(t, r, "held by")
	t.Logf("users counts: %v, %q", r.took.Round(time.Millisecond), r.said())
	c := d.console()
	c.Until("of 2,131 seats taken", "accounts ─")
	c.told("held by another process")
	c.quit()
	other.Release()
	if r := d.exits(0, "users", "counts"); len(r.said()) > 0 {
		t.Errorf("after the release it says %q", r.said())
	}
	if d.kept() != fresh {
		t.Error("after the release the reading is not kept")
	}
}

func split(all []string) (each [][]string) {
	for _, s := range all {
		each = append(each, []string{s})
	}
	return each
}

func bases(paths []string) (names []string) {
	for _, p := range paths {
		names = append(names, filepath.Base(p))
	}
	return names
}

// The files of a newer program are left alone, and the instance is read all the
// same (faults R-08).
func TestLabNewerFiles(t *testing.T) {
	t.Parallel()
	d := plainDesk(t)
	d.exits(0, "users", "counts")
	want := d.kept()
	renumber(t, d.cache)
	before := contents(t, d.cache)
	d.exits(7, "status", "--offline")
	d.exits(7, "users", "counts", "--offline")
	for range 2 {
		for _, r := range d.reads(want) {
			once(t, r, "newer version")
		}
	}
	c := d.console()
	c.Until(headline, "accounts ─")
	c.told("newer version")
	c.Press("R")
	c.told("newer version")
	c.quit()
	after := contents(t, d.cache)
	for path, b := range before {
		if !bytes.Equal(after[path], b) {
			t.Errorf("%s was changed", path)
		}
	}
	if len(after) != len(before) {
		t.Errorf("%d files instead of %d", len(after), len(before))
	}
}

// renumber makes the cache that of a newer program: Badger's manifest has the
// number of the program's own schema in bytes 4 and 5, and the facts in bytes 8
// to 11, with a checksum of their head behind it. What tells of a clean end goes,
// as when the newer program was killed.
func renumber(t *testing.T, cache string) {
	t.Helper()
	manifests := find(t, cache, "MANIFEST")
	if len(manifests) == 0 {
		t.Fatal("there is no manifest in the cache")
	}
	for _, m := range manifests {
		b, err := os.ReadFile(m)
		if err != nil {
			t.Fatal(err)
		}
		binary.BigEndian.PutUint16(b[4:], binary.BigEndian.Uint16(b[4:])+1)
		if err := os.WriteFile(m, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range find(t, cache, "facts") {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		binary.BigEndian.PutUint32(b[8:], binary.BigEndian.Uint32(b[8:])+1)
		binary.BigEndian.PutUint32(b[16:], crc32.Checksum(b[:16], crc32.MakeTable(crc32.Castagnoli)))
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, seal := range find(t, cache, "*.seal") {
		if err := os.Remove(seal); err != nil {
			t.Fatal(err)
		}
	}
}

// contents is every file of a folder but the locks.
func contents(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	m := map[string][]byte{}
	for _, path := range find(t, dir, "*") {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.IsDir() || strings.Contains(filepath.Base(path), "lock") {
			continue
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		m[path] = b
	}
	return m
}
