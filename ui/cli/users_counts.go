package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/words"
)

type userCountJSON struct {
	model.UserCount
	AsOf   *time.Time    `json:"as_of"`
	Source *model.Source `json:"source"`
}

// countsDoc is "seatdeck.users-counts".
type countsDoc struct {
	head
	Instance    instanceJSON    `json:"instance"`
	Counts      []userCountJSON `json:"counts"`
	Tally       aged            `json:"seat_rules"`
	Differences []string        `json:"differences"`
}

func (a *app) usersCountsVerb() *cobra.Command {
	return &cobra.Command{
		Use: "counts", Short: "Every number of users there is, what it counts, and why they differ",
		Example:     "seatdeck users counts\nseatdeck users counts -o json",
		Args:        takes(0, 0, ""),
		Annotations: prints(asTable, asPlain, asJSON, asJSONL, asCSV),
		RunE: func(cmd *cobra.Command, _ []string) error {
			shown := need{roster: true, beside: []model.PartName{model.PartLicense, model.PartStatistics, model.PartPromotions}}
			return a.read(cmd.Context(), shown, func(d *licensing.Desk, v *licensing.View) error {
				return a.usersCounts(cmd.Context(), d, v)
			})
		},
	}
}

func (a *app) usersCounts(ctx context.Context, d *licensing.Desk, v *licensing.View) error {
	r, err := wholeRoster(ctx, d, "nothing can be counted")
	if err != nil {
		return err
	}
	c := model.UserCountsOf(&v.Facts, r, v.QueryEnv(r))
	doc := countsDoc{head: headOf("users-counts"), Instance: instanceOf(v), Tally: agedAt(c.Tally, r.AsOf()), Differences: []string{}}
	for _, n := range c.Counts {
		at := agedAt(nil, n.AsOf)
		doc.Counts = append(doc.Counts, userCountJSON{n, at.AsOf, at.Source})
	}
	for _, g := range c.Gaps {
		doc.Differences = append(doc.Differences, words.CountGap(g))
	}
	s := countSheet(c.Counts)
	s.item = func(i int) any { return doc.Counts[i] }
	blocks := []block{a.countBlock(v, c.Counts)}
	if len(doc.Differences) > 0 {
		blocks = append(blocks, block{title: "Why they differ", tail: doc.Differences})
	}
	return a.print(document{body: doc, blocks: blocks, sheet: &s})
}

func (a *app) countBlock(v *licensing.View, counts []model.UserCount) block {
	b := block{head: []string{"count", "", "read", "what it counts"}}
	for _, c := range counts {
		value := words.Count(c.Value)
		if c.Estimate && c.Value.Known() {
			value = "≈ " + value
		}
		b.rows = append(b.rows, []string{c.Title, value, words.Age(c.AsOf, v.Now, a.d.Zone).Text, c.Definition})
	}
	return b
}

func countSheet(counts []model.UserCount) sheet {
	return sheet{
		cols: []column{
			{"key", "count", false}, {"value", "value", true}, {"estimate", "estimate", false},
			{"as_of", "read", false}, {"source", "source", false}, {"definition", "what it counts", false},
		},
		n: len(counts),
		row: func(i int) []any {
			c := counts[i]
			return []any{c.Key, c.Value, model.Some(c.Estimate), c.AsOf.At, string(c.AsOf.Source), c.Definition}
		},
	}
}
