package model

import (
	"bytes"
	"context"
	"math/bits"
	"strconv"
	"sync"
	"sync/atomic"
)

// filterTwo is from how many rows on a second goroutine pays.
const filterTwo = 200_000

// Filter returns the rows that the query holds for, ascending. prev may be the
// result for an earlier query that q narrows (see [Query.Narrows]), of the same
// roster and environment: then only those rows are looked at. nil means all.
//
// The error is the context's, asked every few thousand rows, or a *Error of
// class usage when the query asks for what nobody read, such as roles.
func Filter(ctx context.Context, r *Roster, q Query, env QueryEnv, prev Index) (Index, error) {
	if err := env.check(q); err != nil {
		return nil, err
	}
	f := filter{r: r, matchers: q.matchers(r, env), marks: make([]uint64, len(r.blocks)*blockWords)}
	rows := f.start(prev)
	workers := 1
	if rows > filterTwo {
		workers = 2
	}
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() { f.work(ctx) })
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return f.index(), nil
}

// blockWords is how many 64-bit words mark the rows of one block.
const blockWords = blockRows / 64

// filter marks rows, one bit each, and strikes out those that do not match.
// Each block has its own words, so that goroutines never share one.
type filter struct {
	r        *Roster
	matchers []matcher
	marks    []uint64
	next     atomic.Int32 // the next block nobody works on
}

// start marks the rows to look at and returns how many they are.
func (f *filter) start(prev Index) int {
	n := f.r.Len()
	if prev != nil {
		for _, i := range prev {
			f.marks[i>>6] |= 1 << (i & 63)
		}
		return len(prev)
	}
	for w := range n / 64 {
		f.marks[w] = ^uint64(0)
	}
	if n%64 > 0 {
		f.marks[n/64] = 1<<(n%64) - 1
	}
	return n
}

func (f *filter) work(ctx context.Context) {
	for {
		k := int(f.next.Add(1)) - 1
		if k >= len(f.r.blocks) || ctx.Err() != nil {
			return
		}
		m := (*blockMarks)(f.marks[k*blockWords : (k+1)*blockWords])
		for _, matcher := range f.matchers {
			if !m.any() {
				break
			}
			matcher.strike(f.r, k, m)
		}
	}
}

// index returns the marked rows.
func (f *filter) index() Index {
	n := 0
	for _, w := range f.marks {
		n += bits.OnesCount64(w)
	}
	idx := make(Index, 0, n)
	for k, w := range f.marks {
		if w == ^uint64(0) {
			for i := range int32(64) {
				idx = append(idx, int32(k)*64+i)
			}
			continue
		}
		for ; w != 0; w &= w - 1 {
			idx = append(idx, int32(k*64+bits.TrailingZeros64(w)))
		}
	}
	return idx
}

// blockMarks marks rows of one block.
type blockMarks [blockWords]uint64

func (m *blockMarks) any() bool {
	for _, w := range m {
		if w != 0 {
			return true
		}
	}
	return false
}

func (m *blockMarks) count() int {
	n := 0
	for _, w := range m {
		n += bits.OnesCount64(w)
	}
	return n
}

// add marks the rows of other, too.
func (m *blockMarks) add(other blockMarks) {
	for k, w := range other {
		m[k] |= w
	}
}

// keep strikes out the rows for which test does not give want.
func (m *blockMarks) keep(want bool, test func(row int) bool) {
	for k, w := range m {
		for left := w; left != 0; left &= left - 1 {
			b := bits.TrailingZeros64(left)
			if test(k*64+b) != want {
				w &^= 1 << b
			}
		}
		m[k] = w
	}
}

// strike takes the marks off the rows of block k that do not match. When few
// rows are left, each is looked at; else one search runs over the whole arena.
func (m matcher) strike(r *Roster, k int, marks *blockMarks) {
	block := &r.blocks[k]
	switch {
	case m.row != nil:
		marks.keep(!m.not, func(row int) bool { return m.row(k*blockRows + row) })
	case marks.count()*sparse < block.rows():
		marks.keep(!m.not, func(row int) bool {
			return bytes.Contains(block.searchOf(row), m.word) || m.digits && hasDigits(r.ids[k*blockRows+row], m.word)
		})
	default:
		hits := find(block.text, block.ends, m.word, m.rare)
		if m.digits {
			hits.add(findDigits(r.ids[k*blockRows:][:block.rows()], m.word))
		}
		for i := range marks {
			if m.not {
				marks[i] &^= hits[i]
			} else {
				marks[i] &= hits[i]
			}
		}
	}
}

// sparse is the share of a block, one in so many, below which looking at single
// records is quicker than at the arena.
const sparse = 8

// find marks the records of an arena that have the word in them. It hops from one
// of the word's rarest byte, at word[rare], to the next: that is several times
// quicker than a search by the first byte where that byte is a common letter.
func find(text []byte, ends []uint32, word []byte, rare int) (hits blockMarks) {
	c, first, last, tail := word[rare], word[0], word[len(word)-1], len(word)-rare
	for at, row := rare, 0; at < len(text); at++ {
		n := bytes.IndexByte(text[at:], c)
		if at += n; n < 0 || at+tail > len(text) {
			return hits
		}
		// Two bytes tell nearly every stranger without a call.
		if text[at-rare] != first || text[at+tail-1] != last || string(text[at-rare:at+tail]) != string(word) {
			continue
		}
		if ends[row] <= uint32(at) {
			row = gallop(ends, row, uint32(at))
		}
		hits[row>>6] |= 1 << (row & 63)
		// The word cannot begin before the next record; at++ is still to come.
		at = int(ends[row]) + rare - 1
		row++
	}
	return hits
}

// findDigits marks the rows whose id has the digits in it.
func findDigits(ids []int64, digits []byte) blockMarks {
	var ends [blockRows]uint32
	text := make([]byte, 0, 48<<10)
	for i, id := range ids {
		text = append(strconv.AppendInt(text, id, 10), sepByte)
		ends[i] = uint32(len(text))
	}
	return find(text, ends[:len(ids)], digits, 0)
}

// hasDigits is [findDigits] for one id.
func hasDigits(id int64, digits []byte) bool {
	return bytes.Contains(strconv.AppendInt(make([]byte, 0, 20), id, 10), digits)
}

// rarest returns the position of the byte of word that is rarest in a sample
// of the roster.
func (r *Roster) rarest(word []byte) int {
	if len(r.blocks) == 0 {
		return 0
	}
	sample := r.blocks[len(r.blocks)/2].text
	best, bestN := 0, len(sample)+1
	for i := range word {
		if n := bytes.Count(sample, word[i:i+1]); n < bestN {
			best, bestN = i, n
		}
	}
	return best
}

// gallop returns the first row from row on whose record ends behind at.
func gallop(ends []uint32, row int, at uint32) int {
	step := 1
	for row+step < len(ends) && ends[row+step-1] <= at {
		row += step
		step *= 2
	}
	for step > 0 {
		for row+step-1 < len(ends) && ends[row+step-1] <= at {
			row += step
		}
		step /= 2
	}
	return row
}
