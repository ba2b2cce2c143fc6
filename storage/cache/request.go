package cache

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"seatdeck/model"
	"seatdeck/storage"
)

// op is what a child is asked to do.
type op string

const (
	doSave   op = "save"
	doDraft  op = "draft"
	doRepair op = "repair" // check; set aside what is damaged
	doAside  op = "aside"  // set aside without opening
	doPurge  op = "purge"
)

// request opens what a console sends.
type request struct {
	Op    op            `json:"op"`
	Half  half          `json:"half,omitempty"` // to repair or set aside
	Dir   string        `json:"dir"`
	Modes storage.Modes `json:"modes"`
	User  string        `json:"user,omitempty"`
	Wait  time.Duration `json:"wait"` // for a lock, at most; nanoseconds
}

// closing ends it: the records that make the parts before it count. Generations
// are given by the child, who alone knows the newest.
type closing struct {
	Parts     int          `json:"parts"`
	Saved     time.Time    `json:"saved"`
	Facts     factsRef     `json:"facts"`
	Roster    *rosterRef   `json:"roster,omitempty"`
	Draft     *draftRecord `json:"draft,omitempty"`
	DropDraft bool         `json:"drop_draft,omitempty"`
}

// class tells what a part is of.
type class byte

const (
	classFacts class = 'f'
	classHead  class = 'h'
	classChunk class = 'c'
	classDraft class = 'd'
)

const partHead = 9 // class, number of the blob, number of the part

// part is one piece of a blob, as received.
type part struct {
	class class
	blob  int
	n     int
	data  []byte
}

// batch is a whole request, checked.
type batch struct {
	request
	closing
	parts []part
	size  int // bytes of all parts
}

// readBatch reads a whole request. Anything missing or extra is an error, so a
// console that ended in the middle changes nothing.
func readBatch(r io.Reader) (batch, error) {
	var b batch
	f, err := newFrameReader(r)
	if err != nil {
		return b, err
	}
	kind, payload, err := f.next()
	if err != nil {
		return b, err
	}
	if kind != frameRequest {
		return b, fmt.Errorf("%w: no request", errFrame)
	}
	if err := json.Unmarshal(payload, &b.request); err != nil {
		return b, fmt.Errorf("%w: %w", errFrame, err)
	}
	for {
		switch kind, payload, err = f.next(); {
		case err != nil:
			return b, err
		case kind == framePart && len(payload) >= partHead:
			b.parts = append(b.parts, part{
				class: class(payload[0]), blob: int(binary.BigEndian.Uint32(payload[1:])),
				n: int(binary.BigEndian.Uint32(payload[5:])), data: payload[partHead:],
			})
			b.size += len(payload) - partHead
		case kind == frameEnd:
			if err := json.Unmarshal(payload, &b.closing); err != nil {
				return b, fmt.Errorf("%w: %w", errFrame, err)
			}
			if b.closing.Parts != len(b.parts) {
				return b, fmt.Errorf("%w: %d parts instead of %d", errFrame, len(b.parts), b.closing.Parts)
			}
			return b, nil
		default:
			return b, fmt.Errorf("%w: unexpected kind %q", errFrame, kind)
		}
	}
}

// answer is what a child says.
type answer struct {
	OK      bool          `json:"ok"`
	Missing bool          `json:"missing,omitempty"` // a draft names pieces that are not there
	Held    time.Duration `json:"held"`              // how long a lock was held at most, nanoseconds

	Class   model.Class `json:"class,omitempty"`
	Doing   string      `json:"op,omitempty"`
	Msg     string      `json:"message,omitempty"`
	Next    string      `json:"next,omitempty"`
	Damaged bool        `json:"damaged,omitempty"`
	Newer   bool        `json:"newer,omitempty"`
}

// refusal is the answer that carries err.
func refusal(op string, err error) answer {
	e := model.AsError(op, failure(op, err))
	return answer{Class: e.Class, Doing: op, Msg: e.Msg.String(), Next: e.Next.String(),
		Damaged: errors.Is(err, ErrDamaged), Newer: errors.Is(err, ErrNewer)}
}

// err is the error that the answer carries.
func (a answer) err() error {
	if a.OK {
		return nil
	}
	var cause error
	switch {
	case a.Damaged:
		cause = ErrDamaged
	case a.Newer:
		cause = ErrNewer
	}
	return model.Fail(a.Class, a.Doing, a.Msg, a.Next).Because(cause)
}
