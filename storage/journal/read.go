package journal

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"

	"golang.org/x/sys/unix"

	"seatdeck/model"
)

// Damage is the body of an unreadable entry: where the line is.
type Damage struct {
	Segment string `json:"segment"`
	Line    int    `json:"line"` // from 1
	Bytes   int    `json:"bytes"`
}

// Read returns all entries of this journal and of the others one may read,
// oldest first, with clean texts. An observation that several journals hold
// under the same natural key comes once. A line that cannot be read is an entry
// of kind [EntryUnreadable] in its place.
func (j *Journal) Read(ctx context.Context) ([]model.Entry, error) {
	own, err := readAll(ctx, j.o.Open, j.dir)
	if err != nil {
		return nil, fail(err)
	}
	logs := [][]model.Entry{own}
	for _, dir := range j.o.Others {
		other, err := readAll(ctx, openReadOnly, dir)
		switch {
		case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission):
			continue // only the journals one may read
		case err != nil:
			return nil, fail(err)
		}
		logs = append(logs, other)
	}
	return Merge(logs...), nil
}

// Own returns all entries of this journal alone, as [Journal.Read] does.
func (j *Journal) Own(ctx context.Context) ([]model.Entry, error) {
	own, err := readAll(ctx, j.o.Open, j.dir)
	return own, fail(err)
}

// openReadOnly opens a file of somebody else's journal. It is only read and
// every text in it is cleaned, so its owner does not matter.
func openReadOnly(path string, _ int) (File, error) {
	return os.OpenFile(path, os.O_RDONLY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
}

// readAll reads every segment in order. A line without its end is still being
// written and is left out.
func readAll(ctx context.Context, open OpenFile, dir string) ([]model.Entry, error) {
	list, err := segments(dir)
	if err != nil {
		return nil, err
	}
	var all []model.Entry
	for _, first := range list {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		b, err := readSegment(open, dir, first)
		if errors.Is(err, fs.ErrNotExist) {
			continue // retention was quicker
		}
		if err != nil {
			return nil, err
		}
		all = appendEntries(all, b, segmentName(first))
	}
	return all, nil
}

// appendEntries reads the lines of a segment, whose memory the entries share.
func appendEntries(all []model.Entry, b []byte, segment string) []model.Entry {
	all = slices.Grow(all, bytes.Count(b, []byte{'\n'}))
	var s scanner
	for n := 1; ; n++ {
		line, rest, whole := bytes.Cut(b, []byte{'\n'})
		if !whole {
			return all
		}
		e, ok := s.entry(line)
		if !ok {
			var err error
			if e, err = decodeEntry(line); err != nil {
				e = unreadable(all, Damage{Segment: segment, Line: n, Bytes: len(line)})
			}
		}
		all = append(all, e)
		b = rest
	}
}

// unreadable stands for a damaged line. It takes the time of its neighbour, so
// that it keeps its place when journals are merged.
func unreadable(before []model.Entry, d Damage) model.Entry {
	e := model.Entry{Kind: EntryUnreadable, Body: encode(d)}
	if n := len(before); n > 0 {
		e.At, e.Mono, e.Seq = before[n-1].At, before[n-1].Mono, before[n-1].Seq+1
	}
	return e
}

// Merge joins journals by time. The order within each journal is never changed,
// whatever its clock did (faults R-17). Of entries with the same kind and
// natural key from different journals the oldest stays.
func Merge(logs ...[]model.Entry) []model.Entry {
	logs = slices.DeleteFunc(logs, func(l []model.Entry) bool { return len(l) == 0 })
	if len(logs) == 1 {
		return logs[0]
	}
	type id struct {
		kind model.EntryKind
		key  string
	}
	from := make(map[id]int)
	var all []model.Entry
	at := make([]int, len(logs))
	for {
		next := -1
		for i, l := range logs {
			if at[i] < len(l) && (next < 0 || l[at[i]].At.Before(logs[next][at[next]].At)) {
				next = i
			}
		}
		if next < 0 {
			return all
		}
		e := logs[next][at[next]]
		at[next]++
		if e.Key != "" {
			first, seen := from[id{e.Kind, e.Key}]
			if seen && first != next {
				continue
			}
			from[id{e.Kind, e.Key}] = next
		}
		all = append(all, e)
	}
}
