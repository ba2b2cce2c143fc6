package cli

import (
	"github.com/spf13/cobra"

	"seatdeck/licensing"
	"seatdeck/model"
)

// unitsDoc is "seatdeck.sync-units".
type unitsDoc struct {
	head
	Instance string           `json:"instance"`
	Units    []licensing.Unit `json:"units"`
}

func (a *app) syncTimerVerb() *cobra.Command {
	printing := &cobra.Command{
		Use: "print", Short: "Print a systemd service and timer, and a line for cron; install nothing",
		Long: `Prints what lets this machine look after the daily sync: a hardened systemd service, its timer with
a random delay, and the same as a line for cron. The token comes by LoadCredential. Nothing is
installed or changed.`,
		Example:     "seatdeck sync timer print\nseatdeck sync timer print --instance prod -o json",
		Args:        takes(0, 0, ""),
		Annotations: prints(asTable, asJSON),
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, info, err := a.choose(cmd.Context(), a.instance)
			if err != nil {
				return err
			}
			units, err := licensing.Units(a.d.Program, info)
			if err != nil {
				return err
			}
			if a.form() == asJSON {
				return a.print(document{body: unitsDoc{headOf("sync-units"), info.Name, units}, blocks: []block{}})
			}
			if info.Driver == string(model.DriverActivation) {
				a.say("an activation asks for its phrase each time: by a timer nothing is sent, and it fails when the daily sync has not come")
			}
			for i, u := range units {
				text := u.Text
				if i == len(units)-1 {
					text = "# " + u.Path + "\n" + text
				}
				if i > 0 {
					text = "\n" + text
				}
				if _, err := a.out.WriteString(text); err != nil {
					return err
				}
			}
			return nil
		},
	}
	return a.group("timer", "A timer that looks after the daily sync", printing)
}
