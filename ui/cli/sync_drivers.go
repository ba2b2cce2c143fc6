package cli

import (
	"time"

	"github.com/spf13/cobra"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/words"
)

// driversDoc is "seatdeck.sync-drivers".
type driversDoc struct {
	head
	Instance instanceJSON `json:"instance"`
	Drivers  []driverJSON `json:"drivers"`
}

type driverJSON struct {
	model.DriverState
	Does   string `json:"does"`
	Claims string `json:"can_claim"`
}

func (a *app) syncDriversVerb() *cobra.Command {
	return &cobra.Command{
		Use: "drivers", Short: "The ways to have the instance sync: which are usable here, and why not",
		Example:     "seatdeck sync drivers\nseatdeck sync drivers -o json",
		Args:        takes(0, 0, ""),
		Annotations: prints(asTable, asPlain, asJSON),
		RunE: func(cmd *cobra.Command, _ []string) error {
			shown := need{about: model.PartLicense, beside: []model.PartName{model.PartSettings}}
			return a.read(cmd.Context(), shown, func(desk *licensing.Desk, _ *licensing.View) error { return a.printDrivers(desk) })
		},
	}
}

func (a *app) printDrivers(desk *licensing.Desk) error {
	doc := driversDoc{headOf("sync-drivers"), instanceOf(desk.View()), nil}
	var blocks []block
	for _, s := range desk.SyncDrivers() {
		doc.Drivers = append(doc.Drivers, driverJSON{s, s.Driver.Does(), s.Driver.Claims()})
		b := block{title: words.Capital(string(s.Driver)), rows: [][]string{
			{"does", s.Driver.Does()},
			{"can claim", s.Driver.Claims()},
			{"usable", words.YesNo(model.Some(s.Usable))},
		}}
		if s.Chosen {
			b.note = "configured"
		}
		if s.Refuse != nil {
			b.rows = append(b.rows, []string{"why not", s.Refuse.Msg.String()})
			if !s.Refuse.Next.Empty() {
				b.rows = append(b.rows, []string{"what helps", s.Refuse.Next.String()})
			}
		}
		if page, ok := desk.SyncPage(s.Driver); ok {
			b.rows = append(b.rows, []string{"page", page})
		}
		blocks = append(blocks, b)
	}
	return a.print(document{body: doc, blocks: blocks})
}

// watchDoc is "seatdeck.sync-watch": one sync that was seen.
type watchDoc struct {
	head
	Instance instanceJSON `json:"instance"`
	LastSync time.Time    `json:"last_sync"`
	SeenAt   time.Time    `json:"seen_at"`
}

func (a *app) syncWatchVerb() *cobra.Command {
	var limit time.Duration
	cmd := &cobra.Command{
		Use: "watch", Short: "Watch for syncs, whoever sets them off, and keep each in the record",
		Long: `Looks at the time of the last sync again and again, keeps every sync that is seen, and prints a
line for each. It sends nothing that changes anything. It ends with a signal, or with --for.`,
		Example:     "seatdeck sync watch\nseatdeck sync watch --for 1h -o jsonl",
		Args:        takes(0, 0, ""),
		Annotations: prints(asTable, asJSONL),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if a.offline {
				return usage("leave out --offline", "nothing can be watched offline")
			}
			return a.withDesk(cmd.Context(), func(desk *licensing.Desk) error { return a.watch(cmd, desk, limit) })
		},
	}
	cmd.Flags().DurationVar(&limit, "for", 0, "end after this time; 0 goes on until a signal")
	return cmd
}

// watch reads once, so that there is something to compare with, and then prints
// a line for every sync that is seen.
func (a *app) watch(cmd *cobra.Command, desk *licensing.Desk, limit time.Duration) error {
	ctx := cmd.Context()
	v, err := desk.Refresh(ctx, licensing.RefreshOptions{NoRoster: true}, nil)
	if err != nil {
		return err
	}
	if err := principal(v.Facts.License, "the licence"); err != nil {
		return err
	}
	a.say("watching %s; the last sync was %s", v.Info.Host, words.EventOpt(v.Facts.License.Value.LastSync, v.Now, a.d.Zone))
	began := a.d.Clock.Now()
	for {
		patience := time.Hour
		if limit > 0 {
			patience = min(patience, limit-a.d.Clock.Now().Sub(began))
		}
		if patience <= 0 {
			return nil
		}
		moved, err := desk.WatchSync(ctx, patience, nil)
		if e := model.AsError("", err); e != nil && e.Class != model.ClassUnreachable {
			return e
		}
		if moved {
			if err := a.seen(desk.View()); err != nil {
				return err
			}
		}
	}
}

func (a *app) seen(v *licensing.View) error {
	last, _ := v.Facts.License.Value.LastSync.Get()
	if a.form() == asJSONL {
		if err := writeJSON(a.out, watchDoc{headOf("sync-watch"), instanceOf(v), last.UTC(), v.Now.UTC()}, false); err != nil {
			return err
		}
	} else if _, err := a.human().Write([]byte("sync seen  " + words.Stamp(last, a.d.Zone) + "\n")); err != nil {
		return err
	}
	return a.out.Flush()
}
