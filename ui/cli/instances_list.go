package cli

import (
	"github.com/spf13/cobra"

	"seatdeck/licensing"
	"seatdeck/model"
)

// instancesDoc is "seatdeck.instances".
type instancesDoc struct {
	head
	Instances []object `json:"instances"`
}

func (a *app) instancesListVerb() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "The configured instances, the default one first",
		Example:     "seatdeck instances list\nseatdeck instances list -o json",
		Args:        takes(0, 0, ""),
		Annotations: prints(asTable, asPlain, asJSON, asJSONL, asCSV),
		RunE: func(cmd *cobra.Command, _ []string) error {
			set, err := a.d.Instances(cmd.Context())
			if err != nil {
				return err
			}
			s := instanceSheet(set.List())
			return a.print(document{body: instancesDoc{headOf("instances"), s.objects()}, sheet: &s})
		},
	}
}

func instanceSheet(list []licensing.InstanceInfo) sheet {
	return sheet{
		cols: []column{
			{"name", "name", false}, {"url", "address", false}, {"mode", "mode", false}, {"default", "default", false},
			{"sync_driver", "sync driver", false}, {"sandbox", "made up", false}, {"plain_http", "plain http", false},
		},
		n: len(list),
		row: func(i int) []any {
			in := list[i]
			return []any{in.Name, model.Clean(in.URL), string(in.Mode), model.Some(i == 0), orUnknown(in.Driver), model.Some(in.Sandbox), model.Some(in.PlainHTTP)}
		},
	}
}
