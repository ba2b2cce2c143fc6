// Package journal is the record of one instance: what was observed and what was
// done, by whom and when. It is append-only, chained by hashes and on the disk
// before an append returns.
//
// It never rewrites a record, never repairs by dropping what somebody was told
// is saved, and never holds more than ids and usernames: what looks like an
// e-mail address is masked on the way in.
//
// Files in the journal's folder:
//   - NNNNNNNNNNNNNNNNNNNN.jsonl: segments, named by the sequence number of
//     their first record; one JSON record a line, each with the hash of the
//     line before;
//   - head: sequence number and hash of the newest record and the size of its
//     segment. It is written after the record is durable, so it is never ahead
//     of an honest log: a log that ends before its head was cut;
//   - lock: taken for each append;
//   - run.lock: held by whoever is changing the instance, see [Lazy.Acquire].
//
// Invariants: sequence numbers are consecutive; a new record continues from the
// head, so that a cut or an edit stays visible for ever; after a failed fsync
// nothing more is appended by this process; nothing old goes but by
// [Journal.Retain], which tells of it in the chain.
package journal

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"seatdeck/model"
	"seatdeck/storage"
)

// Kinds of records the journal writes about itself.
const (
	EntryRepaired model.EntryKind = "repaired" // an unfinished last line was taken away; body is [Repair]
	EntryRetained model.EntryKind = "retained" // old segments were dropped; body is [Retention]
)

// EntryUnreadable stands in a reading for a line that cannot be read; its body
// is [Damage]. It is never written.
const EntryUnreadable model.EntryKind = "unreadable"

const (
	segmentSize = 4 << 20  // bytes after which a new segment begins
	lineMax     = 64 << 10 // bytes of one record
	lockName    = "lock"
	op          = "keep the record"
	reportIt    = "please report it"
)

// Options are what a journal needs to know. Now and Boot are the clocks; both
// are required.
type Options struct {
	Who    model.Who            // written into every record that brings none
	Now    func() time.Time     // wall clock
	Boot   func() time.Duration // time since the machine's start
	Others []string             // folders of further journals of this instance, merged when reading
	Wait   time.Duration        // how long to wait for the lock; 0 = 5 s

	SegmentSize int64    // bytes; 0 = 4 MiB
	Open        OpenFile // how files are opened; nil = from the disk
}

// Journal is the open record of one instance. It may be used by several
// goroutines and, through the lock, by several processes at once.
type Journal struct {
	dir    string
	o      Options
	lock   *storage.Lock
	index  index // guarded by lock, as broken is
	broken error
}

// Open opens or begins the journal in the place's folder.
func Open(c storage.Caller, place storage.Place, o Options) (*Journal, error) {
	if err := storage.EnsureDir(c, place); err != nil {
		return nil, fail(err)
	}
	lock, err := storage.OpenLock(c, filepath.Join(place.Dir, lockName), place.Modes, o.Who.User, o.Now)
	if err != nil {
		return nil, fail(err)
	}
	if o.Open == nil {
		o.Open = func(path string, flag int) (File, error) { return storage.OpenFile(c, path, flag, place.Modes) }
	}
	if o.SegmentSize == 0 {
		o.SegmentSize = segmentSize
	}
	return &Journal{dir: place.Dir, o: o, lock: lock, index: newIndex()}, nil
}

// Close lets the journal go. Every append is durable already.
func (j *Journal) Close() error { return j.lock.Close() }

// Append adds the entries durably, in one step; it sets Seq and Prev, and At,
// Mono and Who where an entry brings none. An entry whose natural key is already
// in the current chapter is not added again. added is how many were.
//
// A record of kind [model.EntryChapter] that names another installation begins
// a chapter: behind it natural keys start afresh, because another installation
// under the same address has a history of its own.
//
// Errors are *model.Error: locked when another process holds the journal for
// too long, storage when the records could not be made durable. Then nothing may
// be done that was to be recorded.
func (j *Journal) Append(ctx context.Context, entries ...model.Entry) (added int, err error) {
	err = j.locked(ctx, func(t *tail) error {
		fresh, err := j.fresh(t, entries)
		if err != nil || len(fresh) == 0 {
			return err
		}
		added = len(fresh)
		return j.add(t, fresh...)
	})
	if err != nil {
		return 0, err
	}
	return added, nil
}

