// Package rig puts a whole desk together for tests: a made-up GitLab, the real
// adapter in front of it, the real cache and the real journal in a temporary
// folder, and one clock that all of them read.
//
// Only tests may import it. It never listens beyond loopback and leaves nothing
// behind when the test ends. Everything in a rig tells the same time: that of
// [Rig.Clock].
//
// A test binary that uses a rig with the real cache calls [Main] from its
// TestMain, because the cache is written by a child process of the same binary.
// Tests in fake time (testing/synctest) set [Options.Bubble].
package rig

import (
	"cmp"
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"seatdeck/licensing"
	"seatdeck/licensing/gitlab"
	"seatdeck/licensing/host"
	"seatdeck/licensing/sandbox"
	"seatdeck/model"
	"seatdeck/storage"
	"seatdeck/storage/cache"
	"seatdeck/storage/journal"
	"seatdeck/storage/profile"
	"seatdeck/storage/views"
)

// Start is the time at which a rig's clock begins unless a test says otherwise.
var Start = time.Date(2026, 11, 21, 9, 52, 0, 0, time.UTC)

// Options say what to put together. The zero value is the default scenario,
// read-only, over calls in this process, with the real cache.
type Options struct {
	Name     string            // of the instance in the profile; "" means prod
	Scenario string            // one of sandbox.Scenarios; "" means the default
	Users    int               // accounts; 0 means the scenario's own number
	Seed     uint64            // decides people, names and dates
	Set      map[string]string // knobs of the sandbox
	Token    string            // one of the sandbox's tokens; "" means its administrator's
	Mode     model.Mode        // "" means read-only
	Workers  int               // most connections of a pull; 0 means the default
	Start    time.Time         // zero means Start
	Price    model.Opt[model.Money]

	Code string // to activate with; "" means the one that the portal takes

	// NoHost leaves out the way to the GitLab server.
	NoHost bool
	// Sockets serves the instance on a loopback listener instead of calling its
	// handler directly.
	Sockets bool
	// Transport wraps the way to the instance, such as to count or spoil
	// requests.
	Transport func(http.RoundTripper) http.RoundTripper
	// Memory keeps the cache in this process, so that no child is started.
	Memory bool
	// Bubble lets the clock follow package time, and implies Memory. In fake time
	// it is the bubble that drives it (then Sockets must be off); benchmarks set
	// it so that things take the time they take.
	Bubble bool
}

// Rig is a desk with everything around it.
type Rig struct {
	Desk    *licensing.Desk
	Sandbox *sandbox.Server
	Clock   *Clock
	Journal *journal.Lazy
	Cache   licensing.Cache
	Info    licensing.InstanceInfo
	Shelf   licensing.Shelf
	URL     string // the instance's address

	t      testing.TB
	o      Options
	dir    string
	road   *road
	caller storage.Caller
}

// New puts a rig together. It fails the test when something does not fit; all
// of it ends with the test.
func New(t testing.TB, o Options) *Rig {
	t.Helper()
	if o.Name == "" {
		o.Name = "prod"
	}
	if o.Start.IsZero() {
		o.Start = Start
	}
	if o.Mode == "" {
		o.Mode = model.ModeReadOnly
	}
	o.Memory = o.Memory || o.Bubble
	r := &Rig{t: t, o: o, dir: t.TempDir(), caller: storage.Self(func(string) (string, bool) { return "", false })}
	r.Clock = newClock(o.Start, o.Bubble)
	r.begin()
	var err error
	if r.Shelf, err = licensing.LoadShelf(); err != nil {
		t.Fatal(err)
	}
	r.Cache = r.openCache()
	r.Journal = r.openJournal()
	r.Desk = r.desk(r.Cache, r.Journal)
	return r
}

