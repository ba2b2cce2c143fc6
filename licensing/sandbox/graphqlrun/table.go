// Package graphqlrun runs GraphQL documents that have been found right: it asks
// resolvers for fields and writes what they answer, in the order of the document.
//
// Resolvers are plain functions in a table, by type and field. Nothing is looked
// up by a method's name, because a program that calls methods by name has to
// keep all of them. The package knows of no instance, token or licence, validates
// nothing, and words only what can go wrong in a run.
//
// Invariants: one resolver at a time, in the order of the document; what must not
// be null never is; a field that fails is null, or makes null what is around it.
package graphqlrun

// Resolver answers a field of an object: nil for null, a []any for a list, the
// next object for a field with a selection, and else what encoding/json writes
// as the scalar. An error makes the field null.
type Resolver func(on any, args Args) (any, error)

// Table has the resolvers of each type by field name.
type Table map[string]map[string]Resolver

// Value is a field that a function of the object answers and that is never null.
func Value[T, R any](answer func(T) R) Resolver {
	return func(on any, _ Args) (any, error) { return answer(on.(T)), nil }
}

// Maybe is a field whose nil pointer is null.
func Maybe[T, R any](answer func(T) *R) Resolver {
	return func(on any, _ Args) (any, error) {
		if v := answer(on.(T)); v != nil {
			return *v, nil
		}
		return nil, nil
	}
}

// Node is a field with an object, of which there is none when it is nil.
func Node[T, R any](answer func(T) *R) Resolver {
	return func(on any, _ Args) (any, error) { return OrNull(answer(on.(T))), nil }
}

// List is a field with a list; a nil list is null.
func List[T, R any](answer func(T) []R) Resolver {
	return func(on any, _ Args) (any, error) { return Items(answer(on.(T))), nil }
}

// OrNull is an object as a resolver answers it.
func OrNull[T any](v *T) any {
	if v == nil {
		return nil
	}
	return v
}

// Items is a list as a resolver answers it.
func Items[T any](list []T) any {
	if list == nil {
		return nil
	}
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

// Args are the arguments of a field or the members of an object among them, with
// the defaults filled in. Absent ones and nulls look the same.
type Args map[string]any

// Text is a text, or nil.
func (a Args) Text(name string) *string {
	if s, ok := a[name].(string); ok {
		return &s
	}
	return nil
}

// Int is a whole number, or nil.
func (a Args) Int(name string) *int {
	if n, ok := a[name].(int); ok {
		return &n
	}
	return nil
}

// Texts is a list of texts, or nil.
func (a Args) Texts(name string) []string {
	list, ok := a[name].([]any)
	if !ok {
		return nil
	}
	out := make([]string, 0, len(list))
	for _, v := range list {
		if s, isText := v.(string); isText {
			out = append(out, s)
		}
	}
	return out
}

// Object is an input object, or nil.
func (a Args) Object(name string) Args {
	o, _ := a[name].(Args)
	return o
}
