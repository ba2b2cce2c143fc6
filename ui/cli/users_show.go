package cli

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/words"
)

// userDoc is "seatdeck.user".
type userDoc struct {
	head
	Instance    instanceJSON                `json:"instance"`
	User        aged                        `json:"user"`
	Seat        model.SeatVerdict           `json:"seat"`
	Counted     model.Opt[bool]             `json:"billable"`
	QuietDays   model.Opt[int]              `json:"days_since_last_seen"`
	DormantDays int                         `json:"dormant_after_days"`
	WaysToFree  []model.SeatWay             `json:"ways_to_free"`
	Memberships model.Opt[[]membershipJSON] `json:"memberships,omitzero"`
}

type membershipJSON struct {
	model.Membership
	RoleName string `json:"role"`
}

func (a *app) usersShowVerb() *cobra.Command {
	var memberships bool
	cmd := &cobra.Command{
		Use: "show USERNAME|ID", Short: "One account: why it takes a seat, and what would free it",
		Example:     "seatdeck users show ida.lindqvist\nseatdeck users show 42 --memberships\nseatdeck users show 42 -o json",
		Args:        takes(1, 1, "a username or an id"),
		Annotations: prints(asTable, asPlain, asJSON),
		RunE: func(cmd *cobra.Command, args []string) error {
			if memberships && a.offline {
				return usage("leave one of them out", "--memberships asks the instance, --offline forbids that")
			}
			return a.read(cmd.Context(), needSeats(), func(d *licensing.Desk, v *licensing.View) error {
				return a.usersShow(cmd.Context(), d, v, args[0], memberships)
			})
		},
	}
	cmd.Flags().BoolVar(&memberships, "memberships", false, "read the account's groups and projects too")
	return cmd
}

func (a *app) usersShow(ctx context.Context, d *licensing.Desk, v *licensing.View, who string, withMemberships bool) error {
	r, row, err := a.account(ctx, d, who)
	if err != nil {
		return err
	}
	u := shownUser{Account: r.At(row), v: v, asOf: r.AsOf(), env: v.QueryEnv(r)}
	list := model.None[[]model.Membership]()
	if withMemberships {
		read, err := d.Memberships(ctx, u.ID)
		if err != nil {
			return err
		}
		list = model.Some(read)
	}
	u.SeatWhy = v.Why(u.Account, list)
	return a.print(document{body: u.doc(), blocks: a.userBlocks(u)})
}

// account finds the account that somebody named.
func (a *app) account(ctx context.Context, d *licensing.Desk, who string) (r *model.Roster, row int, err error) {
	if r, err = d.Roster(ctx); err != nil {
		return nil, 0, noRoster(err)
	}
	row, ok := findUser(r, who)
	switch {
	case ok:
		return r, row, nil
	case !r.Complete():
		return nil, 0, partialRoster("the account is not among those that are known", r.Len())
	}
	return nil, 0, usage(meant(who, namesLike(r, who), "seatdeck users list --search TEXT finds accounts"), "no account is called %q", model.CleanN(who, 80))
}

// namesLike are the usernames that may have been meant. Of a million accounts
// those with another beginning are not looked at any closer.
func namesLike(r *model.Roster, who string) (names []string) {
	for row := range r.Len() {
		if name := r.At(row).Username.String(); who != "" && strings.HasPrefix(name, who[:1]) {
			names = append(names, name)
		}
	}
	return names
}

// findUser takes digits for an id first, then for a username.
func findUser(r *model.Roster, who string) (int, bool) {
	if id, err := strconv.ParseInt(who, 10, 64); err == nil {
		if row, ok := r.ByID(id); ok {
			return row, true
		}
	}
	return r.ByUsername(who)
}

// shownUser is an account with what follows from it.
type shownUser struct {
	model.Account
	model.SeatWhy
	v    *licensing.View
	asOf model.AsOf
	env  model.QueryEnv
}

