package journal

import (
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"seatdeck/storage"
)

const (
	headName = "head"
	// A head has one fixed length, so that it is overwritten in place within
	// one disk block: sequence, hash, segment, size, checksum.
	headText = "%020d %s %020d %020d "
	headLen  = 20 + 1 + 64 + 1 + 20 + 1 + 20 + 1 + 8 + 1
)

// head says where the chain ends.
type head struct {
	seq     uint64 // of the newest record; 0 = none yet
	hash    hash   // of the newest record
	segment uint64 // name of the newest segment; 0 = none yet
	size    int64  // of that segment, in bytes
}

// advance moves the head over a line that was just written after it.
func (h *head) advance(line []byte) {
	h.seq++
	h.hash = hashOf(line)
	h.size += int64(len(line)) + 1
}

func (h head) encode() []byte {
	b := fmt.Appendf(nil, headText, h.seq, h.hash, h.segment, h.size)
	return fmt.Appendf(b, "%08x\n", crc32.ChecksumIEEE(b))
}

func decodeHead(b []byte) (head, bool) {
	if len(b) != headLen {
		return head{}, false
	}
	f := strings.Fields(string(b))
	if len(f) != 5 {
		return head{}, false
	}
	var h head
	var errs [4]error
	h.seq, errs[0] = strconv.ParseUint(f[0], 10, 64)
	h.segment, errs[1] = strconv.ParseUint(f[2], 10, 64)
	h.size, errs[2] = strconv.ParseInt(f[3], 10, 64)
	raw, err := hex.DecodeString(f[1])
	errs[3] = err
	if errors.Join(errs[:]...) != nil || len(raw) != len(h.hash) {
		return head{}, false
	}
	copy(h.hash[:], raw)
	return h, string(h.encode()) == string(b)
}

// readHead returns the head. ok is false when there is none or it is damaged.
func readHead(open OpenFile, dir string) (h head, ok bool, err error) {
	path := filepath.Join(dir, headName)
	f, err := open(path, os.O_RDONLY)
	if errors.Is(err, fs.ErrNotExist) {
		return head{}, false, nil
	}
	if err != nil {
		return head{}, false, err
	}
	defer f.Close()
	b := make([]byte, headLen+1)
	n, err := f.ReadAt(b, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return head{}, false, storage.FaultOf("read", path, err)
	}
	h, ok = decodeHead(b[:n])
	return h, ok, nil
}

// writeHead overwrites the head. It is not synced: an older head after a power
// cut is behind the log, never ahead of it, because the record was synced
// before.
func (j *Journal) writeHead(h head) error {
	f, err := j.o.Open(filepath.Join(j.dir, headName), os.O_WRONLY|os.O_CREATE)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(h.encode(), 0)
	return errors.Join(err, f.Close())
}
