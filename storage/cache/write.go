package cache

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/dgraph-io/badger/v4"
)

// save writes the batch under new generations, flips the current record, and
// removes the generations before. Until the flip nothing refers to what is new,
// and after it nothing to what is old.
func (s *store) save(ctx context.Context, b batch) error {
	var cur current
	if err := s.db.View(func(txn *badger.Txn) (err error) {
		cur, _, err = readCurrent(txn)
		return err
	}); err != nil {
		return err
	}
	gen := max(cur.Facts.Gen, cur.Roster.Gen) + 1
	if err := s.put(ctx, b.parts, func(p part) (string, error) { return saveKey(gen, p) }); err != nil {
		return err
	}
	next := current{Schema: schema, Saved: b.Saved, Facts: b.Facts, Roster: cur.Roster}
	next.Facts.Gen = gen
	if b.Roster != nil {
		next.Roster = *b.Roster
		next.Roster.Gen = gen
	}
	if err := s.flip(keyCurrent, next); err != nil {
		return err
	}
	return s.sweep(next, b.DropDraft)
}

func saveKey(gen uint64, p part) (string, error) {
	switch p.class {
	case classFacts:
		return factsKey(gen), nil
	case classHead:
		return headKey(gen), nil
	case classChunk:
		return chunkKey(gen, p.blob), nil
	}
	return "", fmt.Errorf("%w: unexpected class %q", errFrame, p.class)
}

// put writes parts. A batch is many transactions, so an end in the middle
// leaves some of it; that is why nothing refers to it yet.
func (s *store) put(ctx context.Context, ps []part, key func(part) (string, error)) error {
	w := s.db.NewWriteBatch()
	defer w.Cancel()
	for _, p := range ps {
		if err := ctx.Err(); err != nil {
			return err
		}
		prefix, err := key(p)
		if err != nil {
			return err
		}
		if err := w.Set(partKey(prefix, p.n), p.data); err != nil {
			return fmt.Errorf("write to the cache: %w", err)
		}
	}
	return w.Flush()
}

// flip makes a record count.
func (s *store) flip(key string, rec any) error {
	b, err := encodeRecord(rec)
	if err != nil {
		return err
	}
	return s.db.Update(func(txn *badger.Txn) error { return txn.Set([]byte(key), b) })
}

// sweep removes what the current record does not refer to. Being interrupted
// costs disk space until the next save, nothing else.
func (s *store) sweep(cur current, dropDraft bool) error {
	keep := map[string]bool{factsKey(cur.Facts.Gen): true, headKey(cur.Roster.Gen): true, chunksKey(cur.Roster.Gen): true}
	for _, prefix := range []string{prefixFacts, prefixHead} {
		if err := s.deleteStale(prefix, keep); err != nil {
			return err
		}
	}
	stale, err := s.groups(prefixChunks, keep)
	if err != nil {
		return err
	}
	if dropDraft {
		stale = append(stale, prefixDraft, keyDraft)
	}
	return s.drop(stale)
}

// drop removes everything under the prefixes at once, with the disk space.
func (s *store) drop(prefixes []string) error {
	if len(prefixes) == 0 {
		return nil
	}
	b := make([][]byte, len(prefixes))
	for i, p := range prefixes {
		b[i] = []byte(p)
	}
	return s.db.DropPrefix(b...)
}

// deleteStale deletes the keys of small groups one by one; the next compaction
// gives the space back.
func (s *store) deleteStale(prefix string, keep map[string]bool) error {
	var keys [][]byte
	err := s.each(prefix, func(it *badger.Iterator, key string) {
		if !keep[group(key)] {
			keys = append(keys, []byte(key))
		}
		it.Next()
	})
	if err != nil {
		return err
	}
	w := s.db.NewWriteBatch()
	defer w.Cancel()
	for _, k := range keys {
		if err := w.Delete(k); err != nil {
			return err
		}
	}
	return w.Flush()
}

