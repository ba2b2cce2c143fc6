package journal

import (
	"encoding/json"
	"strings"
	"time"

	"seatdeck/model"
)

// scanner reads lines as encodeLine writes them, from left to right: the same
// members in the same order, no spaces between them, nothing that is escaped or
// not ASCII. That is nearly every line, and a start reads hundreds of them before
// its first frame. Whatever differs in anything is left to decodeEntry, so that
// both give the same.
type scanner struct {
	whoText string // of the line before: most lines have the same
	who     model.Who
}

// entry reads a line; ok is false when it is not of that kind.
func (s *scanner) entry(line []byte) (e model.Entry, ok bool) {
	if !harmless(line) {
		return e, false
	}
	r := rest(line)
	var at string
	if !r.past(`{"seq":`) || !r.number(&e.Seq) || e.Seq == 0 ||
		!r.past(`,"prev":"`) || !r.text(&e.Prev) ||
		!r.past(`,"at":"`) || !r.text(&at) || e.At.UnmarshalText([]byte(at)) != nil {
		return e, false
	}
	var mono uint64
	var kind string
	if !r.past(`,"mono":`) || !r.number(&mono) ||
		!r.past(`,"who":`) || !s.whoIn(&r, &e.Who) ||
		!r.past(`,"kind":"`) || !r.text(&kind) || kind == "" {
		return e, false
	}
	e.Mono, e.Kind = time.Duration(mono), model.EntryKind(kind)
	if r.past(`,"key":"`) && !r.text(&e.Key) {
		return e, false
	}
	if !r.past(`,"body":`) || !strings.HasPrefix(string(r), "{") || !strings.HasSuffix(string(r), "}}") {
		return e, false
	}
	e.Body = json.RawMessage(r[:len(r)-1])
	return e, json.Valid(e.Body)
}

// whoIn reads who it was.
func (s *scanner) whoIn(r *rest, who *model.Who) bool {
	end := strings.IndexByte(string(*r), '}') + 1
	if end == 0 {
		return false
	}
	text := string((*r)[:end])
	*r = (*r)[end:]
	if text != s.whoText {
		var fresh model.Who
		if model.DecodeJSON([]byte(text), &fresh) != nil {
			return false
		}
		s.whoText, s.who = text, fresh
	}
	*who = s.who
	return true
}

// rest is what is left of a line.
type rest string

// past goes past a text that comes next.
func (r *rest) past(text string) bool {
	after, ok := strings.CutPrefix(string(*r), text)
	*r = rest(after)
	return ok
}

// text goes past a text up to its quotation mark, and past that.
func (r *rest) text(s *string) (ok bool) {
	var after string
	*s, after, ok = strings.Cut(string(*r), `"`)
	*r = rest(after)
	return ok
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
