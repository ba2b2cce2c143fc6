package cache

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"seatdeck/model"
	"seatdeck/storage"
)

// The facts lie in one plain file, because every start reads them and opening a
// database takes longer than all the rest of that:
//
//	head     magic, schema, size of the record, checksum of these; every schema begins so
//	record   [current] with a checksum of its own
//	facts    JSON, as long as the record says and with its checksum
//
// No byte is without a checksum. The file is never changed: each save writes a
// new one and renames it over the one before.

const (
	factsMagic = "seatfact"
	factsHead  = len(factsMagic) + 4 + 4 + 4
)

// kept is what the file of facts holds. Without one all of it is zero.
type kept struct {
	current
	record []byte // as it lies in the file: two files with the same are the same
	facts  []byte // JSON
}

// readKept reads the file of facts in a folder. It is model.ErrNoCache when there
// is none, or one of an older schema, which the next save replaces. The caller
// holds its lock.
func readKept(folder string) (kept, error) {
	b, err := readPlain(factsHalf.path(folder))
	if err != nil {
		return kept{}, err
	}
	return parseKept(b)
}

func parseKept(b []byte) (k kept, err error) {
	const sumAt = factsHead - 4
	if len(b) < factsHead || string(b[:len(factsMagic)]) != factsMagic || checksum(b[:sumAt]) != binary.BigEndian.Uint32(b[sumAt:]) {
		return k, damaged("the facts do not begin as they should")
	}
	switch n := binary.BigEndian.Uint32(b[len(factsMagic):]); {
	case n > schema:
		return k, ErrNewer
	case n < schema:
		return k, model.ErrNoCache
	}
	size, rest := binary.BigEndian.Uint32(b[len(factsMagic)+4:]), b[factsHead:]
	if uint64(size) > uint64(len(rest)) {
		return k, damaged("the facts were cut")
	}
	k.record, k.facts = rest[:size], rest[size:]
	if err := decodeRecord(k.record, &k.current); err != nil {
		return kept{}, err
	}
	if !k.Facts.matches(k.facts) {
		return kept{}, damaged("the facts fail their checksum")
	}
	return k, nil
}

// readPlain reads a file whole. Anything else that has its name is damage, and
// never waited for.
func readPlain(path string) ([]byte, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, model.ErrNoCache
	case errors.Is(err, unix.ELOOP), errors.Is(err, unix.ENXIO):
		return nil, damaged("%s is not a plain file", filepath.Base(path))
	case err != nil:
		return nil, storage.FaultOf("open", path, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, storage.FaultOf("look at", path, err)
	}
	if !info.Mode().IsRegular() || info.Size() > batchMax {
		return nil, damaged("%s is not a plain file", filepath.Base(path))
	}
	b := make([]byte, info.Size())
	if _, err := io.ReadFull(f, b); err != nil {
		return nil, damaged("%s cannot be read: %v", filepath.Base(path), err)
	}
	return b, nil
}

// newest is what counts. Facts that are damaged are set aside first.
func (w *work) newest(ctx context.Context) (kept, error) {
	release, err := share(ctx, factsHalf.lockPath(w.Dir), w.Modes, w.Wait)
	if err != nil {
		return kept{}, err
	}
	now, err := readKept(w.Dir)
	release()
	switch {
	case errors.Is(err, model.ErrNoCache):
		return kept{}, nil
	case !errors.Is(err, ErrDamaged):
		return now, err
	}
	err = w.holding(ctx, factsHalf, func() (err error) {
		now, err = w.mended()
		return err
	})
	return now, err
}

// mended is newest for who holds the lock.
func (w *work) mended() (kept, error) {
	now, err := readKept(w.Dir)
	switch {
	case errors.Is(err, model.ErrNoCache):
		return kept{}, nil
	case errors.Is(err, ErrDamaged):
		return kept{}, factsHalf.setAside(w.Dir)
	}
	return now, err
}

// publish writes the new facts and then has them count. Only that last step
// takes the lock, so readers and other writers are kept out for a moment,
// whatever the disk needs for the rest. Who finds that somebody else published
// in between writes again, holding the lock.
func (w *work) publish(ctx context.Context) error {
	was, err := w.newest(ctx)
	if err != nil {
		return err
	}
	path, err := w.writeFacts(w.after(was.current))
	if err != nil {
		return err
	}
	err = w.holding(ctx, factsHalf, func() error {
		now, err := w.mended()
		if err == nil && !bytes.Equal(now.record, was.record) {
			if err = os.Remove(path); err == nil {
				path, err = w.writeFacts(w.after(now.current))
			}
		}
		if err != nil {
			return err
		}
		return os.Rename(path, factsHalf.path(w.Dir))
	})
	if err != nil {
		return errors.Join(err, os.RemoveAll(path))
	}
	return removeLeft(w.Dir, time.Now().Add(-leftAfter))
}

// after is the record of the new facts, which follow what counts until then.
func (w *work) after(was current) current {
	next := current{Saved: w.Saved, Facts: w.Facts, Roster: was.Roster}
	next.Facts.Gen = max(was.Facts.Gen, was.Roster.Gen) + 1
	if w.Roster != nil {
		next.Roster = *w.Roster
		next.Facts.Gen = max(next.Facts.Gen, next.Roster.Gen)
	}
	return next
}

// writeFacts writes the new facts durably into a file beside the one that counts.
// Without a path nothing stays of it.
func (w *work) writeFacts(cur current) (path string, err error) {
	var facts []byte
	for _, p := range w.partsOf(classFacts) {
		facts = append(facts, p.data...)
	}
	if !cur.Facts.matches(facts) {
		return "", errFrame
	}
	record, err := encodeRecord(cur)
	if err != nil {
		return "", err
	}
	b := binary.BigEndian.AppendUint32([]byte(factsMagic), schema)
	b = binary.BigEndian.AppendUint32(b, uint32(len(record)))
	b = binary.BigEndian.AppendUint32(b, checksum(b))
	f, err := os.CreateTemp(w.Dir, leftPrefix+"*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(append(append(b, record...), facts...))
	if err = errors.Join(err, f.Chmod(w.Modes.File), f.Sync(), f.Close()); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}

// leftPrefix starts the names of files of facts that are being written.
const leftPrefix = "facts-"

// leftAfter is how old such a file must be to count as left behind by a writer
// that was killed: no writer lives as long.
const leftAfter = 5 * childLimit

// removeLeft removes what killed writers of facts left behind before that time,
// and what earlier versions kept facts in.
func removeLeft(folder string, before time.Time) error {
	entries, err := os.ReadDir(folder)
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), leftPrefix) && e.Name() != "facts.seal" {
			continue
		}
		if info, statErr := e.Info(); statErr == nil && info.ModTime().Before(before) {
			err = errors.Join(err, os.RemoveAll(filepath.Join(folder, e.Name())))
		}
	}
	return err
}