// begin starts the made-up instance and the road to it.
func (r *Rig) begin() {
	r.t.Helper()
	cfg := sandbox.Config{Scenario: r.o.Scenario, Seed: r.o.Seed, Users: r.o.Users, Set: r.o.Set, Now: r.Clock.Now}
	var err error
	if r.Sandbox, err = sandbox.New(cfg); err != nil {
		r.t.Fatal(err)
	}
	// A name that is reserved for such things, so that nobody can be reached by it.
	r.URL = "https://" + r.o.Name + ".gitlab.example"
	r.road = &road{next: direct{r.Sandbox.Handler()}}
	if r.o.Sockets {
		if r.URL, err = r.Sandbox.Start("127.0.0.1:0"); err != nil {
			r.t.Fatal(err)
		}
		r.t.Cleanup(func() { _ = r.Sandbox.Close() })
		wire := &http.Transport{MaxIdleConnsPerHost: 32}
		r.t.Cleanup(wire.CloseIdleConnections)
		r.road.next = wire
	}
	if r.o.Transport != nil {
		r.road.next = r.o.Transport(r.road.next)
	}
	_, host, _ := strings.Cut(r.URL, "://")
	r.Info = licensing.InstanceInfo{
		Name: r.o.Name, Key: storage.InstanceKey(r.URL), Host: host, URL: r.URL, Mode: r.o.Mode, Price: r.o.Price, Driver: profile.DriverNone,
	}
}

// Reopen returns a desk as a new process would have it: the same instance and
// the same storage, nothing in memory.
func (r *Rig) Reopen() *licensing.Desk {
	r.t.Helper()
	return r.desk(r.openCache(), r.openJournal())
}

// Cut breaks every connection to the instance from now on, or heals them.
func (r *Rig) Cut(broken bool) { r.road.cut.Store(broken) }

// Turn turns a knob of the running instance; see sandbox.Server.Turn.
func (r *Rig) Turn(name, value string) {
	r.t.Helper()
	if err := r.Sandbox.Turn(name, value); err != nil {
		r.t.Fatal(err)
	}
}

// Refreshed is the view after a refresh, which must succeed.
func (r *Rig) Refreshed(ctx context.Context) *licensing.View {
	r.t.Helper()
	v, err := r.Desk.Refresh(ctx, licensing.RefreshOptions{}, nil)
	if err != nil {
		r.t.Fatalf("refresh: %v", err)
	}
	return v
}

// Instance returns the adapter in front of the instance, as a new process would
// open it. Who waits on it waits on the rig's clock.
func (r *Rig) Instance() *gitlab.Client {
	r.t.Helper()
	token := r.o.Token
	if token == "" {
		token = sandbox.TokenAdmin
	}
	c, err := gitlab.Dial(gitlab.Options{
		BaseURL: r.URL, Mode: r.o.Mode, UserAgent: "seatdeck/test", Base: r.road,
		Token: func(context.Context) (string, error) { return token, nil },
		Now:   r.Clock.Now, Sleep: r.Clock.Sleep,
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return c
}

// Who acts in every rig.
var Who = model.Who{UID: 1000, User: "alice", PID: 4711, Tool: "seatdeck/test"}

func (r *Rig) desk(c licensing.Cache, j *journal.Lazy) *licensing.Desk {
	client := r.Instance()
	parts := licensing.Parts{
		Info: r.Info, Instance: client, Cache: c, Journal: j, RunLock: j, Roles: c.(licensing.RoleStore), Views: views.In(r.caller, r.place("state"), Who.User), Clock: r.Clock, Shelf: r.Shelf, Who: Who, Workers: r.o.Workers,
		Host:           host.New(host.Options{Command: []string{"gitlab-rails"}, Mode: r.o.Mode, Now: r.Clock.Now, Launch: r.Sandbox.Launch(r.Clock.Sleep)}),
		ActivationCode: func(context.Context) (string, error) { return cmp.Or(r.o.Code, sandbox.ActivationCode), nil },
		Close:          func() error { client.Close(); return j.Close() },
	}
	if r.o.NoHost {
		parts.Host = nil
	}
	d := licensing.NewDesk(parts)
	r.t.Cleanup(func() { _ = d.Close() })
	return d
}

func (r *Rig) openCache() licensing.Cache {
	r.t.Helper()
	if r.o.Memory {
		if m, ok := r.Cache.(*MemoryCache); ok {
			return m
		}
		return &MemoryCache{Now: r.Clock.Now}
	}
	return cache.New(cache.Config{
		Place: r.place("cache"), Caller: r.caller, User: Who.User, Argv: childArgv(r.t), Now: r.Clock.Now,
	})
}

func (r *Rig) openJournal() *journal.Lazy {
	return journal.Later(r.caller, r.place("state"), journal.Options{
		Who: Who, Now: r.Clock.Now, Boot: func() time.Duration { return r.Clock.Now().Sub(r.o.Start) + time.Hour },
	})
}

func (r *Rig) place(name string) storage.Place {
	return storage.Place{Dir: filepath.Join(r.dir, name), Modes: storage.Private}.In(storage.InstanceKey(r.URL))
}
