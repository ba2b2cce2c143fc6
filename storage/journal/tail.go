package journal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"seatdeck/model"
	"seatdeck/storage"
)

const segmentExt = ".jsonl"

func segmentName(first uint64) string { return fmt.Sprintf("%020d%s", first, segmentExt) }

// segments lists the segments in dir, oldest first, by their first sequence
// number.
func segments(dir string) ([]uint64, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, storage.FaultOf("list", dir, err)
	}
	var list []uint64
	for _, e := range entries {
		digits, ok := strings.CutSuffix(e.Name(), segmentExt)
		if n, err := strconv.ParseUint(digits, 10, 64); ok && err == nil && segmentName(n) == e.Name() {
			list = append(list, n)
		}
	}
	slices.Sort(list)
	return list, nil
}

// tail is the end of the log during one append.
type tail struct {
	head head
	f    File // newest segment; nil when there is none
	torn *Repair
}

func (t *tail) path(dir string) string { return filepath.Join(dir, segmentName(t.head.segment)) }

func (t *tail) close() {
	if t.f != nil {
		t.f.Close()
	}
}

// Repair is the body of a repaired record: what an interrupted append had left
// of a line that nobody was told is saved.
type Repair struct {
	Bytes int    `json:"bytes"`
	Hash  string `json:"sha256"`
}

// settle finds the end of the log and puts right what an interrupted append
// left there. In the ordinary case it reads the head and one file size.
func (j *Journal) settle() (*tail, error) {
	h, ok, err := readHead(j.o.Open, j.dir)
	if err != nil {
		return nil, err
	}
	t := &tail{head: h}
	if !ok {
		if t.head, err = j.lostHead(); err != nil {
			return nil, err
		}
	}
	err = j.openTail(t)
	if err == nil && !ok && t.f != nil {
		err = j.save(t) // without a head nothing tells whether it was
	}
	if err != nil {
		t.close()
		return nil, err
	}
	if t.torn == nil {
		return t, nil
	}
	torn := *t.torn
	t.torn = nil
	if err := j.add(t, model.Entry{Kind: EntryRepaired, Body: encode(torn)}); err != nil {
		t.close()
		return nil, err
	}
	return t, nil
}

// lostHead takes the place of a missing or damaged head: the chain goes on from
// the last line that can be read.
func (j *Journal) lostHead() (head, error) {
	list, err := segments(j.dir)
	if err != nil || len(list) == 0 {
		return head{}, err
	}
	h := head{segment: list[len(list)-1]}
	for _, first := range slices.Backward(list) {
		b, err := readSegment(j.o.Open, j.dir, first)
		if err != nil {
			return head{}, err
		}
		if seq, sum, end, ok := lastLine(b); ok {
			h.seq, h.hash = seq, sum
			if first == h.segment {
				h.size = int64(end)
			}
			break
		}
	}
	return h, nil
}

// lastLine finds the last whole line that is a record, and where it ends.
func lastLine(b []byte) (seq uint64, sum hash, end int, ok bool) {
	for off := 0; ; {
		n := bytes.IndexByte(b[off:], '\n')
		if n < 0 {
			return seq, sum, end, ok
		}
		line := b[off : off+n]
		off += n + 1
		if l, good := decodeLink(line); good {
			seq, sum, end, ok = l.Seq, hashOf(line), off, true
		}
	}
}

func readSegment(open OpenFile, dir string, first uint64) ([]byte, error) {
	return readFrom(open, dir, first, 0)
}

// readFrom reads a segment from a byte on.
func readFrom(open OpenFile, dir string, first uint64, off int64) ([]byte, error) {
	path := filepath.Join(dir, segmentName(first))
	f, err := open(path, os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, storage.FaultOf("look at", path, err)
	}
	b := make([]byte, max(info.Size()-off, 0))
	n, err := f.ReadAt(b, off)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, storage.FaultOf("read", path, err)
	}
	return b[:n], nil
}

// openTail opens the newest segment and adopts or repairs what lies behind the
// head.
func (j *Journal) openTail(t *tail) error {
	if t.head.segment != 0 {
		f, err := j.o.Open(t.path(j.dir), os.O_RDWR)
		switch {
		case err == nil:
			t.f = f
			if err := j.mend(t); err != nil {
				return err
			}
		case !errors.Is(err, fs.ErrNotExist):
			return err
		}
	}
	return j.openNewer(t)
}

