package cache

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"seatdeck/model"
)

// schema is the number of the layout described in the package comment. It lies
// in the file of facts, in the seal and in Badger's own manifest, and grows with
// what model makes of a roster, too.
const schema = 4

// blob names bytes by what they must be.
type blob struct {
	Size int    `json:"size"` // bytes
	Sum  uint32 `json:"sum"`  // CRC-32C of the whole
}

func blobOf(b []byte) blob { return blob{len(b), checksum(b)} }

func (b blob) matches(data []byte) bool { return b == blobOf(data) }

// current is the record that counts. It lies beside the facts and names the
// generation of the roster that belongs to them, so that saving facts alone
// leaves the chunks where they are.
type current struct {
	Saved  time.Time `json:"saved"` // UTC
	Facts  factsRef  `json:"facts"`
	Roster rosterRef `json:"roster"` // zero: there is none
}

type factsRef struct {
	Gen uint64    `json:"generation"`
	At  time.Time `json:"at"` // when the newest of them was read, UTC
	blob
}

type rosterRef struct {
	Gen      uint64    `json:"generation"` // 0: no roster
	At       time.Time `json:"at"`         // when it was read, UTC
	Accounts int       `json:"accounts"`
	Chunks   int       `json:"chunks"`
	Bytes    int       `json:"bytes"` // of all chunks
	Head     blob      `json:"head"`
}

// head is what the roster's own head says, and the chunks by size and checksum.
// The sums are for the child, which checks a whole database without decoding
// it; a reader's chunks are checked by the codec.
type head struct {
	Roster model.RosterHead `json:"roster"`
	Chunks []blob           `json:"chunks"`
}

// encodeRecord writes a small record as checksum and JSON.
func encodeRecord(v any) ([]byte, error) {
	j, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return append(binary.BigEndian.AppendUint32(nil, checksum(j)), j...), nil
}

// decodeRecord reads what encodeRecord wrote.
func decodeRecord(b []byte, v any) error {
	if len(b) < 4 || checksum(b[4:]) != binary.BigEndian.Uint32(b) {
		return damaged("a record fails its checksum")
	}
	if err := model.DecodeJSON(b[4:], v); err != nil {
		return damaged("a record cannot be read")
	}
	return nil
}

// The keys. Numbers are written so that they sort.

const (
	keyDraft     = "b/draft"
	prefixHead   = "a/"
	prefixChunks = "c/"
	prefixDraft  = "d/"
)

func headKey(gen uint64) string           { return fmt.Sprintf("%s%016x/", prefixHead, gen) }
func chunksKey(gen uint64) string         { return fmt.Sprintf("%s%016x/", prefixChunks, gen) }
func chunkKey(gen uint64, n int) string   { return fmt.Sprintf("%s%08x/", chunksKey(gen), n) }
func pieceKey(digest string) string       { return prefixDraft + digest + "/" }
func partKey(prefix string, n int) []byte { return fmt.Appendf(nil, "%s%08x", prefix, n) }

// partMax is how much of a blob lies under one key: far below the megabyte
// from which Badger moves values into its value log, whose damage it does
// not notice (faults F8), and small, since Badger copies each twice on its way,
// into memory that it keeps for the largest of them.
const partMax = 64 << 10

// parts tells how many keys a blob of that size takes.
func parts(size int) int { return (size + partMax - 1) / partMax }

func digestName(sum [32]byte) string { return hex.EncodeToString(sum[:16]) }
