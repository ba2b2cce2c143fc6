package cli

import (
	"context"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/words"
)

// breakdownDoc is "seatdeck.users-breakdown".
type breakdownDoc struct {
	head
	Instance  instanceJSON `json:"instance"`
	Breakdown aged         `json:"breakdown"`
}

func (a *app) usersBreakdownVerb() *cobra.Command {
	return &cobra.Command{
		Use: "breakdown", Short: "From all accounts to the billable ones, and how quiet those are",
		Example:     "seatdeck users breakdown\nseatdeck users breakdown -o json",
		Args:        takes(0, 0, ""),
		Annotations: prints(asTable, asPlain, asJSON),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.read(cmd.Context(), needSeats(), func(d *licensing.Desk, v *licensing.View) error {
				return a.usersBreakdown(cmd.Context(), d, v)
			})
		},
	}
}

func (a *app) usersBreakdown(ctx context.Context, d *licensing.Desk, v *licensing.View) error {
	r, err := wholeRoster(ctx, d, "nothing can be broken down")
	if err != nil {
		return err
	}
	b := model.BreakdownOf(r, v.QueryEnv(r))
	return a.print(document{
		body:   breakdownDoc{headOf("users-breakdown"), instanceOf(v), agedAt(b, r.AsOf())},
		blocks: breakdownBlocks(v, &b, words.Age(r.AsOf(), v.Now, a.d.Zone).Text, a.d.Zone),
	})
}

// breakdownBlocks keeps the two populations apart: accounts first, billable
// users after them.
func breakdownBlocks(v *licensing.View, b *model.Breakdown, age string, zone *time.Location) []block {
	fall := block{title: "From accounts to billable users", note: age, rows: [][]string{{"accounts", words.Int(b.Accounts)}}}
	counted := !words.NobodyCounted(&v.Facts)
	for _, s := range b.Waterfall {
		fall.rows = append(fall.rows, []string{words.Step(s.Step, counted), words.Signed(-s.Accounts)})
	}
	total := []string{"billable users", words.Count(b.Billable)}
	if !counted {
		total = append(total, words.NoSeats)
	}
	fall.rows = append(fall.rows, total)

	out := []block{fall, recencyBlock("People in state active, by last sign of life", b.Recency, b.DormantDays, age)}
	clocks := words.Clocks(b.Clocks, b.DormantDays)
	out = append(out, block{title: "The same people, by each clock alone", note: age, head: clocks[0], rows: clocks[1:]})
	if s, ok := b.Seats.Get(); ok {
		if roles, known := b.Roles.Get(); known {
			out = append(out, rolesBlock(roles, s.Roles, words.Age(roles.AsOf, v.Now, zone).Text))
		}
		out = append(out, recencyBlock("Billable users, by last sign of life", s.Recency, b.DormantDays, age),
			namesBlock("Billable users, by e-mail domain", s.Domains, age), namesBlock("Billable users, by identity provider", s.Providers, age),
			quietestBlock(s.Quietest, age))
	}
	return append(out, groupsBlock("Accounts, by kind", words.Kinds(b.Kinds), age),
		groupsBlock("Accounts that still exist, by the month they were made", words.Months(b.Created), age))
}

func groupsBlock(title string, groups []words.Group, age string) block {
	b := block{title: title, note: age}
	for _, g := range groups {
		b.rows = append(b.rows, []string{g.Name, words.Int(g.Count)})
	}
	return b
}

func recencyBlock(title string, c model.RecencyCounts, dormant int, age string) block {
	return block{title: title, note: age, rows: [][]string{
		{"recent", words.Int(c.Recent), "within " + words.Days(model.RecentDays)},
		{"idle", words.Int(c.Idle), "longer, but not dormant"},
		{"dormant", words.Int(c.Dormant), words.Days(dormant) + " or more"},
		{"never", words.Int(c.Never), "never signed in"},
	}}
}

func namesBlock(title string, c model.NameCounts, age string) block {
	b := block{title: title, note: age}
	for _, n := range c.Top {
		name := n.Name.String()
		if n.Name.Empty() {
			name = "none"
		}
		b.rows = append(b.rows, []string{name, words.Int(n.Count)})
	}
	if c.Rest > 0 {
		b.rows = append(b.rows, []string{"others", words.Int(c.Rest)})
	}
	return b
}

func quietestBlock(users []model.QuietUser, age string) block {
	b := block{title: "Billable users seen longest ago", note: age}
	for _, u := range users {
		b.rows = append(b.rows, []string{strconv.FormatInt(u.ID, 10), u.Username.String(), u.Name.String(), u.Seen.String()})
	}
	if len(users) == 0 {
		b.tail = []string{"none"}
	}
	return b
}
