package ui

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"
)

// TestPaperTellsOfAFrame: sequences that set a terminal up are no frame.
func TestPaperTellsOfAFrame(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "paper"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p := &paper{File: f, painted: make(chan struct{})}
	told := func() bool {
		select {
		case <-p.painted:
			return true
		default:
			return false
		}
	}
	for _, c := range []struct {
		bytes int
		want  bool
	}{{18, false}, {frameLeast - 1, false}, {frameLeast, true}, {5000, true}} {
		if n, err := p.Write(make([]byte, c.bytes)); n != c.bytes || err != nil {
			t.Fatal(n, err)
		}
		if told() != c.want {
			t.Errorf("after %d bytes: %v", c.bytes, told())
		}
	}
}

// TestFirstFrameIsWaitedFor: reading begins when the frame is painted, or when
// nothing like one comes, and not at all when the console ends before.
func TestFirstFrameIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		m := &root{painted: make(chan struct{})}
		time.AfterFunc(30*time.Millisecond, func() { close(m.painted) })
		if err := m.firstFrame(t.Context()); err != nil || time.Since(begin) != 30*time.Millisecond {
			t.Errorf("%v after %v", err, time.Since(begin))
		}
		begin, m = time.Now(), &root{painted: make(chan struct{})}
		if err := m.firstFrame(t.Context()); err != nil || time.Since(begin) != firstPaintMost {
			t.Errorf("%v after %v", err, time.Since(begin))
		}
		ctx, stop := context.WithCancel(t.Context())
		stop()
		if m.firstFrame(ctx) == nil {
			t.Error("reading begins although the console has ended")
		}
	})
}
