// Seatdeck is a terminal console for administrators of a self-managed GitLab:
// subscription, users and seats, registration features, sync history. This file
// knows everybody: it puts the rooms together and holds no rules of its own.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"golang.org/x/term"

	"seatdeck/licensing"
	"seatdeck/licensing/gitlab"
	"seatdeck/licensing/host"
	"seatdeck/licensing/sandbox"
	"seatdeck/model"
	"seatdeck/storage"
	"seatdeck/storage/cache"
	"seatdeck/storage/journal"
	"seatdeck/storage/profile"
	"seatdeck/storage/secret"
	"seatdeck/storage/views"
	"seatdeck/ui"
	"seatdeck/ui/cli"
	"seatdeck/ui/theme"
)

// version of this program; a release sets it with -ldflags "-X main.version=…".
var version = "0.1.0-dev"

// cacheWriter is the hidden verb of the short process that writes the cache.
const cacheWriter = "cache-writer"

func main() {
	ctx, hear := start()
	os.Exit(run(ctx, hear, os.Args[1:]))
}

// start makes the process what every part of the program relies on; see [listen]
// for what it returns.
func start() (ctx context.Context, hear func()) {
	stretch(false)
	syscall.Umask(0o077)
	secret.Harden()
	signal.Ignore(syscall.SIGPIPE) // a closed pipe is an error of the write: what was opened still gets closed
	return listen()
}

// deafFor is how long a start may go on without taking up signals.
const deafFor = 20 * time.Millisecond

// listen returns a context that a signal ends once signals are taken up: when
// hear is called, which comes back when they are, or at the latest when the
// process is no longer young. Taking them up needs three threads, more than all
// else that a verb does which shows what is kept. Until then a signal ends the
// process by itself, as it does before main: so whoever begins what must be
// ended in good order calls hear before.
func listen() (_ context.Context, hear func()) {
	ctx, end := context.WithCancelCause(context.Background())
	var once sync.Once
	hear = func() {
		once.Do(func() {
			told, _ := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
			context.AfterFunc(told, func() { end(context.Cause(told)) })
		})
	}
	time.AfterFunc(deafFor, hear)
	return ctx, hear
}

// stackRoom is how much stack a verb needs, in bytes.
const stackRoom = 32 << 10

// stretch makes the stack as large as a verb needs it, at its beginning, where
// there is next to nothing on it. Otherwise it is doubled again and again where it
// is deepest, and each time everything on it is moved, by tables of the program
// that nothing else needs. Only the frame matters, so use is false.
//
//go:noinline
func stretch(use bool) {
	if use {
		var room [stackRoom]byte
		fill(&room)
	}
}

//go:noinline
func fill(room *[stackRoom]byte) { room[0]++ }

// thriftyPercent is how much garbage may lie beside what is in use, in percent of
// it. What takes memory here are columns and texts without pointers: to collect
// them often costs next to nothing, and a million accounts are read in some 330 MB
// instead of 430.
const thriftyPercent = 25

// thrift is for whoever reads all accounts of an instance, or writes the cache. A
// GOGC that somebody set stays.
var thrift = sync.OnceFunc(func() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(thriftyPercent)
	}
})

