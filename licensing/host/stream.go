package host

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"sync"
)

// Bounds of what is read from a command.
const (
	maxLine  = 4 << 20   // one marked line
	maxTotal = 256 << 20 // everything, noise included
	keptTail = 8 << 10   // of noise, for the words of a failure
)

// Faults of a marked line.
var (
	errTooMuch   = errors.New("too much output")
	errGarbled   = errors.New("a marked line that cannot be read")
	errTwice     = errors.New("more than one answer")
	errOtherForm = errors.New("an answer in another form")
)

// envelope is what every marked line has.
type envelope struct {
	Line   string `json:"line"`
	Schema int    `json:"schema"`
}

// stream takes marked lines out of what a command prints. A marker counts at
// the beginning of a line only. It may still be written to after close, by a
// command that could not be ended; that is dropped.
type stream struct {
	mu      sync.Mutex
	marker  string
	take    func(kind string, line []byte) error
	stop    func(error) // ends the run
	buf     []byte
	total   int
	over    bool // the line in buf is too long, and is passed over
	noise   tail
	foreign bool // a marked line of another run
	err     error
	closed  bool
}

const anyMarker = "@seatdeck-"

func newStream(nonce string, take func(string, []byte) error, stop func(error)) *stream {
	return &stream{marker: anyMarker + nonce + " ", take: take, stop: stop}
}

// Write takes output as it comes. It never fails, so that a command can always
// finish what it is doing.
func (s *stream) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return len(p), nil
	}
	if s.total += len(p); s.total > maxTotal {
		s.fail(errTooMuch)
		return len(p), nil
	}
	for rest := p; len(rest) > 0; {
		line, after, whole := bytes.Cut(rest, []byte("\n"))
		s.add(line)
		if rest = after; whole {
			s.end()
		}
	}
	return len(p), nil
}

func (s *stream) add(part []byte) {
	if s.over || len(s.buf)+len(part) > maxLine {
		s.over = true
		return
	}
	s.buf = append(s.buf, part...)
}

// end looks at one whole line.
func (s *stream) end() {
	line, over := strings.TrimSuffix(string(s.buf), "\r"), s.over
	s.buf, s.over = s.buf[:0], false
	body, ours := strings.CutPrefix(line, s.marker)
	switch {
	case ours && over:
		s.fail(errTooMuch)
	case ours:
		s.marked([]byte(body))
	case strings.HasPrefix(line, anyMarker):
		s.foreign = true
	case line != "":
		s.noise.add(line + "\n")
	}
}

func (s *stream) marked(body []byte) {
	var e envelope
	switch err := json.Unmarshal(body, &e); {
	case err != nil || e.Line == "":
		s.fail(errGarbled)
	case e.Schema != schema:
		s.fail(errOtherForm)
	default:
		if err := s.take(e.Line, body); err != nil {
			s.fail(err)
		}
	}
}

func (s *stream) fail(err error) {
	if s.err == nil {
		s.err = err
		s.stop(err)
	}
}

// close ends the reading. What had no line end yet counts as a line.
func (s *stream) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed && (len(s.buf) > 0 || s.over) {
		s.end()
	}
	s.closed = true
}

// tail keeps the end of a text. It is safe for use by several goroutines.
type tail struct {
	mu sync.Mutex
	b  []byte
}

func (t *tail) add(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, text...)
	if len(t.b) > 2*keptTail {
		t.b = append([]byte(nil), t.b[len(t.b)-keptTail:]...)
	}
}

// Write lets a tail stand for standard error.
func (t *tail) Write(p []byte) (int, error) {
	t.add(string(p))
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.b)
}
