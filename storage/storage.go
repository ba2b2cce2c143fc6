// Package storage is this machine as a place to keep things: where the three
// places are (configuration, state, cache), who may read them, how a file is
// made without ever being half written, how two processes take turns, and how
// much room is left.
//
// It never knows what is kept: it imports nothing of ours, and the rooms below
// it (journal, cache, profile, secret) give its failures their wording for
// people. It never reads the environment on its own; a [Caller] is passed in.
//
// Invariants: nothing is written through a symbolic link; nothing is written
// into a folder that others can change; a file that has been made is on the
// disk, with its name, before the call returns; no refusal blames another
// process unless another process holds the lock.
package storage

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
)

// Kind sorts failures by what a person has to do about them.
type Kind string

// The kinds of failure.
const (
	KindUnsafe     Kind = "unsafe"      // owner, mode or link: refused, Next names the command that fixes it
	KindHeld       Kind = "held"        // another process holds the lock, Msg says which
	KindCannotLock Kind = "cannot-lock" // this file system has no working locks
	KindNoSpace    Kind = "no-space"    // disk or quota is full
	KindReadOnly   Kind = "read-only"   // read-only file system
	KindDenied     Kind = "denied"      // the operating system says no
	KindMissing    Kind = "missing"     // there is no such file or folder
	KindExists     Kind = "exists"      // it is there already and is not replaced
	KindFailed     Kind = "failed"      // any other trouble of the operating system
	KindNoPlace    Kind = "no-place"    // it is not known where to keep things
)

// Fault is a failure of this machine: what is wrong with which path, and what
// to type next. The texts hold paths and names from the local system only, yet
// whoever shows them cleans them first.
type Fault struct {
	Kind Kind
	Path string
	Msg  string // one sentence without a full stop
	Next string // what to do or type next, may be empty
	Err  error  // the cause, for errors.Is
}

// Error returns the fact and the next step in one line.
func (f *Fault) Error() string {
	if f.Next == "" {
		return f.Msg
	}
	return f.Msg + " — " + f.Next
}

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.Err }

// Told says what is wrong and what to do next; busy is a wait for another process.
func (f *Fault) Told() (msg, next string, busy bool) { return f.Msg, f.Next, f.Kind == KindHeld }

// FaultOf returns the Fault inside err, or one made from the operating system's
// error: doing says what was tried, such as "write", path on what. The sentence
// begins with the cause, because a narrow row shows only its beginning.
func FaultOf(doing, path string, err error) *Fault {
	if err == nil {
		return nil
	}
	if f, ok := errors.AsType[*Fault](err); ok {
		return f
	}
	kind, why, next := explain(err, path)
	return &Fault{Kind: kind, Path: path, Err: err, Msg: fmt.Sprintf("%s, cannot %s %s", why, doing, ShortPath(path)), Next: next}
}

// putAway is the command that clears the place of something that is in the way.
func putAway(path string) string { return fmt.Sprintf("mv %s %s.old", path, path) }

func explain(err error, path string) (kind Kind, why, next string) {
	switch {
	case errors.Is(err, errNoSpace), errors.Is(err, errQuota):
		return KindNoSpace, "no space left", "free some space and try again; how much there is shows df -h " + filepath.Dir(path)
	case errors.Is(err, errReadOnly):
		return KindReadOnly, "the file system is read-only", "set SEATDECK_STATE_DIR and SEATDECK_CACHE_DIR to a place that can be written"
	case errors.Is(err, errLoop):
		return KindUnsafe, "it is a symbolic link", "replace the link by the file itself"
	case errors.Is(err, fs.ErrPermission):
		return KindDenied, "permission denied", "look at its owner and mode with ls -ld " + path
	case errors.Is(err, fs.ErrNotExist):
		return KindMissing, "it does not exist", "see what there is with ls -l " + filepath.Dir(path)
	case errors.Is(err, fs.ErrExist):
		return KindExists, "it exists already", putAway(path)
	case errors.Is(err, errIsDir):
		return KindUnsafe, "a folder lies in the place of a file", putAway(path)
	}
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		err = pe.Err // the path is in the sentence already
	}
	return KindFailed, err.Error(), "look at it with ls -ld " + path
}
