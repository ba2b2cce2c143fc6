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

// Old returns what [Journal.Retain] would drop. It takes no lock: whole segments
// do not change.
func (j *Journal) Old(ctx context.Context, before time.Time) (model.OldRecords, error) {
	list, err := segments(j.dir)
	if err != nil {
		return model.OldRecords{}, fail(err)
	}
	_, old, err := j.expired(ctx, list, before)
	return old, fail(err)
}

// Retain drops whole segments in which every record is older than before, and
// returns what went. The newest segment always stays, and so does an intent that
// is still to be settled, with all after it.
//
// The record that tells of it is durable before the first file goes, so a crash
// between leaves a journal that is only longer than it needs to be.
func (j *Journal) Retain(ctx context.Context, before time.Time) (dropped model.OldRecords, err error) {
	err = j.locked(ctx, func(t *tail) error {
		list, err := segments(j.dir)
		if err != nil {
			return err
		}
		gone, old, err := j.expired(ctx, list, before)
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
		dropped = old
		return storage.SyncDir(j.dir)
	})
	return dropped, err
}

// expired returns the ends of the oldest segments that hold only records from
// before the time, and what they hold. A segment with anything unreadable stays,
// with all after it: damage is never tidied away.
func (j *Journal) expired(ctx context.Context, list []uint64, before time.Time) (gone []Boundary, old model.OldRecords, err error) {
	if len(list) < 2 {
		return nil, old, nil
	}
	all, err := readAll(ctx, j.o.Open, j.dir)
	if err != nil {
		return nil, old, err
	}
	needed := list[len(list)-1] // the first record that has to stay
	for _, open := range model.OpenIntents(all) {
		if open.Current {
			needed = min(needed, open.Seq)
		}
	}
	for i, first := range list[:min(len(list)-1, retainMax)] {
		b, err := readSegment(j.o.Open, j.dir, first)
		if err != nil {
			return nil, old, err
		}
		last, ok := allOlder(b, before)
		if !ok || list[i+1] > needed {
			break
		}
		gone = append(gone, Boundary{Through: list[i+1] - 1, Hash: last.String()})
	}
	if old.Files = len(gone); old.Files > 0 {
		old.First, old.Last = list[0], gone[old.Files-1].Through
		old.Records = int(old.Last-old.First) + 1
		old.From, old.To = all[0].At, all[min(old.Records, len(all))-1].At
	}
	return gone, old, nil
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
