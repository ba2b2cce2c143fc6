package storage

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// me is this process as a Caller with the given environment.
func me(env map[string]string) Caller {
	return Caller{
		UID: os.Geteuid(), Groups: []int{os.Getegid()},
		Lookup: func(k string) (string, bool) { v, ok := env[k]; return v, ok },
		HomeOf: func(int) (string, error) { return "/home/ada", nil },
	}
}

func kindOf(err error) Kind {
	if f, ok := errors.AsType[*Fault](err); ok {
		return f.Kind
	}
	return ""
}

func TestLocateForAUser(t *testing.T) {
	empty := t.TempDir()
	for _, c := range []struct {
		name                 string
		env                  map[string]string
		config, state, cache string
	}{
		{"home", map[string]string{"HOME": "/home/a"},
			"/home/a/.config/seatdeck/config.toml", "/home/a/.local/state/seatdeck", "/home/a/.cache/seatdeck"},
		{"xdg", map[string]string{"HOME": "/home/a", "XDG_CONFIG_HOME": "/x/c", "XDG_STATE_HOME": "/x/s", "XDG_CACHE_HOME": "/x/k"},
			"/x/c/seatdeck/config.toml", "/x/s/seatdeck", "/x/k/seatdeck"},
		{"relative xdg is ignored", map[string]string{"HOME": "/home/a", "XDG_STATE_HOME": "s"},
			"/home/a/.config/seatdeck/config.toml", "/home/a/.local/state/seatdeck", "/home/a/.cache/seatdeck"},
		{"no home", nil, "/home/ada/.config/seatdeck/config.toml", "/home/ada/.local/state/seatdeck", "/home/ada/.cache/seatdeck"},
		{"sudo", map[string]string{"HOME": "/home/a", "XDG_STATE_HOME": "/home/a/s", "SUDO_UID": "12345"},
			"/home/ada/.config/seatdeck/config.toml", "/home/ada/.local/state/seatdeck", "/home/ada/.cache/seatdeck"},
		{"moved", map[string]string{"HOME": "/home/a", EnvConfig: "/m/c.toml", EnvState: "/m/s", EnvCache: "/m/k"}, "/m/c.toml", "/m/s", "/m/k"},
		{"one moved", map[string]string{"HOME": "/home/a", EnvCache: "/m/k"}, "/home/a/.config/seatdeck/config.toml", "/home/a/.local/state/seatdeck", "/m/k"},
		{"config is a folder", map[string]string{"HOME": "/home/a", EnvConfig: empty}, empty + "/config.toml", "/home/a/.local/state/seatdeck", "/home/a/.cache/seatdeck"},
	} {
		caller := me(c.env)
		caller.Root = empty
		p, err := Locate(caller)
		if err != nil || p.Scope != ScopeUser || p.Config != c.config || p.State != (Place{c.state, Private}) || p.Cache != (Place{c.cache, Private}) {
			t.Errorf("%s: %+v, %v", c.name, p, err)
		}
	}
	caller := me(nil)
	caller.HomeOf = func(int) (string, error) { return "", errors.New("no such account") }
	if _, err := Locate(caller); kindOf(err) != KindNoPlace || !strings.Contains(err.Error(), EnvState) {
		t.Errorf("nowhere: %v", err)
	}
	caller.Lookup = me(map[string]string{EnvConfig: "/c", EnvState: "/s", EnvCache: "/k"}).Lookup
	if p, err := Locate(caller); err != nil || p.State.Dir != "/s" {
		t.Errorf("no home but all three named: %+v, %v", p, err)
	}
}

