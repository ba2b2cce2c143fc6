package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

// purgeDoc is "seatdeck.cache-purge".
type purgeDoc struct {
	head
	Instance string `json:"instance"`
	Purged   bool   `json:"purged"`
}

func (a *app) cachePurgeVerb() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use: "purge", Short: "Forget what was fetched from an instance; the journal stays",
		Example:     "seatdeck cache purge\nseatdeck cache purge -i lab --yes",
		Args:        takes(0, 0, ""),
		Annotations: prints(asTable, asPlain, asJSON),
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			set, info, err := a.choose(ctx, a.instance)
			if err != nil {
				return err
			}
			if !yes {
				if err := a.confirm(ctx, fmt.Sprintf("Forget what was fetched from %s (%s)?", info.Name, info.Host)); err != nil {
					return err
				}
			}
			desk, err := set.Open(ctx, info.Name)
			if err != nil {
				return err
			}
			defer desk.Close()
			if err := desk.Purge(ctx); err != nil {
				return err
			}
			return a.print(document{
				body:   purgeDoc{headOf("cache-purge"), info.Name, true},
				blocks: []block{{rows: [][]string{{"purged", info.Name}}}},
			})
		},
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	return cmd
}