// openNewer goes on to segments that were begun after the head was last saved.
func (j *Journal) openNewer(t *tail) error {
	for {
		next := head{seq: t.head.seq, hash: t.head.hash, segment: t.head.seq + 1}
		if next.segment == t.head.segment {
			return nil
		}
		f, err := j.o.Open(filepath.Join(j.dir, segmentName(next.segment)), os.O_RDWR)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		t.close()
		t.f, t.head = f, next
		// Whoever began it may have ended before the folder was saved.
		if err := storage.SyncDir(j.dir); err != nil {
			return err
		}
		if err := j.mend(t); err != nil {
			return err
		}
	}
}

// mend compares the newest segment with the head.
//
//   - Whole lines behind the head that continue the chain were written by an
//     append that ended before it moved the head: they are adopted, and saved,
//     because it may have ended before it saved them.
//   - A piece of a line behind the head is of an append that never returned: it
//     is taken away, and the next record tells.
//   - A segment that is shorter than the head says, or goes on with something
//     else, was changed by somebody. Nothing of it is touched; the chain goes on
//     from the head, so that Verify shows the break for ever.
func (j *Journal) mend(t *tail) error {
	info, err := t.f.Stat()
	if err != nil {
		return storage.FaultOf("look at", t.path(j.dir), err)
	}
	if info.Size() == t.head.size {
		return nil
	}
	if info.Size() < t.head.size {
		return j.endLine(t, info.Size())
	}
	b := make([]byte, info.Size()-t.head.size)
	if _, err := t.f.ReadAt(b, t.head.size); err != nil && !errors.Is(err, io.EOF) {
		return storage.FaultOf("read", t.path(j.dir), err)
	}
	for {
		line, rest, whole := bytes.Cut(b, []byte{'\n'})
		l, ok := decodeLink(line)
		if !ok || l.Seq != t.head.seq+1 || l.Prev != t.head.hash.String() {
			break
		}
		t.head.advance(line)
		if !whole {
			// Only the end of the line is missing; the record itself is whole.
			return j.put(t, []byte{'\n'}, t.head.size-1)
		}
		b = rest
	}
	switch {
	case len(b) == 0:
		return j.save(t)
	case bytes.IndexByte(b, '\n') < 0:
		t.torn = &Repair{Bytes: len(b), Hash: hashOf(b).String()}
		if err := errors.Join(t.f.Truncate(t.head.size), t.f.Sync()); err != nil {
			return storage.FaultOf("repair", t.path(j.dir), err)
		}
		return nil
	}
	return j.endLine(t, info.Size())
}

// endLine makes sure that the next record begins on a line of its own, after
// whatever size bytes there are.
func (j *Journal) endLine(t *tail, size int64) error {
	t.head.size = size
	if size == 0 {
		return nil
	}
	last := make([]byte, 1)
	if _, err := t.f.ReadAt(last, size-1); err != nil && !errors.Is(err, io.EOF) {
		return storage.FaultOf("read", t.path(j.dir), err)
	}
	if last[0] == '\n' {
		return nil
	}
	t.head.size++
	return j.put(t, []byte{'\n'}, size)
}

// put writes b at off, durably.
func (j *Journal) put(t *tail, b []byte, off int64) error {
	if _, err := t.f.WriteAt(b, off); err != nil {
		return storage.FaultOf("write", t.path(j.dir), err)
	}
	return j.save(t)
}

// save makes durable what is in the newest segment.
func (j *Journal) save(t *tail) error {
	if err := t.f.Sync(); err != nil {
		j.broken = fail(storage.FaultOf("save", t.path(j.dir), err))
		return j.broken
	}
	return nil
}

// room begins a new segment when there is none or the newest is full.
func (j *Journal) room(t *tail) error {
	full := t.head.size >= j.o.SegmentSize && t.head.segment != t.head.seq+1
	if t.f != nil && !full {
		return nil
	}
	t.close()
	t.f = nil
	t.head.segment, t.head.size = t.head.seq+1, 0
	f, err := j.o.Open(t.path(j.dir), os.O_RDWR|os.O_CREATE|os.O_EXCL)
	if err != nil {
		return err
	}
	t.f = f
	return storage.SyncDir(j.dir)
}
