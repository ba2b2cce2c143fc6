package cli

import (
	"github.com/spf13/cobra"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/words"
)

// featuresDoc is "seatdeck.registration-features".
type featuresDoc struct {
	head
	Instance  instanceJSON          `json:"instance"`
	State     aged                  `json:"registration"`
	Catalogue model.Day             `json:"catalogue_as_of"`
	Features  []model.FeatureStatus `json:"features"`
}

func (a *app) registrationFeaturesVerb() *cobra.Command {
	var missing bool
	cmd := &cobra.Command{
		Use: "features", Short: "The registration features, and what makes each work or what it lacks",
		Example:     "seatdeck registration features\nseatdeck registration features --missing\nseatdeck registration features -o csv",
		Args:        takes(0, 0, ""),
		Annotations: prints(asTable, asPlain, asJSON, asJSONL, asCSV),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.read(cmd.Context(), need{beside: []model.PartName{model.PartSettings, model.PartLicense}}, func(_ *licensing.Desk, v *licensing.View) error {
				return a.features(v, missing)
			})
		},
	}
	cmd.Flags().BoolVar(&missing, "missing", false, "only those that do not work here")
	return cmd
}

func (a *app) features(v *licensing.View, missing bool) error {
	list := []model.FeatureStatus{}
	for _, f := range v.Registration.Features {
		if !missing || !f.Works().Or(false) {
			list = append(list, f)
		}
	}
	// The settings decide about the rest of the features only where the licence
	// has not decided already; their age is the age of the answer.
	at := v.Facts.Settings.AsOf
	s := sheet{
		cols: []column{
			{"name", "feature", false}, {"state", "works through", false}, {"missing", "lacks", false},
			{"plan", "plan", false}, {"since", "since", false}, {"as_of", "read", false}, {"source", "source", false},
		},
		n: len(list),
		row: func(i int) []any {
			f := list[i]
			return []any{f.Name, words.Feature(f.State).Word, f.Missing, f.Tier.Title(), f.Since.String(), at.At, string(at.Source)}
		},
		item: func(i int) any { return agedAt(list[i], at) },
	}
	doc := featuresDoc{headOf("registration-features"), instanceOf(v), agedAt(v.Registration.State, at), v.Registration.CatalogueAsOf, list}
	return a.print(document{body: doc, blocks: a.featureBlocks(v, list), sheet: &s})
}

func (a *app) featureBlocks(v *licensing.View, list []model.FeatureStatus) []block {
	b := block{
		title: "Registration features", note: "settings " + words.Part(v.Facts.Settings, v.Now, a.d.Zone).Text + ", list of " + v.Registration.CatalogueAsOf.String(),
		head: []string{"feature", "works through", "plan", "since", "lacks"},
	}
	for _, f := range list {
		b.rows = append(b.rows, []string{f.Name, words.Feature(f.State).String(), f.Tier.Title(), f.Since.String(), f.Missing})
	}
	if len(list) == 0 {
		b.head, b.tail = nil, []string{"none"}
	}
	return []block{b}
}
