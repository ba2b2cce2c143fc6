package cache

import (
	"context"

	"seatdeck/model"
)

// Report is Stat in the words that front ends show.
func (c *Cache) Report(ctx context.Context) (model.CacheReport, error) {
	s, err := c.Stat(ctx)
	if err != nil {
		return model.CacheReport{}, err
	}
	accounts := model.None[int]()
	if s.Roster != 0 {
		accounts = model.Some(s.Accounts)
	}
	return model.CacheReport{
		Dir: s.Dir, Bytes: s.Bytes, Accounts: accounts, PerAccount: s.BytesPerAccount(),
		Saved: model.AsOf{At: s.Saved, Source: model.SourceCache}, TooOld: s.TooOld, SetAside: s.SetAside,
	}, nil
}
