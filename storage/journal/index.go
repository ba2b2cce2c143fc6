package journal

import (
	"bytes"
	"encoding/json"

	"seatdeck/model"
)

// index knows the natural keys of the current chapter. It is made from the
// file when the first keyed record is appended, and then follows it.
type index struct {
	keys    map[string]struct{}
	segment uint64 // read so far: this segment …
	offset  int64  // … up to this byte
}

func newIndex() index { return index{keys: make(map[string]struct{})} }

// known reports whether the key is in the current chapter.
func (j *Journal) known(t *tail, key string) (bool, error) {
	if err := j.index.update(j, t); err != nil {
		return false, err
	}
	_, ok := j.index.keys[key]
	return ok, nil
}

// update reads what was appended since the last time, by whomever.
func (x *index) update(j *Journal, t *tail) error {
	if x.segment == t.head.segment && x.offset == t.head.size {
		return nil
	}
	list := []uint64{t.head.segment}
	if x.segment != t.head.segment {
		var err error
		if list, err = segments(j.dir); err != nil {
			return err
		}
	}
	for _, first := range list {
		if first < x.segment {
			continue
		}
		if first > x.segment {
			x.segment, x.offset = first, 0
		}
		b, err := readFrom(j.o.Open, j.dir, first, x.offset)
		if err != nil {
			return err
		}
		x.offset += int64(x.scan(b))
	}
	return nil
}

// scan takes in whole lines and returns how many bytes they are.
func (x *index) scan(b []byte) (done int) {
	for {
		n := bytes.IndexByte(b[done:], '\n')
		if n < 0 {
			return done
		}
		x.note(b[done : done+n])
		done += n + 1
	}
}

func (x *index) note(line []byte) {
	var e struct {
		Kind model.EntryKind `json:"kind"`
		Key  string          `json:"key"`
		Body json.RawMessage `json:"body"`
	}
	if json.Unmarshal(line, &e) != nil {
		return // reported by every reading; it has no key to go by
	}
	if beginsChapter(e.Kind, e.Body) {
		clear(x.keys)
	}
	if e.Key != "" {
		x.keys[e.Key] = struct{}{}
	}
}

// beginsChapter reports whether a record says that another installation answers
// from here on. The first record of the kind only remembers which one it is:
// what stands before it is of the same installation.
func beginsChapter(kind model.EntryKind, body json.RawMessage) bool {
	var c model.Chapter
	return kind == model.EntryChapter && json.Unmarshal(body, &c) == nil && !c.Before.Empty()
}
