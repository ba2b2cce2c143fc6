package rig

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"
	"slices"
	"sync"
	"time"

	"seatdeck/licensing"
	"seatdeck/model"
)

// MemoryCache is a cache in this process, for tests where no child process can
// run. Like the real one it keeps bytes, not pointers: what a desk changes after
// saving is not in it. The zero value is ready; its methods may be called from
// any goroutine.
type MemoryCache struct {
	Now func() time.Time // nil: nothing is ever too old
	// Fail, when set, is asked before everything else; what it returns is the
	// answer. The argument is the method's name.
	Fail func(method string) error

	mu     sync.Mutex
	facts  []byte
	at     time.Time
	roster *model.Roster
	walk   *model.RosterWalk
	roles  []byte
	draft  *model.Draft
	saves  int
	drafts int
}

// memoryMaxAge is how old the real cache lets a reading become.
const memoryMaxAge = 30 * 24 * time.Hour

// Facts returns what was saved last, as served from a cache.
func (c *MemoryCache) Facts(ctx context.Context) (*model.Facts, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.refuse(ctx, "Facts"); err != nil {
		return nil, err
	}
	if c.facts == nil || c.old(c.at) {
		return nil, licensing.ErrNoCache
	}
	f := new(model.Facts)
	if err := json.Unmarshal(c.facts, f); err != nil {
		return nil, model.Fail(model.ClassStorage, "read the cache", err.Error(), "")
	}
	return f.FromCache(), nil
}

// Roster returns the accounts that were saved last.
func (c *MemoryCache) Roster(ctx context.Context) (*model.Roster, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.refuse(ctx, "Roster"); err != nil {
		return nil, err
	}
	if c.roster == nil || c.old(c.roster.AsOf().At) {
		return nil, licensing.ErrNoCache
	}
	return c.roster, nil
}

// Walk returns them chunk by chunk.
func (c *MemoryCache) Walk(ctx context.Context) (*model.RosterWalk, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.refuse(ctx, "Walk"); err != nil {
		return nil, err
	}
	if c.walk == nil || c.old(c.walk.AsOf().At) {
		return nil, licensing.ErrNoCache
	}
	return c.walk, nil
}

// Save keeps facts and, when not nil, the roster; a complete one ends the draft.
func (c *MemoryCache) Save(ctx context.Context, facts *model.Facts, roster *model.Roster) error {
	b, err := json.Marshal(facts)
	if err != nil {
		return model.Fail(model.ClassInternal, "write the cache", err.Error(), "")
	}
	var walk *model.RosterWalk
	if roster != nil {
		if roster, walk, err = copyOf(roster); err != nil {
			return err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.refuse(ctx, "Save"); err != nil {
		return err
	}
	c.saves++
	c.facts, c.at = b, facts.ReadAt
	if roster != nil {
		c.roster, c.walk = roster, walk
		if roster.Complete() {
			c.draft = nil
		}
	}
	return nil
}

// copyOf takes a roster through its codec, as a file would.
func copyOf(r *model.Roster) (*model.Roster, *model.RosterWalk, error) {
	var chunks [][]byte
	head, err := r.Encode(func(_ int, b []byte) error {
		chunks = append(chunks, bytes.Clone(b))
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	source := func(from, to int) iter.Seq2[[]byte, error] {
		return func(yield func([]byte, error) bool) {
			for _, b := range chunks[from:to] {
				if !yield(b, nil) {
					return
				}
			}
		}
	}
	if r, err = model.DecodeRoster(head, source); err != nil {
		return nil, nil, err
	}
	walk, err := model.WalkRoster(head, source)
	return r, walk, err
}

// Roles returns the roles that were saved last.
func (c *MemoryCache) Roles(ctx context.Context) (*model.HostRoles, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.refuse(ctx, "Roles"); err != nil {
		return nil, err
	}
	if c.roles == nil {
		return nil, licensing.ErrNoCache
	}
	roles, err := model.DecodeHostRoles(c.roles)
	if err != nil || c.old(roles.AsOf().At) {
		return nil, licensing.ErrNoCache
	}
	return roles, nil
}

// SaveRoles keeps roles.
func (c *MemoryCache) SaveRoles(ctx context.Context, roles *model.HostRoles) error {
	b, err := roles.Encode()
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.refuse(ctx, "SaveRoles"); err != nil {
		return err
	}
	c.roles = b
	return nil
}

// Draft returns the unfinished pull.
func (c *MemoryCache) Draft(ctx context.Context) (model.Draft, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.refuse(ctx, "Draft"); err != nil {
		return model.Draft{}, err
	}
	if c.draft == nil || c.old(c.draft.Started) {
		return model.Draft{}, licensing.ErrNoCache
	}
	return cloneDraft(*c.draft), nil
}

// SaveDraft keeps an unfinished pull.
func (c *MemoryCache) SaveDraft(ctx context.Context, d model.Draft) error {
	d = cloneDraft(d)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.refuse(ctx, "SaveDraft"); err != nil {
		return err
	}
	c.drafts++
	c.draft = &d
	return nil
}

func cloneDraft(d model.Draft) model.Draft {
	d.Pieces = slices.Clone(d.Pieces)
	for i := range d.Pieces {
		d.Pieces[i].Batch = bytes.Clone(d.Pieces[i].Batch)
	}
	return d
}

// Purge removes everything.
func (c *MemoryCache) Purge(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.refuse(ctx, "Purge"); err != nil {
		return err
	}
	c.facts, c.roster, c.walk, c.roles, c.draft = nil, nil, nil, nil, nil
	return nil
}

// Writes returns how often something was saved, and how often a draft.
func (c *MemoryCache) Writes() (saves, drafts int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.saves, c.drafts
}

func (c *MemoryCache) refuse(ctx context.Context, method string) error {
	if c.Fail != nil {
		if err := c.Fail(method); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (c *MemoryCache) old(at time.Time) bool {
	return c.Now != nil && c.Now().Sub(at) > memoryMaxAge
}
