package licensing

import (
	"context"
	"errors"
	"time"

	"seatdeck/model"
)

// RoleStore keeps everybody's highest role between two runs of this program. It
// is part of a cache: nothing in it is a record.
type RoleStore interface {
	// Roles returns what was kept last, or ErrNoCache.
	Roles(ctx context.Context) (*model.HostRoles, error)
	// SaveRoles replaces it.
	SaveRoles(ctx context.Context, roles *model.HostRoles) error
}

// NoRoles says why roles cannot be read; nil when they can. Only the GitLab
// server knows everybody's: lists carry none (contract §5.1).
func (d *Desk) NoRoles() *model.Error {
	if d.p.Host == nil {
		return model.Fail(model.ClassConfig, model.OpHostRoles.What, "no way to the GitLab server is configured",
			`add host_command = ["sudo", "-n", "gitlab-rails"] to the instance's [sync] table`)
	}
	return d.p.Info.Mode.Allow(model.OpHostRoles)
}

// ReadRoles reads everybody's highest role on the GitLab server, keeps them, and
// returns the view with them. It changes nothing there. It happens only when
// somebody asks for it: it starts GitLab's Ruby, which takes up to a minute, and
// reads some ten thousand accounts a second. tell is called from another
// goroutine, at most four times a second; it must not block.
//
// A reading that ends early leaves the roles as they were.
func (d *Desk) ReadRoles(ctx context.Context, tell func(model.Progress)) (*View, error) {
	ctx, done, err := d.begin(ctx, model.OpHostRoles.What)
	if err != nil {
		return d.View(), err
	}
	defer done()
	if e := d.NoRoles(); e != nil {
		return d.View(), e
	}
	roles, err := d.pullRoles(ctx, tell)
	if err != nil {
		return d.View(), err
	}
	rows := d.Rows()
	roles.On(rows)
	d.change(func(*model.Facts) { d.roles = roles })
	d.keepRoles(context.WithoutCancel(ctx), roles, rows)
	return d.View(), nil
}

// keepRoles keeps roles for the next process, and counts the accounts by them.
// What cannot be kept is a notice: it is on the screen already.
func (d *Desk) keepRoles(ctx context.Context, roles *model.HostRoles, rows *model.Roster) {
	if s := d.p.Roles; s != nil {
		d.settle(TaskSaveRoles, s.SaveRoles(ctx, roles))
	}
	if rows != nil && rows.Complete() {
		d.keepRoster(rows)
		d.settle(TaskSave, d.p.Cache.Save(ctx, d.snapshot(), nil))
	}
}

// hostRoles returns the roles in memory, nil when there are none.
func (d *Desk) hostRoles() *model.HostRoles {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.roles
}

// pullRoles runs the program until it has been through all accounts.
func (d *Desk) pullRoles(ctx context.Context, tell func(model.Progress)) (*model.HostRoles, error) {
	report := reporter{clock: d.p.Clock, tell: tell}
	plan, about := d.snapshot().License.Value.Plan, d.accountsAbout()
	began, b := d.now(), &model.HostRolesBuilder{}
	progress := func() model.Progress {
		p := model.Progress{Stage: model.StageRoles, Done: b.Len(), About: about}
		if took := d.now().Sub(began); b.Len() > 0 && took > 0 {
			p.Rate = float64(b.Len()) / took.Seconds()
			if n, ok := about.Get(); ok && n > b.Len() {
				p.Left = time.Duration(float64(n-b.Len()) / p.Rate * float64(time.Second))
			}
		}
		return p
	}
	report.report(progress())
	for {
		had := b.Len()
		read, err := d.p.Host.Roles(ctx, b.Last(), func(batch []model.HighestRole) error {
			for _, h := range batch {
				if err := b.Add(h); err != nil {
					return err
				}
			}
			report.report(progress())
			return nil
		})
		switch {
		case err != nil:
			return nil, model.AsError(model.OpHostRoles.What, err)
		case read.Complete:
			return b.Build(read.AsOf, plan), nil
		case b.Len() == had:
			return nil, model.Fail(model.ClassFailed, model.OpHostRoles.What, "the server stopped before the last account, without getting further", "try again when it is less busy")
		}
	}
}

// accountsAbout is how many accounts there are, as far as anybody knows.
func (d *Desk) accountsAbout() model.Opt[int] {
	if r := d.Rows(); r != nil && r.Complete() {
		return model.Some(r.Len())
	}
	return d.snapshot().Statistics.Value.Users
}

// loadRoles takes the roles that are kept, if they are newer than those in
// memory, and joins them to the rows that they are about to be shown with.
func (d *Desk) loadRoles(ctx context.Context, rows *model.Roster) {
	defer func() { d.hostRoles().On(rows) }()
	if d.p.Roles == nil {
		return
	}
	kept, err := d.p.Roles.Roles(ctx)
	if errors.Is(err, ErrNoCache) {
		err = nil
	}
	d.settle(TaskReadRoles, err)
	if kept == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.roles.AsOf().At.Before(kept.AsOf().At) {
		d.roles = kept
	}
}

// count counts rows by what is known now.
func (d *Desk) count(rows *model.Roster) model.Breakdown {
	facts := d.snapshot()
	seats := model.NewSeating(rows, model.SeatContextOf(facts), d.hostRoles())
	return model.BreakdownOf(rows, seats.Env(model.DayOf(rows.AsOf().At), facts.Settings.Value.DormantPeriod()))
}
