package cli

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/words"
)

// whyDoc is "seatdeck.user-why".
type whyDoc struct {
	head
	Instance    instanceJSON              `json:"instance"`
	User        aged                      `json:"user"`
	Counted     model.Opt[bool]           `json:"billable"`
	Reason      string                    `json:"reason"`
	Seat        model.SeatVerdict         `json:"seat"`
	Plan        model.Plan                `json:"plan"`
	Version     model.Version             `json:"gitlab_version"`
	Role        aged                      `json:"highest_role"`
	Deciding    model.Opt[membershipJSON] `json:"deciding_membership"`
	Memberships aged                      `json:"memberships"`
	Cheapest    model.Opt[model.SeatWay]  `json:"cheapest_way_to_free"`
	WaysToFree  []model.SeatWay           `json:"ways_to_free"`
}

func (a *app) usersWhyVerb() *cobra.Command {
	return &cobra.Command{
		Use: "why USERNAME|ID", Short: "Why one account takes a seat: the rule, the role that decides, the cheapest way to free it",
		Long: "Why one account takes a seat: the rule by plan and version, the membership that decides, whether\n" +
			"GitLab's own flag agrees, and the cheapest change that would free the seat.\n\n" +
			"The memberships are read from the instance, for this account alone. With --offline only the list\n" +
			"of accounts is asked, and the roles that seatdeck users roles read.",
		Example:     "seatdeck users why ida.lindqvist\nseatdeck users why 42 -o json\nseatdeck users why 42 --offline",
		Args:        takes(1, 1, "a username or an id"),
		Annotations: prints(asTable, asPlain, asJSON),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.read(cmd.Context(), needSeats(), func(d *licensing.Desk, v *licensing.View) error {
				return a.usersWhy(cmd.Context(), d, v, args[0])
			})
		},
	}
}

// usersWhy prints what is known even where the memberships could not be read,
// and ends with the reason then.
func (a *app) usersWhy(ctx context.Context, d *licensing.Desk, v *licensing.View, who string) error {
	r, row, err := a.account(ctx, d, who)
	if err != nil {
		return err
	}
	acc := r.At(row)
	list := model.Part[[]model.Membership]{}
	if !a.offline && v.Offline == nil {
		read, err := d.Memberships(ctx, acc.ID)
		if err == nil {
			list = model.Read(read, model.Live(a.d.Clock.Now()))
		}
		list = list.Failed(model.AsError(model.OpMemberships.What, err))
	}
	known := model.None[[]model.Membership]()
	if list.Known() {
		known = model.Some(list.Value)
	}
	why := v.Why(acc, known)
	if err := a.print(document{body: whyDocOf(v, r, acc, why, list), blocks: a.whyBlocks(v, r, acc, why)}); err != nil {
		return err
	}
	if list.Err != nil {
		return list.Err
	}
	return nil
}

func whyDocOf(v *licensing.View, r *model.Roster, acc model.Account, why model.SeatWhy, list model.Part[[]model.Membership]) whyDoc {
	who := object{
		cols: []column{{key: "id"}, {key: "username"}, {key: "name"}, {key: "state"}},
		row:  []any{acc.ID, acc.Username, acc.Name, acc.State.String()},
	}
	doc := whyDoc{
		head: headOf("user-why"), Instance: instanceOf(v), User: agedAt(who, r.AsOf()), Counted: why.Verdict.Counted(), Reason: words.SeatReason(why.Verdict),
		Seat: why.Verdict, Plan: why.Plan, Version: why.Version, WaysToFree: nonNil(why.Ways),
		Role: agedAt(why.Role.Or(model.RoleUnknown).Word(), roleAt(v, why, list.AsOf)), Memberships: agedOf(list, func([]model.Membership) any { return membershipsJSON(why.Memberships.Or(nil)) }),
	}
	if m, ok := why.Deciding.Get(); ok {
		doc.Deciding = model.Some(membershipJSON{m, m.Role.String()})
	}
	if w, ok := why.Cheapest(); ok {
		doc.Cheapest = model.Some(w)
	}
	return doc
}

// roleAt is when the role was read that decided with, and where.
func roleAt(v *licensing.View, why model.SeatWhy, members model.AsOf) model.AsOf {
	switch why.RoleFrom {
	case model.SourceHost:
		return v.Roles.AsOf()
	case model.SourceLive:
		return members
	}
	return model.AsOf{}
}

func (a *app) whyBlocks(v *licensing.View, r *model.Roster, acc model.Account, why model.SeatWhy) []block {
	b := block{title: acc.Username.String(), note: words.Age(r.AsOf(), v.Now, a.d.Zone).Text, rows: [][]string{
		{"id", strconv.FormatInt(acc.ID, 10)},
		{"state", acc.State.Title()},
		{"billable", words.TakesSeat(why.Verdict).String()},
		{"why", words.SeatReason(why.Verdict)},
		{"rule", words.SeatRule(why)},
		{"highest role", words.HighestRole(why, v.Roles.AsOf(), v.Now, a.d.Zone)},
		{"decided by", words.Deciding(why)},
		{"GitLab's own flag", words.SeatFlag(why.Verdict)},
	}}
	if w, ok := why.Cheapest(); ok {
		b.rows = append(b.rows, []string{"cheapest to free", w.Verb + ": " + w.Text})
		for _, other := range why.Ways {
			if other != w {
				b.rows = append(b.rows, []string{"or", other.Verb + ": " + other.Text})
			}
		}
	}
	out := []block{b}
	if list, ok := why.Memberships.Get(); ok {
		out = append(out, membershipBlock(list))
	}
	return out
}
