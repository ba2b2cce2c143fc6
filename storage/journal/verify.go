package journal

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"seatdeck/model"
)

// verdict says what is wrong with a journal. They are told apart because they
// ask for different answers (faults §6.3).
type verdict string

// The verdicts, from harmless to grave.
const (
	verdictOK        verdict = "ok"        // every record is there and unchanged
	verdictTorn      verdict = "torn"      // the last line is unfinished: a crash; the next record repairs it
	verdictUnchained verdict = "unchained" // records behind the head: a crash; the next record takes them in. Or there is no head
	verdictCut       verdict = "cut"       // records are missing
	verdictAltered   verdict = "altered"   // records were changed, moved or put in
)

var gravity = map[verdict]int{verdictOK: 0, verdictTorn: 1, verdictUnchained: 2, verdictCut: 3, verdictAltered: 4}

// harmless reports whether nothing is lost or changed: at most a crash left its
// trace.
func (v verdict) harmless() bool { return gravity[v] < gravity[verdictCut] }

// problem is one finding.
type problem struct {
	verdict verdict
	text    string // one line
}

// chainLimits is said with every report, because a clean verdict promises less
// than people think.
const chainLimits = "a chain shows changes inside; who can write all its files can also rebuild them, so keep the head hash elsewhere"

// Check reads the whole journal in a folder, which need not be one's own, and
// checks the chain. It takes no lock and changes nothing, so records that
// another process appends meanwhile may show as unchained. Errors are
// *model.Error: what cannot be read cannot be judged.
func Check(ctx context.Context, dir string) (model.JournalReport, error) {
	c, err := chainIn(ctx, dir)
	if err != nil {
		return model.JournalReport{}, fail(err)
	}
	r := c.report()
	r.Dir = dir
	return r, nil
}

// chainIn walks the chain of the journal in a folder.
func chainIn(ctx context.Context, dir string) (*chain, error) {
	h, ok, err := readHead(openReadOnly, dir)
	if err != nil {
		return nil, err
	}
	list, err := segments(dir)
	if err != nil {
		return nil, err
	}
	c := &chain{anchor: h, anchored: ok}
	for _, first := range list {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		b, err := readSegment(openReadOnly, dir, first)
		if err != nil {
			return nil, err
		}
		c.segment = segmentName(first)
		c.text(b, first == list[len(list)-1])
	}
	return c, nil
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
	problems []problem
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
			c.note(verdictTorn, fmt.Sprintf("the last line is unfinished (%d bytes)", len(line)))
		default:
			c.note(verdictAltered, "the last line of the segment has no end")
		}
		b = rest
	}
}

// next checks one whole line against the one before.
func (c *chain) next(line []byte) {
	l, ok := decodeLink(line)
	if !ok {
		c.note(verdictAltered, "the line cannot be read")
		return
	}
	switch {
	case c.records == 0:
		c.first, c.before = l.Seq, l.Prev
	case l.Seq > c.seq+1:
		c.note(verdictCut, missing(c.seq+1, l.Seq-1))
	case l.Seq != c.seq+1:
		c.note(verdictAltered, fmt.Sprintf("record %d stands after record %d", l.Seq, c.seq))
	case l.Prev != c.hash.String():
		c.note(verdictAltered, fmt.Sprintf("record %d does not follow record %d as it is now: one of the two was changed", l.Seq, c.seq))
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

func (c *chain) note(v verdict, msg string) {
	where := ""
	if c.segment != "" {
		where = fmt.Sprintf("%s, line %d: ", c.segment, c.line)
	}
	c.problems = append(c.problems, problem{v, where + string(v) + ": " + msg})
}

func missing(from, to uint64) string {
	if from == to {
		return fmt.Sprintf("record %d is missing", from)
	}
	return fmt.Sprintf("records %d to %d are missing", from, to)
}

// report judges both ends and sums up: the verdict is the gravest of the
// problems.
func (c *chain) report() model.JournalReport {
	c.segment, c.line = "", 0
	c.beginning()
	c.ending()
	r := model.JournalReport{Records: c.records, First: c.first, Last: c.seq, Problems: []string{}, Note: model.Clean(chainLimits)}
	if c.records > 0 {
		r.Head = c.hash.String()
	}
	gravest := verdictOK
	for _, p := range c.problems {
		r.Problems = append(r.Problems, p.text)
		if gravity[p.verdict] > gravity[gravest] {
			gravest = p.verdict
		}
	}
	r.Verdict, r.Harmless = string(gravest), gravest.harmless()
	return r
}

// beginning accepts a log that starts at record 1, or where a record in the
// chain says that retention cut it.
func (c *chain) beginning() {
	switch {
	case c.records == 0:
	case c.first == 1:
		if c.before != (hash{}).String() {
			c.note(verdictAltered, "the first record was changed")
		}
	case c.kept == nil:
		c.note(verdictCut, missing(1, c.first-1)+", and no retention record tells of it")
	case c.kept.Hash != c.before:
		c.note(verdictAltered, fmt.Sprintf("record %d does not follow the records that retention dropped", c.first))
	}
}

// ending compares the last record with the head.
func (c *chain) ending() {
	switch {
	case !c.anchored && c.records == 0:
	case !c.anchored:
		c.note(verdictUnchained, "the head is missing or damaged, so it cannot be told whether the end was cut")
	case c.seq < c.anchor.seq:
		c.note(verdictCut, missing(c.seq+1, c.anchor.seq)+" at the end")
	case c.atAnchor != c.anchor.hash.String() && c.anchor.seq > 0:
		c.note(verdictAltered, fmt.Sprintf("record %d is not the one the head names", c.anchor.seq))
	case c.seq > c.anchor.seq:
		c.note(verdictUnchained, fmt.Sprintf("%d records at the end came after the head, as after a crash", c.seq-c.anchor.seq))
	}
}
