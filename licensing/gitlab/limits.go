package gitlab

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// The limits of one call (faults S-05). The official client and net/http have
// none of these by themselves.
const (
	headerBytes  = 64 << 10 // all headers of an answer
	bodyBytes    = 16 << 20 // a body, after decompression
	errorBody    = 8 << 10  // what is read of a refusal
	excerptBytes = 512      // what is shown of it

	dialTime   = 5 * time.Second
	tlsTime    = 5 * time.Second
	headerTime = 15 * time.Second
	idleTime   = 15 * time.Second // without one byte of a body
	callTime   = 60 * time.Second // all attempts together, ordered waits apart

	maxRetries  = 3
	maxWait     = 60 * time.Second // ordered waits, all together
	maxHops     = 3                // redirects within the instance
	maxPageSize = 100
	maxPages    = 10_001 // a million accounts at 100 a page, and the empty page after them
)

// The ends of patience and of room.
var (
	errHeaderTime = errors.New("no answer came within 25 s")
	errIdleTime   = errors.New("the answer stopped for 15 s")
	errCallTime   = errors.New("the call took longer than 60 s")
	errTooBig     = errors.New("the answer is larger than 16 MiB")
	errHeaderBig  = errors.New("the headers of the answer are larger than 64 KiB")
	errEncoding   = errors.New("the answer is compressed in a way nobody asked for")
)

// watch ends one attempt when nothing moves any more, or when the whole call
// has used up its time.
type watch struct {
	cancel  context.CancelCauseFunc
	quiet   *time.Timer
	whole   *time.Timer
	reading atomic.Bool
}

// patience starts the clocks of one attempt: how long the answer may take to
// begin (0: the usual time), and what is left of the call.
func patience(ctx context.Context, begin, left time.Duration) (context.Context, *watch) {
	ctx, cancel := context.WithCancelCause(ctx)
	w := &watch{cancel: cancel}
	if begin == 0 {
		begin = dialTime + tlsTime + headerTime
	}
	w.quiet = time.AfterFunc(begin, func() {
		if w.reading.Load() {
			cancel(errIdleTime)
		} else {
			cancel(errHeaderTime)
		}
	})
	w.whole = time.AfterFunc(left, func() { cancel(errCallTime) })
	return ctx, w
}

func (w *watch) moved() {
	w.reading.Store(true)
	w.quiet.Reset(idleTime)
}

func (w *watch) stop() {
	w.quiet.Stop()
	w.whole.Stop()
	w.cancel(nil)
}

// limited is a body under guard: it ends with errTooBig past the limit.
type limited struct {
	r    io.Reader
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		// One byte more decides between a full answer and a too large one.
		var one [1]byte
		n, err := l.r.Read(one[:])
		if n > 0 {
			return 0, errTooBig
		}
		return 0, err
	}
	if int64(len(p)) > l.left {
		p = p[:l.left]
	}
	n, err := l.r.Read(p)
	l.left -= int64(n)
	return n, err
}

// waking tells the watch of every byte that arrives from the wire, before
// decompression, so that a bomb cannot look like silence.
type waking struct {
	r io.Reader
	w *watch
}

func (k waking) Read(p []byte) (int, error) {
	n, err := k.r.Read(p)
	if n > 0 {
		k.w.moved()
	}
	return n, err
}

// guard wraps the body of an answer: decompressed by us, so that the limit
// counts what would fill the memory.
func guard(resp *http.Response, w *watch, limit int64) (io.Reader, error) {
	if sizeOf(resp.Header) > headerBytes {
		return nil, errHeaderBig
	}
	w.moved()
	var r io.Reader = waking{resp.Body, w}
	switch enc := strings.ToLower(resp.Header.Get("Content-Encoding")); enc {
	case "", "identity":
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, err
		}
		r = z
	default:
		return nil, errEncoding
	}
	return &limited{r: r, left: limit}, nil
}

func sizeOf(h http.Header) int {
	n := 0
	for k, vs := range h {
		for _, v := range vs {
			n += len(k) + len(v) + 4
		}
	}
	return n
}
