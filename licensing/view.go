package licensing

import (
	"slices"
	"time"

	"seatdeck/model"
)

// View is what is known about one instance at one moment, with everything that
// follows from it worked out. Screens and verbs draw it and derive nothing of
// their own, so that both always say the same. A view is large and handed on by
// its address; views share their lists: whoever draws one leaves it as it is.
type View struct {
	Info         InstanceInfo
	Now          time.Time // when the view was made; ages are counted from here
	Facts        model.Facts
	Observed     model.DailyCounts // daily counts of the export joined with those kept here
	History      model.History
	Drivers      []model.DriverState // the ways to ask for a sync
	SyncPage     string              // the page whose button a person presses
	Registration model.Registration
	Alerts       []model.Alert          // worst first
	Price        model.Opt[model.Price] // what a seat costs here
	Roles        *model.HostRoles       // everybody's highest role; nil as long as nobody read them, or the accounts are not in memory
	Notices      []Notice               // what this machine could not do, oldest first
	Offline      *model.Error           // why the newest attempt to reach the instance failed; nil when it did not
	Empty        bool                   // nothing was ever read
}

// Notice is something the person should know about this machine: a cache that
// could not be written, a journal that could not be read. It never stops work,
// and goes away when the same thing works again.
type Notice struct {
	At   time.Time
	Err  *model.Error
	Task Task
}

// Task is what this machine was to do. It tells notices apart, whatever their
// words: one task has one notice at most.
type Task string

// The tasks that a notice may be about.
const (
	TaskReadFacts   Task = "read the cache"
	TaskReadRows    Task = "read the accounts in the cache"
	TaskSave        Task = "write the cache"
	TaskReadRecord  Task = "read the journal"
	TaskWriteRecord Task = "write the journal"
	TaskSettle      Task = "settle what was begun"
	TaskReadRoles   Task = "read the roles in the cache"
	TaskSaveRoles   Task = "keep the roles"
)

// ofCache reports whether the task is about the cache; the others are about the
// record.
func (t Task) ofCache() bool {
	return t == TaskReadFacts || t == TaskReadRows || t == TaskSave || t == TaskReadRoles || t == TaskSaveRoles
}

const (
	// stripWeeks is how many weeks of days a history covers at most.
	stripWeeks = 12
	// derivedFor is how long a view's derived parts hold while nothing changes.
	// They depend on days and on the windows of the daily sync; working them
	// out means decoding the whole record, and a screen asks with every key.
	derivedFor = time.Minute
)

// Counting returns the view with how far the first reading of the accounts is at
// now: until its end nothing else is known of them. It is nil where there is
// nothing to say, or an earlier reading says more. The view itself stays as it is.
func (v *View) Counting(p model.Progress, now time.Time) *View {
	if r := &v.Facts.Roster; p.Stage != model.StageRoster || p.Done == 0 || r.Value.Complete || r.Err != nil {
		return nil
	}
	c := *v
	c.Facts.Roster = model.Read(model.RosterSummary{Accounts: p.Done, About: p.About}, model.Live(now))
	return &c
}

// View returns what is known right now.
func (d *Desk) View() *View {
	now := d.p.Clock.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.derived == nil || !d.derived.Now.Truncate(derivedFor).Equal(now.Truncate(derivedFor)) {
		d.derived = d.derive(now)
	}
	v := *d.derived
	v.Now, v.Offline, v.Notices, v.Roles = now, d.offline, distinct(d.notices), d.roles
	return &v
}

// derive works out what follows from facts and entries. The caller holds mu.
func (d *Desk) derive(now time.Time) *View {
	f := d.facts
	v := &View{
		Info: d.p.Info, Now: now, Facts: f,
		Empty: !f.Metadata.Known() && !f.License.Known() && !f.Roster.Known(),
	}
	v.Observed = model.MergeCounts(f.Daily.Value.Rows, model.CountsIn(newestChapter(d.entries)))
	v.History = model.HistoryOf(d.entries, f.License, stripWeeks, now)
	v.Drivers = model.DriverStates(d.driversIn(&f, d.entries, now))
	v.SyncPage, _ = d.SyncPage(model.DriverBrowser)
	v.Registration = model.RegistrationOf(&f, d.p.Shelf.Catalogue)
	v.Price = d.p.Shelf.Prices.SeatPrice(f.License.Value.Plan, d.p.Info.Price)
	v.Alerts = model.AlertsOf(&f, v.History, now)
	return v
}

// SeatContext is what the seat rule needs beside an account's row.
func (v *View) SeatContext() model.SeatContext { return model.SeatContextOf(&v.Facts) }

// Seating says of every row of a roster whether the account takes a seat.
func (v *View) Seating(r *model.Roster) *model.Seating {
	return model.NewSeating(r, v.SeatContext(), v.Roles)
}

// QueryEnv is what filters and breakdowns need beside the roster.
func (v *View) QueryEnv(r *model.Roster) model.QueryEnv {
	return v.Seating(r).Env(model.DayOf(v.Now), v.Facts.Settings.Value.DormantPeriod())
}

// distinct is the notices without those that tell of the same trouble again: a
// cache that can neither be read nor written is one thing to look after.
func distinct(all []Notice) (out []Notice) {
	for _, n := range all {
		if !slices.ContainsFunc(out, n.repeats) {
			out = append(out, n)
		}
	}
	return out
}

// repeats reports whether both tell of one trouble: the same of the same store.
func (n Notice) repeats(o Notice) bool {
	return n.Task.ofCache() == o.Task.ofCache() && n.Err.Msg == o.Err.Msg && n.Err.Next == o.Err.Next
}