func TestLocateForTheSystem(t *testing.T) {
	root := t.TempDir()
	state := filepath.Join(root, "var/lib/seatdeck")
	if err := os.MkdirAll(state, 0o770); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(state, 0o770|fs.ModeSetgid); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(state)
	if err != nil {
		t.Fatal(err)
	}
	_, gid := ownerOf(info)
	home := map[string]string{"HOME": "/home/a"}
	for _, c := range []struct {
		name  string
		who   Caller
		scope Scope
	}{
		{"root", Caller{UID: 0}, ScopeSystem},
		{"in the group", Caller{UID: 4242, Groups: []int{1, gid}}, ScopeSystem},
		{"not in the group", Caller{UID: 4242, Groups: []int{gid + 1}}, ScopeUser},
	} {
		c.who.Root, c.who.Lookup, c.who.HomeOf = root, me(home).Lookup, me(nil).HomeOf
		p, err := Locate(c.who)
		if err != nil || p.Scope != c.scope {
			t.Errorf("%s: %+v, %v", c.name, p, err)
			continue
		}
		other := state
		if c.scope == ScopeSystem {
			other = "/home/a/.local/state/seatdeck"
			if p.State != (Place{state, Shared}) || p.Cache != (Place{filepath.Join(root, "var/cache/seatdeck"), Shared}) {
				t.Errorf("%s: %+v", c.name, p)
			}
		}
		if p.OtherState != other {
			t.Errorf("%s: the other journal is at %s", c.name, p.OtherState)
		}
		c.who.Lookup = me(map[string]string{"HOME": "/home/a", EnvState: "/m/s"}).Lookup
		if p, err := Locate(c.who); err != nil || p.State != (Place{"/m/s", Private}) {
			t.Errorf("%s, moved: %+v, %v", c.name, p, err)
		}
	}
}

func TestScratchIsRemoved(t *testing.T) {
	p, remove, err := Scratch(t.TempDir())
	if err != nil || p.Scope != ScopeScratch {
		t.Fatalf("%+v, %v", p, err)
	}
	if err := EnsureDir(me(nil), p.State.In("a", "b")); err != nil {
		t.Fatal(err)
	}
	if err := remove(); err != nil || exists(filepath.Dir(p.State.Dir)) {
		t.Errorf("still there, %v", err)
	}
}

func TestEnsureDirMakesPrivateFolders(t *testing.T) {
	defer unix.Umask(unix.Umask(0))
	base := t.TempDir()
	if err := os.Chmod(base, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		modes Modes
		want  fs.FileMode
	}{{Private, fs.ModeDir | 0o700}, {Shared, fs.ModeDir | fs.ModeSetgid | 0o770}} {
		unix.Umask(0o022)
		p := Place{filepath.Join(base, c.want.String(), "b", "c"), c.modes}
		for range 2 {
			if err := EnsureDir(me(nil), p); err != nil {
				t.Fatal(err)
			}
		}
		if info, _ := os.Stat(p.Dir); info.Mode() != c.want {
			t.Errorf("mode %v, want %v", info.Mode(), c.want)
		}
		f, err := OpenFile(me(nil), filepath.Join(p.Dir, "f"), os.O_RDWR|os.O_CREATE, c.modes)
		if err != nil {
			t.Fatal(err)
		}
		if info, _ := f.Stat(); info.Mode() != c.modes.File {
			t.Errorf("file mode %v, want %v", info.Mode(), c.modes.File)
		}
		f.Close()
	}
}

