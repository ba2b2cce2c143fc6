package cli

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// flagNames are the long names of all flags a verb takes.
func flagNames(cmd *cobra.Command) []string {
	var names []string
	add := func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	}
	cmd.NonInheritedFlags().VisitAll(add)
	cmd.InheritedFlags().VisitAll(add)
	return names
}
