package cli

import (
	"context"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"seatdeck/model"
	"seatdeck/ui/words"
)

// exportForms are the forms of an exported file, by the ending of its name.
var exportForms = []string{string(asCSV), string(asJSON), string(asJSONL)}

func (a *app) usersExportVerb() *cobra.Command {
	var c userChoice
	var file string
	var force bool
	cmd := &cobra.Command{
		Use: "export --file FILE", Short: "Accounts into a file, whole or not at all",
		Long: "Write accounts into a file, whole or not at all: as CSV, as one JSON document or as lines of JSON.\n\n" +
			"In the order of their ids, which is the usual one, accounts that are kept are written part by part: a\n" +
			"million take some 60 MB of memory. Any other order needs all of them at once, some 400 MB, and so does\n" +
			"reading them from the instance first; --offline and --max-age spare that.",
		Example: "seatdeck users export --file users.csv\n" +
			"seatdeck users export --file dormant.jsonl --filter 'billable:yes recency:dormant'\n" +
			"seatdeck users export --file users.csv --force --offline",
		Args:        takes(0, 0, ""),
		Annotations: prints(asCSV, asJSON, asJSONL),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if file == "" || file == "-" {
				return usage("to print instead: seatdeck users list -o csv", "export needs a file: --file FILE")
			}
			if err := c.parse(""); err != nil {
				return err
			}
			a.output = exportForm(a.output, file)
			return a.readChosen(cmd, &c, func(ctx context.Context, c *chosen) error {
				return a.usersExport(ctx, c, file, force)
			})
		},
	}
	c.flags(cmd)
	cmd.Flags().StringVar(&file, "file", "", "the file to write; its ending chooses the form unless --output does")
	cmd.Flags().BoolVar(&force, "force", false, "replace the file if there is one")
	return cmd
}

// exportForm is the form that was asked for, else the one the name ends in,
// else CSV.
func exportForm(asked, file string) string {
	end := strings.ToLower(strings.TrimPrefix(filepath.Ext(file), "."))
	switch {
	case asked != "":
		return asked
	case slices.Contains(exportForms, end):
		return end
	}
	return string(asCSV)
}

func (a *app) usersExport(ctx context.Context, c *chosen, file string, force bool) error {
	if !c.walk.Complete() {
		return partialRoster("nothing was written", c.walk.Len())
	}
	a.d.Begin()
	err := writeFile(file, force, func(w io.Writer) error { return a.writeUsers(ctx, w, c) })
	if err != nil {
		return err
	}
	a.say("%s written to %s · %s", words.Accounts(c.n), model.CleanN(file, 200), words.Age(c.walk.AsOf(), c.v.Now, a.d.Zone).Text)
	return nil
}