// TestEnsureDirSharesWhatWasNot: a folder whose making was cut short, or was not
// allowed to hand itself to the group, is handed over later.
func TestEnsureDirSharesWhatWasNot(t *testing.T) {
	p := Place{filepath.Join(t.TempDir(), "left"), Shared}
	if err := os.Mkdir(p.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := EnsureDir(me(nil), p); err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Stat(p.Dir); info.Mode() != fs.ModeDir|fs.ModeSetgid|0o770 {
		t.Errorf("mode %v", info.Mode())
	}
}

// TestJudge is the matrix of owners, groups and modes (faults T-04).
func TestJudge(t *testing.T) {
	alice := Caller{UID: 1000, Groups: []int{1000, 500}}
	root := Caller{UID: 0, Groups: []int{0}}
	for _, c := range []struct {
		who      Caller
		modes    Modes
		uid, gid int
		perm     fs.FileMode
		want     string // "" = fine, "loose" = closed, otherwise part of the refusal
	}{
		{alice, Private, 1000, 1000, 0o700, ""},
		{alice, Private, 1000, 1000, 0o600, ""},
		{alice, Private, 1000, 1000, 0o755, "loose"},
		{alice, Private, 1000, 1000, 0o750, "loose"},
		{alice, Private, 1000, 1000, 0o701, "loose"},
		{alice, Private, 1000, 1000, 0o720, "can be written by others"},
		{alice, Private, 1000, 1000, 0o702, "can be written by others"},
		{alice, Private, 1000, 1000, 0o777, "can be written by others"},
		{alice, Private, 0, 0, 0o700, "sudo chown -R 1000"},
		{alice, Private, 1001, 1000, 0o700, "belongs to uid 1001"},
		{root, Private, 1000, 1000, 0o700, "belongs to uid 1000, not to you (uid 0)"},
		{root, Private, 0, 0, 0o700, ""},
		{alice, Shared, 0, 500, 0o770, ""},
		{alice, Shared, 1001, 500, 0o660, ""},
		{alice, Shared, 1000, 77, 0o770, ""},
		{alice, Shared, 0, 77, 0o770, "you are not in it"},
		{alice, Shared, 0, 500, 0o775, "chmod o="},
		{alice, Shared, 0, 500, 0o772, "open to everybody"},
		{alice, Shared, 1000, 500, 0o661, "open to everybody"},
		{root, Shared, 1001, 77, 0o770, ""},
		{root, Shared, 0, 0, 0o777, "open to everybody"},
	} {
		loose, err := judge(c.who, "/p", stat(c.uid, c.gid, c.perm), c.modes, c.modes.Dir)
		got := ""
		switch {
		case err != nil:
			got = err.Error()
			if kindOf(err) != KindUnsafe {
				t.Errorf("%+v: kind %s", c, kindOf(err))
			}
		case loose:
			got = "loose"
		}
		if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("uid %d gid %d mode %04o shared %v for %d: %q, want %q", c.uid, c.gid, c.perm, c.modes.Shared, c.who.UID, got, c.want)
		}
	}
}

func TestUnsafeFoldersAreRefused(t *testing.T) {
	base := t.TempDir()
	mk := func(elem string, mode fs.FileMode) string {
		path := filepath.Join(base, elem)
		if err := errors.Join(os.MkdirAll(path, 0o700), os.Chmod(path, mode)); err != nil {
			t.Fatal(err)
		}
		return path
	}
	mk("open", 0o777)
	mk("tmp", 0o777|fs.ModeSticky)
	mk("tmp/ours", 0o700)
	link, file := filepath.Join(base, "link"), filepath.Join(base, "file")
	if err := errors.Join(os.Symlink(mk("real", 0o700), link), os.WriteFile(file, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ path, want string }{
		{link, "is a symbolic link"},
		{file, "is not a folder"},
		{mk("group", 0o770), "chmod 0700"},
		{mk("open/ours", 0o700), "chmod o-w " + filepath.Join(base, "open")},
	} {
		if err := EnsureDir(me(nil), Place{c.path, Private}); kindOf(err) != KindUnsafe || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.path, err)
		}
	}
	if err := EnsureDir(me(nil), Place{filepath.Join(base, "tmp/ours"), Private}); err != nil {
		t.Errorf("under a sticky folder: %v", err)
	}
	readable := mk("readable", 0o755)
	if err := EnsureDir(me(nil), Place{readable, Private}); err != nil {
		t.Error(err)
	}
	if info, _ := os.Stat(readable); info.Mode().Perm() != 0o700 {
		t.Errorf("a readable folder was left at %v", info.Mode())
	}
	stranger := me(nil)
	stranger.UID += 4242
	if err := CheckDir(stranger, Place{readable, Private}); kindOf(err) != KindUnsafe {
		t.Errorf("for a stranger: %v", err)
	}
	if err := CheckDir(me(nil), Place{filepath.Join(base, "none"), Private}); kindOf(err) != KindMissing {
		t.Errorf("missing: %v", err)
	}
}

func TestFilesThroughLinksAreRefused(t *testing.T) {
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target"), filepath.Join(dir, "link")
	if err := errors.Join(os.WriteFile(target, []byte("precious"), 0o600), os.Symlink(target, link)); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenFile(me(nil), link, os.O_RDWR|os.O_CREATE, Private); kindOf(err) != KindUnsafe {
		t.Errorf("open: %v", err)
	}
	if err := WriteNew(link, []byte("new"), 0o600); kindOf(err) != KindExists {
		t.Errorf("write new: %v", err)
	}
	for _, flag := range []int{os.O_RDONLY, os.O_RDWR | os.O_CREATE} {
		if _, err := OpenFile(me(nil), dir, flag, Private); kindOf(err) != KindUnsafe || !strings.Contains(err.Error(), "mv "+dir+" "+dir+".old") {
			t.Errorf("a folder as a file: %v", err)
		}
	}
	if b, _ := os.ReadFile(target); string(b) != "precious" {
		t.Errorf("the target holds %q", b)
	}
}

