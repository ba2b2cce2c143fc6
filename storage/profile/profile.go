// Package profile reads config.toml: which instances there are, where their
// tokens come from, what may be done on them and what a seat costs.
//
// It never holds a token, only the name of its source, and it never guesses: an
// unknown key, a wrong type or a contradiction is an error that names file,
// line and column and what to write instead.
//
// Invariants: a profile that loads is complete and consistent; addresses are in
// their one spelling ([storage.NormalURL]); paths are absolute; every value
// knows where it was set.
package profile

import (
	"net/url"
	"slices"
	"time"

	"seatdeck/model"
)

const op = "read the configuration"

// EnvName is the name of the instance made from SEATDECK_URL and
// SEATDECK_TOKEN. No instance in a file may have it.
const EnvName = "env"

// The environment variables that make the instance [EnvName].
const (
	EnvURL   = "SEATDECK_URL"
	EnvToken = "SEATDECK_TOKEN"
)

// Drivers of a sync (design §4).
const (
	DriverHost       = "host"
	DriverActivation = "activation"
	DriverBrowser    = "browser"
	DriverNone       = "none"
)

// Defaults and limits of values.
const (
	DefaultWorkers  = 8               // most pages read at a time
	MaxWorkers      = 16              // what a profile may raise that to
	DefaultDriver   = DriverBrowser   // needs nothing configured, sends nothing
	DefaultDeadline = 2 * time.Minute // how long a sync is watched
	MaxDeadline     = 4 * time.Minute // beside the start of GitLab's Ruby an act has this
)

// Profile is the whole configuration.
type Profile struct {
	Path      string     // the file; "" when there is none
	Default   string     // name of the instance that opens first
	Instances []Instance // in the order of the file; the one from the environment first
	origins   map[string]string
}

// Instance is one GitLab.
type Instance struct {
	Name      string
	URL       string // base address in its one spelling
	Mode      model.Mode
	Colour    string // of the badge; "" = none chosen
	AllowHTTP bool   // unencrypted although not on this machine
	CAFile    string // further certificates to trust; "" = the system's alone
	Workers   int    // most pages read at a time, 1 to 16

	TokenFile    string   // at most one of the two is set
	TokenCommand []string // program and arguments

	ActivationCodeFile    string // at most one of the two is set
	ActivationCodeCommand []string

	Sync     Sync
	SeatYear model.Opt[model.Money] // the contract's price of a seat for a year
}

// Sync says how a sync is asked for.
type Sync struct {
	Driver      string
	HostCommand []string
	Deadline    time.Duration
}

// Empty reports whether nothing is configured at all: the first run.
func (p Profile) Empty() bool { return len(p.Instances) == 0 }

// Ordered returns the instances with the default one first, else in the order
// of the file.
func (p Profile) Ordered() []Instance {
	list := slices.Clone(p.Instances)
	if at := slices.IndexFunc(list, func(i Instance) bool { return i.Name == p.Default }); at > 0 {
		first := list[at]
		copy(list[1:at+1], list[:at])
		list[0] = first
	}
	return list
}

// Instance returns the instance of that name, the default one for "". The error
// is a *model.Error of class usage and suggests a near name.
func (p Profile) Instance(name string) (Instance, error) {
	if name == "" {
		name = p.Default
	}
	var names []string
	for _, in := range p.Instances {
		if in.Name == name {
			return in, nil
		}
		names = append(names, in.Name)
	}
	next := "seatdeck instances list shows what there is"
	if near := model.Nearest(name, names); near != "" {
		next = "did you mean " + near + "?"
	}
	return Instance{}, model.Fail(model.ClassUsage, "choose the instance", "there is no instance "+quote(name), next)
}

// EnvTokenFor reports whether a token in the environment is meant for the
// instance: the one made from the environment or, when there is none, the
// default one. It must not go to any other host.
func (p Profile) EnvTokenFor(name string) bool { return name == p.Default }

// Host returns the address's host, with its port when that is not the usual
// one, and whether the way to it is unencrypted although it leaves this machine.
func (i Instance) Host() (host string, plain bool) {
	u, err := url.Parse(i.URL)
	if err != nil {
		return i.URL, false
	}
	return u.Host, u.Scheme == "http" && i.AllowHTTP
}
