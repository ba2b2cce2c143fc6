package model

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strconv"
	"unicode/utf8"
)

// DecodeJSON is json.Unmarshal into a fresh value: what v points to is replaced.
// It is for what this program wrote itself and reads at every start. There most
// of encoding/json's time goes into working out types that are used once, and
// into looking at the bytes of nested values again on every level.
//
// Whatever it does not expect goes to json.Unmarshal, from the beginning: unknown
// members, odd numbers, types with rules of their own, broken text. So results
// and errors are those of encoding/json.
func DecodeJSON(b []byte, v any) error {
	if quickJSON(b, v) {
		return nil
	}
	return json.Unmarshal(b, v)
}

// ValidJSON is json.Valid for what is most likely ours: it looks at each byte once
// before it asks encoding/json.
func ValidJSON(b []byte) bool {
	d := quickDecoder{b: b}
	return d.skip(d.peek(), 0) && d.peek() == 0 && d.at == len(b) || json.Valid(b)
}

// quickJSON decodes what holds nothing unexpected. Where it returns false, v
// points to a zero value.
func quickJSON(b []byte, v any) bool {
	p := reflect.ValueOf(v)
	if p.Kind() != reflect.Pointer || p.IsNil() {
		return false
	}
	p.Elem().SetZero()
	d := quickDecoder{b: b}
	if d.value(p.Elem(), planOf(p.Type().Elem()), 0) && d.peek() == 0 && d.at == len(b) {
		return true
	}
	p.Elem().SetZero()
	return false
}

// quickDepth is how deep values may be nested. Ours reach a handful of levels.
const quickDepth = 32

// quickDecoder reads JSON once, from left to right. Its methods return false
// when there is something they leave to encoding/json.
type quickDecoder struct {
	b  []byte
	at int
}

