package cli

import (
	"context"
	"io"
	"time"

	"seatdeck/licensing"
	"seatdeck/model"
)

// Deps is what the verbs need of the world. The functions are lazy: a verb that
// does not need the profile, say, never reads it. Main fills them; tests fill
// what they use.
type Deps struct {
	In       io.Reader
	Out, Err io.Writer
	InTTY    bool // somebody can answer questions
	OutTTY   bool // somebody reads the output on a terminal
	ErrTTY   bool // stderr is a terminal: progress lines are welcome there
	Lookup   func(key string) (string, bool)
	Version  string
	Program  string // absolute path of this program's file; "" when it is not known
	Clock    licensing.Clock
	Zone     *time.Location

	// Begin is called before a file is begun, so that a signal ends it in good
	// order; nil where that needs nothing. Desks do so by themselves.
	Begin func()
	// Instances reads the profile. Without any configuration it is the built-in
	// sandbox, which the returned value says of itself.
	Instances func(ctx context.Context) (licensing.Instances, error)
	// Console runs the full-screen console.
	Console func(ctx context.Context, o ConsoleOptions) error
	// Settings lists every configured value with its origin, and the path of
	// the file ("" when there is none).
	Settings func() ([]model.Setting, string, error)
	// InitConfig writes the starter configuration and returns its path.
	InitConfig func() (string, error)
	// TokenSource says where the token of an instance would come from and asks
	// for it once, so that a failing source is an error here.
	TokenSource func(ctx context.Context, name string) (string, error)
	// Probe asks an instance everything once. shapes, when not nil, receives
	// types, keys and status codes of its answers, without values.
	Probe func(ctx context.Context, name string, shapes io.Writer) ([]model.Check, error)
	// VerifyJournal checks the record of an instance.
	VerifyJournal func(ctx context.Context, name string) (model.JournalReport, error)
	// CacheReport describes the cache of an instance; model.ErrNoCache without one.
	CacheReport func(ctx context.Context, name string) (model.CacheReport, error)
	// Serve runs one sandbox until ctx ends; ready is called when it listens.
	Serve func(ctx context.Context, o SandboxOptions, ready func(url, token, scenario string)) error
	// SandboxHost is the host_command for a sandbox that serves at an address;
	// nil when there is no way to its server.
	SandboxHost func(url, token string) []string
	// Dump writes the truth of a sandbox as JSON lines.
	Dump func(ctx context.Context, o SandboxOptions, w io.Writer) error
	// Scenarios lists the sandbox's scenarios and knobs for the help.
	Scenarios func() (scenarios, knobs [][2]string)
	// Themes are the names of the console's colours.
	Themes []string
}

// ConsoleOptions is what the console is started with.
type ConsoleOptions struct {
	Instance   string
	Offline    bool
	Theme      string
	ASCII      bool
	NoColour   bool
	Accessible bool
}

// SandboxOptions say which made-up instance to run.
type SandboxOptions struct {
	Listen   string
	Users    int
	Seed     uint64
	Token    string
	Scenario string
	Set      []string // KEY=VALUE
}
