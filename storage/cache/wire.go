package cache

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// The console and its child talk in frames: kind, length, checksum, payload.
// Everything is checked before the database is opened, so that a console that
// dies in the middle of a batch changes nothing.

// frameKind is what a frame carries.
type frameKind byte

const (
	frameRequest frameKind = 'R' // request, JSON; the first frame
	framePart    frameKind = 'P' // one part of a blob: class, blob number, part number, bytes
	frameEnd     frameKind = 'E' // closing, JSON; the last frame of a request
	frameAnswer  frameKind = 'A' // answer, JSON; the only frame the other way
)

const (
	// wireMagic opens each direction; its last byte counts versions. Both ends
	// are the same binary, unless it was replaced while the console ran.
	wireMagic = "seatdeck\x00\x01"
	// frameMax bounds one frame: parts are at most partMax long.
	frameMax = 4 << 20
	// batchMax bounds a whole request, as the child holds it in memory. It is
	// ten times the batch of a million accounts.
	batchMax = 1 << 30

	frameHead = 9 // kind, length, checksum
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// checksum guards against damage, not against people: who can write the cache
// can write anything into it.
func checksum(b []byte) uint32 { return crc32.Checksum(b, castagnoli) }

var errFrame = errors.New("broken frame")

// frameWriter writes frames. Its first error sticks and is returned by flush.
type frameWriter struct {
	w   *bufio.Writer
	err error
}

func newFrameWriter(w io.Writer) *frameWriter {
	f := &frameWriter{w: bufio.NewWriterSize(w, 1<<16)}
	_, f.err = f.w.WriteString(wireMagic)
	return f
}

// frame writes one frame; the payload may come in pieces.
func (f *frameWriter) frame(kind frameKind, pieces ...[]byte) {
	if f.err != nil {
		return
	}
	var head [frameHead]byte
	size, sum := 0, crc32.Update(0, castagnoli, []byte{byte(kind)})
	for _, p := range pieces {
		size += len(p)
		sum = crc32.Update(sum, castagnoli, p)
	}
	if size > frameMax {
		f.err = fmt.Errorf("%w: %d bytes are too many", errFrame, size)
		return
	}
	head[0] = byte(kind)
	binary.BigEndian.PutUint32(head[1:], uint32(size))
	binary.BigEndian.PutUint32(head[5:], sum)
	if _, f.err = f.w.Write(head[:]); f.err != nil {
		return
	}
	for _, p := range pieces {
		if _, f.err = f.w.Write(p); f.err != nil {
			return
		}
	}
}

func (f *frameWriter) flush() error {
	if f.err == nil {
		f.err = f.w.Flush()
	}
	return f.err
}

// frameReader reads frames and refuses anything that is not exactly one.
type frameReader struct {
	r     *bufio.Reader
	total int
}

func newFrameReader(r io.Reader) (*frameReader, error) {
	f := &frameReader{r: bufio.NewReaderSize(r, 1<<16)}
	var magic [len(wireMagic)]byte
	if _, err := io.ReadFull(f.r, magic[:]); err != nil {
		return nil, fmt.Errorf("%w: no greeting: %w", errFrame, err)
	}
	if string(magic[:]) != wireMagic {
		return nil, fmt.Errorf("%w: the other side is another version of this program", errFrame)
	}
	return f, nil
}

// next returns the next frame. The payload is the caller's to keep.
func (f *frameReader) next() (frameKind, []byte, error) {
	var head [frameHead]byte
	if _, err := io.ReadFull(f.r, head[:]); err != nil {
		return 0, nil, fmt.Errorf("%w: it ends too early: %w", errFrame, err)
	}
	size := binary.BigEndian.Uint32(head[1:])
	if f.total += int(size); size > frameMax || f.total > batchMax {
		return 0, nil, fmt.Errorf("%w: %d bytes are too many", errFrame, size)
	}
	payload := make([]byte, size)
	if _, err := io.ReadFull(f.r, payload); err != nil {
		return 0, nil, fmt.Errorf("%w: it ends too early: %w", errFrame, err)
	}
	sum := crc32.Update(crc32.Update(0, castagnoli, head[:1]), castagnoli, payload)
	if sum != binary.BigEndian.Uint32(head[5:]) {
		return 0, nil, fmt.Errorf("%w: wrong checksum", errFrame)
	}
	return frameKind(head[0]), payload, nil
}