// fresh leaves out entries whose natural key is there already, or comes twice.
func (j *Journal) fresh(t *tail, entries []model.Entry) ([]model.Entry, error) {
	var out []model.Entry
	coming := map[string]bool{}
	chapter := false // one of the entries began it, so what is in the file no longer counts
	for _, e := range entries {
		if e.Key != "" {
			known := coming[e.Key]
			if !known && !chapter {
				var err error
				if known, err = j.known(t, e.Key); err != nil {
					return nil, err
				}
			}
			if known {
				continue
			}
		}
		if beginsChapter(e.Kind, e.Body) {
			chapter = true
			clear(coming)
		}
		if e.Key != "" {
			coming[e.Key] = true
		}
		out = append(out, e)
	}
	return out, nil
}

// locked runs fn with the lock held and the end of the log settled.
func (j *Journal) locked(ctx context.Context, fn func(*tail) error) (err error) {
	if err := j.lock.Acquire(ctx, j.o.Wait); err != nil {
		return fail(err)
	}
	defer func() {
		if e := j.lock.Release(); err == nil {
			err = fail(e)
		}
	}()
	if j.broken != nil {
		return j.broken
	}
	t, err := j.settle()
	if err != nil {
		return fail(err)
	}
	defer t.close()
	return fail(fn(t))
}

// add writes entries as the next lines, all of them durable or none known to
// be. The caller holds the lock.
func (j *Journal) add(t *tail, entries ...model.Entry) error {
	if err := j.room(t); err != nil {
		return err
	}
	after := t.head
	var buf []byte
	for _, e := range entries {
		line, err := j.line(after, e)
		if err != nil {
			return err
		}
		buf = append(append(buf, line...), '\n')
		after.advance(line)
	}
	return j.write(t, buf, after)
}

// line is the entry as the line that follows h.
func (j *Journal) line(h head, e model.Entry) ([]byte, error) {
	if e.Kind == "" || e.Kind == EntryUnreadable {
		return nil, model.Fail(model.ClassInternal, op, "a record without a kind", reportIt)
	}
	e.Seq, e.Prev = h.seq+1, h.hash.String()
	if e.At.IsZero() {
		e.At = j.o.Now()
	}
	if e.Mono == 0 {
		e.Mono = j.o.Boot()
	}
	if e.Who == (model.Who{}) {
		e.Who = j.o.Who
	}
	e.At = e.At.UTC()
	return encodeLine(e)
}

// write appends whole lines durably and moves the head to after. Lines that
// could not be written are taken back; after a failed fsync it is not known
// what is on the disk, so this process appends nothing more (faults R-04).
func (j *Journal) write(t *tail, lines []byte, after head) error {
	at := t.head.size
	if _, err := t.f.WriteAt(lines, at); err != nil {
		_ = t.f.Truncate(at) // what stays is taken away by the next append
		return storage.FaultOf("write", t.path(j.dir), err)
	}
	if err := t.f.Sync(); err != nil {
		j.broken = fail(storage.FaultOf("save", t.path(j.dir), err))
		_ = t.f.Truncate(at)
		return j.broken
	}
	t.head = after
	// The records are durable. If the head cannot follow, the next append finds
	// them behind it and adopts them.
	_ = j.writeHead(t.head)
	return nil
}

// fail words err for people.
func fail(err error) error {
	if err == nil {
		return nil // not a nil *model.Error in an error
	}
	return model.AsError(op, err)
}

// File is what the journal needs of a file.
type File interface {
	ReadAt(p []byte, off int64) (int, error)
	WriteAt(p []byte, off int64) (int, error)
	Stat() (os.FileInfo, error)
	Sync() error
	Truncate(size int64) error
	Close() error
}

// OpenFile opens a file of the journal with the flags of os.OpenFile. Tests put
// failing files in its place.
type OpenFile func(path string, flag int) (File, error)
