package cache

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sync/errgroup"
)

const (
	newSuffix = ".new" // of a seal being written

	// tailLen is how much of the end of a table the seal covers: its footer,
	// index and last block, which Badger reads in goroutines of its own while
	// it opens. The last block is one part at most. Blocks before it are read
	// in our goroutine and carry our own checksums.
	tailLen = partMax + 64<<10
	// sealMax bounds what is read of a seal.
	sealMax = 1 << 20
)

// seal says what the files of the database look like since it was closed. It
// loses its seal before it is changed, so one without a seal was not closed.
type seal struct {
	Schema int        `json:"schema"`
	Files  []sealFile `json:"files"` // sorted by name
}

type sealFile struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
	Tail uint32 `json:"tail"` // CRC-32C of the last tailLen bytes
}

// lookAt lists the files of a database as a seal does.
func lookAt(db string) ([]sealFile, error) {
	entries, err := os.ReadDir(db) // sorted by name
	if err != nil {
		return nil, err
	}
	files := make([]sealFile, len(entries))
	var g errgroup.Group
	g.SetLimit(4)
	for i, e := range entries {
		g.Go(func() (err error) {
			files[i], err = sealFileOf(db, e.Name())
			return err
		})
	}
	return files, g.Wait()
}

func sealFileOf(dir, name string) (sealFile, error) {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return sealFile{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return sealFile{}, err
	}
	if !info.Mode().IsRegular() {
		return sealFile{}, damaged("%s is not a plain file", name)
	}
	sum := crc32.New(castagnoli)
	_, err = io.Copy(sum, io.NewSectionReader(f, max(0, info.Size()-tailLen), tailLen))
	return sealFile{name, info.Size(), sum.Sum32()}, err
}

// sealBytes is the seal as it lies in the folder; nil when there is none.
func sealPath(folder string) string { return filepath.Join(folder, "roster.seal") }

func sealBytes(folder string) ([]byte, error) {
	f, err := os.Open(sealPath(folder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, sealMax))
	if errors.Is(err, syscall.EISDIR) {
		return nil, nil // something put a folder in its place: as good as none
	}
	return b, err
}

// readSeal reads the seal. Without a whole one it is errUnclean.
func readSeal(folder string) (seal, error) {
	b, err := sealBytes(folder)
	if err != nil {
		return seal{}, err
	}
	var s seal
	if decodeRecord(bytes.TrimSuffix(b, []byte("\n")), &s) != nil {
		return seal{}, errUnclean
	}
	return s, nil
}

// sealOf is the seal of a closed database.
func sealOf(path string) ([]byte, error) {
	files, err := lookAt(path)
	if err != nil {
		return nil, err
	}
	b, err := encodeRecord(seal{Schema: schema, Files: files})
	return append(b, '\n'), err
}

// putSeal makes a seal count. The file is replaced by a rename but not synced:
// after a power cut a missing or torn seal only means that a child looks at the
// database first. A folder in its place is taken away. The caller holds the lock.
func putSeal(folder string, b []byte, mode fs.FileMode) error {
	path := sealPath(folder)
	if err := os.WriteFile(path+newSuffix, b, mode); err != nil {
		return err
	}
	if info, err := os.Lstat(path); err == nil && info.IsDir() {
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	return os.Rename(path+newSuffix, path)
}

func removeSeal(folder string) error { return os.RemoveAll(sealPath(folder)) }

// state tells what a database is, before anything opens it.
type state int

const (
	stateAbsent  state = iota // there is none
	stateClean                // closed, and the files are those that were closed
	stateUnclean              // a child has to look at it
	stateOlder                // an older schema: rebuilt by the next save
	stateNewer                // a newer schema: never touched
)

// inspect finds the state of the database of accounts. The caller holds its
// lock.
func inspect(folder string) (state, error) {
	path := rosterHalf.path(folder)
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return stateAbsent, nil
	}
	if err != nil {
		return stateAbsent, err
	}
	want, err := readSeal(folder)
	if errors.Is(err, errUnclean) {
		return manifestState(path), nil
	}
	if err != nil {
		return stateAbsent, err
	}
	if !info.IsDir() {
		return stateUnclean, nil
	}
	if want.Schema != schema {
		return compareSchema(want.Schema), nil
	}
	have, err := lookAt(path)
	if err != nil && errors.Is(err, fs.ErrPermission) {
		return stateAbsent, err
	}
	if err != nil || !slices.Equal(want.Files, have) {
		return stateUnclean, nil
	}
	return stateClean, nil
}

func compareSchema(n int) state {
	switch {
	case n > schema:
		return stateNewer
	case n < schema:
		return stateOlder
	}
	return stateUnclean
}

// badgerManifest is the format number of Badger's manifest that this program
// can read. A newer one comes from a newer program.
const badgerManifest = 8

// manifestState reads the schema from the first eight bytes of Badger's
// manifest, which carries the user's own number: that works for a database that
// was never closed and that no one may open yet.
func manifestState(db string) state {
	f, err := os.Open(filepath.Join(db, "MANIFEST"))
	if err != nil {
		return stateUnclean
	}
	defer f.Close()
	var b [8]byte
	if _, err := io.ReadFull(f, b[:]); err != nil || !strings.HasPrefix(string(b[:]), "Bdgr") {
		return stateUnclean
	}
	if binary.BigEndian.Uint16(b[6:]) > badgerManifest {
		return stateNewer
	}
	return compareSchema(int(binary.BigEndian.Uint16(b[4:])))
}
