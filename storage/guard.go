package storage

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// overflowUID owns, inside a user namespace, whatever belongs to an account
// that is not mapped: the real root, most often.
const overflowUID = 65534

// EnsureDir makes the place's folder with its parents where they are missing,
// and refuses one that is not ours to trust (faults T-04): a link, somebody
// else's, or one that others can write. A folder of ours that others can merely
// read is closed, not refused.
func EnsureDir(c Caller, p Place) error {
	if err := makeDir(p); err != nil {
		return err
	}
	return CheckDir(c, p)
}

// makeDir makes the missing folders from the top down, private until the last.
func makeDir(p Place) error {
	if exists(p.Dir) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(p.Dir), 0o700); err != nil {
		return FaultOf("create", filepath.Dir(p.Dir), err)
	}
	if err := os.Mkdir(p.Dir, p.Modes.Dir); err != nil && !errors.Is(err, fs.ErrExist) {
		return FaultOf("create", p.Dir, err)
	}
	return nil
}

// share gives the group what is its own: the umask took its bits, and new files
// must belong to it. A folder of somebody else's stays as it is.
func share(c Caller, dir string, info fs.FileInfo, m Modes) error {
	want := m.Dir | fs.ModeSetgid
	if uid, _ := ownerOf(info); uid != c.UID || info.Mode()&(fs.ModePerm|fs.ModeSetgid) == want {
		return nil
	}
	if err := os.Chmod(dir, want); err != nil {
		return FaultOf("set the mode of", dir, err)
	}
	return nil
}

// CheckDir judges an existing folder as [EnsureDir] does. A folder that is not
// there is a Fault of KindMissing.
func CheckDir(c Caller, p Place) error {
	info, err := os.Lstat(p.Dir)
	if err != nil {
		return FaultOf("look at", p.Dir, err)
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		return unsafeFault(p.Dir, "the folder is a symbolic link", "move the folder itself there, or name the real one in "+EnvState+" or "+EnvCache)
	}
	if !info.IsDir() {
		return unsafeFault(p.Dir, "this is not a folder", putAway(p.Dir))
	}
	if err := checkParents(c, p.Dir); err != nil {
		return err
	}
	loose, err := judge(c, p.Dir, info, p.Modes, p.Modes.Dir)
	switch {
	case err != nil:
		return err
	case p.Modes.Shared:
		return share(c, p.Dir, info, p.Modes)
	case !loose:
		return nil
	}
	if err := os.Chmod(p.Dir, p.Modes.Dir); err != nil {
		return FaultOf("close", p.Dir, err)
	}
	return nil
}

// checkParents refuses a path with a folder above it in which others could
// swap ours for theirs. A sticky folder such as /tmp forbids that.
func checkParents(c Caller, dir string) error {
	for up := filepath.Dir(dir); ; up = filepath.Dir(up) {
		info, err := os.Stat(up)
		if err != nil {
			return FaultOf("look at", up, err)
		}
		owner, _ := ownerOf(info)
		if owner != 0 && owner != c.UID && owner != overflowUID {
			return unsafeFault(up, fmt.Sprintf("the folder above belongs to uid %d, who could replace what lies in it", owner),
				"choose a folder of your own with "+EnvState+" and "+EnvCache)
		}
		if info.Mode().Perm()&0o002 != 0 && info.Mode()&fs.ModeSticky == 0 {
			return unsafeFault(up, "the folder above can be written by everybody", "chmod o-w "+up)
		}
		if up == filepath.Dir(up) {
			return nil
		}
	}
}

// judge looks at owner and mode. loose tells that others can read what they
// should not, and that c may and should close it.
func judge(c Caller, path string, info fs.FileInfo, m Modes, want fs.FileMode) (loose bool, err error) {
	uid, gid := ownerOf(info)
	perm := info.Mode().Perm()
	what := "the file"
	if info.IsDir() {
		what = "the folder"
	}
	if m.Shared {
		switch {
		case perm&0o007 != 0:
			return false, unsafeFault(path, fmt.Sprintf("%s is open to everybody (mode %04o)", what, perm), "sudo chmod o= "+path)
		case c.UID != 0 && uid != c.UID && !c.inGroup(gid):
			return false, unsafeFault(path, fmt.Sprintf("%s belongs to group %d, and you are not in it", what, gid), "sudo adduser $USER "+Group)
		}
		return false, nil
	}
	switch {
	case uid != c.UID:
		return false, unsafeFault(path, fmt.Sprintf("%s belongs to uid %d, not to you (uid %d)", what, uid, c.UID),
			fmt.Sprintf("sudo chown -R %d %s", c.UID, path))
	case perm&0o022 != 0:
		return false, unsafeFault(path, fmt.Sprintf("%s can be written by others (mode %04o)", what, perm),
			fmt.Sprintf("look at what is in it, then chmod %04o %s", want, path))
	}
	return perm&0o077 != 0, nil
}

func unsafeFault(path, fact, next string) *Fault {
	return &Fault{Kind: KindUnsafe, Path: path, Msg: fact + ": " + ShortPath(path), Next: next}
}

func ownerOf(info fs.FileInfo) (uid, gid int) {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return -1, -1 // nobody's: every check refuses it
	}
	return int(st.Uid), int(st.Gid)
}

// OpenFile opens a file of the place by its path, never through a link in the
// last element, and refuses one that is not ours to trust. A file of ours that
// others can merely read is closed to them. With O_CREATE it is made with the
// place's file mode, whatever the umask.
func OpenFile(c Caller, path string, flag int, m Modes) (*os.File, error) {
	f, err := os.OpenFile(path, flag|unix.O_NOFOLLOW|unix.O_CLOEXEC, m.File)
	if err != nil {
		return nil, FaultOf("open", path, err)
	}
	if err := checkFile(c, f, m); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func checkFile(c Caller, f *os.File, m Modes) error {
	info, err := f.Stat()
	if err != nil {
		return FaultOf("look at", f.Name(), err)
	}
	if !info.Mode().IsRegular() {
		return unsafeFault(f.Name(), "this is not a plain file", putAway(f.Name()))
	}
	uid, _ := ownerOf(info)
	if m.Shared && uid == c.UID && info.Mode().Perm()&0o077 != m.File&0o077 {
		// Ours, and perhaps just made under a umask that took the group's bits.
		return setMode(f, m.File)
	}
	loose, err := judge(c, f.Name(), info, m, m.File)
	if err != nil || !loose {
		return err
	}
	return setMode(f, m.File)
}

func setMode(f *os.File, mode fs.FileMode) error {
	if err := f.Chmod(mode); err != nil {
		return FaultOf("set the mode of", f.Name(), err)
	}
	return nil
}

// mayShare reports whether c may use dir as a shared system place: it is a real
// folder, closed to everybody else, and c is root or in its group.
func (c Caller) mayShare(dir string) bool {
	info, err := os.Lstat(dir)
	if err != nil || !info.IsDir() {
		return false
	}
	uid, gid := ownerOf(info)
	switch {
	case c.UID == 0:
		return true
	case uid == c.UID:
		return info.Mode().Perm()&0o700 == 0o700
	}
	return c.inGroup(gid) && info.Mode().Perm()&0o070 == 0o070
}
