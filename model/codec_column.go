package model

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
)

// errDamaged says that bytes are not what an encoder here made of an account.
var errDamaged = errors.New("damaged account data")

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sealedHead is what stands before every encoded piece: a version byte, the
// CRC-32C of all that follows it, and the number of accounts.
const sealedHead = 1 + 4 + 4

func beginSealed(version byte, count, size int) []byte {
	b := make([]byte, sealedHead, sealedHead+size)
	b[0] = version
	binary.LittleEndian.PutUint32(b[5:], uint32(count))
	return b
}

func seal(b []byte) []byte {
	binary.LittleEndian.PutUint32(b[1:], crc32.Checksum(b[5:], castagnoli))
	return b
}

// openSealed checks version and checksum, and returns a reader behind the head
// with the number of accounts. Every account takes at least three bytes of
// text, so a count that the bytes cannot hold is refused before anything is
// allocated for it.
func openSealed(version byte, b []byte) (*columnReader, int) {
	r := &columnReader{}
	if len(b) < sealedHead || b[0] != version || binary.LittleEndian.Uint32(b[1:]) != crc32.Checksum(b[5:], castagnoli) {
		r.bad = true
		return r, 0
	}
	count := uint64(binary.LittleEndian.Uint32(b[5:]))
	r.b = b[sealedHead:]
	if count*recordFields > uint64(len(r.b)) {
		r.bad = true
		return r, 0
	}
	return r, int(count)
}

// appendColumn appends n numbers as differences from the smallest, each in as
// few whole bytes as the largest difference needs: one byte of width, four of
// base, then the numbers.
func appendColumn(b []byte, n int, value func(i int) uint32) []byte {
	var low, high uint32
	if n > 0 {
		low = ^uint32(0)
	}
	for i := range n {
		v := value(i)
		low, high = min(low, v), max(high, v)
	}
	width := 0
	for width < 4 && uint64(high-low)>>(8*width) > 0 {
		width++
	}
	b = append(b, byte(width))
	b = binary.LittleEndian.AppendUint32(b, low)
	for i := range n {
		v := value(i) - low
		for range width {
			b = append(b, byte(v))
			v >>= 8
		}
	}
	return b
}

// columnReader reads what the encoder appended. After the first damage it
// stays bad and gives zeros.
type columnReader struct {
	b   []byte
	bad bool
}

func (r *columnReader) fail() { r.b, r.bad = nil, true }

// take returns the next n bytes, or nil.
func (r *columnReader) take(n int) []byte {
	if n < 0 || n > len(r.b) {
		r.fail()
		return nil
	}
	p := r.b[:n]
	r.b = r.b[n:]
	return p
}

// readColumn fills into with the numbers of a column.
func readColumn[T ~uint8 | ~uint16 | ~uint32 | ~int32](r *columnReader, into []T) {
	head := r.take(5)
	if head == nil || head[0] > 4 {
		r.fail()
		return
	}
	width, base := int(head[0]), binary.LittleEndian.Uint32(head[1:])
	p := r.take(width * len(into))
	if r.bad {
		return
	}
	var all uint32
	switch width {
	case 0:
		all = base
		for i := range into {
			into[i] = T(base)
		}
	case 1:
		for i := range into {
			v := base + uint32(p[i])
			all |= v
			into[i] = T(v)
		}
	case 2:
		for i := range into {
			v := base + uint32(binary.LittleEndian.Uint16(p[2*i:]))
			all |= v
			into[i] = T(v)
		}
	case 3:
		for i := range into {
			v := base + uint32(p[3*i]) + uint32(p[3*i+1])<<8 + uint32(p[3*i+2])<<16
			all |= v
			into[i] = T(v)
		}
	case 4:
		for i := range into {
			v := base + binary.LittleEndian.Uint32(p[4*i:])
			all |= v
			into[i] = T(v)
		}
	}
	if uint32(T(all)) != all { // a bit that the column's type cannot hold
		r.fail()
	}
}

// appendIDs appends ids as differences, each a variable-length integer.
func appendIDs(b []byte, n int, id func(i int) int64) []byte {
	var last int64
	for i := range n {
		v := id(i)
		b = binary.AppendVarint(b, v-last) // wraps around for ids that no instance has
		last = v
	}
	return b
}

func (r *columnReader) ids(into []int64) {
	var last int64
	for i := range into {
		d, n := binary.Varint(r.b)
		if n <= 0 {
			r.fail()
			return
		}
		r.b = r.b[n:]
		last += d
		into[i] = last
	}
}
