package model

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"iter"
	"runtime"
	"sync"
	"sync/atomic"
)

// chunkVersion is the first byte of every chunk. A reader refuses others.
const chunkVersion = 2

// RosterHead describes an encoded roster. It is kept beside the chunks and
// ties them together: chunks of another snapshot, or in another order, do not
// fit its sum.
type RosterHead struct {
	Version   int    `json:"version"`
	Accounts  int    `json:"accounts"`
	Chunks    int    `json:"chunks"`
	AsOf      AsOf   `json:"as_of"`
	Complete  bool   `json:"complete"`
	Providers []Text `json:"identity_providers"`
	Sum       string `json:"sum"` // over all the above and every chunk's checksum, hex
}

// Encode hands the roster out in chunks of at most 4,096 accounts, numbered
// from 0. The bytes are the receiver's to keep. The head is complete only after
// the last chunk, so it is what a store must write last. The one error comes
// from yield.
func (r *Roster) Encode(yield func(chunk int, b []byte) error) (RosterHead, error) {
	h := RosterHead{
		Version: chunkVersion, Accounts: r.Len(), Chunks: len(r.blocks),
		AsOf: r.asOf, Complete: r.complete, Providers: r.providers,
	}
	sums := make([]uint32, h.Chunks)
	for k := range r.blocks {
		b := r.encodeChunk(k)
		sums[k] = binary.LittleEndian.Uint32(b[1:])
		if err := yield(k, b); err != nil {
			return RosterHead{}, err
		}
	}
	h.Sum = h.sum(sums)
	return h, nil
}

// sum is the digest that ties a head to its chunks.
func (h RosterHead) sum(chunks []uint32) string {
	d := sha256.New()
	at := h.AsOf.At
	fmt.Fprintln(d, h.Version, h.Accounts, h.Chunks, at.Unix(), at.Nanosecond(), h.AsOf.Source, h.Complete, len(h.Providers))
	for _, p := range h.Providers {
		fmt.Fprintln(d, p.s)
	}
	for _, c := range chunks {
		fmt.Fprintln(d, c)
	}
	return hex.EncodeToString(d.Sum(nil)[:16])
}

// encodeChunk encodes one block: columns, its slice of each text order, and
// the texts as they lie in memory.
func (r *Roster) encodeChunk(k int) []byte {
	lo := k * blockRows
	n := r.blocks[k].rows()
	b := beginSealed(chunkVersion, n, len(r.blocks[k].text)+48*n)
	b = appendIDs(b, n, func(i int) int64 { return r.ids[lo+i] })
	b = appendColumn(b, n, func(i int) uint32 { return uint32(r.state[lo+i]) })
	b = appendColumn(b, n, func(i int) uint32 { return uint32(r.flags[lo+i]) })
	b = appendColumn(b, n, func(i int) uint32 { return uint32(r.created[lo+i]) })
	b = appendColumn(b, n, func(i int) uint32 { return uint32(r.lastActivity[lo+i]) })
	b = appendColumn(b, n, func(i int) uint32 { return uint32(r.lastSignIn[lo+i]) })
	b = appendColumn(b, n, func(i int) uint32 { return uint32(r.provider[lo+i]) })
	for which := range orderCount {
		order := r.order(which)
		b = appendColumn(b, n, func(i int) uint32 { return order[lo+i] })
	}
	return seal(r.blocks[k].appendTexts(b))
}

// ChunkSource gives encoded chunks in order, from one number up to another that
// is not included. Bytes hold until the next chunk, and the first error ends it.
type ChunkSource func(from, to int) iter.Seq2[[]byte, error]

// DecodeRoster puts an encoded roster together again. The source is asked for
// two stretches, of long rosters by two goroutines at once. Damage of any kind
// gives a *Error of class storage, never a wrong roster. The result is marked as
// served from the cache.
func DecodeRoster(head RosterHead, chunks ChunkSource) (*Roster, error) {
	r, err := decodeRoster(head, chunks)
	if err != nil {
		return nil, unreadable(err)
	}
	return r, nil
}

// unreadable words why an encoded roster cannot be read.
func unreadable(err error) *Error {
	return Fail(ClassStorage, "read the cached accounts", err.Error(), "refresh reads them again").Because(err)
}

// check refuses a head that no encoder here wrote, before anything is made for
// what it says.
func (h *RosterHead) check() error {
	n := h.Accounts
	switch {
	case h.Version != chunkVersion:
		return fmt.Errorf("the cache has format %d, this program reads %d", h.Version, chunkVersion)
	case n < 0 || n > MaxAccounts || h.Chunks != (n+blockRows-1)/blockRows,
		len(h.Providers) == 0 || len(h.Providers) > maxProviders+1 || !h.Providers[0].Empty():
		return errDamaged
	}
	return nil
}

