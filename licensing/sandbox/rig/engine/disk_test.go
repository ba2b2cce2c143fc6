package engine

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"seatdeck/model"
	"seatdeck/storage"
	"seatdeck/storage/journal"
)

// disk fails at the nth thing that is done to a file of the journal.
type disk struct {
	nth   int // counted down; 0 and below = works
	errno error
	sync  bool // only syncs count and fail
	short bool // a failing write leaves half of its bytes behind
	hit   bool
}

func (d *disk) fails(sync bool) bool {
	if d.sync && !sync || d.errno == nil {
		return false
	}
	d.nth--
	d.hit = d.hit || d.nth == 0
	return d.nth == 0
}

// file is one on such a disk.
type file struct {
	*os.File
	d *disk
}

func (f file) WriteAt(b []byte, off int64) (int, error) {
	if !f.d.fails(false) {
		return f.File.WriteAt(b, off)
	}
	if f.d.short {
		_, _ = f.File.WriteAt(b[:len(b)/2], off)
	}
	return 0, f.d.errno
}

func (f file) Sync() error {
	if f.d.fails(true) {
		return f.d.errno
	}
	return f.File.Sync()
}

func (f file) Truncate(n int64) error {
	if f.d.fails(false) {
		return f.d.errno
	}
	return f.File.Truncate(n)
}

func (d *disk) open(path string, flag int) (journal.File, error) {
	// Reading goes on on a full disk.
	if flag != os.O_RDONLY && filepath.Base(path) != "lock" && d.fails(false) {
		return nil, storage.FaultOf("open", path, d.errno)
	}
	f, err := storage.OpenFile(storage.Caller{UID: os.Geteuid(), Groups: []int{os.Getegid()}}, path, flag, storage.Private)
	if err != nil {
		return nil, err
	}
	return file{f, d}, nil
}

// TestDisk lets everything that is done to the journal's files fail, one after
// the other, until an act runs through. Without a durable intent nothing is
// sent; without a durable result nothing is called a success, and what was sent
// is settled by reading.
func TestDisk(t *testing.T) {
	kinds := []disk{
		{errno: unix.ENOSPC}, {errno: unix.ENOSPC, short: true}, {errno: unix.EDQUOT}, {errno: unix.EROFS}, {errno: unix.EIO}, {errno: unix.EIO, sync: true},
	}
	before, after := 0, 0
	for _, kind := range kinds {
		for n := 1; ; n++ {
			d := kind
			d.nth = n
			sent, failed := actOnDisk(t, &d)
			if !d.hit {
				break
			}
			switch {
			case failed && !sent:
				before++
			case failed:
				after++
			}
			if n > 100 {
				t.Fatal("an act never runs through")
			}
		}
	}
	if before < 2*len(kinds) || after < len(kinds) {
		t.Errorf("%d failures before and %d after sending: the disk did not fail where it should", before, after)
	}
	t.Logf("%d failures before sending, %d after", before, after)
}

func actOnDisk(t *testing.T, d *disk) (sent, failed bool) {
	t.Helper()
	s := newServer(t)
	w := newWorld(t, s)
	w.open = d.open
	desk := w.opened(t)
	p := plan(t, desk, "a")
	var intended bool
	w.reach = func(string) {}
	res, err := apply(t, desk, p)
	names, _ := s.got()
	for _, e := range entries(t, w) {
		intended = intended || e.Kind == model.EntryIntent
	}
	sent, failed = len(names) > 0, err != nil
	switch {
	case sent && !intended:
		t.Errorf("failure %d of %v: sent without a record", d.nth, d.errno)
	case failed && class(err) != model.ClassStorage:
		t.Errorf("failure of %v: %v", d.errno, err)
	case sent != res.Sent() || len(names) > 1:
		t.Errorf("failure of %v: sent %q, told %v", d.errno, names, res.Sent())
	}
	w.open = nil
	for _, r := range settled(t, w.later()) {
		if want := outcomeOf(s); r.Open || r.Outcome != want {
			t.Errorf("failure of %v: afterwards %s, open %v; want %s", d.errno, r.Outcome, r.Open, want)
		}
	}
	return sent, failed
}

// outcomeOf is the truth about the one step of a plan.
func outcomeOf(s *server) model.Outcome {
	if s.shows("a") == "on" {
		return model.OutcomeConfirmed
	}
	return model.OutcomeFailed
}

// TestFailedSyncStopsChanges: a process that could not save once sends nothing
// more, even if saving seemed to work again (faults R-04).
func TestFailedSyncStopsChanges(t *testing.T) {
	s := newServer(t)
	w := newWorld(t, s)
	d := &disk{errno: unix.EIO, sync: true, nth: 1}
	w.open = d.open
	desk := w.opened(t)
	for range 3 {
		res, err := apply(t, desk, plan(t, desk, "a"))
		if class(err) != model.ClassStorage || res.Sent() {
			t.Errorf("%+v, %v", res, err)
		}
	}
	if names, _ := s.got(); len(names) != 0 {
		t.Errorf("sent %q", names)
	}
}

// TestNoPlaceForTheRecord: where nothing can be kept at all, nothing is sent.
func TestNoPlaceForTheRecord(t *testing.T) {
	s := newServer(t)
	w := newWorld(t, s)
	w.dir = filepath.Join(w.dir, "file", "state")
	if err := os.WriteFile(filepath.Dir(w.dir), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	desk := w.opened(t)
	res, err := apply(t, desk, plan(t, desk, "a"))
	if class(err) != model.ClassStorage || res.Sent() || !strings.Contains(err.Error(), w.dir[:len(w.dir)-len("/state")]) {
		t.Errorf("%+v, %v", res, err)
	}
	if names, _ := s.got(); len(names) != 0 {
		t.Errorf("sent %q", names)
	}
}
