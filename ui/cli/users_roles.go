package cli

import (
	"context"

	"github.com/spf13/cobra"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/words"
)

// rolesDoc is "seatdeck.users-roles".
type rolesDoc struct {
	head
	Instance instanceJSON `json:"instance"`
	Roles    aged         `json:"roles"`
	NotRead  int          `json:"accounts_not_among_them"` // made since the roles were read
}

func (a *app) usersRolesVerb() *cobra.Command {
	return &cobra.Command{
		Use: "roles", Short: "Read everybody's highest role on the GitLab server",
		Long: "Read everybody's highest role on the GitLab server, through the host_command of the profile, and\n" +
			"count accounts and billable users by it. Lists of accounts carry no roles; afterwards the filter\n" +
			"role:, the column role, the seat rules and what-if know them. Nothing is changed.\n\n" +
			"It starts GitLab's Ruby once, which takes from seconds to a minute, and then reads some ten thousand\n" +
			"accounts a second. With --offline it shows what was read last.",
		Example:     "seatdeck users roles\nseatdeck users roles --offline -o json\nseatdeck users list --filter 'role:guest billable:yes' --offline",
		Args:        takes(0, 0, ""),
		Annotations: prints(asTable, asPlain, asJSON, asJSONL, asCSV),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if a.offline {
				return a.read(cmd.Context(), needSeats(), func(d *licensing.Desk, v *licensing.View) error {
					return a.usersRoles(cmd.Context(), d)
				})
			}
			return a.withDesk(cmd.Context(), func(d *licensing.Desk) error { return a.readRoles(cmd.Context(), d) })
		},
	}
}

// readRoles reads the accounts and then their roles. A profile without a way to
// the server is refused before anything is asked.
func (a *app) readRoles(ctx context.Context, d *licensing.Desk) error {
	if e := d.NoRoles(); e != nil {
		return e
	}
	v, err := a.refresh(ctx, d, needSeats())
	if err != nil {
		return err
	}
	a.notices(v)
	if _, err := d.Roster(ctx); err != nil {
		return noRoster(err)
	}
	p := a.progress()
	_, err = d.ReadRoles(ctx, p.tell)
	p.clear()
	if err != nil {
		return err
	}
	return a.usersRoles(ctx, d)
}

// usersRoles counts by the roles that are known.
func (a *app) usersRoles(ctx context.Context, d *licensing.Desk) error {
	r, err := wholeRoster(ctx, d, "nothing can be counted")
	if err != nil {
		return err
	}
	v := d.View()
	b := model.BreakdownOf(r, v.QueryEnv(r))
	all, ok := b.Roles.Get()
	if !ok {
		return model.Fail(model.ClassOffline, model.OpHostRoles.What, "no roles are kept on this machine", "leave out --offline to read them")
	}
	seats := b.Seats.Or(model.SeatBreakdown{}).Roles
	s := roleSheet(all, seats)
	return a.print(document{
		body:   rolesDoc{headOf("users-roles"), instanceOf(v), agedAt(s.objects(), all.AsOf), all.Other},
		blocks: []block{rolesBlock(all, seats, words.Age(all.AsOf, v.Now, a.d.Zone).Text)}, sheet: &s,
	})
}

// rolesBlock counts by role for people.
func rolesBlock(all model.RoleCounts, seats model.Opt[model.RoleCounts], age string) block {
	b := block{title: "Highest roles", note: age, head: []string{"role", "accounts", "billable users"}}
	billable := seats.Or(model.RoleCounts{}).Counts
	for i, c := range all.Counts {
		n := words.Unknown
		if seats.Known() {
			n = words.Int(billable[i].Count)
		}
		b.rows = append(b.rows, []string{c.Role.String(), words.Int(c.Count), n})
	}
	if all.Other > 0 {
		b.tail = []string{"Of " + words.Accounts(all.Other) + " no role was read: they were made since, or the server told none that this program knows."}
	}
	return b
}

// roleSheet has a row for every role, the lowest first. Accounts and billable
// users stand in columns of their own: they are two populations.
func roleSheet(all model.RoleCounts, seats model.Opt[model.RoleCounts]) sheet {
	billable, counted := seats.Get()
	s := sheet{
		cols: []column{{"role", "role", false}, {"accounts", "accounts", true}, {"billable_users", "billable users", true}},
		n:    len(all.Counts),
	}
	s.row = func(i int) []any {
		n := model.None[int]()
		if counted {
			n = model.Some(billable.Counts[i].Count)
		}
		return []any{all.Counts[i].Role.Word().Or(""), all.Counts[i].Count, n}
	}
	s.item = func(i int) any {
		at := agedAt(nil, all.AsOf)
		return object{append(s.cols[:len(s.cols):len(s.cols)], column{key: "as_of"}, column{key: "source"}), append(s.row(i), at.AsOf, at.Source)}
	}
	return s
}
