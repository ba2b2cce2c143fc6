package journal

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"time"

	"seatdeck/model"
	"seatdeck/storage"
)

// Retention is the body of a retained record: where each dropped segment ended.
// The chain itself so carries the proof of its beginning, also when a crash
// left some of those segments in place.
type Retention struct {
	Dropped []Boundary `json:"dropped"` // oldest first
}

// Boundary is the end of a segment.
type Boundary struct {
	Through uint64 `json:"through"` // sequence number of its last record
	Hash    string `json:"hash"`    // of that record
}

// retainMax is how many segments go at once, so that the record fits a line.
const retainMax = 256

// Retain drops whole segments in which every record is older than before. The
// newest segment always stays. It returns how many records went.
//
// The record that tells of it is durable before the first file goes, so a crash
// between leaves a journal that is only longer than it needs to be.
func (j *Journal) Retain(ctx context.Context, before time.Time) (dropped uint64, err error) {
	err = j.locked(ctx, func(t *tail) error {
		list, err := segments(j.dir)
		if err != nil || len(list) < 2 {
			return err
		}
		gone, err := j.expired(list, before)
		if err != nil || len(gone) == 0 {
			return err
		}
		if err := j.add(t, model.Entry{Kind: EntryRetained, Body: encode(Retention{gone})}); err != nil {
			return err
		}
		for _, first := range list[:len(gone)] {
			if err := os.Remove(filepath.Join(j.dir, segmentName(first))); err != nil {
				return storage.FaultOf("remove", segmentName(first), err)
			}
		}
		dropped = list[len(gone)] - list[0]
		return storage.SyncDir(j.dir)
	})
	return dropped, err
}

// expired returns the ends of the oldest segments that hold only records from
// before the time. A segment with anything unreadable stays, with all after it:
// damage is never tidied away.
func (j *Journal) expired(list []uint64, before time.Time) ([]Boundary, error) {
	var gone []Boundary
	for i, first := range list[:min(len(list)-1, retainMax)] {
		b, err := readSegment(j.o.Open, j.dir, first)
		if err != nil {
			return nil, err
		}
		last, old := allOlder(b, before)
		if !old {
			break
		}
		gone = append(gone, Boundary{Through: list[i+1] - 1, Hash: last.String()})
	}
	return gone, nil
}

// allOlder reports whether every line is a record from before the time, and
// the hash of the last.
func allOlder(b []byte, before time.Time) (last hash, ok bool) {
	for len(b) > 0 {
		line, rest, whole := bytes.Cut(b, []byte{'\n'})
		var e struct {
			At time.Time `json:"at"`
		}
		if !whole || json.Unmarshal(line, &e) != nil || !e.At.Before(before) {
			return hash{}, false
		}
		last, b = hashOf(line), rest
	}
	return last, true
}
