package cache

import (
	"context"
	"iter"

	"github.com/dgraph-io/badger/v4"

	"seatdeck/model"
)

// chunksOf gives the chunks of a roster. Each call walks by itself and reads
// every chunk into the same memory: fresh memory for each would cost a start
// more than decoding does.
func chunksOf(ctx context.Context, txn *badger.Txn, gen uint64, sizes []blob) model.ChunkSource {
	return func(from, to int) iter.Seq2[[]byte, error] {
		return func(yield func([]byte, error) bool) {
			var w walk
			err := guarded(func() error {
				w.begin(txn, chunksKey(gen))
				return nil
			})
			defer func() { _ = guarded(w.end) }()
			for i := from; i < to; i++ {
				if err == nil {
					err = ctx.Err()
				}
				if err == nil {
					err = guarded(func() error { return w.blob(chunkKey(gen, i), sizes[i].Size) })
				}
				if !yield(w.buf, err) || err != nil {
					return
				}
			}
		}
	}
}

// walk reads blobs in the order of their keys.
type walk struct {
	it  *badger.Iterator
	buf []byte
}

func (w *walk) begin(txn *badger.Txn, prefix string) {
	w.it = txn.NewIterator(badger.IteratorOptions{Prefix: []byte(prefix)})
}

func (w *walk) end() error {
	if w.it != nil {
		w.it.Close()
	}
	return nil
}

// blob reads the parts of a blob into buf, as [readBlob] does.
func (w *walk) blob(prefix string, size int) error {
	if size < 0 || size > batchMax {
		return damaged("%s has an impossible size", prefix)
	}
	if cap(w.buf) < size { // and some, since chunks differ: growing step by step touches three times the memory
		w.buf = make([]byte, 0, size+size/8)
	}
	w.buf = w.buf[:0]
	for n := range parts(size) {
		key := partKey(prefix, n)
		if !w.it.Valid() || string(w.it.Item().Key()) != string(key) {
			w.it.Seek(key)
		}
		if !w.it.Valid() || string(w.it.Item().Key()) != string(key) {
			return damaged("%s is missing", key)
		}
		had := len(w.buf)
		err := w.it.Item().Value(func(v []byte) error {
			w.buf = append(w.buf, v...)
			return nil
		})
		if err != nil {
			return damaged("%s: %v", key, err)
		}
		if got, want := len(w.buf)-had, min(partMax, size-had); got != want {
			return damaged("%s has %d bytes instead of %d", key, got, want)
		}
		w.it.Next()
	}
	return nil
}
