package cache

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/dgraph-io/badger/v4"
)

// save writes the accounts, when there are some, under a new generation, then
// publishes the facts that name it, and removes the generation before. Until
// then nothing refers to what is new, and after it nothing to what is old.
func (w *work) save(ctx context.Context) error {
	if err := room(w.Dir, w.size); err != nil {
		return err
	}
	if w.Roster == nil {
		return w.publish(ctx)
	}
	return w.holding(ctx, rosterHalf, func() error { return w.saveRoster(ctx) })
}

func (w *work) saveRoster(ctx context.Context) error {
	was, err := w.newest(ctx)
	if err != nil {
		return err
	}
	s, err := w.openRoster(was.current)
	if err != nil {
		return err
	}
	w.Roster.Gen = max(was.Facts.Gen, was.Roster.Gen) + 1
	err = s.put(ctx, w.partsOf(classHead, classChunk), w.rosterKey)
	if err == nil {
		err = w.publish(ctx)
	}
	if err == nil {
		err = s.sweep(w.Roster.Gen, w.DropDraft)
	}
	return errors.Join(err, w.closeSealed(s))
}

func (w *work) rosterKey(p part) (string, error) {
	if p.class == classHead {
		return headKey(w.Roster.Gen), nil
	}
	return chunkKey(w.Roster.Gen, p.blob), nil
}

// partsOf are the parts of some classes.
func (b batch) partsOf(classes ...class) []part {
	var list []part
	for _, p := range b.parts {
		if slices.Contains(classes, p.class) {
			list = append(list, p)
		}
	}
	return list
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

// sweep removes every generation of the roster but one. Being interrupted costs
// disk space until the next save, nothing else.
func (s *store) sweep(gen uint64, dropDraft bool) error {
	keep := map[string]bool{headKey(gen): true, chunksKey(gen): true}
	if err := s.deleteStale(prefixHead, keep); err != nil {
		return err
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

// group is the key up to and with its second slash: a/<gen>/, c/<gen>/ or
// d/<digest>/.
func group(key string) string {
	at := 0
	for range 2 {
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
func (w *work) saveDraft(ctx context.Context) (missing bool, err error) {
	if err := room(w.Dir, w.size); err != nil {
		return false, err
	}
	was, err := w.newest(ctx)
	if err != nil {
		return false, err
	}
	s, err := w.openRoster(was.current)
	if err != nil {
		return false, err
	}
	missing, err = s.saveDraft(ctx, w.batch)
	return missing, errors.Join(err, w.closeSealed(s))
}

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

// verify checks that nothing of the database was left out, and every blob that
// cur, which is what counts, or the draft refers to. A damaged draft is dropped:
// it is only work saved, and the snapshot beside it is whole.
func (s *store) verify(cur current) error {
	if err := s.whole(); err != nil {
		return err
	}
	if err := s.view(func(txn *badger.Txn) error { return verifyRoster(txn, cur.Roster) }); err != nil {
		return err
	}
	err := s.view(func(txn *badger.Txn) error {
		_, err := readDraft(txn)
		return err
	})
	if errors.Is(err, ErrDamaged) {
		return s.drop([]string{keyDraft, prefixDraft})
	}
	return nil
}

func verifyRoster(txn *badger.Txn, ref rosterRef) error {
	found, err := hasHead(txn, ref)
	if err != nil || !found {
		return err
	}
	h, err := readHead(txn, ref)
	if err != nil {
		return err
	}
	for i, c := range h.Chunks {
		if _, err := checkedBlob(txn, chunkKey(ref.Gen, i), c); err != nil {
			return err
		}
	}
	return nil
}
