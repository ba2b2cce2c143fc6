package cli

import (
	"context"

	"seatdeck/model"
)

// start is seatdeck without a verb: the console where somebody sits at a
// terminal, the status everywhere else and where a form of output was named.
func (a *app) start(ctx context.Context) error {
	term, _ := a.d.Lookup("TERM")
	if !a.d.InTTY || !a.d.OutTTY || term == "dumb" || a.output != "" {
		return a.status(ctx)
	}
	if a.accessible {
		return a.menu(ctx)
	}
	if a.instance != "" {
		if _, _, err := a.choose(ctx, a.instance); err != nil {
			return err
		}
	}
	if err := a.out.Flush(); err != nil {
		return err
	}
	err := a.d.Console(ctx, ConsoleOptions{
		Instance: a.instance, Offline: a.offline, Theme: a.theme, ASCII: a.ascii, NoColour: a.noColour,
	})
	if err != nil {
		return model.AsError("console", err)
	}
	return nil
}
