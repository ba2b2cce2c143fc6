package licensing

import (
	"context"
	"encoding/json"
	"time"

	"seatdeck/model"
)

// Instance is the door to one GitLab: reading operations, each one question.
// Implementations clean all text, enforce the mode gate, and return *model.Error.
type Instance interface {
	// Metadata asks what version runs there (contract §9).
	Metadata(ctx context.Context) (model.Metadata, error)
	// Token asks about the token in use (contract §11.2).
	Token(ctx context.Context) (model.Token, error)
	// Operator asks whose token it is, and finds out by a probe whether the
	// instance treats it as an administrator (contract §5.3, §11.3).
	Operator(ctx context.Context) (model.Operator, error)
	// License reads the current licence from REST and GraphQL and joins them.
	// No licence is an answer (Kind none), not an error.
	License(ctx context.Context) (model.License, error)
	// Terms reads all licence rows, newest first.
	Terms(ctx context.Context) ([]model.Term, error)
	// Future reads the terms to come, soonest first.
	Future(ctx context.Context) ([]model.Term, error)
	// AddOns reads the active add-on purchases.
	AddOns(ctx context.Context) ([]model.AddOn, error)
	// Promotions reads who waits for a billable role.
	Promotions(ctx context.Context) ([]model.Promotion, error)
	// Settings reads the allow-list of settings.
	Settings(ctx context.Context) (model.Settings, error)
	// Statistics reads the approximate counts.
	Statistics(ctx context.Context) (model.Statistics, error)
	// Ping reads selected facts of the cached Service Ping payload.
	Ping(ctx context.Context) (model.Ping, error)
	// Daily reads the daily counts of the current term from the usage export.
	// On an offline licence that marks the usage as exported, hence kind: the
	// gate then treats it as a write (contract §1.10).
	Daily(ctx context.Context, kind model.Kind) ([]model.DayCount, error)
	// Accounts reads one page of a range of accounts.
	Accounts(ctx context.Context, req PageRequest) (Page, error)
	// Account reads one account by id; model.ClassUsage when there is none.
	Account(ctx context.Context, id int64) (model.Account, error)
	// Memberships reads one account's direct memberships, all pages.
	Memberships(ctx context.Context, id int64) ([]model.Membership, error)
	// LastSync reads nothing but when the licence was last synced, for polling:
	// unknown without a licence, and for one that never was.
	LastSync(ctx context.Context) (model.Opt[time.Time], error)

	// PutSettings sends switches of the registration, and nothing else of the
	// settings, once; it returns what the instance answers, which proves nothing.
	PutSettings(ctx context.Context, payload json.RawMessage) (model.Settings, error)
	// Recount has the instance count its billable users anew, in the background.
	// row is the licence's row id (contract §1.9).
	Recount(ctx context.Context, row int) error
	// Activate hands an activation code to the instance, once (contract §2.4).
	// The code is a secret and in no error.
	Activate(ctx context.Context, code string) (model.Activation, error)
}

// Range, PageRequest and Page are how accounts are asked for and answered. They
// live in model, so that adapters can speak them without importing this package.
type (
	Range       = model.Range
	PageRequest = model.PageRequest
	Page        = model.Page
)

// ErrNoCache says that nothing is cached for the instance. It is a normal
// state, not a failure.
var ErrNoCache = model.ErrNoCache

// Cache keeps what was fetched from one instance. It is disposable: nothing in
// it is a record, and any of its errors leaves the caller able to go on.
type Cache interface {
	// Facts returns the newest generation without its rows, marked as served from
	// the cache, or ErrNoCache.
	Facts(ctx context.Context) (*model.Facts, error)
	// Roster returns the rows of the newest generation, or ErrNoCache.
	Roster(ctx context.Context) (*model.Roster, error)
	// Walk returns the same rows without ever holding all of them, or ErrNoCache.
	// It ends with an error of class locked where they are replaced meanwhile.
	Walk(ctx context.Context) (*model.RosterWalk, error)
	// Save makes facts, and the roster when not nil, the newest generation.
	// A nil roster keeps the rows there are. Old or new, never a mix.
	Save(ctx context.Context, facts *model.Facts, roster *model.Roster) error
	// Draft returns an unfinished pull to go on with, or ErrNoCache.
	Draft(ctx context.Context) (Draft, error)
	// SaveDraft keeps finished pieces of a pull that still goes on.
	SaveDraft(ctx context.Context, d Draft) error
	// Purge removes everything kept for the instance.
	Purge(ctx context.Context) error
}

// Draft and Piece are an interrupted pull. They live in model because the
// cache keeps them and may not know this package.
type (
	Draft = model.Draft
	Piece = model.Piece
)

// Journal is the record of what was observed and done. It is never disposable.
type Journal interface {
	// Append adds the entries durably, in one step. One with a natural key that
	// exists already is left out; added is how many were not.
	Append(ctx context.Context, entries ...model.Entry) (added int, err error)
	// Read returns all entries this process may see, oldest first.
	Read(ctx context.Context) ([]model.Entry, error)
	// Own returns the entries of the one journal that Append adds to, without
	// those of other accounts on this machine.
	Own(ctx context.Context) ([]model.Entry, error)
	// Old returns the records that Retain would drop.
	Old(ctx context.Context, before time.Time) (model.OldRecords, error)
	// Retain drops whole files in which every record is older than before, and
	// returns what went. What is still to be settled stays.
	Retain(ctx context.Context, before time.Time) (model.OldRecords, error)
}

// RunLock lets one act at a time change an instance, among all processes that
// share the journal. It dies with its process.
type RunLock interface {
	// Acquire waits for the lock as long as patience says; none means one try.
	// When it stays taken the error is of class locked and names the holder.
	Acquire(ctx context.Context, patience time.Duration) (release func(), err error)
}

// Clock tells the time and waits. Tests drive it.
type Clock interface {
	Now() time.Time
	// Sleep waits for d, or until ctx ends and then returns its error.
	Sleep(ctx context.Context, d time.Duration) error
}

// SystemClock is the machine's clock.
type SystemClock struct{}

// Now returns the machine's time.
func (SystemClock) Now() time.Time { return time.Now() }

// Sleep waits on a timer.
func (SystemClock) Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Instances is the set of instances a person may look at.
type Instances interface {
	// List returns them in the profile's order; the default comes first.
	List() []InstanceInfo
	// Open returns the desk of one. The caller closes it.
	Open(ctx context.Context, name string) (*Desk, error)
}

// InstanceInfo is what the profile says about an instance.
type InstanceInfo struct {
	Name      string
	Key       string // hash of the normalised address: what is kept lies under it, and plans are bound to it
	Host      string // host, with the port when it is not the default
	URL       string // base address, without user or password
	Mode      model.Mode
	Colour    string                 // badge colour by name; "" for the default
	PlainHTTP bool                   // unencrypted: shown in every header
	Sandbox   bool                   // made-up data
	Driver    string                 // sync driver by name
	SyncWatch time.Duration          // how long the last sync time is watched after a sync; 0 means two minutes
	Price     model.Opt[model.Money] // a seat for a year, from the profile
}
