package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// printHelp writes the help of a verb: what it is for, examples, and only then
// the grammar.
func (a *app) printHelp(cmd *cobra.Command) {
	var b strings.Builder
	text := cmd.Long
	if text == "" {
		text = cmd.Short + "."
	}
	b.WriteString(text + "\n")
	if cmd.Example != "" {
		b.WriteString("\nExamples\n" + indented(cmd.Example))
	}
	fmt.Fprintf(&b, "\nUsage\n  %s [flags]\n", strings.TrimSuffix(cmd.UseLine(), " [flags]"))
	if names := cmd.Commands(); len(names) > 0 {
		b.WriteString("\nVerbs\n")
		k := block{}
		for _, c := range names {
			if !c.Hidden && c.Name() != "help" {
				k.rows = append(k.rows, []string{c.Name(), c.Short})
			}
		}
		if !cmd.HasParent() {
			k.rows = append(k.rows, []string{"help", "Help for a verb, or about: " + strings.Join(topicNames(), ", ")})
		}
		alignRows(&b, "  ", k)
	}
	if forms := formsOf(cmd); len(forms) > 0 {
		b.WriteString("\nOutput\n  " + strings.Join(forms, ", ") + "\n")
	}
	if f := cmd.LocalNonPersistentFlags(); f.HasAvailableFlags() {
		b.WriteString("\nFlags\n" + f.FlagUsages())
	}
	if f := cmd.Root().PersistentFlags(); f.HasAvailableFlags() {
		b.WriteString("\nFlags of every verb\n" + f.FlagUsages())
	}
	_, _ = io.WriteString(a.out, b.String())
}

func indented(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n  ") + "\n"
}

// helpVerb is "seatdeck help", for verbs and for topics.
func (a *app) helpVerb() *cobra.Command {
	return &cobra.Command{
		Use: "help [VERB... | TOPIC]", Short: "Help for a verb or a topic",
		Example:     "seatdeck help users list\nseatdeck help exit-codes\nseatdeck help filter",
		Annotations: prints(),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				if text, ok := topics()[args[0]]; ok {
					_, err := io.WriteString(a.out, text)
					return err
				}
			}
			found, rest, err := cmd.Root().Find(args)
			if err != nil {
				return err
			}
			if len(rest) == 0 {
				found.HelpFunc()(found, nil)
				return nil
			}
			next := meant(rest[0], append(verbNames(found), topicNames()...), "see "+cmd.Root().Name()+" help")
			return usage(next, "there is no help about %q", strings.Join(args, " "))
		},
	}
}
