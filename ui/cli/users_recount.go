package cli

import (
	"context"

	"github.com/spf13/cobra"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/words"
)

func (a *app) usersRecountVerb() *cobra.Command {
	var c consenting
	cmd := &cobra.Command{
		Use: "recount", Short: "Have the instance count its billable users anew",
		Long: `Has the instance make its daily count of billable users anew, in the background. That changes the
number on its pages. It is not sent with the next sync: a sync sends the newest daily row, which
is written at 12:00 UTC. The instance does not say when it is done: only a count that differs
shows it, so the same number as before ends as unconfirmed (exit 5).`,
		Example:     "seatdeck users recount --dry-run\nseatdeck users recount --yes",
		Args:        takes(0, 0, ""),
		Annotations: prints(asTable, asPlain, asJSON),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if a.offline {
				return usage("leave out --offline", "a recount cannot be asked for offline")
			}
			return a.withDesk(cmd.Context(), func(desk *licensing.Desk) error { return a.recount(cmd.Context(), desk, c) })
		},
	}
	c.flags(cmd, model.DangerOne)
	return cmd
}

func (a *app) recount(ctx context.Context, desk *licensing.Desk, c consenting) error {
	plan, err := desk.PlanRecount(ctx)
	if err != nil {
		return err
	}
	if c.dry {
		return a.printPlan(plan, []model.Disclosure{})
	}
	consent, err := a.agree(ctx, plan, nil, c)
	if err != nil {
		return err
	}
	result, err := desk.Apply(ctx, plan, consent, a.stages())
	if err != nil && !result.Sent() {
		return err
	}
	v := desk.View()
	b := block{title: "Recount", rows: [][]string{{"outcome", words.Outcome(result.Outcome).String(), result.Note.String()}}}
	for _, ch := range changesOf(result) {
		b.rows = append(b.rows, []string{ch.Field, words.Change(ch.Before, ch.After)})
	}
	b.tail = plan.Warnings
	doc := resultDoc{headOf("result"), instanceOf(v), result, result.ExitCode()}
	if e := a.print(document{body: doc, blocks: append([]block{b}, stageBlocks(result, a.d.Zone)...)}); e != nil {
		return e
	}
	if err != nil {
		return err
	}
	return resultError(result)
}
