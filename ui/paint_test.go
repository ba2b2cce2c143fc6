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

// TestReadingWaitsForCalm: the instance is read when the frame is painted and the
// rows are there, or when one of them does not come, and not at all when the
// console ends before.
func TestReadingWaitsForCalm(t *testing.T) {
	const never = time.Hour
	for _, c := range []struct{ frame, rows, want time.Duration }{
		{30 * time.Millisecond, 10 * time.Millisecond, 30 * time.Millisecond},
		{30 * time.Millisecond, 50 * time.Millisecond, 50 * time.Millisecond},
		{never, 10 * time.Millisecond, calmMost},
		{30 * time.Millisecond, never, calmMost},
	} {
		synctest.Test(t, func(t *testing.T) {
			begin, rows := time.Now(), make(chan struct{})
			painted := make(chan struct{})
			m := &root{painted: painted}
			defer time.AfterFunc(c.frame, func() { close(painted) }).Stop()
			defer time.AfterFunc(c.rows, func() { close(rows) }).Stop()
			if err := m.calm(t.Context(), rows); err != nil || time.Since(begin) != c.want {
				t.Errorf("frame after %v, rows after %v: %v after %v", c.frame, c.rows, err, time.Since(begin))
			}
			ctx, stop := context.WithCancel(t.Context())
			stop()
			if m.calm(ctx, rows) == nil {
				t.Error("reading begins although the console has ended")
			}
		})
	}
}