func (u shownUser) recency() model.Recency {
	return model.RecencyOf(u.LastActivity, u.LastSignIn, u.env.Today, u.env.DormantDays)
}

func (u shownUser) doc() userDoc {
	o := object{}
	row := &userRow{u.Account, &u.Verdict, u.recency(), u.Role, u.env.Today}
	for _, c := range userColumns {
		o.cols, o.row = append(o.cols, c.column), append(o.row, c.cell(row))
	}
	doc := userDoc{
		head: headOf("user"), Instance: instanceOf(u.v), User: agedAt(o, u.asOf), Seat: u.Verdict, Counted: u.Verdict.Counted(),
		QuietDays: u.IdleDays(u.env.Today), DormantDays: u.env.DormantDays, WaysToFree: nonNil(u.Ways),
	}
	if list, ok := u.Memberships.Get(); ok {
		doc.Memberships = model.Some(membershipsJSON(list))
	}
	return doc
}

func membershipsJSON(list []model.Membership) []membershipJSON {
	out := make([]membershipJSON, len(list))
	for i, m := range list {
		out[i] = membershipJSON{m, m.Role.String()}
	}
	return out
}

func (a *app) userBlocks(u shownUser) []block {
	account := block{title: u.Username.String(), note: words.Age(u.asOf, u.v.Now, a.d.Zone).Text, rows: [][]string{
		{"id", strconv.FormatInt(u.ID, 10)}, {"name", text(u.Name)}, {"e-mail", text(u.Email)},
		{"state", u.State.Title()}, {"signs in through", text(u.Provider)}, {"is", u.is()},
	}}
	seat := block{title: "Seat", rows: [][]string{
		{"billable", words.TakesSeat(u.Verdict).String()},
		{"why", words.SeatReason(u.Verdict)},
		{"rule", u.Verdict.Rule.ID},
		{"highest role", words.HighestRole(u.SeatWhy, u.v.Roles.AsOf(), u.v.Now, a.d.Zone)},
		{"GitLab's own flag", words.YesNo(u.Verdict.Flag)},
	}}
	for _, w := range u.Ways {
		seat.rows = append(seat.rows, []string{"to free it", w.Verb + ": " + w.Text})
	}
	clocks := block{title: "Clocks", rows: [][]string{
		{"created", u.Created.String()},
		{"last sign-in", u.LastSignIn.String()},
		{"last activity", u.LastActivity.String()},
		{"last seen", quietWords(u.IdleDays(u.env.Today)), u.recency().String() + "; dormant here after " + words.Days(u.env.DormantDays)},
	}}
	out := []block{account, seat, clocks}
	if list, ok := u.Memberships.Get(); ok {
		out = append(out, membershipBlock(list))
	}
	return out
}

func membershipBlock(list []model.Membership) block {
	b := block{title: "Direct memberships"}
	for _, m := range list {
		b.rows = append(b.rows, []string{text(m.SourceName), words.MembershipKind(m), m.Role.String()})
	}
	if len(b.rows) == 0 {
		b.tail = []string{"none"}
	}
	return b
}

func quietWords(days model.Opt[int]) string {
	n, ok := days.Get()
	switch {
	case !ok:
		return "never"
	case n == 0:
		return "today"
	}
	return words.Days(n) + " ago"
}

// is lists the account's properties in words.
func (u shownUser) is() string {
	var list []string
	for _, p := range []struct {
		flag model.Flags
		yes  string
	}{{model.FlagBot, "bot"}, {model.FlagAdmin, "administrator"}, {model.FlagAuditor, "auditor"}, {model.FlagExternal, "external"}, {model.FlagLocked, "locked"}} {
		if u.Is(p.flag) {
			list = append(list, p.yes)
		}
	}
	if u.Is(model.Flag2FA) {
		list = append(list, "with a second factor")
	} else {
		list = append(list, "without a second factor")
	}
	return words.List(list)
}
