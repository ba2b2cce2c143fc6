package licensing

import "seatdeck/model"

// Why explains the seat of one account of the roster. memberships are what
// [Desk.Memberships] read of it, unknown when nobody asked: the rules then go by
// the role that the GitLab server told, and without one say no more than the
// list shows.
func (v *View) Why(a model.Account, memberships model.Opt[[]model.Membership]) model.SeatWhy {
	ctx := v.Roles.Context(v.SeatContext(), a.ID)
	ctx.Self = v.Facts.Operator.Value.ID
	return model.ExplainSeat(a, ctx, memberships, model.DayOf(v.Now), v.Facts.Settings.Value.DormantPeriod())
}

// WhatIf answers what would happen to the seats, without asking or changing
// anything. The rows of the question are those of r, which must hold every
// account. See [model.WhatIfOf] for the errors.
func (d *Desk) WhatIf(r *model.Roster, q model.WhatIf) (model.WhatIfAnswer, error) {
	v := d.View()
	env, ctx, price := v.QueryEnv(r), v.SeatContext(), v.Price
	ctx.Self = v.Facts.Operator.Value.ID
	if q.Plan != "" && q.Plan != v.Facts.License.Value.Plan {
		// The price of the contract is that of its own plan.
		price = d.p.Shelf.Prices.SeatPrice(q.Plan, model.None[model.Money]())
	}
	return model.WhatIfOf(r, model.WhatIfBasis{
		Seats: ctx, License: v.Facts.License.Value, Today: env.Today, DormantDays: v.Facts.Settings.Value.DormantPeriod(),
		Price: price, Role: env.Role, Billable: env.Billable,
	}, q)
}

// Waiting is one person who waits for a billable role, with what approving
// would mean for the seats (contract §2.7, §6.7).
type Waiting struct {
	model.Promotion
	Listed   bool                  // the account is in the roster; without it nothing below is known
	State    model.State           // of the account
	Approved model.Opt[model.Role] // the role waited for; unknown when this program does not know it
	Before   model.Opt[bool]       // billable now
	After    model.Opt[bool]       // billable once approved
}

// Promotions says of everybody who waits for a role whether approving takes a
// seat, and what approving all of them would mean. Nothing is sent. The errors
// are those of [Desk.WhatIf]; whether the queue was read at all is told by the
// part of the facts it comes from.
func (d *Desk) Promotions(r *model.Roster) ([]Waiting, model.WhatIfAnswer, error) {
	queue := d.View().Facts.Promotions.Value
	out := make([]Waiting, len(queue))
	var q model.WhatIf
	for i, p := range queue {
		w := Waiting{Promotion: p}
		row, listed := r.ByID(p.UserID)
		if listed {
			w.Listed, w.State = true, r.Bare(row).State
		}
		if role, ok := model.RoleNamed(p.Role.String()); ok {
			w.Approved = model.Some(role)
			if listed {
				q.Changes = append(q.Changes, model.WhatIfChange{Rows: model.Index{int32(row)}, Deed: model.DeedRole, Role: role})
			}
		}
		out[i] = w
	}
	all, err := d.WhatIf(r, q)
	if err != nil {
		return nil, all, err
	}
	fates := make(map[int64]model.WhatIfFate, len(all.Fates))
	for _, f := range all.Fates {
		fates[r.ID(int(f.Row))] = f
	}
	for i := range out {
		if f, ok := fates[out[i].UserID]; ok {
			out[i].Before, out[i].After = f.Before, f.After
		}
	}
	return out, all, nil
}
