package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"seatdeck/licensing"
	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
	"seatdeck/storage"
	"seatdeck/storage/journal"
)

// toyKind is the kind under which the toy acts; its operation is one that the
// list knows.
const toyKind = model.ActRecount

// toy sets things on a server.
type toy struct {
	url   string
	reach func(point string) // called on the way, by the name of the place
}

// web never uses a connection twice: what net/http repeats by itself on a dead
// one would not be the engine's.
var web = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 20 * time.Second}

func (y toy) Check(ctx context.Context, a licensing.Attempt) (model.Reading, error) {
	y.reach("check")
	return y.read(ctx, a.Step.Target)
}

func (y toy) Send(ctx context.Context, a licensing.Attempt) (licensing.Reply, error) {
	y.reach("send")
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, y.url+"/"+a.Step.Target, strings.NewReader(string(a.Step.Send)))
	if err != nil {
		return licensing.Reply{NotSent: true}, err
	}
	resp, err := web.Do(req)
	if err != nil {
		return licensing.Reply{}, lost(err)
	}
	defer resp.Body.Close()
	if _, err := io.ReadAll(resp.Body); err != nil {
		return licensing.Reply{}, lost(err)
	}
	y.reach("answered")
	switch {
	case resp.StatusCode == http.StatusForbidden:
		return licensing.Reply{}, model.Fail(model.ClassRefused, "set it", "the server refuses", "")
	case resp.StatusCode != http.StatusOK:
		return licensing.Reply{}, model.Fail(model.ClassFailed, "set it", "the server failed", "")
	}
	return licensing.Reply{}, nil
}

func lost(err error) error {
	return model.Fail(model.ClassChanged, "set it", "no answer", "").Because(err)
}

func (y toy) Confirm(ctx context.Context, a licensing.Attempt) (model.Verdict, error) {
	y.reach("confirm")
	after, err := y.read(ctx, a.Step.Target)
	if err != nil {
		return model.Verdict{}, err
	}
	return a.Step.Judge(after, a.Lost, a.Late), nil
}

