package cli

import (
	"github.com/spf13/cobra"
)

func (a *app) completionVerb() *cobra.Command {
	shells := []string{"bash", "zsh", "fish"}
	return &cobra.Command{
		Use: "completion bash|zsh|fish", Short: "A script that lets a shell complete verbs and flags",
		Example:     "seatdeck completion bash > /etc/bash_completion.d/seatdeck\nseatdeck completion fish | source",
		Args:        takes(1, 1, "the name of a shell: bash, zsh or fish"),
		ValidArgs:   shells,
		Annotations: prints(),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch args[0] {
			case "bash":
				return cmd.Root().GenBashCompletionV2(a.out, true)
			case "zsh":
				return cmd.Root().GenZshCompletion(a.out)
			case "fish":
				return cmd.Root().GenFishCompletion(a.out, true)
			}
			return unknownWord("completion for", args[0], shells)
		},
	}
}
