package cli

import (
	"github.com/spf13/cobra"

	"seatdeck/model"
	"seatdeck/ui/words"
)

// configDoc is "seatdeck.config".
type configDoc struct {
	head
	File     *string         `json:"file"` // null: there is none
	Settings []model.Setting `json:"settings"`
}

func (a *app) configShowVerb() *cobra.Command {
	return &cobra.Command{
		Use: "show", Short: "Every configured value and where it was set",
		Example:     "seatdeck config show\nseatdeck config show -o json",
		Args:        takes(0, 0, ""),
		Annotations: prints(asTable, asPlain, asJSON, asJSONL, asCSV),
		RunE: func(*cobra.Command, []string) error {
			settings, file, err := a.d.Settings()
			if err != nil {
				return err
			}
			doc := configDoc{head: headOf("config"), Settings: nonNil(settings)}
			note := "no file; seatdeck config init writes one"
			if file != "" {
				doc.File, note = &file, file
			}
			b := block{title: "Configuration", note: note}
			for _, s := range settings {
				b.rows = append(b.rows, []string{s.Key, cleanOr(s.Value), cleanOr(s.Origin)})
			}
			if len(settings) == 0 {
				b.tail = []string{"nothing is configured"}
			}
			s := sheet{
				cols: []column{{"key", "key", false}, {"value", "value", false}, {"origin", "set in", false}},
				n:    len(settings),
				row: func(i int) []any {
					return []any{settings[i].Key, model.CleanN(settings[i].Value, 400), model.CleanN(settings[i].Origin, 400)}
				},
				item: func(i int) any { return settings[i] },
			}
			return a.print(document{body: doc, blocks: []block{b}, sheet: &s})
		},
	}
}

// cleanOr is a text of this machine, made harmless, or the sign for none.
func cleanOr(s string) string {
	if s == "" {
		return words.Unknown
	}
	return model.CleanN(s, 400).String()
}
