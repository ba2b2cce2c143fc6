package gitlab

import (
	"bytes"
	"errors"
	"io"
	"reflect"

	"github.com/go-json-experiment/json/jsontext"

	"seatdeck/model"
)

// lax lets bytes pass that are not UTF-8: one odd name must not hide a roster,
// and cleaning marks it. Duplicate names stay refused, and so does trailing data.
var lax = jsontext.AllowInvalidUTF8(true)

// decode reads a whole answer into v, which points to one of our wire types.
func decode(cl *call, v any) error { return decodeValue(cl.op, cl.body.Bytes(), v) }

// decodeValue reads a part of an answer like [decode].
func decodeValue(op model.Operation, raw []byte, v any) error {
	if err := unmarshal(raw, v); err != nil {
		return malformed(op, err)
	}
	return nil
}

// unmarshal reads one JSON value into what v points to: scalars of this package
// and structs, lists, maps and pointers of them. A member is known by its name,
// exactly as written; others are skipped. null leaves as it is what is no
// scalar. Anything else is of the wrong kind.
func unmarshal(raw []byte, v any) error {
	d := jsontext.NewDecoder(bytes.NewBuffer(raw), lax)
	if err := fill(d, reflect.ValueOf(v).Elem()); err != nil {
		return err
	}
	return endOf(d)
}

// scalar is a value that knows all its forms on the wire.
type scalar interface {
	read(raw jsontext.Value) error
}

func fill(d *jsontext.Decoder, v reflect.Value) error {
	switch to := v.Addr().Interface().(type) {
	case *jsontext.Value:
		raw, err := d.ReadValue()
		*to = raw.Clone()
		return err
	case scalar:
		raw, err := d.ReadValue()
		if err == nil {
			err = placed(d, to.read(raw))
		}
		return err
	}
	if d.PeekKind() == 'n' {
		return d.SkipValue()
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return fill(d, v.Elem())
	case reflect.Slice:
		return fillList(d, v)
	}
	return fillObject(d, v)
}

func fillList(d *jsontext.Decoder, v reflect.Value) error {
	if err := open(d, '['); err != nil {
		return err
	}
	v.Set(reflect.MakeSlice(v.Type(), 0, 4))
	for d.PeekKind() != ']' {
		one := reflect.New(v.Type().Elem()).Elem()
		if err := fill(d, one); err != nil {
			return err
		}
		v.Set(reflect.Append(v, one))
	}
	return shut(d)
}

func fillObject(d *jsontext.Decoder, v reflect.Value) error {
	if err := open(d, '{'); err != nil {
		return err
	}
	keep := v.Kind() == reflect.Map
	var places map[string]int
	if keep {
		v.Set(reflect.MakeMap(v.Type()))
	} else {
		places = placesOf(v.Type())
	}
	for d.PeekKind() != '}' {
		t, err := d.ReadToken()
		if err != nil {
			return err
		}
		name := t.String()
		at, known := places[name]
		switch {
		case keep:
			one := reflect.New(v.Type().Elem()).Elem()
			err = fill(d, one)
			v.SetMapIndex(reflect.ValueOf(name), one)
		case known:
			err = fill(d, v.Field(at))
		default:
			err = d.SkipValue()
		}
		if err != nil {
			return err
		}
	}
	return shut(d)
}

// placesOf returns the fields of a wire type by the names of their members.
func placesOf(t reflect.Type) map[string]int {
	places := make(map[string]int, t.NumField())
	for i := range t.NumField() {
		if name, ok := t.Field(i).Tag.Lookup("json"); ok {
			places[name] = i
		}
	}
	return places
}

// open takes the bracket that begins what is asked for.
func open(d *jsontext.Decoder, bracket jsontext.Kind) error {
	t, err := d.ReadToken()
	if err == nil && t.Kind() != bracket {
		err = placed(d, errKind)
	}
	return err
}

// shut takes the bracket that was seen ahead.
func shut(d *jsontext.Decoder) error {
	_, err := d.ReadToken()
	return err
}

// endOf makes sure that nothing follows the value.
func endOf(d *jsontext.Decoder) error {
	_, err := d.ReadToken()
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err == nil:
		return errTrailing
	}
	return err
}

var (
	errKind     = errors.New("a value of the wrong kind")
	errTrailing = errors.New("more than one value")
)

// wrongError says where a value of the wrong kind is.
type wrongError struct{ at string }

func (e wrongError) Error() string { return "wrong kind at " + e.at }
func (wrongError) Unwrap() error   { return errKind }

// placed adds the place of the value just read to errKind.
func placed(d *jsontext.Decoder, err error) error {
	if at := d.StackPointer(); at != "" && errors.Is(err, errKind) {
		return wrongError{model.CleanN(string(at), 60).String()}
	}
	return err
}

// malformed words a decoding error, never with values, which may be anything.
// The cause is not kept, because it quotes the answer.
func malformed(op model.Operation, err error) *model.Error {
	msg := "the answer is not valid JSON"
	wrong, ok := errors.AsType[wrongError](err)
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		msg = "the answer breaks off"
	case errors.Is(err, jsontext.ErrDuplicateName):
		msg = "the answer names something twice"
	case ok:
		msg = "the answer holds a value of the wrong kind at " + wrong.at
	case errors.Is(err, errKind):
		msg = "the answer holds a value of the wrong kind"
	case errors.Is(err, errTrailing):
		msg = "the answer's JSON goes on after its end"
	}
	return model.Fail(model.ClassMalformed, op.What, msg, "try again; if it stays, run: seatdeck instances test --shapes FILE")
}

// lacking is the error for an answer without a member it must have.
func lacking(op model.Operation, member string) *model.Error {
	return model.Fail(model.ClassMalformed, op.What, "the answer lacks "+member, "check that url points at GitLab itself; if it does, run: seatdeck instances test --shapes FILE")
}
