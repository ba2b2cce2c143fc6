package journal

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"seatdeck/model"
	"seatdeck/storage"
)

// faulty is a file whose writing or saving fails on demand.
type faulty struct {
	*os.File
	plan *plan
}

type plan struct {
	short int   // write only so many bytes, then fail; -1 = do not
	write error // what a write answers
	sync  error // what a sync answers
}

func (f faulty) WriteAt(b []byte, off int64) (int, error) {
	if f.plan.write == nil || !strings.HasSuffix(f.Name(), segmentExt) {
		return f.File.WriteAt(b, off)
	}
	n, _ := f.File.WriteAt(b[:min(f.plan.short, len(b))], off)
	return n, f.plan.write
}

func (f faulty) Sync() error {
	if f.plan.sync != nil {
		return f.plan.sync
	}
	return f.File.Sync()
}

func (b *bench) failing() *plan {
	p := &plan{}
	b.o.Open = func(path string, flag int) (File, error) {
		f, err := storage.OpenFile(b.caller, path, flag, storage.Private)
		if err != nil {
			return nil, err
		}
		return faulty{f, p}, nil
	}
	return p
}

func TestFullDiskLeavesNoTraceAndHealsItself(t *testing.T) {
	for short := range 60 {
		b := newBench(t)
		p := b.failing()
		j := b.open()
		b.append(j, note(1))
		p.write, p.short = unix.ENOSPC, short*4
		added, err := j.Append(t.Context(), note(2))
		e, ok := errors.AsType[*model.Error](err)
		if added > 0 || !ok || e.Class != model.ClassStorage || !strings.Contains(e.Error(), "no space left") {
			t.Fatalf("full disk: added %v, %v", added, err)
		}
		b.want(j, verdictOK, 1)
		p.write = nil
		b.append(j, note(2))
		b.want(j, verdictOK, 2)
	}
}

func TestFailedSyncStopsForGood(t *testing.T) {
	b := newBench(t)
	p := b.failing()
	j := b.open()
	b.append(j, note(1))
	p.sync = unix.EIO
	if added, err := j.Append(t.Context(), note(2)); added > 0 || model.ExitCode(err) != 1 {
		t.Fatalf("added %v, %v", added, err)
	}
	p.sync = nil
	if added, err := j.Append(t.Context(), note(3)); added > 0 || err == nil {
		t.Fatalf("after a failed sync: added %v, %v", added, err)
	}
	again := b.open() // another process may try
	b.append(again, note(4))
	b.want(again, verdictOK, 2)
}

func TestHeldLockIsExitCode75(t *testing.T) {
	b := newBench(t)
	b.o.Wait = -1
	j, other := b.open(), b.open()
	if err := other.lock.Acquire(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	_, err := j.Append(t.Context(), note(1))
	if model.ExitCode(err) != 75 || !strings.Contains(err.Error(), fmt.Sprintf("process %d of user alice", os.Getpid())) {
		t.Errorf("held: %v", err)
	}
	if err := other.lock.Release(); err != nil {
		t.Fatal(err)
	}
	b.append(j, note(1))
}

func TestTooLongARecordIsRefused(t *testing.T) {
	b := newBench(t)
	j := b.open()
	added, err := j.Append(t.Context(), model.Entry{Kind: "note", Body: encode(strings.Repeat("x", lineMax))})
	if added > 0 || model.ExitCode(err) != 70 {
		t.Errorf("added %v, %v", added, err)
	}
	if added, err := j.Append(t.Context(), model.Entry{}); added > 0 || model.ExitCode(err) != 70 {
		t.Errorf("no kind: added %v, %v", added, err)
	}
	if added, err := j.Append(t.Context(), model.Entry{Kind: "note", Body: json.RawMessage("{} {}")}); added > 0 || model.ExitCode(err) != 70 {
		t.Errorf("two values: added %v, %v", added, err)
	}
	b.want(j, verdictOK, 0)
}