// run is the whole program: it returns the exit code.
func run(ctx context.Context, hear func(), args []string) int {
	switch {
	case len(args) == 1 && args[0] == cacheWriter:
		hear()
		thrift()
		return cache.Child(ctx, os.Stdin, os.Stdout, nil)
	case len(args) > 0 && args[0] == sandbox.RunnerVerb:
		hear()
		return sandbox.Runner(ctx, args[1:], os.Stdin, os.Stdout, os.Stderr)
	}
	h := &house{hear: hear, environ: os.Environ(), asker: secret.NewAsker(os.Stdin, os.Stderr), caller: storage.Self(secret.Snapshot(os.Environ()))}
	h.who = journal.Myself(h.caller.UID, os.LookupEnv, version)
	defer func() {
		for _, c := range h.closers {
			_ = c()
		}
	}()
	return cli.Run(ctx, args, cli.Deps{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr, InTTY: tty(os.Stdin), OutTTY: tty(os.Stdout), ErrTTY: tty(os.Stderr),
		Lookup: h.caller.Lookup, Version: version, Program: self(), Clock: licensing.SystemClock{}, Zone: time.UTC,
		Instances: func(context.Context) (licensing.Instances, error) { return h, h.open() }, Begin: hear,
		Console: h.console, Scenarios: sandbox.Describe, Themes: theme.Names(),
		Settings: func() ([]model.Setting, string, error) {
			p, _, err := profile.Here(h.caller)
			return p.Show(), p.Path, err
		},
		InitConfig: func() (string, error) { hear(); return profile.InitHere(h.caller) },
		TokenSource: func(ctx context.Context, name string) (string, error) {
			return on(h, name, func(i profile.Instance) (string, error) { _, s, err := h.token(ctx, i); return s.String(), err })
		},
		Probe: func(ctx context.Context, name string, shapes io.Writer) ([]model.Check, error) {
			return on(h, name, func(i profile.Instance) ([]model.Check, error) { return gitlab.Examine(ctx, h.options(i), shapes) })
		},
		VerifyJournal: func(ctx context.Context, name string) (model.JournalReport, error) {
			return on(h, name, func(i profile.Instance) (model.JournalReport, error) {
				return journal.Check(ctx, h.places.State.In(storage.InstanceKey(i.URL)).Dir)
			})
		},
		CacheReport: func(ctx context.Context, name string) (model.CacheReport, error) {
			return on(h, name, func(i profile.Instance) (model.CacheReport, error) { return h.cache(i).Report(ctx) })
		},
		Serve: func(ctx context.Context, o cli.SandboxOptions, ready func(string, string, string)) error {
			hear()
			return sandbox.Serve(ctx, sandbox.Options(o), ready)
		},
		SandboxHost: func(url, token string) []string { return sandbox.RunnerCommand(self(), url, token) },
		Dump: func(_ context.Context, o cli.SandboxOptions, w io.Writer) error {
			return sandbox.Dump(sandbox.Options(o), w)
		},
	})
}

// house is the set of instances somebody may look at: those of the profile or,
// without one, the two of the built-in sandbox in throw-away places.
type house struct {
	hear    func() // before anything is begun that a signal must end in good order
	caller  storage.Caller
	environ []string
	who     model.Who
	opened  bool
	asker   *secret.Asker

	profile profile.Profile
	places  storage.Places
	shelf   licensing.Shelf
	sandbox bool
	closers []func() error
}

// open makes the instances ready to be opened, once.
func (h *house) open() (err error) {
	if h.opened {
		return nil
	}
	if h.profile, h.places, err = profile.Here(h.caller); err == nil {
		h.shelf, err = licensing.LoadShelf()
	}
	if err == nil && h.profile.Empty() {
		err = h.pretend()
	}
	h.opened = err == nil
	return err
}

// on does something for one instance of the profile.
func on[T any](h *house, name string, do func(profile.Instance) (T, error)) (T, error) {
	var none T
	if err := h.open(); err != nil {
		return none, err
	}
	i, err := h.profile.Instance(name)
	if err != nil {
		return none, err
	}
	return do(i)
}

// pretend starts the built-in instances, with a past that fills their record.
func (h *house) pretend() (err error) {
	h.hear()
	var remove func() error
	if h.places, remove, err = storage.Scratch(os.TempDir()); err != nil {
		return model.Fail(model.ClassStorage, "make room for the sandbox", err.Error(), "set TMPDIR to a folder with room").Because(err)
	}
	h.sandbox, h.asker, h.profile.Default, h.closers = true, nil, "prod", append(h.closers, remove)
	built, err := sandbox.BuiltIn()
	for _, b := range built {
		h.closers = append(h.closers, b.Server.Close)
		in := profile.Pretended(b.Name, b.URL, b.HostCommand(self()))
		h.profile.Instances = append(h.profile.Instances, in)
		var past []licensing.Look
		for _, p := range b.Server.PastSyncs() {
			past = append(past, licensing.Look(p))
		}
		if _, err := h.journal(in).Append(context.Background(), licensing.Recall(past)...); err != nil {
			return err
		}
	}
	return err
}

// List returns the instances, the default one first.
func (h *house) List() (list []licensing.InstanceInfo) {
	for _, i := range h.profile.Ordered() {
		list = append(list, h.info(i))
	}
	return list
}

