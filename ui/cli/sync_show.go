package cli

import (
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/words"
)

// syncDoc is "seatdeck.sync".
type syncDoc struct {
	head
	Instance instanceJSON `json:"instance"`
	Record   model.Record `json:"record"`
	Source   model.Source `json:"source"`
}

func (a *app) syncShowVerb() *cobra.Command {
	return &cobra.Command{
		Use: "show SEQ|latest", Short: "One row of the sync history with everything that is known of it",
		Example:     "seatdeck sync show latest\nseatdeck sync show 42 -o json",
		Args:        takes(1, 1, "a number from sync history, or latest"),
		Annotations: prints(asTable, asPlain, asJSON),
		RunE: func(cmd *cobra.Command, args []string) error {
			seq, err := strconv.ParseUint(args[0], 10, 64)
			if args[0] != "latest" && (err != nil || seq == 0) {
				return usage("such as seatdeck sync show latest", "%q is no number of a row", model.CleanN(args[0], 40))
			}
			return a.read(cmd.Context(), needFacts, func(_ *licensing.Desk, v licensing.View) error {
				return a.syncShow(v, seq)
			})
		},
	}
}

// syncShow prints the row with the journal's number; 0 is the newest.
func (a *app) syncShow(v licensing.View, seq uint64) error {
	for _, r := range v.History.Records {
		if seq == 0 || r.Seq == seq {
			return a.print(document{
				body:   syncDoc{headOf("sync"), instanceOf(v), r, model.SourceJournal},
				blocks: []block{a.recordBlock(r)},
			})
		}
	}
	if seq == 0 {
		return model.Fail(model.ClassFailed, "", "no sync was seen yet", "every reading looks for one")
	}
	return usage("see seatdeck sync history", "the sync history has no row %d", seq)
}

func (a *app) recordBlock(r model.Record) block {
	b := block{title: words.Capital(string(r.Kind)), note: string(model.SourceJournal), rows: [][]string{
		{"when", words.Stamp(r.At, a.d.Zone)},
		{"outcome", words.Outcome(outcomeOf(r)).String(), words.Record(r)},
	}}
	if until, ok := r.Until.Get(); ok {
		b.rows = append(b.rows, []string{"until", words.Stamp(until, a.d.Zone)})
	}
	if r.Kind == model.RecordChapter {
		b.rows = append(b.rows, []string{"instance id", text(r.Instance)})
	}
	if r.Kind == model.RecordSync {
		b.rows = append(b.rows, [][]string{
			{"set off by", triggerWord(r)},
			{"first seen", words.Stamp(r.Seen, a.d.Zone), "watched since " + words.Stamp(r.Since.Or(time.Time{}), a.d.Zone)},
			{"seen by", seenBy(r.Who)},
			{"billable users", words.Count(r.Billable)}, {"maximum users", words.Count(r.Maximum)},
			{"plan", r.Terms.Plan.Title()}, {"term", words.Term(r.Terms.Starts, r.Terms.Ends)},
			{"seats in subscription", words.Count(r.Terms.Seats)}, {"licence number", text(r.Terms.Number)},
		}...)
	}
	for _, c := range r.Changes {
		b.rows = append(b.rows, []string{"changed: " + c.Field, words.Change(c.Before, c.After)})
	}
	return b
}

func seenBy(w model.Who) string {
	if w.User == "" {
		return "uid " + strconv.Itoa(w.UID)
	}
	return model.Clean(w.User).String()
}
