package model

import "bytes"

// appendTexts appends the texts of a block: the lengths of each field, the size
// and kind of what tells the capitals, the records and the capitals.
func (b *textBlock) appendTexts(out []byte) []byte {
	n := b.rows()
	lengths := make([]fieldLengths, n)
	for i := range lengths {
		lengths[i] = lengthsOf(b.searchOf(i))
	}
	for field := range recordFields {
		out = appendColumn(out, n, func(i int) uint32 { return uint32(lengths[i][field]) })
	}
	out = appendColumn(out, n, func(i int) uint32 {
		caps, whole := b.capitals(i)
		if whole {
			return uint32(len(caps))<<1 | 1
		}
		return uint32(len(caps)) << 1
	})
	return append(append(out, b.text...), b.caps...)
}

// fieldLengths are the lengths of a record's fields in bytes, without separators.
type fieldLengths [recordFields]uint16

func lengthsOf(rec []byte) (l fieldLengths) {
	for field := range l {
		n := bytes.IndexByte(rec, sepByte)
		l[field], rec = uint16(n), rec[n+1:]
	}
	return l
}

// textReader reads the texts of blocks, one after the other, in memory of its own.
type textReader struct {
	lengths [recordFields][blockRows]uint16
	caps    [blockRows]uint16
	long    bool // whether a field may be longer than a Text
	whole   bool // whether a shown record is kept whole
}

// read reads the texts of n accounts. Text that somebody edited on disk is
// cleaned again.
func (t *textReader) read(c *columnReader, n int) (textBlock, bool) {
	for field := range t.lengths {
		readColumn(c, t.lengths[field][:n])
	}
	readColumn(c, t.caps[:n])
	b := textBlock{ends: make([]uint32, n), capEnds: make([]uint32, n)}
	text, caps := t.sum(&b)
	b.text, b.caps = bytes.Clone(c.take(text)), bytes.Clone(c.take(caps))
	if c.bad || len(c.b) != 0 || !t.separated(&b) {
		return textBlock{}, false
	}
	if !t.clean(&b) {
		b = b.cleaned()
	}
	return b, true
}

// sum works out the ends and returns the sizes of both arenas.
func (t *textReader) sum(b *textBlock) (text, caps int) {
	n := len(b.ends)
	users, names, mails := t.lengths[0][:n], t.lengths[1][:n], t.lengths[2][:n]
	var end, capEnd uint32
	var length, kind uint16
	for i := range n {
		end += uint32(users[i]) + uint32(names[i]) + uint32(mails[i]) + recordFields
		capEnd += uint32(t.caps[i] >> 1)
		b.ends[i], b.capEnds[i] = end, capEnd<<1|uint32(t.caps[i]&1)
		length, kind = length|users[i]|names[i]|mails[i], kind|t.caps[i]
	}
	t.long, t.whole = length >= textMax, kind&1 != 0
	return int(end), int(capEnd)
}

// separated reports whether every record has its separators where its lengths
// say, and none elsewhere.
func (t *textReader) separated(b *textBlock) bool {
	var at uint32
	var found byte
	for i, end := range b.ends {
		first := at + uint32(t.lengths[0][i])
		found |= b.text[first] | b.text[first+1+uint32(t.lengths[1][i])] | b.text[end-1]
		at = end
	}
	return found == sepByte && bytes.Count(b.text, []byte(sep)) == recordFields*len(b.ends) &&
		(!t.whole || b.eachWhole(func(rec []byte) bool {
			return bytes.HasSuffix(rec, []byte(sep)) && bytes.Count(rec, []byte(sep)) == recordFields
		}))
}

// clean reports whether all texts of a block are as [Clean] leaves them. The
// capitals of clean text are clean.
func (t *textReader) clean(b *textBlock) bool {
	for at := settledUpTo(b.text); at < len(b.text); at += settledUpTo(b.text[at:]) {
		row := b.rowAt(at)
		if !isClean(b.searchOf(row)) {
			return false
		}
		at = int(b.ends[row])
	}
	for row := 0; t.long && row < b.rows(); row++ {
		if !isClean(b.searchOf(row)) {
			return false
		}
	}
	return !t.whole || b.eachWhole(isClean)
}

// eachWhole reports whether test holds for each record that is kept whole.
func (b *textBlock) eachWhole(test func(rec []byte) bool) bool {
	for row := range b.rows() {
		if rec, whole := b.capitals(row); whole && !test(rec) {
			return false
		}
	}
	return true
}

// cleaned returns a block of the same texts, each cleaned.
func (b *textBlock) cleaned() textBlock {
	out := newTextBlock(b.rows(), len(b.text))
	var rec []byte
	for row := range b.rows() {
		rec = b.appendShown(rec[:0], row)
		out.add(rec)
	}
	return out
}
