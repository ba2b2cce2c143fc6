package storage

import (
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
)

// Scope tells whom the places belong to.
type Scope string

// The scopes.
const (
	ScopeSystem  Scope = "system"     // one set for the machine, shared by the group seatdeck
	ScopeUser    Scope = "user"       // one set per account
	ScopeScratch Scope = "throw-away" // gone when the program ends
)

// Group is the name of the group that shares the system places.
const Group = "seatdeck"

// The environment variables that move the three places.
const (
	EnvConfig = "SEATDECK_CONFIG"    // the configuration file itself
	EnvState  = "SEATDECK_STATE_DIR" // the folder of the record
	EnvCache  = "SEATDECK_CACHE_DIR" // the folder of the cache
)

const (
	name       = "seatdeck"
	configName = "config.toml"
)

// Caller is who asks, as far as places and permissions are concerned. It is
// passed in so that nothing here reads the environment, and so that tests can
// be any user.
type Caller struct {
	UID    int
	Groups []int                           // the caller's groups, the effective one included
	Lookup func(key string) (string, bool) // the environment
	HomeOf func(uid int) (string, error)   // home folder by the account database
	Root   string                          // prefix of the system places; "" outside tests
}

// Self is the Caller for this process with the given environment.
func Self(lookup func(string) (string, bool)) Caller {
	groups, err := os.Getgroups()
	if err != nil {
		groups = nil // then only the effective group counts
	}
	return Caller{UID: os.Geteuid(), Groups: append(groups, os.Getegid()), Lookup: lookup, HomeOf: homeByAccount}
}

func homeByAccount(uid int) (string, error) {
	u, err := user.LookupId(strconv.Itoa(uid))
	if err != nil {
		return "", err
	}
	return u.HomeDir, nil
}

func (c Caller) env(key string) string {
	v, _ := c.Lookup(key)
	return v
}

// sudo reports whether another account started this through sudo.
func (c Caller) sudo() bool {
	by, ok := c.Lookup("SUDO_UID")
	return ok && by != "" && by != strconv.Itoa(c.UID)
}

func (c Caller) inGroup(gid int) bool {
	return slices.Contains(c.Groups, gid)
}

// Places says where things are kept.
type Places struct {
	Scope  Scope
	Config string // the configuration file, which need not exist
	State  Place  // the record (journal)
	Cache  Place  // what was fetched

	// OtherState is the other scope's state folder, "" when there is none to
	// look for. The sync history merges every journal one may read.
	OtherState string
}

// Place is a folder and the modes of what is created in it.
type Place struct {
	Dir   string
	Modes Modes
}

// In is the folder of that name inside the place.
func (p Place) In(elem ...string) Place {
	return Place{filepath.Join(append([]string{p.Dir}, elem...)...), p.Modes}
}

// Modes are the permissions of what is created.
type Modes struct {
	Dir, File fs.FileMode // permission bits; the set-group-id bit is added to Dir when Shared
	Shared    bool        // the group may write, and others may own files here
}

// Private and Shared are the two sets of modes (design §5).
var (
	Private = Modes{Dir: 0o700, File: 0o600}
	Shared  = Modes{Dir: 0o770, File: 0o660, Shared: true}
)

// Locate finds the places for c: the system's when they are present and c may
// write there, otherwise c's own. It creates nothing.
//
// SEATDECK_CONFIG, SEATDECK_STATE_DIR and SEATDECK_CACHE_DIR move one place
// each. Under sudo, HOME and the XDG variables belong to the caller and are not
// believed: files of root in a person's home would lock the owner out.
func Locate(c Caller) (Places, error) {
	system := c.systemPlaces()
	own, err := c.userPlaces()
	p := own
	switch {
	case c.mayShare(system.State.Dir):
		p = system
		p.OtherState = own.State.Dir
		if !exists(system.Config) && exists(own.Config) {
			p.Config = own.Config
		}
	case err != nil && (c.env(EnvConfig) == "" || c.env(EnvState) == "" || c.env(EnvCache) == ""):
		return Places{}, err
	default:
		p.OtherState = system.State.Dir
	}
	return c.moved(p)
}

func (c Caller) systemPlaces() Places {
	return Places{
		Scope:  ScopeSystem,
		Config: filepath.Join(c.Root, "/etc", name, configName),
		State:  Place{filepath.Join(c.Root, "/var/lib", name), Shared},
		Cache:  Place{filepath.Join(c.Root, "/var/cache", name), Shared},
	}
}

func (c Caller) userPlaces() (Places, error) {
	p := Places{Scope: ScopeUser, State: Place{Modes: Private}, Cache: Place{Modes: Private}}
	home, err := c.Home()
	if err != nil {
		return p, &Fault{Kind: KindNoPlace, Err: err, Msg: "no home folder is known for this account",
			Next: "set " + EnvConfig + ", " + EnvState + " and " + EnvCache}
	}
	p.Config = filepath.Join(c.xdg("XDG_CONFIG_HOME", home, ".config"), name, configName)
	p.State.Dir = filepath.Join(c.xdg("XDG_STATE_HOME", home, ".local/state"), name)
	p.Cache.Dir = filepath.Join(c.xdg("XDG_CACHE_HOME", home, ".cache"), name)
	return p, nil
}

// Home is the caller's home folder: HOME, which containers and tests may set to
// something else than the account database says, unless sudo runs us, which may
// leave somebody else's.
func (c Caller) Home() (string, error) {
	if h := c.env("HOME"); filepath.IsAbs(h) && !c.sudo() {
		return h, nil
	}
	h, err := c.HomeOf(c.UID)
	if err == nil && !filepath.IsAbs(h) {
		err = fs.ErrNotExist
	}
	return h, err
}

// xdg returns the folder of an XDG variable. The base directory specification
// has relative values ignored.
func (c Caller) xdg(key, home, fallback string) string {
	if v := c.env(key); filepath.IsAbs(v) && !c.sudo() {
		return v
	}
	return filepath.Join(home, fallback)
}

// moved applies the three environment variables. A folder moved by hand is
// private to the account, whatever the scope was.
func (c Caller) moved(p Places) (Places, error) {
	config, err := c.absolute(EnvConfig)
	if err != nil {
		return Places{}, err
	}
	if config != "" {
		p.Config = config
	}
	if info, err := os.Stat(p.Config); err == nil && info.IsDir() {
		p.Config = filepath.Join(p.Config, configName)
	}
	state, err := c.absolute(EnvState)
	if err != nil {
		return Places{}, err
	}
	if state != "" {
		p.Scope, p.State, p.OtherState = ScopeUser, Place{state, Private}, ""
	}
	cache, err := c.absolute(EnvCache)
	if err != nil {
		return Places{}, err
	}
	if cache != "" {
		p.Cache = Place{cache, Private}
	}
	return p, nil
}

func (c Caller) absolute(key string) (string, error) {
	v := c.env(key)
	if v == "" {
		return "", nil
	}
	abs, err := filepath.Abs(v)
	if err != nil {
		return "", FaultOf("find", v, err)
	}
	return abs, nil
}

// Scratch makes throw-away places under base for the built-in sandbox. The
// returned function removes them.
func Scratch(base string) (Places, func() error, error) {
	dir, err := os.MkdirTemp(base, name+"-")
	if err != nil {
		return Places{}, nil, FaultOf("create a folder in", base, err)
	}
	p := Places{
		Scope:  ScopeScratch,
		Config: filepath.Join(dir, configName),
		State:  Place{filepath.Join(dir, "state"), Private},
		Cache:  Place{filepath.Join(dir, "cache"), Private},
	}
	return p, func() error { return os.RemoveAll(dir) }, nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
