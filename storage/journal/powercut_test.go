package journal

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"seatdeck/model"
	"seatdeck/storage"
)

// disk notes in which order files are written and synced, so that a power cut
// can be played at any moment: what was not synced may be there, in part, or
// not at all.
type disk struct {
	b    *bench
	ops  []diskOp
	kill int // the process dies at the operation with this number; 0 = never
}

type diskOp struct {
	kind  opKind
	name  string // of the file
	off   int64  // of a write; of a truncation the new size
	data  []byte
	acked []string // acknowledged: names of records in their order
}

type opKind int

const (
	opCreate opKind = iota
	opWrite
	opTruncate
	opSync
	opAck
)

// note adds an operation. A process that dies there dies before or after it, and
// leaves as kill -9 makes it leave: its lock is free, and nothing else is done.
func (d *disk) note(op diskOp, do func() error) error {
	switch d.kill {
	case 2*len(d.ops) + 1:
		runtime.Goexit()
	case 2*len(d.ops) + 2:
		_ = do()
		d.ops = append(d.ops, op)
		runtime.Goexit()
	}
	if err := do(); err != nil {
		return err
	}
	d.ops = append(d.ops, op)
	return nil
}

func (d *disk) open(path string, flag int) (File, error) {
	name := filepath.Base(path)
	_, err := os.Lstat(path)
	fresh := os.IsNotExist(err)
	f, err := storage.OpenFile(d.b.caller, path, flag, storage.Private)
	if err != nil {
		return nil, err
	}
	if fresh {
		_ = d.note(diskOp{kind: opCreate, name: name}, func() error { return nil })
	}
	return noted{f, d, name}, nil
}

// noted is a file whose changes are noted.
type noted struct {
	*os.File
	d    *disk
	name string
}

func (f noted) WriteAt(p []byte, off int64) (int, error) {
	err := f.d.note(diskOp{kind: opWrite, name: f.name, off: off, data: slices.Clone(p)}, func() error {
		_, err := f.File.WriteAt(p, off)
		return err
	})
	if err != nil {
		return 0, err
	}
	return len(p), nil
}

func (f noted) Truncate(size int64) error {
	return f.d.note(diskOp{kind: opTruncate, name: f.name, off: size}, func() error { return f.File.Truncate(size) })
}

func (f noted) Sync() error {
	return f.d.note(diskOp{kind: opSync, name: f.name}, func() error { return nil })
}

// after is what the disk may hold when the power goes before operation n: of
// each file what was synced, and of what came since then, in its order, some
// part. A write that was under way is there up to any byte, or as long as it was
// to be and empty.
func (d *disk) after(n int, r *rand.Rand) map[string][]byte {
	files := map[string][]byte{}
	for _, name := range d.names(n) {
		var text []byte
		synced := -1
		for i, op := range d.ops[:n] {
			if op.name == name && op.kind == opSync {
				synced = i
			}
		}
		there, lost := synced >= 0 || r.IntN(2) == 0, false
		for i, op := range d.ops[:n] {
			if op.name != name || lost {
				continue
			}
			if i > synced && r.IntN(3) == 0 {
				lost = true // and all that came after it
				op.tear(r)
			}
			text = op.apply(text)
		}
		if there {
			files[name] = text
		}
	}
	return files
}

