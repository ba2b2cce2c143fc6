package cli

import (
	"github.com/spf13/cobra"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/words"
)

// registrationDoc is "seatdeck.registration".
type registrationDoc struct {
	head
	Instance     instanceJSON    `json:"instance"`
	Registration aged            `json:"registration"`
	Outflows     []model.Outflow `json:"what_leaves"`
}

func (a *app) registrationShowVerb() *cobra.Command {
	return &cobra.Command{
		Use: "show", Short: "Whether the instance is opted in, what decides that, and what leaves it",
		Example:     "seatdeck registration show\nseatdeck registration show -o json",
		Args:        takes(0, 0, ""),
		Annotations: prints(asTable, asPlain, asJSON),
		RunE: func(cmd *cobra.Command, _ []string) error {
			shown := need{about: model.PartSettings, beside: []model.PartName{model.PartLicense, model.PartPing}}
			return a.read(cmd.Context(), shown, func(_ *licensing.Desk, v *licensing.View) error {
				if err := principal(v.Facts.Settings, "the settings"); err != nil {
					return err
				}
				doc := registrationDoc{headOf("registration"), instanceOf(v), registrationOf(v), model.OutflowsOf(&v.Facts, v.Now)}
				return a.print(document{body: doc, blocks: a.registrationBlocks(v)})
			})
		},
	}
}

func registrationOf(v *licensing.View) aged {
	return agedOf(v.Facts.Settings, func(model.Settings) any { return v.Registration })
}

func (a *app) registrationBlocks(v *licensing.View) []block {
	r := v.Registration
	state := a.registrationBlock(v)
	pinned := words.OnOff(r.Pinned).String()
	if r.Pinned.Known() {
		pinned = words.YesNo(r.Pinned)
	}
	state.rows = append(state.rows, []string{"pinned in gitlab.rb", pinned, pinsNote(v, a.d.Zone)})
	if r.Advice != "" {
		state.tail = []string{r.Advice}
	}
	features := block{title: "Features", note: "list of " + r.CatalogueAsOf.String(), rows: [][]string{
		{"through the licence", words.Int(r.Licensed)},
		{"through registration", words.Int(r.Registered)},
		{"locked", words.Int(r.Locked)},
		{"not in this version", words.Int(r.TooNew)},
	}}
	if r.Unknown > 0 {
		features.rows = append(features.rows, []string{"cannot be told", words.Int(r.Unknown)})
	}
	leaves := block{title: "What leaves this server"}
	for _, o := range model.OutflowsOf(&v.Facts, v.Now) {
		next := o.Note
		if at, ok := o.Next.Get(); ok {
			next = "next " + words.Coming(at, v.Now, a.d.Zone)
		}
		leaves.rows = append(leaves.rows, []string{o.Name, words.OnOff(o.On).String(), o.Every, o.What, next})
	}
	return []block{state, features, leaves}
}