func TestWriteNew(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	if err := WriteNew(path, []byte("one"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := WriteNew(path, []byte("two"), 0o600); kindOf(err) != KindExists {
		t.Errorf("over an old file: %v", err)
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "one" {
		t.Errorf("%q, %v", b, err)
	}
	if info, _ := os.Stat(path); info == nil || info.Mode() != 0o640 {
		t.Errorf("%v", info)
	}
	if err := WriteNew(filepath.Join(dir, "no", "f"), nil, 0o600); kindOf(err) != KindMissing {
		t.Errorf("without a folder: %v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("left over: %v", left)
	}
}

func TestFaultsNameTheirCause(t *testing.T) {
	for err, want := range map[error]Kind{
		unix.ENOSPC: KindNoSpace, unix.EDQUOT: KindNoSpace, unix.EROFS: KindReadOnly, unix.EACCES: KindDenied,
		unix.EPERM: KindDenied, unix.ENOENT: KindMissing, unix.ELOOP: KindUnsafe, unix.EIO: KindFailed, unix.EISDIR: KindUnsafe,
	} {
		f := FaultOf("write", "/p", &fs.PathError{Op: "write", Path: "/p", Err: err})
		cause, rest, ok := strings.Cut(f.Msg, ", cannot write ")
		if f.Kind != want || !errors.Is(f, err) || !ok || cause == "" || rest != "/p" || !strings.Contains(f.Next, "/") && want != KindReadOnly && want != KindUnsafe {
			t.Errorf("%v: %s %q", err, f.Kind, f)
		}
		if FaultOf("again", "/q", f) != f {
			t.Errorf("%v: worded twice", err)
		}
	}
	if FaultOf("write", "/p", nil) != nil {
		t.Error("a fault of nothing")
	}
}

func TestFree(t *testing.T) {
	dir := t.TempDir()
	for _, path := range []string{dir, filepath.Join(dir, "not", "there")} {
		if n, err := Free(path); err != nil || n == 0 {
			t.Errorf("%s: %d, %v", path, n, err)
		}
	}
	if name := NetworkFS(dir); name != "" {
		t.Skipf("the temporary folder is on %s", name)
	}
}

func TestInstanceKey(t *testing.T) {
	same := []string{"https://gitlab.example.com", "https://GitLab.Example.com/", "HTTPS://gitlab.example.com:443", " https://gitlab.example.com.// ",
		"https://user:pass@gitlab.example.com/?x=1#y"}
	for _, a := range same {
		if NormalURL(a) != same[0] || InstanceKey(a) != InstanceKey(same[0]) {
			t.Errorf("%q is %q", a, NormalURL(a))
		}
	}
	seen := map[string]string{InstanceKey(same[0]): same[0]}
	for _, a := range []string{"http://gitlab.example.com", "https://gitlab.example.com:8443", "https://gitlab.example.com/gitlab", "https://[::1]", "https://[::1]:8443"} {
		k := InstanceKey(a)
		if old, dup := seen[k]; dup || len(k) != instanceKeyLen || NormalURL(a) != a {
			t.Errorf("%q: key %s (also of %q), spelling %q", a, k, old, NormalURL(a))
		}
		seen[k] = a
	}
	if NormalURL("http://x:80") != "http://x" || NormalURL("not an address") != "not an address" {
		t.Error("default port of http, or text that is no address")
	}
}

// TestCreateNew is the way without hard links.
func TestCreateNew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	if err := createNew(path, []byte("one"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := createNew(path, []byte("two"), 0o600); !errors.Is(err, fs.ErrExist) {
		t.Errorf("again: %v", err)
	}
	if b, _ := os.ReadFile(path); string(b) != "one" {
		t.Errorf("it holds %q", b)
	}
}
