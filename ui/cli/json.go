package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"seatdeck/model"
)

// writeJSON writes one value and a line end. Characters that could act on a
// terminal are escaped: texts are clean already, but a document may be printed
// anywhere, and the promise is cheap to keep twice.
func writeJSON(w io.Writer, v any, indent bool) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if indent {
		enc.SetIndent("", "  ")
	}
	if err := enc.Encode(v); err != nil {
		return unwritable(err)
	}
	_, err := w.Write(escapeJSON(b.Bytes()))
	return err
}

func unwritable(err error) error {
	return model.Fail(model.ClassInternal, "write JSON", "a value cannot be written as JSON", "please report this").Because(err)
}

// escapeJSON replaces, in a finished document, what must not reach a terminal.
// Such characters can only be inside strings there.
func escapeJSON(b []byte) []byte {
	i := slices.IndexFunc(b, func(c byte) bool { return c >= 0x7f })
	if i < 0 {
		return b // as most lines are
	}
	var out []byte
	for i < len(b) {
		r, size := rune(b[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(b[i:])
		}
		if !unsafeRune(r) {
			if out != nil {
				out = append(out, b[i:i+size]...)
			}
			i += size
			continue
		}
		if out == nil {
			out = append(make([]byte, 0, len(b)+64), b[:i]...)
		}
		if r > 0xffff {
			hi, lo := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, hi, lo)
		} else {
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		i += size
	}
	if out == nil {
		return b
	}
	return out
}

func unsafeRune(r rune) bool {
	if r < 0x7f {
		return false
	}
	return r < 0xa0 || r >= 0xe0000 || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Variation_Selector)
}

// aged is a part of what is known, with when it was true and where it came
// from beside it. What was never read is null, with the reason.
type aged struct {
	Value  any           `json:"value"`
	AsOf   *time.Time    `json:"as_of"`
	Source *model.Source `json:"source"`
	Error  *model.Error  `json:"error,omitempty"`
}

// agedOf returns a part for JSON. show turns its value into what is printed.
func agedOf[T any](p model.Part[T], show func(T) any) aged {
	g := agedAt(nil, p.AsOf)
	g.Error = p.Err
	if p.Known() {
		g.Value = show(p.Value)
	}
	return g
}

// agedAt returns one value with its age.
func agedAt(v any, at model.AsOf) aged {
	g := aged{Value: v}
	if !at.IsZero() {
		t := at.At.UTC()
		g.AsOf = &t
	}
	if at.Source != "" {
		g.Source = &at.Source
	}
	return g
}

func itself[T any](v T) any { return v }
