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

	"golang.org/x/sync/errgroup"
)

const (
	sealName = "seal"
	dbName   = "db"

	// tailLen is how much of the end of a table the seal covers: its footer,
	// index and last block, which Badger reads in goroutines of its own while
	// it opens. The last block is one part at most. Blocks before it are read
	// in our goroutine and carry our own checksums.
	tailLen = partMax + 64<<10
	// sealMax bounds what is read of a seal.
	sealMax = 1 << 20
)

// seal is what the files of a cleanly closed database look like. It is removed
// before the database is opened for writing and written after it was closed, so
// a database without one was not closed.
type seal struct {
	Schema int        `json:"schema"`
	Loose  int        `json:"loose"` // saves of facts whose small tables were not merged yet
	Files  []sealFile `json:"files"` // sorted by name
}

type sealFile struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
	Tail uint32 `json:"tail"` // CRC-32C of the last tailLen bytes
}

// sealOf looks at the files of the database folder.
func sealOf(db string) (seal, error) {
	entries, err := os.ReadDir(db) // sorted by name
	if err != nil {
		return seal{}, err
	}
	s := seal{Schema: schema, Files: make([]sealFile, len(entries))}
	var g errgroup.Group
	g.SetLimit(4)
	for i, e := range entries {
		g.Go(func() (err error) {
			s.Files[i], err = sealFileOf(db, e.Name())
			return err
		})
	}
	return s, g.Wait()
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

// readSeal reads the seal of an instance's folder. Without a whole one it is
// errUnclean.
func readSeal(dir string) (seal, error) {
	f, err := os.Open(filepath.Join(dir, sealName))
	if errors.Is(err, fs.ErrNotExist) {
		return seal{}, errUnclean
	}
	if err != nil {
		return seal{}, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, sealMax))
	if err != nil {
		return seal{}, err
	}
	var s seal
	if decodeRecord(bytes.TrimSuffix(b, []byte("\n")), &s) != nil {
		return seal{}, errUnclean
	}
	return s, nil
}

// writeSeal seals the closed database. The file is replaced by a rename but not
// synced: after a power cut a missing or torn seal only means that a child looks
// at the database first.
func writeSeal(dir string, mode fs.FileMode, loose int) error {
	s, err := sealOf(filepath.Join(dir, dbName))
	if err != nil {
		return err
	}
	s.Loose = loose
	b, err := encodeRecord(s)
	if err != nil {
		return err
	}
	tmp := filepath.Join(dir, sealName+".new")
	if err := os.WriteFile(tmp, append(b, '\n'), mode); err != nil {
		return err
	}
	return os.Rename(tmp, filepath.Join(dir, sealName))
}

func removeSeal(dir string) error {
	err := os.Remove(filepath.Join(dir, sealName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// state tells what a database folder is, before anything opens it.
type state int

const (
	stateAbsent  state = iota // there is none
	stateClean                // closed, and the files are those that were closed
	stateUnclean              // a child has to look at it
	stateOlder                // an older schema: rebuilt by the next save
	stateNewer                // a newer schema: never touched
)

// inspect finds the state of an instance's folder. The caller holds its lock.
func inspect(dir string) (state, error) {
	db := filepath.Join(dir, dbName)
	info, err := os.Lstat(db)
	if errors.Is(err, fs.ErrNotExist) {
		return stateAbsent, nil
	}
	if err != nil {
		return stateAbsent, err
	}
	if !info.IsDir() {
		return stateUnclean, nil
	}
	want, err := readSeal(dir)
	if errors.Is(err, errUnclean) {
		return manifestState(db), nil
	}
	if err != nil {
		return stateAbsent, err
	}
	if want.Schema != schema {
		return compareSchema(want.Schema), nil
	}
	have, err := sealOf(db)
	if err != nil && errors.Is(err, fs.ErrPermission) {
		return stateAbsent, err
	}
	if err != nil || !slices.Equal(want.Files, have.Files) {
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
