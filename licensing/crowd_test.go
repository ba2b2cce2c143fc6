package licensing_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"seatdeck/licensing"
	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
)

func TestMain(m *testing.M) { os.Exit(rig.Main(m)) }

// crowd is an instance that has accounts and nothing else, by the letter of
// contract §5.1 and §5.2: ranges include both ends and are compared with every
// digit that is stored; pages stand in the order of ids; a cursor is a place in
// that order, or a page number.
type crowd struct {
	licensing.Instance // asked for anything else, it panics

	shown    time.Duration // grain in which creation times are shown
	numbered bool          // pages are numbered
	size     int           // accounts a page
	// before, when set, is called with the number of the request before it is
	// answered; its error is the answer.
	before func(ctx context.Context, n int, req licensing.PageRequest) error
	took   func(n int) time.Duration

	mu      sync.Mutex
	people  []person // by id
	asked   int
	running int
	most    int // requests at one time
}

type person struct {
	id int64
	at time.Time
}

// join adds somebody who signs up at a moment.
func (c *crowd) join(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id := int64(1)
	if n := len(c.people); n > 0 {
		id = c.people[n-1].id + 1
	}
	c.people = append(c.people, person{id, at})
}

func (c *crowd) ids() []int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make([]int64, len(c.people))
	for i, p := range c.people {
		out[i] = p.id
	}
	return out
}

func (c *crowd) requests() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.asked
}

func (c *crowd) Accounts(ctx context.Context, req licensing.PageRequest) (licensing.Page, error) {
	c.mu.Lock()
	c.asked++
	n := c.asked
	c.running++
	c.most = max(c.most, c.running)
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		c.running--
		c.mu.Unlock()
	}()
	if c.before != nil {
		if err := c.before(ctx, n, req); err != nil {
			return licensing.Page{}, err
		}
	}
	if err := ctx.Err(); err != nil {
		return licensing.Page{}, model.AsError(model.OpUsers.What, err)
	}
	page, err := c.page(req)
	if c.took != nil {
		page.Took = c.took(n)
	}
	return page, err
}

func (c *crowd) page(req licensing.PageRequest) (licensing.Page, error) {
	size := c.size
	if req.Size > 0 {
		size = req.Size
	}
	number, skip, after := 0, 0, int64(0)
	if req.Cursor != "" {
		kind, text, _ := strings.Cut(req.Cursor, ":")
		v, err := strconv.ParseInt(text, 10, 64)
		switch {
		case err != nil || (kind == "page") != c.numbered:
			return licensing.Page{}, model.Fail(model.ClassUsage, "read the accounts", "a cursor of somebody else", "")
		case c.numbered:
			number, skip = int(v), int(v)*size
		default:
			after = v
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var page licensing.Page
	last := int64(0)
	for i := range c.people {
		p := c.people[i]
		if req.Desc {
			p = c.people[len(c.people)-1-i]
		}
		if p.id <= after || !req.Range.From.IsZero() && p.at.Before(req.Range.From) || !req.Range.To.IsZero() && p.at.After(req.Range.To) {
			continue
		}
		if skip--; skip >= 0 {
			continue
		}
		if len(page.Accounts) == size {
			page.Next = fmt.Sprintf("id:%d", last)
			if c.numbered {
				page.Next = fmt.Sprintf("page:%d", number+1)
			}
			break
		}
		last = p.id
		page.Accounts = append(page.Accounts, model.Account{
			ID: p.id, Username: model.Clean("user" + strconv.FormatInt(p.id, 10)), Created: model.DayOf(p.at), State: model.StateActive,
		})
		page.Created = append(page.Created, p.at.Truncate(max(c.shown, 1)))
	}
	return page, nil
}

// still is a clock that only moves when it is told to.
type still struct {
	mu  sync.Mutex
	now time.Time
}

func (s *still) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *still) move(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

func (s *still) Sleep(ctx context.Context, d time.Duration) error { s.move(d); return ctx.Err() }

// idsOf lists a roster's ids in its order.
func idsOf(r *model.Roster) []int64 {
	out := make([]int64, r.Len())
	for i := range out {
		out[i] = r.ID(i)
	}
	return out
}
