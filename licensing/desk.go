package licensing

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"seatdeck/model"
)

// Desk is our work on one instance: reading it, keeping what was read, and
// answering with a [View]. Both front ends call it. Its methods may be called
// from any goroutine.
type Desk struct {
	p    Parts
	acts map[model.ActKind]Act

	life        context.Context // of everything that runs
	stop        context.CancelFunc
	writing     context.Context // of what must outlive it: writers of the cache, acts that have sent something
	stopWriting context.CancelFunc
	running     sync.WaitGroup // begun only while mu is held and the desk is open

	mu        sync.Mutex
	closed    bool
	begun     bool // something ran here, or still does
	facts     model.Facts
	roster    *model.Roster // nil until loaded or read
	roles     *model.HostRoles
	entries   []model.Entry
	notices   []Notice
	offline   *model.Error
	pinsTried time.Time // when the server was last asked for them here
	derived   *View     // what follows from facts and entries; nil when they changed since
}

// Parts is what a desk is put together from. Workers is the most connections a
// pull may use; 0 means the default.
type Parts struct {
	Info     InstanceInfo
	Instance Instance
	Cache    Cache
	Journal  Journal
	RunLock  RunLock // without one nothing can be applied
	Host     Host    // the GitLab server itself; nil when no way to it is configured
	Clock    Clock
	Roles    RoleStore // keeps roles for the next process; nil keeps them in memory only
	Views    ViewStore // keeps saved views; nil keeps none
	Shelf    Shelf
	Who      model.Who
	Workers  int
	Acts     map[model.ActKind]Act // in place of those this program knows; tests put theirs here
	Begin    func()                // called before anything is begun that must be ended in good order; may be nil
	Close    func() error          // releases what the parts hold; may be nil

	// ActivationCode asks the configured source for the code; nil without one.
	ActivationCode func(ctx context.Context) (string, error)
}

// NewDesk returns the desk of an instance. Nothing is read yet.
func NewDesk(p Parts) *Desk {
	if p.Clock == nil {
		p.Clock = SystemClock{}
	}
	d := &Desk{p: p}
	d.life, d.stop = context.WithCancel(context.Background())
	d.writing, d.stopWriting = context.WithCancel(context.Background())
	d.p.Cache = mortal{p.Cache, d.writing}
	d.facts.Instance, d.facts.Host = p.Info.Name, p.Info.Host
	if d.acts = p.Acts; d.acts == nil {
		d.acts = actsOf(d)
	}
	return d
}

// Info returns what the profile says about the instance.
func (d *Desk) Info() InstanceInfo { return d.p.Info }

// Load reads what is kept on this machine, without any network, and returns the
// view of it. Nothing kept is not an error: the view is then empty. Trouble
// with the cache or the journal becomes a notice.
func (d *Desk) Load(ctx context.Context) *View {
	// One after the other: a second thread needs longer to begin, and to find memory
	// of its own, than reading the facts beside the record would save.
	facts, err := d.p.Cache.Facts(ctx)
	switch {
	case err == nil:
		d.take(facts)
	case errors.Is(err, ErrNoCache):
		err = nil
	}
	d.settle(TaskReadFacts, err)
	d.readJournal(ctx)
	return d.View()
}

// take replaces the facts by kept ones, unless those in memory are newer
// because they could not be saved. Rows of another reading go with them.
func (d *Desk) take(kept *model.Facts) {
	kept.Instance, kept.Host = d.p.Info.Name, d.p.Info.Host
	d.change(func(f *model.Facts) {
		if kept.ReadAt.Before(f.ReadAt) {
			return
		}
		*f = *kept
		if d.roster != nil && !d.roster.AsOf().At.Equal(kept.Roster.AsOf.At) {
			d.roster = nil
		}
	})
}

// Roster returns all accounts: those read last, else those in the cache.
// ErrNoCache says that there are none yet; any other trouble becomes a notice
// as well.
func (d *Desk) Roster(ctx context.Context) (*model.Roster, error) {
	if r := d.Rows(); r != nil {
		return r, nil
	}
	r, err := d.p.Cache.Roster(ctx)
	if errors.Is(err, ErrNoCache) {
		return nil, err
	}
	d.settle(TaskReadRows, err)
	d.loadRoles(ctx, r)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	if d.roster != nil || r.AsOf().At.Equal(d.facts.Roster.AsOf.At) {
		defer d.mu.Unlock()
		if d.roster == nil {
			d.roster = r
		}
		return d.roster, nil
	}
	d.mu.Unlock()
	// Another process saved these rows after our facts: count them again, so
	// that totals and rows are of one reading.
	d.keepRoster(r)
	return r, nil
}

// Walk returns all accounts, part by part: those in memory, else those in the
// cache, which are then never in memory as a whole. Errors are those of
// [Desk.Roster]. The roles are in the view afterwards.
func (d *Desk) Walk(ctx context.Context) (*model.RosterWalk, error) {
	if r := d.Rows(); r != nil {
		return r.Walk(), nil
	}
	w, err := d.p.Cache.Walk(ctx)
	if errors.Is(err, ErrNoCache) {
		return nil, err
	}
	d.settle(TaskReadRows, err)
	d.loadRoles(ctx, nil)
	return w, err
}

// keepRoster makes rows the roster, and counts them.
func (d *Desk) keepRoster(rows *model.Roster) {
	breakdown := d.count(rows)
	d.change(func(f *model.Facts) {
		d.roster = rows
		f.Roster = model.Read(rows.Summary(model.None[int]()), rows.AsOf())
		f.Breakdown = model.Read(breakdown, rows.AsOf())
	})
}

// Rows returns the accounts that are in memory already, nil when none are: it
// asks neither the cache nor the instance.
func (d *Desk) Rows() *model.Roster {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.roster
}

// Memberships reads one account's direct memberships from the instance.
func (d *Desk) Memberships(ctx context.Context, id int64) ([]model.Membership, error) {
	return d.p.Instance.Memberships(ctx, id)
}

// Purge empties the cache. The journal stays.
func (d *Desk) Purge(ctx context.Context) error {
	ctx, done, err := d.begin(ctx, "empty the cache")
	if err != nil {
		return err
	}
	defer done()
	return d.p.Cache.Purge(ctx)
}

// snapshot returns the facts as they are.
func (d *Desk) snapshot() *model.Facts {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.facts
	return &now
}

// change changes the facts, and what goes with them, and returns them as they
// are then. It is the only way to change them: parts of them are replaced as a
// whole, so that copies stay true.
func (d *Desk) change(f func(*model.Facts)) *model.Facts {
	d.mu.Lock()
	defer d.mu.Unlock()
	f(&d.facts)
	d.derived = nil
	now := d.facts
	return &now
}

// settle keeps trouble of this machine for the view, and drops it when the same
// thing works again. A cancelled attempt says neither.
func (d *Desk) settle(task Task, err error) {
	e := model.AsError(string(task), err)
	if e != nil && e.Class == model.ClassCancelled {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	i := slices.IndexFunc(d.notices, func(n Notice) bool { return n.Task == task })
	switch {
	case e == nil && i >= 0:
		d.notices = slices.Delete(d.notices, i, i+1)
	case e != nil && i >= 0:
		d.notices[i].Err = e
	case e != nil:
		d.notices = append(d.notices, Notice{At: d.now(), Err: e, Task: task})
	}
}

func (d *Desk) now() time.Time { return d.p.Clock.Now().UTC() }
