// Hello is the yardstick of a verb: a command of the same library that prints
// one line.
package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
)

func main() {
	root := &cobra.Command{Use: "hello", SilenceUsage: true}
	root.AddCommand(&cobra.Command{Use: "world", Run: func(cmd *cobra.Command, _ []string) {
		fmt.Fprintln(cmd.OutOrStdout(), "hello, world")
	}})
	if root.Execute() != nil {
		os.Exit(1)
	}
}
