package cli

import "github.com/spf13/cobra"

func (a *app) sandboxDumpVerb() *cobra.Command {
	var o SandboxOptions
	var truth bool
	cmd := &cobra.Command{
		Use: "dump --truth", Short: "Print who exists and who belongs where in a made-up GitLab",
		Long: "Print who exists and who belongs where in a made-up GitLab, one JSON object a line. What\n" +
			"follows from roles, such as who takes a seat, is left out: it is there to be worked out.",
		Example:     "seatdeck sandbox dump --truth --seed 7\nseatdeck sandbox dump --truth --scenario premium --users 500 > truth.jsonl",
		Args:        takes(0, 0, ""),
		Annotations: prints(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !truth {
				return usage("seatdeck sandbox dump --truth", "dump needs to be told what: --truth")
			}
			if err := a.checkSandbox(o); err != nil {
				return err
			}
			return a.d.Dump(cmd.Context(), o, a.out)
		},
	}
	cmd.Flags().BoolVar(&truth, "truth", false, "roles and memberships, without the flags that follow from them")
	a.sandboxFlags(cmd, &o)
	return cmd
}
