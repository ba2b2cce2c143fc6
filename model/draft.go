package model

import (
	"errors"
	"time"
)

// ErrNoCache says that nothing is cached for the instance. It is a normal
// state, not a failure.
var ErrNoCache = errors.New("nothing cached")

// Draft is an interrupted pull of accounts: which pieces of it are whole, and
// what was read of them, so that the next pull goes on instead of starting
// over.
type Draft struct {
	Started time.Time // UTC
	Pieces  []Piece
}

// Piece is one range of a pull. The accounts before Cursor are in Batch.
type Piece struct {
	Range  Range
	Cursor string // of the next page to ask for; "" before the first and when Done
	Done   bool
	Batch  []byte // [AppendBatch] of the accounts read so far
}
