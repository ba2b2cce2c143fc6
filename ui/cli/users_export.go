package cli

import (
	"context"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"seatdeck/licensing"
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
			return a.readView(cmd, &c, func(d *licensing.Desk, v *licensing.View) error {
				return a.usersExport(cmd.Context(), d, v, &c, file, force)
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

func (a *app) usersExport(ctx context.Context, d *licensing.Desk, v *licensing.View, c *userChoice, file string, force bool) error {
	r, err := d.Roster(ctx)
	if err != nil {
		return noRoster(err)
	}
	if !r.Complete() {
		return partialRoster("nothing was written", r)
	}
	idx, matched, err := c.pick(ctx, v, r)
	if err != nil {
		return err
	}
	s := userSheet(v, r, idx, c.cols)
	err = writeFile(file, force, func(w io.Writer) error {
		switch a.form() {
		case asJSON:
			return writeUsersJSON(w, usersHeadOf(v, r, c, matched), s)
		case asJSONL:
			return writeJSONL(w, s)
		}
		return writeCSV(w, s)
	})
	if err != nil {
		return err
	}
	a.say("%s written to %s · %s", words.Accounts(len(idx)), model.CleanN(file, 200), rosterAge(v, r, a.d.Zone))
	return nil
}
