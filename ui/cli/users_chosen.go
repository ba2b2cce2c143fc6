package cli

import (
	"context"

	"github.com/spf13/cobra"

	"seatdeck/licensing"
	"seatdeck/model"
)

// chosen is the accounts that somebody chose, in their order.
type chosen struct {
	*userChoice
	v       *licensing.View
	walk    *model.RosterWalk
	whole   *model.Roster // the same accounts where all of them are in memory; else nil
	idx     model.Index   // those that were chosen of them
	matched int           // how many were chosen
	n       int           // how many of them are wanted
}

// readChosen reads accounts for a choice. A saved view is looked up before
// anything is asked of the instance.
func (a *app) readChosen(cmd *cobra.Command, c *userChoice, show func(context.Context, *chosen) error) error {
	ctx := cmd.Context()
	return a.withOpen(ctx, func(d *licensing.Desk) error {
		if err := applyView(cmd, d, c); err != nil {
			return err
		}
		v, err := a.refresh(ctx, d, needSeats())
		if err != nil {
			return err
		}
		chosen := &chosen{userChoice: c}
		if err = chosen.open(ctx, d, a.form()); err == nil {
			v = d.View() // the roles come with the accounts
		}
		a.notices(v)
		chosen.v = v
		if err == nil {
			err = chosen.count(ctx)
		}
		if err == nil {
			err = show(ctx, chosen)
		}
		return a.ended(v, needSeats(), noRoster(err)) // they may be lost while they are read
	})
}

// open finds the accounts to choose from. By id, as they are kept, they never
// stand in memory all at once; any other order needs all of them, and so does a
// table, which is as wide as they are.
func (c *chosen) open(ctx context.Context, d *licensing.Desk, form format) (err error) {
	if c.key == model.SortID && !c.desc && form != asTable {
		c.walk, err = d.Walk(ctx)
		return err
	}
	if c.whole, err = d.Roster(ctx); err == nil {
		c.walk = c.whole.Walk()
	}
	return err
}

// count finds out how many accounts there are, before the first is shown: by
// then all have been read once, and are known to be whole.
func (c *chosen) count(ctx context.Context) error {
	err := c.each(ctx, func(_ *model.Roster, idx model.Index) (more bool, err error) {
		c.matched += len(idx)
		c.idx = idx
		return true, nil
	})
	c.n = c.matched
	if c.limit > 0 {
		c.n = min(c.n, c.limit)
	}
	return err
}

// each picks accounts from part after part, as long as more are wanted.
func (c *chosen) each(ctx context.Context, do func(*model.Roster, model.Index) (more bool, err error)) error {
	for r, err := range c.walk.Parts() {
		var idx model.Index
		var more bool
		if err == nil {
			idx, err = c.pick(ctx, r)
		}
		if err == nil {
			more, err = do(r, idx)
		}
		if err != nil || !more {
			return err
		}
	}
	return nil
}

// pick finds the accounts in a part of all.
func (c *chosen) pick(ctx context.Context, r *model.Roster) (model.Index, error) {
	env := c.v.QueryEnv(r)
	if c.key == model.SortRole && env.Role == nil {
		return nil, usage("seatdeck users roles reads them on the GitLab server", "nobody has read roles, so there is no order by them")
	}
	idx, err := model.Filter(ctx, r, c.query, env, nil)
	if err != nil {
		return nil, err
	}
	return env.Sort(r, idx, c.key, c.desc), nil
}

// sheet shows the accounts in the columns that were asked for.
func (c *chosen) sheet(ctx context.Context) sheet {
	if c.whole != nil {
		return userSheet(c.v, c.whole, c.idx[:c.n], c.cols)
	}
	return sheet{cols: columnsOf(c.cols), parts: func(do func(sheet) error) error { return c.show(ctx, do) }}
}

func (c *chosen) show(ctx context.Context, do func(part sheet) error) error {
	left := c.n
	return c.each(ctx, func(r *model.Roster, idx model.Index) (more bool, err error) {
		idx = idx[:min(left, len(idx))]
		left -= len(idx)
		return left > 0, do(userSheet(c.v, r, idx, c.cols))
	})
}
