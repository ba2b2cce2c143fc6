package cache

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/dgraph-io/badger/v4"

	"seatdeck/model"
	"seatdeck/storage"
)

// MaxAge is how old a reading may be to be served. An older one is treated as
// absent: it would be taken for the state of an instance that has moved on.
const MaxAge = 30 * 24 * time.Hour

// Config says where a cache lies and how its child is started.
type Config struct {
	Place  storage.Place  // the folder of this instance's cache, made when needed
	Caller storage.Caller // who we are, for owner and mode checks
	User   string         // our name, told to others who wait for the lock; may be empty
	Argv   []string       // program and arguments that end in [Child], such as the own binary and a hidden verb
	Now    func() time.Time
}

// Cache keeps what was fetched from one instance. It is safe for use from many
// goroutines and holds nothing open between calls. Its errors are
// model.ErrNoCache or *model.Error.
type Cache struct {
	cfg      Config
	patience patience

	mu   sync.Mutex
	sent map[string]bool // digests of draft pieces that are in the database
}

// New returns the cache of one instance. It touches nothing yet.
func New(cfg Config) *Cache { return &Cache{cfg: cfg, sent: map[string]bool{}} }

// Facts returns the newest facts without reading any account, marked as served
// from the cache; model.ErrNoCache when there are none younger than [MaxAge].
// It takes as long beside a million accounts as beside none.
func (c *Cache) Facts(ctx context.Context) (*model.Facts, error) {
	f := new(model.Facts)
	err := c.read(ctx, func() error {
		return c.sharing(ctx, factsHalf, func(dir string) error {
			k, err := readKept(dir)
			if err == nil {
				err = c.fresh(k.Facts.At)
			}
			if err != nil {
				return err
			}
			if err := model.DecodeJSON(k.facts, f); err != nil {
				return damaged("the facts cannot be read: %v", err)
			}
			return nil
		})
	})
	if err != nil {
		return nil, failure(opRead, err)
	}
	return f.FromCache(), nil
}

// Roster returns the accounts beside the newest facts, decoded in parallel;
// model.ErrNoCache when there are none younger than [MaxAge].
func (c *Cache) Roster(ctx context.Context) (*model.Roster, error) {
	var r *model.Roster
	err := c.onRows(ctx, func(txn *badger.Txn, ref rosterRef) (err error) {
		r, err = readRoster(ctx, txn, ref)
		return err
	})
	if err != nil {
		return nil, failure(opRead, err)
	}
	return r, nil
}

// onRows runs f on the accounts beside the newest facts; model.ErrNoCache when
// there are none younger than [MaxAge]. Its closures inlined would be another
// set of them for every caller.
//
//go:noinline
func (c *Cache) onRows(ctx context.Context, f func(*badger.Txn, rosterRef) error) error {
	return c.read(ctx, func() error {
		return c.viewRoster(ctx, func(txn *badger.Txn) error {
			ref, err := c.rowsIn(ctx, txn)
			if err == nil {
				err = f(txn, ref)
			}
			return err
		})
	})
}

// rowsIn tells which accounts of a database belong to the newest facts.
func (c *Cache) rowsIn(ctx context.Context, txn *badger.Txn) (rosterRef, error) {
	cur, err := c.current(ctx)
	if err != nil {
		return rosterRef{}, err
	}
	found, err := hasHead(txn, cur.Roster)
	if err == nil && !found {
		err = model.ErrNoCache
	}
	if err == nil {
		err = c.fresh(cur.Roster.At)
	}
	return cur.Roster, err
}

func readRoster(ctx context.Context, txn *badger.Txn, ref rosterRef) (*model.Roster, error) {
	h, err := readHead(txn, ref)
	if err != nil {
		return nil, err
	}
	r, err := model.DecodeRoster(h.Roster, chunksOf(ctx, txn, ref.Gen, h.Chunks))
	if err != nil && ctx.Err() == nil && !errors.Is(err, ErrDamaged) {
		err = damaged("%s", err)
	}
	return r, err
}

// Draft returns an unfinished pull to go on with; model.ErrNoCache when there
// is none younger than [MaxAge].
func (c *Cache) Draft(ctx context.Context) (model.Draft, error) {
	var d model.Draft
	err := c.read(ctx, func() error {
		return c.viewRoster(ctx, func(txn *badger.Txn) (err error) {
			if d, err = readDraft(txn); err != nil {
				return err
			}
			return c.fresh(d.Started)
		})
	})
	if err != nil {
		return model.Draft{}, failure(opRead, err)
	}
	return d, nil
}

// fresh is an error, with ErrNoCache inside, when what was read at that time is
// too old to be served.
func (c *Cache) fresh(at time.Time) error {
	age := c.cfg.Now().Sub(at)
	if age <= MaxAge {
		return nil
	}
	return expired(age)
}