func decodeRoster(head RosterHead, chunks ChunkSource) (*Roster, error) {
	if err := head.check(); err != nil {
		return nil, err
	}
	d := decoder{r: newColumns(head.Accounts), head: head, chunks: chunks, sums: make([]uint32, head.Chunks)}
	d.r.asOf, d.r.complete, d.r.providers = head.AsOf.FromCache(), head.Complete, head.Providers
	d.r.blocks = make([]textBlock, head.Chunks)
	for which := range orderCount {
		d.r.setOrder(which, make([]uint32, head.Accounts))
	}
	if err := d.run(); err != nil {
		return nil, err
	}
	if head.sum(d.sums) != head.Sum || !d.r.sound() {
		return nil, errDamaged
	}
	return d.r, nil
}

type decoder struct {
	r      *Roster
	head   RosterHead
	chunks ChunkSource
	sums   []uint32
}

// alone is how many chunks are decoded before a second goroutine joins: a console
// paints its first frame meanwhile, and a small roster is done with them.
const alone = 8

// run decodes the chunks, a little less than half of them on the second goroutine.
func (d *decoder) run() error {
	n := d.head.Chunks
	mid := min((n+alone+1)/2, n)
	join := make(chan struct{})
	begin := sync.OnceFunc(func() { close(join) })
	var errs [2]error
	var wg sync.WaitGroup
	wg.Go(func() {
		<-join
		errs[1] = d.some(mid, n, func() {})
	})
	errs[0] = d.some(0, mid, begin)
	begin()
	wg.Wait()
	if errs[0] != nil {
		return errs[0]
	}
	return errs[1]
}

// some decodes the chunks from one up to another. It says so when the first few
// are done.
func (d *decoder) some(from, to int, few func()) error {
	k, t := from, new(textReader)
	for b, err := range d.chunks(from, to) {
		if err == nil && k < to {
			err = d.one(k, b, t)
		}
		if err != nil {
			return err
		}
		if k++; k == from+alone {
			few()
		}
		runtime.Gosched() // to whoever waits for a key or a frame
	}
	if k != to {
		return errDamaged
	}
	return nil
}

func (d *decoder) one(k int, b []byte, t *textReader) error {
	if !d.r.readChunk(k, b, t) {
		return errDamaged
	}
	d.sums[k] = binary.LittleEndian.Uint32(b[1:])
	return nil
}

// readChunk fills the rows of block k.
func (r *Roster) readChunk(k int, b []byte, t *textReader) bool {
	lo, hi := k*blockRows, min((k+1)*blockRows, r.Len())
	c, n := openSealed(chunkVersion, b)
	if c.bad || n != hi-lo {
		return false
	}
	c.ids(r.ids[lo:hi])
	readColumn(c, r.state[lo:hi])
	readColumn(c, r.flags[lo:hi])
	readColumn(c, r.created[lo:hi])
	readColumn(c, r.lastActivity[lo:hi])
	readColumn(c, r.lastSignIn[lo:hi])
	readColumn(c, r.provider[lo:hi])
	for _, order := range r.orders.rows {
		readColumn(c, order[lo:hi])
	}
	if c.bad || !r.valid(lo, hi) {
		return false
	}
	block, ok := t.read(c, n)
	r.blocks[k] = block
	return ok
}

// valid checks the columns of some rows against what they index.
func (r *Roster) valid(lo, hi int) bool {
	for i := lo; i < hi; i++ {
		if r.state[i] > StateBanned || int(r.provider[i]) >= len(r.providers) {
			return false
		}
	}
	return true
}

// ascends reports whether each id is greater than the one before.
func (r *Roster) ascends() bool {
	for i := 1; i < len(r.ids); i++ {
		if r.ids[i-1] >= r.ids[i] {
			return false
		}
	}
	return true
}

// sound checks what spans chunks: ids ascend, and every order names each row
// once.
func (r *Roster) sound() bool {
	var wrong atomic.Bool
	var wg sync.WaitGroup
	for _, order := range r.orders.rows {
		wg.Go(func() {
			if !namesEachRow(order) {
				wrong.Store(true)
			}
		})
	}
	ascends := r.ascends()
	wg.Wait()
	return ascends && !wrong.Load()
}

// namesEachRow reports whether an order has each row once, and begins with one
// that no other is the same as.
func namesEachRow(order []uint32) bool {
	seen := make([]uint64, (len(order)+63)/64)
	for k, e := range order {
		row := e >> 1
		if int(row) >= len(order) || seen[row>>6]>>(row&63)&1 != 0 || k == 0 && e&1 != 0 {
			return false
		}
		seen[row>>6] |= 1 << (row & 63)
	}
	return true
}

// recordSize returns the length of the first record of an arena, 0 when there
// is no whole one.
func recordSize(arena []byte) int {
	size := 0
	for range recordFields {
		n := bytes.IndexByte(arena[size:], sepByte)
		if n < 0 {
			return 0
		}
		size += n + 1
	}
	return size
}
