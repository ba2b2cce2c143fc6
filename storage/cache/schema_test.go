package cache

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"seatdeck/model"
)

func contextEnding(t *testing.T, after time.Duration) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithTimeout(t.Context(), after)
}

// reseal gives facts and seal another schema number. Another schema may have
// anything behind the head of the facts.
func reseal(t *testing.T, dir string, schema int) {
	t.Helper()
	renumberFacts(t, dir, schema)
	s, err := readSeal(dir)
	if err != nil {
		t.Fatal(err)
	}
	s.Schema = schema
	b, err := encodeRecord(s)
	if err == nil {
		err = putSeal(dir, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func renumberFacts(t *testing.T, dir string, schema int) {
	t.Helper()
	b := binary.BigEndian.AppendUint32([]byte(factsMagic), uint32(schema))
	b = binary.BigEndian.AppendUint32(b, 4711)
	b = binary.BigEndian.AppendUint32(b, checksum(b))
	if err := os.WriteFile(factsHalf.path(dir), append(b, "something else"...), 0o600); err != nil {
		t.Fatal(err)
	}
}

// remark gives the facts and the manifest of the accounts another schema, that
// one another format number too, and removes the seal, as a writer that was
// killed leaves them.
func remark(t *testing.T, dir string, schema, format uint16) {
	t.Helper()
	path := filepath.Join(dir, "roster", "MANIFEST")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	binary.BigEndian.PutUint16(b[4:], schema)
	binary.BigEndian.PutUint16(b[6:], format)
	if err := errors.Join(os.WriteFile(path, b, 0o600), removeSeal(dir)); err != nil {
		t.Fatal(err)
	}
	if format == badgerManifest {
		renumberFacts(t, dir, int(schema))
	}
}

// contents is every file of the folder but the locks.
func contents(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	m := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Ext(e.Name()) == ".lock" {
			return err
		}
		m[path], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// A cache of a newer version is never touched (faults R-08).
func TestNewerSchema(t *testing.T) {
	t.Parallel()
	for name, age := range map[string]func(dir string){
		"closed":         func(dir string) { reseal(t, dir, schema+1) },
		"not closed":     func(dir string) { remark(t, dir, schema+1, badgerManifest) },
		"newer database": func(dir string) { remark(t, dir, schema, badgerManifest+1) },
	} {
		t.Run(name, func(t *testing.T) {
			c := newCache(t)
			mustSave(t, c, "one", "r1", testRoster("r1", 10, true))
			age(c.cfg.Place.Dir)
			before := contents(t, c.cfg.Place.Dir)
			_, errFacts := c.Facts(t.Context())
			if name == "newer database" && errFacts == nil {
				errFacts = ErrNewer // the facts lie beside it, and are as old as they were
			}
			_, errRoster := c.Roster(t.Context())
			_, errDraft := c.Draft(t.Context())
			errSave := c.Save(t.Context(), testFacts("two", ""), testRoster("r2", 10, true))
			errDraftSave := c.SaveDraft(t.Context(), model.Draft{Started: today})
			for _, err := range []error{errFacts, errRoster, errDraft, errSave, errDraftSave} {
				if !errors.Is(err, ErrNewer) || !strings.Contains(err.Error(), "newer version") {
					t.Errorf("got %v, want that it is newer", err)
				}
			}
			after := contents(t, c.cfg.Place.Dir)
			for path, b := range before {
				if !bytes.Equal(after[path], b) {
					t.Errorf("%s was changed", filepath.Base(path))
				}
			}
			if len(after) != len(before) {
				t.Errorf("%d files instead of %d", len(after), len(before))
			}
		})
	}
}

// An older one counts as absent and is rebuilt by the next save.
func TestOlderSchema(t *testing.T) {
	t.Parallel()
	for name, age := range map[string]func(dir string){
		"closed":     func(dir string) { reseal(t, dir, schema-1) },
		"not closed": func(dir string) { remark(t, dir, schema-1, badgerManifest) },
	} {
		t.Run(name, func(t *testing.T) {
			c := newCache(t)
			mustSave(t, c, "one", "r1", testRoster("r1", 10, true))
			age(c.cfg.Place.Dir)
			if _, err := c.Facts(t.Context()); !errors.Is(err, model.ErrNoCache) {
				t.Errorf("got %v, want ErrNoCache", err)
			}
			r := testRoster("r2", 20, true)
			mustSave(t, c, "two", "r2", r)
			wantSame(t, c, testFacts("two", "r2"), r)
		})
	}
}
