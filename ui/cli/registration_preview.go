package cli

import (
	"github.com/spf13/cobra"

	"seatdeck/licensing"
	"seatdeck/model"
)

// previewDoc is "seatdeck.registration-preview".
type previewDoc struct {
	head
	Instance    instanceJSON       `json:"instance"`
	Disclosures []model.Disclosure `json:"what_goes_out"`
	Receipts    []model.Receipt    `json:"receipts"`
}

func (a *app) registrationPreviewVerb() *cobra.Command {
	return &cobra.Command{
		Use: "preview", Short: "What the instance would share with the vendor, value by value; sends nothing",
		Long: `Lays open what the instance sends to the vendor as things stand: the body of the daily sync, and
the cached Service Ping payload with its size, age, categories and all that names somebody in it.
The licence key and the licensee are named, never shown. Nothing is sent.

A receipt is the SHA-256 of a title, its notes and its rows in lines of tabs. Opting in keeps the
receipts of what was shown in the journal.`,
		Example:     "seatdeck registration preview\nseatdeck registration preview -o json",
		Args:        takes(0, 0, ""),
		Annotations: prints(asTable, asPlain, asJSON),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.read(cmd.Context(), needFacts, func(_ *licensing.Desk, v licensing.View) error {
				shown := model.DisclosuresOf(v.Facts, v.Now)
				doc := previewDoc{head: headOf("registration-preview"), Instance: instanceOf(v), Disclosures: shown, Receipts: []model.Receipt{}}
				for _, d := range shown {
					doc.Receipts = append(doc.Receipts, d.Receipt())
				}
				return a.print(document{body: doc, blocks: a.disclosureBlocks(shown)})
			})
		},
	}
}

// disclosureBlocks are what goes out, for people.
func (a *app) disclosureBlocks(shown []model.Disclosure) []block {
	var out []block
	for _, d := range shown {
		out = append(out, a.disclosureBlock(d))
	}
	return out
}
