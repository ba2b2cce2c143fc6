package cli

import (
	"github.com/spf13/cobra"

	"seatdeck/model"
)

// configInitDoc is "seatdeck.config-init".
type configInitDoc struct {
	head
	File model.Text `json:"file"`
}

func (a *app) configInitVerb() *cobra.Command {
	return &cobra.Command{
		Use: "init", Short: "Write a configuration to fill in; an existing one is left alone",
		Example:     "seatdeck config init\n$EDITOR \"$(seatdeck config init -o plain -q)\"",
		Args:        takes(0, 0, ""),
		Annotations: prints(asTable, asPlain, asJSON),
		RunE: func(*cobra.Command, []string) error {
			path, err := a.d.InitConfig()
			if err != nil {
				return err
			}
			a.say("written; fill in the address and the way to the token, then: seatdeck instances test")
			file := model.CleanN(path, 400)
			return a.print(document{body: configInitDoc{headOf("config-init"), file}, blocks: []block{{rows: [][]string{{file.String()}}}}})
		},
	}
}
