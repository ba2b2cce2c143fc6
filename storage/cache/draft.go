package cache

import (
	"crypto/sha256"
	"time"

	"github.com/dgraph-io/badger/v4"

	"seatdeck/model"
)

// draftRecord is an unfinished pull without its accounts.
type draftRecord struct {
	Started time.Time     `json:"started"`
	Pieces  []pieceRecord `json:"pieces"`
}

// pieceRecord is a piece whose accounts lie under the digest of their bytes. A
// piece that was saved before is not sent again, and old and new pieces cannot
// be mixed up.
type pieceRecord struct {
	Range  model.Range `json:"range"`
	Cursor string      `json:"cursor,omitempty"`
	Done   bool        `json:"done"`
	Digest string      `json:"digest,omitempty"`
	blob
}

func pieceOf(p model.Piece) pieceRecord {
	r := pieceRecord{Range: p.Range, Cursor: p.Cursor, Done: p.Done, blob: blobOf(p.Batch)}
	if len(p.Batch) > 0 {
		r.Digest = digestName(sha256.Sum256(p.Batch))
	}
	return r
}

// readDraft reads the draft with all its accounts.
func readDraft(txn *badger.Txn) (model.Draft, error) {
	var rec draftRecord
	found, err := record(txn, keyDraft, &rec)
	if err != nil {
		return model.Draft{}, err
	}
	if !found {
		return model.Draft{}, model.ErrNoCache
	}
	d := model.Draft{Started: rec.Started, Pieces: make([]model.Piece, len(rec.Pieces))}
	for i, p := range rec.Pieces {
		d.Pieces[i] = model.Piece{Range: p.Range, Cursor: p.Cursor, Done: p.Done}
		if p.Digest == "" {
			continue
		}
		if d.Pieces[i].Batch, err = checkedBlob(txn, pieceKey(p.Digest), p.blob); err != nil {
			return model.Draft{}, err
		}
	}
	return d, nil
}
