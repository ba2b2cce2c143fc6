package cli

import (
	"context"

	"github.com/spf13/cobra"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/words"
)

// promotionsDoc is "seatdeck.users-promotions".
type promotionsDoc struct {
	head
	Instance instanceJSON `json:"instance"`
	Waiting  aged         `json:"waiting"`
	All      aged         `json:"if_all_were_approved"`
}

func (a *app) usersPromotionsVerb() *cobra.Command {
	return &cobra.Command{
		Use: "promotions", Short: "Who waits for a role that takes a seat, and what approving would mean",
		Example:     "seatdeck users promotions\nseatdeck users promotions -o json",
		Args:        takes(0, 0, ""),
		Annotations: prints(asTable, asPlain, asJSON, asJSONL, asCSV),
		RunE: func(cmd *cobra.Command, _ []string) error {
			shown := need{roster: true, about: model.PartPromotions, beside: []model.PartName{model.PartLicense}}
			return a.read(cmd.Context(), shown, func(d *licensing.Desk, v *licensing.View) error {
				return a.usersPromotions(cmd.Context(), d, v)
			})
		},
	}
}

func (a *app) usersPromotions(ctx context.Context, d *licensing.Desk, v *licensing.View) error {
	queue := v.Facts.Promotions
	if err := principal(queue, "the queue of roles that wait for approval"); err != nil {
		return err
	}
	r, err := wholeRoster(ctx, d, "nothing can be worked out")
	if err != nil {
		return err
	}
	waiting, all, err := d.Promotions(r)
	if err != nil {
		return err
	}
	s := promotionSheet(waiting)
	doc := promotionsDoc{headOf("users-promotions"), instanceOf(v), agedOf(queue, func([]model.Promotion) any { return s.objects() }), agedAt(all, r.AsOf())}
	return a.print(document{body: doc, blocks: a.promotionBlocks(v, waiting, all), sheet: &s})
}

func promotionSheet(waiting []licensing.Waiting) sheet {
	return sheet{
		cols: []column{
			{"id", "id", true}, {"username", "username", false}, {"name", "name", false}, {"state", "state", false},
			{"role", "role", false}, {"billable_now", "now", false}, {"billable_if_approved", "if approved", false},
		},
		n: len(waiting),
		row: func(i int) []any {
			w := waiting[i]
			state := ""
			if w.Listed {
				state = w.State.String()
			}
			return []any{w.UserID, w.Username, w.Name, state, w.Role, w.Before, w.After}
		},
	}
}

func (a *app) promotionBlocks(v *licensing.View, waiting []licensing.Waiting, all model.WhatIfAnswer) []block {
	queue := block{title: "Waiting for a role", note: words.Age(v.Facts.Promotions.AsOf, v.Now, a.d.Zone).Text}
	if len(waiting) == 0 {
		queue.tail = []string{"nobody waits"}
		return []block{queue}
	}
	queue.head = []string{"username", "name", "role", "billable now", "if approved"}
	for _, w := range waiting {
		queue.rows = append(queue.rows, []string{w.Username.String(), text(w.Name), text(w.Role), words.YesNo(w.Before), words.YesNo(w.After)})
	}
	sum := block{title: "If all were approved", rows: [][]string{
		{"billable users", words.Change(words.SpanOpt(all.Before), words.Span(all.After))},
		{"seats left", words.WhatIfLeft(all)},
		{"effect", words.WhatIfEffect(all)},
	}}
	if warn := words.WhatIfWarning(all); warn != "" {
		sum.rows = append(sum.rows, []string{"warning", words.Status{Tone: words.Warn, Word: warn}.String()})
	}
	return []block{queue, sum}
}
