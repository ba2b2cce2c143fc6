package model

import (
	"context"
	"errors"
	"strings"
)

// Class is the kind of a failure. It decides the exit code and how a screen
// words the trouble; it says nothing about the cause, which is in Error.Msg.
type Class string

// The classes of failure.
const (
	ClassFailed      Class = "failed"      // tried, and it did not work
	ClassUsage       Class = "usage"       // the command line or a filter was not understood
	ClassPartial     Class = "partial"     // only a part was read or done
	ClassDenied      Class = "denied"      // token, scope, Admin Mode, not an administrator
	ClassRefused     Class = "refused"     // the instance or our own mode says no
	ClassUnsupported Class = "unsupported" // this edition, version or licence does not have it
	ClassNotGitLab   Class = "not-gitlab"  // something else answered: a web page, a redirect elsewhere
	ClassMalformed   Class = "malformed"   // an answer that cannot be right
	ClassChanged     Class = "changed"     // changed since the plan, unconfirmed, unknown
	ClassOffline     Class = "offline"     // no answer, and nothing in the cache
	ClassUnreachable Class = "unreachable" // no answer (a cached reading may exist)
	ClassLocked      Class = "locked"      // another process holds it, or a rate limit: later
	ClassStorage     Class = "storage"     // this machine: disk, permissions, damage
	ClassConfig      Class = "config"      // the configuration
	ClassCancelled   Class = "cancelled"   // the person or a signal ended it
	ClassInternal    Class = "internal"    // our fault
)

// ExitCode is the documented exit code of the class (help exit-codes).
func (c Class) ExitCode() int {
	switch c {
	case ClassUsage:
		return 2
	case ClassPartial:
		return 3
	case ClassDenied, ClassRefused, ClassUnsupported:
		return 4
	case ClassChanged:
		return 5
	case ClassOffline:
		return 7
	case ClassInternal:
		return 70
	case ClassLocked:
		return 75
	case ClassConfig:
		return 78
	case ClassCancelled:
		return 130
	}
	return 1
}

// Error is a failure somebody can act on: what was tried, what is wrong, and
// what to type next. All its texts are clean (they pass through [Clean]), so an
// Error may be printed or drawn as it is.
type Error struct {
	Class Class  `json:"class"`
	Op    string `json:"op,omitempty"` // what was tried, such as "read the licence"
	Msg   Text   `json:"message"`      // what is wrong, one sentence without a full stop
	Next  Text   `json:"next"`         // what to do or type next, may be empty
	Err   error  `json:"-"`            // the cause, for errors.Is and As; never printed
}

// Fail returns an Error. Msg and next are cleaned here.
func Fail(class Class, op, msg, next string) *Error {
	return &Error{Class: class, Op: op, Msg: CleanN(msg, 400), Next: CleanN(next, 400)}
}

// Because returns a copy of the error with its cause attached.
//
//go:noinline
func (e *Error) Because(cause error) *Error {
	c := *e
	c.Err = cause
	return &c
}

// Error is one line: operation, fact, next step.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Op != "" {
		b.WriteString(e.Op)
		b.WriteString(": ")
	}
	b.WriteString(e.Msg.String())
	if !e.Next.Empty() {
		b.WriteString(" — ")
		b.WriteString(e.Next.String())
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// UnmarshalJSON reads an error kept in the cache. What lies in a file may have
// been edited, so its plain texts are cleaned again too.
func (e *Error) UnmarshalJSON(b []byte) error {
	type plain Error
	if err := DecodeJSON(b, (*plain)(e)); err != nil {
		return err
	}
	e.Class = Class(CleanN(string(e.Class), 40).String())
	e.Op = CleanN(e.Op, 400).String()
	return nil
}

// fault is an error of this machine that knows what to say of itself: a file, a
// folder, a lock. Busy is one that goes away when another process lets go.
type fault interface {
	error
	Told() (msg, next string, busy bool)
}

// AsError returns err as an *Error: itself when it is one, one of the storage for
// faults of this machine, a cancelled one for context ends, and otherwise a failed
// one named by op.
func AsError(op string, err error) *Error {
	if err == nil {
		return nil
	}
	var e *Error
	var f fault
	switch {
	case errors.As(err, &e):
		return e
	case errors.As(err, &f):
		msg, next, busy := f.Told()
		class := ClassStorage
		if busy {
			class = ClassLocked
		}
		return Fail(class, op, msg, next).Because(err)
	case errors.Is(err, context.Canceled):
		return Fail(ClassCancelled, op, "cancelled", "").Because(err)
	case errors.Is(err, context.DeadlineExceeded):
		return Fail(ClassUnreachable, op, "no answer in time", "try again, or look at the network between here and the instance").Because(err)
	}
	return Fail(ClassFailed, op, err.Error(), "").Because(err)
}

// ExitCode is the exit code for err: 0 for nil, also for an *Error that is nil.
func ExitCode(err error) int {
	e := AsError("", err)
	if e == nil {
		return 0
	}
	return e.Class.ExitCode()
}
