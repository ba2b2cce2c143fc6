package journal

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"seatdeck/model"
)

// logOf makes a journal of n records and returns its lines, each with its end.
func logOf(t *testing.T, n int) (*bench, [][]byte) {
	t.Helper()
	b := newBench(t)
	var text []byte
	h := head{segment: 1}
	for i := range n {
		e := note(i)
		e.Seq, e.Prev, e.At = h.seq+1, h.hash.String(), b.o.Now()
		line, err := encodeLine(e)
		if err != nil {
			t.Fatal(err)
		}
		h.advance(line)
		text = append(append(text, line...), '\n')
	}
	if err := os.Mkdir(b.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	b.put(headName, h.encode())
	b.put(segmentName(1), text)
	lines := bytes.SplitAfter(text, []byte("\n"))
	return b, lines[:n]
}

func (b *bench) put(name string, text []byte) {
	b.t.Helper()
	if err := os.WriteFile(filepath.Join(b.dir, name), text, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// walker has the state of the chain before each line, so that a change in one
// place is checked from there on and not from the beginning.
type walker struct {
	lines  [][]byte
	before []chain // before[i] is the state before line i
	anchor head
}

func newWalker(t *testing.T, b *bench, lines [][]byte) *walker {
	h, ok, err := readHead(openReadOnly, b.dir)
	if err != nil || !ok || h.seq != uint64(len(lines)) {
		t.Fatalf("head %+v, %v, %v", h, ok, err)
	}
	w := &walker{lines: lines, anchor: h}
	c := chain{anchor: h, anchored: true}
	for _, l := range lines {
		w.before = append(w.before, c)
		c.text(l, true)
	}
	if r := c.report(); verdict(r.Verdict) != verdictOK || r.Records != len(lines) {
		t.Fatalf("the clean log: %+v", r)
	}
	return w
}

// finds reports whether the log is found changed when the lines from to to are
// replaced by text. Only the line after is looked at, and the end of the log: a
// change that these two do not show counts as not found.
func (w *walker) finds(from, to int, text []byte) bool {
	c := w.before[from]
	if to < len(w.lines) {
		text = append(slices.Clip(text), w.lines[to]...)
	}
	c.text(text, true)
	if len(c.problems) > 0 {
		return true
	}
	if to+1 < len(w.lines) {
		return from == 0 && c.reportBeginning()
	}
	return verdict(c.report().Verdict) != verdictOK
}

func (c chain) reportBeginning() bool {
	c.beginning()
	return len(c.problems) > 0
}

// TestEveryByteIsGuarded changes each byte of a log in turn, takes it out, and
// puts one in before it (faults S-15). Its lines are of every length that
// sequence numbers of up to three digits give; the lab does it with 1,000.
func TestEveryByteIsGuarded(t *testing.T) { guardEveryByte(t, 120) }

func guardEveryByte(t *testing.T, records int) {
	b, lines := logOf(t, records)
	w := newWalker(t, b, lines)
	const shares = 4
	for share := range shares {
		t.Run(fmt.Sprint(share), func(t *testing.T) {
			t.Parallel()
			edits := 0
			for i := share; i < len(lines); i += shares {
				edits += w.editLine(t, i)
			}
			t.Logf("%d edits", edits)
		})
	}
}

// editLine makes every single-byte change in a line and returns how many.
func (w *walker) editLine(t *testing.T, i int) (edits int) {
	line := w.lines[i]
	for at := range line {
		for n, text := range [][]byte{
			flip(line, at, 1<<(at%8)),
			append(slices.Clone(line[:at]), line[at+1:]...),
			slices.Insert(slices.Clone(line), at, byte('0'+at%10)),
		} {
			edits++
			if !w.finds(i, i+1, text) {
				t.Fatalf("change %d at byte %d of line %d is not found: %q", n, at, i+1, text)
			}
		}
	}
	return edits
}

func flip(line []byte, at int, bit byte) []byte {
	out := slices.Clone(line)
	out[at] ^= bit
	return out
}

// TestEveryLineIsGuarded deletes, repeats and swaps whole lines.
func TestEveryLineIsGuarded(t *testing.T) {
	b, lines := logOf(t, 1000)
	w := newWalker(t, b, lines)
	for i := range lines {
		if !w.finds(i, i+1, nil) {
			t.Errorf("deletion of line %d is not found", i+1)
		}
		if !w.finds(i, i+1, slices.Concat(lines[i], lines[i])) {
			t.Errorf("repetition of line %d is not found", i+1)
		}
		if i+1 < len(lines) && !w.finds(i, i+2, slices.Concat(lines[i+1], lines[i])) {
			t.Errorf("swap of lines %d and %d is not found", i+1, i+2)
		}
	}
}

// TestVerdicts takes the same through files, and looks at the word that comes
// out.
func TestVerdicts(t *testing.T) {
	b, lines := logOf(t, 50)
	clean := bytes.Join(lines, nil)
	goodHead := must(os.ReadFile(filepath.Join(b.dir, headName)))
	j := b.open()
	b.want(j, verdictOK, 50)
	without := func(i int) []byte { return bytes.Join(slices.Delete(slices.Clone(lines), i, i+1), nil) }
	oldHead := head{seq: 48, hash: hashOf(bytes.TrimSuffix(lines[47], []byte("\n"))), segment: 1, size: int64(len(bytes.Join(lines[:48], nil)))}
	for _, c := range []struct {
		name string
		text []byte
		head []byte
		want verdict
	}{
		{"untouched", clean, goodHead, verdictOK},
		{"first line gone", without(0), goodHead, verdictCut},
		{"line in the middle gone", without(20), goodHead, verdictCut},
		{"last line gone", without(49), goodHead, verdictCut},
		{"everything gone", nil, goodHead, verdictCut},
		{"last line cut short", clean[:len(clean)-3], goodHead, verdictCut},
		{"last line edited", flip(clean, len(clean)-5, 1), goodHead, verdictAltered},
		{"first line edited", flip(clean, 30, 1), goodHead, verdictAltered},
		{"empty line put in", slices.Concat(clean, []byte("\n")), goodHead, verdictAltered},
		{"foreign line put in", slices.Concat(lines[0], []byte("hello\n"), bytes.Join(lines[1:], nil)), goodHead, verdictAltered},
		{"swapped", slices.Concat(lines[1], lines[0], bytes.Join(lines[2:], nil)), goodHead, verdictAltered},
		{"unfinished line behind", slices.Concat(clean, []byte(`{"seq":51,`)), goodHead, verdictTorn},
		{"behind the head", clean, oldHead.encode(), verdictUnchained},
		{"no head", clean, nil, verdictUnchained},
		{"damaged head", clean, flip(goodHead, 3, 1), verdictUnchained},
		{"another log's head", clean, head{seq: 50, hash: hash{1}, segment: 1, size: int64(len(clean))}.encode(), verdictAltered},
	} {
		b.put(segmentName(1), c.text)
		b.put(headName, c.head)
		r := b.verify(j)
		if verdict(r.Verdict) != c.want {
			t.Errorf("%s: %s, want %s: %v", c.name, r.Verdict, c.want, r.Problems)
		}
		if r.Harmless != (c.want != verdictCut && c.want != verdictAltered) {
			t.Errorf("%s: harmless %v", c.name, r.Harmless)
		}
		if r.Harmless {
			continue
		}
		// The record goes on, and the break is still there afterwards.
		b.append(b.open(), note(1), note(2))
		if after := b.verify(j); gravity[verdict(after.Verdict)] < gravity[verdictCut] {
			t.Errorf("%s: after two more records the verdict is %s", c.name, after.Verdict)
		}
	}
}

// TestHeadBytesAreGuarded changes each byte of the head: it is then no head,
// never a wrong one.
func TestHeadBytesAreGuarded(t *testing.T) {
	b, lines := logOf(t, 3)
	good := must(os.ReadFile(filepath.Join(b.dir, headName)))
	if len(good) != headLen {
		t.Fatalf("a head of %d bytes", len(good))
	}
	for at := range good {
		for bit := range 8 {
			if h, ok := decodeHead(flip(good, at, 1<<bit)); ok {
				t.Fatalf("bit %d of byte %d: %+v", bit, at, h)
			}
		}
	}
	// A record appended without it continues the chain.
	b.put(headName, flip(good, 0, 1))
	j := b.open()
	b.append(j, note(4))
	b.want(j, verdictOK, len(lines)+1)
}

// TestTornTails cuts an append short at every byte: nothing that was
// acknowledged goes, the rest is repaired by the next append.
func TestTornTails(t *testing.T) {
	b, lines := logOf(t, 4)
	clean := bytes.Join(lines[:3], nil)
	h := head{seq: 3, hash: hashOf(bytes.TrimSuffix(lines[2], []byte("\n"))), segment: 1, size: int64(len(clean))}
	last := lines[3]
	for n := range len(last) + 1 {
		b.put(segmentName(1), slices.Concat(clean, last[:n]))
		b.put(headName, h.encode())
		j := b.open()
		b.append(j, note(9))
		// Whole but for its end of line, the record is kept; nothing is lost by
		// keeping what nobody was told about.
		records := 4
		switch {
		case n >= len(last)-1:
			records = 5
		case n > 0:
			records = 5 // the repair tells about itself
		}
		b.want(j, verdictOK, records)
		got := b.read(j)
		repaired := slices.ContainsFunc(got, func(e model.Entry) bool { return e.Kind == EntryRepaired })
		if want := n > 0 && n < len(last)-1; repaired != want {
			t.Errorf("%d bytes: repaired %v, want %v", n, repaired, want)
		}
	}
}

// TestCutTailIsNotRepaired: bytes that the head covers were acknowledged.
func TestCutTailIsNotRepaired(t *testing.T) {
	b, lines := logOf(t, 4)
	text := bytes.Join(lines, nil)
	good := must(os.ReadFile(filepath.Join(b.dir, headName)))
	for n := 1; n < len(lines[3]); n++ {
		b.put(segmentName(1), text[:len(text)-n])
		b.put(headName, good)
		j := b.open()
		b.append(j, note(9))
		if r := b.verify(j); gravity[verdict(r.Verdict)] < gravity[verdictCut] {
			// Only the end of the line is missing: the record is whole.
			if n == 1 && verdict(r.Verdict) == verdictOK && r.Records == 5 {
				continue
			}
			t.Errorf("%d bytes cut: %s with %d records", n, r.Verdict, r.Records)
		}
		if rest := must(os.ReadFile(b.segment())); !bytes.HasPrefix(rest, text[:len(text)-n]) {
			t.Errorf("%d bytes cut: what was left has been changed", n)
		}
	}
}

// TestCleanLogsRaiseNoAlarm appends in random portions with random segment
// sizes, reopening in between.
func TestCleanLogsRaiseNoAlarm(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 30 {
		b := newBench(t)
		b.o.SegmentSize = 200 + r.Int64N(2000)
		total := 0
		for range 1 + r.IntN(4) {
			j := b.open()
			for range r.IntN(8) {
				b.append(j, note(r.IntN(1e6)))
				total++
			}
			b.want(j, verdictOK, total)
		}
	}
}

func FuzzDecodeEntry(f *testing.F) {
	f.Add([]byte(`{"seq":1,"prev":"00","at":"2026-03-01T08:00:00Z","mono":1,"who":{"uid":0},"kind":"note","body":{"a":["\u001b[2J"]}}`))
	f.Add([]byte(`{"seq":1,"kind":"x"}`))
	f.Add([]byte("{\"seq\":1,\"kind\":\"\\u202e\",\"body\":\"\xff\"}"))
	f.Fuzz(func(t *testing.T, line []byte) {
		e, err := decodeEntry(line)
		if err != nil {
			return
		}
		for _, r := range fmt.Sprint(e.Who.User, e.Key, string(e.Kind), string(e.Body)) {
			if acts(r) {
				t.Fatalf("%U in %+v", r, e)
			}
		}
	})
}

// TestStaleHead puts back an older head, as a power cut may: every record
// behind it is taken in, however many segments that are.
func TestStaleHead(t *testing.T) {
	b := newBench(t)
	b.o.SegmentSize = 500
	j := b.open()
	var heads [][]byte
	for n := range 12 {
		b.append(j, note(n))
		heads = append(heads, must(os.ReadFile(filepath.Join(b.dir, headName))))
	}
	total := 12
	for i, old := range append(heads, nil, []byte("rubbish")) {
		b.put(headName, old)
		if want := verdictUnchained; i != 11 {
			b.want(j, want, total)
		}
		b.append(b.open(), note(100))
		total++
		b.want(j, verdictOK, total)
	}
}

// TestRemovedSegmentStaysMissing: the newest segment is deleted, and the record
// goes on.
func TestRemovedSegmentStaysMissing(t *testing.T) {
	b, _ := logOf(t, 5)
	if err := os.Remove(b.segment()); err != nil {
		t.Fatal(err)
	}
	j := b.open()
	b.want(j, verdictCut, 0)
	b.append(j, note(1))
	b.want(j, verdictCut, 1)
	if got := b.read(j); len(got) != 1 || got[0].Seq != 6 {
		t.Errorf("%+v", got)
	}
}

func BenchmarkAppend(b *testing.B) {
	bench := newBench(b)
	j := bench.open()
	n := 0
	for b.Loop() {
		bench.append(j, note(n))
		n++
	}
}

func BenchmarkVerify(b *testing.B) {
	bench := newBench(b)
	j := bench.open()
	for n := range 500 {
		bench.append(j, note(n))
	}
	for b.Loop() {
		if r := bench.verify(j); verdict(r.Verdict) != verdictOK {
			b.Fatal(r.Verdict)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/500, "ns/record")
}
