package licensing

import (
	"context"

	"seatdeck/model"
)

// roster pulls all accounts and works out the breakdown. A partial roster
// replaces nothing but another partial one.
func (r *refresh) roster(ctx context.Context) error {
	facts := r.d.snapshot()
	op := facts.Operator
	if effective, ok := op.Value.Effective.Get(); op.Err == nil && ok && !effective {
		e := model.Fail(model.ClassDenied, model.OpUsers.What,
			"the instance does not treat this token as an administrator's", remedy(op.Value))
		r.noRoster(e)
		return e
	}
	rows, err := newPuller(r.d.p, facts.Statistics.Value.Users, r.report).pull(ctx)
	if err != nil {
		e := model.AsError(model.OpUsers.What, err)
		r.partial(rows, e)
		return e
	}
	r.d.loadRoles(ctx, rows)
	r.d.keepRoster(rows)
	r.save(ctx, rows)
	return nil
}

// remedy says what a token lacks that is not treated as an administrator's.
func remedy(op model.Operator) string {
	if op.Admin {
		return "Admin Mode is on: use a token with the scope admin_mode as well"
	}
	return "use a token of an administrator account"
}

// noRoster says beside the older roster, if there is one, why it is not newer.
func (r *refresh) noRoster(e *model.Error) {
	r.d.change(func(f *model.Facts) {
		f.Roster, f.Breakdown = f.Roster.Failed(e), f.Breakdown.Failed(e)
	})
}

// partial keeps what was read of an interrupted pull for looking at, but only
// where there is no whole roster to look at. A whole one that somebody only
// did not want to read again is as good as before.
func (r *refresh) partial(rows *model.Roster, e *model.Error) {
	whole := r.d.snapshot().Roster.Value.Complete
	switch {
	case whole && e.Class == model.ClassCancelled:
	case whole || rows.Len() == 0:
		r.noRoster(e)
	default:
		r.d.change(func(f *model.Facts) {
			r.d.roster = rows
			f.Roster = model.Read(rows.Summary(f.Statistics.Value.Users), rows.AsOf()).Failed(e)
			f.Breakdown = f.Breakdown.Failed(e)
		})
	}
}
