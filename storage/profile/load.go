package profile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"seatdeck/model"
	"seatdeck/storage"
)

// fileMax bounds config.toml in bytes.
const fileMax = 1 << 20

// Source says where the configuration lies and who reads it.
type Source struct {
	Path   string                          // config.toml
	Named  bool                            // somebody named it, so it has to be there
	UID    int                             // who asks
	Shared bool                            // the system's file, which its group may change
	Home   string                          // for paths that begin with ~/; "" = unknown
	Lookup func(key string) (string, bool) // the environment as it was at the start
}

// Load reads the configuration. No file and nothing in the environment is an
// empty Profile, not an error. Errors are *model.Error of class config.
func Load(s Source) (Profile, error) {
	var p Profile
	data, err := s.read()
	switch {
	case err == nil:
		if p, err = s.parse(data); err != nil {
			return Profile{}, err
		}
	case !errors.Is(err, fs.ErrNotExist):
		return Profile{}, err
	}
	p, bad := s.withEnv(p)
	if bad == nil && err != nil && s.Named && p.Empty() { // a slip of the pen must not lead to made-up data
		bad = config(s.Path+" is not there, and SEATDECK_CONFIG names it", "correct the name, or write the file with: seatdeck config init")
	}
	return p, bad
}

// read returns the file's content. The file names programs to run, so nobody
// else may have been able to change it.
func (s Source) read() ([]byte, error) {
	f, err := os.OpenFile(s.Path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fs.ErrNotExist
	}
	if err != nil {
		return nil, config(s.Path+" cannot be opened: "+reason(err), "look at its owner and mode with ls -l "+s.Path).Because(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, config(s.Path+" cannot be looked at: "+reason(err), "").Because(err)
	}
	if err := s.judge(info); err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, fileMax+1))
	if err != nil {
		return nil, config(s.Path+" cannot be read: "+reason(err), "").Because(err)
	}
	if len(data) > fileMax {
		return nil, config(fmt.Sprintf("%s is larger than %d bytes", s.Path, fileMax), "")
	}
	return data, nil
}

func (s Source) judge(info fs.FileInfo) error {
	if !info.Mode().IsRegular() {
		return config(s.Path+" is not a plain file", "name a plain file in SEATDECK_CONFIG")
	}
	owner := -1
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		owner = int(st.Uid)
	}
	writers := fs.FileMode(0o022)
	if s.Shared {
		writers = 0o002
	}
	switch {
	case owner != 0 && owner != s.UID:
		return config(fmt.Sprintf("%s belongs to uid %d, neither to you nor to root", s.Path, owner), fmt.Sprintf("sudo chown %d %s", s.UID, s.Path))
	case info.Mode().Perm()&writers != 0:
		return config(fmt.Sprintf("%s can be changed by others (mode %04o), and it names programs to run", s.Path, info.Mode().Perm()),
			"look at what is in it, then chmod go-w "+s.Path)
	}
	return nil
}

func reason(err error) string {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		err = pe.Err
	}
	return err.Error()
}

// parse reads the document strictly and builds the profile.
func (s Source) parse(data []byte) (Profile, error) {
	var doc document
	err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(&doc)
	if unknown, ok := errors.AsType[*toml.StrictMissingError](err); ok {
		return Profile{}, s.unknownKey(unknown)
	}
	where := locate(data)
	if bad, ok := errors.AsType[*toml.DecodeError](err); ok {
		return Profile{}, s.undecodable(bad, where)
	}
	if err != nil {
		return Profile{}, config(s.Path+" is not TOML: "+err.Error(), "")
	}
	return builder{s, where}.profile(doc)
}

// unknownKey words the first unknown key. Its value is never shown: it may be a
// token that somebody put here.
func (s Source) unknownKey(e *toml.StrictMissingError) error {
	first := e.Errors[0]
	path := first.Key()
	row, col := first.Position()
	name := path[len(path)-1]
	keys, table := keysAt(path)
	msg := fmt.Sprintf("%s:%d:%d: unknown key %s", s.Path, row, col, quote(name))
	if table != "" {
		msg += " in " + table
	}
	if n := len(e.Errors) - 1; n > 0 {
		msg += fmt.Sprintf(" (and %d more)", n)
	}
	next := "allowed here: " + strings.Join(names(keys), ", ")
	if near := model.Nearest(name, names(keys)); near != "" {
		next = "did you mean " + near + "?"
	}
	switch {
	case name == "token" || name == "password" || name == "secret":
		next = "a token is never kept in config.toml: use token_file or token_command"
	case len(keys) == 0:
		next = "seatdeck config init writes a commented example"
	}
	return config(msg, next)
}