func (y toy) read(ctx context.Context, name string) (model.Reading, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, y.url+"/"+name, nil)
	if err != nil {
		return nil, err
	}
	resp, err := web.Do(req)
	if err != nil {
		return nil, model.AsError("read it", err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return model.Reading{"value": string(b)}, err
}

// instance tells whose token it is and what it may; the engine asks nothing else of it.
type instance struct {
	licensing.Instance
	reach func(point string)
	user  int64
}

func (i instance) Token(context.Context) (model.Token, error) {
	return model.Token{Scopes: []string{"api"}}, nil
}

func (i instance) Operator(context.Context) (model.Operator, error) {
	i.reach("operator")
	return model.Operator{ID: i.user, Username: model.Clean("root"), Admin: true}, nil
}

// record tells where the journal is on the way.
type record struct {
	licensing.Journal
	reach func(point string)
}

func (r record) Append(ctx context.Context, e ...model.Entry) (int, error) {
	r.reach("before the " + string(e[0].Kind))
	n, err := r.Journal.Append(ctx, e...)
	r.reach("after the " + string(e[0].Kind))
	return n, err
}

// clock is the machine's, ahead by so much. With an epoch it is that of a
// made-up GitLab: it begins at rig.Start then and goes faster than the machine's.
type clock struct {
	ahead time.Duration
	epoch time.Time
}

// haste is how much faster the clock of a made-up GitLab goes.
const haste = 30

func (c clock) Now() time.Time {
	if c.epoch.IsZero() {
		return time.Now().Add(c.ahead)
	}
	return rig.Start.Add(haste*time.Since(c.epoch) + c.ahead)
}

func (c clock) Sleep(ctx context.Context, d time.Duration) error {
	if !c.epoch.IsZero() {
		d /= haste
	}
	return licensing.SystemClock{}.Sleep(ctx, d)
}

// world is where desks are opened on one server and one folder.
type world struct {
	dir   string // the folder of the record
	url   string
	mode  model.Mode
	user  int64
	ahead time.Duration
	epoch time.Time // of the clock; zero is the machine's time
	reach func(point string)
	open  journal.OpenFile
	act   licensing.Act // in place of the toy
	real  bool          // an instance of the sandbox, the real door to it, and the real acts
	road  behaviour     // real: how the way to the instance treats requests that write
}

func newWorld(t testing.TB, s *server) world {
	return world{dir: t.TempDir(), url: s.URL, mode: model.ModeWrite, user: 1, reach: func(string) {}}
}

// desk opens a desk as a process of its own would.
func (w world) desk() *licensing.Desk {
	c := storage.Caller{UID: os.Geteuid(), Groups: []int{os.Getegid()}}
	now := clock{w.ahead, w.epoch}
	rec := journal.Later(c, storage.Place{Dir: w.dir, Modes: storage.Private}, journal.Options{
		Who: rig.Who, Now: now.Now, Boot: storage.SinceBoot, Open: w.open,
	})
	var act licensing.Act = toy{w.url, w.reach}
	if w.act != nil {
		act = w.act
	}
	parts := licensing.Parts{
		Info:     licensing.InstanceInfo{Name: "prod", Host: "gitlab.example.com", Key: "0123456789ab", Mode: w.mode},
		Instance: instance{reach: w.reach, user: w.user}, Cache: &rig.MemoryCache{}, Journal: record{rec, w.reach}, RunLock: rec,
		Clock: now, Who: rig.Who, Acts: map[model.ActKind]licensing.Act{toyKind: act}, Close: rec.Close,
	}
	if w.real {
		parts.Acts, parts.Instance, parts.Host, parts.ActivationCode = nil, w.door(), w.host(now), activationCode
	}
	return licensing.NewDesk(parts)
}

func (w world) opened(t testing.TB) *licensing.Desk {
	d := w.desk()
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// later is the world after a request is long over.
func (w world) later() world {
	w.ahead += 2 * time.Minute
	w.reach = func(string) {}
	return w
}

// plan is one that switches things on.
func plan(t testing.TB, d *licensing.Desk, names ...string) model.ChangePlan {
	t.Helper()
	level := model.DangerOne
	if len(names) > 1 {
		level = model.DangerMany
	}
	p, err := d.NewPlan(t.Context(), toyKind, level, "Switch things on")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		p.Steps = append(p.Steps, model.Step{
			Operation: model.OpRecount.Name, Target: n, Changes: []model.Change{{Field: n, Before: "off", After: "on"}},
			Precondition: model.Reading{"value": "off"}, Wanted: model.Reading{"value": "on"},
			Send: json.RawMessage(`{"value":"on"}`), Settle: "read the thing",
		})
	}
	return p
}

func agree(t testing.TB, p model.ChangePlan) model.Consent {
	t.Helper()
	c, err := p.Agree(p.Phrase(), p.Made)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// runs returns what the journal tells, newest first.
func runs(t testing.TB, w world) []model.Run {
	t.Helper()
	return w.opened(t).Load(t.Context()).History.Acts
}

// settled opens the desk anew, as the next start does, and has it settle what
// is open.
func settled(t testing.TB, w world) []model.Run {
	t.Helper()
	d := w.opened(t)
	d.Load(t.Context())
	if err := d.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	return d.View().History.Acts
}

// points notes where an act has been.
type points struct {
	mu  sync.Mutex
	all []string
}

func (p *points) reach(point string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all = append(p.all, point)
}

func (p *points) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return fmt.Sprint(p.all)
}

// entries is everything in the journal.
func entries(t testing.TB, w world) []model.Entry {
	t.Helper()
	j, err := journal.Open(storage.Caller{UID: os.Geteuid(), Groups: []int{os.Getegid()}}, storage.Place{Dir: w.dir, Modes: storage.Private},
		journal.Options{Now: time.Now, Boot: storage.SinceBoot})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	all, err := j.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return all
}
