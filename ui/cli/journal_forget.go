package cli

import (
	"context"

	"github.com/spf13/cobra"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/words"
)

// forgetDoc is "seatdeck.journal-forget".
type forgetDoc struct {
	head
	Instance string            `json:"instance"`
	Before   model.Day         `json:"before"`
	Old      *model.OldRecords `json:"old"`       // null: nothing is old enough
	Done     bool              `json:"forgotten"` // false for a dry run too
}

func (a *app) journalForgetVerb() *cobra.Command {
	var before string
	var yes, dry bool
	cmd := &cobra.Command{
		Use: "forget --before DATE", Short: "Give up the oldest records of an instance, for good",
		Long: "Give up the records of an instance from before a date, in UTC, for good. Nothing does that by itself.\n\n" +
			"Records lie in files of 4 MiB, and only a whole file goes: one that holds anything younger stays, and\n" +
			"so do the newest file and whatever is still to be settled. What went is noted in the record, with\n" +
			"the hash that it ended on, so that journal verify still proves the rest.",
		Example:     "seatdeck journal forget --before 2020-01-01 --dry-run\nseatdeck journal forget -i prod --before 2020-01-01 --yes",
		Args:        takes(0, 0, ""),
		Annotations: prints(asTable, asPlain, asJSON),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if before == "" {
				return usage("such as --before 2020-01-01", "--before is missing: the first day to keep")
			}
			day, err := model.ParseDay(before)
			if err != nil || day.Time().After(a.d.Clock.Now()) {
				return usage("such as --before 2020-01-01", "--before needs a day that is past, not %q", model.CleanN(before, 40))
			}
			return a.journalForget(cmd.Context(), day, yes, dry)
		},
	}
	cmd.Flags().StringVar(&before, "before", "", "the first day to keep, such as 2020-01-01")
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "show what would go, and change nothing")
	return cmd
}

func (a *app) journalForget(ctx context.Context, day model.Day, yes, dry bool) error {
	return a.withOpen(ctx, func(d *licensing.Desk) error {
		info := d.Info()
		r, err := a.d.VerifyJournal(ctx, info.Name)
		if err != nil {
			return err
		}
		if !r.Harmless {
			return model.Fail(model.ClassRefused, "forget old records", "the record is "+r.Verdict+", and what shows it may be among them", "see seatdeck journal verify")
		}
		old, err := d.OldRecords(ctx, day.Time())
		if err != nil {
			return err
		}
		doc := forgetDoc{headOf("journal-forget"), info.Name, day, nil, old.Files > 0 && !dry}
		if doc.Done && !yes {
			err = a.confirm(ctx, "Forget "+oldWords(old)+" of "+info.Name+" ("+info.Host+") for good?")
		}
		if doc.Done && err == nil {
			old, err = d.ForgetRecords(ctx, day.Time())
		}
		if err != nil {
			return err
		}
		if old.Files > 0 {
			doc.Old = &old
		}
		return a.print(document{body: doc, blocks: []block{forgetBlock(doc)}})
	})
}

func oldWords(old model.OldRecords) string {
	return words.Plural(old.Records, "record", "records") + " from " + model.DayOf(old.From).String() + " to " + model.DayOf(old.To).String()
}

func forgetBlock(doc forgetDoc) block {
	b := block{title: "Journal of " + doc.Instance}
	if doc.Old == nil {
		b.tail = []string{"no file of records is older than " + doc.Before.String() + " as a whole; the newest always stays"}
		return b
	}
	what := "would go"
	if doc.Done {
		what = "forgotten"
	}
	b.rows = [][]string{{what, oldWords(*doc.Old), words.Plural(doc.Old.Files, "file", "files")}}
	return b
}