// undecodable words a syntax error, or a value of the wrong type.
func (s Source) undecodable(e *toml.DecodeError, where positions) error {
	row, col := e.Position()
	at := fmt.Sprintf("%s:%d:%d: ", s.Path, row, col)
	path := []string(e.Key())
	if len(path) == 0 {
		path = where.keyAt(row)
	}
	example := like(path)
	if example == "" || !where.complete {
		return config(at+"this is not TOML: "+strings.TrimPrefix(e.Error(), "toml: "), "look at quotes and brackets on this line")
	}
	return config(at+path[len(path)-1]+" has a value of the wrong type", "write it like "+example)
}

func config(msg, next string) *model.Error { return model.Fail(model.ClassConfig, op, msg, next) }

func quote(s string) string { return `"` + model.CleanN(s, 60).String() + `"` }

// position is a place in the file, from 1.
type position struct{ row, col int }

// positions knows where each key stands.
type positions struct {
	at       map[string]position // by path, joined
	order    []string            // instances in order
	complete bool                // the whole document is TOML
}

func join(path []string) string { return strings.Join(path, "\x00") }

// locate finds every key of the document.
func locate(data []byte) positions {
	w := positions{at: make(map[string]position)}
	var p unstable.Parser
	p.Reset(data)
	var table []string
	for p.NextExpression() {
		n := p.Expression()
		switch n.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = w.note(&p, nil, n.Key())
		case unstable.KeyValue:
			w.value(&p, table, n)
		}
	}
	w.complete = p.Error() == nil
	return w
}

// value notes a key and, behind an inline table, the keys in it.
func (w *positions) value(p *unstable.Parser, table []string, n *unstable.Node) {
	path := w.note(p, table, n.Key())
	if n.Value().Kind != unstable.InlineTable {
		return
	}
	for it := n.Value().Children(); it.Next(); {
		w.value(p, path, it.Node())
	}
}

func (w *positions) note(p *unstable.Parser, table []string, key unstable.Iterator) []string {
	path := slices.Clone(table)
	for key.Next() {
		n := key.Node()
		path = append(path, string(n.Data))
		start := p.Shape(n.Raw).Start
		if _, seen := w.at[join(path)]; !seen {
			w.at[join(path)] = position{start.Line, start.Column}
			if len(path) == 2 && path[0] == "instances" {
				w.order = append(w.order, path[1])
			}
		}
	}
	return path
}

// keyAt returns the path of the key on a line.
func (w positions) keyAt(row int) []string {
	var best string
	for path, at := range w.at {
		if at.row == row && len(path) > len(best) {
			best = path
		}
	}
	return strings.Split(best, "\x00")
}

// absolute resolves a path of the file: ~/ is the home folder, and anything
// relative lies beside the file.
func (s Source) absolute(path string) (string, bool) {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		return filepath.Join(s.Home, rest), s.Home != ""
	}
	if filepath.IsAbs(path) {
		return filepath.Clean(path), true
	}
	return filepath.Join(filepath.Dir(s.Path), path), !strings.HasPrefix(path, "~")
}

// Here reads the profile of the caller's own places, and says where those are.
// No configuration at all is an empty profile. Errors are *model.Error.
func Here(c storage.Caller) (Profile, storage.Places, error) {
	places, err := storage.Locate(c)
	if err != nil {
		return Profile{}, places, model.Fail(model.ClassConfig, "find the configuration", err.Error(), "").Because(err)
	}
	home, _ := c.Home() // the one that the places are in
	named, _ := c.Lookup(storage.EnvConfig)
	p, err := Load(Source{Path: places.Config, Named: named != "", UID: c.UID, Shared: places.Scope == storage.ScopeSystem, Home: home, Lookup: c.Lookup})
	return p, places, err
}
