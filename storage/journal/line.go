package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"sync"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"seatdeck/model"
)

// hash is the SHA-256 of a line without its end of line. The hash before the
// first record is all zero.
type hash [sha256.Size]byte

func (h hash) String() string { return hex.EncodeToString(h[:]) }

func hashOf(line []byte) hash { return sha256.Sum256(line) }

// link is the part of a record that makes the chain.
type link struct {
	Seq  uint64 `json:"seq"`
	Prev string `json:"prev"`
}

// decodeLink reads the link of a line. Lines as we write them begin with it,
// which saves decoding the rest; it must be JSON all the same.
func decodeLink(line []byte) (link, bool) {
	if rest, ok := bytes.CutPrefix(line, []byte(`{"seq":`)); ok {
		digits, rest, _ := bytes.Cut(rest, []byte(`,"prev":"`))
		prev, _, ok := bytes.Cut(rest, []byte(`"`))
		seq, err := strconv.ParseUint(string(digits), 10, 64)
		if ok && err == nil && seq > 0 && len(prev) == 2*sha256.Size && json.Valid(line) {
			return link{seq, string(prev)}, true
		}
	}
	var l link
	if json.Unmarshal(line, &l) != nil || l.Seq == 0 || len(l.Prev) != 2*sha256.Size {
		return link{}, false
	}
	return l, true
}

// encodeLine returns the record as one line of ASCII-safe JSON without its end
// of line: no byte of it acts on a terminal, whoever prints the file.
func encodeLine(e model.Entry) ([]byte, error) {
	body, err := scrub(e.Body, maskAddress)
	if err != nil {
		return nil, model.Fail(model.ClassInternal, op, "the body of a record is not JSON", reportIt).Because(err)
	}
	e.Body = body
	b, err := json.Marshal(e)
	if err != nil {
		return nil, model.Fail(model.ClassInternal, op, "a record cannot be written as JSON", reportIt).Because(err)
	}
	b = escape(b)
	if len(b) > lineMax {
		return nil, model.Fail(model.ClassInternal, op, fmt.Sprintf("a record of %d bytes is too long", len(b)), reportIt)
	}
	return b, nil
}

// encode is json.Marshal for our own bodies, which always can be written.
func encode(body any) json.RawMessage {
	b, err := json.Marshal(body)
	if err != nil {
		panic(fmt.Sprintf("journal: body %T: %v", body, err))
	}
	return b
}

// escape writes what encoding/json leaves as it is, but a terminal may obey or
// hide, as \u escapes: DEL, C1, and format, private and separator characters
// (faults S-04). Such characters stand only inside strings in JSON.
func escape(b []byte) []byte {
	if isPlain(b) {
		return b
	}
	out := make([]byte, 0, len(b)+64)
	for _, r := range string(b) {
		switch {
		case r < utf8.RuneSelf && r != 0x7f, !acts(r):
			out = utf8.AppendRune(out, r)
		case r > 0xffff:
			hi, lo := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, hi, lo)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
	}
	return out
}

func acts(r rune) bool {
	return r == 0x7f || r >= 0x80 && r < 0xa0 || unicode.In(r, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp)
}

func isPlain(b []byte) bool {
	for _, c := range b {
		if c >= 0x7f {
			return false
		}
	}
	return true
}

// address is what an e-mail address looks like. It is compiled when the first
// record is written: a start that only reads does not pay for all letters of
// the world.
var address = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`[^\s<>()\[\]"',;:@]+@[^\s<>()\[\]"',;:@]+\.[\pL\pN-]{2,}`)
})

const masked = "(e-mail)"

// maskAddress takes e-mail addresses out of a text.
func maskAddress(s string) string { return address().ReplaceAllString(s, masked) }

// clean makes a text read from the file harmless: somebody may have edited it.
func clean(s string) string { return model.CleanN(s, lineMax).String() }

// scrub applies f to every string and name in a JSON value. An empty value
// becomes null. Numbers keep every digit.
func scrub(raw json.RawMessage, f func(string) string) (json.RawMessage, error) {
	if len(raw) == 0 {
		return json.RawMessage("null"), nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if d.More() {
		return nil, fmt.Errorf("more than one value")
	}
	v, changed := walk(v, f)
	if !changed {
		return raw, nil
	}
	return json.Marshal(v)
}

func walk(v any, f func(string) string) (any, bool) {
	changed := false
	switch v := v.(type) {
	case string:
		s := f(v)
		return s, s != v
	case []any:
		for i := range v {
			var c bool
			v[i], c = walk(v[i], f)
			changed = changed || c
		}
		return v, changed
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, value := range v {
			w, c := walk(value, f)
			out[f(name)] = w
			changed = changed || c || f(name) != name
		}
		return out, changed
	}
	return v, false
}

// harmless tells that cleaning a JSON value would change nothing: no character
// that acts or hides, none escaped, none to cut. Nearly every line is like that,
// and a console reads hundreds before its first frame.
func harmless(raw json.RawMessage) bool {
	return len(raw) > 0 && len(raw) <= lineMax && bytes.IndexByte(raw, '\\') < 0 && model.Cleaned(raw)
}

// decodeEntry reads a line and cleans its texts.
func decodeEntry(line []byte) (model.Entry, error) {
	var e model.Entry
	if err := model.DecodeJSON(line, &e); err != nil {
		return e, err
	}
	if e.Seq == 0 || e.Kind == "" {
		return e, fmt.Errorf("no sequence number or kind")
	}
	if !harmless(e.Body) {
		body, err := scrub(e.Body, clean)
		if err != nil {
			return e, err
		}
		e.Body = body
	}
	e.Kind, e.Key, e.Prev = model.EntryKind(clean(string(e.Kind))), clean(e.Key), clean(e.Prev)
	e.Who.User, e.Who.SSHPeer, e.Who.Tool = clean(e.Who.User), clean(e.Who.SSHPeer), clean(e.Who.Tool)
	return e, nil
}
