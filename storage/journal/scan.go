package journal

import (
	"bytes"
	"encoding/json"
	"time"

	"seatdeck/model"
)

// scanner reads lines as encodeLine writes them, from left to right: the same
// members in the same order, no spaces between them, nothing that is escaped or
// has to be cleaned. That is nearly every line, and a start reads hundreds of them
// before its first frame. Whatever differs in anything is left to decodeEntry, so
// that both give the same.
type scanner struct {
	whoText []byte // of the line before: most lines have the same
	who     model.Who
	kind    model.EntryKind // likewise
}

// entry reads a line; ok is false when it is not of that kind. The body shares
// the line's memory.
func (s *scanner) entry(line []byte) (e model.Entry, ok bool) {
	if !harmless(line) {
		return e, false
	}
	r := rest(line)
	var prev, at, kind, key []byte
	if !r.past(`{"seq":`) || !r.number(&e.Seq) || e.Seq == 0 ||
		!r.past(`,"prev":"`) || !r.text(&prev) ||
		!r.past(`,"at":"`) || !r.text(&at) || e.At.UnmarshalText(at) != nil {
		return e, false
	}
	var mono uint64
	if !r.past(`,"mono":`) || !r.number(&mono) ||
		!r.past(`,"who":`) || !s.whoIn(&r, &e.Who) ||
		!r.past(`,"kind":"`) || !r.text(&kind) || len(kind) == 0 {
		return e, false
	}
	if r.past(`,"key":"`) && !r.text(&key) {
		return e, false
	}
	if !r.past(`,"body":`) || !bytes.HasPrefix(r, []byte("{")) || !bytes.HasSuffix(r, []byte("}}")) {
		return e, false
	}
	if string(kind) != string(s.kind) {
		s.kind = model.EntryKind(kind)
	}
	e.Prev, e.Mono, e.Kind, e.Key = string(prev), time.Duration(mono), s.kind, string(key)
	end := len(r) - 1
	e.Body = json.RawMessage(r[:end:end])
	return e, model.ValidJSON(e.Body)
}

// whoIn reads who it was.
func (s *scanner) whoIn(r *rest, who *model.Who) bool {
	end := bytes.IndexByte(*r, '}') + 1
	if end == 0 {
		return false
	}
	text := (*r)[:end]
	*r = (*r)[end:]
	if !bytes.Equal(text, s.whoText) {
		var fresh model.Who
		if model.DecodeJSON(text, &fresh) != nil {
			return false
		}
		s.whoText, s.who = text, fresh
	}
	*who = s.who
	return true
}

// rest is what is left of a line.
type rest []byte

// past goes past a text that comes next.
func (r *rest) past(text string) bool {
	if len(*r) < len(text) || string((*r)[:len(text)]) != text {
		return false
	}
	*r = (*r)[len(text):]
	return true
}

// text goes past a text up to its quotation mark, and past that.
func (r *rest) text(s *[]byte) bool {
	end := bytes.IndexByte(*r, '"')
	if end < 0 {
		return false
	}
	*s, *r = (*r)[:end], (*r)[end+1:]
	return true
}

// numberMax is how many digits fit into a number without looking.
const numberMax = 18

// number goes past a number without a sign.
func (r *rest) number(n *uint64) bool {
	i := 0
	for ; i < len(*r) && '0' <= (*r)[i] && (*r)[i] <= '9'; i++ {
		if i == numberMax {
			return false
		}
		*n = *n*10 + uint64((*r)[i]-'0')
	}
	leading := i > 1 && (*r)[0] == '0'
	*r = (*r)[i:]
	return i > 0 && !leading
}