func (h *house) info(i profile.Instance) licensing.InstanceInfo {
	host, plain := i.Host()
	return licensing.InstanceInfo{
		Name: i.Name, Key: storage.InstanceKey(i.URL), Host: host, URL: i.URL, Mode: i.Mode, Colour: i.Colour, Sandbox: h.sandbox,
		PlainHTTP: plain, Driver: i.Sync.Driver, SyncWatch: i.Sync.Deadline, Price: i.SeatYear,
	}
}

// Open puts the desk of an instance together. Nothing is sent yet.
func (h *house) Open(_ context.Context, name string) (*licensing.Desk, error) {
	return on(h, name, func(i profile.Instance) (*licensing.Desk, error) {
		client, err := gitlab.Dial(h.options(i))
		if err != nil {
			return nil, err
		}
		rec, kept := h.journal(i), h.cache(i)
		return licensing.NewDesk(licensing.Parts{
			Info: h.info(i), Instance: client, Host: h.host(i), Cache: kept, Roles: kept, Journal: rec, RunLock: rec, Shelf: h.shelf, Who: h.who, Workers: i.Workers, Begin: h.hear,
			Views:          views.In(h.caller, h.places.State.In(storage.InstanceKey(i.URL)), h.who.User),
			ActivationCode: secret.CodeSource(h.request(i), i.ActivationCodeCommand, i.ActivationCodeFile), Close: func() error { client.Close(); return rec.Close() },
		}), nil
	})
}

// host is the way to the server of an instance; nil when none is configured.
func (h *house) host(i profile.Instance) licensing.Host {
	if i.Sync.HostCommand == nil {
		return nil
	}
	return host.New(host.Options{Command: i.Sync.HostCommand, Mode: i.Mode, Environ: h.environ, Now: time.Now})
}

func (h *house) options(i profile.Instance) gitlab.Options {
	return gitlab.Options{
		BaseURL: i.URL, Mode: i.Mode, CAFile: i.CAFile, AllowHTTP: i.AllowHTTP, UserAgent: "seatdeck/" + version,
		Token: func(ctx context.Context) (string, error) {
			thrift()
			t, _, err := h.token(ctx, i)
			return t.Reveal(), err
		},
	}
}

// token asks the source of an instance's token: perhaps a process that must not
// outlive this one, or a terminal that must echo again.
func (h *house) token(ctx context.Context, i profile.Instance) (secret.Token, secret.Source, error) {
	h.hear()
	if h.sandbox {
		return secret.NewToken(sandbox.TokenAdmin), secret.Source{Kind: "built in"}, nil
	}
	return secret.Find(ctx, h.request(i))
}

func (h *house) request(i profile.Instance) secret.Request {
	return secret.Request{
		Instance: i.Name, Command: i.TokenCommand, File: i.TokenFile, UID: h.caller.UID, Prompt: h.asker.Prompt(i.Name),
		Lookup: h.caller.Lookup, Environ: h.environ, UseEnv: h.profile.EnvTokenFor(i.Name), Unset: os.Unsetenv,
	}
}

func (h *house) cache(i profile.Instance) *cache.Cache {
	return cache.New(cache.Config{
		Place: h.places.Cache.In(storage.InstanceKey(i.URL)), Caller: h.caller, User: h.who.User,
		Argv: []string{self(), cacheWriter}, Now: time.Now,
	})
}

func (h *house) journal(i profile.Instance) *journal.Lazy {
	return journal.In(h.caller, h.places, storage.InstanceKey(i.URL), h.who)
}

func (h *house) console(ctx context.Context, o cli.ConsoleOptions) error {
	h.hear()
	if _, err := on(h, o.Instance, func(i profile.Instance) (any, error) { return nil, h.asker.Settle(ctx, h.request(i)) }); err != nil {
		return err
	}
	return ui.Run(ctx, ui.Options{
		Instances: h, First: o.Instance, Wish: theme.Wish{Theme: o.Theme, ASCII: o.ASCII}, NoColour: o.NoColour,
		Zone: time.UTC, Offline: o.Offline, Environ: h.environ, Getenv: os.Getenv,
	})
}

func tty(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// self is this program's file; without it the start of a child fails and says so.
func self() string { path, _ := os.Executable(); return path }
