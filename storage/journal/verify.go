package journal

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"seatdeck/model"
)

// Verdict says what is wrong with a journal. They are told apart because they
// ask for different answers (faults §6.3).
type Verdict string

// The verdicts, from harmless to grave.
const (
	VerdictOK        Verdict = "ok"        // every record is there and unchanged
	VerdictTorn      Verdict = "torn"      // the last line is unfinished: a crash; the next record repairs it
	VerdictUnchained Verdict = "unchained" // records behind the head: a crash; the next record takes them in. Or there is no head
	VerdictCut       Verdict = "cut"       // records are missing
	VerdictAltered   Verdict = "altered"   // records were changed, moved or put in
)

var gravity = map[Verdict]int{VerdictOK: 0, VerdictTorn: 1, VerdictUnchained: 2, VerdictCut: 3, VerdictAltered: 4}

// Problem is one finding.
type Problem struct {
	Verdict Verdict    `json:"verdict"`
	Segment string     `json:"segment,omitempty"`
	Line    int        `json:"line,omitempty"` // from 1; 0 = not of one line
	Seq     uint64     `json:"seq,omitempty"`
	Msg     model.Text `json:"message"`
}

// Report is the result of a verification.
type Report struct {
	Verdict  Verdict    `json:"verdict"` // the gravest of the problems
	Records  int        `json:"records"`
	First    uint64     `json:"first_seq"` // 0 = no records
	Last     uint64     `json:"last_seq"`
	Head     string     `json:"head"`    // hash of the last record, for keeping elsewhere
	Dropped  uint64     `json:"dropped"` // records taken out by retention, as the chain tells
	Problems []Problem  `json:"problems"`
	Note     model.Text `json:"note"` // what a chain cannot show
}

// chainLimits is said with every report, because a clean verdict promises less
// than people think.
const chainLimits = "a chain shows changes inside; who can write all its files can also rebuild them, so keep the head hash elsewhere"

// Verify reads the whole journal and checks the chain. It changes nothing.
func (j *Journal) Verify(ctx context.Context) (Report, error) {
	if err := j.lock.Acquire(ctx, j.o.Wait); err != nil {
		return Report{}, fail(err)
	}
	r, err := verify(ctx, j.o.Open, j.dir)
	if e := j.lock.Release(); err == nil && e != nil {
		err = e
	}
	return r, fail(err)
}

// VerifyDir is Verify for a journal that may only be read. As it cannot lock,
// records appended meanwhile may show as unchained.
func VerifyDir(ctx context.Context, dir string) (Report, error) {
	r, err := verify(ctx, openReadOnly, dir)
	return r, fail(err)
}

func verify(ctx context.Context, open OpenFile, dir string) (Report, error) {
	h, ok, err := readHead(open, dir)
	if err != nil {
		return Report{}, err
	}
	list, err := segments(dir)
	if err != nil {
		return Report{}, err
	}
	c := chain{anchor: h, anchored: ok}
	for _, first := range list {
		if err := ctx.Err(); err != nil {
			return Report{}, err
		}
		b, err := readSegment(open, dir, first)
		if err != nil {
			return Report{}, err
		}
		c.segment = segmentName(first)
		c.text(b, first == list[len(list)-1])
	}
	return c.report(), nil
}

// chain walks the records and notes what does not fit. It is a value: a copy
// goes on from the same point.
type chain struct {
	anchor   head
	anchored bool // there is a readable head

	segment  string
	line     int
	seq      uint64 // of the record before
	hash     hash   // of the record before
	first    uint64 // sequence number of the first record
	before   string // hash before the first record
	atAnchor string // hash of the record that the head names
	records  int
	kept     *Boundary // what retention dropped, when a record tells of it
	problems []Problem
}

// text checks the lines of one segment.
func (c *chain) text(b []byte, newest bool) {
	c.line = 0
	for len(b) > 0 {
		line, rest, whole := bytes.Cut(b, []byte{'\n'})
		c.line++
		switch {
		case whole:
			c.next(line)
		case newest:
			c.note(VerdictTorn, 0, fmt.Sprintf("the last line is unfinished (%d bytes)", len(line)))
		default:
			c.note(VerdictAltered, 0, "the last line of the segment has no end")
		}
		b = rest
	}
}