func (d *disk) names(n int) []string {
	seen := map[string]bool{}
	for _, op := range d.ops[:n] {
		if op.name != "" {
			seen[op.name] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// tear leaves a part of an operation.
func (op *diskOp) tear(r *rand.Rand) {
	switch {
	case op.kind != opWrite:
		op.kind = opCreate // as if it had not been
	case r.IntN(4) == 0:
		op.data = make([]byte, len(op.data))
	default:
		op.data = op.data[:r.IntN(len(op.data)+1)]
	}
}

func (op diskOp) apply(text []byte) []byte {
	switch op.kind {
	case opWrite:
		if grow := int(op.off) + len(op.data) - len(text); grow > 0 {
			text = append(text, make([]byte, grow)...)
		}
		copy(text[op.off:], op.data)
	case opTruncate:
		text = text[:min(int(op.off), len(text))]
	}
	return text
}

// unsynced opens files whose Sync has nothing to wait for: after a cut that is
// played, no second one follows.
func (b *bench) unsynced(path string, flag int) (File, error) {
	f, err := storage.OpenFile(b.caller, path, flag, storage.Private)
	return unsynced{f}, err
}

type unsynced struct{ *os.File }

func (unsynced) Sync() error { return nil }

// work is what one process does: some records, each acknowledged when Append
// returns. Some have a key that others use too.
func (d *disk) work(id, count int, r *rand.Rand) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		j, err := Open(d.b.caller, d.b.place(), d.b.o)
		if err != nil {
			d.b.t.Error(err)
			return
		}
		defer j.Close()
		for n := range count {
			var entries []model.Entry
			var names []string
			for i := range 1 + r.IntN(3) {
				e := note(n)
				e.Key = fmt.Sprintf("own:%d:%d:%d", id, n, i)
				if r.IntN(3) == 0 {
					e.Key = fmt.Sprintf("shared:%d", r.IntN(4))
				}
				entries, names = append(entries, e), append(names, e.Key)
			}
			if _, err := j.Append(d.b.t.Context(), entries...); err != nil {
				d.b.t.Error(err)
				return
			}
			d.ops = append(d.ops, diskOp{kind: opAck, acked: names})
		}
	}()
	<-done
}

// cutRounds plays so many nights: processes work and are killed one after the
// other, and after each the power is cut at moments drawn by lot.
func cutRounds(t *testing.T, rounds, cuts int) {
	total, acknowledged := 0, 0
	for round := range rounds {
		r := rand.New(rand.NewPCG(7, uint64(round)))
		b := newBench(t)
		d := &disk{b: b}
		b.o.Open, b.o.SegmentSize = d.open, int64(300+r.IntN(1500))
		for id := range 6 {
			if d.kill = 0; r.IntN(2) == 0 {
				d.kill = 2*len(d.ops) + 1 + r.IntN(24)
			}
			d.work(id, 1+r.IntN(3), r)
		}
		for range cuts {
			n := r.IntN(len(d.ops) + 1)
			acknowledged += d.survives(t, fmt.Sprintf("round %d, before operation %d", round, n), n, r)
			total++
		}
	}
	t.Logf("%d power cuts, %d acknowledged records in all, 0 lost", total, acknowledged)
}

// survives plays one cut and looks at what the next start finds.
func (d *disk) survives(t *testing.T, when string, n int, r *rand.Rand) (acknowledged int) {
	t.Helper()
	next := newBench(t)
	next.o.SegmentSize, next.o.Open = d.b.o.SegmentSize, next.unsynced
	if err := os.Mkdir(next.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range d.after(n, r) {
		next.put(name, text)
	}
	j := next.open()
	defer j.Close() // thousands of cuts hold no files open until the test ends
	// The next record is where the next start puts right what it finds.
	next.append(j, note(1))
	if report := next.verify(j); !report.Harmless {
		t.Fatalf("%s: %s: %v", when, report.Verdict, report.Problems)
	}
	seen := map[string]int{}
	for i, e := range next.read(j) {
		if _, twice := seen[e.Key]; twice && e.Key != "" {
			t.Errorf("%s: %s stands there twice", when, e.Key)
		}
		seen[e.Key] = i
	}
	last := -1
	for _, op := range d.ops[:n] {
		for _, name := range op.acked {
			at, ok := seen[name]
			switch {
			case !ok:
				t.Fatalf("%s: %s was acknowledged and is lost", when, name)
			case name[:3] == "own" && at < last:
				t.Fatalf("%s: %s has moved", when, name)
			case name[:3] == "own":
				last = at
			}
			acknowledged++
		}
	}
	return acknowledged
}

// TestPowerCuts cuts the power at any moment of several processes' work.
func TestPowerCuts(t *testing.T) { cutRounds(t, 40, 8) }
