package cache

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"
	"github.com/dgraph-io/badger/v4/table"
)

// store is an open database.
type store struct {
	db     *badger.DB
	log    *capture
	tables []uint64 // that the manifest named before it was opened
}

// settings are Badger's options for what is kept here: a few megabytes in big
// values, written rarely by a process that ends right after. Small files keep
// opening cheap; caches and metrics would only cost memory. The lock is ours
// (the lock file), so that it can span the seal and tell its failures apart;
// Badger's own is off.
func settings(path string, log *capture) badger.Options {
	o := badger.DefaultOptions(path)
	o.Logger = log
	o.MemTableSize = 8 << 20
	o.NumMemtables = 2
	o.NumCompactors = 2
	o.NumLevelZeroTables = 4
	o.NumLevelZeroTablesStall = 8
	o.BaseTableSize = 4 << 20
	o.ValueLogFileSize = 1 << 20
	o.Compression = options.None
	o.BlockCacheSize = 0
	o.IndexCacheSize = 0
	o.MetricsEnabled = false
	o.NumVersionsToKeep = 1
	o.DetectConflicts = false
	o.SyncWrites = false
	o.BypassLockGuard = true
	o.ExternalMagicVersion = schema
	return o
}

// openReader opens the database for the moment of a read. The caller holds its
// lock.
func openReader(path string) (*store, error) {
	log := &capture{}
	o := settings(path, log)
	o.ReadOnly = true
	return openStore(o, log)
}

// openWriter opens it for writing. Tables that were written are merged when it
// is closed, which keeps the number of files down.
func openWriter(path string) (*store, error) {
	log := &capture{}
	o := settings(path, log)
	o.CompactL0OnClose = true
	tables, err := named(o)
	if err != nil {
		return nil, err
	}
	s, err := openStore(o, log)
	if err != nil {
		return nil, err
	}
	s.tables = tables
	return s, nil
}

// named are the tables in the manifest, in the order of their numbers. A new
// database has none.
func named(o badger.Options) ([]uint64, error) {
	f, err := os.Open(filepath.Join(o.Dir, badger.ManifestFilename))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m, _, err := badger.ReplayManifestFile(f, o.ExternalMagicVersion, o)
	if err != nil {
		return nil, damaged("its manifest: %v", err)
	}
	return slices.Sorted(maps.Keys(m.Tables)), nil
}

// whole checks that every table that was named was opened. Badger goes on
// without one whose index fails its checksum. One that makes no sense at all
// breaks a goroutine of its own: the process is about to end then, but Open
// returns before that, as if all were well.
//
// Badger flushes and merges tables meanwhile. Only those of before count, since
// a new one is named before it is listed; and what is merged away is unnamed
// before it is unlisted, so the manifest is read last.
func (s *store) whole() error {
	opened := map[uint64]bool{}
	for _, t := range s.db.Tables() {
		opened[t.ID] = true
	}
	still, err := named(s.db.Opts())
	if err != nil {
		return err
	}
	for _, id := range s.tables {
		if _, is := slices.BinarySearch(still, id); is && !opened[id] {
			return damaged("%s was left out", table.IDToFilename(id))
		}
	}
	return nil
}

func openStore(o badger.Options, log *capture) (s *store, err error) {
	defer caught(&err)
	db, err := badger.Open(o)
	if err != nil {
		return nil, damaged("the database does not open: %v", err)
	}
	return &store{db: db, log: log}, nil
}

// close closes the database. What it only told its logger becomes an error.
func (s *store) close() (err error) {
	defer caught(&err)
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("close the cache: %w", err)
	}
	if text := s.log.complaint(); text != "" {
		return damaged("the database complains: %s", text)
	}
	return nil
}

// caught turns a panic of the database, or a read behind the end of a file that
// somebody cut in this moment, into damage.
func caught(err *error) {
	if r := recover(); r != nil {
		*err = damaged("%v", r)
	}
}

// guarded runs f, which touches mapped files, so that a bad page is a panic of
// this goroutine instead of the end of the process.
func guarded(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer caught(&err)
	return f()
}

// view runs f on an open database, guarded.
func (s *store) view(f func(*badger.Txn) error) error {
	return guarded(func() error { return s.db.View(f) })
}

// viewIn opens the database read-only for just as long as f runs.
func viewIn(path string, f func(*badger.Txn) error) error {
	s, err := openReader(path)
	if err != nil {
		return err
	}
	err = s.view(f)
	if closeErr := s.close(); err == nil {
		err = closeErr
	}
	return err
}

// value returns a copy of the value under key. A missing key is badger's
// ErrKeyNotFound.
func value(txn *badger.Txn, key []byte) ([]byte, error) {
	item, err := txn.Get(key)
	if err != nil {
		return nil, err
	}
	return item.ValueCopy(nil)
}

// record reads a small record into v; found tells whether there is one.
func record(txn *badger.Txn, key string, v any) (found bool, err error) {
	b, err := value(txn, []byte(key))
	if errors.Is(err, badger.ErrKeyNotFound) {
		return false, nil
	}
	if err != nil {
		return false, damaged("%s: %v", key, err)
	}
	return true, decodeRecord(b, v)
}

// readBlob puts the parts of a blob together. Its size is checked, not its sum.
func readBlob(txn *badger.Txn, prefix string, size int) ([]byte, error) {
	n := parts(size)
	if n == 1 {
		return readPart(txn, prefix, 0, size)
	}
	if size < 0 || size > batchMax {
		return nil, damaged("%s has an impossible size", prefix)
	}
	whole := make([]byte, 0, size)
	for i := range n {
		b, err := readPart(txn, prefix, i, min(partMax, size-len(whole)))
		if err != nil {
			return nil, err
		}
		whole = append(whole, b...)
	}
	return whole, nil
}

// readPart reads one part, which must have exactly the size: a value that
// Badger cannot read comes back empty and without an error.
func readPart(txn *badger.Txn, prefix string, n, size int) ([]byte, error) {
	key := partKey(prefix, n)
	b, err := value(txn, key)
	if err != nil {
		return nil, damaged("%s: %v", key, err)
	}
	if len(b) != size {
		return nil, damaged("%s has %d bytes instead of %d", key, len(b), size)
	}
	return b, nil
}

// checkedBlob reads a blob and its sum.
func checkedBlob(txn *badger.Txn, prefix string, want blob) ([]byte, error) {
	b, err := readBlob(txn, prefix, want.Size)
	if err != nil {
		return nil, err
	}
	if !want.matches(b) {
		return nil, damaged("%s fails its checksum", prefix)
	}
	return b, nil
}

// hasHead tells whether the database has the generation that the facts name. It
// has not when it was rebuilt since: there are facts without rows then.
func hasHead(txn *badger.Txn, r rosterRef) (bool, error) {
	if r.Gen == 0 {
		return false, nil
	}
	_, err := txn.Get(partKey(headKey(r.Gen), 0))
	if errors.Is(err, badger.ErrKeyNotFound) {
		return false, nil
	}
	return err == nil, err
}

// readHead reads and checks the head of the roster.
func readHead(txn *badger.Txn, r rosterRef) (*head, error) {
	b, err := checkedBlob(txn, headKey(r.Gen), r.Head)
	if err != nil {
		return nil, err
	}
	h := new(head)
	if err := decodeRecord(b, h); err != nil {
		return nil, err
	}
	if len(h.Chunks) != r.Chunks || h.Roster.Chunks != r.Chunks || h.Roster.Accounts != r.Accounts {
		return nil, damaged("the head of the accounts does not fit")
	}
	return h, nil
}
