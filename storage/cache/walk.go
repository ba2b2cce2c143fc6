package cache

import (
	"context"
	"iter"

	"github.com/dgraph-io/badger/v4"

	"seatdeck/model"
)

// stretchChunks is how many chunks are read while the database is open: some
// 65,000 accounts, 6 MB. Who reads them may take their time, such as a pager at
// the other end of a pipe, and others must be able to write meanwhile; and the
// pages of files that were looked at count as this process's memory until the
// database is closed.
const stretchChunks = 16

// Walk returns the accounts beside the newest facts one chunk after the other;
// model.ErrNoCache when there are none younger than [MaxAge]. No lock is held
// while somebody looks at a part. Where another process has saved other accounts
// meanwhile, the walk ends with an error of class locked: never a mix.
func (c *Cache) Walk(ctx context.Context) (*model.RosterWalk, error) {
	s := stretch{c: c}
	var h *head
	err := c.onRows(ctx, func(txn *badger.Txn, ref rosterRef) (err error) {
		s.of = ref
		h, err = readHead(txn, ref)
		return err
	})
	if err != nil {
		return nil, failure(opRead, err)
	}
	s.sizes = h.Chunks
	return model.WalkRoster(h.Roster, func(from, to int) iter.Seq2[[]byte, error] {
		return func(yield func([]byte, error) bool) {
			walk := s // each walk has its own memory
			walk.give(ctx, from, to, yield)
		}
	})
}

// errReplaced ends a walk over accounts that are gone.
var errReplaced = model.Fail(model.ClassLocked, opRead, "another process read the accounts anew in this moment", "run it again")

// stretch is some chunks of one roster in one memory, which the next ones take
// over.
type stretch struct {
	c     *Cache
	of    rosterRef
	sizes []blob // of all chunks
	buf   []byte
	ends  []int
}

// give hands out the chunks from one up to another, and holds nothing of the
// database while it does.
func (s *stretch) give(ctx context.Context, from, to int, yield func([]byte, error) bool) {
	for ; from < to; from += stretchChunks {
		err := s.c.onRows(ctx, func(txn *badger.Txn, ref rosterRef) error {
			return s.read(ctx, txn, ref, from, min(from+stretchChunks, to))
		})
		if err != nil {
			yield(nil, failure(opRead, err))
			return
		}
		at := 0
		for _, end := range s.ends {
			if !yield(s.buf[at:end], nil) {
				return
			}
			at = end
		}
	}
}

// read reads chunks. Their sums are checked here, where damage can still be
// looked at by a child.
func (s *stretch) read(ctx context.Context, txn *badger.Txn, now rosterRef, from, to int) error {
	if now.Gen != s.of.Gen || now.Head != s.of.Head {
		return errReplaced
	}
	var w walk
	w.begin(txn, chunksKey(now.Gen))
	defer w.it.Close()
	s.buf, s.ends = s.buf[:0], s.ends[:0]
	for ; from < to; from++ {
		key, want := chunkKey(now.Gen, from), s.sizes[from]
		err := w.blob(key, want.Size)
		if err == nil && !want.matches(w.buf) {
			err = damaged("%s fails its checksum", key)
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		s.buf = append(s.buf, w.buf...)
		s.ends = append(s.ends, len(s.buf))
	}
	return nil
}