// next checks one whole line against the one before.
func (c *chain) next(line []byte) {
	l, ok := decodeLink(line)
	if !ok {
		c.note(VerdictAltered, 0, "the line cannot be read")
		return
	}
	switch {
	case c.records == 0:
		c.first, c.before = l.Seq, l.Prev
	case l.Seq > c.seq+1:
		c.note(VerdictCut, l.Seq, missing(c.seq+1, l.Seq-1))
	case l.Seq != c.seq+1:
		c.note(VerdictAltered, l.Seq, fmt.Sprintf("record %d stands after record %d", l.Seq, c.seq))
	case l.Prev != c.hash.String():
		c.note(VerdictAltered, l.Seq, fmt.Sprintf("record %d does not follow record %d as it is now: one of the two was changed", l.Seq, c.seq))
	}
	c.records++
	c.seq, c.hash = l.Seq, hashOf(line)
	if c.seq == c.anchor.seq {
		c.atAnchor = c.hash.String()
	}
	if bytes.Contains(line, []byte(EntryRetained)) {
		c.retained(line)
	}
}

// retained remembers the record that tells which segments were dropped.
func (c *chain) retained(line []byte) {
	var e struct {
		Kind model.EntryKind `json:"kind"`
		Body Retention       `json:"body"`
	}
	if json.Unmarshal(line, &e) != nil || e.Kind != EntryRetained {
		return
	}
	for _, b := range e.Body.Dropped {
		if b.Through+1 == c.first {
			c.kept = &b
		}
	}
}

func (c *chain) note(v Verdict, seq uint64, msg string) {
	c.problems = append(c.problems, Problem{v, c.segment, c.line, seq, model.Clean(msg)})
}

func missing(from, to uint64) string {
	if from == to {
		return fmt.Sprintf("record %d is missing", from)
	}
	return fmt.Sprintf("records %d to %d are missing", from, to)
}

// report judges both ends and sums up.
func (c *chain) report() Report {
	c.segment, c.line = "", 0
	c.beginning()
	c.ending()
	r := Report{Verdict: VerdictOK, Records: c.records, First: c.first, Last: c.seq, Problems: c.problems, Note: model.Clean(chainLimits)}
	if c.records > 0 {
		r.Head = c.hash.String()
	}
	if c.kept != nil {
		r.Dropped = c.kept.Through
	}
	for _, p := range c.problems {
		if gravity[p.Verdict] > gravity[r.Verdict] {
			r.Verdict = p.Verdict
		}
	}
	return r
}

// beginning accepts a log that starts at record 1, or where a record in the
// chain says that retention cut it.
func (c *chain) beginning() {
	switch {
	case c.records == 0:
	case c.first == 1:
		if c.before != (hash{}).String() {
			c.note(VerdictAltered, 1, "the first record was changed")
		}
	case c.kept == nil:
		c.note(VerdictCut, c.first, missing(1, c.first-1)+", and no retention record tells of it")
	case c.kept.Hash != c.before:
		c.note(VerdictAltered, c.first, fmt.Sprintf("record %d does not follow the records that retention dropped", c.first))
	}
}

// ending compares the last record with the head.
func (c *chain) ending() {
	switch {
	case !c.anchored && c.records == 0:
	case !c.anchored:
		c.note(VerdictUnchained, c.seq, "the head is missing or damaged, so it cannot be told whether the end was cut")
	case c.seq < c.anchor.seq:
		c.note(VerdictCut, c.anchor.seq, missing(c.seq+1, c.anchor.seq)+" at the end")
	case c.atAnchor != c.anchor.hash.String() && c.anchor.seq > 0:
		c.note(VerdictAltered, c.anchor.seq, fmt.Sprintf("record %d is not the one the head names", c.anchor.seq))
	case c.seq > c.anchor.seq:
		c.note(VerdictUnchained, c.seq, fmt.Sprintf("%d records at the end came after the head, as after a crash", c.seq-c.anchor.seq))
	}
}