// groups lists the prefixes of the second level under prefix, such as one for
// each generation, that are not to be kept. It skips from group to group.
func (s *store) groups(prefix string, keep map[string]bool) ([]string, error) {
	var list []string
	err := s.each(prefix, func(it *badger.Iterator, key string) {
		g := group(key)
		if !keep[g] {
			list = append(list, g)
		}
		it.Seek(append([]byte(g), 0xff))
	})
	return list, err
}

// group is the key up to and with the slash after its prefix's first element.
func group(key string) string {
	depth := 2 // c/<gen>/, d/<digest>/
	if strings.HasPrefix(key, "a/") {
		depth = 3 // a/f/<gen>/
	}
	at := 0
	for range depth {
		i := strings.IndexByte(key[at:], '/')
		if i < 0 {
			return key
		}
		at += i + 1
	}
	return key[:at]
}

// each calls f at every key under prefix; f moves the iterator on.
func (s *store) each(prefix string, f func(it *badger.Iterator, key string)) error {
	return s.db.View(func(txn *badger.Txn) error {
		o := badger.DefaultIteratorOptions
		o.PrefetchValues = false
		o.Prefix = []byte(prefix)
		it := txn.NewIterator(o)
		defer it.Close()
		for it.Rewind(); it.Valid(); {
			f(it, string(it.Item().Key()))
		}
		return nil
	})
}

// saveDraft writes the pieces that were sent and flips the draft's record.
// missing tells that a piece was neither sent nor is here; nothing was changed
// then.
func (s *store) saveDraft(ctx context.Context, b batch) (missing bool, err error) {
	if b.Draft == nil {
		return false, fmt.Errorf("%w: no draft", errFrame)
	}
	sent := map[int]bool{}
	for _, p := range b.parts {
		if p.class != classDraft || p.blob >= len(b.Draft.Pieces) {
			return false, fmt.Errorf("%w: unexpected part", errFrame)
		}
		sent[p.blob] = true
	}
	if missing, err := s.missing(*b.Draft, sent); missing || err != nil {
		return missing, err
	}
	if err := s.put(ctx, b.parts, func(p part) (string, error) {
		return pieceKey(b.Draft.Pieces[p.blob].Digest), nil
	}); err != nil {
		return false, err
	}
	if err := s.flip(keyDraft, b.Draft); err != nil {
		return false, err
	}
	keep := map[string]bool{}
	for _, p := range b.Draft.Pieces {
		keep[pieceKey(p.Digest)] = true
	}
	return false, s.deleteStale(prefixDraft, keep)
}

func (s *store) missing(d draftRecord, sent map[int]bool) (missing bool, err error) {
	err = s.db.View(func(txn *badger.Txn) error {
		for i, p := range d.Pieces {
			if p.Digest == "" || sent[i] {
				continue
			}
			_, err := txn.Get(partKey(pieceKey(p.Digest), parts(p.Size)-1))
			if errors.Is(err, badger.ErrKeyNotFound) {
				missing = true
				return nil
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return missing, err
}

// verify checks that the records can be read, and with all also every blob they
// refer to. A damaged draft is dropped: it is only work saved, and the snapshot
// beside it is whole.
func (s *store) verify(all bool) error {
	err := guarded(func() error {
		return s.db.View(func(txn *badger.Txn) error {
			cur, found, err := readCurrent(txn)
			if err != nil || !found || !all {
				return err
			}
			return verifySnapshot(txn, cur)
		})
	})
	if err != nil || !all {
		return err
	}
	draft := guarded(func() error {
		return s.db.View(func(txn *badger.Txn) error {
			_, err := readDraft(txn)
			return err
		})
	})
	if errors.Is(draft, ErrDamaged) {
		return s.drop([]string{keyDraft, prefixDraft})
	}
	return nil
}

func verifySnapshot(txn *badger.Txn, cur current) error {
	if _, err := checkedBlob(txn, factsKey(cur.Facts.Gen), cur.Facts.blob); err != nil {
		return err
	}
	if cur.Roster.Gen == 0 {
		return nil
	}
	h, err := readHead(txn, cur.Roster)
	if err != nil {
		return err
	}
	for i, c := range h.Chunks {
		if _, err := checkedBlob(txn, chunkKey(cur.Roster.Gen, i), c); err != nil {
			return err
		}
	}
	return nil
}
