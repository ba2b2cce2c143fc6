package model

import (
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
)

// plan is what the quick decoder needs to know of a type.
type plan struct {
	kind    reflect.Kind
	custom  bool // it decodes itself
	text    bool // it is a Text
	scans   bool // it decodes itself, and mostly without looking for its end first
	unfit   bool // its rules are encoding/json's to know
	members []planMember
	elem    planLink // of a pointer, a slice or a map
}

// skipped is the plan of what is only read over.
var skipped plan

// scanned is a type with a quick way of its own to read what this program wrote.
type scanned interface {
	// scan reads a value from the beginning of b and returns what is behind it.
	// When it is not ok it has changed nothing.
	scan(b []byte) (rest []byte, ok bool)
}

// planMember is a member of a struct, or of one embedded in it.
type planMember struct {
	name  string
	index []int
	plan  planLink
}

// planLink leads to the plan of a part's type, so that it is looked for once.
type planLink struct{ p atomic.Pointer[plan] }

// of returns the plan of t, which is always the same for one link.
func (l *planLink) of(t reflect.Type) *plan {
	p := l.p.Load()
	if p == nil {
		p = planOf(t)
		l.p.Store(p)
	}
	return p
}

var plans sync.Map // reflect.Type to *plan

func planOf(t reflect.Type) *plan {
	if p, ok := plans.Load(t); ok {
		return p.(*plan)
	}
	p, _ := plans.LoadOrStore(t, newPlan(t))
	return p.(*plan)
}

func newPlan(t reflect.Type) *plan {
	p := &plan{kind: t.Kind()}
	pointer := reflect.PointerTo(t)
	switch {
	case pointer.Implements(jsonUnmarshaler):
		p.custom = p.kind != reflect.Pointer && p.kind != reflect.Interface
		p.unfit = !p.custom
		p.text = t == reflect.TypeFor[Text]()
		p.scans = p.kind == reflect.Struct && pointer.Implements(reflect.TypeFor[scanned]())
		return p
	case pointer.Implements(textUnmarshaler):
		p.unfit = true
		return p
	}
	switch p.kind {
	case reflect.Struct:
		p.unfit = !p.add(t, nil) || len(p.members) > 64
	case reflect.Slice:
		p.unfit = t.Elem().Kind() == reflect.Uint8 // base64
	case reflect.Map:
		p.unfit = t.Key().Kind() != reflect.String || reflect.PointerTo(t.Key()).Implements(textUnmarshaler)
	case reflect.Array, reflect.Interface, reflect.Func, reflect.Chan, reflect.UnsafePointer, reflect.Complex64, reflect.Complex128:
		p.unfit = true
	}
	return p
}

// add lists the members of a struct. It refuses what it does not know all about:
// options that change how a value is read, embedded pointers, names that are
// there twice.
func (p *plan) add(t reflect.Type, path []int) bool {
	if p.members == nil {
		p.members = make([]planMember, 0, t.NumField())
	}
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		name, options, _ := strings.Cut(tag, ",")
		index := f.Index
		if path != nil {
			index = append(append([]int{}, path...), i)
		}
		switch {
		case tag == "-":
		case f.Anonymous && name == "":
			if f.Type.Kind() != reflect.Struct || reflect.PointerTo(f.Type).Implements(jsonUnmarshaler) || !p.add(f.Type, index) {
				return false
			}
		case f.PkgPath != "":
		case strings.Contains(options, "string"):
			return false
		default:
			if name == "" {
				name = f.Name
			}
			if p.find([]byte(name)) >= 0 {
				return false
			}
			p.members = append(p.members, planMember{name: name, index: index})
		}
	}
	return true
}

func (p *plan) find(name []byte) int {
	for i := range p.members {
		if p.members[i].name == string(name) {
			return i
		}
	}
	return -1
}

// member returns the member of a struct that a name stands for with its plan,
// unless it was seen already: what a second value does to the first is
// encoding/json's to know.
func (p *plan) member(v reflect.Value, name []byte, seen *uint64) (reflect.Value, *plan) {
	i := p.find(name)
	if i < 0 || *seen>>i&1 != 0 {
		return reflect.Value{}, nil
	}
	*seen |= 1 << i
	m := &p.members[i]
	for _, at := range m.index {
		v = v.Field(at)
	}
	return v, m.plan.of(v.Type())
}
