package licensing

import (
	"context"
	"errors"
	"sync"
	"time"

	"seatdeck/model"
)

// Desk is our work on one instance: reading it, keeping what was read, and
// answering with a [View]. Both front ends call it. Its methods may be called
// from any goroutine.
type Desk struct {
	p Parts

	mu      sync.Mutex
	facts   model.Facts
	roster  *model.Roster // nil until loaded or read
	entries []model.Entry
	notices []Notice
	offline *model.Error
}

// Parts is what a desk is put together from. Workers is the most connections a
// pull may use; 0 means the default.
type Parts struct {
	Info     InstanceInfo
	Instance Instance
	Cache    Cache
	Journal  Journal
	Clock    Clock
	Shelf    Shelf
	Who      model.Who
	Workers  int
	Close    func() error // releases what the parts hold; may be nil
}

// stripWeeks is how many weeks of days a history covers at most.
const stripWeeks = 12

// NewDesk returns the desk of an instance. Nothing is read yet.
func NewDesk(p Parts) *Desk {
	if p.Clock == nil {
		p.Clock = SystemClock{}
	}
	d := &Desk{p: p}
	d.facts.Instance, d.facts.Host = p.Info.Name, p.Info.Host
	return d
}

// Info returns what the profile says about the instance.
func (d *Desk) Info() InstanceInfo { return d.p.Info }

// Close releases what the desk holds.
func (d *Desk) Close() error {
	if d.p.Close == nil {
		return nil
	}
	return d.p.Close()
}

// Load reads what is kept on this machine, without any network, and returns the
// view of it. Nothing kept is not an error: the view is then empty. Trouble
// with the cache or the journal becomes a notice.
func (d *Desk) Load(ctx context.Context) View {
	facts, err := d.p.Cache.Facts(ctx)
	d.mu.Lock()
	switch {
	case err == nil:
		d.facts = facts.FromCache()
		d.facts.Instance, d.facts.Host = d.p.Info.Name, d.p.Info.Host
	case !errors.Is(err, ErrNoCache):
		d.note("read the cache", err)
	}
	d.mu.Unlock()
	d.readJournal(ctx)
	return d.View()
}

// View returns what is known right now.
func (d *Desk) View() View {
	now := d.p.Clock.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	v := View{
		Info:    d.p.Info,
		Now:     now,
		Facts:   d.facts,
		Offline: d.offline,
		Notices: append([]Notice(nil), d.notices...),
		Empty:   !d.facts.Metadata.Known() && !d.facts.License.Known() && !d.facts.Roster.Known(),
	}
	v.Observed = model.MergeCounts(d.facts.Daily.Value.Rows, model.CountsIn(d.entries))
	v.History = model.HistoryOf(d.entries, d.facts.License, stripWeeks, now)
	v.Registration = model.RegistrationOf(d.facts, d.p.Shelf.Catalogue)
	v.Price = d.p.Shelf.Prices.SeatPrice(d.facts.License.Value.Plan, d.p.Info.Price)
	v.Alerts = model.AlertsOf(d.facts, v.History, now)
	return v
}

// Roster returns all accounts: those read last, else those in the cache.
// ErrNoCache says that there are none yet.
func (d *Desk) Roster(ctx context.Context) (*model.Roster, error) {
	d.mu.Lock()
	r := d.roster
	d.mu.Unlock()
	if r != nil {
		return r, nil
	}
	r, err := d.p.Cache.Roster(ctx)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.roster == nil {
		d.roster = r
	}
	return d.roster, nil
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
func (d *Desk) Purge(ctx context.Context) error { return d.p.Cache.Purge(ctx) }

// note keeps trouble of this machine for the view. The caller holds mu.
func (d *Desk) note(op string, err error) {
	e := model.AsError(op, err)
	if e.Class == model.ClassCancelled {
		return
	}
	for _, n := range d.notices {
		if n.Err.Error() == e.Error() {
			return
		}
	}
	d.notices = append(d.notices, Notice{At: d.now(), Err: e})
}

func (d *Desk) now() time.Time { return d.p.Clock.Now().UTC() }

func (d *Desk) readJournal(ctx context.Context) {
	entries, err := d.p.Journal.Read(ctx)
	d.mu.Lock()
	defer d.mu.Unlock()
	if err != nil {
		d.note("read the journal", err)
	}
	if err == nil || len(entries) > 0 {
		d.entries = entries
	}
}