// peek returns the next byte that is no space, without taking it; 0 at the end.
func (d *quickDecoder) peek() byte {
	for ; d.at < len(d.b); d.at++ {
		switch c := d.b[d.at]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

// take takes the next byte if it is c.
func (d *quickDecoder) take(c byte) bool {
	if d.peek() != c {
		return false
	}
	d.at++
	return true
}

func (d *quickDecoder) word(w string) bool {
	if len(d.b)-d.at < len(w) || string(d.b[d.at:d.at+len(w)]) != w {
		return false
	}
	d.at += len(w)
	return true
}

// value reads a value into v by the plan of its type, or over it when v is the
// zero Value.
func (d *quickDecoder) value(v reflect.Value, p *plan, depth int) bool {
	if depth > quickDepth {
		return false
	}
	c := d.peek()
	switch {
	case p == &skipped:
		return d.skip(c, depth)
	case p.unfit:
		return false
	case p.custom:
		return d.custom(v, p, c, depth)
	case c == 'n':
		return d.word("null") // leaves every kind as it is: zero
	}
	switch p.kind {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return d.value(v.Elem(), p.elem.of(v.Type().Elem()), depth)
	case reflect.Struct:
		var seen uint64
		return d.object(depth, func(key []byte) (reflect.Value, *plan) { return p.member(v, key, &seen) })
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		elem := p.elem.of(v.Type().Elem())
		return d.list(depth, elem, func() reflect.Value { return grow(v) })
	case reflect.Map:
		return d.mapping(v, p, depth)
	}
	return d.scalar(v, p.kind, c)
}

// custom reads a value of a type that decodes itself.
func (d *quickDecoder) custom(v reflect.Value, p *plan, c byte, depth int) bool {
	at := v.Addr().Interface()
	switch {
	case p.text && c == '"':
		s, ok := d.text()
		*at.(*Text) = CleanN(s, textKeptMax)
		return ok
	case p.scans:
		if rest, ok := at.(scanned).scan(d.b[d.at:]); ok {
			d.at = len(d.b) - len(rest)
			return true
		}
	}
	from := d.at
	if !d.skip(c, depth) {
		return false
	}
	u, ok := at.(json.Unmarshaler)
	return ok && u.UnmarshalJSON(d.b[from:d.at]) == nil
}

func (d *quickDecoder) scalar(v reflect.Value, kind reflect.Kind, c byte) bool {
	switch kind {
	case reflect.String:
		s, ok := d.text()
		v.SetString(s)
		return ok
	case reflect.Bool:
		v.SetBool(c == 't')
		return c == 't' && d.word("true") || c == 'f' && d.word("false")
	}
	num, ok := d.number()
	if !ok {
		return false
	}
	switch {
	case v.CanInt():
		n, err := strconv.ParseInt(string(num), 10, v.Type().Bits())
		v.SetInt(n)
		return err == nil
	case v.CanUint():
		n, err := strconv.ParseUint(string(num), 10, v.Type().Bits())
		v.SetUint(n)
		return err == nil
	}
	n, err := strconv.ParseFloat(string(num), v.Type().Bits())
	v.SetFloat(n)
	return err == nil
}

// skip reads over a value, which must be valid all the same.
func (d *quickDecoder) skip(c byte, depth int) bool {
	switch c {
	case '{':
		return d.object(depth, func([]byte) (reflect.Value, *plan) { return reflect.Value{}, &skipped })
	case '[':
		return d.list(depth, &skipped, func() reflect.Value { return reflect.Value{} })
	case '"':
		raw, plain := d.quoted()
		return plain || raw != nil && json.Valid(raw)
	case 't':
		return d.word("true")
	case 'f':
		return d.word("false")
	case 'n':
		return d.word("null")
	}
	_, ok := d.number()
	return ok
}

// object reads the members of an object; of tells where each goes, or has no plan
// for what is unexpected.
func (d *quickDecoder) object(depth int, of func(key []byte) (reflect.Value, *plan)) bool {
	if !d.take('{') {
		return false
	}
	if d.take('}') {
		return true
	}
	for {
		if d.peek() != '"' {
			return false
		}
		raw, plain := d.quoted()
		if !plain || !d.take(':') {
			return false
		}
		v, p := of(raw[1 : len(raw)-1])
		if p == nil || !d.value(v, p, depth+1) {
			return false
		}
		if d.take('}') {
			return true
		}
		if !d.take(',') {
			return false
		}
	}
}

// list reads the elements of an array, which all have one plan; next tells where
// each goes.
func (d *quickDecoder) list(depth int, elem *plan, next func() reflect.Value) bool {
	if !d.take('[') {
		return false
	}
	if d.take(']') {
		return true
	}
	for {
		if !d.value(next(), elem, depth+1) {
			return false
		}
		if d.take(']') {
			return true
		}
		if !d.take(',') {
			return false
		}
	}
}

// grow adds an element to a slice and returns it.
func grow(v reflect.Value) reflect.Value {
	n := v.Len()
	if n == v.Cap() {
		v.Grow(max(4, n))
	}
	v.SetLen(n + 1)
	return v.Index(n)
}

func (d *quickDecoder) mapping(v reflect.Value, p *plan, depth int) bool {
	v.Set(reflect.MakeMap(v.Type()))
	elem := reflect.New(v.Type().Elem()).Elem()
	of := p.elem.of(elem.Type())
	var key reflect.Value
	keep := func() {
		if key.IsValid() {
			v.SetMapIndex(key, elem)
		}
	}
	ok := d.object(depth, func(name []byte) (reflect.Value, *plan) {
		if !utf8.Valid(name) {
			return reflect.Value{}, nil
		}
		keep()
		elem.SetZero()
		key = reflect.New(v.Type().Key()).Elem()
		key.SetString(string(name))
		return elem, of
	})
	keep()
	return ok
}

// quoted takes a string with its quotes. plain tells that its bytes stand for
// themselves: there is no backslash, and no control character, which would have
// to be one. They need not be valid UTF-8.
func (d *quickDecoder) quoted() (raw []byte, plain bool) {
	from := d.at
	plain = true
	for i := from + 1; i < len(d.b); i++ {
		switch c := d.b[i]; {
		case c == '"':
			d.at = i + 1
			return d.b[from:d.at], plain
		case c == '\\':
			plain = false
			i++
		case c < 0x20:
			plain = false
		}
	}
	return nil, false
}

func (d *quickDecoder) text() (string, bool) {
	if d.peek() != '"' {
		return "", false
	}
	raw, plain := d.quoted()
	if plain && utf8.Valid(raw) {
		return string(raw[1 : len(raw)-1]), true
	}
	var s string
	return s, raw != nil && json.Unmarshal(raw, &s) == nil
}

// number takes a number of JSON's grammar.
func (d *quickDecoder) number() ([]byte, bool) {
	from := d.at
	if d.at < len(d.b) && d.b[d.at] == '-' {
		d.at++
	}
	whole := d.digits()
	ok := len(whole) == 1 || len(whole) > 1 && whole[0] != '0'
	if ok && d.at < len(d.b) && d.b[d.at] == '.' {
		d.at++
		ok = len(d.digits()) > 0
	}
	if ok && d.at < len(d.b) && d.b[d.at]|0x20 == 'e' {
		d.at++
		if d.at < len(d.b) && (d.b[d.at] == '+' || d.b[d.at] == '-') {
			d.at++
		}
		ok = len(d.digits()) > 0
	}
	return d.b[from:d.at], ok
}

func (d *quickDecoder) digits() []byte {
	from := d.at
	for d.at < len(d.b) && d.b[d.at]-'0' <= 9 {
		d.at++
	}
	return d.b[from:d.at]
}

var (
	jsonUnmarshaler = reflect.TypeFor[json.Unmarshaler]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
)
