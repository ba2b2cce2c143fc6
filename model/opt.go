package model

import (
	"encoding/json"
	"reflect"
)

// Opt is a value that may be unknown. Its zero value is unknown. It reads and
// writes JSON as the plain value or null, so that nothing downstream can
// mistake an unknown count for a count of zero.
type Opt[T any] struct {
	v  T
	ok bool
}

// Some returns a known value.
func Some[T any](v T) Opt[T] { return Opt[T]{v, true} }

// None returns an unknown value.
func None[T any]() Opt[T] { return Opt[T]{} }

// Get returns the value and whether it is known.
func (o Opt[T]) Get() (T, bool) { return o.v, o.ok }

// Known reports whether there is a value.
func (o Opt[T]) Known() bool { return o.ok }

// Or returns the value, or def when it is unknown.
func (o Opt[T]) Or(def T) T {
	if !o.ok {
		return def
	}
	return o.v
}

// IsZero reports whether the value is unknown, for the omitzero JSON option.
func (o Opt[T]) IsZero() bool { return !o.ok }

// MarshalJSON writes the value, or null when unknown.
func (o Opt[T]) MarshalJSON() ([]byte, error) {
	if !o.ok {
		return []byte("null"), nil
	}
	return json.Marshal(o.v)
}

// UnmarshalJSON reads a value; null is unknown.
func (o *Opt[T]) UnmarshalJSON(b []byte) error { return decodeOpt(b, &o.v, &o.ok) }

// decodeOpt is UnmarshalJSON for all types alike: the program would have it forty
// times otherwise.
//
//go:noinline
func decodeOpt(b []byte, v any, known *bool) error {
	*known = false
	if string(b) == "null" {
		reflect.ValueOf(v).Elem().SetZero()
		return nil
	}
	err := DecodeJSON(b, v)
	*known = err == nil
	return err
}
