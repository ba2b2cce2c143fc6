package cli

import (
	"runtime"

	"github.com/spf13/cobra"
)

// versionJSON is "seatdeck.version".
type versionJSON struct {
	head
	Release string `json:"release"`
	Go      string `json:"go"`
	System  string `json:"system"`
}

func (a *app) versionVerb() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "The version of this program",
		Example:     "seatdeck version\nseatdeck version -o json",
		Args:        takes(0, 0, ""),
		Annotations: prints(asTable, asPlain, asJSON),
		RunE: func(*cobra.Command, []string) error {
			doc := versionJSON{headOf("version"), a.d.Version, runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH}
			return a.print(document{body: doc, blocks: []block{{rows: [][]string{
				{"seatdeck", doc.Release}, {"go", doc.Go}, {"system", doc.System},
			}}}})
		},
	}
}
