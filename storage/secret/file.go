package secret

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// credential returns the path of the systemd credential for this instance, the
// general one when there is none of its own, or "".
func (r Request) credential() string {
	dir, ok := r.Lookup("CREDENTIALS_DIRECTORY")
	if !ok || !filepath.IsAbs(dir) {
		return ""
	}
	for _, name := range []string{"seatdeck-" + r.Instance + "-token", "seatdeck-token"} {
		path := filepath.Join(dir, name)
		if _, err := os.Lstat(path); err == nil || !errors.Is(err, fs.ErrNotExist) {
			return path
		}
	}
	return ""
}

// readCredential reads a credential. systemd alone decides who may read it, so
// its owner and mode are not judged.
func readCredential(path string) ([]byte, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, tokenMax+1))
}

// readFile reads a token file as ssh reads a key: a plain file of ours that
// nobody else may read.
func readFile(path string, uid int) ([]byte, error) {
	real, err := inPlace(path)
	if err != nil {
		return nil, err
	}
	// O_NONBLOCK: opening a named pipe must not wait for a writer.
	f, err := os.OpenFile(real, os.O_RDONLY|unix.O_NOFOLLOW|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, fileTrouble(path, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fileTrouble(path, err)
	}
	if err := judge(path, info, uid); err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(f, tokenMax+1))
	if err != nil {
		return nil, fileTrouble(path, err)
	}
	return b, nil
}

// inPlace follows links that stay in the file's own folder, as mounted secrets
// have them, and refuses those that lead elsewhere.
func inPlace(path string) (string, error) {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", fileTrouble(path, err)
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		return "", fileTrouble(path, err)
	}
	if rel, err := filepath.Rel(dir, real); err != nil || rel == ".." || strings.HasPrefix(rel, "../") {
		return "", denied("token file "+path+" is a link to another folder", "name the file itself in token_file: "+real)
	}
	return real, nil
}

func judge(path string, info fs.FileInfo, uid int) error {
	if !info.Mode().IsRegular() {
		return denied("token file "+path+" is not a plain file", "name a plain file in token_file")
	}
	owner := -1
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		owner = int(st.Uid)
	}
	if owner != uid {
		return denied(fmt.Sprintf("token file %s belongs to uid %d, not to you (uid %d)", path, owner, uid),
			fmt.Sprintf("sudo chown %d %s", uid, path))
	}
	if perm := info.Mode().Perm(); perm&0o077 != 0 {
		return denied(fmt.Sprintf("token file %s can be read by others (mode %04o)", path, perm),
			"chmod 600 "+path+", and replace the token if somebody may have read it")
	}
	return nil
}

func fileTrouble(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return denied("token file "+path+" does not exist", "install -m 600 /dev/stdin "+path+", then paste the token and press ctrl-d").Because(err)
	case errors.Is(err, fs.ErrPermission):
		return denied("token file "+path+" cannot be read: permission denied", "look at its owner with ls -l "+path).Because(err)
	}
	return denied("token file "+path+" cannot be read", "look at it with ls -l "+path).Because(err)
}
